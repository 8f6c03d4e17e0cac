package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"sild/internal/curation/sheet"
	"sild/mappings"
	"sild/translation"
)

// MapReport is how the tools for tables say what they found: text, or JSON instead, and an HTML page besides.
type MapReport struct {
	JSON           bool
	HTML           string // file; empty is none
	Stdout, Stderr io.Writer
}

// The exit codes of `sild map check`, `coverage`, `diff` and `try`.
const (
	wellCode  = 0
	amissCode = 2 // rules are broken, or a place that must be carried is not
)

// give writes the report in every form that was asked for.
func (r MapReport) give(value any, shown sheet.Sheet) error {
	if r.HTML != "" {
		var page bytes.Buffer
		if err := shown.HTML(&page); err != nil {
			return err
		}
		if err := writeWhole(r.HTML, page.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if !r.JSON {
		return shown.Text(r.Stdout)
	}
	out := json.NewEncoder(r.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(value)
}

// ended gives the exit code, and says on stderr why the input was of no use.
func (r MapReport) ended(code int, err error) int {
	if err != nil {
		fmt.Fprintln(r.Stderr, "sild:", err)
		return unusableCode
	}
	return code
}

// MapTables are the tables that a tool works on: a snapshot, or the shipped tables with folders over them.
type MapTables struct {
	Sources  []string // folders, each laid over those before it
	Alone    bool     // without the tables that ship with the node
	On       string   // the day for which they are compiled (YYYY-MM-DD); today otherwise
	Snapshot string   // a file instead
}

// open compiles the tables, or opens the snapshot.
func (t MapTables) open() (*translation.Catalogue, error) {
	if t.Snapshot != "" {
		if len(t.Sources) > 0 || t.Alone || t.On != "" {
			return nil, fmt.Errorf("--snapshot stands instead of folders of tables and of a day: name either")
		}
		return openSnapshot(t.Snapshot)
	}
	if t.Alone && len(t.Sources) == 0 {
		return nil, errors.New("--alone leaves no tables: name a folder")
	}
	day, err := tablesDay(t.On)
	if err != nil {
		return nil, err
	}
	built, err := translation.CompileOn(day, tableSources(context.Background(), t.Sources, t.Alone)...)
	if err != nil {
		return nil, err
	}
	return translation.Open(built.Bytes)
}

// openNamed opens what one argument names: a snapshot file, a folder over the shipped tables, or "shipped".
func openNamed(named string) (*translation.Catalogue, error) {
	switch {
	case named == "":
		return nil, errors.New(`an empty name: name a snapshot file, a folder of tables, or "shipped"`)
	case named == "shipped":
		return translation.Load(mappings.Files())
	case isFile(named):
		return openSnapshot(named)
	}
	return MapTables{Sources: []string{named}}.open()
}

// corridorCountries are those whose ways in and out the tables must hold.
func corridorCountries() []string { return []string{"EE", "FI"} }

// corridorLanguages are those in which every code must have words.
func corridorLanguages() []string { return []string{"en", "et", "fi"} }
