package compose

import (
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// paths are the places of what was lost.
func paths(lost []string) []string {
	var found []string
	for _, line := range lost {
		place, why, _ := strings.Cut(line, ": ")
		if why == "" {
			place = "no reason for " + place
		}
		found = append(found, place)
	}
	slices.Sort(found)
	return found
}

func TestWhatCDACannotHoldIsNamed(t *testing.T) {
	rx := func(change func(d *node.Document, p *node.Prescription)) *node.Document {
		d := generic()
		change(d, d.Prescriptions[0])
		return d
	}
	ps := func(s node.Section) *node.Document {
		d := nothing()
		d.Summary.Sections, d.Slots = []node.Section{s}, nil
		return d
	}
	entry := func(e node.Entry) *node.Document {
		return ps(node.Section{Code: "8716-3", State: node.HasEntries, Entries: []node.Entry{e}})
	}
	entries := "section[8716-3].entry[0]."
	m := &maker{}
	for _, row := range []struct {
		says string
		d    *node.Document
		lost []string
	}{
		{"a prescription that fits", generic(), nil},
		{"a total, once", rx(func(d *node.Document, p *node.Prescription) {
			p.Amount.Total = node.Quantity{Value: "60", Unit: m.slot(translation.PackageUnit, "amount.total", unit("mL"))}
			d.Slots = append(d.Slots, p.Amount.Total.Unit)
		}), []string{"amount.total"}},
		{"what is left", rx(func(_ *node.Document, p *node.Prescription) { p.Amount.Left = "1" }), []string{"amount.left"}},
		{"a version in words", rx(func(_ *node.Document, p *node.Prescription) { p.Version = "1.a" }), []string{"version"}},
		{"a state that HL7 does not know", rx(func(_ *node.Document, p *node.Prescription) { p.Status = "odd" }), []string{"status"}},
		{"not as needed", rx(func(_ *node.Document, p *node.Prescription) { p.Dosage = []node.Dosage{{AsNeeded: flag(false)}} }), []string{"dosage[0].asNeeded"}},
		{"what few dosages have", rx(func(_ *node.Document, p *node.Prescription) {
			p.Dosage = []node.Dosage{{Sequence: "1", Site: m.slot(translation.BodySite, "dosage[0].site", translation.Coding{Display: "left"}), NeededFor: []*translation.Slot{m.slot(translation.Other, "dosage[0].neededFor[0]", translation.Coding{Display: "pain"})},
				Rate: node.PerTime{Amount: node.Quantity{Value: "5"}, Time: "1", Unit: "h"}, Most: node.PerTime{Amount: node.Quantity{Value: "8"}, Time: "24", Unit: "h"},
				Timing: node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", DayOfWeek: []string{"mon"}, When: []string{"AC"}, Offset: "30"}}}
		}), []string{"dosage[0].most", "dosage[0].neededFor[0]", "dosage[0].rate", "dosage[0].sequence", "dosage[0].site", "dosage[0].timing.dayOfWeek", "dosage[0].timing.offset"}},
		{"a course with an end and a length", rx(func(_ *node.Document, p *node.Prescription) {
			p.Dosage = []node.Dosage{{Timing: node.Timing{BoundsTo: "2026-10-01", BoundsValue: "7", BoundsUnit: "d"}}}
		}), []string{"dosage[0].timing.length"}},
		{"a length in no unit of time", rx(func(_ *node.Document, p *node.Prescription) {
			p.Dosage = []node.Dosage{{Timing: node.Timing{BoundsValue: "7", BoundsUnit: "pack"}}}
		}), []string{"dosage[0].timing.length"}},
		{"a validity that is no date", rx(func(_ *node.Document, p *node.Prescription) { p.Valid.To = "soon" }), []string{"valid.to"}},
		{"a sex that HL7 does not know", rx(func(_ *node.Document, p *node.Prescription) { p.Patient.Sex = "x" }), []string{"patient.sex"}},
		{"a patient's second id without number", rx(func(_ *node.Document, p *node.Prescription) {
			p.Patient.Identifiers = append(p.Patient.Identifiers, node.Identifier{System: nameless, Value: "2"})
		}), []string{"patient.id[1]"}},
		{"a prescriber's id without number, once", rx(func(_ *node.Document, p *node.Prescription) {
			p.Prescriber.ID = node.Identifier{System: nameless, Value: "2"}
		}), []string{"author.id"}},
		{"a parent of a system without number", rx(func(d *node.Document, _ *node.Prescription) {
			d.Header.Parent = node.Identifier{System: nameless, Value: "2"}
		}), []string{"header.parent"}},
		{"a coded place that no field claims", rx(func(d *node.Document, _ *node.Prescription) {
			d.Slots = append(d.Slots, m.slot(translation.Other, "elsewhere", code(edqm, "1", "")))
		}), []string{"elsewhere"}},
		{"a course of therapy", rx(func(d *node.Document, p *node.Prescription) {
			p.Course = m.slot(translation.CourseOfTherapy, "course", code(edqm, "1", ""))
			d.Slots = append(d.Slots, p.Course)
		}), []string{"course"}},
		{"the code of a reason against substitution, not its words", rx(func(d *node.Document, p *node.Prescription) {
			p.Substitution.Reason = m.slot(translation.SubstitutionReason, "substitution.reason", code(edqm, "1", "allergy"))
			d.Slots = append(d.Slots, p.Substitution.Reason)
		}), []string{"substitution.reason"}},
		{"a structural code is written anew", rx(func(d *node.Document, _ *node.Prescription) {
			d.Slots = append(d.Slots, m.slot(translation.Structural, "confidentiality", code(edqm, "N", "")))
		}), nil},
		{"a code of another kind of document", rx(func(d *node.Document, _ *node.Prescription) {
			d.Code = &translation.Slot{Path: "code", Current: code(loinc, "34133-9", "")}
		}), []string{"code"}},
		{"a text with a character that XML does not have", rx(func(_ *node.Document, p *node.Prescription) { p.Medication.Name = "a\x02b" }),
			[]string{"ClinicalDocument/component/structuredBody/component/section/entry/substanceAdministration/consumable/manufacturedProduct/manufacturedMaterial/name"}},
		{"a narrative that is no markup", rx(func(d *node.Document, _ *node.Prescription) { d.Header.Narrative.XHTML = "<p>a<b>" }), []string{"narrative"}},

		{"a reaction of a vital sign", entry(node.Entry{Kind: node.AnObservation, Reactions: []node.Reaction{{}}}), []string{entries + "reactions"}},
		{"the words of a panel", entry(node.Entry{Kind: node.APanel, Text: "x"}), []string{entries + "text"}},
		{"members of an act", entry(node.Entry{Kind: node.AnotherEntry, Members: []node.Entry{{}}}), []string{entries + "member[0]"}},
		{"a dose number of a device", entry(node.Entry{Kind: node.ADevice, Number: "1", Result: node.Result{Text: "x"}, Dosage: []node.Dosage{{}}}), []string{entries + "dosage", entries + "number", entries + "result"}},
		{"a denied device", entry(node.Entry{Kind: node.ADevice, Negated: true}), []string{"section[8716-3].entry[0]"}},
		{"a state that HL7 does not know", entry(node.Entry{Kind: node.AProcedure, State: "odd"}), []string{entries + "state"}},
		{"an id of a system without number", entry(node.Entry{Kind: node.AProcedure, IDs: []node.Identifier{{System: nameless, Value: "1"}}}), []string{entries + "id[0]"}},
		{"a time of two kinds", entry(node.Entry{Kind: node.AMedicationUse, When: node.Period{From: "2026"}, Dosage: []node.Dosage{{Timing: node.Timing{BoundsFrom: "2025"}}}}), []string{entries + "when"}},
		{"an absence that has no code here", entry(node.Entry{Kind: node.AnAbsence}), []string{"section[8716-3].entry[0]"}},
		{"a denied absence", ps(node.Section{Code: "48765-2", State: node.HasEntries, Entries: []node.Entry{{Kind: node.AnAbsence, Negated: true,
			What: &translation.Slot{Path: "x", Current: code("urn:oid:2.16.840.1.113883.5.1150.1", "no-known-allergies", "")}}}}), []string{"section[48765-2].entry[0]"}},
		{"the absence of a section without codes for it", ps(node.Section{Code: "8716-3", State: node.KnownAbsence}), []string{"section[8716-3].state"}},
		{"a statement in a section that says that it has none", ps(node.Section{Code: "48765-2", State: node.NoInformation, Entries: []node.Entry{{Kind: node.AnAllergy}}}), []string{"section[48765-2].entry[0]"}},
	} {
		_, lost := composed(t, row.d)
		if got := paths(lost); !slices.Equal(got, row.lost) {
			t.Errorf("%s: lost %v, not %v", row.says, got, row.lost)
		}
	}
}

// Once a day on Mondays must not become once a day.
func TestARhythmWithDaysOfTheWeekIsUnknownRatherThanDaily(t *testing.T) {
	d := generic()
	d.Prescriptions[0].Dosage = []node.Dosage{{Timing: node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", DayOfWeek: []string{"mon"}}}}
	out, _ := composed(t, d)
	if strings.Contains(out, "PIVL_TS") || !strings.Contains(out, `<effectiveTime nullFlavor="UNK"`) {
		t.Errorf("a rhythm is written:\n%s", out)
	}
}

// A withheld statement leaves no trace: the document is byte for byte the one of a record that never had the section.
func TestASectionOfWhichNothingIsLeftLooksAsIfItNeverWas(t *testing.T) {
	with, without := nothing(), nothing()
	with.Summary.Sections = []node.Section{{Code: "11348-0", State: node.HasEntries}, {Code: "47519-4", State: node.HasEntries, Title: "Protseduurid"}}
	without.Summary.Sections = nil
	with.Slots, without.Slots = nil, nil
	a, lostA := composed(t, with)
	b, lostB := composed(t, without)
	if a != b || len(lostA)+len(lostB) > 0 {
		t.Errorf("a trace is left: %v %v\n%s\n%s", lostA, lostB, a, b)
	}
}

func TestKnownAbsenceAndNoInformationAreNeverMixed(t *testing.T) {
	for _, rule := range sectionRules {
		if rule.none == "" {
			continue
		}
		for state, want := range map[node.SectionState]string{node.KnownAbsence: rule.none, node.NoInformation: rule.info} {
			for _, said := range []string{rule.none, rule.info} {
				d := nothing()
				d.Summary.Sections = []node.Section{{Code: rule.code, State: state, Entries: []node.Entry{{Kind: node.AnAbsence,
					What: &translation.Slot{Field: translation.Absence, Path: "x", Current: code(absent, said, "")}}}}}
				out, _ := composed(t, d)
				if got := strings.Split(find(parsed(t, out), "//*[@codeSystem=2.16.840.1.113883.5.1150.1]/@code"), "|")[0]; got != want {
					t.Errorf("%s that is %s is told as %s", rule.code, state, got)
				}
			}
		}
	}
}

func TestANarrativeBecomesWhatCDATakes(t *testing.T) {
	for xhtml, want := range map[string]string{
		"plain &amp; simple":                     "plain &amp; simple",
		"<p>a<br/>b</p>":                         "<paragraph>a<br/>b</paragraph>",
		"<p>x<sup>2</sup><sub>i</sub></p>":       "<paragraph>x<sup>2</sup><sub>i</sub></paragraph>",
		"<p><b>a</b><i>b</i><u>c</u></p>":        `<paragraph><content styleCode="Bold">a</content><content styleCode="Italics">b</content><content styleCode="Underline">c</content></paragraph>`,
		"<ul></ul>":                              "",
		"<ol><li>a<ul><li>b</li></ul></li></ol>": `<list listType="ordered"><item>a<list listType="unordered"><item>b</item></list></item></list>`,
		"<table><tr><td>a</td></tr></table>":     "<table><tbody><tr><td>a</td></tr></tbody></table>",
		"<table><tbody><tr><th>a</th></tr></tbody><tfoot><tr><td>b</td></tr></tfoot></table>": "<table><tfoot><tr><td>b</td></tr></tfoot><tbody><tr><th>a</th></tr></tbody></table>",
		"<p>a&nbsp;b</p>": "<paragraph>a\u00a0b</paragraph>",
		"<p>open <b>end":  "<paragraph> open  end</paragraph>",
	} {
		if got, _ := writes(func(c *composer) { c.strucDoc(node.Narrative{XHTML: xhtml}) }); got != want {
			t.Errorf("%s\nis  %s\nnot %s", xhtml, got, want)
		}
	}
	written := told(node.Narrative{XHTML: "<p>a</p>", Generated: true}, nil)
	if !strings.HasPrefix(written.XHTML, "<p><i>Generated") {
		t.Errorf("a generated text does not say so: %s", written.XHTML)
	}
}

// The narrative that we write says on its face that nobody wrote it, in the language of the country that writes.
func TestANarrativeOfOursSaysThatItIs(t *testing.T) {
	out, _ := composed(t, generic())
	if !strings.Contains(out, `<content styleCode="Italics">Kontaktpunkti koostatud kodeeritud andmetest.`) {
		t.Error("a generated text does not say so")
	}
}

func TestTextsOfAnotherLanguageSayWhich(t *testing.T) {
	d := tablet()
	d.Language = "fi-FI"
	out, _ := composed(t, d)
	if got := find(parsed(t, out), body+"/text/paragraph[@ID=text-1]/@language"); got != "et" {
		t.Errorf("the prescriber's Estonian words are in %q", got)
	}
}
