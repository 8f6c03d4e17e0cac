package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// slot adds a slot to the document and claims the element that it stands for.
func (d *decoder) slot(v value, slot *translation.Slot) *translation.Slot {
	d.claim(v)
	return d.enlist(v, slot)
}

// enlist adds a slot to the document without claiming more of its element than whoever asks has read.
func (d *decoder) enlist(v value, slot *translation.Slot) *translation.Slot {
	slot.Span = v.span()
	d.doc.Slots = append(d.doc.Slots, slot)
	if d.places != nil {
		d.places[v.at] = slot
	}
	return slot
}

// concept reads a CodeableConcept or a lone Coding; nil when it is not there. In the pivot forms several codings are
// the life of one code, newest first; elsewhere the first is meant and the others, named as residue, are only compared
// with it.
func (d *decoder) concept(v value, field translation.Field, path string) *translation.Slot {
	if v.kind() != objectKind {
		return nil
	}
	codings := d.codings(v)
	slot := translation.NewSlot(field, path, translation.Coding{})
	slot.Text = v.get("text").text()
	slot.SetAbsent(absence(v))
	if len(codings) > mostCodings {
		d.refuse("fhir.coding", v, "more codes for one thing than any chain of contact points makes")
		return d.slot(v, slot)
	}
	d.inner(v)
	for _, coding := range codings {
		if coding != v {
			d.inner(coding)
			d.sound(coding.get("code"), coding, field)
		}
	}
	if len(codings) > 0 {
		d.sound(codings[0].get("code"), v, field)
		d.life(slot, codings)
	}
	return d.slot(v, slot)
}

// inner names the extensions of a coded element that the slot does not hold.
func (d *decoder) inner(v value) {
	for _, ext := range v.get("extension").each {
		if ext.get("url").text() != extAbsent {
			d.leaveBehind(ext, "An extension inside a code.")
		}
	}
}

// sound refuses a code or number beside the reason why there is none, in a prescription or dispensation; in a summary the
// record holds the code or number, and the residue the rest.
func (d *decoder) sound(said, holder value, field translation.Field) {
	why := extension(holder, extAbsent)
	if !why.there() {
		why = extension(holder.get("_"+said.name()), extAbsent)
	}
	if !said.there() || !why.there() {
		return
	}
	if d.strict && field != translation.Other && field != translation.Structural {
		d.refuse("fhir.null", holder, "a statement that says at once that there is none")
		return
	}
	d.leave(why, "It says at once that there is nothing to say, and no field of the record says so.")
}

// mostCodings bounds the codes of one concept, because every step between two is looked for in the Provenance.
const mostCodings = 32

// leaveBehind names content inside a coded element that the slot does not hold. A pivot document is spliced and loses
// nothing of it.
func (d *decoder) leaveBehind(v value, why string) {
	if !d.chained && d.doc.Format != node.EPS {
		d.leave(v, why)
	}
}

// codings lists the codings of a concept, or the value itself when it is a lone Coding.
func (d *decoder) codings(v value) []value {
	list := v.get("coding")
	if list.kind() != arrayKind {
		if v.get("code").there() || v.get("display").there() || v.get("system").there() {
			return []value{v}
		}
		return nil
	}
	found := make([]value, 0, 2)
	for _, coding := range list.each {
		if !isAdded(coding) {
			found = append(found, coding)
		}
	}
	return found
}

// life reads the codings of one concept into the slot: what was written, what each hop made of it, the reader's words.
func (d *decoder) life(slot *translation.Slot, codings []value) {
	newest, steps := codings[0], d.formsOf(codings)
	for _, another := range codings[steps:] {
		d.leaveBehind(another, "Another code for the same thing.")
		slot.Compare().Also = append(slot.Compare().Also, d.coding(another))
	}
	codings = codings[:steps]
	slot.Current = d.coding(newest)
	if slot.Absent() == "" {
		slot.SetAbsent(absence(newest))
	}
	slot.Rendered, slot.Language = d.rendered(newest.get("_display"))
	if len(codings) == 1 && len(d.hops[slot.Path]) == 0 {
		return
	}
	forms := make([]translation.Coding, len(codings))
	for i, coding := range codings {
		forms[len(codings)-1-i] = d.coding(coding)
	}
	d.rebuild(slot, forms)
}

// formsOf is how many of the codings are forms of one code, newest first: up to the one that a person chose, where that is
// not the first; all of them in a document that contact points have handled and where none is marked.
func (d *decoder) formsOf(codings []value) int {
	for i := len(codings) - 1; i > 0; i-- {
		if codings[i].get("userSelected").text() == "true" {
			return i + 1
		}
	}
	if d.chained {
		return len(codings)
	}
	return 1
}

func (d *decoder) coding(v value) translation.Coding {
	c := translation.Coding{System: v.get("system").text(), Version: v.get("version").text(),
		Code: v.get("code").text(), Display: v.get("display").text()}
	if c.Display != "" {
		c.Language = d.languageOf(c.Display, v.get("_display"))
	}
	return c
}

// languageOf is the language of the words of a code: what the same words beside it are said to be in, as a country of
// treatment writes its own codes, otherwise that of the document.
func (d *decoder) languageOf(words string, beside value) string {
	for _, ext := range beside.get("extension").each {
		if ext.get("url").text() == extTranslation && extension(ext, "content").get("valueString").text() == words {
			return orElse(extension(ext, "lang").get("valueCode").text(), d.doc.Language)
		}
	}
	return d.doc.Language
}

// absence is the reason that an element gives for having no value (extension data-absent-reason, on the element, on
// its code or on its value).
func absence(v value) string {
	for _, member := range v.each {
		holder := member
		switch member.name() {
		case "extension":
			holder = v
		case "_code", "_value", "_text":
		default:
			continue
		}
		if reason := extension(holder, extAbsent).get("valueCode").text(); reason != "" {
			return reason
		}
	}
	return ""
}

// rendered reads the reader's words that stand beside a display or a unit. Those in a summary that no contact point
// has handled yet are its author's own: they travel in the bytes.
func (d *decoder) rendered(beside value) (words, language string) {
	if !beside.there() || !d.handled {
		return "", ""
	}
	ext := extension(beside, extTranslation)
	return extension(ext, "content").get("valueString").text(), extension(ext, "lang").get("valueCode").text()
}

// rebuild lets the slot go through the forms of its code, oldest first. What the Provenance of the document tells of a step
// is used where path and both codes agree; any other step is only asserted.
func (d *decoder) rebuild(slot *translation.Slot, forms []translation.Coding) {
	slot.Current = forms[0]
	for i, form := range forms {
		if i > 0 {
			d.hop(slot, form)
		}
		before, behind := i > 0 && form.Same(forms[i-1]), i+1 < len(forms) && form.Same(forms[i+1])
		if step := d.stepTold(slot.Path, form, form); step != nil && step.Kind == translation.Identity && !before && !behind {
			slot.Take(step, form)
		}
	}
}

func (d *decoder) hop(slot *translation.Slot, to translation.Coding) {
	if step := d.stepTold(slot.Path, slot.Current, to); step != nil {
		slot.Take(step, to)
		return
	}
	slot.Assert(to)
}

// stepTold is what the Provenance tells of the step from one code to another; nil where that is nothing.
func (d *decoder) stepTold(path string, from, to translation.Coding) *translation.Step {
	for _, told := range d.hops[path] {
		if told.from.Same(from) && told.to.Same(to) {
			return told.step
		}
	}
	return nil
}

// quantity reads a Quantity. Its unit is a slot; a bare count has none. The older forms of a pivot quantity stand in
// PQ translations, the oldest last, and give the decimal as it was written.
func (d *decoder) quantity(v value, field translation.Field, path string) node.Quantity {
	if v.kind() != objectKind {
		return node.Quantity{}
	}
	d.checkNumber(v.get("value"))
	d.checkComparator(v.get("comparator"))
	d.inner(v)
	d.sound(v.get("value"), v, field)
	q := node.Quantity{Value: v.get("value").text()}
	forms := append([]value{v}, olderForm(v)...)
	if len(forms) > mostCodings {
		d.refuse("fhir.coding", v, "more units for one amount than any chain of contact points makes")
	}
	if len(forms) == 1 && !v.get("code").there() && !v.get("unit").there() {
		d.claim(v)
		return q
	}
	slot := translation.NewSlot(field, path, d.unit(forms[len(forms)-1]))
	slot.SetAbsent(absence(v))
	slot.Number = v.get("comparator").text() + q.Value
	slot.Rendered, slot.Language = d.rendered(v.get("_unit"))
	if len(forms) > 1 {
		d.checkNumber(forms[len(forms)-1].get("value"))
		slot.Current, slot.Amount = d.unit(v), q.Value
		if written := forms[len(forms)-1].get("value").text(); written != "" {
			slot.Number = written
		}
		q.Value = slot.Number
	}
	if len(forms) > 1 || len(d.hops[path]) > 0 {
		units := make([]translation.Coding, len(forms))
		for i, form := range forms {
			units[len(forms)-1-i] = d.unit(form)
		}
		d.rebuild(slot, units)
	}
	q.Unit = d.slot(v, slot)
	return q
}

func olderForm(v value) []value {
	var forms []value
	for _, ext := range extensions(v, extOlderQuantity) {
		forms = append(forms, ext.get("valueQuantity"))
	}
	return forms
}

func (d *decoder) unit(v value) translation.Coding {
	c := translation.Coding{System: v.get("system").text(), Code: v.get("code").text(), Display: v.get("unit").text()}
	if c.Display != "" {
		c.Language = d.languageOf(c.Display, v.get("_unit"))
	}
	return c
}

// checkNumber refuses a decimal that a prescription may not hold: negative, or with an exponent, which the records'
// plain decimals do not have.
func (d *decoder) checkNumber(v value) {
	if !d.strict || !v.there() {
		return
	}
	if strings.HasPrefix(v.raw(), "-") {
		d.refuse("fhir.negative", v, "a negative amount")
	}
	if strings.ContainsAny(v.raw(), "eE") {
		d.refuse("fhir.number", v, "a decimal with an exponent")
	}
}

// checkComparator refuses "less than" and its like in a prescription: the element changes what the amount means.
func (d *decoder) checkComparator(v value) {
	if d.strict && v.there() {
		d.refuse("fhir.modifier", v, "an amount that is only a bound")
	}
}

// ratio reads a strength; nil when it is not there.
func (d *decoder) ratio(v value, path string) *node.Ratio {
	if v.kind() != objectKind {
		return nil
	}
	return &node.Ratio{
		Numerator:   d.quantity(v.get("numerator"), translation.StrengthUnit, path+".numerator"),
		Denominator: d.quantity(v.get("denominator"), translation.StrengthUnit, path+".denominator"),
	}
}

// identified makes a slot of a national product number.
func (d *decoder) identified(v value, path string) *translation.Slot {
	id := identifierOf(v)
	return d.slot(v, translation.NewSlot(translation.ProductID, path, translation.Coding{System: id.System, Code: id.Value}))
}
