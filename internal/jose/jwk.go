package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

// publicJWK lists every member that a listed key may have. Private members and
// symmetric keys have no field, so strict decoding refuses them.
type publicJWK struct {
	KTY    string   `json:"kty"`
	CRV    string   `json:"crv,omitzero"`
	X      string   `json:"x,omitzero"`
	Y      string   `json:"y,omitzero"`
	N      string   `json:"n,omitzero"`
	E      string   `json:"e,omitzero"`
	KID    string   `json:"kid,omitzero"`
	Alg    string   `json:"alg,omitzero"`
	Use    string   `json:"use,omitzero"`
	KeyOps []string `json:"key_ops,omitzero"`
}

// ParseJWK reads one public key (RFC 7517). Private and symmetric keys, unknown
// or duplicate members, an algorithm or use other than the key's own and
// non-canonical numbers are refused. A missing kid becomes the thumbprint.
func ParseJWK(raw []byte) (Key, error) {
	var stated publicJWK
	if err := decodeLimited(raw, maxHeader, &stated); err != nil {
		return Key{}, err
	}
	parsed, err := jwk.ParseKey(raw)
	if err != nil {
		return Key{}, refuse(ReasonKey)
	}
	public, err := rawPublic(parsed)
	if err != nil {
		return Key{}, err
	}
	key, err := NewKey(stated.KID, public)
	if err != nil {
		return Key{}, err
	}
	if !stated.describes(key) {
		return Key{}, refuse(ReasonKey)
	}
	return key, nil
}

// MarshalJWK writes a key with its kid, algorithm and use, members in a fixed order.
func MarshalJWK(key Key) ([]byte, error) {
	bound, err := NewKey(key.KID, key.Public)
	if err != nil {
		return nil, err
	}
	if key.Alg != "" && key.Alg != bound.Alg {
		return nil, refuse(ReasonAlgorithm)
	}
	out := numbersOf(bound.Public)
	out.KID, out.Alg, out.Use = bound.KID, bound.Alg, "sig"
	return Encode(out)
}

// MarshalJSON writes the key as MarshalJWK does, so that a list can hold keys.
func (k Key) MarshalJSON() ([]byte, error) { return MarshalJWK(k) }

// UnmarshalJSON reads the key as ParseJWK does, with the same refusals.
func (k *Key) UnmarshalJSON(raw []byte) error {
	key, err := ParseJWK(raw)
	if err == nil {
		*k = key
	}
	return err
}

// describes compares what the text said with what the parsed key says of
// itself; a second spelling of the same number is not the same key text.
func (j publicJWK) describes(key Key) bool {
	want := numbersOf(key.Public)
	if j.KTY != want.KTY || j.CRV != want.CRV || j.X != want.X || j.Y != want.Y || j.N != want.N || j.E != want.E {
		return false
	}
	if j.Alg != "" && j.Alg != key.Alg || j.Use != "" && j.Use != "sig" {
		return false
	}
	return j.KeyOps == nil || slices.Equal(j.KeyOps, []string{"verify"})
}

func numbersOf(public crypto.PublicKey) publicJWK {
	enc := base64.RawURLEncoding.EncodeToString
	switch key := public.(type) {
	case *ecdsa.PublicKey:
		point, err := key.Bytes() // 0x04, then both coordinates in full width
		if err != nil {
			return publicJWK{}
		}
		half := len(point) / 2
		return publicJWK{KTY: "EC", CRV: key.Curve.Params().Name, X: enc(point[1 : 1+half]), Y: enc(point[1+half:])}
	case ed25519.PublicKey:
		return publicJWK{KTY: "OKP", CRV: "Ed25519", X: enc(key)}
	case *rsa.PublicKey:
		return publicJWK{KTY: "RSA", N: enc(key.N.Bytes()), E: enc(big.NewInt(int64(key.E)).Bytes())}
	}
	return publicJWK{}
}

func rawPublic(parsed jwk.Key) (crypto.PublicKey, error) {
	var raw any
	if err := parsed.Raw(&raw); err != nil {
		return nil, refuse(ReasonKey)
	}
	switch raw.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey, *rsa.PublicKey:
		return raw, nil
	}
	return nil, refuse(ReasonKey)
}
