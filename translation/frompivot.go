package translation

import (
	"slices"
	"strings"
)

// FromPivot carries a slot that arrived in shared codes to the codes of a country (ISO 3166 alpha-2), and renders it in
// the first of the reader's languages (BCP 47, best first) that has words for it: see Designation. Where the country has
// no code of its own the shared code stays, with the reason, and is never refused for that: the reader still has the
// words. A required code that is not in its value set is refused, since nobody can say what it means. Calling it again
// with other languages only changes the words.
func (c *Catalogue) FromPivot(country string, languages []string, s *Slot) {
	if s.Fate != Passed && s.Fate != Refused && !s.arrived(country) && c.open(s) {
		c.arrive(country, s)
	}
	pivot := s.Current
	if s.arrived(country) {
		pivot = s.Hops[len(s.Hops)-1].From
	}
	c.render(languages, s, pivot)
}

// arrived says that the slot stands at a code of the country itself, to which this package has brought it.
func (s *Slot) arrived(country string) bool {
	if s.Fate != Mapped || len(s.Hops) == 0 {
		return false
	}
	return strings.HasPrefix(s.Hops[len(s.Hops)-1].Map, "eu-"+strings.ToLower(country)+"/")
}

// arrive brings the code into the value set, and from there to the country.
func (c *Catalogue) arrive(country string, s *Slot) {
	set := c.sets[s.Field]
	own := c.look(s.Current)
	in, isDraft := set.member(own)
	if !in {
		m, found := c.forward(shared, s.Field, own)
		if m == nil || !takes(s, found.relation) {
			s.give(reasonOutside)
			return
		}
		c.carry(country, s, m, found)
		own = c.look(s.Current)
	}
	if s.Amount == "" {
		s.Amount = s.Number
	}
	m, hasMap := c.maps[mapKey{strings.ToUpper(country), s.Field}]
	if hasMap {
		if r, ok := m.backward(own); ok && takes(s, turned(r.relation)) {
			c.land(country, s, m, r)
			return
		}
	}
	if s.Fate != Mapped {
		c.stay(country, s, own.codeKey, isDraft)
	}
	if hasMap {
		s.pass(reasonNoNational)
	}
}

// backward finds the row that names the national code for a shared one.
func (m *conceptMap) backward(pivot entry) (row, bool) {
	if pivot.known {
		if from, _, ok := pivot.home(m.number); ok && from == 0 {
			return row{}, false // a row says that nothing national stands for it
		} else if ok {
			own := m.c.at(from)
			return m.row(entry{codeKey: codeKey{m.c.uris[own.system], own.code}, concept: own, known: true})
		}
	}
	rule, ok := m.everyBack[pivot.codeKey.system]
	if !ok {
		return row{}, false
	}
	own := m.c.entry(codeKey{rule.From, pivot.codeKey.code})
	if _, judged := m.row(own); judged || m.c.gone(own) != "" || m.withdrawn(own.codeKey) {
		return row{}, false // the national code has a row of its own, and that is no way home; or the country has no such code, or its shape is taken back
	}
	return m.same(rule, pivot.codeKey.code), true
}

// land steps from the shared code to the national one. Rows of the way home never convert an amount.
func (c *Catalogue) land(country string, s *Slot, m *conceptMap, r row) {
	s.take(c.step(country, Step{Kind: Transcode, Relation: turned(r.relation), Map: m.back, Draft: r.draft}), r.from)
	s.Fate, s.Reason = Mapped, ""
}

// turned is a relation read from its target.
func turned(relation Relation) Relation {
	switch relation {
	case Wider:
		return Narrower
	case Narrower:
		return Wider
	}
	return relation
}

// turnedName names a map read from its target: ee-eu/dose-form becomes eu-ee/dose-form.
func turnedName(name string) string {
	folder, field, _ := strings.Cut(name, "/")
	from, to, _ := strings.Cut(folder, "-")
	return to + "-" + from + "/" + field
}

// render writes the reader's words for the shared code, and for the unit that it is counted by.
func (c *Catalogue) render(languages []string, s *Slot, pivot Coding) {
	s.Told = true
	s.Rendered, s.Language = c.words(languages, s, pivot)
	if s.Rendered == "" {
		original := s.Original()
		s.Rendered, s.Language = original.Display, original.Language
	}
	if s.Rendered == "" {
		s.Rendered = s.Text
	}
	if !pivot.Same(s.Current) {
		s.reword(s.Rendered, s.Language)
	}
	if per := s.Per(); per != nil {
		per.Display, per.Language = c.Designation(*per, languages...)
	}
}

// words are what the reader's own country calls its code, where it has said so in one of the languages and the code means
// the same; otherwise what the shared code is called.
func (c *Catalogue) words(languages []string, s *Slot, pivot Coding) (text, language string) {
	if n := len(s.Hops); n > 0 && !pivot.Same(s.Current) && s.Hops[n-1].Relation == Equivalent {
		if own := c.look(s.Current); own.known {
			if text, language = c.name(own.concept, languages); text != "" && speaks(languages, language) {
				return text, language
			}
		}
	}
	return c.Designation(pivot, languages...)
}

// speaks says that a language is one of the reader's, or the base of one.
func speaks(languages []string, language string) bool {
	return slices.ContainsFunc(languages, func(tag string) bool {
		base, _, _ := strings.Cut(tag, "-")
		return tag == language || base == language
	})
}
