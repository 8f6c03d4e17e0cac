package fhir

import (
	"sild/node"
	"sild/translation"
)

// medicationUse writes a MedicationStatement and the Medication of its own. What is taken may be no more than a code.
func (e *encoder) medicationUse(s statement) {
	medicine := entryID(e.root, s.path+".medication")
	own := s.Medication != nil && !onlyCoded(s.Entry)
	e.begin(s, nil)
	e.concept("category", s.Type)
	if own {
		e.reference("medicationReference", medicine)
	} else {
		e.required("medicationCodeableConcept", s.What)
	}
	e.reference("subject", e.patientID)
	e.period("effectivePeriod", s)
	e.date("dateAsserted", s.Recorded, s.at+".recorded")
	e.concepts("reasonCode", s.Reasons...)
	e.notesOf(s)
	e.dosages("dosage", s.at+".", s.Dosage, "")
	e.endEntry("")
	if own {
		e.medicines(s.Medication, medicine, s.path+".medicationReference", s.at+".medication")
	}
	e.loseRest(s, "when", "recorded", "medication", "dosage", "text")
}

// onlyCoded says that the medicine is no more than the code that the statement is about.
func onlyCoded(e *node.Entry) bool {
	m := *e.Medication
	if e.What == nil || len(m.Classification) > 1 || len(m.Classification) == 1 && m.Classification[0] != e.What {
		return false
	}
	if m.Name != "" && m.Name != orElse(e.What.Text, e.What.Current.Display) {
		return false
	}
	m.Classification, m.Name = nil, ""
	return isEmptyMedicine(&m)
}

func isEmptyMedicine(m *node.Medication) bool {
	return m.Product == nil && m.Name == "" && len(m.Classification) == 0 && m.Form == nil && len(m.Ingredients) == 0 &&
		len(m.Package.Levels) == 0 && m.Package.Items.IsZero() && m.Package.Content.IsZero() && len(m.Parts) == 0 && m.Text == "" &&
		m.Strength == "" && m.Generic == nil && m.Holder == ""
}

// medicines writes the Medication of a statement, and one for each part of a combination pack.
func (e *encoder) medicines(m *node.Medication, id, path, at string) {
	var parts []string
	for i := range m.Parts {
		parts = append(parts, entryID(e.root, path+".part["+itoa(i)+"]"))
	}
	e.entry(id, "Medication", "")
	e.walk(path)
	e.medicineCode(m)
	e.medication(m, at, parts)
	e.endEntry("")
	for i := range m.Parts {
		inner, part := path+".ingredient["+itoa(len(m.Ingredients)+i)+"].itemReference", m.Parts[i]
		if len(part.Parts) > 0 {
			e.lose(at+".part["+itoa(i)+"].part", "A part of a combination pack has parts of its own.")
			part.Parts = nil
		}
		e.medicines(&part, parts[i], inner, at+".part["+itoa(i)+"]")
	}
}

// medicineCode writes the code that every Medication of a summary has: its class, or its name where it has none.
func (e *encoder) medicineCode(m *node.Medication) {
	for _, slot := range m.Classification {
		if !e.hidden(slot) && (isATC(slot.Current.System) || isATC(slot.Original().System)) {
			e.concept("code", slot)
			return
		}
	}
	if m.Name == "" {
		e.addedConcept("code", translation.Coding{})
		return
	}
	mark := e.object("code")
	e.text("text", m.Name)
	e.close(mark)
}
