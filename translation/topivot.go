package translation

import (
	"cmp"
	"strings"
)

// The reasons of slots that are not carried. They name no code, since a code may tell about a patient.
const (
	reasonEmpty      = "the source leaves it empty"
	reasonNumber     = "the number is not a plain decimal: no sign, exponent or comma is taken"
	reasonZero       = "the number is zero"
	reasonInfinite   = "the number has no exact decimal in the shared unit"
	reasonProvenance = "a national product number means nothing abroad: it is kept as provenance"
	reasonUnbound    = "no value set binds this place: it is kept and shown as written"
	reasonUnknown    = "no map leads from this code to the shared list"
	reasonOutside    = "the code is not in the value set that binds this place"
	reasonWeak       = "the shared list has no equal, and this place must be carried exactly"
	reasonNoNational = "the country of treatment has no code of its own for it: the shared code stays"
)

// ToPivot carries a slot from the codes of a country (ISO 3166 alpha-2) to those of the shared lists, and gives it its
// fate. A code that is already shared stays and is recorded as an identity hop. A required slot takes only an equivalent
// code, except the classification of a product, which may be levelled up and is then marked as wider: whether that is
// enough, the caller knows. What cannot be carried is passed on with a reason, or refused when it is required; an
// amount that is no plain decimal or does not convert exactly is always refused. A slot that already has a fate is left
// alone, so that translating twice is translating once.
func (c *Catalogue) ToPivot(country string, s *Slot) {
	if s.Fate != Untouched || !c.open(s) {
		return
	}
	set := c.sets[s.Field]
	own := c.look(s.Current)
	if in, isDraft := set.member(own); in {
		c.stay(country, s, own.codeKey, isDraft)
		return
	}
	m, found := c.forward(country, s.Field, own)
	switch {
	case m == nil:
		s.give(cmp.Or(c.gone(own), set.left(own), reasonUnknown))
	case found.relation == None:
		s.give(whyNone(found.remark))
	case !takes(s, found.relation):
		s.give(reasonWeak)
	default:
		c.carry(country, s, m, found)
	}
}

// open deals with what needs no map, and says whether a map is to be asked.
func (c *Catalogue) open(s *Slot) bool {
	switch {
	case s.Number != "" && !plain(s.Number) && !(signed(s.Field) && plain(strings.TrimPrefix(s.Number, "-"))):
		s.refuse(reasonNumber)
	case s.Number != "" && s.Required && zero(s.Number):
		s.refuse(reasonZero)
	case s.Field == ProductID:
		s.pass(reasonProvenance)
	case s.Current.Code == "" && s.Absent() != "" && !s.Required:
		s.pass("the source says why it is empty: " + s.Absent())
	case s.Current.Code == "":
		s.give(reasonEmpty)
	case s.Field == Structural:
		s.Fate, s.Reason = Identical, "" // the grammar of the document, alike in every country
	case c.sets[s.Field] == nil:
		s.give(reasonUnbound)
	default:
		return true
	}
	return false
}

// signed says that a number of this field may be below zero: what was measured in a laboratory, and places that no field
// of the record holds, such as a time before a meal. Nobody is given less than nothing of a medicine.
func signed(field Field) bool { return field == ResultUnit || field == Other }

// takes says whether a slot may be carried by a row of this relation.
func takes(s *Slot, relation Relation) bool {
	switch relation {
	case Equivalent:
		return true
	case Wider:
		return !s.Required || s.Field == Classification
	case Narrower:
		return !s.Required
	}
	return false
}

// forward finds the row for a national code: its own first, then the one for its whole code system, unless a row for codes of its
// shape that is not from an earlier source says none, then one for codes of its shape, then what a spelling that any country
// may use says. Rows for many codes carry none that its own list does not have or has ended. It also says
// which map the row is from; none is nil.
func (c *Catalogue) forward(country string, field Field, own entry) (*conceptMap, row) {
	for _, owner := range [...]string{strings.ToUpper(country), shared} {
		m, ok := c.maps[mapKey{owner, field}]
		if !ok {
			continue
		}
		if found, ok := m.row(own); ok {
			return m, found
		}
		if c.gone(own) != "" {
			continue
		}
		rule, every := m.every[own.codeKey.system]
		if every && rule.Relation != None && !m.withdrawn(own.codeKey) {
			same := c.entry(codeKey{rule.To, own.codeKey.code})
			if in, _ := c.sets[field].member(same); in {
				return m, m.same(rule, own.codeKey.code)
			}
		}
		if found, ok := m.above(own.codeKey, c.sets[field]); ok {
			return m, found
		}
		if every && rule.Relation == None {
			return m, m.none(rule, own.codeKey.code)
		}
	}
	return nil, row{}
}

// carry moves the slot along a row and converts its amount.
func (c *Catalogue) carry(country string, s *Slot, m *conceptMap, r row) {
	if counted := cmp.Or(s.Amount, s.Number); counted != "" { // what an earlier step has converted is converted on
		amount, exact := r.factor.times(counted)
		if !exact {
			s.refuse(reasonInfinite)
			return
		}
		s.Amount = amount
	}
	if r.per.Code != "" {
		per := r.per
		s.SetPer(&per)
	}
	s.take(c.step(country, Step{Kind: Transcode, Relation: r.relation, Map: m.name, Draft: r.draft}), r.to)
	s.Fate, s.Reason = Mapped, ""
}

// stay records that the code needs no map. An alias of its code system is written out as the canonical one.
func (c *Catalogue) stay(country string, s *Slot, k codeKey, isDraft bool) {
	to := s.Current
	to.System = k.system
	s.take(c.step(country, Step{Kind: Identity, Relation: Equivalent, Draft: isDraft}), to)
	s.Fate, s.Reason, s.Amount = Identical, "", cmp.Or(s.Amount, s.Number)
}

// step is a step that a country makes by these tables.
func (c *Catalogue) step(country string, step Step) *Step {
	step.Release, step.Country = c.release, strings.ToUpper(country)
	return c.steps.one(step)
}

func (s *Slot) pass(reason string)   { s.Fate, s.Reason = Passed, reason }
func (s *Slot) refuse(reason string) { s.Fate, s.Reason = Refused, reason }

// give ends a slot that cannot be carried: refused when the document needs it, otherwise passed on as written.
func (s *Slot) give(reason string) {
	if s.Required {
		s.refuse(reason)
		return
	}
	s.pass(reason)
}
