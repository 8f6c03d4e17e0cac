package store

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sild/internal/keys"
	"sild/internal/ledger"
	"sild/node"
)

// dial is a clock that moves only when a test moves it.
type dial struct {
	mu sync.Mutex
	at time.Time
}

func (d *dial) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *dial) forward(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

// site is one node's store in a test: it can be closed and opened again with the same keys.
type site struct {
	*Store
	t      testing.TB
	clock  *dial
	config Config
	signer *keys.NoteSigner
}

// opener makes a site with an empty database of one engine.
type opener func(t testing.TB) *site

// sqliteSite is the opener of the embedded engine.
func sqliteSite(t testing.TB) *site {
	t.Helper()
	s := siteAt(t, filepath.Join(t.TempDir(), "node.db"))
	store, err := Create(t.Context(), s.config)
	must(t, err)
	s.Store = store
	t.Cleanup(func() { s.Store.Close() })
	return s
}

func siteAt(t testing.TB, path string) *site {
	t.Helper()
	kek, err := keys.GenerateKEK()
	must(t, err)
	signer, err := keys.GenerateNoteSigner("ncp.ee.example/access")
	must(t, err)
	clock := &dial{at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	return &site{t: t, clock: clock, signer: signer,
		config: Config{Path: path, KEK: kek, Ledger: signer, Now: clock.now}}
}

// restart closes the store and opens it again.
func (s *site) restart() {
	s.t.Helper()
	must(s.t, s.Close())
	store, err := Open(s.t.Context(), s.config)
	must(s.t, err)
	s.Store = store
}

// verify exports the log with its rows and has it checked from outside. It returns the verdict.
func (s *site) verify() ledger.Verdict {
	s.t.Helper()
	_, err := s.Checkpoint(s.t.Context())
	must(s.t, err)
	var export bytes.Buffer
	must(s.t, s.Export(s.t.Context(), &export, true))
	verdict, err := ledger.Verify(ledger.Export{Origin: s.signer.Name(), Keys: s.verifiers(), Lines: ledger.ReadLines(&export)})
	must(s.t, err)
	if !verdict.Sound() {
		s.t.Fatalf("the log is not whole: %s (line %d)", verdict.Fault, verdict.Line)
	}
	return verdict
}

func (s *site) verifiers() note.Verifiers {
	s.t.Helper()
	verifier, err := note.NewVerifier(s.signer.VerifierKey())
	must(s.t, err)
	return note.VerifierList(verifier)
}

// stages lists the stages of a patient's events, oldest first.
func (s *site) stages(patient node.Identifier) string {
	s.t.Helper()
	found, err := s.Accesses(s.t.Context(), patient, 1000)
	must(s.t, err)
	text := ""
	for _, a := range found {
		text = string(a.Event.Stage) + " " + text
	}
	return text
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError fails unless err is a node error of the kind and reason.
func wantError(t testing.TB, err error, kind node.Kind, reason string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s (%s)", kind, reason)
	}
	if known := node.AsError(err); known.Kind != kind || known.Reason != reason {
		t.Fatalf("got %v, want %s (%s)", err, kind, reason)
	}
}

var (
	maarja = node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.2.1", Value: "48901010021"}
	jaan   = node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.2.1", Value: "38505052778"}
)

func prescription(number int) node.Identifier {
	return node.Identifier{System: "urn:oid:1.3.6.1.4.1.28284.6.2.2.14", Value: fmt.Sprintf("RX-PLAINSEEN-%d", number)}
}

func dispensation(number int) node.Identifier {
	return node.Identifier{System: "urn:oid:1.2.246.537.6.14", Value: fmt.Sprintf("DISP-PLAINSEEN-%d", number)}
}

func event(stage node.Stage, patient node.Identifier) node.Event {
	return node.Event{ID: "4d9f1c", At: time.Date(2026, 11, 22, 9, 0, 0, 1234, time.UTC), Face: "A", Verb: node.DispenseVerb,
		Stage: stage, Corridor: node.Corridor{A: "EE", B: "FI"}, Peer: "FI", Patient: patient,
		Person:    node.Person{ID: node.Identifier{System: "urn:sild:test", Value: "D9876"}, Name: "Apteekkari Virtanen", Role: "2262"},
		Documents: []string{prescription(1).Value}, Correlation: "c-1"}
}

// intent is the intent of one dispensation by Finland, with evidence of its own.
func intent(number int, evidence string) node.Intent {
	return node.Intent{Peer: "FI", ID: dispensation(number), Verb: node.DispenseVerb, Digest: fmt.Sprintf("%064d", number),
		Prescription: prescription(number), Patient: maarja, EvidenceID: evidence,
		SpentUntil: time.Date(2026, 11, 22, 9, 10, 0, 0, time.UTC), Lease: 30 * time.Second}
}

// released discloses a prescription to Finland, so that it may be dispensed there.
func (s *site) released(number int) {
	s.t.Helper()
	must(s.t, s.Disclosed(s.t.Context(), event(node.ReadStage, maarja),
		[]node.Release{{Prescription: prescription(number), Expires: s.clock.now().Add(24 * time.Hour)}}))
}

func receipt(number int) *node.Receipt {
	return &node.Receipt{ID: fmt.Sprintf("r-%d", number), State: node.ReceiptRecorded, Dispensation: dispensation(number),
		Prescription: prescription(number), Digest: fmt.Sprintf("%064d", number),
		At: time.Date(2026, 11, 22, 9, 0, 1, 0, time.UTC), Left: "0", Signed: true, Body: []byte("{\"receipt\":\"Läkeost 1.50\"}")}
}

// waiting is one dispensation on its way to Estonia.
func waiting(number, onPrescription int, since time.Time) node.Waiting {
	return node.Waiting{ID: dispensation(number), Verb: node.DispenseVerb, Country: "EE", Prescription: prescription(onPrescription),
		Digest: fmt.Sprintf("%064d", number), Body: []byte("<body of Tamm, Maarja>"), State: node.WaitingNow, Since: since,
		Next: since, Own: fmt.Sprintf("own-%d", number),
		Call: node.Call{Verb: node.DispenseVerb, Corridor: node.Corridor{A: "EE", B: "FI"}, Patient: maarja,
			Evidence: node.Evidence{ID: "proof-1", Issued: since, Expires: since.Add(time.Minute), ActAt: since}}}
}
