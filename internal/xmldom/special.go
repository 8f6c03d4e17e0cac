package xmldom

import (
	"bytes"

	"sild/internal/barrier"
)

// special reads what begins with <! and is no declaration.
func (p *parser) special(i int) int {
	rest := p.src[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return p.comment(i)
	case bytes.HasPrefix(rest, []byte(cdataStart)):
		return p.cdata(i)
	case bytes.HasPrefix([]byte("<!--"), rest), bytes.HasPrefix([]byte(cdataStart), rest):
		return p.truncated()
	case bytes.HasPrefix(rest, []byte("<!-")):
		return p.refuse("xml.comment", i, "A comment does not begin as it must.")
	}
	if !barrier.Lifted("xml.dtd") {
		return p.refuse("xml.dtd", i, "Document type declarations are not accepted.")
	}
	if i = skipDeclaration(p.src, i); i < 0 {
		return p.truncated()
	}
	return i
}

// comment reads a comment; two hyphens inside are forbidden (XML 1.0, production 15).
func (p *parser) comment(i int) int {
	body := i + len("<!--")
	for at := body; ; {
		dashes := bytes.Index(p.src[at:], []byte("--"))
		if dashes < 0 {
			return p.refuse("xml.comment", i, "A comment never ends.")
		}
		at += dashes
		if at+2 < len(p.src) && p.src[at+2] == '>' {
			return at + len("-->")
		}
		if at+2 == len(p.src) {
			return p.refuse("xml.comment", i, "A comment never ends.")
		}
		if !barrier.Lifted("xml.comment") {
			return p.refuse("xml.comment", at, "Two hyphens stand inside a comment.")
		}
		at++
	}
}

const cdataStart = "<![CDATA["

func (p *parser) cdata(i int) int {
	if p.current < 0 && !barrier.Lifted("xml.root") {
		return p.refuse("xml.root", i, "There is text outside the root element.")
	}
	size := bytes.Index(p.src[i:], []byte("]]>"))
	if size < 0 {
		return p.refuse("xml.cdata", i, "A CDATA section never ends.")
	}
	p.saysSomething()
	return i + size + len("]]>")
}
