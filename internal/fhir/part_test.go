package fhir

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sild/node"
)

// remainingAt is where the prescription in mpd-tablet.json says what is left of it.
const remainingAt = "entry.0.resource.dispenseRequest.extension.1"

// ratio is so much of so much in a unit.
func ratio(over, under, code string) map[string]any {
	half := func(value string) map[string]any {
		return map[string]any{"value": json.Number(value), "system": systemUCUM, "code": code}
	}
	return map[string]any{"url": extRemaining, "valueRatio": map[string]any{"numerator": half(over), "denominator": half(under)}}
}

func TestAPartOfAPackageIsWrittenAsSoMuchOfWhatItHoldsAndReadBack(t *testing.T) {
	for _, row := range []struct{ left, size, content, over, under, unit string }{
		{"1/2", "56", "", "28", "56", "15054000"},
		{"5/2", "56", "", "140", "56", "15054000"},
		{"1/3", "90", "", "30", "90", "15054000"},
		{"1/3", "100", "", "1", "3", packageCode}, // a third of 100 has no decimal
		{"1/4", "0.5", "", "0.125", "0.5", "15054000"},
	} {
		d := decoded(t, made(t, "mpd-tablet.json"))
		p := d.Prescription()
		p.Medication.Package.Items.Value, p.Medication.Package.Items.Unit.Amount = row.size, row.size
		p.Amount.Left = row.left
		e := &encoder{}
		holder := e.object("")
		list := e.array("extension")
		e.left(p)
		e.close(list)
		e.close(holder)
		var written struct {
			Extension []struct {
				ValueRatio struct{ Numerator, Denominator struct{ Value, Code any } }
			}
		}
		reader := json.NewDecoder(bytes.NewReader(e.b))
		reader.UseNumber()
		if err := reader.Decode(&written); err != nil || e.err != nil || len(written.Extension) != 1 {
			t.Fatalf("%s: %v, %v", e.b, err, e.err)
		}
		r := written.Extension[0].ValueRatio
		if got := fmt.Sprint(r.Numerator.Value, r.Denominator.Value, r.Numerator.Code, r.Denominator.Code); got != fmt.Sprint(row.over, row.under, row.unit, row.unit) {
			t.Errorf("%+v: written as %s", row, got)
		}
		back := prescriptionIn(t, changed(t, made(t, "mpd-tablet.json"), change{remainingAt, ratio(row.over, row.under, row.unit)}))
		if back.Amount.Left != row.left {
			t.Errorf("%+v: read back as %q", row, back.Amount.Left)
		}
	}
}

func TestAWholeNumberOfPackagesIsWrittenAsBefore(t *testing.T) {
	p := decoded(t, made(t, "mpd-tablet.json")).Prescription()
	e := &encoder{}
	e.left(p)
	if !strings.Contains(string(e.b), `"valueQuantity":{"value":2,"unit":"package"`) || p.Amount.Left != "2" {
		t.Errorf("%s left, written as %s", p.Amount.Left, e.b)
	}
}

func TestAPartOfAPackageThatCannotBeCountedIsRefused(t *testing.T) {
	twoUnits := ratio("28", "56", "15054000")
	twoUnits["valueRatio"].(map[string]any)["denominator"].(map[string]any)["code"] = "mL"
	bound := ratio("28", "56", "15054000")
	bound["valueRatio"].(map[string]any)["numerator"].(map[string]any)["comparator"] = "<"
	for name, row := range map[string]struct {
		of    map[string]any
		check string
	}{
		"of two units": {twoUnits, "fhir.ratio"}, "of nothing": {ratio("28", "0", "15054000"), "fhir.ratio"},
		"nothing": {ratio("0", "56", "15054000"), "fhir.ratio"}, "negative": {ratio("-28", "56", "15054000"), "fhir.negative"},
		"with an exponent": {ratio("28e1", "560", "15054000"), "fhir.number"}, "a bound": {bound, "fhir.modifier"},
	} {
		_, err := Tongue{}.Decode(changed(t, made(t, "mpd-tablet.json"), change{remainingAt, row.of}))
		if node.AsError(err).Reason != row.check {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARegisterCountsWhatAForeignDispensationTakesOffThePrescription(t *testing.T) {
	for country, file := range map[string]string{"EE": "ee-tablet.json", "FI": "fi-tablet.json"} {
		d := decoded(t, made(t, file))
		before, _ := node.Packages(d.Prescription().Amount.Left)
		for takes, off := range map[string]string{"": "1", "1": "1", "1/2": "1/2", "2/3": "2/3"} {
			given := *handedOut().Dispensation
			given.Packages, given.Takes, given.Prescription, given.Patient = "1", takes, d.Prescription().ID, d.Patient
			entries, err := EncodeNationalDispense(&given, country, "abroad-1")
			if err != nil {
				t.Fatal(err)
			}
			if marked := bytes.Contains(entries, []byte(extTakes)); marked != strings.Contains(takes, "/") {
				t.Errorf("%s, %q: %s", country, takes, entries)
			}
			after, _ := node.Packages(prescriptionIn(t, grown(t, d.Source, entries)).Amount.Left)
			want, _ := node.Packages(off)
			if got := want.Sub(before, want); after == nil || got.Cmp(after) != 0 {
				t.Errorf("%s, %q: %v of %v left", country, takes, after, before)
			}
		}
	}
}

// grown is a Bundle with more entries.
func grown(t *testing.T, bundle, entries []byte) []byte {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(bundle, &all); err != nil {
		t.Fatal(err)
	}
	all["entry"] = append(append(bytes.TrimSuffix(bytes.TrimSpace(all["entry"]), []byte("]")), ','), append(entries, ']')...)
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
