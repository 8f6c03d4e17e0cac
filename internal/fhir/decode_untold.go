package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// afresh forgets what is claimed in a value, so that what a reader takes from now on is known apart, and gives back what was
// claimed before.
func (d *decoder) afresh(v value) []bool {
	within := d.claimed[v.at:v.cell().next]
	before := slices.Clone(within)
	clear(within)
	return before
}

// again claims what was claimed before too.
func (d *decoder) again(v value, before []bool) {
	for i, was := range before {
		d.claimed[int(v.at)+i] = d.claimed[int(v.at)+i] || was
	}
}

// untold says that a dosage, or a part of one, holds something that was not taken into the record just now. own are the
// slots of the record. What the patient is to be told is read with the whole prescription.
func (d *decoder) untold(v value, own []*translation.Slot) bool {
	for _, inner := range v.each {
		switch {
		case d.isBeside(inner):
		case d.claimed[inner.at]:
			if inner.get("comparator").there() { // of a length of time, whose field has no sign
				return true
			}
		case d.places != nil && d.places[inner.at] != nil && slices.Contains(own, d.places[inner.at]):
		case inner.count() == 0 || d.untold(inner, own):
			return true
		}
	}
	return false
}

// marked says that a contact point before found that the source says more.
func (d *decoder) marked(v value) bool {
	return d.claim(extension(v, extUntold)).get("valueBoolean").text() == "true"
}

// isBeside says that a member of a dosage tells nothing about how the medicine is taken, or is read elsewhere. An extension
// may not change what it stands on (FHIR R4 2.4.0.2.2), so only one that answers yes is heeded, such as Kanta's for a dosage
// that holds in its words alone.
func (d *decoder) isBeside(v value) bool {
	switch {
	case v.kind() == nullKind || v.name() != "" && v.name()[0] == '_' || d.isStructure(v):
		return true
	case d.of[v.at] != nil && d.of[v.at].name == "Extension":
		return v.get("valueBoolean").text() != "true"
	case d.of[v.at] != nil && d.of[v.at].name == "CodeableConcept" && v.parent().name() == "additionalInstruction":
		return v.get("text").there() && len(d.codings(v)) == 0 // words without a code are read
	}
	return v.name() == "patientInstruction" && d.places == nil
}

// ownSlots are the coded places that a dosage holds.
func ownSlots(o node.Dosage) []*translation.Slot {
	return append(slices.Clone(o.NeededFor), o.Route, o.Site, o.Dose.Unit, o.DoseHigh.Unit, o.Rate.Amount.Unit, o.Rate.High.Unit, o.Most.Amount.Unit,
		o.Most.High.Unit)
}
