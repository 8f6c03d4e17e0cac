package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sild/node"
	"sild/trust"
)

func TestSQLiteKeepsTheJournals(t *testing.T) { suite(t, sqliteSite) }

// suite is what every engine must hold.
func suite(t *testing.T, open opener) {
	for _, part := range []struct {
		name string
		run  func(t *testing.T, s *site)
	}{
		{"a refusal is one event and one leaf", refusalIsLogged},
		{"a shelved document comes back whole, to its peer and patient only, until it expires", shelfIsBound},
		{"a kept prescription comes back until it expires, and the last one fetched holds", keptExpires},
		{"evidence is spent once per peer, and a refused call spends nothing", evidenceIsSpentOnce},
		{"only what was released to the peer may be dispensed, and only in time", releaseIsAsked},
		{"an intent tells by which snapshot its prescription was last shown", intentTellsTerminology},
		{"a snapshot in force is an event of nobody", activationIsLogged},
		{"an exact replay gets the first receipt, also after a restart", replayGetsReceipt},
		{"another content under the same identifier is returned unchanged", conflictStaysUnchanged},
		{"a held intent is busy until its lease ends and is then resumed", leaseIsTakenOver},
		{"a lease that was given back is resumed at once", leaseIsGivenBack},
		{"a call that lost its intent cannot settle it", loserCannotSettle},
		{"a final refusal is kept like a receipt", refusalIsKept},
		{"a withdrawal has a key of its own", withdrawalHasOwnKey},
		{"a queued row is durable, and the same one again is returned as it is", queueIsIdempotent},
		{"due rows come oldest first, one a prescription, and are leased", dueKeepsOrder},
		{"an unclear dispensation holds back the next one on its prescription", unclearHoldsLane},
		{"rows of ours take packages off the prescription", rowsTakePackages},
		{"rows of ours take exact parts of a package, those of earlier versions whole ones", rowsTakeParts},
		{"many counters at once never take more than is left", countersTakeParts},
		{"what waits counts after a later fetch", fetchForgetsNothing},
		{"progress changes the state and never the bytes", progressKeepsBytes},
		{"what is settled does not wait again", settledStays},
		{"the outbox shows nothing clinical", outboxIsBare},
		{"what has ended is erased, and the log stays whole", sweepErases},
		{"a large sweep goes page by page and leaves nothing", sweepGoesPageByPage},
		{"a row that cannot be opened does not hold back the others", brokenRowIsPassed},
		{"what still waits is never swept", sweepSparesWaiting},
		{"an export without rows opens nothing and is whole", exportWithoutRows},
		{"a checkpoint is signed once a size, and never back in time", checkpointsOnlyGrow},
		{"a node that stops leaves nothing unsigned, and a clock set back is reported", stopSigns},
		{"the trust list only goes forward", trustGoesForward},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, open(t)) })
	}
}

func refusalIsLogged(t *testing.T, s *site) {
	refused := event(node.RefusedStage, maarja)
	refused.Kind, refused.Reason = "untrusted", "token.audience"
	must(t, s.Refused(t.Context(), refused))
	must(t, s.Refused(t.Context(), event(node.RefusedStage, node.Identifier{})))
	s.restart()
	found, err := s.Accesses(t.Context(), maarja, 10)
	must(t, err)
	if diff := cmp.Diff([]Access{{Leaf: 0, Event: refused}}, found); diff != "" {
		t.Error(diff)
	}
	if verdict := s.verify(); verdict.Leaves != 2 || verdict.Rows != 2 || verdict.Signed != 2 {
		t.Errorf("verdict %+v, want 2 signed leaves with their rows", verdict)
	}
}

func shelfIsBound(t *testing.T, s *site) {
	offered := node.Shelved{Handle: "h-1", Peer: "FI", Patient: maarja, ID: prescription(1), Kind: node.APrescription,
		Encoded: node.Encoded{Format: node.MPD, Hash: "ab", Report: &node.Report{Release: "r", Told: []node.Line{{Path: "medication.form"}}},
			Parts: []node.Part{{ContentType: "application/fhir+json", Body: []byte("{}\xff\x00")},
				{ContentType: "application/pdf", Body: nil}, {ContentType: "text/plain", Body: []byte("two")}}},
		Expires: s.clock.now().Add(5 * time.Minute)}
	must(t, s.Offered(t.Context(), event(node.OfferedStage, maarja), []node.Shelved{offered}))
	found, ok, err := s.Shelved(t.Context(), "h-1", "FI", maarja)
	must(t, err)
	offered.Encoded.Parts[1].Body = []byte{}
	if diff := cmp.Diff(offered, found); !ok || diff != "" {
		t.Errorf("found %v: %s", ok, diff)
	}
	for _, other := range []struct {
		handle, peer string
		patient      node.Identifier
	}{{"h-2", "FI", maarja}, {"h-1", "LV", maarja}, {"h-1", "FI", jaan}} {
		if _, ok, err := s.Shelved(t.Context(), other.handle, other.peer, other.patient); ok || err != nil {
			t.Errorf("%v found the document (%v)", other, err)
		}
	}
	for range 2 {
		s.clock.forward(5 * time.Minute)
		if _, ok, err := s.Shelved(t.Context(), "h-1", "FI", maarja); ok || err != nil {
			t.Errorf("an expired document is found (%v)", err)
		}
	}
}

func keptExpires(t *testing.T, s *site) {
	kept := node.Kept{Country: "EE", ID: prescription(1), Patient: maarja, Format: node.MPD, Source: []byte("{\"a\":1}"),
		Expires: s.clock.now().Add(8 * time.Hour)}
	must(t, s.Fetched(t.Context(), event(node.ReadStage, maarja), []node.Kept{kept}))
	kept.Source = []byte("{\"a\":2}")
	must(t, s.Fetched(t.Context(), event(node.ReadStage, maarja), []node.Kept{kept}))
	found, ok, err := s.Kept(t.Context(), "EE", prescription(1))
	must(t, err)
	if diff := cmp.Diff(kept, found); !ok || diff != "" {
		t.Errorf("found %v: %s", ok, diff)
	}
	if _, ok, err := s.Kept(t.Context(), "LV", prescription(1)); ok || err != nil {
		t.Errorf("another country's prescription is found (%v)", err)
	}
	for range 2 {
		s.clock.forward(8 * time.Hour)
		if _, ok, err := s.Kept(t.Context(), "EE", prescription(1)); ok || err != nil {
			t.Errorf("an expired prescription is found (%v)", err)
		}
	}
}

func trustGoesForward(t *testing.T, s *site) {
	raw, state, err := s.Last(t.Context())
	if err != nil || len(raw) != 0 || state != (trust.State{}) {
		t.Fatalf("an empty keeper answers %q, %v, %v", raw, state, err)
	}
	accept := func(root, sequence int64, raw string) error {
		return s.Accept(t.Context(), []byte(raw), trust.State{RootVersion: root, Sequence: sequence, Digest: raw, Seen: s.clock.now()})
	}
	must(t, accept(1, 7, "seven"))
	must(t, accept(1, 8, "eight"))
	wantError(t, accept(1, 7, "seven"), node.Conflict, "trust.rollback")
	must(t, accept(2, 1, "new root"))
	wantError(t, accept(1, 99, "old root"), node.Conflict, "trust.rollback")
	s.restart()
	raw, state, err = s.Last(t.Context())
	must(t, err)
	want := trust.State{RootVersion: 2, Sequence: 1, Digest: "new root", Seen: s.clock.now()}
	if string(raw) != "new root" || state != want {
		t.Errorf("kept %q %+v, want %+v", raw, state, want)
	}
}

func outboxIsBare(t *testing.T, s *site) {
	w := waiting(1, 1, s.clock.now())
	_, err := s.Queue(t.Context(), event(node.QueuedStage, maarja), w)
	must(t, err)
	w.State, w.Tries, w.Next = node.WaitingNow, 3, s.clock.now().Add(time.Minute)
	w.Failure = &node.Failure{Kind: node.Unavailable, Reason: "peer.down", Detail: "The other country does not answer."}
	must(t, s.Progress(t.Context(), event(node.PostponedStage, maarja), w))
	done := waiting(2, 2, s.clock.now())
	_, err = s.Queue(t.Context(), event(node.QueuedStage, maarja), done)
	must(t, err)
	done.State, done.Receipt = node.WaitingDone, receipt(2)
	must(t, s.Progress(t.Context(), event(node.DeliveredStage, maarja), done))

	view, err := OpenView(t.Context(), Config{Path: s.config.Path})
	must(t, err)
	defer view.Close()
	lines, err := view.Outbox(t.Context())
	must(t, err)
	want := []OutboxLine{{Own: "own-1", Country: "EE", Verb: node.DispenseVerb, State: node.WaitingNow, Since: w.Since,
		Tries: 3, Next: w.Next, Reason: "peer.down"}}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if _, err := view.Accesses(t.Context(), maarja, 1); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("a view without a key opens rows: %v", err)
	}
}
