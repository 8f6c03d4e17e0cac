package curation

import (
	"slices"
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

// told says whether a rule says something of a code that has the words, broken or not.
func told(v Verdict, rule, code, words string, broken bool) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return f.Broken == broken && f.Rule == rule && f.Code == code && strings.Contains(f.Words, words)
	})
}

const (
	asDraft    = ",list,2026-11-01,draft,\n"
	asAccepted = ",list,2026-11-01,accepted by The Authority on 2026-11-02,\n"
)

func TestAWayHomeThatALaterSourceTakesIsToldWithBothRows(t *testing.T) {
	const takes, retired = "ee-dose-form,NA,equivalent,edqm,10219000,,,,yes", "it takes the way home from 10219000 that led to 738 (the first source: ee-eu/dose-form.csv row "
	cases := []struct {
		name, file, rows, code, words string
		broken                        bool
	}{
		{"a partial map that an authority accepted", "ee-eu/dose-form.csv", takes + asAccepted, "NA", retired, true},
		{"a draft that says what the other code is", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent,edqm,10219000,,,,no" + asDraft + takes + asDraft,
			"NA", "and nobody has accepted it", true},
		{"an accepted row whose source says what the other code is", "ee-eu/dose-form.csv",
			"ee-dose-form,738,equivalent,edqm,10219000,,,,no" + asDraft + takes + asAccepted, "NA", "accepted by The Authority", false},
		{"a row that says that nothing national stands for it", "ee-eu/dose-form.csv",
			"ee-dose-form,,none,edqm,10219000,,,,no,list,2026-11-01,accepted by The Authority on 2026-11-02,no-term: no such form\n", "", "nothing national stands for 10219000, which led home to 738", true},
		{"a code beside the row for every code", "fi-eu/dose-form.csv", "fi-form-name,NA,equivalent,edqm,10219000,,,,yes" + asAccepted, "NA",
			"from 10219000 that led to 10219000 (the first source: fi-eu/dose-form.csv", true},
		{"another row for every code", "fi-eu/dose-form.csv", "fi-form-name,*,equivalent,edqm,*,,,,yes" + asAccepted, "*", "that led to *", true},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", test.file, mapHeader+test.rows)).Run()
			if !told(v, RuleWayHome, test.code, test.words, test.broken) {
				t.Errorf("nobody says %q of %s: %+v", test.words, test.code, v.Findings)
			}
		})
	}
}

func TestAWayHomeMayBeTakenFromACodeThatTheCountryHasEnded(t *testing.T) {
	list := extra("code-system", "ee/dose-form.csv", "system,code,et,since,until,status\nee-dose-form,738,tablett,2020-01-01,2026-11-10,draft\nee-dose-form,739,uus tablett"+accepted)
	v := shipped(translation.Source{Files: mappings.Files()}, list,
		extra("concept-map", "ee-eu/dose-form.csv", mapHeader+"ee-dose-form,739,equivalent,edqm,10219000,,,,yes"+asAccepted)).Run()
	if !told(v, RuleWayHome, "739", "led to 738", false) || told(v, RuleWayHome, "739", "", true) {
		t.Errorf("%+v", v.Findings)
	}
}

func TestASecondSourceThatSaysTheSameTakesNoWayHome(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-dose-form,738,equivalent,edqm,10219000,,,,yes"+asAccepted)).Run()
	if v.Broken > 0 || told(v, RuleWayHome, "738", "takes", false) {
		t.Errorf("%+v", v.Findings)
	}
}

func TestADraftThatContradictsTheSecondReaderBreaksTheRule(t *testing.T) {
	for status, broken := range map[string]bool{asDraft: true, asAccepted: false} {
		v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
			"ee-dose-form,10000,equivalent,edqm,10219000,,,,no"+status)).Run()
		if !told(v, RuleReading, "10000", "the map says equivalent and the second reader none", broken) || (v.Broken > 0) != broken {
			t.Errorf("%s: %+v", status, v.Findings)
		}
	}
}

func TestAUnitThatNoSecondReaderKnowsIsARemark(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("unit-map", "ee-eu/strength-unit.csv", mapHeader+
		"ee-amount-unit,NEWU,equivalent,ucum,mg,1000,,,no"+asDraft)).Run()
	if v.Broken > 0 || !told(v, RuleUnit, "", "their factors are not checked: NEWU", false) {
		t.Errorf("%+v", v.Findings)
	}
}

func TestARowForOneCodeIsComparedWithTheReadingOfAllCodes(t *testing.T) {
	cases := []struct{ name, file, row, code, words string }{
		{"another substance", "fi-eu/substance.csv", "fi-atc,N02BE01,equivalent,atc,M01AE01,,,,no", "N02BE01", "so N02BE01, “paracetamol”, and the map says equivalent to M01AE01, “ibuprofen”"},
		{"another form", "fi-eu/dose-form.csv", "fi-dose-form,10226000,equivalent,edqm,10219000,,,,no", "10226000", "so 10226000, “prolonged-release tablet”, and the map says equivalent to 10219000, “tablet”"},
		{"no form", "fi-eu/dose-form.csv", "fi-dose-form,10226000,none,,,,,,no", "10226000", "so 10226000, “prolonged-release tablet”, and the map says none"},
		{"a code that the shared list lacks", "fi-eu/substance.csv", "fi-atc,N02BE99,equivalent,atc,M01AE01,,,,no", "N02BE99", "so N02BE99, and the map says equivalent to M01AE01"},
		{"a national code under another group", "ee-eu/classification.csv", "ee-atc,N02BE85,wider,atc,M01AE01,,,,no", "N02BE85", "no further up than N02B"},
	}
	for _, test := range cases {
		for status, broken := range map[string]bool{asDraft: true, asAccepted: false} {
			v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", test.file, mapHeader+test.row+status)).Run()
			if !told(v, RuleReading, test.code, test.words, broken) || told(v, RuleReading, "", "(", false) {
				t.Errorf("%s%s: %+v", test.name, status, v.Findings)
			}
		}
	}
}

func TestARowThatTheReadingOfAllCodesConfirmsIsReadTwice(t *testing.T) {
	for file, row := range map[string]string{
		"fi-eu/substance.csv":      "fi-atc,N02BE01,equivalent,atc,N02BE01,,,,no",
		"ee-eu/classification.csv": "ee-atc,N02BE85,wider,atc,N02BE,,,,no",
	} {
		v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", file, mapHeader+row+asDraft)).Run()
		for _, f := range v.Findings {
			if f.Rule == RuleReading {
				t.Errorf("%s: %+v", file, f)
			}
		}
	}
}

func TestARowThatNobodyElseHasReadIsNamed(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-dose-form,NA,equivalent,edqm,10219000,,,,no"+asDraft)).Run()
	if !told(v, RuleReading, "", "1 row of this table read by one reader only (NA)", false) {
		t.Errorf("%+v", v.Findings)
	}
}
