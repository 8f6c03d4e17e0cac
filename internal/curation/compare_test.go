package curation

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sild/mappings"
	"sild/translation"
)

func opened(t *testing.T, sources ...translation.Source) *translation.Catalogue {
	t.Helper()
	built, err := translation.Compile(sources...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatChangedBetweenTwoSetsIsTold(t *testing.T) {
	shippedTables := translation.Source{Files: mappings.Files()}
	before := opened(t, shippedTables)
	if changes := Compare(before, opened(t, shippedTables)); len(changes) != 0 {
		t.Errorf("nothing changed, and yet %+v", changes)
	}
	after := opened(t, shippedTables, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-dose-form,738,equivalent,edqm,10210000,,,,no,list,2026-11-01,accepted by A. B. on 2026-11-02,\n"+
		"ee-dose-form,767,equivalent,edqm,10105000,,,,yes,list,2026-11-01,accepted by A. B. on 2026-11-02,\n"+
		"ee-dose-form,9001,equivalent,edqm,10105000,,,,no,list,2026-11-01,accepted by A. B. on 2026-11-02,\n"))
	changes := Compare(before, after)
	want := []Change{
		{Changed, true, "ee-eu/dose-form", "738", "equivalent 10219000 “tablet” and back", "equivalent 10210000 “hard capsule”"},
		{Added, true, "ee-eu/dose-form", "9001", "", "equivalent 10105000 “oral solution”"},
		{Changed, false, "ee-eu/dose-form", "767", "curated by name and meaning; since 2026-11-01; draft",
			"list; since 2026-11-01; accepted by A. B. on 2026-11-02"},
	}
	if !slices.Equal(changes, want) {
		t.Errorf("got %+v", changes)
	}
	back := Compare(after, before)
	if len(back) != 3 || back[1].What != Removed || back[1].Code != "9001" {
		t.Errorf("the other way round: %+v", back)
	}
}

func TestWordsAndMembersThatChangeAreTold(t *testing.T) {
	shippedTables := translation.Source{Files: mappings.Files()}
	after := opened(t, shippedTables, extra("value-set", "eu/severity.csv", "field,system,code,fi,since,until,status\n"+
		"severity,sct,24484000,ankara"+accepted+"severity,sct,6736007,kohtalainen,2026-11-01,2026-11-20,draft\n"))
	var told []string
	for _, change := range Compare(opened(t, shippedTables), after) {
		told = append(told, strings.Join([]string{change.What, change.Table, change.Code, change.Before, change.After}, "|"))
	}
	for _, want := range []string{"changed|words in fi|24484000|vaikea|ankara", "changed|eu/severity|6736007|member|retired"} {
		if !slices.Contains(told, want) {
			t.Errorf("nobody says %q: %q", want, told)
		}
	}
}

func TestWhatANationalListEndsOrStandsForIsAChangeOfMeaning(t *testing.T) {
	shippedTables := translation.Source{Files: mappings.Files()}
	list := func(kind, until string) *translation.Catalogue {
		return opened(t, shippedTables, extra(kind, "ee/icd10.csv", "system,code,et,since,until,status\nee-icd10,J45,astma,2026-11-01,"+until+",draft\n"))
	}
	for _, test := range []struct {
		before, after *translation.Catalogue
		want          Change
	}{
		{list("code-system", ""), list("code-system", "2026-11-10"), Change{Changed, true, "national list", "J45", "listed", "ended on 2026-11-10"}},
		{list("code-system", ""), list("whole-code-system", ""),
			Change{Added, true, "national list", "https://fhir.ee/CodeSystem/rhk10", "", "whole: other codes are none"}},
	} {
		if changes := Compare(test.before, test.after); len(changes) != 1 || changes[0] != test.want {
			t.Errorf("got %+v", changes)
		}
	}
}

func TestANameOfACodeSystemThatCameOrWentIsAChangeOfMeaning(t *testing.T) {
	shippedTables := translation.Source{Files: mappings.Files()}
	named := extra("concept-map", "ee-eu/dose-form.csv", mapHeader)
	named.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\nedqm,http://standardterms.edqm.eu,,EDQM\nedqm,,1.2.3.4.5,an older number\n")
	changes := Compare(opened(t, shippedTables), opened(t, shippedTables, named))
	if len(changes) != 1 || changes[0].What != Changed || !changes[0].Meaning || changes[0].Code != "edqm" ||
		!strings.HasSuffix(changes[0].After, ", 1.2.3.4.5") || strings.Contains(changes[0].Before, "1.2.3.4.5") {
		t.Errorf("got %+v", changes)
	}
}

func TestWordsInOtherLettersAreNoChangeOfMeaning(t *testing.T) {
	for _, test := range []struct {
		before, after string
		same          bool
	}{
		{"oral solution", "Oral solution", true}, {"solution, oral", "Solution oral", true}, {"film-coated tablet", "film coated tablet.", true},
		{"1.5 mg", "15 mg", false}, {"1.5 mg", "1,5 mg", false}, {"-5", "5", false}, {"a 5%", "a 5", false}, {"mg/ml", "mg ml", false},
		{"therapist", "the rapist", false}, {"tablett", "Tablet", false}, {"(Õli)", "õli", true}, {"<5", ">5", false},
	} {
		if same := letters(test.before) == letters(test.after); same != test.same {
			t.Errorf("%q and %q: %t", test.before, test.after, same)
		}
	}
	shippedTables := translation.Source{Files: mappings.Files()}
	after := opened(t, shippedTables, extra("value-set", "eu/dose-form.csv", "field,system,code,en,since,until,status\n"+
		"dose-form,edqm,10219000,Tablet"+accepted))
	found := false
	for _, change := range Compare(opened(t, shippedTables), after) {
		if change.Meaning || change.Table != "eu/dose-form" && change != (Change{Changed, false, "words in en", "10219000", "tablet", "Tablet"}) {
			t.Errorf("a letter changes the meaning: %+v", change)
		}
		found = found || change.OnlyLetters()
	}
	if !found {
		t.Error("nobody says that the letters changed")
	}
}

func TestARowThatTakesOverFromARowForManyIsAChangeOfMeaning(t *testing.T) {
	shippedTables := translation.Source{Files: mappings.Files()}
	after := opened(t, shippedTables, extra("concept-map", "fi-eu/dose-form.csv", mapHeader+
		"fi-dose-form,10219000,equivalent,edqm,10210000,,,,no,list,2026-11-01,draft,\n"+
		"fi-dose-form,10210000,equivalent,edqm,10210000,,,,no,list,2026-11-01,draft,\n"),
		extra("value-set", "eu/severity.csv", "field,system,code,fi,since,until,status\nseverity,sct,24484000,ankara"+accepted+
			"severity,sct,6736007,kohtalainen,2026-11-01,2026-11-20,draft\n"))
	changes := Compare(opened(t, shippedTables), after)
	at := func(table, code string) int {
		return slices.IndexFunc(changes, func(c Change) bool { return c.Table == table && c.Code == code })
	}
	over, words, gone, same := at("fi-eu/dose-form", "10219000"), at("words in fi", "24484000"), at("eu/severity", "6736007"), at("fi-eu/dose-form", "10210000")
	if over < 0 || changes[over] != (Change{Changed, true, "fi-eu/dose-form", "10219000", "equivalent 10219000 by a row for many codes", "equivalent 10210000 “hard capsule”"}) {
		t.Errorf("the row that takes over: %+v", changes)
	}
	if same < 0 || changes[same].What != Added {
		t.Errorf("a row that says the same as the one for many: %+v", changes)
	}
	if over > words || gone > words || words < 0 || gone < 0 || words > same {
		t.Errorf("members and targets do not come first: %+v", changes)
	}
}
