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

// A pipe that nobody writes into would keep a command waiting for ever, and deaf to signals.
func TestDocumentsAreReadFromRegularFilesUntilASignal(t *testing.T) {
	dir, gone := t.TempDir(), errStopped.Error()
	document, err := os.ReadFile("../national/demo/seed/ee/prescriptions/plain-tablet.json")
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe.json")
	for _, step := range []error{syscall.Mkfifo(pipe, 0o600), os.WriteFile(filepath.Join(dir, "tablet.json"), document, 0o600)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	ended, end := context.WithCancel(context.Background())
	end()
	for _, test := range []struct {
		name, medicines, want string
		ctx                   context.Context
		files                 []string
	}{
		{"a pipe", "", `"reason": "it is no regular file"`, context.Background(), []string{pipe}},
		{"a folder with a pipe", "", `"reason": "it is no regular file"`, context.Background(), []string{dir}},
		{"a list that is a pipe", pipe, "sild: --medicines: open " + pipe + ": it is no regular file", context.Background(), []string{dir}},
		{"no list", "nope.csv", "sild: --medicines: stat nope.csv: no such file", context.Background(), []string{dir}},
		{"a signal", "", gone, ended, []string{filepath.Join(dir, "tablet.json")}},
	} {
		var counted, told bytes.Buffer
		documents := MapDocuments{From: "EE", To: "FI", Files: test.files, Medicines: test.medicines}
		coverage := MapCoverage{MapReport: MapReport{JSON: true, Stdout: &counted, Stderr: &counted}, MapDocuments: documents}
		diff := MapDiff{A: "shipped", B: "shipped", MapReport: MapReport{JSON: true, Stdout: &told, Stderr: &told}, MapDocuments: documents}
		if code := coverage.Run(test.ctx); code != unusableCode || !strings.Contains(counted.String(), test.want) {
			t.Errorf("coverage of %s: %d, %s", test.name, code, counted.String())
		}
		if code := diff.Run(test.ctx); code != unusableCode || !strings.Contains(told.String(), test.want) {
			t.Errorf("diff over %s: %d, %s", test.name, code, told.String())
		}
		whole := test.name == "a folder with a pipe"
		if strings.Contains(counted.String(), `"prescription": 1`) != whole || strings.Contains(told.String(), `"documents": 1`) != whole {
			t.Errorf("%s: the other document: %s %s", test.name, counted.String(), told.String())
		}
	}
}

// A large file under the name of a snapshot would be read again and again by a running node.
func TestALargeFileThatIsNoSnapshotIsNotReadWhole(t *testing.T) {
	built, _ := snapshotWith(t, "")
	whole, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	for want, content := range map[string][]byte{"no terminology snapshot": nil, "the parts do not fill the file": whole} {
		file := filepath.Join(t.TempDir(), "large")
		if err := errors.Join(os.WriteFile(file, content, 0o600), os.Truncate(file, 400<<20)); err != nil {
			t.Fatal(err)
		}
		_, err := holdFile(file) // whoever reads it gets it only if its first bytes are right
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), file) != 1 {
			t.Errorf("%v", err)
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
