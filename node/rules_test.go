package node_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"sild/node"
)

const ruleHeader = "rule,stage,fact,value,effect,sentence,source,since\n"

// ruleFiles is a folder of rules with one corridor file and one profession.
func ruleFiles(name string, rows ...string) fstest.MapFS {
	return fstest.MapFS{
		"corridors/" + name + ".csv": {Data: []byte(ruleHeader + strings.Join(rows, "\n") + "\n")},
		"corridors/professions.csv": {Data: []byte("country,role,name,verbs,source,since\n" +
			"FI,2262,pharmacist,find-patient prescriptions prescription dispense withdraw summary,a test,2026-01-01\n" +
			"EE,221,physician,summary,a test,2026-01-01\n" +
			"EE,2262,pharmacist,find-patient prescriptions prescription dispense withdraw,a test,2026-01-01\n")},
	}
}

func rulesOf(t testing.TB, corridor string, rows ...string) *node.Rules {
	t.Helper()
	r, err := node.LoadRules(ruleFiles(corridor, rows...))
	return must(t, r, err)
}

func TestARuleThatNobodyCanEnforceIsNotLoaded(t *testing.T) {
	const good = "r-1,release,class,narcotic,withhold,Not abroad.,a law,2026-01-01"
	for _, row := range []struct {
		name, file string
		rows       []string
		says       string
	}{
		{"an unknown stage", "EE-FI", []string{"r-1,rumour,class,narcotic,withhold,Not abroad.,a law,2026-01-01"}, "row 2"},
		{"an unknown fact", "EE-FI", []string{good, "r-2,release,colour,red,withhold,Not abroad.,a law,2026-01-01"}, "row 3"},
		{"an unknown effect", "EE-FI", []string{"r-1,release,class,narcotic,allow,Not abroad.,a law,2026-01-01"}, "r-1"},
		{"half an effect", "EE-FI", []string{"r-1,dispense,partial,remainder,close keep,One purchase.,a law,2026-01-01"}, "r-1"},
		{"no effect", "EE-FI", []string{"r-1,release,class,narcotic,,Not abroad.,a law,2026-01-01"}, "r-1"},
		{"no source", "EE-FI", []string{"r-1,release,class,narcotic,withhold,Not abroad.,,2026-01-01"}, "source"},
		{"no sentence", "EE-FI", []string{"r-1,release,class,narcotic,withhold,,a law,2026-01-01"}, "sentence"},
		{"no date", "EE-FI", []string{"r-1,release,class,narcotic,withhold,Not abroad.,a law,"}, "date"},
		{"a date that is none", "EE-FI", []string{"r-1,release,class,narcotic,withhold,Not abroad.,a law,last year"}, "date"},
		{"no id", "EE-FI", []string{",release,class,narcotic,withhold,Not abroad.,a law,2026-01-01"}, "id"},
		{"a misspelt class", "EE-FI", []string{"r-1,release,class,narcotics,withhold,Not abroad.,a law,2026-01-01"}, "narcotics"},
		{"no ATC prefix", "EE-FI", []string{"r-1,release,atc-prefix, ,withhold,Not abroad.,a law,2026-01-01"}, "r-1"},
		{"an age that is no number", "EE-FI", []string{"r-1,entitle,age,eighteen,require,Adults only.,a law,2026-01-01"}, "r-1"},
		{"the same id twice", "EE-FI", []string{good, strings.Replace(good, "narcotic", "device", 1)}, "r-1"},
		{"two answers to one question", "EE-FI", []string{"r-1,dispense,partial,remainder,keep,Kept.,a law,2026-01-01",
			"r-2,dispense,partial,remainder,close,Lapses.,a law,2026-01-01"}, "r-2"},
		{"too few columns", "EE-FI", []string{"r-1,release,class"}, "EE-FI.csv"},
		{"a file without a corridor in its name", "estonia", []string{good}, "estonia"},
		{"a file with more than a corridor in its name", "EE-FI-old", []string{good}, "EE-FI-old"},
		{"a file in small letters", "ee-fi", []string{good}, "ee-fi"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := node.LoadRules(ruleFiles(row.file, row.rows...))
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("loaded with %v", err)
			}
		})
	}
}

func TestRuleFilesThatAreNotWhatTheySeem(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"nothing there":       {},
		"a wrong header":      {"corridors/EE-FI.csv": {Data: []byte("rule,stage,fact,value,effect,sentence,source,from\n")}},
		"an empty file":       {"corridors/EE-FI.csv": {}},
		"a verb that is none": {"corridors/professions.csv": {Data: []byte("country,role,name,verbs,source,since\nFI,221,physician,look,x,2026-01-01\n")}},
		"no source":           {"corridors/professions.csv": {Data: []byte("country,role,name,verbs,source,since\nFI,221,physician,summary,,2026-01-01\n")}},
		"too few columns":     {"corridors/professions.csv": {Data: []byte("country,role,verbs\nFI,221,summary\n")}},
	} {
		if _, err := node.LoadRules(files); err == nil || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACorridorWithoutRulesIsClosed(t *testing.T) {
	r := shippedRules()
	for _, c := range []node.Corridor{{A: "EE", B: "EE"}, {A: "FI", B: "FI"}, {A: "EE", B: "SE"}, {}} {
		if r.Knows(c) || len(r.All(c)) > 0 {
			t.Errorf("%s is open", c)
		}
	}
	for _, c := range []node.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}} {
		all := r.All(c)
		if !r.Knows(c) || len(all) == 0 {
			t.Fatalf("%s is closed", c)
		}
		all[0].Effect = "changed"
		if r.All(c)[0].Effect == "changed" {
			t.Error("a reader can change the rules")
		}
	}
}

func TestTheProfessionTableOfTheShippedRules(t *testing.T) {
	for _, row := range []struct {
		country, role string
		verb          node.Verb
		may           bool
	}{
		{"FI", "2262", node.DispenseVerb, true}, {"FI", "2262", node.SummaryVerb, false}, {"FI", "2221", node.SummaryVerb, true},
		{"EE", "2221", node.SummaryVerb, false}, {"EE", "221", node.PrescriptionsVerb, true}, {"EE", "221", node.PrescriptionVerb, false},
		{"SE", "2262", node.DispenseVerb, false}, {"FI", "", node.FindPatientVerb, false},
	} {
		if got := shippedRules().Profession(row.country, row.role, row.verb); got != row.may {
			t.Errorf("%s %s %s: %v", row.country, row.role, row.verb, got)
		}
	}
}
