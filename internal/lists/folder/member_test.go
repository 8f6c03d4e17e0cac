package folder

import (
	"slices"
	"testing"
)

// TestOnlyCodesOfItsCodeSystemsAreMissedInAList: one that is whole for some code systems says nothing of the others.
func TestOnlyCodesOfItsCodeSystemsAreMissedInAList(t *testing.T) {
	members := &Members{codes: map[[2]string]bool{{"icd10", "I10"}: true, {"icd10", "J45"}: true, {"icd10", "A00"}: false, {"orpha", "558"}: true}}
	list := Table{Rows: [][]string{{"diagnosis", "icd10", "I10", "High pressure", "2026-01-01", "", "draft"}}}
	for kind, want := range map[string][]string{WholeValueSet: {"J45", "558"}, OfSystems: {"J45"}} {
		if list.Kind = kind; !slices.Equal(members.Without(list), want) {
			t.Errorf("%s: %q, want %q", kind, members.Without(list), want)
		}
	}
}
