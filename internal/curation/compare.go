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

// said is what a set of tables says in one place: what decides how a document is translated, and the rest.
type said struct{ table, code, meaning, rest string }

// Compare tells two sets apart: rows that came, went or say something else, changes of meaning first. A row that only
// names another source, day or person is a change without meaning.
func Compare(before, after *translation.Catalogue) []Change {
	old, now := everything(before), everything(after)
	changes := []Change{}
	for at, was := range old {
		is, kept := now[at]
		switch {
		case !kept:
			changes = append(changes, Change{Removed, true, was.table, was.code, was.meaning, ""})
		case is.meaning != was.meaning:
			changes = append(changes, Change{Changed, true, was.table, was.code, was.meaning, is.meaning})
		case is.rest != was.rest:
			changes = append(changes, Change{Changed, false, was.table, was.code, was.rest, is.rest})
		}
	}
	for at, is := range now {
		if _, had := old[at]; !had {
			changes = append(changes, Change{Added, true, is.table, is.code, "", is.meaning})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(first(a.Meaning, b.Meaning), cmp.Compare(order(a.What), order(b.What)), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Code, b.Code),
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
		all[[4]string{place, row.Map, from.System, from.Code}] = said{row.Map, shownCode(place, row), meaning(row), Said(row.Provenance)}
	}
	for k := range c.Concepts() {
		for _, in := range k.In {
			state := "member"
			if in.Retired {
				state = "retired"
			}
			all[[4]string{"member", string(in.Field), k.Coding.System, k.Coding.Code}] =
				said{"eu/" + string(in.Field), k.Coding.Code, state, Said(in.Provenance)}
		}
		if k.Listed != nil {
			all[[4]string{"listed", "", k.Coding.System, k.Coding.Code}] = said{"national list", k.Coding.Code, listedAs(k), Said(k.Listed.Provenance)}
		}
		for language, text := range k.Words {
			all[[4]string{"words " + language, "", k.Coding.System, k.Coding.Code}] = said{"words in " + language, k.Coding.Code, text, ""}
		}
	}
	for _, list := range c.WholeLists() {
		all[[4]string{"whole", "", list.System, ""}] = said{"national list", list.System, "whole: other codes are none", list.Origin.Release}
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
		all[[4]string{"system", short, "", ""}] = said{"systems", short, strings.Join(known, ", "), ""}
	}
	for _, shape := range c.Shapes() {
		all[[4]string{"shape", string(shape.Field), shape.System, ""}] =
			said{"eu/" + string(shape.Field), openCode + shape.Form, shape.Form, Said(shape.Provenance)}
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
