package splice_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"sild/internal/splice"
	"sild/internal/splice/fidelity"
)

func TestEdits(t *testing.T) {
	edit := func(start, end int, text string) splice.Edit {
		return splice.Edit{Start: start, End: end, Text: []byte(text)}
	}
	for _, c := range []struct {
		name  string
		edits []splice.Edit
		want  string // "" for an error
	}{
		{"nothing to do", nil, "0123456789"},
		{"replaces", []splice.Edit{edit(2, 4, "abc")}, "01abc456789"},
		{"inserts", []splice.Edit{edit(2, 2, "ab")}, "01ab23456789"},
		{"cuts", []splice.Edit{edit(2, 9, "")}, "019"},
		{"inserts at both ends", []splice.Edit{edit(10, 10, "b"), edit(0, 0, "a")}, "a0123456789b"},
		{"replaces all", []splice.Edit{edit(0, 10, "x")}, "x"},
		{"sorts", []splice.Edit{edit(8, 9, "b"), edit(0, 1, "a")}, "a1234567b9"},
		{"keeps the order of insertions at one place", []splice.Edit{edit(5, 5, "b"), edit(5, 5, "a"), edit(5, 5, "c")}, "01234bac56789"},
		{"inserts before what is replaced from there", []splice.Edit{edit(5, 7, "x"), edit(5, 5, "a")}, "01234ax789"},
		{"inserts after what is replaced up to there", []splice.Edit{edit(5, 5, "a"), edit(3, 5, "x")}, "012xa56789"},
		{"replaces side by side", []splice.Edit{edit(3, 5, "a"), edit(5, 6, "b")}, "012ab6789"},
		{"overlap", []splice.Edit{edit(3, 5, "a"), edit(4, 6, "b")}, ""},
		{"the same bytes twice", []splice.Edit{edit(3, 5, "a"), edit(3, 5, "a")}, ""},
		{"one within the other", []splice.Edit{edit(3, 9, "a"), edit(4, 5, "b")}, ""},
		{"insertion into a cut", []splice.Edit{edit(3, 9, ""), edit(5, 5, "b")}, ""},
		{"before the start", []splice.Edit{edit(-1, 1, "a")}, ""},
		{"after the end", []splice.Edit{edit(9, 11, "a")}, ""},
		{"insertion after the end", []splice.Edit{edit(11, 11, "a")}, ""},
		{"backwards", []splice.Edit{edit(5, 3, "a")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := []byte("0123456789")
			out, err := splice.Apply(src, slices.Clone(c.edits))
			if string(out) != c.want || (err == nil) != (c.want != "") {
				t.Fatalf("%q, %v; want %q", out, err, c.want)
			}
			if cap(out) != len(out) {
				t.Errorf("capacity %d for %d bytes", cap(out), len(out))
			}
			var refused *splice.Error
			if err != nil && !errors.As(err, &refused) {
				t.Errorf("refused with %v", err)
			}
			var written bytes.Buffer
			if toErr := splice.To(&written, src, slices.Clone(c.edits)); (toErr == nil) != (err == nil) || written.String() != c.want {
				t.Errorf("written: %q, %v", written.String(), toErr)
			}
			if string(src) != "0123456789" {
				t.Error("the source was changed")
			}
		})
	}
}

// Two plans become one such that applying it gives what applying both in their order gave.
func TestTwoPlansAreMergedInTheOrderOfTheirPlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		plans := [2][]splice.Edit{}
		for i := range plans {
			for range random.IntN(6) {
				at := random.IntN(20)
				plans[i] = append(plans[i], splice.Edit{Start: at, End: at, Text: []byte{byte('a' + 13*i + len(plans[i]))}})
			}
		}
		want, err := splice.Apply(make([]byte, 20), append(slices.Clone(plans[0]), plans[1]...))
		if err != nil {
			t.Fatal(err)
		}
		all := splice.Merged(slices.Clone(plans[0]), slices.Clone(plans[1]))
		if !slices.IsSortedFunc(all, func(a, b splice.Edit) int { return a.Start - b.Start }) {
			t.Fatalf("%v and %v became %v", plans[0], plans[1], all)
		}
		if got, err := splice.Apply(make([]byte, 20), all); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v and %v gave %q, want %q: %v", plans[0], plans[1], got, want, err)
		}
	}
}

func TestTheResultIsNeverTheSourceItself(t *testing.T) {
	src := []byte("abc")
	out, err := splice.Apply(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	out[0] = 'x'
	if src[0] != 'a' {
		t.Error("who changes the result changes the source")
	}
}

func TestOneAllocationOfExactSize(t *testing.T) {
	src := bytes.Repeat([]byte("0123456789"), 1000)
	edits := []splice.Edit{{Start: 5, End: 9, Text: []byte("abc")}, {Start: 700, End: 700, Text: []byte("d")}, {Start: 900, End: 1900}}
	if n := testing.AllocsPerRun(20, func() {
		if out, err := splice.Apply(src, edits); err != nil || len(out) != 10000-4+3+1-1000 {
			t.Error("misapplied")
		}
	}); n != 1 {
		t.Errorf("%v allocations", n)
	}
}

// Random edits that do not overlap, in random order, are checked by code that did not make them.
func TestEveryUntouchedByteComesOutAsItWentIn(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		src := make([]byte, random.IntN(60))
		for i := range src {
			src[i] = "abc"[random.IntN(3)]
		}
		var edits []splice.Edit
		for at := 0; at <= len(src) && random.IntN(8) > 0; {
			start := at + random.IntN(len(src)-at+1)
			end := start + random.IntN(min(5, len(src)-start+1))
			edits = append(edits, splice.Edit{Start: start, End: end, Text: []byte("abcabc"[:random.IntN(6)])})
			at = end + 1
		}
		shuffled := slices.Clone(edits)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		out, err := splice.Apply(src, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if at := fidelity.FirstDifference(src, out, edits); at >= 0 {
			t.Fatalf("byte %d of %q did not come out as it went in: %q by %v", at, src, out, edits)
		}
	}
}

// failing accepts a number of writes and then none.
type failing struct{ left int }

var errFull = errors.New("full")

func (w *failing) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestEveryWriteThatFailsIsTold(t *testing.T) {
	edits := []splice.Edit{{Start: 1, End: 2, Text: []byte("x")}, {Start: 4, End: 4, Text: []byte("y")}}
	for writes := range 5 {
		if err := splice.To(&failing{writes}, []byte("abcdef"), edits); !errors.Is(err, errFull) {
			t.Errorf("after %d writes: %v", writes, err)
		}
	}
	if err := splice.To(&failing{5}, []byte("abcdef"), edits); err != nil {
		t.Error(err)
	}
}
