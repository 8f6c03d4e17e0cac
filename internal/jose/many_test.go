package jose_test

import (
	"crypto"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"sild/internal/jose"
)

const listType = "list+jwt"

func TestAThresholdCountsKeysNotSignatures(t *testing.T) {
	a, b, c := mustSigner(t, jose.ES256), mustSigner(t, jose.ES256), mustSigner(t, jose.EdDSA)
	stranger := mustSigner(t, jose.ES256)
	keys := []jose.Key{
		mustKey(t, "a", a.Public()), mustKey(t, "b", b.Public()), mustKey(t, "c", c.Public()),
		mustKey(t, "a-again", a.Public()),
	}
	one := func(kid string, s crypto.Signer) jose.Signer { return jose.Signer{KID: kid, Key: s} }
	cases := []struct {
		name      string
		signers   []jose.Signer
		threshold int
		want      jose.Reason
	}{
		{"two of three", []jose.Signer{one("a", a), one("c", c)}, 2, ""},
		{"all three", []jose.Signer{one("a", a), one("b", b), one("c", c)}, 3, ""},
		{"one where two are needed", []jose.Signer{one("a", a)}, 2, jose.ReasonThreshold},
		{"same key signs twice", []jose.Signer{one("a", a), one("a", a)}, 2, jose.ReasonThreshold},
		{"one key under two kids", []jose.Signer{one("a", a), one("a-again", a)}, 2, jose.ReasonThreshold},
		{"a stranger does not count", []jose.Signer{one("a", a), one("x", stranger)}, 2, jose.ReasonThreshold},
		{"a stranger does not hinder", []jose.Signer{one("x", stranger), one("a", a), one("b", b)}, 2, ""},
		{"a stranger under a known kid", []jose.Signer{one("a", a), one("b", b), one("c", stranger)}, 2, jose.ReasonAlgorithm},
		{"another key under a known kid", []jose.Signer{one("a", a), one("c", c), one("b", stranger)}, 2, jose.ReasonSignature},
		{"threshold of zero", []jose.Signer{one("a", a)}, 0, jose.ReasonThreshold},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			raw, err := jose.SignMany([]byte(`{"n":1}`), listType, c.signers...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := jose.VerifyMany(raw, listType, keys, c.threshold)
			if reasonOf(err) != c.want || (err == nil) != (c.want == "") {
				t.Fatalf("want %q, got %v", c.want, err)
			}
			if err == nil && (string(got.Payload) != `{"n":1}` || len(got.Signers) < c.threshold) {
				t.Fatalf("got %+v", got)
			}
		})
	}
}

func TestASignedDocumentReadsInAnIndependentReader(t *testing.T) {
	a, b := mustSigner(t, jose.ES384), mustSigner(t, jose.EdDSA)
	raw, err := jose.SignMany([]byte(`{"n":1}`), listType, jose.Signer{Key: a}, jose.Signer{Key: b})
	if err != nil {
		t.Fatal(err)
	}
	for alg, s := range map[jwa.SignatureAlgorithm]crypto.Signer{jwa.ES384: a, jwa.EdDSA: b} {
		if _, err := jws.Verify(raw, jws.WithKey(alg, s.Public())); err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
	}
}

func TestADocumentInAnyOtherShapeIsRefused(t *testing.T) {
	a := mustSigner(t, jose.ES256)
	keys := []jose.Key{mustKey(t, "a", a.Public())}
	raw, err := jose.SignMany([]byte(`{"n":1}`), listType, jose.Signer{KID: "a", Key: a})
	if err != nil {
		t.Fatal(err)
	}
	good := string(raw)
	compact, err := jose.Sign(a, "a", listType, []byte(`{"n":1}`))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		"compact form":       string(compact),
		"unprotected header": strings.Replace(good, `{"protected"`, `{"header":{"kid":"a"},"protected"`, 1),
		"second payload":     strings.Replace(good, `{"payload"`, `{"payload":"e30","payload"`, 1),
		"payload by case":    strings.Replace(good, `{"payload"`, `{"Payload":"e30","payload"`, 1),
		"trailing text":      good + "x",
		"byte order mark":    "\ufeff" + good,
		"no signatures":      `{"payload":"e30","signatures":[]}`,
		"flattened":          `{"payload":"e30","protected":"e30","signature":""}`,
		"too large":          good + strings.Repeat(" ", jose.MaxMany),
		"changed payload":    strings.Replace(good, `"payload":"`, `"payload":"e30`, 1),
		"bad encoding under an unknown kid": strings.Replace(good, `"signatures":[`,
			`"signatures":[{"protected":"`+b64(`{"alg":"ES256","kid":"z","typ":"list+jwt"}`)+`","signature":"%%"},`, 1),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := jose.VerifyMany([]byte(text), listType, keys, 1); reasonOf(err) == "" {
				t.Fatalf("accepted or untyped error: %v", err)
			}
		})
	}
	crowd := `{"payload":"e30","signatures":[` + strings.Repeat(`{"protected":"","signature":""},`, 16) + `{"protected":"","signature":""}]}`
	if _, err := jose.VerifyMany([]byte(crowd), listType, keys, 1); reasonOf(err) != jose.ReasonSize {
		t.Fatalf("17 signatures: got %v", err)
	}
	if _, err := jose.VerifyMany([]byte(good), purpose, keys, 1); reasonOf(err) != jose.ReasonType {
		t.Fatalf("another purpose: got %v", err)
	}
}

func TestADocumentNeedsASigner(t *testing.T) {
	if _, err := jose.SignMany([]byte(`{}`), listType); reasonOf(err) != jose.ReasonThreshold {
		t.Fatalf("got %v", err)
	}
	if _, err := jose.SignMany([]byte(`{}`), listType, jose.Signer{KID: "a"}); reasonOf(err) != jose.ReasonKey {
		t.Fatalf("got %v", err)
	}
}
