package cda

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"sild/internal/barrier"
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// Decode reads a CDA document of any kind that this tongue knows: prescription, dispensation, patient summary and
// medication overview, level 3 or level 1. A refusal is a *node.Error of kind Invalid whose detail names the place and
// never the content.
func (t Tongue) Decode(source []byte) (*node.Document, error) {
	x, err := xmldom.Parse(source, t.Limits)
	if err != nil {
		return nil, malformed(err)
	}
	d := &decoder{tongue: t, xml: x, src: source, claimed: make([]bool, x.Len()), told: make([]bool, x.Len()), heeded: make([]bool, x.Len()),
		leads: make([]int32, x.Len()), strict: true, systems: map[string]string{}, diseases: map[[2]string]bool{}, texts: map[int]xmldom.Element{}}
	d.doc = &node.Document{Source: source, Format: node.CDA3, Kept: x, Slots: make([]*translation.Slot, 0, len(source)/bytesPerPlace+8)}
	d.document()
	if d.err != nil {
		return nil, d.err
	}
	d.doc.Quotes = toldBy(x, d.quotes)
	return d.doc, nil
}

// malformed is the reader's refusal as the faces know errors.
func malformed(err error) *node.Error {
	e := &node.Error{Op: "cda.decode", Kind: node.Invalid, Reason: "xml.malformed", Err: err,
		Detail: "The document cannot be read as XML."}
	var known *xmldom.Error
	if errors.As(err, &known) {
		e.Reason = known.Check
		e.Detail = fmt.Sprintf("The document cannot be read: line %d, column %d: %s.", known.Line, known.Column, strings.TrimSuffix(known.Why, "."))
	}
	return e
}

// decoder is one reading of a document: what was found so far, and which elements a field of the record has taken.
type decoder struct {
	tongue    Tongue
	xml       *xmldom.Document
	src       []byte
	doc       *node.Document
	claimed   []bool                    // by element: a record field, a slot or the structure of the form holds it
	told      []bool                    // by element: its own text is held too
	heeded    []bool                    // by element: the record says of which mood it is, and whether it is denied
	authors   map[int]node.Practitioner // who was read already, by the element that names them
	slab      []translation.Slot
	systems   map[string]string      // code systems by their number as written
	diseases  map[[2]string]bool     // whether a code system, by number and name, is one of diseases
	leads     []int32                // by element: the one that it refers to, counted from 1; 0 where it leads nowhere
	texts     map[int]xmldom.Element // of the sections, by the section
	sections  map[int]string         // by component of the body of a summary: how the record paths of its section begin
	quotes    []quote
	diagnosed []int              // see toldDiagnoses
	causes    []translation.Span // the statements of a diagnosis, in order
	telling   []translation.Span // the passages of the narrative that tell of one
	strict    bool               // numbers must be plain and not negative: a prescription or dispensation, not a laboratory
	err       *node.Error
}

// lifted says that a test build has switched the check off.
func lifted(check string) bool { return barrier.Lifted(check) }

// refuse keeps the first reason why the document is not taken.
func (d *decoder) refuse(reason string, at xmldom.Element, what string) {
	if d.err != nil || lifted(reason) {
		return
	}
	line, column := d.position(at.Span().Start)
	d.err = &node.Error{Op: "cda.decode", Kind: node.Invalid, Reason: reason,
		Detail: fmt.Sprintf("The document cannot be used: line %d, column %d: %s.", line, column, what)}
}

// position counts lines and characters from 1.
func (d *decoder) position(offset int) (line, column int) {
	line, column = 1, 1
	for _, r := range string(d.src[:min(offset, len(d.src))]) {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}

// document reads the whole document by its kind.
func (d *decoder) document() {
	root := d.xml.Root()
	if !root.Is(oid.V3, "ClinicalDocument") {
		d.refuse("cda.root", root, "not a clinical document of HL7 v3")
	}
	if d.err != nil {
		return
	}
	if d.checkIDs(); d.err != nil {
		return
	}
	kinds := map[string]node.DocumentKind{oid.PrescriptionDocument: node.APrescription, oid.DispensationDocument: node.ADispensation,
		oid.SummaryDocument: node.ASummary, oid.OverviewDocument: node.AnOverview}
	code, _ := child(root, "code").Attr("code")
	if d.doc.Kind = kinds[code]; d.doc.Kind == "" {
		d.refuse("cda.document-code", child(root, "code"), "no kind of document that this contact point knows")
	}
	if d.err != nil {
		return
	}
	d.strict = d.doc.Kind == node.APrescription || d.doc.Kind == node.ADispensation
	d.header(root)
	d.body(root)
	d.envelope(root)
	if d.err == nil {
		d.leftovers()
	}
}

// body reads what stands under the header: sections, or at level 1 a PDF.
func (d *decoder) body(root xmldom.Element) {
	component := child(root, "component")
	d.claim(component)
	structured := child(component, "structuredBody")
	if len(every(root, "component")) > 1 || len(every(component, "structuredBody"))+len(every(component, "nonXMLBody")) > 1 {
		d.refuse("cda.body", root, "a document with more than one body")
	}
	if !structured.There() {
		d.levelOne(root, child(component, "nonXMLBody"))
		return
	}
	d.claim(structured)
	switch d.doc.Kind {
	case node.APrescription:
		d.prescriptions(structured)
	case node.ADispensation:
		d.dispensation(structured)
	default:
		d.summary(structured)
	}
}

// envelope names the parts of the header that a rule may withhold: where the patient lives, and those who are near.
func (d *decoder) envelope(root xmldom.Element) {
	address := node.Element{Name: "address"}
	for part := range root.Children() {
		switch part.Local() {
		case "recordTarget", "participant", "informant":
			address.Spans = append(address.Spans, d.addresses(part)...)
		}
	}
	if len(address.Spans) > 0 {
		d.doc.Elements = append(d.doc.Elements, address)
	}
}

// addresses are those of the patient, of a guardian, a contact person or kin at the same door, of the place of birth; not
// those of organisations and of people who are there by their profession.
func (d *decoder) addresses(part xmldom.Element) []translation.Span {
	var found []translation.Span
	for i := part.Index() + 1; i < part.End(); i++ {
		switch e := d.xml.At(i); e.Local() {
		case "addr", "telecom":
			found = append(found, span(e))
			i = e.End() - 1
		case "providerOrganization", "scopingOrganization", "assignedEntity":
			i = e.End() - 1
		case "associatedEntity":
			if attr(e, "classCode") == "PROV" {
				i = e.End() - 1
			}
		}
	}
	return found
}

// checkIDs refuses a document in which a reference could mean two places (XML 1.0 3.3.1, validity constraint ID), or
// whose references come to far more text than it has: whoever writes the words out would write them many times.
func (d *decoder) checkIDs() {
	ids := map[string]int32{}
	for e := range d.xml.Bearing("ID") {
		id, ok := e.Attr("ID")
		if !ok {
			continue
		}
		if _, twice := ids[id]; twice {
			d.refuse("cda.duplicate-id", e, "an ID that stands twice")
			continue
		}
		ids[id] = int32(e.Index()) + 1
	}
	d.leadsTo(ids)
}

// leadsTo finds where every reference leads, once. ids are the elements that bear one, counted from 1.
func (d *decoder) leadsTo(ids map[string]int32) {
	told, references := 0, 0
	for e := range d.xml.Named("reference") {
		value, ok := e.Attr("value")
		if !ok {
			continue
		}
		d.leads[e.Index()] = ids[strings.TrimPrefix(value, "#")]
		content := d.led(e).Content()
		if content.End > 0 {
			references++
		}
		if told += content.End - content.Start; told > mostTold+4*len(d.src) {
			d.refuse("cda.references", e, "references that lead to far more text than the document has")
			return
		}
	}
	d.quotes = slices.Grow(d.quotes, references+references/8) // some are read twice
}

// mostTold is how much text the references of any document may lead to; a large one may have four times its size more.
const mostTold = 1 << 20

// led is where a reference leads within the document, or nowhere.
func (d *decoder) led(reference xmldom.Element) xmldom.Element {
	if !reference.There() {
		return reference
	}
	return d.xml.At(int(d.leads[reference.Index()]) - 1)
}

// target is where a reference leads in the narrative of its own section, or nowhere: words of another section would be
// told on where that one is withheld, so such a reference stays residue.
func (d *decoder) target(reference xmldom.Element) xmldom.Element {
	found := d.led(reference)
	if text := d.textOf(sectionAround(reference)); text.There() && found.Index() >= text.Index() && found.Index() < text.End() {
		return found
	}
	return xmldom.Element{}
}

// textOf is the narrative of a section, looked for once: it may stand behind thousands of entries.
func (d *decoder) textOf(section xmldom.Element) xmldom.Element {
	if !section.There() {
		return section
	}
	text, ok := d.texts[section.Index()]
	if !ok {
		text = child(section, "text")
		d.texts[section.Index()] = text
	}
	return text
}

// claim notes that the structure of the form or a record field holds the element itself; what stands in it, its text
// too, is its own.
func (d *decoder) claim(e xmldom.Element) xmldom.Element {
	if e.There() {
		d.claimed[e.Index()] = true
	}
	return e
}

// claimAll notes that the record holds the element and everything in it.
func (d *decoder) claimAll(e xmldom.Element) {
	if !e.There() {
		return
	}
	for i := e.Index(); i < e.End(); i++ {
		d.claimed[i], d.told[i] = true, true
	}
}

// claimText notes that the record holds the element and the text in it. What an element within says by its attributes is
// not text, unless it is a reference that leads somewhere.
func (d *decoder) claimText(e xmldom.Element) {
	if !e.There() {
		return
	}
	for i := e.Index(); i < e.End(); i++ {
		within := d.xml.At(i)
		d.told[i] = true
		d.claimed[i] = i == e.Index() || !marks(within) || within.Local() == "reference" && d.target(within).There()
	}
}

// release takes back that the record holds the element and what stands in it.
func (d *decoder) release(e xmldom.Element) {
	for i := max(e.Index(), 0); i < e.End(); i++ {
		d.claimed[i], d.told[i] = false, false
	}
}

func span(e xmldom.Element) translation.Span {
	s := e.Span()
	return translation.Span{Start: s.Start, End: s.End}
}

// known says that an element belongs to a namespace of the form; foreign ones are residue.
func known(e xmldom.Element) bool {
	switch e.Space() {
	case oid.V3, oid.Pharm, oid.Epsos:
		return true
	}
	return false
}

// child is the first child of the name in any namespace of the form: documents of several waves, and the pharm prefix
// that is rebound on the way, put one element into different ones.
func child(e xmldom.Element, local string) xmldom.Element {
	for c := e.First(); c.There(); c = c.Next() {
		if c.Local() == local && known(c) {
			return c
		}
	}
	return xmldom.Element{}
}

// path goes down by names.
func path(e xmldom.Element, names ...string) xmldom.Element {
	for _, name := range names {
		e = child(e, name)
	}
	return e
}

// each gives the children of the name.
func each(e xmldom.Element, local string) iter.Seq[xmldom.Element] {
	return func(yield func(xmldom.Element) bool) {
		for c := e.First(); c.There(); c = c.Next() {
			if c.Local() == local && known(c) && !yield(c) {
				return
			}
		}
	}
}

// every lists the children of the name.
func every(e xmldom.Element, local string) []xmldom.Element { return slices.Collect(each(e, local)) }

// single is the one child of the name. A second is refused: nobody can say which of the two is meant.
func (d *decoder) single(e xmldom.Element, local string) xmldom.Element {
	found := child(e, local)
	for c := found.Next(); c.There(); c = c.Next() {
		if c.Local() == local && known(c) {
			d.refuse("cda.twice", c, "what can only be said once is said twice")
			break
		}
	}
	return found
}

// sure is the one child of the name where a prescription or dispensation must be right, and the first in a summary.
func (d *decoder) sure(e xmldom.Element, local string) xmldom.Element {
	if !d.strict {
		return child(e, local)
	}
	return d.single(e, local)
}

// negated says that a statement is denied (HL7 v3 ActionNegationInd; XML Schema writes true in two ways).
func negated(e xmldom.Element) bool {
	return isYes(attr(e, "negationInd"))
}

// either is the first child that bears one of two names: the one of today and the one before wave 6.
func either(e xmldom.Element, first, second string) xmldom.Element {
	if found := child(e, first); found.There() {
		return found
	}
	return child(e, second)
}

func attr(e xmldom.Element, name string) string {
	value, _ := e.Attr(name)
	return value
}

// take is an attribute of an element that a record field holds from now on.
func (d *decoder) take(e xmldom.Element, name string) string {
	value, ok := e.Attr(name)
	if ok {
		d.claim(e)
	}
	return value
}

// leftovers names everything that no field of the record took: coded places become slots of their own, so that they
// are kept, shown and counted; the rest becomes residue. Nothing is dropped in silence.
func (d *decoder) leftovers() {
	places := d.places()
	for e := range d.xml.Bearing("code", "codeSystem", "unit") {
		if !d.claimed[e.Index()] && isCoded(e) {
			d.other(e, places)
		}
		if d.err != nil {
			return
		}
	}
	slices.SortStableFunc(d.doc.Slots, func(a, b *translation.Slot) int { return a.Span.Start - b.Span.Start })
	d.residue(places)
}
