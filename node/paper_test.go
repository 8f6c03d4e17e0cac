package node_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"sild/node"
	"sild/translation"
)

// The forms of the test tongue besides the two pivot forms. National papers and pivot papers have the same grammar.
const (
	eeForm node.Format = "ee-paper"
	fiForm node.Format = "fi-paper"
)

// paper is a small JSON document with every coded place that the faces look at. It is the test's own format, so that
// package node is tested without a wire.
type paper struct {
	Form     node.Format       `json:"form"`
	Kind     node.DocumentKind `json:"kind"`
	At       string            `json:"at,omitempty"`
	Code     *code             `json:"code,omitempty"`
	Patient  person            `json:"patient"`
	Scripts  []*script         `json:"scripts,omitempty"`
	Handout  *handout          `json:"handout,omitempty"`
	Summary  *folder           `json:"summary,omitempty"`
	Extra    json.RawMessage   `json:"extra,omitempty"` // no record knows it: residue
	Withheld []node.Withheld   `json:"withheld,omitempty"`
	Report   *node.Report      `json:"report,omitempty"`
}

type person struct {
	IDs       []node.Identifier `json:"ids,omitempty"`
	Family    string            `json:"family,omitempty"`
	Given     []string          `json:"given,omitempty"`
	Born      string            `json:"born,omitempty"`
	Sex       string            `json:"sex,omitempty"`
	Protected bool              `json:"protected,omitempty"`
	Address   json.RawMessage   `json:"address,omitempty"`
}

type code struct {
	System string               `json:"system,omitempty"`
	Code   string               `json:"code,omitempty"`
	Absent string               `json:"absent,omitempty"`
	Hops   []translation.Hop    `json:"hops,omitempty"`
	Words  string               `json:"words,omitempty"`
	Also   []translation.Coding `json:"also,omitempty"`
}

type count struct {
	Value string `json:"value,omitempty"`
	Unit  *code  `json:"unit,omitempty"`
}

type ingredient struct {
	Substance *code  `json:"substance,omitempty"`
	Amount    *count `json:"amount,omitempty"`
	Per       *count `json:"per,omitempty"`
}

type medicine struct {
	Name        string        `json:"name,omitempty"`
	Product     *code         `json:"product,omitempty"`
	ATC         []*code       `json:"atc,omitempty"`
	Form        *code         `json:"doseForm,omitempty"`
	Ingredients []*ingredient `json:"ingredients,omitempty"`
	Items       count         `json:"items"`
	Content     *count        `json:"content,omitempty"`
	Parts       []*medicine   `json:"parts,omitempty"`
}

type script struct {
	ID         node.Identifier `json:"id"`
	Status     node.Status     `json:"status"`
	Authored   string          `json:"authored,omitempty"`
	From       string          `json:"from,omitempty"`
	To         string          `json:"to,omitempty"`
	Patient    *person         `json:"patient,omitempty"` // where it is not the document's
	Medicine   *medicine       `json:"medicine"`
	Packages   string          `json:"packages,omitempty"`
	Left       string          `json:"left,omitempty"`
	Total      *count          `json:"total,omitempty"`
	Substitute *bool           `json:"substitute,omitempty"`
	Dose       *count          `json:"dose,omitempty"`
	Classes    []node.Class    `json:"classes,omitempty"`
}

type handout struct {
	ID          node.Identifier `json:"id"`
	Script      node.Identifier `json:"script"`
	Patient     *person         `json:"patient,omitempty"`
	Medicine    *medicine       `json:"medicine"`
	Packages    string          `json:"packages,omitempty"`
	Recorded    string          `json:"recorded,omitempty"`
	Pharmacist  string          `json:"pharmacist,omitempty"`
	Pharmacy    string          `json:"pharmacy,omitempty"`
	Substituted *bool           `json:"substituted,omitempty"`
}

type folder struct {
	ID       node.Identifier   `json:"id"`
	Date     string            `json:"date,omitempty"`
	Sections []json.RawMessage `json:"sections"`
	read     []*section
}

type section struct {
	LOINC string  `json:"loinc"`
	Text  string  `json:"text,omitempty"`
	Codes []*code `json:"codes,omitempty"`
	Dose  *count  `json:"dose,omitempty"`
	span  translation.Span
}

// place is a coded place of a paper, with the number that it counts where it is a unit.
type place struct {
	field translation.Field
	path  string
	code  *code
	count *count
	span  translation.Span
}

// open reads the JSON and finds the sections.
func open(source []byte) (*paper, error) {
	var p paper
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil || p.Form == "" || p.Kind == "" {
		return nil, &node.Error{Op: "paper.decode", Kind: node.Invalid, Reason: "paper.unreadable", Detail: "The message breaks its form."}
	}
	if p.Summary == nil {
		return &p, nil
	}
	for _, raw := range p.Summary.Sections {
		s := &section{span: spanOf(source, raw)}
		if err := json.Unmarshal(raw, s); err != nil {
			return nil, &node.Error{Op: "paper.decode", Kind: node.Invalid, Reason: "paper.section", Detail: "A section breaks its form."}
		}
		p.Summary.read = append(p.Summary.read, s)
	}
	return &p, nil
}

func spanOf(source, part []byte) translation.Span {
	at := bytes.Index(source, part)
	if at < 0 || len(part) == 0 {
		return translation.Span{}
	}
	return translation.Span{Start: at, End: at + len(part)}
}

// places walks every coded place in a fixed order.
func (p *paper) places() []place {
	var all []place
	add := func(field translation.Field, path string, c *code) {
		if c != nil {
			all = append(all, place{field: field, path: path, code: c})
		}
	}
	add(translation.DocumentCode, "document.code", p.Code)
	for i, s := range p.Scripts {
		prefix := ""
		if len(p.Scripts) > 1 {
			prefix = fmt.Sprintf("prescription[%d].", i)
		}
		all = append(all, s.Medicine.places(prefix+"medication")...)
		all = append(all, s.Dose.place(translation.DoseUnit, prefix+"dosage[0].dose")...)
		all = append(all, s.Total.place(translation.PackageUnit, prefix+"amount.total")...)
	}
	if p.Handout != nil {
		all = append(all, p.Handout.Medicine.places("medication")...)
	}
	if p.Summary != nil {
		for i, s := range p.Summary.read {
			path := fmt.Sprintf("section[%d]", i)
			var inside []place
			for j, c := range s.Codes {
				inside = append(inside, place{field: translation.Diagnosis, path: fmt.Sprintf("%s.code[%d]", path, j), code: c})
			}
			inside = append(inside, s.Dose.place(translation.StrengthUnit, path+".dose")...)
			for k := range inside {
				inside[k].span = s.span
			}
			all = append(all, inside...)
		}
	}
	return all
}

func (c *count) place(field translation.Field, path string) []place {
	if c == nil || c.Unit == nil {
		return nil
	}
	return []place{{field: field, path: path, code: c.Unit, count: c}}
}

func (m *medicine) places(path string) []place {
	if m == nil {
		return nil
	}
	var all []place
	if m.Product != nil {
		all = append(all, place{field: translation.ProductID, path: path + ".product", code: m.Product})
	}
	for i, c := range m.ATC {
		all = append(all, place{field: translation.Classification, path: fmt.Sprintf("%s.classification[%d]", path, i), code: c})
	}
	if m.Form != nil {
		all = append(all, place{field: translation.DoseForm, path: path + ".form", code: m.Form})
	}
	for i, in := range m.Ingredients {
		at := fmt.Sprintf("%s.ingredient[%d]", path, i)
		if in.Substance != nil {
			all = append(all, place{field: translation.Substance, path: at + ".substance", code: in.Substance})
		}
		all = append(all, in.Amount.place(translation.StrengthUnit, at+".strength.numerator")...)
		all = append(all, in.Per.place(translation.StrengthUnit, at+".strength.denominator")...)
	}
	all = append(all, m.Items.place(translation.PackageUnit, path+".package")...)
	all = append(all, m.Content.place(translation.PackageUnit, path+".package.content")...)
	for i, part := range m.Parts {
		all = append(all, part.places(fmt.Sprintf("%s.part[%d]", path, i))...)
	}
	return all
}

func (p place) slot() *translation.Slot {
	now := translation.Coding{System: p.code.System, Code: p.code.Code}
	s := translation.NewSlot(p.field, p.path, now)
	if len(p.code.Also) > 0 {
		s.Compare().Also = p.code.Also
	}
	s.Hops, s.Span = append([]translation.Hop(nil), p.code.Hops...), p.span
	s.SetAbsent(p.code.Absent)
	if p.count != nil {
		s.Number = p.count.Value
	}
	return s
}

// write puts what a slot has become back into the paper.
func (p place) write(s *translation.Slot) {
	p.code.System, p.code.Code = s.Current.System, s.Current.Code
	p.code.Hops, p.code.Words = s.Hops, s.Rendered
	if p.count != nil && s.Amount != "" {
		p.count.Value = s.Amount
	}
}

// paperTongue reads and writes papers. It is a real tongue: what it writes it reads back.
type paperTongue struct{}

var _ node.Tongue = paperTongue{}

// Encode writes the paper in another form, with its slots as they are now and without what is cut.
func (t paperTongue) Encode(d *node.Document, to node.Format, cut []translation.Span, r *node.Report) (*node.Encoded, error) {
	p, err := t.render(d, cut)
	if err != nil {
		return nil, err
	}
	p.Form, p.Report = to, r
	return seal(p, r)
}

func (paperTongue) render(d *node.Document, cut []translation.Span) (*paper, error) {
	p, err := open(d.Source)
	if err != nil {
		return nil, err
	}
	for i, place := range p.places() {
		place.write(d.Slots[i])
	}
	for _, s := range p.Scripts {
		for _, part := range s.Medicine.Parts {
			if len(part.Parts) > 0 {
				return nil, &node.Error{Op: "paper.encode", Kind: node.Untranslatable, Reason: "encode.parts",
					Slot: "medication.part", Detail: "A part of a combination pack has parts of its own."}
			}
		}
	}
	p.At, p.Extra = d.At.Format(time.RFC3339), nil
	if within(spanOf(d.Source, p.Patient.Address), cut) {
		p.Patient.Address = nil
	}
	p.Patient.Protected = false
	if p.Summary != nil {
		p.Summary.Sections = []json.RawMessage{}
		for _, s := range p.Summary.read {
			if !within(s.span, cut) {
				raw, _ := json.Marshal(s)
				p.Summary.Sections = append(p.Summary.Sections, raw)
			}
		}
	}
	return p, nil
}

func within(span translation.Span, cut []translation.Span) bool {
	for _, c := range cut {
		if span.Len() > 0 && span.Start >= c.Start && span.End <= c.End {
			return true
		}
	}
	return false
}

// EncodeListing writes several prescriptions as one paper. It has no place for an address.
func (t paperTongue) EncodeListing(documents []*node.Document, withheld []node.Withheld, to node.Format, r *node.Report) (*node.Encoded, error) {
	whole := &paper{Form: to, Kind: node.AListing, Withheld: withheld, Report: r}
	for i, d := range documents {
		p, err := t.render(d, nil)
		if err != nil {
			e := *node.AsError(err)
			e.Slot = fmt.Sprintf("prescription[%d].%s", i, e.Slot)
			return nil, &e
		}
		whole.Patient = p.Patient
		whole.Patient.Address = nil
		whole.Scripts = append(whole.Scripts, p.Scripts...)
	}
	return seal(whole, r)
}

// EncodeReceipt writes a receipt as JSON.
func (paperTongue) EncodeReceipt(receipt *node.Receipt, jws string) ([]byte, error) {
	return json.Marshal(map[string]string{"id": receipt.ID, "state": string(receipt.State), "digest": receipt.Digest,
		"left": receipt.Left, "closed": receipt.Closed, "seal": jws})
}

func seal(p *paper, r *node.Report) (*node.Encoded, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return &node.Encoded{Format: p.Form, Parts: []node.Part{{ContentType: "application/json", Body: body}}, Hash: sha(body), Report: r}, nil
}

func sha(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
