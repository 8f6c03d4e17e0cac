package node

import "sild/translation"

// CarryOut takes every code of a national document to the pivot, and names the first slot that must be right and is
// missing or was not carried.
func CarryOut(catalogue *translation.Catalogue, country string, d *Document) *Error {
	missing := require(d)
	for _, slot := range d.Slots {
		catalogue.ToPivot(country, slot) // also where something is missing: a rule may still ask for the pivot code
		catalogue.Cohere(slot)
	}
	if missing != nil {
		return missing
	}
	return refused(d)
}

// CarryIn takes every code of a pivot document to a country's own codes and into the reader's languages. Refusal says
// afterwards whether the document may be used.
func CarryIn(catalogue *translation.Catalogue, country string, languages []string, d *Document) {
	require(d) // marks the required slots; what is missing altogether is Refusal's to say
	for _, slot := range d.Slots {
		catalogue.FromPivot(country, languages, slot)
		catalogue.Cohere(slot)
	}
}

// Refusal names the first slot that a carried document cannot do without.
func Refusal(d *Document) *Error {
	if e := require(d); e != nil {
		return e
	}
	return refused(d)
}
