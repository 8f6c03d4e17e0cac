package main

import (
	"bufio"
	"database/sql"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runDemo plays `sild demo --once` as a process of its own (TestMain makes the command) and shows each line that it
// prints while it runs. It gives the exit code and both streams.
func runDemo(t *testing.T, dir string, seen func(line string)) (code int, stdout, stderr string) {
	t.Helper()
	command := exec.Command("sild", "demo", "--once")
	command.Env = append(command.Environ(), "TMPDIR="+dir)
	var complaints strings.Builder
	command.Stderr = &complaints
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	for lines := bufio.NewScanner(io.TeeReader(out, &printed)); lines.Scan(); {
		seen(lines.Text())
	}
	var ended *exec.ExitError
	if err := command.Wait(); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), printed.String(), complaints.String()
}

func TestADemoThatHoldsEndsWithZero(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	code, stdout, stderr := runDemo(t, dir, func(string) {})
	if code != 0 || stderr != "" || !strings.HasSuffix(stdout, "every check held\n") || strings.Contains(stdout, "FAIL") {
		t.Errorf("exit %d, stderr %q, stdout:\n%s", code, stderr, stdout)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind: %v", left, err)
	}
}

// The fault is outside the program: somebody changes a row of the Estonian node's ledger while the demo runs.
func TestADemoThatDoesNotHoldEndsWithOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	changed := false
	code, stdout, stderr := runDemo(t, dir, func(line string) {
		if !changed && strings.Contains(line, "dispense one package of three") {
			changed = true
			changeLedger(t, dir)
		}
	})
	if !changed {
		t.Fatalf("nothing was changed; stdout:\n%s", stdout)
	}
	if code != 1 || !strings.Contains(stdout, "\n  FAIL both ledgers verify") || strings.Contains(stdout, "every check held") || stderr != "" {
		t.Errorf("exit %d, stderr %q, stdout:\n%s", code, stderr, stdout)
	}
}

func changeLedger(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "sild-demo-*", "ee", "node.db"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the Estonian node's database: %v, %v", found, err)
	}
	db, err := sql.Open("sqlite3", "file:"+found[0]+"?_busy_timeout=5000&mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE events SET commitment = zeroblob(32) WHERE leaf = 0"); err != nil {
		t.Fatal(err)
	}
}
