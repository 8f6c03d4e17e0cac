package compose

import (
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// writes gives what a writing step appends, and what it loses.
func writes(step func(c *composer)) (string, []string) {
	var lost []string
	c := newComposer(&node.Document{}, options(), func(path, why string) { lost = append(lost, path+": "+why) })
	c.quoted = map[string]int{}
	step(c)
	if c.err != nil {
		return "refused " + c.err.Slot, lost
	}
	return string(c.b), lost
}

const edqmNumber = `codeSystem="0.4.0.127.0.16.1.1.2.1" codeSystemName="EDQM"`

// hops are steps that set out from these codes, the oldest first; the last one leads to the code of the slot.
func hops(from ...translation.Coding) []translation.Hop {
	made := make([]translation.Hop, len(from))
	for i, coding := range from {
		made[i] = translation.Hop{From: coding, Step: &translation.Step{Kind: translation.Asserted}}
	}
	return made
}

func TestACodeIsWrittenWithItsWholeLife(t *testing.T) {
	original := code(fiForm, "44", "kalvopäällysteinen tabletti")
	pivot := translation.Coding{System: edqm, Version: "8.1.0", Code: "10221000", Display: "Film-coated tablet"}
	foreign := code(edqm, "10221000", "Potahovaná tableta")
	for _, row := range []struct {
		says string
		slot translation.Slot
		want string
		lost int
	}{
		{"a code alone", translation.Slot{Current: pivot},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"></x>`, 0},
		{"one step: the original inside", translation.Slot{Current: pivot, Hops: hops(original)},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"><translation code="44" codeSystem="1.2.246.537.6.852" displayName="kalvopäällysteinen tabletti"></translation></x>`, 0},
		{"three steps: newest outside, oldest inside", translation.Slot{Current: pivot, Hops: hops(original, pivot, foreign)},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"><translation code="10221000" ` + edqmNumber + ` displayName="Potahovaná tableta">` +
				`<translation code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"><translation code="44" codeSystem="1.2.246.537.6.852" displayName="kalvopäällysteinen tabletti"></translation></translation></translation></x>`, 0},
		{"the reader's words outside, the shared ones a step down", translation.Slot{Current: pivot, Rendered: "Õhukese kattega tablett"},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Õhukese kattega tablett"><translation code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"></translation></x>`, 0},
		{"a step that changed nothing adds nothing", translation.Slot{Current: pivot, Hops: hops(pivot)},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"></x>`, 0},
		{"original text stands first", translation.Slot{Current: pivot, Text: "nagu <kirjas>", Hops: hops(original)},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"><originalText>nagu &lt;kirjas&gt;</originalText><translation code="44" codeSystem="1.2.246.537.6.852" displayName="kalvopäällysteinen tabletti"></translation></x>`, 0},
		{"a system without number: other, in words", translation.Slot{Current: code(nameless, "A", "aine")},
			`<x nullFlavor="OTH"><originalText>aine</originalText></x>`, 1},
		{"and what it was before stands inside", translation.Slot{Current: code(nameless, "A", "aine"), Hops: hops(original)},
			`<x nullFlavor="OTH"><originalText>aine</originalText><translation code="44" codeSystem="1.2.246.537.6.852" displayName="kalvopäällysteinen tabletti"></translation></x>`, 1},
		{"an earlier code of a system without number is lost, not the original words", translation.Slot{Current: pivot, Hops: hops(code(nameless, "A", "aine"))},
			`<x code="10221000" ` + edqmNumber + ` codeSystemVersion="8.1.0" displayName="Film-coated tablet"><originalText>aine</originalText></x>`, 1},
		{"words alone", translation.Slot{Text: "miski"}, `<x nullFlavor="NI"><originalText>miski</originalText></x>`, 0},
		{"a display alone", translation.Slot{Current: translation.Coding{Display: "miski"}}, `<x nullFlavor="NI"><originalText>miski</originalText></x>`, 0},
	} {
		row.slot.Path = "place"
		got, lost := writes(func(c *composer) { c.coded("x", &row.slot) })
		if got != row.want || len(lost) != row.lost {
			t.Errorf("%s\nis  %s\nnot %s\nlost %v", row.says, got, row.want, lost)
		}
	}
}

func TestAMissingCodeSaysWhyAndNeverThatItIsHidden(t *testing.T) {
	for absent, want := range map[string]string{"": "NI", "unknown": "UNK", "UNK": "UNK", "not-asked": "NASK", "asked-unknown": "ASKU", "temp-unknown": "NAV",
		"not-applicable": "NA", "unsupported": "OTH", "as-text": "OTH", "other": "OTH", "masked": "NI", "MSK": "NI", "error": "NI",
		"negative-infinity": "NINF", "positive-infinity": "PINF", "asked-declined": "NI", "anything": "NI"} {
		got, _ := writes(func(c *composer) { c.coded("x", &translation.Slot{Rare: &translation.Rare{Absent: absent}}) })
		if got != `<x nullFlavor="`+want+`"></x>` {
			t.Errorf("%s is %s", absent, got)
		}
	}
}

func TestAQuantityIsWrittenWithTheUnitsItHad(t *testing.T) {
	national := code("urn:oid:1.2.246.537.6.138.202001", "7", "tabletti")
	for _, row := range []struct {
		says string
		q    node.Quantity
		want string
		lost int
	}{
		{"a bare count", node.Quantity{Value: "30"}, `<q value="30" unit="1"></q>`, 0},
		{"a decimal is written as it was", node.Quantity{Value: "1.50", Unit: &translation.Slot{Current: unit("mg")}}, `<q value="1.50" unit="mg"></q>`, 0},
		{"the unit of now, and the one before with its own number", node.Quantity{Value: "0.5", Unit: &translation.Slot{Current: unit("mg"), Number: "0.5", Amount: "500",
			Hops: hops(code("urn:oid:1.2.3", "G", "gramm"))}},
			`<q value="500" unit="mg"><translation value="0.5" code="G" codeSystem="1.2.3" displayName="gramm"/></q>`, 0},
		{"several, the oldest first", node.Quantity{Value: "0.5", Unit: &translation.Slot{Current: unit("mg"), Amount: "500",
			Hops: hops(code("urn:oid:1.2.3", "G", ""), unit("g"))}},
			`<q value="500" unit="mg"><translation value="0.5" code="G" codeSystem="1.2.3"/><translation code="g" codeSystem="2.16.840.1.113883.6.8" codeSystemName="UCUM"/></q>`, 0},
		{"another unit is an annotation and its own code", node.Quantity{Value: "2", Unit: &translation.Slot{Current: code(edqm, "15054000", "Oral drop")}},
			`<q value="2" unit="{Oral_drop}"><translation value="2" code="15054000" ` + edqmNumber + ` displayName="Oral drop"/></q>`, 0},
		{"a name that is not plain gives way to the code", node.Quantity{Value: "2", Unit: &translation.Slot{Current: code(fiForm, "7", "pähkinä")}},
			`<q value="2" unit="{7}"><translation value="2" code="7" codeSystem="1.2.246.537.6.852" displayName="pähkinä"/></q>`, 0},
		{"a unit of a system without number is words", node.Quantity{Value: "2", Unit: &translation.Slot{Current: code(nameless, "tükk", "tükk")}},
			`<q value="2" unit="1"><translation value="2"><originalText>tükk</originalText></translation></q>`, 1},
		{"the reader's words stand beside", node.Quantity{Value: "2", Unit: &translation.Slot{Current: unit("{Tablet}"), Amount: "2", Rendered: "tablett", Hops: hops(national)}},
			`<q value="2" unit="{Tablet}"><translation value="2" code="7" codeSystem="1.2.246.537.6.138.202001" displayName="tabletti"/><translation><originalText>tablett</originalText></translation></q>`, 0},
		{"a number that is none is words", node.Quantity{Value: "1/2", Unit: &translation.Slot{Current: unit("mg")}},
			`<q nullFlavor="NI"><translation><originalText>1/2 mg</originalText></translation></q>`, 1},
		{"no number is a null flavour", node.Quantity{Unit: &translation.Slot{Rare: &translation.Rare{Absent: "unknown"}}}, `<q nullFlavor="UNK"></q>`, 0},
	} {
		got, lost := writes(func(c *composer) { c.quantity("q", row.q, "") })
		if got != row.want || len(lost) != row.lost {
			t.Errorf("%s\nis  %s\nnot %s\nlost %v", row.says, got, row.want, lost)
		}
	}
	for _, number := range []string{"", "1e3", "1,5", "many"} {
		if got, _ := writes(func(c *composer) { c.quantity("q", node.Quantity{Value: number}, "dose") }); got != "refused dose" {
			t.Errorf("%q where it must be right is %s", number, got)
		}
	}
}

func TestATimeKeepsItsPrecisionAndItsOffset(t *testing.T) {
	for written, want := range map[string]string{"2026": "2026", "2026-09": "202609", "2026-09-01": "20260901",
		"2026-09-01T10:30:15+03:00": "20260901103015+0300", "2026-09-01T10:30:15.123-02:30": "20260901103015.123-0230", "2026-09-01T10:30:15Z": "20260901103015+0000",
		"2026-09-01T10:30Z": "202609011030+0000", "2026-09-01T10:30:15": "20260901103015", "2026-09-01T10:30": "202609011030"} {
		if got, ok := stamp(written); !ok || got != want {
			t.Errorf("%s is %s, %v", written, got, ok)
		}
	}
	for _, written := range []string{"", "x", "2026-13-01", "01.09.2026", "2026-09-01 10:30", "2026-02-30", "2026-09-01T25:00:00Z"} {
		if got, ok := stamp(written); ok {
			t.Errorf("%q is read as %s", written, got)
		}
	}
	got, lost := writes(func(c *composer) { c.moment("t", "eile", "when") })
	if got != `<t nullFlavor="UNK"/>` || len(lost) != 1 {
		t.Errorf("no date is %s, lost %v", got, lost)
	}
}

func TestAnIdentifierIsARootAndAnExtension(t *testing.T) {
	for _, row := range []struct {
		id   node.Identifier
		want string
		lost int
	}{
		{node.Identifier{System: "urn:oid:1.2.246.21", Value: "010171-999X"}, `<id root="1.2.246.21" extension="010171-999X"/>`, 0},
		{node.Identifier{System: eeForm, Value: "a^b"}, `<id root="1.3.6.1.4.1.28284.6.2.1.12" extension="a^b"/>`, 0},
		{node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:oid:2.999.1"}, `<id root="2.999.1"/>`, 0},
		{node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:5e7e9704-f4fa-8c74-9c8b-ee2d07d72117"}, `<id root="5e7e9704-f4fa-8c74-9c8b-ee2d07d72117"/>`, 0},
		{node.Identifier{}, `<id nullFlavor="NI"/>`, 0},
		{node.Identifier{System: nameless, Value: "1"}, `<id nullFlavor="OTH"/>`, 1},
		{node.Identifier{System: "urn:oid:1.2.x", Value: "1"}, `<id nullFlavor="OTH"/>`, 1},
		{node.Identifier{System: "urn:oid:1.02", Value: "1"}, `<id nullFlavor="OTH"/>`, 1},
	} {
		got, lost := writes(func(c *composer) { c.identifier(row.id, "id") })
		if got != row.want || len(lost) != row.lost {
			t.Errorf("%v is %s, not %s, lost %v", row.id, got, row.want, lost)
		}
	}
}

// timings are what a dosage's rhythm becomes.
func TestARhythmIsSaidWholeOrNotAtAll(t *testing.T) {
	const unknown = `<effectiveTime nullFlavor="UNK"/>`
	every := func(value, unit, institution string) string {
		return `<effectiveTime xsi:type="PIVL_TS" institutionSpecified="` + institution + `" operator="A"><period value="` + value + `" unit="` + unit + `"/></effectiveTime>`
	}
	event := func(name, code, operator string) string {
		return `<` + name + ` xsi:type="EIVL_TS"` + operator + `><event code="` + code + `" codeSystem="2.16.840.1.113883.5.139"/></` + name + `>`
	}
	for _, row := range []struct {
		says   string
		timing node.Timing
		want   string
		lost   string
	}{
		{"nothing", node.Timing{}, unknown, ""},
		{"once a day", node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d"}, every("1", "d", "true"), ""},
		{"three times a day", node.Timing{Frequency: "3", Period: "1", PeriodUnit: "d"}, every("8", "h", "true"), ""},
		{"twice a week", node.Timing{Frequency: "2", Period: "1", PeriodUnit: "wk"}, every("84", "h", "true"), ""},
		{"sixteen times a day", node.Timing{Frequency: "16", Period: "1", PeriodUnit: "d"}, every("90", "min", "true"), ""},
		{"twice a month", node.Timing{Frequency: "2", Period: "1", PeriodUnit: "mo"}, every("0.5", "mo", "true"), ""},
		{"every eight hours", node.Timing{Period: "8", PeriodUnit: "h"}, every("8", "h", "false"), ""},
		{"every 1.5 hours, as written", node.Timing{Frequency: "1", Period: "1.50", PeriodUnit: "h"}, every("1.50", "h", "false"), ""},
		{"seven times in a second: no length", node.Timing{Frequency: "7", Period: "1", PeriodUnit: "s"}, unknown, "frequency"},
		{"one to three times a day: no range", node.Timing{Frequency: "1", FrequencyMax: "3", Period: "1", PeriodUnit: "d"}, unknown, "range"},
		{"every four to six hours: no range", node.Timing{Frequency: "1", Period: "4", PeriodMax: "6", PeriodUnit: "h"}, unknown, "range"},
		{"a unit that is no time", node.Timing{Frequency: "1", Period: "1", PeriodUnit: "tablet"}, unknown, "frequency"},
		{"how often without in what", node.Timing{Frequency: "2"}, unknown, "frequency"},
		{"before breakfast, daily", node.Timing{Frequency: "1", Period: "1", PeriodUnit: "d", When: []string{"ACM"}}, event("effectiveTime", "ACM", ` operator="A"`), ""},
		{"with breakfast and dinner", node.Timing{When: []string{"CM", "CV"}}, `<effectiveTime xsi:type="SXPR_TS" operator="A">` + event("comp", "CM", "") + event("comp", "CV", "") + `</effectiveTime>`, ""},
		{"twice a day, with breakfast and dinner", node.Timing{Frequency: "2", Period: "1", PeriodUnit: "d", When: []string{"CM", "CV"}}, `<effectiveTime xsi:type="SXPR_TS" operator="A">` + event("comp", "CM", "") + event("comp", "CV", "") + `</effectiveTime>`, ""},
		{"at bedtime every second day", node.Timing{Frequency: "1", Period: "2", PeriodUnit: "d", When: []string{"HS"}}, `<effectiveTime xsi:type="SXPR_TS" operator="A"><comp xsi:type="PIVL_TS" institutionSpecified="true"><period value="2" unit="d"/></comp>` + event("comp", "HS", ` operator="A"`) + `</effectiveTime>`, ""},
		{"in the morning: no code", node.Timing{When: []string{"MORN"}}, unknown, "when[0]"},
		{"bedtime and morning: not half of it", node.Timing{When: []string{"HS", "MORN"}}, unknown, "when[1]"},
		{"at eight, from a day on", node.Timing{TimeOfDay: []string{"08:00:00"}, BoundsFrom: "2026-09-01"}, `<effectiveTime xsi:type="PIVL_TS" institutionSpecified="true" operator="A"><phase><low value="20260901080000"/></phase><period value="1" unit="d"/></effectiveTime>`, ""},
		{"at eight and at eight: how often stands", node.Timing{TimeOfDay: []string{"08:00", "20:00"}}, every("12", "h", "true"), "timeOfDay"},
	} {
		got, lost := writes(func(c *composer) { c.rhythm(dosing{node.Dosage{Timing: row.timing}, "dosage[0]"}) })
		named := slices.ContainsFunc(lost, func(line string) bool { return strings.HasPrefix(line, "dosage[0].timing."+row.lost+": ") })
		if got != row.want || (row.lost != "") != named || len(lost) > 1 {
			t.Errorf("%s\nis  %s\nnot %s\nlost %v", row.says, got, row.want, lost)
		}
	}
}

// Hours that CDA cannot say as times are said as words where the prescriber wrote none.
func TestHoursAreNeverOnlyInTheNarrative(t *testing.T) {
	d := generic()
	d.Prescriptions[0].Dosage = []node.Dosage{{Timing: node.Timing{TimeOfDay: []string{"08:00", "20:00"}}}}
	out, lost := composed(t, d)
	root := parsed(t, out)
	if got := find(root, body+"/text/paragraph[@ID=text-1]/text()"); got != "08:00, 20:00" || len(lost) != 1 {
		t.Errorf("the hours are told as %q, lost %v", got, lost)
	}
	if find(root, rxItem+"/text/reference/@value") != "#text-1" {
		t.Error("the item does not lead to its hours")
	}
}

// Whether another product may be handed out: what the record says and what stands in the document.
func TestABanOnSubstitutionIsAlwaysAnN(t *testing.T) {
	const open = `<entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><code code="SUBST" codeSystem="2.16.840.1.113883.5.6"/>`
	const end = `</observation></entryRelationship>`
	coded := func(system, c string) *translation.Slot {
		return translation.NewSlot(translation.Substitution, "substitution", code(system, c, ""))
	}
	for _, row := range []struct {
		says string
		s    node.Substitution
		want string
	}{
		{"allowed is silence", node.Substitution{Allowed: flag(true)}, ""},
		{"forbidden", node.Substitution{Allowed: flag(false)}, open + `<value xsi:type="CE" code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none"/>` + end},
		{"forbidden by the list's code", node.Substitution{Allowed: flag(false), Code: coded(subst, "N")}, open + `<value xsi:type="CE" code="N" codeSystem="2.16.840.1.113883.5.1070"></value>` + end},
		{"forbidden by a national code", node.Substitution{Allowed: flag(false), Code: coded(fiForm, "1")}, open + `<value xsi:type="CE" code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none"/>` + end},
		{"forbidden, though the code says generic", node.Substitution{Allowed: flag(false), Code: coded(subst, "G")}, open + `<value xsi:type="CE" code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none"/>` + end},
		{"allowed as generic", node.Substitution{Allowed: flag(true), Code: coded(subst, "G")}, open + `<value xsi:type="CE" code="G" codeSystem="2.16.840.1.113883.5.1070"></value>` + end},
		{"not said is not allowed: no information", node.Substitution{}, open + `<value xsi:type="CE" nullFlavor="NI"/>` + end},
		{"words alone", node.Substitution{Text: "põhjus"}, open + `<text><reference value="#text-1"/></text><value xsi:type="CE" nullFlavor="NI"/>` + end},
		{"allowed by a national code", node.Substitution{Allowed: flag(true), Code: coded(fiForm, "2")}, ""},
		{"said by a national code alone", node.Substitution{Code: coded(fiForm, "2")}, "refused substitution"},
		{"both", node.Substitution{Allowed: flag(true), Code: coded(subst, "N")}, "refused substitution"},
	} {
		if got, _ := writes(func(c *composer) { c.substitution(row.s) }); got != row.want {
			t.Errorf("%s\nis  %s\nnot %s", row.says, got, row.want)
		}
	}
}
