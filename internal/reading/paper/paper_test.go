package paper

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sild/internal/reading"
	"sild/node"
	"sild/translation"
)

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.FixedZone("EET", 2*3600))

func slot(field translation.Field, original, rendered string) *translation.Slot {
	s := translation.NewSlot(field, "place", translation.Coding{System: "http://standardterms.edqm.eu", Code: "10219000", Display: original, Language: "et"})
	s.Fate, s.Rendered, s.Language = translation.Mapped, rendered, "fi"
	return s
}

// prescription is a made-up document with a gap, an alarm and residue.
func prescription() *node.Document {
	form := slot(translation.DoseForm, "tablett", "tabletti")
	gap := slot(translation.Substance, "ženšeni juur", "")
	gap.Fate, gap.Reason, gap.Rendered = translation.Passed, "no map leads from this code to the shared list", ""
	form.Compare().Coherence, form.Compare().Alarm = translation.Contradicts, "the form is for the ear, the route is by mouth"
	p := &node.Prescription{ID: node.Identifier{System: "urn:oid:1.2.3", Value: "1026090101"}, Status: node.Active, Language: "et",
		Medication: node.Medication{Name: "Õhk Äike 500 mg", Form: form, Ingredients: []node.Ingredient{{Substance: gap,
			Strength: &node.Ratio{Numerator: node.Quantity{Value: "2.5", Unit: slot(translation.StrengthUnit, "mg", "milligramma")}}}}},
		Amount: node.Amount{Packages: "2"}, Dosage: []node.Dosage{{Text: "1 tablett õhtul, šokolaadiga MITTE võtta"}},
	}
	return &node.Document{Kind: node.APrescription, Language: "et", Prescriptions: []*node.Prescription{p},
		Patient: node.Patient{Family: "Õuntähepõld", Given: []string{"Ülle", "Žanna", "Åsa"}, BirthDate: "1974-05-17", Sex: "female"},
		Slots:   []*translation.Slot{form, gap}, Residue: []node.Residue{{Path: "entry[0].extension[1]", Why: "An extension that no record knows."}}}
}

// long is a made-up summary that fills many pages.
func long() *node.Document {
	d := prescription()
	d.Kind, d.Prescriptions = node.ASummary, nil
	section := node.Section{Code: "11450-4", State: node.HasEntries, Narrative: node.Narrative{Language: "et",
		XHTML: "<table><tbody><tr><td>Lümfotsüüdid</td><td>10<sup>9</sup>/l</td></tr></tbody></table><p>" + strings.Repeat("Väga pikk lause ilma lõputa. ", 200) + "</p>"}}
	for i := range 80 {
		section.Entries = append(section.Entries, node.Entry{Kind: node.AProblem, Negated: i == 7, What: slot(translation.Diagnosis, "äge põskkoopapõletik nr "+strconv.Itoa(i), "äkillinen poskiontelotulehdus "+strconv.Itoa(i))})
	}
	d.Summary = &node.Summary{Sections: []node.Section{section}}
	return d
}

func print(t *testing.T, d *node.Document, language string) string {
	t.Helper()
	pdf, lacking, err := PDF(reading.Of(d, language), noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(lacking) > 0 {
		t.Fatalf("characters are lacking: %q", string(lacking))
	}
	return file(t, pdf)
}

func file(t *testing.T, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run asks an outside reader. A reader that is not installed fails the test: .ci/setup installs poppler-utils and qpdf.
func run(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	out, err := exec.Command(name, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// words is the text of the PDF as an outside reader finds it, with all white space alike.
func words(t *testing.T, path string) string {
	return strings.Join(strings.Fields(run(t, "pdftotext", "-layout", path, "-")), " ")
}

func TestAnOutsideReaderFindsTheWholePrescription(t *testing.T) {
	for _, language := range []string{"et", "fi", "en", "sv"} {
		text := words(t, print(t, prescription(), language))
		for _, want := range []string{"Ülle Žanna Åsa Õuntähepõld", "Õhk Äike 500 mg", "tablett", "1 tablett õhtul, šokolaadiga MITTE võtta", "ženšeni juur",
			"▲", "■", "entry[0].extension[1]", "the form is for the ear"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the PDF", language, want)
			}
		}
	}
}

func TestEveryValueOfThePageStandsInThePDF(t *testing.T) {
	page := reading.Of(long(), "fi")
	pdf, _, err := PDF(page, noon)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(strings.Join(strings.Fields(run(t, "pdftotext", "-raw", file(t, pdf), "-")), ""), "\f", "")
	page.Each(func(b *reading.Block, _ int) {
		for _, row := range b.Rows {
			for _, v := range row.Values {
				if want := strings.Join(strings.Fields(v.Words()), ""); !strings.Contains(text, want) {
					t.Errorf("%q is not in the PDF", want)
				}
			}
		}
	})
}

func TestTheFontsAreEmbeddedAndTheFileIsSound(t *testing.T) {
	path := print(t, long(), "et")
	fonts := strings.Split(strings.TrimSpace(run(t, "pdffonts", path)), "\n")
	if len(fonts) < 4 {
		t.Fatalf("too few fonts: %q", fonts)
	}
	for _, font := range fonts[2:] {
		if columns := strings.Fields(font); columns[len(columns)-5] != "yes" || columns[len(columns)-3] != "yes" {
			t.Errorf("not embedded, or without a map to Unicode: %s", font)
		}
	}
	if out := run(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Error(out)
	}
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	info := run(t, "pdfinfo", "-enc", "UTF-8", print(t, long(), "fi"))
	for _, want := range []string{"Potilasyhteenveto", "Yhteyspisteen koodatuista tiedoista", "Keywords:        generated", "A4", "sild"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, info)
		}
	}
	path := print(t, prescription(), "et")
	if out := run(t, "qpdf", "--qdf", "--object-streams=disable", path, "-"); !strings.Contains(out, "/Lang (et)") {
		t.Error("the catalogue does not name the language")
	}
}

func TestEveryPageSaysThatItIsGeneratedAndItsNumber(t *testing.T) {
	path := print(t, long(), "fi")
	pages := strings.Split(strings.TrimSuffix(run(t, "pdftotext", "-layout", path, "-"), "\f"), "\f")
	if len(pages) < 5 {
		t.Fatalf("only %d pages: the summary does not break over pages", len(pages))
	}
	for i, text := range pages {
		for _, want := range []string{"Yhteyspisteen koodatuista tiedoista laatima", "Sivu " + strconv.Itoa(i+1) + "/" + strconv.Itoa(len(pages)), "Õuntähepõld", "3.11.2026 10:00 (UTC+00:00)"} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d does not say %q", i+1, want)
			}
		}
	}
}

func TestTheSamePageAtTheSameTimeIsTheSameFile(t *testing.T) {
	page := reading.Of(long(), "et")
	first, _, err := PDF(page, noon)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, _, err := PDF(page, noon.UTC())
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("the bytes differ (%v)", err)
		}
	}
}

func TestACharacterThatCannotBePrintedIsShownAndReported(t *testing.T) {
	d := prescription()
	d.Prescription().Notes = []string{"中文 and \u202eturned\u202c and nul \x00 and 😀 and \u200bnothing", "Ωμέγα и Кириллица o\u0303"}
	pdf, lacking, err := PDF(reading.Of(d, "en"), noon)
	if err != nil {
		t.Fatal(err)
	}
	if want := "\x00\u200b\u202c\u202e中文😀"; string(lacking) != want {
		t.Errorf("reported %q, not %q", string(lacking), want)
	}
	text := words(t, file(t, pdf))
	for _, want := range []string{"□□ and □turned□ and nul □ and □ and □nothing", "Ωμέγα и Кириллица õ", "U+4E2D", "U+202E", "U+1F600"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the PDF:\n%s", want, text)
		}
	}
}

func TestAVeryLongWordAndAVeryLongTextStayOnThePaper(t *testing.T) {
	d := prescription()
	d.Prescription().Notes = []string{strings.Repeat("pikksõna", 400), strings.Repeat("lühike sõna ", 3000)}
	d.Prescription().Medication.Name = strings.Repeat("Õ", 300)
	path := print(t, d, "et")
	text := strings.Join(strings.Fields(run(t, "pdftotext", "-raw", path, "-")), "")
	if got := strings.Count(text, "lühikesõna"); got < 2900 { // a few are cut by the end of a page
		t.Errorf("only %d of 3000 words are on the paper", got)
	}
	box := run(t, "pdftotext", "-bbox", path, "-")
	for _, word := range strings.Split(box, "\n") {
		_, after, found := strings.Cut(word, `xMax="`)
		if !found {
			continue
		}
		number, _, _ := strings.Cut(after, `"`)
		if right, err := strconv.ParseFloat(number, 64); err != nil || right > 595-30 {
			t.Fatalf("a word leaves the paper: %s", word)
		}
	}
}

func TestTenToTheNinthDoesNotBecomeAHundredAndNine(t *testing.T) {
	if got := plainLines("<p>10<sup>9</sup>/l &amp; H<sub>2</sub>O</p><ul><li>a</li></ul>"); strings.Join(got, ";") != "10^9/l & H2O;– a" {
		t.Errorf("got %q", got)
	}
}
