package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"

	"sild/internal/tongues"
	"sild/node"
)

// key names a dispensation: the identifier that the country of treatment gave it, and the node that reported it, since
// two countries may give the same one.
type key struct {
	peer string
	id   node.Identifier
}

// dispensed is a dispensation that was made abroad.
type dispensed struct {
	of     *prescription
	made   record
	note   []byte  // as the national documents show it
	back   *record // set when it was taken back
	erased []byte  // as the national documents show it then
}

// remainderClosed is what a receipt says of packages that lapsed.
const remainderClosed = "remainder closed"

// Dispense records a dispensation if so much is left, and answers when that is on disk: what the contact point counted that
// it takes off the prescription, or else its packages. The same dispensation again gets the same receipt; its identifier with
// another prescription or number of packages is a Conflict, and so is one of more than is left, with what is left.
func (r *Register) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	const op = "register.dispense"
	if err := r.ready(ctx, op); err != nil {
		return nil, err
	}
	if in == nil || in.Dispensation == nil {
		return nil, fail(op, node.Invalid, "document.kind", "The message is no dispensation.")
	}
	wanted, err := r.wanted(op, call, in)
	if err != nil {
		return nil, err
	}
	return r.answer(op, func() (*node.Receipt, bool, error) { return r.hand(op, wanted, in.Dispensation) })
}

// answer changes the register's state under its lock and then waits until all of that state is on disk, also before a
// refusal, which may rest on another's record. The change says whether it recorded something.
func (r *Register) answer(op string, change func() (*node.Receipt, bool, error)) (*node.Receipt, error) {
	r.mu.Lock()
	receipt, recorded, err := change()
	newest := r.journal.newest()
	r.mu.Unlock()
	if lost := r.kept(op, newest); lost != nil {
		return nil, lost
	}
	if err == nil && recorded {
		err = r.faults.crashed(op)
	}
	if err != nil {
		return nil, err
	}
	return receipt, nil
}

// wanted is the record that a dispensation asks for, without what the register's state adds to it.
func (r *Register) wanted(op string, call node.Call, in *node.Document) (record, error) {
	d := in.Dispensation
	packages, ok := whole(d.Packages)
	switch {
	case d.Status != "" && d.Status != "completed":
		return record{}, fail(op, node.Invalid, "dispensation.status", "Only a completed dispensation can be recorded.")
	case d.ID.Value == "":
		return record{}, fail(op, node.Invalid, "dispensation.id", "The dispensation has no identifier.")
	case !ok || packages == 0:
		return record{}, fail(op, node.Invalid, "dispensation.packages", "The number of packages must be a positive whole number.")
	}
	takes, ok := node.Packages(d.Takes)
	if d.Takes != "" && (!ok || takes.Sign() <= 0) {
		return record{}, fail(op, node.Invalid, "dispensation.takes", "What the dispensation takes off the prescription must be more than nothing.")
	}
	digest := sha256.Sum256(in.Source)
	return record{Act: handedOut, At: r.moment(), Peer: call.Peer, ID: d.ID, Prescription: d.Prescription,
		Patient: call.Patient, Packages: packages, Takes: part(d), Closes: d.ClosesRemainder, Digest: hex.EncodeToString(digest[:])}, nil
}

// part is what a dispensation takes off its prescription, where that is not its number of packages.
func part(d *node.Dispensation) string {
	if d.Takes == d.Packages {
		return ""
	}
	return d.Takes
}

// takes is what a record takes off its prescription, in packages as prescribed.
func (rec record) takes() *big.Rat {
	if takes, ok := node.Packages(rec.Takes); ok {
		return takes
	}
	return new(big.Rat).SetInt64(rec.Packages)
}

// moment is now as the journal keeps it, so that a receipt is the same before and after a crash.
func (r *Register) moment() time.Time { return r.now().UTC().Round(0) }

// hand is the conditional update. It runs under the register's lock.
func (r *Register) hand(op string, wanted record, d *node.Dispensation) (*node.Receipt, bool, error) {
	if known := r.dispensed[key{wanted.Peer, wanted.ID}]; known != nil {
		receipt, err := known.again(op, wanted)
		return receipt, false, err
	}
	p, err := r.prescribed(op, wanted.Patient, wanted.Prescription)
	if err != nil {
		return nil, false, err
	}
	left, status := p.state()
	if err := enough(op, p, status, left, wanted.takes()); err != nil {
		return nil, false, err
	}
	left.Sub(left, wanted.takes())
	if wanted.Closes && left.Sign() > 0 {
		left, wanted.Closed = new(big.Rat), remainderClosed
	}
	wanted.Left = left.RatString()
	if wanted.Entries, err = r.nationalEntries(op, p, d, wanted); err != nil {
		return nil, false, err
	}
	return r.enter(op, wanted)
}

// again answers a dispensation whose identifier the register knows.
func (d *dispensed) again(op string, wanted record) (*node.Receipt, error) {
	if d.made.Packages != wanted.Packages || d.made.Prescription != wanted.Prescription || d.made.Patient != wanted.Patient {
		return nil, fail(op, node.Conflict, "dispensation.other-content",
			"A dispensation with this identifier and another content is already known.")
	}
	return d.made.receipt(), nil
}

// enter adds a record to the journal and to the register's state.
func (r *Register) enter(op string, rec record) (*node.Receipt, bool, error) {
	if err := r.journal.add(rec); err != nil {
		return nil, false, unjournaled(op, err)
	}
	if err := r.apply(rec); err != nil {
		return nil, false, unreadable(op, err)
	}
	r.dispensed[key{rec.Peer, rec.ID}].of.newest = r.journal.newest()
	return rec.receipt(), true, nil
}

// enough refuses what cannot be handed out any more.
func enough(op string, p *prescription, status node.Status, left, wanted *big.Rat) error {
	var e *node.Error
	switch {
	case status != node.Active:
		e = fail(op, node.Conflict, "prescription."+string(status), "The prescription has already been dispensed or is closed.")
		left = new(big.Rat)
	case !p.counted:
		return fail(op, node.Refused, "prescription.amount", "The prescription does not say how many packages may be handed out.")
	case wanted.Cmp(left) > 0:
		e = fail(op, node.Conflict, "dispensation.too-much", fmt.Sprintf("More packages than are left on the prescription: %s left.", left.RatString()))
	default:
		return nil
	}
	e.Left = left.RatString()
	return e
}

// apply adds a record to the register's state: the same for one just made and for one read from the journal.
func (r *Register) apply(rec record) error {
	if rec.Act == takenBack {
		return r.takeBack(rec)
	}
	p, err := r.prescribed("register.replay", rec.Patient, rec.Prescription)
	if err != nil {
		return errors.New("it is about a prescription that is not among the register's files")
	}
	own := key{rec.Peer, rec.ID}
	if r.dispensed[own] != nil {
		return errors.New("the dispensation stands in the journal twice")
	}
	d := &dispensed{of: p, made: rec, note: []byte(rec.Entries)}
	if d.erased, err = p.form.nullified(d.note); err != nil {
		return err
	}
	r.dispensed[own] = d
	value := key{rec.Peer, node.Identifier{Value: rec.ID.Value}}
	r.byValue[value] = append(r.byValue[value], d)
	p.given = append(p.given, d)
	return nil
}

func (r *Register) takeBack(rec record) error {
	d := r.dispensed[key{rec.Peer, rec.ID}]
	if d == nil || d.back != nil || d.made.Prescription != rec.Prescription {
		return errors.New("it takes back what was not handed out")
	}
	d.back = &rec
	return nil
}

// receipt is the register's word for a record.
func (rec record) receipt() *node.Receipt {
	receipt := &node.Receipt{ID: rec.ID.Value, State: node.ReceiptRecorded, Dispensation: rec.ID,
		Prescription: rec.Prescription, Digest: rec.Digest, At: rec.At, Left: rec.Left, Closed: rec.Closed}
	if rec.Act == takenBack {
		receipt.State = node.ReceiptWithdrawn
	}
	return receipt
}

// resourceID is the id of the national resource for a dispensation made abroad: within FHIR's letters and length
// whatever the other country writes, and the same each time.
func resourceID(rec record) string {
	hash := sha256.Sum256([]byte(rec.Peer + "\x00" + rec.ID.System + "\x00" + rec.ID.Value))
	return "abroad-" + hex.EncodeToString(hash[:12])
}

// nationalEntries writes a dispensation as the country's own documents show it: about the patient whom the register
// knows, whatever the other country wrote beside the identifier. What would leave the prescription unreadable is refused
// before it is recorded.
func (r *Register) nationalEntries(op string, p *prescription, d *node.Dispensation, wanted record) (string, error) {
	own := *d
	own.Status, own.Prescription = "completed", p.id
	own.Patient.Identifiers = []node.Identifier{wanted.Patient}
	note, err := p.form.note(&own, resourceID(wanted))
	if err != nil {
		return "", err
	}
	source, err := p.form.document([][]byte{note}, "")
	if err == nil {
		_, err = tongues.New("", "", r.tables).Decode(source)
	}
	if err != nil {
		e := fail(op, node.Invalid, "dispensation.unreadable", "The dispensation cannot be read beside its prescription.")
		e.Err = err
		return "", e
	}
	return string(note), nil
}
