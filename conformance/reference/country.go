package reference

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"

	"sild/conformance"
	"sild/node"
)

// Options say what the country allows. The zero value of Part keeps the rest; Now is needed.
type Options struct {
	Part      conformance.Part
	Withdraws bool
	Now       func() time.Time
}

// Country is one country in memory. It is safe for many callers at once.
type Country struct {
	options Options

	mu            sync.Mutex
	people        map[node.Identifier]*person
	prescriptions map[node.Identifier]*entry
	dispensations map[node.Identifier]*dispensed
	receipts      map[string]*dispensed
	shelf         map[string]shelved
	made          int
}

// person is a patient and what they allow.
type person struct {
	patient       node.Patient
	summary       *node.Summary
	restricted    bool
	ambiguous     bool
	noConsent     bool
	child         bool
	summaryHidden bool
	sectionHidden string
}

// entry is a prescription of the register.
type entry struct {
	record   node.Prescription
	left     int
	excluded bool // by the corridor
}

// dispensed is a dispensation and what was said about it.
type dispensed struct {
	id           node.Identifier
	patient      node.Identifier
	prescription node.Identifier
	took         int // packages that it used up, a lapsed rest included
	receipt      node.Receipt
	withdrawal   *node.Receipt
}

// shelved is an encoded document that waits to be fetched by handle.
type shelved struct {
	patient node.Identifier
	id      node.Identifier
	out     *node.Encoded
}

// New makes a country with its people and prescriptions.
func New(options Options) *Country {
	if options.Part == "" {
		options.Part = conformance.PartKept
	}
	c := &Country{options: options, people: map[node.Identifier]*person{}, prescriptions: map[node.Identifier]*entry{},
		dispensations: map[node.Identifier]*dispensed{}, receipts: map[string]*dispensed{}, shelf: map[string]shelved{}}
	c.populate()
	return c
}

var _ node.Exchange = (*Country)(nil)

const (
	noPatient      = "No patient was found with these details."
	noPrescription = "There is no such prescription that can be dispensed now."
	noSummary      = "There is no patient summary for this patient."
	noHandle       = "The offered document is no longer available. Ask again."
)

// enter is the gate: the asker is still there, and the call was made for this verb and somebody.
func (c *Country) enter(ctx context.Context, call node.Call, verb node.Verb) error {
	op := "reference." + string(verb)
	if ctx.Err() != nil {
		return fail(op, node.Overdue, "deadline", "The answer took too long.")
	}
	if call.Verb != verb || call.Patient.IsZero() || call.Evidence.ID == "" {
		return fail(op, node.Unidentified, "call.unadmitted", "The request did not pass the entrance checks.")
	}
	return nil
}

// person finds the one patient who may be spoken of; nil for nobody, several and restricted.
func (c *Country) person(id node.Identifier) *person {
	if p := c.people[id]; p != nil && !p.restricted && !p.ambiguous {
		return p
	}
	return nil
}

// entitle applies the rules about the patient, where there is one.
func entitle(op string, p *person) error {
	switch {
	case p != nil && p.noConsent:
		return fail(op, node.Refused, "rule.reference-consent", "The patient has not agreed that data cross the border.")
	case p != nil && p.child:
		return fail(op, node.Refused, "rule.reference-age", "The corridor serves adults only.")
	}
	return nil
}

// FindPatient answers name, birth date, sex and the identifier of the call.
func (c *Country) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	const op = "reference.find-patient"
	if err := c.enter(ctx, call, node.FindPatientVerb); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(call.Patient)
	if err := entitle(op, p); err != nil {
		return nil, err
	}
	if p == nil || (who.BirthDate != "" && who.BirthDate != p.patient.BirthDate) {
		return nil, fail(op, node.NotFound, "patient.none", noPatient)
	}
	return &node.Patient{Identifiers: []node.Identifier{call.Patient}, Family: p.patient.Family,
		Given: append([]string(nil), p.patient.Given...), BirthDate: p.patient.BirthDate, Sex: p.patient.Sex}, nil
}

// Prescriptions lists what can be dispensed now, translated; nobody has an empty listing.
func (c *Country) Prescriptions(ctx context.Context, call node.Call, _ node.Filter) (*node.Listing, error) {
	const op = "reference.prescriptions"
	if err := c.enter(ctx, call, node.PrescriptionsVerb); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(call.Patient)
	if err := entitle(op, p); err != nil {
		return nil, err
	}
	listing := &node.Listing{}
	var documents []*node.Document
	whole := &node.Report{Release: release}
	for _, e := range c.dispensable(p, call.Patient) {
		d, err := c.translated(e)
		if err != nil {
			listing.Withheld = append(listing.Withheld, node.Withheld{ID: e.record.ID, Slot: node.AsError(err).Slot, Detail: node.AsError(err).Detail})
			continue
		}
		item := node.Item{Ref: node.Ref{ID: e.record.ID}, Status: e.record.Status, Date: e.record.Authored, Document: d}
		if call.Offer {
			item.Ref.Handle = c.offer(call.Patient, e.record.ID, d.Out)
		}
		listing.Items = append(listing.Items, item)
		documents = append(documents, d)
		whole.Told = slices.AppendSeq(whole.Told, d.Out.Report.Lines())
	}
	out, err := Tongue{}.EncodeListing(documents, listing.Withheld, Format, whole)
	listing.Out = out
	return listing, err
}

func (c *Country) offer(patient, id node.Identifier, out *node.Encoded) string {
	handle := node.NewCorrelation()
	c.shelf[handle] = shelved{patient: patient, id: id, out: out}
	return handle
}

// dispensable gives the patient's prescriptions that may cross and can be dispensed now, in order of their identifiers.
func (c *Country) dispensable(p *person, patient node.Identifier) []*entry {
	var found []*entry
	for _, e := range c.prescriptions {
		if p != nil && e.record.Patient.Has(patient) && c.open(e) {
			found = append(found, e)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].record.ID.Value < found[j].record.ID.Value })
	return found
}

func (c *Country) open(e *entry) bool {
	today := c.options.Now().UTC().Format(time.DateOnly)
	return !e.excluded && e.left > 0 && e.record.Status == node.Active && e.record.Valid.To >= today
}

// Prescription answers one prescription of the patient that can be dispensed now, by identifier or by handle.
func (c *Country) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "reference.prescription"
	if err := c.enter(ctx, call, node.PrescriptionVerb); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(call.Patient)
	if err := entitle(op, p); err != nil {
		return nil, err
	}
	var promised *node.Encoded
	if ref.Handle != "" {
		s, ok := c.shelf[ref.Handle]
		if !ok || s.patient != call.Patient {
			return nil, fail(op, node.NotFound, "handle.none", noHandle)
		}
		promised, ref.ID = s.out, s.id
	}
	e := c.prescriptions[ref.ID]
	if e == nil || p == nil || !e.record.Patient.Has(call.Patient) || !c.open(e) {
		return nil, fail(op, node.NotFound, "prescription.none", noPrescription)
	}
	d, err := c.translated(e)
	if err != nil {
		return nil, err
	}
	if promised != nil {
		d.Out = promised
	}
	return d, nil
}

// Summary answers the patient's summary without what they forbade.
func (c *Country) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "reference.summary"
	if err := c.enter(ctx, call, node.SummaryVerb); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.person(call.Patient)
	if err := entitle(op, p); err != nil {
		return nil, err
	}
	promised, onShelf := c.shelf[ref.Handle]
	if ref.Handle != "" && (!onShelf || promised.patient != call.Patient) {
		return nil, fail(op, node.NotFound, "handle.none", noHandle)
	}
	if p == nil || p.summary == nil || p.summaryHidden {
		return nil, fail(op, node.NotFound, "summary.none", noSummary)
	}
	d, err := c.translatedSummary(p)
	if err != nil {
		return nil, err
	}
	if onShelf {
		d.Out = promised.out
	}
	if call.Offer {
		d.Handle = c.offer(call.Patient, p.summary.ID, d.Out)
	}
	return d, nil
}
