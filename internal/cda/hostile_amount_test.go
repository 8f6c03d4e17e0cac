package cda

import (
	"fmt"
	"strings"
)

// places where the prescription has a number.
const (
	packagesAt = `<quantity value="3" unit="1"/>`
	strengthAt = `<numerator xsi:type="PQ" value="5" unit="mg"/>`
	perAt      = `<denominator xsi:type="PQ" value="1" unit="{Tablet}"/>`
	sizeAt     = `<pharm:quantity xsi:type="PQ" value="3" unit="1"/>`
	doseAt     = `<doseQuantity><low value="1" unit="{Tablet}"/><high value="2" unit="{Tablet}"/></doseQuantity>`
	rhythmAt   = `<period value="1" unit="d"/>`
	handedAt   = `<quantity value="1" unit="1"/></supply>`
)

// falseNumbers are quantities that are none.
func falseNumbers() []hostile {
	var rows []hostile
	add := func(name, check, old, now string) {
		rows = append(rows, hostile{name: name, check: check, change: as(old, now)})
	}
	for _, n := range []struct{ name, value, check string }{
		{"below zero", "-1", "cda.negative"},
		{"zero", "0", "cda.zero"},
		{"zero with a fraction", "0.00", "cda.zero"},
		{"with a comma", "2,5", "cda.number"},
		{"with an exponent", "1e3", "cda.number"},
		{"not a number", "NaN", "cda.number"},
		{"without end", "INF", "cda.number"},
		{"in words", marker, "cda.number"},
		{"with a plus", "+1", "cda.number"},
		{"in hexadecimal", "0x10", "cda.number"},
		{"in full-width digits", "３", "cda.number"},
		{"with a space inside", "1 000", "cda.number"},
		{"with two points", "1.0.0", "cda.number"},
		{"of a thousand digits", strings.Repeat("9", 1000), "cda.digits"},
	} {
		add("packages "+n.name, n.check, packagesAt, strings.Replace(packagesAt, `"3"`, `"`+n.value+`"`, 1))
		add("strength "+n.name, n.check, strengthAt, strings.Replace(strengthAt, `"5"`, `"`+n.value+`"`, 1))
		add("package size "+n.name, n.check, sizeAt, strings.Replace(sizeAt, `"3"`, `"`+n.value+`"`, 1))
		add("highest dose "+n.name, n.check, doseAt, strings.Replace(doseAt, `"2"`, `"`+n.value+`"`, 1))
	}
	add("half a package", "cda.fraction", packagesAt, `<quantity value="1.5" unit="1"/>`)
	add("packages that were handed out below zero", "cda.negative", handedAt, `<quantity value="-1" unit="1"/></supply>`)
	part := func(value, unit string) string {
		return `<quantity value="1" unit="1"><translation value="` + value + `" code="` + unit + `" codeSystem="2.16.840.1.113883.6.8"/></quantity></supply>`
	}
	add("a part of a package handed out, below zero", "cda.number", handedAt, part("-1", "{Package}/2"))
	add("a part of a package handed out, of nothing", "cda.number", handedAt, part("1", "{Package}/0"))
	add("a part of a package handed out, in words", "cda.number", handedAt, part("1", "{Package}/"+marker))
	add("a part of a package handed out, of a thousand digits", "cda.digits", handedAt, part("1", "{Package}/"+strings.Repeat("9", 1000)))
	add("a strength per nothing", "cda.zero", perAt, `<denominator xsi:type="PQ" value="0" unit="{Tablet}"/>`)
	add("half a blister in a box", "cda.fraction", sizeAt, `<pharm:quantity value="3.5" unit="{Blister}"/>`)
	add("half an item in a box", "cda.fraction", sizeAt, `<pharm:quantity value="2.5"/>`)
	add("a dose of at least more than at most", "cda.range", doseAt, `<doseQuantity><low value="3" unit="{Tablet}"/><high value="2.5" unit="{Tablet}"/></doseQuantity>`)
	add("a dose of nothing", "cda.zero", doseAt, `<doseQuantity value="0" unit="{Tablet}"/>`)
	add("a rhythm in words", "cda.number", rhythmAt, `<period value="`+marker+`" unit="d"/>`)
	add("a rhythm below zero", "cda.number", rhythmAt, `<period value="-1" unit="d"/>`)
	add("a rhythm of a thousand digits", "cda.digits", rhythmAt, `<period value="`+strings.Repeat("1", 1000)+`" unit="d"/>`)
	add("a number of packages before it was translated, below zero", "cda.negative", `<translation value="10" code="TABL"`, `<translation value="-10" code="TABL"`)
	rows = append(rows,
		hostile{name: "a dispensation of less than nothing", base: dispensed, check: "cda.negative", change: first(`<quantity value="1" unit="1"/>`, `<quantity value="-1" unit="1"/>`)},
		hostile{name: "a dispensation of zero packages", base: dispensed, check: "cda.zero", change: first(`<quantity value="1" unit="1"/>`, `<quantity value="0.00" unit="1"/>`)},
		hostile{name: "a dispensation of half a package", base: dispensed, check: "cda.fraction", change: first(`<quantity value="1" unit="1"/>`, `<quantity value="0.5" unit="1"/>`)},
		hostile{name: "a dispensation counted in tablets", base: dispensed, check: "cda.package-unit", change: first(`<quantity value="1" unit="1"/>`, `<quantity value="30" unit="{Tablet}"/>`)},
		hostile{name: "packages already handed out, counted in boxes", check: "cda.package-unit", change: as(handedAt, `<quantity value="1" unit="{Box}"/></supply>`)},
		hostile{name: "a result of a thousand digits", base: summarised, check: "cda.digits", change: as(`value="4.1"`, `value="4.`+strings.Repeat("1", 1000)+`"`)})
	return rows
}

// chained is one translation in another, n deep.
func chained(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String() + strings.Repeat("</translation>", n)
}

// falseChains are codes, products and dosages with more in them than any has.
func falseChains() []hostile {
	var levels strings.Builder
	for range 4 {
		levels.WriteString(`<pharm:asContent><pharm:quantity value="2"/><pharm:containerPackagedProduct>`)
	}
	levels.WriteString(strings.Repeat("</pharm:containerPackagedProduct></pharm:asContent>", 4))
	part := `<pharm:part><pharm:quantity value="1"/><pharm:partProduct><pharm:name>` + marker + `</pharm:name></pharm:partProduct></pharm:part>`
	return []hostile{
		{name: "more hops of a code than nodes", check: "cda.chain", change: as(`displayName="naine"/>`, `displayName="naine">`+chained(9, `<translation code="`+marker+`%d" codeSystem="2.999">`)+`</administrativeGenderCode>`)},
		{name: "more hops of a unit than nodes", check: "cda.chain", change: as(strengthAt, `<numerator value="5" unit="mg">`+numbered(9, `<translation value="5" code="M%d" codeSystem="2.999"/>`)+`</numerator>`)},
		{name: "a package in too many packages", check: "cda.package", change: as(`<pharm:formCode code="30009000" codeSystem="0.4.0.127.0.16.1.1.2.1" displayName="Box"/>`, levels.String())},
		{name: "too many parts", base: combined, check: "cda.parts", change: first("<pharm:part ", strings.Repeat(part, 16)+"<pharm:part ")},
		{name: "a part within a part", base: combined, check: "cda.parts", change: first("</pharm:partProduct>", part+"</pharm:partProduct>")},
		{name: "too many dosages", base: several, check: "cda.dosage", change: first(`<entryRelationship typeCode="COMP">`, strings.Repeat(`<entryRelationship typeCode="COMP"><substanceAdministration><doseQuantity value="1"/></substanceAdministration></entryRelationship>`, 33)+`<entryRelationship typeCode="COMP">`)},
		{name: "too many statements under one", base: summarised, check: "cda.entry", change: first(`<entryRelationship typeCode="MFST">`, strings.Repeat(`<entryRelationship typeCode="REFR"/>`, 64)+`<entryRelationship typeCode="MFST">`)},
	}
}

// falsePages are documents of pages without pages.
func falsePages() []hostile {
	const open, end = `<text mediaType="application/pdf"`, "</text>"
	pages := func(text string) func(string) string { return instead(open, end, text) }
	return []hostile{
		{name: "pages that are no PDF", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64">UEsDBBQAAAA=</text>`)},
		{name: "pages that are no base 64", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64">%PDF-1.4 ` + marker + `</text>`)},
		{name: "pages in base 64 of another alphabet", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64">JVBERi0_-_8=</text>`)},
		{name: "pages cut in the middle of a sign", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64">JVBERi0xL</text>`)},
		{name: "no pages", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64"/>`)},
		{name: "a picture for pages", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="image/png" representation="B64">iVBORw0KGgo=</text>`)},
		{name: "a web page for pages", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="text/html" representation="B64">PHNjcmlwdD4=</text>`)},
		{name: "pages in plain text", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf">%PDF-1.4</text>`)},
		{name: "pages somewhere else", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64"><reference value="http://192.0.2.1/` + marker + `.pdf"/></text>`)},
		{name: "pages that are packed", base: pictured, check: "cda.pdf", change: pages(`<text mediaType="application/pdf" representation="B64" compression="DF">eJwDAAAAAAE=</text>`)},
		{name: "pages without a text", base: pictured, check: "cda.pdf", change: pages("")},
	}
}

// missingSlots are documents that can be read but do not say what is needed.
func missingSlots() []hostile {
	const missing = "slot.missing"
	return []hostile{
		{name: "no form", check: missing, slot: "medication.form", change: without(`<pharm:formCode code="10219000"`, "</pharm:formCode>")},
		{name: "no ingredient", check: missing, slot: "medication.ingredient", change: without("<pharm:ingredient ", "</pharm:ingredient>")},
		{name: "only an ingredient that does not act", check: missing, slot: "medication.ingredient", change: as(`<pharm:ingredient classCode="ACTI">`, `<pharm:ingredient classCode="IACT">`)},
		{name: "an ingredient without a substance", check: missing, slot: "medication.ingredient[0].substance", change: without("<pharm:ingredientSubstance", "</pharm:ingredientSubstance>")},
		{name: "an ingredient without a strength", check: missing, slot: "medication.ingredient[0].strength", change: instead("<pharm:quantity><numerator", "</pharm:quantity>", "")},
		{name: "a strength without its numerator", check: missing, slot: "medication.ingredient[0].strength", change: as(strengthAt, "")},
		{name: "a strength that is blank", check: missing, slot: "medication.ingredient[0].strength", change: as(strengthAt, `<numerator xsi:type="PQ" value="" unit="mg"/>`)},
		{name: "a strength that is not said", check: missing, slot: "medication.ingredient[0].strength", change: as(strengthAt, `<numerator xsi:type="PQ" nullFlavor="UNK"/>`)},
		{name: "a strength per something that is not said", check: missing, slot: "medication.ingredient[0].strength", change: as(perAt, `<denominator xsi:type="PQ" nullFlavor="UNK"/>`)},
		{name: "a strength per a blank", check: missing, slot: "medication.ingredient[0].strength", change: as(perAt, `<denominator xsi:type="PQ" value=" " unit="{Tablet}"/>`)},
		{name: "no package", check: missing, slot: "medication.package", change: instead("<pharm:asContent", "</pharm:asContent>\n                    <pharm:asSp", "<pharm:asSp")},
		{name: "a box whose number of blisters is blank", check: missing, slot: "medication.package", change: as(sizeAt, `<pharm:quantity xsi:type="PQ" value="" unit="1"/>`)},
		{name: "a blister that does not say what is in it", check: missing, slot: "medication.package", change: instead(`<pharm:quantity xsi:type="PQ" value="10"`, "</pharm:quantity>", `<pharm:quantity nullFlavor="UNK"/>`)},
		{name: "no number of packages", check: missing, slot: "amount.packages", change: as(packagesAt, "")},
		{name: "a blank number of packages", check: missing, slot: "amount.packages", change: as(packagesAt, `<quantity value="" unit="1"/>`)},
		{name: "packages counted in another unit", check: missing, slot: "amount.packages", change: as(packagesAt, `<quantity value="90" unit="{Tablet}"/>`)},
		{name: "packages that are not to be handed out", check: missing, slot: "amount.packages", change: as(`<supply classCode="SPLY" moodCode="RQO">`, `<supply classCode="SPLY" moodCode="RQO" negationInd="true">`)},
		{name: "packages of another namespace", check: missing, slot: "amount.packages", change: instead(`<supply classCode="SPLY" moodCode="RQO">`, "</supply>", `<x:supply xmlns:x="urn:x"><quantity value="3" unit="1"/></x:supply>`)},
		{name: "no number of the item or the prescription", check: missing, slot: "prescription.id", change: both(as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001-1"/>`, ""), as(`<id root="1.3.6.1.4.1.28284.6.2.4.4" extension="EE-7001"/>`, ""))},
		{name: "no medicine", check: missing, slot: "medication.form", change: without("<consumable", "</consumable>")},
		{name: "a part without its form", base: combined, check: missing, slot: "medication.part[1].form", change: without(`<pharm:formCode code="10909000"`, "</pharm:formCode>")},
		{name: "an item of three without its form", base: several, check: missing, slot: "prescription[1].medication.form", change: without(`<pharm:formCode code="10221000"`, "</pharm:formCode>")},
		{name: "a dispensation without a number of packages", base: dispensed, check: missing, slot: "packages", change: first(`<quantity value="1" unit="1"/>`, "")},
		{name: "a dispensation without its medicine", base: dispensed, check: missing, slot: "medication.form", change: without("<product>", "</product>")},
	}
}

// foreignSlots are documents that can be read but whose codes nobody here can be sure of.
func foreignSlots() []hostile {
	const refused = "slot.refused"
	return []hostile{
		{name: "a document code of another system", check: refused, slot: "code", change: as(`<code code="57833-6" codeSystem="2.16.840.1.113883.6.1"`, `<code code="57833-6" codeSystem="2.999.1"`)},
		{name: "a document code of no system", check: refused, slot: "code", change: as(`<code code="57833-6" codeSystem="2.16.840.1.113883.6.1" `, `<code code="57833-6" `)},
		{name: "a summary's document code of another system", base: summarised, check: refused, slot: "code", change: as(`<code code="60591-5" codeSystem="2.16.840.1.113883.6.1"`, `<code code="60591-5" codeSystem="2.999.1"`)},
		{name: "a strength in a unit that nobody knows", check: refused, slot: "medication.ingredient[0].strength.numerator", change: as(strengthAt, `<numerator xsi:type="PQ" value="5" unit="`+marker+`"/>`)},
		{name: "a strength without a unit", check: refused, slot: "medication.ingredient[0].strength.numerator", change: as(strengthAt, `<numerator xsi:type="PQ" value="5"/>`)},
		{name: "a strength per a unit that nobody knows", check: refused, slot: "medication.ingredient[0].strength.denominator", change: as(perAt, `<denominator xsi:type="PQ" value="1" unit="`+marker+`"/>`)},
		{name: "a strength of nothing per nothing", check: refused, slot: "medication.ingredient[0].strength.numerator", change: as(strengthAt, `<numerator xsi:type="PQ" value="0" unit="0"/>`)},
		{name: "a form of another system", check: refused, slot: "medication.form", change: first(`<pharm:formCode code="10219000" codeSystem="0.4.0.127.0.16.1.1.2.1"`, `<pharm:formCode code="10219000" codeSystem="2.999.2"`)},
		{name: "a form that is not said", check: refused, slot: "medication.form", change: instead(`<pharm:formCode code="10219000"`, "</pharm:formCode>", `<pharm:formCode nullFlavor="UNK"/>`)},
		{name: "a form that does not exist", check: refused, slot: "medication.form", change: first(`<pharm:formCode code="10219000"`, `<pharm:formCode code="`+marker+`"`)},
		{name: "a package in a unit that nobody knows", check: refused, slot: "medication.package.level[0].quantity", change: as(`<pharm:quantity xsi:type="PQ" value="10" unit="{Tablet}">`, `<pharm:quantity xsi:type="PQ" value="10" unit="`+marker+`">`)},
		{name: "a code of substitution that is neither ban nor permission", check: refused, slot: "substitution", change: as(`code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none"`, `code="`+marker+`" codeSystem="2.16.840.1.113883.5.1070" displayName="none"`)},
		{name: "a permission of another system", check: refused, slot: "substitution", change: as(`code="N" codeSystem="2.16.840.1.113883.5.1070" displayName="none"`, `code="G" codeSystem="2.999.3" displayName="none"`)},
		{name: "an answer on substitution that is not said", check: refused, slot: "substitution", change: instead(`<value xsi:type="CE" code="N"`, "</value>", `<value xsi:type="CE" nullFlavor="NI"/>`)},
		{name: "a form before wave 6 that nobody knows", base: earlier, check: refused, slot: "medication.form", change: as(`<epsos:formCode code="10221000" codeSystem="1.3.6.1.4.1.12559.11.10.1.3.1.44.1"`, `<epsos:formCode code="`+marker+`" codeSystem="2.999.4"`)},
	}
}
