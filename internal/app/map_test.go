package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sild/internal/curation"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/translation"
)

// secrets are what a report on many documents must not hold: names, numbers of people and documents, and texts.
func secrets(t *testing.T, catalogue *translation.Catalogue, files []string) map[string]bool {
	t.Helper()
	tongue := tongues.New("", "et", catalogue)
	all := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := tongue.Decode(source)
		if err != nil {
			continue
		}
		all[d.Patient.Family], all[d.ID.Value], all[d.Patient.BirthDate] = true, true, true
		for _, id := range d.Patient.Identifiers {
			all[id.Value] = true
		}
		for _, s := range d.Slots {
			all[s.Text], all[s.Original().Display] = true, true
			if s.Field == translation.Other || s.Field == translation.ProductID {
				all[`"`+s.Original().Code+`"`] = true
			}
		}
	}
	for text := range all {
		if len(text) < 5 { // too short to be told from a code or a number
			delete(all, text)
		}
	}
	return all
}

func TestTheReportOnCoverageHoldsNothingOfADocumentButCodes(t *testing.T) {
	catalogue, err := translation.Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	page := filepath.Join(t.TempDir(), "coverage.html")
	m := MapCoverage{MapReport: MapReport{JSON: true, HTML: page, Stdout: &out, Stderr: &out},
		MapDocuments: MapDocuments{From: "EE", To: "FI", Files: []string{"testdata/national/ee", "../national/demo/seed/ee/prescriptions"}}}
	if code := m.Run(context.Background()); code != unusableCode { // one of the documents has an amount below zero
		t.Fatalf("ended with %d", code)
	}
	var report coverageReport
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if report.Documents["prescription"] < 50 || len(report.Gaps) < 5 || !report.Gaps[0].Required || len(report.Refusals) == 0 || len(report.Unusable) != 1 {
		t.Errorf("%+v", report)
	}
	files, err := m.list()
	if err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	report.Unusable = nil // it names a file, as the operator called it
	plain, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	hidden := secrets(t, catalogue, files)
	if len(hidden) < 100 {
		t.Fatalf("only %d things to look for", len(hidden))
	}
	for text := range hidden {
		if bytes.Contains(plain, []byte(text)) || bytes.Contains(html, []byte(text)) {
			t.Errorf("the report holds %q", text)
		}
	}
}

func TestADocumentThatIsWorseOffIsNamed(t *testing.T) {
	tables := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(tables, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("MANIFEST.csv", "file,kind,origin,release,licence,status\nee-eu/dose-form.csv,concept-map,test,1,CC0,draft\n")
	write("systems.csv", "short,uri,oid,name\n")
	write("ee-eu/dose-form.csv", "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n"+
		"ee-dose-form,738,none,,,,,,no,test,2026-11-22,draft,an example\n")
	for _, test := range []struct {
		a, b  string
		files string
		want  int
	}{
		{"shipped", tables, "plain-tablet.json", amissCode}, {tables, "shipped", "plain-tablet.json", wellCode},
		{"shipped", tables, "inhaler.json", wellCode}, {"shipped", tables, "nothing.json", unusableCode},
	} {
		var out bytes.Buffer
		m := MapDiff{A: test.a, B: test.b, MapReport: MapReport{JSON: true, Stdout: &out, Stderr: &out}, MapDocuments: MapDocuments{From: "EE", To: "FI",
			Files: []string{"../national/demo/seed/ee/prescriptions/" + test.files}}}
		if code := m.Run(context.Background()); code != test.want {
			t.Errorf("%s to %s over %s ended with %d: %s", test.a, test.b, test.files, code, out.String())
		}
		affects := strings.Contains(out.String(), `"medication.form"`)
		if affects != (test.files == "plain-tablet.json") {
			t.Errorf("%s over %s: %s", test.b, test.files, out.String())
		}
	}
}

func TestTheRulesOfProductionAreThoseOfTheCheck(t *testing.T) {
	built, err := translation.Compile(tableSources(context.Background(), nil, false)...)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	config := Defaults()
	config.Environment = "production"
	verdict := curation.Check{Catalogue: catalogue, Countries: corridorCountries(), Languages: corridorLanguages(), Production: true}.Run()
	if refused := acceptedBy(config, catalogue) != nil; refused != (verdict.Broken > 0) || !refused {
		t.Errorf("the node refuses: %v; the check finds %d broken", refused, verdict.Broken)
	}
}

// triedTables is an operator's folder with a national list.
func triedTables(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"MANIFEST.csv": "file,kind,origin,release,licence,status\nee/dose-form.csv,whole-code-system,test,2026-11,CC0,draft\n",
		"systems.csv":  "short,uri,oid,name\n",
		"ee/dose-form.csv": "system,code,et,since,until,status\nee-dose-form,1512,suspensioon ja lahusti,2015-01-01,,draft\n" +
			"ee-dose-form,737,aerosool,2009-01-01,2016-03-23,draft\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWhatTheTablesKnowOfACodeThatIsNotCarriedIsShownInEveryForm(t *testing.T) {
	tables := triedTables(t)
	for _, test := range []struct {
		code, system string
		want         []string
	}{
		{"EE:737", "", []string{"aerosool", "until 2016-03-23", "the national list has ended the code on 2016-03-23"}},
		{"EE:1512", "", []string{"suspensioon ja lahusti", "wider", "50008000", "ee-eu/dose-form", "the shared term says less", "must be carried exactly"}},
		{"EE:999", "ee-dose-form", []string{"no table knows the code; the whole national list of its code system (ee/dose-form.csv, release 2026-11) does not have it"}},
	} {
		var text, printed bytes.Buffer
		page := filepath.Join(t.TempDir(), "try.html")
		for _, m := range []MapTry{{MapReport: MapReport{HTML: page, Stdout: &text, Stderr: &text}}, {MapReport: MapReport{JSON: true, Stdout: &printed, Stderr: &text}}} {
			m.Code, m.To, m.System, m.Sources = test.code, "FI", test.system, []string{tables}
			if code := m.Run(); code != amissCode {
				t.Errorf("%s ended with %d: %s", test.code, code, text.String())
			}
		}
		html, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for form, shown := range map[string]string{"text": text.String(), "JSON": printed.String(), "HTML": string(html)} {
			for _, want := range test.want {
				if !strings.Contains(shown, want) {
					t.Errorf("%s as %s does not say %q:\n%s", test.code, form, want, shown)
				}
			}
		}
	}
}

func TestTheCheckOfASnapshotSaysWhatItLookedAt(t *testing.T) {
	file, _ := snapshotWith(t, "")
	var said bytes.Buffer
	m := MapCheck{MapTables: MapTables{Snapshot: file}, MapReport: MapReport{Stdout: &said, Stderr: &said}}
	if code := m.Run(context.Background()); code != wellCode {
		t.Fatalf("ended with %d: %s", code, said.String())
	}
	for _, want := range []string{"a snapshot: ", "rules asked: words, ", "rules not asked: manifest, ", "check those", "None of those that were asked."} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q: %s", want, said.String())
		}
	}
	if strings.Contains(said.String(), "tables: 0") {
		t.Error("it counts tables where there are none")
	}
	said.Reset()
	m.Properties = "edqm.json"
	if code := m.Run(context.Background()); code != unusableCode || !strings.Contains(said.String(), "name the folders") {
		t.Errorf("with properties it ended with %d: %s", code, said.String())
	}
}
