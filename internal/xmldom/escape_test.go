package xmldom_test

import (
	"testing"

	"sild/internal/xmldom"
)

func TestWhatIsWrittenIsReadBackExactly(t *testing.T) {
	for _, text := range []string{"", " ", "plain", "a & b < c > d \" e ' f", "]]>", "\r\n\r\t\n", "&lt;&#10;", "õ ä 💊 \u0085\u2028", "\uFEFFa\uFEFF",
		"\x7F\uFFFD\uD7FF\uE000\U0010FFFF", "<!-- --><![CDATA[ ]]><?x?>"} {
		if !xmldom.Valid(text) {
			t.Errorf("%q cannot be written", text)
		}
		readBack(t, text)
	}
}

func readBack(t *testing.T, text string) {
	t.Helper()
	doc := append(xmldom.AppendAttr([]byte(`<a b="`), text), `">`...)
	doc = append(xmldom.AppendText(doc, text), "</a>"...)
	root := parse(t, string(doc)).Root()
	if got := root.Text(); got != text {
		t.Errorf("%q is read back from content as %q", text, got)
	}
	if got, _ := root.Attr("b"); got != text {
		t.Errorf("%q is read back from an attribute as %q", text, got)
	}
}

func TestWhatXMLCannotSayIsToldAndNeverBreaksTheDocument(t *testing.T) {
	for text, written := range map[string]string{
		"a\x00b": "a\uFFFDb", "\x1F": "\uFFFD", "\uFFFE": "\uFFFD", "\uFFFF": "\uFFFD", "\x80": "\uFFFD", "\xED\xA0\x80": "\uFFFD\uFFFD\uFFFD",
	} {
		if xmldom.Valid(text) {
			t.Errorf("%q is taken for text that XML can say", text)
		}
		if got := string(xmldom.AppendText(nil, text)); got != written {
			t.Errorf("%q is written as %q", text, got)
		}
		if got := string(xmldom.AppendAttr(nil, text)); got != written {
			t.Errorf("%q is written as %q in an attribute", text, got)
		}
	}
}
