package curation

import (
	"fmt"
	"slices"
	"strings"
)

// reading is what a second reader, who has not looked at the map, says that a national code means: in the English words of
// the shared list, for a unit as an expression of UCUM, and for all codes of a list by the short name of the shared list that
// they are codes of. Relation is the one that the map should have to the shared code of that name; none is a code for which the
// shared list has no equal.
type reading struct {
	relation, means string
	t               *table
	r               row
}

// readingKey is a national code in one field of one country.
type readingKey struct {
	country, field string
	key
}

func readingOf(t *table, r row) readingKey {
	return readingKey{t.country, string(t.field()), t.key(r)}
}

// second reads what the second readers say. The latest source holds.
func (c *checker) second() {
	c.readings = map[readingKey]reading{}
	for _, t := range c.tables.of(kindReading) {
		for _, r := range t.rows {
			c.readings[readingOf(t, r)] = reading{t.cell(r, "relation"), t.cell(r, "means"), t, r}
		}
	}
}

// latest says which source has the last word on each national code.
func (c *checker) latest() map[readingKey]int {
	last := map[readingKey]int{}
	for _, t := range c.tables.of(kindConceptMap, kindUnitMap) {
		for _, r := range t.rows {
			last[readingOf(t, r)] = t.layer
		}
	}
	return last
}

// agree compares every row of a map with its second reading. A reading of a later source is not held against a row that a later
// source has replaced.
func (c *checker) agree() {
	judged, last := map[readingKey]bool{}, c.latest()
	alone := map[*table][]string{}
	for _, t := range c.tables.of(kindConceptMap, kindUnitMap) {
		for _, r := range t.rows {
			code := t.cell(r, "code")
			if code == "" {
				continue
			}
			at := readingOf(t, r)
			judged[at] = true
			said, known := c.readings[at]
			switch {
			case !known && t.kind == kindUnitMap && t.cell(r, "system") == "ucum": // UCUM says itself what it means
			case known && last[at] > t.layer && said.t.layer > t.layer: // it was read with the row that took its place
			case known:
				c.compare(t, r, said)
			case !c.agreeForMany(t, r):
				alone[t] = append(alone[t], code)
			}
		}
	}
	for t, codes := range alone {
		f := t.finding(RuleReading, row{}, "", fmt.Sprintf("%s of this table read by one reader only (%s)", numbered(len(codes), "row"), firstOf(codes)))
		f.Broken = false
		c.add(f)
	}
	for at, said := range c.readings {
		if !judged[at] {
			c.add(said.t.finding(RuleReading, said.r, at.code, "the second reader knows the code, and no map has it any more"))
		}
	}
}

// compare judges one row by its second reading. A row of a later source than the reading that somebody has accepted, which is
// most likely an official one, is not broken by it, but somebody should look; a draft is one person's word against another's.
func (c *checker) compare(t *table, r row, said reading) {
	f := t.finding(RuleReading, r, t.cell(r, "code"), "")
	f.Broken = t.layer <= said.t.layer || t.cell(r, "status") == draft
	relation, target := t.cell(r, "relation"), t.target(r)
	names := c.english[string(t.field())][target]
	switch {
	case relation != said.relation:
		f.Words = "the map says " + relation + " and the second reader " + said.relation
	case relation == "none":
		return
	case !single(t.cell(r, "code")):
		if said.means == target.system {
			return
		}
		f.Words = "the second reader says that these are codes of " + said.means + ", and the map leads to " + target.system
	case t.kind == kindUnitMap, slices.Contains(names, fold(said.means)):
		return
	case len(names) == 0:
		f.Words = "the second reader says " + quoted(said.means) + ", and the target has no English words to compare with"
	default:
		f.Words = "the second reader says " + quoted(said.means) + ", and the map leads to " + target.code + ", " + quoted(names[len(names)-1])
		if other, ok := c.named(string(t.field()), said.means); ok {
			f.Words += c.contradiction(target, other)
		}
	}
	c.add(f)
}

// named finds the shared code that has these English words.
func (c *checker) named(field, words string) (key, bool) {
	for k, said := range c.english[field] {
		if slices.Contains(said, fold(words)) {
			return k, true
		}
	}
	return key{}, false
}

func quoted(words string) string { return "“" + strings.TrimSpace(words) + "”" }
