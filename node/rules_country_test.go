package node_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"sild/node"
)

// countryRule is a file of rules named after a country.
func countryRule(name, row string) fstest.MapFS {
	return fstest.MapFS{"corridors/" + name: {Data: []byte(ruleHeader + row + "\n")}}
}

const (
	ownCorridor = "r-1,release,class,narcotic,withhold,Not abroad.,a law,2026-01-01"
	ourList     = "list-1,release,atc-prefix,A14AA,withhold,Not abroad.,our list,2026-01-01"
	newerList   = "list-1,release,atc-prefix,A10BA02,withhold,Not abroad.,their list,2026-02-01"
	otherList   = "list-2,release,atc-prefix,N05BA,withhold,Not abroad.,another list,2026-01-01"
)

func ids(rules []node.Rule) string {
	var all []string
	for _, rule := range rules {
		all = append(all, rule.ID+" "+rule.Value)
	}
	return strings.Join(all, ", ")
}

func TestWhatACountryWithholdsHoldsForEachOfItsCorridors(t *testing.T) {
	files := ruleFiles("EE-FI", ownCorridor)
	files["corridors/EE-SE.csv"] = files["corridors/EE-FI.csv"]
	files["corridors/FI-EE.csv"] = files["corridors/EE-FI.csv"]
	files["corridors/EE.csv"] = countryRule("EE.csv", ourList)["corridors/EE.csv"]
	for own, want := range map[string]string{"": "r-1 narcotic, list-1 A14AA", newerList: "r-1 narcotic, list-1 A10BA02",
		otherList: "r-1 narcotic, list-1 A14AA, list-2 N05BA"} {
		r, err := node.LoadRules(files)
		if own != "" {
			r, err = node.LoadRules(files, countryRule("EE.csv", own))
		}
		must(t, r, err)
		for _, b := range []string{"FI", "SE"} {
			if got := ids(r.All(node.Corridor{A: "EE", B: b})); got != want {
				t.Errorf("EE to %s: %s, want %s", b, got, want)
			}
		}
		if got := ids(r.All(node.Corridor{A: "FI", B: "EE"})); got != "r-1 narcotic" {
			t.Errorf("the other way: %s", got)
		}
		if r.Knows(node.Corridor{A: "EE", B: "LV"}) {
			t.Error("a list of what is withheld opened a corridor")
		}
	}
}

func TestAFolderOfAnOperatorOnlyWithholds(t *testing.T) {
	for name, row := range map[string]struct {
		own  fstest.MapFS
		says string
	}{
		"a whole corridor":      {countryRule("EE-LV.csv", ownCorridor), "EE-LV.csv"},
		"professions":           {countryRule("professions.csv", ownCorridor), "professions.csv"},
		"an unknown name":       {countryRule("EE.csv.old", ourList), "EE.csv.old"},
		"nothing":               {fstest.MapFS{}, "holds no rules"},
		"a rule that allows":    {countryRule("EE.csv", "x-1,dispense,while-waiting,yes,allow,Hand out.,a law,2026-01-01"), "EE.csv row 2"},
		"no code":               {countryRule("EE.csv", strings.Replace(ourList, "A14AA", "anabolic", 1)), "EE.csv row 2"},
		"a taken id":            {countryRule("EE.csv", strings.Replace(ourList, "list-1", "r-1", 1)), "repeats r-1"},
		"a country without any": {countryRule("LV.csv", ourList), "no corridor begins in LV"},
	} {
		if _, err := node.LoadRules(ruleFiles("EE-FI", ownCorridor), row.own); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
