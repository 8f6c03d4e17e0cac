package node

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"sync"
	"time"

	"sild/trust"
)

// Gate stands before both faces. Its order is fixed: Peer is asked first and is cheap; then the door verifies the
// caller's evidence with that peer's keys and states a Proof; Admit decides and makes the Call. Refuse records whatever
// failed before Admit.
type Gate struct {
	Country string             // of this node, ISO 3166 alpha-2
	ID      string             // participant id and audience of this node
	List    func() *trust.List // the trust list in force; nil means that no peer is admitted
	Rules   *Rules
	Journal GateJournal
	Limits  *Limits
	Now     func() time.Time
	// Ready says why the node cannot record now (a lost database, a clock set back), or nil: then nothing is answered.
	Ready func() error
	// Issuer vouches for our own professionals; empty where no pharmacy software is served.
	Issuer string
	// PatientSystems are the identifier systems of our own patients.
	PatientSystems []string

	flood flood
}

// skew is the clock difference that is forgiven between two nodes.
const skew = 30 * time.Second

// longest is the longest life of a piece of evidence (DESIGN 10: at most five minutes).
const longest = 5 * time.Minute

// Peer finds the participant that owns the public key of a TLS client certificate, and charges its rate. It asks
// nothing but memory.
func (g *Gate) Peer(spki string) (*trust.Participant, error) {
	list := g.List()
	if list == nil {
		return nil, fail("gate.peer", Unidentified, "trust.absent", "This contact point has no valid list of partners.")
	}
	peer, ok := list.ByPin(spki)
	if !ok && !lifted("peer.listed") {
		return nil, fail("gate.peer", Unidentified, "peer.unlisted", "The calling contact point is not on the trust list.")
	}
	if peer == nil {
		return &trust.Participant{}, nil
	}
	if !g.Limits.allow(peer.ID, g.Now()) {
		return nil, fail("gate.peer", Throttled, "limit.peer", "Too many requests. Try again shortly.")
	}
	return peer, nil
}

// Admit decides on a proof. The order of the checks is the order of the table; the first that fails is recorded and
// answered. Nothing national has been asked.
func (g *Gate) Admit(ctx context.Context, proof Proof) (Call, error) {
	return g.admit(ctx, proof, peerChecks)
}

// AdmitLocal decides on a proof of one of our own professionals, vouched for by the configured issuer.
func (g *Gate) AdmitLocal(ctx context.Context, proof Proof) (Call, error) {
	return g.admit(ctx, proof, localChecks)
}

func (g *Gate) admit(ctx context.Context, proof Proof, checks []check) (Call, error) {
	if !correlation.MatchString(proof.Correlation) {
		proof.Correlation = NewCorrelation() // a stranger's text of any length has no place in our journal
	}
	for _, c := range checks {
		if lifted(c.name) {
			continue
		}
		if e := c.stops(g, &proof); e != nil {
			e.Op, e.Reason = "gate.admit", c.name
			return Call{}, g.Refuse(ctx, proof, e)
		}
	}
	return g.call(proof), nil
}

// Refuse records a refusal and gives it back as the answer. A refusal that cannot be recorded is answered as
// Unavailable: nothing is answered unlogged. In a flood the first refusal per peer, reason and minute is an event of
// its own and the rest of that minute one further event with their count.
func (g *Gate) Refuse(ctx context.Context, proof Proof, refusal error) error {
	e := AsError(refusal)
	ctx = context.WithoutCancel(ctx) // who hangs up at once is logged too
	event := g.event(proof, e)
	late, first := g.flood.note(event, g.Now())
	if err := g.write(ctx, late); err != nil {
		g.flood.forget(event)
		return unlogged("gate.refuse", err)
	}
	if !first {
		return e
	}
	if err := g.Journal.Refused(ctx, event); err != nil {
		g.flood.forget(event)
		return unlogged("gate.refuse", err)
	}
	return e
}

// write commits summaries; those that could not be written are counted again.
func (g *Gate) write(ctx context.Context, summaries []Event) error {
	for i, summary := range summaries {
		if err := g.Journal.Refused(ctx, summary); err != nil {
			g.flood.restore(summaries[i:])
			return err
		}
	}
	return nil
}

// Flush writes the counts of the minute that is running; app calls it when the node stops.
func (g *Gate) Flush(ctx context.Context) error { return g.write(ctx, g.flood.rest()) }

func (g *Gate) event(proof Proof, e *Error) Event {
	face := "A"
	if proof.Wire == "local" {
		face = "B"
	}
	return Event{
		ID: NewCorrelation(), At: g.Now().UTC(), Face: face, Verb: proof.Asked.Verb, Stage: RefusedStage,
		Corridor: g.corridor(proof), Peer: proof.Participant, Patient: proof.Asked.Patient, Person: proof.Person,
		Purpose: proof.Purpose, Counter: proof.Counter, Evidence: g.evidence(proof),
		Kind: e.Kind.String(), Reason: e.Reason, Correlation: proof.Correlation,
	}
}

func (g *Gate) corridor(proof Proof) Corridor {
	if proof.Wire == "local" {
		return Corridor{A: proof.Country, B: g.Country}
	}
	return Corridor{A: g.Country, B: g.countryOf(proof.Participant)}
}

// countryOf is the country that the trust list gives a participant; without an entry the id itself, which no rule knows.
func (g *Gate) countryOf(participant string) string {
	if list := g.List(); list != nil {
		if peer, ok := list.Participant(participant); ok {
			return peer.Country
		}
	}
	return participant
}

func (g *Gate) evidence(proof Proof) Evidence {
	e := Evidence{ID: proof.ID, Issuer: proof.Issuer, Issued: proof.Issued.UTC(), Expires: proof.Expires.UTC()}
	if list := g.List(); list != nil {
		e.TrustSequence = list.Sequence()
	}
	return e
}

func (g *Gate) call(proof Proof) Call {
	return Call{
		Verb: proof.Asked.Verb, Offer: proof.Asked.Offer, Corridor: g.corridor(proof), Peer: proof.Participant,
		Patient: proof.Patient, Person: proof.Person, Purpose: proof.Purpose, Counter: proof.Counter,
		Reply: proof.Asked.Reply, Evidence: g.evidence(proof), Correlation: proof.Correlation,
		mark: &admission{verb: proof.Asked.Verb},
	}
}

// correlation is what NewCorrelation makes.
var correlation = regexp.MustCompile(`^[0-9a-f]{32}$`)

// NewCorrelation makes an unguessable id of fixed length for an event, a request or a receipt.
func NewCorrelation() string {
	var random [16]byte
	rand.Read(random[:])
	return hex.EncodeToString(random[:])
}

func unlogged(op string, err error) error {
	return &Error{Op: op, Kind: Unavailable, Reason: "journal", Err: err,
		Detail: "This contact point cannot record the request and therefore does not answer it."}
}

// flood counts refusals so that nobody can fill the journal by being refused.
type flood struct {
	mu     sync.Mutex
	minute time.Time
	counts map[string]*Event
	owed   []Event
}

// note says whether this refusal is an event of its own, and gives back the summaries of a minute that has ended.
func (f *flood) note(event Event, now time.Time) (late []Event, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(f.minute) || f.owed != nil {
		late = f.drain()
		f.minute = minute
	}
	key := event.Peer + " " + event.Reason
	summary, seen := f.counts[key]
	if !seen {
		f.counts[key] = &Event{Peer: event.Peer, Face: event.Face, Verb: event.Verb, Stage: RefusedStage,
			Corridor: event.Corridor, Kind: event.Kind, Reason: event.Reason}
		return late, true
	}
	summary.Count++
	summary.ID, summary.At, summary.Correlation = event.ID, event.At, event.Correlation
	return late, false
}

func (f *flood) rest() []Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.drain()
}

// forget makes the next refusal of this kind the first again: this one could not be written.
func (f *flood) forget(event Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.counts, event.Peer+" "+event.Reason)
}

// restore keeps summaries of an ended minute that could not be written, for the next try.
func (f *flood) restore(summaries []Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.owed = append(f.owed, summaries...)
}

func (f *flood) drain() []Event {
	late := f.owed
	f.owed = nil
	for _, summary := range f.counts {
		if summary.Count > 0 {
			late = append(late, *summary)
		}
	}
	f.counts = map[string]*Event{}
	return late
}
