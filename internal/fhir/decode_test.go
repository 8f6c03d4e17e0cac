package fhir

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

// made reads a made-up document of testdata/decode.
func made(t testing.TB, name string) []byte {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "decode", name))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// change is one edit of a document: the value at a path like entry.0.resource.status is set, or removed where it is nil.
type change struct {
	path string
	to   any
}

// changed applies edits to a document, without any of the code under test. A "+" at the end of a path appends.
func changed(t testing.TB, source []byte, changes ...change) []byte {
	t.Helper()
	var doc any
	decoder := json.NewDecoder(strings.NewReader(string(source)))
	decoder.UseNumber()
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		doc = put(t, doc, strings.Split(c.path, "."), c.to)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(t testing.TB, at any, path []string, to any) any {
	t.Helper()
	if len(path) == 0 {
		return to
	}
	switch at := at.(type) {
	case map[string]any:
		if at[path[0]] = put(t, at[path[0]], path[1:], to); at[path[0]] == nil {
			delete(at, path[0])
		}
		return at
	case []any:
		if path[0] == "+" {
			return append(at, to)
		}
		n, err := strconv.Atoi(path[0])
		if err != nil || n >= len(at) {
			t.Fatalf("no item %s", path[0])
		}
		if at[n] = put(t, at[n], path[1:], to); at[n] == nil {
			return append(at[:n], at[n+1:]...)
		}
		return at
	case nil:
		if path[0] == "+" {
			return []any{to}
		}
		return put(t, map[string]any{}, path, to)
	}
	t.Fatalf("nothing at %v", path)
	return nil
}

func extensionOf(url, name string, to any) map[string]any {
	return map[string]any{"url": url, name: to}
}

func conceptOf(system, code string) map[string]any {
	return map[string]any{"coding": []any{map[string]any{"system": system, "code": code}}}
}

// prescriptionIn decodes the one prescription of a document.
func prescriptionIn(t *testing.T, source []byte) *node.Prescription {
	t.Helper()
	p := decoded(t, source).Prescription()
	if p == nil {
		t.Fatal("not one prescription")
	}
	return p
}

// originals shows slots as code strings, for comparing.
func originals(slots ...*translation.Slot) []string {
	var codes []string
	for _, slot := range slots {
		if slot == nil {
			codes = append(codes, "none")
			continue
		}
		codes = append(codes, string(slot.Field)+" "+slot.Path+" "+slot.Original().Code+strings.TrimSuffix(" "+slot.Number, " "))
	}
	return codes
}

func TestAnEstonianPrescriptionIsReadWithEveryCodeItHolds(t *testing.T) {
	source := made(t, "ee-tablet.json")
	d := decoded(t, source)
	p := d.Prescription()
	if d.Kind != node.APrescription || d.Format != EstonianR5 || d.Language != "et" || p == nil {
		t.Fatalf("read as %s %s %s", d.Kind, d.Format, d.Language)
	}
	yes := false
	if diff := cmp.Diff(&node.Prescription{
		ID:     node.Identifier{System: systemEstonianID, Value: "1077000001"},
		Status: node.Active, Authored: "2026-02-03", Valid: node.Period{From: "2026-02-03", To: "2026-08-03"},
		Patient: node.Patient{Identifiers: []node.Identifier{{System: "https://fhir.ee/sid/pid/est/ni", Value: "60001019906"}},
			Family: "Žüürmannik", Given: []string{"Õieke", "Mall"}, BirthDate: "2000-01-01", Sex: "female"},
		Prescriber: node.Practitioner{ID: node.Identifier{System: "https://fhir.ee/sid/pro/est/pho", Value: "D07701"},
			Family: "Põdrasoo", Given: []string{"Vaino"}, Role: p.Prescriber.Role,
			Organisation: node.Organisation{ID: node.Identifier{System: "https://fhir.ee/sid/org/est/br", Value: "77000012"},
				Name: "Kägukivi tervisekeskus"}},
		Medication: p.Medication,
		Dosage: []node.Dosage{{Text: "1 tablett hommikul", Dose: p.Dosage[0].Dose,
			Timing: node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", TimeOfDay: []string{"08:00:00"}}}},
		Amount:       node.Amount{Packages: "3", Total: p.Amount.Total, Left: "2"},
		Substitution: node.Substitution{Allowed: &yes, Reason: p.Substitution.Reason},
		Indication:   p.Indication, Course: p.Course, Notes: []string{"Võtta hommikul."}, Language: "et",
	}, p); diff != "" {
		t.Error(diff)
	}
	m := p.Medication
	if m.Name != "Ramizaal" || m.Package.Items.Value != "30" || m.Package.Items.Unit != nil {
		t.Errorf("medicine %q, package %+v", m.Name, m.Package)
	}
	want := []string{
		"product-id medication.product 1770001", "classification medication.classification[0] C09AA05",
		"dose-form medication.form 738", "substance medication.ingredient[0].substance 90008",
		"strength-unit medication.ingredient[0].strength.numerator MG 2.5",
		"strength-unit medication.ingredient[0].strength.denominator TABL 1",
		"dose-unit dosage[0].dose TA 1", "package-unit amount.total TABL 90", "substitution-reason substitution.reason KP01",
		"diagnosis indication[0] I10", "course-of-therapy course P", "other prescriber.role doctor",
	}
	got := originals(m.Product, m.Classification[0], m.Form, m.Ingredients[0].Substance,
		m.Ingredients[0].Strength.Numerator.Unit, m.Ingredients[0].Strength.Denominator.Unit, p.Dosage[0].Dose.Unit,
		p.Amount.Total.Unit, p.Substitution.Reason, p.Indication[0], p.Course, p.Prescriber.Role)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASlotKeepsWhatWasWrittenAndWhereItStood(t *testing.T) {
	source := made(t, "ee-tablet.json")
	d := decoded(t, source)
	form := d.Prescription().Medication.Form
	want := translation.Coding{System: "https://fhir.ee/CodeSystem/ravimvormid", Code: "738", Display: "tablett", Language: "et"}
	if form.Original() != want || form.Current != want || len(form.Hops) != 0 || form.Fate != translation.Untouched {
		t.Errorf("slot %+v", form)
	}
	written := string(source[form.Span.Start:form.Span.End])
	if !strings.HasPrefix(written, "{") || !strings.Contains(written, `"ravimvormid`) && !strings.Contains(written, "ravimvormid") ||
		!json.Valid([]byte(written)) {
		t.Errorf("span holds %s", written)
	}
	last := -1
	for _, slot := range d.Slots {
		if slot.Span.Start <= last {
			t.Errorf("slot %s stands out of order", slot.Path)
		}
		last = slot.Span.Start
	}
}

func TestEstonianClassesComeFromTheNationalCodes(t *testing.T) {
	request := "entry.0.resource."
	for _, c := range []struct {
		name    string
		changes []change
		want    []node.Class
	}{
		{"an ordinary prescription has none", nil, nil},
		{"narcotic", []change{{request + "category.0.coding.0.code", "2"}}, []node.Class{node.Narcotic}},
		{"device card", []change{{request + "category.0.coding.0.code", "3"}}, []node.Class{node.Device}},
		{"the same code of another list is nothing", []change{{request + "category.1.coding.0.code", "2"}}, nil},
		{"private", []change{{request + "extension.0.valueCodeableConcept.coding.0.code", "private"}}, []node.Class{node.Private}},
		{"authorised is not private", []change{{request + "extension.0.valueCodeableConcept.coding.0.code", "v"}}, nil},
		{"locked", []change{{request + "extension.+", extensionOf(extLock, "valueCodeableConcept", conceptOf("x", "1"))}},
			[]node.Class{node.Reserved}},
		{"on hold", []change{{request + "status", "on-hold"}}, []node.Class{node.Reserved}},
		{"unauthorised", []change{{request + "extension.+", extensionOf(extUnauthorised, "valueString", "taotlus")}},
			[]node.Class{node.Unauthorised}},
		{"compounded by profile", []change{{"entry.1.resource.meta.profile.0", profileExtemporal}}, []node.Class{node.Compounded}},
		{"compounded by shape", []change{{"entry.1.resource.identifier", nil},
			{"entry.1.resource.ingredient.0.item.concept", map[string]any{"text": "Rp. Zinci oxydi 12,5"}}}, []node.Class{node.Compounded}},
		{"nutrition", []change{{"entry.1.resource.meta.profile.0", profileNutrition}}, []node.Class{node.Nutrition}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := prescriptionIn(t, changed(t, made(t, "ee-tablet.json"), c.changes...))
			if diff := cmp.Diff(c.want, p.Classes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACombinationPackIsOneItemWithParts(t *testing.T) {
	d := decoded(t, mustRead(t, filepath.Join("testdata", "round", "ee-kit.json")))
	p := d.Prescription()
	if len(p.Medication.Parts) < 2 || len(p.Medication.Ingredients) != 0 || !p.Is(node.Kit) {
		t.Fatalf("%d parts, %d own ingredients, classes %v", len(p.Medication.Parts), len(p.Medication.Ingredients), p.Classes)
	}
	if got := p.Medication.Parts[1].Form.Path; got != "medication.part[1].form" {
		t.Errorf("path %q", got)
	}
}

func TestTwoPartsOfAPackMayBeTheSameMedicine(t *testing.T) {
	m := "entry.1.resource."
	part := map[string]any{"item": map[string]any{"reference": map[string]any{"reference": "Medication/h1"}}}
	d := decoded(t, changed(t, made(t, "ee-tablet.json"), change{m + "ingredient", []any{part, part}}))
	parts := d.Prescription().Medication.Parts
	if len(parts) != 2 || parts[0].Product == nil || parts[0].Product != parts[1].Product {
		t.Errorf("%+v", parts)
	}
}

func mustRead(t testing.TB, path string) []byte {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestEstonianPackagesAreCountedOnlyWhereTheUnitsAgreeAndNothingIsLeftOver(t *testing.T) {
	total := "entry.0.resource.extension.1.valueQuantity"
	volume := func(unit string) change {
		return change{"entry.1.resource.extension.+", extensionOf(extEstonianSize, "valueQuantity",
			map[string]any{"value": json.Number("150"), "system": "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik", "code": unit})}
	}
	denominator := "entry.1.resource.ingredient.0.strengthRatio.denominator.code"
	for _, c := range []struct {
		name           string
		changes        []change
		packages, left string
	}{
		{"ninety tablets of thirty are three packages", nil, "3", "2"},
		{"no total is one package", []change{{"entry.0.resource.extension.1", nil}}, "1", "0"},
		{"more handed out than prescribed leaves none", []change{{"entry.0.resource.extension.1", nil},
			{"entry.6.resource.quantity.value", json.Number("7")}}, "1", "0"},
		{"a remainder is no number of packages", []change{{total + ".value", json.Number("100")}}, "", ""},
		{"zero is no number of packages", []change{{total + ".value", json.Number("0")}}, "", ""},
		{"another unit is not counted", []change{{total + ".code", "KAPSEL"}}, "", ""},
		{"the same code of another system is not counted", []change{{total + ".system", "urn:other"}}, "", ""},
		{"a bare total is not counted", []change{{total + ".code", nil}, {total + ".system", nil}}, "", ""},
		{"millilitres are counted by what one bottle holds",
			[]change{volume("ML"), {total, map[string]any{"value": json.Number("9000"), "code": "ML", "system": "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik"}}}, "2", "1"},
		{"tablets are not counted where an item is a container", []change{volume("ML")}, "", ""},
		{"syringes are counted whatever each of them holds", []change{volume("ML"), {total + ".code", "SÜSTAL"}}, "3", "2"},
		{"pieces are counted where an item holds nothing else", []change{{total + ".code", "TK"}}, "3", "2"},
		{"pieces are not counted where an item is a container", []change{volume("ML"), {total + ".code", "TK"}}, "", ""},
		{"a volume without a known content of the item is not counted",
			[]change{{total + ".code", "ML"}, {denominator, "ML"}}, "", ""},
		{"a dispensation without quantity leaves an unknown rest", []change{{"entry.6.resource.quantity", nil}}, "3", ""},
		{"one entered in error does not count", []change{{"entry.6.resource.status", "entered-in-error"}}, "3", "3"},
		{"one of another prescription does not count", []change{{"entry.6.resource.authorizingPrescription.0",
			map[string]any{"identifier": map[string]any{"system": systemEstonianID, "value": "1077000002"}}}}, "3", "3"},
		{"one that only names the number counts", []change{{"entry.6.resource.authorizingPrescription.0",
			map[string]any{"identifier": map[string]any{"system": systemEstonianID, "value": "1077000001"}}}}, "3", "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := prescriptionIn(t, changed(t, made(t, "ee-tablet.json"), c.changes...))
			if p.Amount.Packages != c.packages || p.Amount.Left != c.left {
				t.Errorf("%q packages, %q left, want %q and %q", p.Amount.Packages, p.Amount.Left, c.packages, c.left)
			}
		})
	}
}

func TestTheEstonianSamplesAreRead(t *testing.T) {
	for _, c := range []struct {
		file         string
		status       node.Status
		substance    string
		left         string
		codedAtLeast int
	}{
		{"case-alprazolam-prescribed-dispensed.json", node.Active, "11707", "0", 20},
		{"case-metformin-prescribed.json", node.Active, "11354", "1", 18},
		{"case-phenoxymethylpenicillin-cancelled.json", node.Cancelled, "11470", "1", 18},
	} {
		t.Run(c.file, func(t *testing.T) {
			d := decoded(t, sample(t, "estonia-r5", c.file))
			p := d.Prescription()
			if d.Format != EstonianR5 || p.Status != c.status || p.Amount.Left != c.left || len(d.Slots) < c.codedAtLeast {
				t.Errorf("%s %s, %q left, %d slots", d.Format, p.Status, p.Amount.Left, len(d.Slots))
			}
			if got := p.Medication.Ingredients[0].Substance.Original().Code; got != c.substance {
				t.Errorf("substance %s", got)
			}
		})
	}
}

func TestAReleaseOfAGuideThatWasNotAgreedIsRefused(t *testing.T) {
	for canonical, agreed := range map[string]bool{
		"http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd":       true,
		"http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd|1.0.0": true,
		"http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd|2.0.0": false,
		"http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd|10.0":  false,
		"http://example.org/other|7": true,
	} {
		guide, version, dated := strings.Cut(canonical, "|")
		if got := !dated || agreedRelease(guide, version); got != agreed {
			t.Errorf("%s: %v", canonical, got)
		}
	}
	const of = "http://hl7.eu/fhir/mpd/StructureDefinition/MedicationRequest-eu-mpd"
	for release, reason := range map[string]string{"|1.0.0": "", "|3.0.0": "fhir.profile"} {
		_, err := Tongue{}.Decode(changed(t, made(t, "mpd-tablet.json"), change{"entry.0.resource.meta.profile.0", of + release}))
		if got := node.AsError(err).Reason; (err == nil) != (reason == "") || (err != nil && got != reason) {
			t.Errorf("%s: %v", release, err)
		}
	}
}
