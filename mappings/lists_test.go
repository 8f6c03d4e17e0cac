package mappings

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// samples is the folder of published lists that the tables are checked against; none of it is part of the program.
func samples(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the tables are not compared with the published lists")
	}
	return root
}

// published reads a published list: a header and rows, with the separator of its publisher.
func published(t *testing.T, separator rune, elements ...string) table {
	t.Helper()
	name := filepath.Join(append([]string{samples(t)}, elements...)...)
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator, -1, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return table{name: filepath.Base(name), header: rows[0], rows: rows[1:]}
}

// listed are the codes of an Estonian list, and whether each is in force: it has no end, and its status says so.
func listed(t *testing.T, elements ...string) map[string]bool {
	t.Helper()
	list, codes := published(t, ';', elements...), map[string]bool{}
	code, until := slices.Index(list.header, "Kood"), slices.Index(list.header, "Kehtivuse_lõpu_kpv")
	status := slices.Index(list.header, "Staatus")
	if code < 0 || until < 0 || status < 0 {
		t.Fatalf("%s has the columns %v", list.name, list.header)
	}
	for _, row := range list.rows {
		if row[code] == "" {
			continue
		}
		valid := row[until] == ""
		if valid != (row[status] == "1") {
			t.Errorf("%s: the end and the status of %s disagree", list.name, row[code])
		}
		codes[row[code]] = codes[row[code]] || valid
	}
	return codes
}

// estonian are the lists that a prescription carries, with the tables that must judge every code of them.
var estonian = []struct {
	list    []string
	system  string
	tables  []string
	inForce int // as the publisher counts them
	exact   int // equal to a shared code, as docs/terminology-review.md says
	gaps    int
}{
	{[]string{"terminology", "ee-ravimvormid.csv"}, "ee-dose-form", []string{"ee-eu/dose-form.csv"}, 596, 547, 48},
	{[]string{"fhir", "estonia-lists-csv", "retsept-annustamise-yhik.csv"}, "ee-dose-unit", []string{"ee-eu/dose-unit.csv"}, 19, 14, 5},
	{[]string{"fhir", "estonia-lists-csv", "retsept-mahu-ja-massiyhik.csv"}, "ee-amount-unit", []string{"ee-eu/strength-unit.csv"}, 105, 60, 45},
	{[]string{"fhir", "estonia-lists-csv", "retsept-mahu-ja-massiyhik.csv"}, "ee-amount-unit", []string{"ee-eu/package-unit.csv"}, 105, 23, 82},
	{[]string{"terminology", "ee-time-units.csv"}, "ee-time-unit", []string{"ee-eu/time-unit.csv"}, 6, 6, 0},
	{[]string{"terminology", "ee-substitution-ban-reason.csv"}, "ee-no-substitution", []string{"eu/substitution-reason.csv"}, 10, 0, 0},
	{[]string{"fhir", "estonia-lists-csv", "ravikuuri-tyyp.csv"}, "ee-course", []string{"ee-eu/course-of-therapy.csv", "eu/course-of-therapy.csv"}, 3, 1, 0},
}

func TestEveryCodeInForceOfAnEstonianListIsJudgedAndNoOther(t *testing.T) {
	for _, row := range estonian {
		codes, judged, relations := listed(t, row.list...), map[string]bool{}, map[string]int{}
		for _, name := range row.tables {
			b := read(t, name)
			for _, line := range b.rows {
				code := b.cell(line, "code")
				if code == "" || b.cell(line, "system") != row.system {
					continue
				}
				judged[code] = true
				relations[b.cell(line, "relation")]++
				if !codes[code] {
					t.Errorf("%s: %s is not in force in the list", name, code)
				}
			}
		}
		count := 0
		for code, valid := range codes {
			if valid {
				count++
			}
			if valid && !judged[code] {
				t.Errorf("%v says nothing of %s", row.tables, code)
			}
		}
		if count != row.inForce || relations["equivalent"] != row.exact || relations["none"] != row.gaps {
			t.Errorf("%v: %d codes in force, judged %v; expected %d, %d exact and %d gaps", row.tables, count, relations, row.inForce, row.exact, row.gaps)
		}
	}
}

// released are the value sets of MyHealth@EU 8.1.0 that bind our fields; a field that is named here without a set takes
// its codes from elsewhere.
var released = map[string][]string{
	"dose-form": {"eHDSIDoseForm"}, "route": {"eHDSIRouteofAdministration"}, "container": {"eHDSIPackage"},
	"dose-unit": {"eHDSIQuantityUnit", "eHDSIUnit"}, "package-unit": {"eHDSIQuantityUnit", "eHDSIUnit"},
	"strength-unit": {"eHDSIQuantityUnit", "eHDSIUnit"}, "time-unit": {"eHDSIUnit"}, "timing-event": {"eHDSITimingEvent"},
	"substitution": {"eHDSISubstitutionCode"}, "role": {"eHDSIHealthcareProfessionalRole"}, "document-code": {"eHDSIDocumentCode"}, "section": {"eHDSISection"},
	"vaccine": {"eHDSIVaccine"}, "severity": {"eHDSISeverity"}, "criticality": {"eHDSICriticality"}, "reaction": {"eHDSIReactionAllergy"},
}

// complete are the fields of which every released code has its words here; the classes are those that EDQM gives its terms.
var complete = map[string][]string{"dose-form": {"PDF", "CMT", "CDF", "CMP", "PFT"}, "route": {"ROA"}, "container": {"CON", "CLO", "DEV"}, "timing-event": nil, "substitution": nil, "role": nil}

// unreleased are codes that we carry although the release does not list them: mappings/README.md says why.
var unreleased = []string{"ucum {dose}"}

func TestEverySharedCodeIsInTheReleasedValueSet(t *testing.T) {
	core := published(t, ',', "terminology", "mvc-core.csv")
	for field, sets := range released {
		codes := map[string]bool{}
		for _, row := range core.rows {
			if slices.Contains(sets, core.cell(row, "valueset")) {
				codes[core.cell(row, "code")] = true
			}
		}
		ours, b := map[string]bool{}, read(t, "eu/"+field+".csv")
		for _, row := range b.rows {
			code := b.cell(row, "code")
			ours[code] = true
			if !codes[code] && !slices.Contains(unreleased, b.cell(row, "system")+" "+code) {
				t.Errorf("%s: the release has no %s", field, code)
			}
		}
		_, whole := complete[field]
		for code := range codes {
			if whole && !ours[code] {
				t.Errorf("%s: %s of the release has no words here", field, code)
			}
		}
	}
}

func TestEveryAtcCodeAndDiagnosisIsInTheReleasedValueSet(t *testing.T) {
	for list, fields := range map[string][]string{
		"mvc-active-ingredient-atc.csv": {"classification", "substance", "allergen"}, "mvc-illness-icd10.csv": {"diagnosis"},
	} {
		codes, known := map[string]bool{}, published(t, ',', "terminology", list)
		for _, row := range known.rows {
			codes[known.cell(row, "code")] = true
		}
		for _, field := range fields {
			b := read(t, "eu/"+field+".csv")
			for _, row := range b.rows {
				system, code := b.cell(row, "system"), b.cell(row, "code")
				if (system == "atc" || system == "icd10") && !strings.HasPrefix(code, "~") && !codes[code] {
					t.Errorf("%s: the release has no %s", field, code)
				}
			}
		}
	}
}

// One substance has one code here. Two codes are of one substance where the release calls them alike, and neither stands for a
// product of several substances.
func TestCodesOfOneSubstanceAreCalledAlikeInTheReleasedList(t *testing.T) {
	names, known := map[string]string{}, published(t, ',', "terminology", "mvc-active-ingredient-atc.csv")
	for _, row := range known.rows {
		names[known.cell(row, "code")] = strings.ToLower(known.cell(row, "display_en"))
	}
	for _, name := range []string{"eu-eu/substance.csv", "fi-eu/substance.csv"} {
		b := read(t, name)
		for _, row := range b.rows {
			code, target := b.cell(row, "code"), b.cell(row, "target")
			if code == "" || code == "*" {
				continue
			}
			if names[code] == "" || names[code] != names[target] {
				t.Errorf("%s: %s is %q and %s %q", name, code, names[code], target, names[target])
			}
			for _, group := range []string{code[:3], code[:4], code[:5]} {
				if strings.Contains(names[group], "combination") {
					t.Errorf("%s: %s is of the group %q", name, code, names[group])
				}
			}
		}
	}
}

// A container is never a unit, and a unit never a route: EDQM says of each term what it is and whether it is current.
func TestEveryTermOfEDQMIsOfTheClassOfItsField(t *testing.T) {
	var edqm struct {
		Concept []struct {
			Code     string
			Property []struct{ Code, ValueCode string }
		}
	}
	text, err := os.ReadFile(filepath.Join(samples(t), "fhir", "edqm-codesystem", "CodeSystem-edqm.json"))
	if err == nil {
		err = json.Unmarshal(text, &edqm)
	}
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]map[string]string{}
	for _, concept := range edqm.Concept {
		said[concept.Code] = map[string]string{}
		for _, property := range concept.Property {
			said[concept.Code][property.Code] = property.ValueCode
		}
	}
	classes := map[string][]string{"dose-unit": {"UOP"}, "package-unit": {"UOP"}, "strength-unit": {"UOP"}}
	for field, class := range complete {
		classes[field] = class
	}
	for field, allowed := range classes {
		b := read(t, "eu/"+field+".csv")
		for _, row := range b.rows {
			code := b.cell(row, "code")
			if b.cell(row, "system") != "edqm" {
				continue
			}
			if term := said[code]; !slices.Contains(allowed, term["class"]) || term["status"] != "C" {
				t.Errorf("%s: %s is of class %q with status %q", field, code, term["class"], term["status"])
			}
		}
	}
}
