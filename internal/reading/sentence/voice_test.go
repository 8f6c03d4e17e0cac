package sentence

import (
	"testing"

	"sild/node"
	"sild/translation"
)

func TestDosagesStandInTheOrderOfTheirPlaces(t *testing.T) {
	first, later := aDosage{Dose: "3", Unit: "15054000", Sequence: "1"}.record(), aDosage{Dose: "1", Unit: "15054000", Sequence: "2"}.record()
	if got := (Voice{Language: "en"}).Dosage([]node.Dosage{later, first}); got != "a) first: 3 tabs; b) then: 1 tab." {
		t.Errorf("got %q", got)
	}
	none := aDosage{Dose: "2", Unit: "15054000"}.record()
	if got := (Voice{Language: "en"}).Dosage([]node.Dosage{later, none, first}); got != "several instructions, sequence not stated: a) 1 tab.; b) 2 tabs; c) 3 tabs" {
		t.Errorf("got %q", got)
	}
	if got := (Voice{Language: "en"}).Dosage([]node.Dosage{first, {Text: "words only"}, {}}); got != "several instructions, sequence not stated: a) 3 tabs; b) see the prescriber's own words; c) amount not stated here" {
		t.Errorf("got %q", got)
	}
}

func TestADenialStandsBeforeAllThatItDenies(t *testing.T) {
	first, later := aDosage{Dose: "3", Unit: "15054000", Route: "20053000", Sequence: "1"}.record(), aDosage{DoseHigh: "1", Unit: "15054000", Route: "20053000", Sequence: "2"}.record()
	v := Voice{Language: "en", Reader: Patient, Source: "fi", Denied: true}
	for want, list := range map[string][]node.Dosage{
		"This instruction does NOT apply: a) First: 3 tablets, by mouth. b) Then: at most 1 tablet, by mouth.": {first, later},
		"This instruction does NOT apply: at most 1 tablet, by mouth.":                                         {later},
		"This instruction does NOT apply: see the instruction in free text, in Finnish.":                       {{Text: "yksi aamulla"}},
	} {
		if got := v.Dosage(list); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestAUnitIsInflectedOnlyWhileItStandsForTheSharedCode takes a unit over the bridge in ways that keep or change its meaning.
func TestAUnitIsInflectedOnlyWhileItStandsForTheSharedCode(t *testing.T) {
	local := translation.Coding{System: "urn:oid:1.2.3", Code: "kpl"}
	shared := translation.Coding{System: edqm, Code: "15054000"}
	carried := func(change func(*translation.Slot)) node.Quantity {
		s := translation.NewSlot(translation.DoseUnit, "unit", translation.Coding{System: "urn:oid:4.5.6", Code: "TBL", Display: "tablett", Language: "et"})
		s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent}, shared)
		s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent}, local)
		s.Number, s.Rendered, s.Language, s.Fate = "2", "kappale", "fi", translation.Mapped
		change(s)
		return node.Quantity{Value: "2", Unit: s}
	}
	unshared := func(s *translation.Slot) []translation.Hop { // one step that no shared list is on
		return []translation.Hop{{From: s.Original(), Step: &translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent}}}
	}
	for name, test := range map[string]struct {
		change func(*translation.Slot)
		want   string
	}{
		"every step equivalent":              {func(*translation.Slot) {}, "2 tablettia."},
		"the last step is wider":             {func(s *translation.Slot) { s.Hops[1].Relation = translation.Wider }, "2 (yksikkö: kappale)."},
		"another number":                     {func(s *translation.Slot) { s.Amount = "0.2" }, "0,2 (yksikkö: kappale)."},
		"the same number":                    {func(s *translation.Slot) { s.Amount = "2" }, "2 tablettia."},
		"the codes contradict one another":   {func(s *translation.Slot) { s.Compare().Alarm = "they differ" }, "2 (yksikkö: kappale)."},
		"somebody else's unconfirmed step":   {func(s *translation.Slot) { s.Compare().Unconfirmed = true }, "2 (yksikkö: kappale)."},
		"a unit that is a ratio":             {func(s *translation.Slot) { s.SetPer(&translation.Coding{Code: "h", Display: "tunti"}) }, "2 (yksikkö: kappale / tunti)."},
		"nobody has words for it in Finnish": {func(s *translation.Slot) { s.Hops, s.Rendered = unshared(s), "" }, "2 (yksikkö: ”tablett”, viroksi)."},
		"no words at all":                    {func(s *translation.Slot) { s.Hops, s.Rendered = nil, "" }, "2 (yksikkö: [kpl])."},
		"less than":                          {func(s *translation.Slot) { s.Number = "<2" }, "<2 tablettia."},
	} {
		if got := (Voice{Language: "fi", Reader: Patient}).Dosage([]node.Dosage{{Dose: carried(test.change)}}); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}

func TestARangeOfTwoUnitsKeepsBoth(t *testing.T) {
	d := node.Dosage{Dose: quantity("500", "mg", ""), DoseHigh: quantity("1", "g", "")}
	if got := (Voice{Language: "sv"}).Dosage([]node.Dosage{d}); got != "500 mg – 1 g" {
		t.Errorf("got %q", got)
	}
}

func TestAReaderOfAnotherLanguageGetsEnglish(t *testing.T) {
	d := []node.Dosage{aDosage{Dose: "1", Unit: "15054000"}.record()}
	for language, want := range map[string]string{"lv": "1 tab.", "": "1 tab.", "et-EE": "1 tbl", "SV": "1 tabl."} {
		if got := (Voice{Language: language}).Dosage(d); got != want {
			t.Errorf("%s: %q", language, got)
		}
	}
}
