package compose

import (
	"sild/node"
	"sild/translation"
)

const (
	icd  = "urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.44.2"
	seen = "urn:oid:2.999.7"
)

func (m *maker) sct(field translation.Field, path, c, display string) *translation.Slot {
	return m.slot(field, path, code(snomed, c, display))
}

func (m *maker) loinc(field translation.Field, path, c, display string) *translation.Slot {
	return m.slot(field, path, code(loinc, c, display))
}

// allergies: to a food, with all that can be said of one.
func (m *maker) allergies() node.Section {
	at := "section[48765-2].entry[0]"
	e := node.Entry{Kind: node.AnAllergy, IDs: []node.Identifier{{System: seen, Value: "A1"}, {System: seen, Value: "A1.1"}},
		What: m.sct(translation.Allergen, at+".allergen", "227493005", "cashew nut"), Type: m.sct(translation.Other, at+".type", "414285001", "Food allergy"),
		Status:      m.slot(translation.ClinicalStatus, at+".status", code("urn:oid:2.16.840.1.113883.4.642.4.1373", "active", "Active")),
		Certainty:   m.slot(translation.Certainty, at+".certainty", code("urn:oid:2.16.840.1.113883.4.642.4.1371", "confirmed", "Confirmed")),
		Criticality: m.slot(translation.Criticality, at+".criticality", code("urn:oid:2.16.840.1.113883.4.642.4.130", "high", "High Risk")),
		State:       "active", When: node.Period{From: "1990-01"}, Recorded: "2020-02-03T08:00:00Z", Text: "Pähkliallergia",
		Reactions: []node.Reaction{{Manifestations: []*translation.Slot{m.sct(translation.Reaction, at+".reaction[0].manifestation[0]", "43116000", "Eczema"),
			m.sct(translation.Reaction, at+".reaction[0].manifestation[1]", "126485001", "Urticaria")},
			Severity: m.sct(translation.Severity, at+".reaction[0].severity", "24484000", "Severe"), When: "1991"}}}
	return node.Section{Code: "48765-2", Title: "Allergiad", State: node.HasEntries, Entries: []node.Entry{e},
		Slots: []*translation.Slot{m.loinc(translation.Section, "section[48765-2].code", "48765-2", "Allergies")},
		Narrative: node.Narrative{Language: "et", XHTML: `<p>Pähklid: <b>raske</b> <i>ekseem</i> <u>1991</u><br/>x<sub>2</sub></p><ul><li>üks</li></ul><ol><li>kaks</li></ol>` +
			`<table><caption>Tabel</caption><thead><tr><th colspan="2">Päis</th></tr></thead><tr><td>a</td><td rowspan="2">b &amp; c</td></tr></table><span>lõpp</span>`}}
}

func (m *maker) problems(section string, denied bool) node.Section {
	at := "section[" + section + "].entry[0]"
	e := node.Entry{Kind: node.AProblem, What: m.slot(translation.Diagnosis, at+".problem", code(icd, "I10", "Essential hypertension")),
		Type:      m.sct(translation.Other, at+".type", "64572001", "Disease"),
		Status:    m.slot(translation.ClinicalStatus, at+".status", code("urn:oid:2.16.840.1.113883.4.642.4.1074", "resolved", "Resolved")),
		Certainty: m.slot(translation.Certainty, at+".certainty", code("urn:oid:2.16.840.1.113883.4.642.4.1075", "confirmed", "Confirmed")),
		Severity:  m.sct(translation.Severity, at+".severity", "6736007", "Moderate"), Site: m.sct(translation.BodySite, at+".site", "80891009", "Heart structure"),
		When: node.Period{From: "2010", To: "2015-06-01"}, Negated: denied, Text: "Kõrge vererõhk"}
	return node.Section{Code: section, State: node.HasEntries, Entries: []node.Entry{e}}
}

func (m *maker) medicines() node.Section {
	at := "section[10160-0].entry[0]"
	med := m.medicine(at + ".medication")
	e := node.Entry{Kind: node.AMedicationUse, State: "active", When: node.Period{From: "2026-01-01"}, Medication: &med,
		Dosage:  []node.Dosage{{Text: "Hommikul", Timing: node.Timing{Frequency: "1", Period: "8", PeriodUnit: "h"}, Dose: m.quantity(at+".dosage[0].dose", "2.5", unit("mL"))}},
		Reasons: []*translation.Slot{m.slot(translation.Diagnosis, at+".reason[0]", code(icd, "E03", "Hypothyroidism"))}}
	return node.Section{Code: "10160-0", State: node.HasEntries, Entries: []node.Entry{e}}
}

func (m *maker) others() []node.Section {
	device := node.Entry{Kind: node.ADevice, What: m.sct(translation.Device, "section[46264-8].entry[0].device", "14106009", "Cardiac pacemaker"), When: node.Period{From: "2014-10-20"}}
	done := node.Entry{Kind: node.AProcedure, What: m.sct(translation.Procedure, "section[47519-4].entry[0].procedure", "80146002", "Appendectomy"), When: node.Period{From: "1999-05-06"},
		Site: m.sct(translation.BodySite, "section[47519-4].entry[0].site", "66754008", "Appendix"), Reasons: []*translation.Slot{m.slot(translation.Diagnosis, "section[47519-4].entry[0].reason[0]", code(icd, "K35", "Acute appendicitis"))}}
	vaccine := node.Entry{Kind: node.AnImmunisation, What: m.slot(translation.Vaccine, "section[11369-6].entry[0].vaccine", code(atc, "J07BM02", "papillomavirus")), When: node.Period{From: "2019-03-04"},
		Number: "2", Medication: &node.Medication{Name: "Näidisvaktsiin", Holder: "Tootja AS"}, Reasons: []*translation.Slot{m.slot(translation.Diagnosis, "section[11369-6].entry[0].against[0]", code(icd, "B97", "Papillomavirus"))},
		Dosage: []node.Dosage{{Route: m.slot(translation.Route, "section[11369-6].entry[0].route", code(edqm, "20035000", "Intramuscular use"))}}}
	return []node.Section{
		{Code: "46264-8", State: node.HasEntries, Entries: []node.Entry{device}},
		{Code: "47519-4", State: node.HasEntries, Entries: []node.Entry{done}},
		m.problems("11348-0", true),
		{Code: "11369-6", State: node.HasEntries, Entries: []node.Entry{vaccine}},
	}
}

func (m *maker) asked(section, n, c, display string, r node.Result) node.Entry {
	return node.Entry{Kind: node.AnObservation, What: m.loinc(translation.Observation, "section["+section+"].entry["+n+"].question", c, display), When: node.Period{From: "2026-05-06"}, Result: r}
}

func (m *maker) observations() []node.Section {
	group := m.asked("30954-2", "0", "882-1", "ABO and Rh group", node.Result{Code: m.sct(translation.ObservationValue, "section[30954-2].entry[0].answer", "278147001", "O Rh positive")})
	low := m.asked("30954-2", "1.member[0]", "718-7", "Hemoglobin", node.Result{Quantity: m.quantity("section[30954-2].entry[1].member[0].answer", "120", unit("g/L")),
		High: m.quantity("section[30954-2].entry[1].member[0].answer.high", "140", unit("g/L")), Interpretation: m.slot(translation.Structural, "section[30954-2].entry[1].member[0].interpretation", code("urn:oid:2.16.840.1.113883.5.83", "N", "Normal"))})
	battery := node.Entry{Kind: node.APanel, What: m.loinc(translation.Observation, "section[30954-2].entry[1].panel", "58410-2", "Blood count"), When: node.Period{From: "2026-05-06"}, Members: []node.Entry{low}}
	pressure := node.Entry{Kind: node.APanel, What: m.sct(translation.Observation, "section[8716-3].entry[0].panel", "46680005", "Vital signs"), When: node.Period{From: "2026-05-06"},
		Members: []node.Entry{m.asked("8716-3", "0.member[0]", "8480-6", "Systolic blood pressure", node.Result{Quantity: m.quantity("section[8716-3].entry[0].member[0].answer", "160", unit("mm[Hg]"))})}}
	due := m.asked("10162-6", "0.member[0]", "11778-8", "Delivery date", node.Result{Date: "2027-02-14"})
	expecting := m.asked("10162-6", "0", "82810-3", "Pregnancy status", node.Result{Code: m.sct(translation.ObservationValue, "section[10162-6].entry[0].answer", "77386006", "Pregnant")})
	expecting.Members = []node.Entry{due}
	born := node.Entry{Kind: node.AnObservation, What: m.sct(translation.Observation, "section[10162-6].entry[1].question", "281050002", "Livebirth"), Result: node.Result{Quantity: node.Quantity{Value: "2"}}}
	smokes := m.asked("29762-2", "0", "72166-2", "Tobacco use", node.Result{Quantity: m.quantity("section[29762-2].entry[0].answer", "0.5", unit("{pack}/d"))})
	smokes.When = node.Period{From: "2017-04-15", To: "2022"}
	walks := m.asked("47420-5", "0", "54750-5", "Walking", node.Result{Text: "Kõnnib kepiga"})
	plan := node.Entry{Kind: node.APlan, What: m.sct(translation.Other, "section[18776-5].entry[0].what", "385763009", "Hospice care"), State: "active", Text: "Järgmine visiit"}
	will := node.Entry{Kind: node.ADirectiveEntry, What: m.sct(translation.Other, "section[42348-3].entry[0].what", "304251008", "Resuscitation"), Text: "Elustamisest loobumine"}
	return []node.Section{
		{Code: "10162-6", State: node.HasEntries, Entries: []node.Entry{expecting, born}},
		{Code: "29762-2", State: node.HasEntries, Entries: []node.Entry{smokes}},
		{Code: "8716-3", State: node.HasEntries, Entries: []node.Entry{pressure}},
		{Code: "30954-2", State: node.HasEntries, Entries: []node.Entry{group, battery}},
		{Code: "47420-5", State: node.HasEntries, Entries: []node.Entry{walks}},
		{Code: "18776-5", State: node.HasEntries, Entries: []node.Entry{plan}},
		{Code: "42348-3", State: node.HasEntries, Entries: []node.Entry{will}},
	}
}

// full is a summary with every section and every kind of statement.
func full() *node.Document {
	m := &maker{}
	d := &node.Document{Kind: node.ASummary, Language: "et-EE", At: at(), Patient: patient(), ID: node.Identifier{System: seen, Value: "PS1"},
		Code:   m.loinc(translation.DocumentCode, "code", "60591-5", "Patient summary Document"),
		Header: node.Header{Author: m.practitioner("author")}}
	d.Summary = &node.Summary{ID: d.ID, Date: "2026-11-01T12:00:00+02:00", Title: "Terviseandmete kokkuvõte", Patient: patient(), Language: "et-EE"}
	d.Summary.Sections = append(d.Summary.Sections, m.allergies(), m.medicines(), m.problems("11450-4", false))
	d.Summary.Sections = append(append(d.Summary.Sections, m.others()...), m.observations()...)
	d.Slots = m.slots
	return d
}

// nothing is a summary whose required sections are known to be empty, unknown, emptied or not there.
func nothing() *node.Document {
	m := &maker{}
	d := &node.Document{Kind: node.ASummary, Language: "fi-FI", At: at(), Patient: patient()}
	d.Summary = &node.Summary{Date: "2026-11-01", Author: "Terveyskeskus Äänekoski", Patient: patient(), Sections: []node.Section{
		{Code: "48765-2", State: node.KnownAbsence, Entries: []node.Entry{{Kind: node.AnAbsence, IDs: []node.Identifier{{System: seen, Value: "N1"}},
			What: m.slot(translation.Absence, "section[48765-2].entry[0].allergen", code(absent, "no-known-food-allergies", "No known food allergies"))}}},
		{Code: "10160-0", State: node.KnownAbsence, Slots: []*translation.Slot{m.slot(translation.Absence, "section[10160-0].emptyReason", code("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown", "Nil Known"))}},
		{Code: "11450-4", State: node.NoInformation, Entries: []node.Entry{{Kind: node.AnAbsence, What: m.slot(translation.Absence, "section[11450-4].entry[0].problem", code(snomed, "1287211007", "No information"))}}},
		{Code: "46264-8", State: node.HasEntries},
		{Code: "11369-6", State: node.KnownAbsence},
	}}
	d.Slots = m.slots
	return d
}
