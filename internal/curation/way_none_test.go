package curation

import (
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

const noneOfAll = ",none,,,,,,no,our pharmacist,2026-11-22,accepted by M M on 2026-11-22,in-doubt: nobody has looked\n"

// A row for many codes that says none says of every shared code of its system why nothing national stands for it.
func TestNoneOnManyCodesIsTheAnswerForTheirWayHome(t *testing.T) {
	for code, file := range map[string]string{"ee-atc,*": "ee-eu/classification.csv", "ee-atc,~(N02).*": "ee-eu/classification.csv", "ee-icd10,*": "ee-eu/diagnosis.csv"} {
		v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", file, mapHeader+code+noneOfAll)).Run()
		if v.Broken != 0 {
			t.Errorf("%s: %d broken, the first %+v", code, v.Broken, v.Findings[0])
		}
	}
}

// A system of which the row does not speak is asked for as before.
func TestNoneOnManyCodesIsNoAnswerForAnotherSystem(t *testing.T) {
	v := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-atc,*"+noneOfAll+"ee-dose-form,738,equivalent,edqm,10219000,,,,no,our pharmacist,2026-11-22,accepted by M M on 2026-11-22,\n")).Run()
	if !told(v, RuleWayHome, "10219000", "no row says which national code", true) {
		t.Errorf("nobody asks for the way home of another system: %+v", v.Findings)
	}
}

func TestARowThatALaterSourceReplacedIsNotHeldAgainstALaterReading(t *testing.T) {
	const reading = "system,code,relation,means\nee-atc,*,none,\n"
	for row, broken := range map[string]bool{"ee-atc,*" + noneOfAll: false, strings.Replace("ee-atc,*"+noneOfAll, "*", "A02BC01", 1): true} {
		own := extra("concept-map", "ee-eu/classification.csv", mapHeader+row)
		v := shipped(translation.Source{Files: mappings.Files()}, own, extra("reading", "ee-reading/classification.csv", reading)).Run()
		if told(v, RuleReading, "*", "the map says equivalent and the second reader none", true) != broken {
			t.Errorf("%s: %+v", row, v.Findings)
		}
	}
}
