package cda

import (
	"slices"

	"sild/internal/cda/compose"
	"sild/internal/cda/oid"
	"sild/internal/reading"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// withhold plans what becomes of what is cut. A section that is withheld and one that says that nothing is known leave
// in the very same form, so that nobody can tell them apart: one that every summary must have with fixed words, any
// other not at all. A summary that speaks to its reader already keeps its own words. What is cut inside a section that
// stays takes the section's narrative with it, since nobody can say which sentence speaks of it.
func (s *splicer) withhold() {
	withheld := widestFirst(s.cut)
	s.cut = nil
	sections := s.sections()
	for i, component := range sections {
		switch whole := span(component); {
		case whole.In(withheld), !s.inReader() && s.saysNothing(i):
			s.silence(component, child(component, "section"))
		case touches(whole, s.parts(withheld)):
			s.retell(component, withheld)
		}
	}
	if s.doc.Summary != nil && !s.inReader() {
		s.complete(sections)
	}
	for _, span := range withheld {
		if !span.In(s.cut) {
			s.cut = append(s.cut, span)
			s.replace(span.Start, span.End, nil)
		}
	}
	if len(s.cut) > 0 {
		s.unlead(withheld)
	}
}

// parts leaves out the references that lead into what is withheld: they say nothing themselves.
func (s *splicer) parts(withheld []translation.Span) []translation.Span {
	return slices.DeleteFunc(slices.Clone(withheld), func(span translation.Span) bool { return s.at(span).Local() == "reference" })
}

// widestFirst puts spans in an order in which none comes before what it stands in. A section that bears two codes, or a
// diagnosis in a section, may be withheld under two names.
func widestFirst(spans []translation.Span) []translation.Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b translation.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	return sorted
}

// sections are the components of the body that hold a section.
func (s *splicer) sections() []xmldom.Element {
	var found []xmldom.Element
	for component := range each(path(s.xml.Root(), "component", "structuredBody"), "component") {
		if child(component, "section").There() {
			found = append(found, component)
		}
	}
	return found
}

// inReader says that the document has been put into a reader's words here: it is at its destination. Words that it came
// with say nothing of that.
func (s *splicer) inReader() bool {
	for _, slot := range s.doc.Slots {
		if slot.Told {
			return true
		}
	}
	return false
}

// saysNothing says that the record knows a section of a summary as one without information.
func (s *splicer) saysNothing(nth int) bool {
	return s.doc.Summary != nil && nth < len(s.doc.Summary.Sections) && s.doc.Summary.Sections[nth].State == node.NoInformation
}

// silence writes a section as one of which nothing is known. One that a country codes in its own way is known by the
// code that every summary must have, where it bears that too.
func (s *splicer) silence(component, section xmldom.Element) {
	whole, codes := span(component), codesOf(section)
	s.cut = append(s.cut, whole)
	code := codes[max(0, slices.IndexFunc(codes, isMandatory))]
	block := s.nothing(code, component)
	s.replace(whole.Start, whole.End, block)
	if len(block) > 0 {
		s.lose(node.SectionPath(code, 1), fixedWords)
	}
}

func isMandatory(code string) bool { return slices.Contains(compose.Mandatory(), code) }

const fixedWords = "A section of which nothing is known is written in the fixed words of this contact point; its own are not sent."

// nothing is the fixed form of a section without information, empty for a section that no summary must have.
func (s *splicer) nothing(code string, where xmldom.Element) []byte {
	block, mandatory := compose.NoInformation(s.doc, code, s.tongue.options())
	if !mandatory {
		return nil
	}
	if space, _ := where.Resolve(""); space != oid.V3 {
		return inSpace(block)
	}
	return block
}

// inSpace declares the namespace on a block that stands where another is the default.
func inSpace(block []byte) []byte {
	const open = "<component"
	return append([]byte(open+` xmlns="`+oid.V3+`"`), block[len(open):]...)
}

// complete appends the sections that every summary must have and this one does not, in the form that says that nothing
// is known.
func (s *splicer) complete(sections []xmldom.Element) {
	body := path(s.xml.Root(), "component", "structuredBody")
	if !body.There() {
		return
	}
	present := map[string]bool{}
	for _, component := range sections {
		for _, code := range codesOf(child(component, "section")) {
			present[code] = true
		}
	}
	var added []byte
	for _, code := range compose.Mandatory() {
		if !present[code] {
			added = append(added, s.nothing(code, body)...)
			s.lose(node.SectionPath(code, 1), fixedWords)
		}
	}
	if len(added) > 0 {
		s.put(body, added)
	}
}

// retell writes the narrative of a section anew from what is left of the record; and of the sections in it that hold
// something withheld too. What stands in a section of which the record has nothing is not told again.
func (s *splicer) retell(component xmldom.Element, withheld []translation.Span) {
	section := child(component, "section")
	for inner := range each(section, "component") {
		if whole := span(inner); touches(whole, s.parts(withheld)) && !whole.In(withheld) {
			s.retell(inner, withheld)
		}
	}
	text := child(section, "text")
	if !text.There() {
		return
	}
	whole := span(text)
	s.cut = append(s.cut, whole)
	s.replace(whole.Start, whole.End, s.narrativeOf(component, text, withheld))
}

// unlead takes out the references that lead into what leaves, and puts the words that they led to in their place where
// these are of a narrative that was told anew for the sake of another part of the section.
func (s *splicer) unlead(withheld []translation.Span) {
	ids := map[string]xmldom.Element{}
	for e := range s.xml.Bearing("ID") {
		if id, ok := e.Attr("ID"); ok && span(e).In(s.cut) {
			ids["#"+id] = e
		}
	}
	for e := range s.xml.Named("reference") {
		told, ok := ids[attr(e, "value")]
		if !ok || span(e).In(s.cut) {
			continue
		}
		var words []byte
		if told.Local() != "text" && !touches(span(told), withheld) && sectionAround(told) == sectionAround(e) {
			words = xmldom.AppendText(nil, plainText(told))
		}
		s.replace(e.Span().Start, e.Span().End, words)
	}
}

// sectionAround is the innermost section that an element stands in.
func sectionAround(e xmldom.Element) xmldom.Element {
	for e.There() && (e.Local() != "section" || !known(e)) {
		e = e.Parent()
	}
	return e
}

// narrativeOf is the generated text of a section without what is withheld.
func (s *splicer) narrativeOf(component, text xmldom.Element, withheld []translation.Span) []byte {
	d := s.doc.Without(withheld)
	told := node.Narrative{}
	switch {
	case d.Summary != nil:
		told = s.statements(d, component, withheld)
	case d.Dispensation != nil:
		told = reading.DispensationNarrative(d, d.Language)
	default:
		for _, p := range d.Prescriptions {
			told.XHTML += reading.PrescriptionNarrative(d, p, d.Language).XHTML
		}
	}
	prefix := text.Prefix()
	if prefix != "" {
		prefix += ":"
	}
	return compose.Text(told, prefix)
}

// statements is the narrative of the section of a summary that stands in the component. What is nested is none of the
// record.
func (s *splicer) statements(view *node.Document, component xmldom.Element, withheld []translation.Span) node.Narrative {
	n := 0
	for _, one := range s.sections() {
		if one == component && n < len(view.Summary.Sections) {
			return reading.Narrative(view, view.Summary.Sections[n], view.Language)
		}
		if !span(one).In(withheld) {
			n++
		}
	}
	return node.Narrative{}
}

func touches(span translation.Span, others []translation.Span) bool {
	for _, other := range others {
		if other.Start < span.End && other.End > span.Start {
			return true
		}
	}
	return false
}
