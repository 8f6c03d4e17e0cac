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

// firstDifference checks a splice from its edit list alone, by other means than it was made with: it walks output and
// source side by side, steps over what was inserted in the one and what was touched in the other, and gives the first
// byte of the source that did not come out as it went in; -1 when there is none.
func firstDifference(source, out []byte, edits []edit) int {
	in, made := 0, 0
	for _, change := range edits {
		for ; in < change.span.Start; in, made = in+1, made+1 {
			if made >= len(out) || out[made] != source[in] {
				return in
			}
		}
		if !bytes.HasPrefix(out[made:], change.text) {
			return in
		}
		in, made = change.span.End, made+len(change.text)
	}
	for ; in < len(source); in, made = in+1, made+1 {
		if made >= len(out) || out[made] != source[in] {
			return in
		}
	}
	if made != len(out) {
		return in
	}
	return -1
}

// spliced plans and makes a splice, checks it, and gives the body.
func spliced(t *testing.T, d *node.Document, cut []translation.Span, r *node.Report) []byte {
	t.Helper()
	edits, failed := planSplice(&encoder{participant: "FI", cut: cut, report: r}, d)
	if failed != nil {
		t.Fatalf("plan: %v", failed)
	}
	out, err := splice(d.Source, edits)
	if err != nil {
		t.Fatalf("splice: %v", err)
	}
	if at := firstDifference(d.Source, out, edits); at >= 0 {
		t.Fatalf("byte %d of the source did not come out as it went in", at)
	}
	anything(t, out)
	return out
}

func TestASpliceWithNothingToSayIsTheSourceByteForByte(t *testing.T) {
	_, body := pivotOf(t, "ee-combination-tablet.json")
	read := decoded(t, body)
	if out := encoded(t, read, node.MPD, nil, nil); !bytes.Equal(out, body) {
		t.Error("a document without renderings and report changed on its way")
	}
	estonian := national(t, "ee-kit.json")
	if out := encoded(t, estonian, EstonianR5, nil, nil); !bytes.Equal(out, estonian.Source) {
		t.Error("a national document without renderings changed on its way")
	}
}

func TestCountryBAddsItsCodesAndWordsToThePivotDocument(t *testing.T) {
	_, body := pivotOf(t, "ee-combination-tablet.json")
	read := decoded(t, body)
	render(read, "FI", map[translation.Field]bool{translation.DoseForm: true, translation.DoseUnit: true, translation.Route: true})
	out := spliced(t, read, nil, reportOf(read))
	again := decoded(t, out)
	want, got := read.Prescription(), again.Prescription()
	if diff := cmp.Diff(want, got, asSent()); diff != "" {
		t.Errorf("rendered (-) and read again (+) differ:\n%s", diff)
	}
	if form := got.Medication.Form; len(form.Hops) != 2 || form.Hops[1].Country != "FI" || form.Hops[1].Map != "eu-fi/dose-form" {
		t.Errorf("the steps of the dose form are %+v", form.Hops)
	}
	if dose := got.Dosage[0].Dose; dose.Value != "1.50" || dose.Unit.Original().Code != "TA" || dose.Unit.Current.Code != "LSTA" {
		t.Errorf("the dose is %+v", dose)
	}
	if again.Peer == nil || again.Peer.Count() != len(read.Slots) {
		t.Error("B's own report is not the last entry")
	}
	if n := bytes.Count(out, []byte(`"OperationOutcome"`)); n != 2 {
		t.Errorf("%d reports travel on, want A's and B's", n)
	}
}

func TestRenderingTwiceIsRenderingOnce(t *testing.T) {
	_, body := pivotOf(t, "ee-kit.json")
	read := decoded(t, body)
	render(read, "FI", map[translation.Field]bool{translation.DoseForm: true})
	first := spliced(t, read, nil, reportOf(read))
	second := spliced(t, read, nil, reportOf(read))
	if !bytes.Equal(first, second) {
		t.Error("the same renderings gave different bytes")
	}
}

func TestADiagnosisThatIsCutFromAPivotDocumentLeavesNoTrace(t *testing.T) {
	_, body := pivotOf(t, "ee-combination-tablet.json")
	read := decoded(t, body)
	out := spliced(t, read, []translation.Span{read.Prescription().Indication[0].Span}, reportOf(read))
	for _, trace := range []string{"I10", "hüpertensioon", "indication", "reasonCode", "DocumentReference"} {
		if strings.Contains(string(out), trace) {
			t.Errorf("%s still stands in the document", trace)
		}
	}
}

func TestRenderingsFindTheirPlaceInEveryShapeOfElement(t *testing.T) {
	word := func(s *translation.Slot) { s.Rendered, s.Language = "sana", "fi" }
	hop := func(s *translation.Slot) {
		s.Take(&translation.Step{Kind: translation.Transcode}, translation.Coding{System: "urn:new", Code: "N", Display: "new"})
	}
	both := func(s *translation.Slot) { hop(s); word(s) }
	words := `{"extension":[` + wordsExtension + `]}`
	tests := []struct {
		name, before, after string
		field               translation.Field
		change              func(*translation.Slot)
	}{
		{"words beside a display", `{"coding":[{"system":"urn:old","code":"O","display":"old"}]}`,
			`{"coding":[{"system":"urn:old","code":"O","display":"old","_display":` + words + `}]}`, "", word},
		{"words where there is no display", `{"coding":[ {"system":"urn:old","code":"O"} ]}`,
			`{"coding":[ {"_display":` + words + `,"system":"urn:old","code":"O"} ]}`, "", word},
		{"words beside other words", `{"coding":[{"system":"urn:old","code":"O","_display":{"extension":[ {"url":"urn:x"}]}}]}`,
			`{"coding":[{"system":"urn:old","code":"O","_display":{"extension":[ ` + wordsExtension + `,{"url":"urn:x"}]}}]}`, "", word},
		{"words beside an id", `{"coding":[{"system":"urn:old","code":"O","_display":{"id":"i"}}]}`,
			`{"coding":[{"system":"urn:old","code":"O","_display":{"extension":[` + wordsExtension + `],"id":"i"}}]}`, "", word},
		{"a new code", `{"coding":[{"system":"urn:old","code":"O"}],"text":"t"}`,
			`{"coding":[{"system":"urn:new","code":"N","display":"new"},{"system":"urn:old","code":"O","userSelected":true}],"text":"t"}`, "", hop},
		{"a new code with words", `{"coding":[{"system":"urn:old","code":"O","userSelected":false}]}`,
			`{"coding":[{"system":"urn:new","code":"N","display":"new","_display":` + words +
				`},{"system":"urn:old","code":"O","userSelected":false}]}`, "", both},
		{"a code for mere words", `{"text":"t"}`, `{"coding":[{"system":"urn:new","code":"N","display":"new"}],"text":"t"}`, "", hop},
		{"words for a lone coding", `{"system":"urn:old","code":"O","display":"old"}`,
			`{"system":"urn:old","code":"O","display":"old","_display":` + words + `}`, "", word},
		{"words for a unit", `{"value":1.50,"unit":"old","system":"urn:old","code":"O"}`,
			`{"value":1.50,"unit":"old","_unit":` + words + `,"system":"urn:old","code":"O"}`, translation.DoseUnit, word},
		{"a new unit", `{ "id":"q", "value":1.50, "system":"urn:old","code":"O"}`,
			`{"id":"q","extension":[{"url":"` + extOlderQuantity + `","valueQuantity":{"value":1.50,"system":"urn:old","code":"O"}}],` +
				`"value":3.00,"unit":"new","_unit":` + words + `,"system":"urn:new","code":"N"}`, translation.DoseUnit,
			func(s *translation.Slot) { both(s); s.Amount = "3.00" }},
		{"a third unit", `{"extension":[{"url":"` + extOlderQuantity + `","valueQuantity":{"value":9,"code":"A"}}],"value":1,"system":"urn:old","code":"O"}`,
			`{"extension":[{"url":"` + extOlderQuantity + `","valueQuantity":{"value":1,"system":"urn:old","code":"O"}},{"url":"` + extOlderQuantity +
				`","valueQuantity":{"value":9,"code":"A"}}],"value":1,"unit":"new","system":"urn:new","code":"N"}`, translation.DoseUnit,
			func(s *translation.Slot) { hop(s); s.Amount = "1" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := `{"x":[` + test.before + `]}`
			slot := translation.NewSlot(test.field, "x", translation.Coding{})
			if !strings.HasPrefix(test.before, `{"text"`) {
				slot = translation.NewSlot(test.field, "x", translation.Coding{System: "urn:old", Code: "O"})
			}
			slot.Span = translation.Span{Start: 6, End: 6 + len(test.before)}
			test.change(slot)
			p := &planner{src: []byte(source), fresh: map[*translation.Slot]int{}}
			if err := p.render([]*translation.Slot{slot}); err != nil {
				t.Fatal(err)
			}
			out, err := splice(p.src, p.edits)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSuffix(strings.TrimPrefix(string(out), `{"x":[`), `]}`); got != test.after {
				t.Errorf("got  %s\nwant %s", got, test.after)
			}
			anything(t, out)
		})
	}
}

const wordsExtension = `{"url":"` + extTranslation + `","extension":[{"url":"lang","valueCode":"fi"},{"url":"content","valueString":"sana"}]}`

func TestCutsTakeTheirCommasWithThem(t *testing.T) {
	tests := []struct{ name, source, after string }{
		{"the first member", `{«"a":1», "b":2}`, `{"b":2}`},
		{"the last member", `{"a":1 , «"b":2» }`, `{"a":1 }`},
		{"a value takes its name along", `{"a":1,"b":«[2]»,"c":3}`, `{"a":1,"c":3}`},
		{"a run in the middle", `[1,«2»,«3»,4]`, `[1,4]`},
		{"a run at the end", `[1,«2»,«3»]`, `[1]`},
		{"apart", `[«1»,2,«3»,4,«5»]`, `[2,4]`},
		{"the only item takes its array along", `{"a":[«{"x":1}»],"b":2}`, `{"b":2}`},
		{"all items take their array along", `{"k":true,"a":[«1», «2»]}`, `{"k":true}`},
		{"brackets and quotes in strings are no structure", `{"a":"]}\",\\",«"b":"{["»,"c":"]"}`, `{"a":"]}\",\\","c":"]"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, cut := marked(test.source)
			p := &planner{src: []byte(source)}
			if p.cutInside(translation.Span{End: len(source)}, cut) || p.err != nil {
				t.Fatalf("nothing would be left, or %v", p.err)
			}
			out, err := splice(p.src, p.edits)
			if err != nil {
				t.Fatal(err)
			}
			if string(out) != test.after {
				t.Errorf("got %s, want %s", out, test.after)
			}
			anything(t, []byte(`{"x":`+string(out)+`}`))
		})
	}
}

// marked takes the marks « » out of a text and gives the spans between them.
func marked(text string) (string, []translation.Span) {
	var spans []translation.Span
	for {
		from := strings.Index(text, "«")
		if from < 0 {
			return text, spans
		}
		text = strings.Replace(text, "«", "", 1)
		to := strings.Index(text, "»")
		text = strings.Replace(text, "»", "", 1)
		spans = append(spans, translation.Span{Start: from, End: to})
	}
}

func TestAWithheldSpanThatIsNoWholeElementIsAnError(t *testing.T) {
	p := &planner{src: []byte(`{"a":"secret"}`)}
	p.cutInside(translation.Span{End: len(p.src)}, []translation.Span{{Start: 7, End: 9}})
	if p.err == nil || p.err.Reason != "splice.cut" {
		t.Errorf("got %v", p.err)
	}
}

func TestEditsThatTouchTheSameByteAreAnError(t *testing.T) {
	span := func(from, to int) translation.Span { return translation.Span{Start: from, End: to} }
	for name, edits := range map[string][]edit{
		"overlap":     {{span: span(1, 4)}, {span: span(3, 5)}},
		"inside":      {{span: span(0, 6)}, {span: span(2, 2), text: []byte("x")}},
		"out of text": {{span: span(5, 9)}},
		"backwards":   {{span: span(4, 2)}},
	} {
		if _, err := splice([]byte("abcdef"), edits); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	out, err := splice([]byte("abcdef"), []edit{{span(3, 3), []byte("2")}, {span(1, 3), []byte("1")}, {span(3, 3), []byte("3")}})
	if err != nil || string(out) != "a123def" {
		t.Errorf("got %s, %v", out, err)
	}
}

func TestTheCheckOfFidelityNoticesEveryChangedByte(t *testing.T) {
	source := []byte("abcdef")
	edits := []edit{{translation.Span{Start: 2, End: 3}, []byte("XY")}}
	good, err := splice(source, slices.Clone(edits))
	if err != nil || firstDifference(source, good, edits) >= 0 {
		t.Fatalf("a good splice is not believed: %s, %v", good, err)
	}
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if firstDifference(source, bad, edits) < 0 {
			t.Errorf("a change of byte %d was not noticed", i)
		}
	}
	if firstDifference(source, append(good, '!'), edits) < 0 || firstDifference(source, good[:5], edits) < 0 {
		t.Error("a longer or shorter output was not noticed")
	}
}
