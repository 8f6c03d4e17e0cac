package app

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/mappings"
	"sild/translation"
)

// The node works with all rows of the shipped tables, so none of them may begin after the day on which they were made.
func TestNoShippedRowBeginsAfterTheTablesWereMade(t *testing.T) {
	day, err := shippedDay()
	if err != nil {
		t.Fatal(err)
	}
	built, err := translation.CompileOn(day, translation.Source{Files: mappings.Files()})
	if err != nil {
		t.Fatal(err)
	}
	all, err := translation.Compile(translation.Source{Files: mappings.Files()})
	if err != nil || built.Waiting.Rows != 0 || built.Release != all.Release {
		t.Errorf("on %s %+v wait; %v", day, built.Waiting, err)
	}
	now := time.Now().UTC().Format(time.DateOnly)
	if today, err := tablesDay(""); err != nil || today < day || today < now {
		t.Errorf("today is %s, %v", today, err)
	}
}

func TestTablesAreCompiledForTheDayThatIsAskedFor(t *testing.T) {
	tables, out := t.TempDir(), filepath.Join(t.TempDir(), "x.snapshot")
	for name, text := range map[string]string{
		"MANIFEST.csv": "file,kind,origin,release,licence,status\nee-eu/dose-form.csv,concept-map,test,1,CC0,draft\n",
		"systems.csv":  "short,uri,oid,name\n",
		"ee-eu/dose-form.csv": "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n" +
			"ee-dose-form,9001,equivalent,edqm,10219000,,,,no,test,2031-02-01,draft,\n",
	} {
		path := filepath.Join(tables, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	build := func(on string) (release, told string, err error) {
		var stdout, stderr bytes.Buffer
		err = MapBuild{Sources: []string{tables}, On: on, Out: out}.Run(t.Context(), &stdout, &stderr)
		release, _, _ = strings.Cut(stdout.String(), "\n")
		return release, stderr.String(), err
	}
	const waits = "not in force yet: 1 row, the first on 2031-02-01; build again then\n"
	before, told, err := build("2031-01-31")
	if err != nil || told != waits {
		t.Errorf("%v, %q", err, told)
	}
	on, told, err := build("2031-02-01")
	if err != nil || told != "" || on == before {
		t.Errorf("on the day: %v, %q", err, told)
	}
	if today, told, err := build(""); err != nil || today != before || told != waits {
		t.Errorf("today: %v, %q", err, told)
	}
	if _, _, err = build("1.2.2031"); err == nil || !strings.Contains(err.Error(), "--on is a day such as") {
		t.Errorf("got %v", err)
	}
	for day, want := range map[string]int{"2031-01-31": amissCode, "2031-02-01": wellCode} {
		var shown bytes.Buffer
		m := MapTry{Code: "EE:9001", To: "FI", MapTables: MapTables{Sources: []string{tables}, On: day}, MapReport: MapReport{Stdout: &shown, Stderr: &shown}}
		if code := m.Run(); code != want {
			t.Errorf("on %s the try ends with %d: %s", day, code, shown.String())
		}
		check := MapCheck{MapTables: MapTables{Sources: []string{tables}, On: day}, MapReport: MapReport{Stdout: &shown, Stderr: &shown}}
		check.Run(t.Context())
		if told := strings.Contains(shown.String(), strings.TrimSuffix(waits, "\n")); told != (want == amissCode) {
			t.Errorf("on %s the check says %s", day, shown.String())
		}
	}
	if _, err := (MapTables{Snapshot: out, On: "2031-01-31"}).open(); err == nil || !strings.Contains(err.Error(), "instead of folders of tables and of a day") {
		t.Errorf("a snapshot on another day: %v", err)
	}
}

// Releases that were imported one after another answer for the days on which each of them held.
func TestMembershipIsAskedOfADay(t *testing.T) {
	release := func(name string, rows string) string {
		dir := t.TempDir()
		for file, text := range map[string]string{
			"MANIFEST.csv":    "file,kind,origin,release,licence,status\neu/severity.csv,whole-value-set,test," + name + ",CC0,draft\n",
			"systems.csv":     "short,uri,oid,name\n",
			"eu/severity.csv": "field,system,code,en,since,until,status\n" + rows,
		} {
			path := filepath.Join(dir, file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	sources := []string{
		release("8.0", "severity,sct,24484000,severe,2031-01-01,,draft\nseverity,sct,6736007,moderate,2031-01-01,,draft\n"),
		release("8.1", "severity,sct,24484000,severe,2031-06-01,,draft\nseverity,sct,255604002,mild,2031-06-01,,draft\n"),
	}
	for _, test := range []struct {
		code, day string
		member    bool
		says      string
	}{
		{"6736007", "2031-01-01", true, "release 8.0"}, {"6736007", "2031-05-31", true, "release 8.0"},
		{"6736007", "2031-06-01", false, "until 2031-06-01; draft; not in release 8.1 of the list"},
		{"24484000", "2031-05-31", true, "release 8.0"}, {"24484000", "2031-06-01", true, "release 8.1"},
		{"255604002", "2031-05-31", false, ""}, {"255604002", "2031-06-01", true, "release 8.1"},
	} {
		var shown bytes.Buffer
		m := MapTry{Code: "EE:" + test.code, To: "FI", Field: "severity", MapTables: MapTables{Sources: sources, On: test.day},
			MapReport: MapReport{Stdout: &shown, Stderr: &shown}}
		if member := m.Run() == wellCode; member != test.member || !strings.Contains(shown.String(), test.says) {
			t.Errorf("%s on %s: %s", test.code, test.day, shown.String())
		}
	}
}
