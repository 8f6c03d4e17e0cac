package curation

import (
	"fmt"
	"strings"

	"sild/translation"
)

// listing is where a code of a value set stands. What an imported list brings beside a source's own tables cannot be expected
// to have words and ways home at once: it is told of in one remark for all such codes.
type listing struct {
	layers    map[int]bool
	languages map[string]bool // that a table which has the code has a column for
}

// lists notes where every code stands, and which source has which map.
func (c *checker) lists() {
	c.listed, c.mapped, c.short = map[string]map[key]listing{}, map[[2]string]map[int]bool{}, map[string]string{}
	for _, t := range c.tables.systems {
		for _, r := range t.rows {
			if _, known := c.short[t.cell(r, "uri")]; !known {
				c.short[t.cell(r, "uri")] = t.cell(r, "short")
			}
		}
	}
	for _, t := range c.tables.list {
		field := string(t.field())
		if at := [2]string{strings.ToUpper(t.country), field}; t.isMap() {
			if c.mapped[at] == nil {
				c.mapped[at] = map[int]bool{}
			}
			c.mapped[at][t.layer] = true
		}
		if !t.isSet() {
			continue
		}
		if c.listed[field] == nil {
			c.listed[field] = map[key]listing{}
		}
		for _, r := range t.rows {
			at, known := c.listed[field][t.key(r)]
			if !known {
				at = listing{map[int]bool{}, map[string]bool{}}
				c.listed[field][t.key(r)] = at
			}
			at.layers[t.layer] = true
			for _, language := range t.languages {
				at.languages[language] = true
			}
		}
	}
}

func (c *checker) at(field translation.Field, coding translation.Coding) listing {
	return c.listed[string(field)][key{c.short[coding.System], coding.Code}]
}

// wayExpected says that a source which has the map of a country has the code too.
func (c *checker) wayExpected(country string, field translation.Field, coding translation.Coding) bool {
	if c.Catalogue != nil {
		return !c.imported(field)
	}
	for layer := range c.at(field, coding).layers {
		if c.mapped[[2]string{country, string(field)}][layer] {
			return true
		}
	}
	return false
}

// wordsExpected says that a table which has the code has a column for the language.
func (c *checker) wordsExpected(field translation.Field, coding translation.Coding, language string) bool {
	if c.Catalogue != nil {
		return !c.imported(field)
	}
	return c.at(field, coding).languages[language]
}

// imported says that several sources, or an official list, make the value set of a field.
func (c *checker) imported(field translation.Field) bool {
	file, sources := "eu/"+string(field)+".csv", 0
	for _, origin := range c.origins {
		if origin.File == file {
			sources++
			if origin.Kind == kindWholeSet || origin.Kind == kindOfSystems {
				return true
			}
		}
	}
	return sources > 1
}

// gather keeps a finding about one code for the one remark that tells of all of them.
func (c *checker) gather(f Finding, code string) {
	f.Broken, f.Code = false, ""
	if c.gathered == nil {
		c.gathered = map[Finding][]string{}
	}
	c.gathered[f] = append(c.gathered[f], code)
}

// mostNamed is how many codes a remark about many names.
const mostNamed = 5

func (c *checker) tellGathered() {
	for f, codes := range c.gathered {
		f.Words = fmt.Sprintf("%s of an imported list: %s (%s)", numbered(len(codes), "code"), f.Words, firstOf(codes))
		c.add(f)
	}
}
