package app

import (
	"context"
	"net/http"
	"testing"
	"time"

	"sild/internal/fhir"
)

// waitsUnseen hands out everything while country A is down, and fetches again when A is back and has not heard of it.
func waitsUnseen(t *testing.T) (s *shop, first, answer, fetched []byte) {
	t.Helper()
	s = openShop(t, shelves["FI→EE"])
	_, _, fetched = s.fetch()
	must(t, s.bridge.stop("FI"))
	first = s.message(fetched, 6)
	answer = s.hand(first, http.StatusAccepted, "", "")
	time.Sleep(1500 * time.Millisecond) // the first retry has failed
	must(t, s.bridge.start(context.Background(), "FI"))
	p, _, fetched := s.fetch()
	if p.Amount.Left == "0" {
		t.Fatal("country A has heard of the first dispensation before the second counter fetched")
	}
	return s, first, answer, fetched
}

func TestSecondCounterCannotHandOutWhatWaits(t *testing.T) {
	s, _, _, fetched := waitsUnseen(t)
	must(t, s.bridge.stop("FI"))
	s.hand(s.message(fetched, 6), http.StatusConflict, "dispensation.nothing-left", "0")
}

func TestSecondCounterCannotHandOutWhatWasDeliveredSince(t *testing.T) {
	s, _, _, fetched := waitsUnseen(t)
	must(t, within(20*time.Second, func() error { return s.journey.registerSays(context.Background(), s.id(), "0") }))
	time.Sleep(time.Second) // country B has heard of it too; the answer is the same before
	must(t, s.bridge.stop("FI"))
	s.hand(s.message(fetched, 6), http.StatusConflict, "dispensation.nothing-left", "0")
}

func TestTakingBackGivesOnlyWhatWasTaken(t *testing.T) {
	s, first, answer, fetched := waitsUnseen(t)
	made, _, err := fhir.DecodeReceipt(answer)
	must(t, err)
	must(t, s.bridge.stop("FI"))
	back, err := restated(first, "entered-in-error")
	must(t, err)
	taken, err := s.counter.withdraw(t.Context(), made.ID, back)
	must(t, err)
	if taken.Status != http.StatusAccepted {
		t.Fatalf("the withdrawal: %d %s", taken.Status, said(taken))
	}
	s.hand(s.message(fetched, 6), http.StatusAccepted, "", "")
	s.hand(s.message(fetched, 6), http.StatusConflict, "dispensation.nothing-left", "0")
}
