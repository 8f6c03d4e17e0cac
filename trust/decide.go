package trust

import "time"

// Question is one exchange about to happen, seen from the node that asks Decide.
type Question struct {
	// Participant is the id of the foreign node.
	Participant string
	// Direction is the part that the participant plays.
	Direction Direction
	Service   Service
	// A and B are the countries of affiliation and of treatment.
	A, B string
	Wire Wire
	// At is the moment of the exchange.
	At time.Time
}

// Because is the ground of a decision. The set is closed.
type Because string

// The grounds, in the order in which they are looked at. The first that applies is given.
const (
	BecauseNoList               Because = "no list"
	BecauseNotYetValid          Because = "list not yet valid"
	BecauseExpired              Because = "list expired"
	BecauseUnknownParticipant   Because = "participant not listed"
	BecauseParticipantSuspended Because = "participant suspended"
	BecauseParticipantWithdrawn Because = "participant withdrawn"
	BecauseServiceNotGranted    Because = "service not granted"
	BecauseServiceSuspended     Because = "service suspended"
	BecauseServiceWithdrawn     Because = "service withdrawn"
	BecauseDirection            Because = "direction not granted"
	BecauseCorridor             Because = "corridor not granted"
	BecauseWire                 Because = "wire not granted"
	BecauseGranted              Because = "granted"
)

// Decision answers a Question. The zero value denies.
type Decision struct {
	Permit bool
	Reason Because
	// Sequence is the number of the list that decided, for the event row.
	Sequence int64
}

// grantKey and grant are the list compiled for Decide: one lookup, then
// comparisons of bits and short slices, nothing that a caller could reach.
type grantKey struct {
	participant string
	service     Service
}

type grant struct {
	country    string
	status     Status
	directions uint8
	wires      uint8
	corridors  []Corridor
}

// Decide says whether an exchange is permitted. It depends on the list and the
// question alone, denies whatever is not granted, and takes well under a microsecond.
func (l *List) Decide(q Question) Decision {
	if l == nil {
		return Decision{Reason: BecauseNoList}
	}
	because := l.because(q)
	return Decision{Permit: because == BecauseGranted, Reason: because, Sequence: l.draft.Sequence}
}

func (l *List) because(q Question) Because {
	if q.At.Before(l.draft.Issued.Add(-Tolerance)) {
		return BecauseNotYetValid
	}
	if !q.At.Before(l.draft.NextUpdate) {
		return BecauseExpired
	}
	p, ok := l.grants[grantKey{participant: q.Participant}]
	if !ok {
		return BecauseUnknownParticipant
	}
	switch p.status {
	case StatusGranted:
	case StatusSuspended:
		return BecauseParticipantSuspended
	default:
		return BecauseParticipantWithdrawn
	}
	g, ok := l.grants[grantKey{participant: q.Participant, service: q.Service}]
	if !ok || q.Service == "" {
		return BecauseServiceNotGranted
	}
	return g.because(q)
}

func (g grant) because(q Question) Because {
	switch g.status {
	case StatusGranted:
	case StatusSuspended:
		return BecauseServiceSuspended
	default:
		return BecauseServiceWithdrawn
	}
	if g.directions&directionBit(q.Direction) == 0 {
		return BecauseDirection
	}
	if !g.runs(q) {
		return BecauseCorridor
	}
	if g.wires&wireBit(q.Wire) == 0 {
		return BecauseWire
	}
	return BecauseGranted
}

// runs demands the corridor itself and the participant on the side it claims.
func (g grant) runs(q Question) bool {
	side := q.A
	if q.Direction == Asks {
		side = q.B
	}
	if side != g.country {
		return false
	}
	for _, c := range g.corridors {
		if c.A == q.A && c.B == q.B {
			return true
		}
	}
	return false
}

func directionBit(d Direction) uint8 {
	switch d {
	case Answers:
		return 1
	case Asks:
		return 2
	}
	return 0
}

func wireBit(w Wire) uint8 {
	switch w {
	case WireFHIR:
		return 1
	case WireIHE:
		return 2
	}
	return 0
}

// compile builds the lookups from content that has passed every check. A
// participant's own status stands under the empty service.
func (l *List) compile() {
	l.byID = map[string]*Participant{}
	l.byPin = map[string]*Participant{}
	l.grants = map[grantKey]grant{}
	for i := range l.draft.Participants {
		p := &l.draft.Participants[i]
		l.byID[p.ID] = p
		for _, pin := range p.TLSClientPins {
			l.byPin[pin] = p
		}
		l.grants[grantKey{participant: p.ID}] = grant{status: p.Status}
		for _, s := range p.Services {
			l.grants[grantKey{participant: p.ID, service: s.Service}] = s.compile(p.Country)
		}
	}
}

func (s ServiceGrant) compile(country string) grant {
	g := grant{country: country, status: s.Status, corridors: append([]Corridor(nil), s.Corridors...)}
	for _, d := range s.Directions {
		g.directions |= directionBit(d)
	}
	for _, w := range s.Wires {
		g.wires |= wireBit(w)
	}
	return g
}
