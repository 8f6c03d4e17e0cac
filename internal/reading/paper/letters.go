package paper

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// letters knows which characters can be printed, and remembers those that could not.
type letters struct {
	fonts   []*sfnt.Font
	has     map[rune]bool
	lacking map[rune]bool
	done    map[string]string
}

// replacement is what stands for a character that cannot be printed.
const replacement = "□"

func newLetters() (*letters, error) {
	l := &letters{has: map[rune]bool{}, lacking: map[rune]bool{}, done: map[string]string{}}
	for _, source := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF} {
		font, err := sfnt.Parse(source)
		if err != nil {
			return nil, fmt.Errorf("paper: an embedded font cannot be read: %w", err)
		}
		l.fonts = append(l.fonts, font)
	}
	return l, nil
}

// clean makes a text printable. Letters are composed, white space is plain, and what cannot be printed, or is invisible and
// could turn the text around, becomes a visible sign and is remembered.
func (l *letters) clean(text string) string {
	if known, ok := l.done[text]; ok {
		return known
	}
	var out strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n':
			out.WriteRune(r)
		case r == '\r' || unicode.IsSpace(r):
			out.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || !l.covers(r):
			l.lacking[r] = true
			out.WriteString(replacement)
		default:
			out.WriteRune(r)
		}
	}
	l.done[text] = out.String()
	return l.done[text]
}

// covers says that every one of the fonts has the character.
func (l *letters) covers(r rune) bool {
	if known, ok := l.has[r]; ok {
		return known
	}
	var buffer sfnt.Buffer
	covered := r <= 0xFFFF // the writer of PDFs knows no others
	for _, font := range l.fonts {
		glyph, err := font.GlyphIndex(&buffer, r)
		covered = covered && err == nil && glyph != 0
	}
	l.has[r] = covered
	return covered
}

// missing are the characters that could not be printed, in order.
func (l *letters) missing() []rune { return slices.Sorted(maps.Keys(l.lacking)) }
