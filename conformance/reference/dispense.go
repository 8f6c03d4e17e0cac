package reference

import (
	"context"
	"strconv"

	"sild/conformance"
	"sild/node"
)

// message reads a message about a dispensation and holds its patient against the call's.
func message(op string, call node.Call, source []byte, kind node.DocumentKind) (*node.Dispensation, error) {
	d, err := Tongue{}.Decode(source)
	if err != nil {
		return nil, err
	}
	if d.Kind != kind || d.Dispensation == nil || d.Dispensation.ID.IsZero() {
		return nil, fail(op, node.Invalid, "document.kind", "The message is not what the request says it is.")
	}
	if !d.Patient.Has(call.Patient) {
		return nil, fail(op, node.Untrusted, "document.patient", "The message is about another patient than the request.")
	}
	return d.Dispensation, nil
}

// Dispense records a dispensation once. The same bytes get the first receipt, other bytes under the same identifier a
// Conflict.
func (c *Country) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	const op = "reference.dispense"
	if err := c.enter(ctx, call, node.DispenseVerb); err != nil {
		return nil, err
	}
	if in == nil {
		return nil, fail(op, node.Invalid, "document.none", "There is no message.")
	}
	handed, err := message(op, call, in.Source, node.ADispensation)
	if err != nil {
		return nil, err
	}
	packages, ok := node.Decimal(handed.Packages)
	if !ok || packages.Sign() <= 0 || !packages.IsInt() {
		return nil, fail(op, node.Invalid, "dispensation.packages", "The number of packages must be a positive whole number.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.dispensations[handed.ID]; known != nil {
		return again(op, known, digest(in.Source))
	}
	e := c.prescriptions[handed.Prescription]
	if e == nil || !e.record.Patient.Has(call.Patient) || e.excluded {
		return nil, fail(op, node.NotFound, "prescription.none", noPrescription)
	}
	took, closed, err := c.enough(op, e, int(packages.Num().Int64()))
	if err != nil {
		return nil, err
	}
	return c.record(call, handed, digest(in.Source), took, closed)
}

// again answers a dispensation that is known already.
func again(op string, known *dispensed, digest string) (*node.Receipt, error) {
	if known.receipt.Digest != digest {
		return nil, fail(op, node.Conflict, "dispensation.other-content",
			"A dispensation with this identifier and another content is already known.")
	}
	receipt := known.receipt
	receipt.Replayed = true
	return &receipt, nil
}

// enough compares what was handed out with what is left. It gives how many packages are used up by that and the rule
// by which a rest lapses, if one does.
func (c *Country) enough(op string, e *entry, packages int) (took int, closed string, err error) {
	left := strconv.Itoa(e.left)
	switch {
	case e.left == 0 || e.record.Status != node.Active:
		e := fail(op, node.Conflict, "dispensation.nothing-left", "The prescription has already been dispensed or is closed.")
		e.Left = "0"
		return 0, "", e
	case packages > e.left:
		e := fail(op, node.Conflict, "dispensation.too-much", "More packages than are left on the prescription.")
		e.Left = left
		return 0, "", e
	case packages == e.left || c.options.Part == conformance.PartKept:
		return packages, "", nil
	case c.options.Part == conformance.PartRefused:
		return 0, "", fail(op, node.Refused, "rule.reference-part", "Only the whole prescription can be dispensed.")
	}
	return e.left, "reference-part", nil
}

// record counts the packages and writes the receipt. The caller holds the lock.
func (c *Country) record(call node.Call, handed *node.Dispensation, digest string, took int, closed string) (*node.Receipt, error) {
	e := c.prescriptions[handed.Prescription]
	receipt := node.Receipt{ID: node.NewCorrelation(), State: node.ReceiptRecorded, Dispensation: handed.ID,
		Prescription: handed.Prescription, Digest: digest, At: c.options.Now().UTC(), Left: strconv.Itoa(e.left - took),
		Closed: closed}
	body, err := Tongue{}.EncodeReceipt(&receipt, "")
	if err != nil {
		return nil, fail("reference.dispense", node.Internal, "receipt", "The receipt cannot be written.")
	}
	receipt.Body = body
	e.left -= took
	d := &dispensed{id: handed.ID, patient: call.Patient, prescription: handed.Prescription, took: took, receipt: receipt}
	c.dispensations[handed.ID], c.receipts[receipt.ID] = d, d
	return &receipt, nil
}

// Withdraw takes a dispensation back, where the country allows it.
func (c *Country) Withdraw(ctx context.Context, call node.Call, withdrawal node.Withdrawal) (*node.Receipt, error) {
	const op = "reference.withdraw"
	if err := c.enter(ctx, call, node.WithdrawVerb); err != nil {
		return nil, err
	}
	taken, err := message(op, call, withdrawal.Source, node.AWithdrawal)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.receipts[withdrawal.Receipt]
	if d == nil || d.id != taken.ID || d.patient != call.Patient {
		return nil, fail(op, node.NotFound, "receipt.none", "There is no such dispensation to take back.")
	}
	if !c.options.Withdraws {
		return nil, fail(op, node.Refused, "rule.reference-withdraw", "A dispensation cannot be taken back here.")
	}
	if d.withdrawal != nil {
		receipt := *d.withdrawal
		receipt.Replayed = true
		return &receipt, nil
	}
	e := c.prescriptions[d.prescription]
	receipt := node.Receipt{ID: node.NewCorrelation(), State: node.ReceiptWithdrawn, Dispensation: d.id,
		Prescription: d.prescription, Digest: digest(withdrawal.Source), At: c.options.Now().UTC(),
		Left: strconv.Itoa(e.left + d.took)}
	if receipt.Body, err = (Tongue{}).EncodeReceipt(&receipt, ""); err != nil {
		return nil, fail(op, node.Internal, "receipt", "The receipt cannot be written.")
	}
	e.left += d.took
	d.withdrawal = &receipt
	copied := receipt
	return &copied, nil
}
