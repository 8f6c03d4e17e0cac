package store

import (
	"context"
	"errors"

	"github.com/mattn/go-sqlite3"

	"sild/internal/keys"
	"sild/node"
)

var (
	errClosed  = errors.New("the store is closed")
	errLost    = errors.New("the database file was moved, removed or replaced while the node runs")
	errSync    = errors.New("the disk failed to make an earlier commit durable: restart the node after checking the disk")
	errKeyless = errors.New("the key-encryption key is needed to read encrypted rows")
	errClock   = errors.New("the clock stands before the last checkpoint of the log")
)

// trouble turns what went wrong below into the node's words. No cause quotes a row: SQLite names tables and columns,
// and the keys room names nothing.
func trouble(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *node.Error
	if errors.As(err, &known) {
		return known
	}
	e := &node.Error{Op: op, Kind: node.Unavailable, Reason: reasonOf(err), Err: node.Spoken{Err: err},
		Detail: "This contact point cannot keep its records right now, so it does not answer. Try again later."}
	if e.Reason == "store.overdue" {
		e.Kind = node.Overdue
	}
	return e
}

func reasonOf(err error) string {
	for _, row := range []struct {
		cause  error
		reason string
	}{
		{context.Canceled, "store.overdue"},
		{context.DeadlineExceeded, "store.overdue"},
		{errClosed, "store.closed"},
		{errLost, "store.lost"},
		{errSync, "store.sync"},
		{errClock, "store.clock"},
		{keys.ErrSealed, "store.sealed"},
		{keys.ErrUnknownKEK, "store.kek"},
		{errKeyless, "store.kek"},
		{sqlite3.ErrFull, "store.full"},
		{sqlite3.ErrBusy, "store.busy"},
		{sqlite3.ErrLocked, "store.busy"},
		{sqlite3.ErrIoErr, "store.io"},
		{sqlite3.ErrReadonly, "store.readonly"},
		{sqlite3.ErrCantOpen, "store.lost"},
		{sqlite3.ErrCorrupt, "store.corrupt"},
		{sqlite3.ErrNotADB, "store.corrupt"},
	} {
		if errors.Is(err, row.cause) || codeOf(err) == row.cause {
			return row.reason
		}
	}
	return "store.failed"
}

// codeOf is the primary result code of a SQLite error, or nil.
func codeOf(err error) error {
	var failed sqlite3.Error
	if errors.As(err, &failed) {
		return failed.Code
	}
	return nil
}

// unsynced says that the disk refused to make written pages durable. What the kernel holds of them since is unknown.
func unsynced(err error) bool {
	var failed sqlite3.Error
	return errors.As(err, &failed) &&
		(failed.ExtendedCode == sqlite3.ErrIoErrFsync || failed.ExtendedCode == sqlite3.ErrIoErrDirFsync)
}
