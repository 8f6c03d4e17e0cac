package conformance_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/conformance"
	"sild/internal/app"
	"sild/internal/fhir"
	"sild/node"
	"sild/translation"
)

const (
	citizens = "https://fhir.ee/sid/pid/est/ni"
	recipes  = "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept"
)

func citizen(v string) node.Identifier { return node.Identifier{System: citizens, Value: v} }
func recipe(v string) node.Identifier  { return node.Identifier{System: recipes, Value: v} }

// batch is how many prescriptions each spender has.
const batch = 40

// spender is a patient who is there only to have prescriptions dispensed: one for each batch.
func spender(i int) node.Identifier { return citizen(fmt.Sprint(46507219900 + i/batch)) }

// bridge is Tallinn and Helsinki in one process: two whole nodes over real TLS.
type bridge struct {
	ee, fi *app.App
	peer   node.Exchange // Helsinki's wire client to Tallinn
}

// seeded copies Estonia's demo register and adds prescriptions that checks may dispense on.
func seeded(t *testing.T, dir string, fresh int) {
	t.Helper()
	seed := filepath.Join("..", "internal", "national", "demo", "seed", "ee")
	if err := os.CopyFS(dir, os.DirFS(seed)); err != nil {
		t.Fatal(err)
	}
	pattern, err := os.ReadFile(filepath.Join(seed, "prescriptions", "three-packages.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range fresh {
		copied := bytes.ReplaceAll(pattern, []byte("1026090104"), []byte(fmt.Sprint(1027000000+i)))
		copied = bytes.ReplaceAll(copied, []byte("47405179910"), []byte(spender(i).Value))
		copied = bytes.ReplaceAll(copied, []byte("ee-m1"), []byte("ee-"+spender(i).Value))
		if err := os.WriteFile(filepath.Join(dir, "prescriptions", fmt.Sprintf("fresh-%d.json", i)), copied, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func openBridge(t *testing.T, fresh int) *bridge {
	t.Helper()
	dir, b := t.TempDir(), &bridge{}
	addresses := freeAddresses(t, 4)
	if err := app.InitDemoTrust(dir, []app.DemoParty{{Country: "EE", Peers: addresses[0]}, {Country: "FI", Peers: addresses[1]}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	seeded(t, filepath.Join(dir, "register"), fresh)
	b.ee = b.open(t, dir, "EE", addresses[0], addresses[2])
	b.fi = b.open(t, dir, "FI", addresses[1], addresses[3])
	b.fi.Ask.Route("EE") // makes the client
	return b
}

func freeAddresses(t *testing.T, n int) []string {
	t.Helper()
	var all []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		all = append(all, l.Addr().String())
	}
	return all
}

func (b *bridge) open(t *testing.T, dir, country, peers, pharmacy string) *app.App {
	t.Helper()
	own := filepath.Join(dir, strings.ToLower(country))
	config := app.Defaults()
	config.Country, config.Participant, config.Environment, config.Languages = country, country, "demo", []string{"fi", "en"}
	config.Listen = app.ListenConfig{Peers: peers, Pharmacy: pharmacy}
	config.Keys.Dir = own
	config.Trust = app.TrustConfig{List: filepath.Join(dir, "list.json"), Root: filepath.Join(dir, "root.json"), FingerprintFile: filepath.Join(dir, "fingerprint")}
	config.Store = app.StoreConfig{Path: filepath.Join(own, "node.db"), Create: true}
	config.Register = app.RegisterConfig{Kind: "demo", Journal: filepath.Join(own, "register.journal")}
	if country == "EE" {
		config.Register.Dir = filepath.Join(dir, "register")
	}
	config.Pharmacy = app.PharmacyConfig{Issuer: "https://login.example/" + strings.ToLower(country), DemoIssuerKey: filepath.Join(own, "issuer.pem")}
	config.Times.Quiet, config.Limits.NotFoundPerMinute = time.Millisecond, 0
	a, err := app.New(t.Context(), config, app.Options{Log: io.Discard, Between: func(place string, x node.Exchange) node.Exchange {
		if place == "peer" && country == "FI" {
			b.peer = x
		}
		return x
	}})
	if err != nil {
		t.Fatal(err)
	}
	served, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = a.Run(served) }()
	t.Cleanup(func() { stop(); <-stopped; _ = a.Close() })
	return a
}

func person(verb node.Verb) node.Person {
	role := "2262"
	if verb == node.SummaryVerb {
		role = "221"
	}
	return node.Person{ID: node.Identifier{System: "urn:oid:1.2.246.537.25", Value: "990011"}, Name: "Pharmacist", Role: role, Permissions: node.Verbs(),
		Organisation: node.Organisation{ID: node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:oid:1.2.246.10.9999901.10.1"}, Name: "Apteekki"}}
}

// outward is the call that Helsinki's face hands to a peer.
func outward(verb node.Verb, patient node.Identifier) node.Call {
	return node.Call{Verb: verb, Patient: patient, Corridor: node.Corridor{A: "EE", B: "FI"}, Peer: "FI", Person: person(verb), Purpose: node.Treatment,
		Counter: node.Counter{IdentitySeen: true, PatientInformed: true}, Correlation: node.NewCorrelation()}
}

// local is the call of a Finnish professional, admitted before their own node.
func (b *bridge) local(verb node.Verb, patient node.Identifier) node.Call {
	now := time.Now()
	call, _ := b.fi.Gate.AdmitLocal(context.Background(), node.Proof{Wire: "local", Sealed: true, ID: node.NewCorrelation(),
		Issuer: "https://login.example/fi", Audience: []string{"FI"}, Issued: now, NotBefore: now, Expires: now.Add(time.Minute), Verb: verb,
		Patient: patient, Person: person(verb), Purpose: node.Treatment, Counter: node.Counter{IdentitySeen: true, PatientInformed: true},
		Country: "EE", Asked: node.Request{Verb: verb, Patient: patient, Reply: node.MPD}})
	return call
}

func handingOut(of *node.Document, id node.Identifier, packages string) []byte {
	now := time.Now().UTC().Format(time.RFC3339)
	performer := person(node.DispenseVerb)
	not := false
	d := &node.Document{Kind: node.ADispensation, At: time.Now().UTC(), Patient: of.Patient, Dispensation: &node.Dispensation{ID: id, Status: "completed",
		Prescription: of.Prescription().ID, Patient: of.Patient, Medication: of.Prescription().Medication, Packages: "7531", HandedOver: now, Recorded: now, Substituted: &not,
		Pharmacist: node.Practitioner{ID: performer.ID, Family: "Apteekkari", Organisation: performer.Organisation}}}
	out, err := fhir.Tongue{Participant: "FI"}.Encode(d, node.MPD, nil, &node.Report{})
	if err != nil {
		panic(err)
	}
	return bytes.Replace(out.Body(), []byte("7531"), []byte(packages), 1)
}

func takingBack(of []byte) []byte {
	return bytes.Replace(of, []byte(`"status":"completed"`), []byte(`"status":"entered-in-error"`), 1)
}

func (b *bridge) calls(first int) conformance.Calls {
	var pool []conformance.Expect
	for i := range batch {
		pool = append(pool, conformance.Expect{ID: recipe(fmt.Sprint(1027000000 + first + i)), Patient: spender(first + i), Packages: "3"})
	}
	var known []conformance.Expect
	for i := 1; i <= 7; i++ {
		known = append(known, conformance.Expect{ID: recipe(fmt.Sprint(1026090100 + i))})
	}
	known[0].ATC = []translation.Coding{{System: "http://www.whocc.no/atc", Code: "A10BA02"}}
	known[3].Packages, known[3].Left = "3", "3"
	return conformance.Calls{Call: outward, Tongue: fhir.Tongue{}, Now: time.Now, Deadline: 5 * time.Second,
		Can: conformance.Can{Face: true, Handles: true, Withdraws: true, Part: conformance.PartCloses},
		People: conformance.People{Main: citizen("47405179910"), BirthDate: "1974-05-17", Other: citizen("36111039925"), Unknown: citizen("48312149987"),
			Restricted: citizen("48807299932"), Ambiguous: citizen("47902269975"), SummaryRestricted: citizen("35501129941"),
			SectionRestricted: citizen("36111039925"), Section: "11450-4"},
		Known: known, Fresh: conformance.Pool(pool...), Dispensation: handingOut, Withdrawal: takingBack}
}

func TestTheDemoCorridorConforms(t *testing.T) {
	b := openBridge(t, 160)
	asRegister := b.calls(0)
	asRegister.Can = conformance.Can{Withdraws: true, Part: conformance.PartKept}
	asRegister.Known[0].ATC = nil
	asRegister.Known[3].Left = ""
	asAsk := b.calls(120)
	asAsk.Call, asAsk.Can.Relays, asAsk.Can.Handles, asAsk.Can.Withdraws = b.local, true, false, false
	overWire := b.calls(80)
	for _, subject := range []struct {
		name  string
		x     node.Exchange
		calls conformance.Calls
	}{
		{"register", b.ee.Register, asRegister},
		{"answer", &node.Direct{Gate: b.ee.Gate, Face: b.ee.Answer, Caller: "FI", Now: time.Now, Reply: node.MPD}, b.calls(40)},
		{"wire", b.peer, overWire},
		{"ask", b.fi.Ask, asAsk},
	} {
		t.Run(subject.name, func(t *testing.T) {
			for _, f := range conformance.Judge(t.Context(), subject.x, subject.calls) {
				switch f.Verdict {
				case conformance.Failed, conformance.Unjudged:
					t.Errorf("%s %s: %s", f.Verdict, f.ID, f.Reason)
				case conformance.NotApplicable:
					t.Logf("%s not applicable: %s", f.ID, f.Reason)
				}
			}
		})
	}
}
