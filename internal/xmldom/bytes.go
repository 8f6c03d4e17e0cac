package xmldom

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"sild/internal/barrier"
)

const byteOrderMark = "\uFEFF"

// bom is the byte order mark at the start of a source, or nothing.
func bom(src []byte) []byte {
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		return src[:len(byteOrderMark)]
	}
	return nil
}

// wide says whether a source is in UTF-16 or UTF-32, by its byte order mark or by the zero beside its first character
// (XML 1.0, appendix F.1).
func wide(src []byte) bool {
	if len(src) < 2 {
		return false
	}
	mark := binary.BigEndian.Uint16(src)
	return mark == 0xFEFF || mark == 0xFFFE || src[0] == 0 || src[1] == 0
}

// characters checks every byte of the source before anything else is read, so that the rest of the parser may take UTF-8
// and the character set for granted.
func (p *parser) characters(i int) bool {
	for i < len(p.src) {
		if i = pastPlain(p.src, i); i == len(p.src) {
			break
		}
		for stop := min(i+8, len(p.src)); i < stop; {
			size := p.character(i)
			if size < 0 {
				return false
			}
			i += size
		}
	}
	return true
}

// pastPlain is how far plain text goes for certain. Most of it is letters and marks that need no second look.
func pastPlain(src []byte, i int) int {
	for ; i+32 <= len(src); i += 32 {
		b := src[i : i+32]
		w, x, y, z := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
		if (w|x|y|z)&highs != 0 {
			break
		}
		if (w+0x60*ones)&(x+0x60*ones)&(y+0x60*ones)&(z+0x60*ones)&highs == highs {
			continue
		}
		if !plain(w) || !plain(x) || !plain(y) || !plain(z) {
			break
		}
	}
	for i+8 <= len(src) && plain(binary.LittleEndian.Uint64(src[i:])) {
		i += 8
	}
	return i
}

// plain says whether eight bytes are all ASCII and allowed. The sums cannot carry between bytes once no high bit is set.
func plain(x uint64) bool {
	if x&highs != 0 {
		return false
	}
	control := ^(x + 0x60*ones) & highs
	if control == 0 {
		return true
	}
	const most = 0x7F * ones
	tab, feed, carriage := (x^'\t'*ones)+most, (x^'\n'*ones)+most, (x^'\r'*ones)+most
	return control&tab&feed&carriage&highs == 0
}

// character checks one character and gives its size, or -1.
func (p *parser) character(i int) int {
	if c := p.src[i]; c < utf8.RuneSelf {
		if allowed(rune(c)) || barrier.Lifted("xml.char") {
			return 1
		}
		return p.refuse("xml.char", i, "The document contains a character that XML does not allow.")
	}
	if p.ascii && !barrier.Lifted("xml.encoding") {
		return p.refuse("xml.encoding", i, "The document is declared as US-ASCII but is not.")
	}
	r, size := utf8.DecodeRune(p.src[i:])
	switch {
	case r == utf8.RuneError && size == 1:
		if !barrier.Lifted("xml.utf8") {
			return p.refuse("xml.utf8", i, "The document is not correct UTF-8.")
		}
	case !allowed(r):
		if !barrier.Lifted("xml.char") {
			return p.refuse("xml.char", i, "The document contains a character that XML does not allow.")
		}
	case r == 0xFEFF:
		if !barrier.Lifted("xml.bom") {
			return p.refuse("xml.bom", i, "A byte order mark stands elsewhere than at the start.")
		}
	}
	return size
}
