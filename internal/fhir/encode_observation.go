package fhir

import (
	"sild/node"
	"sild/translation"
)

// observation writes an Observation: a question with its answer, several of them made together, or a statement of a
// kind that has no resource of its own.
func (e *encoder) observation(s statement) {
	members := e.membersOf(s)
	e.begin(s, nil)
	e.concepts("category", s.Type)
	e.required("code", s.What)
	e.reference("subject", e.patientID)
	e.when("effective", s)
	if isInstant(s.Recorded) {
		e.text("issued", s.Recorded)
	} else if s.Recorded != "" {
		e.lose(s.at+".recorded", "The pivot form wants a time of the day with it.")
	}
	e.answer(s)
	if s.Result.IsZero() && len(members) == 0 {
		e.addedConcept("dataAbsentReason", translation.Coding{})
	}
	e.concepts("interpretation", s.Result.Interpretation)
	e.notesOf(s)
	e.concept("bodySite", s.Site)
	list := e.array("hasMember")
	for _, member := range members {
		e.reference("", member.id)
	}
	e.close(list)
	e.endEntry("")
	e.loseRest(s, "when", "recorded", "answer", "text", "member")
	for _, member := range members {
		e.write(member)
	}
}

// membersOf gives the members of a panel their ids. One that cannot be said is left out and reported.
func (e *encoder) membersOf(s statement) []statement {
	var members []statement
	for i := range s.Members {
		n := "[" + itoa(len(members)) + "]"
		member := statement{Entry: &s.Members[i], path: s.path + ".hasMember" + n, at: s.at + ".member[" + itoa(i) + "]",
			section: s.section, language: s.language}
		if !member.sayable() {
			e.lose(member.at, "The pivot form cannot deny this kind of statement, so it is left out.")
			continue
		}
		member.id = entryID(e.root, member.path)
		members = append(members, member)
	}
	return members
}

// answer writes the value of an observation. R4 has one: of several the one that says most precisely what was found.
func (e *encoder) answer(s statement) {
	r, at := s.Result, s.at+".answer"
	lose := func(said bool, name string) {
		if said {
			e.lose(at+"."+name, "An observation of the pivot form has one answer.")
		}
	}
	measured := !r.Quantity.IsZero() || !r.High.IsZero()
	switch {
	case r.Code != nil && !e.hidden(r.Code):
		e.concept("valueCodeableConcept", r.Code)
		lose(measured, "quantity")
		lose(r.Text != "", "text")
		lose(r.Date != "", "date")
	case measured:
		e.measured(r)
		lose(r.Text != "", "text")
		lose(r.Date != "", "date")
	case r.Text != "":
		e.text("valueString", r.Text)
		lose(r.Date != "", "date")
	default:
		e.date("valueDateTime", r.Date, at+".date")
	}
}

func (e *encoder) measured(r node.Result) {
	if r.High.IsZero() {
		e.resultQuantity("valueQuantity", r.Quantity)
		return
	}
	mark := e.object("valueRange")
	e.resultQuantity("low", r.Quantity)
	e.resultQuantity("high", r.High)
	e.close(mark)
}

// resultQuantity writes a measured value. A sign such as "less than" stands only in the number of the unit's slot.
func (e *encoder) resultQuantity(name string, q node.Quantity) {
	q, sign := signed(q)
	e.compared(name, q, sign)
}

// signed parts the sign before a number from it.
func signed(q node.Quantity) (node.Quantity, string) {
	if q.Unit == nil {
		return q, ""
	}
	for _, sign := range []string{"<=", ">=", "<", ">"} {
		if q.Unit.Number == sign+q.Value {
			return q, sign
		}
	}
	return q, ""
}
