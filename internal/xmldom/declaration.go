package xmldom

import (
	"bytes"
	"strings"

	"sild/internal/barrier"
)

// declares says whether an XML declaration begins here: <?xml and white space, or its end, not <?xml-stylesheet.
func declares(src []byte) bool {
	return bytes.HasPrefix(src, []byte("<?xml")) && (len(src) == 5 || class[src[5]]&white != 0 || src[5] == '?')
}

// declaration reads the XML declaration, if there is one at the start (XML 1.0, productions 23 to 26, 32 and 80).
func (p *parser) declaration(i int) int {
	if !declares(p.src[i:]) {
		return i
	}
	size := bytes.Index(p.src[i:], []byte("?>"))
	if size < 0 {
		return p.truncated()
	}
	fields, ok := pseudoAttributes(string(p.src[i+len("<?xml") : i+size]))
	if why := misdeclaredXML(fields, ok); why != "" && !barrier.Lifted("xml.declaration") {
		return p.refuse("xml.declaration", i, why)
	}
	for _, field := range fields {
		p.ascii = p.ascii || field.name == "encoding" && strings.EqualFold(field.value, "US-ASCII")
		if field.name == "encoding" && !p.ascii && !strings.EqualFold(field.value, "UTF-8") && !barrier.Lifted("xml.encoding") {
			return p.refuse("xml.encoding", i, "The document is declared in another encoding than UTF-8.")
		}
	}
	return i + size + len("?>")
}

// pseudo is one name and value of the XML declaration, which look like an attribute but know no references.
type pseudo struct{ name, value string }

func pseudoAttributes(s string) (fields []pseudo, ok bool) {
	for {
		rest := strings.TrimLeft(s, " \t\r\n")
		if rest == "" {
			return fields, true
		}
		name, after, found := strings.Cut(rest, "=")
		after = strings.TrimLeft(after, " \t\r\n")
		if !found || after == "" || after[0] != '"' && after[0] != '\'' || len(rest) == len(s) {
			return fields, false
		}
		value, next, found := strings.Cut(after[1:], after[:1])
		if !found {
			return fields, false
		}
		fields = append(fields, pseudo{strings.TrimRight(name, " \t\r\n"), value})
		s = next
	}
}

// misdeclaredXML says what is wrong with an XML declaration, or nothing.
func misdeclaredXML(fields []pseudo, ok bool) string {
	if !ok || len(fields) == 0 || fields[0].name != "version" {
		return "The XML declaration is malformed."
	}
	if fields[0].value != "1.0" {
		return "Only XML 1.0 is accepted."
	}
	rest := fields[1:]
	if len(rest) > 0 && rest[0].name == "encoding" {
		rest = rest[1:]
	}
	if len(rest) > 0 && rest[0].name == "standalone" && (rest[0].value == "yes" || rest[0].value == "no") {
		rest = rest[1:]
	}
	if len(rest) > 0 {
		return "The XML declaration is malformed."
	}
	return ""
}

// instruction reads a processing instruction. A target in the letters of xml is reserved (XML 1.0, production 17), and
// one with a colon is no target (Namespaces in XML 1.0, section 7).
func (p *parser) instruction(i int) int {
	size := bytes.Index(p.src[i+2:], []byte("?>"))
	if size < 0 {
		return p.refuse("xml.instruction", i, "A processing instruction never ends.")
	}
	end := i + 2 + size
	if declares(p.src[i:]) {
		if !barrier.Lifted("xml.declaration") {
			return p.refuse("xml.declaration", i, "An XML declaration stands elsewhere than at the start.")
		}
		return end + len("?>")
	}
	target := ncname(p.src, i+2)
	bad := target == i+2 || target > end || target < end && class[p.src[target]]&white == 0 ||
		strings.EqualFold(view(p.src[i+2:target]), "xml")
	if bad && !barrier.Lifted("xml.instruction") {
		return p.refuse("xml.instruction", i, "A processing instruction has no proper target.")
	}
	return end + len("?>")
}

// skipDeclaration is the offset after a document type declaration, or -1 when it does not end. Only a build where the
// check xml.dtd is lifted comes here.
func skipDeclaration(src []byte, i int) int {
	for depth := 0; i < len(src); i++ {
		switch {
		case bytes.HasPrefix(src[i:], []byte("<!--")):
			end := bytes.Index(src[i+4:], []byte("-->"))
			if end < 0 {
				return -1
			}
			i += 4 + end + 2
		case src[i] == '"' || src[i] == '\'':
			end := bytes.IndexByte(src[i+1:], src[i])
			if end < 0 {
				return -1
			}
			i += 1 + end
		case src[i] == '<' || src[i] == '[':
			depth++
		case src[i] == '>' || src[i] == ']':
			if depth--; depth <= 0 && src[i] == '>' {
				return i + 1
			}
		}
	}
	return -1
}
