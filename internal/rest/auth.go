package rest

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/node"
)

// Authenticator finds out who stands behind a request. There are two: PeerAuth for other contact points and LocalAuth
// for the software of our own pharmacies and clinics.
type Authenticator interface {
	// approach looks at the connection only, before a byte of the message is read.
	approach(g *node.Gate, r *http.Request) (caller, error)
	// prove reads the evidence of a request and states it in a proof that holds already what is asked.
	prove(g *node.Gate, r *http.Request, c caller, m *message) (evidence, error)
	// admit lets the gate decide.
	admit(ctx context.Context, g *node.Gate, p node.Proof) (node.Call, error)
	// local says that the callers are our own people: other routes are served, and nothing is kept from them.
	local() bool
}

// caller is who stands at the other end of the connection.
type caller struct {
	wire, participant, certificate string
	keys                           []jose.Key
	sequence                       int64 // of the trust list that named the keys
}

// evidence is what a request proves: the claims as a proof, and the moment of the act that a later delivery reports.
type evidence struct {
	proof node.Proof
	actAt time.Time
}

// PeerAuth admits other contact points: mutual TLS with a listed client key, and a call token signed with a listed
// seal key. The zero value is ready.
type PeerAuth struct {
	seen seen
}

func (a *PeerAuth) local() bool { return false }

func (a *PeerAuth) approach(g *node.Gate, r *http.Request) (caller, error) {
	c := caller{wire: "fhir"}
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return c, &node.Error{Op: "rest.peer", Kind: node.Unidentified, Reason: "peer.certificate",
			Detail: "The calling contact point shows no certificate."}
	}
	leaf, now := r.TLS.PeerCertificates[0], g.Now()
	c.certificate = keys.Thumbprint(leaf.Raw)
	list, pin := g.List(), keys.SPKI(leaf)
	if listed, ok := list.ByPin(pin); ok {
		c.participant = listed.ID // so that the event of a refusal names the peer
	}
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		if err := stop(node.Unidentified, "peer.certificate", "The calling contact point's certificate is not valid now."); err != nil {
			return c, err
		}
	}
	peer, err := g.Peer(pin)
	if err != nil {
		return c, err
	}
	c.participant, c.keys = peer.ID, peer.Keys(now)
	if list != nil {
		c.sequence = list.Sequence()
	}
	return c, nil
}

func (a *PeerAuth) prove(g *node.Gate, r *http.Request, c caller, m *message) (evidence, error) {
	found := evidence{proof: m.proof(c)}
	token, err := bearer(r.Header)
	if err != nil {
		if lifted("token.present") {
			return assumed(g, c, m)
		}
		return found, err
	}
	introduce(g, &c, token)
	claims, err := a.claims(token, c, g.Now())
	if err != nil {
		return found, err
	}
	claims.state(&found.proof)
	found.proof.Participant, found.proof.Sealed, found.actAt = c.participant, true, claims.actAt()
	if m.inside {
		found.proof.Asked.Patient = found.proof.Patient
	}
	return found, nil
}

// claims reads a token that one of the caller's keys has signed, now or earlier in the token's life.
func (a *PeerAuth) claims(token string, c caller, now time.Time) (*callClaims, error) {
	m := markOf(token, c.participant, c.sequence)
	payload, err := a.recall(m, token, c, now)
	kid := ""
	if payload == nil {
		payload, kid, err = verified(token, CallType, c.keys)
	}
	if err != nil {
		return nil, err
	}
	var claims callClaims
	if err := decodeClaims(payload, &claims); err != nil {
		return nil, err
	}
	if !claims.sane(now.Add(time.Minute)) {
		return nil, badClaims(nil)
	}
	if kid != "" && claims.Verb != node.DispenseVerb && claims.Verb != node.WithdrawVerb {
		a.seen.keep(m, signature{kid: kid, until: moment(claims.Expires)})
	}
	return &claims, nil
}

// recall gives the payload of a token whose signature held before, if the key is still in force.
func (a *PeerAuth) recall(m mark, token string, c caller, now time.Time) ([]byte, error) {
	kid, known := a.seen.find(m, now)
	if !known || !slices.ContainsFunc(c.keys, func(k jose.Key) bool { return k.KID == kid }) {
		return nil, nil
	}
	_, rest, _ := strings.Cut(token, ".")
	body, _, _ := strings.Cut(rest, ".")
	return base64.RawURLEncoding.DecodeString(body)
}

func (a *PeerAuth) admit(ctx context.Context, g *node.Gate, p node.Proof) (node.Call, error) {
	return g.Admit(ctx, p)
}
