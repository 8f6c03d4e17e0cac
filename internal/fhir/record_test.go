package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// recordMaker builds records as if another tongue had read them: every slot stands at a place of its own in a source, so that
// parts of it can be withheld.
type recordMaker struct {
	d    *node.Document
	at   int    // the next place in the source
	part string // the start of paths
	n    int    // slots so far in the part
	skip string // the code of a section that the record does not have
}

func (m *recordMaker) slot(field translation.Field, system, code string) *translation.Slot {
	m.n++
	s := translation.NewSlot(field, m.part+string(field)+itoa(m.n), translation.Coding{System: system, Code: code, Display: "sõna <" + code + "> & \"jutt\""})
	s.Span = translation.Span{Start: m.at, End: m.at + 5}
	m.at += 10
	m.d.Slots = append(m.d.Slots, s)
	return s
}

func (m *recordMaker) sct(field translation.Field, code string) *translation.Slot {
	return m.slot(field, systemSNOMED, code)
}

// unit is a quantity whose unit is a slot.
func (m *recordMaker) unit(field translation.Field, number, code string) node.Quantity {
	s := m.slot(field, systemUCUM, code)
	s.Number, s.Current.Display = number, code
	return node.Quantity{Value: strings.TrimLeft(number, "<>="), Unit: s}
}

// section adds a section whose slots are those that fill makes.
func (m *recordMaker) section(code, title string, state node.SectionState, fill func() []node.Entry) {
	if code == m.skip {
		return
	}
	before, start := len(m.d.Slots), m.at
	m.n, m.part = 0, "section["+code+"]."
	m.slot(translation.Section, systemLOINC, code)
	s := node.Section{Code: code, Title: title, State: state}
	if fill != nil {
		s.Entries = fill()
	}
	s.Slots = append(s.Slots, m.d.Slots[before:]...)
	s.Narrative = node.Narrative{XHTML: "<p>" + title + " õäöüšž å &lt;&amp;&gt; \"jutt\"</p><table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>", Language: "et"}
	m.d.Summary.Sections = append(m.d.Summary.Sections, s)
	m.d.Elements = append(m.d.Elements, node.Element{Name: "section:" + code, Section: "section[" + code + "]",
		Spans: []translation.Span{{Start: start, End: m.at}}})
	m.at += 10
}

func newRecord() *recordMaker {
	patient := node.Patient{Identifiers: []node.Identifier{{System: "https://fhir.ee/sid/pid/est/ni", Value: "48002299001"}},
		Family: "Öövelžuk", Given: []string{"Šaana"}, BirthDate: "1980-02-29", Sex: "female"}
	id := node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.99", Value: "ps-1"}
	m := &recordMaker{at: 1000, d: &node.Document{Kind: node.ASummary, Format: node.CDA3, ID: id, Source: []byte("<ClinicalDocument/>"),
		Language: "et", At: translated(), Patient: patient}}
	m.d.Summary = &node.Summary{ID: id, Date: "2026-11-20T10:00:00+02:00", Title: "Kokkuvõte", Patient: patient, Author: "Ülle Põdersoo", Language: "et"}
	m.d.Code = m.slot(translation.DocumentCode, systemLOINC, "60591-5")
	m.d.Header = node.Header{Title: "Kokkuvõte", Written: m.d.Summary.Date,
		Author: node.Practitioner{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.4.9", Value: "D99999"}, Family: "Põdersoo",
			Given: []string{"Ülle"}, Role: m.slot(translation.Role, "urn:oid:2.16.840.1.113883.2.9.6.2.7", "221"),
			Organisation: node.Organisation{ID: node.Identifier{System: "https://fhir.ee/sid/org/est/br", Value: "99000012"}, Name: "Kägu TK"}},
		Custodian: node.Organisation{ID: node.Identifier{System: "https://fhir.ee/sid/org/est/br", Value: "99000099"}, Name: "Žürii"},
		Parent:    node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.98", Value: "national-1"}}
	return m
}

func idOf(value string) []node.Identifier {
	return []node.Identifier{{System: "urn:oid:1.3.6.1.4.1.28284.6.97", Value: value}}
}

func point(day string) node.Period { return node.Period{From: day, To: day} }

// wholeSummary is a record with every kind of entry and every section, each field set that its kind has.
func wholeSummary() *node.Document { return summaryWithout("") }

// summaryWithout is the same record of a patient for whom nothing was ever written into that section.
func summaryWithout(section string) *node.Document {
	m := newRecord()
	m.skip = section
	m.section("11450-4", "Diagnoosid", node.HasEntries, m.problems)
	m.section("48765-2", "Allergiad", node.HasEntries, m.allergies)
	m.section("10160-0", "Ravimid", node.HasEntries, m.medicines)
	m.section("47519-4", "Protseduurid", node.HasEntries, m.procedures)
	m.section("46264-8", "Seadmed", node.HasEntries, m.devices)
	m.section("11369-6", "Immuniseerimised", node.HasEntries, m.vaccinations)
	m.section("30954-2", "Uuringud", node.HasEntries, m.results)
	for _, code := range []string{"8716-3", "29762-2", "10162-6", "47420-5", "11348-0"} {
		m.section(code, "Osa "+code, node.HasEntries, m.answers)
	}
	m.section("18776-5", "Raviplaan", node.HasEntries, m.plans)
	m.section("42348-3", "Tahteavaldus", node.HasEntries, m.directives)
	m.section("104605-1", "Hoiatused", node.HasEntries, m.others)
	m.section("81338-6", "Patsiendi lugu", node.HasEntries, nil)
	return m.d
}

func (m *recordMaker) problems() []node.Entry {
	return []node.Entry{
		{Kind: node.AProblem, IDs: idOf("p1"), What: m.sct(translation.Diagnosis, "38341003"), Type: m.sct(translation.Other, "282291009"),
			Status: m.sct(translation.ClinicalStatus, "55561003"), Certainty: m.slot(translation.Certainty, systemConditionCertainty, "confirmed"),
			Severity: m.sct(translation.Severity, "6736007"), State: "active", When: node.Period{From: "2019-05"}, Recorded: "2020-01-02",
			Site: m.sct(translation.BodySite, "80891009"), Text: "kõrge vererõhk <160>"},
		{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "195967001"), Status: m.sct(translation.ClinicalStatus, "413322009"),
			State: "completed", When: node.Period{From: "2001", To: "2005-06-07"}},
		{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "73211009"), Negated: true,
			Certainty: m.slot(translation.Certainty, systemConditionCertainty, "refuted")},
		{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "49436004"), Negated: true, State: "suspended"},
		{Kind: node.AProblem, What: m.sct(translation.Diagnosis, "22298006"), State: "entered-in-error"},
	}
}

func (m *recordMaker) allergies() []node.Entry {
	return []node.Entry{
		{Kind: node.AnAllergy, IDs: idOf("a1"), What: m.sct(translation.Allergen, "372725003"), Type: m.sct(translation.Other, "609328004"),
			Status:      m.slot(translation.ClinicalStatus, systemAllergyClinical, "active"),
			Certainty:   m.slot(translation.Certainty, systemAllergyCertainty, "confirmed"),
			Criticality: m.slot(translation.Criticality, systemCriticality, "high"), Severity: m.sct(translation.Severity, "24484000"), State: "active",
			When: node.Period{From: "1999-12-31"}, Recorded: "2020-01-02T08:00:00+02:00",
			Reactions: []node.Reaction{{Manifestations: []*translation.Slot{m.sct(translation.Reaction, "271807003"), m.sct(translation.Reaction, "126485001")},
				Severity: m.sct(translation.Severity, "442452003"), When: "2010-01"}, {Severity: m.sct(translation.Severity, "255604002")}},
			Text: "penitsilliin"},
		{Kind: node.AnAllergy, What: m.sct(translation.Allergen, "91935009"), Negated: true},
		{Kind: node.AnAbsence, What: m.slot(translation.Absence, systemAbsentOld, "no-known-food-allergies")},
	}
}

func (m *recordMaker) product(c translation.Coding) *translation.Slot {
	slot := m.slot(translation.ProductID, c.System, c.Code)
	slot.Current = c
	return slot
}

func (m *recordMaker) medicine() *node.Medication {
	return &node.Medication{Product: m.product(translation.Coding{System: systemEstonianPackage, Code: "1000001"}),
		Name: "Ramiõis 5 mg", Classification: []*translation.Slot{m.slot(translation.Classification, "http://www.whocc.no/atc", "C09AA05"),
			m.slot(translation.Classification, "http://www.whocc.no/atc", "C09A")},
		Form: m.slot(translation.DoseForm, "http://standardterms.edqm.eu", "10219000"), Holder: "Žürii AS",
		Ingredients: []node.Ingredient{{Substance: m.slot(translation.Substance, "http://www.whocc.no/atc", "C09AA05"),
			Strength: &node.Ratio{Numerator: m.unit(translation.StrengthUnit, "2.50", "mg"), Denominator: m.unit(translation.StrengthUnit, "1", "{tbl}")}}},
		Package: node.Package{Items: m.unit(translation.PackageUnit, "30", "1"), Content: m.unit(translation.PackageUnit, "1.0", "mL")}}
}

func (m *recordMaker) dosage() []node.Dosage {
	yes := true
	return []node.Dosage{{Text: "1 tablett", Additional: []string{"veega"}, AsNeeded: &yes,
		Timing: node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", When: []string{"ACM"}, BoundsFrom: "2024-01-01", BoundsTo: "2024-12-31"},
		Route:  m.slot(translation.Route, "http://standardterms.edqm.eu", "20053000"),
		Dose:   m.unit(translation.DoseUnit, "1", "{tbl}"), DoseHigh: m.unit(translation.DoseUnit, "2", "{tbl}")}}
}

func (m *recordMaker) medicines() []node.Entry {
	kit := &node.Medication{Name: "Komplekt"}
	for range 2 {
		part := *m.medicine()
		kit.Parts = append(kit.Parts, part)
	}
	coded := m.slot(translation.Classification, "http://www.whocc.no/atc", "N02BE01")
	coded.Text = "paratsetamool"
	return []node.Entry{
		{Kind: node.AMedicationUse, IDs: idOf("m1"), State: "active", When: node.Period{From: "2024-01-01", To: "2024-12-31"}, Recorded: "2024-01-01",
			Medication: m.medicine(), Reasons: []*translation.Slot{m.sct(translation.Diagnosis, "38341003")}, Text: "hommikul",
			Dosage: m.dosage()},
		{Kind: node.AMedicationUse, State: "aborted", Negated: true, What: coded,
			Medication: &node.Medication{Name: "paratsetamool", Classification: []*translation.Slot{coded}}},
		{Kind: node.AMedicationUse, State: "", Medication: kit},
		{Kind: node.AMedicationUse, State: "held", Medication: &node.Medication{Text: "Rp. Zinci oxydi 12,5"}},
	}
}

func (m *recordMaker) procedures() []node.Entry {
	return []node.Entry{
		{Kind: node.AProcedure, IDs: idOf("k1"), What: m.sct(translation.Procedure, "80146002"), Type: m.sct(translation.Other, "387713003"),
			State: "completed", When: point("2015-03-04"), Site: m.sct(translation.BodySite, "66754008"),
			Reasons: []*translation.Slot{m.sct(translation.Diagnosis, "74400008")}, Text: "pimesool"},
		{Kind: node.AProcedure, What: m.sct(translation.Procedure, "232717009"), State: "aborted", Negated: true},
		{Kind: node.AProcedure, What: m.sct(translation.Procedure, "18286008"), State: "active", When: node.Period{From: "2020", To: "2021"}},
	}
}

func (m *recordMaker) devices() []node.Entry {
	return []node.Entry{
		{Kind: node.ADevice, IDs: idOf("d1"), What: m.sct(translation.Device, "14106009"), State: "active", When: node.Period{From: "2018-01-01", To: "2028-01-01"},
			Recorded: "2018-01-02", Site: m.sct(translation.BodySite, "80891009"), Reasons: []*translation.Slot{m.sct(translation.Diagnosis, "44103008")}, Text: "südamestimulaator"},
		{Kind: node.ADevice, What: m.sct(translation.Device, "170615005")},
	}
}

func (m *recordMaker) vaccinations() []node.Entry {
	return []node.Entry{
		{Kind: node.AnImmunisation, IDs: idOf("v1"), What: m.sct(translation.Vaccine, "871878002"), State: "completed", When: point("2021-05-06"),
			Recorded: "2021-05-07", Site: m.sct(translation.BodySite, "368208006"), Number: "2", Text: "vasak õlg",
			Medication: &node.Medication{Name: "Vaktsiin Ö", Holder: "Žürii AS"}, Reasons: []*translation.Slot{m.sct(translation.Diagnosis, "76902006")},
			Dosage: []node.Dosage{{Route: m.slot(translation.Route, "http://standardterms.edqm.eu", "20035000"), Dose: m.unit(translation.DoseUnit, "0.5", "mL")}}},
		{Kind: node.AnImmunisation, What: m.sct(translation.Vaccine, "863911006"), Negated: true, Number: "3 b"},
	}
}

func (m *recordMaker) results() []node.Entry {
	interpretation := m.slot(translation.Structural, systemInterpretation, "H")
	return []node.Entry{
		{Kind: node.APanel, IDs: idOf("r1"), What: m.slot(translation.Observation, systemLOINC, "24331-1"), State: "completed", When: point("2026-01-02T07:30:00+02:00"),
			Members: []node.Entry{
				{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "2093-3"), State: "completed",
					Result: node.Result{Quantity: m.unit(translation.ResultUnit, "7.10", "mmol/L"), Interpretation: interpretation}},
				{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "2085-9"), State: "completed",
					Result: node.Result{Quantity: m.unit(translation.ResultUnit, "<0.5", "mmol/L")}},
				{Kind: node.APanel, What: m.slot(translation.Observation, systemLOINC, "55284-4"), State: "active",
					Members: []node.Entry{{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "8480-6"), State: "completed",
						Result: node.Result{Quantity: m.unit(translation.ResultUnit, "120", "mm[Hg]"), High: m.unit(translation.ResultUnit, "130", "mm[Hg]")}}}},
			}},
		{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "882-1"), Type: m.slot(translation.Other, "urn:category", "laboratory"),
			State: "completed", Recorded: "2026-01-02T07:30:00+02:00", Site: m.sct(translation.BodySite, "368208006"),
			Result: node.Result{Code: m.sct(translation.ObservationValue, "112144000")}, Text: "veregrupp"},
	}
}

func (m *recordMaker) answers() []node.Entry {
	return []node.Entry{
		{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "11778-8"), State: "completed", Result: node.Result{Date: "2027-02"}},
		{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "72166-2"), State: "aborted", When: node.Period{From: "2000", To: "2010"},
			Result: node.Result{Text: "ei suitseta <enam>"}},
		{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "74013-4"), Result: node.Result{Quantity: node.Quantity{Value: "1.50"}}},
		{Kind: node.AnObservation, What: m.slot(translation.Observation, systemLOINC, "1-1"), State: "completed"},
	}
}

func (m *recordMaker) plans() []node.Entry {
	return []node.Entry{{Kind: node.APlan, IDs: idOf("c1"), What: m.sct(translation.Other, "736285004"), Type: m.sct(translation.Other, "734163000"),
		State: "active", When: node.Period{From: "2026-01-01", To: "2027-01-01"}, Recorded: "2026-01-01",
		Reasons: []*translation.Slot{m.sct(translation.Other, "55822004")}, Text: "kontroll"}}
}

func (m *recordMaker) directives() []node.Entry {
	return []node.Entry{{Kind: node.ADirectiveEntry, IDs: idOf("t1"), What: m.sct(translation.Other, "304253006"), State: "active",
		When: node.Period{From: "2026-01-01"}, Recorded: "2026-01-01", Result: node.Result{Code: m.sct(translation.Other, "373066001")}, Text: "mitte elustada"}}
}

func (m *recordMaker) others() []node.Entry {
	return []node.Entry{{Kind: node.AnotherEntry, IDs: idOf("o1"), What: m.sct(translation.Observation, "1119417008"), State: "active", Text: "hoiatus"}}
}
