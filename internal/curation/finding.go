package curation

import (
	"cmp"
	"fmt"
	"slices"
)

// Finding is one thing that a rule says of the tables. It names codes, never people.
type Finding struct {
	Rule   string `json:"rule"`
	Broken bool   `json:"broken"` // false is a remark: worth a look, and no reason to hold the tables back
	Source string `json:"source,omitempty"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"` // of the file, from one; 0 is the file as a whole
	Code   string `json:"code,omitempty"`
	Words  string `json:"words"`
}

// Place says where a finding stands, as a person would look for it.
func (f Finding) Place() string {
	place := f.File
	if f.Source != "" {
		place = f.Source + ": " + place
	}
	if f.Line > 0 {
		place = fmt.Sprintf("%s row %d", place, f.Line)
	}
	return place
}

// The rules by which the tables are judged, and what each is for.
const (
	RuleManifest   = "manifest"   // every file is listed with origin, release, licence and status
	RuleTable      = "table"      // a table can be read and is not empty
	RuleOnce       = "once"       // a row stands once
	RuleSorted     = "sorted"     // rows stand in the order of their codes, so that a change is one line of a diff
	RuleProvenance = "provenance" // a row says where it comes from, since when it holds and who accepted it
	RuleReason     = "reason"     // a row that leads nowhere says why, by a class of a closed list
	RuleCode       = "code"       // a code has the form that its system gives it, and its check digit
	RuleClass      = "class"      // a code system belongs to the field that it stands in
	RuleDangling   = "dangling"   // a map leads into the value set
	RuleRetired    = "retired"    // no map leads to a code that has left the value set
	RuleNational   = "national"   // a map speaks of codes that the country's own list has
	RuleWords      = "words"      // a code has clean words in every language of the corridor
	RuleSameWords  = "same-words" // two codes of one field are not called the same
	RuleWayHome    = "way-home"   // a shared code leads to one national code, or a row says why not
	RuleExact      = "exact-home" // the way home is equivalent and converts nothing
	RuleRoundTrip  = "round-trip" // a code that goes out and comes home means the same
	RuleUnit       = "unit"       // a unit keeps its dimension and its amount
	RuleReading    = "reading"    // a second reader says the same
	RuleSeal       = "seal"       // what was read as a whole has not changed since
	RuleProperties = "properties" // the properties of the codes do not contradict a map
	RuleDraft      = "draft"      // somebody has accepted what must be right
	RuleSystem     = "system"     // a name of a code system has its form, stands for one system, and is what a second reader says
	RuleCorridor   = "corridor"   // the rules of a corridor are what a second reader says
	RuleCompile    = "compile"    // the tables make a snapshot
)

func inOrder(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(first(a.Broken, b.Broken), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Source, b.Source), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Words, b.Words))
	})
}
