package curation

import (
	"maps"
	"slices"
	"strings"

	"sild/translation"
)

// contradiction says in which properties two shared codes differ, for the end of a sentence; nothing where no properties are
// given.
func (c *checker) contradiction(one, other key) string {
	if c.Properties == nil || c.uri(one.system) != c.propertySystem() || one.system != other.system {
		return ""
	}
	if differs := c.Properties.Contradiction(one.code, other.code); len(differs) > 0 {
		return "; by their properties the two cannot mean one thing: " + strings.Join(differs, ", ")
	}
	return ""
}

func (c *checker) uri(short string) string {
	for _, t := range c.tables.systems {
		for _, r := range t.rows {
			if t.cell(r, "short") == short {
				return t.cell(r, "uri")
			}
		}
	}
	return ""
}

// propertySystem is the URI by which the tables know the system whose properties are given.
func (c *checker) propertySystem() string {
	for _, t := range c.tables.systems {
		for _, r := range t.rows {
			if uri := t.cell(r, "uri"); uri != "" && uri == c.Properties.System() {
				return c.uri(t.cell(r, "short"))
			}
		}
	}
	return c.Properties.System()
}

// properties compares the maps with the properties of the codes that they lead to: the owner of the list must know every
// target, and where a later source leads a code elsewhere than an earlier one, both targets must be able to mean one thing.
func (c *checker) properties() {
	if c.Properties == nil {
		return
	}
	before := map[readingKey]key{}
	for _, t := range c.tables.of(kindConceptMap) {
		unknown := map[string]bool{}
		for _, r := range t.rows {
			target, at := t.target(r), readingOf(t, r)
			if target.code == "" || target.code == anyCode || t.field() != translation.DoseForm || c.uri(target.system) != c.propertySystem() {
				continue
			}
			if !c.Properties.Knows(target.code) {
				unknown[target.code] = true
			}
			if other, had := before[at]; had && at.code != "" && other != target {
				if words := c.contradiction(target, other); words != "" {
					c.add(t.finding(RuleProperties, r, t.cell(r, "code"), "it leads to "+target.code+" and in an earlier source to "+other.code+words))
				}
			}
			before[at] = target
		}
		if len(unknown) > 0 {
			f := t.finding(RuleProperties, row{}, "", numbered(len(unknown), "target")+" of which the file knows no properties: "+
				strings.Join(slices.Sorted(maps.Keys(unknown)), ", "))
			f.Broken = false
			c.add(f)
		}
	}
}
