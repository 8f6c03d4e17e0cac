package fhir

import (
	"sild/node"
)

// dispensation reads a MedicationDispense that carries all it speaks of inside itself: what a pharmacy abroad handed
// out, or, with the status entered-in-error, what it takes back.
func (d *decoder) dispensation() {
	d.chained = true
	v := d.root()
	d.doc.Language = d.take(v.get("language"))
	given := &node.Dispensation{Status: d.take(v.get("status"))}
	switch given.Status {
	case "completed":
		d.doc.Kind = node.ADispensation
	case "entered-in-error":
		d.doc.Kind = node.AWithdrawal
	default:
		d.refuse("fhir.status", v, "a dispensation that is neither completed nor entered in error")
		return
	}
	d.checkReferences()
	d.containedHops()
	d.dispensed(v, given)
	d.handed(v, given)
	given.Patient = d.doc.Patient
	d.doc.Dispensation = given
}

func (d *decoder) containedHops() {
	d.provenances()
	for _, inner := range d.bodiesOf("Provenance") {
		d.provenance(inner)
	}
}

// bodiesOf lists every resource of a type, contained ones included.
func (d *decoder) bodiesOf(of string) []value {
	var found []value
	for _, at := range d.bodies {
		if v := (value{d.arena, at}); d.of[at].name == of {
			found = append(found, v)
		}
	}
	return found
}

// dispensed reads whom it was handed to, by whom, on which prescription, and what.
func (d *decoder) dispensed(v value, given *node.Dispensation) {
	patients := d.bodiesOf("Patient")
	if len(patients) != 1 || d.follow(v.get("subject"), "Patient") != patients[0] {
		d.refuse("fhir.patient-count", v, "exactly one patient expected, who is the subject")
		return
	}
	d.doc.Patient = d.patientOf(patients[0])
	d.checkPatient(patients[0], d.doc.Patient, true)
	d.checkSubjects(patients[0])
	d.addressElement(patients[0])
	given.ID = d.soleIdentifier(v.get("identifier"), v)
	given.Group = d.identifier(extension(v, extGroup).get("valueIdentifier"))
	given.Item = d.identifier(extension(v, extItem).get("valueIdentifier"))
	orders := v.get("authorizingPrescription")
	if orders.count() != 1 {
		d.refuse("fhir.authorizing", v, "exactly one prescription expected that the medicine was handed out on")
		return
	}
	given.Prescription = d.identifier(orders.item(0).get("identifier"))
	d.demand(given.Prescription.Value != "", "fhir.authorizing", orders, "a prescription without identifier")
	d.claim(orders)
	performer := v.get("performer").item(0).get("actor")
	d.demand(performer.there(), "fhir.performer", v, "a dispensation that does not say who handed it out")
	given.Pharmacist = d.practitionerOf(performer, "dispensation.pharmacist")
	given.Medication, _ = d.medicine(v.get("medicationReference"), "")
}

func (d *decoder) soleIdentifier(list, v value) node.Identifier {
	if list.count() != 1 || !list.item(0).get("value").there() {
		d.refuse("fhir.identifier", v, "exactly one identifier expected")
		return node.Identifier{}
	}
	return d.identifier(list.item(0))
}

// handed reads how much was handed out and when. whenHandedOver may be absent: then it was when it was recorded (MPD
// guide).
func (d *decoder) handed(v value, given *node.Dispensation) {
	recorded := extension(v, extRecorded).get("valueDateTime")
	d.demand(recorded.there(), "fhir.recorded", v, "a dispensation that does not say when it was recorded")
	d.checkDay(recorded)
	d.checkDay(v.get("whenHandedOver"))
	given.Recorded = d.take(recorded)
	given.HandedOver = orElse(d.take(v.get("whenHandedOver")), given.Recorded)
	quantity := v.get("quantity")
	d.demand(isPackages(quantity) || isCount(quantity), "fhir.quantity", v, "a quantity that is not in packages")
	given.Packages = d.packages(quantity)
	if number, ok := node.Decimal(given.Packages); ok && number.Sign() <= 0 {
		d.refuse("fhir.quantity", quantity, "nothing was handed out")
	}
	d.claim(quantity)
	given.Substituted = d.flag(v.walk("substitution", "wasSubstituted"))
	for _, note := range v.get("note").each {
		given.Notes = append(given.Notes, d.take(note.get("text")))
	}
}

// isCount says that a quantity is a bare number, or UCUM's unity.
func isCount(v value) bool {
	code := v.get("code").text()
	return v.get("value").there() && (code == "" && !v.get("unit").there() || code == "1" && v.get("system").text() == systemUCUM)
}
