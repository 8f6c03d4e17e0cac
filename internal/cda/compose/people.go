package compose

import (
	"slices"
	"strings"

	"sild/internal/cda/oid"
	"sild/node"
)

// patient is the one whom the record is about.
func (c *composer) patient() node.Patient {
	switch {
	case c.d.Dispensation != nil && len(c.d.Dispensation.Patient.Identifiers) > 0:
		return c.d.Dispensation.Patient
	case len(c.d.Prescriptions) > 0 && len(c.d.Prescriptions[0].Patient.Identifiers) > 0:
		return c.d.Prescriptions[0].Patient
	case c.d.Summary != nil && len(c.d.Summary.Patient.Identifiers) > 0:
		return c.d.Summary.Patient
	}
	return c.d.Patient
}

// recordTarget writes the least that both sides need to be sure of whom they speak. Address and telecom never cross.
func (c *composer) recordTarget(p node.Patient) {
	c.start("recordTarget", "typeCode", "RCT", "contextControlCode", "OP")
	c.start("patientRole", "classCode", "PAT")
	c.patientIDs(p)
	c.empty("addr", "nullFlavor", "NI")
	c.empty("telecom", "nullFlavor", "NI")
	c.start("patient", "classCode", "PSN", "determinerCode", "INSTANCE")
	c.personName(p.Family, p.Given)
	c.gender(p.Sex)
	c.moment("birthTime", p.BirthDate, "patient.birthDate")
	c.ends(3)
}

func (c *composer) patientIDs(p node.Patient) {
	known := 0
	for i, id := range p.Identifiers {
		attributes, ok := c.instance(id)
		if !ok {
			c.lose("patient.id["+itoa(i)+"]", "The identifier's system has no number (OID), so it cannot stand in CDA.")
			continue
		}
		c.empty("id", attributes...)
		known++
	}
	if known == 0 {
		c.refuse("patient.id", "compose.identifier", "The patient has no identifier that CDA can carry.")
	}
}

// personName writes a name, with a null flavour for the half that is not known.
func (c *composer) personName(family string, given []string) {
	if family == "" && len(given) == 0 {
		c.empty("name", "nullFlavor", "NI")
		return
	}
	c.start("name")
	for _, one := range given {
		c.words("given", one)
	}
	if len(given) == 0 {
		c.empty("given", "nullFlavor", "NI")
	}
	c.words("family", family)
	if family == "" {
		c.empty("family", "nullFlavor", "NI")
	}
	c.end()
}

func (c *composer) gender(sex string) {
	code, display := "", ""
	switch sex {
	case "male":
		code, display = "M", "Male"
	case "female":
		code, display = "F", "Female"
	case "other":
		code, display = "UN", "Undifferentiated"
	case "unknown":
		c.empty("administrativeGenderCode", "nullFlavor", "UNK")
		return
	default:
		if sex != "" {
			c.lose("patient.sex", "A sex that HL7 v3 does not know cannot stand in CDA.")
		}
		c.empty("administrativeGenderCode", "nullFlavor", "NI")
		return
	}
	c.fixed("administrativeGenderCode", code, oid.Gender, display)
}

// author is who wrote the document: whom the header names, or who prescribed, dispensed or summed up.
func (c *composer) author() node.Practitioner {
	if c.d.Dispensation != nil && isSomebody(c.d.Dispensation.Pharmacist) {
		return c.d.Dispensation.Pharmacist
	}
	if own := c.d.Header.Author; isSomebody(own) {
		return own
	}
	switch {
	case len(c.d.Prescriptions) > 0:
		return c.d.Prescriptions[0].Prescriber
	case c.d.Summary != nil:
		return node.Practitioner{Family: c.d.Summary.Author}
	}
	return node.Practitioner{}
}

func isSomebody(p node.Practitioner) bool {
	return !p.ID.IsZero() || p.Family != "" || len(p.Given) > 0 || p.Role != nil || !isNobody(p.Organisation)
}

func isNobody(o node.Organisation) bool { return o.ID.IsZero() && o.Name == "" }

func samePerson(a, b node.Practitioner) bool {
	return a.ID == b.ID && a.Family == b.Family && slices.Equal(a.Given, b.Given) && a.Role == b.Role && a.Organisation == b.Organisation
}

// people writes author, custodian and legal authenticator.
func (c *composer) people() {
	author := c.author()
	c.writeAuthor(author, c.authored(), "author")
	if given := c.d.Dispensation; given != nil && isSomebody(c.d.Header.Author) && !samePerson(c.d.Header.Author, author) {
		c.writeAuthor(c.d.Header.Author, c.d.Header.Written, "header.author")
	}
	if s := c.d.Summary; s != nil && s.Author != "" && !strings.Contains(fullName(author)+" "+author.Organisation.Name, s.Author) {
		c.lose("summary.author", "A document names its author once: as its header does.")
	}
	c.custodian()
	c.start("legalAuthenticator", "typeCode", "LA", "contextControlCode", "OP")
	c.moment("time", c.authored(), "author.time")
	c.empty("signatureCode", "code", "S")
	c.entity("assignedEntity", author, "author")
	c.end()
}

func fullName(p node.Practitioner) string {
	return strings.TrimSpace(strings.Join(append(slices.Clone(p.Given), p.Family), " "))
}

// authored is when the author wrote: for a prescription when it was prescribed. Where nobody says, it is unknown: this
// node's own time would be taken for theirs.
func (c *composer) authored() string {
	switch {
	case c.d.Dispensation != nil:
		return c.d.Dispensation.Recorded
	case c.d.Summary != nil && c.d.Header.Written == "":
		return c.d.Summary.Date
	case len(c.d.Prescriptions) > 0 && !c.ownAuthor(c.d.Prescriptions[0]):
		return c.d.Prescriptions[0].Authored
	}
	return c.d.Header.Written
}

// ownAuthor says that a prescriber is somebody else than the author of the document, and stands at the section.
func (c *composer) ownAuthor(p *node.Prescription) bool {
	return isSomebody(p.Prescriber) && !samePerson(p.Prescriber, c.author())
}

func (c *composer) writeAuthor(p node.Practitioner, at, path string) {
	c.start("author", "typeCode", "AUT")
	c.codedOr("functionCode", p.Role)
	c.moment("time", at, path+".time")
	c.entity("assignedAuthor", p, path)
	c.end()
}

// entity writes a person with their number and organisation, in the order of assignedAuthor and assignedEntity.
func (c *composer) entity(name string, p node.Practitioner, path string) {
	c.start(name, "classCode", "ASSIGNED")
	c.identifier(p.ID, path+".id")
	c.empty("addr", "nullFlavor", "NI")
	c.empty("telecom", "nullFlavor", "NI")
	c.start("assignedPerson", "classCode", "PSN", "determinerCode", "INSTANCE")
	c.personName(p.Family, p.Given)
	c.end()
	c.organisation("representedOrganization", p.Organisation, path+".organisation")
	c.end()
}

func (c *composer) organisation(name string, o node.Organisation, path string) {
	c.start(name, "classCode", "ORG", "determinerCode", "INSTANCE")
	c.identifier(o.ID, path+".id")
	c.organisationName(o.Name)
	c.empty("telecom", "nullFlavor", "NI")
	c.country(c.d.Dispensation != nil)
	c.end()
}

func (c *composer) organisationName(name string) {
	if name == "" {
		c.empty("name", "nullFlavor", "NI")
		return
	}
	c.words("name", name)
}

// country writes the country of an organisation, which is all of an address that a node knows, and only where it is its
// own for certain: of whoever dispenses, and of itself as custodian.
func (c *composer) country(own bool) {
	id := c.o.Participant
	if !own || len(id) != 2 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.empty("addr", "nullFlavor", "NI")
		return
	}
	c.start("addr")
	c.words("country", id)
	c.end()
}

func (c *composer) custodian() {
	o := c.d.Header.Custodian
	c.start("custodian", "typeCode", "CST")
	c.start("assignedCustodian", "classCode", "ASSIGNED")
	c.start("representedCustodianOrganization", "classCode", "ORG", "determinerCode", "INSTANCE")
	c.identifier(o.ID, "header.custodian.id")
	c.organisationName(o.Name)
	c.empty("telecom", "nullFlavor", "NI")
	c.country(isNobody(o))
	c.ends(3)
}
