package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"sild/internal/curation"
	"sild/translation"
)

// MapActivate puts a snapshot in force on a configured node, running or not. The snapshot that was in force stays beside
// it for the documents that were made with it; to go back, it is activated again.
type MapActivate struct {
	Config   string // the node's configuration file
	Snapshot string
	Wait     time.Duration // how long a running node is waited for
}

// Run gives a sentence that says what is in force now. A snapshot that the node would refuse changes nothing, nor does a
// command whose ctx ends before the snapshot is judged.
func (m MapActivate) Run(ctx context.Context) (string, error) {
	config, err := LoadConfig(m.Config)
	if err != nil {
		return "", err
	}
	return m.on(ctx, config)
}

// on activates the snapshot on the node of a configuration.
func (m MapActivate) on(ctx context.Context, config Config) (string, error) {
	dir := config.Terminology.Snapshots
	if dir == "" {
		return "", errors.New("terminology.snapshots: give the folder in which this node keeps its snapshots")
	}
	judged, err := m.judge(config)
	if err == nil && ctx.Err() != nil {
		err = errStopped
	}
	if err != nil {
		return "", fmt.Errorf("nothing was changed: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := place(snapshotFile(dir, judged.file), judged.content); err != nil {
		return "", err
	}
	if judged.before, err = activeRelease(dir); err != nil {
		judged.before = "" // nothing that could be put back
	}
	if err := writeWhole(filepath.Join(dir, activeFile), []byte(judged.file+"\n"), 0o644); err != nil {
		return "", err
	}
	return m.confirm(ctx, config, judged)
}

// judgement is a snapshot that the node may use. The bytes that were judged are those that are put in force, whatever becomes
// of the file meanwhile.
type judgement struct {
	file    string // its release
	shown   string // the release under which the node shows it, with its properties and medicines
	content []byte
	before  string // what was named before; empty is nothing
}

// judge reads the snapshot as the node will, and asks the rules of the tables.
func (m MapActivate) judge(config Config) (judgement, error) {
	catalogue, content, err := holdSnapshot(m.Snapshot)
	if err != nil {
		return judgement{}, err
	}
	t := newTerminology(config)
	if err := t.open(config.Terminology); err != nil {
		return judgement{}, err
	}
	whole, err := t.complete(catalogue)
	if err != nil {
		return judgement{}, err
	}
	judged := judgement{file: catalogue.Release(), shown: whole.Release(), content: content}
	if lies(snapshotFile(t.dir, judged.file), content) {
		return judged, nil // it has been in force: the way back is not barred by a rule that came later
	}
	return judged, m.rules(catalogue)
}

// rules refuses a snapshot that breaks a rule which can be asked without the tables that it was built from.
func (m MapActivate) rules(catalogue *translation.Catalogue) error {
	verdict := curation.Check{Catalogue: catalogue, Countries: corridorCountries(), Languages: corridorLanguages()}.Run()
	if verdict.Broken == 0 {
		return nil
	}
	first := verdict.Findings[0]
	return fmt.Errorf("rules of the tables are broken: %d, the first is %s at %s %s: %s; `sild map check --snapshot %s` names all", verdict.Broken,
		first.Rule, first.Place(), first.Code, first.Words, m.Snapshot)
}

// confirm waits until a running node says that the snapshot is in force.
func (m MapActivate) confirm(ctx context.Context, config Config, judged judgement) (string, error) {
	if config.Listen.Operator == "" {
		return judged.shown + " is in force as soon as a node of this configuration runs", nil
	}
	client := &http.Client{Timeout: time.Second}
	for end := time.Now().Add(m.Wait); ; {
		said, err := askHealth(client, config.Listen.Operator)
		switch {
		case err != nil:
			return judged.shown + " will be in force when the node starts; none answers at " + config.Listen.Operator, nil
		case said.Terminology == judged.shown:
			return judged.shown + " is in force on the running node", nil
		case overtaken(config.Terminology.Snapshots, judged.file):
			return "", errors.New("another snapshot was activated meanwhile; the running node works with " + said.Terminology)
		case time.Now().After(end):
			return "", m.late(config, said, judged)
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%w: %s is named as the one in force, and the running node did not say yet that it works with it", errStopped, judged.shown)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// overtaken says that somebody else has named another snapshot.
func overtaken(dir, release string) bool {
	named, err := activeRelease(dir)
	return err == nil && named != release
}

// tablesHealth is what a running node's health tells of its tables.
type tablesHealth struct{ Terminology, TerminologyTrouble string }

func askHealth(client *http.Client, operator string) (tablesHealth, error) {
	answer, err := client.Get("http://" + operator + "/health")
	if err != nil {
		return tablesHealth{}, err
	}
	defer answer.Body.Close()
	var state tablesHealth
	return state, json.NewDecoder(answer.Body).Decode(&state)
}

// late says why a node that runs has not taken the snapshot in. One that refuses it would not start with it either, so what was
// named before is named again.
func (m MapActivate) late(config Config, said tablesHealth, judged judgement) error {
	if said.TerminologyTrouble == "" {
		return fmt.Errorf("the running node still works with %s and has not said anything about %s: it may be busy; ask its /health", said.Terminology, judged.shown)
	}
	refused := fmt.Errorf("the running node works with %s. It says: %s", said.Terminology, said.TerminologyTrouble)
	if judged.before == "" {
		return refused
	}
	if err := writeWhole(filepath.Join(config.Terminology.Snapshots, activeFile), []byte(judged.before+"\n"), 0o644); err != nil {
		return errors.Join(refused, err)
	}
	return fmt.Errorf("%w. What was named before is named again: %s", refused, judged.before)
}
