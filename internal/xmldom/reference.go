package xmldom

import (
	"bytes"
	"unicode/utf8"

	"sild/internal/barrier"
)

// predefined is the character that one of the five entities of XML 1.0, section 4.6, stands for; 0 for any other.
func predefined(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	return 0
}

// reference checks a reference and gives the offset after it.
func (p *parser) reference(i int) int {
	if i+1 < len(p.src) && p.src[i+1] == '#' {
		return p.characterReference(i)
	}
	end := ncname(p.src, i+1)
	if end < len(p.src) && p.src[end] == ';' && predefined(view(p.src[i+1:end])) != 0 {
		return end + 1
	}
	if barrier.Lifted("xml.entity") {
		return i + 1
	}
	if end == len(p.src) {
		return p.truncated()
	}
	return p.refuse("xml.entity", i, "An entity is used that XML does not define.")
}

// characterReference checks a reference by number (XML 1.0, production 66 and the constraint "Legal Character").
func (p *parser) characterReference(i int) int {
	r, size, ended := number(p.src[i:])
	switch {
	case size == 0 && ended && !barrier.Lifted("xml.charref"):
		return p.truncated()
	case size == 0 && !barrier.Lifted("xml.charref"):
		return p.refuse("xml.charref", i, "A character reference is malformed.")
	case size == 0:
		return i + 1
	case !allowed(r) && !barrier.Lifted("xml.char"):
		return p.refuse("xml.char", i, "A reference stands for a character that XML does not allow.")
	}
	return i + size
}

// number reads a character reference at the start of a text: what it says, how long it is, or else whether the text
// ended before it. A number beyond Unicode stays just beyond Unicode, however many digits follow.
func number(s []byte) (r rune, size int, ended bool) {
	i, radix := 2, rune(10)
	if len(s) > 2 && s[2] == 'x' {
		i, radix = 3, 16
	}
	first := i
	for ; i < len(s) && s[i] != ';'; i++ {
		digit := digitOf(s[i])
		if digit >= radix {
			return 0, 0, false
		}
		r = min(r*radix+digit, utf8.MaxRune+1)
	}
	if i == len(s) {
		return 0, 0, true
	}
	if i == first {
		return 0, 0, false
	}
	return r, i + 1, false
}

func digitOf(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return 16
}

// decode appends what a reference stands for. One that was let through because a check is lifted stays as it is.
func decode(dst, s []byte) (out []byte, size int) {
	if len(s) > 1 && s[1] == '#' {
		if r, size, _ := number(s); size > 0 {
			return utf8.AppendRune(dst, r), size
		}
		return append(dst, '&'), 1
	}
	if end := bytes.IndexByte(s[:min(len(s), len("&quot;"))], ';'); end > 0 {
		if r := predefined(view(s[1:end])); r != 0 {
			return append(dst, byte(r)), end + 1
		}
	}
	return append(dst, '&'), 1
}
