package fhir

import (
	"strings"

	"sild/node"
)

// EncodeNationalDispense writes a dispensation made abroad as a country's own register keeps it: Bundle entries, with
// commas between them, to be appended to the entries of the prescription's national Bundle. country is EE (FHIR R5,
// ee-tis-prescription-dispense) or FI (FHIR R4); id is the register's own id of the record, by which it finds it again.
//
// The medicine stands by its name. A package number is written only when it is of the country's own register: what was
// handed out abroad is another product. Another country is an error of kind Unsupported.
func EncodeNationalDispense(d *node.Dispensation, country string, id string) ([]byte, error) {
	e := &encoder{}
	switch country {
	case "EE":
		e.estonianDispense(d, id)
	case "FI":
		e.finnishDispense(d, id)
	default:
		return nil, unsupported("No national form of a dispensation is known for this country.")
	}
	if e.err != nil {
		return nil, e.err
	}
	return e.b, nil
}

// nationalEntry starts an entry with the register's own full URL; endEntry ends it.
func (e *encoder) nationalEntry(country, resourceType, id, profile string) {
	e.object("")
	e.text("fullUrl", "https://register.example/"+strings.ToLower(country)+"/"+resourceType+"/"+id)
	e.object("resource")
	e.text("resourceType", resourceType)
	e.text("id", id)
	e.profile(profile)
}

// estonianDispense writes the R5 form. It has no element for the identifier, for the moment of recording or for a
// substitution; the quantity is a bare number of packages. What they take off the prescription, where they are of another
// size, stands in an extension of ours.
func (e *encoder) estonianDispense(d *node.Dispensation, id string) {
	e.nationalEntry("EE", "MedicationDispense", id, estonian+"prescription-dispense")
	e.takenOff(d)
	e.text("status", d.Status)
	medication := e.object("medication")
	e.relative("reference", "Medication/"+id+"-medication")
	e.close(medication)
	e.subjectByIdentifier(d.Patient)
	e.nationalPerformer(d.Pharmacist)
	e.nationalPrescription(d.Prescription)
	e.bareQuantity(d.Packages)
	e.text("whenHandedOver", d.HandedOver)
	e.notes(d.Notes)
	e.endEntry("")
	e.nationalEntry("EE", "Medication", id+"-medication", estonian+"medication-dispensed-to-patient")
	list := e.array("extension")
	e.part(extEstonianName, "valueString", d.Medication.Name)
	e.close(list)
	e.ownProduct(d, systemEstonianPackage)
	e.endEntry("")
}

// finnishDispense writes the R4 form.
func (e *encoder) finnishDispense(d *node.Dispensation, id string) {
	e.nationalEntry("FI", "MedicationDispense", id, "")
	e.takenOff(d)
	e.identifiers(d.ID)
	e.text("status", d.Status)
	e.relative("medicationReference", "Medication/"+id+"-medication")
	e.subjectByIdentifier(d.Patient)
	e.nationalPerformer(d.Pharmacist)
	e.nationalPrescription(d.Prescription)
	e.bareQuantity(d.Packages)
	e.text("whenHandedOver", d.HandedOver)
	e.notes(d.Notes)
	if d.Substituted != nil {
		substitution := e.object("substitution")
		e.boolean("wasSubstituted", *d.Substituted)
		e.close(substitution)
	}
	e.endEntry("")
	e.nationalEntry("FI", "Medication", id+"-medication", "")
	list := e.array("extension")
	e.part(extKantaDrug, "valueString", d.Medication.Name)
	e.close(list)
	e.ownProduct(d, systemVNR)
	e.endEntry("")
}

const systemEstonianPackage = "http://ravimiregister.ee/pakendid"

func (e *encoder) relative(name, to string) {
	mark := e.object(name)
	e.text("reference", to)
	e.close(mark)
}

func (e *encoder) subjectByIdentifier(p node.Patient) {
	if len(p.Identifiers) > 0 {
		e.identifierOf("subject", "Patient", p.Identifiers[0])
	}
}

// nationalPerformer names the foreign pharmacist and pharmacy, for whom the register holds no entries.
func (e *encoder) nationalPerformer(p node.Practitioner) {
	list := e.array("performer")
	mark := e.object("")
	e.named("actor", p.Organisation.ID, strings.Join(known(fullName(p), p.Organisation.Name), ", "))
	e.close(mark)
	e.close(list)
}

func known(texts ...string) []string {
	var found []string
	for _, text := range texts {
		if text != "" {
			found = append(found, text)
		}
	}
	return found
}

func (e *encoder) nationalPrescription(id node.Identifier) {
	list := e.array("authorizingPrescription")
	e.identifierOf("", "MedicationRequest", id)
	e.close(list)
}

func (e *encoder) bareQuantity(packages string) {
	mark := e.object("quantity")
	e.number("value", packages)
	e.close(mark)
}

// ownProduct writes the package number where it is one of the country's own register.
func (e *encoder) ownProduct(d *node.Dispensation, system string) {
	if product := d.Medication.Product; product != nil && product.Original().System == system {
		e.identifiers(node.Identifier{System: system, Value: product.Original().Code})
	}
}
