package trust_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/trust"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// scheme is a made-up trust scheme: two of three operators sign, two countries
// take part. Its keys are fresh in every test.
type scheme struct {
	t         testing.TB
	operators []jose.Signer
	root      trust.Root
	seals     map[string]crypto.Signer
	draft     trust.Draft
}

func newScheme(t testing.TB) *scheme {
	t.Helper()
	s := &scheme{t: t, seals: map[string]crypto.Signer{}}
	s.root = trust.Root{Version: 1, Territory: "EU", Environment: trust.Production, Threshold: 2}
	for i := range 3 {
		op := jose.Signer{KID: fmt.Sprintf("operator-%d", i+1), Key: newSigner(t)}
		s.operators = append(s.operators, op)
		s.root.Keys = append(s.root.Keys, trust.RootKey{
			Key: key(t, op.KID, op.Key.Public()), NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0),
		})
	}
	s.draft = trust.Draft{
		Sequence: 7, Issued: noon.Add(-time.Hour), NextUpdate: noon.Add(7 * 24 * time.Hour),
		Territory: "EU", Environment: trust.Production, Operator: "Made-up scheme",
		Participants: []trust.Participant{s.participant("EE"), s.participant("FI")},
	}
	return s
}

func (s *scheme) participant(country string) trust.Participant {
	s.t.Helper()
	s.seals[country] = newSigner(s.t)
	p := trust.Participant{
		ID: country, Country: country, Name: "Node of " + country, Address: "Main street 1",
		Contact: "mailto:duty@" + country + ".example", Website: "https://" + country + ".example/",
		Status: trust.StatusGranted, Promises: trust.Promises{ReplaySafe: true},
		TLSServerPins: []string{pin(country + " server")}, TLSClientPins: []string{pin(country + " client")},
		SealKeys: []trust.SealKey{{
			Key:       key(s.t, country+"-seal-1", s.seals[country].Public()),
			NotBefore: noon.AddDate(0, -1, 0), NotAfter: noon.AddDate(1, 0, 0), Status: trust.StatusGranted,
		}},
	}
	for _, service := range services() {
		p.Services = append(p.Services, trust.ServiceGrant{
			Service: service, Status: trust.StatusGranted,
			Directions: []trust.Direction{trust.Answers, trust.Asks},
			Corridors:  []trust.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}},
			Wires:      []trust.Wire{trust.WireFHIR, trust.WireIHE},
			Endpoints: []trust.Endpoint{
				{Wire: trust.WireFHIR, URL: "https://ncp." + lower(country) + ".example/fhir"},
				{Wire: trust.WireIHE, URL: "https://ncp." + lower(country) + ".example/ihe"},
			},
		})
	}
	return p
}

func services() []trust.Service {
	return []trust.Service{trust.PatientIdentification, trust.PatientSummary, trust.PrescriptionFetch, trust.PrescriptionDispense}
}

func lower(country string) string { return string([]byte{country[0] | 0x20, country[1] | 0x20}) }

func pin(name string) string {
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func newSigner(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func key(t testing.TB, kid string, public crypto.PublicKey) jose.Key {
	t.Helper()
	k, err := jose.NewKey(kid, public)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// payload writes the draft without judging it.
func (s *scheme) payload(d trust.Draft) []byte {
	s.t.Helper()
	raw, err := trust.Encode(d)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// force signs any payload with two operators, as if both had been deceived.
func (s *scheme) force(payload []byte) []byte {
	s.t.Helper()
	raw, err := jose.SignMany(payload, trust.SignedType, s.operators[:2]...)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// sign signs the way an operator's desk does.
func (s *scheme) sign(d trust.Draft) []byte {
	s.t.Helper()
	raw, err := trust.Sign(d, s.operators[:2]...)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

func (s *scheme) list() *trust.List {
	s.t.Helper()
	list, err := trust.Verify(s.sign(s.draft), s.root, nil, noon)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// changed is a deep copy of the draft with one change.
func (s *scheme) changed(change func(*trust.Draft)) trust.Draft {
	s.t.Helper()
	d := s.list().Draft()
	change(&d)
	return d
}

func reasonOf(err error) trust.Reason {
	var e *trust.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// memory keeps a list as a database would, and can be told to fail.
type memory struct {
	raw     []byte
	state   trust.State
	accepts int
	broken  error
}

func (m *memory) Accept(_ context.Context, raw []byte, state trust.State) error {
	if m.broken != nil {
		return m.broken
	}
	if state.RootVersion < m.state.RootVersion || state.RootVersion == m.state.RootVersion && state.Sequence < m.state.Sequence {
		return errors.New("a newer list is kept")
	}
	m.raw, m.state, m.accepts = raw, state, m.accepts+1
	return nil
}

func (m *memory) Last(context.Context) ([]byte, trust.State, error) { return m.raw, m.state, nil }
