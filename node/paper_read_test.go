package node_test

import (
	"sild/node"
	"sild/translation"
)

// slots finds the slot of a coded place of a paper.
type slots map[*code]*translation.Slot

// Decode reads a paper of any form.
func (paperTongue) Decode(source []byte) (*node.Document, error) {
	p, err := open(source)
	if err != nil {
		return nil, err
	}
	d := &node.Document{Kind: p.Kind, Format: p.Form, Source: source, Patient: p.Patient.record(), Peer: p.Report}
	found := slots{}
	for _, place := range p.places() {
		slot := place.slot()
		found[place.code] = slot
		d.Slots = append(d.Slots, slot)
	}
	d.Code = found[p.Code]
	for _, s := range p.Scripts {
		d.Prescriptions = append(d.Prescriptions, found.prescription(s, d.Patient))
	}
	if p.Handout != nil {
		d.Dispensation = found.dispensation(p.Handout, d.Patient)
	}
	if span := spanOf(source, p.Patient.Address); span.Len() > 0 {
		d.Elements = append(d.Elements, node.Element{Name: "address", Spans: []translation.Span{span}})
		d.Residue = append(d.Residue, node.Residue{Path: "patient.address", Why: "no record holds it", Span: span})
	}
	if span := spanOf(source, p.Extra); span.Len() > 0 {
		d.Residue = append(d.Residue, node.Residue{Path: "extra", Why: "no record holds it", Span: span})
	}
	if p.Summary != nil {
		found.summary(d, p.Summary)
	}
	return d, nil
}

func (p person) record() node.Patient {
	return node.Patient{Identifiers: p.IDs, Family: p.Family, Given: p.Given, BirthDate: p.Born, Sex: p.Sex, Protected: p.Protected}
}

func (f slots) quantity(c *count) node.Quantity {
	if c == nil {
		return node.Quantity{}
	}
	return node.Quantity{Value: c.Value, Unit: f[c.Unit]}
}

func (f slots) medication(m *medicine) node.Medication {
	if m == nil {
		return node.Medication{}
	}
	record := node.Medication{Product: f[m.Product], Name: m.Name, Form: f[m.Form],
		Package: node.Package{Items: f.quantity(&m.Items), Content: f.quantity(m.Content)}}
	for _, atc := range m.ATC {
		record.Classification = append(record.Classification, f[atc])
	}
	for _, in := range m.Ingredients {
		one := node.Ingredient{Substance: f[in.Substance]}
		if in.Amount != nil {
			one.Strength = &node.Ratio{Numerator: f.quantity(in.Amount), Denominator: f.quantity(in.Per)}
		}
		record.Ingredients = append(record.Ingredients, one)
	}
	for _, part := range m.Parts {
		record.Parts = append(record.Parts, f.medication(part))
	}
	return record
}

func (f slots) prescription(s *script, patient node.Patient) *node.Prescription {
	if s.Patient != nil {
		patient = s.Patient.record()
	}
	p := &node.Prescription{ID: s.ID, Status: s.Status, Authored: s.Authored, Valid: node.Period{From: s.From, To: s.To},
		Patient: patient, Medication: f.medication(s.Medicine), Amount: node.Amount{Packages: s.Packages, Left: s.Left, Total: f.quantity(s.Total)},
		Substitution: node.Substitution{Allowed: s.Substitute}, Classes: s.Classes}
	if s.Dose != nil {
		p.Dosage = []node.Dosage{{Dose: f.quantity(s.Dose)}}
	}
	return p
}

func (f slots) dispensation(h *handout, patient node.Patient) *node.Dispensation {
	if h.Patient != nil {
		patient = h.Patient.record()
	}
	return &node.Dispensation{ID: h.ID, Status: "completed", Prescription: h.Script, Patient: patient,
		Pharmacist: node.Practitioner{ID: node.Identifier{Value: h.Pharmacist},
			Organisation: node.Organisation{ID: node.Identifier{Value: h.Pharmacy}}},
		Medication: f.medication(h.Medicine), Packages: h.Packages, HandedOver: h.Recorded, Recorded: h.Recorded,
		Substituted: h.Substituted}
}

func (f slots) summary(d *node.Document, s *folder) {
	d.Summary = &node.Summary{ID: s.ID, Date: s.Date, Patient: d.Patient}
	for _, read := range s.read {
		record := node.Section{Code: read.LOINC, State: node.HasEntries}
		for _, c := range read.Codes {
			record.Slots = append(record.Slots, f[c])
		}
		d.Summary.Sections = append(d.Summary.Sections, record)
		d.Elements = append(d.Elements, node.Element{Name: "section:" + read.LOINC,
			Section: node.SectionPath(read.LOINC, 1), Spans: []translation.Span{read.span}})
		d.Residue = append(d.Residue, node.Residue{Path: "section." + read.LOINC + ".text", Why: "narrative", Span: read.span})
	}
}
