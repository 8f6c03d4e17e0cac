package conformance_test

import (
	"context"
	"io"
	"net"
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

// bridge is two whole nodes in one process, over real TLS on loopback: country A's register, its face, country B's wire
// client to it, and country B's face.
type bridge struct {
	affiliation land
	a, b        *app.App
	peer        node.Exchange
}

// TestTheDemoCorridorConforms judges the same corridor at each of its four places.
func TestTheDemoCorridorConforms(t *testing.T) {
	for _, l := range []land{estonia(), finland()} {
		t.Run(l.country+"-"+l.treatment, func(t *testing.T) {
			b := openBridge(t, l)
			b.judge(t, "register", b.a.Register, b.toRegister(0))
			b.judge(t, "answer", &node.Direct{Gate: b.a.Gate, Face: b.a.Answer, Caller: l.treatment, Now: time.Now, Reply: node.MPD}, b.toAnswer(1))
			b.judge(t, "wire client", b.peer, b.toPeer(2))
			b.judge(t, "ask", b.b.Ask, b.toAsk(3))
		})
	}
}

func (b *bridge) judge(t *testing.T, place string, x node.Exchange, calls conformance.Calls) {
	t.Run(place, func(t *testing.T) {
		passed := 0
		for _, f := range conformance.Judge(t.Context(), x, calls) {
			switch {
			case f.Verdict == conformance.Passed:
				passed++
			case f.Verdict == conformance.NotApplicable:
				t.Logf("%s: %s", f.ID, f.Reason)
			default:
				t.Errorf("%s %s: %s", f.ID, f.Verdict, f.Reason)
			}
		}
		if passed < 40 {
			t.Errorf("only %d checks were judged", passed)
		}
	})
}

// toRegister asks a register as its own node does.
func (b *bridge) toRegister(turn int) conformance.Calls {
	c := b.affiliation.calls(turn)
	c.Call, c.Can = b.outward, conformance.Can{Withdraws: true, Part: conformance.PartKept}
	for i := range c.Known {
		c.Known[i] = conformance.Expect{ID: c.Known[i].ID, Digest: b.digest(c.Known[i].ID)}
	}
	return c
}

// toAnswer asks country A's face through its gate.
func (b *bridge) toAnswer(turn int) conformance.Calls {
	c := b.affiliation.calls(turn)
	c.Call, c.Can = b.outward, conformance.Can{Face: true, Handles: true, Withdraws: true, Part: b.affiliation.part}
	for i := range c.Known {
		c.Known[i].Digest = b.digest(c.Known[i].ID)
	}
	return c
}

// toPeer asks country A over the wire; its source documents stay at home.
func (b *bridge) toPeer(turn int) conformance.Calls {
	c := b.toAnswer(turn)
	for i := range c.Known {
		c.Known[i].Digest = ""
	}
	return c
}

// toAsk asks country B's face as its own pharmacies do, and expects its own codes.
func (b *bridge) toAsk(turn int) conformance.Calls {
	c := b.toPeer(turn)
	c.Call = b.local
	c.Can.Handles, c.Can.Relays, c.Can.Withdraws = false, true, b.affiliation.withdraws
	for i := range c.Known {
		c.Known[i].ATC, c.Known[i].Form, c.Known[i].Ingredients = nil, translation.Coding{}, nil
	}
	return c
}

// digest is that of the register's own bytes.
func (b *bridge) digest(id node.Identifier) string {
	d, err := b.a.Register.Prescription(context.Background(), b.outward(node.PrescriptionVerb, b.affiliation.people.Main), node.Ref{ID: id})
	if err != nil {
		return ""
	}
	return sha(d.Source)
}

// outward is the call that country B's face hands to a peer, and country A's face to its register.
func (b *bridge) outward(verb node.Verb, patient node.Identifier) node.Call {
	return node.Call{Verb: verb, Patient: patient, Corridor: node.Corridor{A: b.affiliation.country, B: b.affiliation.treatment},
		Peer: b.affiliation.treatment, Person: professional(verb), Purpose: node.Treatment,
		Counter: node.Counter{IdentitySeen: true, PatientInformed: true}, Correlation: node.NewCorrelation()}
}

// local is the call of a professional of country B, admitted before their own node.
func (b *bridge) local(verb node.Verb, patient node.Identifier) node.Call {
	now := time.Now()
	call, err := b.b.Gate.AdmitLocal(context.Background(), node.Proof{Wire: "local", Sealed: true, ID: node.NewCorrelation(),
		Issuer: b.b.Gate.Issuer, Audience: []string{b.affiliation.treatment}, Issued: now, NotBefore: now, Expires: now.Add(time.Minute),
		Verb: verb, Patient: patient, Person: professional(verb), Purpose: node.Treatment,
		Counter: node.Counter{IdentitySeen: true, PatientInformed: true}, Country: b.affiliation.country,
		Asked: node.Request{Verb: verb, Patient: patient, Reply: node.MPD}})
	if err != nil {
		panic(err)
	}
	return call
}

func professional(verb node.Verb) node.Person {
	role := "2262"
	if verb == node.SummaryVerb {
		role = "221"
	}
	return node.Person{ID: node.Identifier{System: "urn:oid:2.999.1", Value: "P-7"}, Name: "Made-up Professional", Role: role,
		Permissions:  node.Verbs(),
		Organisation: node.Organisation{ID: node.Identifier{System: "urn:oid:2.999.2", Value: "A-7"}, Name: "Made-up Pharmacy"}}
}

func openBridge(t *testing.T, l land) *bridge {
	t.Helper()
	dir, b := t.TempDir(), &bridge{affiliation: l}
	at := freeAddresses(t, 4)
	parties := []app.DemoParty{{Country: l.country, Peers: at[0]}, {Country: l.treatment, Peers: at[1]}}
	if err := app.InitDemoTrust(dir, parties, time.Now()); err != nil {
		t.Fatal(err)
	}
	l.seed(t, filepath.Join(dir, "register"))
	b.a = b.start(t, dir, parties[0], at[2])
	b.b = b.start(t, dir, parties[1], at[3])
	if _, _, _, ok := b.b.Ask.Route(l.country); !ok || b.peer == nil {
		t.Fatal("there is no way to country A")
	}
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

func (b *bridge) start(t *testing.T, dir string, party app.DemoParty, pharmacy string) *app.App {
	t.Helper()
	own := filepath.Join(dir, strings.ToLower(party.Country))
	config := app.Defaults()
	config.Country, config.Participant, config.Environment = party.Country, party.Country, "demo"
	config.Listen = app.ListenConfig{Peers: party.Peers, Pharmacy: pharmacy}
	config.Keys.Dir = own
	config.Trust = app.TrustConfig{List: filepath.Join(dir, "list.json"), Root: filepath.Join(dir, "root.json"),
		FingerprintFile: filepath.Join(dir, "fingerprint")}
	config.Store = app.StoreConfig{Path: filepath.Join(own, "node.db"), Create: true}
	config.Register = app.RegisterConfig{Kind: "demo", Journal: filepath.Join(own, "register.journal")}
	if party.Country == b.affiliation.country {
		config.Register.Dir = filepath.Join(dir, "register")
	}
	config.Pharmacy = app.PharmacyConfig{Issuer: "https://login.example/" + party.Country, DemoIssuerKey: filepath.Join(own, "issuer.pem")}
	config.Times.Quiet, config.Limits = time.Millisecond, app.LimitsConfig{}
	a, err := app.New(t.Context(), config, app.Options{Log: io.Discard, Between: func(place string, x node.Exchange) node.Exchange {
		if place == "peer" && party.Country == b.affiliation.treatment {
			b.peer = x
		}
		return x
	}})
	if err != nil {
		t.Fatal(err)
	}
	served, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- a.Run(served) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Log(err)
		}
		a.Close()
	})
	return a
}

// handingOut writes a pharmacy's message. The number is put in last, so that a wrong one can be written too.
func handingOut(of *node.Document, id node.Identifier, packages string) []byte {
	const number = "753197531975319753"
	now, person, not := time.Now().UTC(), professional(node.DispenseVerb), false
	p := of.Prescription()
	out, err := fhir.Tongue{Participant: "B"}.Encode(&node.Document{Kind: node.ADispensation, At: now, Patient: of.Patient,
		Dispensation: &node.Dispensation{ID: id, Status: "completed", Prescription: p.ID, Patient: of.Patient, Medication: p.Medication,
			Packages: number, HandedOver: now.Format(time.RFC3339), Recorded: now.Format(time.RFC3339), Substituted: &not,
			Pharmacist: node.Practitioner{ID: person.ID, Family: "Professional", Organisation: person.Organisation}}},
		node.MPD, nil, &node.Report{})
	if err != nil {
		panic(err)
	}
	return []byte(strings.Replace(string(out.Body()), number, packages, 1))
}

func takingBack(of []byte) []byte {
	return []byte(strings.Replace(string(of), `"status":"completed"`, `"status":"entered-in-error"`, 1))
}
