package xmldom_test

import (
	"slices"
	"testing"

	"sild/internal/xmldom"
)

const prescription = `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:pharm='urn:hl7-org:pharm' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <code code="57833-6" xml:lang='et'/>
  <pharm:name>Ibu&amp;Co</pharm:name>
  <value xsi:type="hl7:CE" xmlns:hl7="urn:hl7-org:v3"><inner xmlns=""/></value>
  <p:name xmlns:p="urn:hl7-org:pharm"></p:name>
</ClinicalDocument>
`

func TestElementsAreFoundByExpandedName(t *testing.T) {
	d := parse(t, prescription)
	root := d.Root()
	if d.Len() != 6 || !root.Is("urn:hl7-org:v3", "ClinicalDocument") || root.Is("", "ClinicalDocument") || root.Is("urn:hl7-org:v3", "Clinical") {
		t.Error("the root is misread")
	}
	name := root.Child("urn:hl7-org:pharm", "name")
	if name.Prefix() != "pharm" || name.Local() != "name" || name.Space() != "urn:hl7-org:pharm" || name.Text() != "Ibu&Co" {
		t.Errorf("name: %q %q %q", name.Prefix(), name.Local(), name.Space())
	}
	other := name.Next().Next()
	if other.Prefix() != "p" || other.Space() != name.Space() || other.Empty() || other.Next().There() || other.Parent() != root {
		t.Error("the same name under another prefix is misread")
	}
	inner := root.Child("urn:hl7-org:v3", "value").Child("", "inner")
	if !inner.There() || inner.Space() != "" || !inner.Empty() || inner.Index() != 4 || d.At(4) != inner {
		t.Error("an element that left the default namespace is misread")
	}
	if root.Child("", "code").There() || root.Child("urn:hl7-org:v3", "name").There() {
		t.Error("found in a namespace where it is not")
	}
}

func TestAttributesAreFoundByExpandedName(t *testing.T) {
	root := parse(t, prescription).Root()
	code := root.First()
	for _, local := range []string{"lang", "xml:lang", "cod", "codes", "", "xmlns"} {
		if value, ok := code.Attr(local); ok || value != "" {
			t.Errorf("%q is an attribute of code: %q", local, value)
		}
	}
	if lang, ok := code.AttrNS(xmldom.SpaceXML, "lang"); !ok || lang != "et" {
		t.Error("xml:lang is not found")
	}
	if _, ok := root.Attr("xmlns"); ok {
		t.Error("a namespace declaration is taken for an attribute without namespace")
	}
	if uri, ok := root.AttrNS(xmldom.SpaceXMLNS, "xmlns"); !ok || uri != "urn:hl7-org:v3" {
		t.Error("the default namespace's declaration is not found")
	}
	var got []string
	for a := range root.Attributes() {
		got = append(got, a.Space+"|"+a.Prefix+"|"+a.Local+"|"+a.Value)
	}
	want := []string{xmldom.SpaceXMLNS + "||xmlns|urn:hl7-org:v3", xmldom.SpaceXMLNS + "|xmlns|pharm|urn:hl7-org:pharm",
		xmldom.SpaceXMLNS + "|xmlns|xsi|http://www.w3.org/2001/XMLSchema-instance"}
	if !slices.Equal(got, want) {
		t.Errorf("attributes are %q", got)
	}
}

func TestPrefixesAreResolvedWhereTheyStand(t *testing.T) {
	d := parse(t, `<a xmlns:p="u" xmlns:q="u" xmlns="d"><b xmlns:q="v" xmlns=""><c xmlns:p="w"/></b></a>`)
	a, b, c := d.At(0), d.At(1), d.At(2)
	for _, r := range []struct {
		at            xmldom.Element
		prefix, space string
		ok            bool
	}{
		{a, "", "d", true}, {a, "p", "u", true}, {a, "q", "u", true}, {a, "r", "", false},
		{b, "", "", true}, {b, "p", "u", true}, {b, "q", "v", true},
		{c, "p", "w", true}, {c, "q", "v", true}, {c, "xml", xmldom.SpaceXML, true}, {c, "xmlns", xmldom.SpaceXMLNS, true},
		{xmldom.Element{}, "", "", false},
	} {
		if space, ok := r.at.Resolve(r.prefix); space != r.space || ok != r.ok {
			t.Errorf("%q at element %d stands for %q, %v", r.prefix, r.at.Index(), space, ok)
		}
	}
	for _, r := range []struct {
		at            xmldom.Element
		space, prefix string
		ok            bool
	}{
		{a, "d", "", true}, {a, "u", "q", true}, {a, "", "", false}, {a, "v", "", false},
		{b, "", "", true}, {b, "u", "p", true}, {b, "v", "q", true}, {b, "d", "", false},
		{c, "u", "", false}, {c, "w", "p", true}, {c, xmldom.SpaceXML, "xml", true},
		{xmldom.Element{}, "", "", false},
	} {
		if prefix, ok := r.at.PrefixFor(r.space); prefix != r.prefix || ok != r.ok {
			t.Errorf("%q at element %d is written %q, %v", r.space, r.at.Index(), prefix, ok)
		}
	}
}

func TestSpansCutOutWhatTheySay(t *testing.T) {
	d := parse(t, "\uFEFF<!-- --><a b = '1'\n>x<c/>y</a ><?z?>")
	at := func(s xmldom.Span) string { return string(d.Source()[s.Start:s.End]) }
	root := d.Root()
	for _, c := range [][2]string{
		{at(root.Span()), "<a b = '1'\n>x<c/>y</a >"}, {at(root.Open()), "<a b = '1'\n>"}, {at(root.Content()), "x<c/>y"},
		{at(root.First().Span()), "<c/>"}, {at(root.First().Open()), "<c/>"}, {at(root.First().Content()), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("cut out %q, want %q", c[0], c[1])
		}
	}
	for a := range root.Attributes() {
		if at(a.Span) != "b = '1'" || at(a.ValueSpan) != "1" {
			t.Errorf("the attribute is %q, its value %q", at(a.Span), at(a.ValueSpan))
		}
	}
}

func TestAnElementThatIsNotThereAnswersEveryQuestion(t *testing.T) {
	for _, e := range []xmldom.Element{{}, (*xmldom.Document)(nil).Root(), parse(t, "<a/>").Root().Child("", "b").First().Next()} {
		_, attr := e.Attr("a")
		_, attrNS := e.AttrNS("", "a")
		_, resolves := e.Resolve("xml")
		if e.There() || attr || attrNS || resolves || e.Is("", "") || e.Empty() || e.Index() != -1 || e.End() != -1 {
			t.Error("it says that it is there")
		}
		if e.Space()+e.Local()+e.Prefix()+e.Text() != "" || e.Parent().There() || e.First().There() || e.Next().There() {
			t.Error("it has a name, a text or relatives")
		}
		if (e.Span() != xmldom.Span{}) || (e.Open() != xmldom.Span{}) || (e.Content() != xmldom.Span{}) {
			t.Error("it stands somewhere")
		}
		for range e.Children() {
			t.Error("it has a child")
		}
		for range e.Attributes() {
			t.Error("it has an attribute")
		}
		for range e.Nodes() {
			t.Error("it has content")
		}
	}
}

func TestIterationsStopWhenTold(t *testing.T) {
	d := parse(t, "<a b='' c=''>x<d/>y<e/></a>")
	count := 0
	for range d.Elements() {
		count++
		break
	}
	for range d.Root().Children() {
		count++
		break
	}
	for range d.Root().Attributes() {
		count++
		break
	}
	for range d.Root().Nodes() {
		count++
		break
	}
	if count != 4 {
		t.Error(count)
	}
}

func TestSeveralAttributesAreReadAtOnceAsOneByOne(t *testing.T) {
	d := parse(t, `<a xmlns="urn:x" xmlns:p="urn:y" code="a&amp;b" p:code="no" unit='1' code2=""><b p:unit="m"/><c/></a>`)
	names := []string{"unit", "code", "xmlns", "none", "code2"}
	for e := range d.Elements() {
		got, want, has := make([]string, len(names)), make([]string, len(names)), false
		for i, name := range names {
			value, ok := e.Attr(name)
			want[i], has = value, has || ok
		}
		if any := e.Values(names, got); any != has || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q, %v", e.Local(), got, any, want, has)
		}
	}
}

func TestAnElementSpeaksWhenMoreThanWhiteSpaceStandsDirectlyInIt(t *testing.T) {
	for source, want := range map[string]bool{
		"<a/>": false, "<a></a>": false, "<a> \r\n\t </a>": false, "<a><b>x</b></a>": false, "<a> <b/> <!-- x --><?x y?> </a>": false,
		"<a>x</a>": true, "<a> <b/> x</a>": true, "<a>&#32;</a>": true, "<a><b/>&amp;</a>": true, "<a><![CDATA[ ]]></a>": true, "<a>\u00A0</a>": true,
		"<a>                x</a>": true, "<a>                 <b/></a>": false,
	} {
		if got := parse(t, source).Root().Speaks(); got != want {
			t.Errorf("%q: %v", source, got)
		}
	}
	if (xmldom.Element{}).Speaks() || (xmldom.Element{}).Values([]string{"a"}, make([]string, 1)) {
		t.Error("an element that is not there says something")
	}
}
