package app

import (
	"context"
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sild/internal/barrier"
	"sild/internal/jose"
	"sild/internal/keys"
	"sild/internal/national/demo"
	"sild/internal/rest"
	"sild/internal/store"
	"sild/internal/tongues"
	"sild/node"
	"sild/translation"
	"sild/trust"
)

// Options are what a program hands in besides the configuration. The zero value is an ordinary node.
type Options struct {
	Log io.Writer        // where log lines go; nil is standard error
	Now func() time.Time // the clock; nil is the system's
	// Between wraps an Exchange on its way into the node: "register" behind country A's face, "answer" the face that
	// foreign nodes reach, "peer" the wire client of country B's face, "ask" the face that our own software reaches. Tests and demos
	// plant faults here; nil changes nothing.
	Between func(place string, x node.Exchange) node.Exchange
}

// App is one running node.
type App struct {
	Config   Config
	Register *demo.Register
	Store    *store.Store
	Answer   *node.Answer
	Ask      *node.Ask
	Gate     *node.Gate

	options Options
	log     *slog.Logger
	seal    crypto.Signer
	sealKID string
	tls     tls.Certificate
	list    atomic.Pointer[trust.List]
	terms   *terminology
	rules   *node.Rules
	metrics *metrics

	mu      sync.Mutex
	peers   map[string]node.Exchange
	doors   []*door
	closers []func() error
}

// New builds a node in the order in which its parts lean on each other and refuses to start with a sentence that says
// what is missing.
func New(ctx context.Context, config Config, options Options) (*App, error) {
	if err := config.Check(); err != nil {
		return nil, err
	}
	if barrier.Build && config.Environment != "demo" {
		return nil, errors.New("this binary was built for tests in which checks can be lifted; it never serves patients")
	}
	if options.Log == nil {
		options.Log = os.Stderr
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Between == nil {
		options.Between = func(_ string, x node.Exchange) node.Exchange { return x }
	}
	a := &App{Config: config, options: options, log: logger(options.Log, config.Log), metrics: newMetrics(), peers: map[string]node.Exchange{}}
	for _, step := range []func(context.Context) error{a.openKeys, a.openStore, a.openTrust, a.openTables, a.openRegister, a.openFaces, a.openDoors} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

func (a *App) key(name string) string { return filepath.Join(a.Config.Keys.Dir, name) }

func (a *App) openKeys(context.Context) error {
	var err error
	if a.seal, err = keys.LoadSigner(a.key("seal.pem")); err != nil {
		return err
	}
	if a.sealKID, err = jose.Thumbprint(a.seal.Public()); err != nil {
		return err
	}
	a.tls, err = keys.TLSPair(a.key("tls.pem"), a.key("tls.key"))
	return err
}

func (a *App) openStore(ctx context.Context) error {
	config, err := storeConfig(a.Config, a.options.Now)
	if err != nil {
		return err
	}
	open := store.Open
	if _, missing := os.Stat(config.Path); errors.Is(missing, os.ErrNotExist) {
		if !a.Config.Store.Create {
			return fmt.Errorf("store.path: there is no database at %s; set store.create: true once to begin one", config.Path)
		}
		open = store.Create
	}
	if a.Store, err = open(ctx, config); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Store.Close)
	return nil
}

// storeConfig is how a configured node's database is opened, by the node and by the tools beside it.
func storeConfig(config Config, now func() time.Time) (store.Config, error) {
	kek, err := keys.LoadKEK(filepath.Join(config.Keys.Dir, "kek"))
	if err != nil {
		return store.Config{}, err
	}
	ledgerKey, err := keys.LoadNoteSigner(filepath.Join(config.Keys.Dir, "ledger.key"))
	if err != nil {
		return store.Config{}, err
	}
	return store.Config{Path: config.Store.Path, KEK: kek, Ledger: ledgerKey, Now: now}, nil
}

// openTrust refuses to start without a list that is valid or was.
func (a *App) openTrust(ctx context.Context) error {
	list, err := a.readTrust(ctx)
	if list == nil {
		return fmt.Errorf("no valid trust list: %w", err)
	}
	if err != nil {
		a.log.Error("the trust list was refused; the last good one stays in force", "reason", err)
	}
	if string(list.Environment()) != a.Config.Environment {
		return fmt.Errorf("environment: this node is %s, the trust list is for %s", a.Config.Environment, list.Environment())
	}
	a.list.Store(list)
	return nil
}

// refreshTrust takes a new list in while the node runs: a suspension must not wait for a restart. Requests under way
// keep the list under which they began.
func (a *App) refreshTrust(ctx context.Context) {
	list, err := a.readTrust(ctx)
	if err != nil {
		a.log.Error("the trust list was refused; the last good one stays in force", "reason", err)
	}
	if list == nil || string(list.Environment()) != a.Config.Environment {
		return
	}
	if before := a.list.Swap(list); before.Sequence() != list.Sequence() {
		a.log.Info("a new trust list is in force", "sequence", list.Sequence())
	}
}

// readTrust believes only a root whose fingerprint the operator got another way, and keeps the last good list.
func (a *App) readTrust(ctx context.Context) (*trust.List, error) {
	root, err := readRoot(a.Config.Trust.Root, a.Config.Trust.FingerprintFile)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(a.Config.Trust.List)
	if err != nil {
		return nil, err
	}
	return trust.Refresh(ctx, a.Store, raw, root, a.options.Now())
}

func (a *App) openRegister(ctx context.Context) error {
	_, missing := os.Stat(a.Config.Register.Journal)
	recorded, err := a.Store.Recorded(ctx)
	if err != nil {
		return err
	}
	if errors.Is(missing, os.ErrNotExist) && recorded {
		return fmt.Errorf("register.journal: %s is missing although this node has recorded dispensations; the register would forget what was "+
			"dispensed: put the file back", a.Config.Register.Journal)
	}
	config := demo.Config{Country: a.Config.Country, Journal: a.Config.Register.Journal, Now: a.options.Now, Tables: a.terms.inForce.Load()}
	if a.Config.Register.Dir != "" {
		config.Dir = os.DirFS(a.Config.Register.Dir)
	}
	register, err := demo.Open(config)
	if err != nil {
		return err
	}
	a.Register = register
	a.closers = append(a.closers, register.Close)
	for _, skipped := range register.Skipped() {
		a.log.Warn("the register skipped a file", "file", skipped)
	}
	return nil
}

func (a *App) openFaces(context.Context) error {
	catalogue := a.terms.inForce.Load
	tongue := tongues.New(a.Config.Participant, a.Config.Languages[0], catalogue())
	tongue.CDA.Systems = func(name string) (translation.System, bool) { return catalogue().System(name) }
	times, limits := a.Config.Times, &node.Limits{PerPeer: a.Config.Limits.PeerPerSecond,
		PerOrganisation: a.Config.Limits.OrganisationPerMinute, PerPatient: a.Config.Limits.PatientPerMinute,
		Failures: a.Config.Limits.NotFoundPerMinute}
	a.Gate = &node.Gate{Country: a.Config.Country, ID: a.Config.Participant, List: a.list.Load, Rules: a.rules, Journal: a.Store,
		Limits: limits, Now: a.options.Now, Ready: a.Store.Healthy, Issuer: a.Config.Pharmacy.Issuer, PatientSystems: patientSystems(a.Config.Country)}
	var err error
	a.Answer, err = node.NewAnswer(node.Answer{Country: a.Config.Country, Register: a.options.Between("register", a.Register),
		Rights: a.Register, Recall: a.Register, Rules: a.rules, Catalogue: catalogue, Snapshot: a.terms.snapshot, Tongue: tongue, Journal: a.Store,
		Limits: limits, Now: a.options.Now, Seal: a.sealReceipt, Quiet: times.Quiet, ShelfLife: times.Shelf, ReportLife: times.Report})
	if err != nil {
		return err
	}
	a.Ask, err = node.NewAsk(node.Ask{Country: a.Config.Country, Languages: a.Config.Languages, Route: a.route, List: a.list.Load,
		Rules: a.rules, Catalogue: catalogue, Snapshot: a.terms.snapshot, Tongue: tongue, Journal: a.Store, Now: a.options.Now, KeepLife: times.Keep,
		Retry: node.Backoff})
	return err
}

// patientSystems are the identifier systems of a country's own patients (fhir-igs 4.1, 4.2).
func patientSystems(country string) []string {
	switch country {
	case "EE":
		return []string{"https://fhir.ee/sid/pid/est/ni"}
	case "FI":
		return []string{"urn:oid:1.2.246.21"}
	}
	return nil
}

func (a *App) sealReceipt(payload []byte) (string, error) {
	signed, err := jose.Sign(a.seal, a.sealKID, rest.ReceiptType, payload)
	return string(signed), err
}

// route finds the peer that answers for a country, and builds its client once.
func (a *App) route(country string) (string, trust.Wire, node.Exchange, bool) {
	for participant := range a.list.Load().Participants() {
		if participant.Country != country || participant.ID == a.Config.Participant {
			continue
		}
		url, ok := participant.Endpoint(trust.PrescriptionFetch, trust.WireFHIR)
		if !ok {
			continue
		}
		if client := a.client(participant, url); client != nil {
			return participant.ID, trust.WireFHIR, client, true
		}
	}
	return "", "", nil, false
}

func (a *App) client(participant *trust.Participant, url string) node.Exchange {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := url + " " + strings.Join(participant.TLSServerPins, " ") // a new pin needs a new connection
	if known, ok := a.peers[key]; ok {
		return known
	}
	client, err := rest.NewClient(rest.Client{Base: url, Peer: participant.ID, Self: a.Config.Participant, Signer: a.seal, KID: a.sealKID,
		Thumbprint: keys.Thumbprint(a.tls.Certificate[0]), List: a.list.Load, Now: a.options.Now,
		HTTP: &http.Client{Transport: &http.Transport{TLSClientConfig: rest.TLS(participant.TLSServerPins, a.tls), MaxIdleConnsPerHost: 64}}})
	if err != nil {
		a.log.Error("no connection to a peer", "participant", participant.ID, "reason", err)
		return nil
	}
	a.peers[key] = a.options.Between("peer", client)
	return a.peers[key]
}

// Close stops every part in reverse order of its start. It may be called more than once.
func (a *App) Close() error {
	var problems []error
	for _, door := range a.doors {
		problems = append(problems, door.close())
	}
	a.doors = nil
	if a.Gate != nil && a.Store != nil {
		problems = append(problems, a.Gate.Flush(context.Background()))
		a.Gate = nil
	}
	for i := len(a.closers) - 1; i >= 0; i-- {
		problems = append(problems, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(problems...)
}
