package lists

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// samples is a folder of the published lists; without them the test is skipped.
func samples(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: THE PUBLISHED LISTS ARE NOT READ")
	}
	return filepath.Join(root, folder)
}

// TestEveryPublishedValueSetIsRead counts the codes of each file with another JSON reader.
func TestEveryPublishedValueSetIsRead(t *testing.T) {
	folder := samples(t, "fhir/myhealtheu-mvc-r4")
	dir := into(t)
	summary := imported(t, Import{Format: "mvc", Into: dir, Sources: []string{folder}, Licence: "unstated"})
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(names) != len(summary.Lists) {
		t.Fatalf("%d files, %d lists, %v", len(names), len(summary.Lists), err)
	}
	for _, name := range names {
		var set struct {
			URL, Version string
			Compose      struct {
				Include []struct {
					Concept []struct{ Code, Display string }
				}
			}
		}
		content, err := os.ReadFile(name)
		if err != nil || json.Unmarshal(content, &set) != nil {
			t.Fatal(name, err)
		}
		one := outcome(t, summary, set.URL+"|"+set.Version)
		codes := 0
		for _, include := range set.Compose.Include {
			for _, c := range include.Concept {
				codes++
				for _, file := range one.Tables {
					if codes == 1 && table(t, dir, file)[c.Code]["en"] != c.Display {
						t.Errorf("%s: %s is called otherwise in %s", name, c.Code, file)
					}
				}
			}
		}
		if one.Rows != codes || len(one.Tables) > 0 && one.Kept != codes || len(one.Tables) == 0 && one.skipped() != codes {
			t.Errorf("%s: %d codes, and the outcome is %+v", name, codes, one)
		}
	}
	for file, want := range map[string]int{"eu/dose-form.csv": 642, "eu/strength-unit.csv": 889 + 51, "eu/classification.csv": 6897, "eu/vaccine.csv": 220,
		"eu/route.csv": 85, "eu/device.csv": 1184, "eu/container.csv": 79, "eu/allergen.csv": 470 + 6897} {
		if got := len(rowsOf(t, dir, file)); got != want {
			t.Errorf("%s has %d rows instead of %d", file, got, want)
		}
	}
	listed := manifest(t, dir)
	if listed["eu/dose-form.csv"]["kind"] != "whole-value-set" || listed["eu/strength-unit.csv"]["kind"] != "value-set" || listed["eu/substance.csv"] != nil {
		t.Error("a whole value set is not one, a part is, or groups of ATC are substances")
	}
}

// TestEveryPublishedNationalListIsRead holds each list against figures that were counted with another CSV reader: rows, codes
// in force, retired ones.
func TestEveryPublishedNationalListIsRead(t *testing.T) {
	dir, all := into(t), samples(t, "")
	for file, want := range map[string]struct {
		layout              string
		rows, kept, retired int
	}{
		"fhir/estonia-lists-csv/ravikuuri-tyyp.csv":                 {"ee-ravikuuri-tyyp", 3, 3, 0},
		"fhir/estonia-lists-csv/retsept-annustamise-yhik.csv":       {"ee-annustamise-yhik", 28, 19, 9},
		"fhir/estonia-lists-csv/retsept-mahu-ja-massiyhik.csv":      {"ee-mahu-ja-massiyhik", 108, 105, 1}, // TK stands there twice, the last row is empty
		"fhir/estonia-lists-csv/retsepti-annulleerimise-pohjus.csv": {"ee-annulleerimise-pohjus", 8, 8, 0},
		"fhir/estonia-lists-csv/retsepti-kordsus.csv":               {"ee-kordsus", 4, 4, 0},
		"fhir/estonia-lists-csv/retsepti-liik.csv":                  {"ee-liik", 4, 4, 0},
		"fhir/estonia-lists-csv/retsepti-staatus.csv":               {"ee-staatus", 6, 5, 1},
		"fhir/estonia-lists-csv/retsepti-volituse-liik.csv":         {"ee-volituse-liik", 5, 3, 0}, // two empty rows
		"terminology/ee-ravimvormid.csv":                            {"ee-ravimvormid", 698, 596, 102},
		"terminology/ee-cross-border-excluded-atc.csv":              {"ee-piiriulene-atc", 20, 20, 0},
		"terminology/ee-substitution-ban-reason.csv":                {"ee-asendamatuse-pohjus", 10, 10, 0},
		"terminology/ee-time-units.csv":                             {"ee-ajayhik", 8, 6, 2},
		"terminology/ee-icd10-rhk10-designations.csv":               {"ee-rhk10", 10375, 10375, 0},
		"terminology/dk-lms22-doseforms.csv":                        {"dk-lms22", 842, 656, 186},
		"terminology/dk-package-unit-to-ehdsi.csv":                  {"dk-lms15-package", 30, 30, 0},
		"terminology/dk-substance-unit-to-ehdsi.csv":                {"dk-lms15-substance", 40, 0, 0}, // no words, only the map
	} {
		summary := imported(t, Import{Format: "csv", Layout: want.layout, Into: dir, Sources: []string{filepath.Join(all, file)},
			Release: "1", Licence: "unstated", Older: want.layout == "ee-piiriulene-atc"}) // it frees what the program withholds by shorter codes
		one := outcome(t, summary, want.layout)
		if one.Rows != want.rows || one.Kept != want.kept || one.Retired != want.retired {
			t.Errorf("%s: %+v", file, one)
		}
	}
	if got := table(t, dir, "ee/prescription-status.csv"); got["00"]["until"] != "" || got["0"]["until"] != "2016-06-14" {
		t.Errorf("a leading zero: %v", got)
	}
	if got := table(t, dir, "ee/amount-unit.csv")["% W/V"]; got["en"] != "weight per volume" || got["since"] != "2010-01-01" {
		t.Errorf("a blank within a code: %v", got)
	}
	if got := table(t, dir, "dk-eu/strength-unit.csv"); len(got) != 40 || got["MGM"]["target"] != "mg" || got["MGM"]["per"] != "mL" {
		t.Errorf("the Danish units: %v", got["MGM"])
	}
	if got := table(t, dir, "dk-eu/package-unit.csv"); len(got) != 30 || got["AS"]["relation"] != "none" || got["AM"]["target"] != "15002000" {
		t.Errorf("the Danish packages: %v", got["AM"])
	}
}

func TestThePublishedSetOfIHEIsRead(t *testing.T) {
	dir := into(t)
	asked := Import{Format: "svs", Into: dir, Sources: []string{samples(t, "terminology/svs-package-42.3.xml")}, Licence: "unstated"}
	if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "the release 20111026 lacks 18 codes") {
		t.Errorf("a list of 2011 stands for the program's own: %v", err)
	}
	asked.Older = true
	summary := imported(t, asked)
	one := outcome(t, summary, "urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.42.3|20111026")
	if one.Rows != 138 || one.Kept != 69 || one.skipped() != 69 {
		t.Errorf("the outcome is %+v", one)
	}
	if got := table(t, dir, "eu/container.csv"); len(got) != 69 || got["30001000"]["en"] != "Ampoule" || got["30001000"]["system"] != "edqm" {
		t.Errorf("the containers: %v", got["30001000"])
	}
}

func TestThePublishedCodeSystemsAreRead(t *testing.T) {
	dir := into(t)
	summary := imported(t, Import{Format: "fhir", Into: dir, Sources: []string{samples(t, "fhir/edqm-codesystem")}, Licence: "unstated"})
	for _, one := range summary.Lists { // counted by the property status: 1112 current and 29 without, 55 deprecated, 34 rejected, 2 pending
		if one.Rows != 1232 || one.Kept != 1112+29 || one.Retired != 55+34 || one.skipped() != 2 {
			t.Errorf("the outcome is %+v", one)
		}
	}
}
