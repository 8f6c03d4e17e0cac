package ledger

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves that a leaf stands at Index in the tree of Size leaves
// (RFC 6962 section 2.1.1). Path begins with the leaf's sibling.
type Inclusion struct {
	Index int64
	Size  int64
	Path  []Hash
}

// Consistency proves that the tree of Size leaves begins with the whole tree
// of Old leaves: nothing was changed or taken out (RFC 6962 section 2.1.2).
type Consistency struct {
	Old  int64
	Size int64
	Path []Hash
}

// ProveInclusion builds the proof for leaf index in the tree of size leaves,
// with at most one call to read.
func ProveInclusion(size, index int64, read HashReader) (Inclusion, error) {
	if size > maxSize || index < 0 || index >= size {
		return Inclusion{}, fmt.Errorf("ledger: leaf %d is not in a log of %d leaves", index, size)
	}
	path, err := tlog.ProveRecord(size, index, read)
	if err != nil {
		return Inclusion{}, fmt.Errorf("ledger: prove leaf %d of %d: %w", index, size, err)
	}
	return Inclusion{Index: index, Size: size, Path: path}, nil
}

// CheckInclusion returns nil only if p proves that leaf stands in the log that
// the checkpoint c speaks of. Open c with OpenCheckpoint first.
func CheckInclusion(p Inclusion, c Checkpoint, leaf Leaf) error {
	if p.Size != c.Size {
		return fmt.Errorf("ledger: proof is for %d leaves, checkpoint for %d", p.Size, c.Size)
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := tlog.CheckRecord(p.Path, p.Size, c.Root, p.Index, tlog.RecordHash(leaf[:])); err != nil {
		return fmt.Errorf("ledger: leaf %d is not proved: %w", p.Index, err)
	}
	return nil
}

// ProveConsistency builds the proof that the log only grew from old to size
// leaves, with at most one call to read. From an empty log the path is empty.
func ProveConsistency(old, size int64, read HashReader) (Consistency, error) {
	if old < 0 || old > size || size > maxSize {
		return Consistency{}, fmt.Errorf("ledger: a log cannot grow from %d to %d leaves", old, size)
	}
	p := Consistency{Old: old, Size: size}
	if old == 0 {
		return p, nil
	}
	path, err := tlog.ProveTree(size, old, read)
	if err != nil {
		return Consistency{}, fmt.Errorf("ledger: prove growth from %d to %d: %w", old, size, err)
	}
	p.Path = path
	return p, nil
}

// CheckConsistency returns nil only if p proves that the log of checkpoint now
// begins with the whole log of checkpoint old. Times are not compared.
func CheckConsistency(p Consistency, old, now Checkpoint) error {
	if p.Old != old.Size || p.Size != now.Size {
		return fmt.Errorf("ledger: proof is for %d to %d leaves, checkpoints are for %d and %d",
			p.Old, p.Size, old.Size, now.Size)
	}
	if old.Origin != now.Origin {
		return errors.New("ledger: the checkpoints are of two logs")
	}
	if err := errors.Join(old.check(), now.check()); err != nil {
		return err
	}
	if p.Old == 0 {
		if len(p.Path) != 0 {
			return errors.New("ledger: growth from an empty log needs no path")
		}
		return nil
	}
	if err := tlog.CheckTree(p.Path, p.Size, now.Root, p.Old, old.Root); err != nil {
		return fmt.Errorf("ledger: growth from %d to %d is not proved: %w", p.Old, p.Size, err)
	}
	return nil
}
