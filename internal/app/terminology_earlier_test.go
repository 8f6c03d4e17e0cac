package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// A node without a folder shows a prescription; by the time of the dispensation the tables say something else about its dose
// form. The new program is played by the same one with a snapshot of other tables.
func TestWhatWasShownWithTheTablesOfAProgramIsJudgedByThem(t *testing.T) {
	after, _ := snapshotWith(t, "ee-dose-form,738,equivalent,edqm,10101000,,,,yes,test,2026-11-22,draft,not so"+noWayHome)
	for name, kept := range map[string]bool{"its tables were kept": true, "they were not": false} {
		t.Run(name, func(t *testing.T) {
			log := &lockedWriter{w: &bytes.Buffer{}}
			dir := t.TempDir()
			b, err := Demo{Out: testLog{t}, Log: log, Level: "info", Dir: dir}.buildAnywhere(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer b.remove()
			truth := demoTruth("EE")
			pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
			if err != nil {
				t.Fatal(err)
			}
			fetched, err := pharmacy.fetch(context.Background(), truth.patient, truth.tablet)
			if err != nil || fetched.Status != http.StatusOK {
				t.Fatalf("fetch: %v, %d", err, fetched.Status)
			}
			if err := b.stop("EE"); err != nil {
				t.Fatal(err)
			}
			config := b.configs["EE"]
			config.Terminology.Snapshots = filepath.Join(dir, "snapshots")
			b.configs["EE"] = config
			if _, err := (MapActivate{Snapshot: after}).on(context.Background(), config); err != nil {
				t.Fatal(err)
			}
			if !kept {
				if err := os.RemoveAll(config.Store.Path + ".snapshots"); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.start(context.Background(), "EE"); err != nil {
				t.Fatal(err)
			}
			message, err := pharmacy.dispensation(fetched.Body, newDispensation(), 1, "completed")
			if err != nil {
				t.Fatal(err)
			}
			answer, err := pharmacy.dispense(context.Background(), message)
			if err != nil {
				t.Fatal(err)
			}
			if recorded := answer.Status == http.StatusCreated; recorded != kept {
				t.Errorf("status %d: %s", answer.Status, answer.Body)
			}
			log.mu.Lock()
			defer log.mu.Unlock()
			if said := strings.Contains(log.w.(*bytes.Buffer).String(), "a snapshot that is not to be had"); said == kept {
				t.Errorf("the log says that it is not to be had: %v", said)
			}
		})
	}
}

// Each program keeps its own tables once, as a file that opens as what it is called; a damaged one is written anew.
func TestANodeWithoutAFolderKeepsTheTablesOfItsProgram(t *testing.T) {
	b, err := Demo{Out: testLog{t}, Log: io.Discard, Dir: t.TempDir()}.buildAnywhere(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer b.remove()
	config := b.configs["EE"]
	release := b.nodes["EE"].terms.inForce.Load().Tables()
	file := snapshotFile(config.Store.Path+".snapshots", release)
	var before os.FileInfo
	for _, damage := range []func() error{
		func() error { return nil },
		func() error { return errors.Join(os.Chmod(file, 0o600), os.Truncate(file, 100)) },
		func() error {
			whole, err := os.ReadFile(file)
			return errors.Join(err, os.Chmod(file, 0o600), os.WriteFile(file, append(whole[:len(whole)-1], whole[len(whole)-1]^1), 0o600))
		},
		func() error { return os.RemoveAll(filepath.Dir(file)) },
	} {
		if err := errors.Join(b.stop("EE"), damage(), b.start(context.Background(), "EE")); err != nil {
			t.Fatal(err)
		}
		kept, err := openSnapshot(file)
		if err != nil || kept.Release() != release {
			t.Fatalf("%v", err)
		}
		if before, err = os.Stat(file); err != nil || before.Mode().Perm() != 0o444 {
			t.Errorf("%v, %v", before.Mode(), err)
		}
	}
	if err := errors.Join(b.stop("EE"), b.start(context.Background(), "EE")); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(file); err != nil || !after.ModTime().Equal(before.ModTime()) || !os.SameFile(after, before) {
		t.Errorf("it was written again: %v", err)
	}
}

// What the node kept before it was given a folder is found beside the folder, and what is put back is found again.
func TestEarlierTablesAreLookedForInBothPlaces(t *testing.T) {
	built, err := translation.Compile(translation.Source{Files: mappings.Files()})
	if err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	terms := newTerminology(Config{Country: "EE", Environment: "demo", Store: StoreConfig{Path: filepath.Join(own, "node.db")},
		Terminology: TerminologyConfig{Snapshots: t.TempDir()}})
	if terms.snapshot(built.Release) != nil {
		t.Fatal("it was found before it was there")
	}
	if err := keepSnapshot(filepath.Join(own, "node.db.snapshots"), built); err != nil {
		t.Fatal(err)
	}
	if found := terms.snapshot(built.Release); found == nil || found.Tables() != built.Release {
		t.Error("it is not found")
	}
}
