package node_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/trust"
)

// counter is a pharmacy in Estonia that has fetched a Finnish prescription of two packages.
func counter(t testing.TB, change ...func(*node.Answer, *node.Ask)) (*world, *script) {
	t.Helper()
	w := in(t, "FI", "EE", change...)
	s := w.prescribe(1)
	w.fetched(1)
	return w, s
}

// once takes the promise of replay out of the trust list.
func (w *world) once() {
	w.relist(func(p *trust.Participant) { p.Promises.ReplaySafe = false })
}

// deliver drains what waits, after the time in which it could be tried.
func (w *world) deliver() int {
	w.t.Helper()
	w.clock.forward(10 * time.Minute)
	n, err := w.ask.Deliver(w.t.Context())
	return must(w.t, n, err)
}

func (w *world) row(n int) node.Waiting { return w.bJournal.waiting[n].Waiting }

func TestADispensationIsDurableBeforeItIsSent(t *testing.T) {
	w, _ := counter(t)
	var stage node.Stage
	var row node.Waiting
	w.line.before = func(node.Verb) error {
		stage, row = w.bJournal.last().Stage, w.row(0)
		return nil
	}
	note := w.note(1, 1, "2")
	r, err := w.handOut(note)
	must(t, r, err)
	if stage != node.QueuedStage || row.Digest != sha(note) || row.Patient != w.patient("main") || row.Since != noon {
		t.Errorf("when it was sent the journal held %s and %+v", stage, row)
	}
	if r.State != node.ReceiptRecorded || r.Replayed || !r.Signed || r.Digest != sha(row.Body) || r.Left != "0" {
		t.Errorf("receipt %+v", r)
	}
	done := w.row(0)
	if done.State != node.WaitingDone || done.Tries != 1 || done.Receipt.ID != r.ID {
		t.Errorf("row %+v", done)
	}
	if e := w.bJournal.last(); e.Stage != node.DeliveredStage || e.Hash != sha(row.Body) || e.Face != "B" || e.Peer != "FI" {
		t.Errorf("event %+v", e)
	}
}

func TestWhatADispensationIsHeldAgainstAtTheCounter(t *testing.T) {
	forbidden := func(s *script) { s.Substitute = no() }
	for _, row := range []struct {
		name     string
		prepare  func(s *script)
		packages string
		change   func(p *paper)
		kind     node.Kind
		reason   string
	}{
		{"more than is left", func(s *script) { s.Left = "1" }, "2", nil, node.Conflict, "dispensation.too-much"},
		{"a substituted product where that is forbidden", forbidden, "2", func(p *paper) { p.Handout.Substituted = yes() }, node.Refused, "dispensation.substitution"},
		{"another substance", nil, "2", func(p *paper) {
			p.Handout.Medicine.Ingredients[0].Substance.Code, p.Handout.Medicine.ATC = "90022", nil
		}, node.Refused, "dispensation.substance"},
		{"a form that cannot be translated", nil, "2", func(p *paper) { p.Handout.Medicine.Form.Code = "10000" }, node.Untranslatable, "slot.refused"},
		{"no strength", nil, "2", func(p *paper) { p.Handout.Medicine.Ingredients[0].Amount = nil }, node.Untranslatable, "slot.missing"},
		{"a prescription that was not fetched", nil, "2", func(p *paper) { p.Handout.Script = rx(2) }, node.NotFound, "prescription.unfetched"},
		{"another patient", nil, "2", func(p *paper) { p.Patient.IDs[0].Value = "37605030299" }, node.Invalid, "document.patient"},
		{"one and a half", nil, "1.5", nil, node.Invalid, "dispensation.packages"},
		{"tomorrow", nil, "2", func(p *paper) { p.Handout.Recorded = "2026-11-23T12:00:00Z" }, node.Invalid, "dispensation.recorded"},
		{"a withdrawal instead", nil, "2", func(p *paper) { p.Kind = node.AWithdrawal }, node.Invalid, "document.kind"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "FI", "EE")
			s := w.prescribe(1)
			if row.prepare != nil {
				row.prepare(s)
			}
			w.fetched(1)
			change := func(p *paper) {
				if row.change != nil {
					row.change(p)
				}
			}
			_, err := w.handOut(w.note(1, 1, row.packages, change))
			w.wantError(err, row.kind, row.reason)
			w.wantRefusal(w.bJournal, "B", row.kind, row.reason)
			if len(w.bJournal.waiting)+len(w.line.sent) > 0 {
				t.Error("it was queued all the same")
			}
		})
	}
	w, _ := counter(t)
	_, err := w.ask.Dispense(t.Context(), w.callB(node.DispenseVerb), &node.Document{Source: []byte("<xml/>")})
	w.wantError(err, node.Invalid, "paper.unreadable")
	w.bJournal.blind = true
	_, err = w.handOut(w.note(1, 1, "2"))
	w.wantError(err, node.Unavailable, "journal")
	w.bJournal.blind = false
	w.clock.forward(9 * time.Hour)
	_, err = w.handOut(w.note(1, 1, "2"))
	w.wantError(err, node.NotFound, "prescription.unfetched")
}

func TestSubstitutionThatIsAllowedOrNotMadePasses(t *testing.T) {
	for _, row := range []struct{ allowed, made *bool }{{no(), no()}, {yes(), yes()}, {nil, yes()}, {nil, nil}} {
		w := in(t, "FI", "EE")
		w.prescribe(1, func(s *script) { s.Substitute = row.allowed })
		w.fetched(1)
		r, err := w.handOut(w.note(1, 1, "2", func(p *paper) { p.Handout.Substituted = row.made }))
		must(t, r, err)
	}
}

func TestAPartIsRefusedAtTheCounterWhereTheCorridorSaysSo(t *testing.T) {
	refusing := rulesOf(t, "FI-EE", "p-1,dispense,partial,remainder,refuse,Whole only.,a test,2026-01-01")
	w, _ := counter(t, func(_ *node.Answer, a *node.Ask) { a.Rules = refusing })
	_, err := w.handOut(w.note(1, 1, "1"))
	w.wantError(err, node.Refused, "rule.p-1")
	r, err := w.handOut(w.note(1, 1, "2"))
	must(t, r, err)
	estonian := in(t, "EE", "FI")
	estonian.prescribe(1)
	estonian.fetched(1)
	r, err = estonian.handOut(estonian.note(1, 1, "1"))
	if must(t, r, err); r.Closed == "" || r.Left != "0" {
		t.Errorf("receipt %+v", r)
	}
}

func TestTheSameDispensationAtTheCounterGetsTheFirstReceipt(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1, func(s *script) { s.Packages = "3" })
	w.fetched(1)
	note := w.note(1, 1, "2")
	first, err := w.handOut(note)
	must(t, first, err)
	same := func(name string) {
		t.Helper()
		again, err := w.handOut(note)
		if must(t, again, err); !again.Replayed || again.ID != first.ID || !bytes.Equal(again.Body, first.Body) || len(w.line.sent) != 1 {
			t.Errorf("%s: %+v, sent %d times", name, again, len(w.line.sent))
		}
	}
	same("at once")
	w.fetched(1)
	same("after the prescription was fetched again with one left")
	w.clock.forward(9 * time.Hour)
	same("after the kept prescription expired")
	w.clock.forward(60 * 24 * time.Hour)
	w.renew()
	w.bJournal.erase()
	same("after the body was erased")
	_, err = w.handOut(w.note(1, 1, "1"))
	w.wantError(err, node.Conflict, "dispensation.other-content")
	w.wantRefusal(w.bJournal, "B", node.Conflict, "dispensation.other-content")
	other := func(p *paper) { p.Patient = w.person("other") }
	_, err = w.ask.Dispense(t.Context(), w.callB(node.DispenseVerb, "other"), &node.Document{Source: w.note(1, 1, "2", other)})
	w.wantError(err, node.Conflict, "dispensation.other-content")
}

func TestADispensationWaitsWhileThePeerIsDown(t *testing.T) {
	w, s := counter(t)
	w.line.before = down
	note := w.note(1, 1, "2")
	r, err := w.handOut(note)
	must(t, r, err)
	if r.State != node.ReceiptWaiting || r.ID != w.row(0).Own || r.Signed || len(r.Body) == 0 || r.Replayed || !r.At.Equal(noon) {
		t.Errorf("receipt %+v", r)
	}
	again, err := w.handOut(note)
	if must(t, again, err); again.State != node.ReceiptWaiting || !again.Replayed || again.ID != r.ID {
		t.Errorf("again %+v", again)
	}
	if e := w.bJournal.stages(); !containsStage(e, node.PostponedStage) {
		t.Errorf("stages %v", e)
	}
	body := w.row(0).Body
	for i := range 3 {
		if w.deliver() != 0 {
			t.Error("arrived at a peer that is down")
		}
		if got := w.row(0); got.Tries != i+2 || !bytes.Equal(got.Body, body) {
			t.Errorf("row %+v", got)
		}
	}
	w.line.before = nil
	if w.deliver() != 1 || s.Left != "0" || w.row(0).State != node.WaitingDone {
		t.Errorf("left %s, row %s", s.Left, w.row(0).State)
	}
	if w.deliver() != 0 || len(w.register.handed) != 1 {
		t.Error("it was delivered twice")
	}
	done, err := w.handOut(note)
	if must(t, done, err); done.State != node.ReceiptRecorded || !done.Replayed {
		t.Errorf("the pharmacy hears %+v", done)
	}
	for _, sent := range w.line.sent {
		if sent != w.line.sent[0] {
			t.Error("it was sent with other bytes")
		}
	}
}

func containsStage(list []node.Stage, stage node.Stage) bool {
	for _, s := range list {
		if s == stage {
			return true
		}
	}
	return false
}

func TestTriesComeAtGrowingIntervals(t *testing.T) {
	for tries, want := range map[int]time.Duration{0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second,
		9: 512 * time.Second, 10: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := node.Backoff(tries); got != want {
			t.Errorf("after %d tries %s", tries, got)
		}
	}
	w, _ := counter(t)
	w.line.before = down
	w.handOut(w.note(1, 1, "2"))
	for _, step := range []struct {
		forward time.Duration
		sent    int
	}{{time.Second, 1}, {time.Second, 2}, {3 * time.Second, 2}, {time.Second, 3}, {7 * time.Second, 3}, {time.Second, 4}} {
		w.clock.forward(step.forward)
		w.ask.Deliver(t.Context())
		if len(w.line.sent) != step.sent {
			t.Errorf("%s later it was sent %d times, want %d", step.forward, len(w.line.sent), step.sent)
		}
	}
}

func TestTheOrderOfAPrescriptionIsKept(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1, func(s *script) { s.Packages = "3" })
	w.prescribe(2)
	w.fetched(1)
	w.fetched(2)
	w.line.before = down
	for i := range 3 {
		r, err := w.handOut(w.note(i, 1, "1"))
		must(t, r, err)
	}
	if len(w.line.sent) != 1 {
		t.Errorf("%d were tried although the first waits", len(w.line.sent))
	}
	w.line.before = nil
	r, err := w.handOut(w.note(9, 2, "2"))
	if must(t, r, err).State != node.ReceiptRecorded {
		t.Error("another prescription waits behind it")
	}
	r, err = w.handOut(w.note(3, 1, "1"))
	if must(t, r, err); r.State != node.ReceiptWaiting {
		t.Error("the last went before the first")
	}
	w.clock.forward(10 * time.Minute)
	if n, err := w.ask.Deliver(t.Context()); n != 3 || err != nil {
		t.Errorf("%d arrived, %v", n, err)
	}
	var order []string
	for _, d := range w.register.handed {
		order = append(order, d.ID.Value)
	}
	if strings.Join(order, " ") != "D-9 D-0 D-1 D-2" {
		t.Errorf("recorded in the order %v", order)
	}
	if last := w.row(4); last.State != node.WaitingRefused || last.Failure.Kind != node.Conflict || last.Failure.Left != "0" {
		t.Errorf("the fourth package of three is %+v", last)
	}
}

func TestADispensationThatIsRefusedForGoodIsTold(t *testing.T) {
	w, s := counter(t)
	s.Left = "0"
	note := w.note(1, 1, "2")
	for range 2 {
		_, err := w.handOut(note)
		w.wantError(err, node.Conflict, "dispensation.nothing-left")
		if node.AsError(err).Left != "0" {
			t.Errorf("left %q", node.AsError(err).Left)
		}
	}
	if w.row(0).State != node.WaitingRefused || len(w.line.sent) != 1 || w.deliver() != 0 || len(w.line.sent) != 1 {
		t.Errorf("row %s, sent %d times", w.row(0).State, len(w.line.sent))
	}
	if !containsStage(w.bJournal.stages(), node.GivenUpStage) {
		t.Error("the operator is not told")
	}
}

func TestWhatTheEntranceRefusedIsTriedAgain(t *testing.T) {
	for name, refuse := range map[string]func(w *world) (undo func()){
		"the clock of the other node": func(w *world) func() {
			w.gateA.Now = func() time.Time { return w.clock.now().Add(time.Hour) }
			return func() { w.gateA.Now = w.clock.now }
		},
		"its corridor is closed": func(w *world) func() {
			w.gateA.Country = "SE"
			return func() { w.gateA.Country = "FI" }
		},
		"its list does not know us yet": func(w *world) func() {
			w.gateA.List = func() *trust.List { return nil }
			return func() { w.gateA.List = w.trusted }
		},
		"its journal is full": func(w *world) func() {
			w.aJournal.failing = func(string) bool { return true }
			return func() { w.aJournal.failing = nil }
		},
		"it is flooded": func(w *world) func() {
			w.line.before = func(node.Verb) error {
				return &node.Error{Op: "line", Kind: node.Throttled, Reason: "limit.peer", Detail: "Too many."}
			}
			return func() { w.line.before = nil }
		},
		"a proxy refuses": func(w *world) func() {
			w.line.before = func(node.Verb) error {
				return &node.Error{Op: "line", Kind: node.Refused, Reason: "http.403", Detail: "No."}
			}
			return func() { w.line.before = nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := counter(t)
			undo := refuse(w)
			r, err := w.handOut(w.note(1, 1, "2"))
			if must(t, r, err); r.State != node.ReceiptWaiting {
				t.Errorf("receipt %+v", r)
			}
			undo()
			if w.deliver() != 1 || len(w.register.handed) != 1 {
				t.Error("it was not tried again")
			}
		})
	}
}

func TestAReceiptAboutSomethingElseIsNeverAccepted(t *testing.T) {
	for name, forge := range map[string]func(r *node.Receipt){
		"another content":      func(r *node.Receipt) { r.Digest = sha([]byte("other")) },
		"another dispensation": func(r *node.Receipt) { r.Dispensation = given(7) },
		"the pharmacy's bytes": func(r *node.Receipt) { r.Digest = "" },
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := counter(t)
			w.line.after = func(_ node.Verb, r *node.Receipt) (*node.Receipt, error) {
				forged := *r
				forge(&forged)
				return &forged, nil
			}
			r, err := w.handOut(w.note(1, 1, "2"))
			if must(t, r, err); r.State != node.ReceiptWaiting {
				t.Errorf("receipt %+v", r)
			}
			w.line.after = nil
			if w.deliver() != 1 || len(w.register.handed) != 1 {
				t.Error("the right receipt was not fetched afterwards")
			}
		})
	}
}

func TestALostAnswerOfAPeerThatPromisesReplayIsFetchedByReplay(t *testing.T) {
	w, s := counter(t)
	w.line.after = func(verb node.Verb, _ *node.Receipt) (*node.Receipt, error) { return nil, down(verb) }
	r, err := w.handOut(w.note(1, 1, "2"))
	if must(t, r, err); r.State != node.ReceiptWaiting || s.Left != "0" {
		t.Errorf("receipt %+v, left %s", r, s.Left)
	}
	w.line.after = nil
	if w.deliver() != 1 || len(w.register.handed) != 1 || len(w.line.sent) != 2 || w.line.sent[0] != w.line.sent[1] {
		t.Errorf("sent %v", w.line.sent)
	}
}

func TestDeliverStopsWithTheNode(t *testing.T) {
	w := in(t, "FI", "EE")
	for i := range 3 {
		w.prescribe(i)
		w.fetched(i)
		w.line.before = down
		w.handOut(w.note(i, i, "2"))
	}
	w.clock.forward(time.Minute)
	ctx, stop := context.WithCancel(t.Context())
	w.line.before = func(node.Verb) error { stop(); return nil }
	n, err := w.ask.Deliver(ctx)
	if n != 1 || len(w.line.sent) != 4 {
		t.Errorf("%d arrived after the node was told to stop, %v", n, err)
	}
	w.line.before = nil
	w.deliver()
	if len(w.register.handed) != 3 {
		t.Errorf("%d recorded", len(w.register.handed))
	}
}

func TestTwoReplicasNeverSendTheSameRow(t *testing.T) {
	w := in(t, "FI", "EE")
	for i := range 4 {
		w.prescribe(i)
		w.fetched(i)
		w.line.before = down
		w.handOut(w.note(i, i, "2"))
	}
	w.clock.forward(time.Minute)
	w.line.sent = nil
	// The peer is slow: while the first row is under way the leases of the batch end, and another replica drains too.
	slow := false
	w.line.before = func(node.Verb) error {
		if !slow {
			slow = true
			w.clock.forward(29 * time.Second)
			w.ask.Deliver(t.Context())
			w.clock.forward(2 * time.Second)
			w.ask.Deliver(t.Context())
		}
		return nil
	}
	w.ask.Deliver(t.Context())
	w.deliver()
	seen := map[string]int{}
	for _, sent := range w.line.sent {
		seen[sent]++
	}
	for sent, n := range seen {
		if n > 1 && sent != w.line.sent[0] { // the first itself was overtaken, its own lease ended
			t.Errorf("%s was sent %d times", sent[:20], n)
		}
	}
	if len(w.register.handed) != 4 {
		t.Errorf("%d recorded", len(w.register.handed))
	}
}

func TestAPeerThatLostOurTrustGetsNothingUntilItHasItBack(t *testing.T) {
	w, _ := counter(t)
	w.line.before = down
	w.handOut(w.note(1, 1, "2"))
	w.line.before = nil
	w.relist(func(p *trust.Participant) { p.Status = trust.StatusSuspended })
	sent := len(w.line.sent)
	if w.deliver() != 0 || len(w.line.sent) != sent || w.row(0).State != node.WaitingNow {
		t.Errorf("a suspended peer was sent %v", w.line.sent[sent:])
	}
	if e := w.bJournal.last(); e.Stage != node.PostponedStage || e.Reason != "trust.decision" {
		t.Errorf("event %+v", e)
	}
	w.relist(func(p *trust.Participant) { p.Status = trust.StatusGranted })
	if w.deliver() != 1 {
		t.Error("it was not delivered afterwards")
	}
}

func TestACountryWithoutAConnectionKeepsWaiting(t *testing.T) {
	for _, promise := range []bool{true, false} {
		w, _ := counter(t)
		if !promise {
			w.once()
		}
		w.bJournal.failing = func(method string) bool { return method == "Progress" }
		w.line.before = down
		w.handOut(w.note(1, 1, "2")) // queued, and what came of the first try is not known any more
		w.bJournal.failing, w.line.before, w.line.there = nil, nil, false
		w.deliver()
		if w.row(0).State != node.WaitingNow || w.bJournal.last().Reason != "peer.none" || w.bJournal.last().Stage != node.PostponedStage {
			t.Errorf("row %s, %+v", w.row(0).State, w.bJournal.last())
		}
		w.line.there = true
		w.deliver()
		if w.row(0).State != node.WaitingDone || len(w.register.handed) != 1 {
			t.Errorf("row %s", w.row(0).State)
		}
	}
}
