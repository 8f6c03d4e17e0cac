package curation

import (
	"strings"

	"sild/translation"
)

// standing is what the value sets of all sources say of a code together: the word of the latest source that names it.
type standing struct {
	retired string // the day, or empty
	layer   int
}

// sets reads which codes each field has, over all sources.
func (c *checker) sets() {
	c.members = map[string]map[key]standing{}
	c.english = map[string]map[key][]string{}
	for _, t := range c.tables.of(setKinds...) {
		field := string(t.field())
		if c.members[field] == nil {
			c.members[field], c.english[field] = map[key]standing{}, map[key][]string{}
		}
		for _, r := range t.rows {
			k := t.key(r)
			if known, ok := c.members[field][k]; !ok || known.layer <= t.layer {
				c.members[field][k] = standing{c.end(t, r), t.layer}
			}
			if words := fold(t.cell(r, "en")); words != "" {
				c.english[field][k] = append(c.english[field][k], words)
			}
		}
	}
}

// end is the day on which a row has ended, or empty.
func (c *checker) end(t *table, r row) string {
	if until := t.cell(r, "until"); translation.Over(until, c.On) {
		return until
	}
	return ""
}

func fold(words string) string { return strings.ToLower(strings.Join(strings.Fields(words), " ")) }

// targets checks that every map leads to codes that the field has and still has.
func (c *checker) targets() {
	known := map[string]bool{}
	for _, t := range c.tables.systems {
		for _, r := range t.rows {
			known[t.cell(r, "short")] = true
		}
	}
	for _, t := range c.tables.list {
		for _, r := range t.rows {
			for _, column := range []string{"system", "target_system", "per_system"} {
				if short := t.cell(r, column); short != "" && !known[short] {
					c.add(t.finding(RuleDangling, r, t.cell(r, "code"), "no source knows the code system "+short))
				}
			}
			if !t.isMap() {
				continue
			}
			for _, end := range []key{t.target(r), {t.cell(r, "per_system"), t.cell(r, "per")}} {
				if single(end.code) && known[end.system] {
					c.leads(t, r, end)
				}
			}
		}
	}
}

// shapes tells of code systems of which no list says which codes exist: one that does not is carried like any other.
func (c *checker) shapes(catalogue *translation.Catalogue) {
	for _, shape := range catalogue.Shapes() {
		system, _ := catalogue.System(shape.System)
		c.add(Finding{Rule: RuleDangling, File: "eu/" + string(shape.Field) + ".csv", Code: openCode + shape.Form, Words: "any code of " + system.Short +
			" that looks like this is a member, whether it exists or not: an imported official list would say which do"})
	}
}

func (c *checker) leads(t *table, r row, end key) {
	found, member := c.members[string(t.field())][end]
	switch {
	case !member:
		c.add(t.finding(RuleDangling, r, t.cell(r, "code"), "it leads to "+end.system+" "+end.code+", which is not in the value set"))
	case found.retired != "" && t.cell(r, "code") != "":
		c.add(t.finding(RuleRetired, r, t.cell(r, "code"), "it leads to "+end.system+" "+end.code+", which was retired on "+found.retired))
	case found.retired != "":
		c.add(t.finding(RuleRetired, r, "", "it says why nothing stands for "+end.system+" "+end.code+", which was retired on "+found.retired))
	}
}
