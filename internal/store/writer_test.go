package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sild/node"
)

func TestOneRefusedClosureDoesNotHarmTheOthersOfItsCommit(t *testing.T) {
	s := sqliteSite(t)
	s.writer.close() // the test is the writer now
	w, err := newWriter(s.writer.db, s.writer.path)
	must(t, err)
	write := func(n int, fail error) *job {
		e, err := s.entry(event(node.RefusedStage, maarja))
		must(t, err)
		return &job{do: func(tx *tx) error {
			if err := tx.keepLonger([]byte{byte(n)}, "", 1); err != nil {
				return err
			}
			return errors.Join(tx.event(e), fail)
		}}
	}
	jobs := []*job{write(1, nil), write(2, &node.Error{Kind: node.Conflict}), write(3, errPlanted), write(4, nil)}
	_, events, err := w.transact(jobs)
	must(t, err)
	w.account(jobs, events, nil)
	for i, want := range []bool{true, false, false, true} {
		if (jobs[i].err == nil) != want {
			t.Errorf("closure %d: %v", i+1, jobs[i].err)
		}
	}
	var keys, leaves int
	must(t, s.db.Get(&keys, "SELECT count(*) FROM released"))
	must(t, s.db.Get(&leaves, "SELECT count(*) FROM events"))
	if keys != 2 || leaves != 2 || w.writes.Load() != 2 || w.commits.Load() != 1 {
		t.Errorf("%d rows, %d leaves, %d writes in %d commits, want 2, 2, 2 in 1", keys, leaves, w.writes.Load(), w.commits.Load())
	}
	w.hangUp()
	s.restart()
	s.verify()
}

func TestManyClientsShareCommits(t *testing.T) {
	s := sqliteSite(t)
	for i := range 64 {
		s.released(i)
	}
	before := s.Stats()
	s.clients(t, 32, 1000)
	after := s.Stats()
	writes, commits := after.Writes-before.Writes, after.Commits-before.Commits
	if writes != 2000 || after.Events-before.Events != 2000 {
		t.Fatalf("%d writes, %d events, want 2000 of each", writes, after.Events-before.Events)
	}
	if share := float64(writes) / float64(commits); share < 8 {
		t.Errorf("%.1f writes a commit at 32 clients, want at least 8", share)
	}
	if verdict := s.verify(); verdict.Leaves != int64(after.Events) {
		t.Errorf("%d leaves for %d events", verdict.Leaves, after.Events)
	}
}

func TestOnlyOneOfManyCallsBeginsADispensation(t *testing.T) {
	s := sqliteSite(t)
	s.released(1)
	var begun, spent atomic.Int64
	var wg sync.WaitGroup
	for n := range 32 {
		wg.Go(func() {
			found, err := s.Intend(t.Context(), event(node.IntendedStage, maarja), intent(1, fmt.Sprint("e-", n/2)))
			switch {
			case err != nil && node.AsError(err).Reason == "proof.spent":
				spent.Add(1)
			case err != nil:
				t.Error(err)
			case found.State == node.IntentNew:
				begun.Add(1)
			}
		})
	}
	wg.Wait()
	if begun.Load() != 1 || spent.Load() != 16 {
		t.Errorf("%d began, %d were spent, want 1 and 16", begun.Load(), spent.Load())
	}
}

func TestTwoProcessesWriteOneLog(t *testing.T) {
	s := sqliteSite(t)
	other, err := Open(t.Context(), s.config)
	must(t, err)
	defer other.Close()
	var wg sync.WaitGroup
	for _, store := range []*Store{s.Store, other} {
		for range 4 {
			wg.Go(func() {
				for range 50 {
					if err := store.Refused(t.Context(), event(node.RefusedStage, maarja)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if verdict := s.verify(); verdict.Leaves != 400 {
		t.Errorf("%d leaves, want 400", verdict.Leaves)
	}
}

func TestACallerWhoGivesUpBeforeItsTurnLeavesNoTrace(t *testing.T) {
	s := sqliteSite(t)
	inside, free := make(chan struct{}), make(chan struct{})
	held := make(chan error, 1)
	go func() {
		held <- s.write(context.Background(), "test", func(*tx) error { close(inside); <-free; return nil })
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- s.Refused(ctx, event(node.RefusedStage, maarja)) }()
	cancel()
	wantError(t, <-gone, node.Overdue, "store.overdue")
	late, cancelLate := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancelLate()
	wantError(t, s.Refused(late, event(node.RefusedStage, maarja)), node.Overdue, "store.overdue")
	close(free)
	must(t, <-held)
	if got := s.Stats().Events; got != 0 {
		t.Errorf("%d events", got)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.Close())
	wantError(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)), node.Unavailable, "store.closed")
	if _, _, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-1"}); node.KindOf(err) != node.Unavailable {
		t.Errorf("reading a closed store: %v", err)
	}
}

func TestALostDatabaseAcknowledgesNothing(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	must(t, s.Healthy())
	must(t, os.Rename(s.config.Path, s.config.Path+".away"))
	wantError(t, s.Healthy(), node.Unavailable, "store.lost")
	wantError(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)), node.Unavailable, "store.lost")
	wantError(t, s.Healthy(), node.Unavailable, "store.lost")
	must(t, os.WriteFile(s.config.Path, []byte("another file"), 0o600))
	wantError(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)), node.Unavailable, "store.lost")
	must(t, os.Rename(s.config.Path+".away", s.config.Path))
	wantError(t, s.write(t.Context(), "test", func(tx *tx) error {
		_, err := tx.exec("UPDATE node SET probe = probe + 1")
		return errors.Join(err, os.Rename(s.config.Path, s.config.Path+".away"))
	}), node.Unavailable, "store.lost")
	must(t, os.Rename(s.config.Path+".away", s.config.Path))
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	must(t, s.Healthy())
	if verdict := s.verify(); verdict.Leaves != 2 {
		t.Errorf("%d leaves, want the two that were acknowledged", verdict.Leaves)
	}
}
