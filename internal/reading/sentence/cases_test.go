package sentence

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// aCase is a made-up dosage as testdata/dosages.json writes it, with the case in words.
type aCase struct {
	Case    string
	Denied  bool
	Dosages []aDosage
}

type aDosage struct {
	Dose, DoseHigh, Unit, UnitText                   string
	Frequency, FrequencyMax                          string
	Period, PeriodMax, PeriodUnit                    string
	Days, Clock, When                                []string
	Offset, Route, Site, Sequence, Text              string
	Needed                                           *bool
	For                                              []string
	Rate, RateHigh, RateUnit, RateTime, RateTimeUnit string
	Most, MostTime, MostUnit                         string
	Lasts, LastsUnit, From, To                       string
	Untold                                           bool
}

func quantity(value, code, text string) node.Quantity {
	if value == "" {
		return node.Quantity{}
	}
	q := node.Quantity{Value: value}
	if code == "" && text == "" {
		return q
	}
	system := ucum
	if len(code) == len("15054000") {
		system = edqm
	}
	if text != "" {
		system = ""
	}
	q.Unit = translation.NewSlot(translation.DoseUnit, "unit", translation.Coding{System: system, Code: code})
	q.Unit.Text, q.Unit.Number = text, value
	return q
}

func word(text string) *translation.Slot {
	s := translation.NewSlot(translation.Other, "word", translation.Coding{})
	s.Text = text
	return s
}

func (a aDosage) record() node.Dosage {
	d := node.Dosage{Text: a.Text, AsNeeded: a.Needed, Sequence: a.Sequence, Untold: a.Untold,
		Dose: quantity(a.Dose, a.Unit, a.UnitText), DoseHigh: quantity(a.DoseHigh, a.Unit, a.UnitText),
		Rate: node.PerTime{Amount: quantity(a.Rate, a.RateUnit, ""), High: quantity(a.RateHigh, a.RateUnit, ""), Time: a.RateTime, Unit: a.RateTimeUnit},
		Most: node.PerTime{Amount: quantity(a.Most, a.Unit, a.UnitText), Time: a.MostTime, Unit: a.MostUnit},
		Timing: node.Timing{Frequency: a.Frequency, FrequencyMax: a.FrequencyMax, Period: a.Period, PeriodMax: a.PeriodMax, PeriodUnit: a.PeriodUnit,
			DayOfWeek: a.Days, TimeOfDay: a.Clock, When: a.When, Offset: a.Offset, BoundsValue: a.Lasts, BoundsUnit: a.LastsUnit, BoundsFrom: a.From, BoundsTo: a.To}}
	for _, reason := range a.For {
		d.NeededFor = append(d.NeededFor, word(reason))
	}
	if a.Site != "" {
		d.Site = word(a.Site)
	}
	if a.Route != "" {
		d.Route = translation.NewSlot(translation.Route, "route", translation.Coding{System: edqm, Code: a.Route})
	}
	return d
}

func cases(t *testing.T) []aCase {
	t.Helper()
	source, err := os.ReadFile("testdata/dosages.json")
	if err != nil {
		t.Fatal(err)
	}
	var found []aCase
	if err := json.Unmarshal(source, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// languages are in the order of the golden file.
var languages = []string{"et", "fi", "sv", "en"}

func (c aCase) say(language string, reader Reader) string {
	var list []node.Dosage
	for _, d := range c.Dosages {
		list = append(list, d.record())
	}
	s := Voice{Language: language, Reader: reader, Source: "fi", Denied: c.Denied}.Dosage(list)
	if s == "" {
		return "(–)"
	}
	return s
}

var write = flag.Bool("write", false, "write the golden file anew")

const golden = "testdata/sentences.txt"

// TestEverySentenceReadsAsItWasAgreed compares with the golden file. Each sentence in it was written by hand from the case
// in words and judged against the output; docs/dosage-review.md keeps the doubts.
func TestEverySentenceReadsAsItWasAgreed(t *testing.T) {
	var out strings.Builder
	for i, c := range cases(t) {
		fmt.Fprintf(&out, "%d. %s\n", i+1, c.Case)
		for _, language := range languages {
			fmt.Fprintf(&out, "   %s pharmacist  %s\n      patient     %s\n", language, c.say(language, Pharmacist), c.say(language, Patient))
		}
		out.WriteString("\n")
	}
	if *write {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	wanted, got := strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")
	for i, line := range got {
		if i >= len(wanted) || line != wanted[i] {
			t.Errorf("line %d reads\n%s\nand was agreed as\n%s", i+1, line, strings.Join(wanted[min(i, len(wanted)-1):min(i+1, len(wanted))], ""))
		}
	}
	if len(wanted) != len(got) {
		t.Errorf("%d lines, and %d were agreed", len(got), len(wanted))
	}
}
