package curation

import (
	"encoding/json"
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

func TestCoverageCountsFatesAndRanksGaps(t *testing.T) {
	c := opened(t, translation.Source{Files: mappings.Files()})
	slot := func(field translation.Field, system, code string, required bool) *translation.Slot {
		s := translation.NewSlot(field, "x", translation.Coding{System: system, Code: code, Display: "Mari Maasikas"})
		s.Required = required
		c.ToPivot("EE", s)
		return s
	}
	forms, classes := "https://fhir.ee/CodeSystem/ravimvormid", "https://fhir.ee/CodeSystem/atc-ee"
	absent := translation.NewSlot(translation.Role, "x", translation.Coding{})
	absent.SetAbsent("Mari Maasikas")
	c.ToPivot("EE", absent)
	count := &Coverage{Catalogue: c}
	count.Take("summary", []*translation.Slot{absent}, nil)
	for range 2 {
		carried := slot(translation.DoseForm, forms, "738", true)
		count.Take("prescription", []*translation.Slot{carried, slot(translation.DoseForm, forms, "10000", true), slot(translation.Classification, classes, "B05ZA", false),
			slot(translation.Classification, classes, "37605030299", false), slot(translation.DoseForm, forms, "Mari Maasikas", false),
			slot(translation.Other, "urn:oid:1.2.3", "7", false), slot(translation.Route, "Mari Maasikas", "x", false), slot(translation.ProductID, "urn:x", "7", false)}, nil)
	}
	lines := count.Lines()
	if len(lines) != 6 || lines[1].Field != translation.DoseForm || lines[1].Slots != 6 || lines[1].Mapped != 2 || lines[1].Refused != 2 || lines[1].Passed != 2 ||
		lines[1].Required != 4 || lines[1].Draft != 2 || count.Documents()["prescription"] != 2 {
		t.Errorf("%+v", lines)
	}
	gaps := count.Gaps()
	if len(gaps) != 7 || !gaps[0].Required || gaps[0].Code != "10000" || gaps[0].Slots != 2 || gaps[0].Documents != 2 || gaps[0].System != "ee-dose-form" ||
		gaps[0].Class != "too-general" || gaps[1].Class != "" {
		t.Errorf("%+v", gaps)
	}
	for i, g := range gaps {
		if i > 0 && g.Bound && !gaps[i-1].Bound && !gaps[i-1].Required {
			t.Errorf("a gap that tables can close stands behind one that they cannot: %+v", gaps)
		}
	}
	told, err := json.Marshal([]any{lines, gaps})
	if err != nil || strings.Contains(string(told), "Mari") || strings.Contains(string(told), "37605030299") || !strings.Contains(string(told), "B05ZA") {
		t.Errorf("the report holds what may not be shown, or lacks what may: %s", told)
	}
}
