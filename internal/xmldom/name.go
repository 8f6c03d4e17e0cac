package xmldom

import (
	"hash/maphash"
	"unsafe"
)

// expanded is a name as Namespaces in XML 1.0 understands it, whatever prefix it was written with.
type expanded struct {
	space uint32 // index into spaces
	local string // where it stood first in the source
}

// Space is the namespace of the element's name, "" for none.
func (e Element) Space() string {
	if e.d == nil {
		return ""
	}
	return e.d.spaces[e.d.names[e.record().name].space]
}

// Local is the element's name without prefix.
func (e Element) Local() string {
	if e.d == nil {
		return ""
	}
	return e.d.local(e.record().name)
}

// Name is the number of the element's expanded name, from 0 to Names, for tables beside the document; -1 for an element
// that is not there.
func (e Element) Name() int {
	if e.d == nil {
		return -1
	}
	return int(e.record().name)
}

// Is says whether the element has this expanded name.
func (e Element) Is(space, local string) bool {
	if e.d == nil {
		return false
	}
	id := e.record().name
	return e.d.local(id) == local && e.d.spaces[e.d.names[id].space] == space
}

// Prefix is the prefix that the element's name is written with, "" for none.
func (e Element) Prefix() string {
	if e.d == nil {
		return ""
	}
	prefix, _ := cut(e.d.src, int(e.record().start)+1, e.d.nameEnd(e.at))
	return prefix
}

func (d *Document) local(name uint32) string { return d.names[name].local }

// nameEnd is the offset after the name in a start tag. A name without prefix is as long as its local name; one with a
// prefix is longer, and no delimiter stands in it.
func (d *Document) nameEnd(at int32) int {
	r := &d.elements[at]
	if end := int(r.start) + 1 + len(d.names[r.name].local); class[d.src[end]]&delimits != 0 {
		return end
	}
	return rawName(d.src, int(r.start)+1)
}

// rawName is the offset after a name in a source that was checked: names end at the first delimiter.
func rawName(src []byte, i int) int {
	for class[src[i]]&delimits == 0 {
		i++
	}
	return i
}

// cut divides a name at its colon. A colon at either end divides nothing; such names pass only when xml.name is lifted.
func cut(src []byte, start, end int) (prefix, local string) {
	for i := start + 1; i < end-1; i++ {
		if src[i] == ':' {
			return view(src[start:i]), view(src[i+1 : end])
		}
	}
	return "", view(src[start:end])
}

// view is a string over bytes of the source without a copy. It is safe because nobody changes the source of a Document
// that is in use; the package comment makes that the caller's promise.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// interner gives every expanded name one number. It is a hash table of its own because its keys are bytes of the source
// under a namespace; the seed is random, so nobody can write a document whose names all fall into one slot.
type interner struct {
	seed  maphash.Seed
	slots []uint32    // number of the name plus 1; the length is a power of two
	met   [256]uint32 // number plus 1 of the name that was met last with a length and three letters: most names recur
}

// intern is the number of a name, a new one when it was not met before. Who writes names that all fall into one place of
// what was met last gains nothing: they are looked up.
func (p *parser) intern(space uint32, start, end int) uint32 {
	met := &p.met[(end-start+7*int(p.src[start])+31*int(p.src[(start+end)/2])+57*int(p.src[end-1]))%len(p.met)]
	if *met > 0 {
		if n := &p.names[*met-1]; n.space == space && n.local == string(p.src[start:end]) {
			return *met - 1
		}
	}
	*met = p.lookUp(space, start, end) + 1
	return *met - 1
}

func (p *parser) lookUp(space uint32, start, end int) uint32 {
	if 2*len(p.names) >= len(p.slots) {
		p.rehash()
	}
	local := view(p.src[start:end])
	slot := p.slot(space, local)
	if p.slots[slot] == 0 {
		p.names = append(p.names, expanded{space, local})
		p.slots[slot] = uint32(len(p.names))
	}
	return p.slots[slot] - 1
}

// slot is where a name stands in the table, or the free place where it belongs.
func (p *parser) slot(space uint32, local string) int {
	mask := len(p.slots) - 1
	at := int(maphash.String(p.seed, local)+uint64(space)*0x9E3779B97F4A7C15) & mask
	for ; p.slots[at] != 0; at = (at + 1) & mask {
		n := &p.names[p.slots[at]-1]
		if n.space == space && n.local == local {
			break
		}
	}
	return at
}

func (p *parser) rehash() {
	p.slots = make([]uint32, max(256, 2*len(p.slots)))
	for i, n := range p.names {
		p.slots[p.slot(n.space, n.local)] = uint32(i + 1)
	}
}
