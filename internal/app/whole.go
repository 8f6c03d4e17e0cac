package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// halfFile begins the name of a file that is not whole yet. One that is older than an hour was left behind by a program that was
// killed.
const (
	halfFile = ".sild-half-"
	leftOver = time.Hour
)

// writeWhole writes a file under its name only when all of it is on the disk. What stands under that name and is no regular
// file is not replaced: a link would be cut off from what it leads to, a pipe or a device from who uses it.
func writeWhole(name string, content []byte, mode os.FileMode) error {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: it is no regular file and is not replaced; name a file, not a link or a pipe", name)
	}
	dir := filepath.Dir(name)
	removeHalves(dir)
	half, err := os.CreateTemp(dir, halfFile+"*")
	if err != nil {
		return named(name, err)
	}
	_, err = half.Write(content)
	err = errors.Join(err, half.Chmod(mode), half.Sync(), half.Close())
	if err == nil {
		err = os.Rename(half.Name(), name)
	}
	if err != nil {
		return errors.Join(named(name, err), os.Remove(half.Name()))
	}
	return syncDir(dir)
}

// named tells an error of a half file, the name of which says nothing to anybody, with the name of the whole one.
func named(name string, err error) error {
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	return fmt.Errorf("%s: %w", name, withoutName(err))
}

// removeHalves removes what was left behind. What cannot be removed disturbs nobody.
func removeHalves(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && strings.HasPrefix(entry.Name(), halfFile) && info.Mode().IsRegular() && time.Since(info.ModTime()) > leftOver {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
