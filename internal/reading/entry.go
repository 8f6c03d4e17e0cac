package reading

import (
	"sild/node"
	"sild/translation"
)

// entryName numbers the statements of a section by what they are about.
func (w *writer) entryName(e *node.Entry, i, of int) string {
	return w.numbered("entry:"+string(e.Kind), i, of)
}

// entry shows one statement. A denial is said before anything else.
func (w *writer) entry(heading string, e *node.Entry) Block {
	s := sheet{writer: w}
	s.row("what:"+string(e.Kind), w.codedIn(e.What, "absence"))
	if e.Medication == nil {
		s.row("entry.answer", w.result(e.Result))
		s.row("result.interpretation", w.codedIn(e.Result.Interpretation, "interpretation"))
	}
	s.row("entry.status", w.codedIn(e.Status, "clinical"))
	s.row("entry.certainty", w.codedIn(e.Certainty, "certainty"))
	s.row("entry.criticality", w.codedIn(e.Criticality, "criticality"))
	s.slots("entry.severity", e.Severity)
	s.row("entry.type", w.codedIn(e.Type, "type"))
	s.row("entry.when", w.period(e.When))
	s.slots("entry.site", e.Site)
	s.reactions(e.Reactions)
	s.slots("entry.reasons", e.Reasons...)
	s.names("entry.number", e.Number)
	if e.Medication != nil { // a measured answer beside a medicine is rare, and is shown all the same
		s.row("entry.answer", w.result(e.Result))
		s.row("result.interpretation", w.codedIn(e.Result.Interpretation, "interpretation"))
	}
	s.texts("entry.words", e.Text)
	s.row("entry.state", w.worded("status", e.State))
	s.date("entry.recorded", e.Recorded)
	s.ids("entry.id", e.IDs...)
	b := Block{Heading: heading, State: w.denial(e), Rows: s.rows}
	b.Grave = b.State != ""
	w.within(&b, e)
	return b
}

// within adds what an entry holds: its medicine, its dosages, the members of a panel.
func (w *writer) within(b *Block, e *node.Entry) {
	if e.Medication != nil {
		heading := w.say("medicine")
		if e.Kind == node.AnImmunisation {
			heading = w.say("medicine.vaccine")
		}
		b.Inner = append(b.Inner, w.medicine(heading, e.Medication))
	}
	if len(e.Dosage) > 0 {
		b.Inner = append(b.Inner, w.dosages(e.Dosage, b.Grave)...)
	}
	for i := range e.Members {
		b.Inner = append(b.Inner, w.entry(w.numbered("entry:"+string(e.Members[i].Kind), i, len(e.Members)), &e.Members[i]))
	}
}

// denial says loudly that a statement is denied, refuted or recorded by mistake.
func (w *writer) denial(e *node.Entry) string {
	var said []string
	if e.Negated {
		said = append(said, w.say("denied:"+string(e.Kind)))
	}
	if codeOf(e.Certainty) == "refuted" {
		said = append(said, w.say("denied.refuted"))
	}
	if codeOf(e.Certainty) == string(node.InError) || e.State == string(node.InError) {
		said = append(said, w.say("error.entry"))
	}
	return joined(" ", said...)
}

func codeOf(s *translation.Slot) string {
	if s == nil {
		return ""
	}
	return s.Current.Code
}

func (s *sheet) reactions(list []node.Reaction) {
	for i, r := range list {
		s.slots(s.numbered("reaction", i, len(list)), r.Manifestations...)
		s.slots(s.numbered("reaction.severity", i, len(list)), r.Severity)
		s.date(s.numbered("reaction.when", i, len(list)), r.When)
	}
}

// result shows the answer of an observation: code, amount or range, words, date, whichever it has.
func (w *writer) result(r node.Result) Value {
	v := w.codedIn(r.Code, "answer-code")
	for _, more := range []Value{w.span(r.Quantity, r.High), w.text(r.Text), w.day(r.Date)} {
		switch {
		case more.isEmpty():
		case v.isEmpty():
			v = more
		default:
			v = between(v, more, "; ")
		}
	}
	return v
}
