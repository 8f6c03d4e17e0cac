package xmldom_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"sild/internal/xmldom"
)

// canonical writes a document as Canonical XML 1.0 with comments does. Two readers that write the same canonical form
// agree on every name, namespace, attribute value, text, comment and instruction.
func canonical(d *xmldom.Document) []byte {
	root := d.Root().Span()
	var out []byte
	for _, piece := range outside(d.Source()[:root.Start]) {
		out = append(append(out, piece...), '\n')
	}
	out = canonicalElement(out, d.Root())
	for _, piece := range outside(d.Source()[root.End:]) {
		out = append(append(out, '\n'), piece...)
	}
	return out
}

// outside finds the comments and instructions before or after the root, without the XML declaration.
func outside(src []byte) (pieces []string) {
	rest := strings.ReplaceAll(strings.ReplaceAll(string(src), "\r\n", "\n"), "\r", "\n")
	for {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			return pieces
		}
		rest = rest[at:]
		if strings.HasPrefix(rest, "<!--") {
			end := 4 + strings.Index(rest[4:], "-->") + 3
			pieces, rest = append(pieces, rest[:end]), rest[end:]
			continue
		}
		end := strings.Index(rest, "?>") + 2
		if !strings.HasPrefix(rest, "<?xml ") && !strings.HasPrefix(rest, "<?xml\n") && !strings.HasPrefix(rest, "<?xml\t") {
			pieces = append(pieces, canonicalInstruction(rest[2:end-2]))
		}
		rest = rest[end:]
	}
}

func canonicalInstruction(body string) string {
	target, data := body, ""
	if at := strings.IndexAny(body, " \t\n"); at >= 0 {
		target, data = body[:at], strings.TrimLeft(body[at:], " \t\n")
	}
	if data != "" {
		data = " " + data
	}
	return "<?" + target + data + "?>"
}

func canonicalElement(out []byte, e xmldom.Element) []byte {
	name := e.Local()
	if e.Prefix() != "" {
		name = e.Prefix() + ":" + name
	}
	out = append(append(out, '<'), name...)
	out = append(canonicalAttributes(out, e), '>')
	for n := range e.Nodes() {
		switch n.Kind {
		case xmldom.ElementNode:
			out = canonicalElement(out, n.Element)
		case xmldom.CommentNode:
			out = append(append(append(out, "<!--"...), n.Text()...), "-->"...)
		case xmldom.InstructionNode:
			out = append(out, canonicalInstruction(n.Text())...)
		default:
			out = append(out, canonicalText.Replace(n.Text())...)
		}
	}
	return append(append(append(out, "</"...), name...), '>')
}

var (
	canonicalText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	canonicalValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", "\"", "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func canonicalAttributes(out []byte, e xmldom.Element) []byte {
	var spaces, rest []xmldom.Attribute
	for a := range e.Attributes() {
		if a.Space != xmldom.SpaceXMLNS {
			rest = append(rest, a)
		} else if needed(e, a) {
			spaces = append(spaces, a)
		}
	}
	// The default namespace comes first, as if its local name were empty.
	slices.SortFunc(spaces, func(a, b xmldom.Attribute) int {
		return cmp.Or(cmp.Compare(a.Prefix, b.Prefix), cmp.Compare(a.Local, b.Local))
	})
	slices.SortFunc(rest, func(a, b xmldom.Attribute) int {
		return cmp.Or(cmp.Compare(a.Space, b.Space), cmp.Compare(a.Local, b.Local))
	})
	for _, a := range append(spaces, rest...) {
		out = append(out, ' ')
		if a.Prefix != "" {
			out = append(append(out, a.Prefix...), ':')
		}
		out = append(append(append(out, a.Local...), `="`...), canonicalValue.Replace(a.Value)...)
		out = append(out, '"')
	}
	return out
}

// needed says whether a namespace declaration tells something that the parent does not.
func needed(e xmldom.Element, a xmldom.Attribute) bool {
	prefix := a.Local
	if a.Prefix == "" {
		prefix = ""
	}
	outer, ok := e.Parent().Resolve(prefix)
	if !ok && prefix == "" {
		outer, ok = "", true
	}
	return prefix != "xml" && (!ok || outer != a.Value)
}

// uri is the kind of namespace that xmllint writes a canonical form of: absolute and in plain characters.
var uri = regexp.MustCompile(`^(urn:[A-Za-z0-9:._-]+|https?://[A-Za-z0-9.-]+(/[A-Za-z0-9._/-]*)?#?)?$`)

func absolute(d *xmldom.Document) bool {
	for e := range d.Elements() {
		for a := range e.Attributes() {
			if a.Space == xmldom.SpaceXMLNS && !uri.MatchString(a.Value) {
				return false
			}
		}
	}
	return true
}
