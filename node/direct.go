package node

import (
	"context"
	"time"
)

// Direct is the Exchange that lets a whole corridor run in one process: it does what a wire does, without bytes on a
// wire. It states the caller's facts as a Proof and passes the same Gate before the same face.
type Direct struct {
	Gate   *Gate
	Face   Exchange // Answer, behind the gate
	Caller string   // participant id of the node that asks
	Now    func() time.Time
	Reply  Format // of prescriptions; summaries are EPS
}

var _ Exchange = (*Direct)(nil)

func (d *Direct) admit(ctx context.Context, call Call, verb Verb) (Call, error) {
	now := d.Now()
	reply := d.Reply
	if verb == SummaryVerb {
		reply = EPS
	}
	proof := Proof{Wire: "fhir", Participant: d.Caller, Certificate: d.Caller, Confirmation: d.Caller, Sealed: true,
		ID: NewCorrelation(), Issuer: d.Caller, Audience: []string{d.Gate.ID}, Issued: now, NotBefore: now,
		Expires: now.Add(time.Minute), Verb: verb, Patient: call.Patient, Person: call.Person, Purpose: call.Purpose,
		Counter: call.Counter, Asked: Request{Verb: verb, Offer: call.Offer, Patient: call.Patient, Reply: reply},
		Correlation: call.Correlation}
	return d.Gate.Admit(ctx, proof)
}

// FindPatient passes the gate and asks the face.
func (d *Direct) FindPatient(ctx context.Context, call Call, who Demographics) (*Patient, error) {
	admitted, err := d.admit(ctx, call, FindPatientVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.FindPatient(ctx, admitted, who)
}

// Summary passes the gate and asks the face.
func (d *Direct) Summary(ctx context.Context, call Call, ref Ref) (*Document, error) {
	admitted, err := d.admit(ctx, call, SummaryVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.Summary(ctx, admitted, ref)
}

// Prescriptions passes the gate and asks the face.
func (d *Direct) Prescriptions(ctx context.Context, call Call, filter Filter) (*Listing, error) {
	admitted, err := d.admit(ctx, call, PrescriptionsVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.Prescriptions(ctx, admitted, filter)
}

// Prescription passes the gate and asks the face.
func (d *Direct) Prescription(ctx context.Context, call Call, ref Ref) (*Document, error) {
	admitted, err := d.admit(ctx, call, PrescriptionVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.Prescription(ctx, admitted, ref)
}

// Dispense passes the gate and asks the face.
func (d *Direct) Dispense(ctx context.Context, call Call, dispensation *Document) (*Receipt, error) {
	admitted, err := d.admit(ctx, call, DispenseVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.Dispense(ctx, admitted, dispensation)
}

// Withdraw passes the gate and asks the face.
func (d *Direct) Withdraw(ctx context.Context, call Call, withdrawal Withdrawal) (*Receipt, error) {
	admitted, err := d.admit(ctx, call, WithdrawVerb)
	if err != nil {
		return nil, err
	}
	return d.Face.Withdraw(ctx, admitted, withdrawal)
}
