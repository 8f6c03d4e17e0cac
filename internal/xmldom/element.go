package xmldom

import (
	"bytes"
	"iter"
)

// Element is one element of a document, small enough to pass by value. The zero Element is not there: it has no name,
// no attributes and no relatives, so a path of calls needs no check between its steps.
type Element struct {
	d  *Document
	at int32
}

func (e Element) record() *record { return &e.d.elements[e.at] }

// There says whether the element exists.
func (e Element) There() bool { return e.d != nil }

// Index is the element's number in document order, for tables beside the document; -1 for one that is not there.
func (e Element) Index() int {
	if e.d == nil {
		return -1
	}
	return int(e.at)
}

// End is the index after the last descendant: Index+1 up to End are the elements within.
func (e Element) End() int {
	if e.d == nil {
		return -1
	}
	return int(e.record().after)
}

// Parent is the element around this one.
func (e Element) Parent() Element {
	if e.d == nil {
		return Element{}
	}
	return e.d.At(int(e.record().parent))
}

// First is the first child element.
func (e Element) First() Element {
	if e.d == nil || e.record().after == e.at+1 {
		return Element{}
	}
	return Element{e.d, e.at + 1}
}

// Next is the next sibling element.
func (e Element) Next() Element {
	if e.d == nil {
		return Element{}
	}
	r := e.record()
	if int(r.after) >= len(e.d.elements) || e.d.elements[r.after].parent != r.parent {
		return Element{}
	}
	return Element{e.d, r.after}
}

// Child is the first child element of a name.
func (e Element) Child(space, local string) Element {
	for child := e.First(); child.There(); child = child.Next() {
		if child.Is(space, local) {
			return child
		}
	}
	return Element{}
}

// Children gives the child elements in order.
func (e Element) Children() iter.Seq[Element] {
	return func(yield func(Element) bool) {
		for child := e.First(); child.There(); child = child.Next() {
			if !yield(child) {
				return
			}
		}
	}
}

// Span is the whole element, from the start tag's < to the end tag's >.
func (e Element) Span() Span {
	if e.d == nil {
		return Span{}
	}
	r := e.record()
	if e.Empty() {
		return Span{int(r.start), int(r.open)}
	}
	return Span{int(r.start), int(r.shut) + bytes.IndexByte(e.d.src[r.shut:], '>') + 1}
}

// Open is the start tag with its angle brackets; of <a/> the whole element.
func (e Element) Open() Span {
	if e.d == nil {
		return Span{}
	}
	return Span{int(e.record().start), int(e.record().open)}
}

// Content is what stands between the tags; of <a/> the empty span after it.
func (e Element) Content() Span {
	if e.d == nil {
		return Span{}
	}
	return Span{int(e.record().open), int(e.record().shut)}
}

// Speaks says whether anything but white space stands directly in the element: characters, a reference or a CDATA
// section, even an empty one.
func (e Element) Speaks() bool { return e.d != nil && e.record().bears&speaks != 0 }

// Empty says whether the element is written as <a/>. For <a></a> it is false: who splices must know the difference.
func (e Element) Empty() bool {
	if e.d == nil {
		return false
	}
	r := e.record()
	return r.open == r.shut && e.d.src[r.open-2] == '/'
}
