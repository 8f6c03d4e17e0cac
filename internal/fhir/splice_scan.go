package fhir

import (
	"bytes"
	"encoding/binary"

	"sild/translation"
)

// place is one member of an object or one item of an array in bytes that the strict reader has accepted before. The
// scan checks nothing again: it only finds where things begin and end.
type place struct {
	name  []byte           // the member's name, empty for an item
	start int              // of the name's quote, or of the item
	value translation.Span // of the value
}

// places gives the members of the object or the items of the array that starts at, in source order.
func places(src []byte, at int) func(func(place) bool) {
	return func(yield func(place) bool) {
		if src[at] != '{' && src[at] != '[' {
			return
		}
		i := gap(src, at+1)
		for src[i] != '}' && src[i] != ']' {
			p := place{start: i}
			if src[at] == '{' {
				end := textEnd(src, i)
				p.name = nameIn(src, i, end)
				i = gap(src, gap(src, end)+1)
			}
			p.value = translation.Span{Start: i, End: valueEnd(src, i)}
			if !yield(p) {
				return
			}
			if i = gap(src, p.value.End); src[i] == ',' {
				i = gap(src, i+1)
			}
		}
	}
}

// nameIn is the name that stands in the quotes from i to end, however it is spelled: "section" may be written with
// escapes (RFC 8259 section 8.3).
func nameIn(src []byte, i, end int) []byte {
	name := src[i+1 : end-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		return []byte(unescape(string(name)))
	}
	return name
}

// member finds a member of the object that starts at; the zero place, whose value span is empty, is none.
func member(src []byte, at int, name string) place {
	for p := range places(src, at) {
		if string(p.name) == name {
			return p
		}
	}
	return place{}
}

func (p place) there() bool { return p.value.End > 0 }

// textAt is what a string says; empty for anything else.
func textAt(src []byte, p place) string {
	if p.value.Len() < 2 || src[p.value.Start] != '"' {
		return ""
	}
	text := src[p.value.Start+1 : p.value.End-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		return unescape(string(text))
	}
	return string(text)
}

// gap is the first place at or behind i that is no white space.
func gap(src []byte, i int) int {
	for src[i] == ' ' || src[i] == '\n' || src[i] == '\t' || src[i] == '\r' {
		i++
	}
	return i
}

// textEnd is the place behind the string that starts at i.
func textEnd(src []byte, i int) int {
	for i++; ; i += 2 {
		i = plainEnd(src, i)
		if src[i] == '"' {
			return i + 1
		}
	}
}

// valueEnd is the place behind the value that starts at i.
func valueEnd(src []byte, i int) int {
	switch src[i] {
	case '"':
		return textEnd(src, i)
	case '{', '[':
		return bracketEnd(src, i)
	}
	for src[i] != ',' && src[i] != '}' && src[i] != ']' && src[i] > ' ' {
		i++
		if i == len(src) {
			break
		}
	}
	return i
}

func bracketEnd(src []byte, i int) int {
	for depth := 0; ; i++ {
		i = structure(src, i)
		switch src[i] {
		case '"':
			i = textEnd(src, i) - 1
		case '{', '[':
			depth++
		default:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// structure is the first place at or behind i that is a bracket or a quote. It looks at eight bytes at a time, as
// plainEnd does; the two kinds of bracket differ in one bit only.
func structure(src []byte, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(src); i += 8 {
		w := binary.LittleEndian.Uint64(src[i:])
		folded := w | low*0x20
		opening, closing, quote := folded^(low*'{'), folded^(low*'}'), w^(low*'"')
		found := (opening-low)&^opening | (closing-low)&^closing | (quote-low)&^quote
		if found&high != 0 {
			break
		}
	}
	for ; ; i++ {
		switch src[i] {
		case '"', '{', '}', '[', ']':
			return i
		}
	}
}

// valueStart finds where the value of a member of the object that starts at begins, without looking for its end; 0
// when there is no such member.
func valueStart(src []byte, at int, name string) int {
	i := gap(src, at+1)
	for src[at] == '{' && src[i] == '"' {
		end := textEnd(src, i)
		value := gap(src, gap(src, end)+1)
		if string(nameIn(src, i, end)) == name {
			return value
		}
		if i = gap(src, valueEnd(src, value)); src[i] == ',' {
			i = gap(src, i+1)
		}
	}
	return 0
}
