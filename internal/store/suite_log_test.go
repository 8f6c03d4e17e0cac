package store

import (
	"bytes"
	"context"
	"testing"
	"time"

	"sild/internal/ledger"
	"sild/node"
)

// fill writes at least one row of every table that ends.
func (s *site) fill() {
	s.t.Helper()
	ctx, now := s.t.Context(), s.clock.now()
	s.released(1)
	must(s.t, s.Offered(ctx, event(node.OfferedStage, maarja), []node.Shelved{{Handle: "h", Peer: "FI", Patient: maarja,
		Encoded: node.Encoded{Parts: []node.Part{{Body: []byte("shelved for Tamm, Maarja")}}}, Expires: now.Add(time.Minute)}}))
	must(s.t, s.Fetched(ctx, event(node.ReadStage, maarja), []node.Kept{{Country: "EE", ID: prescription(1), Patient: maarja,
		Source: []byte("kept for Tamm, Maarja"), Expires: now.Add(time.Hour)}}))
	begun := s.intend(intent(1, "e-1"))
	begun.Receipt = receipt(1)
	must(s.t, s.Settle(ctx, event(node.RecordedStage, maarja), begun))
	w := s.queue(waiting(1, 1, now))
	w.State, w.Receipt = node.WaitingDone, receipt(1)
	must(s.t, s.Progress(ctx, event(node.DeliveredStage, maarja), w))
}

func (s *site) sweep() Swept {
	s.t.Helper()
	swept, err := s.Sweep(s.t.Context())
	must(s.t, err)
	return swept
}

func sweepErases(t *testing.T, s *site) {
	s.fill()
	if swept := s.sweep(); swept != (Swept{}) {
		t.Errorf("swept too early: %+v", swept)
	}
	events := s.verify().Leaves
	s.clock.forward(time.Hour)
	if swept := s.sweep(); swept != (Swept{Shelf: 1, Spent: 1, Kept: 1}) {
		t.Errorf("after an hour: %+v", swept)
	}
	s.clock.forward(7 * 24 * time.Hour)
	if swept := s.sweep(); swept != (Swept{Released: 1, Bodies: 1}) {
		t.Errorf("after a week: %+v", swept)
	}
	if w, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-1"}); err != nil || !ok || w.Body != nil || w.Receipt == nil {
		t.Errorf("a delivered row without its body must still show its receipt: %v %v %+v", ok, err, w)
	}
	if again := s.queue(waiting(1, 1, s.clock.now())); again.Digest != waiting(1, 1, s.clock.now()).Digest || again.Receipt == nil {
		t.Errorf("a replay after the body is gone: %+v", again)
	}
	s.clock.forward(threeYears)
	if swept := s.sweep(); swept != (Swept{Events: events + 1, Intents: 1, Waiting: 1}) {
		t.Errorf("after three years: %+v, want all %d events", swept, events+1)
	}
	if got := s.stages(maarja); got != "" {
		t.Errorf("erased events are still found by their patient: %s", got)
	}
	verdict := s.verify()
	if verdict.Leaves != events+1 || verdict.Erased != events+1 || verdict.Rows != 0 {
		t.Errorf("verdict %+v, want every leaf and no row", verdict)
	}
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	if verdict := s.verify(); verdict.Rows != 1 {
		t.Errorf("the log does not go on after erasing: %+v", verdict)
	}
}

func sweepGoesPageByPage(t *testing.T, s *site) {
	many := make([]node.Release, 2*sweepPage+7)
	for n := range many {
		many[n] = node.Release{Prescription: prescription(n), Expires: s.clock.now().Add(time.Duration(n%2+1) * time.Hour)}
	}
	must(t, s.Disclosed(t.Context(), event(node.ReadStage, maarja), many))
	s.clock.forward(time.Hour)
	if swept := s.sweep(); swept != (Swept{Released: int64(sweepPage + 4)}) {
		t.Errorf("after an hour: %+v", swept)
	}
	s.clock.forward(time.Hour)
	if swept := s.sweep(); swept != (Swept{Released: int64(sweepPage + 3)}) {
		t.Errorf("after two hours: %+v", swept)
	}
}

func sweepSparesWaiting(t *testing.T, s *site) {
	s.queue(waiting(1, 1, s.clock.now()))
	gone := s.queue(waiting(2, 2, s.clock.now()))
	gone.State = node.WaitingUnclear
	must(t, s.Progress(t.Context(), event(node.GivenUpStage, maarja), gone))
	s.clock.forward(threeYears)
	s.sweep()
	if w, ok, err := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-1"}); err != nil || !ok || len(w.Body) == 0 {
		t.Errorf("what waits was swept: %v %v", ok, err)
	}
	if _, ok, _ := s.Waiting(t.Context(), node.WaitingKey{Opaque: "own-2"}); ok {
		t.Error("what nobody decided for three years is still there")
	}
}

func exportWithoutRows(t *testing.T, s *site) {
	s.fill()
	_, err := s.Checkpoint(t.Context())
	must(t, err)
	view, err := OpenView(t.Context(), Config{Path: s.config.Path})
	must(t, err)
	defer view.Close()
	var export bytes.Buffer
	must(t, view.Export(t.Context(), &export, false))
	verdict, err := ledger.Verify(ledger.Export{Origin: s.signer.Name(), Keys: s.verifiers(), Lines: ledger.ReadLines(&export)})
	must(t, err)
	if !verdict.Sound() || verdict.Rows != 0 || verdict.Leaves != int64(s.Stats().Events) {
		t.Errorf("verdict %+v", verdict)
	}
	wantError(t, view.Export(t.Context(), &export, true), node.Unavailable, "store.kek")
}

func checkpointsOnlyGrow(t *testing.T, s *site) {
	for size := int64(0); size < 3; size++ {
		for range 2 {
			c, err := s.Checkpoint(t.Context())
			must(t, err)
			if c.Size != size {
				t.Fatalf("covers %d leaves, want %d", c.Size, size)
			}
		}
		s.clock.forward(time.Second)
		must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	}
	if verdict := s.verify(); verdict.Checkpoints != 4 {
		t.Errorf("%d checkpoints, want one a size", verdict.Checkpoints)
	}
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	s.clock.forward(-time.Hour)
	_, err := s.Checkpoint(t.Context())
	wantError(t, err, node.Unavailable, "store.clock")
}

func stopSigns(t *testing.T, s *site) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	s.RunCheckpoints(stopped, time.Hour)
	must(t, s.Healthy())
	if verdict := s.verify(); verdict.Signed != 1 {
		t.Errorf("%d leaves are signed, want 1", verdict.Signed)
	}
	must(t, s.Refused(t.Context(), event(node.RefusedStage, maarja)))
	s.clock.forward(-time.Hour)
	s.RunCheckpoints(stopped, time.Hour)
	wantError(t, s.Healthy(), node.Unavailable, "store.clock")
	s.clock.forward(2 * time.Hour)
	s.RunCheckpoints(stopped, time.Hour)
	must(t, s.Healthy())
}
