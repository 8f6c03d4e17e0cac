package fhir

import (
	"sild/node"
	"sild/translation"
)

// cutInside plans the cuts inside the value at, and says whether nothing of it would be left: then whoever holds it
// takes it out whole, because FHIR knows no empty elements. A comma leaves with its neighbour.
func (p *planner) cutInside(value translation.Span, cut []translation.Span) bool {
	if value.In(cut) {
		return true
	}
	var run, last translation.Span // what leaves since the last one that stays; the last one that stays
	left, gone := 0, 0
	for child := range places(p.src, value.Start) {
		whole := translation.Span{Start: child.start, End: child.value.End}
		if touches(whole, cut) && (child.value.In(cut) || p.cutInside(child.value, cut)) {
			gone++
			if run.Len() == 0 {
				run.Start = whole.Start
			}
			run.End = whole.End
			continue
		}
		if run.Len() > 0 {
			p.cutSpan(translation.Span{Start: run.Start, End: whole.Start})
			run = translation.Span{}
		}
		left, last = left+1, whole
	}
	switch {
	case left == 0 && gone > 0:
		return true
	case gone == 0 && left == 0:
		p.fail("splice.cut", "What is to be withheld is no whole element.")
	case run.Len() > 0:
		p.cutSpan(translation.Span{Start: last.End, End: run.End})
	}
	return false
}

func (p *planner) cutSpan(span translation.Span) { p.edits = append(p.edits, edit{span: span}) }

func (p *planner) fail(reason, detail string) {
	if p.err == nil {
		p.err = &node.Error{Op: "fhir.splice", Kind: node.Internal, Reason: reason, Detail: detail}
	}
}

func touches(span translation.Span, others []translation.Span) bool {
	for _, other := range others {
		if other.Start < span.End && other.End > span.Start {
			return true
		}
	}
	return false
}
