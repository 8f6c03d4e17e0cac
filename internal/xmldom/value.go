package xmldom

import (
	"bytes"
	"iter"
	"strings"

	"sild/internal/barrier"
)

// Attribute is one attribute as it is written in its start tag, its value normalised (XML 1.0, 3.3.3). A namespace
// declaration is an attribute of the namespace SpaceXMLNS.
type Attribute struct {
	Space, Prefix, Local, Value string

	Span      Span // from the name to the closing quote
	ValueSpan Span // between the quotes
}

// raw is one attribute as it is found again in a start tag.
type raw struct{ start, nameEnd, open, shut int }

// next finds the attribute at or after an offset of a start tag that was checked.
func next(src []byte, i int) (a raw, ok bool) {
	a.start = skipWhite(src, i)
	if c := src[a.start]; c == '>' || c == '/' {
		return raw{}, false
	}
	a.nameEnd = rawName(src, a.start)
	a.open = skipWhite(src, skipWhite(src, a.nameEnd)+1) + 1
	a.shut = a.open + bytes.IndexByte(src[a.open:], src[a.open-1])
	return a, true
}

// Attr is the value of the attribute without namespace; it has no prefix in the source.
func (e Element) Attr(local string) (value string, ok bool) {
	if e.d == nil {
		return "", false
	}
	if barrier.Build { // a prefix may have been let through that stands for no namespace
		return e.AttrNS("", local)
	}
	if e.record().bears&bit(local) == 0 {
		return "", false
	}
	src := e.d.src
	for a, ok := next(src, e.d.nameEnd(e.at)); ok; a, ok = next(src, a.shut+1) {
		if string(src[a.start:a.nameEnd]) == local {
			if declaresSpace(src[a.start:a.nameEnd]) || strings.IndexByte(local, ':') >= 0 {
				return "", false
			}
			return decodedValue(src[a.open:a.shut]), true
		}
	}
	return "", false
}

// Values writes the values of the attributes without namespace that bear one of the names, which have no colon, into a
// slice of empty texts beside them, and says whether there is any. It goes through the start tag once.
func (e Element) Values(names, into []string) (any bool) {
	if e.d == nil || !e.mayBear(names) {
		return false
	}
	src, left := e.d.src, len(names)
	for a, ok := next(src, e.d.nameEnd(e.at)); ok; a, ok = next(src, a.shut+1) {
		i := a.among(src, names)
		if i < 0 {
			continue
		}
		if into[i] == "" { // of two that a lifted check let through the first counts
			into[i] = decodedValue(src[a.open:a.shut])
		}
		any = true
		if left--; left == 0 {
			break
		}
	}
	return any
}

// Find writes where the attributes without namespace stand that bear one of the names, which have no colon, into a slice
// beside them; where there is none the slice keeps what it held. It goes through the start tag once.
func (e Element) Find(names []string, into []Attribute) {
	if e.d == nil || !e.mayBear(names) {
		return
	}
	src := e.d.src
	for a, ok := next(src, e.d.nameEnd(e.at)); ok; a, ok = next(src, a.shut+1) {
		if i := a.among(src, names); i >= 0 && into[i].Span.End == 0 {
			into[i] = Attribute{Local: names[i], Value: decodedValue(src[a.open:a.shut]), Span: Span{a.start, a.shut + 1},
				ValueSpan: Span{a.open, a.shut}}
		}
	}
}

// mayBear says that the element may have an attribute of one of the names; no is certain.
func (e Element) mayBear(names []string) bool {
	return e.record().bears&bitsOf(names) != 0
}

// among is which of the names, which have no colon, the attribute bears, or -1.
func (a raw) among(src []byte, names []string) int {
	for i, name := range names {
		if string(src[a.start:a.nameEnd]) == name && !declaresSpace(src[a.start:a.nameEnd]) {
			return i
		}
	}
	return -1
}

// AttrNS is the value of the attribute with an expanded name.
func (e Element) AttrNS(space, local string) (value string, ok bool) {
	if e.d == nil || e.record().bears&bit(local) == 0 {
		return "", false
	}
	src := e.d.src
	for a, ok := next(src, e.d.nameEnd(e.at)); ok; a, ok = next(src, a.shut+1) {
		if !bytes.HasSuffix(src[a.start:a.nameEnd], []byte(local)) {
			continue
		}
		if at, _, name := e.expand(a); name == local && at == space {
			return decodedValue(src[a.open:a.shut]), true
		}
	}
	return "", false
}

// expand is the expanded name of an attribute. The default namespace is none of an attribute's (Namespaces in XML 1.0,
// section 6.2).
func (e Element) expand(a raw) (space, prefix, local string) {
	if string(e.d.src[a.start:a.nameEnd]) == "xmlns" {
		return SpaceXMLNS, "", "xmlns"
	}
	prefix, local = cut(e.d.src, a.start, a.nameEnd)
	if prefix != "" {
		space, _ = e.Resolve(prefix)
	}
	return space, prefix, local
}

// Attributes gives the attributes in the order of the source, namespace declarations among them.
func (e Element) Attributes() iter.Seq[Attribute] {
	return func(yield func(Attribute) bool) {
		if e.d == nil {
			return
		}
		for a, ok := next(e.d.src, e.d.nameEnd(e.at)); ok; a, ok = next(e.d.src, a.shut+1) {
			out := Attribute{Span: Span{a.start, a.shut + 1}, ValueSpan: Span{a.open, a.shut}}
			out.Space, out.Prefix, out.Local = e.expand(a)
			out.Value = decodedValue(e.d.src[a.open:a.shut])
			if !yield(out) {
				return
			}
		}
	}
}

// decodedValue normalises the value of an attribute: white space becomes spaces, a line end of two characters one space,
// references become what they stand for and are not touched again (XML 1.0, 2.11 and 3.3.3; without a document type
// declaration every attribute is CDATA).
func decodedValue(b []byte) string {
	for i, c := range b {
		if class[c]&decodes != 0 {
			return string(appendValue(make([]byte, 0, len(b)), b, i))
		}
	}
	return view(b)
}

func appendValue(dst, b []byte, i int) []byte {
	dst = append(dst, b[:i]...)
	for i < len(b) {
		size := 1
		switch c := b[i]; c {
		case '&':
			dst, size = decode(dst, b[i:])
		case '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				size = 2
			}
			dst = append(dst, ' ')
		case '\t', '\n':
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
		i += size
	}
	return dst
}
