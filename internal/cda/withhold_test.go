package cda

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sild/internal/cda/compose"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// elementsNamed are the spans of a document's withholdable elements of that name.
func elementsNamed(d *node.Document, name string) []translation.Span {
	var spans []translation.Span
	for _, element := range d.Elements {
		if element.Name == name {
			spans = append(spans, element.Spans...)
		}
	}
	return spans
}

// neverRecorded is a summary as its register would have written it had it never known the section: without it. The cut
// is made by hand, on the text.
func neverRecorded(t *testing.T, source []byte, code string) []byte {
	t.Helper()
	x, err := xmldom.Parse(source, xmldom.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for {
		found := false
		for e := range x.Elements() {
			if e.Local() == "component" && attr(path(e, "section", "code"), "code") == code {
				source = slices.Delete(slices.Clone(source), e.Span().Start, e.Span().End)
				found = true
				break
			}
		}
		if !found {
			return source
		}
		if x, err = xmldom.Parse(source, xmldom.Limits{}); err != nil {
			t.Fatal(err)
		}
	}
}

// asNeverRecorded is the same with the section in its place saying that nothing is known, as a register writes a section
// that every summary must have.
func asNeverRecorded(t *testing.T, source []byte, code string) []byte {
	t.Helper()
	x, err := xmldom.Parse(source, xmldom.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for e := range x.Elements() {
		if e.Local() == "component" && attr(path(e, "section", "code"), "code") == code {
			own := `<component xmlns="urn:hl7-org:v3"><section nullFlavor="NI"><code code="` + code +
				`" codeSystem="2.16.840.1.113883.6.1"/><title>-</title><text>Siin ei ole midagi.</text></section></component>`
			return slices.Replace(slices.Clone(source), e.Span().Start, e.Span().End, []byte(own)...)
		}
	}
	t.Fatalf("no section %s", code)
	return nil
}

func TestAWithheldSectionLooksTheSameAsOneNeverRecorded(t *testing.T) {
	tried := 0
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Summary == nil {
			continue
		}
		for _, section := range d.Summary.Sections {
			never := neverRecorded(t, one.source, section.Code)
			if slices.Contains(compose.Mandatory(), section.Code) {
				never = asNeverRecorded(t, one.source, section.Code)
			}
			for _, carry := range []func(*node.Document){func(*node.Document) {}, directions[0].carry} {
				d := decoded(t, one.source)
				carry(d)
				hidden := spliced(t, d, elementsNamed(d, "section:"+section.Code))
				n := decoded(t, never)
				carry(n)
				if empty := spliced(t, n, nil); !bytes.Equal(hidden, empty) {
					t.Errorf("%s: somebody can tell that section %s was withheld\n%s\n%s", one.name, section.Code, around(hidden, empty), around(empty, hidden))
				}
				tried++
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d sections were tried", tried)
	}
}

func TestWordsOfTheSourceDoNotMakeItsReaderTheDestination(t *testing.T) {
	source := []byte(as(`<doseQuantity value="1" unit="{Tablet}"/>`, `<doseQuantity value="1" unit="{Tablet}"><translation displayName="üks tükk"/></doseQuantity>`)(string(readFile(t, summarised))))
	d, never := decoded(t, source), decoded(t, asNeverRecorded(t, source, "48765-2"))
	directions[0].carry(d)
	directions[0].carry(never)
	hidden, empty := spliced(t, d, elementsNamed(d, "section:48765-2")), spliced(t, never, nil)
	if !bytes.Equal(hidden, empty) {
		t.Errorf("somebody can tell that a section was withheld\n%s\n%s", around(hidden, empty), around(empty, hidden))
	}
}

// around shows the place where two texts begin to differ.
func around(a, b []byte) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return strings.TrimSpace(string(a[max(0, at-80):min(len(a), at+160)]))
}

func TestNothingOfAWithheldSectionIsLeft(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Summary == nil {
			continue
		}
		for _, section := range d.Summary.Sections {
			out := spliced(t, d, elementsNamed(d, "section:"+section.Code))
			elsewhere := neverRecorded(t, one.source, section.Code)
			for _, slot := range section.Slots {
				for _, trace := range []string{slot.Current.Display, slot.Original().Display, slot.Text} {
					if len(trace) > 6 && bytes.Contains(out, []byte(trace)) && !bytes.Contains(elsewhere, []byte(trace)) && slot.Field != translation.Section {
						t.Errorf("%s without %s still says %q", one.name, section.Code, trace)
					}
				}
			}
			decoded(t, out)
		}
	}
}

func TestAWithheldReasonTakesTheNarrativeWithIt(t *testing.T) {
	tried := 0
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		cut := elementsNamed(d, "diagnosis")
		if len(cut) == 0 {
			continue
		}
		tried++
		out := spliced(t, d, cut)
		read := decoded(t, out)
		for _, slot := range read.Slots {
			if slot.Field == translation.Diagnosis && d.Summary == nil {
				t.Errorf("%s: a reason is still there: %s", one.name, slot.Path)
			}
		}
		for _, reference := range dangling(t, out) {
			if !slices.Contains(dangling(t, one.source), reference) {
				t.Errorf("%s: %s leads nowhere any more", one.name, reference)
			}
		}
	}
	if tried == 0 {
		t.Error("no document gives a reason for treatment")
	}
}

// dangling lists the references of a document that lead to no ID.
func dangling(t *testing.T, source []byte) []string {
	t.Helper()
	x, err := xmldom.Parse(source, xmldom.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for e := range x.Elements() {
		if id, ok := e.Attr("ID"); ok {
			ids["#"+id] = true
		}
	}
	var lost []string
	for e := range x.Elements() {
		if value := attr(e, "value"); e.Local() == "reference" && strings.HasPrefix(value, "#") && !ids[value] {
			lost = append(lost, value)
		}
	}
	return lost
}

func TestAnAddressUnderProtectionLeavesWithEverythingThatLeadsToThePatient(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		cut := elementsNamed(d, "address")
		if len(cut) == 0 || d.Format == node.CDA1 {
			continue
		}
		out := spliced(t, d, cut)
		x, err := xmldom.Parse(out, xmldom.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		role := path(x.Root(), "recordTarget", "patientRole")
		if child(role, "addr").There() || child(role, "telecom").There() {
			t.Errorf("%s still says where the patient lives", one.name)
		}
	}
}

func TestAPictureOfPagesIsHeldBackWhereAnythingIsWithheld(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Format != node.CDA1 {
			continue
		}
		_, err := tongue().Encode(d, node.CDA1, []translation.Span{{Start: 1, End: 2}}, nil)
		if node.AsError(err).Kind != node.Unsupported {
			t.Errorf("%s: %v", one.name, err)
		}
	}
}

func TestADiagnosisTakesNeitherTheAmountNorTheBanOnAnotherProductWithIt(t *testing.T) {
	const disease = `<value xsi:type="CD" code="B20" codeSystem="2.16.840.1.113883.6.3"/>`
	source := string(readFile(t, "ep-ee-ramipril.xml"))
	for before, now := range map[string]string{
		`<quantity value="3" unit="1"/>`: `<quantity value="3" unit="1"/><code code="B20" codeSystem="2.16.840.1.113883.6.3"/>`,
		`displayName="asendamine keelatud"/></value>`: `displayName="asendamine keelatud"/></value><entryRelationship typeCode="RSON"><observation>` +
			disease + `</observation></entryRelationship>`,
		`<entryRelationship typeCode="SUBJ" inversionInd="true">
                <observation`: `<entryRelationship typeCode="RSON">
                <observation`,
	} {
		changed := strings.Replace(source, before, now, 1)
		if changed == source {
			t.Fatalf("no %s", before)
		}
		d := decoded(t, []byte(changed))
		view := decoded(t, spliced(t, d, elementsNamed(d, "diagnosis"))).Prescription()
		if view.Amount.Packages != "3" || view.Substitution.Allowed == nil || *view.Substitution.Allowed || len(view.Indication) > 0 {
			t.Errorf("%s: %+v, %+v, %d reasons", now, view.Amount, view.Substitution, len(view.Indication))
		}
		if out := spliced(t, d, elementsNamed(d, "diagnosis")); bytes.Contains(out, []byte("B20")) {
			t.Errorf("%s: a diagnosis is still there", now)
		}
	}
}

func TestADiagnosisUnderATreatmentOfASummaryIsWithheldHoweverItHangs(t *testing.T) {
	const disease = `<text>saladus</text><value xsi:type="CD" code="B20" codeSystem="2.16.840.1.113883.6.3"/></observation></entryRelationship>`
	for _, hung := range []string{
		`<entryRelationship typeCode="CAUS"><observation classCode="OBS" moodCode="EVN">`,
		`<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">`,
		`<entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="RSK">`,
		`<entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN" negationInd="true">`,
	} {
		for _, end := range []string{"</substanceAdministration>", "</procedure>"} {
			d := decoded(t, []byte(first(end, hung+disease+end)(string(readFile(t, summarised)))))
			if out := spliced(t, d, elementsNamed(d, "diagnosis")); bytes.Contains(out, []byte("B20")) || bytes.Contains(out, []byte("saladus")) {
				t.Errorf("%s before %s: a diagnosis is still there", hung, end)
			}
		}
	}
}

func TestATreatmentIsNoDiagnosis(t *testing.T) {
	source := string(readFile(t, summarised))
	before := len(elementsNamed(decoded(t, []byte(source)), "diagnosis"))
	for _, now := range []string{
		`<procedure classCode="PROC" moodCode="EVN"><code code="Z49" codeSystem="2.16.840.1.113883.6.3"><translation code="Z49.1" codeSystem="2.16.840.1.113883.6.3"/></code></procedure>`,
		`<observation classCode="OBS" moodCode="EVN"><code code="1"/><value xsi:type="CD" code="Z49" codeSystem="2.16.840.1.113883.6.3"/></observation>`,
	} {
		d := decoded(t, []byte(after(`<title>Protseduurid`, "</section>", "<entry>"+now+"</entry></section>")(source)))
		if n := len(elementsNamed(d, "diagnosis")); n != before {
			t.Errorf("%s: %d diagnoses, not %d", now, n, before)
		}
	}
}

func TestADiagnosisIsKnownByItsQuestionAndByTheNameOfItsSystem(t *testing.T) {
	const secret = `<text>saladus</text>`
	for _, now := range []string{
		`<entryRelationship typeCode="SUBJ"><observation><code code="29308-4" codeSystem="2.16.840.1.113883.6.1"/>` + secret + `<value code="86406008" codeSystem="2.16.840.1.113883.6.96"/></observation></entryRelationship>`,
		`<entryRelationship typeCode="SUBJ"><observation><code code="1" codeSystem="2.999"><translation code="282291009" codeSystem="2.16.840.1.113883.6.96"/></code>` + secret + `<value code="86406008" codeSystem="2.999"/></observation></entryRelationship>`,
		`<entryRelationship typeCode="SUBJ"><observation>` + secret + `<value code="86406008" codeSystemName="Tautiluokitus"/></observation></entryRelationship>`,
		`<precondition><criterion>` + secret + `<value code="86406008" codeSystem="2.16.840.1.113883.6.3"/></criterion></precondition>`,
		`<precondition><criterion><value code="86406008" codeSystem="2.16.840.1.113883.6.3"/>` + secret + `</criterion></precondition>`,
	} {
		d := decoded(t, []byte(first(`<entryRelationship typeCode="RSON">`, now+`<entryRelationship typeCode="RSON">`)(string(readFile(t, prescribed)))))
		out := spliced(t, d, elementsNamed(d, "diagnosis"))
		if bytes.Contains(out, []byte("86406008")) || bytes.Contains(out, []byte("saladus")) {
			t.Errorf("%s: a diagnosis is still there", now)
		}
		if p := decoded(t, out).Prescription(); p.Medication.Form == nil || len(p.Medication.Classification) == 0 || *p.Substitution.Allowed {
			t.Errorf("%s: more than the diagnosis is gone", now)
		}
	}
}

func TestAClassificationOfMedicinesIsNoDiagnosis(t *testing.T) {
	source := string(readFile(t, prescribed))
	before := len(elementsNamed(decoded(t, []byte(source)), "diagnosis"))
	d := decoded(t, []byte(strings.ReplaceAll(source, `codeSystemName="ATC"`, `codeSystemName="ATC Luokitus"`)))
	if n := len(elementsNamed(d, "diagnosis")); n != before {
		t.Errorf("%d diagnoses, not %d", n, before)
	}
}
