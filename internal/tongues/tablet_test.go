package tongues_test

import (
	"sild/node"
	"sild/translation"
)

// The parts of the plain documents, from which one thing at a time is taken away.
func coded(field translation.Field, path, system, code string) *translation.Slot {
	return translation.NewSlot(field, path, translation.Coding{System: system, Code: code})
}

func measured(field translation.Field, path, value, system, code string) node.Quantity {
	s := coded(field, path, system, code)
	s.Number = value
	return node.Quantity{Value: value, Unit: s}
}

func somebody() node.Patient {
	return node.Patient{Identifiers: []node.Identifier{{System: eePerson, Value: "47101010033"}}, Family: "Tamm-Šörenson", Given: []string{"Ülle"}, BirthDate: "1971-01-01", Sex: "female"}
}

func pharmacist() node.Practitioner {
	return node.Practitioner{ID: node.Identifier{System: "https://fhir.ee/sid/pro/est/pho", Value: "P1"}, Family: "Õunapuu",
		Organisation: node.Organisation{ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.4", Value: "90000001"}, Name: "Apteek"}}
}

// tabletOf is a film-coated tablet of one substance, thirty in a package.
func tabletOf() node.Medication {
	return node.Medication{Name: "Näidis®", Form: coded(translation.DoseForm, "medication.form", edqm, "10221000"),
		Classification: []*translation.Slot{coded(translation.Classification, "medication.classification[0]", "http://www.whocc.no/atc", "A02BC01")},
		Ingredients: []node.Ingredient{{Substance: coded(translation.Substance, "medication.ingredient[0].substance", "http://www.whocc.no/atc", "A02BC01"), Name: "omeprasool",
			Strength: &node.Ratio{Numerator: measured(translation.StrengthUnit, "medication.ingredient[0].strength.numerator", "20", ucum, "mg"),
				Denominator: measured(translation.StrengthUnit, "medication.ingredient[0].strength.denominator", "1", ucum, "{Tablet}")}}},
		Package: node.Package{Items: measured(translation.PackageUnit, "medication.package.items", "30", ucum, "{Tablet}")}}
}

// plainPrescription is two packages of the tablet, which must not be exchanged.
func plainPrescription() *node.Document {
	no := false
	p := &node.Prescription{ID: node.Identifier{System: eeRx, Value: "1000000001.1"}, Status: node.Active, Authored: "2026-09-01", Patient: somebody(), Prescriber: pharmacist(),
		Medication: tabletOf(), Dosage: []node.Dosage{{Text: "Üks tablett"}}, Amount: node.Amount{Packages: "2"}, Language: "et",
		Substitution: node.Substitution{Allowed: &no, Code: coded(translation.Substitution, "substitution", "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution", "N")}}
	d := &node.Document{Kind: node.APrescription, ID: node.Identifier{System: eeRx, Value: "1000000001-D"}, At: translated(), Language: "et", Patient: p.Patient,
		Prescriptions: []*node.Prescription{p}, Header: node.Header{Written: "2026-09-01T10:30:15+03:00", Author: p.Prescriber}}
	d.Slots = recordSlots(d)
	return d
}

// plainDispensation is two packages of the tablet, handed out.
func plainDispensation() *node.Document {
	g := &node.Dispensation{ID: node.Identifier{System: "urn:oid:1.2.246.10.99.1", Value: "D-1"}, Status: "completed", Prescription: node.Identifier{System: eeRx, Value: "1000000001.1"},
		Patient: somebody(), Pharmacist: pharmacist(), Medication: tabletOf(), Packages: "2", HandedOver: "2026-11-20T15:04:00+02:00", Recorded: "2026-11-20T15:05:10+02:00"}
	d := &node.Document{Kind: node.ADispensation, ID: g.ID, At: translated(), Language: "fi", Patient: g.Patient, Dispensation: g}
	d.Slots = recordSlots(d)
	return d
}

// plainSummary is a summary of somebody who takes the tablet.
func plainSummary() *node.Document {
	m := tabletOf()
	d := &node.Document{Kind: node.ASummary, ID: node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.99", Value: "PS-1"}, At: translated(), Language: "et", Patient: somebody(),
		Code: coded(translation.DocumentCode, "code", loinc, "60591-5"), Header: node.Header{Author: pharmacist(), Written: "2026-11-01T12:00:00+02:00"}}
	d.Summary = &node.Summary{ID: d.ID, Date: "2026-11-01T12:00:00+02:00", Title: "Kokkuvõte", Patient: d.Patient, Language: "et", Sections: []node.Section{
		{Code: "10160-0", Title: "Ravimid", State: node.HasEntries, Entries: []node.Entry{{Kind: node.AMedicationUse, State: "active", Medication: &m, Dosage: []node.Dosage{{Text: "Üks tablett"}}}}},
		{Code: "11450-4", Title: "Diagnoosid", State: node.HasEntries, Entries: []node.Entry{{Kind: node.AProblem, What: coded(translation.Diagnosis, "section[11450-4].entry[0].problem", "http://hl7.org/fhir/sid/icd-10", "I10")}}},
	}}
	d.Slots = recordSlots(d)
	return d
}
