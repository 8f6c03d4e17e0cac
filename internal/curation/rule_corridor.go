package curation

import (
	"path"
	"slices"
	"strings"
)

// clause is one thing that the rules of a corridor, or of the professions of a country, say: a rule that names several codes
// says several things.
type clause struct{ rules, stage, fact, value string }

// corridors compares the rules of the corridors with what a second reader says that they should be. Whether a node can enforce
// them is asked of the node itself: see asNode.
func (c *checker) corridors() {
	said, judged := map[clause]way{}, map[clause]bool{}
	for _, t := range c.tables.of(kindCorridorReading) {
		for _, r := range t.rows {
			said[clause{t.cell(r, "rules"), t.cell(r, "stage"), t.cell(r, "fact"), t.cell(r, "value")}] = way{t, r}
		}
	}
	for _, t := range c.tables.of(kindCorridor) {
		if t.layer > 0 {
			c.ownRules(t)
			continue
		}
		for _, r := range t.rows {
			c.filled(t, r)
			for _, at := range t.clauses(r) {
				judged[at] = true
				c.sameClause(t, r, at, said)
			}
		}
	}
	for at, reading := range said {
		if !judged[at] {
			c.add(reading.t.finding(RuleCorridor, reading.r, at.value, "the second reader knows this of "+at.rules+" ("+at.stage+" "+at.fact+
				"), and no rule says it any more"))
		}
	}
}

// ownRules checks the rules of an operator: what a country withholds from every corridor is enforced when the configuration names
// the folder, and nothing else.
func (c *checker) ownRules(t *table) {
	country := strings.TrimSuffix(path.Base(t.file), ".csv")
	switch {
	case t.repeats(c.fileOf(0, t.file)):
		return
	case len(country) != len("EE"):
		c.add(t.finding(RuleCorridor, row{}, "", "a node takes the rules of its corridors from its own release, so nobody reads this file"))
		return
	}
	for _, r := range t.rows {
		c.filled(t, r)
		if t.cell(r, "stage") != "release" || t.cell(r, "effect") != "withhold" {
			c.add(t.finding(RuleCorridor, r, t.cell(r, t.header[0]), "a country's own rules only withhold, and the node refuses any other"))
		}
	}
}

// repeats says that a table says word for word what another does.
func (t *table) repeats(other *table) bool {
	return other != nil && slices.Equal(t.header, other.header) &&
		slices.EqualFunc(t.rows, other.rows, func(a, b row) bool { return slices.Equal(a.Cells, b.Cells) })
}

func (c *checker) filled(t *table, r row) {
	for _, column := range t.header {
		if t.cell(r, column) == "" {
			c.add(t.finding(RuleCorridor, r, t.cell(r, t.header[0]), "the "+column+" is not given"))
		}
	}
}

// clauses takes a row apart.
func (t *table) clauses(r row) []clause {
	var list []clause
	if _, professions := t.columns["verbs"]; professions {
		for _, verb := range strings.Fields(t.cell(r, "verbs")) {
			list = append(list, clause{t.cell(r, "country"), "profession", t.cell(r, "role"), verb})
		}
		return list
	}
	corridor := strings.TrimSuffix(path.Base(t.file), ".csv")
	for _, value := range strings.Fields(t.cell(r, "value")) {
		list = append(list, clause{corridor, t.cell(r, "stage"), t.cell(r, "fact"), value})
	}
	return list
}

func (c *checker) sameClause(t *table, r row, at clause, said map[clause]way) {
	reading, known := said[at]
	effect := "allow" // what a profession may do is a list of what is allowed
	if _, given := t.columns["effect"]; given {
		effect = t.cell(r, "effect")
	}
	switch {
	case !known:
		c.add(t.finding(RuleCorridor, r, t.cell(r, t.header[0]), "no second reader says this of "+at.value))
	case reading.t.cell(reading.r, "effect") != effect:
		c.add(t.finding(RuleCorridor, r, t.cell(r, t.header[0]), "the rule is to "+effect+", and the second reader says "+reading.t.cell(reading.r, "effect")))
	}
}
