package node_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"sild/node"
)

var errDown = &node.Error{Op: "register", Kind: node.Unavailable, Reason: "register.down", Detail: "The register does not answer."}

// when fails one question with an error, or with nothing once the error is nil.
func when(question string, err error) func(string) error {
	return func(q string) error {
		if q == question {
			return err
		}
		return nil
	}
}

func TestADispensationIsRecordedOnceAndAnsweredWithASealedReceipt(t *testing.T) {
	w := in(t, "EE", "FI")
	s := w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	r, err := w.report(message)
	must(t, r, err)
	if r.State != node.ReceiptRecorded || !r.Signed || r.Replayed || r.Digest != sha(message.Source) || r.Dispensation != given(1) ||
		r.Prescription != rx(1) || r.Left != "0" || r.ID == "" || !bytes.Contains(r.Body, []byte(r.ID)) {
		t.Errorf("receipt %+v", r)
	}
	if s.Left != "0" || w.register.count("dispense") != 1 || w.register.count("recall") != 0 {
		t.Errorf("left %s, the register was asked %v", s.Left, w.register.asked)
	}
	stages := w.aJournal.stages()
	if n := len(stages); stages[n-2] != node.IntendedStage || stages[n-1] != node.RecordedStage {
		t.Errorf("stages %v", stages)
	}
	if e := w.aJournal.last(); e.Hash != sha(message.Source) || len(e.Documents) != 2 {
		t.Errorf("event %+v", e)
	}
}

func TestTheSameDispensationAgainGetsTheFirstReceipt(t *testing.T) {
	w := in(t, "EE", "FI")
	s := w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	first, err := w.report(message)
	must(t, first, err)
	w.clock.forward(60 * 24 * time.Hour)
	w.renew()
	again, err := w.report(message)
	must(t, again, err)
	if !again.Replayed || !bytes.Equal(again.Body, first.Body) || again.ID != first.ID || s.Left != "0" || len(w.register.handed) != 1 {
		t.Errorf("again %+v, first %+v", again, first)
	}
	_, err = w.report(w.message(1, 1, "1"))
	w.wantError(err, node.Conflict, "dispensation.other-content")
	if w.register.count("dispense") != 1 {
		t.Error("the register was asked again")
	}
}

func TestARefusalThatIsFinalIsGivenAgain(t *testing.T) {
	w := in(t, "EE", "FI")
	s := w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "3")
	_, err := w.report(message)
	w.wantError(err, node.Conflict, "dispensation.too-much")
	s.Packages = "9"
	_, err = w.report(message)
	w.wantError(err, node.Conflict, "dispensation.too-much")
	if node.AsError(err).Left != "2" {
		t.Errorf("left %q", node.AsError(err).Left)
	}
}

func TestWhatADispensationMustSay(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(p *paper)
		kind   node.Kind
		reason string
	}{
		{"no packages", func(p *paper) { p.Handout.Packages = "0" }, node.Invalid, "dispensation.packages"},
		{"less than none", func(p *paper) { p.Handout.Packages = "-1" }, node.Invalid, "dispensation.packages"},
		{"one and a half", func(p *paper) { p.Handout.Packages = "1.5" }, node.Invalid, "dispensation.packages"},
		{"an exponent", func(p *paper) { p.Handout.Packages = "1e0" }, node.Invalid, "dispensation.packages"},
		{"a fraction", func(p *paper) { p.Handout.Packages = "2/1" }, node.Invalid, "dispensation.packages"},
		{"a plus", func(p *paper) { p.Handout.Packages = "+1" }, node.Invalid, "dispensation.packages"},
		{"a word", func(p *paper) { p.Handout.Packages = "one" }, node.Invalid, "dispensation.packages"},
		{"nothing about packages", func(p *paper) { p.Handout.Packages = "" }, node.Invalid, "dispensation.packages"},
		{"no id", func(p *paper) { p.Handout.ID = node.Identifier{} }, node.Invalid, "dispensation.id"},
		{"no prescription", func(p *paper) { p.Handout.Script = node.Identifier{} }, node.Invalid, "dispensation.id"},
		{"recorded in a minute", func(p *paper) { p.Handout.Recorded = "2026-11-22T12:01:00Z" }, node.Invalid, "dispensation.recorded"},
		{"recorded tomorrow in another zone", func(p *paper) { p.Handout.Recorded = "2026-11-22T14:00:31+02:00" }, node.Invalid, "dispensation.recorded"},
		{"never recorded", func(p *paper) { p.Handout.Recorded = "" }, node.Invalid, "dispensation.recorded"},
		{"recorded some day", func(p *paper) { p.Handout.Recorded = "yesterday" }, node.Invalid, "dispensation.recorded"},
		{"no pharmacist", func(p *paper) { p.Handout.Pharmacist = "" }, node.Invalid, "dispensation.performer"},
		{"no pharmacy", func(p *paper) { p.Handout.Pharmacy = "" }, node.Invalid, "dispensation.performer"},
		{"a prescription instead", func(p *paper) { p.Kind = node.APrescription }, node.Invalid, "document.kind"},
		{"a withdrawal instead", func(p *paper) { p.Kind = node.AWithdrawal }, node.Invalid, "document.kind"},
		{"no dispensation in it", func(p *paper) { p.Handout = nil }, node.Invalid, "document.kind"},
		{"another patient", func(p *paper) { p.Patient.IDs[0].Value = "37605030299" }, node.Untrusted, "document.patient"},
		{"another patient inside", func(p *paper) {
			p.Handout.Patient = &person{IDs: []node.Identifier{{System: eePerson, Value: "37605030299"}}}
		}, node.Untrusted, "document.patient"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1)
			w.released(1)
			asked := len(w.register.asked)
			_, err := w.report(w.message(1, 1, "2", row.change))
			w.wantError(err, row.kind, row.reason)
			w.wantRefusal(w.aJournal, "A", row.kind, row.reason)
			if len(w.register.asked) != asked || len(w.aJournal.intents) > 0 {
				t.Errorf("the register was asked %v", w.register.asked[asked:])
			}
		})
	}
	w := in(t, "EE", "FI")
	_, err := w.report(&node.Document{Source: []byte("{")})
	w.wantError(err, node.Invalid, "paper.unreadable")
}

func TestAMessageRecordedHalfAMinuteAheadIsForgiven(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	r, err := w.report(w.message(1, 1, "2", func(p *paper) { p.Handout.Recorded = "2026-11-22T12:00:30Z" }))
	must(t, r, err)
}

func TestWhatCannotBeDispensedIsAConflictOrARefusal(t *testing.T) {
	for _, row := range []struct {
		name     string
		prepare  func(w *world, s *script)
		packages string
		change   func(p *paper)
		kind     node.Kind
		reason   string
		left     string
	}{
		{"more than is left", func(_ *world, s *script) { s.Left = "1" }, "2", nil, node.Conflict, "dispensation.too-much", "1"},
		{"nothing left", func(_ *world, s *script) { s.Left = "0" }, "1", nil, node.Conflict, "dispensation.nothing-left", "0"},
		{"completed", func(_ *world, s *script) { s.Status = node.Completed }, "1", nil, node.Conflict, "dispensation.nothing-left", "0"},
		{"cancelled", func(_ *world, s *script) { s.Status = node.Cancelled }, "1", nil, node.Conflict, "dispensation.nothing-left", "0"},
		{"unreadable left", func(_ *world, s *script) { s.Left = "some" }, "1", nil, node.Conflict, "dispensation.nothing-left", "0"},
		{"gone", func(w *world, _ *script) { w.register.scripts = nil }, "1", nil, node.NotFound, "prescription.unknown", ""},
		{"of another patient", func(w *world, _ *script) { w.sheet().Patient = w.person("other") }, "1", nil, node.NotFound, "patient.other", ""},
		{"withheld since", func(_ *world, s *script) { s.Classes = []node.Class{node.Narcotic} }, "1", nil, node.NotFound, "ee-fi-10", ""},
		{"unreadable", func(w *world, _ *script) { w.sheet().Kind = "" }, "1", nil, node.Unavailable, "register.unreadable", ""},
		{"another substance", nil, "2", func(p *paper) {
			p.Handout.Medicine.Ingredients[0].Substance.Code, p.Handout.Medicine.ATC = "C08CA01", nil
		}, node.Refused, "dispensation.substance", ""},
		{"one substance too many", nil, "2", func(p *paper) { p.Handout.Medicine = pair("FI") }, node.Refused, "dispensation.substance", ""},
		{"one substance too few", func(_ *world, s *script) { s.Medicine = pair("EE") }, "2", func(p *paper) {
			p.Handout.Medicine.Ingredients[0].Substance.Code, p.Handout.Medicine.ATC = "C08CA01", nil
		}, node.Refused, "dispensation.substance", ""},
		{"the registers own no", func(w *world, _ *script) {
			w.register.trouble = when("dispense", &node.Error{Op: "r", Kind: node.Conflict, Reason: "register.left", Detail: "No.", Left: "1"})
		}, "2", nil, node.Conflict, "register.left", "1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			s := w.prescribe(1)
			w.released(1)
			if row.prepare != nil {
				row.prepare(w, s)
			}
			change := func(p *paper) {
				if row.change != nil {
					row.change(p)
				}
			}
			_, err := w.report(w.message(1, 1, row.packages, change))
			w.wantError(err, row.kind, row.reason)
			if got := node.AsError(err).Left; got != row.left {
				t.Errorf("left %q, want %q", got, row.left)
			}
			if len(w.register.handed) > 0 {
				t.Error("it was recorded all the same")
			}
			w.wantRefusal(w.aJournal, "A", row.kind, row.reason)
		})
	}
}

func TestEveryRequiredPlaceOfADispensationIsDemanded(t *testing.T) {
	for _, row := range lacks {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		w.released(1)
		_, err := w.report(w.message(1, 1, "2", func(p *paper) { row.takes(p.Handout.Medicine) }))
		e := node.AsError(err)
		another := e.Reason == "dispensation.substance" // a substance that is missing or unknown is also another one
		if e.Kind != node.Untranslatable && !another || e.Kind == node.Untranslatable && e.Slot != row.slot {
			t.Errorf("%s: %v", row.slot, err)
		}
		if len(w.register.handed) > 0 {
			t.Errorf("%s: recorded", row.slot)
		}
	}
}

func TestAPartIsClosedKeptOrRefusedAsTheCorridorSays(t *testing.T) {
	refusing := rulesOf(t, "EE-FI", "p-1,dispense,partial,remainder,refuse,Whole only.,a test,2026-01-01")
	silent := rulesOf(t, "EE-FI", "p-1,entitle,consent,none,allow,None.,a test,2026-01-01")
	for _, row := range []struct {
		name, a, b   string
		rules        *node.Rules
		left, closed string
		reason       string
	}{
		{"closed by Estonia", "EE", "FI", shippedRules(), "0", "ee-fi-20", ""},
		{"kept by Finland", "FI", "EE", shippedRules(), "1", "", ""},
		{"refused by a rule", "EE", "FI", refusing, "", "", "rule.p-1"},
		{"refused without a rule", "EE", "FI", silent, "", "", "rule."},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, row.a, row.b, func(a *node.Answer, _ *node.Ask) { a.Rules = row.rules })
			w.prescribe(1)
			w.released(1)
			r, err := w.report(w.message(1, 1, "1"))
			if row.reason != "" {
				w.wantError(err, node.Refused, row.reason)
				if node.AsError(err).Left != "2" || len(w.register.handed) > 0 {
					t.Errorf("left %q", node.AsError(err).Left)
				}
				return
			}
			if must(t, r, err); r.Left != row.left || r.Closed != row.closed {
				t.Errorf("left %q, closed %q", r.Left, r.Closed)
			}
			whole := in(t, row.a, row.b)
			whole.prescribe(1)
			whole.released(1)
			if r, err = whole.report(whole.message(1, 1, "2")); must(t, r, err).Closed != "" {
				t.Error("the whole prescription was closed as a part")
			}
		})
	}
}

func TestTheSecondPartFindsWhatIsLeft(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1, func(s *script) { s.Packages = "3" })
	w.released(1)
	for i, want := range []string{"2", "1", "0"} {
		r, err := w.report(w.message(i, 1, "1"))
		if must(t, r, err).Left != want {
			t.Errorf("after %d: %s left", i+1, r.Left)
		}
	}
	_, err := w.report(w.message(9, 1, "1"))
	w.wantError(err, node.Conflict, "dispensation.nothing-left")
}

func TestAnotherSpellingOfTheSubstanceIsTheSameSubstance(t *testing.T) {
	for name, spelling := range map[string]*code{
		"the object identifier of ATC":     {System: "urn:oid:2.16.840.1.113883.6.73", Code: "B01AC06"},
		"another ATC code of the same one": {System: atc, Code: "N02BA01"},
	} {
		t.Run(name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1, func(s *script) {
				s.Medicine.Ingredients[0].Substance, s.Medicine.ATC = &code{System: "https://fhir.ee/CodeSystem/toimeained", Code: "9773"}, nil
			})
			w.released(1)
			message := w.message(1, 1, "2", func(p *paper) { p.Handout.Medicine.ATC = nil })
			p, err := open(message.Source)
			must(t, p, err).Handout.Medicine.Ingredients[0].Substance = spelling
			message.Source = text(p)
			r, err := w.report(message)
			must(t, r, err)
		})
	}
}

func TestASubstanceThatWasForgivenOnTheWayOutIsForgivenOnTheWayHome(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine.Ingredients[0].Substance.Code = "unheard-of" })
	w.released(1)
	r, err := w.report(w.message(1, 1, "2", func(p *paper) {
		p.Handout.Medicine.Ingredients[0].Substance = &code{System: eeSubstance, Code: "unheard-of"}
	}))
	must(t, r, err)
}

func TestASubstitutedProductNeverGetsTheNationalNumber(t *testing.T) {
	for _, row := range []struct {
		said *bool
		kept bool
	}{{nil, false}, {yes(), false}, {no(), true}} {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		w.released(1)
		r, err := w.report(w.message(1, 1, "2", func(p *paper) {
			p.Handout.Substituted, p.Handout.Medicine.Product = row.said, &code{System: "urn:oid:1.2.246.537.6.55.2004", Code: "123456"}
		}))
		must(t, r, err)
		if got := w.register.handed[0].Medication.Product != nil; got != row.kept {
			t.Errorf("substituted %v: product kept %v", row.said, got)
		}
	}
}

func TestOnlyAPrescriptionThatWasShownCanBeDispensed(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	_, err := w.report(w.message(1, 1, "2"))
	w.wantError(err, node.Refused, "dispense.unreleased")
	w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
	_, err = w.report(w.message(1, 1, "2"))
	w.wantError(err, node.Refused, "dispense.unreleased")
	l, err := w.answer.Prescriptions(t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{})
	must(t, l, err)
	r, err := w.report(w.message(1, 1, "2"))
	must(t, r, err)
}

func TestTheSameEvidenceIsSpentOnce(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	call := w.callA(node.DispenseVerb)
	r, err := w.answer.Dispense(t.Context(), call, w.message(1, 1, "2"))
	must(t, r, err)
	_, err = w.answer.Dispense(t.Context(), call, w.message(1, 1, "2"))
	w.wantError(err, node.Untrusted, "proof.spent")
	w.wantRefusal(w.aJournal, "A", node.Untrusted, "proof.spent")
}

func TestWhileOneCallRecordsTheOtherWaits(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	var during error
	w.register.busy = func() {
		w.register.busy = nil
		_, during = w.report(w.message(1, 1, "2"))
	}
	r, err := w.report(w.message(1, 1, "2"))
	must(t, r, err)
	w.wantError(during, node.Unavailable, "dispensation.busy")
	if w.register.count("dispense") != 1 {
		t.Error("both calls recorded it")
	}
}

func TestARegisterThatWasDownRecordsOnceItIsUp(t *testing.T) {
	for _, question := range []string{"prescription", "dispense"} {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		w.released(1)
		message := w.message(1, 1, "2")
		w.register.trouble = when(question, errDown)
		_, err := w.report(message)
		w.wantError(err, node.Unavailable, "register.down")
		w.register.trouble = nil
		r, err := w.report(message)
		if must(t, r, err); r.Replayed || len(w.register.handed) != 1 || w.register.count("recall") != 1 {
			t.Errorf("%s was down: %+v, asked %v", question, r, w.register.asked)
		}
	}
}

func TestAfterALostAnswerTheRegisterIsAskedBeforeItIsTold(t *testing.T) {
	w := in(t, "EE", "FI")
	s := w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	w.register.loses = when("dispense", errDown)
	_, err := w.report(message)
	w.wantError(err, node.Unavailable, "register.down")
	w.register.loses = nil
	r, err := w.report(message)
	must(t, r, err)
	if s.Left != "0" || w.register.count("dispense") != 1 || r.Left != "0" || r.Digest != sha(message.Source) {
		t.Errorf("left %s, asked %v, receipt %+v", s.Left, w.register.asked, r)
	}
	again, err := w.report(message)
	if must(t, again, err); !bytes.Equal(again.Body, r.Body) {
		t.Error("the second receipt is another")
	}
}

func TestWhereTheRegisterCannotTellNothingIsRepeated(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	w.register.loses = when("dispense", errDown)
	w.report(message)
	w.register.loses, w.register.forgetful = nil, errors.New("cannot tell about 47101010033")
	for range 3 {
		_, err := w.report(message)
		w.wantError(err, node.Unavailable, "dispensation.unclear")
	}
	if w.register.count("dispense") != 1 {
		t.Error("it was repeated on a guess")
	}
	w.register.forgetful = nil
	r, err := w.report(message)
	must(t, r, err)
}

func TestACrashBetweenRecordAndReceiptIsHealedByTheNextCall(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	w.aJournal.failing = func(method string) bool { return method == "Settle" }
	_, err := w.report(message)
	w.wantError(err, node.Unavailable, "journal")
	w.aJournal.failing = nil
	_, err = w.report(message)
	w.wantError(err, node.Unavailable, "dispensation.busy")
	w.clock.forward(31 * time.Second)
	r, err := w.report(message)
	must(t, r, err)
	if len(w.register.handed) != 1 || w.register.count("dispense") != 1 || w.register.count("recall") != 1 {
		t.Errorf("asked %v", w.register.asked)
	}
}

func TestAReceiptThatCannotBeSealedIsNotGivenAndNotLost(t *testing.T) {
	sealed := false
	w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) {
		a.Seal = func(payload []byte) (string, error) {
			if !sealed {
				return "", errors.New("token removed")
			}
			return sha(payload), nil
		}
	})
	w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	r, err := w.report(message)
	w.wantError(err, node.Unavailable, "dispensation.unclear")
	if r != nil {
		t.Error("an unsealed receipt left")
	}
	sealed = true
	r, err = w.report(message)
	if must(t, r, err); w.register.count("dispense") != 1 {
		t.Error("it was recorded twice")
	}
}
