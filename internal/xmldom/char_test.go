package xmldom_test

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"sild/internal/xmldom"
)

// Productions 2, 4 and 4a of XML 1.0, fifth edition, as they are printed there, the colon left out as Namespaces in
// XML 1.0 asks.
var (
	char      = regexp.MustCompile(`^[\x{9}\x{A}\x{D}\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]$`)
	begin     = `A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}`
	begins    = regexp.MustCompile(`^[` + begin + `]$`)
	follows   = regexp.MustCompile(`^[` + begin + `\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}]$`)
	delimiter = regexp.MustCompile(`[\s=/>]`)
	apart     = map[rune]bool{0xFEFF: true} // the byte order mark has its own check
)

// edges are all characters of the planes that have edges of ranges, and those beside the edges of the others.
func edges() (out []rune) {
	for r := rune(0); r < 0x3100; r++ {
		out = append(out, r)
	}
	for _, edge := range []rune{0xD800, 0xE000, 0xF900, 0xFDD0, 0xFDF0, 0xFEFF, 0xFFFE, 0x10000, 0xF0000, 0x10FFFF} {
		for r := edge - 3; r <= min(edge+3, utf8.MaxRune); r++ {
			if utf8.ValidRune(r) {
				out = append(out, r)
			}
		}
	}
	return out
}

func accepted(doc string) bool {
	_, err := xmldom.Parse([]byte(doc), xmldom.Limits{})
	return err == nil
}

func TestNamesHaveTheCharactersOfTheStandard(t *testing.T) {
	for _, r := range edges() {
		if apart[r] || !char.MatchString(string(r)) || r < utf8.RuneSelf && delimiter.MatchString(string(r)) {
			continue
		}
		if got, want := accepted("<"+string(r)+"a/>"), begins.MatchString(string(r)); got != want {
			t.Errorf("%U begins a name: %v, want %v", r, got, want)
		}
		if got, want := accepted("<é"+string(r)+"a/>"), follows.MatchString(string(r)); got != want && r != ':' {
			t.Errorf("%U in a name: %v, want %v", r, got, want)
		}
		if got, want := accepted("<a p"+string(r)+"=''/>"), follows.MatchString(string(r)); got != want {
			t.Errorf("%U in the name of an attribute: %v, want %v", r, got, want)
		}
	}
}

func TestTextHasTheCharactersOfTheStandard(t *testing.T) {
	for _, r := range edges() {
		want := char.MatchString(string(r))
		if got := xmldom.Valid(string(r)); got != want {
			t.Errorf("%U is valid: %v, want %v", r, got, want)
		}
		if r == '<' || r == '&' || apart[r] {
			continue
		}
		// At every place among eight, because plain text passes eight bytes at a time.
		for at := range 9 {
			if at > 0 && r >= 0x100 && r < 0x3000 {
				continue // letters like any other
			}
			if got := accepted("<abc>" + "01234567"[:at] + string(r) + "0123456789</abc>"); got != want {
				t.Errorf("%U at %d is accepted: %v, want %v", r, at, got, want)
			}
		}
	}
}
