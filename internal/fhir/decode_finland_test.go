package fhir

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

// tablet is a row of the medicine list for the package of fi-tablet.json.
func tablet() MedicineRow {
	return MedicineRow{VNR: "770101", Name: "Särkyvä", ATC: "M01AE01", Form: "10219000", FormText: "tabletti", PackItems: "30",
		PackItemUnit: "18", Substance: "M01AE01", SubstanceName: "ibuprofeeni", Strength: "400", StrengthUnit: "13", Per: "1", PerUnit: "18"}
}

// withList adds the entries of the medicine list to a document, as the register does.
func withList(t *testing.T, source []byte, rows ...MedicineRow) []byte {
	t.Helper()
	entries, err := FinnishMedicine(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		source = changed(t, source, change{"entry.+", json.RawMessage(entry)})
	}
	return source
}

func TestAFinnishPrescriptionTakesItsStructuredStrengthFromTheMedicineList(t *testing.T) {
	d := decoded(t, withList(t, made(t, "fi-tablet.json"), tablet()))
	p := d.Prescription()
	if d.Format != FinnishR4 || d.Language != "fi" || p.Version != "2" || p.ID.Value != "urn:oid:1.2.246.10.1234567.93.2026.7700" {
		t.Fatalf("%s %s version %s of %s", d.Format, d.Language, p.Version, p.ID.Value)
	}
	m := p.Medication
	want := []string{
		"product-id medication.product 770101", "classification medication.classification[0] M01AE01",
		"dose-form medication.form 10219000", "package-unit medication.package.items 18 30",
		"substance medication.ingredient[0].substance M01AE01", "strength-unit medication.ingredient[0].strength.numerator 13 400",
		"strength-unit medication.ingredient[0].strength.denominator 18 1", "route dosage[0].route 1055",
		"dose-unit dosage[0].dose 18 1", "dose-unit dosage[0].doseHigh 18 2",
	}
	got := originals(m.Product, m.Classification[0], m.Form, m.Package.Items.Unit, m.Ingredients[0].Substance,
		m.Ingredients[0].Strength.Numerator.Unit, m.Ingredients[0].Strength.Denominator.Unit, p.Dosage[0].Route,
		p.Dosage[0].Dose.Unit, p.Dosage[0].DoseHigh.Unit)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if m.Form.Text != "tabletti" || m.Name != "Särkyvä" {
		t.Errorf("form in words %q, name %q", m.Form.Text, m.Name)
	}
	dose := p.Dosage[0]
	if dose.Text != "1 tabletti tarvittaessa" || dose.AsNeeded == nil || !*dose.AsNeeded || dose.Additional[0] != "Ruoan kanssa." {
		t.Errorf("dosage %+v", dose)
	}
	if diff := cmp.Diff(node.Timing{Frequency: "1", FrequencyMax: "3", Period: "1", PeriodUnit: "d", BoundsValue: "5", BoundsUnit: "d",
		BoundsFrom: "2026-02-04"}, dose.Timing); diff != "" {
		t.Error(diff)
	}
	if p.Amount.Packages != "3" || p.Amount.Left != "2" || p.Notes[0] != "Särkyyn." || p.Substitution.Text != "Lääkärin sana." {
		t.Errorf("amount %+v, notes %v, substitution %q", p.Amount, p.Notes, p.Substitution.Text)
	}
}

func TestWithoutAMedicineListEntryTheFinnishMedicineStaysWithoutFormAndStrength(t *testing.T) {
	other := tablet()
	other.VNR = "770102"
	for name, source := range map[string][]byte{
		"no entry":         made(t, "fi-tablet.json"),
		"another medicine": withList(t, made(t, "fi-tablet.json"), other),
		"an entry without the mark of the list": changed(t, withList(t, made(t, "fi-tablet.json"), tablet()),
			change{"entry.7.resource.meta", nil}),
	} {
		m := prescriptionIn(t, source).Medication
		if m.Form != nil || len(m.Ingredients) != 0 || !m.Package.Items.IsZero() {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestAFinnishCombinationPackHasItsPartsFromTheList(t *testing.T) {
	first, second := tablet(), tablet()
	first.Part, second.Part = "1", "2"
	second.Name, second.Form, second.PackItems, second.Substance = "Särkyvä yö", "10210000", "7", "N02BE01"
	third := second
	third.Substance, third.Strength = "R06AA02", "25"
	p := prescriptionIn(t, withList(t, made(t, "fi-tablet.json"), first, second, third))
	if !p.Is(node.Kit) || len(p.Medication.Parts) != 2 || len(p.Medication.Ingredients) != 0 {
		t.Fatalf("%+v", p.Medication)
	}
	part := p.Medication.Parts[1]
	if part.Name != "Särkyvä yö" || part.Classification[0].Original().Code != "M01AE01" || len(part.Ingredients) != 2 ||
		part.Ingredients[1].Strength.Numerator.Value != "25" || part.Form.Path != "medication.part[1].form" {
		t.Errorf("part %+v", part)
	}
}

func TestFinnishClassesComeFromTheNationalCodes(t *testing.T) {
	r, m := "entry.0.resource.", "entry.1.resource."
	coding := func(code string) any {
		return map[string]any{"system": "urn:oid:1.2.246.537.5.40118.2006", "code": code}
	}
	kind := func(code string) []change { return []change{{m + "extension.1.valueCoding.code", code}} }
	for _, c := range []struct {
		name    string
		changes []change
		want    []node.Class
	}{
		{"an ordinary prescription has none", nil, nil},
		{"narcotic", []change{{m + "extension.3.valueBoolean", true}}, []node.Class{node.Narcotic}},
		{"central nervous system", []change{{m + "extension.+", extensionOf(extKantaCNS, "valueCoding", coding("PA"))}},
			[]node.Class{node.CentralActing}},
		{"special permit", kind("2"), []node.Class{node.SpecialPermit}},
		{"pharmacy-made", kind("3"), []node.Class{node.Compounded}},
		{"clinical nutrition", kind("4"), []node.Class{node.Nutrition}},
		{"base cream", kind("5"), []node.Class{node.Nutrition}},
		{"device", kind("6"), []node.Class{node.Device}},
		{"iterated", []change{{r + "dispenseRequest.numberOfRepeatsAllowed", json.Number("3")},
			{r + "dispenseRequest.dispenseInterval", map[string]any{"value": json.Number("30"), "unit": "d"}}}, []node.Class{node.Iterated}},
		{"repeats without interval are not iterated", []change{{r + "dispenseRequest.numberOfRepeatsAllowed", json.Number("3")}}, nil},
		{"by duration", []change{{r + "dispenseRequest.extension.0.valueCoding.code", "3"}}, []node.Class{node.ByDuration}},
		{"dose dispensing", []change{{r + "extension.2.valueBoolean", true}}, []node.Class{node.DoseDispensed}},
		{"banned by the patient", []change{{r + "extension.+", extensionOf(extKantaBan, "valueBoolean", true)}}, []node.Class{node.Banned}},
		{"a ban that is false is none", []change{{r + "extension.+", extensionOf(extKantaBan, "valueBoolean", false)}}, nil},
		{"reserved", []change{{r + "status", "on-hold"}}, []node.Class{node.Reserved}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, prescriptionIn(t, changed(t, made(t, "fi-tablet.json"), c.changes...)).Classes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFinnishPackagesAreCountedByNumberOrByTotal(t *testing.T) {
	extensions := "entry.0.resource.dispenseRequest.extension."
	total := func(value, code string) change {
		return change{extensions + "1", extensionOf(extKantaTotal, "valueQuantity",
			map[string]any{"value": json.Number(value), "system": systemDemoUnit, "code": code})}
	}
	bottle := tablet()
	bottle.PackItems, bottle.PackItemUnit, bottle.ItemContent, bottle.ItemContentUnit = "2", "15", "150", "02"
	for _, c := range []struct {
		name           string
		rows           MedicineRow
		changes        []change
		packages, left string
	}{
		{"three packages", tablet(), nil, "3", "2"},
		{"packages times factor", tablet(), []change{{extensions + "1.extension.0.valuePositiveInt", json.Number("4")}}, "12", "11"},
		{"packages without factor", tablet(), []change{{extensions + "1.extension.0", nil}}, "3", "2"},
		{"a total of tablets", tablet(), []change{total("60", "18")}, "2", "1"},
		{"a total that does not come out even", tablet(), []change{total("61", "18")}, "", ""},
		{"a total of millilitres", bottle, []change{total("600", "02")}, "2", "1"},
		{"a total of bottles", bottle, []change{total("4", "15")}, "2", "1"},
		{"a total in another unit", bottle, []change{total("600", "12")}, "", ""},
		{"a time is no number of packages", tablet(), []change{{extensions + "0.valueCoding.code", "3"}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			amount := prescriptionIn(t, changed(t, withList(t, made(t, "fi-tablet.json"), c.rows), c.changes...)).Amount
			if amount.Packages != c.packages || amount.Left != c.left {
				t.Errorf("%q packages, %q left, want %q and %q", amount.Packages, amount.Left, c.packages, c.left)
			}
		})
	}
}

func TestATimeUnitOfAnotherListIsNotTakenForOneOfUCUM(t *testing.T) {
	bounds := "entry.0.resource.dosageInstruction.0.timing.repeat.boundsDuration."
	d := decoded(t, changed(t, made(t, "fi-tablet.json"), change{bounds + "system", "urn:other"}))
	if timing := d.Prescription().Dosage[0].Timing; timing.BoundsValue != "" || timing.BoundsUnit != "" {
		t.Errorf("%+v", timing)
	}
	for _, slot := range d.Slots {
		if slot.Original().System == "urn:other" && slot.Number == "5" && slot.Field == translation.Other {
			return
		}
	}
	t.Error("the duration is dropped in silence")
}

func TestARowOfTheMedicineListThatIsBrokenIsRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*MedicineRow)
		reason string
	}{
		{"no package number", func(r *MedicineRow) { r.VNR = "" }, "medicine.vnr"},
		{"decimal comma", func(r *MedicineRow) { r.Strength = "2,5" }, "medicine.number"},
		{"leading zero", func(r *MedicineRow) { r.PackItems = "030" }, "medicine.number"},
		{"words", func(r *MedicineRow) { r.Per = "yksi" }, "medicine.number"},
	} {
		row := tablet()
		c.change(&row)
		_, err := FinnishMedicine([]MedicineRow{row})
		if err == nil || node.AsError(err).Reason != c.reason {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := FinnishMedicine(nil); err == nil {
		t.Error("no rows make a medicine")
	}
	if _, err := FinnishMedicine([]MedicineRow{tablet(), {VNR: "770102"}}); err == nil {
		t.Error("rows of two medicines make one")
	}
}

func TestAnAddressUnderProtectionIsSeenInTheFinnishMark(t *testing.T) {
	mark := func(system, code string) change {
		return change{"entry.2.resource.meta", map[string]any{"security": []any{map[string]any{"system": system, "code": code}}}}
	}
	for _, c := range []struct {
		name string
		mark change
		want bool
	}{
		{"no mark", change{"entry.2.resource.meta", nil}, false},
		{"protected", mark(addressProtection, "1"), true},
		{"another mark", mark("urn:oid:1.2.246.537.5.40202.201901", "1"), false},
	} {
		d := decoded(t, changed(t, made(t, "fi-tablet.json"), c.mark))
		if d.Patient.Protected != c.want || d.Prescription().Patient.Protected != c.want {
			t.Errorf("%s: protected %v", c.name, d.Patient.Protected)
		}
		if len(d.Elements) != 1 || d.Elements[0].Name != "address" {
			t.Errorf("%s: elements %+v", c.name, d.Elements)
		}
	}
}
