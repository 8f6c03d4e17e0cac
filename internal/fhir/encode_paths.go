package fhir

import (
	"sild/node"
	"sild/translation"
)

// naming gives the coded places of a record the paths by which a reader of the written form will call them. A record of
// another tongue has names of its own, and the steps of a code are told by its path.
type naming map[string]string

func (n naming) add(slot *translation.Slot, path string) {
	if slot == nil || slot.Path == "" || slot.Path == path {
		return
	}
	if _, again := n[slot.Path]; !again {
		n[slot.Path] = path
	}
}

// renaming is nil where every place has its name already.
func renaming(n naming) func(string) string {
	if len(n) == 0 {
		return nil
	}
	return func(path string) string { return orElse(n[path], path) }
}

func prescriptionPaths(p *node.Prescription) naming {
	n := naming{}
	n.medication(&p.Medication, "medication")
	for i, dosage := range p.Dosage {
		at := "dosage[" + itoa(i) + "]"
		n.add(dosage.Route, at+".route")
		n.add(dosage.Dose.Unit, at+".dose")
		n.add(dosage.DoseHigh.Unit, at+".doseHigh")
		for k, reason := range dosage.NeededFor {
			n.add(reason, at+".neededFor["+itoa(k)+"]")
		}
		n.add(dosage.Site, at+".site")
		n.add(dosage.Most.Amount.Unit, at+".most")
		n.add(dosage.Rate.Amount.Unit, at+".rate")
	}
	n.add(p.Amount.Total.Unit, "amount.total")
	n.add(p.Substitution.Code, "substitution.code")
	n.add(p.Substitution.Reason, "substitution.reason")
	for i, slot := range p.Indication {
		n.add(slot, "indication["+itoa(i)+"]")
	}
	n.add(p.Course, "course")
	n.add(p.Prescriber.Role, "prescriber.role")
	return n
}

func dispensationPaths(d *node.Dispensation) naming {
	n := naming{}
	n.medication(&d.Medication, "medication")
	n.add(d.Pharmacist.Role, "dispensation.pharmacist.role")
	return n
}

func (n naming) medication(m *node.Medication, path string) {
	n.add(m.Product, path+".product")
	for i, slot := range m.Classification {
		n.add(slot, path+".classification["+itoa(i)+"]")
	}
	n.add(m.Form, path+".form")
	n.add(m.Generic, path+".generic")
	n.add(m.Package.Items.Unit, path+".package.items")
	n.add(m.Package.Content.Unit, path+".package.content")
	for i, ingredient := range m.Ingredients {
		at := path + ".ingredient[" + itoa(i) + "]"
		n.add(ingredient.Substance, at+".substance")
		if strength := ingredient.Strength; strength != nil {
			n.add(strength.Numerator.Unit, at+".strength.numerator")
			n.add(strength.Denominator.Unit, at+".strength.denominator")
		}
	}
	for i := range m.Parts {
		n.medication(&m.Parts[i], path+".part["+itoa(i)+"]")
	}
}
