package translation

import (
	"slices"
	"strings"
)

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

// Names says that a code of a slot's chain is itself in the value set of a field, or leads there.
func (c *Catalogue) Names(field Field, s *Slot) bool {
	return slices.ContainsFunc(s.Life(), func(coding Coding) bool {
		_, _, known := c.meaning(field, coding, "")
		return known
	})
}

// Quotient says that the code that a unit slot shows is so much of one thing in so much of another, as mg/mL is.
func (c *Catalogue) Quotient(s *Slot) bool {
	carried, known := c.carried(s.Field, s.Current, "")
	return known && carried.Per() != nil
}

// Rivals says that the chain of one slot names a code of a system that the other's chain names too, but not with this
// code: both speak one language and say different things.
func (c *Catalogue) Rivals(s, other *Slot) bool {
	for _, a := range s.Life() {
		one, alike, same := c.key(a), false, false
		for _, b := range other.Life() {
			alike, same = alike || c.key(b).system == one.system, same || c.key(b) == one
		}
		if alike && !same {
			return true
		}
	}
	return false
}

// OtherSubstance says that an ATC slot names one substance, and another than the substance slot does: both come down to shared codes
// of one system and one length in the list of substances, no two of them are spellings of one code, and neither is called by a
// part of the other's words in any language, as a combination of a substance is.
func (c *Catalogue) OtherSubstance(substance, atc *Slot) bool {
	other := false
	for _, a := range c.substances(substance) {
		for _, b := range c.substances(atc) {
			if a.Same(b) || c.calledAlike(a, b) {
				return false
			}
			other = other || a.System == b.System && len(a.Code) == len(b.Code)
		}
	}
	return other
}

// substances are the shared codes of a slot's chain that are in the list of substances, each in its first spelling. A national code is
// not asked for: the row that leads it there may be the wrong one.
func (c *Catalogue) substances(s *Slot) []Coding {
	var found []Coding
	for _, coding := range s.Life() {
		shared, _, known := c.meaning(Substance, coding, "")
		if known && shared.System == coding.System {
			found = append(found, shared)
		}
	}
	return found
}

// calledAlike says that the words of one code are among those of the other.
func (c *Catalogue) calledAlike(a, b Coding) bool {
	return slices.ContainsFunc(c.Languages(), func(language string) bool {
		one, _ := c.Designation(a, language)
		other, _ := c.Designation(b, language)
		one, other = strings.ToLower(one), strings.ToLower(other)
		return one != "" && other != "" && (strings.Contains(one, other) || strings.Contains(other, one))
	})
}
