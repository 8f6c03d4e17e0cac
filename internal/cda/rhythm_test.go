package cda

import (
	"strings"
	"testing"
)

// TestEvery8HoursAnd3TimesADayAreTwoThings reads a period with and without the mark that its hours are left to whoever gives it.
func TestEvery8HoursAnd3TimesADayAreTwoThings(t *testing.T) {
	const written = `institutionSpecified="false" operator="A"><period value="1" unit="d"/>`
	source := string(readFile(t, "ep-ee-ramipril.xml"))
	if !strings.Contains(source, written) {
		t.Fatal("the made-up document has changed")
	}
	for period, want := range map[string]string{
		`"false" operator="A"><period value="8" unit="h"/>`:                  "1 in 8 h",
		`"true" operator="A"><period value="8" unit="h"/>`:                   "3 in 1 d",
		`"true" operator="A"><period value="24" unit="h"/>`:                  "1 in 1 d",
		`"true" operator="A"><period value="84" unit="h"/>`:                  "2 in 1 wk",
		`"true" operator="A"><period value="90" unit="min"/>`:                "16 in 1 d",
		`"true" operator="A"><period value="5" unit="h"/>`:                   "1 in 5 h",
		`"true" operator="A"><period value="8.0" unit="h"/>`:                 "1 in 8.0 h",
		`"true" operator="A"><period value="2" unit="wk"/>`:                  "1 in 2 wk",
		`"true" alignment="DW" operator="A"><period value="8" unit="h"/>`:    "1 in 8 h",
		`"maybe" operator="A"><period value="8" unit="h"/>`:                  "1 in 8 h",
		`"false" operator="A"><period value="168" unit="h"/>`:                "1 in 168 h",
		`"true" operator="A"><period value="168" unit="h"/>`:                 "1 in 1 wk",
		`"true" operator="A"><period value="0" unit="h"/>`:                   "1 in 0 h",
		`"true" operator="A"><period value="30240000000000000" unit="min"/>`: "1 in 30240000000000000 min",
	} {
		d, err := Tongue{}.Decode([]byte(strings.Replace(source, written, `institutionSpecified=`+period, 1)))
		if err != nil {
			t.Errorf("%s: %v", period, err)
			continue
		}
		o := rx(d).Dosage[0].Timing
		if got := o.Frequency + " in " + o.Period + " " + o.PeriodUnit; got != want {
			t.Errorf("%s reads %s, not %s", period, got, want)
		}
	}
}
