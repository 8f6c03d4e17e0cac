package mappings

import (
	"encoding/csv"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"sild/internal/curation"
	"sild/translation"
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
		if err == nil && !entry.IsDir() && (strings.Contains(name, "/") || name == "SEALS.csv") {
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

// TestTheTablesBreakNoRule asks what `sild map check` asks. What travels with the program has no open remark either, save that
// it is a draft and that lists which do not travel with it would say which codes of a form exist: every row is read twice, and
// every column of words is whole.
func TestTheTablesBreakNoRule(t *testing.T) {
	v := curation.Check{Sources: []translation.Source{{Files: Files()}}, Countries: []string{"EE", "FI"}, Languages: []string{"en", "et", "fi"}}.Run()
	for _, f := range v.Findings {
		form := f.Rule == curation.RuleDangling && strings.HasPrefix(f.Code, "~")
		if f.Broken || f.Rule != curation.RuleDraft && !form {
			t.Errorf("%s: %s %s: %s", f.Rule, f.Place(), f.Code, f.Words)
		}
	}
	if v.Tables < 70 || v.Rows < 4500 || len(v.Release) != 64 {
		t.Errorf("only %d tables with %d rows were looked at", v.Tables, v.Rows)
	}
}
