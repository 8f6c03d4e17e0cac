package rest

import (
	"context"
	"crypto"
	"errors"
	"net/http"
	"strings"
	"time"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/node"
	"sild/trust"
)

// Client asks one other contact point over the FHIR wire. It is safe for any number of goroutines and keeps nothing
// between two calls: the tokens are fresh, and what comes back is the peer's bytes.
type Client struct {
	Base       string       // address of the peer's door, https://…/fhir
	HTTP       *http.Client // with TLS(…) of the peer's pins; redirects are never followed
	Peer, Self string       // participant ids
	Signer     crypto.Signer
	KID        string             // of our seal key
	Thumbprint string             // of our TLS client certificate: the token is worth nothing on another connection
	List       func() *trust.List // the trust list in force: whose keys seal receipts
	Now        func() time.Time
	Life       time.Duration // of a call token; 2 min, at most 5
	MostBytes  int64         // of an answer; 6 MiB
}

var _ node.Exchange = (*Client)(nil)

// NewClient checks that nothing is missing.
func NewClient(c Client) (*Client, error) {
	switch {
	case !strings.HasPrefix(c.Base, "https://"):
		return nil, errors.New("a peer is asked over https only: " + c.Base)
	case c.HTTP == nil || c.Signer == nil || c.List == nil || c.Now == nil:
		return nil, errors.New("the client needs an HTTP client, a seal key, a trust list and a clock")
	case c.Peer == "" || c.Self == "" || c.KID == "" || c.Thumbprint == "":
		return nil, errors.New("the client needs both participant ids, the id of the seal key and the thumbprint of the TLS certificate")
	case c.Life < 0 || c.Life > 5*time.Minute:
		return nil, errors.New("a call token lives at most five minutes")
	}
	if c.Life == 0 {
		c.Life = 2 * time.Minute
	}
	if c.MostBytes <= 0 {
		c.MostBytes = 6 << 20
	}
	c.Base = strings.TrimRight(c.Base, "/")
	own := *c.HTTP
	own.Jar = nil
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.HTTP = &own
	return &c, nil
}

// FindPatient asks who bears the identifier of the call.
func (c *Client) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	const op = "rest.find-patient"
	fields := []field{{"identifier", tokenOf(call.Patient)}}
	if who.BirthDate != "" {
		fields = append(fields, field{"birthdate", who.BirthDate})
	}
	got, err := c.ask(ctx, call, searching(op, node.FindPatientVerb, "Patient", fields))
	if err != nil {
		return nil, err
	}
	found, err := fhir.DecodePatient(got.body)
	if err != nil {
		return nil, strange(op, err)
	}
	switch len(found) {
	case 0:
		return nil, discreet(&node.Error{Op: op, Kind: node.NotFound}, node.FindPatientVerb)
	case 1:
		return &found[0], nil
	}
	return nil, strange(op, nil)
}

// Prescriptions asks for the listing, or with Call.Offer for handles. What the peer had to withhold is read back; the
// items themselves are the body, which node.Ask decodes.
func (c *Client) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	const op = "rest.prescriptions"
	if call.Offer {
		return c.offers(ctx, call, node.PrescriptionsVerb)
	}
	fields := []field{{"patient.identifier", tokenOf(call.Patient)}}
	if filter.Status != "" {
		fields = append(fields, field{"status", string(filter.Status)})
	}
	got, err := c.ask(ctx, call, searching(op, node.PrescriptionsVerb, "MedicationRequest", fields))
	if err != nil {
		return nil, err
	}
	listing := &node.Listing{Out: got.encoded(node.MPD)}
	if got.mayWithhold() {
		if _, listing.Withheld, err = (fhir.Tongue{}).DecodeListing(got.body); err != nil {
			return nil, strange(op, err)
		}
	}
	return listing, nil
}

// Prescription asks for one prescription, by handle or by identifier.
func (c *Client) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "rest.prescription"
	q := searching(op, node.PrescriptionVerb, "MedicationRequest",
		[]field{{"patient.identifier", tokenOf(call.Patient)}, {"identifier", tokenOf(ref.ID)}})
	if ref.Handle != "" {
		q = fetching(op, node.PrescriptionVerb, "p-"+ref.Handle)
	}
	return c.document(ctx, call, q, node.Document{Kind: node.APrescription, Format: node.MPD})
}

// Summary asks for the patient summary, by handle or as it is now; with Call.Offer for a handle.
func (c *Client) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "rest.summary"
	if call.Offer {
		listing, err := c.offers(ctx, call, node.SummaryVerb)
		if err != nil {
			return nil, err
		}
		if len(listing.Items) != 1 {
			return nil, discreet(&node.Error{Op: op, Kind: node.NotFound}, node.SummaryVerb)
		}
		return listing.Items[0].Document, nil
	}
	q := fetching(op, node.SummaryVerb, "s-"+ref.Handle)
	if ref.Handle == "" {
		q = question{op: op, verb: node.SummaryVerb, method: http.MethodPost, path: "/Patient/$summary", content: jsonContent,
			body: summaryOf(call.Patient)}
	}
	return c.document(ctx, call, q, node.Document{Kind: node.ASummary, Format: node.EPS})
}

func fetching(op string, verb node.Verb, id string) question {
	return question{op: op, verb: verb, method: http.MethodGet, path: "/Bundle/" + id, id: id}
}

func (c *Client) document(ctx context.Context, call node.Call, q question, d node.Document) (*node.Document, error) {
	if q.id != "" && !isID(q.id) {
		return nil, discreet(&node.Error{Op: q.op, Kind: node.NotFound}, q.verb)
	}
	got, err := c.ask(ctx, call, q)
	if err != nil {
		return nil, err
	}
	d.Source, d.Out = got.body, got.encoded(d.Format)
	return &d, nil
}

// Dispense sends a dispensation and checks the receipt that comes back.
func (c *Client) Dispense(ctx context.Context, call node.Call, dispensation *node.Document) (*node.Receipt, error) {
	return c.record(ctx, call, question{op: "rest.dispense", verb: node.DispenseVerb, method: http.MethodPost,
		path: "/MedicationDispense", content: jsonContent, body: sourceOf(dispensation)})
}

// Withdraw sends the withdrawal of a recorded dispensation and checks the receipt that comes back.
func (c *Client) Withdraw(ctx context.Context, call node.Call, withdrawal node.Withdrawal) (*node.Receipt, error) {
	const op = "rest.withdraw"
	if !isID(withdrawal.Receipt) {
		return nil, discreet(&node.Error{Op: op, Kind: node.NotFound}, node.WithdrawVerb)
	}
	return c.record(ctx, call, question{op: op, verb: node.WithdrawVerb, method: http.MethodPut,
		path: "/MedicationDispense/" + withdrawal.Receipt, content: jsonContent, body: withdrawal.Source})
}

func sourceOf(d *node.Document) []byte {
	if d == nil {
		return nil
	}
	return d.Source
}

// record sends what is to be recorded. A receipt that the peer's listed seal key did not sign over exactly what it says
// is no receipt: the dispensation keeps waiting.
func (c *Client) record(ctx context.Context, call node.Call, q question) (*node.Receipt, error) {
	got, err := c.ask(ctx, call, q)
	if err != nil {
		return nil, err
	}
	receipt, seal, err := fhir.DecodeReceipt(got.body)
	if err != nil {
		return nil, strange(q.op, err)
	}
	if err := c.sealed(receipt, seal); err != nil {
		return nil, &node.Error{Op: q.op, Kind: node.Unavailable, Reason: "receipt.seal", Err: err,
			Detail: "The other contact point's receipt is not signed as it must be."}
	}
	receipt.Signed, receipt.Body = true, got.body
	receipt.Replayed = q.verb == node.DispenseVerb && got.status == http.StatusOK
	return receipt, nil
}

var errOtherSeal = errors.New("the signature is about something else")

// sealed verifies the seal with the keys that the peer has now or had when it signed.
func (c *Client) sealed(receipt *node.Receipt, seal string) error {
	peer, ok := c.List().Participant(c.Peer)
	if !ok {
		return errOtherSeal
	}
	signed, err := jose.Verify([]byte(seal), ReceiptType, peer.Keys(c.Now()))
	if err != nil {
		signed, err = jose.Verify([]byte(seal), ReceiptType, peer.Keys(receipt.At))
	}
	if err != nil {
		return err
	}
	if string(signed.Payload) != string(node.ReceiptClaims(peer.Country, receipt)) {
		return errOtherSeal
	}
	return nil
}
