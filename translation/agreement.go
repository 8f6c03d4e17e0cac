package translation

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// Agreement compares everything that the chain of a slot names by what the tables of any country make of it: what a
// reader sees, the code that was written first and all between must lead to one shared code and one amount. A code that
// no table knows decides nothing: with one in the chain the answer is at best NotChecked. Another code that the source
// writes for the same thing is compared too, but where it is not known the answer is the chain's alone.
func (c *Catalogue) Agreement(s *Slot) Coherence {
	if c.contested(s) {
		return Contradicts
	}
	return c.chainAgreement(s)
}

// contested says that another code which the source writes for the same thing means another thing.
func (c *Catalogue) contested(s *Slot) bool {
	also := s.Comparison().Also
	if len(also) == 0 || s.Field == Structural || c.sets[s.Field] == nil {
		return false
	}
	visible, _, ok := c.meaning(s.Field, s.Current, "")
	return ok && slices.ContainsFunc(also, func(other Coding) bool {
		shared, _, known := c.meaning(s.Field, other, "")
		return known && !shared.Same(visible) && !c.lessExact(s.Field, other, s.Current)
	})
}

// lessExact says that one of two codes only says less than the other: a disease by its group (ICD-10 I10 over I10.1), or a
// dose form whose properties contradict nothing.
func (c *Catalogue) lessExact(field Field, a, b Coding) bool {
	switch field {
	case Diagnosis:
		return strings.HasPrefix(a.Code, b.Code+".") || strings.HasPrefix(b.Code, a.Code+".")
	case DoseForm:
		one, knownOne := c.propertiesOf(field, a)
		other, knownOther := c.propertiesOf(field, b)
		return knownOne && knownOther && len(contradictions([]properties{one, other})) == 0
	}
	return false
}

// chainAgreement compares the codes and amounts of a slot's chain alone.
func (c *Catalogue) chainAgreement(s *Slot) Coherence {
	counted := s.Comparison().Counted
	if len(s.Hops) == 0 && len(counted) == 0 {
		return Agrees
	}
	if s.Field == Structural || c.sets[s.Field] == nil {
		return NotChecked
	}
	visible, amount, ok := c.meaning(s.Field, s.Current, cmp.Or(s.Amount, s.Number))
	if !ok {
		return NotChecked // not carried: refused elsewhere where it must be right
	}
	result := Agrees
	compare := func(coding Coding, number string) {
		shared, written, known := c.meaning(s.Field, coding, number)
		switch {
		case !known && result == Agrees:
			result = NotChecked
		case known && s.Field.IsUnit() && pieces(shared) != pieces(visible): // pieces of what, the other one says
			if result == Agrees {
				result = NotChecked
			}
		case known && !sameThing(s.Field, visible, amount, shared, written):
			result = Contradicts
		}
	}
	compare(s.Original(), s.Number)
	compare(s.Original(), "")
	for i := range s.Hops {
		compare(s.To(i), "")
	}
	for _, form := range counted {
		compare(form.Unit, form.Number)
	}
	return result
}

// sameThing compares two shared codes; of units, whether they measure the same, and the amounts where both are known.
func sameThing(field Field, a Coding, amount string, b Coding, other string) bool {
	if !field.IsUnit() {
		return a.Same(b)
	}
	x, okX := new(big.Rat).SetString(amount)
	y, okY := new(big.Rat).SetString(other)
	if !okX || !okY {
		x, y = new(big.Rat), new(big.Rat) // only the units can be compared
	}
	x, a = InBase(x, a)
	y, b = InBase(y, b)
	return a.Same(b) && x.Cmp(y) == 0
}

// pieces says that a unit only counts (UCUM 1), as a quantity does whose own unit has no code.
func pieces(unit Coding) bool { return unit.System == ucum && unit.Code == "1" }

// meaning is what a code and a number mean in the shared lists.
func (c *Catalogue) meaning(field Field, coding Coding, number string) (shared Coding, amount string, known bool) {
	carried, known := c.carried(field, coding, number)
	return carried.Current, carried.Amount, known
}

// carried is a slot of a code and a number after the first country that has a map for it has carried it to the shared
// lists; false where none has.
func (c *Catalogue) carried(field Field, coding Coding, number string) (Slot, bool) {
	for _, country := range c.countries {
		probe := Slot{Field: field, Current: coding, Number: number}
		if c.ToPivot(country, &probe); probe.Fate == Mapped || probe.Fate == Identical {
			return probe, true
		}
	}
	return Slot{}, false
}
