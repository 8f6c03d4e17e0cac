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

// bareSummary is the small summary with an allergy in bare codes and a medicine with its number.
func bareSummary(t *testing.T, changes ...change) []byte {
	t.Helper()
	return changed(t, made(t, "eps-small.json"), append([]change{{"entry.5.resource.code", conceptOf(systemSNOMED, "91936005")},
		{"entry.5.resource.criticality", "high"}, {"entry.5.resource.type", "allergy"},
		{"entry.5.resource.reaction", []any{
			map[string]any{"severity": "severe", "manifestation": []any{conceptOf(systemSNOMED, "271807003")}},
			map[string]any{"severity": "mild", "manifestation": []any{conceptOf(systemSNOMED, "126485001")}}}},
		{"entry.7.resource.identifier", []any{map[string]any{"system": systemEstonianPackage, "value": "1000001"}}}}, changes...)...)
}

// bareSlots are the coded places of a document that are mere strings in it.
func bareSlots(d *node.Document) []*translation.Slot {
	var found []*translation.Slot
	for _, slot := range d.Slots {
		if d.Source[slot.Span.Start] == '"' {
			found = append(found, slot)
		}
	}
	return found
}

func TestABareCodeOfAnAllergyAndTheNumberOfAMedicineAreCodedPlacesOfTheDocument(t *testing.T) {
	d := decoded(t, bareSummary(t))
	e := d.Summary.Sections[1].Entries[0]
	product := d.Summary.Sections[2].Entries[0].Medication.Product
	for _, c := range []struct {
		slot             *translation.Slot
		field            translation.Field
		path             string
		system, code, is string
		section          int
	}{
		{e.Type, translation.Other, "section[48765-2].entry[0].type", systemSNOMED, "609328004", `"allergy"`, 1},
		{e.Criticality, translation.Criticality, "section[48765-2].entry[0].criticality", systemCriticality, "high", `"high"`, 1},
		{e.Reactions[0].Severity, translation.Severity, "section[48765-2].entry[0].reaction[0].severity", systemSNOMED, "24484000", `"severe"`, 1},
		{e.Reactions[1].Severity, translation.Severity, "section[48765-2].entry[0].reaction[1].severity", systemSNOMED, "255604002", `"mild"`, 1},
		{product, translation.ProductID, "section[10160-0].entry[0].medicationReference.identifier[0]", systemEstonianPackage, "1000001",
			`{"system":"` + systemEstonianPackage + `","value":"1000001"}`, 2},
	} {
		if !slices.Contains(d.Slots, c.slot) || !slices.Contains(d.Summary.Sections[c.section].Slots, c.slot) {
			t.Fatalf("%s is no coded place of the document and its section", c.path)
		}
		if is := string(d.Source[c.slot.Span.Start:c.slot.Span.End]); is != c.is {
			t.Errorf("%s stands at %s", c.path, is)
		}
		if s := c.slot; s.Field != c.field || s.Path != c.path || s.Original().System != c.system || s.Original().Code != c.code || s.Current != s.Original() {
			t.Errorf("%s is %s %s %+v", c.path, s.Field, s.Path, s.Original())
		}
	}
	if rest := slices.ContainsFunc(d.Rest, func(r node.Residue) bool { return strings.HasPrefix(r.Path, "entry[5]") }); rest {
		t.Errorf("a coded place is also named as what no field holds: %+v", d.Rest)
	}
}

func TestABareCodeThatItsListDoesNotHaveIsKeptAsItStands(t *testing.T) {
	d := decoded(t, bareSummary(t, change{"entry.5.resource.reaction.0.severity", "fatal"}))
	slot := d.Summary.Sections[1].Entries[0].Reactions[0].Severity
	if slot == nil || !slices.Contains(d.Slots, slot) || slot.Original() != (translation.Coding{System: systemReactionSeverity, Code: "fatal"}) {
		t.Errorf("%+v", slot)
	}
}

func TestACodeBesideABareOneIsTheOnlyCodedPlaceOfTheTwo(t *testing.T) {
	d := decoded(t, bareSummary(t, change{"entry.5.resource._criticality", map[string]any{"extension": []any{
		map[string]any{"url": extCode, "valueCodeableConcept": conceptOf("urn:own", "H")}}}}))
	e := d.Summary.Sections[1].Entries[0]
	if e.Criticality.Original().Code != "H" || len(bareSlots(d)) != 3 {
		t.Errorf("%+v, and %d bare codes", e.Criticality, len(bareSlots(d)))
	}
}

func TestAnAllergyThatTwoSectionsNameHasEachCodeOnce(t *testing.T) {
	d := decoded(t, bareSummary(t, change{"entry.0.resource.section.5.entry.+",
		map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000006"}}))
	if len(bareSlots(d)) != 4 || d.Summary.Sections[1].Entries[0].Criticality != d.Summary.Sections[5].Entries[len(d.Summary.Sections[5].Entries)-1].Criticality {
		t.Errorf("%d bare codes", len(bareSlots(d)))
	}
}

// worded gives every bare code words for the reader.
func worded(d *node.Document, language string) *node.Document {
	for _, slot := range bareSlots(d) {
		slot.Rendered, slot.Language, slot.Fate = "sana "+slot.Current.Code, language, translation.Identical
	}
	return d
}

func TestTheReadersWordsStandBesideABareCodeAndComeBack(t *testing.T) {
	d := worded(decoded(t, bareSummary(t)), "fi")
	first := spliced(t, d, nil, reportOf(d))
	for _, code := range []string{`"type":"allergy"`, `"criticality":"high"`, `"severity":"severe"`, `"severity":"mild"`} {
		if bytes.Count(first, []byte(code)) != bytes.Count(d.Source, []byte(code)) {
			t.Errorf("%s does not stand as it stood", code)
		}
	}
	again := decoded(t, first)
	if diff := cmp.Diff(bareWords(d), bareWords(again)); diff != "" {
		t.Errorf("written (-) and read again (+):\n%s", diff)
	}
	for _, left := range slices.Concat(again.Residue, again.Rest) {
		if strings.HasPrefix(left.Path, "entry[5]") {
			t.Errorf("the reader's words are named as what no field holds: %+v", left)
		}
	}
	if second := spliced(t, worded(again, "fi"), nil, nil); !bytes.Equal(first, second) {
		t.Error("the same words were written twice")
	}
	third := decoded(t, spliced(t, worded(again, "sv"), nil, nil))
	if got := strings.Join(bareWords(third), "\n"); strings.Count(got, " sv sana ") != 4 {
		t.Errorf("the words in another language are\n%s", got)
	}
}

// bareWords tells of the bare codes of a document what they say to the reader.
func bareWords(d *node.Document) []string {
	var told []string
	for _, slot := range bareSlots(d) {
		told = append(told, slot.Path+" "+slot.Language+" "+slot.Rendered)
	}
	return told
}

func TestASpliceWithoutWordsTouchesNoBareCode(t *testing.T) {
	d := decoded(t, bareSummary(t))
	for _, slot := range d.Slots {
		slot.Take(&translation.Step{Kind: translation.Identity}, slot.Current)
		slot.Fate = translation.Identical
	}
	if out := spliced(t, d, nil, nil); !bytes.Equal(out, d.Source) {
		t.Error("a summary whose codes stay what they are changed on its way")
	}
}

func TestABareCodeThatIsWithheldGetsNoWords(t *testing.T) {
	d := worded(decoded(t, bareSummary(t)), "fi")
	cut := withholding(t, d, "section:48765-2")
	if out := spliced(t, d, cut, without(d, cut)); bytes.Contains(out, []byte("sana")) || bytes.Contains(out, []byte("criticality")) {
		t.Error("an allergy that is withheld left its words")
	}
}

func TestTheWordsOfAnAuthorBesideABareCodeAreNotTheReaders(t *testing.T) {
	d := decoded(t, bareSummary(t, change{"entry.5.resource._criticality", map[string]any{"extension": []any{
		map[string]any{"url": extTranslation, "extension": []any{extensionOf("lang", "valueCode", "sv"), extensionOf("content", "valueString", "stor")}}}}}))
	slot := d.Summary.Sections[1].Entries[0].Criticality
	if slot.Rendered != "" {
		t.Errorf("the author's own words are taken for the reader's: %+v", slot)
	}
	slot.Rendered, slot.Language = "stor", "sv"
	p := &planner{src: d.Source}
	if p.findBare(d.Slots); !p.said(slot) || p.abroad(d) {
		t.Error("words that came with the document are taken for country B's")
	}
	if !slices.ContainsFunc(d.Rest, func(r node.Residue) bool { return r.Path == "entry[5].resource._criticality" }) {
		t.Error("no field holds the author's words in another language, and nothing names them")
	}
}

func TestWordsFindTheirPlaceBesideABareCode(t *testing.T) {
	words := `{"extension":[` + wordsExtension + `]}`
	other := `{"url":"` + extTranslation + `","extension":[{"url":"lang","valueCode":"sv"},{"url":"content","valueString":"ord"}]}`
	for _, test := range []struct{ name, before, after string }{
		{"nothing beside it", `{"a": 1, "code" : "O" , "b": 2}`, `{"a": 1, "code" : "O","_code":` + words + ` , "b": 2}`},
		{"the last member", `{"code":"O"}`, `{"code":"O","_code":` + words + `}`},
		{"other extensions", `{"code":"O","_code":{ "extension":[ {"url":"urn:x"}]}}`, `{"code":"O","_code":{ "extension":[ ` + wordsExtension + `,{"url":"urn:x"}]}}`},
		{"an id, and before the code", `{"_code":{"id":"i"},"code":"O"}`, `{"_code":{"extension":[` + wordsExtension + `],"id":"i"},"code":"O"}`},
		{"words of another language", `{"code":"O","_code":{"extension":[` + other + `]}}`, `{"code":"O","_code":{"extension":[` + wordsExtension + `,` + other + `]}}`},
		{"the same words", `{"code":"O","_code":` + words + `}`, `{"code":"O","_code":` + words + `}`},
		{"a name in another spelling", `{"co\u0064e":"O","_code":{"id":"i"}}`, `{"co\u0064e":"O","_code":{"extension":[` + wordsExtension + `],"id":"i"}}`},
	} {
		source := `{"x":[[],` + test.before + `]}`
		slot := translation.NewSlot("", "x", translation.Coding{System: "urn:old", Code: "O"})
		slot.Rendered, slot.Language = "sana", "fi"
		at := strings.Index(source, `"O"`)
		slot.Span = translation.Span{Start: at, End: at + 3}
		p := &planner{src: []byte(source), fresh: map[*translation.Slot]int{}}
		p.findBare([]*translation.Slot{slot})
		if err := p.render([]*translation.Slot{slot}); err != nil {
			t.Fatal(err)
		}
		out, err := splice(p.src, p.edits)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(strings.TrimPrefix(string(out), `{"x":[[],`), `]}`); got != test.after {
			t.Errorf("%s: got  %s\nwant %s", test.name, got, test.after)
		}
		anything(t, out)
	}
}

func TestAStepAwayFromABareCodeIsToldAndTheCodeStays(t *testing.T) {
	d := worded(decoded(t, bareSummary(t)), "fi")
	slot := d.Summary.Sections[1].Entries[0].Criticality
	to := translation.Coding{System: "urn:example:own", Code: "K2", Display: "suuri"}
	slot.Take(&translation.Step{Kind: translation.Transcode, Map: "eu-fi/criticality", Release: "beef", Country: "FI"}, to)
	slot.Fate = translation.Mapped
	report := reportOf(d)
	out := spliced(t, d, nil, report)
	if !bytes.Contains(out, []byte(`"criticality":"high","_criticality":{"extension":[{"url":"`+extTranslation)) {
		t.Error("the code changed, or the words are not beside it")
	}
	if !bytes.Contains(out, []byte("eu-fi/criticality")) {
		t.Error("no Provenance tells of the step")
	}
	if !slices.ContainsFunc(report.Lost, func(r node.Residue) bool { return r.Path == slot.Path }) {
		t.Errorf("the report does not say that the element has no room for the code: %+v", report.Lost)
	}
}

func TestABareCodeThatDoesNotStandWhereTheDocumentSaysIsAnError(t *testing.T) {
	slot := translation.NewSlot(translation.Criticality, "x", translation.Coding{Code: "O"})
	slot.Rendered, slot.Span = "sana", translation.Span{Start: 1, End: 4} // the name of the member
	p := &planner{src: []byte(`{"a":"O"}`)}
	p.findBare([]*translation.Slot{slot})
	if err := p.render([]*translation.Slot{slot}); err == nil || err.Reason != "splice.span" {
		t.Errorf("got %v", err)
	}
}

func TestTheNumberOfAMedicineIsNeverGivenWords(t *testing.T) {
	d := decoded(t, bareSummary(t))
	product := d.Summary.Sections[2].Entries[0].Medication.Product
	product.Rendered, product.Language = "pakkaus", "fi"
	if out := spliced(t, d, nil, nil); !bytes.Equal(out, d.Source) {
		t.Error("an identifier has no room for words")
	}
}
