package jose_test

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"sild/internal/jose"
)

var claims = []byte(`{"iss":"EE","aud":"FI","sub":"2.16.840.1#12345","verb":"Prescriptions","iat":1795305600,"exp":1795305900,"jti":"0190b6f0-6d1c-7c3e-9a55-1f1d2c3b4a59","cnf":{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"},"role":"pharmacist","purpose":"TREAT"}`)

// BenchmarkVerifyES256 stands beside the bare signature check and the generic
// path of the library, so that a ratio can be read from one run.
func BenchmarkVerifyES256(b *testing.B) {
	signer := mustSigner(b, jose.ES256)
	key := mustKey(b, "k", signer.Public())
	token, err := jose.Sign(signer, "k", purpose, claims)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("jose", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jose.Verify(token, purpose, []jose.Key{key}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library generic path", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := jws.Verify(token, jws.WithKey(jwa.ES256, key.Public)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare ecdsa", func(b *testing.B) {
		b.ReportAllocs()
		sum := sha256.Sum256(claims)
		sig, err := ecdsa.SignASN1(nil, signer.(*ecdsa.PrivateKey), sum[:])
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			sum := sha256.Sum256(token)
			_ = ecdsa.VerifyASN1(key.Public.(*ecdsa.PublicKey), sum[:], sig)
		}
	})
	b.Run("refused header", func(b *testing.B) {
		b.ReportAllocs()
		bad := forge(b, signer, `{"alg":"HS256","kid":"k","typ":"call+jwt"}`, string(claims))
		for b.Loop() {
			if _, err := jose.Verify(bad, purpose, []jose.Key{key}); err == nil {
				b.Fatal("accepted")
			}
		}
	})
}

func BenchmarkSignES256(b *testing.B) {
	signer := mustSigner(b, jose.ES256)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jose.Sign(signer, "k", purpose, claims); err != nil {
			b.Fatal(err)
		}
	}
}
