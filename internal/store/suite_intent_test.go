package store

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sild/internal/ledger"
	"sild/node"
)

// intend begins an intent that must not be refused.
func (s *site) intend(i node.Intent) node.Intent {
	s.t.Helper()
	found, err := s.Intend(s.t.Context(), event(node.IntendedStage, maarja), i)
	must(s.t, err)
	return found
}

func wantState(t testing.TB, got node.Intent, state node.IntentState, resumed bool) {
	t.Helper()
	if got.State != state || got.Resumed != resumed {
		t.Fatalf("state %s, resumed %v, want %s, %v", got.State, got.Resumed, state, resumed)
	}
}

func evidenceIsSpentOnce(t *testing.T, s *site) {
	s.released(1)
	unreleased := intent(2, "e-1")
	_, err := s.Intend(t.Context(), event(node.IntendedStage, maarja), unreleased)
	wantError(t, err, node.Refused, "dispense.unreleased")
	wantState(t, s.intend(intent(1, "e-1")), node.IntentNew, false)
	s.restart()
	_, err = s.Intend(t.Context(), event(node.IntendedStage, maarja), intent(1, "e-1"))
	wantError(t, err, node.Untrusted, "proof.spent")
	_, err = s.Intend(t.Context(), event(node.IntendedStage, maarja), intent(1, ""))
	wantError(t, err, node.Untrusted, "proof.id")
	other := intent(1, "e-1")
	other.Peer, other.Verb = "LV", node.WithdrawVerb
	wantState(t, s.intend(other), node.IntentNew, false)
	if got := s.stages(maarja); got != "read intended intended " {
		t.Errorf("events: %s", got)
	}
}

func releaseIsAsked(t *testing.T, s *site) {
	s.released(1)
	other := intent(1, "e-1")
	other.Peer = "LV"
	_, err := s.Intend(t.Context(), event(node.IntendedStage, maarja), other)
	wantError(t, err, node.Refused, "dispense.unreleased")
	s.clock.forward(24 * time.Hour)
	_, err = s.Intend(t.Context(), event(node.IntendedStage, maarja), intent(1, "e-2"))
	wantError(t, err, node.Refused, "dispense.unreleased")
	s.released(1)
	wantState(t, s.intend(intent(1, "e-3")), node.IntentNew, false)
	s.clock.forward(48 * time.Hour)
	wantState(t, s.intend(intent(1, "e-4")), node.IntentNew, true)
}

func intentTellsTerminology(t *testing.T, s *site) {
	shown := func(release string, hours time.Duration) {
		must(t, s.Disclosed(t.Context(), event(node.ReadStage, maarja), []node.Release{
			{Prescription: prescription(1), Terminology: release, Expires: s.clock.now().Add(hours * time.Hour)}}))
	}
	shown("aa11", 48)
	shown("aa11", 2)
	shown("bb22", 1) // shown again for a shorter time, by a newer snapshot
	s.restart()
	s.clock.forward(24 * time.Hour)
	begun := s.intend(intent(1, "e-1"))
	wantState(t, begun, node.IntentNew, false)
	s.clock.forward(time.Hour)
	resumed := s.intend(intent(1, "e-2"))
	wantState(t, resumed, node.IntentNew, true)
	if want := []string{"bb22", "aa11"}; !slices.Equal(begun.Terminology, want) || !slices.Equal(resumed.Terminology, want) {
		t.Errorf("the snapshot is %q, resumed %q", begun.Terminology, resumed.Terminology)
	}
}

func activationIsLogged(t *testing.T, s *site) {
	activated := event(node.ActivatedStage, node.Identifier{})
	activated.Release = "aa11"
	must(t, s.Activated(t.Context(), activated))
	s.restart()
	var export bytes.Buffer
	must(t, s.Export(t.Context(), &export, true))
	rows := 0
	for line, err := range ledger.ReadLines(&export) {
		must(t, err)
		if line.Opening != nil && bytes.Contains(line.Opening.Row, []byte(`"stage":"activated"`)) && bytes.Contains(line.Opening.Row, []byte("aa11")) {
			rows++
		}
	}
	if rows != 1 {
		t.Errorf("%d events say it", rows)
	}
}

func replayGetsReceipt(t *testing.T, s *site) {
	s.released(1)
	begun := s.intend(intent(1, "e-1"))
	begun.State, begun.Receipt = node.IntentRecorded, receipt(1)
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), begun))
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), begun))
	s.restart()
	again := s.intend(intent(1, "e-2"))
	wantState(t, again, node.IntentRecorded, false)
	if diff := cmp.Diff(receipt(1), again.Receipt); diff != "" {
		t.Error(diff)
	}
	found, ok, err := s.Receipt(t.Context(), "FI", "r-1")
	must(t, err)
	if diff := cmp.Diff(again, found); !ok || diff != "" {
		t.Errorf("by receipt %v: %s", ok, diff)
	}
	for _, other := range [][2]string{{"LV", "r-1"}, {"FI", "r-2"}} {
		if _, ok, err := s.Receipt(t.Context(), other[0], other[1]); ok || err != nil {
			t.Errorf("%v finds the receipt (%v)", other, err)
		}
	}
	if got := s.stages(maarja); got != "read intended recorded recorded intended " {
		t.Errorf("events: %s", got)
	}
	s.verify()
}

func conflictStaysUnchanged(t *testing.T, s *site) {
	s.released(1)
	first := s.intend(intent(1, "e-1"))
	other := intent(1, "e-2")
	other.Digest, other.Prescription = "another", prescription(9)
	found := s.intend(other)
	wantState(t, found, node.IntentBusy, false)
	if found.Digest != first.Digest || found.Prescription != prescription(1) {
		t.Errorf("returned %+v, want the first content", found)
	}
	s.clock.forward(time.Minute)
	other.EvidenceID = "e-3"
	if found = s.intend(other); found.State != node.IntentBusy || found.Resumed || found.Digest != first.Digest {
		t.Errorf("another content took over: %+v", found)
	}
	first.Receipt = receipt(1)
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), first))
	other.EvidenceID = "e-4"
	if found = s.intend(other); found.State != node.IntentRecorded || found.Digest != first.Digest {
		t.Errorf("after the end: %+v", found)
	}
}

func leaseIsTakenOver(t *testing.T, s *site) {
	s.released(1)
	wantState(t, s.intend(intent(1, "e-1")), node.IntentNew, false)
	wantState(t, s.intend(intent(1, "e-2")), node.IntentBusy, false)
	s.clock.forward(30 * time.Second)
	s.restart()
	taken := s.intend(intent(1, "e-3"))
	wantState(t, taken, node.IntentNew, true)
	want := intent(1, "e-3")
	if diff := cmp.Diff(want, taken, cmpopts.IgnoreFields(node.Intent{}, "State", "Resumed")); diff != "" {
		t.Error(diff)
	}
	wantState(t, s.intend(intent(1, "e-4")), node.IntentBusy, false)
	taken.Receipt = receipt(1)
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), taken))
}

func leaseIsGivenBack(t *testing.T, s *site) {
	s.released(1)
	begun := s.intend(intent(1, "e-1"))
	must(t, s.Settle(t.Context(), event(node.RefusedStage, maarja), begun))
	wantState(t, s.intend(intent(1, "e-2")), node.IntentNew, true)
	begun.Receipt = receipt(1)
	wantError(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), begun), node.Unavailable, "intent.lost")
}

func loserCannotSettle(t *testing.T, s *site) {
	s.released(1)
	slow := s.intend(intent(1, "e-1"))
	s.clock.forward(time.Minute)
	fast := s.intend(intent(1, "e-2"))
	slow.Failure = &node.Failure{Kind: node.Conflict, Reason: "dispensation.nothing-left"}
	before := s.Stats()
	wantError(t, s.Settle(t.Context(), event(node.RefusedStage, maarja), slow), node.Unavailable, "intent.lost")
	slow.Failure = nil
	wantError(t, s.Settle(t.Context(), event(node.RefusedStage, maarja), slow), node.Unavailable, "intent.lost")
	if after := s.Stats(); after.Events != before.Events {
		t.Error("a settlement that was not accepted left its event")
	}
	fast.Receipt = receipt(1)
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), fast))
	slow.Receipt = receipt(2)
	wantError(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), slow), node.Unavailable, "intent.lost")
	if again := s.intend(intent(1, "e-3")); again.Receipt.ID != "r-1" {
		t.Errorf("receipt %s, want the first", again.Receipt.ID)
	}
}

func refusalIsKept(t *testing.T, s *site) {
	s.released(1)
	begun := s.intend(intent(1, "e-1"))
	begun.Failure = &node.Failure{Kind: node.Conflict, Reason: "dispensation.nothing-left", Detail: "Closed.", Left: "0"}
	must(t, s.Settle(t.Context(), event(node.RefusedStage, maarja), begun))
	s.restart()
	again := s.intend(intent(1, "e-2"))
	wantState(t, again, node.IntentRefused, false)
	if diff := cmp.Diff(begun.Failure, again.Failure); diff != "" {
		t.Error(diff)
	}
}

func withdrawalHasOwnKey(t *testing.T, s *site) {
	s.released(1)
	begun := s.intend(intent(1, "e-1"))
	begun.Receipt = receipt(1)
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), begun))
	back := intent(1, "e-2")
	back.Verb, back.Digest = node.WithdrawVerb, "withdrawal"
	taken := s.intend(back)
	wantState(t, taken, node.IntentNew, false)
	taken.Receipt = receipt(1)
	taken.Receipt.State = node.ReceiptWithdrawn
	must(t, s.Settle(t.Context(), event(node.RecordedStage, maarja), taken))
	found, ok, err := s.Receipt(t.Context(), "FI", "r-1")
	must(t, err)
	if !ok || found.Verb != node.DispenseVerb {
		t.Errorf("the receipt id finds %q, want the dispensation", found.Verb)
	}
	if again := s.intend(intent(1, "e-3")); again.State != node.IntentRecorded || again.Receipt.State != node.ReceiptRecorded {
		t.Errorf("the dispensation changed: %+v", again)
	}
}
