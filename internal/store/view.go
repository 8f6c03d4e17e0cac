package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// View is a database open for looking only: what a tool needs beside a running node, and the reading half of a Store.
type View struct {
	db    *sqlx.DB
	vault *vault // nil without a key: then what is encrypted stays closed
}

// OpenView opens an existing database for looking; Path is required, KEK only for what is encrypted, nothing else is
// used. The node may be running. It never writes, makes or migrates a database.
func OpenView(ctx context.Context, c Config) (*View, error) {
	if err := present(c.Path); err != nil {
		return nil, err
	}
	if c.Readers <= 0 {
		c.Readers = 1
	}
	v, err := openView(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := v.mine(ctx, c); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// Recorded says whether a dispensation of another country was ever recorded here.
func (v *View) Recorded(ctx context.Context) (bool, error) {
	var id int64
	found, err := v.row(ctx, "SELECT id FROM intents WHERE state = 'recorded' LIMIT 1", nil, &id)
	return found, trouble("store.recorded", err)
}

func openView(ctx context.Context, c Config) (*View, error) {
	db, err := connect(c.Path, looking, c.Readers)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	v := &View{db: db}
	if c.KEK != nil {
		v.vault = &vault{kek: c.KEK}
	}
	steps, err := migrations(db)
	if err == nil {
		err = notNewer(ctx, steps)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return v, nil
}

// mine compares the database's owner with the configuration.
func (v *View) mine(ctx context.Context, c Config) error {
	var kek []byte
	var origin string
	if err := v.db.QueryRowContext(ctx, "SELECT kek, origin FROM node WHERE id = 1").Scan(&kek, &origin); err != nil {
		return fmt.Errorf("store: %s does not say whose it is: %w", c.Path, err)
	}
	if c.KEK != nil {
		if id := c.KEK.ID(); string(id[:]) != string(kek) {
			return fmt.Errorf("store: the database was created with key-encryption key %x, not %s", kek, id)
		}
	}
	if c.Ledger != nil && c.Ledger.Name() != origin {
		return fmt.Errorf("store: the database holds the log %q, not %q", origin, c.Ledger.Name())
	}
	return nil
}

// Close ends the view.
func (v *View) Close() error { return v.db.Close() }

// row reads one committed row; false when there is none.
func (v *View) row(ctx context.Context, text string, args []any, into ...any) (bool, error) {
	err := v.db.QueryRowContext(ctx, v.db.Rebind(text), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
