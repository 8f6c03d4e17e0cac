package jose_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"sild/internal/jose"
)

// fixedSigner is the same key in every fuzzing process, so that a seed stays valid.
func fixedSigner() crypto.Signer {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

// FuzzVerify demands that whatever is accepted is also accepted by the generic
// reader with the same payload, and that every refusal has a reason.
func FuzzVerify(f *testing.F) {
	signer := fixedSigner()
	keys := []jose.Key{mustKey(f, "k", signer.Public())}
	good, err := jose.Sign(signer, "k", purpose, []byte(`{"a":[1,{"b":null}]}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(b64(`{"alg":"none","kid":"k","typ":"call+jwt"}`) + "." + b64(`{}`) + "."))
	f.Add([]byte(b64(`{"alg":"EdDSA","kid":"k","typ":"call+jwt","crit":["b64"],"b64":false}`) + ".{}.AA"))
	f.Add([]byte("..."))
	f.Fuzz(func(t *testing.T, token []byte) {
		got, err := jose.Verify(token, purpose, keys)
		if err != nil {
			if reasonOf(err) == "" || got != nil {
				t.Fatalf("untyped refusal %v or a payload beside it", err)
			}
			return
		}
		payload, err := jws.Verify(token, jws.WithKey(jwa.EdDSA, signer.Public()))
		if err != nil || !bytes.Equal(payload, got.Payload) {
			t.Fatalf("accepted what the generic reader does not: %v", err)
		}
	})
}

// FuzzVerifyMany demands a reason for every refusal and a threshold for every acceptance.
func FuzzVerifyMany(f *testing.F) {
	signer := fixedSigner()
	keys := []jose.Key{mustKey(f, "k", signer.Public())}
	good, err := jose.SignMany([]byte(`{"a":1}`), listType, jose.Signer{KID: "k", Key: signer})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"payload":"e30","signatures":[{"protected":"e30","signature":""}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := jose.VerifyMany(raw, listType, keys, 1)
		if err != nil && reasonOf(err) == "" {
			t.Fatalf("untyped refusal %v", err)
		}
		if err == nil && (len(got.Signers) != 1 || !bytes.Equal(got.Payload, []byte(`{"a":1}`))) {
			t.Fatalf("accepted a payload that was never signed: %+v", got)
		}
	})
}

// FuzzParseJWK demands that an accepted key text writes back to a text that is accepted as the same key.
func FuzzParseJWK(f *testing.F) {
	raw, err := jose.MarshalJWK(mustKey(f, "k", fixedSigner().Public()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		key, err := jose.ParseJWK(raw)
		if err != nil {
			if reasonOf(err) == "" {
				t.Fatalf("untyped refusal %v", err)
			}
			return
		}
		text, err := jose.MarshalJWK(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := jose.ParseJWK(text)
		if err != nil || back.KID != key.KID || back.Alg != key.Alg {
			t.Fatalf("%s reads back as %+v, %v", text, back, err)
		}
	})
}
