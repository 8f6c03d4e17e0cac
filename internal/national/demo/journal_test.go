package demo

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sild/node"
)

// written is the journal of three dispensations and a withdrawal, closed.
func written(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	r := reopened(t, "EE", path)
	p := r.named(t, "three-packages")
	for _, id := range []string{"1", "2", "3"} {
		if _, err := r.hands(t, p, id, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.takesBack(t, p, "2"); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func journalOf(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACrashAtAnyByteOfTheLastRecordLosesNothingBeforeIt(t *testing.T) {
	content := written(t)
	last := bytes.LastIndexByte(content[:len(content)-1], '\n') + 1
	few := fstest.MapFS{} // one prescription: the register is opened at every byte
	few["prescriptions/three-packages.json"] = with(t, "EE", nil)["prescriptions/three-packages.json"]
	for cut := last; cut <= len(content); cut++ {
		path := journalOf(t, content[:cut])
		r, err := Open(Config{Country: "EE", Dir: few, Journal: path, Now: today, Tables: tables()})
		if err != nil {
			t.Fatal(err)
		}
		p := r.named(t, "three-packages")
		left, whole := "0", cut == len(content)
		if whole {
			left = "1"
		}
		if got := r.read(t, p).Amount.Left; got != left {
			t.Fatalf("cut at byte %d of %d: %s left, want %s", cut-last, len(content)-last, got, left)
		}
		if noted := len(r.Skipped()) == 1; noted != (!whole && cut > last) {
			t.Fatalf("cut at byte %d: a torn line is noted %v", cut-last, noted)
		}
		if _, found, err := r.Dispensed(t.Context(), r.asked(p.patient.Identifiers[0], node.WithdrawVerb),
			handing(p, "2", 1).Dispensation.ID, node.WithdrawVerb); err != nil || found != whole {
			t.Fatalf("cut at byte %d: the withdrawal is known %v (%v)", cut-last, found, err)
		}
		// What was lost is done again, and what was not is not done twice: the journal ends as it did without a crash.
		if _, err := r.takesBack(t, p, "2"); err != nil {
			t.Fatal(err)
		}
		r.Close()
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
			t.Fatalf("cut at byte %d: the journal differs from one without a crash (%v)", cut-last, err)
		}
	}
}

func TestAChangedByteAnywhereInTheJournalIsNoticed(t *testing.T) {
	content := written(t)
	path := journalOf(t, nil)
	for at := range content {
		changed := bytes.Clone(content)
		changed[at] ^= 0x01
		_, err := tryJournal(t, path, changed)
		if at == len(content)-1 {
			continue // without the last line's end it is a torn line
		}
		if err == nil || !strings.Contains(err.Error(), "line ") {
			t.Fatalf("byte %d of %d was changed: %v", at, len(content), err)
		}
	}
}

func tryJournal(t *testing.T, path string, content []byte) ([]record, error) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return (&journal{file: file}).lines(content[:bytes.LastIndexByte(content, '\n')+1])
}

func TestALineLostMovedOrRepeatedRefusesToOpen(t *testing.T) {
	lines := bytes.SplitAfter(written(t), []byte("\n"))
	for name, order := range map[string][]int{"first lost": {1, 2, 3}, "middle lost": {0, 2, 3}, "moved": {1, 0, 2, 3}, "repeated": {0, 0, 1, 2, 3}} {
		var content []byte
		for _, n := range order {
			content = append(content, lines[n]...)
		}
		r, err := Open(Config{Country: "EE", Journal: journalOf(t, content), Now: today, Tables: tables()})
		if err == nil {
			r.Close()
			t.Errorf("%s: opened", name)
		} else if strings.Contains(err.Error(), "4740517") {
			t.Errorf("%s: the error repeats patient data", name)
		}
	}
}

func TestAJournalOfOtherFilesRefusesToOpen(t *testing.T) {
	path := journalOf(t, written(t))
	_, err := Open(Config{Country: "FI", Journal: path, Now: today, Tables: tables()})
	if err == nil || !strings.Contains(err.Error(), "line 1: it is about a prescription that is not among the register's files") {
		t.Errorf("opened over the other country's files: %v", err)
	}
}

func TestAReopenedRegisterAnswersTheSameBytesAndReceipts(t *testing.T) {
	for _, country := range countries {
		path := filepath.Join(t.TempDir(), "journal")
		r := reopened(t, country, path)
		p := r.named(t, "three-packages")
		answers := func(r *Register) string {
			call := r.asked(p.patient.Identifiers[0], node.PrescriptionVerb)
			d, err := r.Prescription(t.Context(), call, node.Ref{ID: p.id})
			if err != nil {
				t.Fatal(err)
			}
			made, _, _ := r.Dispensed(t.Context(), call, handing(p, "1", 1).Dispensation.ID, node.DispenseVerb)
			back, _, _ := r.Dispensed(t.Context(), call, handing(p, "1", 1).Dispensation.ID, node.WithdrawVerb)
			return fmt.Sprint(string(d.Source), made, back)
		}
		if _, err := r.hands(t, p, "1", 1); err != nil {
			t.Fatal(err)
		}
		if _, err := r.hands(t, p, "2", 2); err != nil {
			t.Fatal(err)
		}
		if _, err := r.takesBack(t, p, "1"); err != nil {
			t.Fatal(err)
		}
		before := answers(r)
		r.Close()
		if after := answers(reopened(t, country, path)); after != before {
			t.Errorf("%s: before %s\nafter %s", country, before, after)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: the journal's mode is %v (%v)", country, info.Mode(), err)
		}
	}
}

// A disk that fails takes the whole register out: nothing that may be lost is told to anyone, and nothing more is
// recorded behind a line that may be broken.
func TestARegisterWhoseDiskFailsSaysNothingMore(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "three-packages")
	r.journal.file.Close()
	_, made := r.hands(t, p, "1", 1)
	call := r.asked(p.patient.Identifiers[0], node.PrescriptionVerb)
	_, read := r.Prescription(t.Context(), call, node.Ref{ID: p.id})
	_, listed := r.Prescriptions(t.Context(), call, node.Filter{})
	_, again := r.hands(t, p, "1", 1)
	_, other := r.hands(t, p, "2", 3)
	_, back := r.takesBack(t, p, "1")
	_, _, recalled := r.Dispensed(t.Context(), call, handing(p, "1", 1).Dispensation.ID, node.DispenseVerb)
	for what, err := range map[string]error{"dispense": made, "prescription": read, "prescriptions": listed,
		"replay": again, "conflict": other, "withdraw": back, "recall": recalled} {
		if e := node.AsError(err); e.Kind != node.Unavailable || e.Reason != "register.journal" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestASecondWriterIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	one, two := reopened(t, "EE", path), reopened(t, "EE", path)
	p := one.named(t, "three-packages")
	if _, err := one.hands(t, p, "1", 3); err != nil {
		t.Fatal(err)
	}
	if _, err := two.hands(t, p, "2", 3); !node.KindIs(err, node.Unavailable) {
		t.Errorf("two registers handed out the same packages: %v", err)
	}
}

func TestRecordsThatWaitTogetherAreForcedTogether(t *testing.T) {
	r := opened(t, "EE")
	r.journal.writing.Lock() // a slow disk: everyone waits behind it
	var counters sync.WaitGroup
	for i, name := range []string{"plain-tablet", "inhaler", "oral-suspension", "repeat", "inn-only"} {
		p := r.named(t, name)
		counters.Go(func() {
			if _, err := r.hands(t, p, strconv.Itoa(i), 1); err != nil {
				t.Error(err)
			}
		})
	}
	for lines := 0; lines < 5; {
		r.journal.mu.Lock()
		if r.journal.next != nil {
			lines = bytes.Count(r.journal.next.lines, []byte("\n"))
		}
		r.journal.mu.Unlock()
	}
	only := r.journal.newest()
	r.journal.writing.Unlock()
	counters.Wait()
	if r.journal.newest() != only || only.failed() != nil {
		t.Error("five waiting records became several batches")
	}
}

func TestFaultsStrikeAndPass(t *testing.T) {
	r := opened(t, "FI")
	p := r.named(t, "three-packages")
	call := r.asked(p.patient.Identifiers[0], node.PrescriptionVerb)
	everything := func(ctx context.Context) map[string]error {
		_, find := r.FindPatient(ctx, call, node.Demographics{})
		_, summary := r.Summary(ctx, call, node.Ref{})
		_, list := r.Prescriptions(ctx, call, node.Filter{})
		_, one := r.Prescription(ctx, call, node.Ref{ID: p.id})
		_, made := r.Dispense(ctx, call, handing(p, "1", 1))
		_, back := r.Withdraw(ctx, call, node.Withdrawal{Receipt: "urn:uuid:1"})
		_, right := r.Entitled(ctx, call)
		_, _, recall := r.Dispensed(ctx, call, handing(p, "1", 1).Dispensation.ID, node.DispenseVerb)
		return map[string]error{"find": find, "summary": summary, "list": list, "prescription": one, "dispense": made,
			"withdraw": back, "rights": right, "recall": recall}
	}
	r.Faults().SetDown(true)
	for verb, err := range everything(t.Context()) {
		if !node.KindIs(err, node.Unavailable) {
			t.Errorf("down: %s: %v", verb, err)
		}
	}
	r.Faults().SetDown(false)
	r.Faults().SetSlow(time.Hour)
	late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for verb, err := range everything(late) {
		if !node.KindIs(err, node.Overdue) {
			t.Errorf("slow: %s: %v", verb, err)
		}
	}
	r.Faults().SetSlow(0)
	if len(r.dispensed) > 0 {
		t.Error("a register that was down or slow recorded something")
	}
	for verb, err := range everything(t.Context()) {
		if err != nil {
			t.Errorf("back again: %s: %v", verb, err)
		}
	}
}

func TestACrashAfterTheRecordIsRecordedAndSaidOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	r := reopened(t, "EE", path)
	p := r.named(t, "three-packages")
	r.Faults().CrashAfterRecord()
	if _, err := r.hands(t, p, "1", 1); !node.KindIs(err, node.Unavailable) {
		t.Fatalf("%v, want Unavailable", err)
	}
	call := r.asked(p.patient.Identifiers[0], node.DispenseVerb)
	for _, r := range []*Register{r, reopened(t, "EE", path)} {
		if _, found, err := r.Dispensed(t.Context(), call, handing(p, "1", 1).Dispensation.ID, node.DispenseVerb); err != nil || !found {
			t.Errorf("what was recorded before the crash is not recalled: %v", err)
		}
	}
	if receipt, err := r.hands(t, p, "1", 1); err != nil || receipt.Left != "2" {
		t.Errorf("sent again: %+v, %v", receipt, err)
	}
}

func BenchmarkDispense(b *testing.B) {
	r, err := Open(Config{Country: "EE", Journal: filepath.Join(b.TempDir(), "journal"), Now: today, Tables: tables()})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	p := r.byPatient[r.Cases()[0].Patient][0]
	call := r.asked(r.Cases()[0].Patient, node.DispenseVerb)
	var n int
	for b.Loop() {
		n++
		in := handing(p, strconv.Itoa(n), 1)
		if _, err := r.Dispense(context.Background(), call, in); err != nil {
			b.Fatal(err)
		}
		if _, err := r.Withdraw(context.Background(), call, node.Withdrawal{Receipt: in.Dispensation.ID.Value}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "journal")
	for b.Loop() {
		r, err := Open(Config{Country: "FI", Journal: path, Now: today, Tables: tables()})
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}
