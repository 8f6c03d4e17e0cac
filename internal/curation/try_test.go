package curation

import (
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
	if len(ways) != 1 || ways[0].Fate != translation.Refused || ways[0].Reason != "the shared list has no equal: top of the national hierarchy, not a form of one medicine" {
		t.Errorf("%+v", ways)
	}
}
