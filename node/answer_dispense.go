package node

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"sild/translation"
)

// lease is how long one call may hold an intent; after it another call takes over and asks the register first.
const lease = 30 * time.Second

// Dispense records a dispensation that was made abroad. The same bytes under the same identifier get the first receipt
// again; other bytes are a Conflict. It does not ask the patient's rights again: the medicine was handed out on a
// prescription that was shown with the patient's consent, and a record that is lost harms more than one that is kept.
// That the prescription was released to this peer is checked in the same transaction that begins the intent.
func (a *Answer) Dispense(ctx context.Context, call Call, in *Document) (*Receipt, error) {
	const op = "answer.dispense"
	a = a.pinned()
	if err := call.admitted(op, DispenseVerb); err != nil {
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
	intent, receipt, err := a.intend(ctx, op, call, DispenseVerb, in.Source, d.Dispensation)
	if err != nil || receipt != nil {
		return receipt, err
	}
	if intent.Resumed {
		known, found, err := a.Recall.Dispensed(ctx, call.Outward(), intent.ID, DispenseVerb)
		if err != nil {
			return nil, a.uncertain(ctx, op, call, intent, err)
		}
		if found {
			return a.settle(ctx, op, call, intent, known)
		}
	}
	if err := a.prepare(ctx, op, call, d, intent.Terminology); err != nil {
		return nil, a.giveUp(ctx, op, call, intent, err)
	}
	recorded, err := a.Register.Dispense(ctx, call.Outward(), d)
	if err != nil {
		return nil, a.giveUp(ctx, op, call, intent, err)
	}
	return a.settle(ctx, op, call, intent, recorded)
}

// read decodes a message about a dispensation and compares its patient with the call's before anything else.
func (a *Answer) read(op string, call Call, in *Document, kind DocumentKind) (*Document, error) {
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
	if !d.about(call.Patient) && !lifted("document.patient") {
		return nil, fail(op, Untrusted, "document.patient", "The message is about another patient than the request.")
	}
	if e := performed(call, d.Dispensation); e != nil && kind == ADispensation {
		e.Op = op
		return nil, e
	}
	return d, nil
}

// sensible checks what a dispensation says about itself.
func sensible(d *Dispensation, now time.Time) *Error {
	packages, ok := Decimal(d.Packages)
	recorded, dated := moment(d.Recorded)
	switch {
	case lifted("dispensation.sense"):
		return nil
	case d.ID.IsZero() || d.Prescription.IsZero():
		return fail("", Invalid, "dispensation.id", "The dispensation names neither itself nor its prescription.")
	case !ok || packages.Sign() <= 0 || !packages.IsInt():
		return fail("", Invalid, "dispensation.packages", "The number of packages must be a positive whole number.")
	case !dated || recorded.After(now.Add(skew)):
		return fail("", Invalid, "dispensation.recorded", "The time of recording is missing or lies in the future.")
	case d.Pharmacist.ID.Value == "" || d.Pharmacist.Organisation.ID.Value == "":
		return fail("", Invalid, "dispensation.performer", "The dispensation names no pharmacist or pharmacy.")
	}
	return nil
}

// timely refuses a dispensation that was recorded or handed over before the prescription was written, or later than now.
func timely(p *Prescription, d *Dispensation, now time.Time) *Error {
	written, known := moment(p.Authored)
	if isDay(p.Authored) {
		written = written.Add(-12 * time.Hour) // the day began earlier in the east
	}
	for _, text := range []string{d.Recorded, d.HandedOver} {
		at, ok := moment(text)
		if isDay(text) {
			at = at.Add(24 * time.Hour)
		}
		if text != "" && (!ok || (known && at.Before(written)) || at.After(now.Add(24*time.Hour))) {
			return fail("", Invalid, "dispensation.time", "The dispensation is dated before its prescription or in the future.")
		}
	}
	handed, ok := moment(d.HandedOver)
	if !ok {
		handed, ok = moment(d.Recorded)
	}
	if ok && !covers(p.Valid, handed) {
		return fail("", Refused, "dispensation.validity", "The prescription was not valid when the medicine was handed out.")
	}
	return nil
}

// performed refuses a dispensation in another pharmacy's name than the one that signed in for it.
func performed(call Call, d *Dispensation) *Error {
	named := d.Pharmacist.Organisation.ID
	if lifted("dispensation.organisation") || named.Value == "" || named == call.Person.Organisation.ID {
		return nil
	}
	return fail("", Invalid, "dispensation.organisation", "The dispensation names another pharmacy than the one that sends it.")
}

// intend begins, resumes or finds the intent. A receipt that comes back ends the matter.
func (a *Answer) intend(ctx context.Context, op string, call Call, verb Verb, source []byte, d *Dispensation) (Intent, *Receipt, error) {
	wanted := Intent{Peer: call.Peer, ID: d.ID, Verb: verb, Digest: digest(source),
		Prescription: d.Prescription, Patient: call.Patient, EvidenceID: call.Evidence.ID,
		SpentUntil: call.Evidence.Expires.Add(2 * skew), Lease: lease}
	event := a.event(call, IntendedStage)
	event.Documents, event.Hash = []string{d.Prescription.Value, d.ID.Value}, wanted.Digest
	intent, err := a.Journal.Intend(ctx, event, wanted)
	var known *Error
	if err != nil && !errors.As(err, &known) {
		return intent, nil, unlogged(op, err)
	}
	if err != nil {
		return intent, nil, a.refuse(ctx, call, err)
	}
	switch {
	case intent.Digest != wanted.Digest:
		return intent, nil, a.refuse(ctx, call, otherContent(op))
	case intent.State == IntentRecorded:
		receipt := *intent.Receipt
		receipt.Replayed = true
		return intent, &receipt, nil
	case intent.State == IntentRefused:
		f := intent.Failure
		return intent, nil, a.refuse(ctx, call, &Error{Op: op, Kind: f.Kind, Reason: f.Reason, Detail: f.Detail, Left: f.Left})
	case intent.State == IntentBusy:
		return intent, nil, a.refuse(ctx, call, fail(op, Unavailable, "dispensation.busy", "The same dispensation is being recorded right now. Send it again."))
	}
	return intent, nil, nil
}

// prepare fetches the prescription, applies the corridor's rules for dispensing and takes the codes home.
func (a *Answer) prepare(ctx context.Context, op string, call Call, d *Document, made []string) error {
	national, err := a.Register.Prescription(ctx, call.Outward(), Ref{ID: d.Dispensation.Prescription})
	if err != nil {
		return err
	}
	source, err := a.Tongue.Decode(national.Source)
	if err != nil || source.Prescription() == nil {
		return &Error{Op: op, Kind: Unavailable, Reason: "register.unreadable", Detail: "The prescription cannot be read.", Err: err}
	}
	p := source.Prescription()
	if !source.about(call.Patient) || p.ID != d.Dispensation.Prescription {
		return fail(op, NotFound, "patient.other", noPrescription)
	}
	if rule, ok := a.Rules.Withholds(call.Corridor, p); ok {
		return fail(op, NotFound, rule.ID, noPrescription)
	}
	if e := forbidden(p, d.Dispensation); e != nil {
		e.Op = op
		return e
	}
	if e := timely(p, d.Dispensation, a.Now()); e != nil {
		e.Op = op
		return e
	}
	if err := a.enough(op, call, p, d.Dispensation, made); err != nil {
		return err
	}
	return a.home(op, p, d, made)
}

// enough compares what was handed out with what is left, and applies the rule for a part.
func (a *Answer) enough(op string, call Call, p *Prescription, d *Dispensation, made []string) error {
	if p.Status != Active || nothingRemains(p) {
		e := fail(op, Conflict, "dispensation.nothing-left", "The prescription has already been dispensed or is closed.")
		e.Left = "0"
		return e
	}
	left, _ := remains(p)
	order := count(a.tables(made), a.Country, p, d).Cmp(left)
	switch {
	case order > 0:
		return tooMuch(op, p, d, left)
	case order == 0:
		return nil
	}
	rule, known := a.Rules.Of(call.Corridor, "dispense", "partial")
	switch {
	case !known || rule.Effect == "refuse":
		e := fail(op, Refused, "rule."+rule.ID, "Only the whole prescription can be dispensed.")
		e.Left = left.RatString()
		return e
	case rule.Effect == "close":
		d.ClosesRemainder = true
	}
	return nil
}

// tables are the snapshots by which a message is judged: those by which the prescription was carried and that are still
// there, and then the one in force.
func (a *Answer) tables(made []string) []*translation.Catalogue {
	var list []*translation.Catalogue
	for _, release := range made {
		if before := snapshotBefore(a.Snapshot, a.Catalogue(), release); before != nil {
			list = append(list, before)
		}
	}
	return append(list, a.Catalogue())
}

// home takes the codes of a dispensation back to our own. What was carried by a snapshot that is still there is judged by
// it, or else by the one in force: a table that has changed meanwhile must not turn a medicine that was handed out as
// prescribed into another one.
func (a *Answer) home(op string, p *Prescription, d *Document, made []string) error {
	for _, release := range made {
		before := snapshotBefore(a.Snapshot, a.Catalogue(), release)
		if before == nil {
			continue
		}
		trial, err := a.Tongue.Decode(d.Source)
		if err != nil {
			continue
		}
		trial.Dispensation.ByAmount, trial.Dispensation.Compared, trial.Dispensation.OtherContent = d.Dispensation.ByAmount, d.Dispensation.Compared, d.Dispensation.OtherContent
		if a.homeBy(before, p, trial) == nil {
			return during(op, a.homeBy(before, p, d))
		}
	}
	return during(op, a.homeBy(a.Catalogue(), p, d))
}

// homeBy takes the codes home by one snapshot. Country A's own code is found again only where the pivot code is unchanged
// since A sent it and the snapshot gives the same pivot code for it; a substituted or repackaged product never gets the
// prescribed product's national id.
func (a *Answer) homeBy(catalogue *translation.Catalogue, p *Prescription, d *Document) *Error {
	if e := require(d); e != nil {
		return e
	}
	if e := contradiction(catalogue, d); e != nil {
		return e
	}
	handed := d.Dispensation
	if e := sameSubstances(catalogue, a.Country, &p.Medication, &handed.Medication); e != nil {
		return e
	}
	for _, slot := range d.Slots {
		catalogue.Home(a.Country, slot)
	}
	if e := refused(catalogue, d); e != nil {
		return e
	}
	if e := sameProduct(catalogue, a.Country, &p.Medication, handed); e != nil {
		return e
	}
	f := &Finder{Catalogue: catalogue, Corridor: Corridor{B: a.Country}}
	repackaged := otherSize(p.Medication.Package.Items, handed.Medication.Package.Items) || handed.ByAmount && handed.Takes != handed.Packages ||
		handed.OtherContent || !f.sameContent(&p.Medication, &handed.Medication)
	if handed.Substituted == nil || *handed.Substituted || repackaged {
		withoutProduct(&handed.Medication)
	}
	return nil
}

// during names the operation in a refusal; none is nil.
func during(op string, e *Error) error {
	if e == nil {
		return nil
	}
	e.Op = op
	return e
}

// withoutProduct takes every number that names the product itself from a medicine.
func withoutProduct(m *Medication) {
	m.Product, m.Generic = nil, nil
	for i := range m.Package.Levels {
		m.Package.Levels[i].Product = nil
	}
	for i := range m.Parts {
		withoutProduct(&m.Parts[i])
	}
}

// settle turns the register's word into the receipt that is kept and returned byte for byte.
func (a *Answer) settle(ctx context.Context, op string, call Call, intent Intent, recorded *Receipt) (*Receipt, error) {
	receipt := *recorded
	receipt.ID = NewCorrelation()
	receipt.Dispensation, receipt.Prescription, receipt.Digest = intent.ID, intent.Prescription, intent.Digest
	receipt.Signed = true
	if rule, ok := a.Rules.Of(call.Corridor, "dispense", "partial"); ok && receipt.Closed != "" {
		receipt.Closed = rule.ID
	}
	seal, err := a.Seal(ReceiptClaims(a.Country, &receipt))
	if err != nil {
		return nil, a.uncertain(ctx, op, call, intent, err)
	}
	if receipt.Body, err = a.Tongue.EncodeReceipt(&receipt, seal); err != nil {
		return nil, a.uncertain(ctx, op, call, intent, err)
	}
	event := a.event(call, RecordedStage)
	event.Documents, event.Hash = []string{intent.Prescription.Value, intent.ID.Value}, intent.Digest
	intent.State, intent.Receipt = IntentRecorded, &receipt
	if err := a.Journal.Settle(context.WithoutCancel(ctx), event, intent); err != nil {
		return nil, unlogged(op, err)
	}
	return &receipt, nil
}

// ReceiptClaims is what a receipt's seal signs: who says that what is recorded, over which bytes, when, and what is
// left.
func ReceiptClaims(country string, r *Receipt) []byte {
	claims, err := json.Marshal(struct {
		Issuer       string     `json:"iss"`
		ID           string     `json:"jti"`
		At           int64      `json:"iat"`
		State        string     `json:"state"`
		Dispensation Identifier `json:"dispensation"`
		Prescription Identifier `json:"prescription"`
		Digest       string     `json:"digest"`
		Left         string     `json:"left"`
		Closed       string     `json:"closed,omitempty"`
	}{country, r.ID, r.At.Unix(), string(r.State), r.Dispensation, r.Prescription, r.Digest, r.Left, r.Closed})
	if err != nil {
		panic("receipt claims are plain strings: " + err.Error())
	}
	return claims
}

// giveUp ends an intent. A refusal that will not change is kept, so that the same dispensation gets it again; a
// register that is down or did not answer in time leaves the intent open for the next try.
func (a *Answer) giveUp(ctx context.Context, op string, call Call, intent Intent, cause error) error {
	e := AsError(cause)
	event := a.event(call, RefusedStage)
	event.Documents = []string{intent.Prescription.Value, intent.ID.Value}
	event.Kind, event.Reason = e.Kind.String(), e.Reason
	if final(e.Kind) {
		intent.State = IntentRefused
		intent.Failure = &Failure{Kind: e.Kind, Reason: e.Reason, Detail: e.Detail, Left: e.Left}
	}
	if err := a.Journal.Settle(context.WithoutCancel(ctx), event, intent); err != nil {
		return unlogged(op, err)
	}
	return e
}

// final says that asking again with the same content cannot end otherwise.
func final(kind Kind) bool {
	switch kind {
	case Conflict, Refused, Invalid, Untranslatable, NotFound, Unsupported:
		return true
	}
	return false
}

// uncertain leaves the intent open: whether the register recorded it is asked again at the next try.
func (a *Answer) uncertain(ctx context.Context, op string, call Call, intent Intent, cause error) error {
	return a.giveUp(ctx, op, call, intent, &Error{Op: op, Kind: Unavailable, Reason: "dispensation.unclear", Err: cause,
		Detail: "It is not clear yet whether the dispensation is recorded. It will be asked again."})
}

// Withdraw takes back a dispensation that was recorded by mistake, where the corridor and the register allow it.
func (a *Answer) Withdraw(ctx context.Context, call Call, withdrawal Withdrawal) (*Receipt, error) {
	const op = "answer.withdraw"
	if err := call.admitted(op, WithdrawVerb); err != nil {
		return nil, err
	}
	d, err := a.read(op, call, &Document{Source: withdrawal.Source}, AWithdrawal)
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	made, found, err := a.Journal.Receipt(ctx, call.Peer, withdrawal.Receipt)
	if err != nil {
		return nil, unlogged(op, err)
	}
	if !found || made.Verb != DispenseVerb || made.Patient != call.Patient || made.ID != d.Dispensation.ID {
		return nil, a.refuse(ctx, call, fail(op, NotFound, "receipt.none", "There is no such dispensation to take back."))
	}
	if rule, ok := a.Rules.Of(call.Corridor, "withdraw", "register"); ok && rule.Effect == "refuse" {
		return nil, a.refuse(ctx, call, fail(op, Refused, "rule."+rule.ID, rule.Sentence))
	}
	d.Dispensation.Prescription = made.Prescription
	intent, receipt, err := a.intend(ctx, op, call, WithdrawVerb, withdrawal.Source, d.Dispensation)
	if err != nil || receipt != nil {
		return receipt, err
	}
	if intent.Resumed {
		known, found, err := a.Recall.Dispensed(ctx, call.Outward(), intent.ID, WithdrawVerb)
		if err != nil {
			return nil, a.uncertain(ctx, op, call, intent, err)
		}
		if found {
			return a.settle(ctx, op, call, intent, known)
		}
	}
	recorded, err := a.Register.Withdraw(ctx, call.Outward(), Withdrawal{Receipt: made.ID.Value, Source: withdrawal.Source})
	if err != nil {
		return nil, a.giveUp(ctx, op, call, intent, err)
	}
	return a.settle(ctx, op, call, intent, recorded)
}
