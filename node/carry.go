package node

import "sild/translation"

// CarryOut takes every code of a national document to the pivot, and names the first slot that must be right and is
// missing or was not carried.
func CarryOut(catalogue *translation.Catalogue, country string, d *Document) *Error {
	missing := require(d)
	for _, slot := range d.Slots {
		several := severallyNamed(slot)
		catalogue.ToPivot(country, slot) // also where something is missing: a rule may still ask for the pivot code
		cohere(catalogue, slot, several)
	}
	alarmSubstances(catalogue, d)
	if missing != nil {
		return missing
	}
	return refused(catalogue, d)
}

// severallyNamed says that a document names more than one code or amount for a thing: somebody else has walked some of the
// way, or the source has written another beside it.
func severallyNamed(slot *translation.Slot) bool {
	beside := slot.Comparison()
	return len(slot.Hops) > 0 || len(beside.Also) > 0 || len(beside.Counted) > 0
}

// cohere compares what stands for a slot on its way, where others have named a code of it.
func cohere(catalogue *translation.Catalogue, slot *translation.Slot, several bool) {
	if several || slot.Field == translation.DoseForm {
		catalogue.Cohere(slot)
	}
}

// CarryIn takes every code of a pivot document to a country's own codes and into the reader's languages. Refusal says
// afterwards whether the document may be used.
func CarryIn(catalogue *translation.Catalogue, country string, languages []string, d *Document) {
	require(d) // marks the required slots; what is missing altogether is Refusal's to say
	for _, slot := range d.Slots {
		several := severallyNamed(slot)
		catalogue.FromPivot(country, languages, slot)
		cohere(catalogue, slot, several)
	}
	settle(catalogue, d)
	alarmSubstances(catalogue, d)
}

// Refusal names the first slot that a carried document cannot do without.
func Refusal(catalogue *translation.Catalogue, d *Document) *Error {
	if e := require(d); e != nil {
		return e
	}
	return refused(catalogue, d)
}
