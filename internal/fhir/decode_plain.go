package fhir

import (
	"html"
	"strings"

	"sild/node"
)

// narrative brings the text of a section into the plain elements that a node.Narrative may hold.
func (d *decoder) narrative(v value) node.Narrative {
	div := v.get("div")
	if !div.there() {
		return node.Narrative{}
	}
	p := plainer{rest: div.text()}
	p.out.Grow(len(p.rest))
	p.run()
	d.hold(div)
	d.hold(v.get("status"))
	if isAdded(v) {
		d.claim(v.get("extension"))
	}
	return node.Narrative{XHTML: strings.TrimSpace(p.out.String()), Language: orElse(p.language, d.doc.Language), Generated: isAdded(v)}
}

// plainer copies XHTML that the reader has accepted already, without what the plain elements do not know. The text of
// what is dropped stays.
type plainer struct {
	rest     string
	out      strings.Builder
	open     []string // what each open element became; empty where it was dropped
	language string   // of the outermost element
	last     byte     // the byte that was written last
}

func (p *plainer) run() {
	for p.rest != "" {
		at := strings.IndexByte(p.rest, '<')
		if at < 0 {
			at = len(p.rest)
		}
		p.write(escaped(unturned(html.UnescapeString(p.rest[:at]))))
		if p.rest = p.rest[at:]; p.rest != "" {
			p.markup()
		}
	}
}

func (p *plainer) write(text string) {
	if text != "" {
		p.out.WriteString(text)
		p.last = text[len(text)-1]
	}
}

// unturned drops the characters by which a text could be shown in another order than it is written.
func unturned(text string) string {
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		return r
	}, text)
}

func turns(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// markup reads one comment, start tag or end tag.
func (p *plainer) markup() {
	end := strings.IndexByte(p.rest, '>')
	if strings.HasPrefix(p.rest, "<!--") {
		end = 4 + strings.Index(p.rest[4:], "-->") + 2
	} else if p.rest[1] != '/' {
		end = tagEnd(p.rest)
	}
	tag := p.rest[:end+1]
	p.rest = p.rest[end+1:]
	switch {
	case strings.HasPrefix(tag, "<!--"):
	case tag[1] == '/':
		p.end()
	default:
		p.start(tag)
	}
}

// tagEnd is where a start tag ends: at the first > outside an attribute's quotes.
func tagEnd(text string) int {
	quote := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return len(text) - 1
}

func (p *plainer) start(tag string) {
	inner := strings.TrimSuffix(tag[1:len(tag)-1], "/")
	size := 0
	for size < len(inner) && isWord(inner[size]) {
		size++
	}
	name := inner[:size]
	var attributes map[string]string
	if len(p.open) == 0 || name == "td" || name == "th" || name == "img" {
		attributes = attributesOf(inner[size:])
	}
	if len(p.open) == 0 {
		p.language = orElse(attributes["xml:lang"], attributes["lang"])
	}
	if name == "img" {
		p.write(escaped(unturned(attributes["alt"])))
	}
	became := plainTag(name)
	if became == "" {
		p.part(name)
	} else {
		p.write("<" + became + spansOf(became, attributes) + closingOf(became))
	}
	p.open = append(p.open, became)
	if tag[len(tag)-2] == '/' {
		p.end()
	}
}

func closingOf(tag string) string {
	if tag == "br" {
		return "/>"
	}
	return ">"
}

func (p *plainer) end() {
	n := len(p.open) - 1
	became := p.open[n]
	p.open = p.open[:n]
	if became != "" && became != "br" {
		p.write("</" + became + ">")
	}
}

// part keeps apart what a dropped block kept apart.
func (p *plainer) part(name string) {
	switch name {
	case "div", "blockquote", "pre", "address", "dl", "hr":
		if p.last != 0 && p.last != '>' && p.last != ' ' && p.last != '\n' {
			p.write("<br/>")
		}
	}
}

// plainTag is what an element becomes; empty where only its text stays.
func plainTag(name string) string {
	switch name {
	case "p", "br", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "b", "i", "u", "sub", "sup",
		"span":
		return name
	case "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd":
		return "p"
	case "strong":
		return "b"
	case "em", "cite", "dfn", "var":
		return "i"
	}
	return ""
}

// attributesOf reads name="value" pairs.
func attributesOf(text string) map[string]string {
	if text == "" {
		return nil
	}
	found := make(map[string]string)
	for {
		name, rest, ok := strings.Cut(strings.TrimLeft(text, " \t\r\n"), "=")
		if !ok || len(rest) < 2 {
			return found
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return found
		}
		found[name] = html.UnescapeString(rest[1 : end+1])
		text = rest[end+2:]
	}
}

// spansOf keeps over how many columns and rows a cell goes, where that is a small number.
func spansOf(tag string, attributes map[string]string) string {
	kept := ""
	for _, name := range []string{"colspan", "rowspan"} {
		value := attributes[name]
		if (tag == "td" || tag == "th") && value != "" && len(value) <= 3 && strings.Trim(value, "0123456789") == "" {
			kept += " " + name + `="` + value + `"`
		}
	}
	return kept
}
