package node

import "sild/translation"

// SectionState tells three things apart that are often mixed up: entries, a known absence, and no information.
type SectionState string

// The states of a section of a patient summary.
const (
	HasEntries    SectionState = "entries"
	KnownAbsence  SectionState = "known-absence"
	NoInformation SectionState = "no-information"
)

// Section is one section of a patient summary with its coded places.
type Section struct {
	Code  string // LOINC
	Title string
	State SectionState
	Slots []*translation.Slot
	// Entries are its statements, in the order of the source. Narrative is what people wrote there.
	Entries   []Entry
	Narrative Narrative
}

// Summary is a patient summary: who wrote it about whom, and its sections in the order of the source.
type Summary struct {
	ID       Identifier
	Date     string
	Title    string
	Patient  Patient
	Author   string
	Sections []Section
	Language string
}
