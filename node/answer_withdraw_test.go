package node_test

import (
	"bytes"
	"testing"
	"time"

	"sild/node"
)

// dispensed is a world in which one dispensation of two packages is recorded in Finland, with its receipt.
func dispensed(t testing.TB, change ...func(*node.Answer, *node.Ask)) (*world, *script, *node.Receipt) {
	t.Helper()
	w := in(t, "FI", "EE", change...)
	s := w.prescribe(1)
	w.released(1)
	r, err := w.report(w.message(1, 1, "2"))
	return w, s, must(t, r, err)
}

// retract asks country A's face to take a dispensation back.
func (w *world) retract(withdrawal node.Withdrawal) (*node.Receipt, error) {
	return w.answer.Withdraw(w.t.Context(), w.callA(node.WithdrawVerb), withdrawal)
}

func TestADispensationIsTakenBackOnce(t *testing.T) {
	w, s, made := dispensed(t)
	withdrawal := w.takeBack(made.ID, 1, 1)
	r, err := w.retract(withdrawal)
	must(t, r, err)
	if r.State != node.ReceiptWithdrawn || r.Dispensation != given(1) || r.Prescription != rx(1) || r.Digest != sha(withdrawal.Source) ||
		r.ID == made.ID || s.Left != "2" {
		t.Errorf("receipt %+v, left %s", r, s.Left)
	}
	again, err := w.retract(withdrawal)
	if must(t, again, err); !again.Replayed || !bytes.Equal(again.Body, r.Body) || w.register.count("withdraw") != 1 {
		t.Errorf("again %+v", again)
	}
	_, err = w.retract(w.takeBack(made.ID, 1, 1, func(p *paper) { p.Handout.Pharmacy = "A-2" }))
	w.wantError(err, node.Conflict, "dispensation.other-content")
	if e := w.aJournal.events; e[len(e)-1].Verb != node.WithdrawVerb {
		t.Errorf("event %+v", e[len(e)-1])
	}
}

func TestOnlyWhatWasDispensedCanBeTakenBack(t *testing.T) {
	for _, row := range []struct {
		name   string
		of     func(w *world, made *node.Receipt) node.Withdrawal
		kind   node.Kind
		reason string
	}{
		{"an unknown receipt", func(w *world, _ *node.Receipt) node.Withdrawal { return w.takeBack("made-up", 1, 1) }, node.NotFound, "receipt.none"},
		{"no receipt", func(w *world, _ *node.Receipt) node.Withdrawal { return w.takeBack("", 1, 1) }, node.NotFound, "receipt.none"},
		{"another dispensation's receipt", func(w *world, made *node.Receipt) node.Withdrawal { return w.takeBack(made.ID, 2, 1) }, node.NotFound, "receipt.none"},
		{"another patient's message", func(w *world, made *node.Receipt) node.Withdrawal {
			return w.takeBack(made.ID, 1, 1, func(p *paper) { p.Patient = w.person("other") })
		}, node.Untrusted, "document.patient"},
		{"a dispensation as its message", func(w *world, made *node.Receipt) node.Withdrawal {
			return node.Withdrawal{Receipt: made.ID, Source: w.note(1, 1, "2")}
		}, node.Invalid, "document.kind"},
		{"no message", func(_ *world, made *node.Receipt) node.Withdrawal { return node.Withdrawal{Receipt: made.ID} }, node.Invalid, "paper.unreadable"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, s, made := dispensed(t)
			_, err := w.retract(row.of(w, made))
			w.wantError(err, row.kind, row.reason)
			w.wantRefusal(w.aJournal, "A", row.kind, row.reason)
			if s.Left != "0" || w.register.count("withdraw") > 0 {
				t.Errorf("left %s", s.Left)
			}
		})
	}
}

func TestAReceiptIsWorthNothingToAnotherPeerPatientOrVerb(t *testing.T) {
	w, s, made := dispensed(t)
	stranger := w.callA(node.WithdrawVerb)
	stranger.Peer = "LV"
	_, err := w.answer.Withdraw(t.Context(), stranger, w.takeBack(made.ID, 1, 1))
	w.wantError(err, node.NotFound, "receipt.none")
	other := w.person("other")
	_, err = w.answer.Withdraw(t.Context(), w.callA(node.WithdrawVerb, "other"), w.takeBack(made.ID, 1, 1, func(p *paper) { p.Patient = other }))
	w.wantError(err, node.NotFound, "receipt.none")
	back, err := w.retract(w.takeBack(made.ID, 1, 1))
	must(t, back, err)
	_, err = w.retract(w.takeBack(back.ID, 1, 1))
	w.wantError(err, node.NotFound, "receipt.none")
	if s.Left != "2" {
		t.Errorf("left %s", s.Left)
	}
}

func TestACorridorMayForbidTakingBackAtTheRegister(t *testing.T) {
	forbidding := rulesOf(t, "FI-EE", "p-1,withdraw,register,any,refuse,Never taken back.,a test,2026-01-01",
		"p-2,dispense,partial,remainder,keep,Kept.,a test,2026-01-01")
	w, s, made := dispensed(t, func(a *node.Answer, _ *node.Ask) { a.Rules = forbidding })
	_, err := w.retract(w.takeBack(made.ID, 1, 1))
	w.wantError(err, node.Refused, "rule.p-1")
	if s.Left != "0" {
		t.Errorf("left %s", s.Left)
	}
}

func TestAWithdrawalThatBrokeOffIsResumedByAskingTheRegister(t *testing.T) {
	for name, breaks := range map[string]func(w *world){
		"the register was down":     func(w *world) { w.register.trouble = when("withdraw", errDown) },
		"the answer was lost":       func(w *world) { w.register.loses = when("withdraw", errDown) },
		"the receipt was not saved": func(w *world) { w.aJournal.failing = func(m string) bool { return m == "Settle" } },
	} {
		t.Run(name, func(t *testing.T) {
			w, s, made := dispensed(t)
			withdrawal := w.takeBack(made.ID, 1, 1)
			breaks(w)
			if _, err := w.retract(withdrawal); !node.KindIs(err, node.Unavailable) {
				t.Errorf("broke off with %v", err)
			}
			w.register.trouble, w.register.loses, w.aJournal.failing = nil, nil, nil
			w.clock.forward(31 * time.Second)
			w.register.forgetful = errDown
			_, err := w.retract(withdrawal)
			w.wantError(err, node.Unavailable, "dispensation.unclear")
			w.register.forgetful = nil
			r, err := w.retract(withdrawal)
			if must(t, r, err); r.State != node.ReceiptWithdrawn || s.Left != "2" {
				t.Errorf("receipt %+v, left %s", r, s.Left)
			}
		})
	}
}

func TestTheRegistersRefusalToTakeBackIsFinal(t *testing.T) {
	w, _, made := dispensed(t)
	withdrawal := w.takeBack(made.ID, 1, 1)
	w.register.trouble = when("withdraw", &node.Error{Op: "r", Kind: node.Refused, Reason: "register.later", Detail: "A later one was made."})
	_, err := w.retract(withdrawal)
	w.wantError(err, node.Refused, "register.later")
	w.register.trouble = nil
	_, err = w.retract(withdrawal)
	w.wantError(err, node.Refused, "register.later")
}
