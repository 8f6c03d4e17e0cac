package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sild/internal/rest"
	"sild/node"
)

// counter is the demo's pharmacy or clinic software: a plain HTTP client of its own country's node.
type counter struct {
	base    string // https://host:port/fhir
	country string // of affiliation of the patient at the counter
	issuer  *demoIssuer
	client  string // who signs in: pharmacy or clinic
	http    *http.Client
}

// reply is what the node answered.
type reply struct {
	Status int
	Body   []byte
	Header http.Header
}

func (b *bridge) counter(corridor node.Corridor, client string) (*counter, error) {
	app, up := b.nodes[corridor.B]
	if !up {
		return nil, complain("%s is down", corridor.B)
	}
	issuer, err := newDemoIssuer(app.Config, time.Now)
	if err != nil {
		return nil, err
	}
	pins := []string{}
	if entry, ok := app.list.Load().Participant(corridor.B); ok {
		pins = entry.TLSServerPins
	}
	transport := &http.Transport{TLSClientConfig: rest.TLS(pins, tls.Certificate{}), DisableKeepAlives: true}
	return &counter{base: "https://" + app.Config.Listen.Pharmacy + "/fhir", country: corridor.A, issuer: issuer, client: client,
		http: &http.Client{Transport: transport, Timeout: 30 * time.Second}}, nil
}

// ask sends one request with a fresh token and the facts of the counter.
func (c *counter) ask(ctx context.Context, method, path, contentType string, body []byte) (*reply, error) {
	token, known, err := c.issuer.token(c.client)
	if err != nil || !known {
		return nil, errors.Join(errors.New("no token"), err)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Sild-Country", c.country)
	request.Header.Set("Sild-Purpose", string(node.Treatment))
	request.Header.Set("Sild-Counter", "identity-seen, patient-informed")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return &reply{Status: response.StatusCode, Body: read, Header: response.Header}, err
}

func (c *counter) search(ctx context.Context, path string, form url.Values) (*reply, error) {
	return c.ask(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

func searchToken(id node.Identifier) string { return id.System + "|" + id.Value }

func (c *counter) find(ctx context.Context, patient node.Identifier) (*reply, error) {
	return c.search(ctx, "/Patient/_search", url.Values{"identifier": {searchToken(patient)}})
}

func (c *counter) list(ctx context.Context, patient node.Identifier) (*reply, error) {
	return c.search(ctx, "/MedicationRequest/_search", url.Values{"patient.identifier": {searchToken(patient)}, "status": {"active"}})
}

func (c *counter) fetch(ctx context.Context, patient, prescription node.Identifier) (*reply, error) {
	return c.search(ctx, "/MedicationRequest/_search", url.Values{"patient.identifier": {searchToken(patient)}, "identifier": {searchToken(prescription)}})
}

func (c *counter) summary(ctx context.Context, patient node.Identifier) (*reply, error) {
	parameters, err := json.Marshal(map[string]any{"resourceType": "Parameters", "parameter": []any{map[string]any{"name": "identifier",
		"valueIdentifier": map[string]string{"system": patient.System, "value": patient.Value}}}})
	if err != nil {
		return nil, err
	}
	return c.ask(ctx, http.MethodPost, "/Patient/$summary", fhirJSON, parameters)
}

func (c *counter) dispense(ctx context.Context, message []byte) (*reply, error) {
	return c.ask(ctx, http.MethodPost, "/MedicationDispense", fhirJSON, message)
}

func (c *counter) withdraw(ctx context.Context, receipt string, message []byte) (*reply, error) {
	return c.ask(ctx, http.MethodPut, "/MedicationDispense/"+receipt, fhirJSON, message)
}

// dispensation writes what the pharmacy hands out on a fetched prescription: its medicine as it was shown, so many
// packages, now.
func (c *counter) dispensation(fetched []byte, id node.Identifier, packages int, status string) ([]byte, error) {
	var bundle struct {
		Entry []struct {
			Resource map[string]json.RawMessage `json:"resource"`
		} `json:"entry"`
	}
	if err := json.Unmarshal(fetched, &bundle); err != nil {
		return nil, err
	}
	found := map[string]map[string]json.RawMessage{}
	for _, entry := range bundle.Entry {
		kind := strings.Trim(string(entry.Resource["resourceType"]), `"`)
		if _, seen := found[kind]; !seen {
			found[kind] = entry.Resource
		}
	}
	request, medication, patient := found["MedicationRequest"], found["Medication"], found["Patient"]
	if request == nil || medication == nil || patient == nil {
		return nil, errors.New("the fetched prescription lacks its medicine or patient")
	}
	medication["id"], patient["id"] = json.RawMessage(`"medication"`), json.RawMessage(`"patient"`)
	person, now := c.issuer.clients[c.client], c.issuer.now().UTC().Format(time.RFC3339)
	return json.Marshal(map[string]any{"resourceType": "MedicationDispense",
		"contained":  []any{medication, patient, performer(person)},
		"extension":  []any{map[string]any{"url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationDispense.recorded", "valueDateTime": now}},
		"identifier": []any{map[string]string{"system": id.System, "value": id.Value}}, "status": status,
		"medicationReference": reference("#medication"), "subject": reference("#patient"),
		"performer":               []any{map[string]any{"actor": reference("#performer")}},
		"authorizingPrescription": []any{map[string]any{"type": "MedicationRequest", "identifier": firstIdentifier(request)}},
		"quantity":                map[string]any{"value": packages, "unit": "package", "system": "http://unitsofmeasure.org", "code": "{Package}"},
		"whenHandedOver":          now, "substitution": map[string]any{"wasSubstituted": false}})
}

func reference(to string) map[string]string { return map[string]string{"reference": to} }

func firstIdentifier(resource map[string]json.RawMessage) json.RawMessage {
	var identifiers []json.RawMessage
	if err := json.Unmarshal(resource["identifier"], &identifiers); err != nil || len(identifiers) == 0 {
		return json.RawMessage(`{}`)
	}
	return identifiers[0]
}

func performer(p node.Person) map[string]any {
	named := func(id node.Identifier, display string) map[string]any {
		return map[string]any{"identifier": map[string]string{"system": id.System, "value": id.Value}, "display": display}
	}
	return map[string]any{"resourceType": "PractitionerRole", "id": "performer", "practitioner": named(p.ID, p.Name),
		"organization": named(p.Organisation.ID, p.Organisation.Name)}
}

// fhirJSON is the media type of everything that is not a search.
const fhirJSON = "application/fhir+json"

// newDispensation makes an identifier that no dispensation had before.
func newDispensation() node.Identifier {
	return node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:sild:demo:" + node.NewCorrelation()}
}

// complain is a check that did not hold.
func complain(format string, args ...any) error { return fmt.Errorf(format, args...) }
