// Package tongues is both tongues of a node as one: what is read tells by itself which of the two it is for, and what is
// written is asked for by format. Start with New.
package tongues

import (
	"bytes"

	"sild/internal/cda"
	"sild/internal/fhir"
	"sild/node"
	"sild/translation"
)

// Both reads and writes FHIR and CDA. The zero value works.
type Both struct {
	FHIR fhir.Tongue
	CDA  cda.Tongue
}

var _ node.Tongue = Both{}

// New gives a node both tongues. The participant is its id in the trust list, the language (BCP 47) the one it writes in
// where a record has none. With the tables they name systems alike, so that the patient of a CDA document is the patient
// of a FHIR request and a code means in one what it means in the other; without them a CDA document knows systems by number
// alone.
func New(participant, language string, tables *translation.Catalogue) Both {
	t := Both{FHIR: fhir.Tongue{Participant: participant}, CDA: cda.Tongue{Participant: participant, Language: language}}
	if tables != nil {
		t.CDA.Systems = tables.System
	}
	return t
}

// Decode reads a document of either family.
func (t Both) Decode(source []byte) (*node.Document, error) {
	if len(bytes.TrimSpace(source)) == 0 {
		return nil, &node.Error{Op: "decode", Kind: node.Invalid, Reason: "document.empty", Detail: "The document is empty."}
	}
	if cda.IsXML(source) {
		return t.CDA.Decode(source)
	}
	return t.FHIR.Decode(source)
}

// Encode writes a document in a format of either family. A picture of pages has no data to be written in another.
func (t Both) Encode(d *node.Document, to node.Format, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	if d.Format == node.CDA1 && !to.InCDA() {
		return nil, &node.Error{Op: "encode", Kind: node.Unsupported, Reason: "encode.pages", Slot: "document",
			Detail: "The document is a picture of its pages and cannot be written as data."}
	}
	return t.of(to).Encode(d, to, cut, r)
}

// EncodeListing writes several prescriptions in a format of either family.
func (t Both) EncodeListing(documents []*node.Document, withheld []node.Withheld, to node.Format, r *node.Report) (*node.Encoded, error) {
	return t.of(to).EncodeListing(documents, withheld, to, r)
}

// EncodeReceipt writes a receipt as FHIR: CDA has none.
func (t Both) EncodeReceipt(receipt *node.Receipt, seal string) ([]byte, error) {
	return t.FHIR.EncodeReceipt(receipt, seal)
}

// of is the tongue that writes a format.
func (t Both) of(format node.Format) node.Tongue {
	if format.InCDA() {
		return t.CDA
	}
	return t.FHIR
}
