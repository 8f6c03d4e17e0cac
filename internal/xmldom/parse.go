package xmldom

import (
	"bytes"
	"hash/maphash"
	"math"

	"sild/internal/barrier"
)

// Limits bound what a document may cost. A field that is zero takes the default.
type Limits struct {
	Bytes      int // size of the source; 16 MiB
	Depth      int // elements within each other; 128
	Attributes int // of one element, namespace declarations included; 128
	Elements   int // of the document; 1,048,576
}

func (l Limits) filled() Limits {
	pick := func(wanted, otherwise int) int {
		if wanted == 0 {
			return otherwise
		}
		return wanted
	}
	return Limits{pick(l.Bytes, 16<<20), pick(l.Depth, 128), pick(l.Attributes, 128), pick(l.Elements, 1<<20)}
}

// parser reads one document from front to back. Its steps take the offset where they begin and give the offset where
// they ended, or -1 once err is set.
type parser struct {
	Document
	interner
	limits     Limits
	err        *Error
	current    int32 // the innermost open element, -1 outside the root
	depth      int
	ascii      bool // declared as US-ASCII
	attributes []attribute
	sorted     []attribute
	spaceIDs   map[string]uint32
	bears      uint32  // the bits of these attributes
	binding    int32   // the innermost namespace binding of the innermost open element, -1 for none
	outer      []int32 // and those of the elements around it, from the outside
	known      int32   // the binding whose default namespace is known
	fallback   uint32  // that default namespace
}

// Parse checks a document and finds its elements. The error is always an *Error.
func Parse(src []byte, limits Limits) (*Document, error) {
	p := &parser{limits: limits.filled(), current: -1, binding: -1, known: -1}
	p.src = src
	if !p.document() {
		return nil, p.err
	}
	d := p.Document
	d.elements = fitted(d.elements)
	return &d, nil
}

func (p *parser) document() bool {
	start := len(bom(p.src))
	if !p.bytesFit(start) {
		return false
	}
	i := p.declaration(start)
	if i < 0 || !p.characters(start) {
		return false
	}
	p.prepare()
	for i >= 0 && i < len(p.src) {
		i = p.step(i)
	}
	return i >= 0 && p.finished(start)
}

// bytesFit makes the checks that need no look inside.
func (p *parser) bytesFit(start int) bool {
	switch {
	case len(p.src) > p.limits.Bytes && !barrier.Lifted("xml.size"), len(p.src) > math.MaxInt32:
		return p.refuse("xml.size", 0, "The document is larger than allowed.") > 0
	case wide(p.src) && !barrier.Lifted("xml.encoding"):
		return p.refuse("xml.encoding", 0, "The document is not in UTF-8.") > 0
	case skipWhite(p.src, start) == len(p.src):
		return p.refuse("xml.empty", start, "The document is empty.") > 0
	}
	return true
}

func (p *parser) prepare() {
	p.elements = make([]record, 0, min(elementsIn(p.src), p.limits.Elements))
	p.spaces = append(make([]string, 0, 8), "", SpaceXML, SpaceXMLNS)
	p.spaceIDs = map[string]uint32{"": spaceNone, SpaceXML: spaceXML, SpaceXMLNS: spaceXMLNS}
	p.seed = maphash.MakeSeed()
}

// finished checks what can only be known at the end.
func (p *parser) finished(start int) bool {
	switch {
	case p.current >= 0:
		return p.refuse("xml.nesting", int(p.elements[p.current].start), "An element is never closed.") > 0
	case len(p.elements) == 0:
		return p.refuse("xml.root", start, "The document has no root element.") > 0
	}
	return true
}

// step reads one piece of markup, or the text up to the next.
func (p *parser) step(i int) int {
	if p.src[i] != '<' {
		return p.text(i)
	}
	if i+1 == len(p.src) {
		return p.truncated()
	}
	switch p.src[i+1] {
	case '/':
		return p.endTag(i)
	case '!':
		return p.special(i)
	case '?':
		return p.instruction(i)
	}
	return p.startTag(i)
}

func (p *parser) truncated() int {
	return p.refuse("xml.truncated", len(p.src), "The document ends inside its markup.")
}

// saysSomething notes that the open element has text of its own.
func (p *parser) saysSomething() {
	if p.current >= 0 {
		p.elements[p.current].bears |= speaks
	}
}

// text reads character data; outside the root only white space may stand (XML 1.0, production 27).
func (p *parser) text(i int) int {
	if p.current < 0 {
		if i = skipWhite(p.src, i); i == len(p.src) || p.src[i] == '<' {
			return i
		}
		if !barrier.Lifted("xml.root") {
			return p.refuse("xml.root", i, "There is text outside the root element.")
		}
	}
	if i = skipIndent(p.src, i); i == len(p.src) || p.src[i] == '<' {
		return i
	}
	p.saysSomething()
	for {
		i = find(p.src, i, '<', '&', ']')
		if i == len(p.src) || p.src[i] == '<' {
			return i
		}
		if p.src[i] == '&' {
			if i = p.reference(i); i < 0 {
				return i
			}
			continue
		}
		if bytes.HasPrefix(p.src[i:], []byte("]]>")) && !barrier.Lifted("xml.cdata") {
			return p.refuse("xml.cdata", i, "The end of a CDATA section stands in text.")
		}
		i++
	}
}
