package node_test

import (
	"testing"

	"sild/node"
)

// A peer without the promise of replay may never be called twice with the same dispensation on a guess.

func TestAPeerWithoutThePromiseIsNotCalledAgainOnAGuess(t *testing.T) {
	unclear := map[string]func(verb node.Verb) error{
		"no answer": down,
		"too late": func(node.Verb) error {
			return &node.Error{Op: "line", Kind: node.Overdue, Reason: "http.timeout", Detail: "Too late."}
		},
		"a fault of its": func(node.Verb) error {
			return &node.Error{Op: "line", Kind: node.Internal, Reason: "peer.500", Detail: "A fault."}
		},
		"it cannot tell": func(node.Verb) error {
			return &node.Error{Op: "line", Kind: node.Uncertain, Reason: "peer.unclear", Detail: "Unclear."}
		},
		"a plain error":   func(node.Verb) error { return errAngry },
		"a wrong receipt": nil,
	}
	for name, before := range unclear {
		t.Run(name, func(t *testing.T) {
			w, _ := counter(t)
			w.once()
			w.line.before = before
			if before == nil {
				w.line.after = func(_ node.Verb, r *node.Receipt) (*node.Receipt, error) {
					other := *r
					other.Digest = "other"
					return &other, nil
				}
			}
			note := w.note(1, 1, "2")
			for range 2 {
				_, err := w.handOut(note)
				w.wantError(err, node.Uncertain, "dispensation.unclear")
			}
			w.line.before, w.line.after = nil, nil
			w.deliver()
			if len(w.line.sent) != 1 || w.row(0).State != node.WaitingUnclear || !containsStage(w.bJournal.stages(), node.GivenUpStage) {
				t.Errorf("sent %d times, row %s", len(w.line.sent), w.row(0).State)
			}
		})
	}
}

func TestWhatAPeerWithoutThePromiseSurelyDidNotRecordIsTriedAgain(t *testing.T) {
	for name, refusal := range map[string]*node.Error{
		"throttled":  {Op: "line", Kind: node.Throttled, Reason: "limit.peer", Detail: "Too many."},
		"untrusted":  {Op: "line", Kind: node.Untrusted, Reason: "proof.issued", Detail: "Ahead."},
		"closed now": {Op: "line", Kind: node.Refused, Reason: "corridor.known", Detail: "Closed."},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := counter(t)
			w.once()
			w.line.before = func(node.Verb) error { return refusal }
			r, err := w.handOut(w.note(1, 1, "2"))
			if must(t, r, err); r.State != node.ReceiptWaiting {
				t.Errorf("receipt %+v", r)
			}
			w.line.before = nil
			if w.deliver() != 1 || len(w.register.handed) != 1 {
				t.Errorf("row %s", w.row(0).State)
			}
		})
	}
}

func TestAPeerWithoutThePromiseThatAnswersAtOnceIsLikeAnyOther(t *testing.T) {
	w, s := counter(t)
	w.once()
	r, err := w.handOut(w.note(1, 1, "2"))
	if must(t, r, err); r.State != node.ReceiptRecorded || s.Left != "0" {
		t.Errorf("receipt %+v", r)
	}
	w, s = counter(t)
	w.once()
	s.Left = "0"
	_, err = w.handOut(w.note(1, 1, "2"))
	w.wantError(err, node.Conflict, "dispensation.nothing-left")
}

// TestACrashNeverRepeatsACallToAPeerWithoutThePromise lets every write of B fail in turn, as a crash would, and drains
// afterwards: the peer may hear of the dispensation once or not at all.
func TestACrashNeverRepeatsACallToAPeerWithoutThePromise(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for k := 1; k <= 4; k++ {
			w, _ := counter(t)
			w.once()
			if lost {
				w.line.after = func(verb node.Verb, _ *node.Receipt) (*node.Receipt, error) { return nil, down(verb) }
			}
			w.bJournal.fail(k)
			w.handOut(w.note(1, 1, "2"))
			for range 3 {
				w.deliver()
			}
			if len(w.line.sent) > 1 {
				t.Errorf("write %d failed (answer lost %v): sent %d times", k, lost, len(w.line.sent))
			}
			if len(w.bJournal.waiting) > 0 && w.row(0).State == node.WaitingNow {
				t.Errorf("write %d failed (answer lost %v): still waits after %d sends", k, lost, len(w.line.sent))
			}
		}
	}
}

func TestAnUnclearDispensationHoldsBackWhatCameAfterIt(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1)
	w.fetched(1)
	w.once()
	w.line.before = down
	w.handOut(w.note(1, 1, "1"))
	w.line.before = nil
	r, err := w.handOut(w.note(2, 1, "1"))
	if must(t, r, err); r.State != node.ReceiptWaiting {
		t.Errorf("receipt %+v", r)
	}
	w.deliver()
	if len(w.line.sent) != 1 {
		t.Error("the second went past the unclear first")
	}
}

func TestAWithdrawalThatWasOnlyThrottledIsNotUnclear(t *testing.T) {
	w, s := counter(t)
	w.once()
	r, err := w.handOut(w.note(1, 1, "2"))
	must(t, r, err)
	w.line.before = func(node.Verb) error {
		return &node.Error{Op: "line", Kind: node.Throttled, Reason: "limit.peer", Detail: "Too many."}
	}
	back, err := w.undo(w.takeBack(r.ID, 1, 1))
	if must(t, back, err); back.State != node.ReceiptWaiting {
		t.Errorf("receipt %+v", back)
	}
	w.line.before = nil
	if w.deliver() != 1 || s.Left != "2" {
		t.Errorf("row %s, left %s", w.row(1).State, s.Left)
	}
}

func TestAWithdrawalWhoseDispensationCannotBeLookedUpIsNotUnclear(t *testing.T) {
	w, s := counter(t)
	w.once()
	r, err := w.handOut(w.note(1, 1, "2"))
	must(t, r, err)
	w.line.before = func(node.Verb) error {
		return &node.Error{Op: "line", Kind: node.Throttled, Reason: "limit.peer", Detail: "Too many."}
	}
	back, err := w.undo(w.takeBack(r.ID, 1, 1))
	must(t, back, err)
	w.line.before, w.bJournal.lost = nil, true
	w.deliver()
	if w.row(1).State != node.WaitingNow {
		t.Errorf("row %s", w.row(1).State)
	}
	w.bJournal.lost = false
	if w.deliver() != 1 || s.Left != "2" {
		t.Errorf("row %s, left %s", w.row(1).State, s.Left)
	}
}
