package fhir

import (
	"strings"

	"sild/translation"
)

// Whatever a form demands and the source does not say is marked as added: it is no code of the source, so nobody
// translates it, and a reader of ours does not take it for one.

func (w *writer) addedMark() {
	list := w.array("extension")
	w.flag(extAdded, true)
	w.close(list)
}

func (e *encoder) addedCoding(c translation.Coding) {
	mark := e.object("")
	e.addedMark()
	e.text("system", c.System)
	e.text("code", c.Code)
	e.close(mark)
}

// addedConcept writes a mandatory CodeableConcept that the source does not give: a code of the form's own, or the
// reason why there is none.
func (e *encoder) addedConcept(name string, c translation.Coding) {
	mark := e.object(name)
	list := e.array("extension")
	if c.IsZero() {
		e.part(extAbsent, "valueCode", "unknown")
	}
	e.flag(extAdded, true)
	e.close(list)
	codings := e.array("coding")
	if !c.IsZero() {
		e.addedCoding(c)
	}
	e.close(codings)
	e.close(mark)
}

// required writes a CodeableConcept that the form demands.
func (e *encoder) required(name string, slot *translation.Slot) {
	before := len(e.b)
	e.concept(name, slot)
	if len(e.b) == before {
		e.addedConcept(name, translation.Coding{})
	}
}

// bound writes a CodeableConcept whose codes must be of the form's own list. A slot with any other code stands beside it
// as it was written, and the code of the list that says the same is added, or the reason why there is none.
func (e *encoder) bound(name string, slot *translation.Slot, system string, same func(translation.Coding) string) {
	code, foreign := "", false
	for _, form := range formsOf(slot) {
		if form.System == system {
			code = orElse(code, form.Code)
			continue
		}
		foreign = true
		code = orElse(code, same(form))
	}
	if e.hidden(slot) || !foreign {
		e.required(name, slot)
		return
	}
	mark := e.object(name)
	list := e.array("extension")
	beside := e.extension(extCode)
	e.concept("valueCodeableConcept", slot)
	e.close(beside)
	if code == "" {
		e.part(extAbsent, "valueCode", "unknown")
	}
	e.flag(extAdded, true)
	e.close(list)
	codings := e.array("coding")
	if code != "" {
		e.addedCoding(translation.Coding{System: system, Code: code})
	}
	e.close(codings)
	e.close(mark)
}

// formsOf is every code that the slot has had, the current one first.
func formsOf(slot *translation.Slot) []translation.Coding {
	if slot == nil || slot.Current.IsZero() {
		return nil
	}
	return append([]translation.Coding{slot.Current}, olderForms(slot)...)
}

// fixed writes a slot into an element that holds one code of a closed list: the code that says the same, and beside it
// the slot as it was written, with its whole life.
func (e *encoder) fixed(name string, slot *translation.Slot, same func(translation.Coding) string) {
	if e.hidden(slot) {
		return
	}
	for _, form := range formsOf(slot) {
		if code := same(form); code != "" {
			e.text(name, code)
			break
		}
	}
	beside := e.object("_" + name)
	e.asWritten(slot)
	e.close(beside)
}

// asWritten writes the extension that holds a slot beside an element without room for it.
func (e *encoder) asWritten(slot *translation.Slot) {
	list := e.array("extension")
	mark := e.extension(extCode)
	e.concept("valueCodeableConcept", slot)
	e.close(mark)
	e.close(list)
}

// canonical is the URI of a code system that a source may name by its number.
func canonical(system string) string {
	number, isNumber := strings.CutPrefix(system, "urn:oid:")
	if !isNumber {
		return system
	}
	switch number {
	case "2.16.840.1.113883.6.96":
		return systemSNOMED
	case "2.16.840.1.113883.6.1":
		return systemLOINC
	case "2.16.840.1.113883.5.1150.1":
		return systemAbsentOld
	case "2.16.840.1.113883.4.642.4.130":
		return systemCriticality
	case "2.16.840.1.113883.4.642.4.1373":
		return systemAllergyClinical
	case "2.16.840.1.113883.4.642.4.1371":
		return systemAllergyCertainty
	}
	return system
}
