package translation

import "strings"

// ucum is the system of the units that measure (UCUM); units of presentation, which count pieces, have another.
const ucum = "http://unitsofmeasure.org"

// MeasuresSubstance says that a pivot unit can stand in the numerator of a strength: it measures how much substance
// there is. Pieces, doses, hours and lengths do not, however well the unit itself is known.
func MeasuresSubstance(unit Coding) bool {
	switch unit.Code {
	case "h", "cm", "cm2", "{dose}", "1":
		return false
	}
	if strings.HasPrefix(unit.Code, "{") { // an annotation counts things, save for a unit that UCUM does not have
		return unit.System == ucum && unit.Code == "{ELISA'U}"
	}
	return unit.System == ucum
}
