package node_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"sild/node"
)

// act is one verb, asked in a world that is ready for it.
type act struct {
	name  string
	ready func(t *testing.T) (*world, func() (any, error))
}

func actsOfA() []act {
	reading := func(ask func(w *world) (any, error)) func(t *testing.T) (*world, func() (any, error)) {
		return func(t *testing.T) (*world, func() (any, error)) {
			w := in(t, "FI", "EE")
			w.prescribe(1)
			w.summarise("main", problems())
			return w, func() (any, error) { return ask(w) }
		}
	}
	return []act{
		{"find-patient", reading(func(w *world) (any, error) {
			return some(w.answer.FindPatient(w.t.Context(), w.callA(node.FindPatientVerb), node.Demographics{BirthDate: "1971-01-01"}))
		})},
		{"find-patient of nobody", reading(func(w *world) (any, error) {
			return some(w.answer.FindPatient(w.t.Context(), w.callA(node.FindPatientVerb, "unknown"), node.Demographics{BirthDate: "1971-01-01"}))
		})},
		{"find-patient without consent", reading(func(w *world) (any, error) {
			return some(w.answer.FindPatient(w.t.Context(), w.callA(node.FindPatientVerb, "unconsented"), node.Demographics{}))
		})},
		{"summary", reading(func(w *world) (any, error) {
			return some(w.answer.Summary(w.t.Context(), w.callA(node.SummaryVerb), node.Ref{}))
		})},
		{"summary offered", reading(func(w *world) (any, error) {
			return some(w.answer.Summary(w.t.Context(), w.offering(node.SummaryVerb), node.Ref{}))
		})},
		{"summary of nobody", reading(func(w *world) (any, error) {
			return some(w.answer.Summary(w.t.Context(), w.callA(node.SummaryVerb, "hidden"), node.Ref{}))
		})},
		{"prescriptions", reading(func(w *world) (any, error) {
			return some(w.answer.Prescriptions(w.t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{}))
		})},
		{"prescriptions offered", reading(func(w *world) (any, error) {
			return some(w.answer.Prescriptions(w.t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{}))
		})},
		{"prescriptions of nobody", reading(func(w *world) (any, error) {
			return some(w.answer.Prescriptions(w.t.Context(), w.callA(node.PrescriptionsVerb, "hidden"), node.Filter{}))
		})},
		{"prescription", reading(func(w *world) (any, error) {
			return some(w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(1)}))
		})},
		{"prescription of nobody", reading(func(w *world) (any, error) {
			return some(w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(9)}))
		})},
		{"dispense", func(t *testing.T) (*world, func() (any, error)) {
			w := in(t, "FI", "EE")
			w.prescribe(1)
			w.released(1)
			return w, func() (any, error) { return some(w.report(w.message(1, 1, "2"))) }
		}},
		{"dispense too much", func(t *testing.T) (*world, func() (any, error)) {
			w := in(t, "FI", "EE")
			w.prescribe(1)
			w.released(1)
			return w, func() (any, error) { return some(w.report(w.message(1, 1, "9"))) }
		}},
		{"withdraw", func(t *testing.T) (*world, func() (any, error)) {
			w, _, made := dispensed(t)
			return w, func() (any, error) { return some(w.retract(w.takeBack(made.ID, 1, 1))) }
		}},
	}
}

// TestNothingLeavesWhenTheJournalFails lets every write of every verb of country A fail in turn. The k-th failure must be
// answered Unavailable with nothing else, and afterwards, when the journal is well again, the verb works.
func TestNothingLeavesWhenTheJournalFails(t *testing.T) {
	for _, a := range actsOfA() {
		t.Run(a.name, func(t *testing.T) {
			w, ask := a.ready(t)
			before := w.aJournal.writes
			wanted, wantedErr := ask()
			writes := w.aJournal.writes - before
			if writes == 0 {
				t.Fatal("the verb writes nothing")
			}
			for k := 1; k <= writes; k++ {
				w, ask := a.ready(t)
				w.aJournal.fail(k)
				got, err := ask()
				if got != nil {
					t.Errorf("write %d of %d failed and %T left all the same", k, writes, got)
				}
				w.wantError(err, node.Unavailable, "journal")
				w.clock.forward(time.Minute)
				got, err = ask()
				if (got == nil) != (wanted == nil) || node.KindIs(wantedErr, node.Conflict) != node.KindIs(err, node.Conflict) {
					t.Errorf("after write %d failed the verb answers %v, %v", k, got, err)
				}
				if n := len(w.register.handed); n > 1 || a.name == "dispense" && n != 1 {
					t.Errorf("after write %d failed %d dispensations are recorded", k, n)
				}
			}
		})
	}
}

func TestAShelfThatCannotBeReadIsUnavailable(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
	handle := must(t, l, err).Items[0].Ref.Handle
	w.aJournal.blind = true
	_, err = w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{Handle: handle})
	w.wantError(err, node.Unavailable, "journal")
	f, _, made := dispensed(t)
	f.aJournal.blind = true
	_, err = f.retract(f.takeBack(made.ID, 1, 1))
	f.wantError(err, node.Unavailable, "journal")
}

// TestNothingIsShownInBWhenItsJournalFails does the same for country B. A dispensation may be under way when a later
// write fails: it is then delivered once, by whoever comes next.
func TestNothingIsShownInBWhenItsJournalFails(t *testing.T) {
	for _, verb := range node.Verbs() {
		t.Run(string(verb), func(t *testing.T) {
			ready := func() (*world, func() (any, error)) {
				w := in(t, "FI", "EE", func(_ *node.Answer, a *node.Ask) { a.Rules = rulesForB(t) })
				w.prescribe(1)
				w.summarise("main", problems())
				ask := w.verbsOfB()[verb]
				switch verb {
				case node.FindPatientVerb:
					ask = func(c node.Call) (any, error) {
						return some(w.ask.FindPatient(t.Context(), c, node.Demographics{BirthDate: "1971-01-01"}))
					}
				case node.DispenseVerb:
					w.fetched(1)
				case node.WithdrawVerb:
					w.fetched(1)
					r, err := w.handOut(w.note(1, 1, "2"))
					must(t, r, err)
					ask = func(c node.Call) (any, error) { return some(w.ask.Withdraw(t.Context(), c, w.takeBack(r.ID, 1, 1))) }
				}
				return w, func() (any, error) { return ask(w.callB(verb)) }
			}
			w, ask := ready()
			before := w.bJournal.writes
			got, err := ask()
			must(t, got, err)
			writes := w.bJournal.writes - before
			for k := 1; k <= writes; k++ {
				w, ask := ready()
				w.bJournal.fail(k)
				got, err := ask()
				if got != nil {
					t.Errorf("write %d of %d failed and %T was shown", k, writes, got)
				}
				w.wantError(err, node.Unavailable, "journal")
				w.clock.forward(time.Minute)
				w.ask.Deliver(t.Context())
				got, err = ask()
				must(t, got, err)
				if verb == node.DispenseVerb && (got.(*node.Receipt).State != node.ReceiptRecorded || len(w.register.handed) != 1) {
					t.Errorf("after write %d failed: %+v, recorded %d times", k, got, len(w.register.handed))
				}
			}
		})
	}
}

// rulesForB let a pharmacist do everything, summaries included.
func rulesForB(t testing.TB) *node.Rules {
	return rulesOf(t, "FI-EE", "p-1,dispense,partial,remainder,keep,Kept.,a test,2026-01-01",
		"p-2,withdraw,counter,any,allow,May be taken back.,a test,2026-01-01")
}

func TestEveryKindHasANameAndEveryNameAKind(t *testing.T) {
	seen := []string{}
	for _, kind := range node.Kinds() {
		back, ok := node.KindNamed(kind.String())
		if !ok || back != kind || slices.Contains(seen, kind.String()) {
			t.Errorf("%d is named %s, which is %d", kind, kind, back)
		}
		seen = append(seen, kind.String())
	}
	if kind, ok := node.KindNamed("unheard-of"); ok || kind != node.Internal {
		t.Errorf("an unknown name is %s", kind)
	}
	for _, kind := range []node.Kind{-1, node.Kind(len(seen))} {
		if kind.String() != "internal" {
			t.Errorf("kind %d is %s", int(kind), kind)
		}
	}
}

func TestAForeignErrorIsKeptForProgramsAndNotPrinted(t *testing.T) {
	cause := errors.New("person 47101010033 has no file")
	e := node.AsError(cause)
	if !errors.Is(e, cause) || e.Kind != node.Internal || e.Detail == "" {
		t.Errorf("%+v", e)
	}
	in(t, "EE", "FI").discreet(e)
	own := &node.Error{Op: "x", Kind: node.Conflict, Reason: "r", Slot: "s", Err: e}
	if node.AsError(errors.Join(own)) != own || node.KindOf(own) != node.Conflict || !node.KindIs(own, node.Conflict) || node.KindIs(nil, node.Internal) {
		t.Error("an error of ours is not found in its chain")
	}
	if got := own.Error(); got != "x: conflict (r) at s: node: internal (internal): *errors.errorString" {
		t.Errorf("prints %q", got)
	}
}
