package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"sild/internal/keys"
	"sild/node"
	"sild/trust"
)

var errPlanted = errors.New("planted fault")

// tables lists what a call may change, with its columns in order.
func (s *site) tables() []string {
	return []string{"events", "hashes", "checkpoints", "shelf", "released", "spent", "intents", "kept", "waiting", "trust", "node"}
}

// dump is every committed row of some tables as text.
func (s *site) dump(tables ...string) string {
	s.t.Helper()
	var text strings.Builder
	for _, table := range tables {
		rows, err := s.db.Queryx("SELECT * FROM " + table + " ORDER BY 1")
		must(s.t, err)
		for rows.Next() {
			values, err := rows.SliceScan()
			must(s.t, err)
			fmt.Fprintf(&text, "%s %x\n", table, values)
		}
		must(s.t, rows.Err())
		rows.Close()
	}
	return text.String()
}

// failing makes the n-th statement from now fail, and all after it where lasting; n = 0 counts only. The function it
// returns ends this and says how many statements there were.
func (s *site) failing(n int, lasting bool) func() int {
	count := 0
	s.writer.interrupt = func(string) error {
		if count++; n > 0 && (count == n || lasting && count > n) {
			return errPlanted
		}
		return nil
	}
	return func() int { s.writer.interrupt = nil; return count }
}

// steppedCall is one writing call that can be made with a fresh number again and again.
type steppedCall struct {
	name   string
	events int // leaves that it adds
	ready  func(s *site, n int)
	call   func(ctx context.Context, s *site, n int) error
}

func steppedCalls() []steppedCall {
	settle := func(ctx context.Context, s *site, n int) error {
		i := intent(n, fmt.Sprint("e-", n))
		i.Receipt = receipt(n)
		return s.Settle(ctx, event(node.RecordedStage, maarja), i)
	}
	queue := func(ctx context.Context, s *site, n int) error {
		_, err := s.Queue(ctx, event(node.QueuedStage, maarja), waiting(n, n, s.clock.now()))
		return err
	}
	intend := func(ctx context.Context, s *site, n int) error {
		_, err := s.Intend(ctx, event(node.IntendedStage, maarja), intent(n, fmt.Sprint("e-", n)))
		return err
	}
	release := func(s *site, n int) { s.released(n) }
	return []steppedCall{
		{"Refused", 1, nil, func(ctx context.Context, s *site, n int) error {
			return s.Refused(ctx, event(node.RefusedStage, maarja))
		}},
		{"Disclosed", 1, nil, func(ctx context.Context, s *site, n int) error {
			return s.Disclosed(ctx, event(node.ReadStage, maarja), []node.Release{{Prescription: prescription(n), Expires: s.clock.now().Add(time.Hour)}})
		}},
		{"Offered", 1, nil, func(ctx context.Context, s *site, n int) error {
			return s.Offered(ctx, event(node.OfferedStage, maarja), []node.Shelved{{Handle: fmt.Sprint(n), Expires: s.clock.now().Add(time.Hour)}})
		}},
		{"Fetched", 1, nil, func(ctx context.Context, s *site, n int) error {
			return s.Fetched(ctx, event(node.ReadStage, maarja), []node.Kept{{ID: prescription(n), Expires: s.clock.now().Add(time.Hour)}})
		}},
		{"Intend", 1, release, intend},
		{"Settle", 1, func(s *site, n int) { s.released(n); must(s.t, intend(s.t.Context(), s, n)) }, settle},
		{"Queue", 1, nil, queue},
		{"Progress", 1, func(s *site, n int) { must(s.t, queue(s.t.Context(), s, n)) }, func(ctx context.Context, s *site, n int) error {
			w := waiting(n, n, s.clock.now())
			w.State = node.WaitingDone
			return s.Progress(ctx, event(node.DeliveredStage, maarja), w)
		}},
		{"Due", 0, func(s *site, n int) { must(s.t, queue(s.t.Context(), s, n)) }, func(ctx context.Context, s *site, n int) error {
			_, err := s.Due(ctx, s.clock.now(), s.clock.now().Add(time.Minute), 9)
			return err
		}},
		{"Accept", 0, nil, func(ctx context.Context, s *site, n int) error {
			return s.Accept(ctx, []byte("list"), trust.State{Sequence: int64(n)})
		}},
	}
}

func TestAFaultAtAnyStatementLeavesNeitherStateNorEvent(t *testing.T) {
	for _, c := range steppedCalls() {
		for _, lasting := range []bool{false, true} {
			name := c.name + " when one statement fails"
			if lasting {
				name = c.name + " when the database fails from one statement on"
			}
			t.Run(name, func(t *testing.T) { stepFaults(t, c, lasting) })
		}
	}
}

func stepFaults(t *testing.T, c steppedCall, lasting bool) {
	s := sqliteSite(t)
	if c.ready != nil {
		c.ready(s, 1000)
	}
	counted := s.failing(0, false)
	must(t, c.call(t.Context(), s, 1000))
	statements := counted()
	if statements < 5 {
		t.Fatalf("only %d statements were seen: the stepping does not reach the writer", statements)
	}
	for n := 1; n <= statements; n++ {
		if c.ready != nil {
			c.ready(s, 1000+n)
		}
		before, events, failed := s.dump(s.tables()...), s.Stats().Events, s.Stats().Failures
		ended := s.failing(n, lasting)
		err := c.call(t.Context(), s, 1000+n)
		ended()
		wantError(t, err, node.Unavailable, "store.failed")
		if !errors.Is(err, errPlanted) {
			t.Fatalf("statement %d: %v", n, err)
		}
		if s.dump(s.tables()...) != before || s.Stats().Events != events {
			t.Fatalf("statement %d of %d failed, yet something was written", n, statements)
		}
		if s.Stats().Failures == failed {
			t.Fatalf("statement %d: the failure was not counted", n)
		}
		must(t, c.call(t.Context(), s, 1000+n))
		if got := s.Stats().Events - events; got != uint64(c.events) {
			t.Fatalf("after the fault at %d the call added %d leaves, want %d", n, got, c.events)
		}
		if s.dump(s.tables()[3:]...) == before && c.name != "Refused" {
			t.Fatalf("after the fault at %d the call changed no state", n)
		}
		must(t, s.Healthy())
	}
	s.verify()
}

func TestAFullDiskAcknowledgesNothingAndIsNoticed(t *testing.T) {
	s := sqliteSite(t)
	s.released(1)
	limit := func(pages int) {
		t.Helper()
		must(t, s.write(t.Context(), "test", func(tx *tx) error {
			_, err := tx.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		}))
	}
	limit(1)
	var acknowledged uint64
	var err error
	for n := 0; err == nil; n++ {
		if _, err = s.Queue(t.Context(), event(node.QueuedStage, maarja), waiting(n, n, s.clock.now())); err == nil {
			acknowledged++
		}
	}
	wantError(t, err, node.Unavailable, "store.full")
	if err := s.Healthy(); err != nil {
		t.Logf("while full: %v", err)
	}
	var rows uint64
	must(t, s.db.Get(&rows, "SELECT count(*) FROM waiting"))
	if rows != acknowledged {
		t.Errorf("%d rows, %d were acknowledged", rows, acknowledged)
	}
	limit(1 << 20)
	must(t, s.Healthy())
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	s.verify()
}

func TestAfterAFailedSyncNothingIsWrittenUntilARestart(t *testing.T) {
	s := sqliteSite(t)
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	s.writer.interrupt = func(statement string) error {
		if statement == "COMMIT" {
			return sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}
		}
		return nil
	}
	wantError(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)), node.Unavailable, "store.sync")
	s.writer.interrupt = nil
	wantError(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)), node.Unavailable, "store.sync")
	wantError(t, s.Healthy(), node.Unavailable, "store.sync")
	s.restart()
	must(t, s.Healthy())
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	if verdict := s.verify(); verdict.Leaves != 2 {
		t.Errorf("%d leaves, want the two that were acknowledged", verdict.Leaves)
	}
}

func TestEveryCauseHasAReasonAndNoErrorQuotesARow(t *testing.T) {
	for _, row := range []struct {
		err    error
		kind   node.Kind
		reason string
	}{
		{sqlite3.Error{Code: sqlite3.ErrFull}, node.Unavailable, "store.full"},
		{sqlite3.Error{Code: sqlite3.ErrBusy}, node.Unavailable, "store.busy"},
		{fmt.Errorf("begin: %w", sqlite3.Error{Code: sqlite3.ErrIoErr}), node.Unavailable, "store.io"},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, node.Unavailable, "store.corrupt"},
		{sqlite3.Error{Code: sqlite3.ErrCantOpen}, node.Unavailable, "store.lost"},
		{keys.ErrSealed, node.Unavailable, "store.sealed"},
		{errClock, node.Unavailable, "store.clock"},
		{context.DeadlineExceeded, node.Overdue, "store.overdue"},
		{errors.New("whatever"), node.Unavailable, "store.failed"},
		{&node.Error{Kind: node.Conflict, Reason: "trust.rollback"}, node.Conflict, "trust.rollback"},
	} {
		wantError(t, trouble("store.test", row.err), row.kind, row.reason)
	}
	if trouble("store.test", nil) != nil {
		t.Error("no cause is an error")
	}
	s := sqliteSite(t)
	s.queue(waiting(1, 1, s.clock.now()))
	twin := waiting(2, 2, s.clock.now())
	twin.Own = "own-1"
	_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), twin)
	if err == nil {
		t.Fatal("two rows under one id")
	}
	for _, plain := range []string{maarja.Value, "PLAINSEEN", "own-1", "Tamm"} {
		if strings.Contains(err.Error(), plain) {
			t.Errorf("the error quotes %q: %v", plain, err)
		}
	}
}
