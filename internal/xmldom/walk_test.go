package xmldom_test

import (
	"slices"
	"testing"

	"sild/internal/barrier"
	"sild/internal/xmldom"
)

// walk asks a document everything there is to ask and checks that the answers fit together.
func walk(t *testing.T, d *xmldom.Document) {
	t.Helper()
	if d.Len() == 0 || d.Root().Index() != 0 || d.At(d.Len()).There() || d.At(-1).There() {
		t.Fatal("the elements are numbered wrongly")
	}
	count := 0
	for e := range d.Elements() {
		if e.Index() != count {
			t.Fatalf("element %d says that it is %d", count, e.Index())
		}
		count++
		spans(t, d, e)
		family(t, d, e)
		attributes(t, d, e)
		nodes(t, d, e)
	}
	if count != d.Len() {
		t.Fatalf("%d elements, not %d", count, d.Len())
	}
	chosen(t, d)
}

// chosen checks the walks over some elements against the one over all.
func chosen(t *testing.T, d *xmldom.Document) {
	t.Helper()
	bearing := map[int]bool{}
	last := -1
	for e := range d.Bearing("ID", "code") {
		if e.Index() <= last {
			t.Fatalf("element %d comes after element %d", e.Index(), last)
		}
		last = e.Index()
		bearing[last] = true
	}
	names := map[string][]int{}
	for e := range d.Elements() {
		_, id := e.Attr("ID")
		if _, code := e.Attr("code"); (id || code) && !bearing[e.Index()] {
			t.Fatalf("element %d bears an attribute, and is left out", e.Index())
		}
		if len(names) < 8 || names[e.Local()] != nil {
			names[e.Local()] = append(names[e.Local()], e.Index())
		}
	}
	for local, want := range names {
		var got []int
		for e := range d.Named(local) {
			got = append(got, e.Index())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q is the name of %v, not of %v", local, want, got)
		}
	}
}

func inside(inner, outer xmldom.Span) bool {
	return inner.Start >= outer.Start && inner.End <= outer.End && inner.Start <= inner.End
}

func spans(t *testing.T, d *xmldom.Document, e xmldom.Element) {
	t.Helper()
	src, whole, open, content := d.Source(), e.Span(), e.Open(), e.Content()
	if src[open.Start] != '<' || src[open.End-1] != '>' || src[whole.End-1] != '>' || open.Start != whole.Start || open.End != content.Start {
		t.Fatalf("element %d: spans %v %v %v", e.Index(), whole, open, content)
	}
	if !inside(content, whole) || whole.End > len(src) {
		t.Fatalf("element %d: content %v outside %v", e.Index(), content, whole)
	}
	if e.Empty() != (src[open.End-2] == '/') || e.Empty() != (content.End == whole.End) {
		t.Fatalf("element %d: wrong about being written empty", e.Index())
	}
	if !e.Empty() && string(src[content.End:content.End+2]) != "</" {
		t.Fatalf("element %d: no end tag after its content", e.Index())
	}
}

func family(t *testing.T, d *xmldom.Document, e xmldom.Element) {
	t.Helper()
	at := e.Index() + 1
	for child := range e.Children() {
		if child.Index() != at || child.Parent() != e || !inside(child.Span(), e.Content()) {
			t.Fatalf("element %d: child %d is not inside", e.Index(), child.Index())
		}
		if first := e.Child(child.Space(), child.Local()); !first.There() || first.Index() > child.Index() {
			t.Fatalf("element %d: child %d is not found by name", e.Index(), child.Index())
		}
		at = child.End()
	}
	if at != e.End() || e.End() > d.Len() {
		t.Fatalf("element %d ends at %d, its children at %d", e.Index(), e.End(), at)
	}
	if space, ok := e.Resolve(e.Prefix()); !barrier.Build && (!ok || space != e.Space()) {
		t.Fatalf("element %d: its own prefix stands for %q, not %q", e.Index(), space, e.Space())
	}
}

func attributes(t *testing.T, d *xmldom.Document, e xmldom.Element) {
	t.Helper()
	src, at := d.Source(), e.Open().Start
	for a := range e.Attributes() {
		if a.Span.Start <= at || a.Span.End >= e.Open().End || !inside(a.ValueSpan, a.Span) || src[a.ValueSpan.End] != src[a.ValueSpan.Start-1] {
			t.Fatalf("element %d: attribute at %v", e.Index(), a.Span)
		}
		at = a.Span.End - 1
		if value, ok := e.AttrNS(a.Space, a.Local); !barrier.Build && (!ok || value != a.Value) {
			t.Fatalf("element %d: attribute at %v is %q by name, %q in order", e.Index(), a.Span, value, a.Value)
		}
		if value, ok := e.Attr(a.Local); a.Space == "" && !barrier.Build && (!ok || value != a.Value) {
			t.Fatalf("element %d: attribute at %v is %q by local name, %q in order", e.Index(), a.Span, value, a.Value)
		}
		if prefix, ok := e.PrefixFor(a.Space); a.Prefix != "" && a.Space != xmldom.SpaceXMLNS && !barrier.Build {
			if space, _ := e.Resolve(prefix); !ok || space != a.Space {
				t.Fatalf("element %d: no prefix for %q, or %q is wrong", e.Index(), a.Space, prefix)
			}
		}
	}
}

// nodes checks that the nodes fill the content without a gap and say together what the element says.
func nodes(t *testing.T, d *xmldom.Document, e xmldom.Element) {
	t.Helper()
	at, text := e.Content().Start, ""
	for n := range e.Nodes() {
		if n.Span.Start != at && !barrier.Build || n.Span.End <= n.Span.Start {
			t.Fatalf("element %d: node at %v, want it at %d", e.Index(), n.Span, at)
		}
		at = n.Span.End
		if said := n.Text(); n.Kind == xmldom.TextNode || n.Kind == xmldom.CDataNode || n.Kind == xmldom.ElementNode && len(said) < 1<<10 {
			text += said
		} else if n.Kind == xmldom.ElementNode {
			return // the children of large elements are compared on their own
		}
	}
	if at != e.Content().End && !barrier.Build {
		t.Fatalf("element %d: its nodes end at %d, not %d", e.Index(), at, e.Content().End)
	}
	if whole := e.Text(); whole != text {
		t.Fatalf("element %d: says %q, its nodes say %q", e.Index(), whole, text)
	}
}
