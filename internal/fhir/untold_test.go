package fhir

import (
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

type object = map[string]any

// with is one change of a dosage, which takes the other forms of the same choice away.
func with(at, path string, to any) []change {
	var list []change
	if strings.Contains(path, ".bounds") {
		for _, other := range []string{"boundsDuration", "boundsPeriod", "boundsRange"} {
			list = append(list, change{at + "timing.repeat." + other, nil})
		}
	}
	return append(list, change{at + path, to})
}

// untoldIn says of every dosage of a document whether the source says more than the record.
func untoldIn(d *node.Document) []bool {
	var found []bool
	add := func(list []node.Dosage) {
		for _, dosage := range list {
			found = append(found, dosage.Untold)
		}
	}
	for _, p := range d.Prescriptions {
		add(p.Dosage)
	}
	if d.Summary != nil {
		for _, section := range d.Summary.Sections {
			for _, e := range section.Entries {
				add(e.Dosage)
			}
		}
	}
	return found
}

func ucum(n any, code string) object { return object{"value": n, "system": systemUCUM, "code": code} }

// beyond are parts of a dosage that no field of the record holds, by the path in it.
func beyond() map[string]any {
	return map[string]any{
		"doseAndRate.+":                object{"doseQuantity": ucum(3, "mg")},
		"doseAndRate.0.rateQuantity":   ucum(10, "mL/h"),
		"doseAndRate.0.rateRange":      object{"low": ucum(10, "mL/h")},
		"timing.code":                  object{"coding": []any{object{"system": "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", "code": "BID"}}},
		"timing.event":                 []any{"2026-12-01", "2026-12-08"},
		"timing.repeat.count":          5,
		"timing.repeat.duration":       30,
		"timing.repeat.boundsRange":    object{"low": ucum(5, "d"), "high": ucum(7, "d")},
		"maxDosePerLifetime":           ucum(20, "mg"),
		"maxDosePerAdministration":     ucum(2, "mg"),
		"method":                       object{"text": "närides"},
		"additionalInstruction":        []any{object{"coding": []any{object{"system": "http://snomed.info/sct", "code": "311504000"}}, "text": "koos toiduga"}},
		"timing.repeat.boundsDuration": object{"value": 7, "system": systemUCUM, "code": "d", "comparator": "<"},
		"somethingElse":                "tundmatu",
		"extension":                    []any{object{"url": "http://resepti.kanta.fi/StructureDefinition/extension/onlyTextDosageInUse", "valueBoolean": true}},
	}
}

// atDosage are the first dosages of the made-up documents, each in its form.
var atDosage = map[string]string{"ee-tablet.json": "entry.0.resource.dosageInstruction.0.", "fi-tablet.json": "entry.0.resource.dosageInstruction.0.",
	"eps-small.json": "entry.6.resource.dosage.0."}

func TestADosageIsUntoldWhereTheSourceSaysMoreOfIt(t *testing.T) {
	for name, at := range atDosage {
		if slices.Contains(untoldIn(decoded(t, made(t, name))), true) {
			t.Errorf("%s: all is told as it is", name)
		}
		for path, more := range beyond() {
			d := decoded(t, changed(t, made(t, name), with(at, path, more)...))
			if untold := untoldIn(d); len(untold) == 0 || !untold[0] {
				t.Errorf("%s with %s: %v", name, path, untold)
			}
		}
	}
}

func TestWhatTheRecordHoldsOfADosageLeavesNothingUntold(t *testing.T) {
	if got := untoldIn(decoded(t, fuller(t))); slices.Contains(got, true) {
		t.Errorf("read in full: %v", got)
	}
	per := object{"numerator": ucum(8, "mg"), "denominator": ucum(24, "h")}
	for path, held := range map[string]any{
		"doseAndRate": []any{object{"doseRange": object{"low": ucum(1, "mg"), "high": ucum(2, "mg")}, "rateRatio": per}}, "sequence": 2, "patientInstruction": "Võtta hommikul.",
		"timing.repeat.boundsDuration": ucum(7, "d"), "timing.repeat.boundsPeriod": object{"start": "2026-10-01"},
		"additionalInstruction": []any{object{"text": "koos toiduga"}}, "site": object{"text": "vasak käsi"},
		"extension": []any{object{"url": "http://resepti.kanta.fi/StructureDefinition/extension/sic", "valueBoolean": false}},
	} {
		for name, at := range atDosage {
			if path == "patientInstruction" && name == "eps-small.json" {
				continue // of two texts a summary's record holds one
			}
			if got := untoldIn(decoded(t, changed(t, made(t, name), with(at, path, held)...))); slices.Contains(got, true) {
				t.Errorf("%s with %s: %v", name, path, got)
			}
		}
	}
}

func TestTheNextContactPointIsToldThatTheSourceSaysMore(t *testing.T) {
	for _, name := range []string{"ee-tablet.json", "fi-tablet.json"} {
		for _, more := range []bool{false, true} {
			source := made(t, name)
			if more {
				source = changed(t, source, change{atDosage[name] + "timing.repeat.count", 5})
			}
			d := decoded(t, source)
			carry(d, "EE")
			again := decoded(t, encoded(t, d, node.MPD, nil, &node.Report{}))
			if untold := untoldIn(again); len(untold) == 0 || untold[0] != more {
				t.Errorf("%s: %v, not %v", name, untold, more)
			}
			if slices.ContainsFunc(again.Residue, func(r node.Residue) bool { return strings.Contains(r.Path, "dosageInstruction") }) {
				t.Errorf("%s: the mark is not understood", name)
			}
		}
	}
}

// inR5 is the Estonian prescription with these mosts in a period.
func inR5(t *testing.T, mosts any) []byte {
	return changed(t, made(t, "ee-tablet.json"), change{atDosage["ee-tablet.json"] + "maxDosePerPeriod", mosts})
}

func TestTheMostInAPeriodIsAListInR5(t *testing.T) {
	day, week := object{"numerator": ucum(4, "mg"), "denominator": ucum(24, "h")}, object{"numerator": ucum(10, "mg"), "denominator": ucum(1, "wk")}
	for name, mosts := range map[string]any{"a list of one": []any{day}, "R4's object": day} {
		dosage := decoded(t, inR5(t, mosts)).Prescriptions[0].Dosage[0]
		if got := rareParts(dosage)[7]; got != "4 mg / 24 h" || dosage.Untold {
			t.Errorf("%s: %q, untold: %v", name, got, dosage.Untold)
		}
	}
	d := decoded(t, inR5(t, []any{day, week}))
	dosage := d.Prescriptions[0].Dosage[0]
	if !dosage.Most.IsZero() || !dosage.Untold {
		t.Errorf("of two: %v, untold: %v", rareParts(dosage), dosage.Untold)
	}
	for _, n := range []string{"maxDosePerPeriod[0].numerator", "maxDosePerPeriod[1].numerator"} {
		if !slices.ContainsFunc(d.Slots, func(s *translation.Slot) bool { return strings.HasSuffix(s.Path, n) }) {
			t.Errorf("%s is not named", n)
		}
	}
}

func TestTheMostInAPeriodIsNoListInR4(t *testing.T) {
	most := []any{object{"numerator": ucum(4, "mg"), "denominator": ucum(24, "h")}}
	for _, name := range []string{"fi-tablet.json", "eps-small.json"} {
		_, err := Tongue{}.Decode(changed(t, made(t, name), change{atDosage[name] + "maxDosePerPeriod", most}))
		if err == nil || !strings.Contains(node.AsError(err).Detail, "object expected, array found") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
