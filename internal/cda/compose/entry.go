package compose

import (
	"slices"

	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// statement is one entry of a section at its place in the record.
type statement struct {
	*node.Entry
	section string // LOINC
	path    string
	number  string // where it stands, for a number of its own where the record gives none
	known   bool   // of an absence: that there is nothing is known
}

// entry writes one statement in the shape that its kind has in CDA, and names what that shape cannot hold.
func (c *composer) entry(s statement) {
	if s.Kind == node.AnAbsence && s.Negated {
		c.lose(s.path, deniedAbsence)
		return
	}
	if s.Kind == node.AnAbsence {
		c.strayAbsence(s)
		return
	}
	if s.Negated && (s.Kind == node.ADevice || s.Kind == node.APanel) {
		c.lose(s.path, "CDA cannot deny a supply or a group of observations, so the statement is left out: unsaid is not the opposite.")
		return
	}
	c.start("entry", "typeCode", "COMP")
	switch s.Kind {
	case node.AnAllergy:
		c.allergy(s)
	case node.AProblem:
		c.problem(s)
	case node.AMedicationUse:
		c.medicationUse(s)
	case node.ADevice:
		c.device(s)
	case node.AProcedure:
		c.procedure(s)
	case node.AnImmunisation:
		c.immunisation(s)
	case node.APanel:
		c.panel(s)
	case node.AnObservation:
		c.observation(s)
	default:
		c.act(s)
	}
	c.end()
}

const deniedAbsence = "A denied absence cannot be said, so the statement is left out: unsaid is not the opposite."

// strayAbsence writes an absence that stands among statements, such as "no known food allergies" beside one to latex.
func (c *composer) strayAbsence(s statement) {
	rule := ruleOf(s.section)
	if rule.none == "" || s.What == nil || s.What.Current.Code == "" {
		c.lose(s.path, "CDA has no code for this absence.")
		return
	}
	s.known = s.What.Current.Code != rule.info
	c.absence(s, rule)
}

// id writes the identifiers of a statement. One that CDA writes as a concern around an observation (depth 0 and 1) gives
// its first to the concern and the others to the observation.
func (c *composer) id(s statement, depth int) {
	ids := s.IDs
	if depth == 0 && s.isConcern() && len(ids) > 1 {
		ids = ids[:1]
	} else if depth == 1 {
		ids = ids[min(1, len(ids)):]
	}
	written := false
	for i, id := range ids {
		attributes, ok := c.instance(id)
		if !ok {
			c.lose(s.path+".id["+itoa(i+depth)+"]", "The identifier's system has no number (OID), so it cannot stand in CDA.")
			continue
		}
		c.empty("id", attributes...)
		written = true
	}
	if !written {
		number := s.number
		if depth == 1 {
			number += ".1"
		}
		c.derivedID(number)
	}
}

func (s statement) isConcern() bool {
	switch s.section {
	case "48765-2", "11450-4", "11348-0":
		return s.Kind == node.AnAbsence || s.Kind == node.AnAllergy || s.Kind == node.AProblem
	}
	return s.Kind == node.AnAllergy || s.Kind == node.AProblem
}

// state writes the life cycle of a statement as an ActStatus of HL7 v3; otherwise stands where the record is silent.
func (c *composer) state(s statement, otherwise string) {
	code := s.State
	switch s.State {
	case "":
		code = otherwise
	case "active", "completed", "suspended", "aborted", "cancelled", "nullified", "held", "new", "normal", "obsolete":
	case "on-hold":
		code = "suspended"
	case "stopped":
		code = "aborted"
	case string(node.InError):
		code = "nullified"
	default:
		code = ""
		c.lose(s.path+".state", "A state that HL7 v3 does not know cannot stand in CDA.")
	}
	if code == "" {
		c.empty("statusCode", "nullFlavor", "NI")
		return
	}
	c.empty("statusCode", "code", code)
}

// negation is the attribute that denies a statement.
func negation(s statement) string {
	if s.Negated {
		return "true"
	}
	return ""
}

// since writes from when to when something is so, or that nobody knows.
func (c *composer) since(s statement, attributes ...string) {
	if (s.When == node.Period{}) {
		c.empty("effectiveTime", append(attributes, "nullFlavor", "UNK")...)
		return
	}
	c.interval("effectiveTime", s.When, s.path+".when", attributes...)
}

// done writes when something was done: a moment where no end is given. range is the type that a span of time needs where
// the element takes a moment (SXCM_TS).
func (c *composer) done(s statement, ranged string) {
	if s.When.From != "" && (s.When.To == "" || s.When.To == s.When.From) {
		c.moment("effectiveTime", s.When.From, s.path+".when")
		return
	}
	c.since(s, "xsi:type", ranged)
}

// recorded writes when the statement was recorded, as the time of an author who is not named.
func (c *composer) recordedAt(s statement) {
	if s.Recorded == "" {
		return
	}
	c.start("author", "typeCode", "AUT")
	c.moment("time", s.Recorded, s.path+".recorded")
	c.start("assignedAuthor", "classCode", "ASSIGNED")
	c.empty("id", "nullFlavor", "NI")
	c.ends(2)
}

// question is an observation that always asks the same, and of which only the answer counts.
type question struct {
	relation, inverted string
	templates          []string
	code, system, name string
	typ                string
}

// The questions that hang on an allergy or a problem.
var (
	askCriticality = question{"SUBJ", "", []string{"~3.33"}, "82606-5", oid.LOINC, "Allergy or intolerance criticality", "CD"}
	askAllergy     = question{"SUBJ", "", []string{"~3.35"}, "66455-7", oid.LOINC, "Condition status", "CD"}
	askAllergic    = question{"REFR", "", []string{"~3.34"}, "33999-4", oid.LOINC, "Status", "CD"}
	askSeverity    = question{"SUBJ", "true", []string{"ihe.4.1", "ccd.55"}, "SEV", oid.ActCode, "Severity", "CD"}
	askDiagnosis   = question{"SUBJ", "true", []string{"~3.49"}, "66455-7", oid.LOINC, "Condition status", "CD"}
	askProblem     = question{"REFR", "", []string{"~3.9", "ihe.4.1.1", "ccd.57", "ccd.50"}, "33999-4", oid.LOINC, "Status", "CE"}
)

// ask writes a question with its answer; without an answer nothing is asked.
func (c *composer) ask(q question, answer *translation.Slot) {
	if answer == nil {
		return
	}
	c.start("entryRelationship", "typeCode", q.relation, "inversionInd", q.inverted)
	c.start("observation", "classCode", "OBS", "moodCode", "EVN")
	c.templates(q.templates...)
	c.fixed("code", q.code, q.system, q.name)
	c.empty("statusCode", "code", "completed")
	c.coded("value", answer, "xsi:type", q.typ)
	c.ends(2)
}

// leftover names what an entry says and its shape in CDA does not hold; held are the fields that it does. Coded places are
// named by their own slots.
func (c *composer) leftover(s statement, held ...string) {
	e := s.Entry
	for _, field := range []struct {
		name string
		said bool
	}{
		{"state", e.State != ""}, {"negated", e.Negated}, {"when", e.When != node.Period{}}, {"recorded", e.Recorded != ""},
		{"reactions", len(e.Reactions) > 0}, {"result", !e.Result.IsZero() && e.Result.Code == nil}, {"medication", e.Medication != nil && !isBlank(e.Medication)},
		{"dosage", len(e.Dosage) > 0}, {"number", e.Number != ""}, {"text", e.Text != ""},
	} {
		if field.said && !slices.Contains(held, field.name) {
			c.lose(s.path+"."+field.name, "A statement of this kind has no place for it in CDA.")
		}
	}
	for i := range e.Members {
		if !slices.Contains(held, "members") {
			c.lose(s.path+".member["+itoa(i)+"]", "A statement of this kind has no members in CDA.")
		}
	}
}

// isBlank says that a medicine says nothing but what an immunisation holds anyway.
func isBlank(m *node.Medication) bool {
	return m.Name == "" && m.Product == nil && m.Form == nil && len(m.Classification) == 0 && len(m.Ingredients) == 0 &&
		len(m.Parts) == 0 && m.Strength == "" && m.Text == "" && m.Generic == nil && m.Holder == "" &&
		m.Package.Items.IsZero() && m.Package.Content.IsZero() && len(m.Package.Levels) == 0
}
