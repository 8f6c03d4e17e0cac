package lists

import (
	"context"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// noon is the moment of every import in these tests.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// imported runs an import that must work.
func imported(t *testing.T, asked Import) *Summary {
	t.Helper()
	summary, err := run(asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range summary.Lists {
		if one.Rows != one.Kept+one.Retired+one.skipped() {
			t.Errorf("%s: %d rows, but %d kept, %d retired and %d skipped", one.List, one.Rows, one.Kept, one.Retired, one.skipped())
		}
	}
	return summary
}

func run(asked Import) (*Summary, error) {
	asked.Now = noon
	return asked.Run(context.Background())
}

// outcome finds what became of a list.
func outcome(t *testing.T, s *Summary, list string) *Outcome {
	t.Helper()
	for _, one := range s.Lists {
		if one.List == list {
			return one
		}
	}
	t.Fatalf("no list is called %s:\n%s", list, s)
	return nil
}

// table reads a table as maps from column to cell, by code.
func table(t *testing.T, dir, name string) map[string]map[string]string {
	t.Helper()
	rows := map[string]map[string]string{}
	for _, row := range rowsOf(t, dir, name) {
		rows[row["code"]] = row
	}
	return rows
}

func rowsOf(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cells, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, row := range cells[1:] {
		one := map[string]string{}
		for i, column := range cells[0] {
			one[column] = row[i]
		}
		rows = append(rows, one)
	}
	return rows
}

// manifest reads the manifest as rows by file.
func manifest(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	rows := map[string]map[string]string{}
	for _, row := range rowsOf(t, dir, "MANIFEST.csv") {
		rows[row["file"]] = row
	}
	return rows
}

// tree reads every file of a directory.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, dir)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// untouched checks that a directory is as it was and that nothing was left beside it.
func untouched(t *testing.T, dir string, before map[string]string) {
	t.Helper()
	if now := tree(t, dir); !maps.Equal(now, before) {
		t.Errorf("the directory changed: %d files, %d before", len(now), len(before))
	}
	alone(t, dir)
}

// alone checks that no copy was left beside a directory.
func alone(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.Contains(entry.Name(), ".import-") {
			t.Errorf("%s was left behind", entry.Name())
		}
	}
}

// written puts a text into a file of its own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// into is a directory that does not exist yet.
func into(t *testing.T) string { return filepath.Join(t.TempDir(), "tables") }
