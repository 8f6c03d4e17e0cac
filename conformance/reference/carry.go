package reference

import (
	"encoding/json"
	"strconv"

	"sild/node"
	"sild/translation"
)

// The two invented code systems of the country and of the border.
const (
	National = "urn:sild:reference:national"
	Pivot    = "urn:sild:reference:pivot"

	release = "reference-tables-1"
)

// row is one line of the country's concept map.
type row struct {
	national, pivot string
	relation        translation.Relation
	draft           bool
}

// rows is the whole concept map: what is not in it cannot be carried.
func rows() []row {
	return []row{
		{"tabl", "form-tablet", translation.Equivalent, false},
		{"syr", "form-syrup", translation.Equivalent, true},
		{"atc-fine", "atc-fine", translation.Equivalent, false},
		{"atc-finest", "atc-fine", translation.Wider, false},
		{"subst-a", "subst-alpha", translation.Equivalent, false},
		{"subst-b", "subst-beta", translation.Equivalent, false},
		{"mg-n", "mg", translation.Equivalent, false},
		{"allergy-n", "allergy", translation.Equivalent, false},
		{"illness-n", "illness", translation.Equivalent, false},
	}
}

// carry translates one coded place. False when the map has no row for it.
func carry(slot *translation.Slot) bool {
	for _, r := range rows() {
		if slot.Original().System == National && slot.Original().Code == r.national {
			slot.Take(&translation.Step{Kind: translation.Transcode, Relation: r.relation, Map: "reference", Release: release, Draft: r.draft},
				translation.Coding{System: Pivot, Code: r.pivot})
			slot.Amount, slot.Fate = slot.Number, translation.Mapped
			return true
		}
	}
	slot.Fate, slot.Reason = translation.Refused, "no row of the map carries the code"
	return false
}

// source writes what the register holds: the evidence that is never changed.
func source(p page) ([]byte, error) {
	out, err := encoded(p)
	return out.Body(), err
}

// translated decodes the register's own bytes, carries every code and encodes. A code that cannot be carried refuses
// the document with the slot.
func (c *Country) translated(e *entry) (*node.Document, error) {
	record := e.record
	record.Amount.Left = strconv.Itoa(e.left)
	bytes, err := source(page{Kind: node.APrescription, Patient: record.Patient, Prescriptions: []*node.Prescription{&record}})
	if err != nil {
		return nil, err
	}
	return carried(bytes)
}

func carried(bytes []byte) (*node.Document, error) {
	d, err := Tongue{}.Decode(bytes)
	if err != nil {
		return nil, err
	}
	report := &node.Report{Release: release}
	for _, slot := range d.Slots {
		if !carry(slot) {
			e := fail("reference.carry", node.Untranslatable, "slot.refused", "A part of the document that must be right cannot be translated.")
			e.Slot = slot.Path
			return nil, e
		}
		report.Told = append(report.Told, node.Line{Path: slot.Path, Field: slot.Field, Fate: slot.Fate,
			Original: slot.Original(), Current: slot.Current, Relation: slot.Relation(), Draft: slot.Draft()})
	}
	d.Out, err = Tongue{}.Encode(d, Format, nil, report)
	return d, err
}

// translatedSummary cuts what is forbidden before anything is written, so that no byte and no line speaks of it.
func (c *Country) translatedSummary(p *person) (*node.Document, error) {
	summary := *p.summary
	summary.Sections = nil
	for _, section := range p.summary.Sections {
		if section.Code != p.sectionHidden {
			summary.Sections = append(summary.Sections, section)
		}
	}
	bytes, err := json.Marshal(page{Kind: node.ASummary, Patient: p.patient, Summary: &summary})
	if err != nil {
		return nil, fail("reference.summary", node.Internal, "page", "The document cannot be written.")
	}
	return carried(bytes)
}
