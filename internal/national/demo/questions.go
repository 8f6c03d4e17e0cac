package demo

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sild/internal/cda"
	"sild/node"
)

// FindPatient answers the one person who bears the call's identifier byte for byte, and the birth date where one is
// given. Nobody is NotFound with the reason patient.unknown, several with patient.ambiguous.
func (r *Register) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	const op = "register.find-patient"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	found, err := r.find(op, call.Patient)
	if err != nil {
		return nil, err
	}
	if who.BirthDate != "" && who.BirthDate != found.BirthDate {
		return nil, fail(op, node.NotFound, "patient.unknown", nobodyFound)
	}
	patient := found.Patient
	patient.Identifiers, patient.Given = slices.Clone(patient.Identifiers), slices.Clone(patient.Given)
	return &patient, nil
}

// Summary answers the named summary of the patient, or the newest one, undecoded.
func (r *Register) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "register.summary"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	if _, err := r.find(op, call.Patient); err != nil {
		return nil, err
	}
	var newest *summary
	for _, s := range r.summaries[call.Patient] {
		if (ref == node.Ref{} || s.id == ref.ID) && (newest == nil || before(newest.date, s.date)) {
			newest = s
		}
	}
	if newest == nil {
		return nil, fail(op, node.NotFound, "summary.none", "There is no patient summary for this patient.")
	}
	format := node.EPS
	if cda.IsXML(newest.source) {
		format = node.CDA3
	}
	return &node.Document{Kind: node.ASummary, Format: format, Source: slices.Clone(newest.source)}, nil
}

// Prescriptions lists all of the patient's prescriptions of whatever status, by date and then by id, undecoded. What of
// them may be shown abroad is the corridor's business and not the register's.
func (r *Register) Prescriptions(ctx context.Context, call node.Call, _ node.Filter) (*node.Listing, error) {
	const op = "register.prescriptions"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	if _, err := r.find(op, call.Patient); err != nil {
		return nil, err
	}
	r.mu.Lock()
	items, err := r.items(call.Patient)
	newest := r.journal.newest()
	r.mu.Unlock()
	if err != nil {
		return nil, unreadable(op, err)
	}
	if err := r.kept(op, newest); err != nil {
		return nil, err
	}
	slices.SortStableFunc(items, byDate)
	return &node.Listing{Items: items}, nil
}

func (r *Register) items(patient node.Identifier) ([]node.Item, error) {
	var items []node.Item
	for _, p := range r.byPatient[patient] {
		item, err := r.item(p)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (r *Register) item(p *prescription) (node.Item, error) {
	d, err := p.document(r.nation.format)
	_, status := p.state()
	return node.Item{Ref: node.Ref{ID: p.id}, Status: status, Date: p.authored, Document: d}, err
}

func byDate(a, b node.Item) int {
	switch {
	case before(a.Date, b.Date):
		return -1
	case before(b.Date, a.Date):
		return 1
	}
	return cmp.Or(cmp.Compare(a.Ref.ID.Value, b.Ref.ID.Value), cmp.Compare(a.Ref.ID.System, b.Ref.ID.System))
}

// before orders two FHIR dates or instants; a date is the start of its day in UTC.
func before(a, b string) bool { return moment(a).Before(moment(b)) }

func moment(text string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// Prescription answers one prescription of the patient in full, undecoded.
func (r *Register) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	const op = "register.prescription"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	r.mu.Lock()
	d, newest, err := r.one(op, call.Patient, ref.ID)
	r.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if err := r.kept(op, newest); err != nil {
		return nil, err
	}
	return d, nil
}

// one is a prescription's document and what the records in it become durable with.
func (r *Register) one(op string, patient, id node.Identifier) (*node.Document, *batch, error) {
	p, err := r.prescribed(op, patient, id)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.document(r.nation.format)
	if err != nil {
		return nil, nil, unreadable(op, err)
	}
	if len(r.byID[id]) > 1 {
		return d, r.journal.newest(), nil // which of them is meant depends on the records of the others
	}
	return d, p.newest, nil
}

// prescribed finds a patient's prescription by its id, under the register's lock. Another patient's is as unknown as
// one that does not exist. Where several bear the id, it names the only one of them that is open; with none or several
// open nobody can tell which is meant.
func (r *Register) prescribed(op string, patient, id node.Identifier) (*prescription, error) {
	if _, err := r.find(op, patient); err != nil {
		return nil, err
	}
	var own, open []*prescription
	for _, p := range r.byID[id] {
		if !p.patient.Has(patient) {
			continue
		}
		own = append(own, p)
		if left, status := p.state(); status == node.Active && left.Sign() > 0 {
			open = append(open, p)
		}
	}
	switch {
	case len(own) == 1:
		return own[0], nil
	case len(open) == 1:
		return open[0], nil
	case len(own) > 1:
		return nil, fail(op, node.NotFound, "prescription.ambiguous", noPrescription)
	}
	return nil, fail(op, node.NotFound, "prescription.unknown", noPrescription)
}

const noPrescription = "There is no such prescription."

// kept waits until everything that an answer speaks of is on disk: what could still be lost is not told to anyone.
func (r *Register) kept(op string, b *batch) error {
	if err := r.journal.durable(b); err != nil {
		return unjournaled(op, err)
	}
	return nil
}

func unjournaled(op string, err error) *node.Error {
	return &node.Error{Op: op, Kind: node.Unavailable, Reason: "register.journal", Detail: "The national register cannot record at the moment.", Err: err}
}

func unreadable(op string, err error) *node.Error {
	return &node.Error{Op: op, Kind: node.Internal, Reason: "register.unreadable", Detail: "The national register cannot read its own record.", Err: err}
}
