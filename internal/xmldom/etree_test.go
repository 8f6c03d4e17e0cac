package xmldom_test

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"sild/internal/xmldom"
)

// beyondEtree has names of characters above U+FFFF, which the standard library refuses against production 4.
const beyondEtree = "supplement.xml"

// etree reads with the standard library, which leaves white space in attribute values alone; so here all of it counts as
// one. What xml stands for it does not know.
func TestDocumentsAgreeWithEtree(t *testing.T) {
	files := madeUp(t)
	t.Run("made up", func(t *testing.T) { agreeWithEtree(t, files) })
	t.Run("samples", func(t *testing.T) { agreeWithEtree(t, samples(t)) })
}

func agreeWithEtree(t *testing.T, files []string) {
	for _, file := range files {
		d, err := xmldom.Parse(read(t, file), xmldom.Limits{})
		if err != nil {
			if !strings.HasSuffix(file, twoRoots) {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		other := etree.NewDocument()
		if err := other.ReadFromBytes(read(t, file)); err != nil && strings.HasSuffix(file, beyondEtree) {
			continue
		} else if err != nil {
			t.Errorf("%s: etree: %v", file, err)
			continue
		}
		sameElement(t, file, d.Root(), other.Root())
	}
}

func sameElement(t *testing.T, file string, e xmldom.Element, other *etree.Element) {
	t.Helper()
	if e.Prefix() != other.Space || e.Local() != other.Tag || e.Space() != other.NamespaceURI() {
		t.Fatalf("%s: element %d is {%s}%s:%s, in etree {%s}%s", file, e.Index(), e.Space(), e.Prefix(), e.Local(), other.NamespaceURI(), other.FullTag())
	}
	if ours, theirs := e.Text(), textOf(other); ours != theirs {
		t.Fatalf("%s: element %d says %q, in etree %q", file, e.Index(), ours, theirs)
	}
	at := 0
	for a := range e.Attributes() {
		if at == len(other.Attr) {
			t.Fatalf("%s: element %d has more attributes here", file, e.Index())
		}
		b := other.Attr[at]
		if a.Prefix != b.Space || a.Local != b.Key || spaced(a.Value) != spaced(b.Value) {
			t.Fatalf("%s: element %d, attribute %d: %s:%s=%q, in etree %s=%q", file, e.Index(), at, a.Prefix, a.Local, a.Value, b.FullKey(), b.Value)
		}
		if a.Space != xmldom.SpaceXMLNS && a.Prefix != "xml" && a.Space != b.NamespaceURI() {
			t.Fatalf("%s: element %d, attribute %d is in %q, in etree in %q", file, e.Index(), at, a.Space, b.NamespaceURI())
		}
		at++
	}
	children := other.ChildElements()
	for child := range e.Children() {
		if len(children) == 0 {
			t.Fatalf("%s: element %d has more children here", file, e.Index())
		}
		sameElement(t, file, child, children[0])
		children = children[1:]
	}
	if at != len(other.Attr) || len(children) != 0 {
		t.Fatalf("%s: element %d has more attributes or children in etree", file, e.Index())
	}
}

func spaced(s string) string { return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(s) }

func textOf(e *etree.Element) string {
	var b strings.Builder
	for _, child := range e.Child {
		switch node := child.(type) {
		case *etree.CharData:
			b.WriteString(node.Data)
		case *etree.Element:
			b.WriteString(textOf(node))
		}
	}
	return b.String()
}
