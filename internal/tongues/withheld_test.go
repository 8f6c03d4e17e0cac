package tongues_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
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
func hide(t reporter, source []byte, element string, to node.Format) (body, report string) {
	t.Helper()
	d := decoded(t, source)
	abroad(d, "EE")
	var cut []translation.Span
	for _, e := range d.Elements {
		if e.Name == element {
			cut = append(cut, e.Spans...)
		}
	}
	lost := node.Loss(d.Without(cut), shipped().Release())
	out, err := tongue().Encode(d, to, cut, lost)
	if err != nil {
		t.Fatalf("%v: %s", err, node.AsError(err).Detail)
	}
	lines, err := json.Marshal(lost)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(out.Body()), string(lines)
}

// checkHiding says that nothing withheld is told in any form, and that the document looks as if it had never been there.
func checkHiding(t reporter, h hiding) {
	t.Helper()
	for _, to := range pivots(decoded(t, h.with)) {
		hidden, report := hide(t, h.with, h.element, to)
		never, plain := hide(t, h.never, h.element, to)
		if a, b := strings.Count(report, `"why"`), strings.Count(plain, `"why"`); a != b {
			t.Errorf("%s: the report that goes with %s tells of %d places, and of %d where nothing is withheld", h.what, to, a, b)
		}
		for _, trace := range []string{secret, secretCode} {
			if all := hidden + report; strings.Contains(all, trace) {
				at := strings.Index(all, trace)
				t.Errorf("%s without %s as %s still says %s: %s", h.what, h.element, to, trace, all[max(0, at-120):min(len(all), at+60)])
			}
		}
		if h.told && decoded(t, h.with).Format != to {
			continue // a section of which only its text was known is not there any more, nor is the original beside a prescription
		}
		if h.told {
			hidden, never = untold(hidden), untold(never)
		}
		if hidden != never {
			t.Errorf("%s: somebody can tell that %s was withheld as %s:\n%s\n%s", h.what, h.element, to, parting(hidden, never), parting(never, hidden))
		}
	}
}

var narratives = regexp.MustCompile(`(?s)<text[^>]*/>|<text.*?</text>`)

// untold is a document without its narratives.
func untold(body string) string {
	if strings.HasPrefix(body, "<") {
		return narratives.ReplaceAllString(body, "")
	}
	var read any
	if err := json.Unmarshal([]byte(body), &read); err != nil {
		panic(err)
	}
	var quiet func(v any)
	quiet = func(v any) {
		switch v := v.(type) {
		case object:
			if _, told := v["text"].(object); told {
				delete(v, "text")
			}
			for _, inner := range v {
				quiet(inner)
			}
		case list:
			for _, inner := range v {
				quiet(inner)
			}
		}
	}
	quiet(read)
	out, err := json.Marshal(read)
	if err != nil {
		panic(err)
	}
	return string(out)
}

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

// leading draws the entries of a section that stays: they take their words from what is withheld, or have none.
func leading(t *rapid.T) string {
	entries := ""
	for range rapid.IntRange(0, 2).Draw(t, "leading") {
		entries += rapid.SampledFrom([]string{
			`<entry><act classCode="ACT" moodCode="INT"><code code="1" codeSystem="2.999.3"><originalText>|</originalText></code></act></entry>`,
			`<entry><act classCode="ACT" moodCode="INT"><code code="2" codeSystem="2.999.3"/><text>|</text></act></entry>`,
			`<entry><observation classCode="OBS" moodCode="EVN"><code code="3" codeSystem="2.999.3"/><value xsi:type="ST">|</value></observation></entry>`,
			`<entry><observation classCode="OBS" moodCode="EVN"><code code="4" codeSystem="2.999.3"/><value xsi:type="PQ" value="1" unit="mg"><translation><originalText>|</originalText></translation></value></observation></entry>`,
			`<entry><substanceAdministration classCode="SBADM" moodCode="EVN"><text>|</text><precondition><criterion><text>|</text></criterion></precondition><consumable><manufacturedProduct><manufacturedMaterial><code code="A02BC01" codeSystem="2.16.840.1.113883.6.73"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>`,
		}).Draw(t, "words")
	}
	return entries
}

func TestAWithheldSectionOfCDALooksAsIfNeverRecordedWhereverItStandsAndHoweverItIsCoded(t *testing.T) {
	base := string(madeDocument("ps-ee-all-sections.xml"))
	code := "60591-9" // no summary of this base has it
	other := `<code code="18776-5" codeSystem="2.16.840.1.113883.6.1"/>`
	rapid.Check(t, func(t *rapid.T) {
		told := rapid.Bool().Draw(t, "told")
		inner, words := secretSection(t, code), leading(t)
		around := nestedIn(t, "§", told)
		into := func(section, reference string) []byte {
			added := strings.Replace(around, "§", section, 1)
			before := cdaSection(other, `<text>Enne</text>`, strings.ReplaceAll(words, "|", reference), "")
			return []byte(strings.Replace(base, "</structuredBody>", before+added+"</structuredBody>", 1))
		}
		h := hiding{what: "a section in sections", element: "section:" + code, with: into(inner, `<reference value="#saladus"/>`), never: into("", ""), told: told}
		if told {
			h.never = bytes.ReplaceAll(h.never, []byte(secret), nil)
		}
		checkHiding(t, h)
	})
}

func TestAWithheldAddressOfCDALooksAsIfNeverRecordedWhoeverLivesThere(t *testing.T) {
	const place = `<addr><city>` + secret + `</city></addr><telecom value="tel:` + secret + `"/>`
	for what, holder := range map[string]string{
		"a contact person": `<participant typeCode="IND"><associatedEntity classCode="ECON">|<associatedPerson><name>K</name></associatedPerson></associatedEntity></participant>`,
		"kin":              `<participant typeCode="IND"><associatedEntity classCode="NOK"><code code="MTH" codeSystem="2.16.840.1.113883.5.111"/>|</associatedEntity></participant>`,
		"an informant":     `<informant><relatedEntity classCode="PRS">|<relatedPerson><name>K</name></relatedPerson></relatedEntity></informant>`,
	} {
		for _, name := range []string{"ps-ee-all-sections.xml", "ep-ee-ramipril.xml"} {
			with := func(place string) []byte {
				return []byte(strings.Replace(string(madeDocument(name)), "</recordTarget>", "</recordTarget>"+strings.Replace(holder, "|", place, 1), 1))
			}
			checkHiding(t, hiding{what: what, element: "address", with: with(place), never: with("")})
		}
	}
	source := string(madeDocument("ps-ee-all-sections.xml"))
	for _, holder := range []string{
		`<participant typeCode="IND"><associatedEntity classCode="PROV">|</associatedEntity></participant>`,
		`<participant typeCode="IND"><associatedEntity classCode="ECON"><scopingOrganization>|</scopingOrganization></associatedEntity></participant>`,
		`<informant><assignedEntity><id root="2.999.5"/>|</assignedEntity></informant>`,
	} {
		kept, _ := hide(t, []byte(strings.Replace(source, "</recordTarget>", "</recordTarget>"+strings.Replace(holder, "|", place, 1), 1)), "address", node.CDA3)
		if !strings.Contains(kept, place) {
			t.Errorf("who is there by profession is withheld with the patient: %s", holder)
		}
	}
}

func TestAWithheldAddressOfFHIRLooksAsIfNeverRecordedWhoeverLivesThere(t *testing.T) {
	base := bytesOf(filepath.Join("..", "fhir", "testdata", "round", "summary.json"))
	phone := list{object{"system": "phone", "value": secret}}
	write := func(there bool) []byte {
		return inJSON(t, base, func(_, bundle object) {
			kin := object{"resourceType": "RelatedPerson", "name": list{object{"family": "Õde"}}, "patient": object{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}}
			patient := bundle["entry"].(list)[1].(object)["resource"].(object)
			if there {
				patient["contact"] = list{object{"address": object{"city": secret}, "telecom": phone}}
				kin["address"], kin["telecom"], kin["text"] = list{object{"city": secret}}, phone, fhirText("<p>"+secret+"</p>")
			}
			bundle["entry"] = append(bundle["entry"].(list), object{"fullUrl": secretURL, "resource": kin})
		})
	}
	checkHiding(t, hiding{what: "kin", element: "address", with: write(true), never: write(false)})
}

// secretReason draws a diagnosis on an item of a prescription, in any of the ways in which it may hang there.
func secretReason(t *rapid.T) (relation, inSupply, inProduct string) {
	system := rapid.SampledFrom([]string{"2.16.840.1.113883.6.3", "1.3.6.1.4.1.12559.11.10.1.3.1.44.2", "1.2.246.537.6.1.1999",
		"1.3.6.1.4.1.28284.6.2.1.13.8", "2.999.10"}).Draw(t, "system")
	coded := `code="` + secretCode + `" codeSystem="` + system + `" codeSystemName="RHK-10" displayName="` + secret + `"`
	value := rapid.SampledFrom([]string{
		`<value xsi:type="CD" ` + coded + `/>`,
		`<value xsi:type="CD" ` + coded + `><originalText><reference value="#saladus"/></originalText></value>`,
		`<value xsi:type="CD" code="86406008" codeSystem="2.16.840.1.113883.6.96"><translation ` + coded + `/></value>`,
		`<value xsi:type="CD" nullFlavor="OTH"><translation code="1" codeSystem="2.999.1"/><translation ` + coded + `/></value>`,
	}).Draw(t, "value")
	observation := `<observation classCode="OBS" moodCode="EVN"><code code="282291009" codeSystem="2.16.840.1.113883.6.96"/>` +
		`<text><reference value="#saladus"/></text>` + value + `</observation>`
	kind := rapid.SampledFrom([]string{"RSON", "CAUS", "SUBJ", "REFR", "COMP"}).Draw(t, "kind")
	relation = `<entryRelationship typeCode="` + kind + `">` + observation + `</entryRelationship>`
	switch rapid.IntRange(0, 2).Draw(t, "where") {
	case 0:
		return "", relation, ""
	case 1:
		return "", "", `<code ` + coded + `/>`
	}
	return relation, "", ""
}

func TestAWithheldDiagnosisOfAPrescriptionLooksAsIfNeverRecordedHoweverItHangs(t *testing.T) {
	base := string(madeDocument("ep-ee-ramipril.xml"))
	from := strings.Index(base, `<entryRelationship typeCode="RSON">`)
	to := from + strings.Index(base[from:], `</entryRelationship>`) + len(`</entryRelationship>`)
	rapid.Check(t, func(t *rapid.T) {
		relation, inSupply, inProduct := secretReason(t)
		words := rapid.SampledFrom([]string{
			`<entryRelationship typeCode="SUBJ"><act classCode="ACT" moodCode="INT"><code code="48767-8" codeSystem="2.16.840.1.113883.6.1"/><text>|</text></act></entryRelationship>`,
			`<entryRelationship typeCode="SUBJ"><act classCode="ACT" moodCode="INT"><code code="PINSTRUCT" codeSystem="1.3.6.1.4.1.19376.1.5.3.2"/><text>|</text></act></entryRelationship>`,
			`<entryRelationship typeCode="SUBJ"><act classCode="ACT" moodCode="INT"><code code="9" codeSystem="2.999.9"><originalText>|</originalText></code></act></entryRelationship>`,
			``, `|`,
		}).Draw(t, "words")
		if inProduct != "" {
			words = "" // a bare code has no text that could say which passage speaks of it
		}
		passage := rapid.SampledFrom([]string{`<paragraph ID="saladus">§</paragraph>`, `<list ID="loend"><item ID="saladus">§</item></list>`,
			`<list ID="saladus"><item ID="loend">§</item></list>`}).Draw(t, "passage")
		reference := `<reference value="#` + rapid.SampledFrom([]string{"saladus", "loend"}).Draw(t, "reference") + `"/>`
		if !strings.Contains(passage, "loend") {
			reference = `<reference value="#saladus"/>`
		}
		frame := rapid.SampledFrom([][2]string{{}, {`<entryRelationship typeCode="REFR"><act classCode="ACT" moodCode="EVN">`, `</act></entryRelationship>`}}).Draw(t, "frame")
		write := func(relation, inSupply, inProduct, told, reference string) []byte {
			label, words := "", words
			if words == "|" {
				words, label = "", `<originalText>`+reference+`</originalText>` // of the route
			}
			source := base[:from] + frame[0] + relation + frame[1] + strings.Replace(words, "|", reference, 1) + base[to:]
			source = strings.Replace(source, `<quantity value="3" unit="1"/>`, `<quantity value="3" unit="1"/>`+inSupply, 1)
			source = strings.Replace(source, `<supply classCode="SPLY" moodCode="RQO">`, `<supply classCode="SPLY" moodCode="RQO">`+inProduct, 1)
			source = strings.Replace(source, `displayName="Oral use">`, `displayName="Oral use">`+label, 1)
			at := strings.Index(source, "<structuredBody")
			return []byte(source[:at] + strings.Replace(source[at:], "</text>", strings.Replace(passage, "§", told, 1)+"</text>", 1))
		}
		checkHiding(t, hiding{what: "a diagnosis", element: "diagnosis", told: true,
			with: write(relation, inSupply, inProduct, secret, reference), never: write("", "", "", "", "")})
	})
}

// object and list are JSON as a test writes it.
type (
	object = map[string]any
	list   = []any
)

// inJSON is a FHIR document that a test changes.
func inJSON(t reporter, source []byte, change func(composition object, bundle object)) []byte {
	t.Helper()
	bundle := object{}
	if err := json.Unmarshal(source, &bundle); err != nil {
		t.Fatalf("%v", err)
	}
	change(bundle["entry"].(list)[0].(object)["resource"].(object), bundle)
	out, err := json.Marshal(bundle)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

func fhirText(words string) object {
	return object{"status": "additional", "div": `<div xmlns="http://www.w3.org/1999/xhtml">` + words + `</div>`}
}

func fhirSection(text string, parts object, codings ...any) object {
	section := object{"title": "Osa", "code": object{"coding": codings}, "text": fhirText(text)}
	for name, part := range parts {
		section[name] = part
	}
	return section
}

const secretURL = "urn:uuid:00000000-0000-4000-8000-0000000000b2"

// secretCondition is what only the withheld section leads to.
func secretCondition() object {
	return object{"fullUrl": secretURL, "resource": object{"resourceType": "Condition", "subject": object{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
		"clinicalStatus": object{"coding": list{object{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}}},
		"code":           object{"coding": list{object{"system": "http://hl7.org/fhir/sid/icd-10", "code": secretCode, "display": secret}}}}}
}

func TestAWithheldSectionOfFHIRLooksAsIfNeverRecordedWhereverItStandsAndHoweverItIsCoded(t *testing.T) {
	base := bytesOf(filepath.Join("..", "fhir", "testdata", "round", "summary.json"))
	code := "60591-9"
	own, national := object{"system": loinc, "code": code}, object{"system": "urn:oid:1.2.246.537.6.14", "code": "121"}
	other := object{"system": loinc, "code": "18776-5"}
	rapid.Check(t, func(t *rapid.T) {
		depth := rapid.IntRange(0, 3).Draw(t, "depth")
		codings := rapid.SampledFrom([]list{{own}, {national, own}, {own, national}, {other, own}}).Draw(t, "codings")
		beside := rapid.Bool().Draw(t, "beside")
		named, at := rapid.Bool().Draw(t, "named"), rapid.IntRange(1, 9).Draw(t, "at")
		write := func(there bool) []byte {
			return inJSON(t, base, func(composition, bundle object) {
				sections := list{}
				if there {
					sections = append(sections, fhirSection("<p>"+secret+"</p>", object{"entry": list{object{"reference": secretURL}}}, codings...))
					bundle["entry"] = slices.Insert(bundle["entry"].(list), at, any(secretCondition()))
				}
				if beside {
					sections = append(sections, fhirSection("<p>Kõrval</p>", object{"extension": list{object{"url": "urn:x", "valueString": "Kõrval"}}}, other))
				}
				for range depth {
					parts := object{"section": sections}
					if len(sections) == 0 {
						parts = object{}
					}
					sections = list{fhirSection("<p>Enne. "+secret+"</p>", parts, other)}
				}
				if named && there {
					for _, entry := range bundle["entry"].(list) {
						if resource := entry.(object)["resource"].(object); resource["resourceType"] == "MedicationStatement" {
							resource["reasonReference"] = list{object{"reference": secretURL}}
						}
					}
				} else {
					for _, entry := range bundle["entry"].(list) {
						delete(entry.(object)["resource"].(object), "reasonReference")
					}
				}
				composition["section"] = append(composition["section"].(list), sections...)
			})
		}
		h := hiding{what: "a section in sections", element: "section:" + code, with: write(true), never: write(false), told: depth > 0}
		if h.told {
			h.never = bytes.ReplaceAll(h.never, []byte(secret), nil)
		}
		checkHiding(t, h)
	})
}

// The places that a report names do not tell by their numbers that something before them was withheld.
func TestTheNumbersInAReportDoNotTellWhatWasWithheld(t *testing.T) {
	compared := 0
	for _, one := range data(t) {
		d := decoded(t, one.source)
		if d.Summary == nil || !d.Format.InCDA() {
			continue
		}
		for _, e := range d.Elements {
			if !strings.HasPrefix(e.Name, "section:") || e.Nested || len(e.Spans) != 1 {
				continue
			}
			twice := slices.ContainsFunc(d.Elements, func(other node.Element) bool { return other.Name == e.Name && other.Section != e.Section })
			if twice {
				continue
			}
			compared++
			never := slices.Concat(one.source[:e.Spans[0].Start], one.source[e.Spans[0].End:])
			_, hidden := hide(t, one.source, e.Name, node.EPS)
			_, plain := hide(t, never, e.Name, node.EPS)
			if hidden != plain {
				t.Errorf("%s without %s: %s\n%s", one.name, e.Name, parting(hidden, plain), parting(plain, hidden))
			}
		}
	}
	if compared < 10 {
		t.Errorf("%d sections were compared", compared)
	}
}

// In a summary what a medicine is given for may be told by the passage that another code takes its words from.
func TestAWithheldReasonOfASummaryLeavesNoWordsToAnotherCode(t *testing.T) {
	base := string(bytesOf("../national/demo/seed/fi/summaries/m2.xml"))
	medicines := strings.Index(base, `code="10160-0"`)
	route := `displayName="ihon alle"/>`
	for _, place := range []string{"<text>", route, "</substanceAdministration>"} {
		if medicines < 0 || !strings.Contains(base[medicines:], place) {
			t.Fatalf("the made-up summary has no %s", place)
		}
	}
	for _, kind := range []string{"RSON", "CAUS", "SUBJ"} {
		for _, quoted := range []bool{false, true} {
			write := func(told bool) []byte {
				passage, words, reason := "", "", ""
				if told {
					passage = `<paragraph ID="saladus">` + secret + `</paragraph>`
					reason = `<entryRelationship typeCode="` + kind + `"><observation classCode="OBS" moodCode="EVN"><code code="282291009" codeSystem="2.16.840.1.113883.6.96"/>` +
						`<text><reference value="#saladus"/></text><value xsi:type="CD" code="` + secretCode + `" codeSystem="2.16.840.1.113883.6.3" displayName="` + secret + `"/></observation></entryRelationship>`
				}
				if quoted {
					words = `<originalText></originalText>`
				}
				if told && quoted {
					words = `<originalText><reference value="#saladus"/></originalText>`
				}
				section := strings.Replace(base[medicines:], "<text>", "<text>"+passage, 1)
				at := strings.Index(section, route)
				section = section[:at] + strings.Replace(section[at:], route, `displayName="ihon alle">`+words+`</routeCode>`, 1)
				at += strings.Index(section[at:], "</substanceAdministration>")
				return []byte(base[:medicines] + section[:at] + reason + section[at:])
			}
			checkHiding(t, hiding{what: kind, element: "diagnosis", told: true, with: write(true), never: write(false)})
		}
	}
}
