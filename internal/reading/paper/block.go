package paper

import (
	"strings"

	"sild/internal/reading"
)

// title opens the first page.
func (s *sheet) title() {
	s.pdf.SetXY(margin, margin)
	s.lines(line{text: s.page.Title, style: "B", size: 17, ink: black})
	if s.page.Subject != "" {
		s.lines(line{text: s.page.Subject, style: "B", size: 11, ink: black})
	}
	s.lines(line{text: "● " + s.page.Notice, style: "", size: 9, ink: grey})
	s.space(2)
}

// block prints a headed part and what it holds.
func (s *sheet) block(b *reading.Block, depth int) {
	size := max(13-2*float64(depth), 9.5)
	s.space(max(4-1.5*float64(depth), 1.5))
	s.need(4 * lineHeight)
	s.within = b.Heading
	s.pdf.Bookmark(s.letters.clean(b.Heading), min(depth, 5), -1)
	s.lines(line{text: headed(b), style: "B", size: size, ink: black})
	if depth == 0 {
		s.rule(s.pdf.GetY() + 0.6)
		s.space(1.6)
	}
	if b.State != "" {
		s.state(b)
	}
	for _, row := range b.Rows {
		s.row(row)
	}
	for i := range b.Inner {
		s.block(&b.Inner[i], depth+1)
	}
	s.narrative(b)
}

// state says what holds for the whole block; a denial or an error is red and has a sign.
func (s *sheet) state(b *reading.Block) {
	if b.Grave {
		s.lines(line{text: reading.Alarm.Sign() + " " + b.State, style: "B", size: 10, ink: red})
		return
	}
	s.lines(line{text: reading.Absent.Sign() + " " + b.State, style: "B", size: 10, ink: black})
}

func headed(b *reading.Block) string {
	if b.Code == "" {
		return b.Heading
	}
	return b.Heading + "  (LOINC " + b.Code + ")"
}

// narrative prints the text that stands in the source about the same matter, told apart from what is generated.
func (s *sheet) narrative(b *reading.Block) {
	if b.Narrative.XHTML == "" {
		return
	}
	label := s.page.Say("paper.source-text")
	if b.Narrative.Generated {
		label = s.page.Say("paper.generated-text")
	}
	if b.Narrative.Language != "" {
		label += " (" + b.Narrative.Language + ")"
	}
	s.within = b.Heading
	s.space(1.5)
	s.need(3 * lineHeight)
	s.lines(line{text: label, style: "B", size: 8.5, ink: grey})
	for _, text := range plainLines(b.Narrative.XHTML) {
		s.lines(line{text: text, style: "I", size: 9, ink: black})
	}
}

// row prints a label and beside it the values, line by line, so that a long one breaks over pages.
func (s *sheet) row(row reading.Row) {
	label := s.wrapped(line{text: row.Label, size: 9, ink: grey}, labelWidth-3)
	var values []line
	for _, v := range row.Values {
		values = append(values, s.value(v)...)
	}
	together := max(len(label), len(values))
	s.need(float64(min(together, 4)) * lineHeight)
	for i := range together {
		s.need(lineHeight)
		y := s.pdf.GetY()
		if i < len(label) {
			s.put(label[i], margin, y)
		}
		if i < len(values) {
			s.put(values[i], margin+labelWidth, y)
		}
		s.pdf.SetY(y + lineHeight)
	}
	s.rule(s.pdf.GetY() + 0.3)
	s.space(0.9)
}

// value is one answer: the reader's words, then the source's with its code, then every doubt.
func (s *sheet) value(v reading.Value) []line {
	wide := width - 2*margin - labelWidth
	var out []line
	words := v.Words()
	if words == "" {
		words = bracketed(v.Code, v.OriginalCode)
	}
	out = append(out, s.wrapped(line{text: words, size: 10, ink: black}, wide)...)
	out = append(out, s.wrapped(line{text: s.beside(v), size: 8, ink: grey}, wide)...)
	for _, m := range v.Marks {
		shade := black
		if m.Kind == reading.Alarm || m.Kind == reading.Gap {
			shade = red
		}
		out = append(out, s.wrapped(line{text: m.Kind.Sign() + " " + m.Sentence(), style: "B", size: 8.5, ink: shade}, wide)...)
	}
	return out
}

// beside is what stands under the reader's words: the code, and what the source says where it differs.
func (s *sheet) beside(v reading.Value) string {
	source := v.Original
	if v.Neutral || v.Translated == "" || v.Original == v.Translated {
		source = ""
	}
	if v.Translated == "" && v.OriginalIn != "" {
		source = "(" + v.OriginalIn + ")" // the words above are the source's own
	}
	code := v.OriginalCode
	if v.Words() == "" {
		code = ""
	}
	source = strings.TrimSpace(source + " " + bracketed(code))
	if source != "" {
		source = s.page.Say("paper.source") + " " + source
	}
	if v.Code == v.OriginalCode {
		return source
	}
	return strings.TrimSpace(bracketed(v.Code) + "   " + source)
}

// bracketed is the first code that is there, set apart from the words and numbers before it.
func bracketed(codes ...string) string {
	for _, code := range codes {
		if code != "" {
			return "[" + code + "]"
		}
	}
	return ""
}
