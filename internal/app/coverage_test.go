package app

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sild/internal/national/demo"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// releasedSets are the value sets of MyHealth@EU that an operator imports, by the field that they bind.
var releasedSets = map[translation.Field][]string{
	translation.DoseForm: {"eHDSIDoseForm"}, translation.Route: {"eHDSIRouteofAdministration"}, translation.Container: {"eHDSIPackage"},
	translation.TimingEvent: {"eHDSITimingEvent"}, translation.Substitution: {"eHDSISubstitutionCode"},
	translation.DoseUnit: {"eHDSIQuantityUnit", "eHDSIUnit"}, translation.PackageUnit: {"eHDSIQuantityUnit", "eHDSIUnit"},
	translation.StrengthUnit: {"eHDSIQuantityUnit", "eHDSIUnit"},
}

// releasedFiles are those that the samples keep in files of their own, with their code system.
var releasedFiles = map[translation.Field][2]string{
	translation.Classification: {"mvc-active-ingredient-atc.csv", "http://www.whocc.no/atc"},
	translation.Diagnosis:      {"mvc-illness-icd10.csv", "http://hl7.org/fhir/sid/icd-10"},
}

// importedLists are the published value sets as an import would write them, each the whole list of its field. Units are laid beside
// ours: UCUM is open to annotations such as {dose}, and the published list has none of them.
func importedLists(t testing.TB, catalogue *translation.Catalogue) translation.Source {
	t.Helper()
	systems, err := fs.ReadFile(mappings.Files(), "systems.csv")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"systems.csv": {Data: systems}}
	manifest := "file,kind,origin,release,licence,status\n"
	add := func(field translation.Field, rows [][]string) {
		var list bytes.Buffer
		w := csv.NewWriter(&list)
		_ = w.Write([]string{"field", "system", "code", "en", "since", "until", "status"})
		seen := map[string]bool{}
		for _, row := range rows { // system, code, English name
			system, known := catalogue.System(row[0])
			if !known || seen[row[0]+row[1]] {
				continue
			}
			seen[row[0]+row[1]] = true
			_ = w.Write([]string{string(field), system.Short, row[1], row[2], "2025-12-01", "", "accepted by the publisher on 2025-12-23"})
		}
		w.Flush()
		if len(seen) == 0 {
			t.Fatalf("the samples have no list for %s", field)
		}
		name := "eu/" + string(field) + ".csv"
		files[name] = &fstest.MapFile{Data: list.Bytes()}
		kind := "whole-value-set"
		if field.IsUnit() {
			kind = "value-set"
		}
		manifest += name + "," + kind + ",published sample,8.1.0,its owner's,draft\n"
	}
	core := sampleList(t, "mvc-core.csv")
	for field, sets := range releasedSets {
		var rows [][]string
		for _, row := range core { // valueset, oid, version, system, code, name
			if slices.Contains(sets, row[0]) {
				rows = append(rows, row[3:6])
			}
		}
		add(field, rows)
	}
	for field, file := range releasedFiles {
		var rows [][]string
		for _, row := range sampleList(t, file[0]) {
			rows = append(rows, []string{file[1], row[0], row[1]})
		}
		add(field, rows)
	}
	files["MANIFEST.csv"] = &fstest.MapFile{Data: []byte(manifest)}
	return translation.Source{Name: "imported", Files: files}
}

// sampleList reads a published list without its header.
func sampleList(t testing.TB, name string) [][]string {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the published value sets are not imported")
	}
	file, err := os.Open(filepath.Join(root, "terminology", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// covered is a document of the corridor whose required places are looked at.
type covered struct {
	name, country string
	source        []byte
}

// corridorDocuments are the seeds of both registers, our own national documents, and the published samples of both countries.
func corridorDocuments(t testing.TB) []covered {
	t.Helper()
	var list []covered
	take := func(country, name, medicines string) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if country == "FI" && strings.HasSuffix(name, ".json") {
			var words []byte
			if medicines != "" {
				words, _ = os.ReadFile(medicines)
			}
			if with, err := demo.WithMedicineList(source, words); err == nil {
				source = with
			}
		}
		list = append(list, covered{strings.TrimPrefix(strings.TrimPrefix(name, os.Getenv("SILD_SAMPLES")+"/"), "../"), country, source})
	}
	for _, country := range []string{"EE", "FI"} {
		for _, pattern := range []string{filepath.Join(seedFiles, strings.ToLower(country), "*", "*.*"), national(country, "*.json")} {
			found, err := filepath.Glob(pattern)
			if err != nil || len(found) < 20 {
				t.Fatalf("%d documents %s: %v", len(found), pattern, err)
			}
			for _, name := range found {
				medicines := ""
				if strings.HasPrefix(name, nationalFiles) {
					medicines = national("FI", "medicines.csv")
				}
				take(country, name, medicines)
			}
		}
	}
	for _, name := range samples(t) {
		if short := nameOf(name); strings.Contains(short, "estonia") || strings.Contains(short, "finland") || strings.Contains(short, "-ee-") || strings.Contains(short, "-fi-") {
			take(countryOf(short), name, "")
		}
	}
	return list
}

// mustBeRight are the fields of which DESIGN section 4 says that a prescription is refused without them, wherever they stand in a medicine.
var mustBeRight = []translation.Field{translation.DocumentCode, translation.DoseForm, translation.Substance, translation.Classification,
	translation.StrengthUnit, translation.PackageUnit}

// gapsOf carries a document out of its country and into the other, and lists the required places that are lost on the way.
func gapsOf(catalogue *translation.Catalogue, c covered) (required int, gaps map[string]string, unusable error) {
	d, err := tongues.New("", "en", catalogue).Decode(c.source)
	if err != nil {
		return 0, nil, err
	}
	gaps = map[string]string{}
	_ = node.CarryOut(catalogue, c.country, d)
	out := map[*translation.Slot]translation.Fate{}
	for _, slot := range d.Slots {
		out[slot] = slot.Fate
	}
	if d.Summary == nil {
		node.CarryIn(catalogue, other(c.country), readerLanguages(other(c.country)), d)
	}
	for _, slot := range d.Slots {
		if !slot.Required && !(d.Summary == nil && slices.Contains(mustBeRight, slot.Field) && strings.HasPrefix(slot.Path, "medication")) {
			continue
		}
		required++
		if at := out[slot]; at != translation.Mapped && at != translation.Identical || slot.Fate == translation.Refused {
			gaps[slot.Path] = slot.Reason
		}
	}
	return required, gaps, nil
}

// knownGaps are the required places that stay a gap, judged one by one. What is not named here is carried.
var knownGaps = map[string]map[string]string{
	// Made up for the purpose: a code that no list has, ones that were withdrawn, a form that a pharmacist has yet to judge.
	"national/demo/seed/ee/prescriptions/unmapped-form.json":       {"medication.form": "until a pharmacist decides"},
	"testdata/national/ee/27-atorvastatin-unknown-form.json":       {"medication.form": "no map"},
	"testdata/national/ee/28-lansoprazole-retired-form.json":       {"medication.form": "no map"},
	"testdata/national/ee/29-tiotropium-unknown-unit.json":         {"medication.ingredient[0].strength.numerator": "no map"},
	"testdata/national/ee/31-unknown-substance-no-atc.json":        {"medication.ingredient[0].substance": "no map"},
	"national/demo/seed/fi/prescriptions/unmapped-form.json":       {"medication.form": "no map"},
	"testdata/national/fi/30-tiotropium-unknown-form.json":         {"medication.form": "no map"},
	"testdata/national/fi/32-dexamethasone-strength-in-drops.json": {"medication.ingredient[0].strength.numerator": "no map"},
	// The published samples: "units" is no unit of UCUM, and a piece of insulin is no amount of it.
	"cda/ep-l3-fi-single-ingredient-pivot.xml": {"medication.ingredient[0].strength.numerator": "no map"},
	"cda/ep-l3-fi-w7-pharm.xml":                {"medication.ingredient[0].strength.numerator": "counts something else"},
}

// unusableDocuments are no whole documents, or break the rules of their form: samples_test.go and expect.csv judge them.
var unusableDocuments = map[string]string{
	"testdata/national/ee/34-simvastatin-negative-amount.json": "fhir.negative", "testdata/national/fi/34-prednisolone-negative-amount.json": "fhir.negative",
}

func TestEveryRequiredPlaceIsCarriedOnceTheListsAreImported(t *testing.T) {
	built, err := translation.Compile(translation.Source{Files: mappings.Files()}, importedLists(t, shippedTables(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(built.Notes) > 0 {
		t.Errorf("a row of ours leads out of a published list: %q", built.Notes)
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	documents, places, empty, lost := 0, 0, 0, 0
	for _, c := range corridorDocuments(t) {
		required, gaps, err := gapsOf(catalogue, c)
		if err != nil {
			if want := orSample(unusableDocuments, c.name); want != node.AsError(err).Reason {
				t.Errorf("%s is unusable: %v", c.name, err)
			}
			continue
		}
		documents, places = documents+1, places+required
		left := maps.Clone(knownGaps[c.name])
		for path, why := range gaps {
			want, known := left[path]
			delete(left, path)
			switch {
			case strings.HasPrefix(why, "the source "):
				empty++
			case known && strings.Contains(why, want):
				lost++
				t.Logf("%s %s: %s", c.name, path, why)
			default:
				t.Errorf("%s: a gap at %s: %s", c.name, path, why)
			}
		}
		for path := range left {
			t.Errorf("%s: %s is carried now", c.name, path)
		}
	}
	t.Logf("%d documents, %d required places, %d left empty by the source, %d gaps", documents, places, empty, lost)
}

// orSample is why a document is known to be unusable.
func orSample(ours map[string]string, name string) string {
	if why := ours[name]; why != "" {
		return why
	}
	why, _ := strings.CutPrefix(refusedSamples[strings.TrimPrefix(name, "fhir/")], "unusable: ")
	return why
}
