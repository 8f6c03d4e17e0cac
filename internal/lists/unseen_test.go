package lists

import (
	"os"
	"strings"
	"testing"

	"sild/mappings"
	"sild/translation"
)

// TestWhatNobodySeesIsTakenOutOrRefusedInEveryFormat plants a soft hyphen and a mark of direction into the words of each format.
// What was imported can be compiled.
func TestWhatNobodySeesIsTakenOutOrRefusedInEveryFormat(t *testing.T) {
	for name, test := range map[string]struct {
		asked      Import
		word, want string // where the mark is put, and how the refusal names the place
		softened   string
	}{
		"csv": {national("testdata/vormid.csv", ""), "namiibia pulber", `row 3 column "NIMI"`, "vormid.layout: 1 texts"},
		"svs": {Import{Format: "svs", Sources: []string{"testdata/svs.xml"}, Licence: "unstated"}, "displayName=\"small glass\"", "line 5: displayName",
			": 1 texts"},
		"mvc": {Import{Format: "mvc", Sources: []string{"testdata/mvc/ValueSet-dose-form.json"}, Licence: "unstated"}, "flat thing to swallow",
			`code "10219000"`, ": 1 texts"},
		"medicines": {medicines("EE", "testdata/medicines-ee.csv", ""), "ramiprill", "row 2: column substance_name", "(ingredients): 1 texts"},
		"packages":  {medicines("EE", "testdata/medicines-ee.csv", ""), "LAPIKUM", "row 2: column name", "(packages): 1 texts"},
	} {
		content, err := os.ReadFile(test.asked.Sources[0])
		if err != nil || !strings.Contains(string(content), test.word) {
			t.Fatal(name, err)
		}
		file := test.asked.Sources[0][strings.LastIndex(test.asked.Sources[0], "/")+1:]
		plant := func(mark string) Import {
			at := len(test.word) - 3
			planted := strings.Replace(string(content), test.word, test.word[:at]+mark+test.word[at:], 1)
			asked := test.asked
			asked.Sources, asked.Into = []string{written(t, file, planted)}, into(t)
			return asked
		}
		clean := test.asked
		clean.Into = into(t)
		imported(t, clean)
		asked := plant("\u00ad")
		summary := imported(t, asked)
		if said := summary.String(); !strings.Contains(said, test.softened+" lost soft hyphens") {
			t.Errorf("%s: soft hyphens are not told:\n%s", name, said)
		}
		untouched(t, asked.Into, tree(t, clean.Into))
		if _, err := translation.Compile(translation.Source{Files: mappings.Files()}, translation.Source{Files: os.DirFS(asked.Into)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, mark := range []string{"\u200e", "\u200b", "\u2066"} {
			asked := plant(mark)
			_, err := run(asked)
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), test.want) ||
				!strings.Contains(err.Error(), "nobody sees") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
