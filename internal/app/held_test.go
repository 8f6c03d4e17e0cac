package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sild/node"
)

// A careless `cp new old` cuts the file short before it writes it anew; an editor may write into it.
func TestASnapshotThatIsChangedInPlaceNeitherStopsTheNodeNorChangesAnAnswer(t *testing.T) {
	first, release := snapshotWith(t, "")
	b := corridorOn(t, first, io.Discard)
	file := snapshotFile(b.configs["EE"].Terminology.Snapshots, release)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	truth := demoTruth("EE")
	pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.ReplaceAll(whole, []byte("10219000"), []byte("10221000"))
	if bytes.Equal(other, whole) {
		t.Fatal("the file has no code to change")
	}
	for name, change := range map[string]func() error{
		"another code in its place": func() error { return os.WriteFile(file, other, 0o600) },
		"cut short":                 func() error { return os.Truncate(file, 100) },
		"empty":                     func() error { return os.Truncate(file, 0) },
	} {
		if err := os.Chmod(file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		answer, err := pharmacy.fetch(context.Background(), truth.patient, truth.tablet)
		if err != nil || answer.Status != http.StatusOK {
			t.Fatalf("%s: %v, %d: %s", name, err, answer.Status, answer.Body)
		}
		if !bytes.Contains(answer.Body, []byte(`"10219000"`)) || bytes.Contains(answer.Body, []byte(`"10221000"`)) || !bytes.Contains(answer.Body, []byte(release)) {
			t.Errorf("%s: the answer is another one", name)
		}
	}
}

func TestWhatIsNoRegularFileIsNotRead(t *testing.T) {
	dir := t.TempDir()
	pipe, empty, endless := filepath.Join(dir, "pipe"), filepath.Join(dir, "empty"), filepath.Join(dir, "endless")
	for _, step := range []error{syscall.Mkfifo(pipe, 0o600), os.WriteFile(empty, nil, 0o600), os.WriteFile(endless, nil, 0o600),
		os.Truncate(endless, mostHeld+1)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	for file, want := range map[string]string{pipe: "no regular file", dir: "no regular file", "/dev/zero": "no regular file", empty: "no snapshot",
		endless: "no snapshot", filepath.Join(dir, "missing"): "no such file"} {
		if _, err := openSnapshot(file); err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), file) != 1 {
			t.Errorf("%s: %v", file, err)
		}
	}
}
