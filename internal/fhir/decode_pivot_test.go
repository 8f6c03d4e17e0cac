package fhir

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

func TestThePivotFormTellsTheWholeLifeOfACode(t *testing.T) {
	d := decoded(t, made(t, "mpd-tablet.json"))
	p := d.Prescription()
	if d.Kind != node.APrescription || d.Format != node.MPD || d.Language != "fi" || p == nil {
		t.Fatalf("read as %s %s", d.Kind, d.Format)
	}
	form := p.Medication.Form
	national := translation.Coding{System: systemFinnishForm, Code: "10219000", Display: "tabletti", Language: "fi"}
	pivot := translation.Coding{System: "http://standardterms.edqm.eu", Code: "10219000", Display: "Tablet", Language: "fi"}
	if form.Original() != national || form.Current != pivot {
		t.Errorf("from %+v to %+v", form.Original(), form.Current)
	}
	step := translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent, Map: "fi-eu/dose-form", Release: "0badcafe",
		Country: "FI", Draft: true}
	if len(form.Hops) != 1 || *form.Hops[0].Step != step {
		t.Errorf("%+v", form.Hops)
	}
	atc := p.Medication.Classification[0]
	if len(atc.Hops) != 1 || atc.Hops[0].Kind != translation.Asserted || atc.Hops[0].Map != "" {
		t.Errorf("a step that the Provenance does not tell: %+v", atc.Hops)
	}
	if substance := p.Medication.Ingredients[0].Substance; len(substance.Hops) != 0 || substance.Original() != substance.Current {
		t.Errorf("a code without steps: %+v", substance)
	}
	dose := p.Dosage[0].Dose
	value, unit := dose.Now()
	if dose.Value != "1" || dose.Unit.Original().Code != "18" || unit.Code != "15054000" || value != "1" || len(dose.Unit.Hops) != 1 {
		t.Errorf("dose %+v", dose.Unit)
	}
	if dose.Unit.Rendered != "tablett" || dose.Unit.Language != "et" {
		t.Errorf("the reader's words %q in %q", dose.Unit.Rendered, dose.Unit.Language)
	}
}

func TestAStepThatTheProvenanceTellsOfAnotherPlaceOrCodeIsOnlyAsserted(t *testing.T) {
	hop := "entry.6.resource.extension.0.extension."
	for _, c := range []struct {
		name string
		edit change
	}{
		{"another path", change{hop + "0.valueString", "medication.part[0].form"}},
		{"another origin", change{hop + "2.valueCoding.code", "10221000"}},
		{"another target", change{hop + "3.valueCoding.system", "urn:other"}},
	} {
		form := prescriptionIn(t, changed(t, made(t, "mpd-tablet.json"), c.edit)).Medication.Form
		if len(form.Hops) != 1 || form.Hops[0].Kind != translation.Asserted {
			t.Errorf("%s: %+v", c.name, form.Hops)
		}
	}
}

func TestAStepThatChangedNothingIsToldOnce(t *testing.T) {
	hop := "entry.6.resource.extension.0.extension."
	same := map[string]any{"system": "http://www.whocc.no/atc", "code": "M01AE01"}
	p := prescriptionIn(t, changed(t, made(t, "mpd-tablet.json"), change{hop + "0.valueString", "medication.ingredient[0].substance"},
		change{hop + "1.valueCode", "identity"}, change{hop + "2.valueCoding", same}, change{hop + "3.valueCoding", same}))
	hops := p.Medication.Ingredients[0].Substance.Hops
	if len(hops) != 1 || hops[0].Kind != translation.Identity || hops[0].Map != "fi-eu/dose-form" {
		t.Errorf("%+v", hops)
	}
}

func TestTheLossReportOfCountryAIsReadBack(t *testing.T) {
	d := decoded(t, made(t, "mpd-tablet.json"))
	want := &node.Report{Release: "0badcafe",
		Told: []node.Line{{Path: "medication.form", Field: translation.DoseForm, Fate: translation.Mapped,
			Relation: translation.Equivalent, Draft: true,
			Original: translation.Coding{System: systemFinnishForm, Code: "10219000"},
			Current:  translation.Coding{System: "http://standardterms.edqm.eu", Code: "10219000"}}},
		Lost: []node.Residue{{Path: "entry[0].resource.note[0]", Why: "No field of the record holds it."}},
	}
	if diff := cmp.Diff(want, d.Peer); diff != "" {
		t.Error(diff)
	}
	d, err := Tongue{}.Decode(made(t, "mpd-tablet.json"))
	if err != nil || !d.At.Equal(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("made at %v, %v", d.At, err)
	}
	if left := d.Prescription().Amount; left.Packages != "3" || left.Left != "2" {
		t.Errorf("amount %+v", left)
	}
}

func TestAFateThatNobodyKnowsIsNone(t *testing.T) {
	d := decoded(t, changed(t, made(t, "mpd-tablet.json"), change{"entry.7.resource.issue.0.extension.0.extension.2.valueCode", "carried"}))
	if line := d.Peer.Told[0]; line.Fate != translation.Untouched {
		t.Errorf("%+v", line)
	}
}

func TestASearchsetWithoutProvenanceOrWithSeveralMatchesIsAListing(t *testing.T) {
	d, withheld, err := Tongue{}.DecodeListing(made(t, "mpd-listing.json"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind != node.AListing || len(d.Prescriptions) != 2 || d.Prescription() != nil {
		t.Fatalf("%s of %d", d.Kind, len(d.Prescriptions))
	}
	if diff := cmp.Diff([]node.Withheld{{Slot: "medication.form", Detail: "One item could not be carried."}}, withheld); diff != "" {
		t.Error(diff)
	}
	first, second := d.Prescriptions[0], d.Prescriptions[1]
	if second.Dosage[0].Dose.Unit.Path != "prescription[1].dosage[0].dose" || first.ID == second.ID {
		t.Errorf("second item %s at %s", second.ID.Value, second.Dosage[0].Dose.Unit.Path)
	}
	if first.Medication.Form == nil || first.Medication.Form != second.Medication.Form {
		t.Error("two items that share a medicine have two slots for one place")
	}
	single := changed(t, made(t, "mpd-tablet.json"), change{"entry.6", nil})
	if d := decoded(t, single); d.Kind != node.AListing || d.Prescriptions[0].Medication.Form.Path != "prescription[0].medication.form" {
		t.Errorf("one match without provenance is %s", d.Kind)
	}
}

func TestAnEmptyListingHasNeitherPatientNorPrescriptions(t *testing.T) {
	d, withheld, err := Tongue{}.DecodeListing(made(t, "mpd-empty.json"))
	if err != nil || d.Kind != node.AListing || len(d.Prescriptions) != 0 || len(withheld) != 0 || d.Patient.Family != "" {
		t.Errorf("%v %+v", err, d)
	}
	if _, _, err := (Tongue{}).DecodeListing(made(t, "eps-small.json")); node.AsError(err).Reason != "fhir.format" {
		t.Errorf("a summary as listing: %v", err)
	}
}

func TestAnAmountInUnitsOfTheMedicineIsATotal(t *testing.T) {
	quantity := "entry.0.resource.dispenseRequest.extension.0.valueQuantity"
	for _, c := range []struct {
		name            string
		edit            change
		packages, total string
	}{
		{"tablets that fill packages", change{quantity, map[string]any{"value": 60, "system": "http://standardterms.edqm.eu", "code": "15054000"}}, "2", "60"},
		{"tablets that do not", change{quantity, map[string]any{"value": 61, "system": "http://standardterms.edqm.eu", "code": "15054000"}}, "", "61"},
		{"another unit", change{quantity, map[string]any{"value": 60, "system": "http://standardterms.edqm.eu", "code": "15060000"}}, "", "60"},
		{"nothing said", change{quantity, nil}, "", ""},
	} {
		amount := prescriptionIn(t, changed(t, made(t, "mpd-tablet.json"), c.edit)).Amount
		if amount.Packages != c.packages || amount.Total.Value != c.total {
			t.Errorf("%s: %+v", c.name, amount)
		}
	}
}

func TestADispensationCarriesAllItSpeaksOf(t *testing.T) {
	d := decoded(t, made(t, "dispensation.json"))
	given := d.Dispensation
	if d.Kind != node.ADispensation || given == nil {
		t.Fatalf("read as %s", d.Kind)
	}
	yes := true
	if diff := cmp.Diff(&node.Dispensation{
		ID:           node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:77000000-0000-4000-8000-00000000d151"},
		Status:       "completed",
		Prescription: node.Identifier{System: "http://resepti.kanta.fi/fhir/id/id", Value: "urn:oid:1.2.246.10.1234567.93.2026.7701"},
		Patient: node.Patient{Identifiers: []node.Identifier{{System: "urn:oid:1.2.246.21", Value: "010594Y9032"}},
			Family: "Šänkkilä", Given: []string{"Åke"}, BirthDate: "1994-05-01"},
		Pharmacist: node.Practitioner{ID: node.Identifier{System: "https://fhir.ee/sid/pro/est/pho", Value: "P07702"}, Family: "Hõbe Rästik",
			Organisation: node.Organisation{ID: node.Identifier{System: "https://fhir.ee/sid/org/est/br", Value: "77000099"}, Name: "Žanni apteek"}},
		Medication: given.Medication, Packages: "1", HandedOver: "2026-03-02T11:29:00+02:00", Recorded: "2026-03-02T09:30:00Z",
		Substituted: &yes, Notes: []string{"Teine pakend."},
	}, given); diff != "" {
		t.Error(diff)
	}
	form := given.Medication.Form
	if form.Original().Code != "738" || form.Current.Code != "10219000" || form.Hops[0].Map != "ee-eu/dose-form" || form.Hops[0].Country != "EE" {
		t.Errorf("form %+v", form)
	}
}

func TestADispensationEnteredInErrorIsAWithdrawal(t *testing.T) {
	d := decoded(t, changed(t, made(t, "dispensation.json"), change{"status", "entered-in-error"}, change{"contained.0.status", "entered-in-error"}))
	if d.Kind != node.AWithdrawal || d.Dispensation.Status != "entered-in-error" || d.Dispensation.ID.Value == "" {
		t.Errorf("%s %+v", d.Kind, d.Dispensation)
	}
}

func TestWhenTheHandOverIsNotSaidItWasWhenItWasRecorded(t *testing.T) {
	d := decoded(t, changed(t, made(t, "dispensation.json"), change{"whenHandedOver", nil}))
	if d.Dispensation.HandedOver != d.Dispensation.Recorded {
		t.Errorf("handed over %s", d.Dispensation.HandedOver)
	}
}
