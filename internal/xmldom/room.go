package xmldom

import (
	"bytes"
	"slices"
)

// Room for the elements of a document is made by a guess.
const (
	bytesPerElement = 72      // how much of a clinical document one takes at least as a rule
	large           = 1 << 20 // bytes, from which on that is too rough a guess
	sample          = 1 << 10 // bytes of every sampledOf of a large document, in which elements are counted
	sampledOf       = 1 << 15
	spare           = 1 << 12 // elements: room for no more than so many too many stays as it is, 112 kB
)

// elementsIn guesses how many elements a source has, rather too many than too few.
func elementsIn(src []byte) int {
	if len(src) < large {
		return len(src)/bytesPerElement + 4
	}
	found := 0
	for piece := range slices.Chunk(src, sampledOf) {
		found += endsIn(piece[:min(len(piece), sample)])
	}
	return (found + found/32) * (sampledOf / sample)
}

// endsIn counts the elements that end in a piece of a document: each does so at one slash.
func endsIn(piece []byte) int {
	found := 0
	for {
		i := bytes.IndexByte(piece, '/')
		if i < 0 || i+1 == len(piece) {
			return found
		}
		if piece[i+1] == '>' || i > 0 && piece[i-1] == '<' {
			found++
		}
		piece = piece[i+1:]
	}
}

// fitted gives back the room that was made for elements which are not there.
func fitted(elements []record) []record {
	if room := cap(elements) - len(elements); room > max(len(elements)/8, spare) {
		return slices.Clone(elements)
	}
	return elements
}
