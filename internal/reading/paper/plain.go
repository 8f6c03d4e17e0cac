package paper

import (
	"html"
	"strings"
)

// plainLines turns the markup of a narrative into lines: a paragraph, an item or a row of a table each, its cells apart.
func plainLines(xhtml string) []string {
	var out strings.Builder
	for xhtml != "" {
		at := strings.IndexByte(xhtml, '<')
		if at < 0 {
			out.WriteString(html.UnescapeString(xhtml))
			break
		}
		out.WriteString(strings.ReplaceAll(html.UnescapeString(xhtml[:at]), "\n", " "))
		end := strings.IndexByte(xhtml[at:], '>')
		if end < 0 {
			out.WriteString(xhtml[at:]) // not markup: it is shown as it stands
			break
		}
		out.WriteString(brake(xhtml[at+1 : at+end]))
		xhtml = xhtml[at+end+1:]
	}
	var lines []string
	for _, text := range strings.Split(out.String(), "\n") {
		if text = strings.Trim(strings.Join(strings.Fields(text), " "), "| "); text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

// brake is what a tag means for plain text.
func brake(tag string) string {
	name, _, _ := strings.Cut(strings.Trim(tag, "/ "), " ")
	switch name {
	case "br", "p", "ul", "ol", "table", "caption", "tr":
		return "\n"
	case "li":
		if strings.HasPrefix(tag, "/") {
			return "\n"
		}
		return "\n– "
	case "sup":
		if !strings.HasPrefix(tag, "/") {
			return "^" // ten to the ninth must not become 109
		}
	case "td", "th":
		return " | "
	}
	return ""
}
