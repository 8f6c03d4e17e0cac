package curation

import (
	"testing"
	"testing/fstest"

	"sild/mappings"
	"sild/translation"
)

func TestNamesOfCodeSystemsAreReadTwice(t *testing.T) {
	cases := []struct{ name, old, replacement, code, words string }{
		{"an alias that was dropped", "edqm,,1.3.6.1.4.1.12559.11.10.1.3.1.44.1,\"EDQM standard terms, older number\"\n", "", "edqm", "no row of systems.csv has it"},
		{"a digit of an OID", "1.3.6.1.4.1.28284.6.2.1.12,", "1.3.6.1.4.1.28284.6.2.1.13,", "ee-dose-form", "urn:oid:1.3.6.1.4.1.28284.6.2.1.12, and no row"},
		{"a letter of a URI", "https://fhir.ee/CodeSystem/ravimvormid", "https://fhir.ee/CodeSystem/ravimvormide", "ee-dose-form", "ravimvormid, and no row"},
		{"an arc that begins with a zero", "1.2.246.537.6.32,Finnish ATC without", "1.2.246.537.06.32,Finnish ATC without", "fi-atc", "1.2.246.537.06.32 is no OID"},
		{"a second arc over 39", "sct,http://snomed.info/sct,2.16.840.1.113883.6.96", "sct,http://snomed.info/sct,1.40.840.1.113883.6.96", "sct", "is no OID"},
		{"a URI with a blank", "http://snomed.info/sct", "http://snomed.info/ sct", "sct", "is no URI"},
		{"a URI and an OID that differ", "fi-dose-form,urn:oid:1.2.246.537.6.852,1.2.246.537.6.852", "fi-dose-form,urn:oid:1.2.246.537.6.852,1.2.246.537.6.825", "fi-dose-form", "does not say the same"},
		{"a Finnish number for an Estonian list", "1.3.6.1.4.1.28284.6.2.1.283", "1.2.246.537.6.283", "ee-time-unit", "registered under urn:oid:1.2.246."},
		{"a canonical name that became an alias", "edqm,http://standardterms.edqm.eu,0.4.0.127.0.16.1.1.2.1,EDQM standard terms\nedqm,,1.3.6.1.4.1.12559.11.10.1.3.1.44.1",
			"edqm,http://standardterms.edqm.eu,1.3.6.1.4.1.12559.11.10.1.3.1.44.1,EDQM standard terms\nedqm,,0.4.0.127.0.16.1.1.2.1", "edqm", "is here the alias name"},
		{"a URI that is no OID any more", "fi-dose-form,urn:oid:1.2.246.537.6.852", "fi-dose-form,urn:old:1.2.246.537.6.852", "", "1 name of code systems read by one reader only"},
		{"one name for two systems", "2.16.840.1.113883.6.8,UCUM", "2.16.840.1.113883.6.96,UCUM", "ucum", "stands for sct already"},
		{"a name that the second reader gives to another", "sms,https://spor.ema.europa.eu/v2/SubstanceDefinition", "sms,http://unitsofmeasure.org", "sms", "the second reader says that http://unitsofmeasure.org is ucum"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			v := shipped(changed(t, "systems.csv", test.old, test.replacement)).Run()
			if !found(v, RuleSystem, test.code, test.words) {
				t.Errorf("nobody says %q of %s: %+v", test.words, test.code, v.Findings)
			}
			if !found(v, RuleSeal, "", "of systems.csv is not what") {
				t.Error("the seal holds")
			}
		})
	}
}

func TestNamesThatAnOperatorAddsAreCounted(t *testing.T) {
	source := extra("concept-map", "ee-eu/dose-form.csv", mapHeader+"ee-dose-form,738,equivalent,edqm,10219000,,,,yes"+asAccepted)
	source.Files.(fstest.MapFS)["systems.csv"].Data = []byte("short,uri,oid,name\nclinic,https://clinic.example:8443/codes/forms,1.2.246.10.1,own codes\n")
	v := shipped(translation.Source{Files: mappings.Files()}, source).Run()
	if v.Broken > 0 || !told(v, RuleSystem, "", "2 names of code systems read by one reader only", false) {
		t.Errorf("%+v", v.Findings)
	}
}

func TestRulesOfCorridorsAreReadTwice(t *testing.T) {
	cases := []struct{ name, file, old, replacement, code, words string }{
		{"a rule that was dropped", "corridors/EE-FI.csv", "ee-fi-40,offer,form,same-properties,allow,", "ee-fi-40,offer,form,same-product,allow,", "same-properties", "(offer form), and no rule says it any more"},
		{"a prefix that was cut short", "corridors/EE.csv", "G03BA03", "G03BA0", "ee-atc-not-abroad", "no second reader says this of G03BA0"},
		{"a class of another field", "corridors/FI-EE.csv", "fi-ee-16,release,class,combination-pack", "fi-ee-16,release,class,unauthorised", "fi-ee-16", "unauthorised"},
		{"a remainder that is lost", "corridors/FI-EE.csv", "remainder,keep,", "remainder,close,", "fi-ee-30", "the rule is to close, and the second reader says keep"},
		{"a verb too many", "corridors/professions.csv", "FI,2221,nurse,find-patient summary,", "FI,2221,nurse,find-patient summary dispense,", "FI", "no second reader says this of dispense"},
		{"a rule without a source", "corridors/FI-EE.csv", "MyHealth@EU discard dispensation", "", "fi-ee-32", "the source is not given"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			v := shipped(changed(t, test.file, test.old, test.replacement)).Run()
			if !found(v, RuleCorridor, test.code, test.words) {
				t.Errorf("nobody says %q of %s: %+v", test.words, test.code, v.Findings)
			}
			if !found(v, RuleSeal, "", "of "+test.file+" is not what") {
				t.Error("the seal holds")
			}
		})
	}
	v := shipped(translation.Source{Files: mappings.Files()}, extra("corridor", "corridors/EE-FI.csv", "rule,stage,fact,value,effect,sentence,source,since\n")).Run()
	if !found(v, RuleCorridor, "", "nobody reads this file") {
		t.Error("a rule of an operator that nobody enforces goes unnoticed")
	}
	const header = "rule,stage,fact,value,effect,sentence,source,since\n"
	for row, want := range map[string]bool{
		"ee-own,release,atc-prefix,N02BE01,withhold,It does not cross the border.,our list,2026-11-01\n": false,
		"ee-own,release,atc-prefix,N02BE01,allow,It crosses the border.,our list,2026-11-01\n":           true,
		"ee-own,offer,form,same-properties,withhold,It is not offered.,our list,2026-11-01\n":            true,
	} {
		v := shipped(translation.Source{Files: mappings.Files()}, extra("corridor", "corridors/EE.csv", header+row)).Run()
		if found(v, RuleCorridor, "ee-own", "only withhold") != want || want == (v.Broken == 0) {
			t.Errorf("%s: %+v", row, v.Findings)
		}
	}
}

func TestAColumnWithoutItsSealIsNoticed(t *testing.T) {
	v := shipped(changed(t, "SEALS.csv", "eu/absence.csv,fi,21,68f14360273b3437,this project,2026-11-22\n", "")).Run()
	if !found(v, RuleSeal, "", "the column fi of eu/absence.csv has no seal") {
		t.Errorf("%+v", v.Findings)
	}
}
