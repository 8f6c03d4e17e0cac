package curation

import (
	"io/fs"
	"strings"
)

// ReadCorridors reads the rules in the folder corridors of some tables as a node does. Whole tables have rules of corridors
// of their own (AA-BB.csv); others are laid over those of the program. It gives the rules that withhold less than the program's
// because of that. The error says why a node would not start with them.
type ReadCorridors func(tables fs.FS, whole bool) ([]NoLonger, error)

// NoLonger is a rule of the program that an operator's rule of the same name took the place of, with what nothing withholds now.
type NoLonger struct {
	File   string // corridors/AA.csv
	Rule   string
	Values []string // beginnings of codes, or classes
}

// asNode asks of every source whether a node would start with its rules, and what they withhold no longer.
func (c *checker) asNode() {
	if c.Corridors == nil {
		return
	}
	for layer, source := range c.Sources {
		own, whole := c.rulesOf(layer)
		if !own {
			continue
		}
		less, err := c.Corridors(source.Files, whole)
		if err != nil {
			c.add(Finding{Rule: RuleCorridor, Broken: true, Source: source.Name, File: "corridors", Words: "a node refuses these rules: " + err.Error()})
		}
		for _, one := range less {
			c.add(Finding{Rule: RuleCorridor, Broken: c.isDraft(layer, one.File), Source: source.Name, File: one.File, Code: one.Rule,
				Words: "the program's rule of this name withholds more, and these are withheld no longer: " + strings.Join(one.Values, " ")})
		}
	}
}

// rulesOf says whether a source has rules that are not word for word the program's, and whether they are those of whole tables.
func (c *checker) rulesOf(layer int) (own, whole bool) {
	names, _ := fs.Glob(c.Sources[layer].Files, "corridors/*") // the pattern is sound
	for _, name := range names {
		t := c.fileOf(layer, name)
		own = own || layer == 0 || t == nil || !t.repeats(c.fileOf(0, name))
		whole = whole || layer == 0 && strings.Contains(name, "-")
	}
	return own, whole
}

// isDraft says that nobody has accepted a table as a whole.
func (c *checker) isDraft(layer int, file string) bool {
	manifest := c.fileOf(layer, manifestFile)
	if manifest == nil {
		return true
	}
	for _, r := range manifest.rows {
		if manifest.cell(r, "file") == file {
			return manifest.cell(r, "status") == draft
		}
	}
	return true
}
