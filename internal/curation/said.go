package curation

import (
	"strings"

	"sild/translation"
)

// Said is the provenance of a row in one line.
func Said(p translation.Provenance) string {
	var parts []string
	for _, part := range []struct{ before, text string }{{"", p.Source}, {"since ", p.Since}, {"until ", p.Until}, {"", p.Status}, {"", p.Remark}} {
		if part.text != "" {
			parts = append(parts, part.before+part.text)
		}
	}
	return strings.Join(parts, "; ")
}

// Behind is the provenance of a row in one line, with the table that it stands in, the release of that and where it comes from.
func Behind(p translation.Provenance, table translation.Origin) string {
	if table.File == "" {
		return Said(p)
	}
	return Said(p) + "; in " + table.File + ", release " + table.Release + " (" + table.Origin + ")"
}

func (t *trier) behind(p translation.Provenance) string {
	table, _ := t.c.Table(p)
	return Behind(p, table)
}
