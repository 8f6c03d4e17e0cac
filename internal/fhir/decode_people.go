package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// patientOf reads a Patient: the least that both sides need to be sure of whom they speak.
func (d *decoder) patientOf(v value) node.Patient {
	var p node.Patient
	for _, id := range v.get("identifier").each {
		if id.get("value").there() && id.get("use").text() != "old" {
			p.Identifiers = append(p.Identifiers, d.identifier(id))
		}
	}
	p.Family, p.Given = d.personName(v)
	p.BirthDate = d.take(v.get("birthDate"))
	p.Sex = d.take(v.get("gender"))
	p.Protected = isProtected(v)
	d.waive(v.get("_birthDate"))
	return p
}

// isProtected looks for the Finnish mark of an address under protection (turvakielto).
func isProtected(v value) bool {
	for _, label := range v.walk("meta", "security").each {
		if label.get("system").text() == addressProtection || strings.EqualFold(label.get("code").text(), "turvakielto") {
			return true
		}
	}
	return false
}

// personName is the official name, or the first that is neither old nor a nickname.
func (d *decoder) personName(v value) (family string, given []string) {
	var chosen value
	for _, name := range v.get("name").each {
		switch use := name.get("use").text(); {
		case use == "old" || use == "nickname" || use == "maiden":
		case !chosen.there(), use == "official" && chosen.get("use").text() != "official":
			chosen = name
		}
	}
	d.claim(chosen.get("use"))
	family = d.take(chosen.get("family"))
	for _, name := range chosen.get("given").each {
		given = append(given, name.text())
	}
	d.claim(chosen.get("given"))
	if words := chosen.get("text"); family == "" && len(given) == 0 && words.there() {
		family = d.take(words)
	}
	if spelled := strings.Join(given, " "); chosen.get("text").text() == strings.TrimSpace(spelled+" "+family) {
		d.hold(chosen.get("text"))
	}
	return family, given
}

// checkPatient refuses a patient whom nobody could check at a counter: no identifier, no name (eu-pat-1), and, where
// the pivot profiles demand it, neither a birth date nor the reason why there is none.
func (d *decoder) checkPatient(v value, p node.Patient, birthDate bool) {
	// A summary without one is the faces' to judge: it names the patient in other ways too.
	d.demand(len(p.Identifiers) > 0 || d.doc.Format == node.EPS, "fhir.identifier", v, "a patient without identifier")
	d.demand(p.Family != "" || len(p.Given) > 0 || absence(v.get("name").item(0)) != "", "fhir.name", v,
		"a patient without name")
	if birthDate {
		why := extension(v.get("_birthDate"), extAbsent).get("valueCode").text()
		d.demand(p.BirthDate != "" || why != "", "fhir.birthdate", v, "a patient without birth date")
	}
}

// practitionerOf reads who prescribed or handed out, through a PractitionerRole or directly.
func (d *decoder) practitionerOf(ref value, path string) node.Practitioner {
	found := d.follow(ref, "PractitionerRole", "Practitioner", "Organization")
	switch found.get("resourceType").text() {
	case "PractitionerRole":
		return d.role(found, path)
	case "Practitioner":
		return d.person(found)
	case "Organization":
		return node.Practitioner{Organisation: d.organisation(found)}
	}
	return d.named(ref)
}

// named reads a practitioner whom a reference only identifies.
func (d *decoder) named(ref value) node.Practitioner {
	p := node.Practitioner{Family: d.take(ref.get("display"))}
	if id := ref.get("identifier"); id.there() {
		p.ID = d.identifier(id)
	}
	return p
}

func (d *decoder) identifier(v value) node.Identifier {
	d.claim(v.get("system"))
	d.claim(v.get("value"))
	if use := v.get("use"); use.text() == "official" || use.text() == "usual" {
		d.hold(use) // what any reader takes it for
	}
	return identifierOf(v)
}

func (d *decoder) role(v value, path string) node.Practitioner {
	person := v.get("practitioner")
	p := d.named(person)
	if found := d.follow(person, "Practitioner"); found.there() {
		p = d.person(found)
	}
	organisation := v.get("organization")
	p.Organisation = node.Organisation{Name: d.take(organisation.get("display"))}
	if id := organisation.get("identifier"); id.there() {
		p.Organisation.ID = d.identifier(id)
	}
	if found := d.follow(organisation, "Organization"); found.there() {
		p.Organisation = d.organisation(found)
	}
	p.Role = d.concept(v.get("code").item(0), translation.Other, path+".role")
	return p
}

func (d *decoder) person(v value) node.Practitioner {
	var p node.Practitioner
	if id := v.get("identifier").item(0); id.there() {
		p.ID = d.identifier(id)
	}
	p.Family, p.Given = d.personName(v)
	return p
}

func (d *decoder) organisation(v value) node.Organisation {
	o := node.Organisation{Name: d.take(v.get("name"))}
	if id := v.get("identifier").item(0); id.there() {
		o.ID = d.identifier(id)
	}
	return o
}
