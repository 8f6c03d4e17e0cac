package reading

import (
	"slices"
	"strings"

	"sild/node"
)

// patient shows of whom the document speaks. That an address is protected is not told: no address crosses the border.
func (w *writer) patient(p node.Patient) Block {
	s := sheet{writer: w}
	s.must("patient.name", neutral(fullName(p.Given, p.Family)))
	s.must("patient.birth", w.day(p.BirthDate))
	s.must("patient.sex", w.worded("sex", p.Sex))
	var ids []Value
	for _, id := range p.Identifiers {
		ids = append(ids, identifier(id))
	}
	s.must("patient.id", ids...)
	return Block{Heading: w.say("patient"), Rows: s.rows}
}

// subject names the patient in one line.
func (w *writer) subject(d *node.Document) string {
	return joined(", ", fullName(d.Patient.Given, d.Patient.Family), w.day(d.Patient.BirthDate).Translated)
}

// another shows a record's own patient where it is not the document's, so that nobody overlooks it.
func (w *writer) another(own, document node.Patient) []Block {
	if samePerson(own, document) || samePerson(own, node.Patient{}) {
		return nil
	}
	b := w.patient(own)
	b.Heading = w.say("patient.record")
	return []Block{b}
}

func fullName(given []string, family string) string {
	return joined(" ", strings.Join(given, " "), family)
}

// practitioner adds who did something, and for whom they acted.
func (s *sheet) practitioner(label string, p node.Practitioner) {
	s.names(label, fullName(p.Given, p.Family))
	s.ids("person.id", p.ID)
	s.slots("person.role", p.Role)
	s.organisation("organisation", p.Organisation)
}

func (s *sheet) organisation(label string, o node.Organisation) {
	s.row(label, between(neutral(o.Name), identifier(o.ID), " · "))
}

// samePerson says that two records tell the same of a patient.
func samePerson(a, b node.Patient) bool {
	return slices.Equal(a.Identifiers, b.Identifiers) && slices.Equal(a.Given, b.Given) && a.Family == b.Family &&
		a.BirthDate == b.BirthDate && a.Sex == b.Sex
}
