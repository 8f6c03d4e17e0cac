package node

import (
	"context"
	"fmt"
	"time"

	"sild/translation"
	"sild/trust"
)

// Ask is country B's face: it asks other countries for our pharmacies and clinics. Every verb runs in the same order:
// admitted by the Gate, allowed to this profession by our own law, permitted by the trust list, asked of the peer,
// carried to the reader's language, encoded, committed to the journal, returned.
type Ask struct {
	Country   string
	Languages []string // of our professionals, best first (BCP 47)
	Route     Route
	List      func() *trust.List
	Rules     *Rules
	Catalogue func() *translation.Catalogue
	// Snapshot finds a snapshot that was in force when a prescription was fetched, or nil when it is gone. It may be nil
	// where the tables never change while the node runs.
	Snapshot func(release string) *translation.Catalogue
	Tongue   Tongue
	Journal  AskJournal
	Now      func() time.Time
	KeepLife time.Duration // how long a fetched prescription is kept for dispensing
	Retry    func(tries int) time.Duration
}

// Route finds the peer that answers for a country of affiliation: its participant id, the wire it is asked over and
// the Exchange that asks it.
type Route func(country string) (participant string, wire trust.Wire, peer Exchange, ok bool)

// NewAsk checks that nothing is missing.
func NewAsk(a Ask) (*Ask, error) {
	if a.Route == nil || a.List == nil || a.Rules == nil || a.Catalogue == nil || a.Tongue == nil || a.Journal == nil ||
		a.Now == nil || a.Retry == nil {
		return nil, fmt.Errorf("country %s: route, trust list, rules, catalogue, tongue, journal, clock and retry are all needed", a.Country)
	}
	return &a, nil
}

var _ Exchange = (*Ask)(nil)

// FindPatient asks the country of affiliation for the patient at the counter.
func (a *Ask) FindPatient(ctx context.Context, call Call, who Demographics) (*Patient, error) {
	const op = "ask.find-patient"
	peer, call, err := a.open(ctx, op, call, FindPatientVerb)
	if err != nil {
		return nil, err
	}
	patient, err := peer.FindPatient(ctx, call.Outward(), who)
	if err != nil {
		return nil, a.refuse(ctx, call, atEntrance(err))
	}
	if !patient.Has(call.Patient) {
		return nil, a.refuse(ctx, call, fail(op, Unavailable, "peer.other-patient", "The other contact point answered with another patient."))
	}
	if err := a.Journal.Fetched(ctx, a.event(call, ReadStage), nil); err != nil {
		return nil, unlogged(op, err)
	}
	return patient, nil
}

// pinned is this face with the snapshot of this moment: one call is answered by one snapshot, whatever is activated
// meanwhile.
func (a *Ask) pinned() *Ask {
	one, catalogue := *a, a.Catalogue()
	one.Catalogue = func() *translation.Catalogue { return catalogue }
	return &one
}

// Summary fetches the patient summary and carries it to the reader's language.
func (a *Ask) Summary(ctx context.Context, call Call, ref Ref) (*Document, error) {
	const op = "ask.summary"
	a = a.pinned()
	peer, call, err := a.open(ctx, op, call, SummaryVerb)
	if err != nil {
		return nil, err
	}
	answer, err := peer.Summary(ctx, call.Outward(), ref)
	if err != nil {
		return nil, a.refuse(ctx, call, atEntrance(err))
	}
	d, err := a.understand(op, call, answer.Out)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if d.Summary == nil {
		return nil, a.refuse(ctx, call, strange(op))
	}
	if err := a.encode(d); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	event := a.event(call, ReadStage)
	event.Documents = []string{d.Summary.ID.Value}
	event.Hash, event.Release = d.Out.Hash, a.Catalogue().Release()
	if err := a.Journal.Fetched(ctx, event, nil); err != nil {
		return nil, unlogged(op, err)
	}
	return d, nil
}

// Prescriptions lists what the patient can have dispensed here.
func (a *Ask) Prescriptions(ctx context.Context, call Call, filter Filter) (*Listing, error) {
	const op = "ask.prescriptions"
	a = a.pinned()
	peer, call, err := a.open(ctx, op, call, PrescriptionsVerb)
	if err != nil {
		return nil, err
	}
	answer, err := peer.Prescriptions(ctx, call.Outward(), filter)
	if err != nil {
		return nil, a.refuse(ctx, call, atEntrance(err))
	}
	d, err := a.understand(op, call, answer.Out)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if err := a.encode(d); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	listing := &Listing{Withheld: answer.Withheld, Document: d, Out: d.Out}
	event := a.event(call, ReadStage)
	event.Hash, event.Release = d.Out.Hash, a.Catalogue().Release()
	for _, p := range d.Prescriptions {
		listing.Items = append(listing.Items, Item{Ref: Ref{ID: p.ID}, Status: p.Status, Date: p.Authored})
		event.Documents = append(event.Documents, p.ID.Value)
	}
	if err := a.Journal.Fetched(ctx, event, nil); err != nil {
		return nil, unlogged(op, err)
	}
	return listing, nil
}

// Prescription fetches one prescription in full and keeps it for some hours, so that it can be dispensed on.
func (a *Ask) Prescription(ctx context.Context, call Call, ref Ref) (*Document, error) {
	const op = "ask.prescription"
	a = a.pinned()
	peer, call, err := a.open(ctx, op, call, PrescriptionVerb)
	if err != nil {
		return nil, err
	}
	asked := a.Now() // what is delivered from now on need not be in the answer
	answer, err := peer.Prescription(ctx, call.Outward(), ref)
	if err != nil {
		return nil, a.refuse(ctx, call, atEntrance(err))
	}
	d, err := a.understand(op, call, answer.Out)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	p := d.Prescription()
	if p == nil || (ref.Handle == "" && p.ID != ref.ID) {
		return nil, a.refuse(ctx, call, strange(op))
	}
	if e := Refusal(a.Catalogue(), d); e != nil {
		e.Op = op
		return nil, a.refuse(ctx, call, e)
	}
	if e := contradiction(a.Catalogue(), d); e != nil {
		e.Op, e.Kind = op, Untranslatable // of what a register holds or a peer sends; the pharmacy's own message is Invalid
		return nil, a.refuse(ctx, call, e)
	}
	if reason := undispensable(p, a.Now()); reason != "" {
		return nil, a.refuse(ctx, call, fail(op, NotFound, reason, noPrescription))
	}
	if err := a.encode(d); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	event := a.event(call, ReadStage)
	event.Documents = []string{p.ID.Value}
	event.Hash, event.Release = d.Out.Hash, a.Catalogue().Release()
	kept := Kept{Country: call.Corridor.A, ID: p.ID, Patient: call.Patient, Format: d.Format, Source: d.Source, Terminology: a.Catalogue().Tables(),
		Expires: asked.Add(a.KeepLife)}
	if err := a.Journal.Fetched(ctx, event, []Kept{kept}); err != nil {
		return nil, unlogged(op, err)
	}
	return d, nil
}

// open is the way out: the call was admitted, our law lets the profession ask this, and the trust list lets us ask
// that country. It gives the peer and the call with the peer's name in it.
func (a *Ask) open(ctx context.Context, op string, call Call, verb Verb) (Exchange, Call, error) {
	if err := call.admitted(op, verb); err != nil {
		return nil, call, err
	}
	if !lifted("profession") && !a.Rules.Profession(a.Country, call.Person.Role, verb) {
		return nil, call, a.refuse(ctx, call, fail(op, Refused, "profession", "Your profession may not ask for this."))
	}
	participant, wire, peer, ok := a.Route(call.Corridor.A)
	if !ok {
		return nil, call, a.refuse(ctx, call, fail(op, Refused, "peer.none", "There is no connection to the patient's country."))
	}
	call.Peer = participant
	if !a.permitted(participant, wire, call.Corridor.A, verb) {
		return nil, call, a.refuse(ctx, call, fail(op, Refused, "trust.decision", "The trust list does not allow this connection."))
	}
	return peer, call, nil
}

// permitted asks the trust list whether we may ask that participant now.
func (a *Ask) permitted(participant string, wire trust.Wire, country string, verb Verb) bool {
	return a.List().Decide(trust.Question{Participant: participant, Direction: trust.Answers, Service: ServiceFor(verb),
		A: country, B: a.Country, Wire: wire, At: a.Now()}).Permit
}

// understand decodes what a peer sent, checks whose it is and carries every code to our language.
func (a *Ask) understand(op string, call Call, sent *Encoded) (*Document, error) {
	d, err := a.Tongue.Decode(sent.Body())
	if err != nil {
		return nil, &Error{Op: op, Kind: Unavailable, Reason: "peer.unreadable", Err: err,
			Detail: "The answer of the other contact point cannot be read."}
	}
	if d.Format.InCDA() != sent.Format.InCDA() {
		return nil, strange(op) // each wire has its own family
	}
	aboutNobody := d.Kind == AListing && len(d.Prescriptions) == 0
	if !aboutNobody && !d.about(call.Patient) {
		return nil, fail(op, Unavailable, "peer.other-patient", "The other contact point answered about another patient.")
	}
	d.At = a.Now().UTC()
	CarryIn(a.Catalogue(), a.Country, a.Languages, d)
	return d, nil
}

// encode splices our renderings into the peer's bytes and adds our half of the loss report to theirs.
func (a *Ask) encode(d *Document) error {
	out, err := a.Tongue.Encode(d, d.Format, nil, Loss(d, a.Catalogue().Release()))
	if err != nil {
		return err
	}
	d.Out = out
	return nil
}

// atEntrance keeps a peer's "I do not know you" from looking as if our own pharmacy were not signed in: it is this
// node that was turned away, and its operator who must act.
func atEntrance(err error) error {
	e := *AsError(err)
	if e.Kind != Untrusted && e.Kind != Unidentified {
		return err
	}
	e.Kind, e.Detail = Unavailable, "The other country's contact point did not accept this node's request."
	return &e
}

func strange(op string) *Error {
	return fail(op, Unavailable, "peer.other-document", "The other contact point answered with something else than was asked.")
}

func (a *Ask) refuse(ctx context.Context, call Call, refusal error) error {
	e := AsError(refusal)
	event := a.event(call, RefusedStage)
	event.Kind, event.Reason = e.Kind.String(), e.Reason
	if err := a.Journal.Refused(context.WithoutCancel(ctx), event); err != nil {
		return unlogged(e.Op, err)
	}
	return e
}

func (a *Ask) event(call Call, stage Stage) Event { return eventOf(call, stage, "B", a.Now()) }
