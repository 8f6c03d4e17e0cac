package reference

import (
	"fmt"

	"sild/node"
	"sild/translation"
)

// The systems of the country's invented identifiers.
const (
	PersonSystem       = "urn:sild:reference:person"
	PrescriptionSystem = "urn:sild:reference:prescription"

	// Allergies is the LOINC code of the section that one patient forbade and another never had.
	Allergies = "48765-2"
	problems  = "11450-4"
	born      = "1961-07-14"
)

func personID(n int) node.Identifier {
	return node.Identifier{System: PersonSystem, Value: fmt.Sprintf("PERSON-%06d", n)}
}

func prescriptionID(n int) node.Identifier {
	return node.Identifier{System: PrescriptionSystem, Value: fmt.Sprintf("ITEM-%06d", n)}
}

// The people of the country by their number. Nobody bears the unknown number.
const (
	mainPerson = iota + 1
	otherPerson
	unknownPerson
	restrictedPerson
	ambiguousPerson
	noConsentPerson
	childPerson
	summaryRestrictedPerson
	sectionRestrictedPerson
	sectionNeverPerson
	spenderPerson
)

// The prescriptions of the main and of the other patient by their number; the fresh ones follow.
const (
	knownPlain = iota + 1
	knownCombined
	excludedItem
	expiredItem
	cancelledItem
	untranslatableItem
	othersItem
	firstFresh
)

func (c *Country) populate() {
	for n := mainPerson; n <= spenderPerson; n++ {
		if n == unknownPerson {
			continue
		}
		c.people[personID(n)] = &person{
			patient: node.Patient{Identifiers: []node.Identifier{personID(n), {System: PersonSystem + ":card", Value: fmt.Sprintf("CARD-%06d", n)}},
				Family: "Quillfeather", Given: []string{"Xanthippe"}, BirthDate: born, Sex: "female", Protected: n == mainPerson},
			restricted: n == restrictedPerson, ambiguous: n == ambiguousPerson, noConsent: n == noConsentPerson,
			child: n == childPerson, summaryHidden: n == summaryRestrictedPerson,
			summary: summaryFor(n, n != sectionNeverPerson),
		}
	}
	c.people[personID(sectionRestrictedPerson)].sectionHidden = Allergies
	c.add(knownPlain, mainPerson, plain(), 1)
	c.add(knownCombined, mainPerson, combined(), 3).left = 2
	c.add(excludedItem, mainPerson, plain(), 1).excluded = true
	c.add(expiredItem, mainPerson, plain(), 1).record.Valid.To = "2020-01-31"
	c.add(cancelledItem, mainPerson, plain(), 1).record.Status = node.Cancelled
	untranslatable := plain()
	untranslatable.Form.Current.Code = "form-of-nobody"
	c.add(untranslatableItem, mainPerson, untranslatable, 1)
	c.add(othersItem, otherPerson, plain(), 1)
	c.add(knownPlain+1000, restrictedPerson, plain(), 1)
	c.made = firstFresh
}

func (c *Country) add(number, owner int, medicine node.Medication, packages int) *entry {
	e := &entry{left: packages, record: node.Prescription{ID: prescriptionID(number), Status: node.Active,
		Authored: "2026-01-10", Valid: node.Period{From: "2026-01-10", To: "2999-12-31"},
		Patient: c.people[personID(owner)].patient, Medication: medicine,
		Amount: node.Amount{Packages: fmt.Sprint(packages)}, Language: "en"}}
	c.prescriptions[e.record.ID] = e
	return e
}

func slot(field translation.Field, path, code string) *translation.Slot {
	return translation.NewSlot(field, path, translation.Coding{System: National, Code: code})
}

func ingredient(n int, substance, value string) node.Ingredient {
	path := fmt.Sprintf("medication.ingredient[%d].", n)
	unit := slot(translation.StrengthUnit, path+"strength.numerator", "mg-n")
	unit.Number = value
	return node.Ingredient{Substance: slot(translation.Substance, path+"substance", substance),
		Strength: &node.Ratio{Numerator: node.Quantity{Value: value, Unit: unit}, Denominator: node.Quantity{Value: "1"}}}
}

// plain is a medicine whose every code has an equivalent.
func plain() node.Medication {
	return node.Medication{Name: "Plainol", Form: slot(translation.DoseForm, "medication.form", "tabl"),
		Classification: []*translation.Slot{slot(translation.Classification, "medication.classification[0]", "atc-fine")},
		Ingredients:    []node.Ingredient{ingredient(0, "subst-a", "0.50")}}
}

// combined is a medicine with a draft translation of its form and a wider one of its class.
func combined() node.Medication {
	return node.Medication{Name: "Combinol", Form: slot(translation.DoseForm, "medication.form", "syr"),
		Classification: []*translation.Slot{slot(translation.Classification, "medication.classification[0]", "atc-finest")},
		Ingredients:    []node.Ingredient{ingredient(0, "subst-a", "10"), ingredient(1, "subst-b", "2.5")}}
}

func summaryFor(n int, allergies bool) *node.Summary {
	section := func(code, title string, field translation.Field, entry string) node.Section {
		return node.Section{Code: code, Title: title, State: node.HasEntries,
			Slots: []*translation.Slot{slot(field, "section["+code+"].entry[0].code", entry)}}
	}
	s := &node.Summary{ID: node.Identifier{System: PrescriptionSystem, Value: fmt.Sprintf("SUMMARY-%06d", n)}, Date: "2026-02-01",
		Sections: []node.Section{section(problems, "Problems", translation.Diagnosis, "illness-n")}, Language: "en"}
	if allergies {
		s.Sections = append(s.Sections, section(Allergies, "Allergies", translation.Allergen, "allergy-n"))
	}
	return s
}
