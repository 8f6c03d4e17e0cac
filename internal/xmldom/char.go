package xmldom

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// What an ASCII byte can be in markup.
const (
	named    = 1 << iota // part of a name without colon (Namespaces in XML 1.0, production 4)
	begins               // and the first of one
	white                // white space (XML 1.0, production 3)
	delimits             // ends a name
	decodes              // is not itself in an attribute value: & and what 3.3.3 turns into a space
)

var class = classes()

func classes() (table [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		table[c], table[c-'a'+'A'] = named|begins, named|begins
	}
	for c := '0'; c <= '9'; c++ {
		table[c] = named
	}
	table['_'], table['-'], table['.'] = named|begins, named, named
	for _, c := range "\t\n\r" {
		table[c] = white | delimits | decodes
	}
	table[' '] = white | delimits
	for _, c := range "=/><\"'" {
		table[c] = delimits
	}
	table['&'] = delimits | decodes
	return table
}

// span of characters, both ends included.
type letters struct{ from, to rune }

// Characters beyond ASCII that may begin a name (XML 1.0 fifth edition, production 4), and those that may only follow
// (production 4a).
var (
	wideBegins = [...]letters{{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D},
		{0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}}
	wideFollows = [...]letters{{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}
)

func within(r rune, ranges []letters) bool {
	for _, span := range ranges {
		if r >= span.from && r <= span.to {
			return true
		}
	}
	return false
}

// ncname is the offset after the name without colon that begins at i; i itself when there is none.
func ncname(src []byte, i int) int {
	j := i
	for j < len(src) && class[src[j]]&named != 0 {
		j++
	}
	if j < len(src) && src[j] >= utf8.RuneSelf {
		return wideName(src, i)
	}
	if j > i && class[src[i]]&begins == 0 {
		return i
	}
	return j
}

func wideName(src []byte, i int) int {
	j := i
	for j < len(src) {
		r, size := utf8.DecodeRune(src[j:])
		switch {
		case r < utf8.RuneSelf && class[r]&begins != 0, r >= utf8.RuneSelf && within(r, wideBegins[:]):
		case j > i && (r < utf8.RuneSelf && class[r]&named != 0 || r >= utf8.RuneSelf && within(r, wideFollows[:])):
		default:
			return j
		}
		j += size
	}
	return j
}

// allowed says whether XML 1.0 has the character (production 2).
func allowed(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0xD800:
		return true
	}
	return r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// Eight bytes at a time. With these the lowest hit is exact, although a borrow may add false ones above it.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func zeros(x uint64) uint64 { return (x - ones) & ^x & highs }

// find is the first place at or after i where one of three bytes stands, or the length of the source.
func find(src []byte, i int, a, b, c byte) int {
	wideA, wideB, wideC := uint64(a)*ones, uint64(b)*ones, uint64(c)*ones
	for ; i+8 <= len(src); i += 8 {
		x := binary.LittleEndian.Uint64(src[i:])
		if hit := zeros(x^wideA) | zeros(x^wideB) | zeros(x^wideC); hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	for i < len(src) && src[i] != a && src[i] != b && src[i] != c {
		i++
	}
	return i
}

// skipIndent is what skipWhite is, for where much of it may stand: between tags that are laid out for people.
func skipIndent(src []byte, i int) int {
	for i < len(src) && class[src[i]]&white != 0 {
		i++
		for i+8 <= len(src) && binary.LittleEndian.Uint64(src[i:]) == ' '*ones {
			i += 8
		}
	}
	return i
}

// skipWhite is the first place at or after i that is not white space.
func skipWhite(src []byte, i int) int {
	for i < len(src) && class[src[i]]&white != 0 {
		i++
	}
	return i
}
