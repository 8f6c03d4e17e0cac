package cda

import (
	"strings"

	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// mostNested bounds the sections that stand in others; documents of the field have a few or none.
const mostNested = 64

// withholdable names the sections of a summary as what a rule or a patient may withhold: each under every code that it
// bears, in whatever section it stands. It leaves with the component around it, so it must be alone there.
func (d *decoder) withholdable(body xmldom.Element) {
	within, end, nested := "", 0, 0
	nth := map[string]int{}
	for i := body.Index() + 1; i < body.End() && d.err == nil; i++ {
		section := d.xml.At(i)
		if section.Local() != "section" || !known(section) {
			continue
		}
		component, codes := section.Parent(), codesOf(section)
		inner := i < end
		if child(component, "section") != section || component.Local() != "component" || !inner && component.Parent() != body {
			d.refuse("cda.section", section, "a section that is not alone in a component of the body or of another section")
		}
		if !inner {
			nth[codes[0]]++
			within, end = node.SectionPath(codes[0], nth[codes[0]]), section.End()
		} else if nested++; nested > mostNested {
			d.refuse("cda.section", section, "more sections in sections than any summary has")
		}
		for _, code := range codes {
			d.doc.Elements = append(d.doc.Elements, node.Element{Name: "section:" + code, Spans: []translation.Span{span(component)},
				Section: within, Nested: inner})
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
