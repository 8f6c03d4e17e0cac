package tongues_test

import (
	"strconv"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// sectionKinds are the sections of a summary and what stands in them.
var sectionKinds = []struct {
	code     string
	required bool
	kinds    []node.EntryKind
}{
	{"48765-2", true, []node.EntryKind{node.AnAllergy}},
	{"10160-0", true, []node.EntryKind{node.AMedicationUse}},
	{"11450-4", true, []node.EntryKind{node.AProblem}},
	{"46264-8", true, []node.EntryKind{node.ADevice}},
	{"47519-4", true, []node.EntryKind{node.AProcedure}},
	{"11348-0", false, []node.EntryKind{node.AProblem}},
	{"11369-6", false, []node.EntryKind{node.AnImmunisation}},
	{"10162-6", false, []node.EntryKind{node.AnObservation}},
	{"29762-2", false, []node.EntryKind{node.AnObservation}},
	{"8716-3", false, []node.EntryKind{node.APanel, node.AnObservation}},
	{"30954-2", false, []node.EntryKind{node.AnObservation, node.APanel}},
	{"47420-5", false, []node.EntryKind{node.AnObservation}},
	{"18776-5", false, []node.EntryKind{node.APlan}},
	{"42348-3", false, []node.EntryKind{node.ADirectiveEntry}},
}

// absences are the two codes by which a section says that there is nothing and that nobody knows.
var absences = map[string][2]string{
	"48765-2": {"no-known-allergies", "no-allergy-info"}, "10160-0": {"no-known-medications", "no-medication-info"},
	"11450-4": {"no-known-problems", "no-problem-info"}, "46264-8": {"no-known-devices", "no-device-info"},
	"47519-4": {"no-known-procedures", "no-procedure-info"},
}

const absentUnknown = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"

// summary has every required section and any of the others.
func (v *inventor) summary() *node.Document {
	d := &node.Document{Kind: node.ASummary, Language: v.one("et", "fi"), At: translated(), Patient: v.patient(), ID: v.id("urn:oid:1.3.6.1.4.1.28284.6.99"),
		Header: node.Header{Author: v.practitioner("author"), Written: "2026-11-01T12:00:00+02:00"}}
	d.Code = v.fixed(translation.DocumentCode, "code", loinc, "60591-5")
	d.Summary = &node.Summary{ID: d.ID, Date: "2026-11-01T12:00:00+02:00", Title: v.text("title"), Patient: d.Patient, Language: d.Language}
	for _, kind := range sectionKinds {
		if kind.required || v.maybe() {
			d.Summary.Sections = append(d.Summary.Sections, v.section(kind.code, kind.kinds))
		}
	}
	d.Slots = v.slots
	return d
}

func (v *inventor) fixed(field translation.Field, path, system, code string) *translation.Slot {
	s := translation.NewSlot(field, path, translation.Coding{System: system, Code: code})
	v.slots = append(v.slots, s)
	return s
}

// section has entries, says that there are none, or that nobody knows.
func (v *inventor) section(code string, kinds []node.EntryKind) node.Section {
	key := "section[" + code + "]"
	before := len(v.slots)
	s := node.Section{Code: code, Title: v.text(key + ".title"), State: node.HasEntries}
	v.fixed(translation.Section, key+".code", loinc, code)
	absent, can := absences[code]
	state := 2
	if can {
		state = rapid.IntRange(0, 4).Draw(v.t, "state")
	}
	switch state {
	case 0, 1:
		s.State = []node.SectionState{node.KnownAbsence, node.NoInformation}[state]
		s.Entries = []node.Entry{{Kind: node.AnAbsence, What: v.fixed(translation.Absence, key+".entry[0].what", absentUnknown, absent[state])}}
	default:
		for i := range rapid.IntRange(1, 2).Draw(v.t, "entries") {
			s.Entries = append(s.Entries, v.entry(rapid.SampledFrom(kinds).Draw(v.t, "kind"), key+".entry["+strconv.Itoa(i)+"]"))
		}
	}
	s.Slots = append(s.Slots, v.slots[before:]...)
	if v.maybe() {
		s.Narrative = node.Narrative{XHTML: "<p>" + escaped(v.text(key+".narrative")) + "</p>", Language: v.one("et", "fi", "sv")}
	}
	return s
}

func (v *inventor) entry(kind node.EntryKind, at string) node.Entry {
	e := node.Entry{Kind: kind, IDs: []node.Identifier{v.id("urn:oid:2.999.7")}, State: v.one("active", "completed")}
	if v.maybe() {
		e.Text = v.text(at + ".text")
	}
	switch kind {
	case node.AnAllergy, node.AProblem:
		v.clinical(&e, at)
	case node.AMedicationUse:
		m := v.medicine(at+".medication", false)
		e.Medication, e.Dosage = &m, v.dosages(at+".")
		e.When = node.Period{From: "2026-01-01"}
	case node.ADevice:
		e.What, e.When = v.slot(translation.Device, at+".device"), node.Period{From: "2018-01-01"}
	case node.AProcedure:
		e.What, e.When, e.State = v.slot(translation.Procedure, at+".procedure"), node.Period{From: "2015-03-04", To: "2015-03-04"}, "completed"
		e.Site = v.some(translation.BodySite, at+".site")
	case node.AnImmunisation:
		e.What, e.When, e.State, e.Number = v.slot(translation.Vaccine, at+".vaccine"), node.Period{From: "2021-05-06", To: "2021-05-06"}, "completed", v.one("1", "2")
	case node.AnObservation:
		v.answer(&e, at)
	case node.APanel:
		e.What, e.When = v.slot(translation.Observation, at+".panel"), node.Period{From: "2026-05-06", To: "2026-05-06"}
		for i := range 2 {
			e.Members = append(e.Members, v.entry(node.AnObservation, at+".member["+strconv.Itoa(i)+"]"))
		}
	default:
		e.What, e.When = v.slot(translation.Other, at+".what"), node.Period{From: "2026-01-01"}
	}
	return e
}

// clinical is an allergy or a problem.
func (v *inventor) clinical(e *node.Entry, at string) {
	e.When = node.Period{From: v.one("1990", "1990-01", "1990-01-02")}
	e.Severity = v.some(translation.Severity, at+".severity")
	if e.Kind == node.AProblem {
		e.What = v.slot(translation.Diagnosis, at+".problem")
		e.Status = v.fixed(translation.ClinicalStatus, at+".status", "http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
		e.Certainty = v.fixed(translation.Certainty, at+".certainty", "http://terminology.hl7.org/CodeSystem/condition-ver-status", v.one("confirmed", "unconfirmed"))
		return
	}
	e.What, e.Type = v.slot(translation.Allergen, at+".allergen"), v.fixed(translation.Other, at+".type", snomed, v.one("609328004", "782197009"))
	e.Status = v.fixed(translation.ClinicalStatus, at+".status", "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active")
	e.Criticality = v.fixed(translation.Criticality, at+".criticality", "http://hl7.org/fhir/allergy-intolerance-criticality", v.one("high", "low"))
	if v.maybe() {
		e.Reactions = []node.Reaction{{Manifestations: []*translation.Slot{v.slot(translation.Reaction, at+".reaction[0].manifestation[0]")}, When: "1991",
			Severity: v.some(translation.Severity, at+".reaction[0].severity")}}
	}
}

// answer is an observation with one kind of answer.
func (v *inventor) answer(e *node.Entry, at string) {
	e.What, e.When, e.State = v.slot(translation.Observation, at+".question"), node.Period{From: "2026-05-06", To: "2026-05-06"}, "completed"
	switch rapid.IntRange(0, 2).Draw(v.t, "answer") {
	case 0:
		e.Result.Code = v.slot(translation.ObservationValue, at+".answer")
	case 1:
		e.Result.Quantity = v.unit(translation.ResultUnit, at+".answer", v.number())
	default:
		e.Result.Text = v.text(at + ".answer")
	}
}
