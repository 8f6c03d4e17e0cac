package sentence

import (
	"strings"
	"testing"

	"sild/node"
)

func TestAMarkOfAListLooksLikeNoDigit(t *testing.T) {
	seen := map[string]bool{}
	for i := range 700 {
		mark := letter(i)
		if seen[mark] || mark == "" || strings.Trim(mark, "abcdefghjkmnpqrstuvwxyz") != "" {
			t.Fatalf("%d is marked %q", i, mark)
		}
		seen[mark] = true
	}
	if got := []string{letter(0), letter(8), letter(22), letter(23), letter(46)}; strings.Join(got, " ") != "a j z aa ba" {
		t.Errorf("got %v", got)
	}
}

// TestAZeroAtTheEndStandsApart says a number so that a decimal sign that is overlooked makes no other dose, and keeps how it
// was written.
func TestAZeroAtTheEndStandsApart(t *testing.T) {
	for _, test := range []struct {
		name string
		d    aDosage
		want string
	}{
		{"a dose", aDosage{Dose: "1.0", Unit: "g"}, "1 g (i källan 1,0)"},
		{"no zero", aDosage{Dose: "1.05", Unit: "g"}, "1,05 g"},
		{"a whole number", aDosage{Dose: "10", Unit: "g"}, "10 g"},
		{"a range", aDosage{Dose: "1.0", DoseHigh: "2.50", Unit: "g"}, "1–2,5 g (i källan 1,0–2,50)"},
		{"a range of one number written twice", aDosage{Dose: "1.0", DoseHigh: "1.0", Unit: "g"}, "1 g (i källan 1,0)"},
		{"a period", aDosage{Dose: "1", Unit: "g", Frequency: "1", Period: "8.0", PeriodUnit: "h"}, "1 g med 8 (i källan 8,0) timmars mellanrum"},
		{"no unit", aDosage{Dose: "2.0"}, "2 (enhet ej angiven) (i källan 2,0)"},
		{"so much in a length of time", aDosage{Dose: "1", Unit: "g", Most: "4.0", MostTime: "24.0", MostUnit: "h"}, "1 g, max. 4 g (i källan 4,0) per 24 (i källan 24,0) h"},
		{"nothing but zeros", aDosage{Dose: "0.0", Unit: "g"}, "0 g (i källan 0,0)"},
		{"half a tablet is digits for a pharmacist", aDosage{Dose: "0.50", Unit: "15054000"}, "0,5 tabl. (i källan 0,50)"},
	} {
		if got := (Voice{Language: "sv"}).Dosage([]node.Dosage{test.d.record()}); got != test.want {
			t.Errorf("%s: %q, not %q", test.name, got, test.want)
		}
	}
}

func TestAHalfIsAWordForAPatientOnly(t *testing.T) {
	for name, test := range map[string]struct {
		d    aDosage
		want string
	}{
		"half a tablet":           {aDosage{Dose: "0.50", Unit: "15054000"}, "Half a tablet (0.5) (written 0.50)."},
		"a range":                 {aDosage{Dose: "0.5", DoseHigh: "1", Unit: "15054000"}, "0.5–1 tablet."},
		"a quarter":               {aDosage{Dose: "0.25", Unit: "15054000"}, "0.25 tablets."},
		"half a millilitre":       {aDosage{Dose: "0.5", Unit: "mL"}, "0.5 millilitres."},
		"at most half":            {aDosage{DoseHigh: "0.5", Unit: "15054000"}, "At most half a tablet (0.5)."},
		"two ranges side by side": {aDosage{Dose: "1", DoseHigh: "2", Unit: "15054000", Frequency: "2", FrequencyMax: "3", Period: "1", PeriodUnit: "d"}, "1–2 tablets, 2–3 times a day."},
	} {
		if got := (Voice{Language: "en", Reader: Patient}).Dosage([]node.Dosage{test.d.record()}); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}

// TestWhatTheRecordDoesNotSayIsNotSaid holds the words that are only true of some records.
func TestWhatTheRecordDoesNotSayIsNotSaid(t *testing.T) {
	no := false
	for name, test := range map[string]struct {
		d    aDosage
		want string
	}{
		"one day, not as needed":           {aDosage{Dose: "3", Unit: "15054000", Needed: &no, From: "2026-11-05", To: "2026-11-05"}, "3 tabs, not as needed, on 5 Nov 2026"},
		"a month is no day":                {aDosage{Dose: "3", Unit: "15054000", From: "2026-11", To: "2026-11"}, "3 tabs, from Nov 2026 up to and including Nov 2026"},
		"on days, not as needed":           {aDosage{Dose: "3", Unit: "15054000", Needed: &no, Days: []string{"mon"}}, "3 tabs on Mondays, regularly, not as needed"},
		"each time of several days":        {aDosage{Dose: "3", Unit: "15054000", Days: []string{"mon", "fri"}}, "3 tabs each time, on Mondays and Fridays"},
		"how often is said, not each time": {aDosage{Dose: "3", Unit: "15054000", Frequency: "2", Period: "1", PeriodUnit: "d", Clock: []string{"08:00:00", "20:00:00"}}, "3 tabs 2 × a day, at 08:00 and 20:00"},
		"of no dose each time is said":     {aDosage{Clock: []string{"08:00:00", "20:00:00"}}, "at 08:00 and 20:00 (amount not stated here)"},
	} {
		if got := (Voice{Language: "en"}).Dosage([]node.Dosage{test.d.record()}); got != test.want {
			t.Errorf("%s: %q, not %q", name, got, test.want)
		}
	}
}
