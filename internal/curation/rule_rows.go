package curation

import (
	"path"
	"slices"
	"strings"

	"sild/translation"
)

// rowKeys are the columns by which the rows of a kind of table are sorted and stand once.
func rowKeys(kind string) []string {
	switch kind {
	case kindConceptMap, kindUnitMap:
		return []string{"system", "code", "target_system", "target"}
	case kindSeals:
		return []string{"file", "column"}
	case kindManifest:
		return []string{"file"}
	case kindSystems:
		return []string{"short"}
	case kindCorridorReading:
		return []string{"rules", "stage", "fact", "value"}
	case kindValueSet, kindWholeSet, kindOfSystems, kindCodeSystem, kindWholeCodes, kindReading, kindSystemReading:
		return []string{"system", "code"}
	}
	return nil // another room's table
}

// manifests checks that every line of a manifest says all of what it must.
func (c *checker) manifests() {
	for _, t := range c.tables.manifests {
		for _, r := range t.rows {
			for _, column := range []string{"file", "kind", "origin", "release", "licence", "status"} {
				if t.cell(r, column) == "" {
					c.add(t.finding(RuleManifest, r, "", "the "+column+" is not given"))
				}
			}
			if file, kind := t.cell(r, "file"), t.cell(r, "kind"); !fits(file, kind) {
				c.add(t.finding(RuleManifest, r, "", "a table of the kind "+kind+" does not stand in "+file))
			}
		}
	}
}

// fits says that a file is of the kind that belongs where it stands: a table that is read as another is not read at all.
func fits(file, kind string) bool {
	folder, _ := path.Split(file)
	switch {
	case file == sealsFile || kind == kindSeals:
		return file == sealsFile && kind == kindSeals
	case folder == "corridors/" || kind == kindCorridor:
		return folder == "corridors/" && kind == kindCorridor
	case strings.HasSuffix(folder, "-reading/") || kind == kindReading:
		return strings.HasSuffix(folder, "-reading/") && kind == kindReading
	case strings.HasSuffix(folder, "-eu/"):
		return kind == kindConceptMap || kind == kindUnitMap
	}
	return true
}

// order checks each table on its own: rows stand once, in order, and say where they come from.
func (c *checker) order() {
	for _, t := range append(slices.Concat(c.tables.manifests, c.tables.systems), c.tables.list...) {
		if len(t.rows) == 0 && t.kind != kindSeals && t.kind != kindSystems {
			c.add(t.finding(RuleTable, row{}, "", "the table is empty"))
		}
		keys, before := rowKeys(t.kind), []string(nil)
		if keys == nil {
			continue
		}
		for _, r := range t.rows {
			own := make([]string, len(keys))
			for i, column := range keys {
				own[i] = t.cell(r, column)
			}
			switch order := slices.Compare(before, own); {
			case before == nil || order < 0, order == 0 && t.kind == kindSystems: // further rows of a system are its other names
			case order == 0:
				c.add(t.finding(RuleOnce, r, t.cell(r, "code"), "the row stands there twice"))
			default:
				c.add(t.finding(RuleSorted, r, t.cell(r, "code"), "the row does not come after the one above it, in byte order of "+strings.Join(keys, ", ")))
			}
			before = own
			c.says(t, r)
		}
	}
}

// says checks what a row must say of itself.
func (c *checker) says(t *table, r row) {
	var must []string
	switch {
	case t.isMap():
		must = []string{"source", "since", "status"}
		if class, _ := translation.ReasonOf(t.cell(r, "remark")); t.cell(r, "relation") == "none" && class == "" {
			c.add(t.finding(RuleReason, r, t.cell(r, "code"), "the row leads nowhere, and its remark does not begin with why: "+reasonClasses()+
				", then a colon, a blank and a sentence"))
		}
	case t.isSet(), t.isCodes():
		must = []string{"since", "status"}
	}
	for _, column := range must {
		if t.cell(r, column) == "" {
			c.add(t.finding(RuleProvenance, r, t.cell(r, "code"), "the row has no "+column))
		}
	}
	if field := t.cell(r, "field"); t.isSet() && field != string(t.field()) {
		c.add(t.finding(RuleTable, r, t.cell(r, "code"), "a row of "+field+" in the table of "+string(t.field())))
	}
}

func reasonClasses() string {
	var names []string
	for _, class := range translation.ReasonClasses() {
		names = append(names, string(class))
	}
	return strings.Join(names, ", ")
}
