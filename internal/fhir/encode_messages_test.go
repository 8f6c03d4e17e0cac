package fhir

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/node"
	"sild/translation"
)

// handedOut is a dispensation that a Finnish pharmacy made on the Estonian prescription of testdata/round, in Finnish
// codes that are carried to shared ones.
func handedOut() *node.Document {
	slot := func(field translation.Field, path, system, code string) *translation.Slot {
		return translation.NewSlot(field, path, translation.Coding{System: system, Code: code, Display: "sana " + code})
	}
	unit := func(path, number, code string) node.Quantity {
		s := slot(translation.StrengthUnit, path, systemDemoUnit, code)
		s.Number = number
		return node.Quantity{Value: number, Unit: s}
	}
	substituted := true
	form := slot(translation.DoseForm, "medication.form", systemFinnishForm, "10219000")
	atc := slot(translation.Classification, "medication.classification[0]", systemFinnishATC, "C09BA05")
	substance := slot(translation.Substance, "medication.ingredient[0].substance", systemFinnishATC, "C09AA05")
	product := translation.NewSlot(translation.ProductID, "medication.product", translation.Coding{System: systemVNR, Code: "990101"})
	strength := &node.Ratio{Numerator: unit("medication.ingredient[0].strength.numerator", "5.0", "13"),
		Denominator: unit("medication.ingredient[0].strength.denominator", "1", "18")}
	items := unit("medication.package.items", "30", "18")
	items.Unit.Field = translation.PackageUnit
	d := &node.Document{Kind: node.ADispensation, Format: "fi-pharmacy", Language: "fi", At: translated()}
	d.Patient = node.Patient{Identifiers: []node.Identifier{{System: "https://fhir.ee/sid/pid/est/ni", Value: "48002299001"}},
		Family: "Öövelžuk", Given: []string{"Šaana"}, BirthDate: "1980-02-29", Sex: "female"}
	d.Slots = []*translation.Slot{form, atc, substance, strength.Numerator.Unit, strength.Denominator.Unit, items.Unit}
	d.Dispensation = &node.Dispensation{
		ID: node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:oid:1.2.246.10.1234567.93.2026.77"}, Status: "completed",
		Prescription: node.Identifier{System: systemEstonianID, Value: "1999000001"},
		Patient:      d.Patient,
		Pharmacist: node.Practitioner{ID: node.Identifier{System: "urn:oid:1.2.246.537.25", Value: "99999"}, Family: "Yöpöllö",
			Given: []string{"Äinö", "Å"}, Role: slot(translation.Other, "dispensation.pharmacist.role", "urn:example:role", "2262"),
			Organisation: node.Organisation{ID: node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:oid:1.2.246.10.99"}, Name: "Yöapteekki"}},
		Medication: node.Medication{Product: product, Name: "Ramilehto 5 mg", Form: form, Classification: []*translation.Slot{atc},
			Ingredients: []node.Ingredient{{Substance: substance, Strength: strength}}, Package: node.Package{Items: items}},
		Packages: "1", HandedOver: "2026-11-21T15:00:00+02:00", Recorded: "2026-11-21T15:00:05+02:00", Substituted: &substituted,
		Notes: []string{"Vaihdettu."},
	}
	carry(d, "FI")
	return d
}

func TestADispensationReadBackIsTheOneThatWasSent(t *testing.T) {
	for _, kind := range []node.DocumentKind{node.ADispensation, node.AWithdrawal} {
		t.Run(string(kind), func(t *testing.T) {
			sent := handedOut()
			sent.Kind = kind
			body := encoded(t, sent, node.MPD, nil, nil)
			read := decoded(t, body)
			want := *sent.Dispensation
			want.Pharmacist.Given, want.Pharmacist.Family = nil, "Äinö Å Yöpöllö" // a display has no parts
			if kind == node.AWithdrawal {
				want.Status = "entered-in-error"
			}
			if read.Kind != kind {
				t.Errorf("read as %s", read.Kind)
			}
			options := cmp.Options{asSent(), cmpopts.IgnoreFields(node.Practitioner{}, "Family", "Given", "Role")}
			if diff := cmp.Diff(&want, read.Dispensation, options); diff != "" {
				t.Errorf("sent (-) and read (+) differ:\n%s", diff)
			}
			if !bytes.Contains(body, []byte("Äinö Å Yöpöllö")) {
				t.Error("the pharmacist has no name")
			}
		})
	}
}

func TestADispensationThatLacksWhatARegisterNeedsIsRefused(t *testing.T) {
	for slot, spoil := range map[string]func(*node.Dispensation){
		"dispensation.identifier":   func(d *node.Dispensation) { d.ID.Value = "" },
		"dispensation.prescription": func(d *node.Dispensation) { d.Prescription.Value = "" },
		"dispensation.packages":     func(d *node.Dispensation) { d.Packages = "" },
		"dispensation.recorded":     func(d *node.Dispensation) { d.Recorded = "" },
		"dispensation.status":       func(d *node.Dispensation) { d.Status = "" },
		"dispensation.pharmacist":   func(d *node.Dispensation) { d.Pharmacist = node.Practitioner{} },
	} {
		d := handedOut()
		spoil(d.Dispensation)
		_, err := Tongue{}.Encode(d, node.MPD, nil, nil)
		if err == nil || node.AsError(err).Slot != slot {
			t.Errorf("%s: got %v", slot, err)
		}
	}
}

func listingOf(t *testing.T) []*node.Document {
	t.Helper()
	var documents []*node.Document
	for _, name := range []string{"ee-combination-tablet.json", "ee-kit.json"} {
		d := national(t, name)
		carry(d, "EE")
		documents = append(documents, d)
	}
	return documents
}

func TestAListingHoldsThePatientOnceAndNoOriginals(t *testing.T) {
	withheld := []node.Withheld{{ID: node.Identifier{System: "urn:x", Value: "1999000007"}, Slot: "medication.form", Detail: "No map."}}
	documents := listingOf(t)
	report := &node.Report{Release: "c0ffee", Told: reportOf(documents[0]).Told}
	out, err := Tongue{}.EncodeListing(documents, withheld, node.MPD, report)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, entry := range entriesOf(t, out.Body()) {
		counts[entry.(map[string]any)["resource"].(map[string]any)["resourceType"].(string)]++
	}
	want := map[string]int{"MedicationRequest": 2, "Medication": 4, "Patient": 1, "PractitionerRole": 2, "Practitioner": 2,
		"Organization": 2, "OperationOutcome": 1}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	if bytes.Contains(out.Body(), []byte("1999000007")) {
		t.Error("the listing names an item that is withheld")
	}
	read, told, err := Tongue{}.DecodeListing(out.Body())
	if err != nil {
		t.Fatalf("%v: %s", err, node.AsError(err).Detail)
	}
	if read.Kind != node.AListing || len(read.Prescriptions) != 2 || read.Peer.Count() != report.Count() {
		t.Errorf("read %d prescriptions as %s", len(read.Prescriptions), read.Kind)
	}
	if len(told) != 1 || told[0].Slot != "medication.form" || told[0].Detail != "No map." {
		t.Errorf("withheld: %+v", told)
	}
	for _, lost := range report.Lost {
		if !strings.HasPrefix(lost.Path, "prescription[") {
			t.Errorf("%s does not say which item lost it", lost.Path)
		}
	}
}

func TestCountryBRendersAListingWhereItStands(t *testing.T) {
	out := must(Tongue{}.EncodeListing(listingOf(t), nil, node.MPD, &node.Report{}))
	read := decoded(t, out.Body())
	render(read, "FI", map[translation.Field]bool{translation.DoseForm: true})
	again := decoded(t, spliced(t, read, nil, reportOf(read)))
	for i, p := range again.Prescriptions {
		form := p.Medication.Form
		if form.Language != "fi" || !strings.HasPrefix(form.Current.Code, "LS") || len(form.Hops) != 2 {
			t.Errorf("item %d has the form %+v", i, form)
		}
	}
	empty := decoded(t, must(Tongue{}.EncodeListing(nil, nil, node.MPD, nil)).Body())
	if n := len(entriesOf(t, spliced(t, empty, nil, &node.Report{}))); n != 2 {
		t.Errorf("an empty listing has %d reports, want A's and B's", n)
	}
}

func TestAnEmptyListingIsTheReportAlone(t *testing.T) {
	out, err := Tongue{}.EncodeListing(nil, nil, node.MPD, &node.Report{})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Tongue{}.EncodeListing(nil, nil, node.MPD, nil)
	if !bytes.Equal(out.Body(), again.Body()) {
		t.Error("two empty listings differ")
	}
	if list := entriesOf(t, out.Body()); len(list) != 1 || anything(t, out.Body())["total"] != 0.0 {
		t.Errorf("%s", out.Body())
	}
	if !bytes.Contains(out.Body(), []byte("nothing to report")) {
		t.Error("the report does not say that there is nothing to report")
	}
	if read := decoded(t, out.Body()); read.Kind != node.AListing || len(read.Prescriptions) != 0 {
		t.Errorf("read as %s with %d", read.Kind, len(read.Prescriptions))
	}
}

func TestAReceiptReadBackIsTheOneThatWasWritten(t *testing.T) {
	receipt := &node.Receipt{ID: "opaque-1", State: node.ReceiptRecorded, Digest: strings.Repeat("ab", 32), At: translated().Add(time.Millisecond),
		Dispensation: node.Identifier{System: "urn:d", Value: "1"}, Prescription: node.Identifier{System: "urn:p", Value: "2"},
		Left: "1", Closed: "ee-fi-07"}
	for _, seal := range []string{"", "eyJ.eyJ.c2ln"} {
		body, err := Tongue{Participant: "EE"}.EncodeReceipt(receipt, seal)
		if err != nil {
			t.Fatal(err)
		}
		read, got, err := DecodeReceipt(body)
		if err != nil {
			t.Fatalf("%v: %s", err, node.AsError(err).Detail)
		}
		if diff := cmp.Diff(receipt, read, cmpopts.IgnoreFields(node.Receipt{}, "Body")); diff != "" || got != seal {
			t.Errorf("seal %q, written (-) and read (+) differ:\n%s", got, diff)
		}
	}
	if _, err := (Tongue{}).EncodeReceipt(&node.Receipt{ID: "x"}, ""); err == nil {
		t.Error("a receipt without its time was written")
	}
}

func TestEveryKindOfErrorIsReadBackAsItWasSaid(t *testing.T) {
	issues := map[string]bool{}
	for _, kind := range node.Kinds() {
		said := &node.Error{Op: "answer.x", Kind: kind, Reason: "reason." + kind.String(), Detail: "A sentence.", Slot: "a.b", Left: "2"}
		body := EncodeOutcome(said, "corr-1")
		read, correlation, err := DecodeOutcome(body)
		if err != nil || correlation != "corr-1" {
			t.Fatalf("%s: %v, correlation %q", kind, err, correlation)
		}
		if diff := cmp.Diff(said, read, cmpopts.IgnoreFields(node.Error{}, "Op", "Err")); diff != "" {
			t.Errorf("said (-) and read (+) differ:\n%s", diff)
		}
		var outcome struct{ Issue []struct{ Code string } }
		if err := json.Unmarshal(body, &outcome); err != nil {
			t.Fatal(err)
		}
		issues[outcome.Issue[0].Code] = true
	}
	if len(issues) != len(node.Kinds()) {
		t.Errorf("%d issue types for %d kinds", len(issues), len(node.Kinds()))
	}
}

func TestAPatientIsNoMoreThanIsNeededAndNobodyIsAlwaysTheSame(t *testing.T) {
	who := handedOut().Patient
	read, err := DecodePatient(EncodePatient(&who))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]node.Patient{who}, read, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	nobody, err := DecodePatient(EncodeNoPatient())
	if err != nil || len(nobody) != 0 {
		t.Errorf("nobody is %v, %v", nobody, err)
	}
}

func TestARegisterFindsAForeignDispensationInItsOwnForm(t *testing.T) {
	given := handedOut().Dispensation
	entries, err := EncodeNationalDispense(given, "EE", "abroad-1")
	if err != nil {
		t.Fatal(err)
	}
	d := national(t, "ee-combination-tablet.json")
	before := d.Prescription().Amount
	grown := bytes.TrimRight(d.Source, " \n")
	grown = append(append(bytes.TrimSuffix(bytes.TrimRight(bytes.TrimSuffix(grown, []byte("}")), " \n"), []byte("]")), ','), entries...)
	after := decoded(t, append(grown, "]}"...)).Prescription().Amount
	if before.Left != "1" || after.Left != "0" {
		t.Errorf("of %s packages %s were left before and %s after", before.Packages, before.Left, after.Left)
	}
	if bytes.Contains(entries, []byte("990101")) {
		t.Error("the Finnish package number stands in the Estonian register")
	}
	if finnish, err := EncodeNationalDispense(given, "FI", "abroad-2"); err != nil || !bytes.Contains(finnish, []byte("990101")) {
		t.Errorf("the Finnish form lacks its own package number: %v", err)
	}
	if _, err := EncodeNationalDispense(given, "SE", "x"); node.KindOf(err) != node.Unsupported {
		t.Errorf("got %v", err)
	}
}
