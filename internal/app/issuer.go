package app

import (
	"crypto"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/rest"
	"sild/node"
)

// demoIssuer plays the country's sign-in service in a demo: POST /token with client_id gives a bearer token for one of
// its made-up professionals. Production refuses to start with it.
type demoIssuer struct {
	config  Config
	signer  crypto.Signer
	kid     string
	now     func() time.Time
	clients map[string]node.Person
}

func newDemoIssuer(config Config, now func() time.Time) (*demoIssuer, error) {
	signer, err := keys.LoadSigner(config.Pharmacy.DemoIssuerKey)
	if err != nil {
		return nil, err
	}
	kid, err := jose.Thumbprint(signer.Public())
	if err != nil {
		return nil, err
	}
	return &demoIssuer{config: config, signer: signer, kid: kid, now: now, clients: demoProfessionals(config.Country)}, nil
}

// demoProfessionals are the made-up people who may sign in.
func demoProfessionals(country string) map[string]node.Person {
	system, organisation := "https://fhir.ee/sid/pro/est/pho", node.Identifier{System: "https://fhir.ee/sid/org/est/br", Value: "19999901"}
	pharmacy, clinic, codes := "Demo Apteek", "Demo Kliinik", [2]string{"P99001", "D99001"}
	if country == "FI" {
		system, organisation = "urn:oid:1.2.246.537.25", node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:oid:1.2.246.10.9999901.10.1"}
		pharmacy, clinic, codes = "Demo Apteekki", "Demo Terveysasema", [2]string{"990011", "990012"}
	}
	return map[string]node.Person{
		"pharmacy": {ID: node.Identifier{System: system, Value: codes[0]}, Name: "Demo Pharmacist", Role: "2262",
			Organisation: node.Organisation{ID: organisation, Name: pharmacy}},
		"clinic": {ID: node.Identifier{System: system, Value: codes[1]}, Name: "Demo Physician", Role: "221",
			Organisation: node.Organisation{ID: organisation, Name: clinic}},
	}
}

// token signs a bearer token for a client; false for a client nobody knows.
func (i *demoIssuer) token(client string) (string, bool, error) {
	person, known := i.clients[client]
	if !known {
		return "", false, nil
	}
	now := i.now()
	claims, err := json.Marshal(map[string]any{"iss": i.config.Pharmacy.Issuer, "aud": i.config.Participant, "iat": now.Unix(),
		"exp": now.Add(5 * time.Minute).Unix(), "jti": node.NewCorrelation(), "client_id": client, "hcp": professional(person)})
	if err != nil {
		return "", true, err
	}
	signed, err := jose.Sign(i.signer, i.kid, rest.SignInType, claims)
	return string(signed), true, err
}

// professional is the hcp claim of a sign-in token.
func professional(p node.Person) map[string]any {
	named := func(id node.Identifier) map[string]string {
		return map[string]string{"system": id.System, "value": id.Value}
	}
	return map[string]any{"id": named(p.ID), "name": p.Name, "role": p.Role,
		"organisation": map[string]any{"id": named(p.Organisation.ID), "name": p.Organisation.Name}}
}

// ServeHTTP answers an OAuth2 client-credentials request (RFC 6749 section 4.4).
func (i *demoIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	token, known, err := i.token(r.PostFormValue("client_id"))
	if err != nil || !known {
		http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	answer, err := json.Marshal(map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 300})
	if err != nil {
		http.Error(w, `{"error":"server_error"}`, http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, string(answer))
}
