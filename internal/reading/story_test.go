package reading_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/national/demo"
	"sild/internal/reading"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// carried takes a register's document over the bridge as the two nodes do, up to what the reader in B sees.
func carried(t *testing.T, from, to, file string) *node.Document {
	t.Helper()
	catalogue, err := translation.Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if from == "FI" {
		if source, err = demo.WithMedicineList(source, nil); err != nil {
			t.Fatal(err)
		}
	}
	d, err := fhir.Tongue{}.Decode(source)
	if err != nil {
		t.Fatal(err)
	}
	d.At = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	if refusal := node.CarryOut(catalogue, from, d); refusal != nil {
		return d // refused: the page of what A has is as good a page
	}
	format := node.MPD
	if d.Summary != nil {
		format = node.EPS
	}
	pivot, err := fhir.Tongue{}.Encode(d, format, nil, node.Loss(d, catalogue.Release()))
	if err != nil {
		t.Fatal(err)
	}
	if d, err = (fhir.Tongue{}).Decode(pivot.Body()); err != nil {
		t.Fatal(err)
	}
	node.CarryIn(catalogue, to, map[string][]string{"EE": {"et", "en"}, "FI": {"fi", "en"}}[to], d)
	return d
}

// TestEveryDocumentOfTheDemoRegistersReadsInEveryLanguage looks for labels without words, and for coded places that are
// not shown.
func TestEveryDocumentOfTheDemoRegistersReadsInEveryLanguage(t *testing.T) {
	bare := regexp.MustCompile(`^[a-z-]+[.:][a-z-]*[a-z]$`)
	for _, corridor := range [][2]string{{"EE", "FI"}, {"FI", "EE"}} {
		files, err := filepath.Glob(filepath.Join("..", "national", "demo", "seed", strings.ToLower(corridor[0]), "*s", "*.json"))
		if err != nil || len(files) < 20 {
			t.Fatalf("%d documents found (%v)", len(files), err)
		}
		for _, file := range files {
			d := carried(t, corridor[0], corridor[1], file)
			for _, language := range []string{"et", "fi", "en", "sv"} {
				page := reading.Of(d, language)
				shown := map[*translation.Slot]bool{}
				page.Each(func(b *reading.Block, _ int) {
					for _, row := range b.Rows {
						if bare.MatchString(row.Label) {
							t.Errorf("%s in %s: the label %q has no words", file, language, row.Label)
						}
						for _, v := range row.Values {
							for _, slot := range v.Slots {
								shown[slot] = true
							}
						}
					}
				})
				for _, slot := range d.Slots {
					if !shown[slot] {
						t.Errorf("%s in %s: %s is not shown", file, language, slot.Path)
					}
				}
			}
		}
	}
}

func TestTheBareCodesOfAnAllergyAreReadOnceAndInTheReadersWords(t *testing.T) {
	d := carried(t, "EE", "FI", filepath.Join("..", "national", "demo", "seed", "ee", "summaries", "m1.json"))
	shown := map[*translation.Slot][]reading.Value{}
	reading.Of(d, "fi").Each(func(b *reading.Block, _ int) {
		for _, row := range b.Rows {
			for _, v := range row.Values {
				for _, slot := range v.Slots {
					shown[slot] = append(shown[slot], v)
				}
			}
		}
	})
	words := map[string]string{"low": "pieni riski", "high": "suuri riski", "255604002": "lievä", "24484000": "vaikea"}
	for _, slot := range d.Slots {
		if d.Source[slot.Span.Start] != '"' {
			continue
		}
		values := shown[slot]
		if len(values) != 1 {
			t.Fatalf("%s is shown %d times", slot.Path, len(values))
		}
		v, want := values[0], words[slot.Current.Code]
		gap := slices.ContainsFunc(v.Marks, func(m reading.Mark) bool { return m.Kind == reading.Gap })
		if want != "" && (v.Translated != want || v.TranslatedIn != "fi" || gap) {
			t.Errorf("%s reads %q in %s: %v", slot.Path, v.Translated, v.TranslatedIn, v.Marks)
		}
		delete(words, slot.Current.Code)
	}
	if len(words) > 0 {
		t.Errorf("nothing said %v", words)
	}
}

func TestTheNarrativeOfASectionIsMarkedAndInTheReadersLanguage(t *testing.T) {
	d := carried(t, "FI", "EE", "../national/demo/seed/fi/summaries/s1.json")
	for _, section := range d.Summary.Sections {
		n := reading.Narrative(d, section, "et-EE")
		if !n.Generated || n.Language != "et" || !strings.Contains(n.XHTML, "Kontaktpunkti koostatud") {
			t.Errorf("section %s: %+v", section.Code, n)
		}
	}
}
