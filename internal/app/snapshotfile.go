package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"sild/translation"
)

// activeFile names the snapshot in force, by its release, in the folder of snapshots.
const activeFile = "active"

// activeRelease reads which snapshot is to be in force.
func activeRelease(dir string) (string, error) {
	named, err := readRegular(filepath.Join(dir, activeFile), 200)
	if err != nil {
		return "", err
	}
	release := strings.TrimSpace(string(named))
	if !isRelease(release) {
		return "", fmt.Errorf("%s does not name a snapshot", filepath.Join(dir, activeFile))
	}
	return release, nil
}

// isRelease says that a text has the form of a release; it becomes the name of a file.
func isRelease(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}

func snapshotFile(dir, release string) string { return filepath.Join(dir, release+".snapshot") }

// openSnapshot reads a snapshot file into memory of its own.
func openSnapshot(file string) (*translation.Catalogue, error) {
	catalogue, _, err := holdSnapshot(file)
	return catalogue, err
}

// holdSnapshot also gives the bytes that were judged.
func holdSnapshot(file string) (*translation.Catalogue, []byte, error) {
	held, err := holdFile(file)
	if err != nil {
		return nil, nil, err
	}
	catalogue, err := translation.Open(held)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", file, err), freeMemory(held))
	}
	return catalogue, held, nil
}
