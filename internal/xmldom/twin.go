package xmldom

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"
)

// few attributes are compared each with each; more are sorted, so that many cost little more than their number.
const few = 8

// twin is the offset of the first attribute that is written like an earlier one, or 0.
func (p *parser) twin() int {
	if bits.OnesCount32(p.bears) == len(p.attributes) {
		return 0 // no two have one name
	}
	if len(p.attributes) > few {
		return p.sortedTwin(p.attributes, p.compareRaw)
	}
	for i := 1; i < len(p.attributes); i++ {
		a := &p.attributes[i]
		for j := range i {
			b := &p.attributes[j]
			if a.nameEnd-a.start == b.nameEnd-b.start && string(p.src[a.start:a.nameEnd]) == string(p.src[b.start:b.nameEnd]) {
				return a.start
			}
		}
	}
	return 0
}

// expandedTwin is the offset of the first attribute with a prefix that has the expanded name of an earlier one, or 0
// (Namespaces in XML 1.0, section 6.3).
func (p *parser) expandedTwin() int {
	p.sorted = p.sorted[:0]
	for _, a := range p.attributes {
		if a.colon > 0 && !a.declares {
			p.sorted = append(p.sorted, a)
		}
	}
	return p.sortedTwin(p.sorted, p.compareExpanded)
}

func (p *parser) sortedTwin(attributes []attribute, compare func(a, b attribute) int) int {
	p.sorted = append(p.sorted[:0], attributes...)
	slices.SortStableFunc(p.sorted, compare)
	first := 0
	for i := 1; i < len(p.sorted); i++ {
		a, b := p.sorted[i-1], p.sorted[i]
		if compare(a, b) == 0 && (first == 0 || b.start < first) {
			first = b.start
		}
	}
	return first
}

func (p *parser) compareRaw(a, b attribute) int {
	return bytes.Compare(p.src[a.start:a.nameEnd], p.src[b.start:b.nameEnd])
}

func (p *parser) compareExpanded(a, b attribute) int {
	return cmp.Or(cmp.Compare(a.space, b.space), bytes.Compare(p.src[a.colon+1:a.nameEnd], p.src[b.colon+1:b.nameEnd]))
}
