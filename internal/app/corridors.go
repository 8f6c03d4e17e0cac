package app

import (
	"io/fs"
	"strings"

	"sild/internal/curation"
	"sild/mappings"
	"sild/node"
)

// readCorridors reads the rules of some tables as this node would: see curation.ReadCorridors.
func readCorridors(tables fs.FS, whole bool) ([]curation.NoLonger, error) {
	if whole {
		_, err := node.LoadRules(tables)
		return nil, err
	}
	rules, err := node.LoadRules(mappings.Files(), tables)
	if err != nil {
		return nil, err
	}
	var less []curation.NoLonger
	for _, one := range rules.Loosened() {
		less = append(less, curation.NoLonger{File: "corridors/" + one.Country + ".csv", Rule: one.Rule, Values: one.Values})
	}
	return less, nil
}

// tellLoosened logs, once at the start, which rules of the program withhold less because of the operator's folder.
func (a *App) tellLoosened() {
	for _, one := range a.rules.Loosened() {
		a.log.Warn("a rule in terminology.corridors withholds less than the program's of the same name", "country", one.Country, "rule", one.Rule,
			"no_longer_withheld", strings.Join(one.Values, " "))
	}
}
