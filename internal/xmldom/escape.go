package xmldom

import (
	"strings"
	"unicode/utf8"
)

// Valid says whether XML 1.0 can carry the text: correct UTF-8 with allowed characters only. Ask before AppendText and
// AppendAttr; nothing that they could write would be read back as a character that XML does not have.
func Valid(s string) bool {
	for i, r := range s {
		if !allowed(r) {
			return false
		}
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

// AppendText appends a text as content of an element, such that it is read back exactly: a carriage return is written as
// a reference, because 2.11 would turn it into a line feed. What is not Valid is written as U+FFFD.
func AppendText(dst []byte, s string) []byte { return appendEscaped(dst, s, textEscape) }

// AppendAttr appends a text as the value of an attribute in double quotes, such that it is read back exactly: tabs and
// line ends are written as references, because 3.3.3 would turn them into spaces. What is not Valid is written as U+FFFD.
func AppendAttr(dst []byte, s string) []byte { return appendEscaped(dst, s, attrEscape) }

func appendEscaped(dst []byte, s string, escape func(rune) string) []byte {
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && asIs[s[end]] {
			end++
		}
		dst = append(dst, s[at:end]...)
		if end == len(s) {
			break
		}
		r, size := utf8.DecodeRuneInString(s[end:])
		if written := escape(r); written != "" {
			dst = append(dst, written...)
		} else if allowed(r) {
			dst = utf8.AppendRune(dst, r)
		} else {
			dst = utf8.AppendRune(dst, utf8.RuneError)
		}
		at = end + size
	}
	return dst
}

// asIs are the bytes that stand for themselves wherever text is written: most of any text.
var asIs = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '&' && c != '<' && c != '>' && c != '"'
	}
	return table
}()

// textEscape is how a character must be written in content, "" when as itself. The byte order mark is written by number
// because it is refused as itself anywhere but at the start.
func textEscape(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '\r':
		return "&#13;"
	case 0xFEFF:
		return "&#xFEFF;"
	}
	return ""
}

func attrEscape(r rune) string {
	switch r {
	case '"':
		return "&quot;"
	case '\t':
		return "&#9;"
	case '\n':
		return "&#10;"
	}
	return textEscape(r)
}
