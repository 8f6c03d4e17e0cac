package cda

import (
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
	withheld := s.cut
	s.cut = nil
	sections := s.sections()
	for i, component := range sections {
		section := child(component, "section")
		switch whole := span(component); {
		case whole.In(withheld), !s.inReader() && s.saysNothing(i, section):
			s.silence(component, section)
		case touches(whole, withheld):
			s.retell(section, withheld)
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
}

// sections are the components of the body that hold a section.
func (s *splicer) sections() []xmldom.Element {
	var found []xmldom.Element
	for _, component := range each(path(s.xml.Root(), "component", "structuredBody"), "component") {
		if child(component, "section").There() {
			found = append(found, component)
		}
	}
	return found
}

// inReader says that the document has been put into a reader's words: it is at its destination.
func (s *splicer) inReader() bool {
	for _, slot := range s.doc.Slots {
		if slot.Rendered != "" {
			return true
		}
	}
	return false
}

// saysNothing says that the record knows a section of a summary as one without information.
func (s *splicer) saysNothing(nth int, _ xmldom.Element) bool {
	return s.doc.Summary != nil && nth < len(s.doc.Summary.Sections) && s.doc.Summary.Sections[nth].State == node.NoInformation
}

// silence writes a section as one of which nothing is known.
func (s *splicer) silence(component, section xmldom.Element) {
	whole, code := span(component), attr(child(section, "code"), "code")
	s.cut = append(s.cut, whole)
	block := s.nothing(code, component)
	s.replace(whole.Start, whole.End, block)
	if len(block) > 0 {
		s.lose(node.SectionPath(code, 1), fixedWords)
	}
}

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
		present[attr(path(component, "section", "code"), "code")] = true
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

// retell writes the narrative of a section anew from what is left of the record, and puts the words that other places
// of the section took from the old one where they were referred to.
func (s *splicer) retell(section xmldom.Element, withheld []translation.Span) {
	text := child(section, "text")
	if !text.There() {
		return
	}
	ids := map[string]xmldom.Element{}
	for i := text.Index(); i < text.End(); i++ {
		if id, ok := s.xml.At(i).Attr("ID"); ok {
			ids["#"+id] = s.xml.At(i)
		}
	}
	for i := text.End(); i < section.End(); i++ {
		e := s.xml.At(i)
		if e.Local() != "reference" || span(e).In(withheld) {
			continue
		}
		if told, ok := ids[attr(e, "value")]; ok && told != text {
			s.replace(e.Span().Start, e.Span().End, xmldom.AppendText(nil, plainText(told)))
		} else if ok {
			s.replace(e.Span().Start, e.Span().End, nil)
		}
	}
	whole := span(text)
	s.cut = append(s.cut, whole)
	s.replace(whole.Start, whole.End, s.narrativeOf(section, text, withheld))
}

// narrativeOf is the generated text of a section without what is withheld.
func (s *splicer) narrativeOf(section, text xmldom.Element, withheld []translation.Span) []byte {
	d := s.doc.Without(withheld)
	told := node.Narrative{}
	switch code := attr(child(section, "code"), "code"); {
	case d.Summary != nil:
		for _, one := range d.Summary.Sections {
			if one.Code == code {
				told = reading.Narrative(d, one, d.Language)
			}
		}
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

func touches(span translation.Span, others []translation.Span) bool {
	for _, other := range others {
		if other.Start < span.End && other.End > span.Start {
			return true
		}
	}
	return false
}
