package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"

	"sild/internal/ledger"
)

const (
	rollback   = "ROLLBACK"
	selectSize = "SELECT coalesce(max(leaf) + 1, 0) FROM events"
	selectHash = "SELECT hash FROM hashes WHERE place = ?"
)

// tx is one transaction of the writer, shared by the closures of a batch.
type tx struct {
	w      *writer
	size   int64         // leaves before this transaction
	leaves []ledger.Leaf // leaves of this transaction
	kept   int           // closures whose work stays
}

// run executes one closure under a savepoint. The closure's own refusal undoes only its work; the returned error is
// for a transaction that cannot go on.
func (t *tx) run(j *job) error {
	if _, err := t.exec("SAVEPOINT job"); err != nil {
		return err
	}
	before := len(t.leaves)
	if j.err = j.do(t); j.err != nil {
		t.leaves = t.leaves[:before]
		if !semantic(j.err) {
			t.w.failures.Add(1)
		}
		if _, err := t.exec("ROLLBACK TO job"); err != nil {
			return errors.Join(j.err, err) // SQLite may have rolled back everything, as it does on a full disk
		}
	} else {
		t.kept++
	}
	_, err := t.exec("RELEASE job")
	return err
}

// commit adds the tree hashes of all new leaves and makes the transaction durable.
func (t *tx) commit() error {
	stored, err := ledger.AppendAll(t.size, t.leaves, ledger.HashReaderFunc(t.hashes))
	if err != nil {
		return err
	}
	for _, s := range stored {
		if _, err := t.exec("INSERT INTO hashes (place, hash) VALUES (?, ?)", s.Index, s.Hash[:]); err != nil {
			return err
		}
	}
	if err := t.w.present(); err != nil {
		return err
	}
	_, err = t.exec("COMMIT")
	return err
}

func (t *tx) hashes(places []int64) ([]ledger.Hash, error) {
	return hashesAt(places, func(place int64, hash *[]byte) (bool, error) { return t.row(selectHash, []any{place}, hash) })
}

// hashesAt reads stored hashes one by one.
func hashesAt(places []int64, find func(place int64, hash *[]byte) (bool, error)) ([]ledger.Hash, error) {
	hashes := make([]ledger.Hash, len(places))
	for i, place := range places {
		var hash []byte
		found, err := find(place, &hash)
		if err != nil {
			return nil, err
		}
		if !found || len(hash) != tlog.HashSize {
			return nil, fmt.Errorf("store: hash %d of the log is missing", place)
		}
		hashes[i] = ledger.Hash(hash)
	}
	return hashes, nil
}

// event adds the row and leaf of one access.
func (t *tx) event(e entry) error {
	_, err := t.exec("INSERT INTO events (leaf, commitment, patient, sealed, ends) VALUES (?, ?, ?, ?, ?)",
		t.size+int64(len(t.leaves)), e.leaf[:], e.patient, e.sealed, e.ends)
	if err == nil {
		t.leaves = append(t.leaves, e.leaf)
	}
	return err
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	statement, err := t.prepare(text)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row reads one row; false when there is none.
func (t *tx) row(text string, args []any, into ...any) (bool, error) {
	statement, err := t.prepare(text)
	if err != nil {
		return false, err
	}
	err = statement.QueryRowContext(context.Background(), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows reads any number of rows; the caller closes them.
func (t *tx) rows(text string, args ...any) (*sql.Rows, error) {
	statement, err := t.prepare(text)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(context.Background(), args...)
}

// prepare keeps each statement prepared for as long as the connection lives.
func (t *tx) prepare(text string) (*sqlx.Stmt, error) {
	if t.w.interrupt != nil {
		if err := t.w.interrupt(text); err != nil {
			return nil, err
		}
	}
	if known, ok := t.w.statements[text]; ok {
		return known, nil
	}
	statement, err := t.w.conn.PreparexContext(context.Background(), t.w.db.Rebind(text))
	if err != nil {
		return nil, err
	}
	t.w.statements[text] = statement
	return statement, nil
}
