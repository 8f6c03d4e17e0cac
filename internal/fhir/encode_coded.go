package fhir

import (
	"sild/node"
	"sild/translation"
)

// concept writes a CodeableConcept with the whole life of its code, newest first. The code that the issuing country
// wrote stands last and is marked as the one a person chose (Coding.userSelected), as soon as there is another.
func (e *encoder) concept(name string, slot *translation.Slot) {
	if e.hidden(slot) {
		return
	}
	mark := e.object(name)
	e.took(slot)
	e.conceptBody(slot)
	e.close(mark)
}

// conceptBody writes the members of a CodeableConcept. The codes that the form demands beside those of the slot stand
// last and are marked as added.
func (e *encoder) conceptBody(slot *translation.Slot, added ...translation.Coding) {
	if slot.Absent() != "" {
		e.absentBecause(slot.Absent())
	}
	codings := e.array("coding")
	e.codings(slot)
	for _, more := range added {
		e.addedCoding(more)
	}
	e.close(codings)
	e.text("text", slot.Text)
}

func (e *encoder) codings(slot *translation.Slot) {
	if slot.Current.IsZero() {
		return
	}
	older := olderForms(slot)
	e.coding("", slot.Current, slot, false)
	for i, form := range older {
		e.coding("", form, nil, i == len(older)-1)
	}
}

// coding writes one Coding. The slot, where given, adds the reader's words for it.
func (e *encoder) coding(name string, c translation.Coding, reader *translation.Slot, chosen bool) {
	mark := e.object(name)
	e.text("system", c.System)
	e.text("version", c.Version)
	e.text("code", c.Code)
	e.text("display", c.Display)
	if reader != nil {
		e.readerWords("_display", reader)
	}
	if chosen {
		e.boolean("userSelected", true)
	}
	e.close(mark)
}

// olderForms is what a slot's code was before it became what it is now, newest first, so that the last one is the
// original. A hop that changed nothing that a coding can show adds no form.
func olderForms(slot *translation.Slot) []translation.Coding {
	older := make([]translation.Coding, 0, len(slot.Hops))
	last := slot.Current
	add := func(form translation.Coding) {
		if !form.IsZero() && !sameForm(form, last) {
			older, last = append(older, form), form
		}
	}
	for i := len(slot.Hops) - 1; i >= 0; i-- {
		add(slot.Hops[i].From)
	}
	return older
}

func sameForm(a, b translation.Coding) bool {
	return a.Same(b) && a.Version == b.Version && a.Display == b.Display
}

// readerWords writes the reader's words for a string element beside it, as the standard translation extension.
func (w *writer) readerWords(element string, slot *translation.Slot) {
	if slot.Rendered == "" {
		return
	}
	mark := w.object(element)
	list := w.array("extension")
	w.translation(slot)
	w.close(list)
	w.close(mark)
}

func (w *writer) translation(slot *translation.Slot) {
	mark := w.extension(extTranslation)
	parts := w.array("extension")
	w.part("lang", "valueCode", slot.Language)
	w.part("content", "valueString", slot.Rendered)
	w.close(parts)
	w.close(mark)
}

// absentBecause writes the extension list that says why an element has no value.
func (w *writer) absentBecause(reason string) {
	list := w.array("extension")
	w.part(extAbsent, "valueCode", reason)
	w.close(list)
}

// quantity writes a Quantity in its current unit, with the older forms as PQ translations, newest first. Only the
// first and the last decimal are known to a slot; a form between them stands with its unit alone.
func (e *encoder) quantity(name string, q node.Quantity) { e.compared(name, q, "") }

// compared is a quantity behind a comparator, which may be empty.
func (e *encoder) compared(name string, q node.Quantity, comparator string) {
	if q.IsZero() || q.Unit != nil && e.hidden(q.Unit) {
		return
	}
	value, unit := q.Now()
	mark := e.object(name)
	if q.Unit != nil {
		e.took(q.Unit)
		e.olderQuantities(q)
	}
	e.number("value", value)
	e.text("comparator", comparator)
	e.unit(unit, q.Unit)
	e.close(mark)
}

func (e *encoder) unit(unit translation.Coding, slot *translation.Slot) {
	e.text("unit", unit.Display)
	if slot != nil {
		e.readerWords("_unit", slot)
	}
	e.text("system", unit.System)
	e.text("code", unit.Code)
}

// olderQuantities writes the extensions of a Quantity: why it has no value, and its older forms.
func (e *encoder) olderQuantities(q node.Quantity) {
	older := olderForms(q.Unit)
	value, _ := q.Now()
	list := e.array("extension")
	e.part(extAbsent, "valueCode", q.Unit.Absent())
	for i, form := range older {
		number := ""
		if i == len(older)-1 {
			number = q.Value
		} else if value == q.Value {
			number = value
		}
		e.olderQuantity(number, form)
	}
	e.close(list)
}

func (e *encoder) olderQuantity(number string, form translation.Coding) {
	mark := e.extension(extOlderQuantity)
	inner := e.object("valueQuantity")
	e.number("value", number)
	e.unit(form, nil)
	e.close(inner)
	e.close(mark)
}

// ratio writes a strength. A strength that does not say what it is counted in cannot be handed on: whoever reads it
// would have to guess (R4 invariant rat-1 wants both halves).
func (e *encoder) ratio(name, path string, r *node.Ratio) {
	if r == nil {
		return
	}
	denominator := r.Denominator
	if per := perUnit(r.Numerator); !per.IsZero() {
		if !fits(denominator, per) {
			e.refuse(path+".denominator", "encode.strength", "A strength is counted per two different units.")
			return
		}
		if denominator.Unit == nil {
			denominator = node.Quantity{Value: "1", Unit: translation.NewSlot(translation.StrengthUnit, path, per)}
		}
	}
	if r.Numerator.Value == "" || denominator.Value == "" {
		e.refuse(path, "encode.strength", "A strength has no number, or does not say what it is counted in.")
		return
	}
	mark := e.object(name)
	e.quantity("numerator", r.Numerator)
	e.quantity("denominator", denominator)
	e.close(mark)
}

// perUnit is the denominator that a national unit code held inside itself, as in "milligrams per millilitre".
func perUnit(numerator node.Quantity) translation.Coding {
	if numerator.Unit == nil || numerator.Unit.Per() == nil {
		return translation.Coding{}
	}
	return *numerator.Unit.Per()
}

// fits says that a written denominator is no other than the one inside the numerator's unit.
func fits(denominator node.Quantity, per translation.Coding) bool {
	value, unit := denominator.Now()
	switch {
	case denominator.IsZero():
		return true
	case denominator.Unit == nil:
		return value == "1"
	default:
		return value == "1" && unit.Same(per)
	}
}

// packages writes a number of packages.
func (e *encoder) packages(name, number string) {
	if number == "" {
		return
	}
	mark := e.object(name)
	if e.document {
		e.addedMark() // it only says that the amount is that of one package
	}
	e.number("value", number)
	e.text("unit", packageUnit)
	e.text("system", systemUCUM)
	e.text("code", packageCode)
	e.close(mark)
}

// number writes a decimal as it was written: 1.50 stays 1.50.
func (e *encoder) number(name, decimal string) {
	if decimal != "" && !isNumber(decimal) {
		e.refuse(name, "encode.number", "A number is not a decimal.")
		return
	}
	e.raw(name, decimal)
}

// isNumber says that the text is a number of JSON (RFC 8259 section 6).
func isNumber(s string) bool {
	r := reader{arena: &arena{src: s}}
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	r.number(-1)
	return r.err == nil && r.pos == len(s)
}
