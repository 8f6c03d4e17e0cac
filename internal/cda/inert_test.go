package cda

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"sild/node"
)

// plainElements are those of node.Narrative, without attributes but these two.
var (
	plainElements = []string{"p", "br", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "b", "i", "u", "sub", "sup", "span"}
	plainSpans    = []string{"colspan", "rowspan"}
)

// judged reads a narrative with the strict reader of the standard library and says what in it is not plain.
func judged(xhtml string) error {
	reader := xml.NewDecoder(strings.NewReader("<div>" + xhtml + "</div>"))
	for depth := 0; ; {
		token, err := reader.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				continue
			}
			if token.Name.Space != "" || !slices.Contains(plainElements, token.Name.Local) {
				return fmt.Errorf("element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				cell := token.Name.Local == "td" || token.Name.Local == "th"
				if a.Name.Space != "" || !cell || !slices.Contains(plainSpans, a.Name.Local) || strings.Trim(a.Value, "0123456789") != "" {
					return fmt.Errorf("attribute %s of %s", a.Name.Local, token.Name.Local)
				}
			}
		case xml.EndElement:
			depth--
		case xml.Comment, xml.ProcInst, xml.Directive:
			return fmt.Errorf("%T", token)
		}
	}
}

func TestForeignNarrativeComesOutInert(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"a script", `<script>alert(1)</script>`, "alert(1)"},
		{"a script of XHTML", `<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>`, "alert(1)"},
		{"a script in CDATA", `<![CDATA[<script>alert(1)</script>]]>`, "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"a script by references", `&lt;script&gt;alert(1)&lt;/script&gt;`, "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"a script by references of references", `&amp;lt;script&amp;gt;`, "&amp;lt;script&amp;gt;"},
		{"a handler", `<paragraph onclick="alert(1)">x</paragraph>`, "<p>x</p>"},
		{"a picture from elsewhere", `<img src="http://192.0.2.1/x"/>x`, "x"},
		{"a link", `<linkHtml href="javascript:alert(1)">siia</linkHtml>`, "siia"},
		{"a style", `<content styleCode="Bold&quot; onmouseover=&quot;x" style="position:fixed">x</content>`, "<b>x</b>"},
		{"a cell as wide as the world", `<table><tbody><tr><td colspan="99999">x</td><td rowspan="2" colspan="-1">y</td></tr></tbody></table>`, `<table><tbody><tr><td>x</td><td rowspan="2">y</td></tr></tbody></table>`},
		{"a cell with a word for a width", `<table><tbody><tr><td colspan='"x'>x</td></tr></tbody></table>`, "<table><tbody><tr><td>x</td></tr></tbody></table>"},
		{"an instruction and a comment", `<?php system(1) ?><!-- <script> -->x`, "x"},
		{"an object with words in it", `<renderMultiMedia referencedObject="m"><caption>pilt</caption></renderMultiMedia>`, "<b>pilt</b>"},
		{"words in a line break", `x<br>y</br>z`, "x<br/>yz"},
		{"words in a column", `<table><col>peidus</col><tbody><tr><td>x</td></tr></tbody></table>`, "<table>peidus<tbody><tr><td>x</td></tr></tbody></table>"},
		{"a frame in a list", `<list><item><iframe src="x">a</iframe></item></list>`, "<ul><li>a</li></ul>"},
		{"a form", `<form action="/x"><input name="y"/>b</form>`, "b"},
		{"a drawing", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>t</text></svg>`, "t"},
	} {
		source := hostile{name: row.name, change: inText("<paragraph>ALGUS</paragraph>" + row.text + "<paragraph>LÕPP</paragraph>")}.text(t)
		d := decoded(t, source)
		got := d.Header.Narrative.XHTML
		if err := judged(got); err != nil {
			t.Errorf("%s: %v in %s", row.name, err, got)
		}
		_, got, _ = strings.Cut(got, "<p>ALGUS</p>")
		if got, _, _ = strings.Cut(got, "<p>LÕPP</p>"); got != row.want {
			t.Errorf("%s: %s, not %s", row.name, got, row.want)
		}
	}
}

func TestEveryNarrativeOfEveryDocumentIsPlain(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		all := []node.Narrative{d.Header.Narrative}
		if d.Summary != nil {
			for _, s := range d.Summary.Sections {
				all = append(all, s.Narrative)
			}
		}
		for _, n := range all {
			if err := judged(n.XHTML); err != nil {
				t.Errorf("%s: %v", one.name, err)
			}
		}
	}
}

// A PDF of which anything is withheld does not leave, and what does leave is the same PDF to the byte.
func TestPagesWithACutAreHeldBack(t *testing.T) {
	source := readFile(t, pictured)
	d := decoded(t, source)
	_, err := tongue().Encode(d, node.CDA1, elementsNamed(d, "address"), nil)
	if node.AsError(err).Kind != node.Unsupported || len(elementsNamed(d, "address")) == 0 {
		t.Errorf("sent with a cut: %v", err)
	}
	if out := spliced(t, d, nil); string(out) != string(source) || !strings.HasPrefix(string(d.Pages), "%PDF-1.4") {
		t.Error("the pages have changed")
	}
}
