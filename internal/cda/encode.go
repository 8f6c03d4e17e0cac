package cda

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"sild/internal/cda/compose"
	"sild/internal/reading"
	"sild/internal/reading/paper"
	"sild/internal/splice"
	"sild/node"
	"sild/translation"
)

// contentType is the media type of a CDA document on both wires (RFC 7303; IHE ITI TF-3 4.2).
const contentType = "text/xml"

// Encode writes a document as CDA without the spans of the source that are withheld. A document that came as CDA is
// spliced: bytes outside touched elements come out as they went in. Any other is written from its record, and what CDA
// cannot hold is added to the report. Level 1 of a document that has no PDF gets one that this node makes, in the
// language of the document, marked as generated. The same document with the same Document.At always gives the same
// bytes.
//
// An error is a *node.Error: Unsupported for a format that this tongue does not write, Untranslatable with the slot for
// a record that CDA cannot say truthfully.
func (t Tongue) Encode(d *node.Document, to node.Format, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	switch {
	case to != node.CDA3 && to != node.CDA1:
		return nil, unsupported("The contact point does not write this kind of document in the format that was asked for.")
	case d.Format == node.CDA1 && len(cut) > 0:
		return nil, unsupported("A document that is a picture of its pages is held back where anything in it is withheld.")
	case d.Format == to && len(d.Source) > 0:
		return t.splice(d, cut, r)
	case d.Format == node.CDA1:
		return nil, unsupported("A document that is a picture of its pages cannot be written as data.")
	case to == node.CDA1:
		return t.pages(d.Without(cut), r)
	}
	view := d.Without(cut)
	body, refused := compose.Document(view, t.options(), losing(r))
	if refused != nil {
		return nil, refused
	}
	for _, rest := range view.Rest {
		losing(r)(rest.Path, rest.Why)
	}
	return sealed(to, r, body), nil
}

// EncodeListing writes several prescriptions, each as one part: the classic wire lists documents, not one body.
func (t Tongue) EncodeListing(documents []*node.Document, _ []node.Withheld, to node.Format, r *node.Report) (*node.Encoded, error) {
	var bodies [][]byte
	for _, d := range documents {
		out, err := t.Encode(d, to, nil, r)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, out.Body())
	}
	return sealed(to, r, bodies...), nil
}

// EncodeReceipt is not something that CDA has: on the classic wire the response itself is the receipt.
func (t Tongue) EncodeReceipt(*node.Receipt, string) ([]byte, error) {
	return nil, unsupported("There is no receipt in this format.")
}

// pages is level 1 with a PDF that this node makes from the record.
func (t Tongue) pages(d *node.Document, r *node.Report) (*node.Encoded, error) {
	language := d.Language
	if language == "" {
		language = t.Language
	}
	pdf, lacking, err := paper.PDF(reading.Of(d, language), d.At)
	if err != nil {
		return nil, &node.Error{Op: "cda.encode", Kind: node.Internal, Reason: "encode.pages", Err: err,
			Detail: "The document cannot be set as pages."}
	}
	for _, letter := range lacking {
		losing(r)("pages", fmt.Sprintf("The letters of the pages lack U+%04X; a sign stands in its place.", letter))
	}
	body, refused := compose.LevelOne(d, pdf, t.options(), losing(r))
	if refused != nil {
		return nil, refused
	}
	return sealed(node.CDA1, r, body), nil
}

func (t Tongue) options() compose.Options {
	return compose.Options{OID: t.number, Participant: t.Participant, Language: t.Language}
}

// losing adds to a report what the format cannot hold.
func losing(r *node.Report) func(path, why string) {
	return func(path, why string) {
		if r != nil {
			r.Lost = append(r.Lost, node.Residue{Path: path, Why: why})
		}
	}
}

// splice puts the renderings into the source and takes out what is withheld.
func (t Tongue) splice(d *node.Document, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	edits, err := t.Edits(d, cut, r)
	if err != nil {
		return nil, err
	}
	body, problem := splice.Apply(d.Source, edits)
	if problem != nil {
		return nil, &node.Error{Op: "cda.splice", Kind: node.Internal, Reason: "splice.edits", Err: problem,
			Detail: "The document cannot be written back."}
	}
	return sealed(d.Format, r, body), nil
}

// sealed closes the work: the parts, their hash, and the report that they were made with.
func sealed(format node.Format, r *node.Report, bodies ...[]byte) *node.Encoded {
	sum := sha256.New()
	out := &node.Encoded{Format: format, Report: r}
	for _, body := range bodies {
		sum.Write(body)
		out.Parts = append(out.Parts, node.Part{ContentType: contentType, Body: body})
	}
	out.Hash = hex.EncodeToString(sum.Sum(nil))
	return out
}

func unsupported(detail string) *node.Error {
	return &node.Error{Op: "cda.encode", Kind: node.Unsupported, Reason: "encode.format", Slot: "document", Detail: detail}
}
