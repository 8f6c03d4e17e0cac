package reading

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

func unit(rendered, language string) *translation.Slot {
	s := translation.NewSlot(translation.DoseUnit, "unit", translation.Coding{Code: "TABL"})
	s.Rendered, s.Language = rendered, language
	return s
}

// valueOf finds the words of the first value under a label.
func valueOf(rows []Row, label string) string {
	for _, row := range rows {
		if row.Label == label {
			return row.Values[0].Words()
		}
	}
	return ""
}

func TestATimingKeepsEveryNumberAndUnit(t *testing.T) {
	for _, test := range []struct {
		timing         node.Timing
		et, fi, en, sv string
	}{
		{node.Timing{Frequency: "3", Period: "1", PeriodUnit: "d"}, "3 korda päevas", "3 kertaa päivässä", "3 times a day", "3 gånger per dag"},
		{node.Timing{Frequency: "1", Period: "8", PeriodUnit: "h"}, "iga 8 tunni järel", "8 tunnin välein", "every 8 hours", "var 8:e timme"},
		{node.Timing{Frequency: "2", FrequencyMax: "3", Period: "2", PeriodUnit: "wk"}, "2–3 korda iga 2 nädala jooksul", "2–3 kertaa jokaisen 2 viikon jakson aikana", "2–3 times in every 2 weeks", "2–3 gånger under varje 2-veckorsperiod"},
		{node.Timing{Frequency: "1", Period: "4", PeriodMax: "6", PeriodUnit: "h"}, "iga 4–6 tunni järel", "4–6 tunnin välein", "every 4–6 hours", "med 4–6 timmars mellanrum"},
		{node.Timing{Period: "1.5", PeriodUnit: "mo"}, "iga 1,5 kuu järel", "1,5 kuukauden välein", "every 1.5 months", "med 1,5 månaders mellanrum"},
		{node.Timing{Frequency: "4"}, "4 korda (periood märkimata)", "4 kertaa (ajanjaksoa ei ilmoitettu)", "4 times (period not stated)", "4 gånger (tidsperiod ej angiven)"},
		{node.Timing{FrequencyMax: "4", Period: "1", PeriodUnit: "d"}, "kõige rohkem 4 korda päevas", "enintään 4 kertaa päivässä", "at most 4 times a day", "högst 4 gånger per dag"},
		{node.Timing{Frequency: "2", Period: "3", PeriodUnit: "fortnight"}, "2 / 3 fortnight", "2 / 3 fortnight", "2 / 3 fortnight", "2 / 3 fortnight"},
	} {
		for language, want := range map[string]string{"et": test.et, "fi": test.fi, "en": test.en, "sv": test.sv} {
			w := plainWriter("", language)
			if got := w.often(test.timing).Translated; got != want {
				t.Errorf("%s: %q, not %q", language, got, want)
			}
		}
	}
}

func rowsOf(w *writer, d node.Dosage) []Row { return w.dosages([]node.Dosage{d}, false)[0].Rows }

func TestADosageSaysWhenAndHowLongAndWhetherAsNeeded(t *testing.T) {
	no := false
	w := plainWriter("lv", "en")
	rows := rowsOf(w, node.Dosage{AsNeeded: &no, Dose: node.Quantity{Value: "1", Unit: unit("tablet", "en")}, DoseHigh: node.Quantity{Value: "2", Unit: unit("tablet", "en")},
		Timing: node.Timing{TimeOfDay: []string{"08:00:00", "20:00:30"}, When: []string{"AC", "HS"}, BoundsValue: "1", BoundsUnit: "wk", BoundsFrom: "2026-11-03"}})
	for label, want := range map[string]string{"Single dose": "1 tablet – 2 tablet", "As needed": "no: to be taken as stated, not as needed", "At these times": "08:00",
		"When": "before a meal", "Duration": "1 week", "Dates": "from 3 Nov 2026"} {
		if got := valueOf(rows, label); got != want {
			t.Errorf("%s: %q, not %q", label, got, want)
		}
	}
	if rows := rowsOf(w, node.Dosage{}); rows[0].Values[0].Marks[0].Kind != Absent {
		t.Error("an empty dosage is not said to be absent")
	}
	if valueOf(rowsOf(w, node.Dosage{Text: "x"}), "As needed") != "" {
		t.Error("what nobody said about need is told all the same")
	}
}

func TestAPackageIsPlainArithmetic(t *testing.T) {
	s := sheet{writer: plainWriter("", "fi")}
	s.pack(node.Package{Items: node.Quantity{Value: "30"}, Levels: []node.PackageLevel{{Quantity: node.Quantity{Value: "10", Unit: unit("tablettia", "fi")}}, {Quantity: node.Quantity{Value: "3"}}}})
	if got := valueOf(s.rows, "Pakkauskoko"); got != "3 × 10 tablettia" {
		t.Errorf("got %q", got)
	}
}

func TestAnAmountKeepsItsSignAndTheReadersComma(t *testing.T) {
	less := unit("g/l", "fi")
	less.Number, less.Amount = "<0.5", "0.5"
	per := unit("milligramma", "fi")
	per.SetPer(&translation.Coding{Code: "h", Display: "tunti"})
	for want, q := range map[string]node.Quantity{"<0,5 g/l": {Value: "0.5", Unit: less}, "2,50 milligramma / tunti": {Value: "2.50", Unit: per}, "0": {Value: "0"}, "1e3": {Value: "1e3"}} {
		if got := plainWriter("", "fi").quantity(q).Translated; got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestADateIsAsExactAsItWasWritten(t *testing.T) {
	for written, want := range map[string][3]string{
		"2026":                      {"2026", "2026", "2026"},
		"2026-11":                   {"11.2026", "11/2026", "Nov 2026"},
		"2026-11-03":                {"03.11.2026", "3.11.2026", "3 Nov 2026"},
		"2026-11-03T08:05:00+02:00": {"03.11.2026 08:05 (UTC+02:00)", "3.11.2026 08:05 (UTC+02:00)", "3 Nov 2026 08:05 (UTC+02:00)"},
		"2026-11-03T08:05:09Z":      {"03.11.2026 08:05:09 (UTC+00:00)", "3.11.2026 08:05:09 (UTC+00:00)", "3 Nov 2026 08:05:09 (UTC+00:00)"},
		"20261103":                  {"20261103", "20261103", "20261103"},
	} {
		for i, language := range []string{"et", "fi", "en"} {
			if got := plainWriter("", language).day(written).Translated; got != want[i] {
				t.Errorf("%s in %s: %q, not %q", written, language, got, want[i])
			}
		}
	}
}

func TestAbsentEmptyUnknownKnownAbsentAndZeroAreFiveThings(t *testing.T) {
	w := plainWriter("", "en")
	asked := translation.NewSlot(translation.Allergen, "a", translation.Coding{})
	asked.SetAbsent("asked-unknown")
	section := func(state node.SectionState) string {
		b := w.section(&node.Section{Code: "48765-2", State: state})
		return b.State
	}
	said := []string{w.coded(asked).Marks[0].Words, w.notSaid().Words(), section(node.NoInformation), section(node.KnownAbsence), w.quantity(node.Quantity{Value: "0"}).Words(),
		section(node.HasEntries), w.worded("sex", "unknown").Words()}
	for i, one := range said {
		if one == "" || slices.Contains(said[:i], one) {
			t.Errorf("%q is said twice, or nothing is said", one)
		}
	}
}

func TestADenialComesFirstAndLoud(t *testing.T) {
	for _, kind := range []node.EntryKind{node.AnAllergy, node.AProblem, node.AMedicationUse, node.ADevice, node.AProcedure, node.AnImmunisation, node.AnObservation,
		node.APanel, node.APlan, node.AnotherEntry, node.AnAbsence, node.ADirectiveEntry} {
		for _, language := range []string{"et", "fi", "en", "sv"} {
			w := plainWriter("", language)
			yes, no := w.entry("x", &node.Entry{Kind: kind}), w.entry("x", &node.Entry{Kind: kind, Negated: true})
			if yes.State != "" || yes.Grave || no.State != w.say("denied:"+string(kind)) || !no.Grave {
				t.Errorf("%s in %s: %q and %q", kind, language, yes.State, no.State)
			}
		}
	}
	w := plainWriter("", "en")
	refuted := translation.NewSlot(translation.Certainty, "c", translation.Coding{Code: "refuted"})
	if b := w.entry("x", &node.Entry{Kind: node.AProblem, Certainty: refuted}); !b.Grave || !strings.Contains(b.State, "REFUTED") {
		t.Errorf("a refuted problem says %q", b.State)
	}
	d := &node.Document{Summary: &node.Summary{}}
	n := Narrative(d, node.Section{State: node.HasEntries, Entries: []node.Entry{{Kind: node.AProcedure, Negated: true, Text: "x"}}}, "en")
	if !strings.Contains(n.XHTML, "NOT DONE") || strings.Index(n.XHTML, "NOT DONE") > strings.Index(n.XHTML, "<table>") {
		t.Errorf("the denial is not first: %s", n.XHTML)
	}
}

func TestSubstitutionHasThreeAnswers(t *testing.T) {
	yes, no := true, false
	var said []string
	for _, allowed := range []*bool{nil, &yes, &no} {
		s := sheet{writer: plainWriter("", "et")}
		s.substitution(node.Substitution{Allowed: allowed})
		said = append(said, s.rows[0].Values[0].Words())
	}
	if said[0] == said[1] || said[1] == said[2] || !strings.HasPrefix(said[2], "EI OLE lubatud") {
		t.Errorf("%q", said)
	}
}

func TestABanOrHidingOfThePatientIsNotTold(t *testing.T) {
	w := plainWriter("", "en")
	if got := w.classes([]node.Class{node.Private, node.Banned, node.Narcotic}); len(got) != 1 || got[0].Words() != "narcotic" {
		t.Errorf("%+v", got)
	}
}

func TestTheMarksOfASlot(t *testing.T) {
	mapped := func(change func(*translation.Slot)) *translation.Slot {
		s := &translation.Slot{Fate: translation.Mapped, Hops: []translation.Hop{{Step: &translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent}}}}
		change(s)
		return s
	}
	for want, s := range map[string]*translation.Slot{
		"":            mapped(func(*translation.Slot) {}),
		"wider":       mapped(func(s *translation.Slot) { s.Hops[0].Relation = translation.Wider }),
		"narrower":    mapped(func(s *translation.Slot) { s.Hops[0].Relation = translation.Narrower }),
		"inexact":     mapped(func(s *translation.Slot) { s.Hops[0].Relation = translation.Inexact }),
		"alarm":       mapped(func(s *translation.Slot) { s.Compare().Coherence = translation.Contradicts }),
		"alarm,draft": mapped(func(s *translation.Slot) { s.Compare().Alarm, s.Hops[0].Draft = "x", true }),
		"not-checked": mapped(func(s *translation.Slot) { s.Compare().Coherence = translation.NotChecked }),
		"gap":         {Fate: translation.Refused, Reason: "the number is zero"},
		"gap,absent":  {Fate: translation.Passed, Rare: &translation.Rare{Absent: "UNK"}},
		"absent":      mapped(func(s *translation.Slot) { s.SetAbsent("brand-new-reason") }),
	} {
		var kinds []string
		for _, m := range plainWriter("", "fi").marks(s) {
			kinds = append(kinds, string(m.Kind))
			if m.Words == "" || strings.Contains(m.Words, "mark:") {
				t.Errorf("%s has no words", m.Kind)
			}
		}
		if got := strings.Join(kinds, ","); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	w := plainWriter("", "en")
	w.judged = true
	if m := w.marks(&translation.Slot{}); len(m) != 1 || m[0].Kind != Gap {
		t.Errorf("a place that the translation forgot is marked %+v", m)
	}
}

func TestAGeneratedNarrativeHoldsOnlyAllowedMarkup(t *testing.T) {
	attack := "<script>x</script>&\"' \u202e\x00"
	d := &node.Document{Prescriptions: []*node.Prescription{{Medication: node.Medication{Name: attack}, Notes: []string{attack, attack}}}}
	xhtml := PrescriptionNarrative(d, d.Prescriptions[0], "et").XHTML
	for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(xhtml, -1) {
		if !slices.Contains([]string{"p", "b", "i", "table", "tbody", "tr", "td", "ul", "li"}, strings.Trim(tag, "</>")) {
			t.Errorf("%s stands in a narrative", tag)
		}
	}
	for _, want := range []string{"&lt;script&gt;", "[U+202E]", "[U+0000]"} {
		if !strings.Contains(xhtml, want) {
			t.Errorf("%s is not in the narrative", want)
		}
	}
	if DispensationNarrative(d, "et").XHTML != "" {
		t.Error("a document without dispensation has a text about one")
	}
}

func TestAHeaderOnlyDocumentSaysThatThePDFIsTheDocument(t *testing.T) {
	page := flat(Of(&node.Document{Kind: node.APrescription, Pages: []byte("%PDF")}, "en"))
	if !strings.Contains(page, "Open the PDF") || !strings.Contains(flat(Of(&node.Document{Kind: node.ASummary}, "en")), "only a header") {
		t.Errorf("a level 1 document reads: %s", page)
	}
	if !strings.Contains(flat(Of(&node.Document{Kind: node.AListing}, "en")), "no prescription in this list") {
		t.Error("an empty list does not say that it is empty")
	}
}

func TestARecordOfAnotherPatientIsNotOverlooked(t *testing.T) {
	d := &node.Document{Patient: node.Patient{Family: "One"}, Prescriptions: []*node.Prescription{{Patient: node.Patient{Family: "Two"}}}}
	if page := flat(Of(d, "en")); !strings.Contains(page, "differs from the document's") || !strings.Contains(page, "Two") {
		t.Error("another patient is not told")
	}
}
