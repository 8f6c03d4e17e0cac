package ledger

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"math"
	"math/bits"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func drawLeaves(t *rapid.T, name string, most int) []Leaf {
	leaves := make([]Leaf, rapid.IntRange(0, most).Draw(t, name))
	seed := rapid.Uint64().Draw(t, name+" seed")
	for i := range leaves {
		leaves[i] = Commit([32]byte{byte(seed), byte(seed >> 8), byte(i)}, []byte{byte(i)})
	}
	return leaves
}

func TestAppendingOneByOneEqualsBatchesOfAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := drawLeaves(t, "leaves", 600)
		single, batched := &memory{}, &memory{}
		for i, leaf := range leaves {
			stored, err := Append(int64(i), leaf, single)
			if err != nil {
				t.Fatal(err)
			}
			if err := single.keep(stored); err != nil {
				t.Fatal(err)
			}
		}
		for n := 0; n < len(leaves); {
			k := rapid.IntRange(0, 70).Draw(t, "batch")
			k = min(k, len(leaves)-n)
			stored, err := AppendAll(int64(n), leaves[n:n+k], batched)
			if err != nil {
				t.Fatal(err)
			}
			if err := batched.keep(stored); err != nil {
				t.Fatal(err)
			}
			n += k
		}
		if !slices.Equal(single.hashes, batched.hashes) {
			t.Fatal("the two logs differ")
		}
		if want := tlog.StoredHashCount(int64(len(leaves))); int64(len(single.hashes)) != want {
			t.Fatalf("stored %d hashes, tlog expects %d", len(single.hashes), want)
		}
	})
}

func TestRootFollowsTheDefinitionAtEverySize(t *testing.T) {
	m, leaves := grown(t, 260)
	var f frontier
	for size := int64(0); size <= 260; size++ {
		want := reference(leaves[:size])
		got, err := Root(size, m)
		if err != nil || got != want {
			t.Fatalf("Root(%d) = %v, %v; want %v", size, got, err, want)
		}
		if viaTlog, err := tlog.TreeHash(size, m); err != nil || viaTlog != want {
			t.Fatalf("tlog.TreeHash(%d) = %v, %v; want %v", size, viaTlog, err, want)
		}
		if f.root() != want {
			t.Fatalf("frontier root of %d leaves differs", size)
		}
		if size < 260 {
			f.add(leaves[size])
		}
	}
}

// needed counts the hashes older than leaf n that tlog asks for while k leaves
// are appended one by one.
func needed(t *testing.T, n, k int64) int {
	t.Helper()
	m, _ := grown(t, n)
	first, old := tlog.StoredHashCount(n), 0
	counting := HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		for _, index := range indexes {
			if index < first {
				old++
			}
		}
		return m.ReadHashes(indexes)
	})
	for i := range k {
		hashes, err := tlog.StoredHashesForRecordHash(n+i, Hash{}, counting)
		if err != nil {
			t.Fatal(err)
		}
		m.hashes = append(m.hashes, hashes...)
	}
	return old
}

func TestAppendReadsAtMostOnceAndOnlyWhatItNeeds(t *testing.T) {
	for _, n := range []int64{0, 1, 2, 3, 7, 12, 255, 256, 257, 1023, 1024, 4095} {
		for _, k := range []int64{0, 1, 2, 5, 64, 1000} {
			want := needed(t, n, k)
			m, _ := grown(t, n)
			m.reads, m.asked = 0, 0
			if _, err := AppendAll(n, make([]Leaf, k), m); err != nil {
				t.Fatal(err)
			}
			if m.reads > 1 || m.asked != want || m.asked > bits.Len64(uint64(n)) || want == 0 && m.reads != 0 {
				t.Errorf("%d leaves onto %d: %d reads of %d hashes, needed %d", k, n, m.reads, m.asked, want)
			}
		}
	}
}

func TestAppendPassesOnWhatTheReaderGetsWrong(t *testing.T) {
	lost := errors.New("disk gone")
	tests := []struct {
		name string
		n    int64
		read HashReaderFunc
		is   error
	}{
		{name: "a failing reader", n: 1, read: func([]int64) ([]Hash, error) { return nil, lost }, is: lost},
		{name: "a reader that answers short", n: 3, read: func([]int64) ([]Hash, error) { return make([]Hash, 1), nil }},
		{name: "a negative leaf number", n: -1},
		{name: "a leaf number past every log", n: math.MaxInt64},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Append(tt.n, Leaf{}, tt.read)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) {
				t.Fatalf("error = %v", err)
			}
		})
	}
	for _, size := range []int64{-1, math.MaxInt64} {
		if _, err := Root(size, &memory{}); err == nil {
			t.Errorf("Root(%d) was given", size)
		}
	}
	if _, err := Root(3, &memory{}); err == nil {
		t.Error("Root of leaves that are not stored was given")
	}
}

func TestCommitmentIsAnHMACOverDomainAndRow(t *testing.T) {
	salt := [32]byte{7}
	mac := hmac.New(sha256.New, salt[:])
	mac.Write([]byte("sild/ledger/row/v1\x00a row"))
	if got := Commit(salt, []byte("a row")); !hmac.Equal(got[:], mac.Sum(nil)) {
		t.Fatal("the commitment changed: every log written so far would fail")
	}
}

func TestCommitmentChangesWithSaltAndRow(t *testing.T) {
	base := Commit([32]byte{}, []byte("row"))
	others := []Leaf{
		Commit([32]byte{1}, []byte("row")),
		Commit([32]byte{}, []byte("roe")),
		Commit([32]byte{}, []byte("row ")),
		Commit([32]byte{}, nil),
		sha256.Sum256([]byte("row")),
	}
	for i, other := range others {
		if other == base {
			t.Errorf("commitment %d is the same", i)
		}
	}
	if one, two := NewSalt(), NewSalt(); one == two {
		t.Error("two salts are the same")
	}
}

func BenchmarkAppendAll64(b *testing.B) {
	m, _ := grown(b, 1<<16)
	leaves := make([]Leaf, 64)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := AppendAll(1<<16, leaves, m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	m, _ := grown(b, 1<<16-1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Append(1<<16-1, Leaf{}, m); err != nil {
			b.Fatal(err)
		}
	}
}
