package node_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// The identifier systems, code systems and people of the tests. All people are invented.
const (
	eePerson = "https://fhir.ee/sid/pid/est/ni"
	fiPerson = "urn:oid:1.2.246.21"

	eeATC       = "https://fhir.ee/CodeSystem/atc-ee"
	eeSubstance = "urn:sild:demo:ee-substance"
	eeDoseForm  = "https://fhir.ee/CodeSystem/ravimvormid"
	eeUnit      = "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik"
	fiATC       = "urn:oid:1.2.246.537.6.32.2007"
	fiDoseForm  = "urn:oid:1.2.246.537.6.852"
	fiUnit      = "urn:sild:demo:fi-unit"
	atc         = "http://www.whocc.no/atc"
	edqm        = "http://standardterms.edqm.eu"
	icd10       = "http://hl7.org/fhir/sid/icd-10"
	loinc       = "http://loinc.org"
)

func systemOf(country string) string {
	if country == "FI" {
		return fiPerson
	}
	return eePerson
}

// patient names a person of country A of the world.
func (w *world) patient(name string) node.Identifier {
	values := map[string]string{"main": "47101010033", "other": "37605030299", "unknown": "60001019906",
		"hidden": "48805120227", "unconsented": "36512240118", "twin": "49403136515", "child": "61211220105"}
	value, ok := values[name]
	if !ok {
		w.t.Fatalf("nobody is called %s", name)
	}
	return node.Identifier{System: systemOf(w.a), Value: value}
}

func (w *world) people() {
	for _, name := range []string{"main", "other", "hidden", "unconsented", "child"} {
		p := w.person(name).record()
		w.register.people[p.Identifiers[0].Value] = []node.Patient{p}
	}
	twin := w.person("twin").record()
	w.register.people[twin.Identifiers[0].Value] = []node.Patient{twin, twin}
	w.register.rights[w.patient("hidden").Value] = node.Entitlement{Hidden: true, Reason: "patient.restricted"}
	w.register.rights[w.patient("unconsented").Value] = node.Entitlement{NoConsent: true, Reason: "patient.consent"}
}

func (w *world) person(name string) person {
	born := "1971-01-01"
	if name == "child" {
		born = "2012-11-22"
	}
	return person{IDs: []node.Identifier{w.patient(name)}, Family: "Õunapuuvõsa" + name, Given: []string{"Šarlotta"}, Born: born, Sex: "female"}
}

// secrets are what must never stand in an error.
func (w *world) secrets() []string {
	list := []string{"Õunapuuvõsa", "Šarlotta", "1971-01-01", "RX-"}
	for _, name := range []string{"main", "other", "unknown", "hidden", "unconsented", "twin", "child"} {
		list = append(list, w.patient(name).Value)
	}
	return list
}

func rx(n any) node.Identifier {
	return node.Identifier{System: "https://example.org/prescriptions", Value: fmt.Sprintf("RX-%v", n)}
}

func given(n any) node.Identifier {
	return node.Identifier{System: "https://example.org/dispensations", Value: fmt.Sprintf("D-%v", n)}
}

func (w *world) form(country string) node.Format {
	if country == "FI" {
		return fiForm
	}
	return eeForm
}

// tablets is a medicine with one substance in tablets, in the codes of a country.
func tablets(country string) *medicine {
	if country == "FI" {
		return &medicine{Name: "Kolmipäiväinen", ATC: []*code{{System: fiATC, Code: "N02BE01"}},
			Form: &code{System: fiDoseForm, Code: "10219000"}, Items: count{Value: "10", Unit: &code{System: fiUnit, Code: "18"}},
			Ingredients: []*ingredient{{Substance: &code{System: fiATC, Code: "N02BE01"},
				Amount: &count{"500", &code{System: fiUnit, Code: "13"}}, Per: &count{"1", &code{System: fiUnit, Code: "18"}}}}}
	}
	return &medicine{Name: "Kolmepäevane", Product: &code{System: "http://ravimiregister.ee/pakendid", Code: "1234567"},
		ATC: []*code{{System: eeATC, Code: "N02BE01"}}, Form: &code{System: eeDoseForm, Code: "738"},
		Items: count{Value: "10", Unit: &code{System: eeUnit, Code: "TABL"}}, Ingredients: []*ingredient{{
			Substance: &code{System: eeSubstance, Code: "90001"},
			Amount:    &count{"500", &code{System: eeUnit, Code: "MG"}}, Per: &count{"1", &code{System: eeUnit, Code: "TABL"}}}}}
}

// pair adds a second substance: amlodipine with valsartan.
func pair(country string) *medicine {
	m := tablets(country)
	second := tablets(country).Ingredients[0]
	if country == "FI" {
		m.ATC[0].Code, m.Ingredients[0].Substance.Code, second.Substance.Code = "C09DB01", "C08CA01", "C09CA03"
	} else {
		m.ATC[0].Code, m.Ingredients[0].Substance.Code, second.Substance.Code = "C09DB01", "90022", "90023"
	}
	m.Ingredients = append(m.Ingredients, second)
	return m
}

// kit is a combination pack of two preparations.
func kit(country string) *medicine {
	second := tablets(country)
	second.Ingredients[0].Substance = pair(country).Ingredients[0].Substance
	second.ATC[0].Code = "C08CA01"
	return &medicine{Name: "Pakk", Parts: []*medicine{tablets(country), second}}
}

// prescribe puts a prescription of the main patient into the register: two packages, valid around now.
func (w *world) prescribe(n any, change ...func(*script)) *script {
	s := &script{ID: rx(n), Status: node.Active, Authored: "2026-11-01", From: "2026-11-01", To: "2027-01-31",
		Medicine: tablets(w.a), Packages: "2"}
	for _, c := range change {
		c(s)
	}
	w.register.scripts = append(w.register.scripts, &paper{Form: w.form(w.a), Kind: node.APrescription, Patient: w.person("main"), Scripts: []*script{s}})
	return s
}

// sheet is the paper of the last prescription.
func (w *world) sheet() *paper { return w.register.scripts[len(w.register.scripts)-1] }

// summarise puts a summary of a patient into the register with a section of problems and one of results.
func (w *world) summarise(name string, sections ...section) *paper {
	p := &paper{Form: w.form(w.a), Kind: node.ASummary, Patient: w.person(name),
		Summary: &folder{ID: node.Identifier{System: "https://example.org/summaries", Value: "S-" + name}, Date: "2026-10-10"}}
	for _, s := range sections {
		raw, err := json.Marshal(s)
		if err != nil {
			w.t.Fatal(err)
		}
		p.Summary.Sections = append(p.Summary.Sections, raw)
	}
	w.register.folders[w.patient(name).Value] = p
	return p
}

func problems() section {
	return section{LOINC: "11450-4", Text: "vöötohatis", Codes: []*code{{System: icd10, Code: "B02"}}}
}

func results() section {
	return section{LOINC: "30954-2", Text: "vereanalüüs", Codes: []*code{{System: icd10, Code: "A09"}}}
}

// note is a dispensation as the pharmacy in B writes it.
func (w *world) note(id, prescription any, packages string, change ...func(*paper)) []byte {
	p := &paper{Form: w.form(w.b), Kind: node.ADispensation, Patient: w.person("main"), Handout: &handout{ID: given(id),
		Script: rx(prescription), Medicine: tablets(w.b), Packages: packages, Recorded: noon.Format(time.RFC3339),
		Pharmacist: "P-1", Pharmacy: "A-1"}}
	for _, c := range change {
		c(p)
	}
	return text(p)
}

// message is a dispensation as node B sends it to node A: the note in pivot codes.
func (w *world) message(id, prescription any, packages string, change ...func(*paper)) *node.Document {
	w.t.Helper()
	d, err := paperTongue{}.Decode(w.note(id, prescription, packages, change...))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, slot := range d.Slots {
		catalogue().ToPivot(w.b, slot)
	}
	out, err := paperTongue{}.Encode(d, node.MPD, nil, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &node.Document{Kind: node.ADispensation, Format: node.MPD, Source: out.Body()}
}

// takeBack is the message that withdraws a dispensation.
func (w *world) takeBack(receipt string, id, prescription any, change ...func(*paper)) node.Withdrawal {
	all := append([]func(*paper){func(p *paper) { p.Kind = node.AWithdrawal }}, change...)
	return node.Withdrawal{Receipt: receipt, Source: w.note(id, prescription, "1", all...)}
}

func must[T any](t testing.TB, value T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v (%s)", err, node.AsError(err).Detail)
	}
	return value
}

// wantError demands an error of this kind and reason, of the type that every verb promises, without a secret in it.
func (w *world) wantError(err error, kind node.Kind, reason string) {
	w.t.Helper()
	if err == nil {
		w.t.Fatalf("no error, want %s (%s)", kind, reason)
	}
	var e *node.Error
	if !errors.As(err, &e) {
		w.t.Fatalf("%T is not an error of the contract: %v", err, err)
	}
	if e.Kind != kind || e.Reason != reason {
		w.t.Fatalf("got %s (%s): %v, want %s (%s)", e.Kind, e.Reason, err, kind, reason)
	}
	if e.Detail == "" {
		w.t.Errorf("%s (%s) has no sentence for the counter", e.Kind, e.Reason)
	}
	w.discreet(err)
}

// discreet fails when anything about a patient stands in an error.
func (w *world) discreet(err error) {
	w.t.Helper()
	e := node.AsError(err)
	for _, text := range []string{err.Error(), e.Error(), e.Detail, e.Reason, e.Slot, e.Left} {
		for _, secret := range w.secrets() {
			if strings.Contains(text, secret) {
				w.t.Errorf("%q stands in the error %q", secret, text)
			}
		}
	}
}

// codes finds the current codes of a body's places by path.
func codesOf(t testing.TB, body []byte) map[string]translation.Coding {
	t.Helper()
	d, err := paperTongue{}.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]translation.Coding{}
	for _, slot := range d.Slots {
		found[slot.Path] = slot.Current
	}
	return found
}
