package fhir

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/node"
	"sild/translation"
)

// foreignMedicine is a medicine as a record of another tongue has it: with layers of packages and words of its own.
const systemSubstitution = "http://terminology.hl7.org/CodeSystem/v3-substanceAdminSubstitution"

func (m *recordMaker) foreignMedicine() node.Medication {
	found := *m.medicine()
	found.Ingredients[0].Name = "ramipriil"
	found.Ingredients[0].Substance.Text = "ramipriil"
	found.Strength = "5 mg"
	found.Package.Levels = []node.PackageLevel{
		{Quantity: found.Package.Content, Form: m.slot(translation.Container, "http://standardterms.edqm.eu", "30007000"), Name: "blister"},
		{Quantity: found.Package.Items, Form: m.slot(translation.Container, "http://standardterms.edqm.eu", "30009000"),
			Product: m.product(translation.Coding{System: systemEstonianPackage, Code: "1000002"})}}
	return found
}

// wholePrescription is a prescription with every field of the record set.
func wholePrescription(parts int) *node.Document {
	m := newRecord()
	m.d.Kind, m.d.Summary, m.d.ID = node.APrescription, nil, node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.96", Value: "doc-1"}
	m.n, m.part = 0, "item."
	no := false
	p := &node.Prescription{ID: idOf("item-1")[0], Group: idOf("group-1")[0], Version: "3", Status: node.Active, Authored: "2026-01-02",
		Valid: node.Period{From: "2026-01-02", To: "2026-07-02"}, Patient: m.d.Patient, Prescriber: m.d.Header.Author, Medication: m.foreignMedicine(),
		Dosage: m.dosage(), Amount: node.Amount{Packages: "2", Left: "1", Total: m.unit(translation.PackageUnit, "60", "{tbl}")},
		Substitution: node.Substitution{Allowed: &no, Code: m.slot(translation.Substitution, systemSubstitution, "N"),
			Reason: m.slot(translation.SubstitutionReason, "urn:reason", "T"), Text: ""},
		Indication: []*translation.Slot{m.sct(translation.Diagnosis, "38341003")},
		Course:     m.slot(translation.CourseOfTherapy, "urn:course", "continuous"), Notes: []string{"märkus"},
		Instructions: node.Instructions{Patient: "Võta hommikul <veega>", Pharmacist: "Anna kaasa & selgita"}, Language: "et"}
	for range parts {
		p.Medication.Parts = append(p.Medication.Parts, m.foreignMedicine())
	}
	if parts > 0 {
		p.Medication.Ingredients = nil
	}
	m.d.Prescriptions = []*node.Prescription{p}
	return m.d
}

// withoutWords leaves out of a medicine what the pivot form does not hold.
func withoutWords(m node.Medication) node.Medication {
	m.Strength, m.Package.Levels = "", nil
	for i := range m.Parts {
		m.Parts[i] = withoutWords(m.Parts[i])
	}
	return m
}

func TestAPrescriptionOfAnotherFormatReadBackIsTheOneThatWasSent(t *testing.T) {
	for _, parts := range []int{0, 2} {
		sent := wholePrescription(parts)
		carry(sent, "EE")
		report := reportOf(sent)
		body := encoded(t, sent, node.MPD, nil, report)
		read := decoded(t, body)
		want, got := *sent.Prescription(), *read.Prescription()
		want.Amount.Total, want.Version, want.Medication, got.Classes = node.Quantity{}, "", withoutWords(want.Medication), nil
		if diff := cmp.Diff(want, got, asSent(), cmpopts.IgnoreFields(translation.Slot{}, "Path", "Field")); diff != "" {
			t.Errorf("%d parts: sent (-) and read (+) differ:\n%s", parts, diff)
		}
		for _, slot := range unaccounted(t, sent, body, report) {
			t.Errorf("%s is neither in the document nor reported as lost", slot)
		}
		lost := map[string]bool{}
		for _, l := range report.Lost {
			lost[l.Path] = true
		}
		for _, path := range []string{"version", "amount.total", "medication.strength", "medication.package.level[0].name"} {
			if !lost[path] {
				t.Errorf("%s is not reported as lost: %v", path, report.Lost)
			}
		}
		if !bytes.Contains(body, []byte(`"contentType":"text/xml"`)) {
			t.Error("the original does not say that it is XML")
		}
	}
}

func TestASubstitutionCodeIsYesOrNoOrStandsForItself(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		system, code string
		want         *bool
	}{
		{systemSubstitution, "N", &no}, {systemSubstitution, "G", &yes}, {"urn:oid:2.16.840.1.113883.5.1070", "TE", &yes},
		{systemSubstitution, "??", nil}, {"urn:other", "N", nil},
	} {
		foreign := changed(t, made(t, "mpd-tablet.json"), change{"entry.0.resource.substitution", map[string]any{
			"allowedCodeableConcept": conceptOf(c.system, c.code)}})
		read := prescriptionIn(t, foreign).Substitution
		if read.Code == nil || read.Code.Original().Code != c.code || read.Code.Field != translation.Substitution {
			t.Errorf("%s: the code is %+v", c.code, read.Code)
		}
		if diff := cmp.Diff(c.want, read.Allowed); diff != "" {
			t.Errorf("%s of %s: %s", c.code, c.system, diff)
		}
		sent := wholePrescription(0)
		sent.Prescription().Substitution = node.Substitution{Allowed: c.want, Code: translation.NewSlot(translation.Substitution, "s",
			translation.Coding{System: c.system, Code: c.code})}
		again := prescriptionIn(t, encoded(t, sent, node.MPD, nil, nil)).Substitution
		if diff := cmp.Diff(c.want, again.Allowed); diff != "" || again.Code == nil || again.Code.Original().Code != c.code {
			t.Errorf("%s of %s came back as %+v: %s", c.code, c.system, again, diff)
		}
	}
}

func TestASubstitutionThatIsForbiddenInAnyCodeIsNotAllowed(t *testing.T) {
	type object = map[string]any
	ban, yes := conceptOf(systemSubstitution, "N"), conceptOf(systemSubstitution, "E")["coding"].([]any)[0]
	beside := object{"extension": []any{extensionOf("urn:x", "valueCodeableConcept", ban)}}
	of := func(codes ...any) object { return object{"allowedCodeableConcept": object{"coding": codes}} }
	no := ban["coding"].([]any)[0]
	for name, c := range map[string]struct {
		substitution object
		banned       bool
	}{
		"a yes before a no":        {of(yes, no), false},
		"a no before a yes":        {of(no, yes), false},
		"a yes and a no far apart": {of(yes, object{"system": "urn:x", "code": "1"}, no), false},
		"a reason that forbids":    {object{"allowedBoolean": true, "reason": ban}, false},
		"an extension":             {object{"allowedBoolean": true, "extension": beside["extension"]}, false},
		"beside the boolean":       {object{"allowedBoolean": true, "_allowedBoolean": beside}, false},
		"a no behind another code": {of(object{"system": "urn:x", "code": "1"}, no), true},
		"a no in an extension":     {beside, true},
		"a no said twice":          {of(no, no), true},
	} {
		for _, file := range []string{"ee-tablet.json", "mpd-tablet.json"} {
			source := changed(t, made(t, file), change{"entry.0.resource.substitution", c.substitution})
			if _, err := (Tongue{}).Decode(source); !c.banned {
				refused(t, err, "fhir.substitution")
			} else if said := prescriptionIn(t, source).Substitution.Allowed; said == nil || *said {
				t.Errorf("%s in %s is no ban", name, file)
			}
		}
	}
}

func TestAPrescriptionThatDoesNotSayHowItIsTakenIsStillRead(t *testing.T) {
	sent := wholePrescription(0)
	p := sent.Prescription()
	p.Dosage, p.Instructions = nil, node.Instructions{}
	if read := prescriptionIn(t, encoded(t, sent, node.MPD, nil, nil)); len(read.Dosage) != 0 {
		t.Errorf("dosage %+v", read.Dosage)
	}
	p.Instructions.Patient = "Võta hommikul"
	if read := prescriptionIn(t, encoded(t, sent, node.MPD, nil, nil)); read.Instructions.Patient != "Võta hommikul" {
		t.Errorf("instructions %+v", read.Instructions)
	}
}

// wholeDispensation is a dispensation as a record of another tongue has it.
func wholeDispensation() *node.Document {
	m := newRecord()
	m.d.Kind, m.d.Summary, m.d.ID = node.ADispensation, nil, node.Identifier{System: "urn:oid:1.2.246.10.93", Value: "ed-1"}
	m.n, m.part = 0, "supply."
	yes := true
	pharmacist := m.d.Header.Author
	pharmacist.Given, pharmacist.Family = nil, "Äinö Yöpöllö"
	m.d.Dispensation = &node.Dispensation{ID: m.d.ID, Status: "completed", Prescription: idOf("item-1")[0], Group: idOf("group-1")[0],
		Item: idOf("given-1")[0], Patient: m.d.Patient, Pharmacist: pharmacist, Medication: m.foreignMedicine(), Packages: "1",
		HandedOver: "2026-11-21T15:00:00+02:00", Recorded: "2026-11-21T15:00:05+02:00", Substituted: &yes, Notes: []string{"vahetatud"}}
	return m.d
}

func TestADispensationOfAnotherFormatReadBackIsTheOneThatWasSent(t *testing.T) {
	sent := wholeDispensation()
	carry(sent, "FI")
	report := reportOf(sent)
	body := encoded(t, sent, node.MPD, nil, report)
	read := decoded(t, body)
	want := *sent.Dispensation
	want.Medication = withoutWords(want.Medication)
	if diff := cmp.Diff(want, *read.Dispensation, asSent(), cmpopts.IgnoreFields(translation.Slot{}, "Path", "Field")); diff != "" {
		t.Errorf("sent (-) and read (+) differ:\n%s", diff)
	}
	for _, slot := range unaccounted(t, sent, body, report) {
		if !strings.Contains(slot, "{Package}") {
			t.Errorf("%s is neither in the document nor reported as lost", slot)
		}
	}
}

func TestADiagnosisWithheldFromAnotherFormatLeavesNoTrace(t *testing.T) {
	withheld := wholePrescription(0)
	carry(withheld, "EE")
	cut := []translation.Span{withheld.Prescription().Indication[0].Span}
	hidden := encoded(t, withheld, node.MPD, cut, without(withheld, cut))
	for _, trace := range []string{"38341003", "DocumentReference", "indication", "reasonCode", hashOf(withheld.Source)} {
		if bytes.Contains(hidden, []byte(trace)) {
			t.Errorf("%s still tells of a diagnosis that was withheld", trace)
		}
	}
}
