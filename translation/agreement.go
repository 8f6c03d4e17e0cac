package translation

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
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
	if len(s.Also) == 0 || s.Field == Structural || c.sets[s.Field] == nil {
		return false
	}
	visible, _, ok := c.meaning(s.Field, s.Current, "")
	return ok && slices.ContainsFunc(s.Also, func(other Coding) bool {
		shared, _, known := c.meaning(s.Field, other, "")
		return known && !shared.Same(visible)
	})
}

// chainAgreement compares the codes and amounts of a slot's chain alone.
func (c *Catalogue) chainAgreement(s *Slot) Coherence {
	if len(s.Hops) == 0 && s.Original.Same(s.Current) {
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
		case known && (!shared.Same(visible) || number != "" && !sameNumber(amount, written)):
			result = Contradicts
		}
	}
	compare(s.Original, s.Number)
	for i := range s.Hops {
		compare(s.Hops[i].From, "")
		compare(s.Hops[i].To, "")
	}
	return result
}

// pieces says that a unit only counts (UCUM 1), as a quantity does whose own unit has no code.
func pieces(unit Coding) bool { return unit.System == ucum && unit.Code == "1" }

// meaning carries one code to the shared lists as the first country does that has a map for it.
func (c *Catalogue) meaning(field Field, coding Coding, number string) (shared Coding, amount string, known bool) {
	for _, country := range c.countries() {
		probe := NewSlot(field, "", coding)
		probe.Number = number
		if c.ToPivot(country, probe); probe.Fate == Mapped || probe.Fate == Identical {
			return probe.Current, probe.Amount, true
		}
	}
	return Coding{}, "", false
}

// countries lists who has maps, in the order of their codes.
func (c *Catalogue) countries() []string {
	found := map[string]bool{}
	for key := range c.maps {
		found[key.country] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func sameNumber(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
