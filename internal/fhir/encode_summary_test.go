package fhir

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/node"
	"sild/translation"
)

// entriesAlike leaves out of slots what belongs to the form that they were read from.
func entriesAlike() cmp.Options {
	return cmp.Options{asSent(), cmpopts.IgnoreFields(translation.Slot{}, "Path"), cmpopts.IgnoreFields(node.Section{}, "Slots")}
}

func TestASummaryOfAnotherFormatReadBackIsTheOneThatWasSent(t *testing.T) {
	sent := wholeSummary()
	carry(sent, "EE")
	report := reportOf(sent)
	body := encoded(t, sent, node.EPS, nil, report)
	read := decoded(t, body)
	if diff := cmp.Diff(sent.Summary, read.Summary, entriesAlike()); diff != "" {
		t.Errorf("sent (-) and read (+) differ:\n%s", diff)
	}
	if diff := cmp.Diff(sent.Header, read.Header, entriesAlike()); diff != "" {
		t.Errorf("sent (-) and read (+) headers differ:\n%s", diff)
	}
	for _, lost := range report.Lost {
		t.Errorf("lost: %+v", lost)
	}
}

// sections are the codes of the sections of the whole summary.
func sectionsOf(d *node.Document) []string {
	var codes []string
	for _, section := range d.Summary.Sections {
		codes = append(codes, section.Code)
	}
	return codes
}

func TestASectionThatIsWithheldFromAnotherFormatLooksAsIfItHadNeverBeenRecorded(t *testing.T) {
	for _, code := range sectionsOf(wholeSummary()) {
		withheld := wholeSummary()
		carry(withheld, "EE")
		cut := withholding(t, withheld, "section:"+code)
		hidden := encoded(t, withheld, node.EPS, cut, without(withheld, cut))

		never := summaryWithout(code)
		carry(never, "EE")
		empty := encoded(t, never, node.EPS, nil, reportOf(never))
		if !bytes.Equal(hidden, empty) {
			t.Errorf("%s: somebody can tell that something was withheld:\n%s", code, cmp.Diff(anything(t, empty), anything(t, hidden)))
		}
		decoded(t, hidden)
	}
}

func TestASectionThatSaysThatNobodyKnowsLooksLikeOneThatIsNotThere(t *testing.T) {
	for _, code := range sectionsOf(wholeSummary()) {
		silent := wholeSummary()
		for i := range silent.Summary.Sections {
			if section := &silent.Summary.Sections[i]; section.Code == code {
				section.State = node.NoInformation
			}
		}
		carry(silent, "EE")
		silent.Residue = []node.Residue{{Path: "component[" + code + "]", Why: "No field of the record holds it.",
			Span: elementNamed(t, silent, "section:"+code).Spans[0]}}
		never := summaryWithout(code)
		carry(never, "EE")
		if !bytes.Equal(encoded(t, silent, node.EPS, nil, reportOf(silent)), encoded(t, never, node.EPS, nil, reportOf(never))) {
			t.Errorf("%s: a section that says nothing can be told from one that is not there, and so from one that was withheld", code)
		}
	}
}

func TestTheSameSummaryAtTheSameTimeGivesTheSameBytes(t *testing.T) {
	first, second := wholeSummary(), wholeSummary()
	if !bytes.Equal(encoded(t, first, node.EPS, nil, reportOf(first)), encoded(t, second, node.EPS, nil, reportOf(second))) {
		t.Error("two encodings of one summary differ")
	}
	second.Source = append(second.Source, ' ')
	if !bytes.Equal(encoded(t, first, node.EPS, nil, reportOf(first)), encoded(t, second, node.EPS, nil, reportOf(second))) {
		t.Error("the bytes tell of the original")
	}
}

func TestNoInformationAndAKnownAbsenceAreNotTheSame(t *testing.T) {
	absence := func(code string) func(m *recordMaker) func() []node.Entry {
		return func(m *recordMaker) func() []node.Entry {
			return func() []node.Entry {
				return []node.Entry{{Kind: node.AnAbsence, What: m.slot(translation.Absence, systemAbsentOld, code)}}
			}
		}
	}
	nothing := func(*recordMaker) func() []node.Entry { return nil }
	for _, c := range []struct {
		name, section string
		state         node.SectionState
		fill          func(m *recordMaker) func() []node.Entry
	}{
		{"allergies known absent", "48765-2", node.KnownAbsence, absence("no-known-allergies")},
		{"problems known absent", "11450-4", node.KnownAbsence, absence("no-known-problems")},
		{"medicines known absent", "10160-0", node.KnownAbsence, absence("no-known-medications")},
		{"procedures known absent", "47519-4", node.KnownAbsence, absence("no-known-procedures")},
		{"devices known absent", "46264-8", node.KnownAbsence, absence("no-known-devices")},
		{"vaccinations known absent", "11369-6", node.KnownAbsence, absence("no-known-immunizations")},
		{"known absent without an entry", "48765-2", node.KnownAbsence, nothing},
		{"another section known absent", "29762-2", node.KnownAbsence, nothing},
		{"nobody knows of allergies", "48765-2", node.NoInformation, absence("no-allergy-info")},
		{"nobody knows, without an entry", "11450-4", node.NoInformation, nothing},
		{"only words", "11450-4", node.HasEntries, nothing},
	} {
		m := newRecord()
		m.section(c.section, "Osa", c.state, c.fill(m))
		read := decoded(t, encoded(t, m.d, node.EPS, nil, reportOf(m.d)))
		found := read.Summary.Sections[0]
		for _, section := range read.Summary.Sections {
			if section.Code == c.section {
				found = section
			}
		}
		if found.Code != c.section || found.State != c.state {
			t.Errorf("%s: %s is %s", c.name, found.Code, found.State)
		}
		if c.state == node.KnownAbsence && len(m.d.Summary.Sections[0].Entries) != len(found.Entries) {
			t.Errorf("%s: the entry that says so is %+v", c.name, found.Entries)
		}
		if len(read.Summary.Sections) != 5 && c.section != "11369-6" && c.section != "29762-2" {
			t.Errorf("%s: %d sections", c.name, len(read.Summary.Sections))
		}
	}
}

// unaccounted lists the slots whose codes stand neither in a coding of the document, nor in the report of what was lost.
func unaccounted(t *testing.T, d *node.Document, body []byte, report *node.Report) []string {
	t.Helper()
	lost := map[string]bool{}
	for _, r := range report.Lost {
		lost[r.Path] = true
	}
	codes := map[string]bool{}
	text := string(body)
	if at := strings.LastIndex(text, `"resourceType":"Provenance"`); at > 0 {
		text = text[:at] // the steps and the report repeat the codes
	}
	collectCodes(anything(t, body), codes)
	var missing []string
	for _, slot := range d.Slots {
		key := slot.Current.System + "|" + slot.Current.Code
		if !codes[key] && !lost[slot.Path] && !strings.Contains(text, `"when":["`+slot.Current.Code) {
			missing = append(missing, slot.Path+" "+key)
		}
	}
	return missing
}

// collectCodes finds every code with its system, and every identifier, in all entries but the trace.
func collectCodes(v any, codes map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			collectCodes(item, codes)
		}
	case map[string]any:
		if v["resourceType"] == "Provenance" || v["resourceType"] == "OperationOutcome" {
			return
		}
		system, _ := v["system"].(string)
		for _, name := range []string{"code", "value"} {
			if code, ok := v[name].(string); ok {
				codes[system+"|"+code] = true
			}
		}
		for _, inner := range v {
			collectCodes(inner, codes)
		}
	}
}

func TestEveryCodeOfASummaryIsInTheDocumentOrReportedAsLost(t *testing.T) {
	for name, d := range map[string]*node.Document{"whole": wholeSummary(), "crammed": crammedSummary()} {
		carry(d, "EE")
		report := reportOf(d)
		body := encoded(t, d, node.EPS, nil, report)
		for _, slot := range unaccounted(t, d, body, report) {
			t.Errorf("%s: %s is neither in the document nor reported as lost", name, slot)
		}
		if lost := len(report.Lost); (name == "crammed") != (lost > 0) {
			t.Errorf("%s: %d parts are lost", name, lost)
		}
		decoded(t, body)
	}
}

// crammedSummary has every field of an entry set on every kind of entry, whether the kind has such a thing or not.
func crammedSummary() *node.Document {
	m := newRecord()
	for i, kind := range []node.EntryKind{node.AnAllergy, node.AProblem, node.AMedicationUse, node.ADevice, node.AProcedure, node.AnImmunisation,
		node.AnObservation, node.APanel, node.APlan, node.AnotherEntry, node.AnAbsence, node.ADirectiveEntry} {
		m.section("1000-"+itoa(i), "Osa", node.HasEntries, func() []node.Entry { return []node.Entry{m.crammed(kind, 1), m.crammed(kind, 0)} })
	}
	return m.d
}

func (m *recordMaker) crammed(kind node.EntryKind, depth int) node.Entry {
	slot := func() *translation.Slot {
		return m.slot(translation.Other, "urn:crammed:"+string(kind), "C"+itoa(m.n))
	}
	e := node.Entry{Kind: kind, IDs: idOf("x"), What: slot(), Type: slot(), Status: slot(), Certainty: slot(), Criticality: slot(),
		Severity: slot(), State: "suspended", Negated: depth == 0, When: node.Period{From: "2020", To: "2019"}, Recorded: "2020",
		Reactions: []node.Reaction{{Manifestations: []*translation.Slot{slot()}, Severity: slot(), When: "never"}}, Site: slot(),
		Result:     node.Result{Code: slot(), Quantity: m.unit(translation.ResultUnit, "1", "u"+itoa(m.n)), High: m.unit(translation.ResultUnit, "x", "u"+itoa(m.n)), Text: "t", Date: "2", Interpretation: slot()},
		Medication: m.medicine(), Reasons: []*translation.Slot{slot(), slot()}, Number: "0", Text: "sõnad",
		Dosage: []node.Dosage{{Text: "d", Route: slot(), Dose: m.unit(translation.DoseUnit, "1", "u"+itoa(m.n)), Timing: node.Timing{When: []string{"ICD"}, BoundsValue: "1", BoundsUnit: "d", BoundsFrom: "2020"}}, {Text: "e", Route: slot()}}}
	e.Medication.Generic, e.Medication.Strength, e.Medication.Text = slot(), "5 mg", "Rp."
	e.Medication.Package.Levels = []node.PackageLevel{{Quantity: m.unit(translation.PackageUnit, "10", "u"+itoa(m.n)), Form: slot(), Product: slot(), Name: "blister"}}
	e.Medication.Ingredients[0].Strength.Denominator.Value = ""
	if depth > 0 {
		e.Members = []node.Entry{m.crammed(kind, depth-1), m.crammed(node.AnObservation, depth-1)}
	}
	return e
}

// trickySummary holds statements that an element of R4 could turn round or forbid.
func trickySummary() *node.Document {
	m := newRecord()
	m.section("11450-4", "Diagnoosid", node.HasEntries, func() []node.Entry {
		return []node.Entry{
			{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "1"), Status: m.slot(translation.ClinicalStatus, systemConditionClinical, "active"),
				When: node.Period{From: "2001", To: "2002"}},
			{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "2"), Status: m.sct(translation.ClinicalStatus, "415684004"), When: node.Period{To: "2002"}},
			{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "3"), Status: m.sct(translation.ClinicalStatus, "55561003"), State: "nullified"},
			{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "4"), Negated: true, Certainty: m.slot(translation.Certainty, systemConditionCertainty, "confirmed")},
		}
	})
	m.section("48765-2", "Allergiad", node.HasEntries, func() []node.Entry {
		return []node.Entry{{Kind: node.AnAllergy, What: m.sct(translation.Allergen, "5"), State: "entered-in-error",
			Status: m.slot(translation.ClinicalStatus, systemAllergyClinical, "active")},
			{Kind: node.AnAbsence, Negated: true, What: m.slot(translation.Absence, systemAbsentOld, "no-known-allergies")}}
	})
	m.section("10160-0", "Ravimid", node.HasEntries, func() []node.Entry {
		return []node.Entry{{Kind: node.AMedicationUse, Medication: m.medicine(), Dosage: []node.Dosage{{}, {Route: m.slot(translation.Route, "urn:r", "R")}}}}
	})
	return m.d
}

func TestWhatTheFormForbidsIsReportedAndNeverTurnedRound(t *testing.T) {
	d := trickySummary()
	carry(d, "EE")
	report := reportOf(d)
	body := encoded(t, d, node.EPS, nil, report)
	for rule, holds := range invariants() {
		on, _, _ := strings.Cut(rule, " ")
		for _, resource := range resourcesOf(anything(t, body), on) {
			if !holds(resource) {
				t.Errorf("%s is broken by %v", rule, resource)
			}
		}
	}
	for _, slot := range unaccounted(t, d, body, report) {
		t.Errorf("%s is neither in the document nor reported as lost", slot)
	}
	read := decoded(t, body)
	if problems := read.Summary.Sections[0].Entries; !problems[3].Negated || problems[3].Certainty != nil || problems[2].State != "nullified" {
		t.Errorf("%+v", problems)
	}
	lost := map[string]bool{}
	for _, l := range report.Lost {
		lost[l.Path] = true
	}
	if !lost["section[11450-4].entry[0].when.to"] || !lost["section[11450-4].entry[1].when.to"] {
		t.Errorf("an end beside an active status is not reported: %v", report.Lost)
	}
	if allergies := read.Summary.Sections[1]; !lost["section[48765-2].entry[1]"] || len(allergies.Entries) != 1 {
		t.Errorf("a denied absence is said: %+v", allergies.Entries)
	}
	route := read.Summary.Sections[2].Entries[0].Dosage[0].Route
	if len(route.Hops) != 1 || route.Hops[0].Map != "ee-eu/route" {
		t.Errorf("the step of a route behind an empty dosage is not found again: %+v", route.Hops)
	}
}

func TestCountryBCarriesACodeThatHasAnAddedOneBesideIt(t *testing.T) {
	sent := wholeSummary()
	for i := range sent.Summary.Sections {
		heading := sent.Summary.Sections[i].Slots[0]
		heading.Current.System = "urn:oid:2.16.840.1.113883.6.1"
		heading.Hops = nil
		heading.Take(&translation.Step{Kind: translation.Identity, Country: "EE"}, heading.Current)
	}
	read := decoded(t, encoded(t, sent, node.EPS, nil, nil))
	render(read, "FI", map[translation.Field]bool{translation.Section: true})
	again := decoded(t, spliced(t, read, nil, reportOf(read)))
	for i, section := range again.Summary.Sections {
		heading := section.Slots[0]
		if heading.Original().System != "urn:oid:2.16.840.1.113883.6.1" || heading.Current.Code != "L"+section.Code || section.Code != read.Summary.Sections[i].Code {
			t.Errorf("%s: the heading is %+v", section.Code, heading)
		}
	}
}
