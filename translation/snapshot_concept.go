package translation

import "encoding/binary"

// concept is one concept as it lies in a snapshot: behind its code stand the value sets that it is in, what maps make of
// it, the national codes that lead to it, each part with its length before it, and its names.
type concept struct {
	system int
	code   string
	rest   []byte
}

// The parts of a concept behind its code.
const (
	setsPart = iota
	forwardPart
	backPart
	textsPart // without a length
)

// part begins to read a part.
func (k concept) part(number int) reader {
	r := reader{k.rest}
	for range number {
		r.take(r.number())
	}
	if number == textsPart {
		return r
	}
	return reader{r.take(r.number())}
}

// reader takes numbers and texts from the front of some bytes.
type reader struct{ b []byte }

func (r *reader) number() int {
	if first := r.b[0]; first < 0x80 {
		r.b = r.b[1:]
		return int(first)
	}
	v, n := binary.Uvarint(r.b)
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) take(length int) []byte {
	taken := r.b[:length:length]
	r.b = r.b[length:]
	return taken
}

func (r *reader) reference() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

// at reads the concept that stands at a place.
func (c *Catalogue) at(place uint32) concept {
	r := reader{c.concepts[place:]}
	system := r.number()
	code := text(r.take(r.number()))
	return concept{system, code, r.b}
}

// each hands every concept on, in the order of systems and codes.
func (c *Catalogue) each(take func(concept)) {
	for place := 1; place < len(c.concepts); {
		var found concept
		found, place = c.next(place)
		take(found)
	}
}

// next reads the concept that stands at a place, and where the one after it begins.
func (c *Catalogue) next(place int) (concept, int) {
	found := c.at(uint32(place))
	r := found.part(textsPart)
	for range r.number() {
		r.number()
		r.take(r.number())
	}
	return found, len(c.concepts) - len(r.b)
}

// text is the concept's name in a language, the number of which is asked for.
func (k concept) text(language int) string {
	r := k.part(textsPart)
	for range r.number() {
		own := r.number()
		name := r.take(r.number())
		if own == language {
			return text(name)
		}
	}
	return ""
}

// in says whether the concept is a member of a field's value set, or was, and by which provenance. The number behind the last
// field stands for the national list of the concept's own system.
func (k concept) in(field int) (member, retired bool, provenance int) {
	for r := k.part(setsPart); len(r.b) > 0; {
		entry, note := r.number(), r.number()
		if entry>>1 == field {
			return entry&1 == 0, entry&1 == 1, note
		}
	}
	return false, false, 0
}

// step is what a map makes of a concept.
type step struct {
	relation         Relation
	to               uint32
	unit, provenance int
}

// by reads what a map makes of the concept.
func (k concept) by(m int) (step, bool) {
	for r := k.part(forwardPart); len(r.b) > 0; {
		own := r.number()
		found := step{relation: relations[r.take(1)[0]], to: r.reference(), unit: r.number(), provenance: r.number()}
		if own == m {
			return found, true
		}
	}
	return step{}, false
}

// home finds the national concept that the way home of a map leads to: zero where the map says that there is none.
func (k concept) home(m int) (from uint32, provenance int, known bool) {
	for r := k.part(backPart); len(r.b) > 0; {
		own, from, provenance := r.number(), r.reference(), r.number()
		if own == m {
			return from, provenance, true
		}
	}
	return 0, 0, false
}
