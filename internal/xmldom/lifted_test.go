//go:build lifted

package xmldom_test

import (
	"slices"
	"testing"

	"sild/internal/barrier"
	"sild/internal/xmldom"
)

func TestALiftedCheckLetsItsOwnFaultsThrough(t *testing.T) {
	t.Cleanup(func() { barrier.Lift("") })
	for _, c := range refusals {
		barrier.Lift(c.check)
		d, err := xmldom.Parse([]byte(c.doc), c.limits)
		switch {
		case c.fixed && err == nil:
			t.Errorf("%s: %s: accepted, although doc.go says that it cannot be", c.check, c.name)
		case !c.fixed && err != nil:
			t.Errorf("%s: %s: %v", c.check, c.name, err)
		case err == nil:
			walk(t, d)
		}
		barrier.Lift("")
		if _, err := xmldom.Parse([]byte(c.doc), c.limits); err == nil {
			t.Errorf("%s: %s: accepted after the check was put back", c.check, c.name)
		}
	}
}

func TestALiftedCheckReadsSensibly(t *testing.T) {
	t.Cleanup(func() { barrier.Lift("") })
	for _, c := range []struct {
		check, doc string
		got        func(root xmldom.Element) string
		want       string
	}{
		{"xml.dtd", "<!DOCTYPE a [<!ENTITY x '>'>]><a>b<!ENTITY c 'd'>e</a>", xmldom.Element.Text, "be"},
		{"xml.entity", "<a>x&nbsp;&amp;y & z</a>", xmldom.Element.Text, "x&nbsp;&y & z"},
		{"xml.charref", "<a>&#x;&#65;</a>", xmldom.Element.Text, "&#x;A"},
		{"xml.char", "<a>&#1;&#xD800;</a>", xmldom.Element.Text, "\x01\uFFFD"},
		{"xml.cdata", "<a>]]></a>", xmldom.Element.Text, "]]>"},
		{"xml.comment", "<a>b<!-- c -- d -->e</a>", xmldom.Element.Text, "be"},
		{"xml.declaration", "<a>b<?xml c?>d</a>", xmldom.Element.Text, "bd"},
		{"xml.duplicate-attribute", "<a b='1' b='2'/>", func(e xmldom.Element) string { v, _ := e.Attr("b"); return v }, "1"},
		{"xml.duplicate-expanded", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", func(e xmldom.Element) string { v, _ := e.AttrNS("u", "b"); return v }, "1"},
		{"xml.prefix", "<p:a q:b='1'/>", func(e xmldom.Element) string { v, _ := e.Attr("b"); return e.Space() + e.Local() + v }, "a1"},
		{"xml.namespace", "<p:a xmlns:p=''/>", xmldom.Element.Space, ""},
		{"xml.name", "<1$a>x</1$a>", xmldom.Element.Local, "1$a"},
		{"xml.root", "<a/><b>x</b>", func(e xmldom.Element) string { return e.Next().Text() }, "x"},
		{"xml.attribute", "<a b='<'c='2'/>", func(e xmldom.Element) string { v, _ := e.Attr("c"); return v }, "2"},
	} {
		barrier.Lift(c.check)
		d, err := xmldom.Parse([]byte(c.doc), xmldom.Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.check, err)
		} else if got := c.got(d.Root()); got != c.want {
			t.Errorf("%s: read %q, want %q", c.check, got, c.want)
		}
	}
}

// FuzzLifted reads foreign bytes with one check lifted: whatever comes in then, every question has an answer.
func FuzzLifted(f *testing.F) {
	var checks []string
	for _, c := range refusals {
		if !slices.Contains(checks, c.check) {
			checks = append(checks, c.check)
		}
		if len(c.doc) < 1<<10 {
			f.Add([]byte(c.doc), byte(slices.Index(checks, c.check)))
		}
	}
	f.Cleanup(func() { barrier.Lift("") })
	f.Fuzz(func(t *testing.T, src []byte, which byte) {
		barrier.Lift(checks[int(which)%len(checks)])
		d, err := xmldom.Parse(src, xmldom.Limits{})
		if err != nil || len(src) > 1<<12 {
			return
		}
		for e := range d.Elements() {
			e.Attr("a")
			e.Resolve(e.Prefix())
			e.PrefixFor(e.Space())
			if text := e.Text(); len(text) > 3*len(src) || e.Span().End > len(src) || e.End() > d.Len() {
				t.Fatalf("element %d is larger than the document", e.Index())
			}
			for a := range e.Attributes() {
				e.AttrNS(a.Space, a.Local)
			}
			for n := range e.Nodes() {
				_ = n.Text()
			}
		}
	})
}
