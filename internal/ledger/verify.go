package ledger

import (
	"cmp"
	"crypto/hmac"
	"errors"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/mod/sumdb/note"
)

// Export is a log as it is handed to somebody who does not trust the node.
type Export struct {
	Origin string                 // the log's name; every checkpoint must carry it
	Keys   note.Verifiers         // the log's key, and former ones, got from elsewhere
	Lines  iter.Seq2[Line, error] // in order; see ReadLines

	// Held are signed checkpoints of this log that the checker kept or got
	// from a witness. The log must still contain each of them; only so does a
	// tail that was cut off together with its checkpoints come to light.
	Held [][]byte
}

// Verdict is what Verify found. Counts go up to the fault, if there is one.
type Verdict struct {
	Leaves      int64
	Rows        int64 // leaves whose row was given and matches
	Erased      int64 // leaves without a row
	Checkpoints int64
	Signed      int64  // leaves that the last checkpoint covers; later ones wait for theirs
	Fault       string // the first fault in words; empty if the log is whole
	Line        int64  // number of the line read last, from 1: where the fault is
}

// Sound reports whether no fault was found.
func (v Verdict) Sound() bool { return v.Fault == "" }

// Verify recomputes the tree from the leaves and holds every checkpoint, row
// and held checkpoint against it, in one pass and in memory that does not grow
// with the log. It stops at the first fault. The error is for an export that
// cannot be read at all; a log that lies has a Verdict with a Fault.
func Verify(e Export) (Verdict, error) {
	if e.Origin == "" || e.Keys == nil || e.Lines == nil {
		return Verdict{}, errors.New("ledger: a check needs the log's name, its keys and its lines")
	}
	c := checker{export: e}
	if err := c.openHeld(); err != nil {
		return Verdict{}, err
	}
	if fault := c.meetHeld(); fault != "" {
		c.verdict.Fault = fault
		return c.verdict, nil
	}
	for line, err := range e.Lines {
		if err != nil {
			return c.verdict, err
		}
		c.verdict.Line++
		if c.verdict.Fault = c.line(line); c.verdict.Fault != "" {
			return c.verdict, nil
		}
	}
	c.verdict.Fault = c.end()
	return c.verdict, nil
}

// checker walks an export; its methods return a fault in words or nothing.
type checker struct {
	export  Export
	verdict Verdict
	tree    frontier
	last    Checkpoint
	held    []Checkpoint // not met yet, smallest first
}

func (c *checker) openHeld() error {
	for i, signed := range c.export.Held {
		held, err := OpenCheckpoint(signed, c.export.Keys)
		if err != nil {
			return fmt.Errorf("held checkpoint %d: %w", i+1, err)
		}
		if held.Origin != c.export.Origin {
			return fmt.Errorf("ledger: held checkpoint %d is of another log", i+1)
		}
		c.held = append(c.held, held)
	}
	slices.SortFunc(c.held, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return nil
}

func (c *checker) line(l Line) string {
	if l.Checkpoint != nil {
		return c.checkpoint(l.Checkpoint)
	}
	return c.leaf(l)
}

func (c *checker) leaf(l Line) string {
	if l.Index != c.tree.size {
		return fmt.Sprintf("leaf %d stands where leaf %d is due: a leaf is missing, repeated or moved", l.Index, c.tree.size)
	}
	if l.Opening == nil {
		c.verdict.Erased++
	} else {
		want := Commit(l.Opening.Salt, l.Opening.Row)
		if !hmac.Equal(want[:], l.Leaf[:]) {
			return fmt.Sprintf("row %d is not what was committed: row, salt or leaf was changed", l.Index)
		}
		c.verdict.Rows++
	}
	c.tree.add(l.Leaf)
	c.verdict.Leaves++
	return c.meetHeld()
}

func (c *checker) checkpoint(signed []byte) string {
	number := c.verdict.Checkpoints + 1
	now, err := OpenCheckpoint(signed, c.export.Keys)
	if err != nil {
		return fmt.Sprintf("checkpoint %d is not signed by this log: %v", number, err)
	}
	if fault := c.place(now); fault != "" {
		return fmt.Sprintf("checkpoint %d %s", number, fault)
	}
	c.last = now
	c.verdict.Checkpoints++
	c.verdict.Signed = now.Size
	return ""
}

// place holds a checkpoint against the leaves and checkpoints before it.
func (c *checker) place(now Checkpoint) string {
	switch {
	case now.Origin != c.export.Origin:
		return "is of another log"
	case now.Time.IsZero():
		return "does not say when it was signed"
	case now.Time.Before(c.last.Time):
		return "is earlier than the one before it: time went back"
	case now.Size < c.last.Size:
		return fmt.Sprintf("covers %d leaves, the one before it %d: the log shrank", now.Size, c.last.Size)
	case now.Size != c.tree.size:
		return fmt.Sprintf("covers %d leaves but stands after %d: leaves are missing or the checkpoint was moved", now.Size, c.tree.size)
	case now.Root != c.tree.root():
		return fmt.Sprintf("has another root than the %d leaves before it: a leaf was changed", now.Size)
	}
	return ""
}

// meetHeld compares the tree with each held checkpoint of exactly its size.
func (c *checker) meetHeld() string {
	for len(c.held) > 0 && c.held[0].Size == c.tree.size {
		if c.held[0].Root != c.tree.root() {
			return fmt.Sprintf("the log differs from the held checkpoint of %d leaves: its past was rewritten", c.tree.size)
		}
		c.held = c.held[1:]
	}
	return ""
}

func (c *checker) end() string {
	switch {
	case c.verdict.Checkpoints == 0:
		return "there is no checkpoint, so nothing vouches for the leaves"
	case len(c.held) > 0:
		return fmt.Sprintf("the log ends after %d leaves but a held checkpoint covers %d: its end was cut off", c.tree.size, c.held[len(c.held)-1].Size)
	}
	return ""
}
