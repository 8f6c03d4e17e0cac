package node

import "context"

// Exchange is the one contract. A national register, a foreign node and both faces of this node can all be asked the
// same six questions, so each can stand in for the other, and one conformance suite judges them all.
//
// Every error is an *Error. A Call says who asks, for whom, for what purpose and on what proof; nothing about
// permission hides in ctx, which carries only the deadline.
type Exchange interface {
	// FindPatient answers exactly one patient with name, birth date, sex and identifiers. Nobody, several and
	// restricted are the same NotFound.
	FindPatient(ctx context.Context, call Call, who Demographics) (*Patient, error)
	// Summary answers the patient summary.
	Summary(ctx context.Context, call Call, ref Ref) (*Document, error)
	// Prescriptions lists what can be dispensed now. A patient who is unknown, ambiguous or restricted has an empty
	// listing, as one without prescriptions has.
	Prescriptions(ctx context.Context, call Call, filter Filter) (*Listing, error)
	// Prescription answers one prescription in full.
	Prescription(ctx context.Context, call Call, ref Ref) (*Document, error)
	// Dispense records a dispensation. The same one again gets the same receipt; the same identifier with another
	// content is a Conflict.
	Dispense(ctx context.Context, call Call, dispensation *Document) (*Receipt, error)
	// Withdraw takes back a dispensation recorded by mistake. The issuing country may refuse it.
	Withdraw(ctx context.Context, call Call, withdrawal Withdrawal) (*Receipt, error)
}

// Demographics are the traits that a country's search mask asks for besides the identifier.
type Demographics struct {
	BirthDate string // FHIR date; empty when not given
}

// Filter narrows a listing.
type Filter struct {
	Status Status // empty or Active: only what can be dispensed is ever listed abroad
}
