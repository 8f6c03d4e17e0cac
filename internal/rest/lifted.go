//go:build lifted

package rest

import (
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"sild/internal/fhir"
	"sild/node"
)

// unverified reads the payload of a token whose signature does not hold, because a test lifted the check.
func unverified(token string) ([]byte, error) {
	_, rest, _ := strings.Cut(token, ".")
	body, _, _ := strings.Cut(rest, ".")
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(body, "="))
	if err != nil {
		return nil, &node.Error{Op: "rest.token", Kind: node.Untrusted, Reason: "token.malformed", Err: err,
			Detail: "The call token cannot be read."}
	}
	return payload, nil
}

// assumed makes up the evidence of a request that brings none, as its sender would have: from the connection and from
// the message.
func assumed(g *node.Gate, c caller, m *message) (evidence, error) {
	p, now := m.proof(c), g.Now()
	if m.inside {
		if err := firstPatient(m.body, &p); err != nil {
			return evidence{proof: p}, err
		}
	}
	p.Sealed, p.ID, p.Issuer, p.Audience, p.Confirmation = true, node.NewCorrelation(), c.participant, []string{g.ID}, c.certificate
	p.Issued, p.NotBefore, p.Expires = now, now, now.Add(time.Minute)
	p.Verb, p.Patient, p.Purpose = p.Asked.Verb, p.Asked.Patient, node.Treatment
	nobody := node.Identifier{System: "urn:sild:lifted", Value: "nobody"}
	p.Person = node.Person{ID: nobody, Role: "2262", Permissions: node.Verbs(), Organisation: node.Organisation{ID: nobody}}
	p.Counter = node.Counter{IdentitySeen: true, PatientInformed: true}
	return evidence{proof: p}, nil
}

func firstPatient(body []byte, p *node.Proof) error {
	d, err := fhir.Tongue{}.Decode(body)
	if err != nil {
		return err
	}
	if len(d.Patient.Identifiers) > 0 {
		p.Asked.Patient = d.Patient.Identifiers[0]
	}
	return nil
}

// introduce believes the token about who stands at a connection that no listed key opened.
func introduce(g *node.Gate, c *caller, token string) {
	if c.participant != "" || !lifted("peer.listed") {
		return
	}
	payload, err := unverified(token)
	if err != nil {
		return
	}
	var claims callClaims
	if json.Unmarshal(payload, &claims) != nil {
		return
	}
	if peer, ok := g.List().Participant(claims.Issuer); ok {
		c.participant, c.keys = peer.ID, peer.Keys(g.Now())
	}
}
