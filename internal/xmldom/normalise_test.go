package xmldom_test

import (
	"testing"

	"sild/internal/xmldom"
)

func parse(t testing.TB, doc string) *xmldom.Document {
	t.Helper()
	d, err := xmldom.Parse([]byte(doc), xmldom.Limits{})
	if err != nil {
		t.Fatalf("%q: %v", doc, err)
	}
	return d
}

// The first rows are the examples of XML 1.0, 3.3.3, for an attribute of type CDATA; the rest follows its algorithm, each
// after 2.11 was applied to the source.
func TestAttributeValuesAreNormalisedAsXMLSays(t *testing.T) {
	for written, want := range map[string]string{
		"\n\nxyz":                          "  xyz",
		"&#xd;&#xd;A&#xa;&#xa;B&#xd;&#xa;": "\r\rA\n\nB\r\n",
		"plain":                            "plain",
		"":                                 "",
		" a  b ":                           " a  b ",
		"a\tb":                             "a b",
		"a\nb":                             "a b",
		"a\rb":                             "a b",
		"a\r\nb":                           "a b",
		"a\r\r\nb":                         "a  b",
		"a\n\rb":                           "a  b",
		"\r":                               " ",
		"a&#9;b&#32;c":                     "a\tb c",
		"a&#13;\nb":                        "a\r b",
		"\r&#10;":                          " \n",
		"&lt;&gt;&amp;&quot;&apos;":        "<>&\"'",
		"&amp;lt;":                         "&lt;",
		"&#38;#60;":                        "&#60;",
		"&amp;#10;":                        "&#10;",
		"&#xF5;&#xf5;&#x1f48A;":            "õõ💊",
		"'>":                               "'>",
	} {
		root := parse(t, `<a b="`+written+`"/>`).Root()
		if got, ok := root.Attr("b"); !ok || got != want {
			t.Errorf("%q is read as %q, want %q", written, got, want)
		}
		for a := range root.Attributes() {
			if a.Value != want {
				t.Errorf("%q is read in order as %q, want %q", written, a.Value, want)
			}
		}
	}
}

func TestTextIsNormalisedAsXMLSays(t *testing.T) {
	for written, want := range map[string]string{
		"plain":                               "plain",
		"":                                    "",
		"a\nb":                                "a\nb",
		"a\r\nb":                              "a\nb",
		"a\rb":                                "a\nb",
		"a\r\r\nb\n\rc\r":                     "a\n\nb\n\nc\n",
		"a&#13;&#10;b":                        "a\r\nb",
		"a&#xD;\nb":                           "a\r\nb",
		"a\r&#xA;b":                           "a\n\nb",
		"\ta\t":                               "\ta\t",
		"&amp;lt;&#38;#60;":                   "&lt;&#60;",
		"<![CDATA[&amp;\r\n<x>]]>":            "&amp;\n<x>",
		"a<![CDATA[]]>b":                      "ab",
		"a<!-- b -->c<?d e?>f":                "acf",
		"a<b c='>'>d<e/>f</b\n>g":             "adfg",
		"\r<b>\n</b>\r":                       "\n\n\n",
		"a\r<!-- -->\nb":                      "a\n\nb",
		"<b/><![CDATA[]]]]>&gt;<![CDATA[>]]>": "]]>>",
		"<b x='&lt;/a&gt;'/>c":                "c",
		"\u0085\u2028":                        "\u0085\u2028", // line ends in XML 1.1 only
		"õ&#245;\U0001F48A":                   "õõ💊",
	} {
		if got := parse(t, "<a>"+written+"</a>").Root().Text(); got != want {
			t.Errorf("%q is read as %q, want %q", written, got, want)
		}
	}
}

func TestNodesSayWhatTheyAre(t *testing.T) {
	type node struct {
		kind          xmldom.Kind
		written, text string
	}
	want := []node{
		{xmldom.TextNode, "\r\nx&amp;", "\nx&"},
		{xmldom.CommentNode, "<!-- a\r\n>-->", " a\n>"},
		{xmldom.CDataNode, "<![CDATA[&lt;\r]]>", "&lt;\n"},
		{xmldom.CDataNode, "<![CDATA[]]>", ""},
		{xmldom.ElementNode, "<b>1<c>2</c>3</b>", "123"},
		{xmldom.ElementNode, "<b/>", ""},
		{xmldom.InstructionNode, "<?p q\r?>", "p q\n"},
		{xmldom.CommentNode, "<!---->", ""},
		{xmldom.TextNode, " ", " "},
	}
	doc := ""
	for _, n := range want {
		doc += n.written
	}
	d, i := parse(t, "<a>"+doc+"</a>"), 0
	for n := range d.Root().Nodes() {
		got := node{n.Kind, string(d.Source()[n.Span.Start:n.Span.End]), n.Text()}
		if i == len(want) || got != want[i] {
			t.Fatalf("node %d is %+v", i, got)
		}
		if n.Element.There() != (n.Kind == xmldom.ElementNode) {
			t.Errorf("node %d: wrong about its element", i)
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d nodes, want %d", i, len(want))
	}
	if (xmldom.Node{}).Text() != "" {
		t.Error("the zero node says something")
	}
}
