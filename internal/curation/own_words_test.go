package curation

import (
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

// TestEveryWayHomeIsToldInTheWordsOfTheCountrysOwnList brings a made-up list that names every Estonian dose form by which a shared
// one comes home. None of them may be told in our own draft words.
func TestEveryWayHomeIsToldInTheWordsOfTheCountrysOwnList(t *testing.T) {
	before := opened(t, translation.Source{Files: mappings.Files()})
	list, home := "system,code,et,since,until,status\n", map[string]translation.Coding{}
	for row := range before.Rows() {
		if row.Map == "ee-eu/dose-form" && row.Home && single(row.From.Code) {
			list += "ee-dose-form," + row.From.Code + ",vorm number " + row.From.Code + accepted
			home[row.From.Code] = row.To
		}
	}
	if len(home) < 546 {
		t.Fatalf("only %d dose forms come home to Estonia", len(home))
	}
	named := opened(t, translation.Source{Files: mappings.Files()}, extra("code-system", "ee/dose-form.csv", list))
	for code, shared := range home {
		for language, want := range map[string]string{"et": "vorm number " + code, "et-EE": "vorm number " + code} {
			s := translation.NewSlot(translation.DoseForm, "form", shared)
			s.Required = true
			named.FromPivot("EE", []string{language}, s)
			if s.Current.Code != code || s.Rendered != want || s.Current.Display != want || s.Language != "et" {
				t.Errorf("%s comes home as %s, %q in %s", shared.Code, s.Current.Code, s.Rendered, s.Language)
			}
		}
		ours, english := translation.NewSlot(translation.DoseForm, "form", shared), translation.NewSlot(translation.DoseForm, "form", shared)
		before.FromPivot("EE", []string{"et"}, ours)
		named.FromPivot("EE", []string{"en"}, english)
		if strings.HasPrefix(ours.Rendered, "vorm number") || ours.Rendered == "" || english.Rendered == "" || strings.HasPrefix(english.Rendered, "vorm number") {
			t.Errorf("%s is told as %q before the list and %q in another language", shared.Code, ours.Rendered, english.Rendered)
		}
	}
}

// TestACodeOfARowForAllCodesIsToldInTheWordsOfTheCountrysOwnList does the same for a country whose list follows the shared one.
func TestACodeOfARowForAllCodesIsToldInTheWordsOfTheCountrysOwnList(t *testing.T) {
	named := opened(t, translation.Source{Files: mappings.Files()}, extra("code-system", "fi/dose-form.csv",
		"system,code,fi,en,since,until,status\nfi-dose-form,10219000,tabletti (luettelon sana),"+accepted+
			"fi-dose-form,10210000,,hard capsule (word of the list)"+accepted))
	for code, want := range map[string]string{"10219000": "tabletti (luettelon sana)", "10221000": "kalvopäällysteinen tabletti", "10210000": "kova kapseli"} {
		s := translation.NewSlot(translation.DoseForm, "form", translation.Coding{System: "http://standardterms.edqm.eu", Code: code})
		named.FromPivot("FI", []string{"fi"}, s)
		if s.Rendered != want || s.Current.System != "urn:oid:1.2.246.537.6.852" {
			t.Errorf("%s is told as %q under %s", code, s.Rendered, s.Current.System)
		}
	}
}
