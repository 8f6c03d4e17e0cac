package translation

import (
	"slices"
	"strings"
)

// ReasonClass says in one word why a row of a map leads nowhere. The list is closed, so that gaps can be counted by it; the
// remark of the row begins with it, and its own words follow behind a colon: "in-doubt: two readings disagree".
type ReasonClass string

// The classes of reasons.
const (
	NoTerm       ReasonClass = "no-term"        // the other list has no term for it
	TooGeneral   ReasonClass = "too-general"    // it says less than any term of the other list
	Unclear      ReasonClass = "unclear"        // its list does not say what it means
	InDoubt      ReasonClass = "in-doubt"       // readers disagree or doubt, and nobody has decided
	NotAMedicine ReasonClass = "not-a-medicine" // a test, a reference substance
	NotAUnit     ReasonClass = "not-a-unit"     // a phrase, or several things in one code
	NotHere      ReasonClass = "not-here"       // it has a meaning, but not in this place
	NotCarried   ReasonClass = "not-carried"    // nothing of the kind crosses the border
	Ended        ReasonClass = "ended"          // one of the two lists has ended it
	NotPublished ReasonClass = "not-published"  // no published list or example shows it
	AsTheSource  ReasonClass = "source"         // an imported list says so, in its own words
)

// ReasonClasses are all of them.
func ReasonClasses() []ReasonClass {
	return []ReasonClass{NoTerm, TooGeneral, Unclear, InDoubt, NotAMedicine, NotAUnit, NotHere, NotCarried, Ended, NotPublished, AsTheSource}
}

// ReasonOf takes the remark of a row that leads nowhere apart. The class is empty where it begins with none.
func ReasonOf(remark string) (class ReasonClass, words string) {
	before, after, cut := strings.Cut(remark, ": ")
	if cut && after != "" && slices.Contains(ReasonClasses(), ReasonClass(before)) {
		return ReasonClass(before), after
	}
	return "", remark
}

// reasonNone begins the reason of a slot whose row leads nowhere.
const reasonNone = "the shared list has no equal"

func whyNone(remark string) string {
	class, words := ReasonOf(remark)
	if class == "" {
		return reasonNone + ": " + words
	}
	return reasonNone + " (" + string(class) + "): " + words
}

// ReasonClass is why the tables lead nowhere from the code of a slot. It is empty where that is not what became of it.
func (s *Slot) ReasonClass() ReasonClass {
	if strings.HasPrefix(s.Reason, reasonEnded) {
		return Ended
	}
	behind, told := strings.CutPrefix(s.Reason, reasonNone+" (")
	class, _, closed := strings.Cut(behind, "): ")
	if told && closed && slices.Contains(ReasonClasses(), ReasonClass(class)) {
		return ReasonClass(class)
	}
	return ""
}
