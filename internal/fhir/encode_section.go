package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// plannedSection is one section that is written, with the resources of its entries.
type plannedSection struct {
	*node.Section
	key        string
	statements []statement
}

// sort plans the sections in the order of the record. A section that states that nobody knows anything leaves in the
// very form of one that is not there or was withheld: where the EPS demands it with fixed words, otherwise not at all.
func (p *summaryPlan) sort(elements []node.Element) {
	nth := map[string]int{}
	present := map[string]bool{}
	for i := range p.d.Summary.Sections {
		section := &p.d.Summary.Sections[i]
		if section.State == node.NoInformation {
			p.silence(section, elements)
			continue
		}
		nth[section.Code]++
		present[section.Code] = true
		planned := plannedSection{Section: section, key: node.SectionPath(section.Code, nth[section.Code])}
		p.plan(&planned)
		p.sections = append(p.sections, planned)
	}
	for _, code := range []string{"11450-4", "48765-2", "10160-0", "47519-4", "46264-8"} {
		if !present[code] {
			p.missing = append(p.missing, code)
		}
	}
}

// silence keeps the report from telling that there was a section that says nothing.
func (p *summaryPlan) silence(section *node.Section, elements []node.Element) {
	for _, slot := range section.Slots {
		p.quiet[slot.Path] = true
	}
	for _, element := range elements {
		if element.Name == "section:"+section.Code {
			p.silent = append(slices.Clip(p.silent), element.Spans...)
		}
	}
}

// plan gives the entries of a section their ids: from the section's code and their own number in it, so that no id tells
// of what stands, or once stood, elsewhere.
func (p *summaryPlan) plan(section *plannedSection) {
	if section.State == node.KnownAbsence && !p.statesAbsence(section.Section) {
		return // emptyReason says it
	}
	for i := range section.Entries {
		s := statement{Entry: &section.Entries[i], path: section.key + ".entry[" + itoa(len(section.statements)) + "]",
			at: section.key + ".entry[" + itoa(i) + "]", section: section.Code,
			language: orElse(section.Narrative.Language, p.language)}
		if !s.sayable() {
			p.lose(s.at, "The pivot form cannot deny this kind of statement, so it is left out.")
			continue
		}
		s.id = entryID(p.root, s.path)
		section.statements = append(section.statements, s)
	}
}

// statesAbsence says that the section's one entry is a code by which every reader knows that there is nothing.
func (p *summaryPlan) statesAbsence(section *node.Section) bool {
	if len(section.Entries) != 1 || p.hidden(section.Entries[0].What) {
		return false
	}
	what := section.Entries[0].What
	return absenceOf(what.Current) == node.KnownAbsence || absenceOf(what.Original()) == node.KnownAbsence
}

// section writes one section: heading, narrative, and entries or the reason why it has none (EPS invariant ips-comp-1).
func (p *summaryPlan) section(s plannedSection) {
	mark := p.object("")
	heading := headingOf(s.Section)
	p.text("title", orElse(s.Title, orElse(wordsOfSlot(heading), s.Code)))
	p.tookAt(heading, s.key+".code")
	p.withCode("code", heading, translation.Coding{System: systemLOINC, Code: s.Code})
	p.narrative(s)
	list := p.array("entry")
	for _, statement := range s.statements {
		p.reference("", statement.id)
	}
	p.close(list)
	switch {
	case len(s.statements) > 0:
	case s.State == node.KnownAbsence:
		p.addedConcept("emptyReason", translation.Coding{System: systemEmptyReason, Code: "nilknown"})
	default:
		p.addedConcept("emptyReason", translation.Coding{})
	}
	p.close(mark)
}

// headingOf is the slot of the section's code.
func headingOf(s *node.Section) *translation.Slot {
	for _, slot := range s.Slots {
		if slot.Field == translation.Section {
			return slot
		}
	}
	return nil
}

// withCode writes a concept that must hold a code, which is added where none of the slot's forms is that one.
func (e *encoder) withCode(name string, slot *translation.Slot, must translation.Coding) {
	for _, form := range formsOf(slot) {
		if form.Same(must) {
			e.concept(name, slot)
			return
		}
	}
	if e.hidden(slot) {
		mark := e.object(name)
		list := e.array("coding")
		e.coding("", must, nil, false)
		e.close(list)
		e.close(mark)
		return
	}
	mark := e.object(name)
	e.took(slot)
	e.conceptBody(slot, must)
	e.close(mark)
}

// narrative writes what people wrote in the source. A section that has none gets the words of its codes, and says that
// a contact point wrote them.
func (p *summaryPlan) narrative(s plannedSection) {
	own := s.Narrative
	language := orElse(own.Language, p.language)
	if own.XHTML != "" && !own.Generated {
		if div := inDiv(own.XHTML, language); narrativeFault(div) == "" {
			p.worded("additional", div)
			return
		}
		p.lose(s.key+".narrative", "The text of the section is no plain text; its codes stand in words.")
	}
	if own.XHTML != "" && own.Generated && narrativeFault(inDiv(own.XHTML, language)) == "" {
		p.generated("text", own.XHTML, language)
		return
	}
	entries := make([]*node.Entry, len(s.statements))
	for i, statement := range s.statements {
		entries[i] = statement.Entry
	}
	p.generated("text", toldOf(s.Section, entries, language), language)
}

// toldOf is a section in the words of the codes of its entries.
func toldOf(s *node.Section, entries []*node.Entry, language string) string {
	var b strings.Builder
	for _, entry := range entries {
		if words := wordsOf(entry, language); words != "" {
			b.WriteString("<li>" + escaped(words) + "</li>")
		}
	}
	if b.Len() == 0 {
		return "<p>" + escaped(orElse(s.Title, s.Code)) + "</p>"
	}
	return "<ul>" + b.String() + "</ul>"
}

// worded writes a narrative of the source's: it may say more than the codes beside it.
func (e *encoder) worded(status, div string) {
	mark := e.object("text")
	e.text("status", status)
	e.text("div", div)
	e.close(mark)
}

// generated writes a narrative of our own making as a member of that name, and marks it.
func (e *encoder) generated(name, xhtml, language string) {
	mark := e.object(name)
	e.addedMark()
	e.text("status", "generated")
	e.text("div", inDiv(xhtml, language))
	e.close(mark)
}

func inDiv(xhtml, language string) string {
	if language == "" {
		return `<div xmlns="` + xhtmlSpace + `">` + xhtml + `</div>`
	}
	language = escapedAttribute(language)
	return `<div xmlns="` + xhtmlSpace + `" lang="` + language + `" xml:lang="` + language + `">` + xhtml + `</div>`
}

// loseUntaken reports every coded place that no element of the written form holds.
func (e *encoder) loseUntaken(slots []*translation.Slot, quiet cutPaths) {
	lost := map[string]bool{}
	if e.report != nil {
		for _, known := range e.report.Lost {
			lost[known.Path] = true
		}
	}
	for _, slot := range slots {
		switch {
		case e.hidden(slot), quiet[slot.Path], lost[e.prefix+slot.Path]:
		case e.has(slot):
			e.loseWords(slot)
		case slot.Field == translation.TimingEvent && slices.Contains(e.whens, slot.Current.Code):
			e.loseWords(slot)
		case slot.Path == "confidentiality" && e.document: // a bare code of the Composition
		case slot.Path == "confidentiality":
			e.lose(slot.Path, "The pivot form has no place for how confidential the document is.")
		case slot.Field == translation.Structural, slot.Field == translation.DocumentCode, slot.Field == translation.Section:
			e.lose(slot.Path, "The grammar of the source's form; the pivot form has its own.")
		default:
			e.lose(slot.Path, "The pivot form has no place for this code.")
		}
	}
}

// loseWords reports the words of a code that stands where R4 has room for the code alone.
func (e *encoder) loseWords(slot *translation.Slot) {
	words := slot.Text
	switch slot.Field {
	case translation.ProductID, translation.TimingEvent:
		words = orElse(words, slot.Original().Display)
	default:
		if !slot.Field.IsUnit() {
			return
		}
	}
	if words != "" && words != slot.Original().Code {
		e.lose(slot.Path+".words", "The pivot form has no place for the words beside this code.")
	}
}
