package rest

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/node"
)

func TestAReceiptThatIsNotSealedOverWhatItSaysIsNone(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "completed")
	stolen := newParty(t, "EE")
	reseal := func(r *node.Receipt, seal string) *node.Receipt {
		body, err := fhir.Tongue{Participant: "EE"}.EncodeReceipt(r, seal)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = body
		return r
	}
	sign := func(p party, kid, typ string, r *node.Receipt) string {
		seal, err := jose.Sign(p.seal, kid, typ, node.ReceiptClaims("EE", r))
		if err != nil {
			t.Fatal(err)
		}
		return string(seal)
	}
	good := func() *node.Receipt { return c.receipt(source, nil) }
	for name, receipt := range map[string]*node.Receipt{
		"no seal":                    reseal(good(), ""),
		"noise":                      reseal(good(), "noise"),
		"another key":                reseal(good(), sign(stolen, c.ee.kid(), ReceiptType, good())),
		"our own key":                reseal(good(), sign(c.fi, c.fi.kid(), ReceiptType, good())),
		"a call token's type":        reseal(good(), sign(c.ee, c.ee.kid(), CallType, good())),
		"a seal over another amount": reseal(c.receipt(source, func(r *node.Receipt) { r.Left = "0" }), sign(c.ee, c.ee.kid(), ReceiptType, good())),
		"a seal over another digest": reseal(c.receipt(source, func(r *node.Receipt) { r.Digest = "00" }), sign(c.ee, c.ee.kid(), ReceiptType, good())),
		"a receipt that only waits":  reseal(c.receipt(source, func(r *node.Receipt) { r.State = node.ReceiptWaiting }), ""),
	} {
		c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return receipt, nil }
		got, err := c.client().Dispense(context.Background(), c.call(node.DispenseVerb), &node.Document{Source: source})
		if e := node.AsError(err); got != nil || e.Kind != node.Unavailable || e.Reason != "receipt.seal" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAReceiptSealedBeforeAKeyChangeStaysGood(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "completed")
	receipt := c.receipt(source, nil)
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return receipt, nil }
	client := c.client()
	entry, _ := c.list.Participant("EE")
	if err := client.sealed(receipt, sealOf(t, receipt)); err != nil {
		t.Fatal(err)
	}
	client.Now = func() time.Time { return entry.SealKeys[0].NotAfter.Add(time.Hour) }
	if err := client.sealed(receipt, sealOf(t, receipt)); err != nil {
		t.Errorf("the first receipt again, after the key ended: %v", err)
	}
	late := c.receipt(source, func(r *node.Receipt) { r.At = entry.SealKeys[0].NotAfter.Add(time.Hour) })
	if client.sealed(late, sealOf(t, late)) == nil {
		t.Error("a receipt of a time at which the key had ended was believed")
	}
}

func sealOf(t *testing.T, r *node.Receipt) string {
	t.Helper()
	_, seal, err := fhir.DecodeReceipt(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return seal
}

func TestWhatAnotherServerMaySayIsNoAnswer(t *testing.T) {
	c := newCorridor(t, nil)
	client := c.client()
	client.MostBytes = 1 << 10
	for name, say := range map[string]http.HandlerFunc{
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, c.server.URL+"/elsewhere", http.StatusTemporaryRedirect)
		},
		"a page":            func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html></html>")) },
		"an endless answer": answering(200, strings.Repeat("a", 1<<20)),
		"a packed answer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			answering(200, "{}")(w, r)
		},
		"half an answer": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "900")
			answering(200, "{}")(w, r)
		},
		"not found without our words": answering(404, "{}"),
		"created instead of found":    answering(201, "{}"),
		"several patients": answering(200, `{"resourceType":"Bundle","type":"searchset","total":2,"entry":[`+
			strings.Repeat(`{"resource":{"resourceType":"Patient","identifier":[{"system":"a","value":"b"}],"name":[{"family":"x"}]}},`, 1)+
			`{"resource":{"resourceType":"Patient","identifier":[{"system":"a","value":"b"}],"name":[{"family":"x"}]}}]}`),
	} {
		c.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Errorf("%s was followed", name)
			}
			say(w, r)
		})
		got, err := client.FindPatient(context.Background(), c.call(node.FindPatientVerb), node.Demographics{})
		if !node.KindIs(err, node.Unavailable) || got != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonContent)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestAPeerThatIsDownOrSlowSaysSo(t *testing.T) {
	c := newCorridor(t, nil)
	client := c.client()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	done := make(chan struct{})
	c.server.Config.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done })
	if _, err := client.Summary(ctx, c.call(node.SummaryVerb), node.Ref{}); !node.KindIs(err, node.Overdue) {
		t.Errorf("a slow peer: %v", err)
	}
	close(done)
	c.server.Close()
	if _, err := client.Summary(context.Background(), c.call(node.SummaryVerb), node.Ref{}); !node.KindIs(err, node.Unavailable) {
		t.Errorf("a peer that is down: %v", err)
	}
}

func TestTheClientPutsNoPatientIntoAnAddress(t *testing.T) {
	c := newCorridor(t, nil)
	client := c.client()
	inner := c.server.Config.Handler
	c.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.String(), mari.Value) {
			t.Errorf("%s names the patient", r.URL)
		}
		inner.ServeHTTP(w, r)
	})
	refuse := &node.Error{Kind: node.Refused, Reason: "r"}
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return nil, refuse }
	ctx := context.Background()
	for _, verb := range node.Verbs() {
		call := c.call(verb)
		err := ask(ctx, client, call)
		if !node.KindIs(err, node.Refused) || strings.Contains(err.Error(), mari.Value) {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

func ask(ctx context.Context, client *Client, call node.Call) (err error) {
	switch call.Verb {
	case node.FindPatientVerb:
		_, err = client.FindPatient(ctx, call, node.Demographics{})
	case node.SummaryVerb:
		_, err = client.Summary(ctx, call, node.Ref{})
	case node.PrescriptionsVerb:
		_, err = client.Prescriptions(ctx, call, node.Filter{})
	case node.PrescriptionVerb:
		_, err = client.Prescription(ctx, call, node.Ref{ID: mari})
	case node.DispenseVerb:
		_, err = client.Dispense(ctx, call, &node.Document{Source: []byte("{}")})
	case node.WithdrawVerb:
		_, err = client.Withdraw(ctx, call, node.Withdrawal{Receipt: "a", Source: []byte("{}")})
	}
	return err
}

func TestAClientThatLacksSomethingIsNotMade(t *testing.T) {
	c := newCorridor(t, nil)
	good := *c.client()
	for name, spoil := range map[string]func(*Client){
		"plain http":     func(c *Client) { c.Base = "http://127.0.0.1/fhir" },
		"no seal key":    func(c *Client) { c.Signer = nil },
		"no trust list":  func(c *Client) { c.List = nil },
		"no peer":        func(c *Client) { c.Peer = "" },
		"no certificate": func(c *Client) { c.Thumbprint = "" },
		"a long life":    func(c *Client) { c.Life = time.Hour },
	} {
		bad := good
		spoil(&bad)
		if _, err := NewClient(bad); err == nil {
			t.Errorf("%s: made all the same", name)
		}
	}
}
