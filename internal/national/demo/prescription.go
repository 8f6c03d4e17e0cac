package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"sild/internal/cda"
	"sild/node"
)

// prescription is one prescription as the register holds it, and what was handed out on it abroad.
type prescription struct {
	file     string
	id       node.Identifier
	numbers  []string // every identifier that the file gives it: a Finnish one has an id and a setId
	status   node.Status
	authored string
	patient  node.Patient
	form     form
	left     big.Rat // packages when the register was opened, before what the journal holds; a part of one where the file says so
	counted  bool    // false where the prescription does not say how many packages may be handed out

	given  []*dispensed // guarded by Register.mu, in the order of recording
	newest *batch       // guarded by Register.mu: what the last of given becomes durable with; nil when all is on disk
}

// summary is one patient summary as it stands in its file.
type summary struct {
	id     node.Identifier
	date   string
	source []byte
}

// state is how far the prescription has come: what is left of it and whether that lapsed.
func (p *prescription) state() (left *big.Rat, status node.Status) {
	left, status = new(big.Rat).Set(&p.left), p.status
	for _, g := range p.given {
		if g.back != nil {
			continue
		}
		left.Sub(left, g.made.takes())
		if g.made.Closes || left.Sign() < 0 {
			left = new(big.Rat)
		}
		if left.Sign() == 0 && status == node.Active {
			status = node.Completed
		}
	}
	return left, status
}

// document is the prescription as it stands in its national form. Nothing is rewritten but the status of what the
// register itself completed or took back.
func (p *prescription) document(format node.Format) (*node.Document, error) {
	_, status := p.state()
	if status == p.status {
		status = ""
	}
	var notes [][]byte
	for _, g := range p.given {
		note := g.note
		if g.back != nil {
			note = g.erased
		}
		notes = append(notes, note)
	}
	source, err := p.form.document(notes, status)
	if _, inCDA := p.form.(clinical); inCDA {
		format = node.CDA3
	}
	return &node.Document{Kind: node.APrescription, Format: format, Source: source}, err
}

// readPrescription reads one prescription with its medicine and patient.
func (l *loader) readPrescription(file string, source []byte) {
	d, err := l.decode(source)
	if err != nil {
		l.refused(file, source, err)
		return
	}
	r := l.register
	if d.Format != r.nation.format && d.Format != node.CDA3 || d.Prescription() == nil {
		l.fault(file, fmt.Sprintf("not a prescription of this country: %s expected, %s found", r.nation.format, d.Format))
		return
	}
	p, err := l.prescription(file, source, d.Prescription())
	if err == nil {
		err = r.meet(p.patient)
	}
	if err != nil {
		l.fault(file, sentence(err))
		return
	}
	if others := r.byID[p.id]; len(others) > 0 {
		l.skip(file, "loaded, but it has the number of "+others[0].file+": the number names whichever of them is open")
	}
	r.ordered, r.byID[p.id] = append(r.ordered, p), append(r.byID[p.id], p)
	for _, id := range p.patient.Identifiers {
		if !slices.Contains(r.byPatient[id], p) {
			r.byPatient[id] = append(r.byPatient[id], p)
		}
	}
}

// prescription makes what the register holds of a prescription, and reads once more what it will answer.
func (l *loader) prescription(file string, source []byte, read *node.Prescription) (*prescription, error) {
	p := &prescription{file: file, status: read.Status}
	if cda.IsXML(source) {
		p.form, p.numbers = clinical{source}, []string{read.ID.Value}
	} else {
		entries, err := entriesOf(source)
		if err != nil {
			return nil, err
		}
		listed, err := l.listed(read)
		if err != nil {
			return nil, err
		}
		p.form, p.numbers = bundled{l.register.country, append(entries, listed...)}, numbersOf(entries)
	}
	composed, err := p.document(l.register.nation.format)
	if err != nil {
		return nil, err
	}
	d, err := l.decode(composed.Source)
	if err != nil {
		return nil, err
	}
	last := d.Prescription()
	p.id, p.authored, p.patient = last.ID, last.Authored, d.Patient
	amount := last.Amount.Left
	if amount == "" {
		amount = last.Amount.Packages
	}
	if left, ok := node.Packages(amount); ok && left.Sign() >= 0 {
		p.left.Set(left)
		p.counted = true
	}
	return p, nil
}

// whole reads a number of packages that were handed out: a plain whole number that is not negative.
func whole(text string) (int64, bool) {
	number, ok := node.Decimal(text)
	if !ok || !number.IsInt() || number.Sign() < 0 || !number.Num().IsInt64() {
		return 0, false
	}
	return number.Num().Int64(), true
}

// entriesOf gives the entries of a Bundle, byte for byte.
func entriesOf(bundle []byte) ([][]byte, error) {
	var b struct {
		Entry []json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(bundle, &b); err != nil {
		return nil, plainly(err)
	}
	entries := make([][]byte, len(b.Entry))
	for i, entry := range b.Entry {
		entries[i] = entry
	}
	return entries, nil
}

// numbersOf lists every identifier of the MedicationRequest among the entries.
func numbersOf(entries [][]byte) []string {
	var numbers []string
	for _, entry := range entries {
		var request struct {
			Resource struct {
				ResourceType string            `json:"resourceType"`
				Identifier   []node.Identifier `json:"identifier"`
			} `json:"resource"`
		}
		if json.Unmarshal(entry, &request) == nil && request.Resource.ResourceType == "MedicationRequest" {
			for _, id := range request.Resource.Identifier {
				numbers = append(numbers, id.Value)
			}
		}
	}
	return numbers
}

// readSummary reads one patient summary.
func (l *loader) readSummary(file string, source []byte) {
	d, err := l.decode(source)
	if err != nil {
		l.refused(file, source, err)
		return
	}
	if d.Summary == nil {
		l.skip(file, "a document that is no patient summary")
		return
	}
	if err := l.register.meet(d.Patient); err != nil {
		l.fault(file, sentence(err))
		return
	}
	found := &summary{id: d.Summary.ID, date: d.Summary.Date, source: source}
	for _, id := range d.Patient.Identifiers {
		l.register.summaries[id] = append(l.register.summaries[id], found)
	}
}

// readPerson reads a person from a file of their own.
func (l *loader) readPerson(file string, source []byte) {
	patient, err := patientOf(source)
	if err == nil {
		err = l.register.meet(*patient)
	}
	if err != nil {
		l.fault(file, sentence(err))
	}
}

// sentence is what is wrong, for the one who opens the register.
func sentence(err error) string {
	var known *node.Error
	if errors.As(err, &known) && known.Detail != "" {
		return known.Detail
	}
	return err.Error()
}
