package trust

import (
	"errors"

	"sild/internal/jose"
)

// Reason says why a list was refused. The set is closed.
type Reason string

// The reasons.
const (
	// ReasonRoot means no usable root, another root than the fingerprint names,
	// or an older root than the one that was used before.
	ReasonRoot Reason = "root"
	// ReasonSize means larger or deeper than any honest list.
	ReasonSize Reason = "size"
	// ReasonMalformed means not strict JSON, not strict JWS or not this profile.
	ReasonMalformed Reason = "malformed"
	// ReasonAlgorithm means a signature algorithm that the key may not use.
	ReasonAlgorithm Reason = "algorithm"
	// ReasonSignature means a signature that does not hold.
	ReasonSignature Reason = "signature"
	// ReasonThreshold means too few distinct operators whose keys are in force.
	ReasonThreshold Reason = "threshold"
	// ReasonScheme means a list of another type, territory or environment.
	ReasonScheme Reason = "scheme"
	// ReasonSequence means a sequence number outside its bounds.
	ReasonSequence Reason = "sequence"
	// ReasonRollback means an older list than the one accepted before.
	ReasonRollback Reason = "rollback"
	// ReasonFork means the same sequence number over other content: two lists
	// exist, and an operator must find out who signed both.
	ReasonFork Reason = "fork"
	// ReasonClock means that the clock stands before a time already seen.
	ReasonClock Reason = "clock"
	// ReasonNotYetValid means issued in the future.
	ReasonNotYetValid Reason = "not yet valid"
	// ReasonExpired means past its next update.
	ReasonExpired Reason = "expired"
	// ReasonLife means a next update before the issue or more than MaxLife after it.
	ReasonLife Reason = "life"
	// ReasonCountry means a country or node id outside the allow-list.
	ReasonCountry Reason = "country"
	// ReasonDuplicate means a country, id, kid, key, pin or host that stands twice.
	ReasonDuplicate Reason = "duplicate"
	// ReasonKeyUse means one key in two uses: seal, TLS and root stay apart.
	ReasonKeyUse Reason = "key use"
	// ReasonEndpoint means an address that the node must never connect to.
	ReasonEndpoint Reason = "endpoint"
	// ReasonContent means any other rule of the profile.
	ReasonContent Reason = "content"
	// ReasonNoList means that no list has been accepted yet.
	ReasonNoList Reason = "no list"
	// ReasonKeeper means that the accepted list could not be kept or read back.
	ReasonKeeper Reason = "keeper"
)

// Error is every error of this package.
type Error struct {
	Reason Reason
	// Place points into the list ("participant 2, seal key 1"), counted from 1.
	// It never quotes what stands there.
	Place string
	// Cause is the error below, if any.
	Cause error
}

// Error says reason and place for the operator.
func (e *Error) Error() string {
	out := "trust: list refused: " + string(e.Reason)
	if e.Place != "" {
		out += ": " + e.Place
	}
	if e.Cause != nil {
		out += ": " + e.Cause.Error()
	}
	return out
}

// Unwrap gives the error below.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is compare reasons, whatever the place.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Reason == e.Reason
}

func refuse(r Reason, place string) error { return &Error{Reason: r, Place: place} }

// fromJOSE names a refusal of the signature layer in the words of this package.
func fromJOSE(err error) error {
	var e *jose.Error
	if !errors.As(err, &e) {
		return &Error{Reason: ReasonMalformed, Cause: err}
	}
	reason := ReasonMalformed
	switch e.Reason {
	case jose.ReasonSize:
		reason = ReasonSize
	case jose.ReasonType:
		reason = ReasonScheme
	case jose.ReasonAlgorithm:
		reason = ReasonAlgorithm
	case jose.ReasonSignature:
		reason = ReasonSignature
	case jose.ReasonThreshold:
		reason = ReasonThreshold
	}
	return &Error{Reason: reason, Cause: err}
}
