package fhir

import (
	"sild/node"
	"sild/translation"
)

// estonian reads the Estonian national form: a collection Bundle of FHIR R5 with one MedicationRequest.
func (d *decoder) estonian() {
	v := d.one("MedicationRequest", "fhir.prescription-count")
	if !v.there() {
		return
	}
	d.doc.Kind, d.doc.Language = node.APrescription, orElse(v.get("language").text(), "et")
	d.thePatient(false)
	p := d.request(v, "")
	p.ID = d.prescriptionID(v, systemEstonianID)
	p.Indication = d.indications(v.get("reason"), func(v value) value { return v.get("concept") }, "")
	medicine, at := d.medicine(v.walk("medication", "reference"), "")
	p.Medication = medicine
	p.Amount = d.estonianAmount(v, medicine)
	p.Amount.Left = d.left(p, v)
	p.Classes = estonianClasses(v, at, p)
	d.doc.Prescriptions = []*node.Prescription{p}
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// estonianAmount reads the total amount, where one is given. The Estonian rule: a prescription is for one package
// unless a total says otherwise (the national profile has no quantity, only the extension total-prescribed-amount).
func (d *decoder) estonianAmount(v value, m node.Medication) node.Amount {
	total := extension(v, extTotalPrescribed).get("valueQuantity")
	if !total.there() && suppliedFor(v) {
		return node.Amount{} // a length of time is no number of packages
	}
	if !total.there() {
		return node.Amount{Packages: "1"}
	}
	amount := node.Amount{Total: d.quantity(total, translation.PackageUnit, "amount.total")}
	amount.Packages = packagesIn(amount.Total, m)
	return amount
}

// suppliedFor says that the prescription is for a length of time (R5 MedicationRequest.dispenseRequest).
func suppliedFor(v value) bool { return v.walk("dispenseRequest", "expectedSupplyDuration").there() }

// estonianClasses reads the legal classes out of the national codes.
func estonianClasses(v, medicine value, p *node.Prescription) []node.Class {
	var classes []node.Class
	add := func(is bool, class node.Class) {
		if is {
			classes = append(classes, class)
		}
	}
	kind := category(v, systemEstonianKind)
	add(kind == "2", node.Narcotic)
	add(kind == "3", node.Device)
	add(hasProfile(medicine, profileExtemporal) || p.Medication.Text != "" && p.Medication.Product == nil, node.Compounded)
	add(hasProfile(medicine, profileNutrition), node.Nutrition)
	add(extension(v, extUnauthorised).there(), node.Unauthorised)
	add(len(p.Medication.Parts) > 0, node.Kit)
	add(p.Amount.Packages == "" && suppliedFor(v), node.ByDuration)
	access := firstCode(extension(v, extAuthorization).get("valueCodeableConcept"))
	add(access == "private", node.Private)
	add(extension(v, extLock).there() || p.Status == node.OnHold, node.Reserved)
	return classes
}

// category is the code of that system among the categories of a MedicationRequest.
func category(v value, system string) string {
	for _, concept := range v.get("category").each {
		for _, coding := range concept.get("coding").each {
			if coding.get("system").text() == system {
				return coding.get("code").text()
			}
		}
	}
	return ""
}

func firstCode(concept value) string { return concept.get("coding").item(0).get("code").text() }
