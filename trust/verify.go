package trust

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"sild/internal/jose"
)

// signedType is the typ of a list's signatures, so that no other signed thing
// of the same key can pass for a list.
const signedType = "ncp-trust+jwt"

// State is what a node remembers of the lists it accepted. It is kept with the
// list's bytes in one transaction.
type State struct {
	// RootVersion is the version of the root that verified the list.
	RootVersion int64
	// Sequence and Digest identify the list.
	Sequence int64
	Digest   string
	// Seen is the latest time (UTC) at which a list was accepted; a clock that
	// stands before it has been set back.
	Seen time.Time
}

// Verify checks a signed list against the root, the state of the last accepted
// list (nil on the very first) and the time. It returns the list only if every
// check held, else an *Error. The same list again (sequence and content) is
// accepted; it may carry other signatures.
func Verify(signed []byte, root Root, last *State, now time.Time) (*List, error) {
	list, err := read(signed, root, now)
	if err != nil {
		return nil, err
	}
	if err := list.follows(root, last, now); err != nil {
		return nil, err
	}
	if err := list.fresh(now); err != nil {
		return nil, err
	}
	return list, nil
}

// read checks signatures, scheme and content: all that needs neither history
// nor the dates of the list.
func read(signed []byte, root Root, now time.Time) (*List, error) {
	if err := root.check(); err != nil {
		return nil, err
	}
	keys, all := root.keys(now)
	verified, err := jose.VerifyMany(signed, signedType, keys, root.Threshold)
	if err != nil {
		return nil, fromJOSE(err)
	}
	list, err := build(verified.Payload, all)
	if err != nil {
		return nil, err
	}
	if list.draft.Territory != root.Territory || list.draft.Environment != root.Environment {
		return nil, refuse(ReasonScheme, "territory or environment")
	}
	list.signers = verified.Signers
	return list, nil
}

// build makes an unsigned list from its payload. Sign uses it too, so nothing
// is signed that a node would refuse.
func build(payload []byte, root []jose.Key) (*List, error) {
	draft, err := decode(payload)
	if err != nil {
		return nil, err
	}
	if draft.Sequence < 1 || draft.Sequence > MaxSequence {
		return nil, refuse(ReasonSequence, "")
	}
	life := draft.NextUpdate.Sub(draft.Issued)
	if life <= 0 || life > MaxLife {
		return nil, refuse(ReasonLife, "")
	}
	if err := check(draft, root); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(payload)
	list := &List{draft: draft, digest: base64.RawURLEncoding.EncodeToString(sum[:])}
	list.compile()
	return list, nil
}

// follows compares with what was accepted before. A root of a higher version
// starts the sequence afresh, never the clock.
func (l *List) follows(root Root, last *State, now time.Time) error {
	if last == nil {
		return nil
	}
	if now.Before(last.Seen.Add(-Tolerance)) {
		return refuse(ReasonClock, "")
	}
	if root.Version < last.RootVersion {
		return refuse(ReasonRoot, "an older version than the one used before")
	}
	if root.Version > last.RootVersion {
		return nil
	}
	if l.draft.Sequence < last.Sequence {
		return refuse(ReasonRollback, "")
	}
	if l.draft.Sequence == last.Sequence && l.digest != last.Digest {
		return refuse(ReasonFork, "")
	}
	return nil
}

func (l *List) fresh(now time.Time) error {
	if now.Before(l.draft.Issued.Add(-Tolerance)) {
		return refuse(ReasonNotYetValid, "")
	}
	if !now.Before(l.draft.NextUpdate) {
		return refuse(ReasonExpired, "")
	}
	return nil
}

// after is the state once the list has been accepted. Seen never goes back.
func (l *List) after(root Root, last *State, now time.Time) State {
	s := State{RootVersion: root.Version, Sequence: l.draft.Sequence, Digest: l.digest, Seen: now.UTC()}
	if last != nil && last.Seen.After(s.Seen) {
		s.Seen = last.Seen
	}
	return s
}
