package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sild/node"
)

// exampleProducts is the made-up list of docs/products.md.
const exampleProducts = "../../docs/examples/products"

func TestThePageAndTheReportSayWhichMedicinesOfTheOtherCountryMatch(t *testing.T) {
	for _, row := range []struct {
		prescription, first, packs string
		none                       node.NoOffer
		page                       string
	}{
		{"plain-tablet", "880001", "2", "", "2 × 30, määrätty 60"},
		{"oral-suspension", "880004", "2", "", "2 × 100 mL, määrätty 200 mL"},
		{"no-substitution", "", "", node.SubstitutionBanned, "Lääkkeen määrääjä on kieltänyt vaihdon"},
		{"three-packages", "", "", node.OnlyLarger, "Jokaisessa täällä olevassa pakkauksessa"},
		{"inn-only", "", "", node.SubstanceUnknown, "Luettelossa ei ole valmistetta"},
	} {
		t.Run(row.prescription, func(t *testing.T) {
			html := filepath.Join(t.TempDir(), "view.html")
			for _, as := range []string{"fhir", "cda"} {
				got := translated(t, Translation{From: "EE", To: "FI", In: []string{seeded("ee", "prescriptions/"+row.prescription+".json")},
					Products: exampleProducts, HTML: html, As: as})
				if got.code != 0 || len(got.reports[0].Offers) != 1 {
					t.Fatalf("as %s: exit %d, %d offers: %s", as, got.code, len(got.reports[0].Offers), got.stderr)
				}
				offer := got.reports[0].Offers[0]
				if offer.None != row.none || row.none == "" && (offer.Products[0].Number.Code != row.first || offer.Products[0].Packs != row.packs) {
					t.Errorf("as %s: %+v", as, offer)
				}
				if page, err := os.ReadFile(html); err != nil || !strings.Contains(string(page), row.page) {
					t.Errorf("as %s: %q is not on the page (%v)", as, row.page, err)
				}
				if !strings.Contains(got.stderr, "products of FI: 1 of 9 packages are never offered: no exact form") {
					t.Errorf("as %s: said %q", as, got.stderr)
				}
			}
		})
	}
}

func TestTheReportWithOffersKeepsToItsSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "loss-report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := filepath.Glob(seeded("ee", "prescriptions/*.json"))
	if err != nil || len(inputs) < 20 {
		t.Fatalf("%d inputs, %v", len(inputs), err)
	}
	got := translated(t, Translation{From: "EE", To: "FI", In: inputs, Products: exampleProducts, Out: t.TempDir()})
	offers := 0
	for _, r := range got.reports {
		offers += len(r.Offers)
		if (r.Outcome == "carried") != (len(r.Offers) > 0) {
			t.Errorf("%s: %s with %d offers", r.File, r.Outcome, len(r.Offers))
		}
	}
	if offers < 10 {
		t.Errorf("only %d offers", offers)
	}
	raw, err := json.Marshal(got.reports)
	if err != nil {
		t.Fatal(err)
	}
	var report any
	if err := json.Unmarshal(raw, &report); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(report); err != nil {
		t.Error(err)
	}
}

func TestAListThatCannotBeReadStopsTheTranslation(t *testing.T) {
	in := []string{seeded("ee", "prescriptions/plain-tablet.json")}
	broken := filepath.Join(t.TempDir(), "fi")
	if err := os.Mkdir(broken, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{productFile: "number,name\n", productIngredientFile: "x\n"} {
		if err := os.WriteFile(filepath.Join(broken, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{t.TempDir(): "product.csv", broken: "read products of FI: product.csv: the header is not"} {
		got := translated(t, Translation{From: "EE", To: "FI", In: in, Products: dir})
		if got.code != 1 || !strings.Contains(got.stderr, want) || got.stdout != "" {
			t.Errorf("exit %d: %s", got.code, got.stderr)
		}
	}
	elsewhere := t.TempDir() // the same two files, in a folder that does not say whose they are
	if err := os.CopyFS(elsewhere, os.DirFS(filepath.Join(exampleProducts, "fi"))); err != nil {
		t.Fatal(err)
	}
	if got := translated(t, Translation{From: "EE", To: "FI", In: in, Products: elsewhere}); got.code != 1 ||
		!strings.Contains(got.stderr, filepath.Join("fi", "product.csv")) {
		t.Errorf("a list that lies anywhere: exit %d: %s", got.code, got.stderr)
	}
	got := translated(t, Translation{From: "EE", To: "FI", In: in, Products: filepath.Join(exampleProducts, "fi")})
	if got.code != 0 || len(got.reports[0].Offers) != 1 {
		t.Errorf("the two files themselves: exit %d: %s", got.code, got.stderr)
	}
	if got := translated(t, Translation{From: "EE", To: "FI", In: in}); got.reports[0].Offers != nil {
		t.Error("products are offered without a list")
	}
}
