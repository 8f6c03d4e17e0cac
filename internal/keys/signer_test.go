package keys

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"
)

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func pkcs8(t *testing.T, kind string, key any) string {
	t.Helper()
	der := must[[]byte](t)(x509.MarshalPKCS8PrivateKey(key))
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestSignersComeBackFromTheirFile(t *testing.T) {
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, signer := range map[string]crypto.Signer{
		"generated": must[crypto.Signer](t)(GenerateSigner()),
		"Ed25519":   edKey,
		"RSA 3072":  must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 3072)),
	} {
		path := filepath.Join(t.TempDir(), "key.pem")
		if err := WriteSigner(path, signer); err != nil {
			t.Fatal(err)
		}
		got, err := LoadSigner(path)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(signer.Public()) {
			t.Errorf("%s: another key came back", name)
		}
	}
}

func TestKeysOfOtherKindsAreRefusedWithTheirName(t *testing.T) {
	p256 := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	p384 := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	short := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	agree := must[*ecdh.PrivateKey](t)(ecdh.X25519().GenerateKey(rand.Reader))
	good := pkcs8(t, pemKey, p256)
	tests := []struct{ name, text, says string }{
		{"ECDSA on P-384", pkcs8(t, pemKey, p384), "P-384"},
		{"RSA of 2048 bits", pkcs8(t, pemKey, short), "2048 bits"},
		{"a key for agreement only", pkcs8(t, pemKey, agree), "ecdh"},
		{"a SEC 1 key", pkcs8(t, "EC PRIVATE KEY", p256), "openssl pkcs8 -topk8"},
		{"an encrypted key", pkcs8(t, "ENCRYPTED PRIVATE KEY", p256), "unencrypted"},
		{"two keys", good + good, "after its key"},
		{"a block that is no key", string(pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: []byte{1}})), "not a PKCS#8 key"},
		{"no PEM", "key", "no PEM block"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadSigner(stored(t, tt.text, 0o600))
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v, want one that says %q", err, tt.says)
			}
		})
	}
	for name, signer := range map[string]crypto.Signer{"P-384": p384, "short RSA": short, "nothing": nil} {
		path := filepath.Join(t.TempDir(), "key.pem")
		if err := WriteSigner(path, signer); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if _, err := LoadSigner(stored(t, good, 0o600)); err != nil {
		t.Errorf("the good key among them: %v", err)
	}
}
