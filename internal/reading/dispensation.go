package reading

import (
	"strconv"

	"sild/node"
)

// dispensation shows what a pharmacy handed out, on which prescription.
func (w *writer) dispensation(d *node.Dispensation, of node.Patient) Block {
	s := sheet{writer: w}
	s.row("dispensation.status", w.worded("status", d.Status))
	s.must("dispensation.packages", w.number(d.Packages))
	if d.Takes != d.Packages {
		s.row("dispensation.takes", w.number(d.Takes))
	}
	substituted := w.notSaid()
	if d.Substituted != nil {
		substituted = w.answer(*d.Substituted)
	}
	s.row("dispensation.substituted", substituted)
	s.date("dispensation.handed", d.HandedOver)
	s.date("dispensation.recorded", d.Recorded)
	s.practitioner("dispensation.pharmacist", d.Pharmacist)
	s.texts("notes", d.Notes...)
	if d.ClosesRemainder {
		s.row("dispensation.rest", Value{Translated: w.say("dispensation.lapses"), TranslatedIn: w.language})
	}
	s.ids("dispensation.prescription", d.Prescription)
	s.ids("prescription.group", d.Group)
	s.ids("dispensation.id", d.ID)
	s.ids("dispensation.item", d.Item)
	b := Block{Heading: w.say("dispensation"), Rows: s.rows}
	if d.Status == string(node.InError) {
		b.State, b.Grave = w.say("error.dispensation"), true
	}
	b.Inner = append(b.Inner, w.medicine(w.say("medicine.handed"), &d.Medication))
	if d.Prescribed != nil {
		b.Inner = append(b.Inner, w.medicine(w.say("medicine.prescribed"), d.Prescribed))
	}
	b.Inner = append(b.Inner, w.another(d.Patient, of)...)
	return b
}

// answer is yes or no.
func (w *writer) answer(yes bool) Value {
	return Value{Original: strconv.FormatBool(yes), Translated: w.say("answer." + strconv.FormatBool(yes)), TranslatedIn: w.language}
}
