package lists

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"sild/translation"
)

// bindingTable says which value set of MyHealth@EU serves which of our fields. Use is whole (with the other whole rows of the
// field it is all that the field may hold), part (it never is), words (the codes stand in no field that is bound, but are
// shown) or none, with the reason. Systems are those of which a whole list alone is all that the field may hold, where other
// lists of the field hold none of their codes.
//
//go:embed bindings.csv
var bindingTable string

// ehdsiURL begins the canonical URLs of the value sets of MyHealth@EU.
const ehdsiURL = "http://terminology.ehdsi.eu/ValueSet/"

type binding struct {
	valueSet, oid, field, use string
	systems                   []string // short names
	remark                    string
}

const (
	useWhole = "whole"
	usePart  = "part"
	useWords = "words"
	useNone  = "none"
)

// bindings reads the table.
func bindings() ([]binding, error) {
	rows, err := csv.NewReader(strings.NewReader(bindingTable)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("the table of bindings: %w", err)
	}
	var all []binding
	for _, row := range rows[1:] {
		all = append(all, binding{row[0], row[1], row[2], row[3], strings.Fields(row[4]), row[5]})
	}
	return all, nil
}

// of are the bindings of a list: by its OID, by its canonical URL, or by its name.
func of(all []binding, l *list) []binding {
	return slices.DeleteFunc(slices.Clone(all), func(b binding) bool {
		switch {
		case l.oid != "" && b.oid != "":
			return b.oid != l.oid
		case strings.HasPrefix(l.id, ehdsiURL):
			url, _, _ := strings.Cut(l.id, "|")
			return url != ehdsiURL+b.valueSet
		}
		return b.valueSet != l.name
	})
}

// bound are the value sets that together are the whole of a field.
func bound(all []binding, field string) []string {
	var names []string
	for _, b := range all {
		if b.field == field && b.use == useWhole {
			names = append(names, b.valueSet)
		}
	}
	return names
}

// isField says whether a table may be made for the field.
func isField(name string) bool {
	return slices.Contains(translation.Bound(), translation.Field(name))
}
