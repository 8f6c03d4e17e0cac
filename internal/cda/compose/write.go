package compose

import (
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
)

// writer appends XML. It puts no white space between elements: in a narrative that would be text.
type writer struct {
	b        []byte
	open     []string
	broken   string   // the first attribute with a character that XML does not have: a code is then no longer itself
	replaced []string // texts in which such a character was replaced
}

// start opens an element with attributes in pairs; an attribute without a value is left out.
func (w *writer) start(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b = append(w.b, '>')
	w.open = append(w.open, name)
}

// empty writes an element without content.
func (w *writer) empty(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b = append(w.b, "/>"...)
}

// end closes the element that was opened last.
func (w *writer) end() {
	last := len(w.open) - 1
	w.b = append(append(append(w.b, "</"...), w.open[last]...), '>')
	w.open = w.open[:last]
}

// ends closes several.
func (w *writer) ends(n int) {
	for range n {
		w.end()
	}
}

// words writes an element around a text; without a text it writes nothing.
func (w *writer) words(name, text string) {
	if text == "" {
		return
	}
	w.start(name)
	w.text(text)
	w.end()
}

func (w *writer) text(s string) {
	if !xmldom.Valid(s) {
		w.replaced = append(w.replaced, w.place())
	}
	w.b = xmldom.AppendText(w.b, s)
}

func (w *writer) tag(name string, attributes []string) {
	w.b = append(append(w.b, '<'), name...)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			w.attribute(name, attributes[i], attributes[i+1])
		}
	}
}

func (w *writer) attribute(element, name, value string) {
	if !xmldom.Valid(value) {
		switch place := w.place() + "/" + element + "/@" + name; {
		case name == "displayName" || name == "codeSystemName":
			w.replaced = append(w.replaced, place)
		case w.broken == "":
			w.broken = place
		}
	}
	w.b = append(append(append(w.b, ' '), name...), `="`...)
	w.b = append(xmldom.AppendAttr(w.b, value), '"')
}

// place is where the writer stands, by the names of the open elements: it never holds content.
func (w *writer) place() string { return strings.Join(w.open, "/") }

// templates writes the templateId of each root; ~ stands for the arc of MyHealth@EU, ihe for that of IHE, ccd for CCD's.
func (w *writer) templates(roots ...string) {
	for _, root := range roots {
		w.empty("templateId", "root", template(root))
	}
}

// template is the whole number of a template, from the short form that the rules use: ~ for MyHealth@EU, ihe for IHE
// Patient Care Coordination, ccd for the Continuity of Care Document of HL7.
func template(short string) string {
	for _, arc := range []struct{ prefix, root string }{
		{"~", oid.Root}, {"ihe.", "1.3.6.1.4.1.19376.1.5.3.1."}, {"ccd.", "2.16.840.1.113883.10.20.1."},
	} {
		if rest, ok := strings.CutPrefix(short, arc.prefix); ok {
			return arc.root + rest
		}
	}
	return short
}
