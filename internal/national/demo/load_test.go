package demo

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sild/internal/fhir"
	"sild/node"
)

func TestThePublishedEstonianCasesLoadAsTheyAre(t *testing.T) {
	r, err := from(t, "EE", samples(t, "estonia-r5"))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.ordered) != 3 || len(r.people) != 1 {
		t.Fatalf("%d prescriptions of %d people, want 3 of 1", len(r.ordered), len(r.people))
	}
	for _, other := range []string{"CodeSystem-atc-ee-fragment.json", "ConceptMap-identity-system-to-oid.json", "medications-special.json"} {
		if !slices.ContainsFunc(r.Skipped(), func(note string) bool { return strings.HasPrefix(note, other+": ") }) {
			t.Errorf("%s was passed over without a note", other)
		}
	}
	// All three have one number. The one that can still be handed out is the one it names.
	call := r.asked(r.people[0].Identifiers[0], node.PrescriptionVerb)
	d, err := r.Prescription(t.Context(), call, node.Ref{ID: r.ordered[0].id})
	if err != nil || !strings.Contains(string(d.Source), "prescription-metformin") {
		t.Errorf("the open one of three prescriptions with one number: %v", err)
	}
}

func TestThePublishedFinnishRequestsAreRefusedWithTheirPlace(t *testing.T) {
	_, err := from(t, "FI", samples(t, "finland-r4"))
	if err == nil {
		t.Fatal("malformed prescriptions were loaded")
	}
	for _, want := range []string{
		"medicationrequestesim1.json: statusReason.coding: array expected, object found",
		"medicationrequestesim2.json: statusReason.coding: array expected, object found",
		"medicationrequestesim2.json: dosageInstruction[1].additionalInstruction: array expected, object found",
		"medicationrequestesim7A.json: statusReason.coding: array expected, object found",
		"medicationrequestesim7A.json: category: array expected, object found",
	} {
		if !slices.Contains(strings.Split(err.Error(), "\n"), want) {
			t.Errorf("not said: %s\nsaid: %v", want, err)
		}
	}
}

// with is a directory of one seed with some files changed: a nil content takes the file away.
func with(t *testing.T, country string, changed map[string]func(string) string) fstest.MapFS {
	t.Helper()
	nation, err := nationOf(country)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	err = fs.WalkDir(seed, nation.seed, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(seed, name)
		files[strings.TrimPrefix(name, nation.seed+"/")] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range changed {
		var before string
		if files[name] != nil {
			before = string(files[name].Data)
		}
		after := change(before)
		if after == before {
			t.Fatalf("%s: the planted change changes nothing", name)
		}
		if files[name] = (&fstest.MapFile{Data: []byte(after)}); after == "" {
			delete(files, name)
		}
	}
	return files
}

func replacing(before, after string) func(string) string {
	return func(content string) string { return strings.Replace(content, before, after, 1) }
}

func becoming(content string) func(string) string { return func(string) string { return content } }

func TestADirectoryIsRefusedWithEveryFaultInIt(t *testing.T) {
	for _, c := range []struct {
		name, country string
		changed       map[string]func(string) string
		want          []string
	}{
		{"two broken prescriptions, three faults", "FI", map[string]func(string) string{
			"prescriptions/oral-suspension.json": func(content string) string {
				content = strings.Replace(content, `"statusReason": {"coding": [{"system": "urn:oid:1.2.246.537.5.40105.2006", "code": "1"}]}`,
					`"statusReason": {"coding": {"system": "urn:oid:1.2.246.537.5.40105.2006", "code": "1"}}`, 1)
				return strings.Replace(content, `"authoredOn": "2026-09-01T09:12:00+03:00"`, `"authoredOn": "2026-02-30"`, 1)
			},
			"prescriptions/three-packages.json": replacing(`"status": "active"`, `"status": ["active"]`),
		}, []string{
			"prescriptions/oral-suspension.json: entry[0].resource.statusReason.coding: array expected, object found",
			"prescriptions/oral-suspension.json: entry[0].resource.authoredOn: not a date of the calendar, or a time without its zone",
			"prescriptions/three-packages.json: entry[0].resource.status: string expected, array found",
		}},
		{"no JSON", "EE", map[string]func(string) string{"rights.json": becoming(`{"consents": [],`)},
			[]string{"rights.json: not JSON at byte 16"}},
		{"a prescription of the other country", "EE", map[string]func(string) string{
			"other.json": becoming(string(with(t, "FI", nil)["prescriptions/oral-suspension.json"].Data))},
			[]string{"other.json: not a prescription of this country: ee-fhir-r5 expected, fi-fhir-r4 found"}},
		{"a prescription without its Bundle", "EE", map[string]func(string) string{"alone.json": becoming(`{"resourceType": "MedicationRequest"}`)},
			[]string{"alone.json: a MedicationRequest alone: it belongs into a collection Bundle with its Medication and Patient"}},
		{"a restriction of nobody", "EE", map[string]func(string) string{"rights.json": replacing("48807299932", "48807299999")},
			[]string{"rights.json: restrictions[0].patient: nobody in this register has this identifier"}},
		{"a restriction that nobody enforces", "EE", map[string]func(string) string{"rights.json": replacing(`"scope": "all"`, `"scope": "everything"`)},
			[]string{"rights.json: restrictions[0].scope: one of all, summary, prescriptions and section is needed"}},
		{"a mistyped member", "EE", map[string]func(string) string{"rights.json": replacing(`"country"`, `"cuontry"`)},
			[]string{`rights.json: json: unknown field "cuontry"`}},
		{"someone else's identifier", "EE", map[string]func(string) string{"patients.json": replacing("1974-05-17", "1974-05-18")},
			[]string{"prescriptions/inhaler.json: the patient has the identifier of another person of this register"}},
		{"a medicine list with other columns", "FI", map[string]func(string) string{"medicines.csv": replacing("strength_unit,", "unit,")},
			[]string{"medicines.csv: the first row must be " + medicineColumns}},
		{"a person without an identifier", "EE", map[string]func(string) string{"patients.json": replacing(`"identifier": [{`, `"other": [{`)},
			[]string{"patients.json: patients[0].resource: identifier: a person needs an identifier with its system"}},
		{"a person of another resource", "EE", map[string]func(string) string{"patients.json": replacing(`"resourceType": "Patient"`, `"resourceType": "Person"`)},
			[]string{"patients.json: patients[0].resource: a Patient expected"}},
		{"a name that is no list", "EE", map[string]func(string) string{"more.json": becoming(`{"resourceType": "Patient", "name": {}}`)},
			[]string{"more.json: name: array expected, object found"}},
		{"a consent for no country", "FI", map[string]func(string) string{"rights.json": replacing(`["*"]`, `[]`)},
			[]string{"rights.json: consents[0].countries: a consent names its countries, or *"}},
		{"a day of another form", "FI", map[string]func(string) string{"rights.json": replacing("2026-01-01", "1.1.2026")},
			[]string{"rights.json: consents[0].since: a date of the form YYYY-MM-DD is needed"}},
		{"a broken summary", "EE", map[string]func(string) string{"summaries/m1.json": replacing(`"status": "final"`, `"status": 1`)},
			[]string{"summaries/m1.json: entry[0].resource.status: string expected, number found"}},
		{"a strength that is no decimal", "FI", map[string]func(string) string{"medicines.csv": replacing(",12.5,", `,"12,5",`)},
			[]string{"medicines.csv: vnr 990105: A number of the medicine list is not a plain decimal."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := from(t, c.country, with(t, c.country, c.changed))
			if err == nil {
				t.Fatal("it was loaded")
			}
			lines := strings.Split(err.Error(), "\n")
			for _, want := range c.want {
				if !slices.Contains(lines, want) {
					t.Errorf("not said: %s\nsaid: %v", want, err)
				}
			}
		})
	}
}

func TestOtherFilesArePassedOverWithANote(t *testing.T) {
	more := map[string]string{
		"README.md":          "not a file of a register",
		"numbers.json":       "not a file of a register",
		"settings.json":      "not a file of a register",
		"codes/list.json":    "a CodeSystem that is no prescription, summary or person",
		"medicines.csv":      "this country's prescriptions need no medicine list",
		"deep/medicine.json": "a Medication that is no prescription, summary or person",
	}
	files := with(t, "EE", map[string]func(string) string{
		"README.md": becoming("words"), "numbers.json": becoming("[1]"), "settings.json": becoming(`{"type": {"a": 1}}`),
		"codes/list.json": becoming(`{"resourceType": "CodeSystem", "type": 1}`), "medicines.csv": becoming("vnr"),
		"deep/medicine.json": becoming(`{"resourceType": "Medication"}`),
	})
	r, err := from(t, "EE", files)
	if err != nil {
		t.Fatal(err)
	}
	for file, why := range more {
		if !slices.Contains(r.Skipped(), file+": "+why) {
			t.Errorf("no note on %s: %v", file, r.Skipped())
		}
	}
	if len(r.Skipped()) != len(more) {
		t.Errorf("%d notes for %d files: %v", len(r.Skipped()), len(more), r.Skipped())
	}
}

func TestAPersonMayHaveAFileOfTheirOwn(t *testing.T) {
	r, err := from(t, "EE", with(t, "EE", map[string]func(string) string{"anna.json": becoming(
		`{"resourceType": "Patient", "identifier": [{"system": "urn:x", "value": "1"}], "name": [{"family": "Tähepõld"}]}`)}))
	if err != nil {
		t.Fatal(err)
	}
	if found, err := r.find("test", node.Identifier{System: "urn:x", Value: "1"}); err != nil || found.Family != "Tähepõld" {
		t.Errorf("%v", err)
	}
}

func TestTheMedicineListGoesBesideAPrescriptionWithoutTouchingIt(t *testing.T) {
	source, err := fs.ReadFile(seed, "seed/fi/prescriptions/combination-product.json")
	if err != nil {
		t.Fatal(err)
	}
	both, err := WithMedicineList(source, nil)
	if err != nil {
		t.Fatal(err)
	}
	read, err := (fhir.Tongue{}).Decode(both)
	if err != nil || len(read.Prescription().Medication.Ingredients) != 2 {
		t.Errorf("the composed document has no structured strength: %v", err)
	}
	list, _ := memberOf(source, "entry")
	if string(both[:list.end-1]) != string(source[:list.end-1]) || !strings.HasSuffix(string(both), string(source[list.end-1:])) {
		t.Error("bytes of the prescription were changed")
	}
	if _, err := WithMedicineList(source, []byte("vnr")); err == nil {
		t.Error("a list with other columns was taken")
	}
	estonian := with(t, "EE", nil)["prescriptions/inhaler.json"].Data
	if same, err := WithMedicineList(estonian, nil); err != nil || string(same) != string(estonian) {
		t.Errorf("a document that needs no list came back changed: %v", err)
	}
}

func TestAPatientMayComeWithThePrescription(t *testing.T) {
	gone := map[string]func(string) string{"patients.json": becoming(""), "rights.json": becoming("")}
	r, err := from(t, "FI", with(t, "FI", gone))
	if err != nil {
		t.Fatal(err)
	}
	p := r.named(t, "plain-tablet")
	found, err := r.FindPatient(t.Context(), r.asked(p.patient.Identifiers[0], node.FindPatientVerb), node.Demographics{})
	if err != nil || found.Family != p.patient.Family {
		t.Errorf("the patient of a prescription is unknown: %v", err)
	}
	if len(r.Cases()) > 0 {
		t.Error("people without a case are listed as cases")
	}
}
