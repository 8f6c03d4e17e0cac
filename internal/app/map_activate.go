package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// MapActivate puts a snapshot in force on a configured node, running or not. The snapshot that was in force stays beside
// it for the documents that were made with it; to go back, it is activated again.
type MapActivate struct {
	Config   string // the node's configuration file
	Snapshot string
	Wait     time.Duration // how long a running node is waited for
}

// Run gives a sentence that says what is in force now. A snapshot that the node would refuse changes nothing.
func (m MapActivate) Run() (string, error) {
	config, err := LoadConfig(m.Config)
	if err != nil {
		return "", err
	}
	return m.on(config)
}

// on activates the snapshot on the node of a configuration.
func (m MapActivate) on(config Config) (string, error) {
	dir := config.Terminology.Snapshots
	if dir == "" {
		return "", errors.New("terminology.snapshots: give the folder in which this node keeps its snapshots")
	}
	release, inForce, err := m.judge(config)
	if err != nil {
		return "", fmt.Errorf("nothing was changed: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := m.place(snapshotFile(dir, release)); err != nil {
		return "", err
	}
	if err := writeWhole(filepath.Join(dir, activeFile), []byte(release+"\n"), 0o644); err != nil {
		return "", err
	}
	return m.confirm(config, inForce)
}

// judge reads the snapshot as the node will, and gives its release and that under which the node will show it.
func (m MapActivate) judge(config Config) (release, inForce string, err error) {
	catalogue, err := openSnapshot(m.Snapshot)
	if err != nil {
		return "", "", err
	}
	t := newTerminology(config)
	if err := t.open(config.Terminology); err != nil {
		return "", "", err
	}
	whole, err := t.complete(catalogue)
	if err != nil {
		return "", "", err
	}
	return catalogue.Release(), whole.Release(), nil
}

// place copies the snapshot to where the node maps it, unless it lies there.
func (m MapActivate) place(file string) error {
	if known, err := openSnapshot(file); err == nil && snapshotFile(filepath.Dir(file), known.Tables()) == file {
		return nil
	}
	content, err := os.ReadFile(m.Snapshot)
	if err != nil {
		return err
	}
	return writeWhole(file, content, 0o444)
}

// confirm waits until a running node says that the snapshot is in force.
func (m MapActivate) confirm(config Config, release string) (string, error) {
	if config.Listen.Operator == "" {
		return release + " is in force as soon as a node of this configuration runs", nil
	}
	client := &http.Client{Timeout: time.Second}
	for end := time.Now().Add(m.Wait); ; time.Sleep(100 * time.Millisecond) {
		shown, err := shownTerminology(client, config.Listen.Operator)
		switch {
		case err != nil:
			return release + " will be in force when the node starts; none answers at " + config.Listen.Operator, nil
		case shown == release:
			return release + " is in force on the running node", nil
		case time.Now().After(end):
			return "", errors.New("the running node still works with " + shown + ": its log says why")
		}
	}
}

func shownTerminology(client *http.Client, operator string) (string, error) {
	answer, err := client.Get("http://" + operator + "/health")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var state struct{ Terminology string }
	return state.Terminology, errors.Join(err, json.NewDecoder(answer.Body).Decode(&state))
}
