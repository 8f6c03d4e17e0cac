package node

import "sild/translation"

// Identifier names a person, an organisation, a prescription or a dispensation within a system (a URI; for an OID the
// form urn:oid:…). Values are compared byte by byte: the separator of a Finnish personal id is part of it.
type Identifier struct {
	System string `json:"system,omitempty"`
	Value  string `json:"value,omitempty"`
}

// IsZero says that no identifier was given.
func (i Identifier) IsZero() bool { return i == Identifier{} }

// Patient is the person whose record crosses the border: the least that both sides need to be sure of whom they speak.
type Patient struct {
	Identifiers []Identifier
	Family      string
	Given       []string
	BirthDate   string // FHIR date: YYYY, YYYY-MM or YYYY-MM-DD; empty when absent
	Sex         string // FHIR administrative gender; empty when absent
	Protected   bool   // the address is under protection and never crosses the border
}

// Has says that the patient bears the identifier.
func (p Patient) Has(id Identifier) bool {
	for _, own := range p.Identifiers {
		if own == id {
			return true
		}
	}
	return false
}

// Practitioner is a prescriber, pharmacist or author, with the organisation they act for.
type Practitioner struct {
	ID           Identifier
	Family       string
	Given        []string
	Role         *translation.Slot
	Organisation Organisation
}

// Organisation is a pharmacy, clinic or register.
type Organisation struct {
	ID   Identifier
	Name string
}
