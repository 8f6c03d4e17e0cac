package fhir

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
)

// seeds are the prescriptions of the two demo registers, the Finnish ones with the entries of their medicine list.
func seeds(t *testing.T, country string) map[string][]byte {
	t.Helper()
	root := filepath.Join("..", "national", "demo", "seed", country)
	names, err := filepath.Glob(filepath.Join(root, "prescriptions", "*.json"))
	if err != nil || len(names) < 20 {
		t.Fatalf("%d seeds of %s, %v", len(names), country, err)
	}
	found := make(map[string][]byte)
	for _, name := range names {
		source := must(os.ReadFile(name))
		if country == "fi" {
			source = withMedicine(t, source, filepath.Join(root, "medicines.csv"))
		}
		found[country+"/"+filepath.Base(name)] = source
	}
	return found
}

func seedFor(t testing.TB, name string) []byte {
	t.Helper()
	return must(os.ReadFile(filepath.Join("..", "national", "demo", "seed", "ee", "prescriptions", name)))
}

// withMedicine appends the entries of the medicine list for the package that a Finnish prescription names.
func withMedicine(t *testing.T, source []byte, file string) []byte {
	t.Helper()
	f := must(os.Open(file))
	defer f.Close()
	var rows []MedicineRow
	for _, l := range must(csv.NewReader(f).ReadAll()) {
		if strings.Contains(string(source), `"`+l[0]+`"`) {
			rows = append(rows, MedicineRow{l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7], l[8], l[9], l[10], l[11], l[12], l[13], l[14], l[15], l[16]})
		}
	}
	if len(rows) == 0 {
		return source
	}
	for _, entry := range must(FinnishMedicine(rows)) {
		at := strings.LastIndexByte(string(source), ']')
		source = slices.Concat(source[:at], []byte{','}, entry, source[at:])
	}
	return source
}

func TestEverySeedReadBackFromThePivotFormIsTheOneThatWasSent(t *testing.T) {
	schema := schemaR4(t)
	for _, country := range []string{"ee", "fi"} {
		for name, source := range seeds(t, country) {
			sent := decoded(t, source)
			carry(sent, strings.ToUpper(country))
			report := reportOf(sent)
			out := must(Tongue{}.Encode(sent, node.MPD, nil, report))
			if err := schema.Validate(any(anything(t, out.Body()))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			compareSent(t, name, sent, decoded(t, out.Body()))
			accountedFor(t, name, sent, report)
		}
	}
}

func compareSent(t *testing.T, name string, sent, read *node.Document) {
	t.Helper()
	want, got := *sent.Prescription(), *read.Prescription()
	if want.Amount.Packages != "" {
		want.Amount.Total = node.Quantity{}
	}
	for i := range want.Dosage {
		if want.Dosage[i].Timing.BoundsValue != "" {
			want.Dosage[i].Timing.BoundsFrom = ""
		}
	}
	want.Version, want.Classes, got.Classes = "", nil, nil
	if diff := cmp.Diff(want, got, asSent()); diff != "" {
		t.Errorf("%s: sent (-) and read (+) differ:\n%s", name, diff)
	}
}

// accountedFor holds every coded place of the source against the record that was written and the report: one of the
// two has it.
func accountedFor(t *testing.T, name string, sent *node.Document, report *node.Report) {
	t.Helper()
	lost := map[string]bool{}
	for _, r := range report.Lost {
		lost[r.Path] = true
	}
	read := decoded(t, must(Tongue{}.Encode(sent, node.MPD, nil, nil)).Body())
	arrived := map[string]bool{}
	for _, slot := range read.Slots {
		arrived[slot.Path+" "+slot.Original().Code] = true
	}
	for _, slot := range sent.Slots {
		if !arrived[slot.Path+" "+slot.Original().Code] && !lost[slot.Path] {
			t.Errorf("%s: %s is neither in the document nor reported as lost", name, slot.Path)
		}
	}
}
