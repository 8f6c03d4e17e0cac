package cda

import (
	"slices"
	"strconv"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
)

// numbering says where elements stand, in a way that does not tell of anything beside them that is withheld.
type numbering struct {
	nth      []int32        // by element: its number among the children of its parent that bear its name, from 1
	sections map[int]string // see decoder
}

// places numbers all elements in one pass.
func (d *decoder) places() *numbering {
	p := &numbering{nth: make([]int32, d.xml.Len()), sections: d.sections}
	seen, of := make([]int32, d.xml.Names()), make([]int32, d.xml.Names()) // by name: how many, and of which parent
	for e := range d.xml.Elements() {
		parent := int32(e.Index()) + 1
		for c := e.First(); c.There(); c = c.Next() {
			name := c.Name()
			if of[name] != parent {
				of[name], seen[name] = parent, 0
			}
			seen[name]++
			p.nth[c.Index()] = seen[name]
		}
	}
	return p
}

// place is where an element stands: the names from the root or from its section down, each with its number, as in
// section[11450-4]/section[1]/entry[2]. It never holds content.
func place(e xmldom.Element, p *numbering) string {
	section, depth := "", 0
	index := e.Index()
	for up := e; up.Parent().There(); up = up.Parent() {
		if section = p.sections[up.Index()]; section != "" {
			index -= up.Index()
			break
		}
		depth++
	}
	var up [deepestPlace + 1]xmldom.Element // from the element outwards; one that is not there stands for those left out
	kept := 0
	for n := range depth {
		switch {
		case depth <= deepestPlace || n < deepestPlace/2 || n >= depth-deepestPlace/2:
			up[kept] = e
			kept++
		case n == deepestPlace/2:
			kept++
		}
		e = e.Parent()
	}
	var scratch [256]byte
	b := append(scratch[:0], section...)
	for i := kept - 1; i >= 0; i-- {
		if len(b) > 0 {
			b = append(b, '/')
		}
		if up[i].There() {
			b = strconv.AppendInt(append(append(b, short(up[i].Local())...), '['), int64(p.nth[up[i].Index()]), 10)
			b = append(b, ']')
		} else {
			b = append(strconv.AppendInt(append(b, "…"...), int64(index), 10), "…"...) // the number of the element keeps the place one of its kind
		}
	}
	return string(b)
}

// deepestPlace and longestName bound what one place costs: a hostile document has many, and deep ones.
const (
	deepestPlace = 32
	longestName  = 40
)

// short is a name of an element up to where no element of the form goes.
func short(name string) string {
	if len(name) <= longestName {
		return name
	}
	return strings.ToValidUTF8(name[:longestName], "")
}

// residue names the largest elements of which no part is held by the record and which say something. It reads the
// claims from the end, so that one pass knows of every element whether anything in it was taken; only what was not is
// looked at closely.
func (d *decoder) residue(places *numbering) {
	taken := slices.Clone(d.claimed)
	for i := len(taken) - 1; i > 0; i-- {
		if taken[i] {
			taken[d.xml.At(i).Parent().Index()] = true
		}
	}
	turned := d.turned()
	for i := 0; i < len(taken) && d.err == nil; {
		if why := turned[i]; why != "" && taken[i] {
			d.leave(d.xml.At(i), places, why)
		}
		if d.told[i] && d.claimed[i] {
			i++
			continue
		}
		e := d.xml.At(i)
		switch {
		case isGrammar(e):
			i = e.End()
		case taken[i]:
			if !d.told[i] && hasOwnText(e) {
				d.leave(e, places, "Its own text is held by no field of the record.")
			}
			i++
		case e.Local() != "reference" && d.onlyLeads(i, e.End()):
			i++ // a reference into another section is named by itself: it leaves where that section is withheld
		default:
			if d.anySpeaks(i, e.End(), turned) {
				d.leave(e, places, "No field of the record holds it.")
			}
			i = e.End()
		}
	}
}

// anySpeaks says that one of the elements carries something.
func (d *decoder) anySpeaks(from, to int, turned map[int]string) bool {
	for i := from; i < to; i++ {
		if turned[i] != "" || speaks(d.xml.At(i)) {
			return true
		}
	}
	return false
}

// onlyLeads says that what the elements carry is nothing but references into a narrative.
func (d *decoder) onlyLeads(from, to int) bool {
	leads := false
	for i := from; i < to; i++ {
		e := d.xml.At(i)
		switch {
		case e.Local() == "reference" && d.led(e).There():
			leads = true
		case speaks(e):
			return false
		}
	}
	return leads
}

func (d *decoder) leave(e xmldom.Element, places *numbering, why string) {
	d.account(e)
	d.doc.Residue = append(d.doc.Residue, node.Residue{Path: place(e, places), Why: why, Span: span(e)})
}

// isGrammar says that an element only tells which rules the document follows.
func isGrammar(e xmldom.Element) bool {
	switch e.Local() {
	case "typeId", "templateId", "realmCode", "versionNumber", "independentInd":
		return known(e) && (e.Empty() || e.First() == (xmldom.Element{}) && !hasOwnText(e))
	}
	return false
}

// speaks says that an element itself carries something that a person or a program may want to know. Of an element that
// is not of the form any attribute may be that.
func speaks(e xmldom.Element) bool { return marks(e) || hasOwnText(e) }

// marks says that it does so by its attributes.
func marks(e xmldom.Element) bool {
	for a := range e.Attributes() {
		switch a.Local {
		case "value", "extension", "root", "code", "unit", "displayName":
			return true
		}
		if a.Space != xmldom.SpaceXMLNS && !known(e) {
			return true
		}
	}
	return false
}

// mostPlaces bounds what one document can make a contact point account for; a large summary has a thousand places. Who
// raises the limits of the reader raises this one with them.
const mostPlaces = 1 << 16

// account counts one more place.
func (d *decoder) account(e xmldom.Element) {
	if len(d.doc.Slots)+len(d.doc.Residue) >= max(mostPlaces, d.tongue.Limits.Elements/8) {
		d.refuse("cda.places", e, "more places to account for than any document has")
	}
}

// hasOwnText says that text stands directly in an element that has children too.
func hasOwnText(e xmldom.Element) bool {
	if !e.Speaks() {
		return false
	}
	for n := range e.Nodes() {
		if n.Kind != xmldom.ElementNode && n.Kind != xmldom.CommentNode && n.Kind != xmldom.InstructionNode &&
			strings.TrimSpace(n.Text()) != "" {
			return true
		}
	}
	return false
}
