package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sild/internal/tongues"
	"sild/node"
	"sild/translation"
)

func seeded(country, file string) string { return filepath.Join(seedFiles, country, file) }

func TestADocumentTravelsInTheFamilyThatIsAskedFor(t *testing.T) {
	xml, fhirJSON := seeded("fi", "prescriptions/plain-tablet.xml"), seeded("fi", "prescriptions/three-packages.json")
	rows := []struct {
		name, in, as string
		want         node.Format
	}{
		{"CDA stays CDA", xml, "", node.CDA3},
		{"CDA becomes FHIR", xml, "fhir", node.MPD},
		{"FHIR stays FHIR", fhirJSON, "", node.MPD},
		{"FHIR becomes CDA", fhirJSON, "cda", node.CDA3},
		{"a summary becomes FHIR", seeded("fi", "summaries/m2.xml"), "fhir", node.EPS},
		{"a summary becomes CDA", seeded("fi", "summaries/m1.json"), "cda", node.CDA3},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := translated(t, Translation{From: "FI", To: "EE", In: []string{row.in}, As: row.as})
			if got.code != 0 {
				t.Fatalf("exit %d: %s", got.code, got.stderr)
			}
			d, err := tongues.New("", "", shippedTables(t)).Decode([]byte(got.stdout))
			if err != nil || d.Format != row.want {
				t.Fatalf("it came out as %v, %v", d, err)
			}
			for _, slot := range d.Slots {
				if slot.Field == translation.DoseForm && slot.Current.Display == "" {
					t.Errorf("%s has no words for its reader", slot.Path)
				}
			}
		})
	}
}

func TestAPictureOfPagesIsNotMadeIntoData(t *testing.T) {
	_, source := cdaSample(t, "ep-l1-pdf-dk.xml")
	in := written(t, "pages.xml", string(source))
	if got := translated(t, Translation{From: "EE", To: "FI", In: []string{in}, As: "fhir"}); got.code != 2 || got.reports[0].Slot != "document" {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	if got := translated(t, Translation{From: "EE", To: "FI", In: []string{in}}); got.code != 0 || !strings.Contains(got.stdout, "JVBERi0") {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
}

// TestTheReportKeepsToItsPublishedSchema runs documents of every kind and outcome.
func TestTheReportKeepsToItsPublishedSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "loss-report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	inputs := []string{seeded("fi", "prescriptions/inhaler.xml"), seeded("fi", "summaries/m2.xml"), seeded("fi", "prescriptions/three-packages.json"),
		seeded("fi", "summaries/m1.json"), seeded("fi", "prescriptions/duration-only.json"), written(t, "broken.xml", "<a>")}
	file := filepath.Join(t.TempDir(), "report.json")
	for _, as := range []string{"", "cda", "fhir"} {
		command := Translation{From: "FI", To: "EE", In: inputs, As: as, Report: file, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
		if code := command.Run(); code != 1 {
			t.Fatalf("exit %d", code)
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var report any
		if err := json.Unmarshal(raw, &report); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("as %q: %v", as, err)
		}
	}
	for _, wrong := range []string{`[{"file":"a"}]`, `[{"file":"a","outcome":"refused"}]`, `[{"file":"a","outcome":"lost","reason":"x"}]`} {
		var report any
		if err := json.Unmarshal([]byte(wrong), &report); err != nil {
			t.Fatal(err)
		}
		if schema.Validate(report) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
}

// The tables alone see that the two codes are two forms; the properties say in what they differ.
func TestAnAlarmStandsInTheReport(t *testing.T) {
	_, source := cdaSample(t, "ed-l3-cz-wrong-doseform.xml")
	in := []string{written(t, "cz.xml", string(source))}
	edqm := filepath.Join(os.Getenv("SILD_SAMPLES"), "fhir", "edqm-codesystem", "CodeSystem-edqm.json")
	alarms := func(properties string) (found, explained int) {
		got := translated(t, Translation{From: "EE", To: "FI", In: in, Properties: properties})
		if said := strings.Contains(got.stderr, "contradict"); said != (got.code == 0) {
			t.Errorf("exit %d, said %q", got.code, got.stderr)
		}
		for line := range got.reports[0].Out.Lines() {
			if line.Coherence == translation.Contradicts {
				found++
			}
			if strings.Contains(line.Alarm, "intended site") {
				explained++
			}
		}
		return found, explained
	}
	if found, explained := alarms(edqm); found != 2 || explained != 2 {
		t.Errorf("%d alarms, %d explained: the product handed out and the one prescribed both bear an ear tampon over a film-coated tablet", found, explained)
	}
	if found, explained := alarms(""); found != 2 || explained != 0 {
		t.Errorf("without properties: %d alarms, %d explained", found, explained)
	}
}

func TestTheViewIsWrittenForEachDocument(t *testing.T) {
	dir := t.TempDir()
	got := translated(t, Translation{From: "FI", To: "EE", HTML: dir, Out: t.TempDir(),
		In: []string{seeded("fi", "prescriptions/inhaler.xml"), seeded("fi", "summaries/m2.xml")}})
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	for _, name := range []string{"inhaler.html", "m2.html"} {
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Contains(page, []byte("Content-Security-Policy")) || !bytes.Contains(page, []byte(`lang="et"`)) {
			t.Errorf("%s: %d bytes, %v", name, len(page), err)
		}
	}
}
