package reading

import (
	"fmt"
	"html"
	"strings"
	"unicode"

	"sild/node"
	"sild/translation"
)

// Narrative writes a text for one section of a summary from its coded statements, in the markup that node.Narrative
// allows. It is marked as generated: it never stands in for the text that people wrote.
func Narrative(d *node.Document, section node.Section, language string) node.Narrative {
	w := newWriter(d, language)
	if d.Summary != nil {
		w = w.in(d.Summary.Language)
	}
	for _, slot := range section.Slots { // the heading is the document's own: it is not repeated
		if slot != nil && slot.Field == translation.Section {
			w.shown[slot] = true
		}
	}
	return w.narrative(w.statements(&section))
}

// PrescriptionNarrative writes a text for one prescription of a document.
func PrescriptionNarrative(d *node.Document, p *node.Prescription, language string) node.Narrative {
	w := newWriter(d, language)
	return w.narrative(w.prescription(w.say("prescription"), p, d.Patient))
}

// DispensationNarrative writes a text for the dispensation of a document; it is empty where there is none.
func DispensationNarrative(d *node.Document, language string) node.Narrative {
	if d.Dispensation == nil {
		return node.Narrative{}
	}
	w := newWriter(d, language)
	return w.narrative(w.dispensation(d.Dispensation, d.Patient))
}

func (w *writer) narrative(b Block) node.Narrative {
	var out strings.Builder
	w.xhtml(&out, &b, false)
	out.WriteString("<p><i>" + escape(w.say("notice")) + "</i></p>")
	return node.Narrative{XHTML: out.String(), Language: w.language, Generated: true}
}

// xhtml writes a block: what is said of the whole of it, its rows as a table, then what it holds.
func (w *writer) xhtml(out *strings.Builder, b *Block, headed bool) {
	if headed {
		out.WriteString("<p><b>" + escape(b.Heading) + "</b></p>")
	}
	if b.State != "" {
		out.WriteString("<p><b>" + escape(b.State) + "</b></p>")
	}
	if len(b.Rows) > 0 {
		out.WriteString("<table><tbody>")
		for _, row := range b.Rows {
			out.WriteString("<tr><td>" + escape(row.Label) + "</td><td>")
			w.cell(out, row.Values)
			out.WriteString("</td></tr>")
		}
		out.WriteString("</tbody></table>")
	}
	for i := range b.Inner {
		w.xhtml(out, &b.Inner[i], true)
	}
}

func (w *writer) cell(out *strings.Builder, values []Value) {
	if len(values) == 1 {
		out.WriteString(escape(w.line(values[0])))
		return
	}
	out.WriteString("<ul>")
	for _, v := range values {
		out.WriteString("<li>" + escape(w.line(v)) + "</li>")
	}
	out.WriteString("</ul>")
}

// line is a value in one line: the reader's words, the source's where they differ, the doubts that change its meaning.
func (w *writer) line(v Value) string {
	words := orElse(v.Words(), orElse(v.Code, v.OriginalCode))
	if v.Translated != "" && v.Original != "" && len(v.Slots) > 0 && !strings.EqualFold(v.Original, v.Translated) {
		words += " (" + v.Original + ")"
	}
	for _, slot := range v.Slots {
		if (slot.Field == translation.Classification || slot.Field == translation.Diagnosis) && words != v.Code {
			words = joined(", ", words, slot.Current.Code) // professionals read these by their codes
		}
	}
	for _, m := range v.Marks {
		switch m.Kind {
		case Draft, NotChecked, Generated:
			continue // they stand in the loss report: they say nothing of this value's meaning
		}
		words = joined(" ", words, "["+m.Sentence()+"]")
	}
	return words
}

// escape makes text inert in XHTML. Characters that nobody sees, which XML forbids or which turn a text around, become
// visible rather than nothing.
func escape(text string) string {
	var clean strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' || unicode.Is(unicode.Cf, r) && r != '\u00AD' ||
			r == '\u2028' || r == '\u2029' || r == 0xFFFE || r == 0xFFFF {
			fmt.Fprintf(&clean, "[U+%04X]", r)
			continue
		}
		clean.WriteRune(r)
	}
	return html.EscapeString(clean.String())
}
