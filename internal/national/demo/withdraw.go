package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"sild/node"
)

// Withdraw takes back a dispensation, named by the value of its identifier: its packages may be handed out again, and a
// prescription that it had completed is active again. Taking it back once more gets the same receipt; one that this
// caller never reported for this patient is NotFound.
func (r *Register) Withdraw(ctx context.Context, call node.Call, withdrawal node.Withdrawal) (*node.Receipt, error) {
	const op = "register.withdraw"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	return r.answer(op, func() (*node.Receipt, bool, error) { return r.back(op, call, withdrawal) })
}

// back runs under the register's lock.
func (r *Register) back(op string, call node.Call, withdrawal node.Withdrawal) (*node.Receipt, bool, error) {
	d, err := r.reported(op, call, withdrawal.Receipt)
	if err != nil {
		return nil, false, err
	}
	if d.back != nil {
		return d.back.receipt(), false, nil
	}
	digest := sha256.Sum256(withdrawal.Source)
	rec := record{Act: takenBack, At: r.moment(), Peer: d.made.Peer, ID: d.made.ID, Prescription: d.made.Prescription,
		Patient: d.made.Patient, Digest: hex.EncodeToString(digest[:])}
	d.back = &rec // for a moment, to learn what will be left
	left, _ := d.of.state()
	d.back = nil
	rec.Left = left.RatString()
	return r.enter(op, rec)
}

// reported finds the dispensation that the caller reported for the patient under that value. Two systems may hold the
// same value; then nobody can tell which is meant.
func (r *Register) reported(op string, call node.Call, value string) (*dispensed, error) {
	var found *dispensed
	for _, d := range r.byValue[key{call.Peer, node.Identifier{Value: value}}] {
		if d.made.Patient != call.Patient {
			continue
		}
		if found != nil {
			return nil, fail(op, node.Uncertain, "dispensation.ambiguous", "Two dispensations bear this identifier.")
		}
		found = d
	}
	if found == nil {
		return nil, fail(op, node.NotFound, "dispensation.unknown", "There is no such dispensation to take back.")
	}
	return found, nil
}

// Dispensed says whether the register holds a dispensation that this caller reported, or its withdrawal. It always can
// tell: what the journal does not hold was never recorded.
func (r *Register) Dispensed(ctx context.Context, call node.Call, dispensation node.Identifier, verb node.Verb) (*node.Receipt, bool, error) {
	const op = "register.dispensed"
	if err := r.ready(ctx, op); err != nil {
		return nil, false, err
	}
	if verb != node.DispenseVerb && verb != node.WithdrawVerb {
		return nil, false, fail(op, node.Unsupported, "verb", "Only dispensations and withdrawals are recorded.")
	}
	r.mu.Lock()
	d := r.dispensed[key{call.Peer, dispensation}]
	var receipt *node.Receipt
	switch {
	case d != nil && verb == node.DispenseVerb:
		receipt = d.made.receipt()
	case d != nil && d.back != nil:
		receipt = d.back.receipt()
	}
	newest := r.journal.newest()
	r.mu.Unlock()
	if err := r.kept(op, newest); err != nil {
		return nil, false, err
	}
	return receipt, receipt != nil, nil
}

// replay takes up everything that the journal holds.
func (r *Register) replay(path string) error {
	j, records, torn, err := openJournal(path)
	if err != nil {
		return err
	}
	r.journal = j
	if torn {
		r.skipped = append(r.skipped, "the journal's last line was not finished when the machine stopped: nobody had an answer for it, it is cut off")
	}
	for i, rec := range records {
		if err := r.apply(rec); err != nil {
			j.file.Close()
			return fmt.Errorf("the register's journal, line %d: %w", i+1, err)
		}
	}
	return nil
}
