package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/node"
)

// shelf is what a pharmacy of the country of treatment has instead of what was prescribed: one product of its country's
// list, in that country's codes.
type shelf struct {
	corridor     node.Corridor
	prescription string
	number       string
	items        string // tablets in one package
	form, atc    string
	strength     string // milligrams in one tablet
	packs        string // how many the finder answers
}

var shelves = map[string]shelf{
	"EE→FI": {node.Corridor{A: "EE", B: "FI"}, "1026090101", "880001", "30", "10219000", "A10BA02", "500", "2"},
	"FI→EE": {node.Corridor{A: "FI", B: "EE"}, "2004", "7700049", "49", "738", "C09AA05", "5", "6"},
	// The same way, for a prescription that Finland holds as CDA.
	"FI→EE, from CDA": {node.Corridor{A: "FI", B: "EE"}, "2001", "7700050", "50", "1256", "A10BA02", "500", "2"},
}

// estonianShelf is a made-up list of Estonian medicines.
const (
	estonianShelf = `system,code,name,form_system,form,classification_system,classification,items,items_unit_system,items_unit,content,content_unit_system,content_unit,marketed,since,until,status
ee-package,7700049,Ramipriil Kivi 5 mg,ee-dose-form,738,ee-atc,C09AA05,49,ee-amount-unit,TABL,,,,yes,2020-01-01,,draft
ee-package,7700050,Metformiin Kivi 500 mg,ee-dose-form,1256,ee-atc,A10BA02,50,ee-amount-unit,TABL,,,,yes,2020-01-01,,draft
`
	estonianShelfIngredients = `system,code,position,substance_system,substance,name,numerator,numerator_unit_system,numerator_unit,denominator,denominator_unit_system,denominator_unit,status
ee-package,7700049,1,atc,C09AA05,ramipriil,5,ee-amount-unit,MG,1,ee-amount-unit,TABL,draft
ee-package,7700050,1,atc,A10BA02,metformiin,500,ee-amount-unit,MG,1,ee-amount-unit,TABL,draft
`
)

// shop is a pharmacy that hands out what stands on its shelf.
type shop struct {
	*testing.T
	shelf
	bridge  *bridge
	counter *counter
	journey *journey
}

// openShop builds a corridor whose country of treatment has a list of medicines.
func openShop(t *testing.T, s shelf) *shop {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{productFile: estonianShelf, productIngredientFile: estonianShelfIngredients} {
		must(t, os.MkdirAll(filepath.Join(dir, "ee"), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, "ee", name), []byte(text), 0o600))
	}
	b, err := Demo{Out: testLog{t}, Dir: t.TempDir()}.buildAnywhere(t.Context())
	must(t, err)
	t.Cleanup(func() { must(t, b.remove()) })
	must(t, b.stop(s.corridor.B))
	config := b.configs[s.corridor.B]
	if config.Terminology.Products = exampleProducts; s.corridor.B == "EE" {
		config.Terminology.Products = dir
	}
	b.configs[s.corridor.B] = config
	must(t, b.start(context.Background(), s.corridor.B))
	counter, err := b.counter(s.corridor, "pharmacy")
	must(t, err)
	return &shop{T: t, shelf: s, bridge: b, counter: counter, journey: &journey{bridge: b, corridor: s.corridor, truth: demoTruth(s.corridor.A)}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *shop) id() node.Identifier {
	return (&story{corridor: s.corridor}).prescription(s.shelf.prescription)
}

// fetch asks for the prescription anew, and what the finder answers to it.
func (s *shop) fetch() (*node.Prescription, *node.Offer, []byte) {
	s.Helper()
	answer, err := s.counter.fetch(s.Context(), s.journey.truth.patient, s.id())
	must(s.T, err)
	d, err := fhir.Tongue{}.Decode(answer.Body)
	if err != nil || d.Prescription() == nil {
		s.Fatalf("status %d: %v", answer.Status, err)
	}
	finder := node.Finder{Catalogue: s.bridge.nodes[s.corridor.B].terms.inForce.Load(), Rules: s.bridge.nodes[s.corridor.B].rules,
		Corridor: s.corridor, Languages: readerLanguages(s.corridor.B), Now: time.Now}
	return d.Prescription(), finder.Find(d.Prescription()), answer.Body
}

// message is a dispensation of so many packages from the shelf.
func (s *shop) message(fetched []byte, packages int) []byte {
	s.Helper()
	whole, err := s.counter.dispensation(fetched, newDispensation(), packages, "completed")
	must(s.T, err)
	var resource map[string]any
	reader := json.NewDecoder(bytes.NewReader(whole))
	reader.UseNumber()
	must(s.T, reader.Decode(&resource))
	resource["contained"].([]any)[0] = s.medication()
	resource["substitution"] = map[string]any{"wasSubstituted": true}
	out, err := json.Marshal(resource)
	must(s.T, err)
	return out
}

func (s *shop) medication() map[string]any {
	forms, units, tablet, milligram, numbers := "https://fhir.ee/CodeSystem/ravimvormid", "https://fhir.ee/CodeSystem/retsept-mahu-ja-massiyhik", "TABL", "MG", "http://ravimiregister.ee/pakendid"
	if s.corridor.B == "FI" {
		forms, units, tablet, milligram, numbers = "urn:oid:1.2.246.537.6.852", "urn:sild:demo:fi-unit", "18", "13", "urn:oid:1.2.246.537.6.55.2004"
	}
	amount := func(value, unit string) map[string]any {
		return map[string]any{"value": json.Number(value), "system": units, "code": unit}
	}
	coded := func(system, code string) map[string]any {
		return map[string]any{"coding": []any{map[string]any{"system": system, "code": code}}}
	}
	return map[string]any{"resourceType": "Medication", "id": "medication",
		"identifier": []any{map[string]any{"system": numbers, "value": s.number}}, "form": coded(forms, s.form),
		"amount": map[string]any{"numerator": amount(s.items, tablet), "denominator": map[string]any{"value": 1}},
		"ingredient": []any{map[string]any{"itemCodeableConcept": coded("http://www.whocc.no/atc", s.atc),
			"strength": map[string]any{"numerator": amount(s.strength, milligram), "denominator": amount("1", tablet)}}}}
}

// hand sends a message and demands what the answer and then the register say is left.
func (s *shop) hand(message []byte, status int, reason, left string) []byte {
	s.Helper()
	answer, err := s.counter.dispense(s.Context(), message)
	must(s.T, err)
	if answer.Status != status {
		s.Fatalf("status %d %s instead of %d", answer.Status, said(answer), status)
	}
	if reason == "" {
		receipt, _, err := fhir.DecodeReceipt(answer.Body)
		if err != nil || receipt.Left != left {
			s.Errorf("the receipt says %v left, want %s (%v)", receipt.Left, left, err)
		}
		return answer.Body
	}
	refusal, _, err := fhir.DecodeOutcome(answer.Body)
	if err != nil || refusal.Reason != reason || refusal.Left != left {
		s.Errorf("refused as %v with %q left, want %s with %q", refusal, refusal.Left, reason, left)
	}
	return answer.Body
}

func (s *shop) registerSays(left string) {
	s.Helper()
	must(s.T, s.journey.registerSays(s.Context(), s.id(), left))
}

// offered demands the finder's first answer.
func (s *shop) offered(offer *node.Offer, packs string) {
	s.Helper()
	if len(offer.Products) == 0 || offer.Products[0].Number.Code != s.number || offer.Products[0].Packs != packs || offer.Products[0].Size != s.items {
		s.Fatalf("the finder answers %+v, want %s × %s", offer, packs, s.items)
	}
}

func TestWhatTheFinderAnswersIsDispensedAndNotOnePackageMore(t *testing.T) {
	for name, on := range shelves {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, on)
			p, offer, fetched := s.fetch()
			s.offered(offer, on.packs)
			var packs int
			fmt.Sscan(on.packs, &packs)
			s.hand(s.message(fetched, packs+1), http.StatusConflict, "dispensation.too-much", p.Amount.Packages)
			message := s.message(fetched, packs)
			first := s.hand(message, http.StatusCreated, "", "0")
			s.registerSays("0")
			if again := s.hand(message, http.StatusOK, "", "0"); !bytes.Equal(again, first) {
				t.Error("the same message again gets another receipt")
			}
			s.hand(s.message(fetched, 1), http.StatusConflict, "dispensation.nothing-left", "0")
			s.registerSays("0")
		})
	}
}

func TestTheRestOfAPackageStaysIsShownAndIsDispensed(t *testing.T) {
	for name, want := range map[string]struct{ afterOne, rest, shown string }{
		"FI→EE": {"5/2", "5", `"numerator":{"value":245,`}, "FI→EE, from CDA": {"1/2", "1", `"numerator":{"value":50,`},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, shelves[name])
			_, _, fetched := s.fetch()
			message := s.message(fetched, 1)
			receipt := s.hand(message, http.StatusCreated, "", want.afterOne)
			s.registerSays(want.afterOne)
			p, offer, fetched := s.fetch()
			if p.Amount.Left != want.afterOne || !strings.Contains(string(fetched), want.shown) {
				t.Errorf("%q is shown to be left, want %s: %s", p.Amount.Left, want.afterOne, fetched)
			}
			s.offered(offer, want.rest)
			var rest int
			fmt.Sscan(want.rest, &rest)
			s.hand(s.message(fetched, rest+1), http.StatusConflict, "dispensation.too-much", want.afterOne)
			last := s.message(fetched, rest)
			s.hand(last, http.StatusCreated, "", "0")
			s.registerSays("0")
			made, _, err := fhir.DecodeReceipt(receipt)
			must(t, err)
			withdrawal, err := restated(message, "entered-in-error")
			must(t, err)
			answer, err := s.counter.withdraw(t.Context(), made.ID, withdrawal)
			must(t, err)
			back := new(node.Receipt)
			if back, _, err = fhir.DecodeReceipt(answer.Body); err != nil || back.Left != "1/2" {
				t.Errorf("taken back: status %d, %+v, %v", answer.Status, back, err)
			}
			s.registerSays("1/2")
		})
	}
}

func TestTwoCountersCannotHandOutTheSameTabletsWhileTheOtherCountryIsDown(t *testing.T) {
	s := openShop(t, shelves["FI→EE"])
	_, _, fetched := s.fetch()
	must(t, s.bridge.stop("FI"))
	for _, step := range []struct {
		packages, status int
		reason, left     string
	}{
		{3, http.StatusAccepted, "", ""}, {4, http.StatusConflict, "dispensation.too-much", "3/2"}, {2, http.StatusAccepted, "", ""},
		{2, http.StatusConflict, "dispensation.too-much", "1/2"}, {1, http.StatusAccepted, "", ""},
		{1, http.StatusConflict, "dispensation.nothing-left", "0"},
	} {
		s.hand(s.message(fetched, step.packages), step.status, step.reason, step.left)
	}
	must(t, s.bridge.start(context.Background(), "FI"))
	must(t, within(15*time.Second, func() error { return s.journey.registerSays(context.Background(), s.id(), "0") }))
}

func TestAPartLapsesInEstoniaByAmountToo(t *testing.T) {
	s := openShop(t, shelves["EE→FI"])
	_, _, fetched := s.fetch()
	body := s.hand(s.message(fetched, 1), http.StatusCreated, "", "0")
	if receipt, _, err := fhir.DecodeReceipt(body); err != nil || receipt.Closed != "ee-fi-20" {
		t.Errorf("closed by %q, %v", receipt.Closed, err)
	}
	s.registerSays("0")
}
