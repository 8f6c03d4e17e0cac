package reference

import (
	"encoding/json"
	"time"

	"sild/conformance"
	"sild/node"
	"sild/translation"
)

// Calls describes the country to conformance.Judge: every person and every capability it has.
func (c *Country) Calls() conformance.Calls {
	return conformance.Calls{
		Call: c.call, Tongue: Tongue{}, Now: c.options.Now, Deadline: 10 * time.Second,
		Can: conformance.Can{Face: true, Handles: true, Withdraws: c.options.Withdraws, Part: c.options.Part},
		People: conformance.People{Main: personID(mainPerson), BirthDate: born, Other: personID(otherPerson),
			Unknown: personID(unknownPerson), Restricted: personID(restrictedPerson), Ambiguous: personID(ambiguousPerson),
			NoConsent: personID(noConsentPerson), Child: personID(childPerson),
			SummaryRestricted: personID(summaryRestrictedPerson), SectionRestricted: personID(sectionRestrictedPerson),
			SectionNever: personID(sectionNeverPerson), Section: Allergies},
		Known: c.known(),
		Never: conformance.Never{Excluded: prescriptionID(excludedItem), Expired: prescriptionID(expiredItem),
			Cancelled: prescriptionID(cancelledItem), Untranslatable: prescriptionID(untranslatableItem)},
		Fresh: c.fresh, Dispensation: dispensation, Withdrawal: withdrawal,
	}
}

func (c *Country) call(verb node.Verb, patient node.Identifier) node.Call {
	return node.Call{Verb: verb, Patient: patient, Reply: Format, Evidence: node.Evidence{ID: node.NewCorrelation()}}
}

func pivot(code string) translation.Coding { return translation.Coding{System: Pivot, Code: code} }

func national(codes ...string) []translation.Coding {
	var all []translation.Coding
	for _, code := range codes {
		all = append(all, translation.Coding{System: National, Code: code})
	}
	return all
}

func strength(substance, value string) conformance.Ingredient {
	return conformance.Ingredient{Substance: pivot(substance), Value: value, Unit: pivot("mg"), Per: "1"}
}

// known is the truth about the main patient's two prescriptions, written down apart from what the country answers.
func (c *Country) known() []conformance.Expect {
	c.mu.Lock()
	defer c.mu.Unlock()
	plain := conformance.Expect{ID: prescriptionID(knownPlain), Packages: "1", Left: "1", Form: pivot("form-tablet"),
		ATC: []translation.Coding{pivot("atc-fine")}, Ingredients: []conformance.Ingredient{strength("subst-alpha", "0.50")},
		Originals: national("tabl", "atc-fine", "subst-a", "mg-n")}
	combined := conformance.Expect{ID: prescriptionID(knownCombined), Packages: "3", Left: "2", Form: pivot("form-syrup"),
		ATC:         []translation.Coding{pivot("atc-fine")},
		Ingredients: []conformance.Ingredient{strength("subst-alpha", "10"), strength("subst-beta", "2.5")},
		Originals:   national("syr", "atc-finest", "subst-b")}
	if d, err := c.translated(c.prescriptions[plain.ID]); err == nil {
		plain.Digest = digest(d.Source)
	}
	return []conformance.Expect{plain, combined}
}

// fresh writes a new prescription of a patient who is there for this only.
func (c *Country) fresh(least int) (conformance.Expect, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made++
	e := c.add(c.made, spenderPerson, plain(), least)
	return conformance.Expect{ID: e.record.ID, Patient: personID(spenderPerson), Packages: e.record.Amount.Packages}, true
}

func dispensation(of *node.Document, id node.Identifier, packages string) []byte {
	handed := node.Dispensation{ID: id, Status: "completed", Packages: packages, Patient: of.Patient}
	if p := of.Prescription(); p != nil {
		handed.Prescription, handed.Medication = p.ID, p.Medication
	}
	return plainly(page{Kind: node.ADispensation, Patient: of.Patient, Dispensation: &handed})
}

// withdrawal takes a dispensation message back. What is no such message comes back as it is, and will be refused.
func withdrawal(of []byte) []byte {
	var p page
	if json.Unmarshal(of, &p) != nil || p.Dispensation == nil {
		return of
	}
	p.Kind, p.Dispensation.Status = node.AWithdrawal, "entered-in-error"
	return plainly(p)
}

func plainly(p page) []byte {
	out, err := encoded(p)
	if err != nil {
		return nil
	}
	return out.Body()
}
