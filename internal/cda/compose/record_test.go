package compose

import (
	"time"

	"sild/node"
	"sild/translation"
)

// The made-up systems of the tests: a shared one, two national ones with a number, and one without.
const (
	edqm     = "http://standardterms.edqm.eu"
	atc      = "http://www.whocc.no/atc"
	ucum     = "http://unitsofmeasure.org"
	snomed   = "http://snomed.info/sct"
	loinc    = "http://loinc.org"
	isco     = "urn:oid:2.16.840.1.113883.2.9.6.2.7"
	absent   = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
	subst    = "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution"
	eeForm   = "https://example.org/ee/forms"
	fiForm   = "urn:oid:1.2.246.537.6.852"
	nameless = "https://example.org/no-number"
	eeRx     = "urn:oid:1.3.6.1.4.1.28284.6.2.4.4"
	eePerson = "urn:oid:1.3.6.1.4.1.28284.6.2.2.1"
)

func options() Options {
	numbers := map[string][2]string{
		edqm: {"0.4.0.127.0.16.1.1.2.1", "EDQM"}, atc: {"2.16.840.1.113883.6.73", "ATC"}, ucum: {"2.16.840.1.113883.6.8", "UCUM"},
		snomed: {"2.16.840.1.113883.6.96", "SNOMED CT"}, loinc: {"2.16.840.1.113883.6.1", "LOINC"},
		absent: {"2.16.840.1.113883.5.1150.1", ""}, subst: {"2.16.840.1.113883.5.1070", ""},
		eeForm: {"1.3.6.1.4.1.28284.6.2.1.12", "Ravimvormid"},
	}
	return Options{Participant: "EE", Language: "et-EE", OID: func(system string) (string, string, bool) {
		known, ok := numbers[system]
		return known[0], known[1], ok
	}}
}

// maker makes slots and keeps them in the order in which they were made, as a decoder does.
type maker struct{ slots []*translation.Slot }

func (m *maker) slot(field translation.Field, path string, forms ...translation.Coding) *translation.Slot {
	s := translation.NewSlot(field, path, forms[0])
	for _, form := range forms[1:] {
		s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent, Map: "made-up", Release: "c0ffee", Country: "EE"}, form)
	}
	m.slots = append(m.slots, s)
	return s
}

func (m *maker) quantity(path, value string, forms ...translation.Coding) node.Quantity {
	s := m.slot(translation.PackageUnit, path, forms...)
	s.Number = value
	return node.Quantity{Value: value, Unit: s}
}

func code(system, code, display string) translation.Coding {
	return translation.Coding{System: system, Code: code, Display: display}
}

func unit(c string) translation.Coding { return translation.Coding{System: ucum, Code: c} }

func flag(b bool) *bool { return &b }

func at() time.Time { return time.Date(2026, 11, 22, 3, 30, 15, 0, time.UTC) }

func (m *maker) practitioner(path string) node.Practitioner {
	return node.Practitioner{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.4.9", Value: "D01234"}, Family: "Õunapuu",
		Given: []string{"Žanna", "Mai"}, Role: m.slot(translation.Role, path+".role", code(isco, "221", "Medical doctors")),
		Organisation: node.Organisation{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.4", Value: "90000001"}, Name: "Väike Kliinik"}}
}

func patient() node.Patient {
	return node.Patient{Identifiers: []node.Identifier{{System: eePerson, Value: "47101010033"}}, Family: "Tamm-Šörenson",
		Given: []string{"Liis", "Ülle"}, BirthDate: "1971-01-01", Sex: "female"}
}

// medicine is a tablet with everything that a product can say, its form with the whole life of its code.
func (m *maker) medicine(path string) node.Medication {
	form := m.slot(translation.DoseForm, path+".form", code(eeForm, "123", "õhukese polümeerikattega tablett"),
		translation.Coding{System: edqm, Version: "8.1.0", Code: "10221000", Display: "Film-coated tablet"})
	return node.Medication{
		Product:        m.slot(translation.ProductID, path+".product", code("urn:oid:1.3.6.1.4.1.28284.6.2.4.99", "1234567", "Näidis 5 mg N30")),
		Name:           "Näidis & Co <5 mg>",
		Strength:       "5 mg",
		Form:           form,
		Classification: []*translation.Slot{m.slot(translation.Classification, path+".classification[0]", code(atc, "C08CA01", "amlodipine"))},
		Ingredients:    []node.Ingredient{m.ingredient(path+".ingredient[0]", "C08CA01", "amlodipiin", "5")},
		Generic:        m.slot(translation.ProductID, path+".generic", code("urn:oid:1.2.3.4.5", "PHPID-1", "")),
		Holder:         "Näidis OÜ",
		Package: node.Package{Levels: []node.PackageLevel{
			{Quantity: m.quantity(path+".package.level[0].quantity", "10", unit("1")), Form: m.slot(translation.Container, path+".package.level[0].form", code(edqm, "30007000", "Blister"))},
			{Quantity: m.quantity(path+".package.level[1].quantity", "3", unit("1")), Form: m.slot(translation.Container, path+".package.level[1].form", code(edqm, "30009000", "Box")),
				Product: m.slot(translation.ProductID, path+".package.level[1].product", code("urn:oid:1.3.6.1.4.1.28284.6.2.4.98", "PC-1", "")), Name: "Näidis karp"},
			{Quantity: m.quantity(path+".package.level[2].quantity", "2", unit("1"))},
		}},
	}
}

func (m *maker) ingredient(path, atcCode, name, strength string) node.Ingredient {
	return node.Ingredient{Substance: m.slot(translation.Substance, path+".substance", code(atc, atcCode, name)), Name: name,
		Strength: &node.Ratio{Numerator: m.quantity(path+".strength.numerator", strength, unit("mg")),
			Denominator: m.quantity(path+".strength.denominator", "1", code(edqm, "15054000", "Tablet"))}}
}

// tablet is a prescription in which every field says something.
func tablet() *node.Document {
	m := &maker{}
	doc := &node.Document{Kind: node.APrescription, Language: "et", At: at(), Patient: patient(),
		ID:     node.Identifier{System: eeRx, Value: "1000000001-D"},
		Header: node.Header{Title: "Retsept", Written: "2026-09-01T10:30:15+03:00", Custodian: node.Organisation{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.4", Value: "74000091"}, Name: "Tervisekassa"}, Parent: node.Identifier{System: eeRx, Value: "1000000001"}}}
	p := &node.Prescription{ID: node.Identifier{System: eeRx, Value: "1000000001.1"}, Group: node.Identifier{System: eeRx, Value: "1000000001"},
		Version: "2", Status: node.Active, Authored: "2026-09-01", Valid: node.Period{From: "2026-09-01", To: "2026-10-30"},
		Patient: patient(), Prescriber: m.practitioner("prescriber"), Medication: m.medicine("medication"), Language: "et"}
	p.Dosage = []node.Dosage{
		{Text: "Üks tablett hommikul", Additional: []string{"Rohke veega"}, Timing: node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", When: []string{"ACM"}, BoundsFrom: "2026-09-01", BoundsTo: "2026-09-07"},
			Route: m.slot(translation.Route, "dosage[0].route", code(edqm, "20053000", "Oral use")), Dose: m.quantity("dosage[0].dose", "1", code(edqm, "15054000", "Tablet"))},
		{Text: "Siis kuni kaks tabletti", Timing: node.Timing{Frequency: "3", Period: "1", PeriodUnit: "d", BoundsFrom: "2026-09-08", BoundsValue: "14", BoundsUnit: "d"},
			AsNeeded: flag(true), Dose: m.quantity("dosage[1].dose", "1", unit("1")), DoseHigh: m.quantity("dosage[1].dose.high", "2", unit("1"))},
	}
	p.Amount = node.Amount{Packages: "2"}
	p.Substitution = node.Substitution{Allowed: flag(false), Code: m.slot(translation.Substitution, "substitution", code(subst, "N", "none")), Text: "Talumatus"}
	p.Indication = []*translation.Slot{m.slot(translation.Diagnosis, "indication[0]", code("urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.44.2", "I10", "Essential hypertension"))}
	p.Notes = []string{"Märkus"}
	p.Instructions = node.Instructions{Patient: "Võtke iga päev", Pharmacist: "Ärge asendage"}
	doc.Prescriptions = []*node.Prescription{p}
	doc.Slots = m.slots
	return doc
}

// kit is a Finnish combination pack: a cream and six pessaries.
func kit() *node.Document {
	m := &maker{}
	fiRx := "urn:oid:1.2.246.556.12001.4.93.1.1"
	cream := node.Medication{Name: "Näytevoide", Form: m.slot(translation.DoseForm, "medication.part[0].form", code(fiForm, "44", "emulsiovoide"), code(edqm, "10502000", "Cream")),
		Ingredients: []node.Ingredient{m.ingredient("medication.part[0].ingredient[0]", "G01AF02", "klotrimatsoli", "10")},
		Package:     node.Package{Items: m.quantity("medication.part[0].package.items", "1", unit("1")), Content: m.quantity("medication.part[0].package.content", "20", unit("g"))}}
	pessary := node.Medication{Form: m.slot(translation.DoseForm, "medication.part[1].form", code(edqm, "10909000", "Pessary")),
		Ingredients: []node.Ingredient{m.ingredient("medication.part[1].ingredient[0]", "G01AF02", "klotrimatsoli", "500")},
		Package:     node.Package{Items: m.quantity("medication.part[1].package.items", "6", code(edqm, "15035000", "Pessary"))}}
	p := &node.Prescription{ID: node.Identifier{System: fiRx, Value: "3000.1"}, Status: node.OnHold, Patient: patient(), Prescriber: m.practitioner("prescriber"),
		Medication: node.Medication{Name: "Näyte® Kombi, äöå", Form: m.slot(translation.DoseForm, "medication.form", code(edqm, "14001000", "Cream + pessary")),
			Classification: []*translation.Slot{m.slot(translation.Classification, "medication.classification[0]", code(atc, "G01AF02", "clotrimazole"))},
			Parts:          []node.Medication{cream, pessary}},
		Dosage: []node.Dosage{{Text: "Käytetään tarvittaessa", AsNeeded: flag(true)}}, Amount: node.Amount{Packages: "1"}, Substitution: node.Substitution{Allowed: flag(true)}}
	return &node.Document{Kind: node.APrescription, Language: "fi-FI", At: at(), Patient: patient(), Prescriptions: []*node.Prescription{p}, Slots: m.slots}
}

// handout is what a pharmacy gave: two substances, a package of ten vials of five millilitres, substituted.
func handout() *node.Document {
	m := &maker{}
	med := node.Medication{Name: "Näidis Combo", Form: m.slot(translation.DoseForm, "medication.form", code(edqm, "11201000", "Solution for injection")),
		Classification: []*translation.Slot{m.slot(translation.Classification, "medication.classification[0]", code(atc, "N01BB52", "lidocaine, combinations"))},
		Ingredients:    []node.Ingredient{m.ingredient("medication.ingredient[0]", "N01BB02", "lidocaine", "10"), m.ingredient("medication.ingredient[1]", "C01CA24", "epinephrine", "0.005")},
		Package:        node.Package{Items: m.quantity("medication.package.items", "10", unit("1")), Content: m.quantity("medication.package.content", "5", code("urn:oid:1.2.246.537.6.138.202001", "ml", "millilitra"), unit("mL"))}}
	med.Package.Content.Unit.Amount = "5"
	g := &node.Dispensation{ID: node.Identifier{System: "urn:oid:1.2.246.10.99.1", Value: "D-1"}, Item: node.Identifier{System: "urn:oid:1.2.246.10.99.1", Value: "D-1.1"}, Status: "completed",
		Prescription: node.Identifier{System: eeRx, Value: "1000000001.1"}, Group: node.Identifier{System: eeRx, Value: "1000000001"}, Patient: patient(),
		Pharmacist: m.practitioner("pharmacist"), Medication: med, Packages: "2", HandedOver: "2026-11-20T15:04:00+02:00", Recorded: "2026-11-20T15:05:10+02:00", Substituted: flag(true), Notes: []string{"Patsient teab"}}
	prescribed := m.medicine("prescribed")
	g.Prescribed = &prescribed
	return &node.Document{Kind: node.ADispensation, Language: "fi-FI", At: at(), Patient: patient(), Dispensation: g, Slots: m.slots}
}

func composed(t reporter, d *node.Document) (string, []string) {
	t.Helper()
	var lost []string
	out, err := Document(d, options(), func(path, why string) { lost = append(lost, path+": "+why) })
	if err != nil {
		t.Fatalf("%v: %s", err, err.Detail)
	}
	return string(out), lost
}

// generic is a prescription by substance: no brand, no class, thirty tablets.
func generic() *node.Document {
	m := &maker{}
	p := &node.Prescription{ID: node.Identifier{System: eeRx, Value: "7"}, Status: node.Active, Patient: patient(), Amount: node.Amount{Packages: "1"},
		Medication: node.Medication{Form: m.slot(translation.DoseForm, "medication.form", code(edqm, "10219000", "Tablet")),
			Ingredients: []node.Ingredient{m.ingredient("medication.ingredient[0]", "N02BE01", "paracetamol", "500")},
			Package:     node.Package{Items: m.quantity("medication.package.items", "30", unit("1"))}}}
	return &node.Document{Kind: node.APrescription, At: at(), Patient: patient(), Prescriptions: []*node.Prescription{p}, Slots: m.slots}
}
