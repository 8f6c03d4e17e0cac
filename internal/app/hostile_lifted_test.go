//go:build lifted

package app

import (
	"context"
	"testing"

	"sild/internal/barrier"
	"sild/internal/fhir"
	"sild/node"
)

// TestLiftedChecksLetTheirGroupThrough sends every hostile request that names its check twice to a node of its own:
// with the check on it is refused for that reason and nothing of the country's is asked; with that one check off, and
// no other, the same request reaches the register or is answered. So it is this check that stops it.
func TestLiftedChecksLetTheirGroupThrough(t *testing.T) {
	for check, group := range grouped() {
		t.Run(check, func(t *testing.T) {
			for _, h := range group {
				t.Run(h.name, func(t *testing.T) {
					barrier.Lift("")
					if got, asked := tried(t, h); got.status < 300 || len(asked) > 0 || reasonIn(t, got) != h.said() {
						t.Fatalf("with the check on: answered %d %s, asked %v", got.status, reasonIn(t, got), asked)
					}
					barrier.Lift(check)
					defer barrier.Lift("")
					if got, asked := tried(t, h); got.status >= 300 && !reaches(asked) {
						t.Errorf("something else stops it too: answered %d %s, asked %v", got.status, reasonIn(t, got), asked)
					}
				})
			}
		})
	}
}

// wider are the groups that a lifted check lets through besides its own, because what it lifts is wider than one fault:
// evidence is made up for any request whose token is not to be had, and loose reading is loose for claims too.
func wider() map[string][]string {
	return map[string][]string{"token.present": {"token.single", "token.scheme", "token.size"}, "token.malformed": {"token.claims"}}
}

// TestALiftedCheckHelpsNoOtherGroup lifts each check in turn and sends one request of every other group.
func TestALiftedCheckHelpsNoOtherGroup(t *testing.T) {
	groups := grouped()
	for lifted := range groups {
		s := newSiege(t, "EE", nil)
		s.show()
		for check, group := range groups {
			if check == lifted || contains(wider()[lifted], check) {
				continue
			}
			barrier.Lift(lifted)
			got, asked := s.try(group[0])
			barrier.Lift("")
			if got.status < 300 || reaches(asked) || reasonIn(t, got) != group[0].said() {
				t.Errorf("%s is answered %d %s when %s is lifted, asked %v", group[0].name, got.status, reasonIn(t, got), lifted, asked)
			}
		}
	}
}

// grouped are the hostile requests by the check that must stop them.
func grouped() map[string][]hostile {
	groups := map[string][]hostile{}
	for _, h := range hostiles() {
		if !h.solid {
			groups[h.check] = append(groups[h.check], h)
		}
	}
	return groups
}

// tried sends a hostile request to a fresh node and tells what was asked of the country's own services.
func tried(t *testing.T, h hostile) (answered, []string) {
	t.Helper()
	s := newSiege(t, "EE", nil)
	s.app.Answer.Journal = forgetful{s.app.Answer.Journal}
	return s.try(h)
}

func reaches(asked []string) bool {
	for _, what := range asked {
		if what != "rights" {
			return true
		}
	}
	return false
}

func reasonIn(t *testing.T, got answered) string {
	t.Helper()
	if got.status < 300 {
		return ""
	}
	said, _, err := fhir.DecodeOutcome(got.body)
	if err != nil {
		t.Fatal(err)
	}
	return said.Reason
}

// forgetful is a journal that does not remember which evidence was spent, while that check is lifted: the database
// itself has no switch for it.
type forgetful struct{ node.AnswerJournal }

// Intend begins an intent as with evidence that nobody has seen.
func (f forgetful) Intend(ctx context.Context, event node.Event, intent node.Intent) (node.Intent, error) {
	if barrier.Lifted("proof.spent") {
		intent.EvidenceID = node.NewCorrelation()
	}
	return f.AnswerJournal.Intend(ctx, event, intent)
}
