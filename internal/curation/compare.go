package curation

import (
	"cmp"
	"slices"
	"strings"

	"sild/translation"
)

// Change is one difference between two sets of tables.
type Change struct {
	What    string `json:"what"` // added, removed or changed
	Meaning bool   `json:"meaning"`
	Table   string `json:"table"` // e.g. ee-eu/dose-form, eu/dose-form
	Code    string `json:"code"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
}

// The kinds of change.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// said is what a set of tables says in one place: what decides how a document is translated, in one line for people (meaning) and
// without words that another line tells (decides), and the rest.
type said struct {
	table, code, meaning, rest string
	decides                    string              // meaning, where it is empty
	row                        *translation.MapRow // of a map
}

func (s said) decision() string { return cmp.Or(s.decides, s.meaning) }

// Compare tells two sets apart: rows that came, went or say something else, changes of meaning first, and of those what was removed or
// leads elsewhere before words and what was added. A row that only names another source, day or person, and words in other letter case
// or punctuation, are changes without meaning. A new row for a code that another row carried elsewhere is a change of that code.
func Compare(before, after *translation.Catalogue) []Change {
	old, now := everything(before), everything(after)
	changes := []Change{}
	for at, was := range old {
		is, kept := now[at]
		switch {
		case !kept:
			changes = append(changes, Change{Removed, true, was.table, was.code, was.meaning, ""})
		case is.decision() != was.decision():
			changes = append(changes, Change{Changed, true, was.table, was.code, was.meaning, is.meaning})
		case is.rest != was.rest:
			changes = append(changes, Change{Changed, false, was.table, was.code, was.rest, is.rest})
		}
	}
	for at, is := range now {
		if _, had := old[at]; !had {
			changes = append(changes, added(is, before, after))
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(first(a.Meaning, b.Meaning), cmp.Compare(rank(a), rank(b)), cmp.Compare(order(a.What), order(b.What)), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After))
	})
	return changes
}

func order(what string) int { return slices.Index([]string{Changed, Removed, Added}, what) }

// everything is all that a catalogue says, by where it says it.
func everything(c *translation.Catalogue) map[[4]string]said {
	all := map[[4]string]said{}
	for row := range c.Rows() {
		from, place := row.From, "row"
		if from.Code == "" {
			from, place = row.To, "absence"
		}
		all[[4]string{place, row.Map, from.System, from.Code}] = said{table: row.Map, code: shownCode(place, row), meaning: meaning(row),
			rest: Said(row.Provenance), decides: wordless(row), row: &row}
	}
	for k := range c.Concepts() {
		for _, in := range k.In {
			state := "member"
			if in.Retired {
				state = "retired"
			}
			all[[4]string{"member", string(in.Field), k.Coding.System, k.Coding.Code}] =
				said{table: "eu/" + string(in.Field), code: k.Coding.Code, meaning: state, rest: Said(in.Provenance)}
		}
		if k.Listed != nil {
			all[[4]string{"listed", "", k.Coding.System, k.Coding.Code}] = said{table: "national list", code: k.Coding.Code,
				meaning: listedAs(k), rest: Said(k.Listed.Provenance)}
		}
		for language, text := range k.Words {
			all[[4]string{"words " + language, "", k.Coding.System, k.Coding.Code}] = said{table: wordsIn + language, code: k.Coding.Code,
				meaning: text, rest: text, decides: letters(text)}
		}
	}
	for _, list := range c.WholeLists() {
		all[[4]string{"whole", "", list.System, ""}] = said{table: "national list", code: list.System, meaning: "whole: other codes are none",
			rest: list.Origin.Release}
	}
	names := map[string][]string{}
	for _, system := range c.Systems() { // a row for each name of a system
		for _, name := range []string{system.URI, system.OID} {
			if name != "" && !slices.Contains(names[system.Short], name) {
				names[system.Short] = append(names[system.Short], name)
			}
		}
	}
	for short, known := range names {
		all[[4]string{"system", short, "", ""}] = said{table: "systems", code: short, meaning: strings.Join(known, ", ")}
	}
	for _, shape := range c.Shapes() {
		all[[4]string{"shape", string(shape.Field), shape.System, ""}] =
			said{table: "eu/" + string(shape.Field), code: openCode + shape.Form, meaning: shape.Form, rest: Said(shape.Provenance)}
	}
	return all
}

func listedAs(k translation.Concept) string {
	if k.Listed.Ended {
		return "ended on " + k.Listed.Until
	}
	return "listed"
}

func shownCode(place string, row translation.MapRow) string {
	if place == "absence" {
		return "(nothing national) " + row.To.Code
	}
	return row.From.Code
}

// meaning is what a row makes of a code, in one line.
func meaning(row translation.MapRow) string {
	parts := []string{string(row.Relation)}
	if row.To.Code != "" {
		parts = append(parts, row.To.Code)
	}
	if row.To.Display != "" {
		parts = append(parts, quoted(row.To.Display))
	}
	if row.Factor != "" && row.Factor != "1" {
		parts = append(parts, "× "+row.Factor)
	}
	if row.Per.Code != "" {
		parts = append(parts, "per "+row.Per.Code)
	}
	if row.Home {
		parts = append(parts, "and back")
	}
	if row.Relation == translation.None && row.Remark != "" {
		parts = append(parts, "because "+quoted(row.Remark)) // the reader of a document sees it
	}
	return strings.Join(parts, " ")
}
