package fhir

import "sild/node"

// dispensation writes one MedicationDispense (MedicationDispense-eu-mpd) that carries all it speaks of inside itself:
// the medicine, the patient, the pharmacist, and the steps of its codes. A withdrawal is the same resource with the
// status entered-in-error.
func (e *encoder) dispensation(d *node.Document) (*node.Encoded, error) {
	given := d.Dispensation
	e.checkDispensation(d)
	e.moved = renaming(dispensationPaths(given))
	mark := e.object("")
	e.text("resourceType", "MedicationDispense")
	e.profile(profileDispense)
	e.text("language", d.Language)
	e.contained(d)
	list := e.array("extension")
	e.part(extRecorded, "valueDateTime", given.Recorded)
	e.other(extGroup, given.Group, given.Prescription)
	e.other(extItem, given.Item, given.ID)
	e.close(list)
	e.identifiers(given.ID)
	e.text("status", dispenseStatus(d))
	e.reference("medicationReference", "#medication")
	e.reference("subject", "#patient")
	performers := e.array("performer")
	performer := e.object("")
	e.reference("actor", "#performer")
	e.close(performer)
	e.close(performers)
	prescriptions := e.array("authorizingPrescription")
	e.identifierOf("", "MedicationRequest", given.Prescription)
	e.close(prescriptions)
	e.packages("quantity", given.Packages)
	e.text("whenHandedOver", given.HandedOver)
	e.notes(given.Notes)
	if given.Substituted != nil {
		substitution := e.object("substitution")
		e.boolean("wasSubstituted", *given.Substituted)
		e.close(substitution)
	}
	e.close(mark)
	e.loseUntaken(d.Slots, nil)
	e.loseHeader(d)
	return e.encoded(node.MPD)
}

// other writes an identifier that is not the one that the resource has already.
func (e *encoder) other(url string, id, known node.Identifier) {
	if id.IsZero() || id == known {
		return
	}
	mark := e.extension(url)
	e.identifier("valueIdentifier", id)
	e.close(mark)
}

func dispenseStatus(d *node.Document) string {
	if d.Kind == node.AWithdrawal {
		return string(node.InError)
	}
	return d.Dispensation.Status
}

// checkDispensation refuses a dispensation that lacks what the profile and country A's register cannot do without.
func (e *encoder) checkDispensation(d *node.Document) {
	given := d.Dispensation
	for _, must := range []struct{ slot, value string }{
		{"dispensation.identifier", given.ID.Value}, {"dispensation.status", dispenseStatus(d)},
		{"dispensation.prescription", given.Prescription.Value}, {"dispensation.packages", given.Packages},
		{"dispensation.recorded", given.Recorded},
	} {
		if must.value == "" {
			e.refuse(must.slot, "encode.dispensation", "The dispensation lacks something that it cannot be recorded without.")
		}
	}
	if !knowsPractitioner(given.Pharmacist) {
		e.refuse("dispensation.pharmacist", "encode.dispensation", "The dispensation does not say who handed the medicine out.")
	}
}

func (e *encoder) inside(id, resourceType string) int {
	mark := e.object("")
	e.text("resourceType", resourceType)
	e.text("id", id)
	return mark
}

func (e *encoder) contained(d *node.Document) {
	given := d.Dispensation
	list := e.array("contained")
	medicine := e.inside("medication", "Medication")
	e.medication(&given.Medication, "medication", partIDs(given.Medication.Parts))
	e.close(medicine)
	for i := range given.Medication.Parts {
		part := e.inside(partIDs(given.Medication.Parts)[i][1:], "Medication")
		e.medication(&given.Medication.Parts[i], "medication.part["+itoa(i)+"]", nil)
		e.close(part)
	}
	patient := e.inside("patient", "Patient")
	e.patient(given.Patient)
	e.close(patient)
	performer := e.inside("performer", "PractitionerRole")
	e.performer(given.Pharmacist)
	e.close(performer)
	if made := countries(d.Slots, nil); len(made) > 0 {
		provenance := e.inside("hops", "Provenance")
		e.hops(d.Slots, nil)
		targets := e.array("target")
		e.reference("", "#")
		e.close(targets)
		e.provenanceEnd(d.At, made, d.Source)
		e.close(provenance)
	}
	e.close(list)
}

func partIDs(parts []node.Medication) []string {
	ids := make([]string, len(parts))
	for i := range parts {
		ids[i] = "#part" + itoa(i+1)
	}
	return ids
}

// performer writes the pharmacist's role with the person and the pharmacy as identifiers and names: a contained
// resource cannot contain others (R4 dom-2).
func (e *encoder) performer(p node.Practitioner) {
	e.named("practitioner", p.ID, fullName(p))
	e.named("organization", p.Organisation.ID, p.Organisation.Name)
	e.role(p)
}

func (e *encoder) named(name string, id node.Identifier, display string) {
	mark := e.object(name)
	e.identifier("identifier", id)
	e.text("display", display)
	e.close(mark)
}

func fullName(p node.Practitioner) string {
	name := ""
	for _, given := range p.Given {
		name += given + " "
	}
	if p.Family == "" && name != "" {
		return name[:len(name)-1]
	}
	return name + p.Family
}
