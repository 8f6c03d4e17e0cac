package store

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/internal/keys"
	"sild/node"
)

func TestADatabaseIsNeverMadeOrTakenOverInSilence(t *testing.T) {
	s := sqliteSite(t)
	otherKEK, err := keys.GenerateKEK()
	must(t, err)
	otherLog, err := keys.GenerateNoteSigner("ncp.fi.example/access")
	must(t, err)
	empty := filepath.Join(t.TempDir(), "empty.db")
	must(t, os.WriteFile(empty, nil, 0o600))
	text := filepath.Join(t.TempDir(), "text.db")
	must(t, os.WriteFile(text, []byte(strings.Repeat("not a database ", 500)), 0o600))
	for _, row := range []struct {
		name   string
		open   func(Config) (*Store, error)
		change func(*Config)
		says   string
	}{
		{"open what is not there", open, func(c *Config) { c.Path += ".none" }, "create it first"},
		{"create what is there", create, func(*Config) {}, "is there already"},
		{"open a directory", open, func(c *Config) { c.Path = filepath.Dir(c.Path) }, "is not a database"},
		{"open an empty file", open, func(c *Config) { c.Path = empty }, "is not a database"},
		{"open another file", open, func(c *Config) { c.Path = text }, "not a database"},
		{"open with another key", open, func(c *Config) { c.KEK = otherKEK }, "was created with key-encryption key"},
		{"open as another log", open, func(c *Config) { c.Ledger = otherLog }, "holds the log"},
		{"open without a key", open, func(c *Config) { c.KEK = nil }, "are needed"},
		{"create without a clock", create, func(c *Config) { c.Path += ".new"; c.Now = nil }, "are needed"},
		{"keep events for a year", open, func(c *Config) { c.Retention.Events = 365 * 24 * time.Hour }, "three years at least"},
	} {
		t.Run(row.name, func(t *testing.T) {
			config := s.config
			row.change(&config)
			store, err := row.open(config)
			if err == nil {
				store.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), row.says) {
				t.Errorf("it says %q, want %q", err, row.says)
			}
		})
	}
	if _, err := os.Stat(s.config.Path + ".none"); err == nil {
		t.Error("opening made a file")
	}
}

func open(c Config) (*Store, error)   { return Open(context.Background(), c) }
func create(c Config) (*Store, error) { return Create(context.Background(), c) }

func TestADatabaseOfANewerReleaseIsRefused(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.write(t.Context(), "test", func(tx *tx) error {
		_, err := tx.exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		return err
	}))
	must(t, s.Close())
	for name, err := range map[string]error{"open": second(Open(t.Context(), s.config)), "view": secondView(OpenView(t.Context(), s.config))} {
		if err == nil || !strings.Contains(err.Error(), "newer release") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ *Store, err error) error    { return err }
func secondView(_ *View, err error) error { return err }

func TestOnlyTheOwnerMayReadTheDatabase(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(s.config.Path + suffix)
		must(t, err)
		if info.Mode().Perm()&fs.FileMode(0o077) != 0 {
			t.Errorf("%s has mode %o", info.Name(), info.Mode().Perm())
		}
	}
}

func TestAPathWithOddCharactersIsTakenAsItIs(t *testing.T) {
	s := siteAt(t, filepath.Join(t.TempDir(), "a b?mode=memory&x#y%20.db"))
	store, err := Create(t.Context(), s.config)
	must(t, err)
	defer store.Close()
	if _, err := os.Stat(s.config.Path); err != nil {
		t.Fatal(err)
	}
	must(t, store.Refused(t.Context(), event(node.RefusedStage, maarja)))
	if info, err := os.Stat(s.config.Path + "-wal"); err != nil || info.Size() == 0 {
		t.Errorf("the write-ahead log is elsewhere: %v", err)
	}
}

func TestTheWriterCommitsDurably(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.write(t.Context(), "test", func(tx *tx) error {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1"} {
			var got string
			if _, err := tx.row("PRAGMA "+pragma, nil, &got); err != nil || got != want {
				t.Errorf("%s is %q, want %q (%v)", pragma, got, want, err)
			}
		}
		return nil
	}))
}

func TestAViewOpensBesideTheNodeAndAfterIt(t *testing.T) {
	s := sqliteSite(t)
	s.queue(waiting(1, 1, s.clock.now()))
	look := func() {
		t.Helper()
		view, err := OpenView(t.Context(), Config{Path: s.config.Path, KEK: s.config.KEK})
		must(t, err)
		defer view.Close()
		lines, err := view.Outbox(t.Context())
		must(t, err)
		if len(lines) != 1 {
			t.Errorf("%d lines", len(lines))
		}
		if _, err := view.db.Exec("DELETE FROM waiting"); err == nil {
			t.Error("a view could write")
		}
	}
	look()
	must(t, s.Close())
	if _, err := os.Stat(s.config.Path + "-wal"); err == nil {
		t.Error("a closed store left its write-ahead log beside the file")
	}
	look()
}
