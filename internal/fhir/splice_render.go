package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// planner collects the edits of one splice. The texts of all edits stand in the encoder's own buffer until the end.
type planner struct {
	encoder
	src     []byte
	edits   []edit
	dropped []translation.Span             // elements that are cut or written anew: nothing inside them is rendered
	fresh   map[*translation.Slot]int      // index of the first step of a slot that its source does not tell yet
	bare    map[*translation.Slot]bareCode // those with words for the reader

	entries    []item // of the Bundle
	entriesEnd int    // of the closing bracket behind them
}

// begin starts the text of an edit. The bracket before it belongs to no edit: it keeps commas away from its start.
func (p *planner) begin() int {
	p.b = append(p.b, '[')
	return len(p.b)
}

// change notes an edit whose text is what was written since the mark.
func (p *planner) change(span translation.Span, mark int) {
	p.edits = append(p.edits, edit{span: span, text: slices.Clip(p.b[mark:])})
}

func (p *planner) insert(at, mark int) { p.change(translation.Span{Start: at, End: at}, mark) }

// render plans the renderings of all slots: a new code in front of the older ones, the reader's words beside the
// current one.
func (p *planner) render(slots []*translation.Slot) *node.Error {
	for _, slot := range slots {
		if len(slot.Hops) == 0 && slot.Rendered == "" || slot.Span == (translation.Span{}) || slot.Span.In(p.dropped) {
			continue
		}
		switch {
		case p.isBare(slot.Span):
			p.renderBare(slot)
		case slot.Span.Start < 0 || slot.Span.End > len(p.src) || slot.Span.Len() < 2 || p.src[slot.Span.Start] != '{':
			p.misplaced(slot)
		default:
			p.renderSlot(slot)
		}
	}
	return p.err
}

func (p *planner) misplaced(slot *translation.Slot) {
	if p.err == nil {
		p.err = &node.Error{Op: "fhir.splice", Kind: node.Internal, Reason: "splice.span",
			Detail: "A coded place does not stand where the document says.", Slot: slot.Path}
	}
}

// codedElement is what a splice must know of a coded element: where its members stand.
type codedElement struct {
	span                                             translation.Span
	coding, extension, value, unit, code, system     place
	display, displayBeside, unitBeside, userSelected place
}

func (p *planner) element(span translation.Span) codedElement {
	e := codedElement{span: span}
	for m := range places(p.src, span.Start) {
		if into := e.member(string(m.name)); into != nil {
			*into = m
		}
	}
	return e
}

func (e *codedElement) member(name string) *place {
	switch name {
	case "coding":
		return &e.coding
	case "extension":
		return &e.extension
	case "value":
		return &e.value
	case "unit":
		return &e.unit
	case "code":
		return &e.code
	case "system":
		return &e.system
	case "display":
		return &e.display
	case "_display":
		return &e.displayBeside
	case "_unit":
		return &e.unitBeside
	case "userSelected":
		return &e.userSelected
	}
	return nil
}

func (p *planner) codingOf(e codedElement) translation.Coding {
	return translation.Coding{System: textAt(p.src, e.system), Code: textAt(p.src, e.code)}
}

func (p *planner) renderSlot(slot *translation.Slot) {
	e := p.element(slot.Span)
	switch {
	case slot.Field == translation.ProductID && !e.coding.there(): // an Identifier has no room for words
	case slot.Field.IsUnit() || e.value.there() || e.unit.there():
		p.renderQuantity(slot, e)
	case e.code.there() || e.system.there():
		p.renderCoding(slot, e)
	default:
		p.renderConcept(slot, e)
	}
}

// newForms is what the slot's code became after the form that its source shows as current, newest first, and the
// index of the first step towards them.
func newForms(slot *translation.Slot, shown translation.Coding) ([]translation.Coding, int) {
	if slot.Current.Same(shown) {
		return nil, len(slot.Hops)
	}
	forms := []translation.Coding{slot.Current}
	for i := len(slot.Hops) - 1; i >= 0; i-- {
		from := slot.Hops[i].From
		if from.Same(shown) {
			return forms, i
		}
		if !from.Same(forms[len(forms)-1]) {
			forms = append(forms, from)
		}
	}
	return forms, 0
}

func (p *planner) noteFresh(slot *translation.Slot, from int) {
	if from < len(slot.Hops) {
		p.fresh[slot] = from
	}
}

// renderConcept renders a CodeableConcept.
func (p *planner) renderConcept(slot *translation.Slot, e codedElement) {
	if !e.coding.there() {
		p.codeAText(slot, e)
		return
	}
	list := e.coding.value.Start
	first, original := place{}, place{}
	for item := range places(p.src, list) {
		if p.isAdded(item) {
			continue
		}
		if !first.there() {
			first = item
		}
		if !original.there() || len(slot.Comparison().Also) == 0 || p.codingOf(p.element(item.value)).Same(slot.Original()) {
			original = item // other codes for the same thing may stand behind it
		}
	}
	if !first.there() {
		return
	}
	shown := p.element(first.value)
	forms, from := newForms(slot, p.codingOf(shown))
	p.noteFresh(slot, from)
	if len(forms) == 0 {
		p.readerBeside(slot, shown.span, shown.display, shown.displayBeside, "_display")
		return
	}
	mark := p.begin()
	p.newCodings(slot, forms)
	p.b = append(p.b, ',')
	p.insert(first.start, mark)
	p.choose(original)
}

// isAdded says that a coding is one that a contact point added: it is no form of the slot's code.
func (p *planner) isAdded(item place) bool {
	list := member(p.src, item.value.Start, "extension")
	if !list.there() {
		return false
	}
	for ext := range places(p.src, list.value.Start) {
		if textAt(p.src, member(p.src, ext.value.Start, "url")) == extAdded {
			return true
		}
	}
	return false
}

func (p *planner) newCodings(slot *translation.Slot, forms []translation.Coding) {
	p.coding("", forms[0], slot, false)
	for _, form := range forms[1:] {
		p.coding("", form, nil, false)
	}
}

// codeAText gives a code to a concept that had only words.
func (p *planner) codeAText(slot *translation.Slot, e codedElement) {
	if slot.Current.IsZero() || len(slot.Hops) == 0 {
		return
	}
	p.noteFresh(slot, 0)
	mark := p.begin()
	list := p.array("coding")
	p.coding("", slot.Current, slot, false)
	p.close(list)
	p.intoObject(e.span, mark)
}

// intoObject inserts what was written since the mark as the first member of an object.
func (p *planner) intoObject(span translation.Span, mark int) {
	if p.src[gap(p.src, span.Start+1)] != '}' {
		p.b = append(p.b, ',')
	}
	p.insert(span.Start+1, mark)
}

// choose marks the coding that the issuing country wrote, as soon as another one stands before it.
func (p *planner) choose(original place) {
	if e := p.element(original.value); !e.userSelected.there() {
		mark := p.begin()
		p.b = append(p.b, `,"userSelected":true`...)
		p.insert(e.span.End-1, mark)
	}
}

// renderCoding renders a single Coding, which has no room for a second code: the step stands in the provenance alone.
func (p *planner) renderCoding(slot *translation.Slot, e codedElement) {
	forms, from := newForms(slot, p.codingOf(e))
	p.noteFresh(slot, from)
	if len(forms) > 0 {
		p.lose(slot.Path, "This element holds one code only; the translated code stands in the provenance.")
		return
	}
	p.readerBeside(slot, e.span, e.display, e.displayBeside, "_display")
}

// readerBeside plans the reader's words beside a string element of an object: into the extensions that stand there
// already, or as a new member behind the element, or as the object's first member where the element is absent.
func (p *planner) readerBeside(slot *translation.Slot, object translation.Span, element, beside place, name string) {
	list := p.extensionsOf(beside)
	if slot.Rendered == "" || list.there() && p.saidAlready(list, slot) {
		return
	}
	mark := p.begin()
	switch {
	case list.there():
		p.translation(slot)
		p.b = append(p.b, ',')
		p.insert(gap(p.src, list.value.Start+1), mark)
	case beside.there():
		inner := p.array("extension")
		p.translation(slot)
		p.close(inner)
		p.intoObject(beside.value, mark)
	case element.there():
		p.b = append(p.b, ',')
		p.readerWords(name, slot)
		p.insert(element.value.End, mark)
	default:
		p.readerWords(name, slot)
		p.intoObject(object, mark)
	}
}

// saidAlready says that the very words stand among the extensions: they came with the document.
func (p *planner) saidAlready(list place, slot *translation.Slot) bool {
	for ext := range places(p.src, list.value.Start) {
		parts := member(p.src, ext.value.Start, "extension")
		if textAt(p.src, member(p.src, ext.value.Start, "url")) != extTranslation || !parts.there() {
			continue
		}
		said := map[string]string{}
		for part := range places(p.src, parts.value.Start) {
			for m := range places(p.src, part.value.Start) {
				if string(m.name) != "url" {
					said[textAt(p.src, member(p.src, part.value.Start, "url"))] = textAt(p.src, m)
				}
			}
		}
		if said["lang"] == slot.Language && said["content"] == slot.Rendered {
			return true
		}
	}
	return false
}

func (p *planner) extensionsOf(beside place) place {
	if !beside.there() {
		return place{}
	}
	return member(p.src, beside.value.Start, "extension")
}

// renderQuantity renders a Quantity. A changed unit changes the number too, so the element is written anew: the form
// that stood there goes into the older ones, everything else that it held stays byte for byte.
func (p *planner) renderQuantity(slot *translation.Slot, e codedElement) {
	forms, from := newForms(slot, p.codingOf(e))
	p.noteFresh(slot, from)
	if len(forms) == 0 {
		p.readerBeside(slot, e.span, e.unit, e.unitBeside, "_unit")
		return
	}
	mark := p.begin()
	p.object("")
	p.keptMembers(e)
	p.olderForms(forms[1:], e)
	value := slot.Amount
	if value == "" {
		value = slot.Number
	}
	p.number("value", value)
	p.encoder.unit(slot.Current, slot)
	p.b = append(p.b, '}')
	p.change(e.span, mark)
}

// keptMembers copies the members of a Quantity that a change of its unit does not touch.
func (p *planner) keptMembers(e codedElement) {
	for m := range places(p.src, e.span.Start) {
		switch string(m.name) {
		case "value", "unit", "_unit", "system", "code", "extension":
		default:
			p.comma()
			p.b = append(p.b, p.src[m.start:m.value.End]...)
		}
	}
}

// olderForms writes the forms of a Quantity before the current one: those between, the one that its source shows, and
// those that stood there before.
func (p *planner) olderForms(between []translation.Coding, e codedElement) {
	list := p.array("extension")
	for _, form := range between {
		p.olderQuantity("", form)
	}
	mark := p.encoder.extension(extOlderQuantity)
	inner := p.object("valueQuantity")
	for _, m := range []place{e.value, e.unit, e.system, e.code} {
		if m.there() {
			p.comma()
			p.b = append(p.b, p.src[m.start:m.value.End]...)
		}
	}
	p.close(inner)
	p.close(mark)
	if e.extension.there() {
		for item := range places(p.src, e.extension.value.Start) {
			p.comma()
			p.b = append(p.b, p.src[item.value.Start:item.value.End]...)
		}
	}
	p.close(list)
}
