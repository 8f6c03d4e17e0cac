// Package trust holds the list of foreign contact points: who they are, which
// keys are theirs and what they may ask or answer. The list is a profile of
// ETSI TS 119 602 (lists of trusted entities) in JSON, signed by a threshold of
// operators whose keys stand in a root that every node receives out of band.
//
// A node opens its kept list with Open, takes newer ones in with Refresh and
// asks Decide before every exchange. An operator makes a list with Sign and
// reads one with Show. Verify is what all of them rest on: it is a pure function
// of the bytes, the root, what was accepted before and the time.
//
// A decision needs no network and no lock: a List never changes, and whatever
// it does not grant in so many words is denied.
package trust

import (
	"iter"
	"slices"
	"time"

	"sild/internal/jose"
)

// Status says whether a participant, a grant or a key is in force.
type Status string

// The statuses. Only StatusGranted permits anything.
const (
	StatusGranted   Status = "granted"
	StatusSuspended Status = "suspended"
	StatusWithdrawn Status = "withdrawn"
)

// Service is one thing a node can be asked.
type Service string

// The services of the corridor.
const (
	PatientIdentification Service = "PatientIdentification"
	PatientSummary        Service = "PatientSummary"
	PrescriptionFetch     Service = "PrescriptionFetch"
	PrescriptionDispense  Service = "PrescriptionDispense"
)

// Direction is the part a participant plays in an exchange.
type Direction string

const (
	// Answers means country of affiliation: the record lives there.
	Answers Direction = "A"
	// Asks means country of treatment: the pharmacy or clinic is there.
	Asks Direction = "B"
)

// Wire is a protocol between two nodes.
type Wire string

// The wires.
const (
	WireFHIR Wire = "fhir"
	WireIHE  Wire = "ihe"
)

// Environment keeps lists of exercises and of real patients apart.
type Environment string

// The environments. Loopback endpoints are accepted in Demo only.
const (
	Production Environment = "production"
	Test       Environment = "test"
	Demo       Environment = "demo"
)

// Corridor is an ordered pair: A answers, B asks. Both are ISO 3166-1 alpha-2.
type Corridor struct{ A, B string }

// Endpoint is where a participant answers over one wire. The URL is https.
type Endpoint struct {
	Wire Wire
	URL  string
}

// ServiceGrant says how one service of one participant may be used.
type ServiceGrant struct {
	Service    Service
	Status     Status
	Directions []Direction
	Corridors  []Corridor
	Wires      []Wire
	// Endpoints has one entry per wire if the participant answers, else none.
	Endpoints []Endpoint
}

// SealKey is a signature key of a participant. It is never a TLS key.
type SealKey struct {
	Key jose.Key
	// NotBefore is the first and NotAfter the last moment (UTC) at which
	// signatures of the key are accepted.
	NotBefore, NotAfter time.Time
	Status              Status
}

// Promises are facts about a participant's software that others may rely on.
type Promises struct {
	// ReplaySafe means that the same bytes may be sent again: the second
	// arrival gets the first answer and changes nothing.
	ReplaySafe bool
}

// Participant is one node on the list. Participants that a List hands out are
// shared and must not be changed; Draft gives copies.
type Participant struct {
	// ID is the country code, or the country code, a hyphen and A-Z or 0-9.
	ID string
	// Country is ISO 3166-1 alpha-2, upper case, a member of the EU or EEA.
	Country string
	// Name, Address, Contact and Website are for people. Contact is a mailto:
	// and Website an https: address; nothing connects to them.
	Name, Address, Contact, Website string
	Status                          Status
	Services                        []ServiceGrant
	// TLSServerPins and TLSClientPins are SHA-256 digests of the
	// SubjectPublicKeyInfo in base64url without padding.
	TLSServerPins, TLSClientPins []string
	SealKeys                     []SealKey
	Promises                     Promises
}

// Draft is the content of a list that nobody has signed yet.
type Draft struct {
	// Sequence grows with every list; the first is 1.
	Sequence int64
	// Issued and NextUpdate are UTC, in whole seconds; NextUpdate is at most
	// MaxLife later, and after it the list permits nothing.
	Issued, NextUpdate time.Time
	// Territory and Environment must be those of the root.
	Territory   string
	Environment Environment
	// Operator is the name of whoever runs the scheme.
	Operator     string
	Participants []Participant
}

// List is a verified trust list. It never changes and is safe for any number of
// goroutines. A nil List denies everything.
type List struct {
	draft   Draft
	digest  string
	signers []string
	byID    map[string]*Participant
	byPin   map[string]*Participant
	grants  map[grantKey]grant
}

// Sequence is the number of the list.
func (l *List) Sequence() int64 { return l.draft.Sequence }

// Issued is the moment (UTC) at which the list was issued.
func (l *List) Issued() time.Time { return l.draft.Issued }

// NextUpdate is the moment (UTC) from which the list permits nothing.
func (l *List) NextUpdate() time.Time { return l.draft.NextUpdate }

// Territory is the territory of the scheme, for example EU.
func (l *List) Territory() string { return l.draft.Territory }

// Environment says whether real patients are concerned.
func (l *List) Environment() Environment { return l.draft.Environment }

// Digest is the SHA-256 of the signed payload in base64url. It does not depend
// on who signed, so a further signature does not make another list.
func (l *List) Digest() string { return l.digest }

// Signers are the thumbprints of the distinct root keys whose signatures held.
func (l *List) Signers() []string { return slices.Clone(l.signers) }

// Participants walks over the list in its own order.
func (l *List) Participants() iter.Seq[*Participant] {
	return func(yield func(*Participant) bool) {
		for i := range l.draft.Participants {
			if !yield(&l.draft.Participants[i]) {
				return
			}
		}
	}
}

// Participant finds a node by its id, in any status.
func (l *List) Participant(id string) (*Participant, bool) {
	if l == nil {
		return nil, false
	}
	p, ok := l.byID[id]
	return p, ok
}

// ByPin finds the node whose TLS client key has this digest (SHA-256 of the
// SubjectPublicKeyInfo, base64url). Server pins and seal keys are not looked at:
// a key admits only in the use it is listed for.
func (l *List) ByPin(spki string) (*Participant, bool) {
	if l == nil {
		return nil, false
	}
	p, ok := l.byPin[spki]
	return p, ok
}

// Draft returns an independent copy of the content, from which an operator
// makes the next list.
func (l *List) Draft() Draft {
	out := l.draft
	out.Participants = slices.Clone(l.draft.Participants)
	for i := range out.Participants {
		p := &out.Participants[i]
		p.TLSServerPins = slices.Clone(p.TLSServerPins)
		p.TLSClientPins = slices.Clone(p.TLSClientPins)
		p.SealKeys = slices.Clone(p.SealKeys)
		p.Services = slices.Clone(p.Services)
		for j := range p.Services {
			g := &p.Services[j]
			g.Directions = slices.Clone(g.Directions)
			g.Corridors = slices.Clone(g.Corridors)
			g.Wires = slices.Clone(g.Wires)
			g.Endpoints = slices.Clone(g.Endpoints)
		}
	}
	return out
}

// Keys returns the seal keys that are in force at a moment, for checking what
// the participant signed.
func (p *Participant) Keys(at time.Time) []jose.Key {
	out := make([]jose.Key, 0, len(p.SealKeys))
	for _, k := range p.SealKeys {
		if k.Status == StatusGranted && !at.Before(k.NotBefore) && !at.After(k.NotAfter) {
			out = append(out, k.Key)
		}
	}
	return out
}

// Endpoint returns the address at which the participant answers a service over
// a wire. It grants nothing; Decide does.
func (p *Participant) Endpoint(s Service, w Wire) (string, bool) {
	for _, g := range p.Services {
		if g.Service != s {
			continue
		}
		for _, e := range g.Endpoints {
			if e.Wire == w {
				return e.URL, true
			}
		}
	}
	return "", false
}
