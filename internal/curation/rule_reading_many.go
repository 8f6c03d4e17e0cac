package curation

import (
	"strings"

	"sild/translation"
)

// agreeForMany compares a row for one code with what the second reader says of all codes of its system, or of all codes of its
// form where the shared list lacks this one. False: the second reader has said nothing of it.
func (c *checker) agreeForMany(t *table, r row) bool {
	if t.kind == kindUnitMap || !single(t.cell(r, "code")) {
		return false
	}
	at, own := readingOf(t, r), t.key(r)
	at.code = anyCode
	all, known := c.readings[at]
	if same := (key{all.means, own.code}); known && all.relation == "equivalent" {
		if _, shared := c.members[string(t.field())][same]; shared {
			c.compareSame(t, r, all, same)
			return true
		}
	}
	for at, said := range c.readings {
		if at.country == t.country && at.field == string(t.field()) && at.system == own.system && above(at.code, own.code) != "" {
			c.compareAbove(t, r, said, above(at.code, own.code))
			return true
		}
	}
	if known && all.relation == "equivalent" && t.cell(r, "relation") == all.relation {
		c.compareSame(t, r, all, key{all.means, own.code}) // the shared list lacks the code, so it has no equal there
		return true
	}
	return false
}

// compareSame judges a row for one code by a reading that says that it is the same code in the shared list.
func (c *checker) compareSame(t *table, r row, said reading, same key) {
	if t.cell(r, "relation") == said.relation && t.target(r) == same {
		return
	}
	c.add(c.contradicts(t, r, said, "the second reader says that every code of "+t.cell(r, "system")+" is the same code of "+said.means+", so "+
		c.inEnglish(t, same)))
}

// compareAbove judges a row for one code by a reading that says that codes of its form are a part of a code above.
func (c *checker) compareAbove(t *table, r row, said reading, group string) {
	target := t.target(r)
	if t.cell(r, "relation") == said.relation && target.system == said.means && strings.HasPrefix(t.cell(r, "code"), target.code) &&
		strings.HasPrefix(target.code, group) {
		return
	}
	c.add(c.contradicts(t, r, said, "the second reader says that such a code is a part of a code above it in "+said.means+", no further up than "+
		c.inEnglish(t, key{said.means, group})))
}

// contradicts is the finding about a row for one code that says otherwise than a reading for many: broken as any other.
func (c *checker) contradicts(t *table, r row, said reading, words string) Finding {
	f := t.finding(RuleReading, r, t.cell(r, "code"), words+", and the map says "+t.cell(r, "relation"))
	f.Broken = t.layer <= said.t.layer || t.cell(r, "status") == draft
	if target := t.target(r); target.code != "" {
		f.Words += " to " + c.inEnglish(t, target)
	}
	return f
}

// inEnglish is a shared code with its English words, where it has any.
func (c *checker) inEnglish(t *table, shared key) string {
	if names := c.english[string(t.field())][shared]; len(names) > 0 {
		return shared.code + ", " + quoted(names[0])
	}
	return shared.code
}

// above is the part of a code that a row for codes of a form never cuts away; empty where it is no such row, or the code has
// another form.
func above(form, code string) string {
	shape, is := strings.CutPrefix(form, openCode)
	if !is {
		return ""
	}
	compiled, err := translation.WholeShape(shape)
	if err != nil {
		return ""
	}
	if found := compiled.FindStringSubmatch(code); len(found) == 2 {
		return found[1]
	}
	return ""
}
