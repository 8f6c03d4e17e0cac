package node

import (
	"errors"
	"fmt"
)

// Kind is the closed list of ways in which a request can fail. Programs look at it; wires turn it into their codes.
type Kind int

// The kinds of error. The list only grows at its end.
const (
	Internal       Kind = iota // a fault of ours; the person at the counter can only try again
	NotFound                   // nothing found: unknown, ambiguous and restricted look alike
	Refused                    // the right caller without the right: role, purpose, consent, corridor rule
	Untrusted                  // evidence that is not signed, bound, fresh or meant for us
	Unidentified               // no evidence, or nobody that the trust list knows
	Invalid                    // a message that breaks its format
	Conflict                   // already dispensed, or the same identifier with another content
	Untranslatable             // a required slot that no map carries
	Unsupported                // a verb, format or parameter that this node does not offer
	Unavailable                // the peer or the register is down or half-answers
	Overdue                    // the deadline passed
	Throttled                  // too much from one peer, organisation or about one patient
	Uncertain                  // nobody can tell whether it was recorded: a person decides
)

var kindNames = [...]string{"internal", "not-found", "refused", "untrusted", "unidentified", "invalid", "conflict",
	"untranslatable", "unsupported", "unavailable", "overdue", "throttled", "uncertain"}

// Kinds lists every kind in order, for the tables of the wires and their tests.
func Kinds() []Kind {
	kinds := make([]Kind, len(kindNames))
	for i := range kinds {
		kinds[i] = Kind(i)
	}
	return kinds
}

// String is the kind's name on our own wire and in logs.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[Internal]
	}
	return kindNames[k]
}

// KindNamed finds a kind by its name; an unknown name is Internal and false.
func KindNamed(name string) (Kind, bool) {
	for i, known := range kindNames {
		if known == name {
			return Kind(i), true
		}
	}
	return Internal, false
}

// Error is what every verb returns when it fails. It never holds patient data: Detail is read at the counter, Reason
// and the cause by the operator, Kind by programs.
type Error struct {
	Op     string // where it happened: answer.dispense
	Kind   Kind
	Detail string // a sentence for the person at the counter, in English; pages translate it by Reason
	Reason string // stable machine word for the operator and the event: token.audience, rule.ee-fi-07
	Slot   string // for Untranslatable: the place in the record
	Left   string // for Conflict: packages that may still be dispensed, also a part such as 1/2, where known
	Err    error
}

// Error is the operator's line: operation, kind, reason and cause.
func (e *Error) Error() string {
	text := e.Op + ": " + e.Kind.String()
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	if e.Slot != "" {
		text += " at " + e.Slot
	}
	if e.Err != nil {
		text += ": " + cause(e.Err)
	}
	return text
}

// cause is what may be printed of a cause: our own errors in words, of any other only its type, because nobody knows
// whether its text holds patient data.
func cause(err error) string {
	var known *Error
	var spoken Spoken
	switch {
	case errors.As(err, &known):
		return known.Error()
	case errors.As(err, &spoken):
		return spoken.Err.Error()
	}
	return fmt.Sprintf("%T", err)
}

// Spoken marks a cause whose text is known to hold nobody's data: unlike any other cause it is printed.
type Spoken struct{ Err error }

// Error is the cause's own text.
func (s Spoken) Error() string { return s.Err.Error() }

// Unwrap gives the cause.
func (s Spoken) Unwrap() error { return s.Err }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError finds the node error in a chain; anything else becomes Internal, and its text is never printed.
func AsError(err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Op: "node", Kind: Internal, Detail: "Something went wrong at this contact point.", Reason: "internal", Err: err}
}

// KindOf is the kind of any error; nil has no kind and is a programming error, answered as Internal.
func KindOf(err error) Kind { return AsError(err).Kind }

func fail(op string, kind Kind, reason, detail string) *Error {
	return &Error{Op: op, Kind: kind, Reason: reason, Detail: detail}
}

func failf(op string, kind Kind, reason, format string, args ...any) *Error {
	return fail(op, kind, reason, fmt.Sprintf(format, args...))
}
