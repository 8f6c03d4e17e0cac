package curation

import (
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

func TestOtherWordsForAKnownCodeAreToldWithBoth(t *testing.T) {
	cases := []struct{ name, field, row, code, words string }{
		{"a route", "route", "edqm,20053000,rectal,rektaalne,rektaalinen", "20053000", "“rectal” in en, and an earlier source calls it “by mouth”"},
		{"a severity", "severity", "sct,24484000,harmless,raske,vaikea", "24484000", "it is called “harmless” in en"},
		{"a form in one language", "dose-form", "edqm,10219000,tablet,tablett,kapseli", "10219000", "“kapseli” in fi, and an earlier source calls it “tabletti”"},
		{"the list of another field", "container", "edqm,10219000,capsule,,", "10219000", "“capsule” in en, and an earlier source calls it “tablet”"},
	}
	for _, test := range cases {
		for status, broken := range map[string]bool{",2026-11-22,,draft\n": true, accepted: false} {
			v := shipped(translation.Source{Files: mappings.Files()}, extra("value-set", "eu/"+test.field+".csv",
				"field,system,code,en,et,fi,since,until,status\n"+test.field+","+test.row+status)).Run()
			if !told(v, RuleWords, test.code, test.words, broken) {
				t.Errorf("%s%s: %+v", test.name, status, v.Findings)
			}
		}
	}
}

func TestTheSameWordsAreNoOtherWords(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("value-set", "eu/route.csv",
		"field,system,code,en,et,fi,since,until,status\nroute,edqm,20053000,By mouth.,SUUKAUDNE,suun  kautta,2026-11-22,,draft\n")).Run()
	for _, f := range v.Findings {
		if strings.Contains(f.Words, "earlier source calls") {
			t.Errorf("%+v", f)
		}
	}
}

func TestTheOtherWordsOfAWholeListAreOneRemark(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("whole-value-set", "eu/severity.csv",
		"field,system,code,en,since,until,status\nseverity,sct,24484000,grave,2026-11-22,,draft\n")).Run()
	if !told(v, RuleWords, "", "the list calls 1 code in en otherwise than an earlier source (24484000)", false) {
		t.Errorf("%+v", v.Findings)
	}
}
