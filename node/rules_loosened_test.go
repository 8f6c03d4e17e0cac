package node_test

import (
	"fmt"
	"strings"
	"testing"

	"sild/node"
)

func TestAFolderThatWithholdsLessIsTold(t *testing.T) {
	for name, test := range map[string]struct{ row, want string }{
		"the same":              {ourList, "[]"},
		"another code":          {newerList, "[{EE list-1 [A14AA]}]"},
		"a part of it":          {strings.Replace(ourList, "A14AA", "A14AA01", 1), "[{EE list-1 [A14AA]}]"},
		"more than it":          {strings.Replace(ourList, "A14AA", "A14", 1), "[]"},
		"a class in its place":  {strings.Replace(ourList, "atc-prefix,A14AA", "class,narcotic", 1), "[{EE list-1 [A14AA]}]"},
		"a rule of another id":  {otherList, "[]"},
		"one of several values": {strings.Replace(ourList, "A14AA", "A14AB A14AA", 1), "[]"},
	} {
		files := ruleFiles("EE-FI", "r-1,release,class,unauthorised,withhold,Not abroad.,a law,2026-01-01")
		files["corridors/EE.csv"] = countryRule("EE.csv", ourList)["corridors/EE.csv"]
		r, err := node.LoadRules(files, countryRule("EE.csv", test.row))
		must(t, r, err)
		if got := fmt.Sprint(r.Loosened()); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	r, err := node.LoadRules(ruleFiles("EE-FI", ownCorridor))
	if must(t, r, err); len(r.Loosened()) != 0 {
		t.Errorf("without a folder: %v", r.Loosened())
	}
}
