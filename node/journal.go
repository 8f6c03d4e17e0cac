package node

import (
	"context"
	"time"
)

// Stage says how far an access got.
type Stage string

// The stages of an event.
const (
	RefusedStage   Stage = "refused"
	OfferedStage   Stage = "offered"   // encoded and shelved, not yet handed over
	ReadStage      Stage = "read"      // about to be handed over
	NothingStage   Stage = "nothing"   // nothing found, for whatever reason; the reason stands in Withheld
	IntendedStage  Stage = "intended"  // a dispensation or withdrawal is about to be recorded at the register
	RecordedStage  Stage = "recorded"  // the register recorded it
	QueuedStage    Stage = "queued"    // B keeps a dispensation for delivery
	DeliveredStage Stage = "delivered" // A's receipt came back
	PostponedStage Stage = "postponed" // a try failed, another will follow
	GivenUpStage   Stage = "given-up"  // no further try; a person decides
	ActivatedStage Stage = "activated" // a terminology snapshot is in force from now on; of no patient and no person
)

// Event is one access, permitted or denied: one row and one leaf of the ledger. Times are UTC. It holds personal data
// and is encrypted at rest; the leaf is a salted commitment to it.
type Event struct {
	ID          string     `json:"id"`
	At          time.Time  `json:"at"`
	Face        string     `json:"face"` // A or B
	Verb        Verb       `json:"verb"`
	Stage       Stage      `json:"stage"`
	Corridor    Corridor   `json:"corridor"`
	Peer        string     `json:"peer,omitempty"`
	Patient     Identifier `json:"patient"`
	Person      Person     `json:"person"`
	Purpose     Purpose    `json:"purpose,omitempty"`
	Counter     Counter    `json:"counter"`
	Evidence    Evidence   `json:"evidence"`
	Documents   []string   `json:"documents,omitempty"` // identifiers of what was shown or recorded
	Hash        string     `json:"hash,omitempty"`      // SHA-256 of the bytes that leave, hex
	Release     string     `json:"release,omitempty"`   // terminology snapshot in force
	Kind        string     `json:"kind,omitempty"`      // error kind of a refusal
	Reason      string     `json:"reason,omitempty"`
	Withheld    []string   `json:"withheld,omitempty"` // rules and elements that cut; never leaves A
	Count       int        `json:"count,omitempty"`    // further refusals of the same minute that this event stands for
	Correlation string     `json:"correlation,omitempty"`
}

// GateJournal is what the Gate needs to remember.
type GateJournal interface {
	// Refused commits the event of a refusal. An error means that nothing was written.
	Refused(ctx context.Context, event Event) error
}

// Shelved is an encoded document that an offer promised, kept until it is fetched or expires. It is bound to peer and
// patient.
type Shelved struct {
	Handle  string
	Peer    string
	Patient Identifier
	ID      Identifier
	Kind    DocumentKind
	Cut     []string // elements that were withheld from it
	Encoded Encoded
	Expires time.Time
}

// Release says that a prescription was shown to a peer: only then may that peer report a dispensation on it.
type Release struct {
	Prescription Identifier
	Terminology  string // release of the snapshot by which it was carried to the pivot
	Expires      time.Time
}

// IntentState says how far A got with a dispensation or withdrawal.
type IntentState string

// The states of an intent.
const (
	IntentNew      IntentState = "new"      // this call is the first, or took over after a crash
	IntentBusy     IntentState = "busy"     // another call holds it right now
	IntentRecorded IntentState = "recorded" // done: Receipt is the first receipt
	IntentRefused  IntentState = "refused"  // finally refused: Failure says how
)

// Intent is A's durable word to itself that it is about to record. The key is (Peer, ID); Digest tells an exact replay
// from another content under the same identifier.
type Intent struct {
	Peer         string
	ID           Identifier // dispensation identifier; for a withdrawal that of the dispensation taken back
	Verb         Verb
	Digest       string // SHA-256 of the original bytes, hex
	Prescription Identifier
	Patient      Identifier
	EvidenceID   string        // spent by unique key in the same transaction
	SpentUntil   time.Time     // when the evidence expires by itself
	Lease        time.Duration // how long this call holds the intent
	State        IntentState
	Resumed      bool     // an earlier call began and did not finish: ask the register before recording
	Terminology  []string // set by the journal: the snapshots by which the prescription was carried for this peer, the last first
	Receipt      *Receipt
	Failure      *Failure
}

// Failure is a final refusal as the journal keeps it.
type Failure struct {
	Kind   Kind
	Reason string
	Detail string
	Left   string
}

// AnswerJournal is what country A's face needs to remember. No method commits only state or only its event.
type AnswerJournal interface {
	Refused(ctx context.Context, event Event) error
	// Disclosed commits the event and what it released, before the data leave.
	Disclosed(ctx context.Context, event Event, released []Release) error
	// Offered commits the event and the shelf.
	Offered(ctx context.Context, event Event, shelf []Shelved) error
	// Shelved finds a shelved document; false when there is none, it expired, or it is another peer's or patient's.
	Shelved(ctx context.Context, handle, peer string, patient Identifier) (Shelved, bool, error)
	// Intend spends the evidence and begins, resumes or finds an intent. Evidence spent before is an *Error of kind
	// Untrusted with reason proof.spent; a prescription never released to the peer is Refused with reason
	// dispense.unreleased. An intent of the same key with another digest is returned as it is, without a change.
	Intend(ctx context.Context, event Event, intent Intent) (Intent, error)
	// Settle ends an intent with its receipt or its final failure. With neither, the lease is given back.
	Settle(ctx context.Context, event Event, intent Intent) error
	// Receipt finds what was recorded under an opaque receipt id for the peer; false when there is none.
	Receipt(ctx context.Context, peer, receipt string) (Intent, bool, error)
}

// Kept is a foreign prescription that B keeps for some hours so that it can dispense on it.
type Kept struct {
	Country string // of affiliation
	ID      Identifier
	Patient Identifier
	Format  Format
	Source  []byte // as country A sent it
	Expires time.Time
	// Terminology is the release of the snapshot by which it was put into the reader's codes and words.
	Terminology string
}

// WaitingState says how far B got with a dispensation on its way home.
type WaitingState string

// The states of a waiting row.
const (
	WaitingNow      WaitingState = "waiting"
	WaitingDone     WaitingState = "delivered"
	WaitingRefused  WaitingState = "refused"   // A refused it for good; the pharmacy and the operator are told
	WaitingUnclear  WaitingState = "uncertain" // the peer promises no replay and the try ended unclear
	WaitingHandOver WaitingState = "handed-over"
)

// Waiting is a dispensation or withdrawal on its way to country A: the encoded bytes and the facts of the original
// call. A newer snapshot must not change the bytes, so they are kept as encoded.
type Waiting struct {
	ID           Identifier // of the dispensation
	Verb         Verb
	Country      string // of affiliation
	Prescription Identifier
	Patient      Identifier
	Takes        string    // packages that the row takes off the prescription, also a part: see Packages (a withdrawal gives them back)
	Left         string    // packages that were left when the prescription was fetched; for Queue only, empty where it is not to be checked
	LeftAt       time.Time // when country A was asked, before it answered; for Queue only
	Digest       string    // of the pharmacy's original bytes, hex: tells a replay from another content
	Call         Call      // without mark; may be erased with the body some days after delivery
	Body         []byte    // what is sent
	Target       string    // for a withdrawal: Own of the dispensation taken back
	State        WaitingState
	Leased       bool // nothing stands before it and this call may try it now
	Since        time.Time
	Next         time.Time
	Tries        int
	Receipt      *Receipt // A's receipt
	Own          string   // opaque id under which our pharmacy knows it
	Failure      *Failure
}

// WaitingKey names a waiting row: by the opaque id that our pharmacy was given (our own, or that of A's receipt), or by
// identifier and verb.
type WaitingKey struct {
	Opaque string
	ID     Identifier
	Verb   Verb
}

// AskJournal is what country B's face needs to remember. No method commits only state or only its event.
type AskJournal interface {
	Refused(ctx context.Context, event Event) error
	// Fetched commits the event that data from abroad are about to be shown, and keeps prescriptions for dispensing.
	Fetched(ctx context.Context, event Event, kept []Kept) error
	// Kept finds a kept prescription; false when there is none or it expired.
	Kept(ctx context.Context, country string, id Identifier) (Kept, bool, error)
	// Queue makes a waiting row durable. One of the same key (ID and verb) is returned as it is, without a change. A
	// dispensation of more than Left, less what our own rows take off the same prescription and were not delivered before LeftAt, is a
	// Conflict with what is left: two counters here must not hand out the same package while country A cannot be asked. A
	// new row that no undelivered row of the same prescription stands before is leased to the caller (Leased) until
	// Next of the row that was handed in.
	Queue(ctx context.Context, event Event, waiting Waiting) (Waiting, error)
	// Due lists what should be tried now, oldest first and at most one a prescription, so that order is kept. Those
	// it returns are leased until the given time.
	Due(ctx context.Context, now, lease time.Time, most int) ([]Waiting, error)
	// Progress commits a new state of a waiting row.
	Progress(ctx context.Context, event Event, waiting Waiting) error
	// Waiting finds a row; false when there is none.
	Waiting(ctx context.Context, key WaitingKey) (Waiting, bool, error)
}
