package xmldom

import (
	"iter"
	"slices"
)

// Span is a half-open range of bytes of the source.
type Span struct{ Start, End int }

// Document is a source that was read, and where its elements stand in it.
type Document struct {
	src      []byte
	elements []record
	names    []expanded
	bindings []binding
	scopes   []scope // of the elements that declare a namespace, in document order
	spaces   []string
}

// record is one element. It holds no pointer, so the collector never looks into the arena.
type record struct {
	start, open uint32 // offset of the start tag, and of what follows it
	shut        uint32 // offset of the end tag; open for <a/>
	parent      int32  // -1 at the root
	after       int32  // index after the last descendant
	name        uint32 // index into names
	bears       uint32 // the attributes that it may have: see bit; and speaks
}

// speaks says that more than white space stands directly in an element.
const speaks = 1 << 31

// Root is the document element; it has index 0.
func (d *Document) Root() Element { return d.At(0) }

// Source is the bytes that were parsed, byte order mark included.
func (d *Document) Source() []byte { return d.src }

// Len is how many elements there are.
func (d *Document) Len() int { return len(d.elements) }

// Names is how many different expanded names the elements have: see Element.Name.
func (d *Document) Names() int { return len(d.names) }

// At is the element with an index in document order; one that is not there outside 0 to Len.
func (d *Document) At(index int) Element {
	if d == nil || index < 0 || index >= len(d.elements) {
		return Element{}
	}
	return Element{d, int32(index)}
}

// Starting is the element whose start tag begins at an offset of the source, or one that is not there.
func (d *Document) Starting(offset int) Element {
	i, found := slices.BinarySearchFunc(d.elements, offset, func(r record, offset int) int { return int(r.start) - offset })
	if !found {
		return Element{}
	}
	return Element{d, int32(i)}
}

// Bearing gives, in document order, the elements that may have an attribute of one of the names; every other has none.
func (d *Document) Bearing(names ...string) iter.Seq[Element] {
	wanted := bitsOf(names)
	return func(yield func(Element) bool) {
		for i := range d.elements {
			if d.elements[i].bears&wanted != 0 && !yield(Element{d, int32(i)}) {
				return
			}
		}
	}
}

// Named gives the elements of a local name, whatever its namespace, in document order.
func (d *Document) Named(local string) iter.Seq[Element] {
	return func(yield func(Element) bool) {
		var numbers []uint32
		for i := range d.names {
			if d.local(uint32(i)) == local {
				numbers = append(numbers, uint32(i))
			}
		}
		if len(numbers) == 0 {
			return
		}
		first, others := numbers[0], numbers[1:]
		for i := range d.elements {
			name := d.elements[i].name
			if (name == first || len(others) > 0 && slices.Contains(others, name)) && !yield(Element{d, int32(i)}) {
				return
			}
		}
	}
}

// Elements gives every element in document order.
func (d *Document) Elements() iter.Seq[Element] {
	return func(yield func(Element) bool) {
		for i := range d.elements {
			if !yield(Element{d, int32(i)}) {
				return
			}
		}
	}
}
