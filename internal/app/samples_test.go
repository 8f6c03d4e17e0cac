package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"sild/internal/tongues"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// swept is what became of one sample.
type swept struct {
	file, kind     string
	slots, residue int
	fates          map[translation.Fate]int
	took           time.Duration
	outcome        string // carried, refused at SLOT, or unusable: REASON
	doc            *node.Document
}

// fates of the published documents, judged by reading each: the slot at which one must be refused and why, in the
// sample's own words. A sample that is not named here is carried.
var refusedSamples = map[string]string{
	// The dispensations name their medicine by its name and strength in words; no active substance is coded, or no strength.
	"cda/ed-l3-be-template.xml":                                            "refused at medication.ingredient",                       // no ingredient at all
	"cda/ed-l3-cz-wrong-doseform.xml":                                      "refused at medication.ingredient",                       // no ingredient at all; the wrong form raises an alarm besides
	"cda/ed-l3-mt-2025.xml":                                                "refused at medication.ingredient[0].strength",           // an ingredient without a strength
	"cda/ed-l3-pl-substitution.xml":                                        "refused at medication.classification[0]",                // two substances without codes, under one ATC code that our tables lack
	"cda/ed-l3-be-bad.xml":                                                 "unusable: cda.negative",                                 // minus one package (README: negative case)
	"cda/ep-l3-ee-friendly.xml":                                            "refused at amount.packages",                             // supply is nullFlavor NI
	"cda/ep-l3-fi-multi-ingredient-pivot.xml":                              "refused at medication.ingredient[0].strength",           // numerator and denominator are nullFlavor NI
	"cda/ep-l3-fi-single-ingredient-pivot.xml":                             "refused at medication.ingredient[0].strength.numerator", // 100 "units", which is no unit of UCUM
	"cda/ep-l3-fi-w7-pharm.xml":                                            "refused at medication.ingredient[0].strength.numerator", // 100 pieces of insulin
	"mpd-r4/Bundle-100A-multiitem-prescription-with-orchestration.json":    "unusable: fhir.reference",                               // patient and prescriber are not in it
	"mpd-r4/Bundle-200A-multiitem-prescription-without-orchestration.json": "unusable: fhir.reference",                               // the same
	"mpd-r4/MedicationDispense-400D-dispense-1.json":                       "unusable: fhir.reference",                               // names a patient that it does not carry
	"mpd-r4/MedicationDispense-400D-dispense-2.json":                       "unusable: fhir.reference",                               // the same
	"mpd-r4/MedicationDispense-400E-refused-dispense.json":                 "unusable: fhir.status",                                  // declined: nothing was handed out
	// Coding lists are objects and numbers are strings (README: what a national feed can look like).
	"finland-r4/medicationrequestesim1.json":  "unusable: fhir.type",
	"finland-r4/medicationrequestesim2.json":  "unusable: fhir.type",
	"finland-r4/medicationrequestesim7A.json": "unusable: fhir.type",
	// Parts of a document, alone.
	"mpd-r4/Medication-01A-Cefuroxime1500GenericExplicit.json":              "unusable: fhir.format",
	"mpd-r4/Medication-01C-Cefuroxime1500Branded.json":                      "unusable: fhir.format",
	"mpd-r4/Medication-01D-Cefuroxime750Branded.json":                       "unusable: fhir.format",
	"mpd-r4/MedicationRequest-400C-prescription-cefuroxime-singleline.json": "unusable: fhir.format",
	"finland-r4/medicationesim1.json":                                       "unusable: fhir.format",
	"finland-r4/medicationesim2.json":                                       "unusable: fhir.format",
	"finland-r4/organization-Toimintayksikko.json":                          "unusable: fhir.format",
	"finland-r4/organizationesim1.json":                                     "unusable: fhir.format",
	"finland-r4/patientesim1.json":                                          "unusable: fhir.format",
	"finland-r4/practitionerRoleesim1.json":                                 "unusable: fhir.format",
	"finland-r4/practitioneresim1.json":                                     "unusable: fhir.format",
	"cda/ep-l3-gr-bad-mapping.xml":                                          "refused at code", // document code of no code system (README: missing mapping)
}

// countryOf is the country whose codes a sample is written in, as its name says; others are tried as Estonia's.
func countryOf(file string) string {
	if strings.Contains(file, "finland") || strings.Contains(file, "-fi-") {
		return "FI"
	}
	return "EE"
}

// samples lists the documents among the published samples. Code lists and messages are other tests' matter.
func samples(t testing.TB) []string {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the published samples are not tried")
	}
	var files []string
	for _, pattern := range []string{"cda/*.xml", "fhir/estonia-r5/case-*.json", "fhir/mpd-r4/*.json", "fhir/ips-eps-r4/*.json", "fhir/finland-r4/*.json"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no samples %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

func nameOf(file string) string {
	return filepath.Join(filepath.Base(filepath.Dir(file)), filepath.Base(file))
}

func sweep(t testing.TB, catalogue *translation.Catalogue, file string) swept {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := swept{file: nameOf(file), fates: map[translation.Fate]int{}}
	began := time.Now()
	d, err := tongues.New("EE", "en", catalogue).Decode(source)
	if err != nil {
		s.took, s.outcome = time.Since(began), "unusable: "+node.AsError(err).Reason
		return s
	}
	d.At = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	refusal := node.CarryOut(catalogue, countryOf(file), d)
	s.took, s.kind, s.slots, s.residue, s.doc = time.Since(began), string(d.Kind), len(d.Slots), len(d.Residue), d
	for _, slot := range d.Slots {
		s.fates[slot.Fate]++
	}
	s.outcome = "carried"
	if refusal != nil {
		s.outcome = "refused at " + refusal.Slot
	}
	return s
}

func shippedTables(t testing.TB) *translation.Catalogue {
	t.Helper()
	catalogue, err := translation.Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestEverySampleIsCarriedOrRefusedForTheReasonThatItGives(t *testing.T) {
	catalogue := shippedTables(t)
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "file\tkind\tslots\tmapped\tidentical\tpassed\trefused\tresidue\tms\toutcome\t")
	for _, file := range samples(t) {
		s := sweep(t, catalogue, file)
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.2f\t%s\t\n", s.file, s.kind, s.slots, s.fates[translation.Mapped], s.fates[translation.Identical],
			s.fates[translation.Passed], s.fates[translation.Refused], s.residue, float64(s.took)/float64(time.Millisecond), s.outcome)
		want := refusedSamples[s.file]
		if want == "" {
			want = "carried"
		}
		if s.outcome != want {
			t.Errorf("%s: %s, want %s", s.file, s.outcome, want)
		}
		if s.fates[translation.Untouched] > 0 {
			t.Errorf("%s: %d slots have no fate", s.file, s.fates[translation.Untouched])
		}
	}
	_ = w.Flush()
	t.Log("\n" + text.String())
}
