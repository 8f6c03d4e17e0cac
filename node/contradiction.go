package node

import "sild/translation"

// contradiction finds a required slot whose chain of codes does not agree with itself: what the pharmacist sees, the
// shared code and the code that country A wrote must mean the same thing and the same amount. A map that we do not have
// decides nothing.
func contradiction(catalogue *translation.Catalogue, d *Document) *Error {
	for _, slot := range d.Slots {
		if slot.Required && severallyNamed(slot) && catalogue.Agreement(slot) == translation.Contradicts {
			return &Error{Kind: Invalid, Reason: "slot.contradiction", Slot: slot.Path,
				Detail: "The codes or amounts written for one thing contradict each other: " + slot.Path + "."}
		}
	}
	for _, m := range medicines(d) {
		if others := misnamed(catalogue, m); len(others) > 0 {
			return &Error{Kind: Invalid, Reason: "slot.contradiction", Slot: others[0].Path, Detail: otherSubstance + " " + others[0].Path + "."}
		}
		if slot := doubled(catalogue, m); slot != nil {
			return &Error{Kind: Invalid, Reason: "slot.contradiction", Slot: slot.Path,
				Detail: "The unit of a strength is a quotient already, and the strength has a denominator too: " + slot.Path + "."}
		}
	}
	return nil
}

// medicines are those that a prescription or dispensation is about.
func medicines(d *Document) []*Medication {
	var found []*Medication
	for _, p := range d.Prescriptions {
		found = append(found, &p.Medication)
	}
	if d.Dispensation != nil {
		found = append(found, &d.Dispensation.Medication)
	}
	return found
}

// doubled finds a strength that is written as a quotient in its unit and has a denominator too.
func doubled(catalogue *translation.Catalogue, m *Medication) *translation.Slot {
	for _, ingredient := range m.Ingredients {
		if s := ingredient.Strength; s != nil && s.Denominator.Value != "" && s.Numerator.Unit != nil && catalogue.Quotient(s.Numerator.Unit) {
			return s.Numerator.Unit
		}
	}
	for i := range m.Parts {
		if slot := doubled(catalogue, &m.Parts[i]); slot != nil {
			return slot
		}
	}
	return nil
}
