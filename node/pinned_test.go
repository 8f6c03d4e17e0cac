package node_test

import (
	"testing"

	"sild/node"
	"sild/translation"
)

// A snapshot may be activated at any moment, also while a call is answered: every verb asks once which is in force.
func TestEachVerbIsAnsweredByOneSnapshot(t *testing.T) {
	asked := map[string]int{}
	w := in(t, "EE", "FI", func(answer *node.Answer, ask *node.Ask) {
		answer.Catalogue = func() *translation.Catalogue { asked["answer"]++; return catalogue() }
		ask.Catalogue = func() *translation.Catalogue { asked["ask"]++; return catalogue() }
	})
	w.prescribe(1)
	w.summarise("main", problems())
	w.fetched(1)
	order := []node.Verb{node.FindPatientVerb, node.SummaryVerb, node.PrescriptionsVerb, node.PrescriptionVerb, node.DispenseVerb}
	worked := 0
	for _, verb := range order {
		for face, ask := range map[string]func(node.Call) (any, error){"answer": w.verbsOfA("main")[verb], "ask": w.verbsOfB()[verb]} {
			call := w.callA(verb)
			if face == "ask" {
				call = w.callB(verb)
			}
			clear(asked)
			if _, err := ask(call); err == nil {
				worked++
			}
			if asked["answer"] > 1 || asked["ask"] > 1 {
				t.Errorf("%s of %s asked which snapshot is in force: %v", verb, face, asked)
			}
			if offering := w.offering(verb); face == "answer" && verb != node.DispenseVerb {
				clear(asked)
				if _, err := ask(offering); err == nil && asked["answer"] > 1 {
					t.Errorf("an offer of %s asked %d times", verb, asked["answer"])
				}
			}
		}
	}
	if worked < 8 {
		t.Errorf("only %d of the calls were answered", worked)
	}
}
