package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// edit is one change to a source: the bytes of the span give way to text. An empty span inserts, an empty text cuts.
type edit struct {
	span translation.Span
	text []byte
}

// splice applies edits to a source in one copy. Edits at the same place keep their order. Two edits that touch the same
// byte are an error: neither could say what it replaced.
func splice(source []byte, edits []edit) ([]byte, error) {
	if len(edits) == 0 {
		return slices.Clone(source), nil
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.span.Start != b.span.Start {
			return a.span.Start - b.span.Start
		}
		return a.span.End - b.span.End
	})
	size, at := len(source), 0
	for _, change := range edits {
		if change.span.Start < at || change.span.End < change.span.Start || change.span.End > len(source) {
			return nil, overlapping()
		}
		at = change.span.End
		size += len(change.text) - change.span.Len()
	}
	out := make([]byte, 0, size)
	at = 0
	for _, change := range edits {
		out = append(out, source[at:change.span.Start]...)
		out = append(out, change.text...)
		at = change.span.End
	}
	return append(out, source[at:]...), nil
}

func overlapping() *node.Error {
	return &node.Error{Op: "fhir.splice", Kind: node.Internal, Reason: "splice.overlap",
		Detail: "Two changes to the document touch the same place."}
}
