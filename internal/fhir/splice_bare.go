package fhir

import (
	"cmp"
	"slices"

	"sild/translation"
)

// bareCode is a code that is a mere string, and what stands beside it (R4 2.6.2.3: the member _name of the element name).
type bareCode struct{ code, beside place }

// isBare says that a coded place is a mere string.
func (p *planner) isBare(span translation.Span) bool {
	return span.Start > 0 && span.End <= len(p.src) && span.Len() > 1 && p.src[span.Start] == '"'
}

// findBare finds what stands beside the bare codes that have words for the reader, all of them in one walk.
func (p *planner) findBare(slots []*translation.Slot) {
	var worded []*translation.Slot
	for _, slot := range slots {
		if slot.Rendered != "" && p.isBare(slot.Span) {
			worded = append(worded, slot)
		}
	}
	if len(worded) == 0 {
		return
	}
	slices.SortFunc(worded, func(a, b *translation.Slot) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	p.bare = make(map[*translation.Slot]bareCode, len(worded))
	p.walkTo(worded, gap(p.src, 0))
}

// walkTo goes from the object or array that starts at to the bare codes inside it, which come in source order.
func (p *planner) walkTo(worded []*translation.Slot, at int) {
	for m := range places(p.src, at) {
		n := 0
		for n < len(worded) && worded[n].Span.Start < m.value.End {
			n++
		}
		switch {
		case n == 0:
		case worded[0].Span == m.value:
			p.bare[worded[0]] = bareCode{code: m, beside: member(p.src, at, "_"+string(m.name))}
		default:
			p.walkTo(worded[:n], m.value.Start)
		}
		if worded = worded[n:]; len(worded) == 0 {
			return
		}
	}
}

// renderBare plans the reader's words beside a bare code. The code itself is never written anew, because FHIR fixes its
// list: a step away from it stands in the provenance alone.
func (p *planner) renderBare(slot *translation.Slot) {
	forms, from := newForms(slot, slot.Original())
	p.noteFresh(slot, from)
	if len(forms) > 0 {
		p.lose(slot.Path, "This element holds a code of its own list only; the translated code stands in the provenance.")
	}
	if slot.Rendered == "" {
		return
	}
	at, found := p.bare[slot]
	if !found {
		p.misplaced(slot)
		return
	}
	p.readerBeside(slot, translation.Span{}, at.code, at.beside, "_"+string(at.code.name))
}
