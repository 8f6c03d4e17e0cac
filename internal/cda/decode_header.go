package cda

import (
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// header reads what a document says of itself and of whom it is about (CDA R2 4.2).
func (d *decoder) header(root xmldom.Element) {
	d.claim(root)
	doc := d.doc
	doc.Code = d.coded(d.single(root, "code"), translation.DocumentCode, "code")
	doc.ID = d.identifier(d.single(root, "id"))
	doc.Header.Title = d.text(child(root, "title"))
	doc.Header.Written = d.time(child(root, "effectiveTime"))
	doc.Language = d.take(child(root, "languageCode"), "code")
	d.grammar(root)
	d.demand(doc.ID != node.Identifier{}, "cda.document-id", root, "a document without its number")
	d.patient(root)
	d.author(root)
	custodian := path(root, "custodian", "assignedCustodian", "representedCustodianOrganization")
	doc.Header.Custodian = d.organisation(custodian)
	for related := range each(root, "relatedDocument") {
		if attr(related, "typeCode") == "XFRM" && doc.Header.Parent.IsZero() {
			doc.Header.Parent = d.identifier(path(related, "parentDocument", "id"))
		}
	}
}

// grammar claims the elements of the header that only hold the document together.
func (d *decoder) grammar(root xmldom.Element) {
	if confidentiality := child(root, "confidentialityCode"); confidentiality.There() {
		level := d.coded(confidentiality, translation.Structural, "confidentiality").Current
		if attr(confidentiality, "codeSystem") == oid.Confidentiality {
			d.doc.Header.Confidentiality = level.Code
		}
	}
	d.claimText(child(root, "setId"))
}

func (d *decoder) demand(there bool, reason string, at xmldom.Element, what string) {
	if !there {
		d.refuse(reason, at, what)
	}
}

// identifier is an II: a root with its extension, or the root alone. One with a nullFlavor is no identifier, though it
// may say of which system it would be, nor is one whose extension is written and blank: what is left would be the same
// for everybody.
func (d *decoder) identifier(e xmldom.Element) node.Identifier {
	root := attr(e, "root")
	extension, written := e.Attr("extension")
	_, null := e.Attr("nullFlavor")
	if root == "" || null || written && strings.TrimSpace(extension) == "" {
		return node.Identifier{}
	}
	d.claim(e)
	if extension == "" && isUUID(root) {
		return node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:" + root}
	}
	if extension == "" {
		return node.Identifier{System: "urn:ietf:rfc:3986", Value: oidPrefix + root}
	}
	return node.Identifier{System: d.tongue.system(root), Value: extension}
}

// isUUID says that a root is written as a UUID rather than as an object identifier.
func isUUID(root string) bool {
	return len(root) == 36 && root[8] == '-' && root[13] == '-' && root[18] == '-' && root[23] == '-'
}

func (d *decoder) identifiers(e xmldom.Element) []node.Identifier {
	var found []node.Identifier
	for id := range each(e, "id") {
		if one := d.identifier(id); !one.IsZero() {
			found = append(found, one)
		}
	}
	return found
}

// text is the characters of an element that a record field holds from now on.
func (d *decoder) text(e xmldom.Element) string {
	if !e.There() {
		return ""
	}
	d.claimText(e)
	return plainText(e)
}

// patient reads the person whom the document is about: the least that both sides need to be sure of whom they speak. A
// document about two is refused, even where they may be one.
func (d *decoder) patient(root xmldom.Element) {
	target := child(root, "recordTarget")
	role := child(target, "patientRole")
	person := child(role, "patient")
	if len(every(root, "recordTarget")) > 1 || len(every(target, "patientRole")) > 1 || len(every(role, "patient")) > 1 {
		d.refuse("cda.patients", root, "a document about more than one patient")
	}
	d.demand(role.There(), "cda.patient", target, "a document that names no patient")
	p := node.Patient{Identifiers: d.identifiers(role)}
	d.demand(len(p.Identifiers) > 0, "cda.patient-id", role, "a patient without identifier")
	d.claim(role)
	p.Family, p.Given = d.personName(person)
	p.BirthDate = d.birthDate(child(person, "birthTime"))
	gender := child(person, "administrativeGenderCode")
	if gender.There() {
		d.coded(gender, fieldBySystem(gender), "patient.sex")
		p.Sex = sexOf(attr(gender, "code"))
	}
	d.doc.Patient = p
}

// birthDate is the day of birth; a time on it is more than a record of the corridor holds.
func (d *decoder) birthDate(e xmldom.Element) string {
	written := d.time(e)
	if len(written) > len("2006-01-02") {
		return written[:len("2006-01-02")]
	}
	return written
}

// sexOf is an HL7 v3 administrative gender in the words of FHIR.
func sexOf(code string) string {
	switch code {
	case "M":
		return "male"
	case "F":
		return "female"
	case "UN":
		return "other"
	}
	return ""
}

// personName joins the parts of the first name that has any.
func (d *decoder) personName(person xmldom.Element) (family string, given []string) {
	for name := range each(person, "name") {
		var families []string
		for part := range name.Children() {
			if !known(part) {
				continue
			}
			switch text := plainText(part); {
			case text == "":
			case part.Local() == "family":
				d.claimText(part)
				families = append(families, text)
			case part.Local() == "given":
				d.claimText(part)
				given = append(given, text)
			}
		}
		family = strings.Join(families, " ")
		if family == "" && len(given) == 0 && name.First() == (xmldom.Element{}) {
			family = d.text(name)
		}
		if family != "" || len(given) > 0 {
			return family, given
		}
	}
	return "", nil
}

// author reads who wrote the document: the first author who is a person, or the first at all.
func (d *decoder) author(root xmldom.Element) {
	d.doc.Header.Author = d.authorOf(root, "author")
}

// authorOf is the first author of an element who is a person, or the first at all.
func (d *decoder) authorOf(e xmldom.Element, path string) node.Practitioner {
	var chosen xmldom.Element
	for author := range each(e, "author") {
		if !chosen.There() || !child(child(chosen, "assignedAuthor"), "assignedPerson").There() &&
			child(child(author, "assignedAuthor"), "assignedPerson").There() {
			chosen = author
		}
	}
	if !chosen.There() {
		return node.Practitioner{}
	}
	if known, ok := d.authors[chosen.Index()]; ok {
		return known // the author of several items
	}
	found := d.practitioner(child(chosen, "assignedAuthor"), path)
	if function := child(chosen, "functionCode"); function.There() {
		found.Role = d.coded(function, translation.Role, path+".role")
	}
	if d.authors == nil {
		d.authors = map[int]node.Practitioner{}
	}
	d.authors[chosen.Index()] = found
	return found
}

// practitioner reads an assigned author or entity: a person, their number and the organisation they act for.
func (d *decoder) practitioner(e xmldom.Element, path string) node.Practitioner {
	var p node.Practitioner
	if ids := every(e, "id"); len(ids) > 0 {
		p.ID = d.identifier(ids[0])
	}
	p.Family, p.Given = d.personName(child(e, "assignedPerson"))
	if code := child(e, "code"); code.There() && attr(code, "codeSystem") == oid.ISCO {
		p.Role = d.coded(code, translation.Role, path+".code")
	}
	p.Organisation = d.organisation(child(e, "representedOrganization"))
	return p
}

func (d *decoder) organisation(e xmldom.Element) node.Organisation {
	if !e.There() {
		return node.Organisation{}
	}
	return node.Organisation{ID: d.identifier(child(e, "id")), Name: d.text(child(e, "name"))}
}
