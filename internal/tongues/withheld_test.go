package tongues_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// secret stands in every text that is withheld in these documents, and secretCode is every code that is.
const (
	secret     = "SALADUS"
	secretCode = "B20"
)

// hiding is a document with something that is to be withheld, and the same as a register writes it that never knew of it.
type hiding struct {
	what, element string
	with, never   []byte
	told          bool // a narrative around it is told anew, so that the two differ there
}

// hide is what country A's node writes without an element, and the report that goes with it.
func hide(t reporter, source []byte, element string, to node.Format) string {
	t.Helper()
	d := decoded(t, source)
	abroad(d, "EE")
	var cut []translation.Span
	for _, e := range d.Elements {
		if e.Name == element {
			cut = append(cut, e.Spans...)
		}
	}
	report := node.Loss(d.Without(cut), shipped().Release())
	out, err := tongue().Encode(d, to, cut, report)
	if err != nil {
		t.Fatalf("%v: %s", err, node.AsError(err).Detail)
	}
	lines, err := json.Marshal(report)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(out.Body()) + "\n" + string(lines)
}

// checkHiding says that nothing withheld is told in any form, and that the document looks as if it had never been there.
func checkHiding(t reporter, h hiding) {
	t.Helper()
	for _, to := range pivots(decoded(t, h.with)) {
		hidden, never := hide(t, h.with, h.element, to), hide(t, h.never, h.element, to)
		for _, trace := range []string{secret, secretCode} {
			if at := strings.Index(hidden, trace); at >= 0 {
				t.Errorf("%s without %s as %s still says %s: %s", h.what, h.element, to, trace, hidden[max(0, at-120):min(len(hidden), at+60)])
			}
		}
		if h.told {
			hidden, never = untold(hidden), untold(never)
		}
		if hidden != never {
			t.Errorf("%s: somebody can tell that %s was withheld as %s:\n%s\n%s", h.what, h.element, to, parting(hidden, never), parting(never, hidden))
		}
	}
}

var narratives = regexp.MustCompile(`(?s)<text.*?(/>|</text>)|,?"text":\{.*?"div":"(\\.|[^"\\])*"\}`)

// untold is a document without its narratives.
func untold(body string) string { return narratives.ReplaceAllString(body, "") }

// parting shows the place where two texts begin to differ.
func parting(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return a[max(0, at-100):min(len(a), at+200)]
}

func madeDocument(name string) []byte {
	return bytesOf(filepath.Join("..", "cda", "testdata", "documents", name))
}

// cdaSection is a section of CDA with one act that bears a code, and whatever else stands in it.
func cdaSection(code, text, entry, inner string) string {
	return `<component><section>` + code + `<title>Osa</title>` + text + entry + inner + `</section></component>`
}

const secretAct = `<entry><act classCode="ACT" moodCode="EVN"><code nullFlavor="NA"/><statusCode code="active"/>` +
	`<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><code code="64572001" codeSystem="2.16.840.1.113883.6.96"/>` +
	`<text><reference value="#saladus"/></text><statusCode code="completed"/>` +
	`<value xsi:type="CD" code="` + secretCode + `" codeSystem="2.16.840.1.113883.6.3" displayName="` + secret + `"/></observation></entryRelationship></act></entry>`

// secretSection draws a section that will be withheld: coded by LOINC, or by its country with LOINC behind it.
func secretSection(t *rapid.T, loincCode string) string {
	loinc := ` code="` + loincCode + `" codeSystem="2.16.840.1.113883.6.1"`
	code := rapid.SampledFrom([]string{
		`<code` + loinc + `/>`,
		`<code code=" ` + loincCode + ` " codeSystem="2.16.840.1.113883.6.1"/>`,
		`<code code="121" codeSystem="1.2.246.537.6.14"><translation` + loinc + `/></code>`,
		`<code code="121" codeSystem="1.2.246.537.6.14"><translation code="7" codeSystem="2.999.7"><translation` + loinc + `/></translation></code>`,
		`<code code="121" codeSystem="1.2.246.537.6.14"><translation code="7" codeSystem="2.999.7"/><translation` + loinc + `/></code>`,
		`<code nullFlavor="OTH"><translation` + loinc + `/></code>`,
	}).Draw(t, "code")
	return cdaSection(code, `<text><paragraph ID="saladus">`+secret+`</paragraph></text>`, secretAct, "")
}

// nestedIn puts a section into sections, the innermost first.
func nestedIn(t *rapid.T, inner string, told bool) string {
	for range rapid.IntRange(0, 3).Draw(t, "depth") {
		text := ""
		if told {
			text = `<text>Enne. ` + secret + ` Pärast.</text>`
		}
		inner = cdaSection(`<code code="18776-5" codeSystem="2.16.840.1.113883.6.1"/>`, text, "", inner)
	}
	return inner
}

func TestAWithheldSectionOfCDALooksAsIfNeverRecordedWhereverItStandsAndHoweverItIsCoded(t *testing.T) {
	base := string(madeDocument("ps-ee-all-sections.xml"))
	code := "60591-9" // no summary of this base has it
	rapid.Check(t, func(t *rapid.T) {
		told := rapid.Bool().Draw(t, "told")
		inner := secretSection(t, code)
		around := nestedIn(t, "|", told)
		into := func(section string) []byte {
			added := strings.Replace(around, "|", section, 1)
			return []byte(strings.Replace(base, "</structuredBody>", added+"</structuredBody>", 1))
		}
		h := hiding{what: "a section in sections", element: "section:" + code, with: into(inner), never: into(""), told: told}
		if told {
			h.never = bytes.ReplaceAll(h.never, []byte(secret), nil)
		}
		checkHiding(t, h)
	})
}
