package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slowToLook is a corridor whose running Estonian node does not look at its folder of snapshots for an hour.
func slowToLook(t *testing.T, change func(*Config)) *bridge {
	t.Helper()
	first, _ := snapshotWith(t, "")
	b := corridorOn(t, first, io.Discard)
	config := b.configs["EE"]
	config.Times.Terminology = time.Hour
	change(&config)
	b.configs["EE"] = config
	if err := errors.Join(b.stop("EE"), b.start(context.Background(), "EE")); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhoWasOvertakenByAnotherActivationIsToldSo(t *testing.T) {
	b := slowToLook(t, func(*Config) {})
	config := b.configs["EE"]
	second, release := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	ended := make(chan error, 1)
	go func() {
		_, err := MapActivate{Snapshot: second, Wait: 20 * time.Second}.on(context.Background(), config)
		ended <- err
	}()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if named, err := activeRelease(config.Terminology.Snapshots); err == nil && named == release {
			break
		}
	}
	if err := writeWhole(filepath.Join(config.Terminology.Snapshots, activeFile), []byte(strings.Repeat("ab", 32)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "another snapshot was activated meanwhile") {
		t.Errorf("it says %v", err)
	}
}

// The running node has a list of medicines that cannot be read, of which the command knows nothing.
func TestWhatTheRunningNodeRefusesIsNotLeftNamed(t *testing.T) {
	products := filepath.Join(t.TempDir(), "ee")
	if err := os.Mkdir(products, 0o700); err != nil {
		t.Fatal(err)
	}
	b := slowToLook(t, func(c *Config) { c.Times.Terminology = 20 * time.Millisecond })
	config := b.configs["EE"]
	before, err := activeRelease(config.Terminology.Snapshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{productFile, productIngredientFile} { // a list without medicines
		text, err := os.ReadFile(filepath.Join(exampleProducts, "fi", table))
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := bytes.Cut(text, []byte("\n"))
		if err := os.WriteFile(filepath.Join(products, table), header, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	own := config
	own.Terminology.Products = products
	b.configs["EE"] = own
	if err := errors.Join(b.stop("EE"), b.start(context.Background(), "EE"), os.Remove(filepath.Join(products, productFile))); err != nil {
		t.Fatal(err)
	}
	second, _ := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	_, err = MapActivate{Snapshot: second, Wait: time.Second}.on(context.Background(), config)
	if err == nil || !strings.Contains(err.Error(), "terminology.products") || !strings.Contains(err.Error(), "named again: "+before) {
		t.Errorf("it says %v", err)
	}
	if now, err := activeRelease(config.Terminology.Snapshots); err != nil || now != before {
		t.Errorf("%s is named, %v", now, err)
	}
}

func TestASnapshotThatBreaksARuleIsNotActivated(t *testing.T) {
	first, _ := snapshotWith(t, "")
	bad, release := snapshotWith(t, "ee-dose-form,738,equivalent,edqm,10101000,,,,yes,test,2026-11-22,draft,and nothing leads to tablets any more")
	dir := t.TempDir()
	config := Defaults()
	config.Country, config.Environment, config.Terminology.Snapshots, config.Listen.Operator = "EE", "demo", dir, ""
	if _, err := (MapActivate{Snapshot: first}).on(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	_, err := MapActivate{Snapshot: bad}.on(context.Background(), config)
	if err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "way-home at ee-eu/dose-form.csv 10219000") {
		t.Errorf("it says %v", err)
	}
	if _, err := os.Stat(snapshotFile(dir, release)); err == nil {
		t.Error("it was copied into the folder")
	}
	content, err := os.ReadFile(bad)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(snapshotFile(dir, release), content, 0o444); err != nil { // as if it had been in force before the rule came
		t.Fatal(err)
	}
	if _, err := (MapActivate{Snapshot: bad}).on(context.Background(), config); err != nil {
		t.Errorf("the way back is barred: %v", err)
	}
}

// A command that gets a signal stops, and says what it has changed.
func TestCommandsOnTablesStopAtASignal(t *testing.T) {
	stopped, stop := context.WithCancel(context.Background())
	stop()
	dir := t.TempDir()
	out := filepath.Join(dir, "snapshot")
	tables := tablesWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	if err := (MapBuild{Sources: []string{tables}, Out: out}).Run(stopped, io.Discard, io.Discard); !errors.Is(err, errStopped) {
		t.Errorf("build says %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("build wrote a snapshot")
	}
	var said bytes.Buffer
	check := MapCheck{MapTables: MapTables{Sources: []string{tables}}, MapReport: MapReport{Stdout: &said, Stderr: &said}}
	if code := check.Run(stopped); code != unusableCode || said.String() != "sild: "+errStopped.Error()+"\n" {
		t.Errorf("check ended with %d: %s", code, said.String())
	}
	b := slowToLook(t, func(*Config) {})
	first, before := snapshotWith(t, "")
	if _, err := (MapActivate{Snapshot: first}).on(stopped, b.configs["EE"]); !errors.Is(err, errStopped) || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("activate says %v", err)
	}
	second, release := snapshotWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
	soon, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	began := time.Now()
	_, err := MapActivate{Snapshot: second, Wait: time.Minute}.on(soon, b.configs["EE"])
	if !errors.Is(err, errStopped) || !strings.Contains(err.Error(), "is named as the one in force") || time.Since(began) > 20*time.Second {
		t.Errorf("activate says %v", err)
	}
	if now, err := activeRelease(b.configs["EE"].Terminology.Snapshots); err != nil || now != release || now == before {
		t.Errorf("%s is named, %v", now, err)
	}
}

// What is no file would be waited for without end; what is missing is named once.
func TestATableThatIsNoFileIsNamedAndNotWaitedFor(t *testing.T) {
	for want, spoil := range map[string]func(file string) error{
		"tables: ee-eu/dose-form.csv: it is no regular file":     func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"tables: ee-eu/dose-form.csv: no such file or directory": func(string) error { return nil },
	} {
		tables := tablesWith(t, "ee-dose-form,9998,none,,,,,,no,test,2026-11-22,draft,a row for the test")
		file := filepath.Join(tables, "ee-eu", "dose-form.csv")
		if err := errors.Join(os.Remove(file), spoil(file)); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "snapshot")
		err := MapBuild{Sources: []string{tables}, Out: out}.Run(context.Background(), io.Discard, io.Discard)
		if err == nil || !strings.HasSuffix(err.Error(), filepath.Dir(tables)+"/"+want) || strings.Count(err.Error(), "dose-form.csv") != 1 {
			t.Errorf("build says %v", err)
		}
		var said bytes.Buffer
		check := MapCheck{MapTables: MapTables{Sources: []string{tables}}, MapReport: MapReport{Stdout: &said, Stderr: &said}}
		if code := check.Run(context.Background()); code != amissCode || !strings.Contains(said.String(), want[len("tables: "):]) {
			t.Errorf("check ended with %d: %s", code, said.String())
		}
	}
}
