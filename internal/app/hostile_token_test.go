package app

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/rest"
	"sild/node"
)

// forged is a lawful search with a token that was made out of a lawful one.
func forged(craft func(s *siege, good string) string) func(*siege) *http.Request {
	return func(s *siege) *http.Request {
		return s.search(craft(s, s.token(node.PrescriptionsVerb)), s.listForm())
	}
}

func unpadded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// payloadOf is what a token claims, as text.
func (s *siege) payloadOf(token string) string {
	s.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	s.must(err)
	return string(payload)
}

// headed is the same claims under a header of the attacker's making.
func headed(token, header string, sign func(input string) []byte) string {
	input := unpadded(header) + "." + strings.Split(token, ".")[1]
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

func unsignedly(string) []byte { return nil }

// resealed is the same claims under another key, key id or type.
func (s *siege) resealed(good string, by crypto.Signer, kid, typ string) string {
	s.Helper()
	token, err := jose.Sign(by, kid, typ, []byte(s.payloadOf(good)))
	s.must(err)
	return string(token)
}

func (s *siege) newKey() crypto.Signer {
	s.Helper()
	key, err := keys.GenerateSigner()
	s.must(err)
	return key
}

// key is the private key of the caller's TLS certificate.
func (c *peerCaller) key() crypto.Signer { return c.cert.PrivateKey.(crypto.Signer) }

// forgedTokens are tokens that the peer's seal key did not sign, or not as a call token.
func forgedTokens() []hostile {
	return []hostile{
		{name: "algorithm none", check: "token.algorithm", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return headed(good, `{"alg":"none","kid":"`+s.peer().kid+`","typ":"`+rest.CallType+`"}`, unsignedly)
		})},
		{name: "HS256 with the public key as its secret", check: "token.algorithm", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			der, err := x509.MarshalPKIXPublicKey(s.peer().seal.Public())
			s.must(err)
			return headed(good, `{"alg":"HS256","kid":"`+s.peer().kid+`","typ":"`+rest.CallType+`"}`, func(input string) []byte {
				mac := hmac.New(sha256.New, der)
				mac.Write([]byte(input))
				return mac.Sum(nil)
			})
		})},
		{name: "another key under the listed key's id", check: "token.signature", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.newKey(), s.peer().kid, rest.CallType)
		})},
		{name: "claims changed after signing", check: "token.signature", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			parts := strings.Split(good, ".")
			return parts[0] + "." + unpadded(strings.Replace(s.payloadOf(good), "Demo Pharmacist", "Other Pharmacist", 1)) + "." + parts[2]
		})},
		{name: "a token without its signature", check: "token.signature", kind: node.Untrusted, request: forged(func(_ *siege, good string) string {
			return good[:strings.LastIndex(good, ".")+1]
		})},
		{name: "a key that nobody listed", check: "token.key", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.newKey(), "unlisted", rest.CallType)
		})},
		{name: "the key of another listed peer", check: "token.key", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.callers["LV"].seal, s.callers["LV"].kid, rest.CallType)
		})},
		{name: "this node's own seal key", check: "token.key", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.app.seal, s.app.sealKID, rest.CallType)
		})},
		{name: "the TLS key as seal key", check: "token.key", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.peer().key(), "tls", rest.CallType)
		})},
		{name: "a receipt's seal as call token", check: "token.type", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.peer().seal, s.peer().kid, rest.ReceiptType)
		})},
		{name: "a pharmacist's sign-in as call token", check: "token.type", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return s.resealed(good, s.peer().seal, s.peer().kid, rest.SignInType)
		})},
		{name: "a critical extension", check: "token.critical", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			return headed(good, `{"alg":"ES256","crit":["b64"],"b64":false,"kid":"`+s.peer().kid+`","typ":"`+rest.CallType+`"}`, unsignedly)
		})},
	}
}

// badTokens are tokens that are not there, or not once, or not readable.
func badTokens() []hostile {
	authorization := func(change func(http.Header, string)) func(*siege) *http.Request {
		return func(s *siege) *http.Request {
			r := s.search(s.token(node.PrescriptionsVerb), s.listForm())
			change(r.Header, r.Header.Get("Authorization"))
			return r
		}
	}
	return []hostile{
		{name: "no token", check: "token.present", kind: node.Unidentified, request: forged(func(*siege, string) string { return "" })},
		{name: "two tokens", check: "token.single", kind: node.Untrusted, request: authorization(func(h http.Header, good string) { h.Add("Authorization", good) })},
		{name: "another scheme", check: "token.scheme", kind: node.Untrusted, request: authorization(func(h http.Header, good string) {
			h.Set("Authorization", strings.Replace(good, "Bearer", "DPoP", 1))
		})},
		{name: "a token of nine kilobytes", check: "token.size", kind: node.Untrusted, request: person(func(p map[string]any) { p["name"] = strings.Repeat("a", 7000) })},
		{name: "a claim twice", check: "token.malformed", kind: node.Untrusted, request: forged(func(s *siege, good string) string {
			parts := strings.Split(good, ".")
			return parts[0] + "." + unpadded(`{"iss":"LV",`+s.payloadOf(good)[1:]) + "." + parts[2]
		})},
		{name: "a claim that nobody knows", check: "token.claims", kind: node.Untrusted, request: set("admin", true)},
		{name: "noise as token", reason: "token.malformed", kind: node.Untrusted, solid: true, request: forged(func(*siege, string) string { return "noise" })},
		{name: "a time that is a word", reason: "token.claims", kind: node.Untrusted, solid: true, request: set("iat", "now")},
		{name: "an act in the future", reason: "token.claims", kind: node.Untrusted, solid: true, request: claiming(func(s *siege, c claims) {
			c["act"] = map[string]int64{"at": s.clock.read().Add(time.Hour).Unix()}
		})},
	}
}

// spentEvidence is a dispensation with a token that was used before.
func spentEvidence() []hostile {
	var token string
	var message []byte
	used := func(s *siege) {
		s.show()
		token, message = s.token(node.DispenseVerb), s.handedOut(s.clock.read())
		s.send(s.peer().http, s.dispense(token, message))
		s.asked.take()
	}
	return []hostile{
		{name: "a spent jti with another dispensation", check: "proof.spent", kind: node.Untrusted, before: used,
			request: func(s *siege) *http.Request { return s.dispense(token, s.handedOut(s.clock.read())) }},
		{name: "a spent jti with the same dispensation", check: "proof.spent", kind: node.Untrusted, before: used,
			request: func(s *siege) *http.Request { return s.dispense(token, message) }},
		{name: "a dispensation on what was never shown", kind: node.Refused, reason: "dispense.unreleased", solid: true, before: (*siege).show, request: func(s *siege) *http.Request {
			message := strings.ReplaceAll(string(s.handedOut(s.clock.read())), s.truth().threePack.Value, "1026099999")
			return s.dispense(s.token(node.DispenseVerb), []byte(message))
		}},
	}
}

// disguised is the peer's seal behind another certificate.
func (s *siege) disguised(cert tls.Certificate) *peerCaller {
	return &peerCaller{id: s.peer().id, kid: s.peer().kid, seal: s.peer().seal, cert: cert, http: s.over(cert)}
}
