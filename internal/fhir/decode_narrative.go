package fhir

import (
	"slices"
	"strings"
)

// allowedTag says that a FHIR narrative may hold the element (R4 2.4.4): formatting, lists, tables, links and pictures.
// Nothing that runs, loads or asks.
func allowedTag(tag string) bool {
	switch tag {
	case "a", "abbr", "acronym", "address", "b", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup",
		"dd", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p",
		"pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
		"thead", "tr", "tt", "u", "ul", "var":
		return true
	}
	return false
}

func allowedAttribute(name string) bool {
	switch name {
	case "abbr", "align", "alt", "axis", "border", "cellpadding", "cellspacing", "char", "charoff", "cite", "class",
		"colspan", "dir", "frame", "headers", "height", "href", "hspace", "id", "lang", "name", "noshade", "nowrap", "rel",
		"rev", "rowspan", "rules", "scope", "span", "src", "start", "style", "summary", "title", "type", "valign", "value",
		"vspace", "width", "xml:base", "xml:lang", "xml:space", "xmlns":
		return true
	}
	return false
}

const (
	xhtmlSpace   = "http://www.w3.org/1999/xhtml"
	deepestMarks = 64
)

// narrativeFault says what is wrong with the XHTML of a narrative, or is empty. It must be one div, well formed, with
// allowed elements and attributes only, and refer to nothing outside itself.
func narrativeFault(xhtml string) string {
	n := narrative{rest: xhtml}
	for n.rest != "" && n.fault == "" {
		n.step()
	}
	switch {
	case n.fault != "":
		return n.fault
	case len(n.open) > 0 || !n.closed:
		return "a narrative that is not one whole div"
	}
	return ""
}

// narrative is a reading of XHTML from its start.
type narrative struct {
	rest   string
	open   []string
	closed bool // the outer div has ended
	fault  string
	left   int // bytes behind the attribute that was read last
}

func (n *narrative) step() {
	until := strings.IndexByte(n.rest, '<')
	if until != 0 {
		plain := n.rest
		if until > 0 {
			plain = n.rest[:until]
		}
		n.text(plain)
		n.rest = n.rest[len(plain):]
		return
	}
	switch {
	case strings.HasPrefix(n.rest, "<!--"):
		n.comment()
	case strings.HasPrefix(n.rest, "<!"), strings.HasPrefix(n.rest, "<?"):
		n.fault = "a declaration or instruction in a narrative"
	case strings.HasPrefix(n.rest, "</"):
		n.end()
	default:
		n.start()
	}
}

func (n *narrative) text(plain string) {
	if len(n.open) == 0 && strings.TrimSpace(plain) != "" {
		n.fault = "text outside the div of a narrative"
	}
	if badEntity(plain) {
		n.fault = "a broken entity in a narrative"
	}
}

// badEntity finds an ampersand that does not start a short entity or character reference.
func badEntity(plain string) bool {
	for {
		at := strings.IndexByte(plain, '&')
		if at < 0 {
			return false
		}
		plain = plain[at+1:]
		end := strings.IndexByte(plain, ';')
		if end < 1 || end > 10 {
			return true
		}
		for i, letter := range []byte(plain[:end]) {
			if !isWord(letter) && (letter != '#' || i > 0) {
				return true
			}
		}
	}
}

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

func (n *narrative) comment() {
	end := strings.Index(n.rest[4:], "-->")
	if end < 0 || strings.HasPrefix(n.rest[4:], "[") || strings.Contains(n.rest[4:4+end], "--") {
		n.fault = "a broken or conditional comment in a narrative"
		return
	}
	n.rest = n.rest[4+end+3:]
}

func (n *narrative) end() {
	end := strings.IndexByte(n.rest, '>')
	if end < 0 || len(n.open) == 0 || strings.TrimRight(n.rest[2:end], " \t\r\n") != n.open[len(n.open)-1] {
		n.fault = "a narrative whose elements do not close in order"
		return
	}
	n.open = n.open[:len(n.open)-1]
	n.closed = len(n.open) == 0
	n.rest = n.rest[end+1:]
}

func (n *narrative) start() {
	size := 1
	for size < len(n.rest) && isWord(n.rest[size]) {
		size++
	}
	tag := n.rest[1:size]
	switch {
	case !allowedTag(tag):
		n.fault = "an element that a narrative may not hold"
		return
	case n.closed, len(n.open) == 0 && tag != "div", len(n.open) >= deepestMarks:
		n.fault = "a narrative that is not one whole div"
		return
	}
	n.rest = n.rest[size:]
	if spaced := n.attributes(); !spaced && len(n.open) == 0 && n.fault == "" {
		n.fault = "a narrative outside the XHTML namespace"
	}
	n.open = append(n.open, tag)
	switch {
	case n.fault != "":
	case strings.HasPrefix(n.rest, "/>"):
		n.open = n.open[:len(n.open)-1]
		n.closed = len(n.open) == 0
		n.rest = n.rest[2:]
	case strings.HasPrefix(n.rest, ">"):
		n.rest = n.rest[1:]
	default:
		n.fault = "a broken element in a narrative"
	}
}

// attributes reads the attributes of a start tag and says whether one of them sets the XHTML namespace.
func (n *narrative) attributes() bool {
	spaced := false
	seen := make([]string, 0, 8)
	for {
		trimmed := strings.TrimLeft(n.rest, " \t\r\n")
		if trimmed == "" || trimmed[0] == '>' || trimmed[0] == '/' {
			n.rest = trimmed
			return spaced
		}
		name, value, ok := n.attribute(trimmed)
		if !ok || len(trimmed) == len(n.rest) || slices.Contains(seen, name) {
			n.fault = "a broken attribute in a narrative"
			return spaced
		}
		seen = append(seen, name)
		if n.fault = attributeFault(name, value); n.fault != "" {
			return spaced
		}
		spaced = spaced || name == "xmlns"
		n.rest = trimmed[len(trimmed)-n.left:]
	}
}

// attribute cuts name="value" from the start of the text; n.left is what remains behind it.
func (n *narrative) attribute(from string) (name, value string, ok bool) {
	name, rest, found := strings.Cut(from, "=")
	if !found || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return "", "", false
	}
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return "", "", false
	}
	n.left = len(rest) - end - 2
	return name, rest[1 : end+1], true
}

// attributeFault refuses an attribute that could run, load or lead away: handlers, foreign addresses, active styles.
func attributeFault(name, value string) string {
	switch {
	case !allowedAttribute(name):
		return "an attribute that a narrative may not hold"
	case strings.ContainsAny(value, "<") || badEntity(value):
		return "a broken attribute in a narrative"
	case name == "xmlns" && value != xhtmlSpace:
		return "a narrative outside the XHTML namespace"
	case name == "href" || name == "src" || name == "cite" || name == "xml:base":
		if !strings.HasPrefix(value, "#") {
			return "a narrative that refers to something outside the document"
		}
	case name == "style" && activeStyle(value):
		return "a style in a narrative that loads or runs something"
	}
	return ""
}

func activeStyle(value string) bool {
	low := strings.ToLower(value)
	for _, active := range []string{"url", "expression", "import", "script", "behavior", "binding", "\\", "&", "@", "/*"} {
		if strings.Contains(low, active) {
			return true
		}
	}
	return false
}
