package fhir

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sild/translation"
)

// growth builds JSON text and, beside it, what is left of it when some of its values are cut.
type growth struct {
	t    *rapid.T
	text strings.Builder
	cut  []translation.Span
}

func (g *growth) space() {
	g.text.WriteString(rapid.SampledFrom([]string{"", " ", "\n\t", "\r\n"}).Draw(g.t, "space"))
}

// value writes a value and gives what is left of it; the second result says that nothing is. Whatever loses all its
// parts is gone itself; a value that was empty from the start stays.
func (g *growth) value(depth int) (left any, gone bool) {
	start := g.text.Len()
	kind := rapid.IntRange(0, 4).Draw(g.t, "kind")
	switch {
	case depth == 0 || kind == 0:
		word := rapid.SampledFrom([]string{`a]b`, `{"x":1}`, `\`, `"`, `,:`, "õ€😀", ""}).Draw(g.t, "word")
		text, _ := json.Marshal(word)
		g.text.Write(text)
		left = word
	case kind == 1:
		g.text.WriteString("-1.50e2")
		left = -150.0
	case kind == 2:
		left, gone = g.array(depth)
	default:
		left, gone = g.object(depth)
	}
	if depth < 4 && rapid.IntRange(0, 5).Draw(g.t, "cut") == 0 {
		g.cut = append(g.cut, translation.Span{Start: start, End: g.text.Len()})
		return nil, true
	}
	return left, gone
}

func (g *growth) array(depth int) (any, bool) {
	left, n := []any{}, rapid.IntRange(0, 4).Draw(g.t, "items")
	g.text.WriteByte('[')
	for i := range n {
		if i > 0 {
			g.text.WriteByte(',')
		}
		g.space()
		if item, gone := g.value(depth - 1); !gone {
			left = append(left, item)
		}
		g.space()
	}
	g.text.WriteByte(']')
	return left, n > 0 && len(left) == 0
}

func (g *growth) object(depth int) (any, bool) {
	left, n := map[string]any{}, rapid.IntRange(0, 4).Draw(g.t, "members")
	g.text.WriteByte('{')
	for i := range n {
		if i > 0 {
			g.text.WriteByte(',')
		}
		g.space()
		name := "m" + itoa(i)
		g.text.WriteString(`"` + name + `"`)
		g.space()
		g.text.WriteByte(':')
		g.space()
		if value, gone := g.value(depth - 1); !gone {
			left[name] = value
		}
		g.space()
	}
	g.text.WriteByte('}')
	return left, n > 0 && len(left) == 0
}

func TestCutsOfAnyShapeLeaveExactlyTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := &growth{t: t}
		left, gone := g.object(4)
		p := &planner{src: []byte(g.text.String())}
		if nothing := len(g.cut) > 0 && p.cutInside(translation.Span{End: len(p.src)}, g.cut); nothing != gone {
			t.Fatalf("nothing left: %v, want %v, in %s", nothing, gone, p.src)
		}
		if p.err != nil {
			t.Fatal(p.err)
		}
		if gone {
			return
		}
		out, err := splice(p.src, p.edits)
		if err != nil {
			t.Fatal(err)
		}
		if at := firstDifference(p.src, out, p.edits); at >= 0 {
			t.Fatalf("byte %d changed", at)
		}
		var read any
		if err := json.Unmarshal(out, &read); err != nil {
			t.Fatalf("%v: %s from %s", err, out, p.src)
		}
		if diff := cmp.Diff(left, read); diff != "" {
			t.Fatalf("%s from %s:\n%s", out, p.src, diff)
		}
	})
}

func TestAnyTextIsQuotedSoThatAnotherReaderReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.String().Draw(t, "text")
		var read string
		if err := json.Unmarshal(appendQuoted(nil, said), &read); err != nil {
			t.Fatalf("%q: %v", said, err)
		}
		if read != said {
			t.Fatalf("%q became %q", said, read)
		}
	})
	if got := string(appendQuoted(nil, "a\xffb")); got != "\"a\uFFFDb\"" {
		t.Errorf("a byte that is no UTF-8 became %s", got)
	}
}

func TestTheWriterLeavesNothingEmptyBehind(t *testing.T) {
	var w writer
	whole := w.object("")
	w.text("a", "")
	inner := w.object("b")
	list := w.array("c")
	item := w.object("")
	w.close(item)
	w.close(list)
	w.close(inner)
	w.raw("d", "1.50")
	w.text("e", "x")
	w.maybe("f", nil)
	w.close(whole)
	if got := string(w.b); got != `{"d":1.50,"e":"x"}` {
		t.Errorf("got %s", got)
	}
}
