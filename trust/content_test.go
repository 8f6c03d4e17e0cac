package trust_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"
	"time"

	"sild/internal/jose"
	"sild/trust"
)

// refusal is one change to a good list and the reason it must meet, at the
// operator's desk and at every node.
type refusal struct {
	name   string
	change func(*trust.Draft)
	want   trust.Reason
}

func judge(t *testing.T, s *scheme, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := s.changed(c.change)
			if _, err := trust.Sign(d, s.operators[:2]...); reasonOf(err) != c.want {
				t.Errorf("at the desk: want %q, got %v", c.want, err)
			}
			if _, err := trust.Verify(s.force(s.payload(d)), s.root, nil, noon); reasonOf(err) != c.want {
				t.Errorf("at the node: want %q, got %v", c.want, err)
			}
		})
	}
}

func TestAttack12ACountryHasExactlyOneSpelling(t *testing.T) {
	s := newScheme(t)
	second := func(country, id string) func(*trust.Draft) {
		return func(d *trust.Draft) { d.Participants[1].Country, d.Participants[1].ID = country, id }
	}
	cases := []refusal{
		{"country twice", func(d *trust.Draft) {
			d.Participants[1].Country, d.Participants[1].ID, d.Participants[1].Services = "EE", "EE-2", nil
		}, trust.ReasonDuplicate},
		{"id of another country", second("FI", "EE"), trust.ReasonCountry},
		{"id with a small letter", second("FI", "FI-a"), trust.ReasonCountry},
		{"id with an empty suffix", second("FI", "FI-"), trust.ReasonCountry},
		{"id that runs on", second("FI", "FIN"), trust.ReasonCountry},
		{"id too long", second("FI", "FI-"+strings.Repeat("A", 17)), trust.ReasonCountry},
		{"empty", second("", ""), trust.ReasonCountry},
	}
	for _, code := range []string{"fi", "Fi", "fI", "ЕЕ", "ＦＩ", "FI\u200b", "FI ", "XX", "EU", "EL", "UK", "GB", "CH", "F", "FIN", "I A"} {
		cases = append(cases, refusal{fmt.Sprintf("country %+q", code), second(code, code), trust.ReasonCountry})
	}
	judge(t, s, cases)
	moved := strings.Replace(string(s.payload(s.draft)), `"Country":"FI"`, `"Country":"EE"`, 1)
	if _, err := trust.Verify(s.force([]byte(moved)), s.root, nil, noon); reasonOf(err) != trust.ReasonCountry {
		t.Errorf("address in another country: got %v", err)
	}
	for _, code := range []string{"GR", "NO", "IS", "LI"} {
		d := s.changed(func(d *trust.Draft) { d.Participants[1] = s.participant(code); d.Participants[1].Services = nil })
		if _, err := trust.Sign(d, s.operators...); err != nil {
			t.Errorf("%s is a member: %v", code, err)
		}
	}
}

func TestAttack13NobodyListsWhatIsAnothers(t *testing.T) {
	s := newScheme(t)
	judge(t, s, []refusal{
		{"the other's client pin", func(d *trust.Draft) { d.Participants[1].TLSClientPins = d.Participants[0].TLSClientPins }, trust.ReasonDuplicate},
		{"the other's server pin as client pin", func(d *trust.Draft) { d.Participants[1].TLSClientPins = d.Participants[0].TLSServerPins }, trust.ReasonDuplicate},
		{"own pin twice", func(d *trust.Draft) {
			p := &d.Participants[1]
			p.TLSClientPins = append(p.TLSClientPins, p.TLSClientPins[0])
		}, trust.ReasonDuplicate},
		{"the other's seal key", func(d *trust.Draft) {
			d.Participants[1].SealKeys[0].Key.Public = d.Participants[0].SealKeys[0].Key.Public
		}, trust.ReasonDuplicate},
		{"the other's kid", func(d *trust.Draft) {
			d.Participants[1].SealKeys[0].Key.KID = d.Participants[0].SealKeys[0].Key.KID
		}, trust.ReasonDuplicate},
		{"own seal key under two kids", func(d *trust.Draft) {
			p := &d.Participants[1]
			again := p.SealKeys[0]
			again.Key.KID = "FI-seal-2"
			p.SealKeys = append(p.SealKeys, again)
		}, trust.ReasonDuplicate},
		{"the other's host", func(d *trust.Draft) {
			d.Participants[1].Services[0].Endpoints[0].URL = "https://ncp.ee.example/other"
		}, trust.ReasonDuplicate},
		{"the other's host on another port", func(d *trust.Draft) {
			d.Participants[1].Services[0].Endpoints[0].URL = "https://ncp.ee.example:8443/fhir"
		}, trust.ReasonDuplicate},
		{"a corridor of two others", func(d *trust.Draft) {
			d.Participants[1].Services[0].Corridors[0] = trust.Corridor{A: "EE", B: "SE"}
		}, trust.ReasonContent},
		{"a service twice", func(d *trust.Draft) { d.Participants[1].Services[1] = d.Participants[1].Services[0] }, trust.ReasonDuplicate},
	})
	same := s.changed(func(d *trust.Draft) { d.Participants[1].TLSClientPins = d.Participants[1].TLSServerPins })
	if _, err := trust.Sign(same, s.operators...); err != nil {
		t.Errorf("one TLS key as server and client of one node: %v", err)
	}
}

func TestAttack14EveryKeyHasOneUseAndOneOwner(t *testing.T) {
	s := newScheme(t)
	spki := func(k jose.Key) string {
		out, err := jose.SPKI(k.Public)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	judge(t, s, []refusal{
		{"own seal key as TLS client key", func(d *trust.Draft) {
			d.Participants[0].TLSClientPins = []string{spki(d.Participants[0].SealKeys[0].Key)}
		}, trust.ReasonKeyUse},
		{"a later one's seal key as TLS server key", func(d *trust.Draft) {
			d.Participants[0].TLSServerPins = []string{spki(d.Participants[1].SealKeys[0].Key)}
		}, trust.ReasonKeyUse},
		{"an operator's key as seal key", func(d *trust.Draft) {
			d.Participants[0].SealKeys[0].Key = key(t, "EE-x", s.operators[0].Key.Public())
		}, trust.ReasonKeyUse},
		{"an operator's key as TLS key", func(d *trust.Draft) {
			d.Participants[0].TLSClientPins = []string{spki(s.root.Keys[1].Key)}
		}, trust.ReasonKeyUse},
	})
	list := s.list()
	fi, _ := list.Participant("FI")
	token, err := jose.Sign(s.seals["EE"], "FI-seal-1", "call+jwt", []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jose.Verify(token, "call+jwt", fi.Keys(noon)); err == nil {
		t.Error("the Estonian key signed a Finnish call")
	}
	if _, ok := list.ByPin(pin("EE server")); ok {
		t.Error("a server key admitted a client")
	}
	if _, ok := list.ByPin(pin("EE client of nobody")); ok {
		t.Error("an unlisted key admitted a client")
	}
	if p, ok := list.ByPin(pin("EE client")); !ok || p.ID != "EE" {
		t.Error("the listed client key did not admit its owner")
	}
}

func TestAttack15AnAddressWithinOrBehindIsRefused(t *testing.T) {
	s := newScheme(t)
	var cases []refusal
	for _, address := range []string{
		"http://ncp.fi.example/fhir", "ftp://ncp.fi.example/", "//ncp.fi.example/", "ncp.fi.example", "",
		"https://user:secret@ncp.fi.example/fhir", "https://ncp.ee.example@ncp.fi.example/",
		"https://127.0.0.1/fhir", "https://127.1/fhir", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "https://[::1]/",
		"https://localhost/fhir", "https://localhost:8443/fhir", "https://node.localhost/", "https://10.0.0.5/fhir", "https://192.168.1.1/", "https://8.8.8.8/",
		"https://169.254.169.254/latest/meta-data", "https://[fd00::1]/", "https://[fe80::1%25eth0]/", "https://metadata.google.internal/", "https://db.local/",
		"https://ncp/fhir", "https://ncp.fi.example./fhir", "https://ncp..example/", "https://-ncp.example/", "https://NCP.fi.example/fhir", "HTTPS://ncp.fi.example/fhir",
		"https://nсp.fi.example/", "https://ncp.fi.example:0/", "https://ncp.fi.example:65536/", "https://ncp.fi.example:/", "https://ncp.fi.example:08443/",
		"https://ncp.fi.example/fhir?x=1", "https://ncp.fi.example/fhir#x", "https://ncp.fi.example/a/../b", "https://ncp.fi.example/%2e%2e/", `https://ncp.fi.example\@x/`,
		"https://ncp.fi.example/\n", " https://ncp.fi.example/", "https://" + strings.Repeat("a", 64) + ".example/", "https://x.example/" + strings.Repeat("a", 600),
	} {
		cases = append(cases, refusal{fmt.Sprintf("%q", address), func(d *trust.Draft) {
			d.Participants[1].Services[0].Endpoints[0].URL = address
		}, trust.ReasonEndpoint})
	}
	judge(t, s, cases)
	for _, address := range []string{"https://ncp.fi.example:8443/fhir", "https://ncp.xn--hxt814e/", "https://xn--nnca.fi.example"} {
		d := s.changed(func(d *trust.Draft) { d.Participants[1].Services[0].Endpoints[0].URL = address })
		if _, err := trust.Sign(d, s.operators...); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestLoopbackIsForTheDemoOnly(t *testing.T) {
	s := newScheme(t)
	local := func(env trust.Environment, ee, fi string) trust.Draft {
		return s.changed(func(d *trust.Draft) {
			d.Environment = env
			for i, base := range []string{ee, fi} {
				for j := range d.Participants[i].Services {
					for k := range d.Participants[i].Services[j].Endpoints {
						d.Participants[i].Services[j].Endpoints[k].URL = base + "/" + string(d.Participants[i].Services[j].Endpoints[k].Wire)
					}
				}
			}
		})
	}
	a, b := "https://127.0.0.1:8441", "https://127.0.0.1:8442"
	cases := []struct {
		name  string
		draft trust.Draft
		want  trust.Reason
	}{
		{"demo on two ports", local(trust.Demo, a, b), ""},
		{"demo on localhost and IPv6", local(trust.Demo, "https://localhost:8441", "https://[::1]:8442"), ""},
		{"demo on one port", local(trust.Demo, a, a), trust.ReasonDuplicate},
		{"demo on a private network", local(trust.Demo, a, "https://192.168.1.2:8442"), trust.ReasonEndpoint},
		{"demo without TLS", local(trust.Demo, a, "http://127.0.0.1:8442"), trust.ReasonEndpoint},
		{"test environment", local(trust.Test, a, b), trust.ReasonEndpoint},
		{"production", local(trust.Production, a, b), trust.ReasonEndpoint},
	}
	for _, c := range cases {
		if _, err := trust.Sign(c.draft, s.operators...); reasonOf(err) != c.want {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
}

func TestAListThatSaysLessOrMoreThanTheProfileIsRefused(t *testing.T) {
	s := newScheme(t)
	service := func(change func(*trust.ServiceGrant)) func(*trust.Draft) {
		return func(d *trust.Draft) { change(&d.Participants[1].Services[2]) }
	}
	judge(t, s, []refusal{
		{"no participant", func(d *trust.Draft) { d.Participants = nil }, trust.ReasonContent},
		{"no operator", func(d *trust.Draft) { d.Operator = "" }, trust.ReasonContent},
		{"unknown environment", func(d *trust.Draft) { d.Environment = "prod" }, trust.ReasonContent},
		{"territory in small letters", func(d *trust.Draft) { d.Territory = "eu" }, trust.ReasonContent},
		{"unknown status", func(d *trust.Draft) { d.Participants[0].Status = "ok" }, trust.ReasonContent},
		{"name with a terminal escape", func(d *trust.Draft) { d.Participants[0].Name = "EE\x1b[2J" }, trust.ReasonContent},
		{"name that reads backwards", func(d *trust.Draft) { d.Participants[0].Name = "EE \u202eIF" }, trust.ReasonContent},
		{"no emergency contact", func(d *trust.Draft) { d.Participants[0].Contact = "" }, trust.ReasonContent},
		{"contact that is a script", func(d *trust.Draft) { d.Participants[0].Website = "javascript:alert(1)" }, trust.ReasonContent},
		{"pin in hexadecimal", func(d *trust.Draft) { d.Participants[0].TLSClientPins = []string{strings.Repeat("ab", 32)} }, trust.ReasonContent},
		{"pin with a line break", func(d *trust.Draft) { d.Participants[0].TLSClientPins = []string{pin("x")[:42] + "\n"} }, trust.ReasonContent},
		{"key that ends before it begins", func(d *trust.Draft) {
			d.Participants[0].SealKeys[0].NotAfter = d.Participants[0].SealKeys[0].NotBefore.Add(-time.Second)
		}, trust.ReasonContent},
		{"key of unknown status", func(d *trust.Draft) { d.Participants[0].SealKeys[0].Status = "" }, trust.ReasonContent},
		{"answers without a server key", func(d *trust.Draft) { d.Participants[0].TLSServerPins = nil }, trust.ReasonContent},
		{"asks without a client key", func(d *trust.Draft) { d.Participants[0].TLSClientPins = nil }, trust.ReasonContent},
		{"serves without a seal key", func(d *trust.Draft) { d.Participants[0].SealKeys = nil }, trust.ReasonContent},
		{"unknown service", service(func(g *trust.ServiceGrant) { g.Service = "Everything" }), trust.ReasonContent},
		{"service of unknown status", service(func(g *trust.ServiceGrant) { g.Status = "on" }), trust.ReasonContent},
		{"no direction", service(func(g *trust.ServiceGrant) { g.Directions = nil }), trust.ReasonContent},
		{"direction twice", service(func(g *trust.ServiceGrant) { g.Directions[1] = g.Directions[0] }), trust.ReasonContent},
		{"unknown direction", service(func(g *trust.ServiceGrant) { g.Directions[1] = "C" }), trust.ReasonContent},
		{"unknown wire", service(func(g *trust.ServiceGrant) { g.Wires[1] = "smtp" }), trust.ReasonContent},
		{"no wire", service(func(g *trust.ServiceGrant) { g.Wires, g.Endpoints = nil, nil }), trust.ReasonContent},
		{"no corridor", service(func(g *trust.ServiceGrant) { g.Corridors = nil }), trust.ReasonContent},
		{"corridor twice", service(func(g *trust.ServiceGrant) { g.Corridors[1] = g.Corridors[0] }), trust.ReasonContent},
		{"corridor to itself", service(func(g *trust.ServiceGrant) { g.Corridors[0] = trust.Corridor{A: "FI", B: "FI"} }), trust.ReasonContent},
		{"corridor to no country", service(func(g *trust.ServiceGrant) { g.Corridors[0] = trust.Corridor{A: "FI", B: "EL"} }), trust.ReasonContent},
		{"corridor against its direction", service(func(g *trust.ServiceGrant) { g.Directions = []trust.Direction{trust.Answers} }), trust.ReasonContent},
		{"answers without an address", service(func(g *trust.ServiceGrant) { g.Endpoints = g.Endpoints[:1] }), trust.ReasonContent},
		{"two addresses for one wire", service(func(g *trust.ServiceGrant) { g.Endpoints[1].Wire = trust.WireFHIR }), trust.ReasonContent},
		{"asks only and yet has an address", service(func(g *trust.ServiceGrant) {
			g.Directions, g.Corridors = []trust.Direction{trust.Asks}, []trust.Corridor{{A: "EE", B: "FI"}}
		}), trust.ReasonContent},
	})
	crowd := s.changed(func(d *trust.Draft) {
		for range 63 {
			d.Participants = append(d.Participants, d.Participants[0])
		}
	})
	if _, err := trust.Sign(crowd, s.operators...); reasonOf(err) != trust.ReasonContent {
		t.Errorf("65 participants: got %v", err)
	}
}

func TestOnlyKeysInForceServeAndEveryKeyTypeReads(t *testing.T) {
	s := newScheme(t)
	big, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	list, err := trust.Verify(s.sign(s.changed(func(d *trust.Draft) {
		add := func(kid string, from, to time.Time, status trust.Status) {
			d.Participants[0].SealKeys = append(d.Participants[0].SealKeys, trust.SealKey{
				Key: key(t, kid, newSigner(t).Public()), NotBefore: from, NotAfter: to, Status: status,
			})
		}
		add("coming", noon.AddDate(0, 1, 0), noon.AddDate(1, 0, 0), trust.StatusGranted)
		add("gone", noon.AddDate(-1, 0, 0), noon.AddDate(0, -1, 0), trust.StatusGranted)
		add("revoked", noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0), trust.StatusWithdrawn)
		d.Participants[0].SealKeys = append(d.Participants[0].SealKeys, trust.SealKey{
			Key: key(t, "rsa", big.Public()), NotBefore: noon, NotAfter: noon.Add(time.Hour), Status: trust.StatusGranted,
		})
	})), s.root, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := list.Participant("EE")
	if !ok {
		t.Fatal("no EE")
	}
	var kids []string
	for _, k := range p.Keys(noon) {
		kids = append(kids, k.KID)
	}
	if strings.Join(kids, " ") != "EE-seal-1 rsa" {
		t.Fatalf("got %v", kids)
	}
}
