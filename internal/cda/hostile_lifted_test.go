//go:build lifted

package cda

import (
	"slices"
	"testing"

	"sild/internal/barrier"
)

// TestALiftedCheckLetsItsOwnDocumentsThrough reads every hostile document twice: with all checks on it is refused by
// its own, and with that one off, and no other, it is read, or stopped by the further check that its row names. So it is
// this check that stops it.
func TestALiftedCheckLetsItsOwnDocumentsThrough(t *testing.T) {
	t.Cleanup(func() { barrier.Lift("") })
	lifted := 0
	for check, group := range grouped() {
		through := false
		for _, h := range group {
			t.Run(check+"/"+h.name, func(t *testing.T) {
				barrier.Lift("")
				if refused := h.tried(t); refused == nil || refused.Reason != check {
					t.Fatalf("with the check on: %v", refused)
				}
				barrier.Lift(check)
				defer barrier.Lift("")
				switch refused := h.tried(t); {
				case h.solid != "":
					if refused == nil {
						t.Errorf("read, although %s", h.solid)
					}
				case h.then == "" && refused != nil:
					t.Errorf("something else stops it too: %v %s", refused, refused.Detail)
				case h.then != "" && (refused == nil || refused.Reason != h.then):
					t.Errorf("not stopped by %s: %v", h.then, refused)
				default:
					through = true
				}
			})
		}
		if through {
			lifted++
		}
		if !through && !slices.Contains(fixed, check) {
			t.Errorf("%s lets nothing of its own through, and nobody says why", check)
		}
		if through && slices.Contains(fixed, check) {
			t.Errorf("%s is said to be fixed and lets something through", check)
		}
	}
	if lifted < 52 {
		t.Errorf("only %d checks are known to stop what they are for", lifted)
	}
}

// fixed are the checks that cannot be lifted: without them there is no tree to read, as xmldom's package comment says.
var fixed = []string{"xml.empty", "xml.truncated", "xml.nesting"}

// TestALiftedCheckHelpsNoOtherDocument lifts each check in turn and reads one document of every other group.
func TestALiftedCheckHelpsNoOtherDocument(t *testing.T) {
	t.Cleanup(func() { barrier.Lift("") })
	groups := grouped()
	samples := map[string]hostile{}
	for check, group := range groups {
		samples[check] = group[0]
	}
	for lifted := range groups {
		barrier.Lift(lifted)
		for check, h := range samples {
			if check == lifted || slow[check] {
				continue
			}
			if refused := h.tried(t); refused == nil || refused.Reason != check {
				t.Errorf("%s is answered %v when %s is lifted", h.name, refused, lifted)
			}
		}
		barrier.Lift("")
	}
}

// slow are groups whose first document is many megabytes: each of them is read by its own test.
var slow = map[string]bool{"xml.size": true, "cda.references": true, "cda.places": true}

// grouped are the hostile documents by the check that must stop them; those that package node stops are its own matter.
func grouped() map[string][]hostile {
	groups := map[string][]hostile{}
	for _, h := range hostiles() {
		if h.slot == "" {
			groups[h.check] = append(groups[h.check], h)
		}
	}
	return groups
}
