package reference

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"sild/node"
	"sild/translation"
)

// Format is the only format of this country: its records as JSON.
const Format node.Format = "reference-json"

// page is a document of any kind as it is written.
type page struct {
	Kind          node.DocumentKind    `json:"kind"`
	Patient       node.Patient         `json:"patient"`
	Prescriptions []*node.Prescription `json:"prescriptions,omitempty"`
	Dispensation  *node.Dispensation   `json:"dispensation,omitempty"`
	Summary       *node.Summary        `json:"summary,omitempty"`
	Withheld      []node.Withheld      `json:"withheld,omitempty"`
	Report        *node.Report         `json:"report,omitempty"`
}

// Tongue reads and writes the country's documents. The zero value works.
type Tongue struct{}

var _ node.Tongue = Tongue{}

// Decode reads a page. Anything that is not exactly one page is an *node.Error of kind Invalid.
func (Tongue) Decode(source []byte) (*node.Document, error) {
	in := json.NewDecoder(bytes.NewReader(source))
	in.DisallowUnknownFields()
	var p page
	if err := in.Decode(&p); err != nil {
		return nil, fail("reference.decode", node.Invalid, "page", "The message cannot be read.")
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, fail("reference.decode", node.Invalid, "page.rest", "The message goes on after its end.")
	}
	d := &node.Document{Kind: p.Kind, Format: Format, Source: bytes.Clone(source), Patient: p.Patient,
		Prescriptions: p.Prescriptions, Dispensation: p.Dispensation, Summary: p.Summary, Peer: p.Report}
	for _, prescription := range p.Prescriptions {
		d.Slots = append(d.Slots, slotsOf(&prescription.Medication)...)
	}
	if p.Summary != nil {
		for _, section := range p.Summary.Sections {
			d.Slots = append(d.Slots, section.Slots...)
		}
	}
	return d, nil
}

func slotsOf(m *node.Medication) []*translation.Slot {
	slots := append([]*translation.Slot{m.Form}, m.Classification...)
	for _, ingredient := range m.Ingredients {
		slots = append(slots, ingredient.Substance, ingredient.Strength.Numerator.Unit)
	}
	return slots
}

// Encode writes a document with its report. This country cuts whole sections out of the record before it writes, so a
// span to cut is Unsupported.
func (Tongue) Encode(d *node.Document, to node.Format, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	if to != Format || len(cut) > 0 {
		return nil, fail("reference.encode", node.Unsupported, "format", "The format is not written here.")
	}
	return encoded(page{Kind: d.Kind, Patient: d.Patient, Prescriptions: d.Prescriptions, Dispensation: d.Dispensation,
		Summary: d.Summary, Report: r})
}

// EncodeListing writes several prescriptions as one page.
func (Tongue) EncodeListing(documents []*node.Document, withheld []node.Withheld, to node.Format, r *node.Report) (*node.Encoded, error) {
	if to != Format {
		return nil, fail("reference.encode", node.Unsupported, "format", "The format is not written here.")
	}
	p := page{Kind: node.AListing, Withheld: withheld, Report: r}
	for _, d := range documents {
		p.Patient = d.Patient
		p.Prescriptions = append(p.Prescriptions, d.Prescriptions...)
	}
	return encoded(p)
}

// EncodeReceipt writes a receipt; the seal stands beside it.
func (Tongue) EncodeReceipt(receipt *node.Receipt, seal string) ([]byte, error) {
	return json.Marshal(struct {
		Receipt *node.Receipt `json:"receipt"`
		Seal    string        `json:"seal,omitempty"`
	}{receipt, seal})
}

func encoded(p page) (*node.Encoded, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, fail("reference.encode", node.Internal, "page", "The document cannot be written.")
	}
	return &node.Encoded{Format: Format, Parts: []node.Part{{ContentType: "application/json", Body: body}},
		Hash: digest(body), Report: p.Report}, nil
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func fail(op string, kind node.Kind, reason, detail string) *node.Error {
	return &node.Error{Op: op, Kind: kind, Reason: reason, Detail: detail}
}
