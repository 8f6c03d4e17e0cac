package lists

import (
	"os"
	"strings"
	"testing"

	"sild/internal/curation"
	"sild/internal/lists/folder"
	"sild/mappings"
	"sild/translation"
)

// danish is an import of a made-up list in one of the Danish layouts.
func danish(t *testing.T, layout, rows, dir string) Import {
	t.Helper()
	header := map[string]string{"dk-lms15-package": "lms15_code,lms15_display,ehdsi_unit\n",
		"dk-lms15-substance": "lms15_code,lms15_display,numerator,denominator,denominator_value\n"}[layout]
	return Import{Format: "csv", Layout: layout, Into: dir, Release: "1", Licence: "unstated", Authority: "Agency", On: "2026-11-20",
		Sources: []string{written(t, "units.csv", header+rows)}}
}

func TestATargetIsTheSharedCodeOrAGap(t *testing.T) {
	dir := into(t)
	packages := imported(t, danish(t, "dk-lms15-package", "AM,ampuller,{Ampoule}\nML,ml,mL\nMX,ml igen,ml\nQQ,ukendt,{Gobbet}\nXX,intet,\n", dir)).String()
	strengths := imported(t, danish(t, "dk-lms15-substance",
		"MGM,,mg/mL,1,1\nMGL,,mg,ml,5\nTWO,,mg/mL,mL,1\nPER,,mg,{Gobbet},1\nAM,,{Ampoule},mL,1\nMG,,mg,1,1\n", dir)).String()
	for file, want := range map[string]map[string]string{
		"dk-eu/package-unit.csv": {
			"AM": "equivalent edqm 15002000 1   draft the source writes {Ampoule}",
			"ML": "equivalent ucum mL 1   accepted by Agency on 2026-11-20 ",
			"MX": "equivalent ucum mL 1   draft the source writes ml",
			"QQ": "none      accepted by Agency on 2026-11-20 no-term: the shared list of package-unit has no {Gobbet}",
			"XX": "none      accepted by Agency on 2026-11-20 source: the list names no shared code",
		},
		"dk-eu/strength-unit.csv": {
			"MGM": "equivalent ucum mg 1 ucum mL draft the source writes mg/mL",
			"MGL": "equivalent ucum mg 1/5 ucum mL draft the source writes mg per ml",
			"TWO": "none      accepted by Agency on 2026-11-20 no-term: the shared list of strength-unit has no mg/mL",
			"PER": "none      accepted by Agency on 2026-11-20 no-term: the shared list of strength-unit has no {Gobbet}",
			"AM":  "equivalent edqm 15002000 1 ucum mL draft the source writes {Ampoule} per mL",
			"MG":  "equivalent ucum mg 1   accepted by Agency on 2026-11-20 ",
		},
	} {
		rows := table(t, dir, file)
		for code, wanted := range want {
			cells := []string{}
			for _, column := range []string{"relation", "target_system", "target", "factor", "per_system", "per", "status", "remark"} {
				cells = append(cells, rows[code][column])
			}
			if got := strings.Join(cells, " "); got != wanted {
				t.Errorf("%s %s: %q, want %q", file, code, got, wanted)
			}
		}
	}
	for _, want := range []string{"2 targets were other spellings", "1 targets are not in the value set of the field and became gaps ({Gobbet})"} {
		if !strings.Contains(packages, want) {
			t.Errorf("packages: nobody says %q:\n%s", want, packages)
		}
	}
	if want := "2 targets are not in the value set of the field and became gaps (mg/mL {Gobbet})"; !strings.Contains(strengths, want) {
		t.Errorf("strengths: nobody says %q:\n%s", want, strengths)
	}
	sources := []translation.Source{{Files: mappings.Files()}, {Name: dir, Files: os.DirFS(dir)}}
	if _, err := translation.Compile(sources...); err != nil {
		t.Error(err)
	}
	verdict := curation.Check{Sources: sources}.Run()
	for _, f := range verdict.Findings {
		if f.Rule == curation.RuleNational {
			t.Errorf("one list is taken for the other's: %+v", f)
		}
	}
}

// TestASharedCodeOutsideTheValueSetIsNoGapOfTheCountry: a map out of the shared codes may leave one that the field does not hold.
func TestASharedCodeOutsideTheValueSetIsNoGapOfTheCountry(t *testing.T) {
	content, err := os.ReadFile("testdata/package/ConceptMap-back.json")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(content), `"code": "10224000"`, `"code": "99999999"`, 1)
	source := written(t, "back.json", text)
	dir := into(t)
	summary := imported(t, Import{Format: "fhir", Country: "EE", Into: dir, Sources: []string{source}, Release: "1", Licence: "unstated"})
	if !strings.Contains(summary.String(), "1 shared codes without a national one are left out") {
		t.Error(summary)
	}
	if _, err := translation.Compile(translation.Source{Files: mappings.Files()}, translation.Source{Files: os.DirFS(dir)}); err != nil {
		t.Error(err)
	}
}

// TestTheWayHomeIsSaidOfTheSharedCode: what a map out of the shared codes says in another spelling holds for the shared code.
func TestTheWayHomeIsSaidOfTheSharedCode(t *testing.T) {
	stage, err := folder.Open(into(t))
	if err != nil {
		t.Fatal(err)
	}
	j := &job{stage: stage}
	ampoules := func(code string) pair {
		return pair{source: "dk", code: code, target: "ucum", targetCode: "{Ampoule}", relation: equivalent, factor: "1"}
	}
	pairs, said := []pair{ampoules("A"), ampoules("B")}, []pair{ampoules("B")}
	if _, err := j.bind("package-unit", []*conceptMap{{outcome: &Outcome{}}}, pairs, said); err != nil {
		t.Fatal(err)
	}
	home, undecided := waysHome(pairs, said)
	if undecided != 0 || home[codeKey{"edqm", "15002000"}] != (codeKey{"dk", "B"}) {
		t.Errorf("%v, %d undecided", home, undecided)
	}
	if err := stage.Abandon(); err != nil {
		t.Fatal(err)
	}
}
