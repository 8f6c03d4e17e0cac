package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// maxSize bounds the number of leaves. It is far above any real log and keeps
// the index arithmetic of tlog (about twice the size, in int64) from overflow.
const maxSize = int64(1) << 60

// Stored is one tree hash and the index under which the caller must keep it.
type Stored struct {
	Index int64
	Hash  Hash
}

// Append returns the hashes to store when leaf becomes number n, counted from
// 0. It makes at most one call to read, for at most log2(n) earlier hashes.
func Append(n int64, leaf Leaf, read HashReader) ([]Stored, error) {
	return AppendAll(n, []Leaf{leaf}, read)
}

// AppendAll returns the hashes to store when leaves become numbers n, n+1 and
// so on, as in a group commit. The leaves of the batch see one another's
// hashes, so read is called at most once, for at most log2(n) earlier hashes,
// in rising index order. The result is the same as appending one by one, and
// its indexes rise without a hole from the number of hashes already stored.
func AppendAll(n int64, leaves []Leaf, read HashReader) ([]Stored, error) {
	if n < 0 || n > maxSize-int64(len(leaves)) {
		return nil, fmt.Errorf("ledger: leaf number %d is out of range", n)
	}
	b := batch{first: tlog.StoredHashIndex(0, n)}
	if err := b.readEdge(n, n+int64(len(leaves)), read); err != nil {
		return nil, err
	}
	b.stored = make([]Stored, 0, 2*len(leaves)+len(b.edge))
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(n+int64(i), tlog.RecordHash(leaf[:]), &b)
		if err != nil {
			return nil, fmt.Errorf("ledger: append leaf %d: %w", n+int64(i), err)
		}
		for _, h := range hashes {
			b.stored = append(b.stored, Stored{Index: b.first + int64(len(b.stored)), Hash: h})
		}
	}
	return b.stored, nil
}

// Root returns the root of the tree of the first size leaves. It makes at most
// one call to read, for at most 1+log2(size) hashes.
func Root(size int64, read HashReader) (Hash, error) {
	if size < 0 || size > maxSize {
		return Hash{}, fmt.Errorf("ledger: tree size %d is out of range", size)
	}
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		return Hash{}, fmt.Errorf("ledger: root of %d leaves: %w", size, err)
	}
	return root, nil
}

// emptyRoot returns the root of a tree without leaves: SHA-256 of nothing.
func emptyRoot() Hash { return sha256.Sum256(nil) }

// batch reads hashes that are not stored yet from itself, and older ones from
// the edge that was fetched before the first leaf.
type batch struct {
	first  int64 // index of stored[0]
	stored []Stored
	edge   []Stored
}

// readEdge fetches the complete subtrees of the tree of n leaves that the
// growth to end leaves will join to a right neighbour: each of those is asked
// for by exactly one new leaf, and nothing else that is old will be.
func (b *batch) readEdge(n, end int64, read HashReader) error {
	var indexes []int64
	for level := 0; n>>level > 0; level++ {
		subtree := n >> level
		if subtree&1 == 1 && (subtree+1)<<level <= end {
			indexes = append(indexes, tlog.StoredHashIndex(level, subtree-1))
		}
	}
	if len(indexes) == 0 {
		return nil
	}
	slices.Reverse(indexes)
	hashes, err := read.ReadHashes(indexes)
	if err != nil {
		return fmt.Errorf("ledger: read the edge of %d leaves: %w", n, err)
	}
	if len(hashes) != len(indexes) {
		return fmt.Errorf("ledger: asked for %d stored hashes, got %d", len(indexes), len(hashes))
	}
	for i, h := range hashes {
		b.edge = append(b.edge, Stored{Index: indexes[i], Hash: h})
	}
	return nil
}

// ReadHashes makes batch a HashReader for tlog.
func (b *batch) ReadHashes(indexes []int64) ([]Hash, error) {
	hashes := make([]Hash, len(indexes))
	for i, index := range indexes {
		if index >= b.first {
			hashes[i] = b.stored[index-b.first].Hash
			continue
		}
		at := slices.IndexFunc(b.edge, func(s Stored) bool { return s.Index == index })
		if at < 0 {
			return nil, errors.New("ledger: a hash outside the edge was asked for")
		}
		hashes[i] = b.edge[at].Hash
	}
	return hashes, nil
}

// frontier recomputes roots while leaves stream past, in memory of log2(size)
// hashes. It shares no index arithmetic with Append, so each checks the other.
type frontier struct {
	size  int64
	roots []Hash // of the complete subtrees, largest first
}

// add takes the next leaf in.
func (f *frontier) add(leaf Leaf) {
	h := tlog.RecordHash(leaf[:])
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.roots) - 1
		h = tlog.NodeHash(f.roots[last], h)
		f.roots = f.roots[:last]
	}
	f.roots = append(f.roots, h)
	f.size++
}

// root returns the root of the leaves so far.
func (f *frontier) root() Hash {
	if len(f.roots) == 0 {
		return emptyRoot()
	}
	last := len(f.roots) - 1
	h := f.roots[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(f.roots[i], h)
	}
	return h
}
