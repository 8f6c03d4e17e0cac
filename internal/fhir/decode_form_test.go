package fhir

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"sild/node"
	"sild/translation"
)

func TestDatesAreThoseOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		text, of string
		want     bool
	}{
		{"2026", "date", true}, {"2026-02", "date", true}, {"2026-02-28", "date", true}, {"2024-02-29", "date", true},
		{"2026-02-29", "date", false}, {"2026-13", "date", false}, {"0000", "date", false}, {"26", "date", false}, {"", "date", false},
		{"2026-2-3", "date", false}, {"2026-02-03T10:00:00Z", "date", false}, {"2026-02-03 ", "date", false}, {"+2026-02-3", "date", false},
		{"2026-02-03T10:15:00+02:00", "dateTime", true}, {"2026-02-03T10:15:00.123456789Z", "dateTime", true}, {"2026", "dateTime", true},
		{"2026-02-03T23:59:60Z", "dateTime", true}, {"2026-02-03T24:00:00Z", "dateTime", false}, {"2026-02-03T10:15Z", "dateTime", false},
		{"2026-02-03T10:15:00", "dateTime", false}, {"2026-02-03T10:15:00+15:00", "dateTime", false}, {"2026-02-03T10:15:00+14:01", "dateTime", false},
		{"2026-02-03T10:15:00-14:00", "dateTime", true}, {"2026-02-03T10:15:00.Z", "dateTime", false}, {"2026-02-03t10:15:00z", "dateTime", false},
		{"2026-02-03T10:60:00Z", "dateTime", false}, {"2026-02-30T10:00:00Z", "dateTime", false}, {"2026-02-03T1:15:00+02:00", "dateTime", false},
		{"2026-02-03", "instant", false}, {"2026-02-03T10:15:00Z", "instant", true},
		{"08:00:00", "time", true}, {"08:00", "time", false}, {"08:00:00Z", "time", false}, {"25:00:00", "time", false}, {"0a:00:00", "time", false},
	} {
		if got := dateIs(c.text, c.of); got != c.want {
			t.Errorf("%q as %s: %v", c.text, c.of, got)
		}
	}
}

func TestANarrativeHoldsNothingThatRunsLoadsOrLeadsAway(t *testing.T) {
	div := func(inner string) string { return `<div xmlns="http://www.w3.org/1999/xhtml">` + inner + `</div>` }
	for _, good := range []string{
		div("tere"), div(""), " " + div("x") + "\n", `<div xmlns='http://www.w3.org/1999/xhtml' lang="et" xml:lang="et"><p class="a">õ &amp; &lt; &#228; &nbsp;</p></div>`,
		div(`<table border="1"><tr><th colspan="2">a</th></tr><tr><td style="color: red">b<br/></td></tr></table>`),
		div(`<a href="#x">see</a><img src="#y" alt="z"/>`), div("<!-- a note -->"), div("<div><ul><li>1</li></ul></div>"), div(`<p title="a > b">x</p>`),
	} {
		if fault := narrativeFault(good); fault != "" {
			t.Errorf("%s: %s", good, fault)
		}
	}
	for name, bad := range map[string]string{
		"script": div("<script>x</script>"), "iframe": div("<iframe></iframe>"), "object": div("<object/>"), "form": div("<form></form>"),
		"input": div("<input/>"), "style element": div("<style>p{}</style>"), "svg": div("<svg/>"), "upper case": div("<SCRIPT>x</SCRIPT>"),
		"handler": div(`<p onclick="x()">y</p>`), "handler in another case": div(`<p OnClick="x()">y</p>`), "foreign picture": div(`<img src="https://x.example/a.png"/>`),
		"script address": div(`<a href="javascript:x()">y</a>`), "hidden script address": div(`<a href=" javascript:x()">y</a>`), "foreign link": div(`<a href="https://x.example">y</a>`),
		"data picture": div(`<img src="data:image/svg+xml;base64,AA"/>`), "style that loads": div(`<p style="background: url(x)">y</p>`),
		"style that hides its escape": div(`<p style="background: \75rl(x)">y</p>`), "doctype": `<!DOCTYPE div>` + div("x"), "processing": `<?xml version="1.0"?>` + div("x"),
		"CDATA": div("<![CDATA[<script>]]>"), "conditional comment": div("<!--[if IE]><script>x</script><![endif]-->"), "open comment": div("<!-- x"),
		"unknown attribute": div(`<p srcset="x">y</p>`), "attribute twice": div(`<p class="a" class="b">y</p>`), "no quotes": div(`<p class=a>y</p>`),
		"run-on attributes": div(`<p class="a"id="b">y</p>`),
		"not closed":        div("<p>x"), "closed in disorder": div("<b><i>x</b></i>"), "closed twice": div("x") + "</div>", "two divs": div("x") + div("y"),
		"no div": `<p xmlns="http://www.w3.org/1999/xhtml">x</p>`, "no namespace": `<div>x</div>`, "another namespace": `<div xmlns="urn:x">y</div>`,
		"namespace changed inside": div(`<p xmlns="http://www.w3.org/2000/svg">x</p>`), "text before": "x" + div("y"), "text behind": div("y") + "x",
		"plain text": "x", "nothing": "", "broken entity": div("a & b"), "long entity": div("&abcdefghijklmnop;"), "bare bracket": div("a < b"),
		"bracket in an attribute": div(`<p title="<script>">x</p>`), "too deep": div(strings.Repeat("<b>", 70) + strings.Repeat("</b>", 70)), "foreign prefix": div(`<x:p>y</x:p>`),
	} {
		if narrativeFault(bad) == "" {
			t.Errorf("%s is let through: %s", name, bad)
		}
	}
}

func TestEveryTypeThatTheElementTableNamesIsInIt(t *testing.T) {
	all := elements()
	for _, line := range strings.Split(strings.TrimSpace(elementRows), "\n") {
		for _, row := range strings.Fields(line)[1:] {
			_, of, _ := strings.Cut(row, ":")
			if of = strings.TrimRight(of, "*?"); all[of] == nil && of != "any" {
				t.Errorf("%s: no type %s", strings.Fields(line)[0], of)
			}
		}
	}
	for _, name := range strings.Fields(resourceTypes) {
		if all[name] == nil || !all[name].resource {
			t.Errorf("no resource %s", name)
		}
	}
}

// codings finds every coded element of a document by its look, with the token reader of another house: objects with a
// coding list, codings outside of one, quantities with a code.
func codings(t *testing.T, source []byte) []translation.Span {
	t.Helper()
	type level struct {
		start                     int
		name                      string
		list, system, code, value bool
		inConcept                 bool
	}
	var found []translation.Span
	var open []level
	reader := jsontext.NewDecoder(bytes.NewReader(source))
	for {
		kind := reader.PeekKind()
		token, err := reader.ReadToken()
		if err != nil {
			break
		}
		at := int(reader.InputOffset())
		switch kind {
		case '{', '[':
			l := level{start: at - 1}
			if len(open) > 0 {
				above := open[len(open)-1]
				l.inConcept = above.name == "coding" || above.inConcept
			}
			open = append(open, l)
		case '}', ']':
			l := open[len(open)-1]
			open = open[:len(open)-1]
			if kind == '}' && !l.inConcept && (l.list || l.code && (l.system || l.value)) {
				found = append(found, translation.Span{Start: l.start, End: at})
			}
		case '"':
			if depth := reader.StackDepth(); depth > 0 && len(open) > 0 {
				if _, length := reader.StackIndex(depth); length%2 == 1 && bytes.ContainsAny(source[at:at+1], ":") {
					l := &open[len(open)-1]
					l.name = token.String()
					l.list = l.list || l.name == "coding"
					l.system = l.system || l.name == "system"
					l.code = l.code || l.name == "code"
					l.value = l.value || l.name == "value"
				}
			}
		}
	}
	return found
}

func TestEveryCodeOfADocumentIsCoveredByExactlyOneSlotOrNamedAsResidue(t *testing.T) {
	documents := map[string][]byte{}
	for _, pattern := range []string{"testdata/decode/*.json", "testdata/round/*.json"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			documents[name] = mustRead(t, name)
		}
	}
	if root := os.Getenv("SILD_SAMPLES"); root != "" {
		for _, pattern := range []string{"estonia-r5/case-*.json", "ips-eps-r4/*.json"} {
			names, _ := filepath.Glob(filepath.Join(root, "fhir", pattern))
			for _, name := range names {
				documents[name] = mustRead(t, name)
			}
		}
	}
	documents["with list"] = withList(t, made(t, "fi-tablet.json"), tablet())
	if len(documents) < 8 {
		t.Fatalf("only %d documents", len(documents))
	}
	for name, source := range documents {
		d := decoded(t, source)
		carriers := carrying(t, source)
		for _, coded := range codings(t, source) {
			if coded.In(carriers) {
				continue
			}
			slots, residue := 0, 0
			for _, slot := range d.Slots {
				if coded.In([]translation.Span{slot.Span}) {
					slots++
				}
			}
			for _, left := range d.Residue {
				if coded.In([]translation.Span{left.Span}) {
					residue++
				}
			}
			if slots != 1 && (slots != 0 || residue != 1) {
				t.Errorf("%s: %d slots and %d pieces of residue hold %s", filepath.Base(name), slots, residue, source[coded.Start:coded.End])
			}
		}
		checkSpans(t, name, d)
	}
}

func checkSpans(t *testing.T, name string, d *node.Document) {
	t.Helper()
	for i, slot := range d.Slots {
		if slot.Span.Len() <= 0 || i > 0 && slot.Span.Start < d.Slots[i-1].Span.End {
			t.Errorf("%s: %s overlaps the slot before it", filepath.Base(name), slot.Path)
		}
	}
}

// carrying finds what carries the document rather than speaks of the patient: the loss report, the steps of the codes,
// and the counts in packages and in time units, which the record holds as plain fields.
func carrying(t *testing.T, source []byte) []translation.Span {
	t.Helper()
	d, err := open(source)
	if err != nil {
		t.Fatal(err)
	}
	var spans []translation.Span
	for _, v := range d.bodiesOf("OperationOutcome") {
		spans = append(spans, v.span())
	}
	for _, v := range d.bodiesOf("Provenance") {
		for _, hop := range extensions(v, extHop) {
			spans = append(spans, hop.span())
		}
	}
	for _, at := range d.coded {
		v := value{d.arena, at}
		if isPackages(v) || v.name() == "boundsDuration" && isTime(v) || v.get("system").text() == systemDemo {
			spans = append(spans, v.span())
		}
	}
	return spans
}

func TestContentThatNoFieldHoldsIsNamedWithItsPath(t *testing.T) {
	d := decoded(t, changed(t, made(t, "ee-tablet.json"),
		change{"entry.0.resource.extension.+", extensionOf("urn:x:new", "valueString", "midagi")},
		change{"entry.0.resource.priority", "urgent"},
		change{"entry.1.resource.novelty", map[string]any{"a": 1}},
		change{"entry.1.resource.doseForm.coding.+", map[string]any{"system": "urn:x", "code": "1"}},
		change{"entry.1.resource.doseForm.extension", []any{extensionOf("urn:x:inner", "valueString", "sees")}}))
	if also := d.Prescription().Medication.Form.Comparison().Also; len(also) != 1 || also[0].Code != "1" {
		t.Errorf("compared with the dose form are %v", also)
	}
	paths := map[string]string{}
	for _, r := range d.Residue {
		paths[r.Path] = r.Why
	}
	for _, want := range []string{"entry[0].resource.extension[2]", "entry[0].resource.priority", "entry[0].resource.statusChanged",
		"entry[1].resource.novelty", "entry[1].resource.doseForm.coding[1]", "entry[1].resource.doseForm.extension[0]"} {
		if paths[want] == "" {
			t.Errorf("%s is dropped in silence; named are %v", want, paths)
		}
	}
	for path := range paths {
		if strings.HasPrefix(path, "entry[0].resource.identifier") || strings.HasPrefix(path, "entry[1].resource.ingredient") ||
			strings.HasPrefix(path, "entry[2].resource.name[1]") {
			t.Errorf("%s is called residue although a field holds it", path)
		}
	}
}

// link, url, language and their like are structure in some places and say something in others.
func TestANameOfStructureSaysSomethingElsewhere(t *testing.T) {
	for name, patient := range map[string]string{"ee-tablet.json": "entry.2.resource", "fi-tablet.json": "entry.2.resource",
		"mpd-tablet.json": "entry.2.resource", "eps-small.json": "entry.1.resource", "dispensation.json": "contained.1"} {
		d := decoded(t, changed(t, made(t, name),
			change{patient + ".link", []any{map[string]any{"other": map[string]any{"display": "x"}, "type": "replaced-by"}}},
			change{patient + ".meta.security.+", map[string]any{"system": "urn:x", "code": "hidden", "display": "salajane"}},
			change{patient + ".meta.source", "urn:y"}, change{patient + ".meta.versionId", "7"},
			change{patient + ".photo", []any{map[string]any{"url": "http://x.example", "language": "et"}}}))
		var named []string
		for _, r := range append(d.Residue, d.Rest...) {
			named = append(named, r.Path)
		}
		for _, slot := range d.Slots { // a coded place is named by its slot
			named = append(named, strings.TrimSuffix(slot.Path, "[0]"))
		}
		at := regexp.MustCompile(`\.(\d+)`).ReplaceAllString(patient, "[$1]")
		for _, want := range []string{".link", ".meta.security", ".meta.source", ".photo"} {
			if !slices.Contains(named, at+want) {
				t.Errorf("%s: %s is dropped in silence; named are %v", name, at+want, named)
			}
		}
		for _, path := range []string{"type", "total", at, at + ".meta", at + ".meta.versionId", at + ".resourceType"} {
			if slices.Contains(named, path) {
				t.Errorf("%s: %s only holds the document together", name, path)
			}
		}
	}
}

func TestReceiptsPatientsAndErrorsAreReadBack(t *testing.T) {
	patients := `{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"fullUrl":"urn:uuid:1","resource":
		{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2.246.21","value":"010594Y9032"}],"name":[{"family":"Šänkkilä","given":["Åke"]}],
		"birthDate":"1994-05-01","gender":"male"},"search":{"mode":"match"}}]}`
	found, err := DecodePatient([]byte(patients))
	if err != nil || len(found) != 1 || found[0].Family != "Šänkkilä" || found[0].BirthDate != "1994-05-01" {
		t.Errorf("%v %+v", err, found)
	}
	none, err := DecodePatient([]byte(`{"resourceType":"Bundle","type":"searchset","total":0}`))
	if err != nil || len(none) != 0 {
		t.Errorf("nobody: %v %v", err, none)
	}
	for name, broken := range map[string]string{
		"no searchset":   `{"resourceType":"Bundle","type":"collection"}`,
		"no bundle":      `{"resourceType":"Patient"}`,
		"no name":        strings.Replace(patients, `"name":[{"family":"Šänkkilä","given":["Åke"]}],`, "", 1),
		"no identifier":  strings.Replace(patients, `"value":"010594Y9032"`, `"use":"usual"`, 1),
		"no strict JSON": patients + "x",
	} {
		if _, err := DecodePatient([]byte(broken)); node.KindOf(err) != node.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAForeignErrorIsReadWithCare(t *testing.T) {
	said, correlation, err := DecodeOutcome([]byte(`{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception",
		"details":{"text":"line one\n  line two ` + strings.Repeat("x", 900) + `"},"diagnostics":"stack"}]}`))
	if err != nil || said.Kind != node.Unavailable || said.Reason != "outcome.foreign" || correlation != "" {
		t.Errorf("%v %+v", err, said)
	}
	if len(said.Detail) != 400 || strings.Contains(said.Detail, "\n") {
		t.Errorf("%d characters: %q", len(said.Detail), said.Detail)
	}
	if _, _, err := DecodeOutcome([]byte(`{"resourceType":"Patient"}`)); node.AsError(err).Reason != "fhir.format" {
		t.Errorf("a patient as error: %v", err)
	}
	receipt := `{"resourceType":"Provenance","id":"r1","extension":[{"url":"urn:sild:ext:receipt","extension":[{"url":"state","valueCode":"recorded"},
		{"url":"left","valueString":"2"}]}],"target":[{"identifier":{"system":"s","value":"d1"}}],"recorded":"2026-03-01T08:00:00Z",
		"agent":[{"who":{"display":"x"}}],"signature":[{"type":[{"code":"1"}],"when":"2026-03-01T08:00:00Z","who":{"display":"x"},"data":"c2VhbA=="}]}`
	got, seal, err := DecodeReceipt([]byte(receipt))
	if err != nil || seal != "seal" || got.Left != "2" || got.State != node.ReceiptRecorded || got.Dispensation.Value != "d1" || got.Body == nil {
		t.Errorf("%v %q %+v", err, seal, got)
	}
	for _, cut := range []string{`"id":"r1",`, `{"url":"state","valueCode":"recorded"},`, `"value":"d1"`, `urn:sild:ext:receipt`, `"recorded":"2026-03-01T08:00:00Z",`} {
		broken := strings.Replace(receipt, cut, strings.Repeat(" ", 0)+replacement(cut), 1)
		if _, _, err := DecodeReceipt([]byte(broken)); node.AsError(err).Reason != "fhir.receipt" {
			t.Errorf("without %s: %v", cut, err)
		}
	}
	if _, _, err := DecodeReceipt([]byte(strings.Replace(receipt, "c2VhbA==", "c2*", 1))); node.AsError(err).Reason != "fhir.receipt" {
		t.Errorf("a seal that is no base64: %v", err)
	}
}

// replacement keeps a document whole where a member is taken out of its middle.
func replacement(cut string) string {
	switch cut {
	case `"value":"d1"`:
		return `"use":"usual"`
	case `urn:sild:ext:receipt`:
		return "urn:other"
	}
	return ""
}

// FuzzDecode shows that no bytes make the tongue fail in another way than by refusing them, and that what it accepts
// keeps its spans inside the source.
func FuzzDecode(f *testing.F) {
	names, _ := filepath.Glob("testdata/decode/*.json")
	for _, name := range names {
		f.Add(mustRead(f, name))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		d, err := Tongue{}.Decode(source)
		if err != nil {
			if known := node.AsError(err); known.Kind != node.Invalid || known.Reason == "" || known.Detail == "" {
				t.Fatalf("refused as %+v", known)
			}
			return
		}
		for i, slot := range d.Slots {
			if slot.Span.Start < 0 || slot.Span.End > len(source) || slot.Span.Len() <= 0 {
				t.Fatalf("slot %s at %v of %d bytes", slot.Path, slot.Span, len(source))
			}
			if i > 0 && slot.Span.Start < d.Slots[i-1].Span.End {
				t.Fatalf("slot %s overlaps the one before it", slot.Path)
			}
		}
		for _, e := range d.Elements {
			for _, span := range e.Spans {
				if span.Start < 0 || span.End > len(source) || span.Len() <= 0 {
					t.Fatalf("element %s at %v", e.Name, span)
				}
			}
		}
	})
}
