package fhir

import (
	"slices"

	"sild/translation"
)

// sharedBy lists what leaves a summary when several sections are withheld together: each section's element leaves out
// what another section names, so an entry that only withheld sections name would stay behind without it.
func sharedBy(source []byte, withheld []int) ([]translation.Span, error) {
	d, err := open(source)
	if err != nil {
		return nil, err
	}
	if len(d.entries) == 0 {
		return nil, nil
	}
	w := d.webOf(d.entries[0].resource)
	starts, own := slices.Clone(w.roots), make([]bool, len(w.links))
	var first []int
	for i, named := range w.sections {
		for _, l := range named {
			if slices.Contains(withheld, i) {
				own[l.to], first = true, append(first, l.to)
			} else {
				starts = append(starts, l.to)
			}
		}
	}
	for _, kept := range starts {
		own[kept] = false
	}
	stays := w.reach(starts, func(i int) bool { return own[i] })
	gone := w.reach(first, func(i int) bool { return stays[i] })
	w.strays(stays, gone)
	return d.goneSpans(w, gone), nil
}
