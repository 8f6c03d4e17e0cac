package store

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"sild/node"
)

// The states of an intent row. An open one is busy while its lease runs and free to be taken over afterwards.
const (
	openState     = "open"
	recordedState = "recorded"
	refusedState  = "refused"
)

// intentFacts is what never changes about an intent.
type intentFacts struct {
	Peer         string
	ID           node.Identifier
	Verb         node.Verb
	Digest       string
	Prescription node.Identifier
	Patient      node.Identifier
}

// outcome is how an intent ended.
type outcome struct {
	Receipt *node.Receipt
	Failure *node.Failure
}

// intentRow is what the writer sees of an intent: blind indexes and closed boxes.
type intentRow struct {
	state   string
	digest  []byte
	lease   int64
	facts   []byte
	outcome []byte
	ends    int64
}

// intentIndex holds the blind indexes of one intent.
type intentIndex struct {
	key, digest, spent, holder, release []byte
}

func (s *Store) intentIndex(i node.Intent) intentIndex {
	key := s.vault.index("intent", i.Peer, string(i.Verb), i.ID.System, i.ID.Value)
	return intentIndex{key: key,
		digest:  s.vault.index("intent/digest", string(key), i.Digest),
		spent:   s.vault.index("spent", i.Peer, i.EvidenceID),
		holder:  s.vault.index("intent/holder", string(key), i.EvidenceID),
		release: s.releaseKey(i.Peer, i.Prescription)}
}

// Intend spends the evidence and begins, resumes or finds an intent. The event is committed with it in every case
// that is no error, also where the intent itself stays as it is: spending is state too.
//
// An intent whose lease ran out or was given back is taken over with Resumed, if the digest is the same. The evidence
// that began or resumed it is what Settle recognises its holder by, so EvidenceID of the returned intent must stay as
// it is. Whether the prescription was released is asked only when a dispensation begins: a replay after the release
// expired still gets its receipt, and a withdrawal rests on the receipt of the dispensation.
func (s *Store) Intend(ctx context.Context, event node.Event, intent node.Intent) (node.Intent, error) {
	const op = "store.intend"
	if intent.EvidenceID == "" {
		return node.Intent{}, &node.Error{Op: op, Kind: node.Untrusted, Reason: "proof.id", Detail: "The request's evidence has no identifier."}
	}
	facts, err := s.vault.seal("intent/facts", intentFacts{intent.Peer, intent.ID, intent.Verb, intent.Digest,
		intent.Prescription, intent.Patient}, nil)
	if err != nil {
		return node.Intent{}, trouble(op, err)
	}
	index, now := s.intentIndex(intent), s.now()
	begun := intentRow{state: openState, digest: index.digest, lease: millis(now.Add(intent.Lease)), facts: facts,
		ends: millis(now.Add(s.retention.Receipts))}
	var known intentRow
	var found bool
	var terminology string
	err = s.record(ctx, op, event, func(t *tx) error {
		if err := t.spend(op, index.spent, millis(intent.SpentUntil)); err != nil {
			return err
		}
		var err error
		if known, found, err = t.intent(index.key); err != nil {
			return err
		}
		if _, err := t.row("SELECT terminology FROM released WHERE key = ?", []any{index.release}, &terminology); err != nil {
			return err
		}
		if !found {
			return t.begin(op, intent, index, begun, millis(now))
		}
		if !known.free(index.digest, millis(now)) {
			return nil
		}
		_, err = t.exec("UPDATE intents SET holder = ?, lease = ? WHERE key = ?", index.holder, begun.lease, index.key)
		return err
	})
	if err != nil {
		return node.Intent{}, err
	}
	if !found {
		intent.State, intent.Resumed, intent.Receipt, intent.Failure = node.IntentNew, false, nil, nil
		intent.Terminology = releases(terminology)
		return intent, nil
	}
	before, err := s.foundIntent(op, intent, known, index, millis(now))
	before.Terminology = releases(terminology)
	return before, err
}

// releases reads by which snapshots a prescription was shown; none is nil.
func releases(column string) []string {
	if column == "" {
		return nil
	}
	return strings.Fields(column)
}

// free says that the intent may be taken over by a call with the same content.
func (r intentRow) free(digest []byte, now int64) bool {
	return r.state == openState && r.lease <= now && bytes.Equal(r.digest, digest)
}

// spend makes evidence unusable for a second time.
func (t *tx) spend(op string, key []byte, ends int64) error {
	fresh, err := t.exec("INSERT INTO spent (key, ends) VALUES (?, ?) ON CONFLICT DO NOTHING", key, ends)
	if err == nil && fresh == 0 {
		return &node.Error{Op: op, Kind: node.Untrusted, Reason: "proof.spent", Detail: "The request's evidence was used before."}
	}
	return err
}

func (t *tx) intent(key []byte) (r intentRow, found bool, err error) {
	found, err = t.row("SELECT state, digest, lease, facts, outcome FROM intents WHERE key = ?", []any{key},
		&r.state, &r.digest, &r.lease, &r.facts, &r.outcome)
	return r, found, err
}

// begin writes a new intent; a dispensation needs a prescription that was shown to the peer.
func (t *tx) begin(op string, intent node.Intent, index intentIndex, r intentRow, now int64) error {
	if intent.Verb == node.DispenseVerb {
		var until int64
		shown, err := t.row("SELECT ends FROM released WHERE key = ?", []any{index.release}, &until)
		if err != nil {
			return err
		}
		if !shown || until <= now {
			return &node.Error{Op: op, Kind: node.Refused, Reason: "dispense.unreleased",
				Detail: "This prescription was not shown to the country that dispensed it."}
		}
	}
	_, err := t.exec("INSERT INTO intents (key, digest, state, holder, lease, facts, ends) VALUES (?, ?, ?, ?, ?, ?, ?)",
		index.key, r.digest, r.state, index.holder, r.lease, r.facts, r.ends)
	return err
}

// foundIntent opens an intent that was there before the call.
func (s *Store) foundIntent(op string, wanted node.Intent, r intentRow, index intentIndex, now int64) (node.Intent, error) {
	intent, err := s.openIntent(r)
	if err != nil {
		return node.Intent{}, trouble(op, err)
	}
	switch {
	case r.free(index.digest, now):
		intent.State, intent.Resumed = node.IntentNew, true
		intent.EvidenceID, intent.SpentUntil, intent.Lease = wanted.EvidenceID, wanted.SpentUntil, wanted.Lease
	case r.state == openState:
		intent.State = node.IntentBusy
	}
	return intent, nil
}

func (s *Store) openIntent(r intentRow) (node.Intent, error) {
	var facts intentFacts
	if _, err := s.vault.open("intent/facts", r.facts, &facts); err != nil {
		return node.Intent{}, err
	}
	intent := node.Intent{Peer: facts.Peer, ID: facts.ID, Verb: facts.Verb, Digest: facts.Digest,
		Prescription: facts.Prescription, Patient: facts.Patient}
	if r.state == openState {
		return intent, nil
	}
	var end outcome
	if _, err := s.vault.open("intent/outcome", r.outcome, &end); err != nil {
		return node.Intent{}, err
	}
	intent.Receipt, intent.Failure = end.Receipt, end.Failure
	if intent.State = node.IntentRecorded; r.state == refusedState {
		intent.State = node.IntentRefused
	}
	return intent, nil
}

// Settle ends an intent with its receipt or its final failure. With neither, the lease is given back. Only the call
// that holds the intent may settle it: after a takeover the slower call gets Unavailable with reason intent.lost and
// learns the outcome by asking again. The same settlement twice is one.
func (s *Store) Settle(ctx context.Context, event node.Event, intent node.Intent) error {
	const op = "store.settle"
	index, ends := s.intentIndex(intent), millis(s.now().Add(s.retention.Receipts))
	if intent.Receipt == nil && intent.Failure == nil {
		return s.record(ctx, op, event, func(t *tx) error {
			held, err := t.exec("UPDATE intents SET lease = 0, holder = ?, ends = ? WHERE key = ? AND state = 'open' AND holder = ?",
				[]byte{}, ends, index.key, index.holder)
			return lost(op, held, err)
		})
	}
	if intent.Receipt != nil && intent.Failure != nil {
		return trouble(op, errors.New("store: an intent ends with a receipt or with a failure, not with both"))
	}
	state, receipt := refusedState, []byte(nil)
	if intent.Receipt != nil {
		state, receipt = recordedState, s.receiptKey(intent.Peer, intent.Receipt.ID)
	}
	end, err := s.vault.seal("intent/outcome", outcome{intent.Receipt, intent.Failure}, nil)
	if err != nil {
		return trouble(op, err)
	}
	return s.record(ctx, op, event, func(t *tx) error {
		held, err := t.exec("UPDATE intents SET state = ?, lease = 0, receipt = ?, outcome = ?, ends = ?"+
			" WHERE key = ? AND holder = ? AND (state = 'open' OR (state = ? AND (receipt = ? OR receipt IS NULL)))",
			state, receipt, end, ends, index.key, index.holder, state, receipt)
		return lost(op, held, err)
	})
}

func lost(op string, held int64, err error) error {
	if err == nil && held == 0 {
		return &node.Error{Op: op, Kind: node.Unavailable, Reason: "intent.lost",
			Detail: "Another attempt has taken over this dispensation. Send it again to learn its outcome."}
	}
	return err
}

func (s *Store) receiptKey(peer, receipt string) []byte {
	return s.vault.index("receipt", peer, receipt)
}

// Receipt finds what was recorded under an opaque receipt id for the peer; false when there is none. Where several
// bear the same id, it is the one that was begun first.
func (s *Store) Receipt(ctx context.Context, peer, receipt string) (node.Intent, bool, error) {
	const op = "store.receipt"
	var r intentRow
	found, err := s.row(ctx, "SELECT state, facts, outcome FROM intents WHERE receipt = ? ORDER BY id LIMIT 1",
		[]any{s.receiptKey(peer, receipt)}, &r.state, &r.facts, &r.outcome)
	if err != nil || !found {
		return node.Intent{}, false, trouble(op, err)
	}
	intent, err := s.openIntent(r)
	return intent, err == nil, trouble(op, err)
}
