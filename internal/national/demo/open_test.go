package demo

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// today is the clock of the tests: the seeded rights hold and the seeded prescriptions are valid.
func today() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.UTC) }

var countries = []string{"EE", "FI"}

// tables are the ones that travel with the program.
var tables = sync.OnceValue(func() *translation.Catalogue {
	c, err := translation.Load(mappings.Files())
	if err != nil {
		panic(err)
	}
	return c
})

// opened is the built-in register of a country with a new journal.
func opened(t *testing.T, country string) *Register {
	t.Helper()
	return reopened(t, country, filepath.Join(t.TempDir(), "journal"))
}

func reopened(t *testing.T, country, journal string) *Register {
	t.Helper()
	r, err := Open(Config{Country: country, Journal: journal, Now: today, Tables: tables()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// from opens a register over other files.
func from(t *testing.T, country string, files fs.FS) (*Register, error) {
	t.Helper()
	r, err := Open(Config{Country: country, Dir: files, Journal: filepath.Join(t.TempDir(), "journal"), Now: today, Tables: tables()})
	if err == nil {
		t.Cleanup(func() { r.Close() })
	}
	return r, err
}

// samples is a folder of documents that were published by others.
func samples(t *testing.T, folder string) fs.FS {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the published samples are not tried")
	}
	return os.DirFS(filepath.Join(root, "fhir", folder))
}

// named finds a seeded prescription by its file.
func (r *Register) named(t *testing.T, name string) *prescription {
	t.Helper()
	for _, p := range r.ordered {
		if strings.HasSuffix(strings.TrimSuffix(p.file, path.Ext(p.file)), "/"+name) {
			return p
		}
	}
	t.Fatalf("%s: no prescription %s among the seeded ones", r.country, name)
	return nil
}

// someone finds a seeded person.
func (r *Register) someone(t *testing.T, name string) Case {
	t.Helper()
	for _, c := range r.Cases() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("%s: no person %s among the seeded ones", r.country, name)
	return Case{}
}

// asked is a question from the other country about a patient.
func (r *Register) asked(patient node.Identifier, verb node.Verb) node.Call {
	other := map[string]string{"EE": "FI", "FI": "EE"}[r.country]
	return node.Call{Verb: verb, Corridor: node.Corridor{A: r.country, B: other}, Peer: "ncp-" + other, Patient: patient}
}

func TestTheSeedsLoadWithoutPassingOverAnything(t *testing.T) {
	for country, want := range map[string]struct{ people, prescriptions, summaries int }{
		"EE": {8, 27, 3}, "FI": {9, 31, 3},
	} {
		r := opened(t, country)
		summaries := 0
		for _, list := range r.summaries {
			summaries += len(list)
		}
		if len(r.people) != want.people || len(r.ordered) != want.prescriptions || summaries != want.summaries {
			t.Errorf("%s: %d people, %d prescriptions, %d summaries, want %+v", country, len(r.people), len(r.ordered), summaries, want)
		}
		if len(r.Skipped()) > 0 {
			t.Errorf("%s: seeded files were passed over: %v", country, r.Skipped())
		}
	}
}

func TestEverySeededDocumentIsAnsweredInReadableNationalBytes(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		for _, c := range r.Cases() {
			listing, err := r.Prescriptions(t.Context(), r.asked(c.Patient, node.PrescriptionsVerb), node.Filter{})
			if strings.HasPrefix(c.Name, "A1") {
				if node.AsError(err).Reason != "patient.ambiguous" {
					t.Errorf("%s %s: %v", country, c.Name, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range listing.Items {
				read, err := tongues.Both{}.Decode(item.Document.Source)
				if err != nil {
					t.Errorf("%s %s: %v", country, item.Ref.ID.Value, err)
					continue
				}
				p := read.Prescription()
				if read.Format != item.Document.Format || p.ID != item.Ref.ID || p.Status != item.Status || p.Authored != item.Date {
					t.Errorf("%s %s: the listing says something else than its document", country, item.Ref.ID.Value)
				}
			}
		}
	}
}

func TestAnUntouchedDocumentHoldsEveryEntryOfItsFileByteForByte(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		for _, p := range r.ordered {
			source, err := fs.ReadFile(seed, r.nation.seed+"/"+p.file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := p.document(r.nation.format)
			if err != nil {
				t.Fatal(err)
			}
			if _, inCDA := p.form.(clinical); inCDA {
				if string(d.Source) != string(source) {
					t.Errorf("%s: the document is not its file", p.file)
				}
				continue
			}
			var whole []string
			for _, e := range p.form.(bundled).entries {
				whole = append(whole, string(e))
			}
			if string(d.Source) != bundleStart+strings.Join(whole, ",")+bundleEnd {
				t.Errorf("%s: the document is more than its entries", p.file)
			}
			own := 0
			for _, e := range whole {
				if strings.Contains(string(source), e) {
					own++
				} else if !strings.Contains(e, "/Medication/list-") {
					t.Errorf("%s: an entry that is neither the file's nor the medicine list's", p.file)
				}
			}
			if own != strings.Count(string(source), `"fullUrl"`) {
				t.Errorf("%s: %d entries of the file, want %d", p.file, own, strings.Count(string(source), `"fullUrl"`))
			}
		}
	}
}

func TestTheFinnishMedicineListGivesFormAndStrength(t *testing.T) {
	r := opened(t, "FI")
	d, err := r.named(t, "combination-pack").document(r.nation.format)
	if err != nil {
		t.Fatal(err)
	}
	read, err := (fhir.Tongue{}).Decode(d.Source)
	if err != nil {
		t.Fatal(err)
	}
	if parts := read.Prescription().Medication.Parts; len(parts) != 2 || parts[0].Form == nil || len(parts[1].Ingredients) != 1 {
		t.Errorf("the combination pack has %d parts", len(parts))
	}
}

func TestARegisterNeedsItsConfiguration(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal")
	for name, config := range map[string]Config{
		"no country":      {Journal: journal, Now: today, Tables: tables()},
		"another country": {Country: "LV", Journal: journal, Now: today, Tables: tables()},
		"no journal":      {Country: "EE", Now: today, Tables: tables()},
		"no clock":        {Country: "EE", Journal: journal, Tables: tables()},
		"no tables":       {Country: "EE", Journal: journal, Now: today},
		"no folder":       {Country: "EE", Journal: filepath.Join(journal, "below"), Now: today, Tables: tables()},
	} {
		if r, err := Open(config); err == nil {
			r.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

func TestStringsNameEverySeededPersonAndPrescription(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		all := r.Strings()
		if !slices.IsSorted(all) || slices.Contains(all, "") {
			t.Errorf("%s: not sorted, or an empty string among them", country)
		}
		for _, p := range r.ordered {
			for _, want := range []string{p.id.Value, p.patient.Family, p.patient.Given[0], p.patient.BirthDate, p.patient.Identifiers[0].Value} {
				if !slices.Contains(all, want) {
					t.Errorf("%s: %s says something that is not among the strings", country, p.file)
				}
			}
		}
	}
}
