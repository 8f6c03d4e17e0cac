package translation

import "slices"

// transformation is the property that says what is done to a form before it is taken (EDQM standard terms).
const transformation = "TRA"

// whole are the EDQM codes of the properties of a solid form that is swallowed as it is and releases its substance at
// once, in the order of compared and then its transformation. A nil one is judged apart.
var whole = [][]string{nil, {"0031"}, {"0019"}, {"0047"}, {"0042"}}

// solid are the EDQM basic dose forms tablet and capsule.
var solid = []string{"0069", "0051"}

// SameForm compares two shared dose forms by everything that their properties say: basic form, site, method, release and
// what is done to them before use must all be the same. Without properties of both, other codes are not checked.
func (c *Catalogue) SameForm(a, b Coding) Coherence {
	if c.key(a) == c.key(b) {
		return Agrees
	}
	one, okOne := c.characteristics(a)
	other, okOther := c.characteristics(b)
	switch {
	case !okOne || !okOther:
		return NotChecked
	case slices.EqualFunc(one, other, sameValues):
		return Agrees
	}
	return Contradicts
}

// SwallowedWhole says that by its properties a shared dose form is a tablet or capsule that is swallowed as it is and
// releases its substance at once.
func (c *Catalogue) SwallowedWhole(form Coding) bool {
	all, ok := c.characteristics(form)
	return ok && len(all[0]) == 1 && slices.Contains(solid, all[0][0]) && slices.EqualFunc(all[1:], whole[1:], sameValues)
}

// characteristics are all properties of a form in the order of compared, and then its transformation; false where one of
// them is not known.
func (c *Catalogue) characteristics(form Coding) ([][]string, bool) {
	if c.properties == nil {
		return nil, false
	}
	k := c.key(form)
	found, ok := c.properties.of[k.code]
	if !ok || k.system != c.properties.system {
		return nil, false
	}
	all := append(found[:len(found):len(found)], c.properties.become[k.code])
	return all, !slices.ContainsFunc(all, func(values []string) bool { return len(values) == 0 })
}

func sameValues(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
