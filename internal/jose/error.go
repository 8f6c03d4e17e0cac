package jose

// Reason says why something signed was refused. The list is closed.
type Reason string

// The reasons, in the order in which the checks run.
const (
	// ReasonSize means more bytes, signatures or depth than the limits allow.
	ReasonSize Reason = "size"
	// ReasonMalformed means not a strict JSON web signature or not strict JSON:
	// duplicate or unknown members, trailing bytes, non-canonical base64url.
	ReasonMalformed Reason = "malformed"
	// ReasonCritical means a critical extension or an unencoded payload.
	ReasonCritical Reason = "critical"
	// ReasonAlgorithm means an algorithm off the allow-list or not the key's own.
	ReasonAlgorithm Reason = "algorithm"
	// ReasonType means a document made for another purpose.
	ReasonType Reason = "type"
	// ReasonKey means an unknown key identifier or a key that is not acceptable.
	ReasonKey Reason = "key"
	// ReasonSignature means a signature that does not hold, or a signer that failed.
	ReasonSignature Reason = "signature"
	// ReasonThreshold means too few distinct keys among the valid signatures.
	ReasonThreshold Reason = "threshold"
)

// Error is every error of this package. It carries nothing of what was read,
// because a refused document is a stranger's text and may name a patient.
type Error struct{ Reason Reason }

// Error says the reason in a sentence for the operator.
func (e *Error) Error() string { return "jose: " + e.Reason.sentence() }

func (r Reason) sentence() string {
	switch r {
	case ReasonSize:
		return "larger, deeper or signed more often than allowed"
	case ReasonMalformed:
		return "not a strict JSON web signature"
	case ReasonCritical:
		return "asks for an extension that is not understood"
	case ReasonType:
		return "made for another purpose"
	case ReasonAlgorithm:
		return "algorithm not allowed for the key"
	case ReasonKey:
		return "key unknown or not acceptable"
	case ReasonSignature:
		return "signature does not hold"
	case ReasonThreshold:
		return "too few distinct signers"
	}
	return "refused"
}

func refuse(r Reason) error { return &Error{Reason: r} }
