package lists

import (
	"os"
	"strings"
	"testing"
)

func TestReleasesAreOrderedWhereTheyAreNumberedAlike(t *testing.T) {
	for _, row := range []struct {
		now, before string
		want        order
	}{
		{"8.1.0", "8.1.0", notOlder}, {"8.0.2", "8.1.0", olderRelease}, {"10.0.0", "9.1.0", notOlder}, {"9.1", "9.1.1", notOlder}, {"8.1", "8.1.0", notOlder}, {"8.0", "8.1.0", olderRelease},
		{"2026-10-01", "2026-11-01", olderRelease}, {"20111026", "2026-11-01", olderRelease}, {"2026-11", "2026-11-05", notOlder},
		{"2026", "2025-12-31", notOlder}, {"3", "8.1.0", olderRelease}, {"20111026", "8.1.0", unknownOrder}, {"spring", "8.1.0", unknownOrder},
		{"8.1.0", "spring", unknownOrder}, {"8.1.0; 9.0.0", "8.1.0", unknownOrder}, {"", "8.1.0", unknownOrder},
	} {
		if got := compareReleases(row.now, row.before); got != row.want {
			t.Errorf("%q after %q: %d, want %d", row.now, row.before, got, row.want)
		}
	}
}

func TestAnOlderReleaseDoesNotReplaceANewerOne(t *testing.T) {
	forms := func(release, dir string) Import {
		content, err := os.ReadFile("testdata/mvc/ValueSet-dose-form.json")
		if err != nil {
			t.Fatal(err)
		}
		return Import{Format: "mvc", Into: dir, Licence: "unstated",
			Sources: []string{written(t, "ValueSet-dose-form.json", strings.Replace(string(content), "9.9.0", release, 1))}}
	}
	for _, row := range []struct{ known, release, refused string }{
		{"", "9.9.0", ""}, {"", "8.1.0", ""},
		{"", "8.0.0", "the release 8.0.0 is older than the known 8.1.0: say --older"},
		{"", "20111026", "639 codes (10100500 10101000 10102000 10103000 10104000), and nothing says whether it is newer than the known 8.1.0: say --older"},
		{"9.9.0", "9.9.0", ""}, {"9.9.0", "9.10.0", ""},
		{"9.9.0", "9.8.9", "the release 9.8.9 is older than the known 9.9.0: say --older"},
		{"9.9.0", "spring", ""}, // it lacks nothing
	} {
		dir := into(t)
		if row.known != "" {
			imported(t, forms(row.known, dir))
		}
		asked := forms(row.release, dir)
		summary, err := run(asked)
		if (err == nil) != (row.refused == "") || err != nil && !strings.Contains(err.Error(), row.refused) {
			t.Errorf("%s after %s: %v", row.release, row.known, err)
		}
		if row.known == "" && err == nil && !strings.Contains(summary.String(), "codes that were members are none any more") {
			t.Errorf("nobody is told which codes are lost: %s", summary)
		}
		if asked.Older = true; err != nil {
			imported(t, asked)
		}
	}
}

// TestAnOlderReleaseOfSomeCodeSystemsDoesNotReplaceANewerOne: the diagnoses of a document stand in several lists, and the one of ICD-10
// alone is whole for its code system only.
func TestAnOlderReleaseOfSomeCodeSystemsDoesNotReplaceANewerOne(t *testing.T) {
	diagnoses := func(release, dir string) Import {
		return Import{Format: "mvc", Into: dir, Licence: "unstated", Sources: []string{written(t, "ValueSet-diagnoses.json",
			`{"resourceType": "ValueSet", "url": "http://example.org/ValueSet/eHDSIIllnessandDisorder", "name": "eHDSIIllnessandDisorder", "version": "`+release+`",
			"status": "active", "compose": {"include": [{"system": "http://hl7.org/fhir/sid/icd-10", "concept": [
			{"code": "I10", "display": "High pressure"}, {"code": "J45", "display": "Asthma"}]}]}}`)}}
	}
	for _, row := range []struct{ release, refused string }{
		{"9.0.0", ""}, {"7.0.0", "the release 7.0.0 is older than the known 8.1.0: say --older"},
		{"spring", "nothing says whether it is newer than the known 8.1.0: say --older"},
	} {
		asked := diagnoses(row.release, into(t))
		summary, err := run(asked)
		if (err == nil) != (row.refused == "") || err != nil && !strings.Contains(err.Error(), row.refused) {
			t.Errorf("%s: %v", row.release, err)
		}
		if err != nil {
			asked.Older = true
			summary = imported(t, asked)
		}
		if text := summary.String(); !strings.Contains(text, "codes that were members are none any more: ") || strings.Contains(text, "ORPHA") {
			t.Errorf("%s: %s", row.release, text)
		}
	}
}

// TestAnOlderNationalListDoesNotReplaceANewerOne: lists, maps and medicines too are held against what they would replace.
func TestAnOlderNationalListDoesNotReplaceANewerOne(t *testing.T) {
	list, packages := national("testdata/vormid.csv", into(t)), medicines("EE", "testdata/medicines-ee.csv", into(t))
	for _, asked := range []Import{list, packages} {
		asked.Release = "2026-11-01"
		imported(t, asked)
		before := tree(t, asked.Into)
		asked.Release = "2025-11-01"
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "the release 2025-11-01 is older than the known 2026-11-01") {
			t.Error(err)
		}
		untouched(t, asked.Into, before)
		asked.Older = true
		imported(t, asked)
	}
}
