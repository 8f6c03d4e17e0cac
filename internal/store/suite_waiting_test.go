package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/node"
)

// callMark lets a Call be compared: its mark never comes back from the store.
func callMark() cmp.Option { return cmpopts.IgnoreUnexported(node.Call{}) }

func (s *site) queue(w node.Waiting) node.Waiting {
	s.t.Helper()
	queued, err := s.Queue(s.t.Context(), event(node.QueuedStage, maarja), w)
	must(s.t, err)
	return queued
}

// due names what is to be tried now, and leases it for a minute.
func (s *site) due(most int) string {
	s.t.Helper()
	rows, err := s.Due(s.t.Context(), s.clock.now(), s.clock.now().Add(time.Minute), most)
	must(s.t, err)
	text := ""
	for _, w := range rows {
		text += w.Own + " "
	}
	return text
}

func queueIsIdempotent(t *testing.T, s *site) {
	w := waiting(1, 1, s.clock.now())
	leased := w
	leased.Leased = true
	if diff := cmp.Diff(leased, s.queue(w), callMark()); diff != "" {
		t.Error(diff)
	}
	other := waiting(1, 2, s.clock.now().Add(time.Hour))
	other.Own, other.Digest = "own-9", "another"
	if diff := cmp.Diff(w, s.queue(other), callMark()); diff != "" {
		t.Error(diff)
	}
	s.restart()
	found, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-1"})
	must(t, err)
	if diff := cmp.Diff(w, found, callMark()); !ok || diff != "" {
		t.Errorf("found %v: %s", ok, diff)
	}
	if _, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-9"}); ok || err != nil {
		t.Errorf("a row that was never queued is found (%v)", err)
	}
	back := w
	back.Verb, back.Own = node.WithdrawVerb, "own-2"
	got := s.queue(back)
	if got.Own != "own-2" {
		t.Errorf("the withdrawal was taken for the dispensation: %s", got.Own)
	}
	if got.Leased {
		t.Error("the withdrawal may overtake the dispensation that it takes back")
	}
	w.State, w.Receipt = node.WaitingDone, receipt(1)
	must(t, s.Progress(t.Context(), event(node.DeliveredStage, maarja), w))
	if found, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: w.Receipt.ID}); !ok || err != nil || found.Own != "own-1" {
		t.Errorf("not found by the receipt of country A: %v %v", ok, err)
	}
}

func dueKeepsOrder(t *testing.T, s *site) {
	start := s.clock.now()
	for i, on := range []int{1, 2, 1, 3} {
		s.queue(waiting(i+1, on, start.Add(time.Duration(i)*time.Second)))
	}
	s.clock.forward(10 * time.Second)
	if got := s.due(2); got != "own-1 own-2 " {
		t.Errorf("first: %s", got)
	}
	if got := s.due(9); got != "own-4 " {
		t.Errorf("while two are leased: %s", got)
	}
	if got := s.due(9); got != "" {
		t.Errorf("all leased: %s", got)
	}
	first := waiting(1, 1, start)
	fourth := waiting(4, 3, start)
	fourth.State, fourth.Next = node.WaitingNow, s.clock.now()
	must(t, s.Progress(t.Context(), event(node.PostponedStage, maarja), fourth))
	if got := s.due(9); got != "own-4 " {
		t.Errorf("a postponed row did not give its lease back: %s", got)
	}
	first.State, first.Tries, first.Next = node.WaitingNow, 1, s.clock.now().Add(time.Hour)
	must(t, s.Progress(t.Context(), event(node.PostponedStage, maarja), first))
	if got := s.due(9); got != "" {
		t.Errorf("the second on a prescription overtook the first: %s", got)
	}
	first.State, first.Receipt = node.WaitingDone, receipt(1)
	must(t, s.Progress(t.Context(), event(node.DeliveredStage, maarja), first))
	if got := s.due(9); got != "own-3 " {
		t.Errorf("after the first was delivered: %s", got)
	}
	s.clock.forward(2 * time.Minute)
	s.restart()
	if got := s.due(9); got != "own-2 own-3 own-4 " {
		t.Errorf("after the leases ended: %s", got)
	}
}

// Two counters of ours do not hand out the same package: what our own rows took since the fetch is gone.
func rowsTakePackages(t *testing.T, s *site) {
	fetched := s.clock.now()
	of := func(n int, takes string, verb node.Verb) node.Waiting {
		w := waiting(n, 1, s.clock.now())
		w.Verb, w.Takes, w.Left, w.LeftAt = verb, takes, "3", fetched
		return w
	}
	first := s.queue(of(1, "2", node.DispenseVerb))
	_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), of(2, "2", node.DispenseVerb))
	wantError(t, err, node.Conflict, "dispensation.too-much")
	if left := node.AsError(err).Left; left != "1" {
		t.Errorf("%q are said to be left", left)
	}
	s.queue(of(3, "1", node.DispenseVerb))
	back := of(1, "2", node.WithdrawVerb)
	back.Own, back.Target = "own-9", "own-1"
	s.queue(back)
	s.queue(of(4, "2", node.DispenseVerb))
	first.State = node.WaitingRefused
	must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), first))
	later := of(5, "3", node.DispenseVerb)
	s.clock.forward(time.Minute)
	later.LeftAt = s.clock.now()
	_, err = s.Queue(t.Context(), event(node.QueuedStage, maarja), later) // what still waits is in no fetch
	wantError(t, err, node.Conflict, "dispensation.nothing-left")
}

func unclearHoldsLane(t *testing.T, s *site) {
	first := s.queue(waiting(1, 1, s.clock.now()))
	s.queue(waiting(2, 1, s.clock.now()))
	first.State = node.WaitingUnclear
	must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), first))
	if got := s.due(9); got != "" {
		t.Errorf("due: %s", got)
	}
	first.State = node.WaitingHandOver
	must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), first))
	if got := s.due(9); got != "own-2 " {
		t.Errorf("due after a person took over: %s", got)
	}
}

func progressKeepsBytes(t *testing.T, s *site) {
	w := s.queue(waiting(1, 1, s.clock.now()))
	changed := w
	changed.Leased = false
	changed.State, changed.Tries, changed.Next, changed.Target = node.WaitingNow, 2, s.clock.now().Add(time.Minute), "r-77"
	changed.Failure = &node.Failure{Kind: node.Overdue, Reason: "peer.slow"}
	altered := changed
	altered.Body, altered.Digest, altered.Prescription = []byte("other"), "other", prescription(5)
	must(t, s.Progress(t.Context(), event(node.PostponedStage, maarja), altered))
	found, _, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-1"})
	must(t, err)
	if diff := cmp.Diff(changed, found, callMark()); diff != "" {
		t.Error(diff)
	}
	if got := s.stages(maarja); got != "queued postponed " {
		t.Errorf("events: %s", got)
	}
	wantError(t, s.Progress(t.Context(), event(node.PostponedStage, maarja), waiting(8, 8, s.clock.now())), node.NotFound, "waiting.none")
	if got := s.stages(maarja); got != "queued postponed " {
		t.Errorf("a progress of nothing left its event: %s", got)
	}
}

func settledStays(t *testing.T, s *site) {
	for i, row := range []struct {
		from, to node.WaitingState
		reason   string
	}{
		{node.WaitingDone, node.WaitingNow, "waiting.delivered"},
		{node.WaitingDone, node.WaitingHandOver, "waiting.delivered"},
		{node.WaitingDone, node.WaitingDone, ""},
		{node.WaitingHandOver, node.WaitingNow, "waiting.handed-over"},
		{node.WaitingHandOver, node.WaitingDone, ""},
		{node.WaitingRefused, node.WaitingNow, ""},
		{node.WaitingUnclear, node.WaitingNow, ""},
		{node.WaitingUnclear, node.WaitingHandOver, ""},
	} {
		w := s.queue(waiting(i+1, i+1, s.clock.now()))
		w.State = row.from
		must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), w))
		w.State = row.to
		err := s.Progress(t.Context(), event(node.PostponedStage, maarja), w)
		want := row.to
		if row.reason != "" {
			wantError(t, err, node.Conflict, row.reason)
			want = row.from
		} else if err != nil {
			t.Errorf("%s to %s: %v", row.from, row.to, err)
		}
		if found, _, _ := s.Waiting(t.Context(), node.WaitingKey{Opaque: fmt.Sprintf("own-%d", i+1)}); found.State != want {
			t.Errorf("%s to %s ended %s", row.from, row.to, found.State)
		}
	}
}

func brokenRowIsPassed(t *testing.T, s *site) {
	s.queue(waiting(1, 1, s.clock.now()))
	must(t, s.write(t.Context(), "test", func(tx *tx) error {
		_, err := tx.exec("UPDATE waiting SET body = facts")
		return err
	}))
	_, err := s.Due(t.Context(), s.clock.now(), s.clock.now(), 9)
	wantError(t, err, node.Unavailable, "store.sealed")
	s.queue(waiting(2, 2, s.clock.now()))
	if got := s.due(9); got != "own-2 " {
		t.Errorf("due: %s", got)
	}
}
