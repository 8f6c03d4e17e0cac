package node_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/mappings"
	"sild/node"
	"sild/translation"
	"sild/trust"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock is a time that only a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// catalogue is the translation catalogue that ships, read once.
var catalogue = sync.OnceValue(func() *translation.Catalogue {
	c, err := translation.Load(mappings.Files())
	if err != nil {
		panic(err)
	}
	return c
})

var shippedRules = sync.OnceValue(func() *node.Rules {
	r, err := node.LoadRules(mappings.Files())
	if err != nil {
		panic(err)
	}
	return r
})

// world is one corridor in one process: country A with its register, gate and face, country B with its gate and face,
// and the line between them.
type world struct {
	t        testing.TB
	a, b     string
	clock    *clock
	list     *trust.List
	scheme   *scheme
	register *register
	aJournal *journal
	bJournal *journal
	gateA    *node.Gate
	gateB    *node.Gate
	answer   *node.Answer
	ask      *node.Ask
	line     *line
}

// in builds the corridor A→B; change may alter both faces before they are made.
func in(t testing.TB, a, b string, change ...func(*node.Answer, *node.Ask)) *world {
	t.Helper()
	w := &world{t: t, a: a, b: b, clock: &clock{at: noon}, scheme: newScheme(t)}
	w.list = w.scheme.list(w.scheme.draft)
	w.register = newRegister(w.clock.now)
	w.aJournal, w.bJournal = newJournal(w.clock.now), newJournal(w.clock.now)
	w.gateA = &node.Gate{Country: a, ID: a, List: w.trusted, Rules: shippedRules(), Journal: w.aJournal, Now: w.clock.now,
		PatientSystems: []string{systemOf(a)}}
	w.gateB = &node.Gate{Country: b, ID: b, List: w.trusted, Rules: shippedRules(), Journal: w.bJournal, Now: w.clock.now,
		Issuer: "issuer." + b, PatientSystems: []string{systemOf(b)}}
	answer := node.Answer{Country: a, Register: w.register, Rights: w.register, Recall: w.register, Rules: shippedRules(),
		Catalogue: catalogue, Tongue: paperTongue{}, Journal: w.aJournal, Now: w.clock.now, ShelfLife: 10 * time.Minute,
		ReportLife: 30 * 24 * time.Hour, Seal: func(payload []byte) (string, error) { return sha(payload), nil }}
	ask := node.Ask{Country: b, Languages: []string{strings.ToLower(b), "en"}, List: w.trusted, Rules: shippedRules(),
		Catalogue: catalogue, Tongue: paperTongue{}, Journal: w.bJournal, Now: w.clock.now, KeepLife: 8 * time.Hour,
		Retry: node.Backoff, Route: w.route}
	for _, c := range change {
		c(&answer, &ask)
	}
	var err error
	if w.answer, err = node.NewAnswer(answer); err != nil {
		t.Fatal(err)
	}
	if w.ask, err = node.NewAsk(ask); err != nil {
		t.Fatal(err)
	}
	w.line = &line{Exchange: &node.Direct{Gate: w.gateA, Face: w.answer, Caller: b, Now: w.clock.now, Reply: node.MPD}, there: true}
	w.people()
	return w
}

func (w *world) trusted() *trust.List { return w.list }

func (w *world) route(country string) (string, trust.Wire, node.Exchange, bool) {
	return w.a, trust.WireFHIR, w.line, country == w.a && w.line.there
}

// line is what stands between two nodes: it can be cut before a message arrives or after it was answered.
type line struct {
	node.Exchange
	there  bool
	before func(verb node.Verb) error
	after  func(verb node.Verb, r *node.Receipt) (*node.Receipt, error)

	mu   sync.Mutex
	sent []string // dispensations and withdrawals that went out, by digest of their bytes
}

func (l *line) carry(verb node.Verb, body []byte, ask func() (*node.Receipt, error)) (*node.Receipt, error) {
	l.mu.Lock()
	l.sent = append(l.sent, string(verb)+" "+sha(body))
	before, after := l.before, l.after
	l.mu.Unlock()
	if before != nil {
		if err := before(verb); err != nil {
			return nil, err
		}
	}
	r, err := ask()
	if err != nil || after == nil {
		return r, err
	}
	return after(verb, r)
}

func (l *line) Dispense(ctx context.Context, call node.Call, d *node.Document) (*node.Receipt, error) {
	return l.carry(node.DispenseVerb, d.Source, func() (*node.Receipt, error) { return l.Exchange.Dispense(ctx, call, d) })
}

func (l *line) Withdraw(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
	return l.carry(node.WithdrawVerb, w.Source, func() (*node.Receipt, error) { return l.Exchange.Withdraw(ctx, call, w) })
}

func down(node.Verb) error {
	return &node.Error{Op: "line", Kind: node.Unavailable, Reason: "http.down", Detail: "The other contact point does not answer."}
}

// scheme signs real trust lists.
type scheme struct {
	t        testing.TB
	operator jose.Signer
	root     trust.Root
	draft    trust.Draft
}

func newScheme(t testing.TB) *scheme {
	t.Helper()
	s := &scheme{t: t, operator: jose.Signer{KID: "operator", Key: newKey(t)}}
	s.root = trust.Root{Version: 1, Territory: "EU", Environment: trust.Test, Threshold: 1, Keys: []trust.RootKey{
		{Key: public(t, "operator", s.operator.Key.(*ecdsa.PrivateKey)), NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0)}}}
	s.draft = trust.Draft{Sequence: 7, Issued: noon.Add(-time.Hour), NextUpdate: noon.Add(7 * 24 * time.Hour), Territory: "EU",
		Environment: trust.Test, Operator: "Test scheme", Participants: []trust.Participant{s.participant("EE"), s.participant("FI")}}
	return s
}

func (s *scheme) participant(country string) trust.Participant {
	p := trust.Participant{ID: country, Country: country, Name: "Node " + country, Address: "Street 1",
		Contact: "mailto:duty@ncp.example", Website: "https://ncp.example/", Status: trust.StatusGranted,
		Promises:      trust.Promises{ReplaySafe: true},
		TLSServerPins: []string{pin(country + " server")}, TLSClientPins: []string{pin(country)},
		SealKeys: []trust.SealKey{{Key: public(s.t, country+"-seal", newKey(s.t)), NotBefore: noon.AddDate(0, -1, 0),
			NotAfter: noon.AddDate(1, 0, 0), Status: trust.StatusGranted}}}
	for _, service := range []trust.Service{trust.PatientIdentification, trust.PatientSummary, trust.PrescriptionFetch, trust.PrescriptionDispense} {
		p.Services = append(p.Services, trust.ServiceGrant{Service: service, Status: trust.StatusGranted,
			Directions: []trust.Direction{trust.Answers, trust.Asks},
			Corridors:  []trust.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}}, Wires: []trust.Wire{trust.WireFHIR},
			Endpoints: []trust.Endpoint{{Wire: trust.WireFHIR, URL: "https://ncp." + strings.ToLower(country) + ".example/fhir"}}})
	}
	return p
}

// list signs a draft as an operator does and verifies it as a node does.
func (s *scheme) list(d trust.Draft) *trust.List {
	s.t.Helper()
	raw, err := trust.Sign(d, s.operator)
	if err != nil {
		s.t.Fatal(err)
	}
	list, err := trust.Verify(raw, s.root, nil, d.Issued)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// renew puts the same list in force with a new date.
func (w *world) renew() {
	draft := w.list.Draft()
	draft.Sequence++
	draft.Issued, draft.NextUpdate = w.clock.now().Add(-time.Hour), w.clock.now().Add(24*time.Hour)
	w.list = w.scheme.list(draft)
}

// relist puts a changed list in force.
func (w *world) relist(change func(p *trust.Participant)) {
	w.t.Helper()
	draft := w.list.Draft()
	draft.Sequence++
	for i := range draft.Participants {
		change(&draft.Participants[i])
	}
	w.list = w.scheme.list(draft)
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func public(t testing.TB, kid string, k *ecdsa.PrivateKey) jose.Key {
	t.Helper()
	p, err := jose.NewKey(kid, k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pin(name string) string {
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
