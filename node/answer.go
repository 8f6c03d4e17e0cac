package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"sild/translation"
)

// Answer is country A's face: it answers for the people insured here. Every verb runs in the same order: admitted by
// the Gate, entitled by the patient's rights, asked of the register, released by the corridor's rules, carried to the
// pivot, encoded, committed to the journal, returned. No receipt, no data.
type Answer struct {
	Country   string
	Register  Exchange
	Rights    Rights
	Recall    Recall
	Rules     *Rules
	Catalogue func() *translation.Catalogue // the snapshot in force
	// Snapshot finds a snapshot that was in force when a document was made, or nil when it is gone. It may be nil where
	// the tables never change while the node runs.
	Snapshot func(release string) *translation.Catalogue
	Tongue   Tongue
	Journal  AnswerJournal
	Limits   *Limits
	Now      func() time.Time
	// Seal signs a receipt's payload with the node's seal key and gives a compact JWS.
	Seal func(payload []byte) (string, error)
	// Quiet is the least time that "nothing found" takes, so that unknown, ambiguous and restricted cannot be told
	// apart by time. It must be longer than the register's usual answer.
	Quiet time.Duration
	// ShelfLife is how long an offered document can be fetched; ReportLife how long after a fetch a dispensation
	// may be reported.
	ShelfLife, ReportLife time.Duration
}

// Rights is the national service of consents and restrictions.
type Rights interface {
	// Entitled says what the patient lets this caller see. A patient nobody knows is entitled to everything, of which
	// there is nothing. An *Error of kind Unavailable when the service does not answer: then nothing is shown.
	Entitled(ctx context.Context, call Call) (Entitlement, error)
}

// Entitlement is what a patient's consents and restrictions leave.
type Entitlement struct {
	Hidden    bool     // restricted or opted out: must look as if nothing were recorded
	NoConsent bool     // a known patient without the consent that the corridor requires
	Elements  []string // withheld elements of documents: section:11450-4, address
	Reason    string   // for the ledger of A only
}

// Recall asks the register whether it knows a dispensation, for the time after a crash between record and receipt.
type Recall interface {
	// Dispensed finds the register's own record of a dispensation or of its withdrawal; false when the register is
	// sure that there is none. An error means that it cannot tell.
	Dispensed(ctx context.Context, call Call, dispensation Identifier, verb Verb) (*Receipt, bool, error)
}

// NewAnswer checks that nothing is missing that the corridor's data does not declare as "none".
func NewAnswer(a Answer) (*Answer, error) {
	switch {
	case a.Register == nil:
		return nil, fmt.Errorf("country %s: no register", a.Country)
	case a.Rights == nil:
		return nil, fmt.Errorf("country %s: no service of consents and restrictions", a.Country)
	case a.Recall == nil:
		return nil, fmt.Errorf("country %s: the register must be able to say whether it knows a dispensation", a.Country)
	case a.Rules == nil || a.Catalogue == nil || a.Tongue == nil || a.Journal == nil || a.Now == nil || a.Seal == nil:
		return nil, fmt.Errorf("country %s: rules, catalogue, tongue, journal, clock and seal are all needed", a.Country)
	}
	return &a, nil
}

var _ Exchange = (*Answer)(nil)

// snapshotBefore finds the snapshot of a release that is not in force any more, or nothing.
func snapshotBefore(find func(string) *translation.Catalogue, now *translation.Catalogue, release string) *translation.Catalogue {
	if find == nil || release == "" || release == now.Release() || release == now.Tables() {
		return nil
	}
	return find(release)
}

// pinned is this face with the snapshot of this moment: one call is answered by one snapshot, whatever is activated
// meanwhile.
func (a *Answer) pinned() *Answer {
	one, catalogue := *a, a.Catalogue()
	one.Catalogue = func() *translation.Catalogue { return catalogue }
	return &one
}

// tablesOf is the release by which the tables of an answer are found again: that of the snapshot alone, since properties
// and medicines that came with it may be replaced meanwhile.
func (a *Answer) tablesOf(release string) string {
	if now := a.Catalogue(); release == now.Release() {
		return now.Tables()
	}
	return release
}

// carriedBy is the release of the snapshot that made an answer: of one from the shelf, that of the offer.
func (a *Answer) carriedBy(out *Encoded) string {
	if out.Report == nil {
		return a.Catalogue().Release()
	}
	return out.Report.Release
}

const nobodyFound = "No patient was found with these details."

// FindPatient answers the one patient who bears the identifier of the call, with the birth date where the corridor's
// search mask asks for it.
func (a *Answer) FindPatient(ctx context.Context, call Call, who Demographics) (*Patient, error) {
	const op = "answer.find-patient"
	began := a.Now()
	if err := call.admitted(op, FindPatientVerb); err != nil {
		return nil, err
	}
	if a.Limits.exhausted(call.Peer+" "+call.Person.Organisation.ID.Value, began) {
		return nil, fail(op, Throttled, "limit.failures", "Too many patients were not found. Try again later.")
	}
	right, err := a.entitle(ctx, op, call)
	if err != nil {
		return nil, err
	}
	if right.Hidden {
		return nil, a.nobody(ctx, op, call, began, right.Reason)
	}
	patient, err := a.Register.FindPatient(ctx, call.Outward(), who)
	if KindIs(err, NotFound) {
		return nil, a.nobody(ctx, op, call, began, AsError(err).Reason)
	}
	if err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	if !patient.Has(call.Patient) || a.otherBirthDate(call, who, patient) {
		return nil, a.nobody(ctx, op, call, began, "patient.mask")
	}
	if err := a.adult(op, call, patient); err != nil {
		return nil, a.refuse(ctx, call, err)
	}
	minimal := &Patient{Identifiers: []Identifier{call.Patient}, Family: patient.Family, Given: patient.Given,
		BirthDate: patient.BirthDate, Sex: patient.Sex}
	if err := a.Journal.Disclosed(ctx, a.event(call, ReadStage), nil); err != nil {
		return nil, unlogged(op, err)
	}
	return minimal, nil
}

// KindIs says that an error is of a kind; nil is of none.
func KindIs(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// entitle asks the patient's rights, and nothing else.
func (a *Answer) entitle(ctx context.Context, op string, call Call) (Entitlement, error) {
	right, err := a.Rights.Entitled(ctx, call.Outward())
	if err != nil {
		return right, a.refuse(ctx, call, err)
	}
	if e := a.consented(op, call, right); e != nil {
		a.Limits.failing(call.Peer+" "+call.Person.Organisation.ID.Value, a.Now())
		return right, a.refuse(ctx, call, e)
	}
	return right, nil
}

// consented refuses where the corridor requires a consent that a known patient has not given. It has an answer of its
// own, unlike a restriction, and is charged like a patient who was not found.
func (a *Answer) consented(op string, call Call, right Entitlement) *Error {
	rule, ok := a.Rules.Of(call.Corridor, "entitle", "consent")
	if !right.NoConsent || right.Hidden || !ok || rule.Effect != "require" {
		return nil
	}
	return fail(op, Refused, "rule."+rule.ID, rule.Sentence)
}

// nobody is the one answer for unknown, ambiguous and restricted patients: the same words, the same event path and
// the same least time.
func (a *Answer) nobody(ctx context.Context, op string, call Call, began time.Time, reason string) error {
	a.Limits.failing(call.Peer+" "+call.Person.Organisation.ID.Value, began)
	event := a.event(call, NothingStage)
	event.Withheld = []string{reason}
	if err := a.Journal.Disclosed(ctx, event, nil); err != nil {
		return unlogged(op, err)
	}
	if err := a.hush(ctx, op, began); err != nil {
		return err
	}
	return fail(op, NotFound, "patient.none", nobodyFound)
}

// hush waits until "nothing found" has taken its least time and a random part of it more. Timers end on the millisecond
// after the work that came before them, so that without the random part the least time would tell how long that work
// took.
func (a *Answer) hush(ctx context.Context, op string, began time.Time) error {
	rest := a.Quiet + rand.N(a.Quiet/4+1) - a.Now().Sub(began)
	if rest <= 0 {
		return nil
	}
	timer := time.NewTimer(rest)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &Error{Op: op, Kind: Overdue, Reason: "deadline", Detail: "The answer took too long.", Err: ctx.Err()}
	}
}

func (a *Answer) otherBirthDate(call Call, who Demographics, patient *Patient) bool {
	_, asked := a.Rules.Of(call.Corridor, "search", "birth-date")
	return (asked || who.BirthDate != "") && who.BirthDate != patient.BirthDate
}

// adult applies the corridor's least age, where it has one. An unknown birth date is not an adult's.
func (a *Answer) adult(op string, call Call, patient *Patient) *Error {
	rule, ok := a.Rules.Of(call.Corridor, "entitle", "age")
	if !ok {
		return nil
	}
	born, err := time.Parse(time.DateOnly, patient.BirthDate)
	var years int
	if _, bad := fmt.Sscanf(rule.Value, "%d", &years); bad == nil && err == nil && !born.AddDate(years, 0, 0).After(a.Now()) {
		return nil
	}
	return fail(op, Refused, "rule."+rule.ID, rule.Sentence)
}

// refuse commits the refusal and gives it back.
func (a *Answer) refuse(ctx context.Context, call Call, refusal error) error {
	e := AsError(refusal)
	event := a.event(call, RefusedStage)
	event.Kind, event.Reason = e.Kind.String(), e.Reason
	if err := a.Journal.Refused(context.WithoutCancel(ctx), event); err != nil {
		return unlogged(e.Op, err)
	}
	return e
}

func (a *Answer) event(call Call, stage Stage) Event { return eventOf(call, stage, "A", a.Now()) }

func eventOf(call Call, stage Stage, face string, now time.Time) Event {
	return Event{ID: NewCorrelation(), At: now.UTC(), Face: face, Verb: call.Verb, Stage: stage,
		Corridor: call.Corridor, Peer: call.Peer, Patient: call.Patient, Person: call.Person, Purpose: call.Purpose,
		Counter: call.Counter, Evidence: call.Evidence, Correlation: call.Correlation}
}
