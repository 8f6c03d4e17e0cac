package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// minRSA is the least length of an RSA key in bits (SOG-IS agreed mechanisms).
const minRSA = 3072

const pemKey = "PRIVATE KEY"

// GenerateSigner returns a fresh ECDSA P-256 key.
func GenerateSigner() (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return key, nil
}

// LoadSigner reads a private key from a file that holds one PKCS#8 PEM block
// and that only its owner may read (mode 0600 or 0400). It takes ECDSA on
// P-256, Ed25519, and RSA of at least 3072 bits; anything else is refused with
// what was found and how to cure it.
func LoadSigner(path string) (crypto.Signer, error) {
	data, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(data)
	switch {
	case block == nil:
		return nil, fmt.Errorf("keys: %s holds no PEM block", path)
	case block.Type != pemKey:
		return nil, fmt.Errorf("keys: %s holds a PEM block %q, wanted an unencrypted PKCS#8 %q: openssl pkcs8 -topk8 -nocrypt", path, block.Type, pemKey)
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, fmt.Errorf("keys: %s holds something after its key", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("keys: %s is not a PKCS#8 key: %w", path, err)
	}
	signer, err := acceptable(key)
	if err != nil {
		return nil, fmt.Errorf("keys: %s: %w", path, err)
	}
	return signer, nil
}

// WriteSigner writes a key as PKCS#8 PEM to a new file of mode 0600. It
// refuses a path that exists and a key that LoadSigner would refuse.
func WriteSigner(path string, signer crypto.Signer) error {
	if _, err := acceptable(signer); err != nil {
		return fmt.Errorf("keys: %s: %w", path, err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		return fmt.Errorf("keys: %s: %w", path, err)
	}
	return writeNew(path, pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der}), 0o600)
}

// acceptable returns the key as a signer if its kind and length are allowed.
func acceptable(key any) (crypto.Signer, error) {
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		if key.Curve != elliptic.P256() {
			return nil, fmt.Errorf("an ECDSA key on %s is refused, wanted P-256", key.Curve.Params().Name)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	case *rsa.PrivateKey:
		if key.N.BitLen() < minRSA {
			return nil, fmt.Errorf("an RSA key of %d bits is refused, wanted at least %d", key.N.BitLen(), minRSA)
		}
		return key, nil
	case nil:
		return nil, errors.New("there is no key")
	}
	return nil, fmt.Errorf("a key of kind %T is refused, wanted ECDSA P-256, Ed25519 or RSA", key)
}
