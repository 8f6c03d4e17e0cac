package fhir

import "sild/node"

// patient writes the least that both sides need to be sure of whom they speak (PatientEuCore): identifiers, name,
// birth date and sex. Address and telecom are never written.
func (e *encoder) patient(p node.Patient) {
	list := e.array("identifier")
	for _, id := range p.Identifiers {
		e.identifier("", id)
	}
	e.close(list)
	e.personName(p.Family, p.Given, true)
	e.text("gender", p.Sex)
	e.textOrAbsent("birthDate", p.BirthDate)
}

func (e *encoder) patientEntry(id string, p node.Patient) {
	e.entry(id, "Patient", profilePatient)
	e.patient(p)
	e.endEntry("include")
}

func (e *encoder) personName(family string, given []string, mandatory bool) {
	list := e.array("name")
	name := e.object("")
	if family == "" && len(given) == 0 && mandatory {
		e.absentBecause("unknown")
	}
	e.text("family", family)
	e.texts("given", given)
	e.close(name)
	e.close(list)
}

func knowsPerson(p node.Practitioner) bool {
	return !p.ID.IsZero() || p.Family != "" || len(p.Given) > 0
}

func knowsOrganisation(o node.Organisation) bool { return !o.ID.IsZero() || o.Name != "" }

func knowsPractitioner(p node.Practitioner) bool {
	return knowsPerson(p) || p.Role != nil || knowsOrganisation(p.Organisation)
}

// prescriber writes who prescribed: the role, the person and the organisation, each where it is known.
func (e *encoder) prescriber(p node.Practitioner, ids prescriptionIDs) {
	if !knowsPractitioner(p) {
		return
	}
	e.entry(ids.role, "PractitionerRole", "")
	if knowsPerson(p) {
		e.reference("practitioner", ids.practitioner)
	}
	if knowsOrganisation(p.Organisation) {
		e.reference("organization", ids.organisation)
	}
	e.role(p)
	e.endEntry("include")
	if knowsPerson(p) {
		e.entry(ids.practitioner, "Practitioner", "")
		e.identifiers(p.ID)
		e.personName(p.Family, p.Given, false)
		e.endEntry("include")
	}
	if knowsOrganisation(p.Organisation) {
		e.entry(ids.organisation, "Organization", "")
		e.identifiers(p.Organisation.ID)
		e.text("name", p.Organisation.Name)
		e.endEntry("include")
	}
}

func (e *encoder) identifiers(id node.Identifier) {
	list := e.array("identifier")
	e.identifier("", id)
	e.close(list)
}

func (e *encoder) role(p node.Practitioner) {
	list := e.array("code")
	e.concept("", p.Role)
	e.close(list)
}
