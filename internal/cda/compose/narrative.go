package compose

import (
	"html"
	"strings"

	"sild/internal/xmldom"
	"sild/node"
)

// quote is a text of the record that an entry refers to in the narrative of its section.
type quote struct{ id, text string }

// quote keeps a text for the narrative and gives the reference to it. Equal texts of a section stand there once.
func (c *composer) quote(text string) string {
	if at, known := c.quoted[text]; known {
		return "#" + c.quotes[at].id
	}
	c.number++
	one := quote{"text-" + itoa(c.number), text}
	c.quoted[text] = len(c.quotes)
	c.quotes = append(c.quotes, one)
	return "#" + one.id
}

// refer writes the text element of an entry: a reference to the words in the narrative (CDA R2 4.3.5.11).
func (c *composer) refer(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	c.start("text")
	c.empty("reference", "value", c.quote(text))
	c.end()
}

// section writes one section: what it is, its text, and its entries. The entries are written first and put behind the
// text, because the text holds what they refer to.
func (c *composer) section(head func(), text node.Narrative, entries func()) {
	c.quotes, c.quoted = nil, map[string]int{}
	c.start("component")
	c.start("section", "classCode", "DOCSECT", "moodCode", "EVN")
	head()
	mark := len(c.b)
	entries()
	body := append([]byte(nil), c.b[mark:]...)
	c.b = c.b[:mark]
	c.sectionText(text)
	c.b = append(c.b, body...)
	c.ends(2)
}

// sectionText writes the narrative and behind it the texts that entries refer to, in the language of the record.
func (c *composer) sectionText(text node.Narrative) {
	c.start("text", "language", c.foreign(text.Language), "styleCode", styleOf(text))
	mark := len(c.b)
	c.strucDoc(text)
	for _, one := range c.quotes {
		c.start("paragraph", "ID", one.id, "language", c.foreign(c.wordsIn()))
		c.lines(one.text)
		c.end()
	}
	if len(c.b) == mark {
		c.words("paragraph", "-") // a section has a text that somebody could read, even where nothing is to be said
	}
	c.end()
}

// wordsIn is the language of the record's own texts.
func (c *composer) wordsIn() string {
	switch {
	case len(c.d.Prescriptions) > 0:
		return c.d.Prescriptions[0].Language
	case c.d.Summary != nil:
		return c.d.Summary.Language
	}
	return ""
}

// foreign is a language that is not the document's own; empty where it is.
func (c *composer) foreign(language string) string {
	if own := c.language(); language == own || strings.HasPrefix(own, language+"-") {
		return ""
	}
	return language
}

// lines writes a text of the record; its line ends are breaks, since a reader of markup sees none.
func (c *composer) lines(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			c.empty("br")
		}
		c.text(line)
	}
}

// strucDoc brings the plain elements of a record's narrative into those of CDA (StrucDoc, CDA R2 4.3.5).
func (c *composer) strucDoc(text node.Narrative) {
	if strings.TrimSpace(text.XHTML) == "" {
		return
	}
	source := strings.ReplaceAll(text.XHTML, "&nbsp;", "&#160;")
	d, err := xmldom.Parse([]byte("<div>"+source+"</div>"), xmldom.Limits{})
	if err != nil {
		c.lose("narrative", "A narrative that is no well-formed markup stands in CDA as its text alone.")
		c.words("paragraph", bare(text.XHTML))
		return
	}
	c.blocks(d.Root())
}

// bare is the text of markup that cannot be read as such.
func bare(markup string) string {
	var text strings.Builder
	for {
		words, rest, tagged := strings.Cut(markup, "<")
		text.WriteString(words)
		if !tagged {
			return html.UnescapeString(text.String())
		}
		text.WriteByte(' ')
		_, markup, _ = strings.Cut(rest, ">")
	}
}

// GeneratedStyle marks a text that a contact point wrote from the record. A local style begins with x (CDA R2 4.3.5.11).
const GeneratedStyle = "xGenerated"

const generatedNotice = "<p><i>Generated from the coded record.</i></p>"

func styleOf(text node.Narrative) string {
	if text.Generated {
		return GeneratedStyle
	}
	return ""
}

// told is the narrative that people wrote, or where there is none the one that we write from the record. Either says on
// its face when nobody wrote it.
func told(written node.Narrative, ours func() node.Narrative) node.Narrative {
	if strings.TrimSpace(written.XHTML) == "" {
		return ours()
	}
	if written.Generated && !strings.HasPrefix(written.XHTML, generatedNotice) {
		written.XHTML = generatedNotice + written.XHTML
	}
	return written
}

// blocks writes the content of an element that may hold paragraphs, lists and tables.
func (c *composer) blocks(e xmldom.Element) {
	for n := range e.Nodes() {
		switch n.Kind {
		case xmldom.TextNode, xmldom.CDataNode:
			c.text(n.Text())
		case xmldom.ElementNode:
			c.markup(n.Element)
		}
	}
}

func (c *composer) markup(e xmldom.Element) {
	switch name := e.Local(); name {
	case "br":
		c.empty("br")
	case "p":
		c.around("paragraph", e)
	case "ul", "ol":
		c.list(e)
	case "table":
		c.table(e)
	case "b", "i", "u", "span":
		c.around("content", e, "styleCode", styles[name])
	case "sub", "sup":
		c.words(name, e.Text()) // these hold nothing but text
	default:
		c.blocks(e)
	}
}

var styles = map[string]string{"b": "Bold", "i": "Italics", "u": "Underline"}

func (c *composer) around(name string, e xmldom.Element, attributes ...string) {
	c.start(name, attributes...)
	c.blocks(e)
	c.end()
}

// list writes a list; one without items is none.
func (c *composer) list(e xmldom.Element) {
	kind := "unordered"
	if e.Local() == "ol" {
		kind = "ordered"
	}
	opened := false
	for item := range e.Children() {
		if !opened {
			c.start("list", "listType", kind)
			opened = true
		}
		c.around("item", item)
	}
	if opened {
		c.end()
	}
}

// table writes a table in the order of StrucDoc: caption, thead, tfoot, tbody. Rows that stand outside get a body.
func (c *composer) table(e xmldom.Element) {
	c.start("table")
	var loose []xmldom.Element
	for _, wanted := range []string{"caption", "thead", "tfoot", "tbody"} {
		for part := range e.Children() {
			switch {
			case part.Local() != wanted:
			case wanted == "caption":
				c.words("caption", part.Text())
			default:
				c.start(wanted)
				c.rows(part.Children())
				c.end()
			}
		}
	}
	for part := range e.Children() {
		if part.Local() == "tr" {
			loose = append(loose, part)
		}
	}
	if len(loose) > 0 {
		c.start("tbody")
		c.rows(func(yield func(xmldom.Element) bool) {
			for _, row := range loose {
				if !yield(row) {
					return
				}
			}
		})
		c.end()
	}
	c.end()
}

func (c *composer) rows(rows func(func(xmldom.Element) bool)) {
	for row := range rows {
		c.start("tr")
		for cell := range row.Children() {
			name := "td"
			if cell.Local() == "th" {
				name = "th"
			}
			colspan, _ := cell.Attr("colspan")
			rowspan, _ := cell.Attr("rowspan")
			c.around(name, cell, "colspan", colspan, "rowspan", rowspan)
		}
		c.end()
	}
}
