package ledger

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// noon is when every test log begins.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const origin = "ncp.ee.example/access"

// memory is a HashReader over a slice, as a table is for the store.
type memory struct {
	hashes []Hash
	reads  int
	asked  int
}

func (m *memory) ReadHashes(indexes []int64) ([]Hash, error) {
	m.reads++
	m.asked += len(indexes)
	out := make([]Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("hash %d is not stored", index)
		}
		out[i] = m.hashes[index]
	}
	return out, nil
}

// keep stores what Append gave, and refuses a hole or an overlap.
func (m *memory) keep(stored []Stored) error {
	for _, s := range stored {
		if s.Index != int64(len(m.hashes)) {
			return fmt.Errorf("hash %d came when %d was due", s.Index, len(m.hashes))
		}
		m.hashes = append(m.hashes, s.Hash)
	}
	return nil
}

type fataler interface {
	Helper()
	Fatal(...any)
}

// key returns a fresh log key and the set that verifies it.
func key(t fataler, name string) (note.Signer, note.Verifiers) {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err1 := note.NewSigner(secret)
	verifier, err2 := note.NewVerifier(public)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return signer, note.VerifierList(verifier)
}

// grown returns a log of n leaves.
func grown(t fataler, n int64) (*memory, []Leaf) {
	t.Helper()
	m := &memory{}
	leaves := make([]Leaf, n)
	for i := range leaves {
		leaves[i] = Commit([32]byte{byte(i), byte(i >> 8)}, fmt.Appendf(nil, "row %d", i))
	}
	stored, err := AppendAll(0, leaves, m)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.keep(stored); err != nil {
		t.Fatal(err)
	}
	return m, leaves
}

func at(t fataler, m *memory, size int64) Checkpoint {
	t.Helper()
	root, err := Root(size, m)
	if err != nil {
		t.Fatal(err)
	}
	return Checkpoint{Origin: origin, Size: size, Root: root, Time: noon.Add(time.Duration(size) * time.Second)}
}

func sign(t fataler, signer note.Signer, c Checkpoint) []byte {
	t.Helper()
	signed, err := SignCheckpoint(signer, c)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// story is a log of five rows, the third erased, with checkpoints after the
// second, the fourth and the last leaf.
func story(t fataler, signer note.Signer) []Line {
	t.Helper()
	m := &memory{}
	var lines []Line
	for i := range int64(5) {
		opening := &Opening{Salt: [32]byte{1, byte(i)}, Row: fmt.Appendf(nil, `{"event":%d}`, i)}
		leaf := Commit(opening.Salt, opening.Row)
		stored, err := Append(i, leaf, m)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.keep(stored); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			opening = nil
		}
		lines = append(lines, Line{Index: i, Leaf: leaf, Opening: opening})
		if i == 1 || i == 3 || i == 4 {
			lines = append(lines, Line{Checkpoint: sign(t, signer, at(t, m, i+1))})
		}
	}
	return lines
}

func written(t fataler, lines []Line) []byte {
	t.Helper()
	var buf bytes.Buffer
	for _, l := range lines {
		if err := WriteLine(&buf, l); err != nil {
			t.Fatal(err)
		}
	}
	return buf.Bytes()
}

func verified(text []byte, keys note.Verifiers, held ...[]byte) (Verdict, error) {
	return Verify(Export{Origin: origin, Keys: keys, Lines: ReadLines(bytes.NewReader(text)), Held: held})
}

// reference computes a root straight from the definition in RFC 6962 2.1.
func reference(leaves []Leaf) Hash {
	if len(leaves) == 0 {
		return emptyRoot()
	}
	if len(leaves) == 1 {
		return tlog.RecordHash(leaves[0][:])
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(reference(leaves[:k]), reference(leaves[k:]))
}
