package rest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/node"
)

// pharmacy is our own software before Estonia's door for local people, with the sign-in service's key.
func pharmacy(t *testing.T) (*corridor, func(func(*signInClaims)) string) {
	t.Helper()
	login := newSigner(t)
	key, err := jose.NewKey("login-1", login.Public())
	if err != nil {
		t.Fatal(err)
	}
	c := newCorridor(t, func(h *Handler) { h.Auth = &LocalAuth{Keys: []jose.Key{key}} })
	c.desk.answer = func(call node.Call, _ node.Ref, _ []byte) (any, error) {
		if call.Verb == node.DispenseVerb {
			return &node.Receipt{ID: "own", State: node.ReceiptWaiting, Body: []byte("{}")}, nil
		}
		return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
	}
	return c, func(change func(*signInClaims)) string {
		claims := signInClaims{Issuer: "https://login.example", Audience: audience{"EE"}, Issued: noon.Unix(), Expires: noon.Add(8 * time.Hour).Unix(),
			ID: node.NewCorrelation(), Person: personOf(pharmacist)}
		if change != nil {
			change(&claims)
		}
		payload, err := jose.Encode(claims)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := jose.Sign(login, "login-1", SignInType, payload)
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
}

func atCounter(r *http.Request) *http.Request {
	r.Header.Set("Sild-Country", "FI")
	r.Header.Set("Sild-Purpose", "TREATMENT")
	r.Header.Set("Sild-Counter", "identity-seen, patient-informed")
	return r
}

func TestOurOwnPharmacyAsksWithItsSignIn(t *testing.T) {
	c, token := pharmacy(t)
	response, body := knock(t, c.transport(c.fi), atCounter(asked(c, token(nil))))
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	call := c.desk.calls[0]
	if call.Corridor != (node.Corridor{A: "FI", B: "EE"}) || call.Peer != "" || call.Patient != mari || !call.Counter.IdentitySeen ||
		!call.Counter.PatientInformed || call.Purpose != node.Treatment || call.Person.Role != "2262" {
		t.Errorf("the face was asked something else: %+v", call)
	}
}

func TestADispensationOfOurOwnNamesItsPatientItself(t *testing.T) {
	c, token := pharmacy(t)
	request := atCounter(c.request("POST", "/fhir/MedicationDispense", jsonContent, token(nil), dispensation(t, "completed")))
	response, body := knock(t, c.transport(c.fi), request)
	if response.StatusCode != http.StatusAccepted || len(c.desk.calls) != 1 || c.desk.calls[0].Patient != mari {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}

func TestAnAttackOnOurOwnDoorIsRefusedAndRecorded(t *testing.T) {
	for _, a := range []struct {
		name, reason string
		claims       func(*signInClaims)
		alter        func(*http.Request)
	}{
		{"no token", "token.present", nil, func(r *http.Request) { r.Header.Del("Authorization") }},
		{"a changed token", "token.signature", nil, func(r *http.Request) {
			token := r.Header.Get("Authorization")
			r.Header.Set("Authorization", token[:len(token)-6]+"AAAAAA")
		}},
		{"another issuer", "proof.issuer", func(c *signInClaims) { c.Issuer = "https://other.example" }, nil},
		{"a token for another service", "proof.audience", func(c *signInClaims) { c.Audience = audience{"SE"} }, nil},
		{"a token of yesterday", "proof.expired", func(c *signInClaims) { c.Expires = noon.Add(-time.Hour).Unix() }, nil},
		{"a token of nobody", "proof.person", func(c *signInClaims) { c.Person.ID = identifier{} }, nil},
		{"a country without a corridor", "corridor.known", nil, func(r *http.Request) { r.Header.Set("Sild-Country", "SE") }},
		{"no country", "http.header", nil, func(r *http.Request) { r.Header.Del("Sild-Country") }},
		{"two purposes", "http.header", nil, func(r *http.Request) { r.Header.Add("Sild-Purpose", "TREATMENT") }},
		{"curiosity", "proof.purpose", nil, func(r *http.Request) { r.Header.Set("Sild-Purpose", "HRESCH") }},
		{"an unknown deed", "http.header", nil, func(r *http.Request) { r.Header.Set("Sild-Counter", "identity-guessed") }},
		{"nobody looked at the document", "counter.identity", nil, func(r *http.Request) { r.Header.Set("Sild-Counter", "patient-informed") }},
		{"a route between nodes", "http.route", nil, func(r *http.Request) { r.URL.Path = "/fhir/DocumentReference/_search" }},
	} {
		t.Run(a.name, func(t *testing.T) {
			c, token := pharmacy(t)
			request := atCounter(asked(c, token(a.claims)))
			if a.alter != nil {
				a.alter(request)
			}
			response, body := knock(t, c.transport(c.fi), request)
			if len(c.desk.calls) != 0 || response.StatusCode < 400 || c.journal.last().Reason != a.reason || c.journal.last().Face != "B" {
				t.Errorf("%d, recorded %+v", response.StatusCode, c.journal.last())
			}
			if strings.Contains(string(body), mari.Value) {
				t.Errorf("echo: %s", body)
			}
		})
	}
}

func TestOurOwnPeopleHearWhyNothingIsThere(t *testing.T) {
	c, token := pharmacy(t)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
		return nil, &node.Error{Kind: node.NotFound, Reason: "prescription.unfetched", Detail: "Fetch the prescription before dispensing on it."}
	}
	_, body := knock(t, c.transport(c.fi), atCounter(asked(c, token(nil))))
	if !strings.Contains(string(body), "prescription.unfetched") {
		t.Errorf("got %s", body)
	}
}

func TestAnAudienceIsOneNameOrSeveral(t *testing.T) {
	for raw, want := range map[string]string{`{"iss":"","aud":"a","iat":1,"exp":1,"jti":""}`: "a", `{"iss":"","aud":["b","c"],"iat":1,"exp":1,"jti":""}`: "b c"} {
		var claims signInClaims
		if err := jose.Decode([]byte(raw), &claims); err != nil || strings.Join(claims.Audience, " ") != want {
			t.Errorf("%s: %v, %v", raw, claims.Audience, err)
		}
	}
	var claims signInClaims
	if jose.Decode([]byte(`{"aud":7}`), &claims) == nil {
		t.Error("a number was taken for an audience")
	}
}
