package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// The allow-list of algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1). A
// key's type and curve leave exactly one of them.
const (
	ES256 = "ES256"
	ES384 = "ES384"
	EdDSA = "EdDSA"
	PS256 = "PS256"
)

// RSA moduli in bits. 2048 is what seal certificates of the field still have;
// the upper bound keeps a listed key from costing seconds to check.
const (
	minRSA = 2048
	maxRSA = 8192
)

// Key is a public key that somebody decided to trust, bound to one algorithm.
type Key struct {
	// KID selects the key; it is compared exactly and proves nothing.
	KID string
	// Alg is the only algorithm that signatures of this key may name.
	Alg string
	// Public is an *ecdsa.PublicKey, ed25519.PublicKey or *rsa.PublicKey.
	Public crypto.PublicKey
}

// NewKey binds a public key to its algorithm. An empty kid becomes the key's
// thumbprint. It returns ReasonKey for a key or kid that is not acceptable.
func NewKey(kid string, public crypto.PublicKey) (Key, error) {
	alg, err := algorithmOf(public)
	if err != nil {
		return Key{}, err
	}
	if kid == "" {
		if kid, err = Thumbprint(public); err != nil {
			return Key{}, err
		}
	}
	if !plainKID(kid) {
		return Key{}, refuse(ReasonKey)
	}
	return Key{KID: kid, Alg: alg, Public: public}, nil
}

// Thumbprint returns the SHA-256 thumbprint of a public key in base64url
// (RFC 7638). It depends on the key alone, never on its kid.
func Thumbprint(public crypto.PublicKey) (string, error) {
	if _, err := algorithmOf(public); err != nil {
		return "", err
	}
	key, err := jwk.FromRaw(public)
	if err != nil {
		return "", refuse(ReasonKey)
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", refuse(ReasonKey)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// SPKI returns the SHA-256 digest of the SubjectPublicKeyInfo in base64url: the
// form in which TLS keys are pinned, so that a signing key can be compared with them.
func SPKI(public crypto.PublicKey) (string, error) {
	if _, err := algorithmOf(public); err != nil {
		return "", err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", refuse(ReasonKey)
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// algorithmOf names the one algorithm of a public key and refuses keys that are
// too short, off their curve or of another type.
func algorithmOf(public crypto.PublicKey) (string, error) {
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		return algorithmOfCurve(key)
	case ed25519.PublicKey:
		if len(key) == ed25519.PublicKeySize {
			return EdDSA, nil
		}
	case *rsa.PublicKey:
		if acceptableRSA(key) {
			return PS256, nil
		}
	}
	return "", refuse(ReasonKey)
}

func algorithmOfCurve(key *ecdsa.PublicKey) (string, error) {
	if key == nil || key.Curve == nil {
		return "", refuse(ReasonKey)
	}
	if _, err := key.Bytes(); err != nil { // the point is not on the curve
		return "", refuse(ReasonKey)
	}
	switch key.Curve {
	case elliptic.P256():
		return ES256, nil
	case elliptic.P384():
		return ES384, nil
	}
	return "", refuse(ReasonKey)
}

func acceptableRSA(key *rsa.PublicKey) bool {
	if key == nil || key.N == nil || key.N.Sign() <= 0 {
		return false
	}
	bits := key.N.BitLen()
	return bits >= minRSA && bits <= maxRSA && key.N.Bit(0) == 1 &&
		key.E >= 1<<16+1 && key.E < 1<<31 && key.E&1 == 1
}

// plainKID accepts visible ASCII only, so that two identifiers that look alike are alike.
func plainKID(kid string) bool {
	if kid == "" || len(kid) > maxKID {
		return false
	}
	for i := range len(kid) {
		if kid[i] <= ' ' || kid[i] > '~' || kid[i] == '"' || kid[i] == '\\' {
			return false
		}
	}
	return true
}

func signatureAlgorithm(alg string) (jwa.SignatureAlgorithm, bool) {
	switch alg {
	case ES256:
		return jwa.ES256, true
	case ES384:
		return jwa.ES384, true
	case EdDSA:
		return jwa.EdDSA, true
	case PS256:
		return jwa.PS256, true
	}
	return "", false
}
