package cda

import (
	"bytes"
	"strings"

	"sild/internal/cda/compose"
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// mostHops bounds the nesting of translations: no chain of contact points is longer.
const mostHops = 8

// bytesPerPlace is about how much of a document stands between two coded places, and mostInSlab how many slots are made at
// once: 32 kB of them.
const (
	bytesPerPlace = 700
	mostInSlab    = 124
)

// newSlot takes a slot from the slab; documents have hundreds of them.
func (d *decoder) newSlot(field translation.Field, path string, e xmldom.Element) *translation.Slot {
	if len(d.slab) == 0 {
		d.slab = make([]translation.Slot, min(len(d.src)/bytesPerPlace+8, mostInSlab))
	}
	slot := &d.slab[0]
	if d.account(e); d.err != nil {
		*slot = translation.Slot{}
		return slot // nobody will see it
	}
	d.slab = d.slab[1:]
	slot.Field, slot.Path, slot.Span = field, path, span(e)
	d.doc.Slots = append(d.doc.Slots, slot)
	return slot
}

// coded reads a CD, CE or CV with the life of its code; nil when it is not there. Nested translations are the steps
// that other contact points made, the innermost the oldest; a translation beside the first is another code for the same
// thing: it stays residue and is only compared.
func (d *decoder) coded(e xmldom.Element, field translation.Field, path string) *translation.Slot {
	if !e.There() {
		return nil
	}
	d.claim(e)
	slot := d.newSlot(field, path, e)
	slot.Text = d.originalText(e)
	forms := []translation.Coding{d.coding(e)}
	if forms[0].Code == "" {
		slot.SetAbsent(absence(e))
	} else if field != translation.Other && field != translation.Structural {
		d.sound(e)
	}
	forms = d.chain(e, slot, forms)
	if forms[0].IsZero() && len(forms) > 1 {
		forms = forms[1:] // the sender had no code of the expected system: what it had stands inside
		slot.SetAbsent("")
	}
	oldest := len(forms) - 1
	slot.Current = forms[oldest]
	for i := oldest; i > 0; i-- {
		slot.Assert(forms[i-1])
	}
	return slot
}

// sound refuses what says something and at once that there is nothing to say, in a prescription or dispensation; in a
// summary the record holds what is said, and the residue the rest.
func (d *decoder) sound(e xmldom.Element) {
	if _, null := e.Attr("nullFlavor"); null && d.strict {
		d.refuse("cda.null", e, "a statement that says at once that there is none")
	}
}

// chain follows the translations inwards, newest first.
func (d *decoder) chain(e xmldom.Element, slot *translation.Slot, forms []translation.Coding) []translation.Coding {
	for inner := child(e, "translation"); inner.There(); inner = child(inner, "translation") {
		d.also(inner, slot)
		if len(forms) > mostHops {
			d.refuse("cda.chain", inner, "more steps in the life of one code than any chain of contact points makes")
			return forms
		}
		d.claim(inner)
		form := d.coding(inner)
		if before := forms[len(forms)-1]; form.Code == "" && form.System == "" && form.Display != "" {
			form.System, form.Code, form.Version = before.System, before.Code, before.Version // another name of the same code
		}
		if !form.IsZero() {
			forms = append(forms, form)
		}
	}
	return forms
}

// also reads the translations behind the first of an element: other codes for the same thing, to be compared.
func (d *decoder) also(first xmldom.Element, slot *translation.Slot) {
	for e := first.Next(); e.There(); e = e.Next() {
		if e.Local() != "translation" || !known(e) {
			continue
		}
		if another := d.coding(e); another.Code != "" {
			slot.Compare().Also = append(slot.Compare().Also, another)
		}
	}
}

// coding is one form of a code as it stands in the attributes of an element.
func (d *decoder) coding(e xmldom.Element) translation.Coding {
	var c [4]string
	e.Values([]string{"code", "codeSystem", "codeSystemVersion", "displayName"}, c[:])
	return translation.Coding{Code: c[0], System: d.systemOf(c[1]), Version: c[2], Display: c[3]}
}

// systemOf is a code system by its number, named as both wires name it; a blank number is none.
func (d *decoder) systemOf(number string) string {
	if system, ok := d.systems[number]; ok {
		return system
	}
	system := ""
	switch {
	case number == oid.UCUM:
		system = ucum // a PQ names it by nothing, its translation by number
	case strings.TrimSpace(number) != "":
		system = d.tongue.system(number)
	}
	d.systems[number] = system
	return system
}

// originalText is the sender's own words, written beside the code or referred to in the narrative.
func (d *decoder) originalText(e xmldom.Element) string {
	text := child(e, "originalText")
	if !text.There() || d.ofDiagnosis(text) {
		return ""
	}
	return d.words(text)
}

// ofDiagnosis says that a text of a prescription leads, from outside of a diagnosis, to a passage that tells of one.
func (d *decoder) ofDiagnosis(text xmldom.Element) bool {
	told := d.target(child(text, "reference"))
	return told.There() && meets(span(told), d.telling) && !meets(span(text), d.causes)
}

// words is the text of an ED: its own characters, or what its reference leads to in the narrative. A reference that
// leads nowhere stays residue.
func (d *decoder) words(e xmldom.Element) string { return plainText(d.toldIn(e)) }

// toldIn is where the words of an ED stand: in itself, or in the narrative.
func (d *decoder) toldIn(e xmldom.Element) xmldom.Element {
	reference := child(e, "reference")
	if !reference.There() || plainText(e) != "" {
		d.claimText(e)
		return e
	}
	target := d.target(reference)
	if target.There() {
		d.claimText(e)
		d.quoted(target, target, e)
	}
	return target
}

// repeated claims a name that says what a form of the code beside it says; any other is residue.
func (d *decoder) repeated(name xmldom.Element, slot *translation.Slot) {
	if words := plainText(name); slot != nil && (strings.EqualFold(words, slot.Current.Display) || strings.EqualFold(words, slot.Original().Display)) {
		d.claimText(name)
	}
}

// pointer claims a text that only leads to the narrative, where its words are kept. Words of its own stay residue.
func (d *decoder) pointer(text xmldom.Element) {
	if text.There() && plainText(text) == "" {
		d.toldIn(text)
	}
}

// plainText is the text of an element in one line. Only the white space of XML is laid out anew: a no-break space is the
// author's own.
func plainText(e xmldom.Element) string {
	if !e.First().There() {
		if text := e.Text(); isOneLine(text) {
			return strings.TrimSuffix(text, " ") // it stands in the source like that
		}
	}
	var room [256]byte
	return string(oneLine(e.AppendText(room[:0])))
}

// isOneLine says that between the words of a text, and not before them, one space stands and no other white space.
func isOneLine(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		if c := text[i]; isWhite(c) && (c != ' ' || before == ' ') {
			return false
		}
		before = text[i]
	}
	return true
}

// oneLine lays a text out so, in its own place.
func oneLine(text []byte) []byte {
	n := 0
	for _, c := range text {
		switch {
		case !isWhite(c):
			text[n] = c
			n++
		case n > 0 && text[n-1] != ' ':
			text[n] = ' '
			n++
		}
	}
	return bytes.TrimSuffix(text[:n], []byte(" "))
}

// isWhite says that a character is white space of XML (XML 1.0 2.3).
func isWhite(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// absence is the reason that the source gives for a missing value, in the words of FHIR (data-absent-reason), from the
// HL7 v3 null flavour.
func absence(e xmldom.Element) string {
	flavor, ok := e.Attr("nullFlavor")
	if !ok {
		return ""
	}
	switch flavor {
	case "UNK":
		return "unknown"
	case "ASKU":
		return "asked-unknown"
	case "NASK":
		return "not-asked"
	case "NAV":
		return "temp-unknown"
	case "MSK":
		return "masked"
	case "NA":
		return "not-applicable"
	case "NINF":
		return "negative-infinity"
	case "PINF":
		return "positive-infinity"
	case "OTH":
		return "unsupported"
	}
	return "unknown" // NI and every other flavour say no more than that
}

// isCoded says that an element that nothing has claimed is a coded place: a code with its system, or a code alone where
// the type is not CS. Translations belong to the code around them, units to their quantity.
func isCoded(e xmldom.Element) bool {
	_, system := e.Attr("codeSystem")
	_, code := e.Attr("code")
	_, unit := e.Attr("unit")
	switch {
	case !system && !code && !unit, e.Local() == "translation", !known(e):
		return false
	case code && !system:
		return !isCS(e.Local())
	}
	return true
}

// isCS says that an element's code is of the type CS: its meaning is fixed by the standard and never translated.
func isCS(local string) bool {
	switch local {
	case "statusCode", "languageCode", "signatureCode", "realmCode", "modeCode":
		return true
	}
	return false
}

// other makes a slot of a coded place that no field of the record claims.
func (d *decoder) other(e xmldom.Element, places *numbering) {
	if _, unit := e.Attr("unit"); unit {
		if _, code := e.Attr("code"); !code {
			d.quantity(e, translation.Other, place(e, places))
			return
		}
	}
	d.coded(e, fieldBySystem(e), place(e, places))
}

// fieldBySystem says that a code of HL7's own vocabularies is the grammar of the document, alike in every country.
func fieldBySystem(e xmldom.Element) translation.Field {
	switch attr(e, "codeSystem") {
	case oid.Gender, oid.ActClass, oid.ActCode, oid.Confidentiality, oid.RoleCode, oid.IHEActCode, oid.Interpretation,
		"1.3.5.1.4.1.19376.1.5.3.2": // the misprint of IHE's number that a reference document spread
		return translation.Structural
	}
	return translation.Other
}

// quantity reads a PQ: the decimal as written and the slot of its unit. A PQ without unit counts pieces (UCUM 1). Its
// translations are the earlier forms, the oldest first.
func (d *decoder) quantity(e xmldom.Element, field translation.Field, path string) node.Quantity {
	if !e.There() {
		return node.Quantity{}
	}
	d.claim(e)
	value, unit := measure(e)
	d.checkNumber(e, value, field)
	slot := d.newSlot(field, path, e)
	slot.Number = value
	if value == "" {
		slot.SetAbsent(absence(e))
	} else {
		slot.Current = unit
		if field != translation.Other {
			d.sound(e)
		}
	}
	d.earlier(e, slot)
	return node.Quantity{Value: slot.Number, Unit: slot}
}

// measure is the number and unit of one element.
func measure(e xmldom.Element) (string, translation.Coding) {
	value := number(e)
	unit := attr(e, "unit")
	if unit == "" {
		unit = "1"
	}
	return value, translation.Coding{System: ucum, Code: unit}
}

const ucum = "http://unitsofmeasure.org"

// number is the value of an element, a decimal, as written; white space around it says nothing (XML Schema 2, 4.3.6).
func number(e xmldom.Element) string { return strings.Trim(attr(e, "value"), " \t\r\n") }

// longestNumber bounds the digits of a decimal: exact arithmetic on more of them costs more than it is worth.
const longestNumber = 40

func (d *decoder) bounded(e xmldom.Element, value string) bool {
	if len(value) <= longestNumber {
		return true
	}
	d.refuse("cda.digits", e, "a number with more digits than any quantity has")
	return d.err == nil
}

// checkNumber refuses a number that is no plain decimal, or below zero, or that says that there is nothing in a medicine
// or a package. Quantities that no field of the record holds are not judged.
func (d *decoder) checkNumber(e xmldom.Element, value string, field translation.Field) {
	if !d.bounded(e, value) || value == "" || !d.strict || field == translation.Other {
		return
	}
	number, ok := node.Decimal(value)
	switch {
	case !ok:
		d.refuse("cda.number", e, "a quantity that is no plain decimal")
	case number.Sign() < 0:
		d.refuse("cda.negative", e, "a quantity below zero")
	case attr(e, "unit") == "0": // some write 0 of 0 for nothing: such a unit is never carried, so the slot is named
	case number.Sign() == 0 && (field == translation.StrengthUnit || field == translation.PackageUnit):
		d.refuse("cda.zero", e, "a strength or a package of nothing")
	}
}

// earlier reads the translations of a PQ: a unit of another system, another number, or only words.
func (d *decoder) earlier(e xmldom.Element, slot *translation.Slot) {
	var forms []translation.Coding
	first, last := "", ""
	for inner := range each(e, "translation") {
		d.claim(inner)
		if words := d.originalText(inner); words != "" && slot.Text == "" {
			slot.Text = words
		}
		form := d.coding(inner)
		if form.Code == "" && form.System == "" && form.Display != "" {
			slot.Rendered = form.Display // the words of a reader, as this tongue writes them
			continue
		}
		d.counted(inner, form, slot)
		if !form.IsZero() {
			if forms = append(forms, form); len(forms) == 1 {
				first = number(inner)
				d.checkNumber(inner, first, slot.Field)
			}
			last = number(inner)
		}
	}
	if len(forms) == 0 {
		return
	}
	if len(forms) > mostHops {
		d.refuse("cda.chain", e, "more steps in the life of one unit than any chain of contact points makes")
		return
	}
	if n := len(forms) - 1; last == slot.Number && isNameOf(slot.Current, forms[n]) {
		slot.Current, forms = forms[n], forms[:n]
	}
	if len(forms) == 0 {
		return
	}
	slot.Amount = slot.Number
	if first != "" {
		slot.Number = first
	}
	forms = append(forms, slot.Current)
	slot.Current = forms[0]
	for _, form := range forms[1:] {
		slot.Assert(form)
	}
}

// counted keeps the number of a form to be compared with the others. A form without a code counts the unit that it names
// as a quantity does, or the one around it.
func (d *decoder) counted(form xmldom.Element, unit translation.Coding, slot *translation.Slot) {
	value := number(form)
	if value == "" || !d.bounded(form, value) {
		return
	}
	if unit.Code == "" {
		unit = slot.Current
		if own := attr(form, "unit"); own != "" {
			unit = translation.Coding{System: ucum, Code: own}
		}
	}
	slot.Compare().Counted = append(slot.Compare().Counted, translation.Counted{Number: value, Unit: unit})
}

// isNameOf says that the unit of a quantity is only the name of the unit of another system that stands in its newest
// translation, as this tongue writes one that is not of UCUM.
func isNameOf(unit, newest translation.Coding) bool {
	return newest.System != ucum && newest.Code != "" && unit.Code == compose.UnitName(newest)
}
