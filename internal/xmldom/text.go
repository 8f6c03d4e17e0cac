package xmldom

import (
	"bytes"
	"iter"
)

// Kind says what a Node is.
type Kind int

// The kinds of nodes.
const (
	ElementNode     Kind = iota // ElementNode is a child element.
	TextNode                    // TextNode is character data between two pieces of markup.
	CDataNode                   // CDataNode is a CDATA section.
	CommentNode                 // CommentNode is a comment.
	InstructionNode             // InstructionNode is a processing instruction.
)

// Node is one piece of an element's content.
type Node struct {
	Kind    Kind
	Element Element // of an ElementNode; otherwise not there
	Span    Span    // with its markup

	d *Document
}

// Text is what the node says: the text of an element, the decoded character data of a text or CDATA section, the body of
// a comment, the target and data of an instruction. Line ends are normalised (XML 1.0, 2.11).
func (n Node) Text() string {
	if n.d == nil {
		return ""
	}
	body := n.d.src[n.Span.Start:n.Span.End]
	switch n.Kind {
	case ElementNode:
		return n.Element.Text()
	case TextNode:
		return decodedText(body)
	case CDataNode:
		return unixLines(body[len(cdataStart) : len(body)-len("]]>")])
	case CommentNode:
		return unixLines(body[len("<!--") : len(body)-len("-->")])
	}
	return unixLines(body[len("<?") : len(body)-len("?>")])
}

// Nodes gives the content in order: child elements, text, CDATA sections, comments and instructions.
func (e Element) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		child := e.First()
		for i, end := e.Content().Start, e.Content().End; i < end; {
			n := Node{Kind: TextNode, d: e.d}
			switch {
			case child.There() && int(child.record().start) == i:
				n.Kind, n.Element, n.Span = ElementNode, child, child.Span()
				child = child.Next()
			case e.d.src[i] == '<':
				n.Kind, n.Span = markup(e.d.src, i)
			default:
				n.Span = Span{i, i + textLen(e.d.src[i:end])}
			}
			i = n.Span.End
			if n.Kind >= 0 && !yield(n) {
				return
			}
		}
	}
}

// textLen is how much text there is before the next markup.
func textLen(b []byte) int {
	if n := bytes.IndexByte(b, '<'); n >= 0 {
		return n
	}
	return len(b)
}

// markup is the comment, instruction or CDATA section at an offset of a source that was checked; the kind is -1 for a
// declaration that a lifted check let through.
func markup(src []byte, i int) (Kind, Span) {
	rest := src[i:]
	kind, body, end := CommentNode, len("<!--"), "-->"
	switch {
	case bytes.HasPrefix(rest, []byte("<?")):
		kind, body, end = InstructionNode, len("<?"), "?>"
	case bytes.HasPrefix(rest, []byte(cdataStart)):
		kind, body, end = CDataNode, len(cdataStart), "]]>"
	case !bytes.HasPrefix(rest, []byte("<!--")):
		return -1, Span{i, skipDeclaration(src, i)}
	}
	return kind, Span{i, i + body + bytes.Index(rest[body:], []byte(end)) + len(end)}
}

// Text is the character data of the element and of everything in it: references and CDATA sections decoded, line ends
// normalised (XML 1.0, 2.11), comments and instructions left out.
func (e Element) Text() string {
	content := e.Content()
	if e.d == nil || content.Start == content.End {
		return ""
	}
	body := e.d.src[content.Start:content.End]
	if bytes.IndexByte(body, '<') < 0 {
		return decodedText(body)
	}
	return view(e.AppendText(make([]byte, 0, 64)))
}

// AppendText appends what Text gives. It walks the content without recursion: start tags are jumped with the arena, end
// tags with the next bracket.
func (e Element) AppendText(dst []byte) []byte {
	if e.d == nil {
		return dst
	}
	src, within := e.d.src, int(e.at)+1
	for i, end := e.Content().Start, e.Content().End; i < end; {
		switch {
		case src[i] != '<':
			n := textLen(src[i:end])
			dst = appendDecoded(dst, src[i:i+n])
			i += n
		case within < e.End() && e.d.At(within).Open().Start == i:
			i = e.d.At(within).Open().End
			within++
		case src[i+1] == '/':
			i += bytes.IndexByte(src[i:], '>') + 1
		default:
			kind, span := markup(src, i)
			if kind == CDataNode {
				dst = appendLines(dst, src[i+len(cdataStart):span.End-len("]]>")])
			}
			i = span.End
		}
	}
	return dst
}

// decodedText decodes references and normalises line ends; it copies nothing when there is nothing to do.
func decodedText(b []byte) string {
	if find(b, 0, '&', '\r', '\r') == len(b) {
		return view(b)
	}
	return view(appendDecoded(make([]byte, 0, len(b)), b))
}

func appendDecoded(dst, b []byte) []byte {
	for {
		at := bytes.IndexByte(b, '&')
		if at < 0 {
			return appendLines(dst, b)
		}
		var size int
		dst, size = decode(appendLines(dst, b[:at]), b[at:])
		b = b[at+size:]
	}
}

// unixLines normalises line ends, without a copy when there is nothing to do.
func unixLines(b []byte) string {
	if bytes.IndexByte(b, '\r') < 0 {
		return view(b)
	}
	return view(appendLines(nil, b))
}

// appendLines appends with every CR LF and every other CR as one LF (XML 1.0, 2.11).
func appendLines(dst, b []byte) []byte {
	for {
		at := bytes.IndexByte(b, '\r')
		if at < 0 {
			return append(dst, b...)
		}
		dst = append(append(dst, b[:at]...), '\n')
		b = b[at+1:]
		if len(b) > 0 && b[0] == '\n' {
			b = b[1:]
		}
	}
}
