package node_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sild/node"
)

// verbsOfA is every verb asked of country A's face for a patient, with a message that would pass.
func (w *world) verbsOfA(patient string) map[node.Verb]func(node.Call) (any, error) {
	ctx := w.t.Context()
	return map[node.Verb]func(node.Call) (any, error){
		node.FindPatientVerb: func(c node.Call) (any, error) {
			return some(w.answer.FindPatient(ctx, c, node.Demographics{}))
		},
		node.SummaryVerb:       func(c node.Call) (any, error) { return some(w.answer.Summary(ctx, c, node.Ref{})) },
		node.PrescriptionsVerb: func(c node.Call) (any, error) { return some(w.answer.Prescriptions(ctx, c, node.Filter{})) },
		node.PrescriptionVerb: func(c node.Call) (any, error) {
			return some(w.answer.Prescription(ctx, c, node.Ref{ID: rx(1)}))
		},
		node.DispenseVerb: func(c node.Call) (any, error) { return some(w.answer.Dispense(ctx, c, w.message(1, 1, "2"))) },
		node.WithdrawVerb: func(c node.Call) (any, error) { return some(w.answer.Withdraw(ctx, c, w.takeBack("r", 1, 1))) },
	}
}

// some turns a nil pointer into nil, so that "no data" is one thing.
func some[T any](value *T, err error) (any, error) {
	if value == nil {
		return nil, err
	}
	return value, err
}

func TestACallThatNoGateMadeForThisVerbIsRefusedByEveryVerb(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.summarise("main", problems())
	byHand := func(verb node.Verb) node.Call {
		return node.Call{Verb: verb, Corridor: node.Corridor{A: "EE", B: "FI"}, Peer: "FI", Patient: w.patient("main"), Purpose: node.Treatment}
	}
	faces := map[string]map[node.Verb]func(node.Call) (any, error){"answer": w.verbsOfA("main"), "ask": w.verbsOfB()}
	for face, verbs := range faces {
		for verb, ask := range verbs {
			admitted, other := w.callA(verb), w.callA(node.FindPatientVerb)
			if verb == node.FindPatientVerb {
				other = w.callA(node.PrescriptionsVerb)
			}
			relabelled := other
			relabelled.Verb = verb
			for name, call := range map[string]node.Call{"made by hand": byHand(verb), "zero": {}, "of another verb": other,
				"relabelled": relabelled, "without its mark": admitted.Outward()} {
				if got, err := ask(call); got != nil || !node.KindIs(err, node.Unidentified) {
					t.Errorf("%s %s: a call %s was answered with %v, %v", face, verb, name, got, err)
				}
			}
		}
	}
	if len(w.register.asked) > 0 {
		t.Errorf("the register was asked %v", w.register.asked)
	}
}

func (w *world) verbsOfB() map[node.Verb]func(node.Call) (any, error) {
	ctx := w.t.Context()
	return map[node.Verb]func(node.Call) (any, error){
		node.FindPatientVerb:   func(c node.Call) (any, error) { return some(w.ask.FindPatient(ctx, c, node.Demographics{})) },
		node.SummaryVerb:       func(c node.Call) (any, error) { return some(w.ask.Summary(ctx, c, node.Ref{})) },
		node.PrescriptionsVerb: func(c node.Call) (any, error) { return some(w.ask.Prescriptions(ctx, c, node.Filter{})) },
		node.PrescriptionVerb:  func(c node.Call) (any, error) { return some(w.ask.Prescription(ctx, c, node.Ref{ID: rx(1)})) },
		node.DispenseVerb: func(c node.Call) (any, error) {
			return some(w.ask.Dispense(ctx, c, &node.Document{Source: w.note(1, 1, "2")}))
		},
		node.WithdrawVerb: func(c node.Call) (any, error) { return some(w.ask.Withdraw(ctx, c, w.takeBack("r", 1, 1))) },
	}
}

func TestAPatientIsFoundWithTheLeastThatIsNeeded(t *testing.T) {
	w := in(t, "EE", "FI")
	full := &w.register.people[w.patient("main").Value][0]
	full.Identifiers = append(full.Identifiers, node.Identifier{System: "https://example.org/passports", Value: "K0000001"})
	full.Protected = true
	p, err := w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb), node.Demographics{})
	must(t, p, err)
	if len(p.Identifiers) != 1 || !p.Has(w.patient("main")) || p.Family == "" || p.BirthDate != "1971-01-01" || p.Sex != "female" || p.Protected {
		t.Errorf("answered %+v", p)
	}
	if e := w.aJournal.last(); e.Stage != node.ReadStage || e.Patient != w.patient("main") || e.Peer != "FI" || e.Verb != node.FindPatientVerb {
		t.Errorf("event %+v", e)
	}
}

func TestUnknownAmbiguousAndRestrictedPatientsLookAlike(t *testing.T) {
	w := in(t, "EE", "FI")
	for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionVerb} {
		var alike string
		for _, name := range []string{"unknown", "twin", "hidden"} {
			before := len(w.aJournal.events)
			got, err := w.verbsOfA(name)[verb](w.callA(verb, name))
			e := node.AsError(err)
			if got != nil || e.Kind != node.NotFound {
				t.Fatalf("%s of %s: %v, %v", verb, name, got, err)
			}
			w.discreet(err)
			if looks := e.Error() + e.Detail; alike == "" {
				alike = looks
			} else if looks != alike {
				t.Errorf("%s of %s looks like %q, not %q", verb, name, looks, alike)
			}
			if n := len(w.aJournal.events) - before; n != 1 || w.aJournal.last().Stage != node.NothingStage {
				t.Errorf("%s of %s left %d events, the last %s", verb, name, n, w.aJournal.last().Stage)
			}
		}
	}
}

func TestTheLedgerOfAAloneKnowsWhyNothingWasFound(t *testing.T) {
	w := in(t, "EE", "FI")
	for name, reason := range map[string]string{"unknown": "patient.unknown", "twin": "patient.ambiguous", "hidden": "patient.restricted"} {
		w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb, name), node.Demographics{})
		if got := w.aJournal.last().Withheld; len(got) != 1 || got[0] != reason {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARestrictedPatientHasAnEmptyListing(t *testing.T) {
	for _, offer := range []bool{false, true} {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		w.sheet().Patient = w.person("hidden")
		var alike string
		for _, name := range []string{"other", "unknown", "hidden"} {
			call := w.callA(node.PrescriptionsVerb, name)
			call.Offer = offer
			l, err := w.answer.Prescriptions(t.Context(), call, node.Filter{})
			must(t, l, err)
			if len(l.Items)+len(l.Withheld) > 0 {
				t.Errorf("%s: %+v", name, l)
			}
			if looks := string(l.Out.Body()); alike == "" {
				alike = looks
			} else if looks != alike {
				t.Errorf("%s looks like %s, not %s", name, looks, alike)
			}
		}
		if w.register.count("prescriptions") != 2 {
			t.Error("the register was asked for a restricted patient")
		}
	}
}

func TestAMissingConsentHasItsOwnAnswerWhereTheCorridorRequiresOne(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1)
	for verb, ask := range w.verbsOfA("unconsented") {
		if verb == node.DispenseVerb || verb == node.WithdrawVerb {
			continue
		}
		_, err := ask(w.callA(verb, "unconsented"))
		w.wantError(err, node.Refused, "rule.fi-ee-01")
	}
	for _, q := range w.register.asked {
		if q != "rights" {
			t.Errorf("without consent the register was asked %s", q)
		}
	}
	free := in(t, "EE", "FI")
	l, err := free.answer.Prescriptions(t.Context(), free.callA(node.PrescriptionsVerb, "unconsented"), node.Filter{})
	must(t, l, err)
}

func TestARestrictionHidesAMissingConsent(t *testing.T) {
	w := in(t, "FI", "EE")
	w.register.rights[w.patient("main").Value] = node.Entitlement{Hidden: true, NoConsent: true}
	_, err := w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb), node.Demographics{BirthDate: "1971-01-01"})
	w.wantError(err, node.NotFound, "patient.none")
}

func TestWhenTheServiceOfRightsIsDownNothingIsShown(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.summarise("main", problems())
	w.register.trouble = func(q string) error {
		if q == "rights" {
			return &node.Error{Op: "rights", Kind: node.Unavailable, Reason: "rights.down", Detail: "No answer."}
		}
		return nil
	}
	for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb} {
		got, err := w.verbsOfA("main")[verb](w.callA(verb))
		w.wantError(err, node.Unavailable, "rights.down")
		if got != nil {
			t.Errorf("%s answered %v", verb, got)
		}
		w.wantRefusal(w.aJournal, "A", node.Unavailable, "rights.down")
	}
	if w.register.count("rights") != len(w.register.asked) {
		t.Errorf("the register was asked %v", w.register.asked)
	}
}

func TestTheRegistersTroubleReachesTheCallerWithoutItsWords(t *testing.T) {
	w := in(t, "EE", "FI")
	w.register.trouble = func(q string) error {
		if q == "rights" {
			return nil
		}
		return errors.New("cannot read person 47101010033 Õunapuuvõsa")
	}
	for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb} {
		_, err := w.verbsOfA("main")[verb](w.callA(verb))
		w.wantError(err, node.Internal, "internal")
	}
}

func TestTheBirthDateMustMatchWhereItIsAskedFor(t *testing.T) {
	masked := rulesOf(t, "EE-FI", "s-1,search,birth-date,given,require,The birth date is asked for.,a test,2026-01-01")
	for _, row := range []struct {
		name  string
		rules *node.Rules
		given string
		found bool
	}{
		{"not asked for and not given", shippedRules(), "", true},
		{"not asked for, given and right", shippedRules(), "1971-01-01", true},
		{"not asked for, given and wrong", shippedRules(), "1971-01-02", false},
		{"asked for and not given", masked, "", false},
		{"asked for and right", masked, "1971-01-01", true},
		{"asked for and less exact", masked, "1971", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Rules = row.rules })
			p, err := w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb), node.Demographics{BirthDate: row.given})
			if row.found {
				must(t, p, err)
				return
			}
			w.wantError(err, node.NotFound, "patient.none")
		})
	}
}

func TestGuessingPatientsIsThrottledByOrganisation(t *testing.T) {
	w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Limits = &node.Limits{Failures: 2} })
	find := func(patient, organisation string) error {
		call := w.callA(node.FindPatientVerb, patient)
		call.Person.Organisation.ID.Value = organisation
		_, err := w.answer.FindPatient(t.Context(), call, node.Demographics{})
		return err
	}
	for range 3 {
		w.wantError(find("unknown", "A-1"), node.NotFound, "patient.none")
	}
	w.wantError(find("main", "A-1"), node.Throttled, "limit.failures")
	must(t, 0, find("main", "A-2"))
	w.clock.forward(30 * time.Second)
	must(t, 0, find("main", "A-1"))
	must(t, 0, find("main", "A-1"))
}

func TestNothingFoundTakesItsLeastTime(t *testing.T) {
	const quiet = 40 * time.Millisecond
	w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Quiet = quiet })
	for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb} {
		for _, name := range []string{"unknown", "hidden"} {
			began := time.Now()
			w.verbsOfA(name)[verb](w.callA(verb, name))
			if took := time.Since(began); took < quiet {
				t.Errorf("%s of %s took %s", verb, name, took)
			}
		}
	}
}

// The register's own time is part of the least time, not added to it: else "hidden", which asks no register, is faster.
func TestTheLeastTimeCountsFromTheQuestion(t *testing.T) {
	for _, offer := range []bool{false, true} {
		w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Quiet = time.Hour })
		w.register.busy = func() { w.clock.forward(2 * time.Hour) }
		for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb} {
			soon, stop := context.WithTimeout(t.Context(), 2*time.Second)
			call := w.callA(verb, "unknown")
			call.Offer = offer
			var err error
			switch verb {
			case node.FindPatientVerb:
				_, err = w.answer.FindPatient(soon, call, node.Demographics{})
			case node.SummaryVerb:
				_, err = w.answer.Summary(soon, call, node.Ref{})
			case node.PrescriptionsVerb:
				_, err = w.answer.Prescriptions(soon, call, node.Filter{})
			default:
				_, err = w.answer.Prescription(soon, call, node.Ref{ID: rx(1)})
			}
			if node.KindIs(err, node.Overdue) {
				t.Errorf("%s (offer %v) waited again after the register had taken its time", verb, offer)
			}
			stop()
		}
	}
}

func TestWhoseDeadlinePassesInTheQuietTimeHearsThatItIsOverdue(t *testing.T) {
	w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Quiet = time.Hour })
	for _, name := range []string{"unknown", "hidden"} {
		soon, stop := context.WithTimeout(t.Context(), 5*time.Millisecond)
		_, err := w.answer.FindPatient(soon, w.callA(node.FindPatientVerb, name), node.Demographics{})
		w.wantError(err, node.Overdue, "deadline")
		l, err := w.answer.Prescriptions(soon, w.callA(node.PrescriptionsVerb, name), node.Filter{})
		if err == nil || l != nil {
			t.Errorf("a listing of %s came back with %v", name, err)
		}
		stop()
	}
}

func TestOnlyAdultsWhereTheCorridorSaysSo(t *testing.T) {
	for _, row := range []struct {
		born  string
		adult bool
	}{
		{"2008-11-22", true}, {"2008-11-23", false}, {"1971-01-01", true}, {"", false}, {"2008-11", false}, {"1908", false},
	} {
		t.Run("born "+row.born, func(t *testing.T) {
			w := in(t, "FI", "EE")
			w.prescribe(1)
			w.sheet().Patient.Born = row.born
			w.summarise("main", problems()).Patient.Born = row.born
			w.register.people[w.patient("main").Value][0].BirthDate = row.born
			for _, verb := range []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb} {
				ask := w.verbsOfA("main")[verb]
				if verb == node.FindPatientVerb {
					ask = func(c node.Call) (any, error) {
						return some(w.answer.FindPatient(t.Context(), c, node.Demographics{BirthDate: row.born}))
					}
				}
				got, err := ask(w.callA(verb))
				if row.adult {
					must(t, got, err)
					continue
				}
				w.wantError(err, node.Refused, "rule.fi-ee-02")
			}
		})
	}
	w := in(t, "FI", "EE")
	w.register.people[w.patient("main").Value][0].BirthDate = "2008-11-23"
	w.clock.forward(12*time.Hour - time.Second)
	_, err := w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb), node.Demographics{BirthDate: "2008-11-23"})
	w.wantError(err, node.Refused, "rule.fi-ee-02")
	w.clock.forward(time.Second)
	p, err := w.answer.FindPatient(t.Context(), w.callA(node.FindPatientVerb), node.Demographics{BirthDate: "2008-11-23"})
	must(t, p, err)
	estonian := in(t, "EE", "FI")
	p, err = estonian.answer.FindPatient(t.Context(), estonian.callA(node.FindPatientVerb, "child"), node.Demographics{})
	must(t, p, err)
}
