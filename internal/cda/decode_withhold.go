package cda

import (
	"strings"

	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// withholdable names the sections of a summary as what a rule or a patient may withhold: each under every code that it
// bears, in whatever section it stands, with the references that lead into it.
func (d *decoder) withholdable(body xmldom.Element) {
	named := map[int]*node.Element{} // by section
	var order []xmldom.Element
	within, end := "", 0
	nth := map[string]int{}
	for i := body.Index() + 1; i < body.End() && d.err == nil; i++ {
		section := d.xml.At(i)
		if section.Local() != "section" || !known(section) {
			continue
		}
		inner := i < end
		d.alone(section, body, inner)
		if !inner {
			code := codesOf(section)[0]
			nth[code]++
			within, end = node.SectionPath(code, nth[code]), section.End()
		}
		named[i] = &node.Element{Section: within, Nested: inner, Spans: []translation.Span{span(section.Parent())}}
		order = append(order, section)
		if len(order) > 2*mostSections {
			d.refuse("cda.section", section, "more sections in sections than any summary has")
		}
	}
	d.ledInto(body, named)
	for _, section := range order {
		for _, code := range codesOf(section) {
			element := *named[section.Index()]
			element.Name = "section:" + code
			d.doc.Elements = append(d.doc.Elements, element)
		}
	}
}

// alone refuses a section that does not stand by itself in a component of the body or of another section: it leaves with
// the component around it.
func (d *decoder) alone(section, body xmldom.Element, inner bool) {
	component := section.Parent()
	if child(component, "section") != section || component.Local() != "component" || !inner && component.Parent() != body {
		d.refuse("cda.section", section, "a section that is not alone in a component of the body or of another section")
	}
}

// ledInto adds to each section the references that lead into it from outside.
func (d *decoder) ledInto(body xmldom.Element, named map[int]*node.Element) {
	for i := body.Index() + 1; i < body.End() && d.err == nil; i++ {
		e := d.xml.At(i)
		if e.Local() != "reference" {
			continue
		}
		for section := sectionAround(d.led(e)); section.There(); section = sectionAround(section.Parent()) {
			element := named[section.Index()]
			if element == nil || i >= section.Index() && i < section.End() {
				break
			}
			element.Spans = append(element.Spans, span(e))
		}
	}
}

// codesOf are the codes of a section, its own first and then those of its translations, each once: a rule may name a
// section that a country codes in its own way by any of them.
func codesOf(section xmldom.Element) []string {
	all := codesIn(nil, child(section, "code"))
	codes, seen := all[:1], map[string]bool{"": true, all[0]: true}
	for _, code := range all[1:] {
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	return codes
}

func codesIn(codes []string, e xmldom.Element) []string {
	codes = append(codes, strings.TrimSpace(attr(e, "code")))
	for _, inner := range each(e, "translation") {
		codes = codesIn(codes, inner)
	}
	return codes
}
