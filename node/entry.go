package node

import (
	"strconv"

	"sild/translation"
)

// EntryKind says what one statement of a patient summary is about.
type EntryKind string

// The kinds of entry. An Observation is whatever was asked and answered: a laboratory result, a vital sign, a habit, a
// pregnancy, a functional status. A Panel is several observations made together.
const (
	AnAllergy       EntryKind = "allergy"
	AProblem        EntryKind = "problem"
	AMedicationUse  EntryKind = "medication"
	ADevice         EntryKind = "device"
	AProcedure      EntryKind = "procedure"
	AnImmunisation  EntryKind = "immunisation"
	AnObservation   EntryKind = "observation"
	APanel          EntryKind = "panel"
	APlan           EntryKind = "plan"
	AnotherEntry    EntryKind = "other" // coded, but of no kind that the record knows: kept with its code and words
	AnAbsence       EntryKind = "absence"
	ADirectiveEntry EntryKind = "directive"
)

// Entry is one statement of a section. Its coded places are slots of the document; what the source does not say stays
// zero, and nil slots are "not said".
type Entry struct {
	Kind EntryKind
	IDs  []Identifier
	What *translation.Slot // allergen, problem, procedure, device, vaccine, the question of an observation, the absence
	Type *translation.Slot // allergy or intolerance, symptom or diagnosis, as the source sorts it

	// Status is the clinical status, State the life cycle of the statement itself (active, completed, suspended,
	// aborted) in the code that both pivots share.
	Status, Certainty, Criticality, Severity *translation.Slot
	State                                    string
	Negated                                  bool // the statement is denied: not done, refuted

	When      Period // FHIR dates or instants: onset and end, or when it was done
	Recorded  string // FHIR date or instant
	Reactions []Reaction
	Site      *translation.Slot // body site
	Result    Result

	Medication *Medication // of a medication or an immunisation
	Dosage     []Dosage
	Reasons    []*translation.Slot // why a medicine is taken, why a procedure was done
	Number     string              // dose number of an immunisation
	Text       string              // its words in the source's own language
	Members    []Entry             // of a panel
}

// Reaction is how an allergy showed.
type Reaction struct {
	Manifestations []*translation.Slot
	Severity       *translation.Slot
	When           string // FHIR date
}

// Result is the answer of an observation: a code, a measured quantity or range, words, or a date.
type Result struct {
	Code           *translation.Slot
	Quantity, High Quantity
	Text           string
	Date           string
	Interpretation *translation.Slot
}

// IsZero says that the observation has no answer.
func (r Result) IsZero() bool {
	return r.Code == nil && r.Quantity.IsZero() && r.High.IsZero() && r.Text == "" && r.Date == ""
}

// SectionPath is the start of the record paths of a section. A code that stands twice is told apart by its number.
func SectionPath(code string, nth int) string {
	if nth > 1 {
		return "section[" + code + ":" + strconv.Itoa(nth) + "]"
	}
	return "section[" + code + "]"
}

// Narrative is human text of a document in plain elements. XHTML holds only p, br, ul, ol, li, table, caption, thead,
// tbody, tfoot, tr, th, td, b, i, u, sub, sup and span, without attributes but colspan and rowspan, and no root: a
// decoder makes it from foreign markup through its allow-list, so that whoever shows it need not check again.
type Narrative struct {
	XHTML     string
	Language  string // BCP 47
	Generated bool   // written by a contact point from the record, not by a person
}
