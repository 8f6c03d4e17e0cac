package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOnlyARegularFileIsReplaced(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, step := range []error{os.WriteFile(in("old"), []byte("old"), 0o444), os.WriteFile(in("target"), []byte("target"), 0o600),
		os.Symlink(in("target"), in("link")), os.Symlink(in("nowhere"), in("dangling")), syscall.Mkfifo(in("pipe"), 0o600), os.Mkdir(in("folder"), 0o700)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	for name, want := range map[string]string{in("old"): "", in("new"): "", in("link"): "no regular file", in("dangling"): "no regular file",
		in("pipe"): "no regular file", in("folder"): "no regular file", in("missing/new"): "no such file"} {
		err := writeWhole(name, []byte("new"), 0o644)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), name) != 1 || strings.Contains(err.Error(), halfFile)) {
			t.Errorf("%s: %v", name, err)
		}
		if want != "" {
			continue
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != "new" {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	if got, err := os.ReadFile(in("target")); err != nil || string(got) != "target" {
		t.Errorf("the target of the link holds %q, %v", got, err)
	}
	if info, err := os.Lstat(in("link")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
}

// A program that is killed while it writes leaves a half file; a later one clears it up, and leaves those alone that
// somebody is still writing, and what is not ours.
func TestHalfFilesThatWereLeftBehindAreRemoved(t *testing.T) {
	dir := t.TempDir()
	hours := func(name string, old time.Duration) error {
		at := time.Now().Add(-old)
		file := filepath.Join(dir, name)
		return errors.Join(os.WriteFile(file, nil, 0o600), os.Chtimes(file, at, at))
	}
	for _, step := range []error{hours(halfFile+"1", 2*time.Hour), hours(halfFile+"2", time.Minute), hours("half-3", 2*time.Hour), os.Mkdir(filepath.Join(dir, halfFile+"4"), 0o700)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	if err := writeWhole(filepath.Join(dir, "new"), []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got, want := strings.Join(names, " "), halfFile+"2 "+halfFile+"4 half-3 new"; got != want {
		t.Errorf("there are %s, not %s", got, want)
	}
}
