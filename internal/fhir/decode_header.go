package fhir

import (
	"sild/node"
	"sild/translation"
)

// header reads what a summary says of itself beside its sections.
func (d *decoder) header(v value) {
	d.doc.ID = d.identifier(d.root().get("identifier"))
	d.doc.Header = node.Header{Title: d.take(v.get("title")), Written: d.take(v.get("date")), Author: d.authorOf(v.get("author").item(0)),
		Confidentiality: d.take(v.get("confidentiality"))}
	d.doc.Header.Custodian = d.organisation(d.led(v.get("custodian")))
	var parent value
	for _, relation := range v.get("relatesTo").each {
		if relation.get("code").text() == "transforms" {
			parent = relation
		}
	}
	if parent.there() {
		d.claim(parent.get("code"))
		d.doc.Header.Parent = d.identifier(parent.get("targetIdentifier"))
	}
	d.granted(v)
}

// authorOf reads the author of a summary, whoever that is: a person, a role or an organisation. A device has a name only,
// which stands in the summary.
func (d *decoder) authorOf(ref value) node.Practitioner {
	found := d.target(ref)
	switch found.get("resourceType").text() {
	case "PractitionerRole":
		p := d.writer(found.get("practitioner"))
		p.Organisation = d.organisation(d.led(found.get("organization")))
		if p.Organisation.Name == "" {
			p.Organisation.Name = d.take(found.walk("organization", "display"))
		}
		p.Role = d.concept(found.get("code").item(0), translation.Role, "author.role")
		return p
	case "Organization":
		return node.Practitioner{Organisation: d.organisation(found)}
	case "Practitioner":
		return d.writer(ref)
	}
	return node.Practitioner{}
}

func (d *decoder) writer(ref value) node.Practitioner {
	found := d.led(ref)
	if !found.there() {
		return d.named(ref)
	}
	return d.person(found)
}
