package conformance_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sild/conformance"
	"sild/internal/tongues"
	"sild/node"
	"sild/translation"
)

// batch is how many prescriptions each judged place may dispense on, and places how many places there are.
const (
	batch  = 40
	places = 4
)

// land is a demo country of affiliation: whom its seed knows, and how prescriptions are added for the checks to spend.
type land struct {
	country, treatment string
	part               conformance.Part
	withdraws          bool // at the counter in the country of treatment
	people             conformance.People
	never              conformance.Never
	known              []conformance.Expect

	seedDir      string
	pattern      [2]string // patient and prescription of the seed's three packages, as the file writes them
	spender      func(turn int) string
	prescription func(n int) string
	systems      [2]string // of patients and prescriptions
}

func sha(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func estonia() land {
	l := land{country: "EE", treatment: "FI", part: conformance.PartCloses, seedDir: "ee",
		pattern:      [2]string{"47405179910", "1026090104"},
		systems:      [2]string{"https://fhir.ee/sid/pid/est/ni", "https://fhir.ee/CodeSystem/tis-fhir-identifikaatorid/retseptikeskus-retsept"},
		spender:      func(turn int) string { return fmt.Sprint(46507219900 + turn) },
		prescription: func(n int) string { return fmt.Sprint(1027000000 + n) }}
	l.people = conformance.People{Main: l.person("47405179910"), BirthDate: "1974-05-17", Other: l.person("36111039925"),
		Unknown: l.person("48312149987"), Restricted: l.person("48807299932"), Ambiguous: l.person("47902269975"),
		SummaryRestricted: l.person("35501129941"), SectionRestricted: l.person("36111039925"), Section: "11450-4"}
	l.never = conformance.Never{Patient: l.people.Other, Excluded: l.item("1026110115"), Expired: l.item("1026050113"), Cancelled: l.item("1026090114")}
	for i := range 7 {
		l.known = append(l.known, conformance.Expect{ID: l.item(fmt.Sprint(1026090101 + i))})
	}
	l.threePackages(&l.known[3])
	return l
}

func finland() land {
	const root = "urn:oid:1.2.246.10.1234567.93.2026."
	l := land{country: "FI", treatment: "EE", part: conformance.PartKept, withdraws: true, seedDir: "fi",
		pattern:      [2]string{"140271-9022", root + "2004"},
		systems:      [2]string{"urn:oid:1.2.246.21", "http://resepti.kanta.fi/fhir/id/setId"},
		spender:      func(turn int) string { return fmt.Sprintf("15027%d-9022", turn) },
		prescription: func(n int) string { return fmt.Sprint(root, 70000+n) }}
	l.people = conformance.People{Main: l.person("140271-9022"), BirthDate: "1971-02-14", Other: l.person("060864Y9051"),
		Unknown: l.person("150980-930K"), Restricted: l.person("231086-908C"), Ambiguous: l.person("270178-9201"),
		NoConsent: l.person("190692-914A"), Child: l.person("080317A917J"), SummaryRestricted: l.person("300452-911C"),
		SectionRestricted: l.person("060864Y9051"), Section: "11450-4"}
	l.never = conformance.Never{Patient: l.people.Other, Excluded: l.item(root + "2013"), Expired: l.item(root + "2011"), Cancelled: l.item(root + "2012")}
	for i := range 6 {
		l.known = append(l.known, conformance.Expect{ID: l.item(fmt.Sprint(root, 2001+i))})
	}
	for _, i := range []int{0, 2} { // the register keeps these as CDA, which knows their number alone
		l.known[i].ID.System = "urn:ietf:rfc:3986"
	}
	l.threePackages(&l.known[3])
	return l
}

func (l land) person(v string) node.Identifier {
	return node.Identifier{System: l.systems[0], Value: v}
}
func (l land) item(v string) node.Identifier { return node.Identifier{System: l.systems[1], Value: v} }

// threePackages is the truth about the seed's ramipril, in the codes of the border.
func (l land) threePackages(e *conformance.Expect) {
	e.Packages, e.Left = "3", "3"
	e.Form = translation.Coding{System: "http://standardterms.edqm.eu", Code: "10219000"}
	e.ATC = []translation.Coding{{System: "http://www.whocc.no/atc", Code: "C09AA05"}}
	e.Ingredients = []conformance.Ingredient{{Value: "5", Unit: translation.Coding{System: "http://unitsofmeasure.org", Code: "mg"}}}
}

// calls describes the country for one of the judged places; each has its own prescriptions to spend.
func (l land) calls(turn int) conformance.Calls {
	var pool []conformance.Expect
	for i := range batch {
		pool = append(pool, conformance.Expect{ID: l.item(l.prescription(turn*batch + i)), Patient: l.person(l.spender(turn)), Packages: "3"})
	}
	return conformance.Calls{Tongue: tongues.Both{}, Now: time.Now, Deadline: 10 * time.Second, People: l.people, Never: l.never,
		Known: append([]conformance.Expect(nil), l.known...), Fresh: conformance.Pool(pool...), Dispensation: handingOut, Withdrawal: takingBack}
}

// seed copies the demo register's files and adds people who are there only to have prescriptions dispensed.
func (l land) seed(t *testing.T, dir string) {
	t.Helper()
	from := filepath.Join("..", "internal", "national", "demo", "seed", l.seedDir)
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	pattern, err := os.ReadFile(filepath.Join(from, "prescriptions", "three-packages.json"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range places * batch {
		owner := l.spender(n / batch)
		copied := bytes.ReplaceAll(pattern, []byte(l.pattern[0]), []byte(owner))
		copied = bytes.ReplaceAll(copied, []byte(l.pattern[1]+`"`), []byte(l.prescription(n)+`"`))
		copied = bytes.ReplaceAll(copied, []byte(l.seedDir+"-m1"), []byte(l.seedDir+"-"+owner))
		l.write(t, filepath.Join(dir, "prescriptions", fmt.Sprintf("fresh-%d.json", n)), copied)
	}
	rights := filepath.Join(dir, "rights.json")
	given, err := os.ReadFile(rights)
	if err != nil {
		t.Fatal(err)
	}
	for turn := range places {
		consent := fmt.Sprintf("\"consents\": [\n    {\"patient\": %q, \"countries\": [\"*\"], \"since\": \"2026-01-01\"},", l.spender(turn))
		if l.country == "FI" {
			given = bytes.Replace(given, []byte(`"consents": [`), []byte(consent), 1)
		}
	}
	l.write(t, rights, given)
}

func (l land) write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
