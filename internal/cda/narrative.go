package cda

import (
	"html"
	"slices"
	"strings"

	"sild/internal/cda/compose"
	"sild/internal/xmldom"
	"sild/node"
)

// narrative brings the text of a section into the plain elements that a node.Narrative may hold. The text is its
// author's; nothing in it is a coded place.
func (d *decoder) narrative(e xmldom.Element, language string) node.Narrative {
	if !e.There() {
		return node.Narrative{}
	}
	d.claimAll(e)
	if own := attr(e, "language"); own != "" {
		language = own
	}
	if language == "" {
		language = d.doc.Language
	}
	var b strings.Builder
	content := e.Content()
	b.Grow(content.End - content.Start)
	plain(&b, e)
	generated := slices.Contains(strings.Fields(attr(e, "styleCode")), compose.GeneratedStyle)
	return node.Narrative{XHTML: strings.TrimSpace(b.String()), Language: language, Generated: generated}
}

// plain writes what stands in an element of StrucDoc (CDA R2 4.3.5) in plain elements. What the list does not know
// keeps its text.
func plain(b *strings.Builder, e xmldom.Element) {
	for n := range e.Nodes() {
		switch n.Kind {
		case xmldom.TextNode, xmldom.CDataNode:
			writeText(b, n.Text())
		case xmldom.ElementNode:
			plainElement(b, n.Element)
		}
	}
}

func writeText(b *strings.Builder, text string) {
	if strings.ContainsAny(text, `<>&'"`) {
		text = html.EscapeString(text)
	}
	b.WriteString(text)
}

func plainElement(b *strings.Builder, e xmldom.Element) {
	tag, spans := plainTag(e)
	switch tag {
	case "":
		plain(b, e)
	case "br":
		b.WriteString("<br/>")
		plain(b, e)
	default:
		b.WriteByte('<')
		b.WriteString(tag)
		if spans {
			writeSpans(b, e)
		}
		b.WriteByte('>')
		plain(b, e)
		b.WriteString("</")
		b.WriteString(tag)
		b.WriteByte('>')
	}
}

// plainTag is the plain element that an element of StrucDoc becomes: empty keeps its text alone.
func plainTag(e xmldom.Element) (tag string, spans bool) {
	switch e.Local() {
	case "paragraph":
		return "p", false
	case "list":
		if attr(e, "listType") == "ordered" {
			return "ol", false
		}
		return "ul", false
	case "item":
		return "li", false
	case "content":
		return contentTag(e), false
	case "caption":
		if e.Parent().Local() == "table" {
			return "caption", false
		}
		return "b", false
	case "table", "thead", "tbody", "tfoot", "tr", "sub", "sup", "br":
		return e.Local(), false
	case "th", "td":
		return e.Local(), true
	}
	return "", false
}

// contentTag is how a run of text was to look.
func contentTag(e xmldom.Element) string {
	style := strings.ToLower(attr(e, "styleCode"))
	switch {
	case strings.Contains(style, "bold"):
		return "b"
	case strings.Contains(style, "italic"):
		return "i"
	case strings.Contains(style, "underline"):
		return "u"
	}
	return "span"
}

// writeSpans keeps over how many columns and rows a cell goes, where that is a small number.
func writeSpans(b *strings.Builder, e xmldom.Element) {
	for _, name := range []string{"colspan", "rowspan"} {
		if value := attr(e, name); value != "" && len(value) <= 3 && strings.Trim(value, "0123456789") == "" {
			b.WriteString(" " + name + `="` + value + `"`)
		}
	}
}
