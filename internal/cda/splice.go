package cda

import (
	"slices"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/splice"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// splicer plans the edits of one document.
type splicer struct {
	tongue Tongue
	doc    *node.Document
	xml    *xmldom.Document
	src    []byte
	cut    []translation.Span // withheld, or written anew as a whole: nothing inside is rendered
	edits  []splice.Edit
	b      []byte               // the texts of all edits, one behind the other: see since
	forms  []translation.Coding // see newForms
	lose   func(path, why string)
}

// Edits plans what a splice changes in the source of a CDA document: renderings of its slots, sections that are withheld
// or that say that nothing is known, and whatever would tell of what is withheld. Everything else stays byte for byte.
func (t Tongue) Edits(d *node.Document, cut []translation.Span, r *node.Report) ([]splice.Edit, error) {
	x, ok := d.Kept.(*xmldom.Document)
	if !ok {
		var err error
		if x, err = xmldom.Parse(d.Source, t.Limits); err != nil {
			return nil, malformed(err)
		}
	}
	s := &splicer{tongue: t, doc: d, xml: x, src: d.Source, cut: slices.Clone(cut), lose: losing(r)}
	rendered := 0
	for _, slot := range d.Slots {
		if hasForms(slot) {
			rendered++
		}
	}
	s.b = make([]byte, 0, bytesPerSlot*rendered)
	s.withhold()
	sections := s.edits
	s.edits = make([]splice.Edit, 0, editsPerSlot*rendered+len(sections))
	for _, slot := range d.Slots {
		if !s.renders(slot) {
			continue
		}
		e := s.at(slot.Span)
		if !e.There() {
			return nil, &node.Error{Op: "cda.splice", Kind: node.Internal, Reason: "splice.span", Slot: slot.Path,
				Detail: "A coded place does not stand where the document says."}
		}
		s.render(e, slot)
	}
	return splice.Merged(sections, s.edits), nil
}

// editsPerSlot is how many edits a rendered slot takes as a rule: of its attributes, and of the translation around.
const (
	editsPerSlot = 4
	bytesPerSlot = 176 // of their texts
)

// since is the text that was written from the mark on. Later texts never grow into it.
func (s *splicer) since(mark int) []byte { return slices.Clip(s.b[mark:]) }

// renders says that a slot may have something to write.
func (s *splicer) renders(slot *translation.Slot) bool {
	return hasForms(slot) && slot.Span.Len() > 0 && !slot.Span.In(s.cut)
}

// hasForms says that a slot has words for its reader or another code by a map.
func hasForms(slot *translation.Slot) bool {
	if slot.Rendered != "" {
		return true
	}
	for i := range slot.Hops {
		if slot.Hops[i].Kind == translation.Transcode {
			return true
		}
	}
	return false
}

// at is the element that stands at a span.
func (s *splicer) at(span translation.Span) xmldom.Element {
	if e := s.xml.Starting(span.Start); e.Span() == (xmldom.Span{Start: span.Start, End: span.End}) {
		return e
	}
	return xmldom.Element{}
}

func (s *splicer) replace(start, end int, text []byte) {
	s.edits = append(s.edits, splice.Edit{Start: start, End: end, Text: text})
}

func (s *splicer) insert(at int, text []byte) { s.replace(at, at, text) }

// render writes what became of a slot into its element.
func (s *splicer) render(e xmldom.Element, slot *translation.Slot) {
	if _, unit := e.Attr("unit"); unit || slot.Field.IsUnit() {
		s.renderQuantity(e, slot)
		return
	}
	forms := s.newForms(slot)
	if len(forms) == 0 {
		return
	}
	s.renderCode(e, slot, forms)
}

// newForms is what a slot's code became after the form that the source shows, oldest first: one for each step by a map,
// and the words of the reader. A form whose code system has no number cannot be written: the one before it stays. What
// it gives holds until it is asked again.
func (s *splicer) newForms(slot *translation.Slot) []translation.Coding {
	forms := s.forms[:0]
	for i := range slot.Hops {
		if slot.Hops[i].Kind != translation.Transcode {
			continue
		}
		to := slot.To(i)
		if _, _, ok := s.tongue.number(to.System); !ok {
			s.lose(slot.Path, "The code system has no number, and a CDA document names systems by number.")
			continue
		}
		forms = append(forms, to)
	}
	s.forms = forms
	if slot.Rendered == "" || slot.Current.Code == "" {
		return forms
	}
	if len(forms) == 0 {
		shown := slot.Current
		if shown.Display == slot.Rendered {
			return nil
		}
		forms = append(forms, shown)
	}
	forms[len(forms)-1].Display = slot.Rendered
	return forms
}

// codeAttributes are the attributes that together are one code, and the one that says why there is none.
var codeAttributes = [...]string{"code", "codeSystem", "codeSystemName", "codeSystemVersion", "displayName", "nullFlavor"}

// inCode is how many of them make the code.
const inCode = len(codeAttributes) - 1

// values are a form's attributes, in the order of codeAttributes.
func (s *splicer) values(form translation.Coding) [inCode]string {
	root, name, _ := s.tongue.number(form.System)
	return [inCode]string{form.Code, root, name, form.Version, form.Display}
}

// renderCode writes the newest form into the element's attributes, and what stood there before into a translation
// around the translations that are there already, so that nesting tells the life of the code from the outside in.
func (s *splicer) renderCode(e xmldom.Element, slot *translation.Slot, forms []translation.Coding) {
	var there [len(codeAttributes)]xmldom.Attribute
	e.Find(codeAttributes[:], there[:])
	var old [inCode]string
	for i := range old {
		old[i] = there[i].Value
	}
	newest := s.values(forms[len(forms)-1])
	if newest[0] == old[0] && newest[1] == old[1] {
		newest[2], newest[3] = old[2], old[3] // the same code under another name: its system is named as it was
		if newest == old {
			return
		}
	}
	s.writeAttributes(e, newest, &there)
	prefix, declare := translationName(e)
	mark, depth := len(s.b), 0
	for i := len(forms) - 2; i >= 0; i-- {
		s.b = appendTranslation(s.b, prefix, declare, s.values(forms[i]))
		depth, declare = depth+1, ""
	}
	if old != [inCode]string{} {
		s.b = appendTranslation(s.b, prefix, declare, old)
		depth++
	}
	open := s.since(mark)
	mark = len(s.b)
	for range depth {
		s.b = append(append(append(s.b, "</"...), prefix...), "translation>"...)
	}
	if depth > 0 {
		s.wrap(e, open, s.since(mark))
	}
}

// writeAttributes changes the attributes of a code in place: changed ones are replaced, missing ones appended, those
// that no longer hold are cut, a null flavour among them.
func (s *splicer) writeAttributes(e xmldom.Element, values [inCode]string, there *[len(codeAttributes)]xmldom.Attribute) {
	first := len(s.edits)
	for i, value := range values {
		switch a := &there[i]; {
		case a.Span.End == 0, value == a.Value && value != "":
		case value == "":
			s.replace(blankBefore(s.src, a.Span.Start), a.Span.End, nil)
		default:
			s.replaceValue(*a, value)
		}
	}
	if null := &there[inCode]; null.Span.End > 0 {
		s.replace(blankBefore(s.src, null.Span.Start), null.Span.End, nil)
	}
	slices.SortFunc(s.edits[first:], func(a, b splice.Edit) int { return a.Start - b.Start })
	mark := len(s.b)
	for i, value := range values {
		if there[i].Span.End == 0 {
			s.b = appendAttribute(s.b, codeAttributes[i], value)
		}
	}
	if len(s.b) > mark {
		s.insert(endOfAttributes(s.src, e), s.since(mark))
	}
}

// appendAttribute writes an attribute behind others; an empty one is left out.
func appendAttribute(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(append(dst, ' '), name...), '=', '"')
	return append(xmldom.AppendAttr(dst, value), '"')
}

// replaceValue writes another value between the quotes of an attribute.
func (s *splicer) replaceValue(a xmldom.Attribute, value string) {
	mark := len(s.b)
	s.b = appendValue(s.b, s.src[a.ValueSpan.Start-1], value)
	s.replace(a.ValueSpan.Start, a.ValueSpan.End, s.since(mark))
}

// appendValue escapes a value for the quotes that stand around it.
func appendValue(dst []byte, quote byte, value string) []byte {
	if quote == '"' || !strings.Contains(value, "'") {
		return xmldom.AppendAttr(dst, value)
	}
	for i, part := range strings.Split(value, "'") {
		if i > 0 {
			dst = append(dst, "&#39;"...)
		}
		dst = xmldom.AppendAttr(dst, part)
	}
	return dst
}

// blankBefore is where the white space before an attribute begins, so that it leaves with it.
func blankBefore(src []byte, at int) int {
	for at > 0 && (src[at-1] == ' ' || src[at-1] == '\t' || src[at-1] == '\n' || src[at-1] == '\r') {
		at--
	}
	return at
}

// endOfAttributes is where another attribute can be put into a start tag.
func endOfAttributes(src []byte, e xmldom.Element) int {
	end := e.Open().End - 1
	if src[end-1] == '/' {
		end--
	}
	return blankBefore(src, end)
}

// wrap puts a translation around the first one that is there, or at the end of the element.
func (s *splicer) wrap(e xmldom.Element, open, closing []byte) {
	if inner := child(e, "translation"); inner.There() {
		s.insert(inner.Span().Start, open)
		s.insert(inner.Span().End, closing)
		return
	}
	s.put(e, open, closing)
}

// put adds content at the end of an element, which may have been written as an empty one.
func (s *splicer) put(e xmldom.Element, content ...[]byte) {
	mark := len(s.b)
	if !e.Empty() {
		for _, part := range content {
			s.b = append(s.b, part...)
		}
		s.insert(e.Content().End, s.since(mark))
		return
	}
	s.b = append(s.b, '>')
	for _, part := range content {
		s.b = append(s.b, part...)
	}
	s.b = append(s.b, "</"...)
	if prefix := e.Prefix(); prefix != "" {
		s.b = append(append(s.b, prefix...), ':')
	}
	s.b = append(append(s.b, e.Local()...), '>')
	end := e.Open().End
	s.replace(end-2, end, s.since(mark))
}

// translationName is the prefix, with its colon, under which a translation inside an element is HL7 v3, and the
// declaration that it needs where none is in scope.
func translationName(e xmldom.Element) (prefix, declare string) {
	if space, _ := e.Resolve(""); space == oid.V3 {
		return "", ""
	}
	if name, ok := e.PrefixFor(oid.V3); ok && name != "" {
		return name + ":", ""
	}
	name := "v3"
	for _, taken := e.Resolve(name); taken; _, taken = e.Resolve(name) {
		name += "x"
	}
	return name + ":", ` xmlns:` + name + `="` + oid.V3 + `"`
}

func appendTranslation(dst []byte, prefix, declare string, values [inCode]string) []byte {
	dst = append(append(append(dst, '<'), prefix...), "translation"...)
	dst = append(dst, declare...)
	for i, value := range values {
		dst = appendAttribute(dst, codeAttributes[i], value)
	}
	return append(dst, '>')
}
