package fhir

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

func TestASummaryIsReadWithItsSectionsAndTheirStates(t *testing.T) {
	d := decoded(t, made(t, "eps-small.json"))
	s := d.Summary
	if d.Kind != node.ASummary || d.Format != node.EPS || s == nil {
		t.Fatalf("read as %s %s", d.Kind, d.Format)
	}
	if d.Code.Original().Code != "60591-5" || s.Title != "Patsiendi lühikokkuvõte" || s.Date != "2026-03-01" || s.Author != "Vaino Põdrasoo" ||
		s.Language != "et" || s.ID.Value != "urn:uuid:77000000-0000-4000-8000-0000000005ec" || s.Patient.Family != "Žüürmannik" {
		t.Errorf("%+v", s)
	}
	var states []string
	for _, section := range s.Sections {
		states = append(states, section.Code+" "+section.Title+" "+string(section.State))
	}
	if diff := cmp.Diff([]string{"11450-4 Diagnoosid entries", "48765-2 Allergiad known-absence", "10160-0 Ravimid entries",
		"47519-4 Protseduurid known-absence", "46264-8 Seadmed no-information", "30954-2 Uuringud entries"}, states); diff != "" {
		t.Error(diff)
	}
}

func TestTheCodesOfASummaryAreFoundUnderTheirSection(t *testing.T) {
	d := decoded(t, made(t, "eps-small.json"))
	if diff := cmp.Diff([]string{
		"section section[10160-0].code 10160-0", "route section[10160-0].entry[0].dosage[0].route 20053000",
		"dose-unit section[10160-0].entry[0].dosage[0].doseAndRate[0].doseQuantity 15054000 1",
		"classification section[10160-0].entry[0].medicationReference.code C09AA05",
		"dose-form section[10160-0].entry[0].medicationReference.form 10219000",
		"substance section[10160-0].entry[0].medicationReference.ingredient[0].itemCodeableConcept C09AA05",
		"strength-unit section[10160-0].entry[0].medicationReference.ingredient[0].strength.numerator mg 2.5",
		"strength-unit section[10160-0].entry[0].medicationReference.ingredient[0].strength.denominator 15054000 1",
	}, originals(d.Summary.Sections[2].Slots...)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		"section section[11450-4].code 11450-4", "clinical-status section[11450-4].entry[0].clinicalStatus active",
		"diagnosis section[11450-4].entry[0].code 38341003", "clinical-status section[11450-4].entry[1].clinicalStatus active",
		"diagnosis section[11450-4].entry[1].code 195967001", "observation section[11450-4].entry[0].evidence[0].detail[0].code 8480-6",
		"result-unit section[11450-4].entry[0].evidence[0].detail[0].valueQuantity mm[Hg] 162",
	}, originals(d.Summary.Sections[0].Slots...)); diff != "" {
		t.Error(diff)
	}
	seen := map[string]bool{}
	for _, slot := range d.Slots {
		if seen[slot.Path] {
			t.Errorf("two slots at %s", slot.Path)
		}
		seen[slot.Path] = true
	}
}

// heads names what the spans of an element start with: a member's name, or the id of an entry.
func heads(source []byte, e node.Element) []string {
	var found []string
	for _, span := range e.Spans {
		text := string(source[span.Start:span.End])
		switch at := strings.Index(text, "8000-0000000000"); {
		case strings.HasPrefix(text, `"`):
			found = append(found, strings.SplitN(text, `"`, 3)[1])
		case strings.Contains(text, "fullUrl"):
			found = append(found, "entry "+text[at+len("8000-0000000000"):][:2])
		default:
			found = append(found, "reference "+text[at+len("8000-0000000000"):][:2])
		}
	}
	return found
}

func elementNamed(t *testing.T, d *node.Document, name string) node.Element {
	t.Helper()
	for _, e := range d.Elements {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("no element %s", name)
	return node.Element{}
}

func TestAWithheldSectionTakesWithItEverythingThatOnlyItLeadsTo(t *testing.T) {
	source := made(t, "eps-small.json")
	d := decoded(t, source)
	for _, c := range []struct {
		element, why string
		want         []string
	}{
		{"section:11450-4", "the finding behind the diagnosis, who asserted it, the Provenance of it and its hospital leave; " +
			"the diagnosis that the results name too stays, and the reference from the medicine is cut",
			[]string{"text", "entry", "entry 04", "reference 04", "entry 10", "entry 11", "entry 12", "entry 13"}},
		{"section:10160-0", "the medicine leaves with its statement, the diagnosis that it refers to stays",
			[]string{"text", "entry", "entry 07", "entry 08"}},
		{"section:30954-2", "the shared diagnosis stays", []string{"text", "entry", "entry 09"}},
		{"section:46264-8", "a section that says nothing has only its words", []string{"text", "emptyReason"}},
		{"address", "address and telecom leave with the narrative that repeats them", []string{"text", "address", "telecom"}},
	} {
		if diff := cmp.Diff(c.want, heads(source, elementNamed(t, d, c.element))); diff != "" {
			t.Errorf("%s (%s): %s", c.element, c.why, diff)
		}
	}
}

func TestAProvenanceOfSeveralEntriesStaysAndLosesOnlyTheReference(t *testing.T) {
	source := changed(t, made(t, "eps-small.json"), change{"entry.9.resource.target.+",
		map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000006"}})
	d := decoded(t, source)
	want := []string{"text", "entry", "entry 04", "reference 04", "reference 04", "entry 11", "entry 12"}
	if diff := cmp.Diff(want, heads(source, elementNamed(t, d, "section:11450-4"))); diff != "" {
		t.Error(diff)
	}
}

func TestEntriesThatSayThatThereIsNothingAreNoEntries(t *testing.T) {
	code := "entry.5.resource.code"
	old := "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
	for _, c := range []struct {
		name    string
		concept map[string]any
		want    node.SectionState
	}{
		{"no known allergy", conceptOf("http://snomed.info/sct", "716186003"), node.KnownAbsence},
		{"no information", conceptOf("http://snomed.info/sct", "1287211007"), node.NoInformation},
		{"older list, known absence", conceptOf(old, "no-known-allergies"), node.KnownAbsence},
		{"older list, no information", conceptOf(old, "no-allergy-info"), node.NoInformation},
		{"no known food allergy says nothing of the others", conceptOf("http://snomed.info/sct", "429625007"), node.HasEntries},
		{"the same number in another system", conceptOf("urn:other", "716186003"), node.HasEntries},
	} {
		d := decoded(t, changed(t, made(t, "eps-small.json"), change{code, c.concept}))
		if got := d.Summary.Sections[1].State; got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// Whoever denies that there are no known allergies says nothing that the record could hold; least of all that there are none.
func TestADeniedAbsenceIsNoAbsence(t *testing.T) {
	for _, status := range []string{"refuted", "entered-in-error", "confirmed"} {
		d := decoded(t, changed(t, made(t, "eps-small.json"), change{"entry.5.resource.code", conceptOf("http://snomed.info/sct", "716186003")},
			change{"entry.5.resource.verificationStatus", conceptOf("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", status)}))
		section := d.Summary.Sections[1]
		denied := status != "confirmed"
		if held := len(section.Entries) == 1; held == denied || denied != (section.State == node.HasEntries) {
			t.Errorf("%s: %s with %d entries", status, section.State, len(section.Entries))
		}
		told := slices.ContainsFunc(d.Residue, func(r node.Residue) bool { return strings.HasPrefix(r.Path, "entry[5]") })
		if told != denied {
			t.Errorf("%s: told %v of %v", status, told, d.Residue)
		}
	}
}

func TestACodeThatAPersonChoseLastIsTheOriginal(t *testing.T) {
	coding := func(system, code string, chosen bool) map[string]any {
		c := map[string]any{"system": system, "code": code}
		if chosen {
			c["userSelected"] = true
		}
		return c
	}
	for _, c := range []struct {
		name              string
		codings           []any
		original, current string
		also              int // other codes, only compared
	}{
		{"one after the other", []any{coding("http://snomed.info/sct", "1", false), coding("urn:rhk10", "I10", true)}, "I10", "1", 0},
		{"equals", []any{coding("http://snomed.info/sct", "1", false), coding("urn:rhk10", "I10", false)}, "1", "1", 1},
		{"chosen between", []any{coding("urn:a", "A", false), coding("urn:rhk10", "I10", true), coding("http://snomed.info/sct", "1", false)}, "I10", "A", 1},
		{"chosen first", []any{coding("urn:rhk10", "I10", true), coding("http://snomed.info/sct", "1", false)}, "I10", "I10", 1},
	} {
		d := decoded(t, changed(t, made(t, "eps-small.json"), change{"entry.4.resource.code.coding", c.codings}))
		slot := d.Summary.Sections[0].Slots[4]
		if slot.Field != translation.Diagnosis || slot.Original().Code != c.original || slot.Current.Code != c.current || len(slot.Comparison().Also) != c.also {
			t.Errorf("%s: %s %s from %s to %s, also %v", c.name, slot.Field, slot.Path, slot.Original().Code, slot.Current.Code, slot.Comparison().Also)
		}
	}
}

func TestThePublishedSummariesAreRead(t *testing.T) {
	for _, c := range []struct {
		file            string
		sections, slots int
	}{
		{"Bundle-EPS-5042-537688-1.json", 9, 267},
		{"Bundle-EPSExampleBundle01NoProblemsMedicationAllergies.json", 5, 12},
		{"Bundle-IPS-examples-Bundle-01.json", 6, 52},
		{"Bundle-bundle-minimal.json", 3, 20},
		{"Bundle-bundle-no-info-required-sections.json", 4, 20},
	} {
		t.Run(c.file, func(t *testing.T) {
			d := decoded(t, sample(t, "ips-eps-r4", c.file))
			if d.Kind != node.ASummary || len(d.Summary.Sections) != c.sections || len(d.Slots) != c.slots {
				t.Errorf("%s with %d sections, %d slots", d.Kind, len(d.Summary.Sections), len(d.Slots))
			}
		})
	}
}
