package paper

import (
	"strings"
	"unicode/utf8"
)

// line is one line of print, or a text that is still to be broken into lines.
type line struct {
	text  string
	style string // "", B, I
	size  float64
	ink   colour
}

// lines prints a text over the whole width.
func (s *sheet) lines(text line) {
	step := max(lineHeight, text.size*0.48)
	for _, one := range s.wrapped(text, width-2*margin) {
		s.need(step)
		y := s.pdf.GetY()
		s.put(one, margin, y)
		s.pdf.SetY(y + step)
	}
}

func (s *sheet) put(l line, x, y float64) {
	s.pdf.SetFont(family, l.style, l.size)
	s.ink(l.ink)
	s.pdf.SetXY(x, y)
	s.pdf.CellFormat(width-margin-x, max(lineHeight, l.size*0.48), l.text, "", 0, "L", false, 0, "")
}

// need starts a new page when there is no room left, and says there which block goes on.
func (s *sheet) need(room float64) {
	if s.pdf.GetY()+room <= height-foot {
		return
	}
	s.pdf.AddPage()
	if s.within != "" {
		s.put(line{text: s.letters.clean(s.within) + " …", style: "I", size: 8.5, ink: grey}, margin, margin)
		s.pdf.SetY(margin + lineHeight)
	}
}

func (s *sheet) space(y float64) { s.pdf.SetY(s.pdf.GetY() + y) }

// wrapped breaks a text into lines of a width: at spaces, and inside a word only where the word alone is too long.
func (s *sheet) wrapped(text line, wide float64) []line {
	s.pdf.SetFont(family, text.style, text.size)
	var out []line
	for _, paragraph := range strings.Split(s.letters.clean(text.text), "\n") {
		current := ""
		for _, word := range strings.Fields(paragraph) {
			if joined := strings.TrimSpace(current + " " + word); s.pdf.GetStringWidth(joined) <= wide-2 {
				current = joined
				continue
			}
			if current != "" {
				out = append(out, text.with(current))
			}
			for s.pdf.GetStringWidth(word) > wide-2 {
				head := s.fitting(word, wide-2)
				out = append(out, text.with(head))
				word = word[len(head):]
			}
			current = word
		}
		if current != "" {
			out = append(out, text.with(current))
		}
	}
	return out
}

func (l line) with(text string) line {
	l.text = text
	return l
}

// fitting is the longest start of a text that fits, at least one character.
func (s *sheet) fitting(text string, wide float64) string {
	end := 0
	for end < len(text) {
		_, size := utf8.DecodeRuneInString(text[end:])
		if end > 0 && s.pdf.GetStringWidth(text[:end+size]) > wide {
			break
		}
		end += size
	}
	return text[:end]
}
