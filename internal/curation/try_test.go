package curation

import (
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

func try(t *testing.T, asked Asked) []Way {
	t.Helper()
	if asked.Languages == nil {
		asked.Languages = []string{"fi", "en"}
	}
	return Try(opened(t, translation.Source{Files: mappings.Files()}), asked)
}

func TestACodeIsFollowedAbroadAndHome(t *testing.T) {
	ways := try(t, Asked{From: "EE", To: "FI", Code: "738"})
	if len(ways) != 1 {
		t.Fatalf("%d ways: %+v", len(ways), ways)
	}
	w := ways[0]
	if w.Field != translation.DoseForm || w.Fate != translation.Mapped || w.Pivot.Code != "10219000" || w.Arrived.Code != "10219000" ||
		w.Arrived.System != "urn:oid:1.2.246.537.6.852" || w.HomeWords != "the same code" || !w.Must {
		t.Errorf("%+v", w)
	}
	if len(w.Steps) != 2 || w.Steps[0].Map != "ee-eu/dose-form" || w.Steps[0].Provenance.Since != "2026-11-01" || w.Steps[1].Map != "eu-fi/dose-form" ||
		w.Steps[1].Provenance.Source != "the Finnish list follows EDQM" {
		t.Errorf("the steps are %+v", w.Steps)
	}
	for i, want := range []struct{ country, file string }{{"EE", "ee-eu/dose-form.csv"}, {"FI", "fi-eu/dose-form.csv"}} {
		if step := w.Steps[i]; step.Country != want.country || step.Table.File != want.file || step.Table.Release != "2026-11-22" || step.Table.Status != "draft" {
			t.Errorf("step %d stands in %+v and is made by %s", i, step.Table, step.Country)
		}
	}
	if !strings.HasSuffix(w.Member, "; in eu/dose-form.csv, release 2026-11-22 (codes chosen by this project from the value sets of MyHealth@EU; wording its own)") {
		t.Errorf("the member stands in %q", w.Member)
	}
	if len(w.Words) != 2 || w.Words[0] != (Words{"fi", "tabletti"}) || w.Words[1] != (Words{"en", "tablet"}) {
		t.Errorf("the words are %+v", w.Words)
	}
}

func TestAUnitIsFollowedWithItsNumber(t *testing.T) {
	for _, w := range try(t, Asked{From: "EE", To: "FI", Code: "MG/5ML", Number: "12.5"}) {
		switch w.Field {
		case translation.StrengthUnit:
			if w.Amount != "2.5" || w.Per.Code != "mL" || w.Pivot.Code != "mg" || w.Steps[0].Factor != "1/5" || w.Home.Code != "MG" {
				t.Errorf("%+v", w)
			}
		case translation.PackageUnit:
			if w.Fate != translation.Refused || w.Reason == "" || len(w.Steps) != 0 {
				t.Errorf("%+v", w)
			}
		default:
			t.Errorf("in %s", w.Field)
		}
	}
}

func TestACodeIsFoundByFieldSystemAndShape(t *testing.T) {
	cases := []struct {
		name  string
		asked Asked
		ways  int
		pivot string
	}{
		{"one field", Asked{From: "EE", To: "FI", Code: "MG", Field: translation.DoseUnit}, 1, "mg"},
		{"a system by its short name", Asked{From: "EE", To: "FI", Code: "738", System: "ee-dose-form"}, 1, "10219000"},
		{"a system by its number", Asked{From: "EE", To: "FI", Code: "738", System: "urn:oid:1.3.6.1.4.1.28284.6.2.1.12"}, 1, "10219000"},
		{"a system that does not know it", Asked{From: "EE", To: "FI", Code: "738", System: "atc"}, 0, ""},
		{"a code that nobody knows", Asked{From: "EE", To: "FI", Code: "nothing"}, 0, ""},
		{"a shared code", Asked{From: "FI", To: "EE", Code: "10219000", System: "edqm"}, 1, "10219000"},
		{"a row for every code", Asked{From: "FI", To: "EE", Code: "10219000", System: "fi-dose-form"}, 1, "10219000"},
		{"a diagnosis by its shape", Asked{From: "EE", To: "FI", Code: "J45.0", System: "ee-icd10"}, 1, "J45.0"},
		{"a national refinement", Asked{From: "EE", To: "FI", Code: "A11DB85", System: "ee-atc", Field: translation.Classification}, 1, "A11DB"},
		{"a spelling", Asked{From: "EE", To: "FI", Code: "{Tablet}", Field: translation.DoseUnit}, 1, "15054000"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			ways := try(t, test.asked)
			if len(ways) != test.ways || test.ways > 0 && ways[0].Pivot.Code != test.pivot {
				t.Errorf("%d ways: %+v", len(ways), ways)
			}
		})
	}
}

func TestTheRowBehindALevelledCodeIsShown(t *testing.T) {
	ways := try(t, Asked{From: "EE", To: "FI", Code: "A11DB85", System: "ee-atc", Field: translation.Classification})
	if len(ways) != 1 || len(ways[0].Steps) == 0 || ways[0].Steps[0].Relation != translation.Wider ||
		ways[0].Steps[0].Provenance.Source != "Estonian extensions are numbered from 80 on" {
		t.Errorf("%+v", ways)
	}
}

func TestAGapSaysWhy(t *testing.T) {
	ways := try(t, Asked{From: "EE", To: "FI", Code: "10000"})
	if len(ways) != 1 || ways[0].Fate != translation.Refused || ways[0].Class != "too-general" ||
		ways[0].Reason != "the shared list has no equal (too-general): top of the national hierarchy, not a form of one medicine" {
		t.Errorf("%+v", ways)
	}
}

// nationalForms is a national list: one code that it has ended, two that are gaps, one that is shared as it stands, and one without a map.
const nationalForms = "system,code,et,since,until,status\nee-dose-form,10000,ravimvorm,2009-01-01,,draft\nee-dose-form,1512,suspensioon ja lahusti,2015-01-01,,draft\n" +
	"ee-dose-form,737,aerosool,2009-01-01,2016-03-23,draft\nee-no-substitution,KP09,ravimi asendamatus,2016-01-01,,draft\n" +
	"ee-repeats,7,seitsmekordne,2016-01-01,,draft\n"

func TestWhatTheNationalListSaysOfACodeIsShown(t *testing.T) {
	c := opened(t, translation.Source{Files: mappings.Files()}, extra("code-system", "ee/dose-form.csv", nationalForms))
	for _, test := range []struct {
		code, own, listed, reason string
		relation                  translation.Relation // of the row that is not enough
		to, source                string
	}{
		{"737", "aerosool", "since 2009-01-01; until 2016-03-23; draft", "the national list has ended the code on 2016-03-23", "", "", ""},
		{"10000", "ravimvorm", "since 2009-01-01; draft", "the shared list has no equal (too-general): top of the national hierarchy, not a form of one medicine",
			translation.None, "", "curated by name and meaning"},
		{"1512", "suspensioon ja lahusti", "since 2015-01-01; draft", "the shared list has no equal, and this place must be carried exactly",
			translation.Wider, "50008000", "curated by name and meaning, twice apart"},
	} {
		ways := Try(c, Asked{From: "EE", To: "FI", Code: test.code})
		if len(ways) != 1 {
			t.Errorf("%s: %d ways: %+v", test.code, len(ways), ways)
			continue
		}
		w := ways[0]
		if w.Field != translation.DoseForm || w.Fate != translation.Refused || w.Reason != test.reason || w.Listed != test.listed+"; in ee/dose-form.csv, release 2 (test)" ||
			len(w.Own) != 1 || w.Own[0] != (Words{"et", test.own}) {
			t.Errorf("%s: %+v", test.code, w)
		}
		if (w.Row == nil) != (test.relation == "") || w.Row != nil && (w.Row.Relation != test.relation || w.Row.To.Code != test.to ||
			w.Row.Map != "ee-eu/dose-form" || w.Row.Provenance.Source != test.source) {
			t.Errorf("%s: the row is %+v", test.code, w.Row)
		}
	}
	if ways := Try(c, Asked{From: "EE", To: "FI", Code: "KP09"}); len(ways) != 1 || ways[0].Listed == "" || ways[0].Own != nil {
		t.Errorf("a national code that is shared as it stands: %+v", ways)
	}
	repeats := Try(c, Asked{From: "EE", To: "FI", Code: "7", System: "ee-repeats"})
	if len(repeats) != 1 || repeats[0].Field != "" || repeats[0].Reason != "no map speaks of the code system ee-repeats" || repeats[0].Own[0].Text != "seitsmekordne" {
		t.Errorf("a code of which no map speaks: %+v", repeats)
	}
	if ways := Try(c, Asked{From: "FI", To: "EE", Code: "737"}); len(ways) != 0 {
		t.Errorf("a code of the other country: %+v", ways)
	}
}

func TestTheLevelledRowThatIsNotEnoughIsShown(t *testing.T) {
	c := opened(t, translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/substance.csv", mapHeader+
		"ee-atc,~([A-Z][0-9]{2})[A-Z]{2}[0-9]{2},wider,atc,^,,,,no,test,2026-11-01,draft,an example\n"),
		extra("value-set", "eu/substance.csv", "field,system,code,en,et,fi,since,until,status\nsubstance,atc,X09AB,thing,asi,asia"+accepted))
	ways := Try(c, Asked{From: "EE", To: "FI", Code: "X09AB01", Field: translation.Substance})
	if len(ways) != 1 || ways[0].Fate != translation.Refused || ways[0].Row == nil || ways[0].Row.To.Code != "X09AB" || ways[0].Row.Provenance.Remark != "an example" {
		t.Errorf("%+v", ways)
	}
}

func TestARowForManyCodesThatSaysNoneIsShown(t *testing.T) {
	for name, test := range map[string]struct {
		row, system, code string
		fate              translation.Fate
	}{
		"every code":                          {"fi-dose-form,*", "fi-dose-form", "10219000", translation.Refused},
		"a shape":                             {"fi-form-name,~(1)[0-9]+", "fi-form-name", "17", translation.Refused},
		"a shape before the row for a system": {"fi-dose-form,~1[0-9]+", "fi-dose-form", "10219000", translation.Refused},
		"another shape than the code's":       {"fi-dose-form,~2[0-9]+", "fi-dose-form", "10219000", translation.Mapped},
	} {
		c := opened(t, translation.Source{Files: mappings.Files()}, extra("concept-map", "fi-eu/dose-form.csv", mapHeader+test.row+
			",none,,,,,,no,our pharmacist,2026-11-01,draft,nobody has looked at the list\n"))
		ways := Try(c, Asked{From: "FI", To: "EE", Code: test.code, System: test.system})
		if len(ways) != 1 || ways[0].Fate != test.fate {
			t.Errorf("%s: %+v", name, ways)
			continue
		}
		if shown := ways[0].Row != nil && ways[0].Row.Provenance.Source == "our pharmacist"; shown != (test.fate == translation.Refused) {
			t.Errorf("%s: the row is %+v", name, ways[0].Row)
		}
	}
}

// Two folders may hold a table of the same name: the one whose row holds is named.
func TestTheTableThatARowStandsInIsNamed(t *testing.T) {
	c := opened(t, translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-dose-form,738,equivalent,edqm,10219000,,,,no,list,2026-11-01,accepted by A. B. on 2026-11-02,\n"))
	for code, want := range map[string][2]string{"738": {"test", "2"}, "767": {"codes of Estonian public lists; judged by this project", "2026-11-22"}} {
		ways := Try(c, Asked{From: "EE", To: "FI", Code: code})
		if len(ways) != 1 || len(ways[0].Steps) == 0 || ways[0].Steps[0].Table.Origin != want[0] || ways[0].Steps[0].Table.Release != want[1] {
			t.Errorf("%s: %+v", code, ways)
		}
	}
}

func TestACodeThatTheCountrysOwnWholeListLacksIsNotWell(t *testing.T) {
	list := func(rows string) *translation.Catalogue {
		return opened(t, translation.Source{Files: mappings.Files()}, extra("whole-code-system", "ee/icd10.csv", "system,code,et,since,until,status\n"+rows))
	}
	asked := Asked{From: "EE", To: "FI", Code: "K35", Field: translation.Diagnosis}
	ways := Try(list("ee-icd10,J45,astma,2026-11-01,,draft\n"), asked)
	if len(ways) < 2 || ways[0].Fate != translation.Passed && ways[0].Fate != translation.Refused || ways[0].Second ||
		!strings.HasPrefix(ways[0].Listed, "does not have the code; ee/icd10.csv, release 2") || !ways[1].Second || ways[1].Pivot.Code != "K35" {
		t.Errorf("%+v", ways)
	}
	for _, w := range Try(list("ee-icd10,K35,pimesool,2026-11-01,,draft\n"), asked) {
		if w.Second || strings.HasPrefix(w.Listed, "does not") {
			t.Errorf("the list has it: %+v", w)
		}
	}
}
