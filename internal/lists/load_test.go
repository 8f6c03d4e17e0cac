package lists

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sild/translation"
)

// loaded reads a directory with the catalogue's own loader.
func loaded(t *testing.T, dir string) *translation.Catalogue {
	t.Helper()
	catalogue, err := translation.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestTheCatalogueTakesWhatAnImportWrites(t *testing.T) {
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc"}, Licence: "unstated"})
	imported(t, Import{Format: "fhir", Into: dir, Sources: []string{"testdata/package"}, Country: "EE"})
	catalogue := loaded(t, dir)
	form := translation.Coding{System: "http://standardterms.edqm.eu", Code: "10219000"}
	if !catalogue.Member(translation.DoseForm, form) || len(catalogue.Members(translation.StrengthUnit)) != 3 {
		t.Error("members are missing")
	}
	if word, lang := catalogue.Designation(form, "et-EE"); word != "lapik neelatav" || lang != "et" {
		t.Errorf("the form is called %q in %q", word, lang)
	}
	// The map speaks of ten codes; the code system calls itself complete and has 01, 02 and 3 of them.
	if codes := catalogue.Sendable("EE", translation.DoseForm); len(codes) != 3 || codes[0].Code != "01" || codes[1].Code != "02" || codes[2].Code != "3" {
		t.Errorf("the national codes that have a row are %+v", codes)
	}
}

func TestTheCatalogueTakesThePublishedLists(t *testing.T) {
	dir, all := into(t), samples(t, "")
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{filepath.Join(all, "fhir/myhealtheu-mvc-r4")}, Licence: "unstated"})
	units := Import{Format: "csv", Layout: "dk-lms15-substance", Into: dir, Release: "1", Licence: "unstated",
		Sources: []string{filepath.Join(all, "terminology/dk-substance-unit-to-ehdsi.csv")}}
	if said := imported(t, units).String(); strings.Contains(said, "not in the value set") {
		t.Errorf("all Danish strengths are in release 8.1.0, and this is said:\n%s", said)
	}
	catalogue := loaded(t, dir)
	if got := len(catalogue.Members(translation.DoseForm)); got != 642 {
		t.Errorf("%d dose forms", got)
	}
	if got := len(catalogue.Sendable("DK", translation.StrengthUnit)); got != 40 {
		t.Errorf("%d Danish units", got)
	}
	units.Layout, units.Sources = "dk-lms15-package", []string{filepath.Join(all, "terminology/dk-package-unit-to-ehdsi.csv")}
	want := "6 targets were other spellings of shared codes"
	if said := imported(t, units).String(); !strings.Contains(said, want) || strings.Contains(said, "became gaps") {
		t.Errorf("the Danish packages are all in release 8.1.0, and this is said:\n%s", said)
	}
}
