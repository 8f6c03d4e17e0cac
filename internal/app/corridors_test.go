package app

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sild/internal/lists"
	"sild/node"
)

// A list of the national authority is imported, the node takes it, and a prescription of a code on it is not shown abroad.
func TestWhatAnImportedListNamesIsNotShownAbroad(t *testing.T) {
	first, _ := snapshotWith(t, "")
	b := corridorOn(t, first, testLog{t})
	truth := demoTruth("EE")
	pharmacy, err := b.counter(node.Corridor{A: "EE", B: "FI"}, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	before, err := pharmacy.fetch(t.Context(), truth.patient, truth.tablet)
	if err != nil || before.Status != http.StatusOK {
		t.Fatalf("before the import: %v, %v", before, err)
	}
	source, tables := filepath.Join(t.TempDir(), "excluded.csv"), filepath.Join(t.TempDir(), "tables")
	list := "Kood;Lühinimetus;Nimetus;Pikk_nimetus;Kehtivuse_alguse_kpv;Kehtivuse_lõpu_kpv;Staatus\n" + truth.tabletATC + ";a;a;a;08.05.2018;;1\n"
	if err := os.WriteFile(source, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := lists.Import{Format: "csv", Layout: "ee-piiriulene-atc", Into: tables, Release: "1", Licence: "CC0", Sources: []string{source}, Older: true}
	if _, err := asked.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.stop("EE"); err != nil {
		t.Fatal(err)
	}
	config := b.configs["EE"]
	config.Terminology.Corridors = tables
	b.configs["EE"] = config
	if err := b.start(t.Context(), "EE"); err != nil {
		t.Fatal(err)
	}
	after, err := pharmacy.fetch(t.Context(), truth.patient, truth.tablet)
	if err != nil || after.Status != http.StatusNotFound {
		t.Errorf("after the import: %v, %v", after, err)
	}
	other, err := pharmacy.fetch(t.Context(), truth.patient, truth.threePack)
	if err != nil || other.Status != http.StatusOK {
		t.Errorf("another medicine: %v, %v", other, err)
	}
}

func TestANodeDoesNotStartWithRulesThatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := openRules(dir); err == nil || !strings.Contains(err.Error(), "terminology.corridors: "+dir) {
		t.Errorf("a folder without rules: %v", err)
	}
	rules, err := openRules("")
	if err != nil || !slices.ContainsFunc(rules.All(node.Corridor{A: "EE", B: "FI"}), func(r node.Rule) bool { return r.ID == "ee-atc-not-abroad" }) {
		t.Errorf("the rules of the program: %v", err)
	}
}
