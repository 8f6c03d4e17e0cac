package fhir

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

// withholding gives the spans of the named elements, as a face takes them from the document.
func withholding(t *testing.T, d *node.Document, names ...string) []translation.Span {
	t.Helper()
	var spans []translation.Span
	for _, name := range names {
		found := false
		for _, element := range d.Elements {
			if element.Name == name {
				spans, found = append(spans, element.Spans...), true
			}
		}
		if !found {
			t.Fatalf("the document has no element %s", name)
		}
	}
	return spans
}

// without is the report without the lines of slots that stand in what is withheld, as the face makes it.
func without(d *node.Document, cut []translation.Span) *node.Report {
	r := reportOf(d)
	paths := pathsWithin(d.Slots, cut)
	r.Told = slices.DeleteFunc(r.Told, func(l node.Line) bool { return paths[l.Path] })
	return r
}

func TestASummaryIsSplicedWithTheSharedCodes(t *testing.T) {
	d := national(t, "summary.json")
	carry(d, "EE")
	out := spliced(t, d, nil, reportOf(d))
	read := decoded(t, out)
	for _, slot := range d.Slots {
		if slot.Fate != translation.Mapped || strings.HasPrefix(slot.Path, "section[47519-4]") {
			continue // the section without information is written in the fixed form
		}
		i := slices.IndexFunc(read.Slots, func(s *translation.Slot) bool { return s.Path == slot.Path })
		if i < 0 || read.Slots[i].Current.Code != slot.Current.Code || read.Slots[i].Original().Code != slot.Original().Code {
			t.Errorf("%s did not arrive", slot.Path)
		}
	}
	if last := lastEntry(t, out); last["resourceType"] != "OperationOutcome" {
		t.Errorf("the last entry is a %v", last["resourceType"])
	}
	if bytes.Contains(out, []byte("DocumentReference")) || bytes.Contains(out, []byte(hashOf(d.Source))) {
		t.Error("a summary never carries its original, nor a hash of it")
	}
}

func TestAWithheldSectionLooksTheSameAsOneNeverRecorded(t *testing.T) {
	withheld := national(t, "summary.json")
	carry(withheld, "EE")
	cut := withholding(t, withheld, "section:11450-4", "section:11369-6", "address")
	hidden := spliced(t, withheld, cut, without(withheld, cut))

	never := decoded(t, neverRecorded(t))
	carry(never, "EE")
	empty := spliced(t, never, nil, reportOf(never))
	if !bytes.Equal(hidden, empty) {
		t.Errorf("somebody can tell that something was withheld:\n%s", cmp.Diff(strings.Split(string(empty), "\n"), strings.Split(string(hidden), "\n")))
	}
	for _, trace := range []string{"Sulgkõrvasus", "leid", "Kõrvetõve", "S40.9", "Pöördtee", "+372"} {
		if bytes.Contains(hidden, []byte(trace)) {
			t.Errorf("%s still stands in the document", trace)
		}
	}
	decoded(t, hidden)
}

// neverRecorded is the summary of testdata/round as its register would have written it had the patient no problem, no
// immunisation and no address on record.
func neverRecorded(t *testing.T) []byte {
	t.Helper()
	text := string(national(t, "summary.json").Source)
	drop := func(from, to string) {
		i := strings.Index(text, from)
		j := strings.Index(text[i:], to)
		if i < 0 || j < 0 {
			t.Fatalf("no %q before %q", from, to)
		}
		text = text[:i] + text[i+j:]
	}
	swap := func(old, now string) {
		if !strings.Contains(text, old) {
			t.Fatalf("no %q", old)
		}
		text = strings.Replace(text, old, now, 1)
	}
	entry := "  {\n   \"fullUrl\": \"urn:uuid:00000000-0000-4000-8000-0000000000"
	drop(entry+"10", entry+"11")
	drop(",\n"+entry+"13", "\n ]\n}")
	drop(",\n     {\n      \"title\": \"Immuniseerimised\"", "\n    ]\n   }\n  },\n"+entry+"01")
	drop("    \"telecom\"", "    \"gender\"")
	drop(",\n    \"address\"", "\n   }\n  },\n"+entry+"02")
	drop("    \"reasonReference\"", "    \"dosage\"")
	swap("<p>Sulgkõrvasus õlgvarrel</p>", "<p>Andmeid ei ole.</p>")
	swap("\"entry\": [\n       {\n        \"reference\": \"urn:uuid:00000000-0000-4000-8000-000000000010\"\n       }\n      ]",
		`"emptyReason": {"coding": [{"system": "`+systemEmptyReason+`", "code": "unavailable"}]}`)
	return []byte(text)
}

func TestWhatTwoWithheldSectionsShareLeavesWithBoth(t *testing.T) {
	source := bytes.Replace(national(t, "summary.json").Source,
		[]byte(`"reference": "urn:uuid:00000000-0000-4000-8000-000000000013"`),
		[]byte(`"reference": "urn:uuid:00000000-0000-4000-8000-000000000010"}, {"reference": "urn:uuid:00000000-0000-4000-8000-000000000013"`), 1)
	d := decoded(t, source)
	one := spliced(t, d, withholding(t, d, "section:11450-4"), &node.Report{})
	if !bytes.Contains(one, []byte("S40.9")) {
		t.Error("a condition that another section still names is gone")
	}
	both := spliced(t, d, withholding(t, d, "section:11450-4", "section:11369-6"), &node.Report{})
	if bytes.Contains(both, []byte("S40.9")) {
		t.Error("a condition that both withheld sections name still stands in the document")
	}
	decoded(t, both)
}

func TestAnEventOfTheCompositionKeepsNothingThatIsWithheld(t *testing.T) {
	encounter := map[string]any{"resourceType": "Encounter", "status": "finished",
		"class": map[string]any{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}}
	d := decoded(t, changed(t, made(t, "eps-small.json"),
		change{"entry.0.resource.event.+", map[string]any{"detail": []any{map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000004"}}}},
		change{"entry.0.resource.event.+", map[string]any{"detail": []any{map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000099"}}}},
		change{"entry.+", map[string]any{"fullUrl": "urn:uuid:77000000-0000-4000-8000-000000000099", "resource": encounter}}))
	out := spliced(t, d, withholding(t, d, "section:11450-4"), &node.Report{})
	if bytes.Contains(out, []byte("77000000-0000-4000-8000-000000000004")) {
		t.Error("a condition that an event names still stands in the document")
	}
	if event := `"event":[{"detail":[{"reference":"urn:uuid:77000000-0000-4000-8000-000000000099"}]}]`; !bytes.Contains(out, []byte(event)) {
		t.Error("the event that names no condition is gone")
	}
	decoded(t, out)
}

// inSections is the summary of testdata/round with two sections in its third one, which both name one finding, and with
// somebody near to the patient.
func inSections(t *testing.T) []byte {
	t.Helper()
	inner := func(code string) string {
		return `{"title": "Osa", "code": {"coding": [{"system": "http://loinc.org", "code": "` + code + `"}]}, "text": {"status": "additional",
			"div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}, "entry": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000014"}]}`
	}
	source := string(national(t, "summary.json").Source)
	at := strings.Index(source, `"title": "Ravimid"`)
	source = source[:at] + `"section": [` + inner("48768-6") + `, ` + inner("42348-3") + `], ` + source[at:]
	end := strings.LastIndex(source, "]")
	return []byte(source[:end] + `, {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000077", "resource": {"resourceType": "RelatedPerson",
		"patient": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}, "name": [{"family": "Kask"}],
		"telecom": [{"system": "phone", "value": "+372 5550077"}]}}` + source[end:])
}

func TestWhatTwoWithheldSectionsInASectionShareLeavesWithBoth(t *testing.T) {
	d := decoded(t, inSections(t))
	finding := []byte(`"urn:uuid:00000000-0000-4000-8000-000000000014"`)
	one := spliced(t, d, withholding(t, d, "section:42348-3", "section:11450-4"), &node.Report{})
	both := spliced(t, d, withholding(t, d, "section:42348-3", "section:48768-6", "section:11450-4"), &node.Report{})
	if !bytes.Contains(one, finding) || bytes.Contains(both, finding) || bytes.Contains(both, []byte("48768-6")) {
		t.Errorf("of two sections in a section one leaves: %v; both: %v", bytes.Contains(one, finding), bytes.Contains(both, finding))
	}
	decoded(t, one)
	decoded(t, both)
}

func TestTheWordsOfASectionWithoutInformationAreInTheLanguageOfTheDocument(t *testing.T) {
	for language, want := range map[string]string{"et": "Teave ei ole", "fi-FI": "Tietoja ei ole", "en-GB": "No information", "xx": "No information"} {
		d := national(t, "summary.json")
		d.Language = language
		out := spliced(t, d, withholding(t, d, "section:48765-2"), &node.Report{})
		if n := bytes.Count(out, []byte(want)); n != 2 {
			t.Errorf("%s: %d sections say %q, want the withheld and the empty one", language, n, want)
		}
	}
}

func TestASummaryThatSpeaksToItsReaderKeepsItsOwnWords(t *testing.T) {
	d := national(t, "summary.json")
	carry(d, "EE")
	render(d, "FI", nil)
	out := spliced(t, d, nil, reportOf(d))
	if !bytes.Contains(out, []byte("<p>Pole teada</p>")) {
		t.Error("country B rewrote a section of country A's")
	}
	if same := spliced(t, national(t, "summary.json"), nil, nil); !bytes.Equal(same, d.Source) {
		t.Error("a summary without renderings and report changed on its way")
	}
}

func TestASummaryInTwoLanguagesHidesWhatIsWithheldToo(t *testing.T) {
	bilingual := strings.Replace(string(national(t, "summary.json").Source), `"display": "Ramihüdro"`,
		`"display": "Ramihüdro", "_display": {"extension": [`+wordsExtension+`]}`, 1)
	out := spliced(t, decoded(t, []byte(bilingual)), nil, &node.Report{})
	if bytes.Contains(out, []byte("<p>Pole teada</p>")) {
		t.Error("words that came with the document were taken for country B's, and an empty section kept its own")
	}
}

func TestTheNarrativeOfTheWholeSummaryStaysAtHome(t *testing.T) {
	told := strings.Replace(string(national(t, "summary.json").Source), `"status": "final",`,
		`"status": "final", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Sulgkõrvasus</div>"},`, 1)
	d := decoded(t, []byte(told))
	report := &node.Report{}
	out := spliced(t, d, withholding(t, d, "section:11450-4"), report)
	if bytes.Contains(out, []byte("Sulgkõrvasus")) {
		t.Error("the narrative repeats a section that was withheld")
	}
	if len(report.Lost) != 1 || report.Lost[0].Path != "entry[0].resource.text" {
		t.Errorf("lost: %+v", report.Lost)
	}
}

func TestASectionThatSaysItWasWithheldSaysSoNoMore(t *testing.T) {
	source := bytes.Replace(national(t, "summary.json").Source, []byte(`"unavailable"`), []byte(`"withheld"`), 1)
	out := spliced(t, decoded(t, source), nil, &node.Report{})
	plain := spliced(t, national(t, "summary.json"), nil, &node.Report{})
	if !bytes.Equal(out, plain) {
		t.Error("a section that names a restriction can be told from an empty one")
	}
}

func TestPathsInAReportShowNoGapWhereAnEntryWasWithheld(t *testing.T) {
	d := national(t, "summary.json")
	carry(d, "EE")
	cut := withholding(t, d, "section:11450-4")
	read := decoded(t, spliced(t, d, cut, without(d, cut)))
	if len(read.Peer.Residue) == 0 || read.Peer.Residue[0].Path != read.Residue[0].Path {
		t.Errorf("the report names %+v, the document has %+v", read.Peer.Residue, read.Residue)
	}
}
