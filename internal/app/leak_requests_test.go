package app

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"sild/internal/rest"
	"sild/node"
)

// leakRequest is one that must be refused.
type leakRequest struct{ method, path, content, body string }

// beRefused asks for what must be refused, with patients' data in every place of a request, and keeps the answers.
func (w *watched) beRefused(corridor node.Corridor) {
	w.Helper()
	truth := demoTruth(corridor.A)
	pharmacy, err := w.bridge.counter(corridor, "pharmacy")
	if err != nil {
		w.Fatal(err)
	}
	for _, r := range slices.Concat(strangeRequests(truth), failingRequests(truth), w.wrongDispensations(pharmacy, truth)) {
		w.refusedBy(pharmacy, r)
	}
	clinic := *pharmacy
	clinic.client = "clinic"
	w.refusedBy(&clinic, leakRequest{http.MethodPost, "/MedicationDispense", fhirJSON, `{"resourceType":"MedicationDispense","note":"` + truth.family + `"}`})
	faults := w.bridge.nodes[corridor.A].Register.Faults()
	faults.SetDown(true)
	for _, r := range ordinaryRequests(truth) {
		w.refusedBy(pharmacy, r)
	}
	faults.SetDown(false)
	w.strangeHeaders(pharmacy, truth)
	w.strangeDoors(corridor, truth)
}

func (w *watched) refusedBy(c *counter, r leakRequest) {
	w.Helper()
	var answer *reply
	var err error
	for range 10 {
		answer, err = c.ask(context.Background(), r.method, r.path, r.content, []byte(r.body))
		if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
			break // a refusal of a body that is too large can close the connection before it was read to its end
		}
	}
	if err != nil {
		w.Errorf("%s %s: %v", r.method, r.path, err)
		return
	}
	w.keep(r.method+" "+r.path+" "+r.body[:min(len(r.body), 90)], answer.Status, answer.Header, answer.Body)
}

// keep takes the answer to a request that should have been refused into what is searched.
func (w *watched) keep(request string, status int, header http.Header, body []byte) {
	w.Helper()
	if status < http.StatusBadRequest {
		w.Errorf("%s was answered with status %d", request, status)
		return
	}
	w.refused++
	fmt.Fprintf(&w.said, "%d %v\n%s\n", status, header, body)
}

const formContent = "application/x-www-form-urlencoded"

func askingFor(name string, id node.Identifier, more ...string) string {
	form := name + "=" + url.QueryEscape(searchToken(id))
	return strings.Join(append([]string{form}, more...), "&")
}

// strangeRequests break the wire's rules.
func strangeRequests(t truth) []leakRequest {
	id, name, post := t.patient.Value, url.PathEscape(t.family), http.MethodPost
	search, requests := "/Patient/_search", "/MedicationRequest/_search"
	identifier := askingFor("identifier", t.patient)
	return []leakRequest{
		{http.MethodGet, "/Patient?" + identifier, "", ""}, {http.MethodGet, "/Patient/" + id, "", ""}, {http.MethodGet, "/" + name, "", ""},
		{http.MethodDelete, "/Patient/" + id, "", ""}, {http.MethodGet, "/Bundle/p-" + id, "", ""}, {"FIND", search, formContent, identifier},
		{post, search + "?" + identifier, formContent, ""}, {post, search, formContent, identifier + "&" + identifier},
		{post, search, formContent, identifier + "&family=" + name}, {post, search, formContent, name + "=" + id},
		{post, search, "text/plain; name=" + id, t.family}, {post, search, formContent, "identifier=" + id},
		{post, search, formContent, identifier + "&birthdate=" + name}, {post, search, formContent, "identifier=%zz" + t.family},
		{post, requests, formContent, askingFor("patient.identifier", t.patient, "status="+name)},
		{post, requests, formContent, askingFor("patient.identifier", t.other, askingFor("identifier", t.tablet))},
		{post, requests, formContent, askingFor("patient.identifier", t.patient, "identifier="+id)},
		{post, "/Patient/$summary", fhirJSON, `{"resourceType":"Parameters","` + t.family + `":`},
		{post, "/Patient/$summary", fhirJSON, `{"resourceType":"Parameters","` + t.family + `":"` + id + `"}`},
		{post, "/Patient/$summary", fhirJSON, `{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"` + id + `","value":"` + id + `"}}]}`},
		{post, "/MedicationDispense", fhirJSON, `{"resourceType":"` + t.family + `"}`}, {post, "/MedicationDispense", fhirJSON, `{"` + id + `":1,"` + id + `":2}`},
		{post, "/MedicationDispense", "application/fhir+xml", `<!DOCTYPE a [<!ENTITY b "` + id + `">]><a>` + t.family + `</a>`},
		{post, "/MedicationDispense", fhirJSON, `{"a":"` + strings.Repeat(t.family, 76_000) + `"}`},
		{http.MethodPut, "/MedicationDispense/" + id, fhirJSON, `{"resourceType":"MedicationDispense","status":"` + id + `"}`},
	}
}

// failingRequests make the register fail with a name in its mouth.
func failingRequests(t truth) []leakRequest {
	var all []leakRequest
	for _, value := range []string{panicsOn, failsOn, blamesOn} {
		all = append(all, leakRequest{http.MethodPost, "/Patient/_search", formContent, askingFor("identifier", node.Identifier{System: t.patient.System, Value: value})})
	}
	return all
}

// ordinaryRequests are right, and refused only while the register is down.
func ordinaryRequests(t truth) []leakRequest {
	return []leakRequest{{http.MethodPost, "/Patient/_search", formContent, askingFor("identifier", t.patient)},
		{http.MethodPost, "/MedicationRequest/_search", formContent, askingFor("patient.identifier", t.patient)},
		{http.MethodPost, "/MedicationRequest/_search", formContent, askingFor("patient.identifier", t.patient, askingFor("identifier", t.tablet))}}
}

// wrongDispensations are about a prescription that was really fetched.
func (w *watched) wrongDispensations(c *counter, t truth) []leakRequest {
	w.Helper()
	fetched, err := c.fetch(context.Background(), t.patient, t.tablet)
	if err != nil || fetched.Status != http.StatusOK {
		w.Fatalf("no prescription to dispense on: %v", err)
	}
	var all []leakRequest
	for _, change := range []struct {
		packages int
		old, new string
	}{{99, "", ""}, {0, "", ""}, {1, `"` + t.patient.Value + `"`, `"` + t.other.Value + `"`}, {1, `"completed"`, `"` + t.family + `"`},
		{1, `"code":"`, `"code":"` + t.family}, {1, `"{Package}"`, `"` + t.patient.Value + `"`}, {1, `"` + t.tablet.Value + `"`, `"` + t.patient.Value + `"`},
		{1, `"whenHandedOver":"`, `"whenHandedOver":"` + t.family}} {
		message, err := c.dispensation(fetched.Body, newDispensation(), change.packages, "completed")
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, leakRequest{http.MethodPost, "/MedicationDispense", fhirJSON, strings.ReplaceAll(string(message), change.old, change.new)})
	}
	return all
}

// strangeHeaders sends personal data where the pharmacy's software says who it is.
func (w *watched) strangeHeaders(c *counter, t truth) {
	w.Helper()
	token, _, err := c.issuer.token(c.client)
	if err != nil {
		w.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + base64.RawURLEncoding.EncodeToString([]byte(t.family)), "Sild-Country": t.family,
		"Sild-Purpose": t.patient.Value, "Sild-Counter": t.family + ", " + t.patient.Value} {
		header := http.Header{"Authorization": {"Bearer " + token}, "Sild-Country": {c.country}, "Sild-Purpose": {string(node.Treatment)},
			"Sild-Counter": {"identity-seen, patient-informed"}}
		header.Set(name, value)
		w.send(c.http, c.base+"/Patient/_search", header, askingFor("identifier", t.patient))
	}
}

func (w *watched) send(client *http.Client, address string, header http.Header, body string) {
	w.Helper()
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	request.Header = header
	header.Set("Content-Type", formContent)
	response, err := client.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	w.keep(address, response.StatusCode, response.Header, answer)
}

// strangeDoors asks as a peer without a token or with an unsigned one, asks the operator's door, and says a name to
// every door before any request.
func (w *watched) strangeDoors(corridor node.Corridor, t truth) {
	w.Helper()
	a, b := w.bridge.nodes[corridor.A], w.bridge.nodes[corridor.B]
	entry, _ := b.list.Load().Participant(corridor.A)
	peer := &http.Client{Transport: &http.Transport{TLSClientConfig: rest.TLS(entry.TLSServerPins, b.tls), DisableKeepAlives: true}}
	for _, token := range []string{"", "Bearer " + t.patient.Value, "Bearer " + base64.RawURLEncoding.EncodeToString([]byte(`{"patient":"`+t.patient.Value+`"}`)) + ".e30.AA"} {
		w.send(peer, "https://"+a.Config.Listen.Peers+"/fhir/Patient/_search", http.Header{"Authorization": {token}}, askingFor("identifier", t.patient))
	}
	operator := "http://" + a.Config.Listen.Operator
	w.send(http.DefaultClient, operator+"/token", http.Header{}, "client_id="+t.patient.Value)
	w.send(http.DefaultClient, operator+"/"+url.PathEscape(t.family), http.Header{}, t.family)
	for _, address := range []string{a.Config.Listen.Peers, a.Config.Listen.Pharmacy, a.Config.Listen.Operator} {
		plain, err := net.Dial("tcp", address)
		if err != nil {
			w.Fatal(err)
		}
		fmt.Fprintf(plain, "GET /%s HTTP/1.1\r\n%s: %s\r\n\r\n", t.family, t.patient.Value, t.family)
		_ = plain.SetReadDeadline(time.Now().Add(time.Second))
		_, _ = io.Copy(io.Discard, plain)
		_ = plain.Close()
	}
}
