package node_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
)

// TestNoErrorNamesThePatient draws people with rare names and numbers, breaks what can be broken on the way, and looks
// for them in every error of every verb of both faces.
func TestNoErrorNamesThePatient(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := "EE", "FI"
		if rapid.Bool().Draw(r, "from Finland") {
			a, b = b, a
		}
		w := in(t, a, b)
		w.t = t
		name := rapid.StringMatching(`[QXZ][õäöüž]{6}`).Draw(r, "name")
		number := rapid.StringMatching(`77[0-9]{9}`).Draw(r, "number")
		s := w.prescribe(number)
		w.sheet().Patient.Family = name
		w.summarise("main", problems()).Patient.Family = name
		p := &w.register.people[w.patient("main").Value][0]
		p.Family = name
		rapid.SampledFrom(breakages()).Draw(r, "breakage")(w, s, name+number)
		secrets := []string{name, number}
		ref := node.Ref{ID: rx(number)}
		_, errs := asksOfBoth(w, ref)
		for verb, err := range errs {
			if err == nil {
				continue
			}
			e := node.AsError(err)
			for _, text := range []string{err.Error(), e.Detail, e.Reason, e.Slot} {
				for _, secret := range append(secrets, w.secrets()...) {
					if strings.Contains(text, secret) {
						r.Errorf("%s: %q stands in %q", verb, secret, text)
					}
				}
			}
		}
	})
}

// asksOfBoth asks every verb of both faces and gathers what came back as an error.
func asksOfBoth(w *world, ref node.Ref) (answers int, errs map[string]error) {
	errs = map[string]error{}
	ctx := w.t.Context()
	for face, x := range map[string]node.Exchange{"answer": w.answer, "ask": w.ask} {
		call := w.callA
		if face == "ask" {
			call = w.callB
		}
		note := w.note("secret", ref.ID.Value[3:], "2")
		_, errs[face+" find"] = x.FindPatient(ctx, call(node.FindPatientVerb), node.Demographics{BirthDate: "1971-01-01"})
		_, errs[face+" summary"] = x.Summary(ctx, call(node.SummaryVerb), node.Ref{})
		_, errs[face+" list"] = x.Prescriptions(ctx, call(node.PrescriptionsVerb), node.Filter{})
		_, errs[face+" fetch"] = x.Prescription(ctx, call(node.PrescriptionVerb), ref)
		_, errs[face+" dispense"] = x.Dispense(ctx, call(node.DispenseVerb), &node.Document{Source: note})
		_, errs[face+" withdraw"] = x.Withdraw(ctx, call(node.WithdrawVerb), w.takeBack("none", "secret", ref.ID.Value[3:]))
	}
	return len(errs), errs
}

// breakages are what can go wrong on the way, each with the patient's data within reach.
func breakages() []func(w *world, s *script, secret string) {
	foreign := func(question string) func(w *world, s *script, secret string) {
		return func(w *world, _ *script, secret string) {
			w.register.trouble = when(question, fmt.Errorf("cannot serve %s", secret))
		}
	}
	list := []func(w *world, s *script, secret string){
		func(*world, *script, string) {},
		func(w *world, _ *script, _ string) {
			w.register.rights[w.patient("main").Value] = node.Entitlement{Hidden: true}
		},
		func(w *world, _ *script, _ string) {
			w.register.rights[w.patient("main").Value] = node.Entitlement{NoConsent: true}
		},
		func(w *world, _ *script, _ string) { w.sheet().Form = "" },
		func(_ *world, s *script, secret string) { s.Status = node.Status(secret) },
		func(_ *world, s *script, secret string) { s.To = secret },
		func(_ *world, s *script, secret string) { s.Left = secret },
		func(_ *world, s *script, secret string) { s.Packages = secret },
		func(_ *world, s *script, _ string) { s.Left = "1" },
		func(w *world, _ *script, _ string) {
			w.aJournal.failing = func(m string) bool { return m != "Refused" }
		},
		func(w *world, _ *script, _ string) {
			w.bJournal.failing = func(m string) bool { return m != "Refused" }
		},
		func(w *world, _ *script, secret string) {
			w.register.loses = when("dispense", fmt.Errorf("lost %s", secret))
		},
		func(w *world, _ *script, _ string) { w.line.there = false },
		foreign("rights"), foreign("find-patient"), foreign("summary"), foreign("prescriptions"), foreign("prescription"), foreign("dispense"),
	}
	for _, row := range lacks {
		list = append(list, func(_ *world, s *script, _ string) { row.takes(s.Medicine) })
	}
	return list
}
