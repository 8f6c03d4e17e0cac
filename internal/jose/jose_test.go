package jose_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"

	"sild/internal/jose"
)

const purpose = "call+jwt"

// opaque hides the private key's type, as a hardware token does.
type opaque struct{ inner crypto.Signer }

func (o opaque) Public() crypto.PublicKey { return o.inner.Public() }

func (o opaque) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return o.inner.Sign(r, digest, opts)
}

func mustSigner(t testing.TB, alg string) crypto.Signer {
	t.Helper()
	var signer crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		signer, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.EdDSA:
		_, signer, err = ed25519.GenerateKey(rand.Reader)
	case jose.PS256:
		signer, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func mustKey(t testing.TB, kid string, public crypto.PublicKey) jose.Key {
	t.Helper()
	key, err := jose.NewKey(kid, public)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func reasonOf(err error) jose.Reason {
	var e *jose.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// forge signs any header and payload text with a P-256 key, as an attacker with a good tool would.
func forge(t testing.TB, signer crypto.Signer, header, payload string) []byte {
	t.Helper()
	input := b64(header) + "." + b64(payload)
	s, err := jws.NewSigner(jwa.ES256)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := s.Sign([]byte(input), signer)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(input + "." + b64(string(sig)))
}

func TestEveryAllowedAlgorithmSignsAndVerifies(t *testing.T) {
	payload := []byte(`{"verb":"Prescriptions"}`)
	for _, alg := range []string{jose.ES256, jose.ES384, jose.EdDSA, jose.PS256} {
		for name, wrap := range map[string]func(crypto.Signer) crypto.Signer{
			"software key": func(s crypto.Signer) crypto.Signer { return s },
			"hardware key": func(s crypto.Signer) crypto.Signer { return opaque{s} },
		} {
			t.Run(alg+" "+name, func(t *testing.T) {
				signer := wrap(mustSigner(t, alg))
				token, err := jose.Sign(signer, "seal-1", purpose, payload)
				if err != nil {
					t.Fatal(err)
				}
				got, err := jose.Verify(token, purpose, []jose.Key{mustKey(t, "seal-1", signer.Public())})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Payload, payload) || got.KID != "seal-1" || got.Header != (jose.Header{Alg: alg, KID: "seal-1", Typ: purpose}) {
					t.Fatalf("got %+v", got)
				}
				if _, err := jws.Verify(token, jws.WithKey(jwa.SignatureAlgorithm(alg), signer.Public())); err != nil {
					t.Fatalf("the independent reader refuses what we signed: %v", err)
				}
			})
		}
	}
}

func TestATokenOfAnIndependentSignerIsRead(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	head := jws.NewHeaders()
	for name, value := range map[string]any{"kid": "k", "typ": purpose, "cty": "json"} {
		if err := head.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	token, err := jws.Sign([]byte(`{"a":1}`), jws.WithKey(jwa.ES256, signer, jws.WithProtectedHeaders(head)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jose.Verify(token, purpose, []jose.Key{mustKey(t, "k", signer.Public())}); err != nil {
		t.Fatal(err)
	}
}

func TestAHostileHeaderIsRefusedBeforeAnyKeyIsUsed(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	keys := []jose.Key{mustKey(t, "k", signer.Public())}
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	cases := []struct {
		name, header, payload string
		want                  jose.Reason
	}{
		{"no algorithm at all", `{"kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"algorithm none", `{"alg":"none","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"algorithm None in another case", `{"alg":"NONE","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"symmetric algorithm", `{"alg":"HS256","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"old RSA padding", `{"alg":"RS256","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"secp256k1", `{"alg":"ES256K","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"allowed algorithm of another key type", `{"alg":"PS256","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"ES384 named for a P-256 key", `{"alg":"ES384","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"unknown critical extension", `{"alg":"ES256","kid":"k","typ":"call+jwt","crit":["exp"],"exp":1}`, `{}`, jose.ReasonCritical},
		{"empty critical list", `{"alg":"ES256","kid":"k","typ":"call+jwt","crit":[]}`, `{}`, jose.ReasonCritical},
		{"critical null", `{"alg":"ES256","kid":"k","typ":"call+jwt","crit":null}`, `{}`, jose.ReasonCritical},
		{"unencoded payload", `{"alg":"ES256","kid":"k","typ":"call+jwt","b64":false,"crit":["b64"]}`, `{}`, jose.ReasonCritical},
		{"b64 without crit", `{"alg":"ES256","kid":"k","typ":"call+jwt","b64":false}`, `{}`, jose.ReasonCritical},
		{"compressed payload", `{"alg":"ES256","kid":"k","typ":"call+jwt","zip":"DEF"}`, `{}`, jose.ReasonCritical},
		{"another purpose", `{"alg":"ES256","kid":"k","typ":"receipt+jwt"}`, `{}`, jose.ReasonType},
		{"purpose in another letter case", `{"alg":"ES256","kid":"k","typ":"CALL+jwt"}`, `{}`, jose.ReasonType},
		{"no purpose", `{"alg":"ES256","kid":"k"}`, `{}`, jose.ReasonType},
		{"duplicate header member", `{"alg":"ES256","kid":"x","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonMalformed},
		{"duplicate member by escape", `{"alg":"ES256","kid":"k","typ":"call+jwt","\u006bid":"x"}`, `{}`, jose.ReasonMalformed},
		{"duplicate inside an unread member", `{"alg":"ES256","kid":"k","typ":"call+jwt","x":{"a":1,"a":2}}`, `{}`, jose.ReasonMalformed},
		{"member in another letter case is not it", `{"ALG":"ES256","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonAlgorithm},
		{"two header objects", `{"alg":"ES256","kid":"k","typ":"call+jwt"}{}`, `{}`, jose.ReasonMalformed},
		{"byte order mark", "\ufeff" + `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, `{}`, jose.ReasonMalformed},
		{"header is an array", `["ES256"]`, `{}`, jose.ReasonMalformed},
		{"kid is a number", `{"alg":"ES256","kid":1,"typ":"call+jwt"}`, `{}`, jose.ReasonMalformed},
		{"invalid UTF-8 in header", "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"call+jwt\",\"n\":\"\xff\"}", `{}`, jose.ReasonMalformed},
		{"deep header", `{"alg":"ES256","kid":"k","typ":"call+jwt","x":` + deep + `}`, `{}`, jose.ReasonSize},
		{"header beyond its limit", `{"alg":"ES256","kid":"k","typ":"call+jwt","x":"` + strings.Repeat("a", 20<<10) + `"}`, `{}`, jose.ReasonSize},
		{"kid with a path", `{"alg":"ES256","kid":"../../k","typ":"call+jwt"}`, `{}`, jose.ReasonKey},
		{"kid with SQL", `{"alg":"ES256","kid":"k' OR '1'='1","typ":"call+jwt"}`, `{}`, jose.ReasonKey},
		{"kid with a trailing NUL", `{"alg":"ES256","kid":"k\u0000","typ":"call+jwt"}`, `{}`, jose.ReasonKey},
		{"kid in another letter case", `{"alg":"ES256","kid":"K","typ":"call+jwt"}`, `{}`, jose.ReasonKey},
		{"empty kid", `{"alg":"ES256","kid":"","typ":"call+jwt"}`, `{}`, jose.ReasonKey},
		{"duplicate payload member", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, `{"sub":"a","sub":"b"}`, jose.ReasonMalformed},
		{"nested duplicate payload member", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, `{"p":[{"a":1,"a":2}]}`, jose.ReasonMalformed},
		{"two payload objects", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, `{}{}`, jose.ReasonMalformed},
		{"empty payload", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, ``, jose.ReasonMalformed},
		{"payload is text", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, `"a"`, jose.ReasonMalformed},
		{"deep payload", `{"alg":"ES256","kid":"k","typ":"call+jwt"}`, deep, jose.ReasonSize},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := jose.Verify(forge(t, signer, c.header, c.payload), purpose, keys)
			if reasonOf(err) != c.want {
				t.Fatalf("want %s, got %v", c.want, err)
			}
		})
	}
}

func TestAPublicKeyNeverServesAsASharedSecret(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	key := mustKey(t, "k", signer.Public())
	secret, err := jose.MarshalJWK(key)
	if err != nil {
		t.Fatal(err)
	}
	input := b64(`{"alg":"HS256","kid":"k","typ":"call+jwt"}`) + "." + b64(`{}`)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(input))
	token := input + "." + b64(string(mac.Sum(nil)))
	if _, err := jose.Verify([]byte(token), purpose, []jose.Key{key}); reasonOf(err) != jose.ReasonAlgorithm {
		t.Fatalf("got %v", err)
	}
	key.Alg = "HS256" // a caller's mistake must not open the door either
	if _, err := jose.Verify([]byte(token), purpose, []jose.Key{key}); reasonOf(err) != jose.ReasonAlgorithm {
		t.Fatalf("got %v", err)
	}
}

func TestAKeyInTheHeaderIsNeverUsed(t *testing.T) {
	ours, theirs := mustSigner(t, jose.ES256), mustSigner(t, jose.ES256)
	jwkText, err := jose.MarshalJWK(mustKey(t, "k", theirs.Public()))
	if err != nil {
		t.Fatal(err)
	}
	for _, extra := range []string{
		`"jwk":` + string(jwkText),
		`"jku":"https://attacker.example/keys"`,
		`"x5u":"https://attacker.example/cert"`,
		`"x5c":["MIIB"]`,
	} {
		header := `{"alg":"ES256","kid":"k","typ":"call+jwt",` + extra + `}`
		keys := []jose.Key{mustKey(t, "k", ours.Public())}
		if _, err := jose.Verify(forge(t, theirs, header, `{}`), purpose, keys); reasonOf(err) != jose.ReasonSignature {
			t.Errorf("%s: signed by the attacker: got %v", extra[:6], err)
		}
		if _, err := jose.Verify(forge(t, ours, header, `{}`), purpose, keys); err != nil {
			t.Errorf("%s: an ignored member must not hinder the right key: %v", extra[:6], err)
		}
	}
}

func TestEncodingsThatMeanTheSameBytesAreRefused(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	keys := []jose.Key{mustKey(t, "k", signer.Public())}
	good, err := jose.Sign(signer, "k", purpose, []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(good), ".")
	last := parts[2][len(parts[2])-1]
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	twin := alphabet[strings.IndexByte(alphabet, last)|1] // 64 bytes leave four unused bits in the last character
	cases := map[string]string{
		"padding":                 string(good) + "==",
		"line break at the end":   string(good) + "\n",
		"line break within":       parts[0] + "." + parts[1][:2] + "\r\n" + parts[1][2:] + "." + parts[2],
		"space at the start":      " " + string(good),
		"fourth part":             string(good) + ".x",
		"two parts":               parts[0] + "." + parts[1],
		"no signature":            parts[0] + "." + parts[1] + ".",
		"unused bits set":         string(good[:len(good)-1]) + string(twin),
		"standard alphabet":       parts[0] + "." + parts[1] + "." + "+/" + parts[2][2:],
		"JSON serialisation":      `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`,
		"empty":                   "",
		"one byte too much":       parts[0] + "." + parts[1] + "." + parts[2] + "AA",
		"DER signature encoding":  parts[0] + "." + parts[1] + "." + b64("0\x06\x02\x01\x01\x02\x01\x01"),
		"all zero signature":      parts[0] + "." + parts[1] + "." + b64(strings.Repeat("\x00", 64)),
		"longer than the maximum": string(good) + strings.Repeat("A", jose.MaxCompact),
	}
	for name, token := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := jose.Verify([]byte(token), purpose, keys); reasonOf(err) == "" {
				t.Fatalf("accepted or untyped error: %v", err)
			}
		})
	}
}

func TestAnyFlippedBitIsFound(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	keys := []jose.Key{mustKey(t, "k", signer.Public())}
	good, err := jose.Sign(signer, "k", purpose, []byte(`{"sub":"one"}`))
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if _, err := jose.Verify(bad, purpose, keys); err == nil {
			t.Fatalf("byte %d flipped and accepted", i)
		}
	}
}

func TestSeveralKeysUnderOneKIDAreTried(t *testing.T) {
	a, b, c := mustSigner(t, jose.ES256), mustSigner(t, jose.EdDSA), mustSigner(t, jose.ES256)
	keys := []jose.Key{mustKey(t, "k", a.Public()), mustKey(t, "k", b.Public())}
	for _, signer := range []crypto.Signer{a, b} {
		token, err := jose.Sign(signer, "k", purpose, []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jose.Verify(token, purpose, keys); err != nil {
			t.Fatal(err)
		}
	}
	token, err := jose.Sign(c, "k", purpose, []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jose.Verify(token, purpose, keys); reasonOf(err) != jose.ReasonSignature {
		t.Fatalf("got %v", err)
	}
	if _, err := jose.Verify(token, purpose, nil); reasonOf(err) != jose.ReasonKey {
		t.Fatalf("no keys at all: got %v", err)
	}
}

func TestWhatCannotBeVerifiedIsNotSigned(t *testing.T) {
	good, weak := mustSigner(t, jose.ES256), mustWeakRSA(t)
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name    string
		signer  crypto.Signer
		kid     string
		typ     string
		payload string
		want    jose.Reason
	}{
		{"no signer", nil, "k", purpose, `{}`, jose.ReasonKey},
		{"no purpose", good, "k", "", `{}`, jose.ReasonKey},
		{"kid with a space", good, "a b", purpose, `{}`, jose.ReasonKey},
		{"kid beyond ASCII", good, "ключ", purpose, `{}`, jose.ReasonKey},
		{"RSA of 1024 bits", weak, "k", purpose, `{}`, jose.ReasonKey},
		{"P-521", p521, "k", purpose, `{}`, jose.ReasonKey},
		{"payload not an object", good, "k", purpose, `[]`, jose.ReasonMalformed},
		{"payload with duplicates", good, "k", purpose, `{"a":1,"a":1}`, jose.ReasonMalformed},
		{"payload too large", good, "k", purpose, `{"a":"` + strings.Repeat("x", jose.MaxCompact) + `"}`, jose.ReasonSize},
		{"encoded too large", good, "k", purpose, `{"a":"` + strings.Repeat("x", jose.MaxCompact*9/10) + `"}`, jose.ReasonSize},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := jose.Sign(c.signer, c.kid, c.typ, []byte(c.payload)); reasonOf(err) != c.want {
				t.Fatalf("want %s, got %v", c.want, err)
			}
		})
	}
}

func mustWeakRSA(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestNoErrorEchoesContent(t *testing.T) {
	signer := mustSigner(t, jose.ES256)
	secret := "39001010000"
	token := forge(t, signer, `{"alg":"ES256","kid":"`+secret+`","typ":"call+jwt"}`, `{"sub":"`+secret+`","sub":"`+secret+`"}`)
	_, err := jose.Verify(token, purpose, []jose.Key{mustKey(t, "k", signer.Public())})
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Fatalf("got %v", err)
	}
	var into struct{}
	if err := jose.Decode([]byte(`{"`+secret+`":1}`), &into); err == nil || strings.Contains(err.Error(), secret) {
		t.Fatalf("got %v", err)
	}
}

func TestThumbprintsAgreeWithThePublishedVectors(t *testing.T) {
	point, err := hex.DecodeString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
	if err != nil {
		t.Fatal(err)
	}
	got, err := jose.Thumbprint(ed25519.PublicKey(point)) // RFC 8037 appendix A.3
	if err != nil || got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Fatalf("got %q, %v", got, err)
	}
	rsaKey := `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}`
	key, err := jose.ParseJWK([]byte(rsaKey)) // RFC 7638 section 3.1
	if err != nil {
		t.Fatal(err)
	}
	if key.KID != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" || key.Alg != jose.PS256 {
		t.Fatalf("got %s %s", key.KID, key.Alg)
	}
}

func TestAListedKeyReadsBackAsItWasWritten(t *testing.T) {
	for _, alg := range []string{jose.ES256, jose.ES384, jose.EdDSA, jose.PS256} {
		key := mustKey(t, "seal:"+alg, mustSigner(t, alg).Public())
		raw, err := jose.MarshalJWK(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := jose.ParseJWK(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		again, err := jose.MarshalJWK(back)
		if err != nil || !bytes.Equal(raw, again) || back.Alg != alg || back.KID != key.KID {
			t.Fatalf("%s became %s, %v", raw, again, err)
		}
		a, errA := jose.SPKI(key.Public)
		b, errB := jose.SPKI(back.Public)
		if errA != nil || errB != nil || a != b || len(a) != 43 {
			t.Fatalf("pins differ: %q %q %v %v", a, b, errA, errB)
		}
	}
}

func TestAKeyTextThatIsNotExactlyAPublicKeyIsRefused(t *testing.T) {
	x, y := "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" // RFC 7515 appendix A.3
	base := `"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `"`
	if _, err := jose.ParseJWK([]byte(`{` + base + `}`)); err != nil {
		t.Fatalf("the public vector itself: %v", err)
	}
	cases := []struct{ name, text string }{
		{"private member", `{` + base + `,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`},
		{"symmetric key", `{"kty":"oct","k":"AAAA"}`},
		{"unknown member", `{` + base + `,"owner":"EE"}`},
		{"duplicate member", `{` + base + `,"kty":"EC"}`},
		{"algorithm of another curve", `{` + base + `,"alg":"ES384"}`},
		{"algorithm none", `{` + base + `,"alg":"none"}`},
		{"encryption use", `{` + base + `,"use":"enc"}`},
		{"signing key operation", `{` + base + `,"key_ops":["sign","verify"]}`},
		{"point off the curve", `{"kty":"EC","crv":"P-256","x":"` + y + `","y":"` + x + `"}`},
		{"coordinate with a leading zero", `{"kty":"EC","crv":"P-256","x":"AA` + x[:41] + `","y":"` + y + `"}`},
		{"padded coordinate", `{"kty":"EC","crv":"P-256","x":"` + x + `=","y":"` + y + `"}`},
		{"another curve named", `{"kty":"EC","crv":"P-384","x":"` + x + `","y":"` + y + `"}`},
		{"key agreement curve", `{"kty":"OKP","crv":"X25519","x":"` + x + `"}`},
		{"members of two key types", `{` + base + `,"n":"AQAB"}`},
		{"kid with a line break", `{` + base + `,"kid":"a\nb"}`},
		{"small RSA exponent", `{"kty":"RSA","n":"` + b64("\xc1"+strings.Repeat("\xff", 255)) + `","e":"Aw"}`},
		{"RSA modulus with leading zero", `{"kty":"RSA","n":"` + b64("\x00\xc1"+strings.Repeat("\xff", 255)) + `","e":"AQAB"}`},
		{"short RSA modulus", `{"kty":"RSA","n":"` + b64("\xc1"+strings.Repeat("\xff", 127)) + `","e":"AQAB"}`},
		{"huge RSA modulus", `{"kty":"RSA","n":"` + b64("\xc1"+strings.Repeat("\xff", 2047)) + `","e":"AQAB"}`},
		{"trailing text", `{` + base + `} x`},
		{"a key set", `{"keys":[{` + base + `}]}`},
		{"empty", ``},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := jose.ParseJWK([]byte(c.text)); reasonOf(err) == "" {
				t.Fatalf("accepted or untyped error: %v", err)
			}
		})
	}
}

func TestDecodeKnowsOnlyTheNamesItWasGiven(t *testing.T) {
	type claims struct {
		Sub string `json:"sub"`
	}
	cases := []struct {
		name, text string
		ok         bool
	}{
		{"as expected", `{"sub":"a"}`, true},
		{"unknown member", `{"sub":"a","extra":1}`, false},
		{"another letter case", `{"Sub":"a"}`, false},
		{"duplicate", `{"sub":"a","sub":"a"}`, false},
		{"trailing object", `{"sub":"a"}{}`, false},
		{"wrong type", `{"sub":1}`, false},
		{"lone surrogate", `{"sub":"\ud800"}`, false},
		{"bracket inside text is no depth", `{"sub":"` + strings.Repeat(`[\"`, 100) + `"}`, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var v claims
			if err := jose.Decode([]byte(c.text), &v); (err == nil) != c.ok {
				t.Fatalf("got %v", err)
			}
		})
	}
}
