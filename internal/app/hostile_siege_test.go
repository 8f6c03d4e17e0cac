package app

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/rest"
	"sild/node"
	"sild/trust"
)

// siege is a running node with everything real but the clock and the callers: TLS, trust list, database, register. The
// callers hold the keys of listed nodes and say what they like. Whatever is asked of the country's own services is
// noted.
type siege struct {
	testing.TB
	country string
	app     *App
	clock   *handClock
	asked   *notes
	callers map[string]*peerCaller
	root    crypto.Signer
	dir     string
	packs   []byte // the three-package prescription as the peer was shown it
}

// peerCaller is one listed node as an attacker would use it.
type peerCaller struct {
	id   string
	kid  string
	seal crypto.Signer
	cert tls.Certificate
	http *http.Client
}

// handClock stands still until it is moved.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// notes are the names of what was asked of the country's own services.
type notes struct {
	mu   sync.Mutex
	list []string
}

func (n *notes) add(what string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, what)
}

// take gives the notes since the last time.
func (n *notes) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.list
	n.list = nil
	return taken
}

// newSiege starts country's node. FI, EE and LV are on its trust list with every service; only EE and FI have corridors.
// change alters how it is built; later alters what was built before it serves.
func newSiege(t testing.TB, country string, change func(*Config, *Options), later ...func(*App)) *siege {
	t.Helper()
	s := &siege{TB: t, country: country, clock: &handClock{now: time.Now().Truncate(time.Second)}, asked: &notes{}, callers: map[string]*peerCaller{}, dir: t.TempDir()}
	parties := []DemoParty{{"EE", "127.0.0.1:9443"}, {"FI", "127.0.0.1:9543"}, {"LV", "127.0.0.1:9643"}}
	s.must(InitDemoTrust(s.dir, parties, s.clock.now))
	config := demoConfig(s.dir, country, [3]int{}, "error")
	config.Listen = ListenConfig{Peers: "127.0.0.1:0"}
	config.Pharmacy = PharmacyConfig{}
	config.Limits = LimitsConfig{PeerPerSecond: 5, NotFoundPerMinute: 3}
	config.Times.Quiet, config.Times.Deliver = time.Millisecond, time.Hour
	options := Options{Log: io.Discard, Now: s.clock.read, Between: func(place string, x node.Exchange) node.Exchange {
		if place == "register" {
			return noted{x, s.asked}
		}
		return x
	}}
	if change != nil {
		change(&config, &options)
	}
	var err error
	s.app, err = New(context.Background(), config, options)
	s.must(err)
	s.app.Answer.Rights = notedRights{s.app.Answer.Rights, s.asked}
	s.app.Answer.Recall = notedRecall{s.app.Answer.Recall, s.asked}
	s.root, err = keys.LoadSigner(filepath.Join(s.dir, "root.pem"))
	s.must(err)
	for _, party := range parties {
		s.callers[party.Country] = s.caller(party.Country)
	}
	for _, alter := range later {
		alter(s.app)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- s.app.Run(ctx) }()
	t.Cleanup(func() {
		for _, c := range s.callers {
			c.http.CloseIdleConnections()
		}
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if err := s.app.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *siege) must(err error) {
	if err != nil {
		s.Helper()
		s.Fatal(err)
	}
}

// caller takes the keys of one of the listed nodes.
func (s *siege) caller(id string) *peerCaller {
	s.Helper()
	own := filepath.Join(s.dir, strings.ToLower(id))
	c := &peerCaller{id: id}
	var err error
	c.seal, err = keys.LoadSigner(filepath.Join(own, "seal.pem"))
	s.must(err)
	c.kid, err = jose.Thumbprint(c.seal.Public())
	s.must(err)
	c.cert, err = keys.TLSPair(filepath.Join(own, "tls.pem"), filepath.Join(own, "tls.key"))
	s.must(err)
	c.http = s.over(c.cert)
	return c
}

// over is a client that shows a certificate.
func (s *siege) over(cert tls.Certificate) *http.Client {
	entry, _ := s.app.list.Load().Participant(s.country)
	transport := &http.Transport{TLSClientConfig: rest.TLS(entry.TLSServerPins, cert), MaxIdleConnsPerHost: 2}
	s.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

// peer is who asks: the other side of the corridor.
func (s *siege) peer() *peerCaller {
	return s.callers[map[string]string{"EE": "FI", "FI": "EE"}[s.country]]
}

// caseOf is the personal identifier of one of the register's seeded people.
func (s *siege) caseOf(name string) string {
	s.Helper()
	for _, c := range s.app.Register.Cases() {
		if c.Name == name {
			return c.Patient.Value
		}
	}
	s.Fatal("no such case: " + name)
	return ""
}

func (s *siege) truth() truth { return demoTruth(s.country) }

// certificate is a fresh certificate, of the given key or of a new one, that ends after a while.
func (s *siege) certificate(key crypto.Signer, lasts time.Duration) tls.Certificate {
	s.Helper()
	if key == nil {
		var err error
		key, err = keys.GenerateSigner()
		s.must(err)
	}
	der, err := keys.SelfSigned("sild-other", []string{"127.0.0.1"}, s.clock.read().Add(lasts), key.(*ecdsa.PrivateKey))
	s.must(err)
	leaf, err := x509.ParseCertificate(der)
	s.must(err)
	return tls.Certificate{Certificate: [][]byte{der}, Leaf: leaf, PrivateKey: key}
}

// relist puts another version of the trust list into force; whoever calls it restores the one before.
func (s *siege) relist(change func(*trust.Draft)) {
	s.Helper()
	was := s.app.list.Load()
	draft := was.Draft()
	draft.Sequence++
	change(&draft)
	raw, err := trust.Sign(draft, jose.Signer{KID: "demo-root", Key: s.root})
	s.must(err)
	rawRoot, err := os.ReadFile(filepath.Join(s.dir, "root.json"))
	s.must(err)
	fingerprint, err := os.ReadFile(filepath.Join(s.dir, "fingerprint"))
	s.must(err)
	root, err := trust.ParseRoot(rawRoot, strings.TrimSpace(string(fingerprint)))
	s.must(err)
	list, err := trust.Verify(raw, root, nil, s.clock.read())
	s.must(err)
	s.app.list.Store(list)
}

// claims is the payload of a call token.
type claims map[string]any

// good is what a lawful call token of the caller claims.
func (s *siege) good(from *peerCaller, verb node.Verb, patient node.Identifier) claims {
	now := s.app.options.Now()
	person := professional(demoProfessionals("FI")["pharmacy"])
	person["permissions"] = []node.Verb{verb}
	return claims{"iss": from.id, "aud": []string{s.country}, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"jti": node.NewCorrelation(), "cnf": map[string]string{"x5t#S256": keys.Thumbprint(from.cert.Certificate[0])}, "verb": verb,
		"patient": map[string]string{"system": patient.System, "value": patient.Value}, "hcp": person, "purpose": "TREATMENT",
		"counter": map[string]bool{"identitySeen": true, "patientInformed": true}}
}

func (c claims) text() []byte {
	text, err := json.Marshal(map[string]any(c))
	if err != nil {
		panic(err)
	}
	return text
}

// signed is a token over any payload.
func (s *siege) signed(by *peerCaller, payload []byte) string {
	s.Helper()
	token, err := jose.Sign(by.seal, by.kid, rest.CallType, payload)
	s.must(err)
	return string(token)
}

// token is a lawful call token of the peer.
func (s *siege) token(verb node.Verb) string {
	return s.signed(s.peer(), s.good(s.peer(), verb, s.truth().patient).text())
}

// try sends one hostile request, a minute after whatever was before, and tells what was asked of the country's own
// services meanwhile.
func (s *siege) try(h hostile) (answered, []string) {
	s.Helper()
	list := s.app.list.Load()
	defer s.app.list.Store(list)
	s.clock.move(time.Minute)
	if h.before != nil {
		h.before(s)
	}
	over := s.peer().http
	if h.over != nil {
		over = h.over(s)
	}
	request := h.request(s)
	s.asked.take()
	return s.send(over, request), s.asked.take()
}

const formType = "application/x-www-form-urlencoded"

// request is one HTTP request to the door for peers.
func (s *siege) request(method, path, content, token string, body []byte) *http.Request {
	s.Helper()
	r, err := http.NewRequest(method, "https://"+s.app.Address("peers")+"/fhir"+path, bytes.NewReader(body))
	s.must(err)
	if content != "" {
		r.Header.Set("Content-Type", content)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func (s *siege) search(token, form string) *http.Request {
	return s.request("POST", "/MedicationRequest/_search", formType, token, []byte(form))
}

func patientForm(patient node.Identifier) string {
	return "patient.identifier=" + url.QueryEscape(searchToken(patient))
}

func (s *siege) listForm() string { return patientForm(s.truth().patient) + "&status=active" }

func (s *siege) summary(token, body string) *http.Request {
	return s.request("POST", "/Patient/$summary", fhirJSON, token, []byte(body))
}

func (s *siege) summaryBody() string {
	p := s.truth().patient
	return `{"resourceType":"Parameters","parameter":[{"name":"identifier","valueIdentifier":{"system":"` + p.System + `","value":"` + p.Value + `"}}]}`
}

func (s *siege) find(token string, patient node.Identifier) *http.Request {
	return s.request("POST", "/Patient/_search", formType, token, []byte("identifier="+url.QueryEscape(searchToken(patient))))
}

// answered is an answer read to its end.
type answered struct {
	status int
	header http.Header
	body   []byte
}

func (s *siege) send(over *http.Client, r *http.Request) answered {
	s.Helper()
	response, err := over.Do(r)
	s.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	s.must(err)
	return answered{response.StatusCode, response.Header, body}
}

// lawfully sends what the peer may ask, and demands the answer.
func (s *siege) lawfully(r *http.Request, want int) answered {
	s.Helper()
	got := s.send(s.peer().http, r)
	if got.status != want {
		s.Fatalf("a lawful request was answered %d instead of %d: %s", got.status, want, got.body)
	}
	return got
}

// show fetches the three-package prescription lawfully, once: from then on the peer may report a dispensation on it.
func (s *siege) show() {
	s.Helper()
	if s.packs != nil {
		return
	}
	form := patientForm(s.truth().patient) + "&identifier=" + url.QueryEscape(searchToken(s.truth().threePack))
	s.packs = s.lawfully(s.search(s.token(node.PrescriptionVerb), form), http.StatusOK).body
}

// handedOut is a lawful dispensation on what was shown, recorded at a moment.
func (s *siege) handedOut(at time.Time) []byte {
	s.Helper()
	desk := &counter{client: "pharmacy", issuer: &demoIssuer{now: func() time.Time { return at }, clients: demoProfessionals(s.peer().id)}}
	message, err := desk.dispensation(s.packs, newDispensation(), 1, "completed")
	s.must(err)
	return message
}

func (s *siege) dispense(token string, message []byte) *http.Request {
	return s.request("POST", "/MedicationDispense", fhirJSON, token, message)
}

// noted is an Exchange that notes every question before it passes it on.
type noted struct {
	node.Exchange
	notes *notes
}

func (n noted) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	n.notes.add("register.find-patient")
	return n.Exchange.FindPatient(ctx, call, who)
}

func (n noted) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	n.notes.add("register.summary")
	return n.Exchange.Summary(ctx, call, ref)
}

func (n noted) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	n.notes.add("register.prescriptions")
	return n.Exchange.Prescriptions(ctx, call, filter)
}

func (n noted) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	n.notes.add("register.prescription")
	return n.Exchange.Prescription(ctx, call, ref)
}

func (n noted) Dispense(ctx context.Context, call node.Call, d *node.Document) (*node.Receipt, error) {
	n.notes.add("register.dispense")
	return n.Exchange.Dispense(ctx, call, d)
}

func (n noted) Withdraw(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
	n.notes.add("register.withdraw")
	return n.Exchange.Withdraw(ctx, call, w)
}

type notedRights struct {
	node.Rights
	notes *notes
}

// Entitled notes that the service of consents was asked.
func (n notedRights) Entitled(ctx context.Context, call node.Call) (node.Entitlement, error) {
	n.notes.add("rights")
	return n.Rights.Entitled(ctx, call)
}

type notedRecall struct {
	node.Recall
	notes *notes
}

// Dispensed notes that the register was asked what it remembers.
func (n notedRecall) Dispensed(ctx context.Context, call node.Call, id node.Identifier, verb node.Verb) (*node.Receipt, bool, error) {
	n.notes.add("recall")
	return n.Recall.Dispensed(ctx, call, id, verb)
}
