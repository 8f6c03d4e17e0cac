package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// statement is one entry of a section on its way into a resource.
type statement struct {
	*node.Entry
	id, path string // of the resource, and how a reader's record will call it
	at       string // how the sender's record calls it
	section  string
	language string
}

// resourceOf is the resource that carries a statement. A stated absence takes the one of its section.
func (s statement) resourceOf() string {
	switch s.Kind {
	case node.AnAllergy:
		return "AllergyIntolerance"
	case node.AProblem:
		return "Condition"
	case node.AMedicationUse:
		return "MedicationStatement"
	case node.ADevice:
		return "DeviceUseStatement"
	case node.AProcedure:
		return "Procedure"
	case node.AnImmunisation:
		return "Immunization"
	case node.APlan:
		return "CarePlan"
	case node.ADirectiveEntry:
		return "Consent"
	case node.AnAbsence:
		return absenceResource(s.section)
	}
	return "Observation"
}

func absenceResource(section string) string {
	switch section {
	case "48765-2":
		return "AllergyIntolerance"
	case "11450-4", "11348-0":
		return "Condition"
	case "10160-0":
		return "MedicationStatement"
	case "47519-4":
		return "Procedure"
	case "46264-8":
		return "DeviceUseStatement"
	case "11369-6":
		return "Immunization"
	}
	return "Observation"
}

// kindOf is the kind of statement that a reader takes the resource for, unless it is told another.
func (s statement) kindOf() node.EntryKind {
	if isAbsent(s.What) {
		return node.AnAbsence
	}
	return kindOfResource(s.resourceOf(), len(s.Members) > 0)
}

// sayable says that the form can carry the statement without turning its meaning round. A denied absence is nothing that
// any form can say.
func (s statement) sayable() bool {
	if !s.Negated {
		return true
	}
	if s.kindOf() == node.AnAbsence || s.Kind == node.AnAbsence {
		return false
	}
	switch resource := s.resourceOf(); resource {
	case "AllergyIntolerance", "Condition":
		return true // verificationStatus refuted
	default:
		return denied(resource) != ""
	}
}

// write writes the resource of a statement, and behind it those that it refers to.
func (e *encoder) write(s statement) {
	switch s.resourceOf() {
	case "AllergyIntolerance":
		e.allergy(s)
	case "Condition":
		e.problem(s)
	case "MedicationStatement":
		e.medicationUse(s)
	case "DeviceUseStatement":
		e.deviceUse(s)
	case "Procedure":
		e.procedure(s)
	case "Immunization":
		e.immunisation(s)
	case "CarePlan":
		e.plan(s)
	case "Consent":
		e.directive(s)
	default:
		e.observation(s)
	}
}

// begin starts the resource of a statement with what all of them have. more writes further extensions.
func (e *encoder) begin(s statement, more func()) {
	resource := s.resourceOf()
	e.entry(s.id, resource, "")
	e.walk(s.path)
	e.text("language", s.language)
	e.ownWords(s)
	list := e.array("extension")
	e.stateBeside(s)
	if s.kindOf() != s.Kind {
		e.part(extKind, "valueCode", string(s.Kind))
	}
	if more != nil {
		more()
	}
	e.close(list)
	ids := e.array("identifier")
	for _, id := range s.IDs {
		e.identifier("", id)
	}
	e.close(ids)
	if resource != "AllergyIntolerance" && resource != "Condition" {
		e.status(s)
	}
}

// stateBeside writes the life cycle where the status does not say it.
func (e *encoder) stateBeside(s statement) {
	resource := s.resourceOf()
	said := stateNamed(resource, e.statusOf(s))
	if len(statementStates(resource)) == 0 && isInError(s.State) {
		said = string(node.InError)
	}
	if said != s.State {
		e.part(extState, "valueCode", orElse(s.State, "unknown"))
	}
}

func (e *encoder) statusOf(s statement) string {
	if s.Negated {
		return denied(s.resourceOf())
	}
	return statusNamed(s.resourceOf(), s.State)
}

func (e *encoder) status(s statement) { e.textOrAbsent("status", e.statusOf(s)) }

// ownWords writes the narrative of the resource from the words of the statement.
func (e *encoder) ownWords(s statement) {
	if words := wordsOf(s.Entry, s.language); words != "" {
		e.generated("text", "<p>"+escaped(words)+"</p>", s.language)
	}
}

func (e *encoder) notesOf(s statement) {
	if s.Text != "" {
		e.notes([]string{s.Text})
	}
}

// concepts writes an array of concepts.
func (e *encoder) concepts(name string, slots ...*translation.Slot) {
	list := e.array(name)
	for _, slot := range slots {
		e.concept("", slot)
	}
	e.close(list)
}

// date writes a date, a time of day with its zone, or nothing: what is neither is reported.
func (e *encoder) date(name, value, at string) bool {
	switch {
	case value == "":
		return false
	case !dateIs(value, "dateTime"):
		e.lose(at, "It is no date of the calendar.")
		return false
	}
	e.text(name, value)
	return true
}

// when writes a moment or a period, as the element's name with DateTime or Period behind it.
func (e *encoder) when(name string, s statement) {
	if s.When.From == s.When.To {
		e.date(name+"DateTime", s.When.From, s.at+".when")
		return
	}
	e.period(name+"Period", s)
}

func (e *encoder) period(name string, s statement) {
	mark := e.object(name)
	e.date("start", s.When.From, s.at+".when.from")
	if endsBefore(s.When) {
		e.lose(s.at+".when.to", "It ends before it begins.")
	} else {
		e.date("end", s.When.To, s.at+".when.to")
	}
	e.close(mark)
}

// endsBefore compares what two dates have in common (FHIR per-1).
func endsBefore(p node.Period) bool {
	n := min(len(p.From), len(p.To), len("2006-01-02"))
	return p.To != "" && p.From[:n] > p.To[:n]
}

// loseRest reports what the statement says and its resource has no element for; coded places are reported at the end.
func (e *encoder) loseRest(s statement, held ...string) {
	for _, part := range []struct {
		name string
		said bool
	}{
		{"when", s.When != node.Period{}}, {"recorded", s.Recorded != ""}, {"reaction", len(s.Reactions) > 0},
		{"answer", !s.Result.IsZero()}, {"medication", s.Medication != nil}, {"dosage", len(s.Dosage) > 0},
		{"number", s.Number != ""}, {"text", s.Text != ""}, {"member", len(s.Members) > 0},
	} {
		if part.said && !slices.Contains(held, part.name) {
			e.lose(s.at+"."+part.name, "The pivot form has no place for it in this kind of statement.")
		}
	}
}
