package rest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/node"
)

var patient = &node.Patient{Identifiers: []node.Identifier{mari}, Family: "Maasikas", Given: []string{"Mari"}, BirthDate: "1980-01-01", Sex: "female"}

func encoded(format node.Format, body string) *node.Encoded {
	sum := sha256.Sum256([]byte(body))
	return &node.Encoded{Format: format, Parts: []node.Part{{ContentType: jsonContent, Body: []byte(body)}}, Hash: hex.EncodeToString(sum[:])}
}

// receipt is one that Estonia seals over the bytes of a dispensation.
func (c *corridor) receipt(source []byte, change func(*node.Receipt)) *node.Receipt {
	c.Helper()
	sum := sha256.Sum256(source)
	r := &node.Receipt{ID: "0123456789abcdef0123456789abcdef", State: node.ReceiptRecorded, Dispensation: node.Identifier{System: "urn:oid:1.2.5", Value: "D1"},
		Prescription: node.Identifier{System: "urn:oid:1.2.6", Value: "RX1"}, Digest: hex.EncodeToString(sum[:]), At: noon, Left: "2", Signed: true}
	if change != nil {
		change(r)
	}
	seal, err := jose.Sign(c.ee.seal, c.ee.kid(), ReceiptType, node.ReceiptClaims("EE", r))
	if err != nil {
		c.Fatal(err)
	}
	if r.Body, err = (fhir.Tongue{Participant: "EE"}).EncodeReceipt(r, string(seal)); err != nil {
		c.Fatal(err)
	}
	return r
}

func TestAPatientIsFoundOverTheWire(t *testing.T) {
	c := newCorridor(t, nil)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return patient, nil }
	call := c.call(node.FindPatientVerb)
	got, err := c.client().FindPatient(context.Background(), call, node.Demographics{BirthDate: "1980-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Has(mari) || got.Family != "Maasikas" || got.BirthDate != "1980-01-01" || got.Sex != "female" {
		t.Errorf("another patient came back: %+v", got)
	}
	asked := c.desk.calls[0]
	if asked.Peer != "FI" || asked.Corridor != (node.Corridor{A: "EE", B: "FI"}) || asked.Patient != mari || c.desk.who.BirthDate != "1980-01-01" {
		t.Errorf("the face was asked something else: %+v", asked)
	}
	if asked.Person.Name != pharmacist.Name || asked.Person.Organisation != pharmacist.Organisation || asked.Correlation != call.Correlation {
		t.Errorf("who asks was lost on the way: %+v", asked)
	}
}

func TestNobodyIsTheSameAnswerAsNotFound(t *testing.T) {
	c := newCorridor(t, nil)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
		return nil, &node.Error{Kind: node.NotFound, Reason: "restriction", Detail: "secret"}
	}
	_, err := c.client().FindPatient(context.Background(), c.call(node.FindPatientVerb), node.Demographics{})
	if e := node.AsError(err); e.Kind != node.NotFound || e.Reason != "patient.none" || e.Detail == "secret" {
		t.Errorf("want a plain nothing, got %v", err)
	}
}

func TestDocumentsComeByteForByte(t *testing.T) {
	c := newCorridor(t, nil)
	client, ctx := c.client(), context.Background()
	body := `{"resourceType":"Bundle", "anything":  1.50 }`
	c.desk.answer = func(call node.Call, _ node.Ref, _ []byte) (any, error) {
		if call.Verb == node.PrescriptionsVerb {
			return &node.Listing{Out: encoded(node.MPD, body)}, nil
		}
		return &node.Document{Out: encoded(call.Reply, body)}, nil
	}
	listing, err := client.Prescriptions(ctx, c.call(node.PrescriptionsVerb), node.Filter{Status: node.Active})
	if err != nil || string(listing.Out.Body()) != body || listing.Out.Format != node.MPD {
		t.Errorf("listing: %v", err)
	}
	id := node.Identifier{System: "urn:oid:1.2|3", Value: `a\b,c$d`}
	prescription, err := client.Prescription(ctx, c.call(node.PrescriptionVerb), node.Ref{ID: id})
	if err != nil || string(prescription.Source) != body || prescription.Out.Hash != encoded("", body).Hash {
		t.Errorf("prescription: %v", err)
	}
	if c.desk.ref.ID != id {
		t.Errorf("the identifier changed on the way: %+v", c.desk.ref.ID)
	}
	summary, err := client.Summary(ctx, c.call(node.SummaryVerb), node.Ref{})
	if err != nil || string(summary.Out.Body()) != body || summary.Out.Format != node.EPS || summary.Kind != node.ASummary {
		t.Errorf("summary: %v", err)
	}
	for i, want := range []node.Format{node.MPD, node.MPD, node.EPS} {
		if got := c.desk.calls[i].Reply; got != want {
			t.Errorf("call %d was to be answered in %q, got %q", i, want, got)
		}
	}
}

func TestWithheldItemsOfAListingAreReadBack(t *testing.T) {
	c := newCorridor(t, nil)
	out, err := fhir.Tongue{Participant: "EE"}.EncodeListing(nil, []node.Withheld{{Slot: "medication.form", Detail: "No map."}}, node.MPD, &node.Report{Release: "r"})
	if err != nil {
		t.Fatal(err)
	}
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return &node.Listing{Out: out}, nil }
	listing, err := c.client().Prescriptions(context.Background(), c.call(node.PrescriptionsVerb), node.Filter{})
	if err != nil || len(listing.Withheld) != 1 || listing.Withheld[0].Slot != "medication.form" {
		t.Errorf("withheld: %+v, %v", listing, err)
	}
}

func TestADispensationGetsItsReceiptAndAReplayTheSame(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "completed")
	first := c.receipt(source, nil)
	replayed := *first
	replayed.Replayed = true
	answers := []*node.Receipt{first, &replayed}
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return answers[len(c.desk.calls)-1], nil }
	call := c.call(node.DispenseVerb)
	call.Evidence.ActAt = noon.Add(-time.Hour)
	for i, want := range answers {
		got, err := c.client().Dispense(context.Background(), call, &node.Document{Source: source})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Body, first.Body) || got.Replayed != want.Replayed || !got.Signed || got.Left != "2" || got.Digest != first.Digest {
			t.Errorf("receipt %d: %+v", i, got)
		}
		if !bytes.Equal(c.desk.source, source) {
			t.Errorf("the dispensation changed on the way")
		}
		if at := c.desk.calls[i].Evidence.ActAt; !at.Equal(noon.Add(-time.Hour)) {
			t.Errorf("the act's own time was lost: %v", at)
		}
	}
}

func TestAWithdrawalNamesTheReceipt(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "entered-in-error")
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
		return c.receipt(source, func(r *node.Receipt) { r.State = node.ReceiptWithdrawn }), nil
	}
	got, err := c.client().Withdraw(context.Background(), c.call(node.WithdrawVerb), node.Withdrawal{Receipt: "abc-1", Source: source})
	if err != nil || got.State != node.ReceiptWithdrawn || c.desk.ref.Handle != "abc-1" || !bytes.Equal(c.desk.source, source) {
		t.Errorf("withdrawal: %+v, %v, asked for %+v", got, err, c.desk.ref)
	}
	if _, err := c.client().Withdraw(context.Background(), c.call(node.WithdrawVerb), node.Withdrawal{Receipt: "../Patient?identifier=1"}); !node.KindIs(err, node.NotFound) {
		t.Errorf("a receipt id that is an address: %v", err)
	}
}

func TestWhatIsOfferedIsFetchedByHandle(t *testing.T) {
	c := newCorridor(t, nil)
	body, ctx, client := `{"resourceType":"Bundle"}`, context.Background(), c.client()
	id := node.Identifier{System: "urn:oid:1.2.6", Value: "RX1"}
	c.desk.answer = func(call node.Call, ref node.Ref, _ []byte) (any, error) {
		d := &node.Document{Out: encoded(call.Reply, body), Handle: "h7", Summary: &node.Summary{ID: id}}
		if call.Verb == node.PrescriptionsVerb && call.Offer {
			return &node.Listing{Items: []node.Item{{Ref: node.Ref{ID: id, Handle: "h1"}, Date: "2026-09-01", Document: d}},
				Withheld: []node.Withheld{{Slot: "medication.form", Detail: "No map."}}}, nil
		}
		return d, nil
	}
	call := c.call(node.PrescriptionsVerb)
	call.Offer = true
	listing, err := client.Prescriptions(ctx, call, node.Filter{})
	if err != nil || len(listing.Items) != 1 || len(listing.Withheld) != 1 {
		t.Fatalf("offer: %+v, %v", listing, err)
	}
	item := listing.Items[0]
	if item.Ref != (node.Ref{ID: id, Handle: "h1"}) || item.Date != "2026-09-01" || item.Document.Out.Hash != encoded("", body).Hash {
		t.Errorf("the offer says something else: %+v", item)
	}
	got, err := client.Prescription(ctx, c.call(node.PrescriptionVerb), item.Ref)
	if err != nil || string(got.Out.Body()) != body || got.Out.Hash != item.Document.Out.Hash || c.desk.ref.Handle != "h1" {
		t.Errorf("fetch: %+v, %v", got, err)
	}
	call = c.call(node.SummaryVerb)
	call.Offer = true
	offered, err := client.Summary(ctx, call, node.Ref{})
	if err != nil || offered.Handle != "h7" {
		t.Fatalf("offered summary: %+v, %v", offered, err)
	}
	if got, err = client.Summary(ctx, c.call(node.SummaryVerb), node.Ref{Handle: "h7"}); err != nil || c.desk.ref.Handle != "h7" || string(got.Source) != body {
		t.Errorf("fetched summary: %v", err)
	}
	if _, err := client.Summary(ctx, c.call(node.SummaryVerb), node.Ref{Handle: "../x"}); !node.KindIs(err, node.NotFound) {
		t.Errorf("a handle that is an address: %v", err)
	}
}

func TestEveryKindOfFailureCrossesTheWire(t *testing.T) {
	c := newCorridor(t, nil)
	client := c.client()
	for _, kind := range node.Kinds() {
		c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
			return nil, &node.Error{Op: "answer.prescription", Kind: kind, Reason: "some.reason", Detail: "A sentence.", Slot: "medication.form", Left: "2"}
		}
		_, err := client.Prescription(context.Background(), c.call(node.PrescriptionVerb), node.Ref{ID: mari})
		got := node.AsError(err)
		if got.Kind != kind {
			t.Errorf("%s came back as %v", kind, err)
			continue
		}
		if kind != node.NotFound && (got.Reason != "some.reason" || got.Detail != "A sentence." || got.Slot != "medication.form" || got.Left != "2") {
			t.Errorf("%s lost its words: %+v", kind, got)
		}
	}
}

func TestTheWireIsTheSameOverHTTP2(t *testing.T) {
	c := newCorridor(t, nil)
	c.server.Close()
	c.server = httptest.NewUnstartedServer(c.server.Config.Handler)
	c.server.TLS, c.server.EnableHTTP2 = ServerTLS(c.ee.cert), true
	c.server.StartTLS()
	t.Cleanup(c.server.Close)
	source := dispensation(t, "completed")
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return c.receipt(source, nil), nil }
	client := c.client()
	transport := client.HTTP.Transport.(*http.Transport)
	transport.ForceAttemptHTTP2 = true
	if _, err := client.Dispense(context.Background(), c.call(node.DispenseVerb), &node.Document{Source: source}); err != nil {
		t.Fatal(err)
	}
	response, _ := knock(t, client.HTTP, c.request("GET", "/fhir/metadata", "", "", nil))
	if response.ProtoMajor != 2 || response.StatusCode != http.StatusOK {
		t.Errorf("HTTP/%d with %d", response.ProtoMajor, response.StatusCode)
	}
}
