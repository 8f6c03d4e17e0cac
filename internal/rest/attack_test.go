package rest

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/node"
)

// attack is a request that must not reach the register, the check that stops it and the reason that is recorded. With
// that check lifted, and no other, the same request gets through (lifted_test.go): so it is this check that stops it.
type attack struct {
	name, check string
	kind        node.Kind
	reason      string // where it is not the check's name
	solid       bool   // what cannot be read cannot be let through either
	change      func(*Handler)
	request     func(*corridor) *http.Request
	over        func(*corridor) *http.Client
}

const time5 = time.Minute

const searchPath = "/fhir/MedicationRequest/_search"

var goodForm = "patient.identifier=" + url.QueryEscape(tokenOf(mari)) + "&status=active"

// asked is a good search with a token as a test wants it.
func asked(c *corridor, token string) *http.Request {
	return c.request("POST", searchPath, formContent, token, []byte(goodForm))
}

func claimed(change func(*callClaims)) func(*corridor) *http.Request {
	return func(c *corridor) *http.Request { return asked(c, c.token(node.PrescriptionsVerb, change)) }
}

func crafted(craft func(c *corridor, good string) string) func(*corridor) *http.Request {
	return func(c *corridor) *http.Request { return asked(c, craft(c, c.token(node.PrescriptionsVerb, nil))) }
}

func formed(form string) func(*corridor) *http.Request {
	return func(c *corridor) *http.Request {
		return c.request("POST", searchPath, formContent, c.token(node.PrescriptionsVerb, nil), []byte(form))
	}
}

func altered(alter func(*http.Request)) func(*corridor) *http.Request {
	return func(c *corridor) *http.Request {
		r := asked(c, c.token(node.PrescriptionsVerb, nil))
		alter(r)
		return r
	}
}

func posted(path string, verb node.Verb, body string) func(*corridor) *http.Request {
	return func(c *corridor) *http.Request {
		return c.request("POST", path, jsonContent, c.token(verb, nil), []byte(body))
	}
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// reheaded is the same claims under a header of the attacker's making.
func reheaded(token, header string, sign func(input string) []byte) string {
	parts := strings.Split(token, ".")
	input := b64(header) + "." + parts[1]
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

func nobodySigns(string) []byte { return nil }

// payloadOf gives the claims of a token as text.
func payloadOf(c *corridor, token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		c.Fatal(err)
	}
	return string(raw)
}

func tokenAttacks() []attack {
	return []attack{
		{name: "no token", check: "token.present", kind: node.Unidentified, request: crafted(func(*corridor, string) string { return "" })},
		{name: "two tokens", check: "token.single", kind: node.Untrusted, request: altered(func(r *http.Request) {
			r.Header.Add("Authorization", r.Header.Get("Authorization"))
		})},
		{name: "another scheme", check: "token.scheme", kind: node.Untrusted, request: altered(func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Bearer", "Basic", 1))
		})},
		{name: "a token of nine kilobytes", check: "token.size", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Person.Name = strings.Repeat("a", 7000) })},
		{name: "algorithm none", check: "token.algorithm", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return reheaded(good, `{"alg":"none","kid":"FI-seal-1","typ":"sild-call+jwt"}`, nobodySigns)
		})},
		{name: "the public key as HMAC secret", check: "token.algorithm", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			der, err := x509.MarshalPKIXPublicKey(c.fi.seal.Public().(*ecdsa.PublicKey))
			if err != nil {
				c.Fatal(err)
			}
			return reheaded(good, `{"alg":"HS256","kid":"FI-seal-1","typ":"sild-call+jwt"}`, func(input string) []byte {
				mac := hmac.New(sha256.New, der)
				mac.Write([]byte(input))
				return mac.Sum(nil)
			})
		})},
		{name: "another key under the listed id", check: "token.signature", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return resigned(c, newParty(c, "FI"), "FI-seal-1", CallType, good)
		})},
		{name: "claims changed after signing", check: "token.signature", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			parts := strings.Split(good, ".")
			return parts[0] + "." + b64(strings.Replace(payloadOf(c, good), "Aino", "Anna", 1)) + "." + parts[2]
		})},
		{name: "a key nobody listed", check: "token.key", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return resigned(c, newParty(c, "FI"), "FI-seal-9", CallType, good)
		})},
		{name: "our own seal key", check: "token.key", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return resigned(c, c.ee, c.ee.kid(), CallType, good)
		})},
		{name: "a receipt as token", check: "token.type", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return resigned(c, c.fi, c.fi.kid(), ReceiptType, good)
		})},
		{name: "a critical extension", check: "token.critical", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return reheaded(good, `{"alg":"ES256","crit":["x"],"kid":"FI-seal-1","typ":"sild-call+jwt","x":1}`, nobodySigns)
		})},
		{name: "a claim twice", check: "token.malformed", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			parts := strings.Split(good, ".")
			return parts[0] + "." + b64(`{"iss":"EE",`+payloadOf(c, good)[1:]) + "." + parts[2]
		})},
		{name: "an unknown claim", check: "token.claims", kind: node.Untrusted, request: crafted(func(c *corridor, good string) string {
			return c.sign(CallType, []byte(`{"admin":true,`+payloadOf(c, good)[1:]))
		})},
		{name: "a time that is no number", check: "token.claims", kind: node.Untrusted, solid: true, request: crafted(func(c *corridor, good string) string {
			return c.sign(CallType, []byte(fmt.Sprintf(`{"iat":"%d"}`, noon.Unix())))
		})},
		{name: "an act in the future", check: "token.claims", kind: node.Untrusted, solid: true, request: claimed(func(c *callClaims) { c.Act = &act{noon.Add(time.Hour).Unix()} })},
		{name: "noise as token", check: "token.malformed", kind: node.Untrusted, solid: true, request: crafted(func(*corridor, string) string { return "noise" })},
	}
}

// resigned is the same claims with another signature.
func resigned(c *corridor, by party, kid, typ, good string) string {
	signed, err := jose.Sign(by.seal, kid, typ, []byte(payloadOf(c, good)))
	if err != nil {
		c.Fatal(err)
	}
	return string(signed)
}

func proofAttacks() []attack {
	return []attack{
		{name: "an expired token", check: "proof.expired", kind: node.Untrusted, request: claimed(func(c *callClaims) {
			c.Issued, c.NotBefore, c.Expires = noon.Add(-5*time.Minute).Unix(), noon.Add(-5*time.Minute).Unix(), noon.Add(-time.Minute).Unix()
		})},
		{name: "a token without an end", check: "proof.expired", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Expires = 0 })},
		{name: "a token of tomorrow", check: "proof.issued", kind: node.Untrusted, request: claimed(func(c *callClaims) {
			c.Issued, c.NotBefore, c.Expires = noon.Add(time.Hour).Unix(), noon.Add(time.Hour).Unix(), noon.Add(62*time.Minute).Unix()
		})},
		{name: "a token not yet valid", check: "proof.issued", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.NotBefore = noon.Add(time.Minute).Unix() })},
		{name: "a token for a day", check: "proof.life", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Expires = noon.Add(24 * time.Hour).Unix() })},
		{name: "a token for another node", check: "proof.audience", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Audience = []string{"SE"} })},
		{name: "a token in another node's name", check: "proof.issuer", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Issuer = "SE" })},
		{name: "a token bound to nothing", check: "proof.binding", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Confirmation = confirmation{} })},
		{name: "a token bound to another certificate", check: "proof.binding", kind: node.Untrusted, request: crafted(func(c *corridor, _ string) string {
			return c.token(node.PrescriptionsVerb, func(claims *callClaims) {
				claims.Confirmation.Thumbprint = keys.Thumbprint(c.ee.cert.Certificate[0])
			})
		})},
		{name: "a token without an id", check: "proof.id", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.ID = "" })},
		{name: "a token for another verb", check: "proof.verb", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Verb = node.SummaryVerb })},
		{name: "a token for another patient", check: "proof.patient", kind: node.Untrusted, request: claimed(func(c *callClaims) { c.Patient.Value = "48001012346" })},
		{name: "a token of nobody", check: "proof.person", kind: node.Unidentified, request: claimed(func(c *callClaims) { c.Person.ID = identifier{} })},
		{name: "a role that may not ask", check: "proof.role", kind: node.Refused, request: claimed(func(c *callClaims) { c.Person.Role = "5321" })},
		{name: "no permission", check: "proof.permission", kind: node.Refused, request: claimed(func(c *callClaims) { c.Person.Permissions = nil })},
		{name: "curiosity", check: "proof.purpose", kind: node.Refused, request: claimed(func(c *callClaims) { c.Purpose = "HRESCH" })},
		{name: "nobody looked at the document", check: "counter.identity", kind: node.Refused, request: claimed(func(c *callClaims) { c.Counter.IdentitySeen = false })},
		{name: "a stranger's certificate", check: "peer.listed", reason: "peer.unlisted", kind: node.Unidentified,
			request: func(c *corridor) *http.Request { return strangers(c, newParty(c, "FI")) }, over: stranger},
		{name: "an expired certificate of the listed key", check: "peer.certificate", kind: node.Unidentified, request: func(c *corridor) *http.Request {
			der, err := keys.SelfSigned("FI", []string{"localhost"}, noon.AddDate(-1, 0, 0), c.fi.cert.PrivateKey.(*ecdsa.PrivateKey))
			if err != nil {
				c.Fatal(err)
			}
			leaf, err := x509.ParseCertificate(der)
			if err != nil {
				c.Fatal(err)
			}
			return strangers(c, party{id: "FI", seal: c.fi.seal, cert: tls.Certificate{Certificate: [][]byte{der}, Leaf: leaf, PrivateKey: c.fi.cert.PrivateKey}})
		}, over: stranger},
	}
}

// strangers is a request whose token is bound to the certificate of somebody else, who then sends it.
func strangers(c *corridor, who party) *http.Request {
	real := c.fi
	c.fi.cert = who.cert
	defer func() { c.fi = real }()
	c.stranger = who
	return asked(c, c.token(node.PrescriptionsVerb, nil))
}

func stranger(c *corridor) *http.Client { return c.transport(c.stranger) }

func (a attack) send(t *testing.T) (*corridor, *http.Response, []byte) {
	t.Helper()
	c := newCorridor(t, a.change)
	source := dispensation(t, "completed")
	c.desk.answer = func(call node.Call, _ node.Ref, _ []byte) (any, error) {
		switch call.Verb {
		case node.PrescriptionsVerb:
			return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
		case node.DispenseVerb:
			return c.receipt(source, nil), nil
		}
		return &node.Document{Out: encoded(node.MPD, "{}")}, nil
	}
	request := a.request(c)
	over := c.transport(c.fi)
	if a.over != nil {
		over = a.over(c)
	}
	response, body := knock(t, over, request)
	return c, response, body
}

func attacks() []attack {
	return append(append(tokenAttacks(), proofAttacks()...), strictness()...)
}

func TestAnAttackIsRefusedRecordedAndNeverReachesTheFace(t *testing.T) {
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			c, response, body := a.send(t)
			if len(c.desk.calls) != 0 {
				t.Fatalf("the face was asked")
			}
			want := a.reason
			if want == "" {
				want = a.check
			}
			if event := c.journal.last(); event.Reason != want || event.Kind != a.kind.String() || event.Stage != node.RefusedStage {
				t.Errorf("recorded as %s (%s), want %s (%s)", event.Reason, event.Kind, want, a.kind)
			}
			if wantStatus := statusOf(&node.Error{Kind: a.kind, Reason: want}); response.StatusCode != wantStatus {
				t.Errorf("answered %d, want %d", response.StatusCode, wantStatus)
			}
			if !strings.Contains(string(body), `"code":"`+want+`"`) || strings.Contains(string(body), mari.Value) {
				t.Errorf("the answer does not name the reason, or echoes: %s", body)
			}
		})
	}
}
