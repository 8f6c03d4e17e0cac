package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sild/internal/keys"
	"sild/node"
	"sild/trust"
)

// Config is what a Store needs. Path, KEK, Ledger and Now are required.
type Config struct {
	Path      string           // the database file; -wal and -shm stand beside it
	KEK       *keys.KEK        // encrypts every row; a database is bound to the key it was created with
	Ledger    note.Signer      // signs checkpoints; its name is the log's origin
	Now       func() time.Time // the node's clock
	Retention Retention
	Readers   int // connections that read at the same time; 4 where it is 0
}

// Store is the node's memory. It is safe for many goroutines.
type Store struct {
	*View
	writer    *writer
	signer    note.Signer
	now       func() time.Time
	retention Retention
	unsigned  atomic.Pointer[error] // why the last checkpoint of RunCheckpoints failed; nil when it did not
}

// What node and trust ask for.
var (
	_ node.GateJournal   = (*Store)(nil)
	_ node.AnswerJournal = (*Store)(nil)
	_ node.AskJournal    = (*Store)(nil)
	_ trust.Keeper       = (*Store)(nil)
)

// Create makes a new database, readable by its owner only, and opens it. It refuses a path that exists.
func Create(ctx context.Context, c Config) (*Store, error) {
	if _, err := c.complete(); err != nil {
		return nil, err
	}
	if err := makeFile(c.Path); err != nil {
		return nil, err
	}
	return start(ctx, c, true)
}

// Open opens the database of an earlier Create and brings its schema up to date. It never makes one, and it refuses a
// database of another key-encryption key, another log or a newer release.
func Open(ctx context.Context, c Config) (*Store, error) {
	if err := present(c.Path); err != nil {
		return nil, err
	}
	return start(ctx, c, false)
}

func (c Config) complete() (Config, error) {
	if c.Path == "" || c.KEK == nil || c.Ledger == nil || c.Now == nil {
		return c, errors.New("store: a path, a key-encryption key, a ledger key and a clock are needed")
	}
	if c.Readers <= 0 {
		c.Readers = 4
	}
	var err error
	c.Retention, err = c.Retention.complete()
	return c, err
}

func start(ctx context.Context, c Config, fresh bool) (*Store, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	s := &Store{signer: c.Ledger, now: c.Now, retention: c.Retention}
	db, err := connect(c.Path, durable, 1)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err = migrate(ctx, db); err == nil {
		s.View, err = openView(ctx, c)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if s.writer, err = newWriter(db, c.Path); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.View.Close(), db.Close())
	}
	go s.writer.run()
	if err := s.own(ctx, c, fresh); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// own writes into a new database whose it is, and compares at every later start.
func (s *Store) own(ctx context.Context, c Config, fresh bool) error {
	id := c.KEK.ID()
	if fresh {
		return s.write(ctx, "store.create", func(t *tx) error {
			_, err := t.exec("INSERT INTO node (id, kek, origin, probe) VALUES (1, ?, ?, 0)", id[:], c.Ledger.Name())
			return err
		})
	}
	return s.View.mine(ctx, c)
}

// Close ends the writer after the transaction under way and closes every connection, the writing one last: it moves
// the write-ahead log into the file.
func (s *Store) Close() error {
	err := s.View.Close()
	s.writer.close()
	return errors.Join(err, s.writer.db.Close())
}

// write has a closure run and committed; nil means that its work is durable.
func (s *Store) write(ctx context.Context, op string, do func(*tx) error) error {
	return trouble(op, s.writer.submit(ctx, do))
}

// Healthy says why the store cannot write or sign now, or nil. After a failed transaction it tries a small one, so that a disk
// that has room again is noticed.
func (s *Store) Healthy() error {
	const op = "store.health"
	if err := s.writer.present(); err != nil {
		return trouble(op, err)
	}
	if unsigned := s.unsigned.Load(); unsigned != nil {
		return *unsigned
	}
	if s.writer.trouble.Load() == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return s.write(ctx, op, func(t *tx) error {
		_, err := t.exec("UPDATE node SET probe = probe + 1")
		return err
	})
}

// Stats are counts since the start: how many writes became durable in how many commits.
type Stats struct {
	Writes   uint64 // closures whose work was committed
	Commits  uint64 // durable commits
	Events   uint64 // leaves added to the log
	Failures uint64 // transactions and statements that failed
}

// Stats reads the counts.
func (s *Store) Stats() Stats {
	w := s.writer
	return Stats{Writes: w.writes.Load(), Commits: w.commits.Load(), Events: w.events.Load(), Failures: w.failures.Load()}
}
