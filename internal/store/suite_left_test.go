package store

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sild/node"
)

// part is a row that takes so much of a prescription of which so much was left when it was fetched.
func (s *site) part(n int, takes, left string) node.Waiting {
	w := waiting(n, 1, s.clock.now())
	w.Takes, w.Left, w.LeftAt = takes, left, s.clock.now()
	return w
}

func rowsTakeParts(t *testing.T, s *site) {
	fetched := s.clock.now()
	ask := func(n int, takes string) (string, string) {
		w := s.part(n, takes, "4")
		w.LeftAt = fetched
		_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), w)
		if err == nil {
			return "", ""
		}
		return node.AsError(err).Reason, node.AsError(err).Left
	}
	wants := func(n int, takes, reason, left string) {
		t.Helper()
		if r, l := ask(n, takes); r != reason || l != left {
			t.Errorf("row %d of %s: %q with %q left, want %q with %q", n, takes, r, l, reason, left)
		}
	}
	wants(1, "1/3", "", "")
	wants(2, "5/3", "", "")
	// A row of an earlier version says how many packages it took in another column, and nothing in this one.
	must(t, s.write(t.Context(), "test", func(t *tx) error {
		_, err := t.exec("UPDATE waiting SET takes = '', packages = 1 WHERE own = 'own-2'")
		return err
	}))
	wants(3, "3", "dispensation.too-much", "8/3")
	wants(4, "8/3", "", "")
	wants(5, "1/28", "dispensation.nothing-left", "0")
	back := s.part(4, "8/3", "")
	back.Verb, back.Own, back.Target = node.WithdrawVerb, "own-9", "own-4"
	s.queue(back)
	wants(6, "17/6", "dispensation.too-much", "8/3")
	wants(7, "4/3", "", "")
	if w, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-7"}); err != nil || !ok || w.Takes != "4/3" {
		t.Errorf("the row comes back with %q", w.Takes)
	}
	if got := (waitingFacts{Packages: 2}).takes() + (waitingFacts{Takes: "1/2"}).takes() + (waitingFacts{}).takes(); got != "21/2" {
		t.Errorf("what rows say of themselves: %s", got)
	}
	wants(8, "half", "store.failed", "")
}

func countersTakeParts(t *testing.T, s *site) {
	var taken atomic.Int32
	var all sync.WaitGroup
	fetched := s.clock.now()
	for i := range 16 {
		all.Go(func() {
			w := s.part(10+i, "1/3", "2")
			w.LeftAt = fetched
			switch _, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), w); {
			case err == nil:
				taken.Add(1)
			case !node.KindIs(err, node.Conflict):
				t.Errorf("row %s: %v", strconv.Itoa(i), err)
			}
		})
	}
	all.Wait()
	if taken.Load() != 6 {
		t.Errorf("%d thirds of two packages were taken", taken.Load())
	}
}

// What waits is not in what country A told, whenever it was asked; what was delivered before is, and giving that back
// is not.
func fetchForgetsNothing(t *testing.T, s *site) {
	ask := func(n int, takes string) string {
		s.clock.forward(time.Second)
		_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), s.part(n, takes, "3"))
		if err == nil {
			return ""
		}
		return node.AsError(err).Reason + " " + node.AsError(err).Left
	}
	wants := func(n int, takes, answer string) {
		t.Helper()
		if got := ask(n, takes); got != answer {
			t.Errorf("row %d of %s: %q, want %q", n, takes, got, answer)
		}
	}
	becomes := func(w node.Waiting, state node.WaitingState) {
		s.clock.forward(time.Second)
		w.State = state
		must(t, s.Progress(t.Context(), event(node.DeliveredStage, maarja), w))
	}
	first := s.queue(s.part(1, "3", "3"))
	wants(2, "3", "dispensation.nothing-left 0")
	becomes(first, node.WaitingUnclear)
	wants(3, "1", "dispensation.nothing-left 0")
	asked := s.clock.now()
	becomes(first, node.WaitingDone)
	late := s.part(4, "1", "3")
	late.LeftAt = asked
	_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), late)
	wantError(t, err, node.Conflict, "dispensation.nothing-left")
	becomes(first, node.WaitingDone) // said again, which does not move when it was delivered
	s.clock.forward(time.Second)
	back := s.part(1, "3", "")
	back.Verb, back.Own, back.Target = node.WithdrawVerb, "own-9", "own-1"
	s.queue(back)
	wants(5, "4", "dispensation.too-much 3")
	wants(6, "3", "")
	wants(7, "1", "dispensation.nothing-left 0")
}
