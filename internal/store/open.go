package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// schemas holds one folder of migrations an engine. A migration only adds; there is no way down.
//
//go:embed schema
var schemas embed.FS

const (
	driverName = "sqlite3"
	durable    = "_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_busy_timeout=5000&_secure_delete=on&mode=rw"
	looking    = "_stmt_cache_size=32&_foreign_keys=1&_busy_timeout=5000&mode=ro"
)

// connect opens connections to an existing file. SQLite would make a missing one; mode rw and ro forbid it.
func connect(path, options string, most int) (*sqlx.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: absolute, RawQuery: options}
	db, err := sqlx.Open(driverName, name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// makeFile makes an empty file that only its owner may read, and refuses one that is there.
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("store: %s is there already: open it, or move it away to begin an empty log: %w", path, err)
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return file.Close()
}

// present refuses a database that is not there: a path with a typing error must not become a second, empty log.
func present(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: there is no database at %s: create it first: %w", path, err)
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("store: %s is not a database", path)
	}
	return nil
}

// migrate brings the schema up to this release and refuses one that a newer release made.
func migrate(ctx context.Context, db *sqlx.DB) error {
	steps, err := migrations(db)
	if err != nil {
		return err
	}
	if err := notNewer(ctx, steps); err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("store: bring the schema up to date: %w", err)
	}
	return nil
}

func migrations(db *sqlx.DB) (*goose.Provider, error) {
	files, err := fs.Sub(schemas, "schema/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db.DB, files, goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
}

func notNewer(ctx context.Context, steps *goose.Provider) error {
	now, known, err := steps.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("store: read the schema's version: %w", err)
	}
	if now > known {
		return fmt.Errorf("store: the database has schema %d, this release knows %d: run a newer release", now, known)
	}
	return nil
}
