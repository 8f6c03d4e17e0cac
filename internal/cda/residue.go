package cda

import (
	"strconv"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
)

// places numbers every element among the children of its parent, from 1, in one pass.
func (d *decoder) places() []int32 {
	places := make([]int32, d.xml.Len())
	for e := range d.xml.Elements() {
		n := int32(0)
		for c := e.First(); c.There(); c = c.Next() {
			n++
			places[c.Index()] = n
		}
	}
	return places
}

// place is where an element stands: the names from the root down, each with its number among all children of its
// parent, as in component[9]/section[1]. It never holds content.
func place(e xmldom.Element, places []int32) string {
	var names []string
	for ; e.Parent().There(); e = e.Parent() {
		names = append(names, e.Local()+"["+strconv.Itoa(int(places[e.Index()]))+"]")
	}
	var b strings.Builder
	for i := len(names) - 1; i >= 0; i-- {
		if b.Len() > 0 {
			b.WriteByte('/')
		}
		b.WriteString(names[i])
	}
	return b.String()
}

// residue names the largest elements of which no part is held by the record and which say something. It reads the
// claims from the end, so that one pass knows of every element whether anything in it was taken.
func (d *decoder) residue(places []int32) {
	says, taken := make([]bool, d.xml.Len()), make([]bool, d.xml.Len())
	for i := d.xml.Len() - 1; i >= 0; i-- {
		e := d.xml.At(i)
		says[i] = says[i] || speaks(e)
		taken[i] = taken[i] || d.claimed[i]
		if parent := e.Parent(); parent.There() {
			at := parent.Index()
			says[at], taken[at] = says[at] || says[i], taken[at] || taken[i]
		}
	}
	for i := 0; i < d.xml.Len(); {
		e := d.xml.At(i)
		switch {
		case isGrammar(e):
			i = e.End()
		case taken[i]:
			if !d.claimed[i] && hasOwnText(e) {
				d.leave(e, places, "Its own text is held by no field of the record.")
			}
			i++
		default:
			if says[i] {
				d.leave(e, places, "No field of the record holds it.")
			}
			i = e.End()
		}
	}
}

func (d *decoder) leave(e xmldom.Element, places []int32, why string) {
	d.doc.Residue = append(d.doc.Residue, node.Residue{Path: place(e, places), Why: why, Span: span(e)})
}

// isGrammar says that an element only tells which rules the document follows.
func isGrammar(e xmldom.Element) bool {
	switch e.Local() {
	case "typeId", "templateId", "realmCode", "versionNumber", "independentInd":
		return known(e)
	}
	return false
}

// speaks says that an element itself carries something that a person or a program may want to know.
func speaks(e xmldom.Element) bool {
	for a := range e.Attributes() {
		switch a.Local {
		case "value", "extension", "root", "code", "unit", "displayName":
			return true
		}
	}
	return e.First() == (xmldom.Element{}) && strings.TrimSpace(e.Text()) != ""
}

// hasOwnText says that text stands directly in an element that has children too.
func hasOwnText(e xmldom.Element) bool {
	for n := range e.Nodes() {
		if n.Kind != xmldom.ElementNode && n.Kind != xmldom.CommentNode && n.Kind != xmldom.InstructionNode &&
			strings.TrimSpace(n.Text()) != "" {
			return true
		}
	}
	return false
}
