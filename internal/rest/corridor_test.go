package rest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sild/internal/fhir"
	"sild/internal/jose"
	"sild/internal/keys"
	"sild/node"
	"sild/trust"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const personalID = "https://fhir.ee/sid/pid/est/ni"

var (
	mari       = node.Identifier{System: personalID, Value: "48001012345"}
	pharmacist = node.Person{ID: node.Identifier{System: "urn:oid:1.2.3", Value: "P7"}, Name: "Aino Apteekki", Role: "2262",
		Organisation: node.Organisation{ID: node.Identifier{System: "urn:oid:1.2.4", Value: "A1"}, Name: "Kulma"}}
)

// desk is the face behind the door: what a test wants it to say, and what it was asked.
type desk struct {
	answer func(call node.Call, ref node.Ref, source []byte) (any, error)
	mu     sync.Mutex
	calls  []node.Call
	source []byte
	who    node.Demographics
	ref    node.Ref
}

func say[T any](d *desk, call node.Call, ref node.Ref, source []byte) (*T, error) {
	d.mu.Lock()
	d.calls, d.ref, d.source = append(d.calls, call), ref, bytes.Clone(source)
	d.mu.Unlock()
	said, err := d.answer(call, ref, source)
	if err != nil {
		return nil, err
	}
	return said.(*T), nil
}

func (d *desk) FindPatient(_ context.Context, c node.Call, who node.Demographics) (*node.Patient, error) {
	d.who = who
	return say[node.Patient](d, c, node.Ref{}, nil)
}

func (d *desk) Summary(_ context.Context, c node.Call, ref node.Ref) (*node.Document, error) {
	return say[node.Document](d, c, ref, nil)
}

func (d *desk) Prescriptions(_ context.Context, c node.Call, _ node.Filter) (*node.Listing, error) {
	return say[node.Listing](d, c, node.Ref{}, nil)
}

func (d *desk) Prescription(_ context.Context, c node.Call, ref node.Ref) (*node.Document, error) {
	return say[node.Document](d, c, ref, nil)
}

func (d *desk) Dispense(_ context.Context, c node.Call, in *node.Document) (*node.Receipt, error) {
	return say[node.Receipt](d, c, node.Ref{}, in.Source)
}

func (d *desk) Withdraw(_ context.Context, c node.Call, w node.Withdrawal) (*node.Receipt, error) {
	return say[node.Receipt](d, c, node.Ref{Handle: w.Receipt}, w.Source)
}

// party is one node's keys.
type party struct {
	id   string
	cert tls.Certificate
	seal crypto.Signer
}

func newParty(t testing.TB, id string) party {
	t.Helper()
	return party{id: id, cert: newCertificate(t, id, []string{"localhost", "127.0.0.1"}, noon.AddDate(10, 0, 0)), seal: newSigner(t)}
}

func newSigner(t testing.TB) crypto.Signer {
	t.Helper()
	signer, err := keys.GenerateSigner()
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func newCertificate(t testing.TB, name string, hosts []string, end time.Time) tls.Certificate {
	t.Helper()
	signer := newSigner(t)
	der, err := keys.SelfSigned(name, hosts, end, signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: signer, Leaf: leaf}
}

func (p party) kid() string { return p.id + "-seal-1" }

func (p party) pin() string { return keys.SPKI(p.cert.Leaf) }

func (p party) listed(t testing.TB) trust.Participant {
	key, err := jose.NewKey(p.kid(), p.seal.Public())
	if err != nil {
		t.Fatal(err)
	}
	entry := trust.Participant{ID: p.id, Country: p.id, Name: p.id, Address: "Main street 1",
		Contact: "mailto:duty@" + p.id + ".example", Website: "https://" + p.id + ".example/", Status: trust.StatusGranted,
		TLSServerPins: []string{p.pin()}, TLSClientPins: []string{p.pin()},
		SealKeys: []trust.SealKey{{Key: key, NotBefore: noon.AddDate(0, -1, 0), NotAfter: noon.AddDate(1, 0, 0), Status: trust.StatusGranted}}}
	for _, service := range []trust.Service{trust.PatientIdentification, trust.PatientSummary, trust.PrescriptionFetch, trust.PrescriptionDispense} {
		entry.Services = append(entry.Services, trust.ServiceGrant{Service: service, Status: trust.StatusGranted,
			Directions: []trust.Direction{trust.Answers, trust.Asks}, Corridors: []trust.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}},
			Wires:     []trust.Wire{trust.WireFHIR},
			Endpoints: []trust.Endpoint{{Wire: trust.WireFHIR, URL: "https://ncp." + map[string]string{"EE": "ee", "FI": "fi"}[p.id] + ".example/fhir"}}})
	}
	return entry
}

// notebook is the gate's journal.
type notebook struct {
	mu     sync.Mutex
	events []node.Event
}

func (n *notebook) Refused(_ context.Context, e node.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	return nil
}

// last is the newest event, or none.
func (n *notebook) last() node.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.events) == 0 {
		return node.Event{}
	}
	return n.events[len(n.events)-1]
}

// corridor is a whole wire on loopback: Estonia's door over real TLS 1.3, and Finland with its keys before it.
type corridor struct {
	testing.TB
	ee, fi   party
	list     *trust.List
	gate     *node.Gate
	journal  *notebook
	desk     *desk
	server   *httptest.Server
	clock    *clock
	failed   []*node.Error
	stranger party
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func newCorridor(t testing.TB, change func(*Handler)) *corridor {
	t.Helper()
	c := &corridor{TB: t, ee: newParty(t, "EE"), fi: newParty(t, "FI"), journal: &notebook{}, clock: &clock{now: noon},
		desk: &desk{answer: func(node.Call, node.Ref, []byte) (any, error) { return nil, nil }}}
	c.list = c.signed(1)
	c.gate = &node.Gate{Country: "EE", ID: "EE", List: func() *trust.List { return c.list }, Rules: rules(t), Journal: c.journal,
		Now: c.clock.read, PatientSystems: []string{personalID}, Issuer: "https://login.example"}
	h := Handler{Gate: c.gate, Face: c.desk, Auth: &PeerAuth{},
		Report: func(_ string, e *node.Error) { c.failed = append(c.failed, e) }}
	if change != nil {
		change(&h)
	}
	door, err := NewHandler(h)
	if err != nil {
		t.Fatal(err)
	}
	c.server = httptest.NewUnstartedServer(door)
	c.server.TLS = ServerTLS(c.ee.cert)
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if h.Auth.local() {
		c.server.TLS.ClientAuth = tls.NoClientCert
	}
	c.server.StartTLS()
	t.Cleanup(c.server.Close)
	return c
}

func (c *corridor) signed(sequence int64) *trust.List {
	c.Helper()
	operator := jose.Signer{KID: "operator", Key: newSigner(c)}
	key, err := jose.NewKey("operator", operator.Key.Public())
	if err != nil {
		c.Fatal(err)
	}
	root := trust.Root{Version: 1, Territory: "EU", Environment: trust.Demo, Threshold: 1,
		Keys: []trust.RootKey{{Key: key, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0)}}}
	raw, err := trust.Sign(trust.Draft{Sequence: sequence, Issued: noon.Add(-time.Hour), NextUpdate: noon.AddDate(0, 0, 7), Territory: "EU",
		Environment: trust.Demo, Operator: "Made-up scheme", Participants: []trust.Participant{c.ee.listed(c), c.fi.listed(c)}}, operator)
	if err != nil {
		c.Fatal(err)
	}
	list, err := trust.Verify(raw, root, nil, noon)
	if err != nil {
		c.Fatal(err)
	}
	return list
}

func rules(t testing.TB) *node.Rules {
	t.Helper()
	const head = "rule,stage,fact,value,effect,sentence,source,since\n"
	loaded, err := node.LoadRules(fstest.MapFS{
		"corridors/EE-FI.csv": {Data: []byte(head + "r1,counter,identity,seen,require,Look at the document.,made up,2026-01-01\n")},
		"corridors/FI-EE.csv": {Data: []byte(head + "r1,counter,identity,seen,require,Look at the document.,made up,2026-01-01\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// transport is Finland's side of the connection.
func (c *corridor) transport(p party) *http.Client {
	transport := &http.Transport{TLSClientConfig: TLS([]string{c.ee.pin()}, p.cert), MaxIdleConnsPerHost: 64, ForceAttemptHTTP2: false}
	c.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func (c *corridor) client() *Client {
	c.Helper()
	client, err := NewClient(Client{Base: c.server.URL + "/fhir", HTTP: c.transport(c.fi), Peer: "EE", Self: "FI", Signer: c.fi.seal,
		KID: c.fi.kid(), Thumbprint: keys.Thumbprint(c.fi.cert.Certificate[0]), List: func() *trust.List { return c.list }, Now: c.clock.read})
	if err != nil {
		c.Fatal(err)
	}
	return client
}

// call is what Ask hands to the client.
func (c *corridor) call(verb node.Verb) node.Call {
	return node.Call{Verb: verb, Patient: mari, Person: pharmacist, Purpose: node.Treatment,
		Counter: node.Counter{IdentitySeen: true, PatientInformed: true}, Correlation: node.NewCorrelation()}
}

// token is a good call token for a verb, changed as a test wants it.
func (c *corridor) token(verb node.Verb, change func(*callClaims)) string {
	c.Helper()
	now := c.clock.read()
	claims := callClaims{Issuer: "FI", Audience: []string{"EE"}, Issued: now.Unix(), NotBefore: now.Unix(), Expires: now.Add(2 * time.Minute).Unix(),
		ID: node.NewCorrelation(), Confirmation: confirmation{keys.Thumbprint(c.fi.cert.Certificate[0])}, Verb: verb, Patient: identifier(mari),
		Person: personOf(pharmacist, verb), Purpose: node.Treatment, Counter: counter{true, true}}
	if change != nil {
		change(&claims)
	}
	payload, err := jose.Encode(claims)
	if err != nil {
		c.Fatal(err)
	}
	return c.sign(CallType, payload)
}

func (c *corridor) sign(typ string, payload []byte) string {
	c.Helper()
	signed, err := jose.Sign(c.fi.seal, c.fi.kid(), typ, payload)
	if err != nil {
		c.Fatal(err)
	}
	return string(signed)
}

// knock sends one request as it is.
func knock(t testing.TB, over *http.Client, r *http.Request) (*http.Response, []byte) {
	t.Helper()
	response, err := over.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

func (c *corridor) request(method, path, content, token string, body []byte) *http.Request {
	c.Helper()
	r, err := http.NewRequest(method, c.server.URL+path, bytes.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	if content != "" {
		r.Header.Set("Content-Type", content)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// dispensation is a real message of a pharmacy.
func dispensation(t testing.TB, status string) []byte {
	t.Helper()
	kind := node.ADispensation
	if status != "completed" {
		kind = node.AWithdrawal
	}
	d := &node.Document{Kind: kind, At: noon, Patient: node.Patient{Identifiers: []node.Identifier{mari}, Family: "Maasikas", Given: []string{"Mari"}},
		Dispensation: &node.Dispensation{ID: node.Identifier{System: "urn:oid:1.2.5", Value: "D1"}, Status: status,
			Prescription: node.Identifier{System: "urn:oid:1.2.6", Value: "RX1"}, Packages: "1", HandedOver: "2026-11-22T11:00:00Z",
			Recorded: "2026-11-22T11:00:00Z", Patient: node.Patient{Identifiers: []node.Identifier{mari}},
			Pharmacist: node.Practitioner{ID: pharmacist.ID, Family: "Apteekki", Organisation: pharmacist.Organisation},
			Medication: node.Medication{Name: "Made-up tablets"}}}
	out, err := fhir.Tongue{Participant: "FI"}.Encode(d, node.MPD, nil, &node.Report{})
	if err != nil {
		t.Fatal(err)
	}
	return out.Body()
}
