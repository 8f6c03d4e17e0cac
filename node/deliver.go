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
			if ctx.Err() != nil || a.Now().After(now.Add(lease-lastTry)) {
				return arrived, ctx.Err() // the rest of the batch falls due again when its lease ends
			}
			w, err := a.try(ctx, a.reach(w), w)
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

// reach is the peer of a waiting row, or one that only says why it cannot be asked now.
func (a *Ask) reach(w Waiting) Exchange {
	participant, wire, peer, ok := a.Route(w.Country)
	if !ok {
		return unreachable{why: fail("ask.deliver", Unavailable, "peer.none", "There is no connection to the patient's country.")}
	}
	if !a.permitted(participant, wire, w.Country, w.Verb) {
		return unreachable{why: fail("ask.deliver", Refused, "trust.decision", "The trust list does not allow this connection.")}
	}
	return peer
}

// try sends one row with fresh proof of the original act, and commits what came of it. Only an error of the journal
// is returned; a peer's refusal is part of the row. Towards a peer that promises no replay the row is marked as unclear
// before it is sent: after a crash in between nobody may send it again on a guess.
func (a *Ask) try(ctx context.Context, peer Exchange, w Waiting) (Waiting, error) {
	kept := context.WithoutCancel(ctx)
	_, idle := peer.(unreachable)
	once := !idle && !a.replaySafe(w.Country)
	if once {
		w.State = WaitingUnclear
		if err := a.Journal.Progress(kept, a.progress(w, PostponedStage, nil), w); err != nil {
			return w, unlogged("ask.deliver", err)
		}
	}
	limited, cancel := context.WithTimeout(kept, lastTry)
	defer cancel()
	receipt, err := a.deliver(limited, peer, w)
	w.Tries++
	w.Leased = false
	stage := a.settle(&w, receipt, err, once)
	if err := a.Journal.Progress(kept, a.progress(w, stage, err), w); err != nil {
		return w, unlogged("ask.deliver", err)
	}
	return w, nil
}

// settle writes what a try came to into the row.
func (a *Ask) settle(w *Waiting, receipt *Receipt, err error, once bool) Stage {
	if err == nil {
		w.State, w.Receipt, w.Failure = WaitingDone, receipt, nil
		return DeliveredStage
	}
	e := AsError(err)
	w.Failure = &Failure{Kind: e.Kind, Reason: e.Reason, Detail: e.Detail, Left: e.Left} // of the last try, for the operator
	if finalAtPeer(e) {
		w.State = WaitingRefused
		return GivenUpStage
	}
	if once && unclear(e) {
		return GivenUpStage // the row stays unclear
	}
	w.State, w.Next = WaitingNow, a.Now().UTC().Add(a.Retry(w.Tries))
	return PostponedStage
}

func (a *Ask) progress(w Waiting, stage Stage, err error) Event {
	event := eventOf(w.Call, stage, "B", a.Now())
	event.Documents, event.Hash = []string{w.Prescription.Value, w.ID.Value}, digest(w.Body)
	if err != nil {
		e := AsError(err)
		event.Kind, event.Reason = e.Kind.String(), e.Reason
	}
	return event
}

// deliver asks the peer and checks that its receipt is about exactly what was sent.
func (a *Ask) deliver(ctx context.Context, peer Exchange, w Waiting) (*Receipt, error) {
	call := w.Call
	call.Evidence.ActAt = w.Since
	var receipt *Receipt
	var err error
	switch w.Verb {
	case WithdrawVerb:
		made, found, lost := a.Journal.Waiting(ctx, WaitingKey{Opaque: w.Target})
		if found && (made.State == WaitingRefused || made.State == WaitingHandOver) {
			return nil, fail("ask.deliver", NotFound, "receipt.none", "The dispensation itself was never recorded.")
		}
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
func unclear(e *Error) bool {
	if e.Reason == "receipt.pending" || e.Reason == "peer.none" {
		return false // nothing was sent
	}
	switch e.Kind {
	case Unavailable, Overdue, Internal, Uncertain:
		return true
	}
	return false
}

func (a *Ask) replaySafe(country string) bool {
	participant, _, _, ok := a.Route(country)
	if !ok {
		return true // never sent
	}
	entry, listed := a.List().Participant(participant)
	return listed && entry.Promises.ReplaySafe
}

// unreachable is the peer of a country that cannot be asked now; it says why.
type unreachable struct {
	Exchange
	why *Error
}

// Dispense says why nothing can be sent.
func (u unreachable) Dispense(context.Context, Call, *Document) (*Receipt, error) { return nil, u.why }

// Withdraw says why nothing can be sent.
func (u unreachable) Withdraw(context.Context, Call, Withdrawal) (*Receipt, error) { return nil, u.why }

// Backoff is the usual Retry: two seconds, doubling, at most ten minutes.
func Backoff(tries int) time.Duration {
	wait := 2 * time.Second
	for ; tries > 1 && wait < 10*time.Minute; tries-- {
		wait *= 2
	}
	return min(wait, 10*time.Minute)
}
