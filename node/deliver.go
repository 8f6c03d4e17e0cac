package node

import (
	"context"
	"strings"
	"time"
)

// Deliver tries everything that waits and is due, once, and returns how many rows arrived. app owns the timer.
func (a *Ask) Deliver(ctx context.Context) (int, error) {
	const batch = 50
	arrived := 0
	for ctx.Err() == nil {
		now := a.Now().UTC()
		due, err := a.Journal.Due(ctx, now, now.Add(lease), batch)
		if err != nil || len(due) == 0 {
			return arrived, err
		}
		for _, w := range due {
			_, _, peer, ok := a.Route(w.Country)
			if !ok {
				peer = unreachable{}
			}
			w, err := a.try(ctx, peer, w)
			if err != nil {
				return arrived, err
			}
			if w.State == WaitingDone {
				arrived++
			}
		}
	}
	return arrived, ctx.Err()
}

// try sends one row with fresh proof of the original act, and commits what came of it. Only an error of the journal
// is returned; a peer's refusal is part of the row.
func (a *Ask) try(ctx context.Context, peer Exchange, w Waiting) (Waiting, error) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTry)
	defer cancel()
	receipt, err := a.deliver(limited, peer, w)
	w.Tries++
	now := a.Now().UTC()
	event := eventOf(w.Call, DeliveredStage, "B", now)
	event.Documents, event.Hash = []string{w.Prescription.Value, w.ID.Value}, digest(w.Body)
	switch {
	case err == nil:
		w.State, w.Receipt = WaitingDone, receipt
	case finalAtPeer(AsError(err)):
		e := AsError(err)
		w.State, event.Stage = WaitingRefused, GivenUpStage
		w.Failure = &Failure{Kind: e.Kind, Reason: e.Reason, Detail: e.Detail, Left: e.Left}
		event.Kind, event.Reason = e.Kind.String(), e.Reason
	default:
		e := AsError(err)
		event.Stage, event.Kind, event.Reason = PostponedStage, e.Kind.String(), e.Reason
		w.Next = now.Add(a.Retry(w.Tries))
		if unclear(e.Kind) && !a.replaySafe(w.Country) {
			w.State, event.Stage = WaitingUnclear, GivenUpStage
		}
	}
	w.Leased = false
	if err := a.Journal.Progress(context.WithoutCancel(ctx), event, w); err != nil {
		return w, unlogged("ask.deliver", err)
	}
	return w, nil
}

// deliver asks the peer and checks that its receipt is about exactly what was sent.
func (a *Ask) deliver(ctx context.Context, peer Exchange, w Waiting) (*Receipt, error) {
	call := w.Call
	call.Evidence.ActAt = w.Since
	var receipt *Receipt
	var err error
	switch w.Verb {
	case WithdrawVerb:
		made, found, lost := a.Journal.Waiting(ctx, w.Target)
		if lost != nil || !found || made.Receipt == nil {
			return nil, &Error{Op: "ask.deliver", Kind: Unavailable, Reason: "receipt.pending", Err: lost,
				Detail: "The dispensation itself is not recorded yet."}
		}
		receipt, err = peer.Withdraw(ctx, call, Withdrawal{Receipt: made.Receipt.ID, Source: w.Body})
	default:
		receipt, err = peer.Dispense(ctx, call, &Document{Kind: ADispensation, Format: MPD, Source: w.Body})
	}
	if err != nil {
		return nil, err
	}
	if receipt.Digest != digest(w.Body) || receipt.Dispensation != w.ID {
		return nil, fail("ask.deliver", Unavailable, "receipt.other", "The other country's receipt is about something else.")
	}
	return receipt, nil
}

// finalAtPeer says that country A's register or rules refused for good. What A's entrance refused (a suspended corridor,
// a clock, a full minute) may be different tomorrow and is tried again.
func finalAtPeer(e *Error) bool {
	for _, entrance := range []string{"trust.", "peer.", "proof.", "corridor.", "counter.", "token.", "http.", "limit."} {
		if strings.HasPrefix(e.Reason, entrance) {
			return false
		}
	}
	return final(e.Kind)
}

// unclear says that the peer may have recorded the dispensation although no receipt came back.
func unclear(kind Kind) bool { return kind == Unavailable || kind == Overdue || kind == Internal }

func (a *Ask) replaySafe(country string) bool {
	participant, _, _, ok := a.Route(country)
	if !ok {
		return true // never sent
	}
	entry, listed := a.List().Participant(participant)
	return listed && entry.Promises.ReplaySafe
}

// unreachable is the peer of a country without a connection: everything is Unavailable until there is one again.
type unreachable struct{ Exchange }

// Dispense says that there is no connection.
func (unreachable) Dispense(context.Context, Call, *Document) (*Receipt, error) { return nil, noRoute() }

// Withdraw says that there is no connection.
func (unreachable) Withdraw(context.Context, Call, Withdrawal) (*Receipt, error) { return nil, noRoute() }

func noRoute() error {
	return fail("ask.deliver", Unavailable, "peer.none", "There is no connection to the patient's country.")
}

// Backoff is the usual Retry: two seconds, doubling, at most ten minutes.
func Backoff(tries int) time.Duration {
	wait := 2 * time.Second
	for ; tries > 1 && wait < 10*time.Minute; tries-- {
		wait *= 2
	}
	return min(wait, 10*time.Minute)
}
