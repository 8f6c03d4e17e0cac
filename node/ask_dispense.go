package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"sild/translation"
)

// Dispense records a dispensation made here. It is checked against the prescription, encoded, made durable, and only
// then sent; the receipt says whether country A has recorded it or it still waits. It is never lost and never sent
// with other bytes.
func (a *Ask) Dispense(ctx context.Context, call Call, in *Document) (*Receipt, error) {
	const op = "ask.dispense"
	a = a.pinned()
	peer, call, err := a.open(ctx, op, call, DispenseVerb)
	if err != nil {
		return nil, err
	}
	d, err := a.read(op, call, in, ADispensation)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if e := sensible(d.Dispensation, a.Now()); e != nil {
		e.Op = op
		return nil, a.refuse(ctx, call, e)
	}
	if receipt, known, err := a.before(ctx, op, call, in.Source, WaitingKey{ID: d.Dispensation.ID, Verb: DispenseVerb}); known {
		return receipt, err
	}
	row := Waiting{ID: d.Dispensation.ID, Verb: DispenseVerb, Prescription: d.Dispensation.Prescription, Digest: digest(in.Source)}
	if err := a.validate(ctx, op, call, d, &row); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	out, err := a.Tongue.Encode(d, MPD, nil, Loss(d, a.Catalogue().Release()))
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	row.Body = out.Body()
	return a.send(ctx, op, peer, call, row)
}

// before finds what the same message led to earlier: the prescription may have changed since, the answer has not.
func (a *Ask) before(ctx context.Context, op string, call Call, source []byte, key WaitingKey) (*Receipt, bool, error) {
	row, found, err := a.Journal.Waiting(ctx, key)
	if err != nil {
		return nil, true, unlogged(op, err)
	}
	if !found {
		return nil, false, nil
	}
	if row.Digest != digest(source) {
		return nil, true, a.refuse(ctx, call, otherContent(op))
	}
	if err := a.Journal.Fetched(ctx, a.event(call, QueuedStage), nil); err != nil {
		return nil, true, unlogged(op, err)
	}
	receipt, err := a.outcome(op, row, true)
	return receipt, true, err
}

func otherContent(op string) *Error {
	return fail(op, Conflict, "dispensation.other-content", "A dispensation with this identifier and another content is already known.")
}

func digest(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

func (a *Ask) read(op string, call Call, in *Document, kind DocumentKind) (*Document, error) {
	if in == nil {
		return nil, fail(op, Invalid, "document.none", "The request carries no message.")
	}
	d, err := a.Tongue.Decode(in.Source)
	if err != nil {
		return nil, err
	}
	if d.Kind != kind || d.Dispensation == nil || d.Format.InCDA() != in.Format.InCDA() {
		return nil, fail(op, Invalid, "document.kind", "The message is not what the request says it is.")
	}
	if !d.about(call.Patient) {
		return nil, fail(op, Invalid, "document.patient", "The message is about another patient than the request.")
	}
	if e := performed(call, d.Dispensation); e != nil && kind == ADispensation {
		e.Op = op
		return nil, e
	}
	d.At = a.Now().UTC()
	return d, nil
}

// validate holds the dispensation against the prescription that was fetched for it, and notes in the row what it takes
// off the prescription.
func (a *Ask) validate(ctx context.Context, op string, call Call, d *Document, row *Waiting) error {
	handed := d.Dispensation
	kept, ok, err := a.Journal.Kept(ctx, call.Corridor.A, handed.Prescription)
	if err != nil {
		return &Error{Op: op, Kind: Unavailable, Reason: "journal", Detail: "The prescription cannot be read back.", Err: err}
	}
	if !ok || kept.Patient != call.Patient {
		return fail(op, NotFound, "prescription.unfetched", "Fetch the prescription before dispensing on it.")
	}
	source, err := a.Tongue.Decode(kept.Source)
	if err != nil || source.Prescription() == nil {
		return &Error{Op: op, Kind: Internal, Reason: "kept.unreadable", Detail: "The kept prescription cannot be read.", Err: err}
	}
	p := source.Prescription()
	left, ok := remains(p)
	if !ok {
		return &Error{Op: op, Kind: Internal, Reason: "kept.unreadable", Detail: "The kept prescription does not say how much is left."}
	}
	if err := a.permits(op, call, p, handed, kept.Terminology); err != nil {
		return err
	}
	row.Left, row.LeftAt, row.Takes = left.RatString(), kept.Expires.Add(-a.KeepLife), handed.Takes
	if rule, _ := a.Rules.Of(call.Corridor, "dispense", "partial"); rule.Effect == "close" {
		row.Takes = row.Left // what is not handed out lapses
	}
	return during(op, a.outward(call, kept, p, d))
}

// outward takes the codes of a dispensation to the pivot: by the snapshot with which the pharmacy was shown the prescription,
// where that is still there, or else by the one in force. What was shown must be dispensable after the tables have changed.
func (a *Ask) outward(call Call, kept Kept, p *Prescription, d *Document) *Error {
	if before := snapshotBefore(a.Snapshot, a.Catalogue(), kept.Terminology); before != nil {
		earlier := *a
		earlier.Catalogue = func() *translation.Catalogue { return before }
		trial, err := a.Tongue.Decode(d.Source)
		if err != nil {
			return a.outwardBy(call, p, d)
		}
		trial.Dispensation.ByAmount, trial.Dispensation.Compared, trial.Dispensation.OtherContent = d.Dispensation.ByAmount, d.Dispensation.Compared, d.Dispensation.OtherContent
		if earlier.outwardBy(call, p, trial) == nil {
			a.Catalogue = earlier.Catalogue // of this call alone: see pinned
		}
	}
	return a.outwardBy(call, p, d)
}

func (a *Ask) outwardBy(call Call, p *Prescription, d *Document) *Error {
	if e := require(d); e != nil {
		return e
	}
	catalogue, handed := a.Catalogue(), d.Dispensation
	if e := contradiction(catalogue, d); e != nil {
		return e
	}
	for _, slot := range d.Slots {
		catalogue.ToPivot(a.Country, slot)
	}
	if e := refused(catalogue, d); e != nil {
		return e
	}
	if e := sameSubstances(catalogue, a.Country, &p.Medication, &handed.Medication); e != nil {
		return e
	}
	if e := sameProduct(catalogue, a.Country, &p.Medication, handed); e != nil {
		return e
	}
	return a.listed(call, p, &handed.Medication)
}

// permits checks amounts and substitution; A will check again. The amounts are counted by the snapshot with which the
// pharmacy was shown the prescription, or else by the one in force.
func (a *Ask) permits(op string, call Call, p *Prescription, d *Dispensation, shown string) error {
	tables := []*translation.Catalogue{a.Catalogue()}
	if before := snapshotBefore(a.Snapshot, a.Catalogue(), shown); before != nil {
		tables = append([]*translation.Catalogue{before}, tables...)
	}
	left, _ := remains(p)
	order := count(tables, a.Country, p, d).Cmp(left)
	if order > 0 {
		return tooMuch(op, p, d, left)
	}
	if rule, known := a.Rules.Of(call.Corridor, "dispense", "partial"); order < 0 && (!known || rule.Effect == "refuse") {
		e := fail(op, Refused, "rule."+rule.ID, "Only the whole prescription can be dispensed.")
		e.Left = left.RatString()
		return e
	}
	if e := forbidden(p, d); e != nil {
		e.Op = op
		return e
	}
	if e := timely(p, d, a.Now()); e != nil {
		e.Op = op
		return e
	}
	return nil
}

// send makes a waiting row durable and tries it at once, if nothing of the same prescription stands before it.
func (a *Ask) send(ctx context.Context, op string, peer Exchange, call Call, w Waiting) (*Receipt, error) {
	now := a.Now().UTC()
	call.Evidence.ActAt = now
	w.Patient = call.Patient
	w.Country, w.Call, w.State, w.Since, w.Own = call.Corridor.A, call.Outward(), WaitingNow, now, NewCorrelation()
	w.Next = now.Add(lease)
	event := a.event(call, QueuedStage)
	event.Documents, event.Hash = []string{w.Prescription.Value, w.ID.Value}, digest(w.Body)
	queued, err := a.Journal.Queue(context.WithoutCancel(ctx), event, w)
	if KindIs(err, Conflict) {
		return nil, a.refuse(ctx, call, err)
	}
	if err != nil {
		return nil, unlogged(op, err)
	}
	if queued.Digest != w.Digest {
		return nil, a.refuse(ctx, call, otherContent(op))
	}
	replay := queued.Own != w.Own
	if queued.Leased {
		if queued, err = a.try(ctx, peer, queued); err != nil {
			return nil, err
		}
	}
	return a.outcome(op, queued, replay)
}

// outcome is what the pharmacy hears about a row.
func (a *Ask) outcome(op string, w Waiting, replay bool) (*Receipt, error) {
	switch w.State {
	case WaitingDone:
		receipt := *w.Receipt
		receipt.Replayed = replay
		return &receipt, nil
	case WaitingRefused:
		f := w.Failure
		return nil, &Error{Op: op, Kind: f.Kind, Reason: f.Reason, Detail: f.Detail, Left: f.Left}
	case WaitingUnclear:
		return nil, fail(op, Uncertain, "dispensation.unclear", "Nobody can tell whether the other country has recorded this. The operator decides.")
	}
	waiting := &Receipt{ID: w.Own, State: ReceiptWaiting, Dispensation: w.ID, Prescription: w.Prescription,
		Digest: digest(w.Body), At: w.Since, Replayed: replay}
	body, err := a.Tongue.EncodeReceipt(waiting, "")
	if err != nil {
		return nil, err
	}
	waiting.Body = body
	return waiting, nil
}

// Withdraw takes back a dispensation made here. Whether the counter may do so is a rule of the corridor.
func (a *Ask) Withdraw(ctx context.Context, call Call, withdrawal Withdrawal) (*Receipt, error) {
	const op = "ask.withdraw"
	peer, call, err := a.open(ctx, op, call, WithdrawVerb)
	if err != nil {
		return nil, err
	}
	if rule, ok := a.Rules.Of(call.Corridor, "withdraw", "counter"); !ok || rule.Effect == "refuse" {
		sentence := rule.Sentence
		if !ok {
			sentence = "A dispensation cannot be taken back between these countries."
		}
		return nil, a.refuse(ctx, call, fail(op, Refused, "rule."+rule.ID, sentence))
	}
	d, err := a.read(op, call, &Document{Source: withdrawal.Source}, AWithdrawal)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	made, found, err := a.Journal.Waiting(ctx, WaitingKey{Opaque: withdrawal.Receipt})
	if err != nil {
		return nil, unlogged(op, err)
	}
	if !found || made.Verb != DispenseVerb || made.ID != d.Dispensation.ID || made.Patient != call.Patient || made.State == WaitingRefused {
		return nil, a.refuse(ctx, call, fail(op, NotFound, "receipt.none", "There is no such dispensation to take back."))
	}
	if own := made.Call.Person.Organisation.ID; !own.IsZero() && own != call.Person.Organisation.ID {
		return nil, a.refuse(ctx, call, fail(op, NotFound, "receipt.none", "There is no such dispensation to take back."))
	}
	catalogue := a.Catalogue()
	for _, slot := range d.Slots {
		catalogue.ToPivot(a.Country, slot)
	}
	out, err := a.Tongue.Encode(d, MPD, nil, Loss(d, catalogue.Release()))
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	return a.send(ctx, op, peer, call, Waiting{ID: made.ID, Verb: WithdrawVerb, Prescription: made.Prescription, Takes: made.Takes,
		Digest: digest(withdrawal.Source), Body: out.Body(), Target: made.Own})
}

// lastTry bounds one attempt, so that a slow peer cannot hold the counter or the queue.
const lastTry = 20 * time.Second
