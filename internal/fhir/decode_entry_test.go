package fhir

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sild/node"
)

// told shows entries in one line each, for comparing.
func told(entries []node.Entry, indent string) []string {
	var lines []string
	for _, e := range entries {
		line := indent + string(e.Kind) + " " + wordsOfSlot(e.What)
		for _, part := range []string{e.State, e.When.From, e.When.To, wordsOfSlot(e.Status), wordsOfSlot(e.Criticality), wordsOfSlot(e.Site),
			wordsOfSlot(e.Result.Code), wordsOfQuantity(e.Result.Quantity), wordsOfQuantity(e.Result.High), e.Result.Text, e.Result.Date, e.Number, e.Text} {
			if part != "" {
				line += " | " + part
			}
		}
		if e.Negated {
			line += " | DENIED"
		}
		for _, r := range e.Reactions {
			line += " | reaction " + strings.Join(known(wordsOfSlot(r.Severity), r.When), " ")
		}
		if m := e.Medication; m != nil {
			line += " | medicine " + m.Name + " " + wordsOfSlot(m.Form)
		}
		lines = append(append(lines, line), told(e.Members, indent+"  ")...)
	}
	return lines
}

// sectionWith replaces the results of the small summary by one resource and reads its section.
func sectionWith(t *testing.T, resource map[string]any, more ...map[string]any) node.Section {
	t.Helper()
	resource["id"] = "77000000-0000-4000-8000-000000000009"
	resource["subject"] = map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000002"}
	changes := []change{{"entry.8.resource", resource}, {"entry.0.resource.section.5.entry.1", nil}}
	for i, extra := range more {
		url := "urn:uuid:77000000-0000-4000-8000-0000000001" + itoa(10+i)
		changes = append(changes, change{"entry.+", map[string]any{"fullUrl": url, "resource": extra}})
	}
	return decoded(t, changed(t, made(t, "eps-small.json"), changes...)).Summary.Sections[5]
}

func refTo(n int) []any {
	return []any{map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-0000000001" + itoa(n)}}
}

func TestEveryKindOfStatementIsReadFromAForeignSummary(t *testing.T) {
	type object = map[string]any
	code := func(text string) object { return object{"text": text} }
	for _, c := range []struct {
		name     string
		resource object
		more     []object
		want     []string
	}{
		{"a panel of components", object{"resourceType": "Observation", "status": "final", "code": code("rõhk"), "component": []any{
			object{"code": code("ülemine"), "valueQuantity": object{"value": 120, "unit": "mmHg"}},
			object{"code": code("alumine"), "dataAbsentReason": code("ei mõõdetud")}}}, nil,
			[]string{"panel rõhk | completed", "  observation ülemine | completed | 120 mmHg", "  observation alumine | completed"}},
		{"a report and its results", object{"resourceType": "DiagnosticReport", "status": "final", "code": code("leht"), "result": refTo(10), "conclusion": "korras"},
			[]object{{"resourceType": "Observation", "status": "final", "code": code("naatrium"), "valueQuantity": object{"value": 1.50, "unit": "g", "comparator": "<"}}},
			[]string{"panel leht | completed | korras", "  observation naatrium | completed | <1.5 g"}},
		{"panels that hold each other", object{"resourceType": "Observation", "status": "final", "code": code("a"), "hasMember": refTo(10)},
			[]object{{"resourceType": "Observation", "status": "final", "code": code("b"), "hasMember": []any{
				object{"reference": "urn:uuid:77000000-0000-4000-8000-000000000009"}}}},
			[]string{"panel a | completed", "  observation b | completed"}},
		{"a range", object{"resourceType": "Observation", "status": "unknown", "code": code("vahemik"),
			"valueRange": object{"low": object{"value": 1}, "high": object{"value": 2}}}, nil, []string{"observation vahemik | 1 | 2"}},
		{"a bare number with a sign", object{"resourceType": "Observation", "status": "final", "code": code("n"),
			"valueQuantity": object{"value": 5, "comparator": ">"}}, nil, []string{"observation n | completed | >5"}},
		{"a procedure that was not done", object{"resourceType": "Procedure", "status": "not-done", "code": code("lõikus"),
			"performedPeriod": object{"start": "2020", "end": "2021"}}, nil, []string{"procedure lõikus | 2020 | 2021 | DENIED"}},
		{"a medicine by its name", object{"resourceType": "MedicationStatement", "status": "on-hold", "medicationCodeableConcept": code("tee"),
			"effectiveDateTime": "2020"}, nil, []string{"medication tee | suspended | 2020 | 2020 | medicine tee "}},
		{"a prescription", object{"resourceType": "MedicationRequest", "status": "stopped", "intent": "order",
			"medicationReference": object{"reference": "urn:uuid:77000000-0000-4000-8000-000000000008"}}, nil,
			[]string{"medication  | aborted | medicine ramipril 10219000"}},
		{"a flag", object{"resourceType": "Flag", "status": "active", "code": code("hoiatus"), "period": object{"start": "2020"}}, nil,
			[]string{"other hoiatus | active | 2020"}},
		{"a plan", object{"resourceType": "CarePlan", "status": "revoked", "intent": "plan", "category": []any{code("kava")}, "description": "rahu"}, nil,
			[]string{"plan kava | aborted | rahu"}},
		{"a refuted problem", object{"resourceType": "Condition", "code": code("gripp"), "verificationStatus": object{"coding": []any{
			object{"system": systemConditionCertainty, "code": "refuted"}}}, "abatementDateTime": "2020"}, nil, []string{"problem gripp | 2020 | DENIED"}},
		{"a problem entered in error", object{"resourceType": "Condition", "code": code("gripp"), "verificationStatus": object{"coding": []any{
			object{"system": systemConditionCertainty, "code": "entered-in-error"}}}}, nil, []string{"problem gripp | entered-in-error"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(sectionWith(t, c.resource, c.more...).Entries, "")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnEntryThatStatesAnAbsenceIsNoStatementOfTheThing(t *testing.T) {
	for _, code := range []map[string]any{conceptOf(systemSNOMED, "716186003"), conceptOf(systemSNOMED, "429625007"),
		conceptOf(systemAbsentOld, "no-allergy-info")} {
		d := decoded(t, changed(t, made(t, "eps-small.json"), change{"entry.5.resource.code", code}))
		if e := d.Summary.Sections[1].Entries[0]; e.Kind != node.AnAbsence || e.What == nil {
			t.Errorf("%v is read as %s", code, e.Kind)
		}
	}
}

func TestTheEntriesOfThePublishedSummaryAreRead(t *testing.T) {
	d := decoded(t, sample(t, "ips-eps-r4", "Bundle-EPS-5042-537688-1.json"))
	kinds := map[node.EntryKind]int{}
	var count func(entries []node.Entry)
	count = func(entries []node.Entry) {
		for _, e := range entries {
			kinds[e.Kind]++
			count(e.Members)
		}
	}
	for _, section := range d.Summary.Sections {
		count(section.Entries)
		if section.Narrative.XHTML == "" {
			t.Errorf("%s has no text", section.Code)
		}
	}
	want := map[node.EntryKind]int{node.AProblem: 6, node.AnAllergy: 2, node.AMedicationUse: 10, node.AnImmunisation: 2, node.ADevice: 2, node.APlan: 4}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("%d of kind %s, want %d: %v", kinds[kind], kind, n, kinds)
		}
	}
	if kinds[node.AnObservation]+kinds[node.APanel] < 33 {
		t.Errorf("%v", kinds)
	}
}

func TestForeignMarkupIsBroughtIntoPlainElements(t *testing.T) {
	for _, c := range []struct{ before, want string }{
		{`<p class="x">a</p>`, `<p>a</p>`},
		{`plain &amp; simple`, `plain &amp; simple`},
		{`a&nbsp;b &#65; &lt;i&gt; &quot;q&quot;`, "a\u00a0b A &lt;i&gt; \"q\""},
		{`<h2>T</h2><div>one</div><div>two</div>`, `<p>T</p>one<br/>two`},
		{`<strong>b</strong><em>i</em><a href="#x">link</a><img alt="pilt &lt;3" src="#p"/>`, `<b>b</b><i>i</i>linkpilt &lt;3`},
		{`<table border="1"><colgroup><col/></colgroup><tbody><tr><td colspan="2" rowspan="3" style="color:red">x</td><th colspan="9999"/></tr></tbody></table>`,
			`<table><tbody><tr><td colspan="2" rowspan="3">x</td><th></th></tr></tbody></table>`},
		{`<p title="a > b">x<br></br>y<br/><!-- <b>secret</b> -->z</p>`, `<p>x<br/>y<br/>z</p>`},
		{"abc\u202edef", "abcdef"},
	} {
		d := decoded(t, changed(t, made(t, "eps-small.json"), change{"entry.0.resource.section.0.text.div",
			`<div xmlns="http://www.w3.org/1999/xhtml" lang="fi">` + c.before + `</div>`}))
		got := d.Summary.Sections[0].Narrative
		if got.XHTML != c.want || got.Language != "fi" || got.Generated {
			t.Errorf("%s became %q in %s", c.before, got.XHTML, got.Language)
		}
	}
	d := decoded(t, made(t, "eps-small.json"))
	if n := d.Summary.Sections[0].Narrative; n.Language != "et" || n.XHTML != "Diagnoosid" {
		t.Errorf("%+v", n)
	}
}

func TestADeniedStatementIsNeverWordedLikeAFinding(t *testing.T) {
	sent := wholeSummary()
	for i := range sent.Summary.Sections {
		sent.Summary.Sections[i].Narrative = node.Narrative{}
	}
	for language, word := range map[string]string{"et": "Eitatud: ", "fi-FI": "Kielletty tai kumottu: ", "xx": "Denied: "} {
		sent.Language = language
		read := decoded(t, encoded(t, sent, node.EPS, nil, nil))
		problems := read.Summary.Sections[0].Narrative
		if !problems.Generated || strings.Count(problems.XHTML, word) != 2 || strings.Contains(problems.XHTML, "<li>sõna &lt;73211009") {
			t.Errorf("%s: %s", language, problems.XHTML)
		}
	}
}

func TestPanelsThatHoldPanelsInManyWaysAreRefusedBeforeTheyCostAnything(t *testing.T) {
	observation := func(members []any) map[string]any {
		o := map[string]any{"resourceType": "Observation", "status": "final", "code": map[string]any{"text": "x"}}
		if members != nil {
			o["hasMember"] = members
		}
		return o
	}
	var more []map[string]any
	for layer := range 7 {
		for range 10 {
			var members []any
			for i := range 10 {
				members = append(members, refTo(10+10*(layer+1)+i)...)
			}
			if layer == 6 {
				members = nil
			}
			more = append(more, observation(members))
		}
	}
	resource := observation(refTo(10))
	changes := []change{{"entry.8.resource", resource}, {"entry.0.resource.section.5.entry.1", nil}}
	resource["id"] = "77000000-0000-4000-8000-000000000009"
	for i, extra := range more {
		changes = append(changes, change{"entry.+", map[string]any{"fullUrl": "urn:uuid:77000000-0000-4000-8000-0000000001" + itoa(10+i), "resource": extra}})
	}
	_, err := Tongue{}.Decode(changed(t, made(t, "eps-small.json"), changes...))
	if node.AsError(err).Reason != "fhir.members" {
		t.Errorf("got %v", err)
	}
}
