package mappings

import (
	"encoding/csv"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// table is a file with its header, so that a test may ask for a cell by the name of its column.
type table struct {
	name   string
	header []string
	rows   [][]string
}

func (b table) cell(row []string, column string) string {
	if i := slices.Index(b.header, column); i >= 0 {
		return row[i]
	}
	return ""
}

func read(t *testing.T, name string) table {
	t.Helper()
	file, err := Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return table{name: name, header: rows[0], rows: rows[1:]}
}

// tables reads every table of a kind.
func tables(t *testing.T, kinds ...string) []table {
	t.Helper()
	list := []table{}
	manifest := read(t, "MANIFEST.csv")
	for _, row := range manifest.rows {
		if slices.Contains(kinds, manifest.cell(row, "kind")) {
			list = append(list, read(t, manifest.cell(row, "file")))
		}
	}
	if len(list) == 0 {
		t.Fatalf("no table of kind %v", kinds)
	}
	return list
}

func systems(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	list := read(t, "systems.csv")
	for _, row := range list.rows {
		known[list.cell(row, "short")] = true
	}
	return known
}

func TestEveryTableIsInTheManifestAndEveryLineOfItHasATable(t *testing.T) {
	manifest := read(t, "MANIFEST.csv")
	listed := map[string]bool{}
	for _, row := range manifest.rows {
		for _, column := range []string{"file", "kind", "origin", "release", "licence", "status"} {
			if manifest.cell(row, column) == "" {
				t.Errorf("%s has no %s", row[0], column)
			}
		}
		listed[row[0]] = true
	}
	present := map[string]bool{}
	err := fs.WalkDir(Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.Contains(name, "/") {
			present[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(listed, present) {
		t.Errorf("listed %v\npresent %v", slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(present)))
	}
}

func TestRowsAreSortedAndStandOnce(t *testing.T) {
	keys := map[string][]string{
		"value-set": {"system", "code"}, "concept-map": {"system", "code", "target_system", "target"},
		"unit-map": {"system", "code", "target_system", "target"},
	}
	for kind, columns := range keys {
		for _, b := range tables(t, kind) {
			before := []string{}
			for i, row := range b.rows {
				key := []string{}
				for _, column := range columns {
					key = append(key, b.cell(row, column))
				}
				if i > 0 && slices.Compare(before, key) >= 0 {
					t.Errorf("%s: %v does not come after %v", b.name, key, before)
				}
				before = key
			}
		}
	}
}

func TestCodeSystemsAndTheManifestAreSortedAndStandOnce(t *testing.T) {
	for _, name := range []string{"systems.csv", "MANIFEST.csv"} {
		b := read(t, name)
		for i, row := range b.rows {
			if i > 0 && row[0] < b.rows[i-1][0] {
				t.Errorf("%s: %s does not come after %s", name, row[0], b.rows[i-1][0])
			}
			if i > 0 && name == "MANIFEST.csv" && row[0] == b.rows[i-1][0] {
				t.Errorf("%s: %s stands twice", name, row[0])
			}
		}
	}
	numbers := map[string]string{}
	b := read(t, "systems.csv")
	for _, row := range b.rows {
		for _, column := range []string{"uri", "oid"} {
			name := strings.TrimPrefix(b.cell(row, column), "urn:oid:")
			if owner, taken := numbers[name]; taken && name != "" && owner != row[0] {
				t.Errorf("%s and %s are both %s", owner, row[0], name)
			}
			numbers[name] = row[0]
		}
	}
}

func TestEveryCodeHasWordsInAllThreeLanguages(t *testing.T) {
	for _, b := range tables(t, "value-set") {
		for _, row := range b.rows {
			if strings.HasPrefix(b.cell(row, "code"), "~") {
				continue
			}
			for _, language := range []string{"en", "et", "fi"} {
				if text := b.cell(row, language); text == "" || text != strings.TrimSpace(text) {
					t.Errorf("%s: %s has no clean words in %s: %q", b.name, b.cell(row, "code"), language, text)
				}
			}
			if got := b.cell(row, "field"); got+".csv" != path.Base(b.name) {
				t.Errorf("%s: a row of %s", b.name, got)
			}
		}
	}
}

// Swedish is read in Finland too: a table that has it has it for every code.
func TestATableWithSwedishWordsHasThemForEveryCode(t *testing.T) {
	found := 0
	for _, b := range tables(t, "value-set") {
		if !slices.Contains(b.header, "sv") {
			continue
		}
		found++
		for _, row := range b.rows {
			if text := b.cell(row, "sv"); text == "" || text != strings.TrimSpace(text) {
				t.Errorf("%s: %s has no clean words in Swedish: %q", b.name, b.cell(row, "code"), text)
			}
		}
	}
	if found == 0 {
		t.Error("no table has Swedish words")
	}
}

func TestTwoCodesOfAFieldAreNotCalledTheSame(t *testing.T) {
	twins := map[string]bool{ // two lists, or two places of one list, for one thing
		"absence": true, "certainty": true, "classification": true, "clinical-status": true,
	}
	for _, b := range tables(t, "value-set") {
		if twins[strings.TrimSuffix(path.Base(b.name), ".csv")] {
			continue
		}
		for _, language := range []string{"en", "et", "fi", "sv"} {
			owner := map[string]string{}
			for _, row := range b.rows {
				text, code := b.cell(row, language), b.cell(row, "code")
				if other, taken := owner[text]; taken && text != "" {
					t.Errorf("%s: %s and %s are both %q", b.name, other, code, text)
				}
				owner[text] = code
			}
		}
	}
}

func TestEveryCodeSystemIsKnown(t *testing.T) {
	known := systems(t)
	for _, b := range tables(t, "value-set", "concept-map", "unit-map") {
		for _, row := range b.rows {
			for _, column := range []string{"system", "target_system", "per_system"} {
				if short := b.cell(row, column); short != "" && !known[short] {
					t.Errorf("%s: unknown code system %q", b.name, short)
				}
			}
		}
	}
}

// members says which shared codes a field has. A retired code is none: no map may lead to it, and nobody owes it a way
// home.
func members(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, b := range tables(t, "value-set") {
		field := strings.TrimSuffix(path.Base(b.name), ".csv")
		all[field] = map[string]bool{}
		for _, row := range b.rows {
			all[field][b.cell(row, "system")+" "+b.cell(row, "code")] = b.cell(row, "until") == ""
		}
	}
	return all
}

func TestNoMapLeadsOutsideItsValueSet(t *testing.T) {
	all := members(t)
	for _, b := range tables(t, "concept-map", "unit-map") {
		set := all[strings.TrimSuffix(path.Base(b.name), ".csv")]
		for _, row := range b.rows {
			for _, end := range [][2]string{{"target_system", "target"}, {"per_system", "per"}} {
				system, code := b.cell(row, end[0]), b.cell(row, end[1])
				if system != "" && code != "*" && code != "^" && !set[system+" "+code] {
					t.Errorf("%s: %s leads to %s %s, which is not in the value set", b.name, b.cell(row, "code"), system, code)
				}
			}
			if b.cell(row, "relation") == "none" && b.cell(row, "remark") == "" {
				t.Errorf("%s: %s has no target and no reason", b.name, b.cell(row, "code"))
			}
		}
	}
}

func TestEveryRowSaysWhereItComesFromAndSinceWhen(t *testing.T) {
	for _, b := range tables(t, "concept-map", "unit-map") {
		for _, row := range b.rows {
			for _, column := range []string{"source", "since", "status"} {
				if b.cell(row, column) == "" {
					t.Errorf("%s: %s has no %s", b.name, b.cell(row, "code"), column)
				}
			}
		}
	}
}
