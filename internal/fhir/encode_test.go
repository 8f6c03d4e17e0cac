package fhir

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/node"
	"sild/translation"
)

// translated is the moment at which the tests translate: a fixed one, so that the same input gives the same bytes.
func translated() time.Time { return time.Date(2026, 11, 22, 3, 30, 15, 0, time.UTC) }

// national reads a made-up national document of testdata/round.
func national(t *testing.T, name string) *node.Document {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "round", name))
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, source)
}

func decoded(t *testing.T, source []byte) *node.Document {
	t.Helper()
	d, err := Tongue{}.Decode(source)
	if err != nil {
		t.Fatalf("decode: %v: %s", err, node.AsError(err).Detail)
	}
	d.At = translated()
	return d
}

// carry stands in for a terminology: every bound slot gets a made-up shared code, as country A would give it.
func carry(d *node.Document, country string) {
	for _, slot := range d.Slots {
		if strings.HasPrefix(slot.Current.System, "http://terminology.hl7.org/") {
			slot.Fate = translation.Identical
			continue
		}
		if slot.Field == translation.Other || slot.Field == translation.ProductID || slot.Current.Code == "" {
			slot.Fate, slot.Reason = translation.Passed, "no value set binds this place"
			continue
		}
		if _, plain := node.Decimal(slot.Number); slot.Number != "" && !plain {
			slot.Fate, slot.Reason = translation.Refused, "the number is not a plain decimal"
			continue
		}
		to := translation.Coding{System: "urn:example:shared:" + string(slot.Field), Version: "8.1.0",
			Code: "S" + slot.Current.Code, Display: "shared " + slot.Current.Code}
		if slot.Number != "" {
			to.Version, slot.Amount = "", slot.Number
		}
		slot.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent,
			Map:     strings.ToLower(country) + "-eu/" + string(slot.Field),
			Release: "c0ffee", Country: country, Draft: len(slot.Current.Code)%2 == 0}, to)
		slot.Fate = translation.Mapped
	}
}

// render stands in for country B's terminology: the reader's words for every slot with a shared code, and a code of
// B's own for those in local.
func render(d *node.Document, country string, local map[translation.Field]bool) {
	for _, slot := range d.Slots {
		if len(slot.Hops) == 0 {
			continue
		}
		slot.Rendered, slot.Language, slot.Fate = "lukijan \"sanat\" "+slot.Current.Code, "fi", translation.Identical
		if local[slot.Field] {
			to := translation.Coding{System: "urn:example:own:" + string(slot.Field), Code: "L" + slot.Current.Code,
				Display: slot.Rendered}
			slot.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent,
				Map: "eu-fi/" + string(slot.Field), Release: "beef", Country: country}, to)
			slot.Fate = translation.Mapped
		}
	}
}

func reportOf(d *node.Document) *node.Report {
	r := &node.Report{Release: "c0ffee", Residue: d.Residue}
	for _, slot := range d.Slots {
		r.Told = append(r.Told, node.Line{Path: slot.Path, Field: slot.Field, Fate: slot.Fate, Original: slot.Original(),
			Current: slot.Current, Relation: slot.Relation(), Draft: slot.Draft(), Reason: slot.Reason})
	}
	return r
}

func encoded(t *testing.T, d *node.Document, to node.Format, cut []translation.Span, r *node.Report) []byte {
	t.Helper()
	out, err := Tongue{Participant: "EE"}.Encode(d, to, cut, r)
	if err != nil {
		t.Fatalf("encode: %v: %s", err, node.AsError(err).Detail)
	}
	sum := sha256.Sum256(out.Body())
	if out.Hash != hex.EncodeToString(sum[:]) {
		t.Error("the hash is not that of the body")
	}
	if out.Report != r || out.Format != to {
		t.Error("the encoded document does not name its format and report")
	}
	return out.Body()
}

// pivotOf is a national document as country A sends it.
func pivotOf(t *testing.T, name string) (*node.Document, []byte) {
	t.Helper()
	d := national(t, name)
	carry(d, "EE")
	return d, encoded(t, d, node.MPD, nil, reportOf(d))
}

// asSent leaves out what the pivot form does not carry, so that the rest can be compared.
func asSent() cmp.Options {
	return cmp.Options{
		cmpopts.IgnoreFields(translation.Slot{}, "Span", "Fate", "Reason", "Required"),
		cmpopts.IgnoreFields(translation.Coding{}, "Language"),
		cmpopts.IgnoreFields(node.Patient{}, "Protected"),
		cmpopts.EquateEmpty(),
	}
}

func TestAPrescriptionReadBackFromThePivotFormIsTheOneThatWasSent(t *testing.T) {
	for _, name := range []string{"ee-combination-tablet.json", "ee-kit.json"} {
		t.Run(name, func(t *testing.T) {
			sent, body := pivotOf(t, name)
			read := decoded(t, body)
			want, got := *sent.Prescription(), *read.Prescription()
			want.Amount.Total = node.Quantity{} // carried as packages, and reported as lost
			want.Version, want.Classes, got.Classes = "", nil, nil
			if diff := cmp.Diff(want, got, asSent()); diff != "" {
				t.Errorf("sent (-) and read (+) differ:\n%s", diff)
			}
		})
	}
}

func TestTheLossReportTravelsAsTheLastEntryAndIsReadBack(t *testing.T) {
	d := national(t, "ee-combination-tablet.json")
	carry(d, "EE")
	report := reportOf(d)
	body := encoded(t, d, node.MPD, nil, report)
	read := decoded(t, body)
	if read.Peer == nil {
		t.Fatal("no report was read back")
	}
	if len(report.Lost) == 0 {
		t.Error("the national codes that MPD has no place for are not reported as lost")
	}
	options := cmp.Options{cmpopts.IgnoreFields(node.Residue{}, "Span"), cmpopts.IgnoreFields(translation.Coding{}, "Language"),
		cmpopts.EquateEmpty()}
	if diff := cmp.Diff(report, read.Peer, options); diff != "" {
		t.Errorf("written (-) and read (+) reports differ:\n%s", diff)
	}
	last := lastEntry(t, body)
	if last["resourceType"] != "OperationOutcome" {
		t.Errorf("the last entry is a %v", last["resourceType"])
	}
}

func TestTheSameDocumentAtTheSameTimeGivesTheSameBytes(t *testing.T) {
	_, first := pivotOf(t, "ee-kit.json")
	_, second := pivotOf(t, "ee-kit.json")
	if !bytes.Equal(first, second) {
		t.Error("two encodings of one document differ")
	}
}

func TestDecimalsKeepTheirText(t *testing.T) {
	_, body := pivotOf(t, "ee-combination-tablet.json")
	for _, want := range []string{`"value":1.50`, `"value":12.50`} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s is not in the document", want)
		}
	}
}

func TestTheOriginalTravelsUnlessSomethingWasWithheld(t *testing.T) {
	d := national(t, "ee-combination-tablet.json")
	carry(d, "EE")
	if body := encoded(t, d, node.MPD, nil, reportOf(d)); !bytes.Contains(body, []byte("DocumentReference")) {
		t.Error("the original is not sent along")
	}
	secrets := [][]byte{[]byte("DocumentReference"), []byte("I10"), []byte("indication"), []byte(hashOf(d.Source))}
	cut := []translation.Span{d.Prescription().Indication[0].Span}
	body := encoded(t, d, node.MPD, cut, reportOf(d))
	for _, secret := range secrets {
		if bytes.Contains(body, secret) {
			t.Errorf("%s still tells of a diagnosis that was withheld", secret)
		}
	}
	d.Patient.Protected = true
	if body := encoded(t, d, node.MPD, nil, reportOf(d)); bytes.Contains(body, []byte("DocumentReference")) {
		t.Error("the original, which holds a protected address, is sent along")
	}
}

func TestAddressAndTelecomNeverCrossInAPrescription(t *testing.T) {
	d := national(t, "ee-combination-tablet.json")
	d.Source = nil // the original is another matter
	body := encoded(t, d, node.MPD, nil, reportOf(d))
	for _, secret := range []string{"Pöördtee", "0000 0999", "address", "telecom"} {
		if strings.Contains(strings.ReplaceAll(string(body), "entry[2].resource.address", ""), `"`+secret) {
			t.Errorf("%s is in the document", secret)
		}
	}
}

func TestWhatARecordDoesNotSayIsNotSaid(t *testing.T) {
	d := national(t, "ee-kit.json")
	p := d.Prescription()
	p.Substitution, p.Course, p.Notes, p.Indication = node.Substitution{}, nil, nil, nil
	p.Amount, p.Valid, p.Authored, p.Prescriber = node.Amount{}, node.Period{}, "", node.Practitioner{}
	p.Patient.BirthDate, p.Patient.Sex = "", ""
	body := string(encoded(t, d, node.MPD, nil, nil))
	for _, absent := range []string{`"substitution"`, `"dispenseRequest"`, `"note"`, `"reasonCode"`, `"courseOf`, `"asNeeded`,
		`"route"`, `"authoredOn"`, `"birthDate"`, `"gender"`, `{}`, `[]`, `"PractitionerRole"`, `"text":""`} {
		if strings.Contains(body, absent) {
			t.Errorf("%s stands in the document although nobody said it", absent)
		}
	}
	for _, unknown := range []string{`"_authoredOn":{"extension":[{"url":"` + extAbsent, `"requester":{"extension":`, `"_birthDate":`} {
		if !strings.Contains(body, unknown) {
			t.Errorf("the mandatory %s does not say that it is unknown", unknown)
		}
	}
}

func TestARecordThatCannotBeWrittenTruthfullyIsRefusedWithItsSlot(t *testing.T) {
	unit := func(code string) *translation.Slot {
		return translation.NewSlot(translation.StrengthUnit, "", translation.Coding{System: systemUCUM, Code: code})
	}
	tests := []struct {
		name   string
		spoil  func(p *node.Prescription)
		reason string
		slot   string
	}{
		{"an ingredient without substance", func(p *node.Prescription) { p.Medication.Parts[0].Ingredients[0].Substance = nil },
			"encode.substance", "medication.part[0].ingredient[0].substance"},
		{"a strength without denominator", func(p *node.Prescription) {
			p.Medication.Parts[1].Ingredients[0].Strength.Denominator = node.Quantity{}
		}, "encode.strength", "medication.part[1].ingredient[0].strength"},
		{"a strength per two units", func(p *node.Prescription) {
			s := p.Medication.Parts[0].Ingredients[0].Strength
			s.Numerator.Unit.SetPer(&translation.Coding{System: systemUCUM, Code: "mL"})
			s.Denominator = node.Quantity{Value: "1", Unit: unit("g")}
		}, "encode.strength", "medication.part[0].ingredient[0].strength.denominator"},
		{"a number that is none", func(p *node.Prescription) { p.Dosage[0].Dose.Value = "1,5" }, "encode.number", "value"},
		{"no status", func(p *node.Prescription) { p.Status = "" }, "encode.status", "status"},
		{"parts within parts", func(p *node.Prescription) {
			p.Medication.Parts[0].Parts = []node.Medication{{Name: "inner"}}
		}, "encode.parts", "medication.part[0]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := national(t, "ee-kit.json")
			test.spoil(d.Prescription())
			_, err := Tongue{}.Encode(d, node.MPD, nil, nil)
			got := node.AsError(err)
			if err == nil || got.Kind != node.Untranslatable || got.Reason != test.reason || got.Slot != test.slot {
				t.Errorf("got %v at %q, want %s at %s", err, got.Slot, test.reason, test.slot)
			}
		})
	}
}

func TestAUnitThatHeldItsDenominatorIsWrittenAsARatio(t *testing.T) {
	d := national(t, "ee-kit.json")
	strength := d.Prescription().Medication.Parts[0].Ingredients[0].Strength
	strength.Numerator.Unit.SetPer(&translation.Coding{System: systemUCUM, Code: "mL", Display: "millilitre"})
	strength.Denominator = node.Quantity{}
	body := string(encoded(t, d, node.MPD, nil, nil))
	if want := `"denominator":{"value":1,"unit":"millilitre","system":"` + systemUCUM + `","code":"mL"}`; !strings.Contains(body, want) {
		t.Error("the denominator inside the unit is not written")
	}
}

func TestADocumentOfAnotherKindOrFormatIsNotWritten(t *testing.T) {
	d := national(t, "ee-kit.json")
	for _, to := range []node.Format{node.EPS, FinnishR4, "eu-cda"} {
		if _, err := (Tongue{}).Encode(d, to, nil, nil); node.KindOf(err) != node.Unsupported || err == nil {
			t.Errorf("%s: got %v", to, err)
		}
	}
}
