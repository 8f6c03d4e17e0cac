package view

import (
	"html"
	"html/template"
	"strconv"
	"strings"
)

// markup checks the markup of a narrative again, independently of whoever made it, and writes it anew from its own tags.
// It is false for anything that node.Narrative does not allow: then the text is shown escaped.
func markup(xhtml string) (template.HTML, bool) {
	c := checker{rest: xhtml}
	for c.rest != "" {
		if !c.step() {
			return "", false
		}
	}
	return template.HTML(c.out.String()), len(c.open) == 0
}

const deepest = 64

// checker reads markup from its start and writes what it has understood.
type checker struct {
	rest string
	open []string
	out  strings.Builder
}

func (c *checker) step() bool {
	if c.rest[0] != '<' {
		text, _, _ := strings.Cut(c.rest, "<")
		c.rest = c.rest[len(text):]
		return c.text(text)
	}
	inside, rest, closed := strings.Cut(c.rest[1:], ">")
	c.rest = rest
	if !closed {
		return false
	}
	if name, isEnd := strings.CutPrefix(inside, "/"); isEnd {
		return c.end(strings.TrimRight(name, " \t\r\n"))
	}
	return c.start(inside)
}

// text takes plain text: its references must be complete, and what they stand for must be seen.
func (c *checker) text(text string) bool {
	plain := html.UnescapeString(text)
	if strings.Contains(text, ">") || inert(plain) != plain || !complete(text) {
		return false
	}
	c.out.WriteString(template.HTMLEscapeString(plain))
	return true
}

// complete says that every ampersand starts one of the five names of XML or a number, and ends with a semicolon.
func complete(text string) bool {
	for {
		_, after, found := strings.Cut(text, "&")
		if !found {
			return true
		}
		name, rest, ended := strings.Cut(after, ";")
		if !ended || !isReference(name) {
			return false
		}
		text = rest
	}
}

func isReference(name string) bool {
	switch name {
	case "amp", "lt", "gt", "quot", "apos":
		return true
	}
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return false
	}
	figures := 10
	if hex, isHex := strings.CutPrefix(number, "x"); isHex {
		number, figures = hex, 16
	}
	value, err := strconv.ParseUint(number, figures, 21)
	return err == nil && value != 0
}

func (c *checker) end(name string) bool {
	if len(c.open) == 0 || c.open[len(c.open)-1] != name {
		return false
	}
	c.open = c.open[:len(c.open)-1]
	c.out.WriteString("</" + name + ">")
	return true
}

func (c *checker) start(inside string) bool {
	inside, empty := strings.CutSuffix(inside, "/")
	name, attributes, _ := strings.Cut(strings.TrimRight(inside, " \t\r\n"), " ")
	if !isAllowed(name) || len(c.open) >= deepest {
		return false
	}
	kept, ok := spans(name, attributes)
	if !ok {
		return false
	}
	c.out.WriteString("<" + name + kept + ">")
	switch {
	case name == "br":
		return empty
	case empty:
		c.out.WriteString("</" + name + ">")
	default:
		c.open = append(c.open, name)
	}
	return true
}

// isAllowed is the list of node.Narrative, written down a second time on purpose.
func isAllowed(name string) bool {
	switch name {
	case "p", "br", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "b", "i", "u", "sub", "sup", "span":
		return true
	}
	return false
}

// spans takes colspan and rowspan of a cell, small plain numbers in double quotes, and nothing else.
func spans(name, attributes string) (string, bool) {
	kept := ""
	for _, attribute := range strings.Fields(attributes) {
		key, value, _ := strings.Cut(attribute, "=")
		number, err := strconv.Atoi(strings.Trim(value, `"`))
		if name != "td" && name != "th" || key != "colspan" && key != "rowspan" || strings.Contains(kept, key) ||
			err != nil || number < 1 || number > 999 || value != `"`+strconv.Itoa(number)+`"` {
			return "", false
		}
		kept += " " + key + "=" + value
	}
	return kept, true
}
