package node_test

import (
	"testing"

	"sild/node"
)

// undo lets the pharmacy in B take a dispensation back.
func (w *world) undo(withdrawal node.Withdrawal) (*node.Receipt, error) {
	return w.ask.Withdraw(w.t.Context(), w.callB(node.WithdrawVerb), withdrawal)
}

func TestAPharmacyTakesADispensationBack(t *testing.T) {
	w, s := counter(t)
	made, err := w.handOut(w.note(1, 1, "2"))
	must(t, made, err)
	own := w.row(0).Own
	withdrawal := w.takeBack(made.ID, 1, 1)
	r, err := w.undo(withdrawal)
	if must(t, r, err); r.State != node.ReceiptWithdrawn || s.Left != "2" || r.Replayed {
		t.Errorf("receipt %+v, left %s", r, s.Left)
	}
	w.bJournal.erase()
	again, err := w.undo(withdrawal)
	if must(t, again, err); !again.Replayed || again.ID != r.ID || len(w.line.sent) != 2 {
		t.Errorf("again %+v", again)
	}
	again, err = w.undo(w.takeBack(own, 1, 1))
	if must(t, again, err); again.ID != r.ID {
		t.Errorf("by our own id %+v", again)
	}
	_, err = w.undo(w.takeBack(made.ID, 1, 1, func(p *paper) { p.Handout.Packages = "2" }))
	w.wantError(err, node.Conflict, "dispensation.other-content")
}

func TestALateWithdrawalStillFindsItsDispensation(t *testing.T) {
	w, s := counter(t)
	made, err := w.handOut(w.note(1, 1, "2"))
	must(t, made, err)
	w.bJournal.erase()
	r, err := w.undo(w.takeBack(made.ID, 1, 1))
	if must(t, r, err); s.Left != "2" {
		t.Errorf("receipt %+v", r)
	}
}

func TestWhetherTheCounterMayTakeBackIsTheCorridorsRule(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.fetched(1)
	made, err := w.handOut(w.note(1, 1, "2"))
	must(t, made, err)
	_, err = w.undo(w.takeBack(made.ID, 1, 1))
	w.wantError(err, node.Refused, "rule.ee-fi-22")
	silent := rulesOf(t, "FI-EE", "p-1,dispense,partial,remainder,keep,Kept.,a test,2026-01-01")
	q, _ := counter(t, func(_ *node.Answer, a *node.Ask) { a.Rules = silent })
	_, err = q.undo(q.takeBack("any", 1, 1))
	q.wantError(err, node.Refused, "rule.")
}

func TestWhatCannotBeTakenBackAtTheCounter(t *testing.T) {
	for _, row := range []struct {
		name   string
		of     func(w *world, made *node.Receipt) node.Withdrawal
		kind   node.Kind
		reason string
	}{
		{"an unknown receipt", func(w *world, _ *node.Receipt) node.Withdrawal { return w.takeBack("made-up", 1, 1) }, node.NotFound, "receipt.none"},
		{"no receipt", func(w *world, _ *node.Receipt) node.Withdrawal { return w.takeBack("", 1, 1) }, node.NotFound, "receipt.none"},
		{"another dispensation's", func(w *world, made *node.Receipt) node.Withdrawal { return w.takeBack(made.ID, 2, 1) }, node.NotFound, "receipt.none"},
		{"another patient's message", func(w *world, made *node.Receipt) node.Withdrawal {
			return w.takeBack(made.ID, 1, 1, func(p *paper) { p.Patient = w.person("other") })
		}, node.Invalid, "document.patient"},
		{"a dispensation as its message", func(w *world, made *node.Receipt) node.Withdrawal {
			return node.Withdrawal{Receipt: made.ID, Source: w.note(1, 1, "2")}
		}, node.Invalid, "document.kind"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, s := counter(t)
			made, err := w.handOut(w.note(1, 1, "2"))
			must(t, made, err)
			_, err = w.undo(row.of(w, made))
			w.wantError(err, row.kind, row.reason)
			w.wantRefusal(w.bJournal, "B", row.kind, row.reason)
			if s.Left != "0" || len(w.bJournal.waiting) != 1 {
				t.Errorf("left %s", s.Left)
			}
		})
	}
	w, _ := counter(t)
	made, err := w.handOut(w.note(1, 1, "2"))
	must(t, made, err)
	_, err = w.ask.Withdraw(t.Context(), w.callB(node.WithdrawVerb, "other"),
		w.takeBack(made.ID, 1, 1, func(p *paper) { p.Patient = w.person("other") }))
	w.wantError(err, node.NotFound, "receipt.none")
	back, err := w.undo(w.takeBack(made.ID, 1, 1))
	must(t, back, err)
	_, err = w.undo(w.takeBack(back.ID, 1, 1))
	w.wantError(err, node.NotFound, "receipt.none")
	w.bJournal.blind = true
	_, err = w.undo(w.takeBack(made.ID, 1, 1))
	w.wantError(err, node.Unavailable, "journal")
}

func TestAWithdrawalGoesBehindADispensationThatWaits(t *testing.T) {
	w, s := counter(t)
	w.line.before = down
	waiting, err := w.handOut(w.note(1, 1, "2"))
	must(t, waiting, err)
	r, err := w.undo(w.takeBack(waiting.ID, 1, 1))
	if must(t, r, err); r.State != node.ReceiptWaiting || len(w.line.sent) != 1 {
		t.Errorf("receipt %+v, sent %v", r, w.line.sent)
	}
	w.line.before = nil
	if w.deliver() != 2 || s.Left != "2" || w.row(1).State != node.WaitingDone || w.row(1).Receipt.State != node.ReceiptWithdrawn {
		t.Errorf("left %s, rows %s and %s", s.Left, w.row(0).State, w.row(1).State)
	}
}

func TestAWithdrawalOfWhatWasRefusedForGoodDoesNotWaitForEver(t *testing.T) {
	w, s := counter(t)
	w.line.before = down
	waiting, err := w.handOut(w.note(1, 1, "2"))
	must(t, waiting, err)
	withdrawal := w.takeBack(waiting.ID, 1, 1)
	r, err := w.undo(withdrawal)
	must(t, r, err)
	w.line.before = nil
	s.Left = "0"
	w.deliver()
	if w.row(0).State != node.WaitingRefused || w.row(1).State != node.WaitingRefused {
		t.Errorf("rows %s and %s", w.row(0).State, w.row(1).State)
	}
	_, err = w.undo(withdrawal)
	w.wantError(err, node.NotFound, "receipt.none")
	_, err = w.undo(w.takeBack(w.row(0).Own, 1, 1, func(p *paper) { p.Handout.Packages = "2" }))
	w.wantError(err, node.NotFound, "receipt.none")
}
