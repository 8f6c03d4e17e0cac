package fhir

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/translation"
)

// leaf is one string, number or boolean of a document, found without any of the code under test.
type leaf struct {
	way   []string // the names that lead to it from its resource, which the resource's type starts
	place string   // e.g. entry[0].resource.title
	text  string
	span  translation.Span
}

func (l leaf) name() string { return l.way[len(l.way)-1] }

func (l leaf) path() string { return strings.Join(l.way, ".") }

// leavesOf walks a document token by token.
func leavesOf(t *testing.T, source []byte) []leaf {
	t.Helper()
	tokens := json.NewDecoder(bytes.NewReader(source))
	tokens.UseNumber()
	var found []leaf
	var walk func(tree any, way []string, place string)
	walk = func(tree any, way []string, place string) {
		start := int(tokens.InputOffset())
		start += len(source[start:]) - len(bytes.TrimLeft(source[start:], " \t\r\n,:"))
		token := must(tokens.Token())
		add := func(text string) {
			found = append(found, leaf{way, strings.TrimPrefix(place, "."), text, translation.Span{Start: start, End: int(tokens.InputOffset())}})
		}
		switch token := token.(type) {
		case json.Delim:
			if object, isObject := tree.(map[string]any); isObject {
				if of, isResource := object["resourceType"].(string); isResource {
					way = []string{of}
				}
				marks, _ := object["extension"].([]any)
				for _, mark := range marks {
					if mark.(map[string]any)["url"] == "urn:sild:ext:added" {
						way = append(slices.Clip(way), "added")
					}
				}
			}
			for i := 0; tokens.More(); i++ {
				if token == '[' {
					walk(tree.([]any)[i], way, place+"["+itoa(i)+"]")
					continue
				}
				name := must(tokens.Token()).(string)
				walk(tree.(map[string]any)[name], append(slices.Clip(way), name), place+"."+name)
			}
			must(tokens.Token())
		case string:
			add(token)
		case json.Number:
			add(token.String())
		case bool:
			add(map[bool]string{true: "true", false: "false"}[token])
		}
	}
	walk(anything(t, source), nil, "")
	return found
}

// spokenFor lists the elements whose text need not stand in the record although they are no loss, each with the reason.
// A name that starts with a dot stands for an element of any resource.
var spokenFor = map[string]string{
	".resourceType": "structure", ".id": "structure", ".fullUrl": "structure", ".url": "structure", ".meta.profile": "structure", ".meta.lastUpdated": "structure", ".meta.versionId": "structure", ".language": "structure",
	"Bundle.type": "structure", "Composition.status": "final, as every form takes for granted",
	".text.status": "says how the narrative came about", ".text.div": "a rendering of the elements; of a section brought into plain elements",
	".name.use": "why this name was taken", ".identifier.use": "what any reader takes it for",
	".subject.reference": "the one patient", ".patient.reference": "the one patient", ".subject.display": "the one patient", ".patient.display": "the one patient",
	".isActive": "an ingredient of the record is active", ".asNeededBoolean": "a boolean field holds it",
	".amount.denominator.value": "one package", "CarePlan.intent": "the kind of entry is a plan", "CarePlan.activity.detail.status": "unknown",
	"Composition.section.mode": "no more is named of a section that says nothing than of one that is withheld; the other is looked for by its path",
	"AllergyIntolerance.type":  "read as the code of its closed list", "AllergyIntolerance.criticality": "read as the code of its closed list",
	"AllergyIntolerance.reaction.severity": "read as the code of its closed list", "Composition.relatesTo.code": "the parent document",
	".valueCode": "an absent reason, or the state, beside an element",
}

// livedOf are the resources whose status the state of an entry says with a code of its own.
var livedOf = []string{"MedicationStatement", "MedicationRequest", "Procedure", "Immunization", "Observation", "DiagnosticReport",
	"DeviceUseStatement", "CarePlan", "Consent", "Flag"}

// followed are the references that the record says the target of; type and words beside them are a label of it.
var followed = []string{"entry", "author", "custodian", "practitioner", "organization", "medicationReference", "itemReference", "hasMember",
	"result", "device", "valueReference", "manufacturer", "marketingAuthorizationHolder"}

func isSpokenFor(l leaf, handled bool) bool {
	if slices.Contains(l.way, "added") || handled && (l.way[0] == "Provenance" || l.way[0] == "OperationOutcome") {
		return true
	}
	for n := range l.way {
		tail := strings.Join(l.way[n:], ".")
		if spokenFor[tail] != "" && n == 0 || spokenFor["."+tail] != "" {
			return true
		}
	}
	if len(l.way) == 2 && l.name() == "status" && slices.Contains(livedOf, l.way[0]) {
		return true
	}
	beside := l.name() == "reference" || l.name() == "display" || l.name() == "type"
	return beside && len(l.way) > 1 && slices.Contains(followed, l.way[len(l.way)-2])
}

// fieldsOf lists what the fields of the record say, line by line.
func fieldsOf(t *testing.T, d *node.Document) map[string]bool {
	t.Helper()
	fields := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			fields[v] = true
			for _, line := range strings.Split(v, "\n") {
				fields[line] = true
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(anything(t, must(json.Marshal(map[string]any{"summary": d.Summary, "header": d.Header, "patient": d.Patient, "id": d.ID, "code": d.Code}))))
	fields[strings.Join(d.Patient.Given, " ")+" "+d.Patient.Family] = true
	return fields
}

func standsIn(span translation.Span, spans []translation.Span) bool {
	return slices.ContainsFunc(spans, func(s translation.Span) bool { return span.Start >= s.Start && span.End <= s.End })
}

// isNamed says that a document names a value as held nowhere: by the path of the value or of what it is in, and, but for
// what a section says beside its parts, by the bytes.
func isNamed(l leaf, d *node.Document) bool {
	return slices.ContainsFunc(d.Rest, func(r node.Residue) bool {
		tail, under := strings.CutPrefix(l.place, r.Path)
		beside := strings.HasPrefix(r.Path, "entry[0].resource.section[")
		return under && (tail == "" || tail[0] == '.' || tail[0] == '[') && r.Why != "" && (beside || standsIn(l.span, []translation.Span{r.Span}))
	})
}

// accountFor checks that every value of a summary is in a slot, in the record, or named as what no field holds.
func accountFor(t *testing.T, source []byte) {
	t.Helper()
	d := decoded(t, source)
	var slots []translation.Span
	for _, slot := range d.Slots {
		slots = append(slots, slot.Span)
	}
	fields := fieldsOf(t, d)
	for _, l := range leavesOf(t, source) {
		if !standsIn(l.span, slots) && !isNamed(l, d) && !fields[l.text] && !isSpokenFor(l, d.Peer != nil) {
			t.Errorf("%s %q is neither in the record nor named", l.path(), l.text)
		}
	}
}

// summaries are every summary there is to test with.
func summaries(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{"made-up": rich(t), "eps-small": made(t, "eps-small.json"), "nested": inSections(t),
		"our own": encoded(t, wholeSummary(), node.EPS, nil, reportOf(wholeSummary()))}
	if root := os.Getenv("SILD_SAMPLES"); root != "" {
		for _, name := range must(filepath.Glob(filepath.Join(root, "fhir", "ips-eps-r4", "*.json"))) {
			found[filepath.Base(name)] = must(os.ReadFile(name))
		}
		return found
	}
	t.Log("SILD_SAMPLES is not set: only made-up summaries are accounted for")
	return found
}

func TestEveryValueOfASummaryIsInTheRecordOrNamedAsWhatNoFieldHolds(t *testing.T) {
	for name, source := range summaries(t) {
		t.Run(name, func(t *testing.T) { accountFor(t, source) })
		t.Run(name+", no two values alike", func(t *testing.T) { accountFor(t, unlike(t, source)) })
	}
}

// free are the elements whose words are anybody's choice.
var free = []string{"text", "display", "name", "family", "given", "prefix", "suffix", "value", "title", "description", "summary", "conclusion",
	"patientInstruction", "valueString", "lotNumber", "line", "city", "postalCode", "country", "series", "doseNumberString", "carrierHRF", "unit"}

var isDated = regexp.MustCompile(`^\d{4}-\d\d-\d\d(T|$)`)

// unlike makes every free text, number and date of a summary one that stands nowhere else in it, so that no value is
// taken for another that says the same.
func unlike(t *testing.T, source []byte) []byte {
	t.Helper()
	leaves := leavesOf(t, source)
	out := slices.Clone(source)
	for n, l := range slices.Backward(leaves) {
		fresh := ""
		switch first := source[l.span.Start]; {
		case slices.Contains(l.way, "meta") || slices.Contains(l.way, "subject") || l.way[0] == "Patient" && l.name() == "value":
		case l.way[0] == "Provenance" || l.way[0] == "OperationOutcome" || slices.Contains(l.way, "extension"):
		case first == '"' && isDated.MatchString(l.text):
			fresh = strconv.Quote(time.Date(1930, 1, 1+n, 0, 0, 0, 0, time.UTC).Format("2006-01-02") + l.text[10:])
		case first == '"' && slices.Contains(free, l.name()):
			fresh = string(must(json.Marshal(l.text + " №" + itoa(n))))
		case first != '"' && first != 't' && first != 'f':
			fresh = itoa(7000 + n)
		}
		if fresh != "" {
			out = slices.Concat(out[:l.span.Start], []byte(fresh), out[l.span.End:])
		}
	}
	return out
}

// rich is a made-up summary that says much of what no record holds.
func rich(t *testing.T) []byte {
	t.Helper()
	type object = map[string]any
	words := func(text string) object { return object{"text": text} }
	to := func(n string) object {
		return object{"reference": "urn:uuid:77000000-0000-4000-8000-0000000000" + n, "display": "keegi " + n}
	}
	entry := func(n string, resource object) object {
		return object{"fullUrl": "urn:uuid:77000000-0000-4000-8000-0000000000" + n, "resource": resource}
	}
	observation := func(name string, value any) object {
		return object{"resourceType": "Observation", "status": "final", "code": words("küsimus " + name), "subject": to("02"), name: value}
	}
	return changed(t, made(t, "eps-small.json"),
		change{"entry.1.resource.contact", []any{object{"name": object{"family": "Sild"}, "telecom": []any{object{"value": "+372 5550 0178"}}}}},
		change{"entry.1.resource.name.0.prefix", []any{"prof"}}, change{"entry.1.resource.name.0.text", "Õieke Žüürmannik"},
		change{"entry.0.resource.section.4.mode", "working"}, change{"entry.0.resource.author.0.identifier", object{"system": "urn:x", "value": "A1"}},
		change{"entry.1.resource._birthDate", object{"extension": []any{extensionOf("urn:x:birthTime", "valueDateTime", "2000-01-01T03:04:05Z")}}},
		change{"entry.1.resource.identifier.+", object{"system": "urn:x", "value": "T1", "use": "temp"}}, change{"entry.4.resource.abatementString", "ammu"},
		change{"entry.1.resource.identifier.0.use", "official"}, change{"entry.1.resource.deceasedBoolean", false},
		change{"entry.3.resource.onsetPeriod", object{"start": "2019-02-03", "end": "2019-02-05"}},
		change{"entry.3.resource.note", []any{object{"text": "märkus", "time": "2026-01-05"}}},
		change{"entry.6.resource.dosage.0.patientInstruction", "söögi ajal"}, change{"entry.6.resource.dosage.0.maxDosePerPeriod", object{"numerator": object{"value": 4}}},
		change{"entry.6.resource.dosage.0.sequence", 3},
		change{"entry.6.resource.dosage.+", object{"text": "teine", "sequence": 2}}, change{"entry.7.resource.batch", object{"lotNumber": "L7"}},
		change{"entry.7.resource.manufacturer", object{"reference": to("26")["reference"]}},
		change{"entry.7.resource.amount", object{"numerator": object{"value": 30}, "denominator": object{"value": 2}}},
		change{"entry.7.resource.ingredient.+", object{"isActive": false, "itemCodeableConcept": words("laktoos")}},
		change{"entry.8.resource.referenceRange", []any{object{"low": object{"value": 1}, "text": "alla kolme"}}},
		change{"entry.8.resource.performer", []any{to("11"), object{"display": "labor"}}},
		change{"entry.8.resource.note", []any{object{"text": "paastunud", "authorString": "õde"}}},
		change{"entry.8.resource.device", to("20")}, change{"entry.8.resource.encounter", to("22")},
		change{"entry.8.resource.focus", []any{to("04")}},
		change{"entry.8.resource.text", object{"status": "additional", "div": `<div xmlns="http://www.w3.org/1999/xhtml">lisa</div>`}},
		change{"entry.+", entry("20", object{"resourceType": "Device", "type": words("mõõtja"), "serialNumber": "S1", "patient": to("02")})},
		change{"entry.+", entry("21", object{"resourceType": "Immunization", "status": "completed", "vaccineCode": words("vaktsiin"), "patient": to("02"),
			"occurrenceDateTime": "2021-03-04", "lotNumber": "L21", "expirationDate": "2022-03-04", "manufacturer": object{"display": "Vaktsiin OÜ"},
			"performer":       []any{object{"actor": to("13")}},
			"protocolApplied": []any{object{"series": "põhi", "doseNumberPositiveInt": 2, "seriesDosesString": "kolm"}}})},
		change{"entry.+", entry("22", object{"resourceType": "Encounter", "status": "finished", "subject": to("02"), "period": object{"start": "2026-01-06"}})},
		change{"entry.+", entry("23", observation("valueRatio", object{"numerator": object{"value": 1}, "denominator": object{"value": 128}}))},
		change{"entry.+", entry("24", observation("valuePeriod", object{"start": "2025-06-07", "end": "2025-06-08"}))},
		change{"entry.+", entry("25", observation("status", "corrected"))},
		change{"entry.+", entry("26", object{"resourceType": "Organization", "name": "Tootja AS"})},
		change{"entry.0.resource.section.+", object{"title": "Veel", "code": conceptOf(systemLOINC, "11369-6"), "mode": "snapshot",
			"text":  object{"status": "generated", "div": `<div xmlns="http://www.w3.org/1999/xhtml">Veel</div>`},
			"entry": []any{to("21"), to("23"), to("24"), to("25"), object{"display": "paberil"}}}},
		change{"entry.0.resource.attester", []any{object{"mode": "legal", "time": "2026-03-02"}}})
}

func TestWhatNoFieldOfTheRecordHoldsIsNamedByItsPlace(t *testing.T) {
	d := decoded(t, rich(t))
	var paths []string
	for _, left := range d.Rest {
		paths = append(paths, left.Path)
	}
	if diff := cmp.Diff(strings.Fields(`
		entry[0].resource.attester entry[0].resource.author[0].identifier entry[0].resource.section[6].entry[4] entry[0].resource.section[6].mode
		entry[1].resource._birthDate entry[1].resource.address entry[1].resource.contact entry[1].resource.deceasedBoolean entry[1].resource.identifier[1].use entry[1].resource.name[0].prefix entry[1].resource.telecom
		entry[3].resource.asserter entry[3].resource.evidence entry[3].resource.note[0].time entry[3].resource.onsetPeriod.end entry[4].resource.abatementString
		entry[6].resource.dosage[0].maxDosePerPeriod entry[6].resource.dosage[0].patientInstruction entry[6].resource.reasonReference[0]
		entry[7].resource.amount.denominator entry[7].resource.batch entry[7].resource.ingredient[1].isActive
		entry[8].resource.device entry[8].resource.encounter entry[8].resource.focus[0] entry[8].resource.note[0].authorString
		entry[8].resource.performer entry[8].resource.referenceRange entry[8].resource.text
		entry[9].resource.agent[0].who entry[9].resource.recorded entry[9].resource.target entry[10] entry[11].resource.status entry[12] entry[13].resource.serialNumber
		entry[14].resource.expirationDate entry[14].resource.lotNumber entry[14].resource.performer
		entry[14].resource.protocolApplied[0].series entry[14].resource.protocolApplied[0].seriesDosesString
		entry[15] entry[16].resource.valueRatio entry[17].resource.valuePeriod entry[18].resource.status timestamp`), paths); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWithheldIsNotNamedAndNeitherIsWhatLeadToIt(t *testing.T) {
	for name, source := range summaries(t) {
		d := decoded(t, source)
		for _, e := range d.Elements {
			view := d.Without(e.Spans)
			for _, left := range view.Rest {
				for _, cut := range e.Spans {
					if left.Span.Start < cut.End && cut.Start < left.Span.End {
						t.Errorf("%s without %s names %s, which holds something that is cut", name, e.Name, left.Path)
					}
				}
			}
			if len(view.Rest) >= len(d.Rest) && e.Name == "address" {
				t.Errorf("%s without %s names it", name, e.Name)
			}
			never := decoded(t, encoded(t, d, node.EPS, e.Spans, nil))
			if diff := cmp.Diff(lostWords(t, never, never.Rest), lostWords(t, d, view.Rest)); diff != "" {
				t.Errorf("%s without %s: what was never written (-), what is withheld (+):\n%s", name, e.Name, diff)
			}
		}
	}
}

// lostWords are the values that a document names as held nowhere, without what only holds a resource together.
func lostWords(t *testing.T, d *node.Document, rest []node.Residue) []string {
	t.Helper()
	var words []string
	for _, l := range leavesOf(t, d.Source) {
		if isNamed(l, &node.Document{Rest: rest}) && !slices.Contains([]string{"resourceType", "id", "fullUrl"}, l.name()) {
			words = append(words, l.path()+" "+l.text)
		}
	}
	return words
}

func TestASummaryThatAContactPointWroteFromARecordLosesNothingButTheTimeOfItsWriting(t *testing.T) {
	d := decoded(t, encoded(t, wholeSummary(), node.EPS, nil, reportOf(wholeSummary())))
	if len(d.Rest) != 1 || d.Rest[0].Path != "timestamp" {
		t.Errorf("%+v", d.Rest)
	}
}
