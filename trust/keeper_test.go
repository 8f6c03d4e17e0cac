package trust_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/trust"
)

func TestANodeStartsWithNothingTakesAListInAndKnowsItAfterARestart(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	if list, err := trust.Open(ctx, store, s.root, noon); list != nil || reasonOf(err) != trust.ReasonNoList {
		t.Fatalf("first start: %v, %v", list, err)
	}
	list, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := trust.State{RootVersion: 1, Sequence: 7, Digest: list.Digest(), Seen: noon}
	if store.state != want || store.accepts != 1 {
		t.Fatalf("kept %+v after %d writes", store.state, store.accepts)
	}
	if _, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon.Add(time.Minute)); err != nil || store.accepts != 1 {
		t.Fatalf("the same list again: %v, %d writes", err, store.accepts)
	}
	again, err := trust.Open(ctx, store, s.root, noon.Add(time.Hour))
	if err != nil || again.Digest() != list.Digest() {
		t.Fatalf("after a restart: %v", err)
	}
	next := s.changed(func(d *trust.Draft) { d.Sequence = 8; d.Participants[1].Status = trust.StatusSuspended })
	list, err = trust.Refresh(ctx, store, s.sign(next), s.root, noon.Add(time.Hour))
	if err != nil || list.Sequence() != 8 || store.state.Sequence != 8 || !store.state.Seen.Equal(noon.Add(time.Hour)) {
		t.Fatalf("next list: %v, kept %+v", err, store.state)
	}
}

func TestARefusedListLeavesTheLastGoodOneInForce(t *testing.T) {
	s, ctx := newScheme(t), context.Background()
	good := s.sign(s.draft)
	cases := []struct {
		name string
		raw  []byte
		want trust.Reason
	}{
		{"noise", []byte("noise"), trust.ReasonMalformed},
		{"nothing", nil, trust.ReasonMalformed},
		{"rollback", s.sign(s.changed(func(d *trust.Draft) { d.Sequence = 1 })), trust.ReasonRollback},
		{"fork", s.sign(s.changed(func(d *trust.Draft) { d.Operator = "Somebody" })), trust.ReasonFork},
		{"one operator", mustSignWith(t, s, s.operators[:1]), trust.ReasonThreshold},
		{"cut off", good[:len(good)/2], trust.ReasonMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			store := &memory{}
			first, err := trust.Refresh(ctx, store, good, s.root, noon)
			if err != nil {
				t.Fatal(err)
			}
			before := store.state
			list, err := trust.Refresh(ctx, store, c.raw, s.root, noon)
			if reasonOf(err) != c.want {
				t.Errorf("want %s, got %v", c.want, err)
			}
			if list == nil || list.Digest() != first.Digest() || store.state != before || store.accepts != 1 {
				t.Errorf("the last good list did not stay: kept %+v", store.state)
			}
		})
	}
}

func mustSignWith(t *testing.T, s *scheme, operators []jose.Signer) []byte {
	t.Helper()
	raw, err := trust.Sign(s.changed(func(d *trust.Draft) { d.Sequence = 8 }), operators...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAListThatCannotBeKeptIsNotUsed(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	if _, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	store.broken = full
	next := s.changed(func(d *trust.Draft) { d.Sequence = 8 })
	list, err := trust.Refresh(ctx, store, s.sign(next), s.root, noon)
	if reasonOf(err) != trust.ReasonKeeper || !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	if list == nil || list.Sequence() != 7 {
		t.Fatal("the last good list did not stay")
	}
}

func TestAnExpiredListIsOpenedAndDeniesEverything(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	if _, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon); err != nil {
		t.Fatal(err)
	}
	late := s.draft.NextUpdate.Add(time.Hour)
	list, err := trust.Open(ctx, store, s.root, late)
	if reasonOf(err) != trust.ReasonExpired || list == nil {
		t.Fatalf("got %v, %v", list, err)
	}
	q := trust.Question{
		Participant: "FI", Direction: trust.Answers, Service: trust.PatientSummary,
		A: "FI", B: "EE", Wire: trust.WireFHIR, At: late,
	}
	if got := list.Decide(q); got.Permit || got.Reason != trust.BecauseExpired {
		t.Fatalf("got %+v", got)
	}
}

func TestWithAClockSetBackNoListIsInForce(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	signed := s.sign(s.draft)
	if _, err := trust.Refresh(ctx, store, signed, s.root, noon); err != nil {
		t.Fatal(err)
	}
	early := noon.Add(-10 * time.Minute)
	if list, err := trust.Open(ctx, store, s.root, early); list != nil || reasonOf(err) != trust.ReasonClock {
		t.Fatalf("open: %v, %v", list, err)
	}
	if list, err := trust.Refresh(ctx, store, signed, s.root, early); list != nil || reasonOf(err) != trust.ReasonClock {
		t.Fatalf("refresh: %v, %v", list, err)
	}
}

func TestAKeptListThatSomebodyChangedIsNotBelieved(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	if _, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon); err != nil {
		t.Fatal(err)
	}
	other := newScheme(t)
	other.operators[0].KID = "operator-1"
	store.raw = other.sign(other.draft)
	if list, err := trust.Open(ctx, store, s.root, noon); list != nil || reasonOf(err) != trust.ReasonSignature {
		t.Fatalf("got %v, %v", list, err)
	}
	store.raw = s.sign(s.changed(func(d *trust.Draft) { d.Sequence = 6 }))
	if list, err := trust.Open(ctx, store, s.root, noon); list != nil || reasonOf(err) != trust.ReasonRollback {
		t.Fatalf("got %v, %v", list, err)
	}
}

func TestSignaturesOfOperatorsWhoLeftAreReplaced(t *testing.T) {
	s, store, ctx := newScheme(t), &memory{}, context.Background()
	if _, err := trust.Refresh(ctx, store, s.sign(s.draft), s.root, noon); err != nil {
		t.Fatal(err)
	}
	s.root.Keys[0].NotAfter = noon.Add(time.Hour)
	later := noon.Add(2 * time.Hour)
	again, err := trust.Sign(s.draft, s.operators[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Refresh(ctx, store, again, s.root, later); err != nil || store.accepts != 2 {
		t.Fatalf("%v after %d writes", err, store.accepts)
	}
	if _, err := trust.Open(ctx, store, s.root, later); err != nil {
		t.Fatal(err)
	}
}

func TestShowTellsAnOperatorWhatIsGranted(t *testing.T) {
	s := newScheme(t)
	text := strings.Join(trust.Show(s.list()), "\n")
	for _, want := range []string{
		"trust list 7, EU, production, operated by Made-up scheme",
		"issued 2026-11-22 11:00:00Z, in force before 2026-11-29 12:00:00Z",
		"FI  granted  Node of FI",
		"PrescriptionDispense  granted  EE→FI FI→EE over fhir and ihe",
		"ihe  https://ncp.fi.example/ihe",
		"seal key  EE-seal-1  ES256  granted  from 2026-10-22",
		"TLS client key  " + pin("EE client"),
		"promises that the same bytes may be sent again",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if got := trust.Show(nil); len(got) != 1 || !strings.Contains(got[0], "denied") {
		t.Errorf("no list: got %v", got)
	}
}

func TestADraftOfAListMakesTheSameListAgain(t *testing.T) {
	s := newScheme(t)
	list := s.list()
	again, err := trust.Verify(s.sign(list.Draft()), s.root, nil, noon)
	if err != nil || again.Digest() != list.Digest() {
		t.Fatalf("%v, %s and %s", err, again.Digest(), list.Digest())
	}
	fi, _ := again.Participant("FI")
	if url, ok := fi.Endpoint(trust.PatientSummary, trust.WireIHE); !ok || url != "https://ncp.fi.example/ihe" {
		t.Errorf("got %q", url)
	}
	if _, ok := fi.Endpoint("Laboratory", trust.WireIHE); ok {
		t.Error("an address for a service that is not listed")
	}
	if len(again.Signers()) != 2 || again.Territory() != "EU" || again.Environment() != trust.Production {
		t.Errorf("got %v %s %s", again.Signers(), again.Territory(), again.Environment())
	}
}
