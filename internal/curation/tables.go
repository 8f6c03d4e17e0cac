package curation

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"sild/translation"
)

// The kinds of table that the rules look at, as a manifest names them.
const (
	kindValueSet   = "value-set"
	kindWholeSet   = "whole-value-set"
	kindOfSystems  = "whole-value-set-of-systems"
	kindCodeSystem = "code-system"
	kindWholeCodes = "whole-code-system"
	kindConceptMap = "concept-map"
	kindUnitMap    = "unit-map"
	kindReading    = "reading"
	kindSeals      = "seals"
	kindCorridor   = "corridor"
	kindManifest   = "manifest" // the two that no manifest names
	kindSystems    = "systems"
)

// setKinds are the kinds of table that hold a value set.
var setKinds = []string{kindValueSet, kindWholeSet, kindOfSystems}

// What a second reader says of the names of code systems and of the rules of corridors stands among the other readings, in
// files of these names.
const (
	kindSystemReading   = "reading of " + systemsFile
	kindCorridorReading = "reading of " + corridorsFile
)

const (
	manifestFile = "MANIFEST.csv"
	systemsFile  = "systems.csv"

	corridorsFile = "corridors.csv"
)

// anyCode stands for every code of a system, openCode before the form of the codes that a row holds for, and codeAbove for
// the nearest code above.
const (
	anyCode   = "*"
	openCode  = "~"
	codeAbove = "^"
)

// table is one file of a source as it stands there, so that a rule can name the row.
type table struct {
	layer     int
	source    string
	file      string
	kind      string
	columns   map[string]int
	header    []string
	rows      []row
	languages []string // of a value set or code system
	country   string   // of a map or reading: ee; eu holds other spellings of shared codes
}

type row = translation.Row

// key is a code by the short name of its system.
type key struct{ system, code string }

func (t *table) cell(r row, column string) string {
	if i, ok := t.columns[column]; ok && i < len(r.Cells) {
		return r.Cells[i]
	}
	return ""
}

func (t *table) key(r row) key { return key{t.cell(r, "system"), t.cell(r, "code")} }

func (t *table) target(r row) key { return key{t.cell(r, "target_system"), t.cell(r, "target")} }

func (t *table) field() translation.Field {
	return translation.Field(strings.TrimSuffix(path.Base(t.file), ".csv"))
}

// single says that a row is of one code, and not of every code of a system or of a shape.
func single(code string) bool {
	return code != "" && code != anyCode && code != codeAbove && !strings.HasPrefix(code, openCode)
}

func (t *table) isMap() bool { return t.kind == kindConceptMap || t.kind == kindUnitMap }

func (t *table) isSet() bool { return slices.Contains(setKinds, t.kind) }

func (t *table) isCodes() bool { return t.kind == kindCodeSystem || t.kind == kindWholeCodes }

func (t *table) finding(rule string, r row, code, words string) Finding {
	return Finding{Rule: rule, Broken: true, Source: t.source, File: t.file, Line: r.Line, Code: code, Words: words}
}

// tables are all sources as they stand, in their order.
type tables struct {
	list      []*table
	manifests []*table
	systems   []*table
	found     []Finding
}

// readTables reads every source. What cannot be read is a finding, and the rest is read all the same.
func readTables(sources []translation.Source) *tables {
	all := &tables{}
	for layer, source := range sources {
		manifest := all.open(layer, source, manifestFile, kindManifest)
		systems := all.open(layer, source, systemsFile, kindSystems)
		if systems != nil {
			all.systems = append(all.systems, systems)
		}
		if manifest == nil {
			continue
		}
		all.manifests = append(all.manifests, manifest)
		for _, r := range manifest.rows {
			if t := all.open(layer, source, manifest.cell(r, "file"), manifest.cell(r, "kind")); t != nil {
				all.list = append(all.list, t)
			}
		}
		all.unlisted(source, manifest)
	}
	return all
}

// open reads one file with its header.
func (all *tables) open(layer int, source translation.Source, file, kind string) *table {
	t := &table{layer: layer, source: source.Name, file: file, kind: kind, columns: map[string]int{}}
	rows, err := translation.ReadTable(source.Files, file)
	if err != nil {
		all.found = append(all.found, t.finding(RuleTable, row{}, "", "the table cannot be read: "+err.Error()))
		return nil
	}
	t.head(rows[0].Cells)
	t.rows = rows[1:]
	return t
}

func (t *table) head(cells []string) {
	t.header = cells
	for i, column := range cells {
		t.columns[column] = i
		if t.isSet() || t.isCodes() {
			if !slices.Contains([]string{"field", "system", "code", "since", "until", "status"}, column) {
				t.languages = append(t.languages, column)
			}
		}
	}
	switch {
	case t.kind == kindReading && path.Base(t.file) == systemsFile:
		t.kind = kindSystemReading
	case t.kind == kindReading && path.Base(t.file) == corridorsFile:
		t.kind = kindCorridorReading
	case t.isMap(), t.kind == kindReading:
		t.country, _, _ = strings.Cut(path.Dir(t.file), "-")
	}
}

// unlisted finds tables that lie there and would be ignored.
func (all *tables) unlisted(source translation.Source, manifest *table) {
	listed := map[string]bool{manifestFile: true, systemsFile: true}
	for _, r := range manifest.rows {
		listed[manifest.cell(r, "file")] = true
	}
	_ = fs.WalkDir(source.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) == ".csv" && !listed[name] {
			all.found = append(all.found, Finding{Rule: RuleManifest, Broken: true, Source: source.Name, File: name,
				Words: "the file is not in " + manifestFile + ", so nobody reads it"})
		}
		return nil
	})
}

func (all *tables) of(kinds ...string) []*table {
	var list []*table
	for _, t := range all.list {
		if slices.Contains(kinds, t.kind) {
			list = append(list, t)
		}
	}
	return list
}
