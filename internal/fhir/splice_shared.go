package fhir

import "sild/translation"

// sharedBy lists what leaves a summary when several sections are withheld together: each section's element leaves out
// what another section names, so an entry that only withheld sections name would stay behind without it.
func sharedBy(source []byte, withheld []translation.Span) ([]translation.Span, error) {
	d, err := open(source)
	if err != nil {
		return nil, err
	}
	if len(d.entries) == 0 {
		return nil, nil
	}
	w := d.webOf(d.entries[0].resource)
	return d.goneSpans(w, w.leaving(func(ref value) bool { return ref.span().In(withheld) })), nil
}
