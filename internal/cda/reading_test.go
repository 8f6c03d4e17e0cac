package cda

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// rx is the first prescription of a document.
func rx(d *node.Document) *node.Prescription { return d.Prescriptions[0] }

// leftOver says what holds a text of the source that no field of the record has: the residue, or a slot of its own.
func leftOver(d *node.Document, text string) string {
	for _, residue := range d.Residue {
		if bytes.Contains(d.Source[residue.Span.Start:residue.Span.End], []byte(text)) {
			return "residue"
		}
	}
	for _, slot := range d.Slots {
		if slot.Field == translation.Other && bytes.Contains(d.Source[slot.Span.Start:slot.Span.End], []byte(text)) {
			return "slot"
		}
	}
	return "gone"
}

// slotAt is the field and the codes of the slot of a path.
func slotAt(d *node.Document, path string) string {
	for _, slot := range d.Slots {
		if slot.Path == path {
			return strings.TrimSpace(fmt.Sprint(slot.Field, " ", slot.Original().Code, " ", slot.Current.Code, " ", slot.Number, " ", slot.Absent()))
		}
	}
	return "none"
}

// otherCodes counts the slots that no field of the record has.
func otherCodes(d *node.Document, code string) int {
	count := 0
	for _, slot := range d.Slots {
		if slot.Current.Code == code && (slot.Field == translation.Other || slot.Field == translation.Structural) {
			count++
		}
	}
	return count
}

func entries(d *node.Document, code string) node.Section {
	i := slices.IndexFunc(d.Summary.Sections, func(s node.Section) bool { return s.Code == code })
	return d.Summary.Sections[i]
}

// after changes the first text behind another one.
func after(place, old, now string) func(string) string {
	return func(s string) string {
		at := strings.Index(s, place)
		return s[:at] + first(old, now)(s[at:])
	}
}

// odd is a document that is odd and can be used, and what is read from it.
type odd struct {
	name, base string
	change     func(string) string
	got        func(d *node.Document) any
	want       any
}

func TestOddDocumentsAreReadAsTheyAreMeant(t *testing.T) {
	for _, group := range [][]odd{oddPrescriptions(), oddSubstitutions(), oddTimes(), oddTexts(), oddSummaries(), unsaid(), tolerated()} {
		for _, r := range group {
			t.Run(r.name, func(t *testing.T) {
				d := decoded(t, hostile{name: r.name, base: r.base, change: r.change}.text(t))
				if got := fmt.Sprint(r.got(d)); got != fmt.Sprint(r.want) {
					t.Errorf("read %s, not %v", got, r.want)
				}
				spliced(t, d, nil)
			})
		}
	}
}

// boxed counts the blisters of a package, and puts the package into a larger one.
func boxed(blisters, unit string) func(string) string {
	const box = `<pharm:formCode code="30009000" codeSystem="0.4.0.127.0.16.1.1.2.1" displayName="Box"/>`
	return both(first(sizeAt, `<pharm:quantity value="`+blisters+`" unit="`+unit+`"/>`), as(box, box+`<pharm:asContent><pharm:quantity value="2" unit="1"/></pharm:asContent>`))
}

// packaged is how many items a package has, and what one of them holds.
func packaged(d *node.Document) any {
	p := rx(d).Medication.Package
	return []string{p.Items.Value, p.Content.Value, p.Content.Unit.Current.Code}
}

func oddPrescriptions() []odd {
	return []odd{
		{"several items have one prescriber and one slot for his role", several, as("Made up", "made up"), func(d *node.Document) any {
			return []any{rx(d).Prescriber.Family, d.Prescriptions[2].Prescriber.Family, rx(d).Prescriber.Role == d.Prescriptions[2].Prescriber.Role}
		}, []any{"Käär", "Käär", true}},
		{"a sibling translation is residue", combined, as("Made up", "made up"), func(d *node.Document) any { return leftOver(d, "voide ja puikko") }, "residue"},
		{"blisters in a box are counted by their name", "", boxed("3", "{Blister}"), packaged, []string{"6", "10", "{Tablet}"}},
		{"blisters in a box are counted without a name", "", boxed("3", "1"), packaged, []string{"6", "10", "{Tablet}"}},
		{"tablets of tablets are not counted", "", boxed("3", "{Tablet}"), packaged, []string{"", "10", "{Tablet}"}},
		{"millilitres of tablets are not counted", "", boxed("3", "mL"), packaged, []string{"", "10", "{Tablet}"}},
		{"milligrams that have a name are not counted", "", boxed("3", "mg{Blister}"), packaged, []string{"", "10", "{Tablet}"}},
		{"a second dose is told", "", as(doseAt, doseAt+`<doseQuantity value="10" unit="{Teaspoon}"/>`), func(d *node.Document) any {
			return []any{rx(d).Dosage[0].DoseHigh.Value, otherCodes(d, "{Teaspoon}")}
		}, []any{"2", 1}},
		{"a second dose without a unit is told", "", as(doseAt, doseAt+`<doseQuantity value="10"/>`), func(d *node.Document) any { return leftOver(d, `value="10"/>`) }, "residue"},
		{"a second route is told", "", as(doseAt, `<routeCode code="R2" codeSystem="2.999"/>`+doseAt), func(d *node.Document) any {
			return []any{rx(d).Dosage[0].Route.Current.Code, otherCodes(d, "R2")}
		}, []any{"20053000", 1}},
		{"a dose between two units is not compared", "", as(doseAt, `<doseQuantity><low value="250" unit="mg"/><high value="1" unit="g"/></doseQuantity>`), func(d *node.Document) any { return rx(d).Dosage[0].Dose.Value }, "250"},
		{"a dose between a number and itself", "", as(doseAt, `<doseQuantity><low value="2.0" unit="{Tablet}"/><high value="2" unit="{Tablet}"/></doseQuantity>`), func(d *node.Document) any { return rx(d).Dosage[0].Dose.Value }, "2.0"},
		{"very many packages are very many", "", as(packagesAt, `<quantity value="999999999999" unit="1"/>`), func(d *node.Document) any { return rx(d).Amount.Packages }, "999999999999"},
		{"and is compared with the code that it stands beside", "", first(`displayName="tablett"/>`, `displayName="tablett"/><translation code="10704000" codeSystem="0.4.0.127.0.16.1.1.2.1"/><translation displayName="words"/>`),
			func(d *node.Document) any {
				return []any{slotAt(d, "medication.form"), len(rx(d).Medication.Form.Comparison().Also), rx(d).Medication.Form.Comparison().Also[0].Code}
			}, []any{"dose-form 738 10219000", 1, "10704000"}},
		{"an attribute of another namespace is no code", "", first(`<pharm:formCode code="10219000"`, `<pharm:formCode xmlns:x="urn:x" code="10219000" x:code="10221000"`), func(d *node.Document) any { return slotAt(d, "medication.form") }, "dose-form 738 10219000"},
		{"white space around a number says nothing", "", as(packagesAt, `<quantity value=" 3&#10;" unit="1"/>`), func(d *node.Document) any { return rx(d).Amount.Packages }, "3"},
		{"an ingredient whose strength is that of its base is an ingredient", "", as(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="ACTIB">`), func(d *node.Document) any { return len(rx(d).Medication.Ingredients) }, 1},
		{"an inactive ingredient that nobody knows", "", as(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="IACT" nullFlavor="UNK"/><pharm:ingredient classCode="ACTI">`), func(d *node.Document) any { return len(rx(d).Medication.Ingredients) }, 1},
		{"an inactive ingredient that it is free of", "", as(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="IACT" negationInd="true"><pharm:ingredientSubstance><pharm:code code="X" codeSystem="2.999" displayName="laktoos"/></pharm:ingredientSubstance></pharm:ingredient><pharm:ingredient classCode="ACTI">`), func(d *node.Document) any {
			return []any{len(rx(d).Medication.Ingredients), turnedAround(d)}
		}, []any{1, 1}},
		{"a medicine for the patient as its subject", "", first(`<consumable typeCode="CSM">`, `<subject><relatedSubject classCode="PRS"><code code="SELF" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject><consumable typeCode="CSM">`), func(d *node.Document) any { return len(d.Prescriptions) }, 1},
		{"a second patient instruction is kept", "", twice(`<entryRelationship typeCode="SUBJ" inversionInd="true">
                <act`, "</entryRelationship>"), func(d *node.Document) any { return strings.Count(rx(d).Instructions.Patient, "greibimahlaga") }, 2},
		{"an item's own author wrote it", several, first(`<consumable>`, `<author><time value="20260101"/><assignedAuthor><assignedPerson><name><family>Teine</family></name></assignedPerson></assignedAuthor></author><consumable>`),
			func(d *node.Document) any {
				return []any{rx(d).Authored, rx(d).Prescriber.Family, d.Prescriptions[1].Authored}
			}, []any{"2026-01-01", "Teine", "2026-11-10T14:40:00+02:00"}},
		{"a second parent document is residue", "", twice("<relatedDocument", "</relatedDocument>"), func(d *node.Document) any { return leftOver(d, "<parentDocument") }, "residue"},
		{"identifiers that are folded stay as they are", dispensed, as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001"/>`, `<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="1.2.208^EE-7001:5^^^&amp;x"/>`), func(d *node.Document) any { return d.Dispensation.Group.Value }, "1.2.208^EE-7001:5^^^&x"},
		{"an order whose first id is not said", dispensed, as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001"/>`, `<id nullFlavor="NI"/><id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001"/>`), func(d *node.Document) any { return d.Dispensation.Group.Value }, "EE-7001"},
		{"a second dispenser is residue", dispensed, twice("<performer", "</performer>"), func(d *node.Document) any { return leftOver(d, "Åkerblöm") }, "residue"},
		{"an unknown section of a prescription is residue with its codes", "", as("</structuredBody>", `<component><section><code code="X9" codeSystem="2.999"/><text>Muu tekst</text></section></component></structuredBody>`), func(d *node.Document) any {
			return []any{otherCodes(d, "X9"), leftOver(d, "Muu tekst")}
		}, []any{1, "residue"}},
		{"a guardian's address is withheld with the patient's", "", as("<birthTime value=\"19880716\"/>", `<birthTime value="19880716"/><guardian><addr><city>Põlva</city></addr><guardianPerson/></guardian>`), func(d *node.Document) any { return len(elementsNamed(d, "address")) }, 3},
	}
}

// oddSubstitutions forbid in a place that nobody reads: the ban stands all the same.
func oddSubstitutions() []odd {
	answer := func(d *node.Document) any {
		s := rx(d).Substitution
		if s.Code == nil {
			return []any{*s.Allowed, "no code"}
		}
		return []any{*s.Allowed, s.Code.Current.Code}
	}
	ban := []any{false, "N"}
	moved := func(what string) func(string) string { return both(silent(), as(behind, behind+what)) }
	return []odd{
		{"an item that says nothing may be substituted", "", silent(), answer, []any{true, "no code"}},
		{"a ban beside the item", "", moved(said(`code="SUBST"`, forbidden)), answer, ban},
		{"a ban to no question", "", as(question, `<code nullFlavor="UNK"/>`), answer, ban},
		{"a ban to a question in small letters", "", as(question, `<code code="subst"/>`), answer, ban},
		{"a ban to a question that is a translation", "", as(question, `<code code="X" codeSystem="2.999"><translation code="SUBST" codeSystem="2.16.840.1.113883.5.6"/></code>`), answer, ban},
		{"a ban in a supply", "", both(silent(), as(`<independentInd value="false"/>`, `<independentInd value="false"/><entryRelationship>`+said(`code="SUBST"`, forbidden)+`</entryRelationship>`)), answer, ban},
		{"a ban in a nested section", "", both(silent(), as("</section>", `<component><section><entry>`+said(`code="SUBST"`, forbidden)+`</entry></section></component></section>`)), answer, ban},
		{"a ban that another code became", "", moved(`<observation><code nullFlavor="UNK"/><value code="0" codeSystem="2.999"><translation ` + forbidden + `/></value></observation>`), answer, []any{false, "no code"}},
		{"a ban that stands in no code", "", as(`<value xsi:type="CE" code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none">`, `<value xsi:type="CE" nullFlavor="OTH">`), answer, ban},
		{"a ban for a reason", "", both(silent(), as(besides, besides+said(`nullFlavor="UNK"`, forbidden)+`</entryRelationship>`+besides)), answer, []any{false, "no code"}},
		{"a ban beside all items", several, as("</section>", `<component><section><entry>`+said(`code="SUBST"`, forbidden)+`</entry></section></component></section>`), func(d *node.Document) any {
			a, b := rx(d).Substitution, d.Prescriptions[1].Substitution
			return []any{*a.Allowed, *b.Allowed, a.Code == b.Code}
		}, []any{false, false, true}},
		{"a ban in the entry of another item", several, first(behind, behind+said(`nullFlavor="UNK"`, forbidden)), func(d *node.Document) any {
			return []any{*rx(d).Substitution.Allowed, *d.Prescriptions[1].Substitution.Allowed}
		}, []any{false, true}},
	}
}

func oddTimes() []odd {
	timing := func(d *node.Document) any {
		o := rx(d).Dosage[0].Timing
		return []string{o.Period, o.PeriodUnit, o.BoundsFrom, o.BoundsTo}
	}
	bounds := `<effectiveTime xsi:type="IVL_TS"><low value="20261003"/><high value="20270102"/></effectiveTime>`
	kept := []string{"1", "d", "2026-10-03", "2027-01-02"}
	return []odd{
		{"a second rhythm does not replace the first", "", as("<routeCode", `<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime><routeCode`), func(d *node.Document) any { return []any{timing(d), leftOver(d, `value="8"`)} }, []any{kept, "slot"}},
		{"a second period of treatment does not replace the first", "", as("<routeCode", `<effectiveTime xsi:type="IVL_TS"><low value="2030"/></effectiveTime><routeCode`), func(d *node.Document) any { return []any{timing(d), leftOver(d, `2030`)} }, []any{kept, "residue"}},
		{"a time that is excluded is no time to take it", "", as("<routeCode", `<effectiveTime operator="E" xsi:type="EIVL_TS"><event code="ACM"/></effectiveTime><routeCode`), func(d *node.Document) any { return []any{rx(d).Dosage[0].Timing.When, leftOver(d, `ACM`)} }, []any{[]string{"HS"}, "slot"}},
		{"a day of the week is no beginning", "", as(`operator="A"><period value="1" unit="d"/>`, `operator="A" alignment="DW"><phase><low value="20260105"/></phase><period value="1" unit="wk"/>`), func(d *node.Document) any { return []any{timing(d), leftOver(d, "20260105")} }, []any{[]string{"1", "wk", "2026-10-03", "2027-01-02"}, "residue"}},
		{"a date that is none is residue", "", as(bounds, `<effectiveTime value="20261345"/>`), func(d *node.Document) any { return leftOver(d, "20261345") }, "residue"},
		{"the 30th of February is residue", "", as(`<low value="20261003"/><high value="20270102"/>`, `<low value="20260230"/><high value="20270102"/>`), func(d *node.Document) any { return leftOver(d, "20260230") }, "residue"},
		{"an hour without a zone is its day, and residue", "", as(`<effectiveTime value="20261003101500+0300"/>`, `<effectiveTime value="202610032359"/>`), func(d *node.Document) any { return []any{d.Header.Written, leftOver(d, "202610032359")} }, []any{"2026-10-03", "residue"}},
		{"a birth date in words is residue", "", as(`<birthTime value="19880716"/>`, `<birthTime value="suvel"/>`), func(d *node.Document) any { return []any{d.Patient.BirthDate, leftOver(d, "suvel")} }, []any{"", "residue"}},
		{"half an hour before a meal may be written below zero", "", as(`displayName="enne magamaminekut"/>`, `displayName="enne magamaminekut"/><offset><low value="-30" unit="min"/></offset>`), func(d *node.Document) any { return otherCodes(d, "min") }, 1},
		{"a blank dose in a unit keeps the unit", "", as(doseAt, `<doseQuantity value="" unit="mg"/>`), func(d *node.Document) any {
			return []any{rx(d).Dosage[0].Dose.IsZero(), otherCodes(d, "mg") + otherCodes(d, "")}
		}, []any{true, 1}},
	}
}

func oddTexts() []odd {
	text := `<text><reference value="#annus"/></text>`
	said := func(d *node.Document) any { return rx(d).Dosage[0].Text }
	return []odd{
		{"words beside a reference are the words", "", as(text, `<text>kaks tabletti<reference value="#annus"/></text>`), said, "kaks tabletti"},
		{"words beside a reference to everything are the words", "", as(text, `<text>kaks tabletti<reference value="#kogu"/></text>`), said, "kaks tabletti"},
		{"a reference that leads nowhere is residue", "", as(`<text><reference value="#soovitus"/></text>`, `<text><reference value="#mujal"/></text>`), func(d *node.Document) any { return []any{rx(d).Instructions.Patient, leftOver(d, "#mujal")} }, []any{"", "residue"}},
		{"a reference to itself says nothing", "", as(`<text><reference value="#soovitus"/></text>`, `<text ID="ring"><reference value="#ring"/></text>`), func(d *node.Document) any { return rx(d).Instructions.Patient }, ""},
		{"references in a circle say what stands there", "", as(`<item ID="soovitus">Mitte`, `<item ID="soovitus"><reference value="#annus"/>Mitte`), func(d *node.Document) any { return strings.HasPrefix(rx(d).Instructions.Patient, "Mitte võtta") }, true},
		{"a reference elsewhere is residue", "", as(`<text><reference value="#soovitus"/></text>`, `<text><reference value="http://192.0.2.1/`+marker+`"/></text>`), func(d *node.Document) any { return []any{rx(d).Instructions.Patient, leftOver(d, marker)} }, []any{"", "residue"}},
		{"a comment in the middle of a word is not the word", "", as("<family>Žukova-", "<family>Žu<!-- x -->kova-"), func(d *node.Document) any { return d.Patient.Family }, "Žukova-Šmõrtš"},
		{"CDATA is text", "", as("<family>Žukova-", "<family><![CDATA[Žu]]>kova-"), func(d *node.Document) any { return d.Patient.Family }, "Žukova-Šmõrtš"},
		{"an instruction in a name is not the name", "", as("<family>Žukova-", "<family>Žu<?x y?>kova-"), func(d *node.Document) any { return d.Patient.Family }, "Žukova-Šmõrtš"},
		{"a code in a comment is no code", "", as(`<statusCode code="active"/>`, `<!-- <statusCode code="aborted"/> --><statusCode code="active"/>`), func(d *node.Document) any { return rx(d).Status }, node.Active},
		{"the name of a section is kept where the code does not say it", "", as("<title>Retsept</title>", "<title>Kiire!</title>"), func(d *node.Document) any { return leftOver(d, "Kiire!") }, "residue"},
	}
}

func oddSummaries() []odd {
	problems := func(d *node.Document) node.Section { return entries(d, "11450-4") }
	problem := `<observation classCode="OBS" moodCode="EVN" negationInd="false">`
	return []odd{
		{"a concern with a mark of denial", summarised, func(s string) string {
			at := strings.Index(s, `extension="P1"/>`)
			open := strings.LastIndex(s[:at], "<act ")
			return s[:open] + `<act negationInd="true" ` + s[open+len("<act "):]
		}, func(d *node.Document) any { return problems(d).Entries[0].Negated }, true},
		{"a problem that is denied by a number", summarised, first(problem, `<observation classCode="OBS" moodCode="EVN" negationInd="1">`), func(d *node.Document) any { return problems(d).Entries[0].Negated }, true},
		{"a problem that was entered in error", summarised, after(problem, `<statusCode code="completed"/>`, `<statusCode code="nullified"/>`), func(d *node.Document) any { return problems(d).Entries[0].State }, "nullified"},
		{"a father's illness is not the patient's", summarised, first(problem, problem+`<subject><relatedSubject><code code="FTH" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>`), func(d *node.Document) any {
			return []any{len(problems(d).Entries), otherCodes(d, "I10"), leftOver(d, "#pr1")}
		}, []any{1, 1, "residue"}},
		{"the patient as the subject is the patient", summarised, first(problem, problem+`<subject><relatedSubject><code code="SELF" codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>`), func(d *node.Document) any {
			return len(problems(d).Entries)
		}, 2},
		{"a second allergen is residue with its code", summarised, twice(`<participant typeCode="CSM">`, "</participant>"), func(d *node.Document) any {
			return []any{len(entries(d, "48765-2").Entries), otherCodes(d, "256262001")}
		}, []any{1, 1}},
		{"a reaction that did not show is residue", summarised, after(`<entryRelationship typeCode="MFST">`, `<observation classCode="OBS" moodCode="EVN"`, `<observation classCode="OBS" moodCode="EVN" negationInd="true"`), func(d *node.Document) any {
			return []any{len(entries(d, "48765-2").Entries[0].Reactions), otherCodes(d, "126485001")}
		}, []any{0, 1}},
		{"a section in a section is residue with its codes", summarised, first("</section>", `<component><section><code code="S1" codeSystem="2.999"/><text>sees</text><entry><observation><code code="O1" codeSystem="2.999"/></observation></entry></section></component></section>`), func(d *node.Document) any {
			return []any{otherCodes(d, "S1"), otherCodes(d, "O1"), leftOver(d, "sees")}
		}, []any{1, 1, "residue"}},
		{"an entry of an unknown kind is residue with its codes", summarised, first("</section>", `<entry><encounter><code code="E1" codeSystem="2.999"/><text>visiit</text></encounter></entry></section>`), func(d *node.Document) any { return []any{otherCodes(d, "E1"), leftOver(d, "visiit")} }, []any{1, "residue"}},
		{"a procedure in words is not the absence of one", summarised, instead(`<code code="no-procedure-info"`, "/>", "<text>Mandlite eemaldamine 1990</text>"), func(d *node.Document) any {
			s := entries(d, "47519-4")
			return []any{s.State, s.Entries[0].Kind, s.Entries[0].Text}
		}, []any{node.HasEntries, node.AProcedure, "Mandlite eemaldamine 1990"}},
		{"an entry that is not understood beside no information", summarised, as(`<procedure classCode="PROC" moodCode="EVN">`, `<encounter><text>midagi</text></encounter></entry><entry><procedure classCode="PROC" moodCode="EVN">`), func(d *node.Document) any { return entries(d, "47519-4").State }, node.HasEntries},
		{"a vaccination that is known not to have been", summarised, as(`<code code="IMMUNIZ" codeSystem="1.3.6.1.4.1.19376.1.5.3.2"/>`, `<code code="no-known-immunizations" codeSystem="2.16.840.1.113883.5.1150.1"/>`), func(d *node.Document) any {
			s := entries(d, "11369-6")
			return []any{s.State, s.Entries[0].Kind}
		}, []any{node.KnownAbsence, node.AnAbsence}},
		{"a denied absence is no absence", summarised, as(`<procedure classCode="PROC" moodCode="EVN">`, `<procedure classCode="PROC" moodCode="EVN" negationInd="true">`), func(d *node.Document) any {
			s := entries(d, "47519-4")
			return []any{s.State, len(s.Entries), otherCodes(d, "no-procedure-info")}
		}, []any{node.HasEntries, 0, 1}},
		{"a denied absence in a supply is no absence", summarised, first(`<supply classCode="SPLY" moodCode="EVN">`, `<supply classCode="SPLY" moodCode="EVN" negationInd="1">`), func(d *node.Document) any {
			s := entries(d, "46264-8")
			return []any{s.State, len(s.Entries), otherCodes(d, "no-known-devices")}
		}, []any{node.HasEntries, 0, 1}},
		{"a denied absence of an allergy is no absence", summarised, both(instead(`<participant typeCode="CSM">`, "</participant>", `<value code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>`),
			after(`extension="A1"/>`, `<observation classCode="OBS" moodCode="EVN"`, `<observation classCode="OBS" moodCode="EVN" negationInd="true"`)), func(d *node.Document) any {
			s := entries(d, "48765-2")
			return []any{s.State, len(s.Entries), otherCodes(d, "no-known-allergies")}
		}, []any{node.HasEntries, 0, 1}},
		{"a denied statement of nothing is no absence", summarised, instead(`<procedure classCode="PROC" moodCode="EVN">`, "</procedure>", `<procedure classCode="PROC" moodCode="EVN" negationInd="true"><code nullFlavor="NA"/></procedure>`), func(d *node.Document) any {
			s := entries(d, "47519-4")
			return []any{s.State, s.Entries[0].Kind, s.Entries[0].Negated}
		}, []any{node.HasEntries, node.AProcedure, true}},
		{"a result below zero is a result", summarised, as(`value="4.1"`, `value="-4.1"`), func(d *node.Document) any { return entries(d, "30954-2").Entries[0].Result.Quantity.Value }, "-4.1"},
		{"the words of a status are residue", summarised, first(`displayName="kriitilisus"/>`, `displayName="kriitilisus"/><text>tuttav ütles</text>`), func(d *node.Document) any { return leftOver(d, "tuttav ütles") }, "residue"},
	}
}

// unsaid are statements of a summary that are no facts of the patient: they stay residue with their codes.
func unsaid() []odd {
	moved := func(name, section, place, old, now string, entriesLeft int, code string) odd {
		return odd{name, summarised, after(place, old, now), func(d *node.Document) any {
			return []any{len(entries(d, section).Entries), otherCodes(d, code), entries(d, section).State}
		}, []any{entriesLeft, 1, node.HasEntries}}
	}
	event := `moodCode="EVN"`
	relation := `<entryRelationship typeCode="REFR" inversionInd="false">`
	allergy := func(d *node.Document) node.Entry { return entries(d, "48765-2").Entries[0] }
	ranged := func(low, high string) func(string) string {
		return as(`<value xsi:type="PQ" value="0.25" unit="{pack}/d"/>`, `<value xsi:type="IVL_PQ">`+low+high+`</value>`)
	}
	answer := func(d *node.Document) any {
		r := entries(d, "29762-2").Entries[0].Result
		return []any{r.Quantity.Value, r.High.Value, turnedAround(d)}
	}
	return []odd{
		moved("a risk is no problem", "11450-4", `<observation classCode="OBS" moodCode="EVN" negationInd="false">`, event, `moodCode="RSK"`, 1, "I10"),
		moved("a concern that is only intended is none", "11450-4", `<title>Praegused`, event, `moodCode="INT"`, 1, "I10"),
		moved("a problem that is denied within a denial is none", "11450-4", `<title>Praegused`, `<act classCode="ACT" moodCode="EVN">`, `<act classCode="ACT" moodCode="EVN" negationInd="true"><entryRelationship typeCode="SUBJ"><observation negationInd="true"><value code="ZZ" codeSystem="2.999"/></observation></entryRelationship>`, 2, "ZZ"),
		moved("a goal is no result", "29762-2", `<title>Eluviis`, event, `moodCode="GOL"`, 0, "229819007"),
		moved("a procedure that is intended was not done", "47519-4", `<title>Protseduurid`, event, `moodCode="INT"`, 0, "no-procedure-info"),
		moved("a medicine that is proposed is not taken", "10160-0", `<title>Ravimid`, `moodCode="INT"`, `moodCode="PRP"`, 0, "E78.0"),
		moved("a vaccination that is intended was not given", "11369-6", `<title>Vaktsineerimised`, event, `moodCode="INT"`, 0, "J07BA01"),
		moved("an ingredient that a medicine is free of is none", "10160-0", `<title>Ravimid`, `<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="ACTI" negationInd="true">`, 1, "mg"),
		{"a member that is a goal is none", summarised, after(`<organizer`, `<observation classCode="OBS" moodCode="EVN"`, `<observation classCode="OBS" moodCode="GOL"`), func(d *node.Document) any {
			return []any{len(entries(d, "8716-3").Entries[0].Members), otherCodes(d, "8480-6"), turnedAround(d)}
		}, []any{1, 1, 1}},
		{"a reaction that is feared did not show", summarised, after(`<entryRelationship typeCode="MFST">`, event, `moodCode="RSK"`), func(d *node.Document) any {
			return []any{len(allergy(d).Reactions), otherCodes(d, "126485001"), turnedAround(d)}
		}, []any{0, 1, 1}},
		{"a status that is expected is none", summarised, after(relation, event, `moodCode="PRP"`), func(d *node.Document) any { return []any{allergy(d).Criticality == nil, turnedAround(d)} }, []any{true, 1}},
		{"a relation that is denied says nothing", summarised, first(relation, `<entryRelationship typeCode="REFR" negationInd="true">`), func(d *node.Document) any { return []any{allergy(d).Criticality == nil, turnedAround(d)} }, []any{true, 1}},
		{"a reason that is denied is none", summarised, after(`<entryRelationship typeCode="RSON">`, event, event+` negationInd="true"`), func(d *node.Document) any {
			return []any{len(entries(d, "10160-0").Entries[0].Reasons), otherCodes(d, "E78.0")}
		}, []any{0, 1}},
		{"a plan is a plan", summarised, after(`code="18776-5"`, `<act classCode="ACT" moodCode="INT"`, `<act classCode="ACT" moodCode="RQO"`), func(d *node.Document) any { return entries(d, "18776-5").Entries[0].Kind }, node.APlan},
		{"no mood is the usual one", summarised, after(`<title>Eluviis`, event, ""), func(d *node.Document) any { return entries(d, "29762-2").Entries[0].Result.Quantity.Value }, "0.25"},
		{"a code beside a null flavour is the code, and told", summarised, after(`<title>Praegused`, `code="I10"`, `nullFlavor="UNK" code="I10"`), func(d *node.Document) any {
			return []any{entries(d, "11450-4").Entries[0].What.Current.Code, turnedAround(d)}
		}, []any{"I10", 1}},
		{"a number beside a null flavour is the number, and told", summarised, as(`value="0.25"`, `nullFlavor="UNK" value="0.25"`), answer, []any{"0.25", "", 1}},
		{"a date beside a null flavour is the date, and told", summarised, as(`<low value="20100101"/>`, `<low nullFlavor="UNK" value="20100101"/>`), func(d *node.Document) any { return []any{entries(d, "29762-2").Entries[0].When.From, turnedAround(d)} }, []any{"2010-01-01", 1}},
		{"a translation beside a null flavour is told", summarised, after(`<title>Praegused`, `<translation code="I10"`, `<translation nullFlavor="UNK" code="I10"`), func(d *node.Document) any { return turnedAround(d) }, 1},
		{"a range with its bounds", summarised, ranged(`<low value="1" unit="/d"/>`, `<high value="3" unit="/d" inclusive="true"/>`), answer, []any{"1", "3", 0}},
		{"a range without its upper bound", summarised, ranged(`<low value="1" unit="/d"/>`, `<high value="3" unit="/d" inclusive="false"/>`), answer, []any{"", "", 1}},
		{"a range without its lower bound", summarised, ranged(`<low value="1" unit="/d" inclusive="0"/>`, ""), answer, []any{"", "", 1}},
		{"a range of reference without its bound", summarised, after(`<title>Eluviis`, "</observation>", `<referenceRange><observationRange moodCode="EVN.CRT"><value xsi:type="IVL_PQ"><high value="3" unit="/d" inclusive="false"/></value></observationRange></referenceRange></observation>`), answer, []any{"0.25", "", 1}},
		{"a dose without its upper bound", "", as(`<high value="2" unit="{Tablet}"/>`, `<high value="2" unit="{Tablet}" inclusive="false"/>`), func(d *node.Document) any { return []any{rx(d).Dosage[0].DoseHigh.Value, turnedAround(d)} }, []any{"", 1}},
		{"a reason that is denied is not why it was prescribed", "", after(`<entryRelationship typeCode="RSON">`, event, event+` negationInd="true"`), func(d *node.Document) any { return []any{len(rx(d).Indication), turnedAround(d)} }, []any{0, 1}},
		{"an instruction that is denied is none", "", after(`displayName="kõrgvererõhutõbi"`, `<act classCode="ACT" moodCode="INT"`, `<act classCode="ACT" moodCode="INT" negationInd="true"`), func(d *node.Document) any {
			return []any{rx(d).Instructions.Patient, leftOver(d, "#soovitus")}
		}, []any{"", "residue"}},
	}
}

// turnedAround counts the residue that an attribute turns into something else than the record says.
func turnedAround(d *node.Document) int {
	count := 0
	for _, residue := range d.Residue {
		if strings.HasSuffix(residue.Why, "says so.") {
			count++
		}
	}
	return count
}

// tolerated are the oddities of real documents that must be read (reference, cda-terminology 5.4).
func tolerated() []odd {
	form := func(d *node.Document) any { return slotAt(d, "medication.form") }
	want := "dose-form 738 10219000"
	strength := func(d *node.Document) any { return rx(d).Medication.Ingredients[0].Strength.Numerator.Value }
	return []odd{
		{"a byte order mark first", "", func(s string) string { return "\uFEFF" + s }, form, want},
		{"a translation in HL7 v3 under the rebound prefix of pharm", "", as(`<translation code="738" codeSystem="1.3.6.1.4.1.28284.6.2.1.12" codeSystemName="Ravimvormid"`, `<pharm:translation xmlns:pharm="urn:hl7-org:v3" code="738"></pharm:translation><!-- --><translation codeSystem="2.999"`), form, want},
		{"a type with a prefix that is bound to nothing", "", as(`xsi:type="PQ" value="5"`, `xsi:type="urn:PQ" value="5"`), strength, "5"},
		{"no type", "", as(`xsi:type="PQ" value="5"`, `value="5"`), strength, "5"},
		{"a type with white space around it", "", as(`xsi:type="EIVL_TS"`, `xsi:type=" EIVL_TS "`), func(d *node.Document) any { return rx(d).Dosage[0].Timing.When }, []string{"HS"}},
		{"a type under another prefix", "", as(`xsi:type="EIVL_TS"`, `xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="EIVL_TS"`), func(d *node.Document) any { return rx(d).Dosage[0].Timing.When }, []string{"HS"}},
		{"no unit is one", "", as(sizeAt, `<pharm:quantity value="3"/>`), func(d *node.Document) any { return rx(d).Medication.Package.Items.Unit.Original().Code }, "1"},
		{"eight hops", "", as(`displayName="naine"/>`, `displayName="naine">`+chained(8, `<translation code="T%d" codeSystem="2.999">`)+`</administrativeGenderCode>`), func(d *node.Document) any { return slotAt(d, "patient.sex") }, "structural T7 F"},
		{"the namespace of before wave 6", earlier, as("Made up", "made up"), form, "dose-form 10221000 10221000"},
	}
}

// A code system with a blank number is none, and reading it again gives the same.
func TestABlankCodeSystemIsNone(t *testing.T) {
	d := decoded(t, hostile{change: as(`<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"`, `<confidentialityCode code="N" codeSystem=""`)}.text(t))
	for _, slot := range d.Slots {
		if slot.Path == "confidentiality" && slot.Original().System != "" {
			t.Errorf("read %q", slot.Original().System)
		}
	}
}
