package xmldom_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/internal/xmldom"
)

// large is the largest sample, a patient summary of 166 kB.
func large(t testing.TB) []byte {
	t.Helper()
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: the large sample is not read")
	}
	return read(t, filepath.Join(root, "cda", "ps-l3-w7-full.xml"))
}

func parsed(t testing.TB, src []byte) *xmldom.Document {
	d, err := xmldom.Parse(src, xmldom.Limits{Bytes: math.MaxInt32, Elements: math.MaxInt32})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkParse(b *testing.B) {
	src := large(b)
	b.Run("xmldom", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			parsed(b, src)
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		b.ReportAllocs()
		for b.Loop() {
			for decoder := xml.NewDecoder(bytes.NewReader(src)); ; {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkQuestions asks what a tongue asks: every attribute by name, every text.
func BenchmarkQuestions(b *testing.B) {
	src := large(b)
	d := parsed(b, src)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		for e := range d.Elements() {
			if code, ok := e.Attr("code"); ok && code == "" {
				b.Fatal("empty code")
			}
			if !e.First().There() {
				_ = e.Text()
			}
		}
	}
}

func TestParsingAllocatesTheArenaAndLittleMore(t *testing.T) {
	src := large(t)
	if n := testing.AllocsPerRun(20, func() { parsed(t, src) }); n > 40 {
		t.Errorf("%v allocations for a document of %d elements", n, parsed(t, src).Len())
	}
}

func TestPlainValuesAndTextsAreNotCopied(t *testing.T) {
	root := parse(t, `<a xmlns:p="urn:p" b="plain" p:c="õ"><d>plain text</d></a>`).Root()
	if n := testing.AllocsPerRun(100, func() {
		b, _ := root.Attr("b")
		c, _ := root.AttrNS("urn:p", "c")
		if b != "plain" || c != "õ" || root.Child("", "d").Text() != "plain text" || root.Local() != "a" || root.First().Space() != "" {
			t.Error("misread")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// shapes grow a document in the ways that could make a reader slow: each gives a document of about n times a size.
var shapes = map[string]func(n int) string{
	"sections": func(n int) string {
		return "<a xmlns='u' xmlns:p='v'>" + strings.Repeat("<s><p:t b='1' p:c='2'>õ &amp; x</p:t>\n<!-- y --><v/></s>", 200*n) + "</a>"
	},
	"names":        func(n int) string { return "<a>" + many(800*n, "<n%d/>") + "</a>" },
	"namespaces":   func(n int) string { return "<a>" + many(400*n, "<b xmlns='u%d'/>") + "</a>" },
	"references":   func(n int) string { return "<a>" + strings.Repeat("&amp;", 2000*n) + "</a>" },
	"long number":  func(n int) string { return "<a>&#" + strings.Repeat("0", 10000*n) + "65;</a>" },
	"brackets":     func(n int) string { return "<a>" + strings.Repeat("]]", 5000*n) + "</a>" },
	"comments":     func(n int) string { return "<a>" + strings.Repeat("<!-- - -->", 1000*n) + "</a>" },
	"one value":    func(n int) string { return "<a b='" + strings.Repeat("x\n", 5000*n) + "'/>" },
	"white space":  func(n int) string { return "<a " + strings.Repeat(" ", 10000*n) + "/>" },
	"instructions": func(n int) string { return "<a>" + strings.Repeat("<?x y?>", 1400*n) + "</a>" },
	"deep and back": func(n int) string {
		return "<a>" + strings.Repeat(strings.Repeat("<b>", 100)+strings.Repeat("</b>", 100), 14*n) + "</a>"
	},
	"many bindings": func(n int) string {
		return "<a" + many(100, " xmlns:p%d='u'") + ">" + strings.Repeat("<p0:b p1:c='' p2:d=''/>", 400*n) + "</a>"
	},
	"many attributes": func(n int) string {
		return "<a>" + strings.Repeat("<b"+many(100, " c%d=''")+"/>", 14*n) + "</a>"
	},
}

// TestTimeGrowsAsTheDocumentDoes compares documents of ten and a hundred times a size. A quadratic reader has exponent 2;
// noise on a busy machine is let through up to 1.4, and the best of several runs counts.
func TestTimeGrowsAsTheDocumentDoes(t *testing.T) {
	for name, shape := range shapes {
		small, big := []byte(shape(10)), []byte(shape(100))
		exponent := math.Inf(1)
		for range 5 {
			grown := float64(fastest(t, big)) / float64(fastest(t, small))
			exponent = min(exponent, math.Log(grown)/math.Log(float64(len(big))/float64(len(small))))
			if exponent <= 1.1 {
				break
			}
		}
		t.Logf("%s: exponent %.2f", name, exponent)
		if exponent > 1.4 {
			t.Errorf("%s: time grows with exponent %.2f", name, exponent)
		}
	}
}

func fastest(t *testing.T, src []byte) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		parsed(t, src)
		best = min(best, time.Since(start))
	}
	return best
}
