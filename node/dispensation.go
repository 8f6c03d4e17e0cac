package node

import "time"

// Dispensation is what a pharmacy abroad handed out on a prescription.
type Dispensation struct {
	ID           Identifier // given by the country of treatment; with the peer it is the key of idempotency
	Status       string     // completed, or entered-in-error when withdrawn
	Prescription Identifier // the item it was handed out on, byte for byte as A wrote it
	Group        Identifier // the prescription that the item was written on, where the source tells them apart
	Item         Identifier // the document's own number for what was handed out, where it differs from ID
	Patient      Patient
	Pharmacist   Practitioner
	Medication   Medication  // as it was handed out
	Prescribed   *Medication // as the dispenser repeats what was prescribed: evidence, never the product handed out
	Packages     string      // number of packages handed out, a plain positive integer as text
	HandedOver   string      // FHIR dateTime
	Recorded     string      // FHIR dateTime
	Substituted  *bool
	Notes        []string
	// Takes is how much of the prescription it uses up, in packages of the prescribed size, exactly: 2, or a part such as
	// 1/2. Both faces count it; empty where nobody has yet.
	Takes string
	// ByAmount says that Takes was told by what the packages hold, and not by their number.
	ByAmount bool
	// Compared says that what the packages hold was compared, also where no package counts for less than one.
	Compared bool
	// OtherContent says that one item (a syringe, an ampoule) holds another amount than was prescribed, and that no dose is
	// measured out of it: it is another product.
	OtherContent bool
	// ClosesRemainder is set by A's corridor rule: what is not handed out lapses.
	ClosesRemainder bool
}

// Withdrawal takes back a dispensation that was recorded by mistake.
type Withdrawal struct {
	Receipt string // the opaque id of the receipt for the dispensation
	Source  []byte // the message as it came, for the digest
}

// ReceiptState says how far a dispensation has come.
type ReceiptState string

// The states of a receipt. ReceiptWaiting is B's word to its own pharmacy: durable here, not yet recorded at A.
const (
	ReceiptRecorded  ReceiptState = "recorded"
	ReceiptWithdrawn ReceiptState = "withdrawn"
	ReceiptWaiting   ReceiptState = "waiting"
)

// Receipt is country A's word that a dispensation is recorded. Body is the receipt as it travels, stored once and
// returned byte for byte to every exact replay.
type Receipt struct {
	ID           string // opaque
	State        ReceiptState
	Dispensation Identifier
	Prescription Identifier
	Digest       string    // sha-256 of the dispensation's original bytes, hex
	At           time.Time // UTC
	Left         string    // packages of the prescribed size that may still be dispensed; also a part, such as 1/2
	Closed       string    // the rule by which a remainder lapsed, if one did
	Signed       bool
	Replayed     bool // this is an exact replay's answer
	Body         []byte
}
