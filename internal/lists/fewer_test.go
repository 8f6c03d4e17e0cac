package lists

import (
	"fmt"
	"strings"
	"testing"
)

// manyForms is a list of dose forms with made-up codes from 100 on.
func manyForms(t *testing.T, codes int, release, dir string) Import {
	t.Helper()
	text := "KOOD;NIMI;INGLISE;ALGUS;LÕPP;SEIS\n"
	for n := range codes {
		text += fmt.Sprintf("%d;vorm %d;;01.02.2020;;K\n", 100+n, n)
	}
	asked := national(written(t, "vormid.csv", text), dir)
	asked.Release = release
	return asked
}

func TestAListThatWasCutOffIsRefused(t *testing.T) {
	dir := into(t)
	imported(t, manyForms(t, 100, "2026-01", dir))
	before := tree(t, dir)
	cut := manyForms(t, 89, "2027-01", dir)
	_, err := run(cut)
	if err == nil || !strings.Contains(err.Error(), "the release 2027-01 lacks 11 of the 100 codes that are in force in the release 2026-01, "+
		"which it replaces (189 190 191 192 193): say --fewer") {
		t.Error(err)
	}
	untouched(t, dir, before)
	cut.Older = true // it is not older
	if _, err := run(cut); err == nil {
		t.Error("--older lets a newer list lose a tenth")
	}
	for _, asked := range []Import{manyForms(t, 90, "2027-01", dir), manyForms(t, 10, "2027-02", dir)} {
		asked.Fewer = asked.Release == "2027-02"
		said := strings.Join(imported(t, asked).Lists[0].Notes, "\n")
		if want := map[bool]string{false: "10 of 100 codes that were in force are not on the list any more: 190 191 192", true: "80 of 90 codes"}[asked.Fewer]; !strings.Contains(said, want) {
			t.Errorf("what is lost is not told: %s", said)
		}
	}
}

func TestAValueSetOfTheSameReleaseCannotLoseCodes(t *testing.T) {
	set := func(codes int, release, dir string) Import {
		text := ""
		for n := range codes {
			text += fmt.Sprintf(`,{"code":"%d","display":"form %d"}`, 10200000+1000*n, n)
		}
		return Import{Format: "fhir", Field: "dose-form", Into: dir, Licence: "unstated", Sources: []string{written(t, "set.json",
			`{"resourceType":"ValueSet","url":"https://example.org/forms","name":"forms","version":"`+release+
				`","compose":{"include":[{"system":"http://standardterms.edqm.eu","concept":[`+text[1:]+`]}]}}`)}}
	}
	for _, test := range []struct {
		codes   int
		release string
		refused bool
	}{{20, "9.9.0", false}, {19, "9.9.0", true}, {19, "9.9.1", false}, {17, "9.9.1", true}, {18, "9.9.1", false}} {
		dir := into(t)
		first := set(20, "9.9.0", dir)
		first.Older = true
		imported(t, first)
		if _, err := run(set(test.codes, test.release, dir)); (err != nil) != test.refused || err != nil && !strings.Contains(err.Error(), "--fewer") {
			t.Errorf("%d codes of %s: %v", test.codes, test.release, err)
		}
		again := set(test.codes, test.release, dir)
		again.Fewer = true
		imported(t, again)
	}
}
