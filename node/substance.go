package node

import (
	"slices"
	"strings"

	"sild/translation"
)

const otherSubstance = "The substance and the ATC code of one medicine name different substances."

// alarmSubstances writes into the only substance of a medicine that the medicine's ATC code names another one.
func alarmSubstances(catalogue *translation.Catalogue, d *Document) {
	for _, m := range medicines(d) {
		for _, slot := range misnamed(catalogue, m) {
			beside := slot.Compare()
			beside.Coherence = translation.Contradicts
			if !strings.Contains(beside.Alarm, otherSubstance) {
				beside.Alarm = strings.TrimSpace(beside.Alarm + " " + otherSubstance)
			}
		}
	}
}

// misnamed finds the substance of a medicine with one ingredient, or of such a part of a combination pack, where the medicine's
// ATC code is itself in the list of substances and names another one. An ATC code of several substances, of a group or of a
// country is not there.
func misnamed(catalogue *translation.Catalogue, m *Medication) []*translation.Slot {
	var found []*translation.Slot
	for i := range m.Parts {
		found = append(found, misnamed(catalogue, &m.Parts[i])...)
	}
	if len(m.Parts) > 0 || len(m.Ingredients) != 1 || !carried(m.Ingredients[0].Substance) {
		return found
	}
	substance := m.Ingredients[0].Substance
	if slices.ContainsFunc(m.Classification, func(atc *translation.Slot) bool {
		return carried(atc) && atc.Relation() == translation.Equivalent && catalogue.OtherSubstance(substance, atc)
	}) {
		found = append(found, substance)
	}
	return found
}
