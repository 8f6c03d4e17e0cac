package compose

import (
	"strings"

	"sild/node"
)

// Mandatory lists the codes of the sections that every patient summary must have, in the order in which they are added
// where they are missing (MyHealth@EU patient summary).
func Mandatory() []string {
	var codes []string
	for _, rule := range sectionRules {
		if rule.required {
			codes = append(codes, rule.code)
		}
	}
	return codes
}

// NoInformation is the component of a section of which nothing is known, in fixed words of the document's language; false
// for a section that a summary need not have. It is the same whether the section was never recorded or is withheld.
func NoInformation(d *node.Document, code string, o Options) ([]byte, bool) {
	rule := ruleOf(code)
	if !rule.required {
		return nil, false
	}
	c := newComposer(&node.Document{Kind: node.ASummary, ID: d.ID, Language: d.Language, Summary: &node.Summary{}}, o, nil)
	c.documentID("L3")
	c.b = c.b[:0]
	c.statements(&node.Section{Code: code, State: node.NoInformation}, node.SectionPath(code, 1))
	return c.b, true
}

// Text is a narrative as the text element of a section whose elements bear the prefix, empty or with its colon.
func Text(told node.Narrative, prefix string) []byte {
	c := newComposer(&node.Document{}, Options{}, nil)
	c.start("text", "styleCode", styleOf(told))
	c.strucDoc(told)
	c.end()
	if prefix == "" {
		return c.b
	}
	return []byte(strings.NewReplacer("</", "</"+prefix, "<", "<"+prefix).Replace(string(c.b)))
}
