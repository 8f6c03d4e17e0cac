package store

import (
	"bufio"
	"context"
	"io"
	"time"

	"sild/internal/ledger"
)

// Checkpoint signs the tree as it is committed now and keeps the note, outside every transaction that answers a call.
// A tree that has a checkpoint of its size already gets no second one. A clock that stands before the last checkpoint
// is an error: the log's time never goes back.
func (s *Store) Checkpoint(ctx context.Context) (ledger.Checkpoint, error) {
	const op = "store.checkpoint"
	now := s.now().UTC().Truncate(time.Second)
	size, last, at, err := s.heads(ctx)
	if err != nil {
		return ledger.Checkpoint{}, trouble(op, err)
	}
	root, err := ledger.Root(size, ledger.HashReaderFunc(func(places []int64) ([]ledger.Hash, error) {
		return hashesAt(places, func(place int64, hash *[]byte) (bool, error) {
			return s.row(ctx, selectHash, []any{place}, hash)
		})
	}))
	if err != nil {
		return ledger.Checkpoint{}, trouble(op, err)
	}
	c := ledger.Checkpoint{Origin: s.signer.Name(), Size: size, Root: root, Time: now}
	if size <= last {
		c.Time = moment(at)
		return c, nil
	}
	if millis(now) < at {
		return ledger.Checkpoint{}, trouble(op, errClock)
	}
	signed, err := ledger.SignCheckpoint(s.signer, c)
	if err != nil {
		return ledger.Checkpoint{}, trouble(op, err)
	}
	return c, s.write(ctx, op, func(t *tx) error {
		_, err := t.exec("INSERT INTO checkpoints (size, at, note) SELECT ?, ?, ?"+
			" WHERE NOT EXISTS (SELECT 1 FROM checkpoints WHERE id = (SELECT max(id) FROM checkpoints)"+
			" AND (size >= ? OR at > ?))", size, millis(now), signed, size, millis(now))
		return err
	})
}

// heads reads how many leaves are committed and what the last checkpoint covers and when it was signed; -1 before the
// first.
func (v *View) heads(ctx context.Context) (size, last, at int64, err error) {
	last = -1
	if _, err = v.row(ctx, selectSize, nil, &size); err != nil {
		return 0, 0, 0, err
	}
	_, err = v.row(ctx, "SELECT size, at FROM checkpoints ORDER BY id DESC LIMIT 1", nil, &last, &at)
	return size, last, at, err
}

// RunCheckpoints signs a checkpoint at every interval until ctx ends, and once more then, so that a node that stops
// leaves nothing unsigned. While the last one failed, Healthy says why.
func (s *Store) RunCheckpoints(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		s.sign(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.sign(ctx)
			return
		}
	}
}

func (s *Store) sign(ctx context.Context) {
	if _, err := s.Checkpoint(context.WithoutCancel(ctx)); err != nil {
		s.unsigned.Store(&err)
		return
	}
	s.unsigned.Store(nil)
}

// exportPage is how many leaves one read of an export takes.
const exportPage = 512

// Export writes the log as internal/ledger's export: every leaf that is committed when it begins, and each checkpoint
// after the last leaf it covers. Rows are opened only where withRows is true, which needs the key; rows that were
// erased stay closed. It may run beside the node for as long as it takes: it holds no transaction open.
func (v *View) Export(ctx context.Context, w io.Writer, withRows bool) error {
	const op = "store.export"
	if withRows && v.vault == nil {
		return trouble(op, errKeyless)
	}
	size, _, _, err := v.heads(ctx)
	if err != nil {
		return trouble(op, err)
	}
	out := bufio.NewWriter(w)
	if err := v.exportCheckpoints(ctx, out, 0); err != nil {
		return trouble(op, err)
	}
	for from := int64(0); from < size; {
		if from, err = v.exportLeaves(ctx, out, from, min(size, from+exportPage), withRows); err != nil {
			return trouble(op, err)
		}
	}
	return trouble(op, out.Flush())
}

// leafRow is one leaf as an export reads it, with how many checkpoints stand after it.
type leafRow struct {
	Leaf        int64  `db:"leaf"`
	Commitment  []byte `db:"commitment"`
	Sealed      []byte `db:"sealed"`
	Checkpoints int    `db:"checkpoints"`
}

func (v *View) exportLeaves(ctx context.Context, w io.Writer, from, to int64, withRows bool) (int64, error) {
	var rows []leafRow
	err := v.db.SelectContext(ctx, &rows, v.db.Rebind("SELECT leaf, commitment, sealed,"+
		" (SELECT count(*) FROM checkpoints WHERE size = leaf + 1) AS checkpoints"+
		" FROM events WHERE leaf >= ? AND leaf < ? ORDER BY leaf"), from, to)
	if err != nil {
		return from, err
	}
	for _, r := range rows {
		line := ledger.Line{Index: r.Leaf, Leaf: ledger.Leaf(r.Commitment)}
		if withRows && r.Sealed != nil {
			if line.Opening, err = v.vault.opened(r.Sealed); err != nil {
				return from, err
			}
		}
		if err := ledger.WriteLine(w, line); err != nil {
			return from, err
		}
		if r.Checkpoints > 0 {
			if err := v.exportCheckpoints(ctx, w, r.Leaf+1); err != nil {
				return from, err
			}
		}
	}
	return to, nil
}

func (v *View) exportCheckpoints(ctx context.Context, w io.Writer, size int64) error {
	var notes [][]byte
	if err := v.db.SelectContext(ctx, &notes, v.db.Rebind("SELECT note FROM checkpoints WHERE size = ? ORDER BY id"), size); err != nil {
		return err
	}
	for _, note := range notes {
		if err := ledger.WriteLine(w, ledger.Line{Checkpoint: note}); err != nil {
			return err
		}
	}
	return nil
}
