package fhir

import (
	"sild/node"
	"sild/translation"
)

// header reads what a summary says of itself beside its sections.
func (d *decoder) header(v value) {
	d.doc.ID = identifierOf(d.root().get("identifier"))
	d.doc.Header = node.Header{Title: v.get("title").text(), Written: v.get("date").text(), Author: d.authorOf(v.get("author").item(0))}
	d.doc.Header.Custodian = organisationOf(d.target(v.get("custodian")))
	for _, relation := range v.get("relatesTo").each {
		if relation.get("code").text() == "transforms" {
			d.doc.Header.Parent = identifierOf(relation.get("targetIdentifier"))
		}
	}
}

// authorOf reads the author of a summary, whoever that is: a person, a role or an organisation. A device has a name only,
// which stands in the summary.
func (d *decoder) authorOf(ref value) node.Practitioner {
	found := d.target(ref)
	switch found.get("resourceType").text() {
	case "PractitionerRole":
		p := d.writer(found.get("practitioner"))
		p.Organisation = organisationOf(d.target(found.get("organization")))
		if p.Organisation.Name == "" {
			p.Organisation.Name = found.walk("organization", "display").text()
		}
		p.Role = d.concept(found.get("code").item(0), translation.Role, "author.role")
		return p
	case "Organization":
		return node.Practitioner{Organisation: organisationOf(found)}
	case "Practitioner":
		return d.writer(ref)
	}
	return node.Practitioner{}
}

func (d *decoder) writer(ref value) node.Practitioner {
	found := d.target(ref)
	if !found.there() {
		return node.Practitioner{ID: identifierOf(ref.get("identifier")), Family: ref.get("display").text()}
	}
	family, given := d.personName(found)
	return node.Practitioner{ID: identifierOf(found.get("identifier").item(0)), Family: family, Given: given}
}

func organisationOf(v value) node.Organisation {
	return node.Organisation{ID: identifierOf(v.get("identifier").item(0)), Name: v.get("name").text()}
}
