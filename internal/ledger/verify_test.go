package ledger

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"
)

func TestAWholeLogIsSoundAndCounted(t *testing.T) {
	signer, known := key(t, origin)
	text := written(t, story(t, signer))
	got, err := verified(text, known)
	want := Verdict{Leaves: 5, Rows: 4, Erased: 1, Checkpoints: 3, Signed: 5, Line: 8}
	if err != nil || got != want || !got.Sound() {
		t.Fatalf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestLeavesAfterTheLastCheckpointAreReportedAsUnsigned(t *testing.T) {
	signer, known := key(t, origin)
	lines := story(t, signer)
	got, err := verified(written(t, lines[:7]), known)
	if err != nil || !got.Sound() || got.Leaves != 5 || got.Signed != 4 {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestEveryFlippedBitOfAnExportIsFound(t *testing.T) {
	signer, known := key(t, origin)
	text := written(t, story(t, signer))
	for i := range text {
		for bit := range 8 {
			bad := bytes.Clone(text)
			bad[i] ^= 1 << bit
			if got, err := verified(bad, known); err == nil && got.Sound() {
				t.Fatalf("bit %d of byte %d (%q) flipped unseen", bit, i, text[i])
			}
		}
	}
}

// TestForgeriesAreNamed changes the log as somebody with the database, but
// without the key, could. Each change is spelled well, so that it is the check
// and not the reader that must find it.
func TestForgeriesAreNamed(t *testing.T) {
	signer, known := key(t, origin)
	stranger, _ := key(t, origin)
	other, _ := key(t, "ncp.fi.example/access")
	good := story(t, signer)
	m, _ := grown(t, 5)
	reroot := Line{Checkpoint: sign(t, signer, at(t, m, 5))} // right size, wrong leaves
	early, err := OpenCheckpoint(good[7].Checkpoint, known)
	if err != nil {
		t.Fatal(err)
	}
	early.Time = noon
	tests := []struct {
		name   string
		change func([]Line) []Line
		fault  string
	}{
		{"a row is rewritten", func(l []Line) []Line {
			l[0].Opening = &Opening{Salt: l[0].Opening.Salt, Row: []byte("{}")}
			return l
		}, "row 0 is not what was committed"},
		{"a row and its leaf are rewritten", func(l []Line) []Line {
			l[0].Opening = &Opening{Salt: l[0].Opening.Salt, Row: []byte("{}")}
			l[0].Leaf = Commit(l[0].Opening.Salt, l[0].Opening.Row)
			return l
		}, "checkpoint 1 has another root"},
		{"the leaf of an erased row is rewritten", func(l []Line) []Line { l[3].Leaf[0]++; return l }, "checkpoint 2 has another root"},
		{"a leaf is taken out", func(l []Line) []Line { return slices.Delete(l, 1, 2) }, "covers 2 leaves but stands after 1"},
		{"a leaf is taken out of the middle", func(l []Line) []Line { return slices.Delete(l, 3, 4) }, "leaf 3 stands where leaf 2 is due"},
		{"two leaves change places and numbers", func(l []Line) []Line {
			l[0], l[1] = l[1], l[0]
			l[0].Index, l[1].Index = 0, 1
			return l
		}, "checkpoint 1 has another root"},
		{"a leaf is there twice", func(l []Line) []Line { return slices.Insert(l, 1, l[0]) }, "leaf 0 stands where leaf 1 is due"},
		{"a leaf is pushed in", func(l []Line) []Line {
			l = slices.Insert(l, 0, Line{Leaf: Leaf{1}})
			for i, index := 0, int64(0); i < len(l); i++ {
				if l[i].Checkpoint == nil {
					l[i].Index = index
					index++
				}
			}
			return l
		}, "covers 2 leaves but stands after 3"},
		{"the last leaf is cut off", func(l []Line) []Line { return slices.Delete(l, 6, 7) }, "covers 5 leaves but stands after 4"},
		{"an old checkpoint is replayed", func(l []Line) []Line { return append(l, l[2]) }, "is earlier than the one before it"},
		{"all checkpoints are taken out", func(l []Line) []Line {
			return slices.DeleteFunc(l, func(l Line) bool { return l.Checkpoint != nil })
		}, "there is no checkpoint"},
		{"a stranger signs", func(l []Line) []Line { l[7].Checkpoint = sign(t, stranger, early); return l }, "checkpoint 3 is not signed by this log"},
		{"the key signs other leaves", func(l []Line) []Line { l[7] = reroot; return l }, "checkpoint 3 has another root"},
		{"the key turns time back", func(l []Line) []Line { l[7].Checkpoint = sign(t, signer, early); return l }, "time went back"},
		{"another log's checkpoint stands in", func(l []Line) []Line {
			c := early
			c.Origin = "ncp.fi.example/access"
			l[7].Checkpoint = sign(t, other, c)
			return l
		}, "checkpoint 3 is not signed by this log"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := verified(written(t, tt.change(slices.Clone(good))), known)
			if err != nil || !strings.Contains(got.Fault, tt.fault) {
				t.Fatalf("fault %q, error %v; want %q", got.Fault, err, tt.fault)
			}
		})
	}
}

func TestAKnownKeyOfAnotherLogDoesNotHelp(t *testing.T) {
	other, known := key(t, "ncp.fi.example/access")
	c := Checkpoint{Origin: "ncp.fi.example/access", Root: emptyRoot(), Time: noon}
	got, err := verified(written(t, []Line{{Checkpoint: sign(t, other, c)}}), known)
	if err != nil || !strings.Contains(got.Fault, "is of another log") {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestALogThatShrinksOrHidesTheTimeIsFound(t *testing.T) {
	signer, known := key(t, origin)
	m, leaves := grown(t, 2)
	small := at(t, m, 1)
	small.Time = noon.Add(time.Hour)
	lines := []Line{
		{Leaf: leaves[0]}, {Index: 1, Leaf: leaves[1]},
		{Checkpoint: sign(t, signer, at(t, m, 2))}, {Checkpoint: sign(t, signer, small)},
	}
	if got, err := verified(written(t, lines), known); err != nil || !strings.Contains(got.Fault, "the log shrank") {
		t.Errorf("got %+v, %v", got, err)
	}
	timeless := bytes.Replace(lines[2].Checkpoint, []byte("\ntime "), []byte("\nsome "), 1)
	lines[2].Checkpoint = timeless
	got, err := Verify(Export{Origin: origin, Keys: anyone{}, Lines: ReadLines(bytes.NewReader(written(t, lines[:3])))})
	if err != nil || !strings.Contains(got.Fault, "does not say when") {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestACheckpointThatSomebodyKeptFindsARewrittenPast(t *testing.T) {
	signer, known := key(t, origin)
	lines := story(t, signer)
	m, _ := grown(t, 5)
	cutOff := written(t, lines[:6])
	if got, err := verified(cutOff, known); err != nil || !got.Sound() {
		t.Fatalf("a log cut after a checkpoint looks whole from inside: %+v, %v", got, err)
	}
	got, err := verified(cutOff, known, lines[7].Checkpoint, lines[2].Checkpoint)
	if err != nil || !strings.Contains(got.Fault, "its end was cut off") {
		t.Errorf("cut: %+v, %v", got, err)
	}
	got, err = verified(written(t, lines), known, sign(t, signer, at(t, m, 3)))
	if err != nil || !strings.Contains(got.Fault, "its past was rewritten") {
		t.Errorf("rewritten: %+v, %v", got, err)
	}
	begin := sign(t, signer, Checkpoint{Origin: origin, Root: emptyRoot(), Time: noon})
	got, err = verified(written(t, lines), known, lines[7].Checkpoint, begin, lines[5].Checkpoint, lines[2].Checkpoint)
	if err != nil || !got.Sound() {
		t.Errorf("whole: %+v, %v", got, err)
	}
	if _, err = verified(written(t, lines), known, []byte("not signed")); err == nil {
		t.Error("a held checkpoint that does not open was passed over")
	}
}

func TestAnyErasedRowsLeaveTheLogWhole(t *testing.T) {
	signer, known := key(t, origin)
	good := story(t, signer)
	rapid.Check(t, func(t *rapid.T) {
		lines := slices.Clone(good)
		erased := int64(0)
		for i := range lines {
			if lines[i].Checkpoint != nil {
				continue
			}
			if rapid.Bool().Draw(t, "erase") {
				lines[i].Opening = nil
			}
			if lines[i].Opening == nil {
				erased++
			}
		}
		got, err := verified(written(t, lines), known)
		if err != nil || !got.Sound() || got.Erased != erased || got.Rows != 5-erased {
			t.Fatalf("got %+v, %v; want %d erased", got, err, erased)
		}
	})
}

func TestAnExportThatCannotBeReadIsAnError(t *testing.T) {
	_, known := key(t, origin)
	lost := errors.New("disk gone")
	if _, err := Verify(Export{Origin: origin, Keys: known, Lines: ReadLines(iotest.ErrReader(lost))}); !errors.Is(err, lost) {
		t.Errorf("error = %v", err)
	}
	for _, e := range []Export{{}, {Origin: origin}, {Origin: origin, Keys: known}, {Keys: known, Lines: ReadLines(nil)}} {
		if _, err := Verify(e); err == nil {
			t.Error("a check without name, keys or lines was made")
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	signer, known := key(b, origin)
	m, leaves := grown(b, 10000)
	var lines []Line
	for i, leaf := range leaves {
		lines = append(lines, Line{Index: int64(i), Leaf: leaf})
	}
	text := written(b, append(lines, Line{Checkpoint: sign(b, signer, at(b, m, 10000))}))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if v, err := verified(text, known); err != nil || !v.Sound() {
			b.Fatal(v, err)
		}
	}
}
