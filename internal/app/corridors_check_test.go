package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sild/internal/curation"
	"sild/mappings"
	"sild/node"
	"sild/translation"
)

const ownRuleHead = "rule,stage,fact,value,effect,sentence,source,since\n"

// An operator's folder of rules is judged by what the node asks when it starts with it.
func TestTheCheckAsksOfCorridorsWhatTheNodeAsks(t *testing.T) {
	const rule = "ee-own,release,atc-prefix,N02BE01,withhold,It stays.,our list,2026-11-01\n"
	for name, test := range map[string]struct{ file, rows, status, says, remark string }{
		"one that holds":           {"EE.csv", rule, "draft", "", ""},
		"a code in small letters":  {"EE.csv", strings.Replace(rule, "N02BE01", "a14ab", 1), "draft", "corridors/EE.csv row 2: rule ee-own", ""},
		"a code that is none":      {"EE.csv", strings.Replace(rule, "N02BE01", "QQQQ9", 1), "draft", "corridors/EE.csv row 2: rule ee-own", ""},
		"a country without any":    {"DE.csv", rule, "draft", "no corridor begins in DE", ""},
		"a name in small letters":  {"ee.csv", rule, "draft", "corridors/ee.csv: a folder of your own holds only", ""},
		"a shorter list, a draft":  {"EE.csv", strings.Replace(rule, "ee-own", "ee-atc-not-abroad", 1), "draft", "these are withheld no longer: A14AA A14AB", ""},
		"a shorter list, accepted": {"EE.csv", strings.Replace(rule, "ee-own", "ee-atc-not-abroad", 1), "accepted by M M on 2026-11-22", "", "these are withheld no longer: A14AA A14AB"},
	} {
		dir := t.TempDir()
		for file, content := range map[string]string{
			"MANIFEST.csv": "file,kind,origin,release,licence,status\ncorridors/" + test.file + ",corridor,our list,1,CC0," + test.status + "\n",
			"systems.csv":  "short,uri,oid,name\n", "corridors/" + test.file: ownRuleHead + test.rows,
		} {
			if err := os.MkdirAll(filepath.Join(dir, "corridors"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v := curation.Check{Sources: tableSources(t.Context(), []string{dir}, false), Countries: corridorCountries(), Languages: corridorLanguages(),
			Corridors: readCorridors}.Run()
		said := map[bool]string{}
		for _, f := range v.Findings {
			if f.Rule == curation.RuleCorridor {
				said[f.Broken] += f.Words + "\n"
			}
		}
		if (said[true] == "") != (test.says == "") || !strings.Contains(said[true], test.says) || !strings.Contains(said[false], test.remark) {
			t.Errorf("%s: %v", name, said)
		}
		if _, err := openRules(dir); (err != nil) != (test.says != "" && !strings.Contains(test.says, "no longer")) {
			t.Errorf("%s: the node says %v", name, err)
		}
	}
}

func TestTheShippedRulesAndACopyOfThemAreTaken(t *testing.T) {
	copied := t.TempDir()
	if err := os.CopyFS(copied, mappings.Files()); err != nil {
		t.Fatal(err)
	}
	for name, sources := range map[string][]translation.Source{
		"shipped": tableSources(t.Context(), nil, false), "alone": tableSources(t.Context(), []string{copied}, true), "both": tableSources(t.Context(), []string{copied}, false),
	} {
		v := curation.Check{Sources: sources, Countries: corridorCountries(), Languages: corridorLanguages(), Corridors: readCorridors}.Run()
		for _, f := range v.Findings {
			if f.Rule == curation.RuleCorridor {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

func TestTheNodeSaysAtItsStartWhatItsFolderWithholdsNoLonger(t *testing.T) {
	for id, lines := range map[string]int{"ee-atc-not-abroad": 1, "ee-own": 0} {
		rules, err := node.LoadRules(mappings.Files(), fstest.MapFS{"corridors/EE.csv": {Data: []byte(ownRuleHead + id +
			",release,atc-prefix,A14 G03B,withhold,It stays.,our list,2026-11-01\n")}})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		(&App{rules: rules, log: slog.New(slog.NewTextHandler(&log, nil))}).tellLoosened()
		if got := strings.Count(log.String(), "\n"); got != lines || lines == 1 && !strings.Contains(log.String(), `rule=ee-atc-not-abroad no_longer_withheld="G03CX01 G03XA02"`) {
			t.Errorf("%s: %s", id, log.String())
		}
	}
}
