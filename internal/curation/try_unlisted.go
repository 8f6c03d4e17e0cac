package curation

import (
	"fmt"
	"slices"
	"strings"

	"sild/translation"
)

// LackedBy are the whole national lists of a country that do not have a code, as far as the maps speak of them in the field asked for.
func LackedBy(c *translation.Catalogue, asked Asked) []translation.WholeList {
	fields := map[string][]translation.Field{}
	for row := range c.Rows() {
		if strings.EqualFold(row.Country, asked.From) {
			fields[row.From.System] = append(fields[row.From.System], row.Field)
		}
	}
	listed := map[string]bool{}
	for k := range c.Concepts() {
		if k.Coding.Code == asked.Code && k.Listed != nil {
			listed[k.Coding.System] = true
		}
	}
	return slices.DeleteFunc(c.WholeLists(), func(list translation.WholeList) bool {
		system, _ := c.System(list.System)
		return listed[list.System] || !strings.HasPrefix(system.Short, strings.ToLower(asked.From)+"-") ||
			asked.Field != "" && !slices.Contains(fields[list.System], asked.Field)
	})
}

// unlisted are the ways of a code that was asked for in a field without a code system, and that the country's own whole list of the
// field lacks: it is the country's own code before it is a shared one, and those other ways are marked.
func (t *trier) unlisted(ways []Way) []Way {
	own := func(w Way) bool {
		system, _ := t.c.System(w.Original.System)
		return strings.HasPrefix(system.Short, strings.ToLower(t.From)+"-")
	}
	if t.System != "" || t.Field == "" || slices.ContainsFunc(ways, own) {
		return ways
	}
	var lacking []Way
	for _, list := range LackedBy(t.c, t.Asked) {
		w := t.way(t.Field, translation.Coding{System: list.System, Code: t.Code})
		w.Listed = fmt.Sprintf("does not have the code; %s, release %s (%s)", list.Origin.File, list.Origin.Release, list.Origin.Origin)
		lacking = append(lacking, w)
	}
	for i := range ways {
		ways[i].Second = len(lacking) > 0
	}
	return append(lacking, ways...)
}
