package fhir

import (
	"sild/node"
	"sild/translation"
)

// Tongue reads and writes FHIR. The zero value works: Participant, the id of this node in the trust list, only names
// it in receipts and in the provenance of documents whose codes had no step to make.
type Tongue struct {
	Participant string
}

var _ node.Tongue = Tongue{}

// Encode writes the document in a pivot format, without the spans of the source that are withheld. A document that is
// in the format already is spliced: bytes outside touched elements come out as they went in. Any other is written from
// its record, and what the format cannot hold is added to the report, which travels as the last entry. The same
// document with the same Document.At always gives the same bytes.
//
// An error is a *node.Error: Unsupported for a format that this tongue does not write, Untranslatable with the slot for
// a record that the format cannot say truthfully.
func (t Tongue) Encode(d *node.Document, to node.Format, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	e := &encoder{participant: t.Participant, cut: cut, silent: cut, report: r}
	switch {
	case to == node.MPD && (d.Kind == node.ADispensation || d.Kind == node.AWithdrawal) && d.Dispensation != nil:
		return e.dispensation(d)
	case d.Format == to && len(d.Source) > 0:
		return e.splice(d)
	case to == node.MPD && d.Kind == node.APrescription && d.Prescription() != nil:
		return e.prescription(d)
	case to == node.EPS && d.Kind == node.ASummary && d.Summary != nil && d.Format != node.EPS:
		return e.summary(d)
	}
	return nil, unsupported("The contact point does not write this kind of document in the format that was asked for.")
}

// EncodeListing writes several prescriptions as one searchset: without provenance and originals, the patient once, and
// last the report with one issue for each item that is withheld. An empty listing is the report alone.
func (t Tongue) EncodeListing(documents []*node.Document, withheld []node.Withheld, to node.Format, r *node.Report) (*node.Encoded, error) {
	if to != node.MPD {
		return nil, unsupported("The contact point does not write listings in the format that was asked for.")
	}
	e := &encoder{participant: t.Participant, report: r}
	return e.listing(documents, withheld)
}

func unsupported(detail string) *node.Error {
	return &node.Error{Op: "fhir.encode", Kind: node.Unsupported, Reason: "encode.format", Slot: "document", Detail: detail}
}
