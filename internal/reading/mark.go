package reading

import (
	"strings"

	"sild/translation"
)

// MarkKind says in what way a value needs the reader's care.
type MarkKind string

// The marks. The list is closed: whoever shows a page has a sign for each.
const (
	Gap        MarkKind = "gap"         // not translated, or refused
	Wider      MarkKind = "wider"       // the translation says less than the source
	Narrower   MarkKind = "narrower"    // the translation says more than the source
	Inexact    MarkKind = "inexact"     // the translation lies beside the source
	Alarm      MarkKind = "alarm"       // the codes of one thing contradict each other
	NotChecked MarkKind = "not-checked" // whether they agree is not known here
	Draft      MarkKind = "draft"       // nobody has accepted the translation yet
	Differs    MarkKind = "differs"     // two amounts of the source are not the same
	Absent     MarkKind = "absent"      // the source says that it does not say, or says nothing where it should
	Generated  MarkKind = "generated"   // written by a contact point, not by a person
)

// MarkKinds lists the marks, the gravest first.
func MarkKinds() []MarkKind {
	return []MarkKind{Alarm, Gap, Wider, Narrower, Inexact, Differs, Absent, Draft, NotChecked, Generated}
}

// Sign is the mark's symbol, so that colour is never the only sign.
func (k MarkKind) Sign() string {
	switch k {
	case Alarm:
		return "▲"
	case Gap:
		return "■"
	case Wider:
		return "◄►"
	case Narrower:
		return "►◄"
	case Inexact:
		return "≈"
	case Differs:
		return "≠"
	case Absent:
		return "○"
	case Draft:
		return "◊"
	case NotChecked:
		return "?"
	}
	return "●"
}

// Mark is one doubt about a value: what kind, in the reader's words, and why.
type Mark struct {
	Kind     MarkKind
	Words    string
	Why      string            // the reason, where one is known
	Language string            // BCP 47 of Why
	Slot     *translation.Slot // the coded place that it is about, nil where there is none
}

// Sentence is the mark with its reason.
func (m Mark) Sentence() string { return joined(": ", m.Words, m.Why) }

// marks gives the doubts about a coded place.
func (w *writer) marks(s *translation.Slot) []Mark {
	var found []Mark
	if s.Coherence() == translation.Contradicts || s.Alarm() != "" {
		found = append(found, w.mark(Alarm, s.Alarm(), s))
	}
	switch {
	case s.Fate == translation.Refused, s.Fate == translation.Passed:
		found = append(found, w.gap(s))
	case s.Fate == translation.Untouched && w.judged:
		found = append(found, w.mark(Gap, "no translation has looked at it", s))
	default:
		found = append(found, w.relation(s)...)
	}
	if s.Absent() != "" {
		found = append(found, Mark{Kind: Absent, Words: w.absence(s.Absent()), Slot: s})
	}
	if s.Draft() {
		found = append(found, w.mark(Draft, "", s))
	}
	if s.Coherence() == translation.NotChecked {
		found = append(found, w.mark(NotChecked, "", s))
	}
	return found
}

// gap is the mark of a place that was not carried. Where the reader has the words all the same, it says that only the code
// was left behind.
func (w *writer) gap(s *translation.Slot) Mark {
	m := w.mark(Gap, s.Reason, s)
	switch {
	case s.Fate == translation.Refused:
		m.Words = w.say("mark:refused")
	case s.Rendered != "" && w.reads(s.Language):
		m.Words = w.say("mark:code-gap")
	}
	return m
}

func (w *writer) relation(s *translation.Slot) []Mark {
	switch s.Relation() {
	case translation.Equivalent:
		return nil
	case translation.Wider:
		return []Mark{w.mark(Wider, "", s)}
	case translation.Narrower:
		return []Mark{w.mark(Narrower, "", s)}
	}
	if s.Relation() == "" { // a step that only a peer asserts: its relation is not known
		return []Mark{w.mark(NotChecked, "", s)}
	}
	return []Mark{w.mark(Inexact, "", s)}
}

// mark makes a mark with its reason. A reason that the tables know is told in the reader's language, any other as it is:
// this node writes its reasons in English.
func (w *writer) mark(kind MarkKind, why string, s *translation.Slot) Mark {
	m := Mark{Kind: kind, Words: w.say("mark:" + string(kind)), Slot: s}
	m.Why, m.Language = w.sentence(why)
	return m
}

// sentence puts a sentence of this node into the reader's language, where the tables have it.
func (w *writer) sentence(english string) (words, language string) {
	if english == "" {
		return "", ""
	}
	if own, ok := w.words["why:"+english]; ok {
		return own, w.language
	}
	if at := strings.LastIndexByte(english, ' '); at >= 0 && w.words["why:"+english[:at]] != "" {
		return w.ending(english[:at], english[at+1:]), w.language
	}
	return english, "en"
}

// ending is a reason that ends with a day or with the code of an absence, in the reader's language.
func (w *writer) ending(reason, last string) string {
	why := strings.TrimPrefix(w.absence(last), w.say("mark:absent"))
	return w.fill("why:"+reason, "{d}", w.day(last).Translated, "{why}", strings.Trim(why, ": ()"))
}

// absence says why something is absent, by the code that the source gives.
func (w *writer) absence(code string) string {
	if own, ok := w.words["absent:"+code]; ok {
		return own
	}
	return w.say("mark:absent") + " (" + code + ")"
}

// notSaid is the value of something that a reader must not take for empty or zero.
func (w *writer) notSaid() Value {
	return Value{Translated: w.say("not-said"), TranslatedIn: w.language, Marks: []Mark{{Kind: Absent, Words: w.say("mark:absent")}}}
}
