package xmldom_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"sild/internal/xmldom"
)

// FuzzParse feeds foreign bytes. What is accepted must hang together and be the same document when it is written in
// canonical form and read again; what is refused must say where.
func FuzzParse(f *testing.F) {
	for _, c := range refusals {
		if len(c.doc) < 1<<10 {
			f.Add([]byte(c.doc))
		}
	}
	for _, file := range madeUp(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<14 {
			return // large documents say nothing new and are slow to walk in every way
		}
		before := bytes.Clone(src)
		d, err := xmldom.Parse(src, xmldom.Limits{})
		if err != nil {
			var refused *xmldom.Error
			if !errors.As(err, &refused) || refused.Line < 1 || refused.Column < 1 || refused.Line > len(src)+1 || refused.Column > len(src)+1 || d != nil {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		walk(t, d)
		if !bytes.Equal(before, src) {
			t.Fatal("the source was changed")
		}
		again(t, canonical(d))
	})
}

func again(t *testing.T, first []byte) {
	t.Helper()
	if bytes.Contains(first, []byte("\uFEFF")) {
		return // it came by reference, and the canonical form has no other way to write it
	}
	d, err := xmldom.Parse(first, xmldom.Limits{Bytes: 1 << 20})
	if err != nil {
		t.Fatalf("refused in canonical form: %v\n%q", err, first)
	}
	if second := canonical(d); !bytes.Equal(first, second) {
		t.Fatalf("another document in canonical form:\n%q\n%q", first, second)
	}
}

// FuzzRoundTrip writes any text and reads it back.
func FuzzRoundTrip(f *testing.F) {
	for _, text := range []string{"", "a & b", "]]>", "\r\n\t", "õ\uFEFF💊", "\x00", "\xED\xA0\x80", "\uFFFE\uFFFD", "&#13;"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		valid := xmldom.Valid(text)
		doc := append(xmldom.AppendAttr([]byte(`<a b="`), text), `">`...)
		doc = append(xmldom.AppendText(doc, text), "</a>"...)
		root := parse(t, string(doc)).Root()
		attr, _ := root.Attr("b")
		if got := root.Text(); got != attr || (got == text) != valid {
			t.Fatalf("%q (valid: %v) is read back as %q and %q", text, valid, got, attr)
		}
		if raw := "<a>" + text + "</a>"; !valid && !strings.ContainsAny(text, "<&") {
			if _, err := xmldom.Parse([]byte(raw), xmldom.Limits{}); err == nil {
				t.Fatalf("%q is not valid but accepted as it is", text)
			}
		}
	})
}
