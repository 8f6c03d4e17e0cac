package fhir

import (
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"

	"github.com/google/go-cmp/cmp"
)

// fuller is the made-up prescription with a dosage that has everything that few have.
func fuller(t *testing.T) []byte {
	t.Helper()
	const at = "entry.0.resource.dosageInstruction.0."
	return changed(t, made(t, "fi-tablet.json"),
		change{at + "asNeededBoolean", nil}, change{at + "asNeededCodeableConcept", map[string]any{"coding": []any{map[string]any{"system": "http://hl7.org/fhir/sid/icd-10", "code": "R51"}}, "text": "peavalu"}},
		change{at + "sequence", 2}, change{at + "site", map[string]any{"text": "vasak käsi"}},
		change{at + "timing", map[string]any{"repeat": map[string]any{"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": []any{"mon", "thu"}, "when": []any{"AC"}, "offset": 30}}},
		change{at + "doseAndRate.0.rateRatio", map[string]any{"numerator": map[string]any{"value": 5, "system": systemUCUM, "code": "mL"}, "denominator": map[string]any{"value": 1, "system": systemUCUM, "code": "h"}}},
		change{at + "maxDosePerPeriod", map[string]any{"numerator": map[string]any{"value": 8, "system": "http://standardterms.edqm.eu", "code": "15054000"},
			"denominator": map[string]any{"value": 24, "system": systemUCUM, "code": "h"}}})
}

// rareParts is what the record holds of the parts that few dosages have.
func rareParts(d node.Dosage) []string {
	needed := "not said"
	if d.AsNeeded != nil {
		needed = map[bool]string{true: "as needed", false: "not as needed"}[*d.AsNeeded]
	}
	for _, reason := range d.NeededFor {
		needed += " " + reason.Current.Code + " " + reason.Text
	}
	site := ""
	if d.Site != nil {
		site = d.Site.Text
	}
	per := func(p node.PerTime) string {
		if p.IsZero() {
			return ""
		}
		value, unit := p.Amount.Now()
		return value + " " + unit.Code + " / " + p.Time + " " + p.Unit
	}
	return []string{needed, d.Sequence, site, strings.Join(d.Timing.DayOfWeek, " "), strings.Join(d.Timing.When, " "), d.Timing.Offset, per(d.Rate), per(d.Most)}
}

var fullerParts = []string{"as needed R51 peavalu", "2", "vasak käsi", "mon thu", "AC", "30", "5 mL / 1 h", "8 15054000 / 24 h"}

func TestWhatFewDosagesHaveIsReadAndWrittenAgain(t *testing.T) {
	d := decoded(t, fuller(t))
	if diff := cmp.Diff(fullerParts, rareParts(d.Prescriptions[0].Dosage[0])); diff != "" {
		t.Errorf("read:\n%s", diff)
	}
	for _, left := range slices.Concat(d.Rest, d.Residue) {
		if strings.Contains(left.Path, "dosageInstruction") {
			t.Errorf("%s is left unread", left.Path)
		}
	}
	carry(d, "EE")
	report := &node.Report{}
	again := decoded(t, encoded(t, d, node.MPD, nil, report))
	for _, lost := range report.Lost {
		if strings.HasPrefix(lost.Path, "dosage") {
			t.Errorf("%s is lost: %s", lost.Path, lost.Why)
		}
	}
	want := rareParts(d.Prescriptions[0].Dosage[0])
	if diff := cmp.Diff(want, rareParts(again.Prescriptions[0].Dosage[0])); diff != "" {
		t.Errorf("written and read again:\n%s", diff)
	}
}

func TestAReasonForTakingItAsNeededIsWithheldLikeAnyOther(t *testing.T) {
	d := decoded(t, fuller(t))
	reason := d.Prescriptions[0].Dosage[0].NeededFor[0]
	cut := []translation.Span{reason.Span}
	view := d.Without(cut)
	dosage := view.Prescriptions[0].Dosage[0]
	if len(dosage.NeededFor) != 0 || dosage.AsNeeded == nil || !*dosage.AsNeeded {
		t.Errorf("withheld: %v", rareParts(dosage))
	}
	carry(d, "EE")
	if body := string(encoded(t, d, node.MPD, cut, nil)); strings.Contains(body, "R51") || strings.Contains(body, "peavalu") || !strings.Contains(body, `"asNeededBoolean":true`) {
		t.Error("the reason is in what is sent, or that it is taken as needed is not")
	}
}

func TestARateThatIsNoAmountInATimeStaysUnread(t *testing.T) {
	const at = "entry.0.resource.dosageInstruction.0."
	d := decoded(t, changed(t, fuller(t), change{at + "maxDosePerPeriod.denominator", map[string]any{"value": 1, "unit": "meal"}},
		change{at + "doseAndRate.0.rateRatio.denominator", nil}))
	dosage := d.Prescriptions[0].Dosage[0]
	if !dosage.Most.IsZero() || !dosage.Rate.IsZero() {
		t.Errorf("read: %v", rareParts(dosage))
	}
	for _, want := range []string{"maxDosePerPeriod", "rateRatio"} {
		found := slices.ContainsFunc(slices.Concat(d.Rest, d.Residue), func(left node.Residue) bool { return strings.Contains(left.Path, want) })
		found = found || slices.ContainsFunc(d.Slots, func(s *translation.Slot) bool { return strings.Contains(s.Path, want) })
		if !found {
			t.Errorf("%s is not named", want)
		}
	}
}

func TestInASummaryADosageHasThemToo(t *testing.T) {
	const at = "entry.6.resource.dosage.0."
	d := decoded(t, changed(t, made(t, "eps-small.json"), change{at + "asNeededBoolean", nil}, change{at + "asNeededCodeableConcept", map[string]any{"text": "peavalu"}},
		change{at + "sequence", 2}, change{at + "maxDosePerPeriod", map[string]any{"numerator": map[string]any{"value": 8, "system": "http://standardterms.edqm.eu", "code": "15054000"},
			"denominator": map[string]any{"value": 24, "system": systemUCUM, "code": "h"}}}))
	for _, section := range d.Summary.Sections {
		for _, e := range section.Entries {
			if len(e.Dosage) > 0 && e.Dosage[0].Sequence == "2" {
				got := rareParts(e.Dosage[0])
				if !strings.HasPrefix(got[0], "as needed") || got[7] != "8 15054000 / 24 h" {
					t.Errorf("read: %v", got)
				}
				return
			}
		}
	}
	t.Error("the dosage is not read")
}
