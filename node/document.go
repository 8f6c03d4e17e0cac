package node

import (
	"time"

	"sild/translation"
)

// Format names a format and release that a tongue reads or writes, e.g. eu-mpd-r4.
type Format string

// The pivot formats of the two wires. National formats are named by the tongue that reads them.
const (
	MPD  Format = "eu-mpd-r4" // HL7 Europe Medication Prescription and Dispense, FHIR R4
	EPS  Format = "eu-eps-r4" // HL7 Europe Patient Summary, FHIR R4
	CDA3 Format = "eu-cda-l3" // MyHealth@EU CDA level 3: structured
	CDA1 Format = "eu-cda-l1" // MyHealth@EU CDA level 1: a header around a PDF
)

// InCDA says that a format is CDA rather than FHIR. What comes over a wire must be of the family of that wire.
func (f Format) InCDA() bool { return f == CDA3 || f == CDA1 }

// DocumentKind says what a document is about.
type DocumentKind string

// The kinds of document.
const (
	APrescription DocumentKind = "prescription"
	AListing      DocumentKind = "prescriptions"
	ADispensation DocumentKind = "dispensation"
	AWithdrawal   DocumentKind = "withdrawal"
	ASummary      DocumentKind = "summary"
	AnOverview    DocumentKind = "medication-overview" // header only, so far
)

// Document is a document's bytes with a typed view over them. Source is legal evidence and is never changed; the
// records' coded places are the same slots as in Slots. A document belongs to one call: it is not safe for two.
type Document struct {
	Kind     DocumentKind
	Format   Format
	ID       Identifier // of the document itself, where the format has one
	Source   []byte
	Language string
	Pages    []byte // the PDF of a level 1 document, byte for byte
	Header   Header
	Code     *translation.Slot // document code, where the format has one
	Patient  Patient
	At       time.Time // UTC: when this node translated it; stands in the provenance

	Prescriptions []*Prescription // one, or several in a listing
	Dispensation  *Dispensation
	Summary       *Summary

	Slots    []*translation.Slot // every coded place, in source order
	Residue  []Residue
	Rest     []Residue // what no field of the record holds of a document that is spliced: lost in any other format
	Elements []Element
	Peer     *Report // the loss report that came with the document from country A
	// Quotes finds the words that fields of the record took from a narrative, where a tongue knows of any: they are asked for
	// where something is withheld.
	Quotes func() []Quote

	Out    *Encoded // what a face encoded of it; doors send these bytes as they are
	Handle string   // where the document was offered: the handle it can be fetched by
	Kept   any      // what the tongue that read it wants to find again when it writes it; nobody else looks

	cut      []translation.Span         // what Answer withholds from it
	hidden   map[*translation.Slot]bool // the slots in there: no report names them
	withheld []string                   // the elements' names, for A's ledger only
}

// Header is what a document says of itself, where its format has a place for it.
type Header struct {
	Title           string
	Written         string // FHIR instant or date
	Author          Practitioner
	Custodian       Organisation
	Parent          Identifier // the national document that this one was made from
	Confidentiality string     // HL7 v3 Confidentiality as written: N, R, V and others; empty where the source does not say
	Narrative       Narrative  // of a document without sections of a summary: the text of its one section
}

// about says that the document and every record in it are this patient's.
func (d *Document) about(patient Identifier) bool {
	if !d.Patient.Has(patient) {
		return false
	}
	for _, p := range d.Prescriptions {
		if !p.Patient.Has(patient) {
			return false
		}
	}
	if d.Dispensation != nil && !d.Dispensation.Patient.Has(patient) {
		return false
	}
	return d.Summary == nil || d.Summary.Patient.Has(patient)
}

// Prescription is the single prescription of a document that is not a listing, or nil.
func (d *Document) Prescription() *Prescription {
	if len(d.Prescriptions) != 1 {
		return nil
	}
	return d.Prescriptions[0]
}

// Residue is source content that no record field understood. It is never dropped in silence: the loss report names it.
type Residue struct {
	Path string           `json:"path"` // place in the source, e.g. entry[0].resource.extension[1]
	Why  string           `json:"why"`
	Span translation.Span `json:"-"`
}

// Quote is words that a field of the record took from a narrative. Span is where they stand in it, For where the field
// does.
type Quote struct {
	Words     string
	Span, For translation.Span
}

// Element is a part of a document that a rule or a restriction may withhold as a whole, with its narrative and
// everything that only it refers to.
type Element struct {
	Name  string // address, section:11450-4
	Spans []translation.Span
	// Section is how the record paths of a section begin, e.g. section[11450-4]. One that is nested stands in that section
	// of the record, and is none of its own.
	Section string
	Nested  bool
}

// Part is one body of an encoded document. Level 1 and level 3 of the classic wire travel as a pair.
type Part struct {
	ContentType string
	Body        []byte
}

// Encoded is a document as it will be sent. Hash is the SHA-256 over the parts, hex: the event holds it before the
// bytes leave.
type Encoded struct {
	Format Format
	Parts  []Part
	Hash   string
	Report *Report
}

// Body is the first part's bytes.
func (e *Encoded) Body() []byte {
	if e == nil || len(e.Parts) == 0 {
		return nil
	}
	return e.Parts[0].Body
}

// Tongue reads and writes one family of formats. It is declared here and implemented by the rooms that know bytes
// (internal/fhir, later internal/cda), so that the faces need not know any format.
type Tongue interface {
	// Decode reads a document of any format the tongue knows. Malformed or hostile bytes are an *Error of kind
	// Invalid that names the place, never the content.
	Decode(source []byte) (*Document, error)
	// Encode writes the document in a format without the withheld spans, and adds to the report what the format
	// cannot hold. The same format is spliced: bytes outside touched elements come out as they went in.
	Encode(d *Document, to Format, cut []translation.Span, r *Report) (*Encoded, error)
	// EncodeListing writes several prescriptions as one body. Items that could not be carried are named in withheld.
	EncodeListing(documents []*Document, withheld []Withheld, to Format, r *Report) (*Encoded, error)
	// EncodeReceipt writes a receipt; seal is a JWS over it, or empty where the receipt is unsigned.
	EncodeReceipt(receipt *Receipt, seal string) ([]byte, error)
}

// Ref names one document: by identifier, or by the short-lived opaque handle that an offer gave out.
type Ref struct {
	ID     Identifier
	Handle string
}

// Item is one line of a listing.
type Item struct {
	Ref      Ref
	Status   Status
	Date     string
	Document *Document
}

// Withheld says that an item exists but could not be carried: the slot and the reason, and nothing else about it.
type Withheld struct {
	ID     Identifier
	Slot   string
	Detail string
}

// Listing is the answer to Prescriptions: the items, what had to be withheld, and one whole body where the wire wants
// one.
type Listing struct {
	Items    []Item
	Withheld []Withheld
	Document *Document // the listing as one document, as B reads it
	Out      *Encoded
}
