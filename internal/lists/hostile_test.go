package lists

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

// TestAPipeIsNoSource: who waits for a writer that never comes hears no signal.
func TestAPipeIsNoSource(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	packed := pipe + ".tgz"
	if err := syscall.Mkfifo(packed, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := into(t)
	layout := national(pipe, dir)
	layout.Layout, layout.Sources = pipe, []string{"testdata/vormid.csv"}
	for _, asked := range []Import{national(pipe, dir), layout, medicines("EE", pipe, dir), {Format: "mvc", Into: dir, Sources: []string{pipe}},
		{Format: "fhir", Into: dir, Sources: []string{packed}}, {Format: "svs", Into: dir, Sources: []string{pipe}}} {
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "pipe") || !strings.Contains(err.Error(), "it is no regular file") {
			t.Errorf("%s: %v", asked.Format, err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestAResourceThatIsNoStrictJSONIsRefusedWithItsPlace(t *testing.T) {
	good, err := os.ReadFile("testdata/mvc/ValueSet-dose-form.json")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{`{`, "\xef\xbb\xbf{"}:                            "byte order mark",
		{`"version": "9.9.0",`, `"url": "x",`}:            "line 5 column",
		{`"code": "10221000"`, `"code": 10221000`}:        "line 11 column 14",
		{`"status": "active"`, `"status": "act` + "\xff"}: "line 5 column",
		{`"NA"`, `"10219000"`}:                            `compose.include[0].concept[3]: the code "10219000" stands at`,
		{`"NA"`, `""`}:                                    "compose.include[0].concept[3]: the code is empty",
		{`"et"`, `"eesti keel"`}:                          "is no language",
		{`"date": "2026-10-01"`, `"date": "1.10.2026"`}:   `date: "1.10.2026" is no day`,
		{`http://standardterms.edqm.eu`, ` `}:             "is no name of a code system",
		{`"ValueSet"`, `""`}:                              "it has no resourceType",
		{`}]}]}`, `}]}]`}:                                 "x.json line",
		{`"active"`, `"retired"`}:                         "the value set itself is retired",
		{`a code that looks`, `a \u0000 that looks`}:      "a character that nobody sees (U+0000)",
	} {
		source := written(t, "x.json", strings.Replace(string(good), change[0], change[1], 1))
		if _, err := run(Import{Format: "mvc", Into: into(t), Sources: []string{source}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", change[1], err)
		}
	}
	deep := `{"resourceType":"CodeSystem","concept":` + strings.Repeat(`[{"concept":`, 20_000)
	if _, err := run(Import{Format: "fhir", Into: into(t), Sources: []string{written(t, "x.json", deep)}}); err == nil {
		t.Error("a bottomless resource passes")
	}
}

func TestTheSameListTwiceIsRefused(t *testing.T) {
	_, err := run(Import{Format: "mvc", Into: into(t), Sources: []string{"testdata/mvc", "testdata/mvc/ValueSet-unit.json"}, Licence: "unstated"})
	if err == nil || !strings.Contains(err.Error(), "give one release of it") {
		t.Errorf("got %v", err)
	}
}

func TestAnImportThatCannotBeMeantIsRefused(t *testing.T) {
	good := Import{Format: "mvc", Sources: []string{"testdata/mvc"}, Licence: "unstated"}
	for want, spoil := range map[string]func(*Import){
		"the format is mvc, fhir":     func(i *Import) { i.Format = "xls" },
		"at least one source":         func(i *Import) { i.Sources = nil },
		"needs a directory":           func(i *Import) { i.Into = "" },
		"two letters":                 func(i *Import) { i.Country = "EU" },
		"no field is called":          func(i *Import) { i.Field = "other" },
		"since is a day":              func(i *Import) { i.Since = "now" },
		"needs the authority":         func(i *Import) { i.On = "2026-11-01" },
		"does not exist":              func(i *Import) { i.Authority, i.On = "A", "2026-02-31" },
		"plain words on one line":     func(i *Import) { i.Authority = "A\nB" },
		"no such file":                func(i *Import) { i.Sources = []string{"none.json"} },
		"holds no file that ends in ": func(i *Import) { i.Sources = []string{t.TempDir()} },
	} {
		asked := good
		asked.Into = into(t)
		spoil(&asked)
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// TestAnInterruptedImportLeavesTheDirectoryAsItWas stops an import at every turn at which it tells of its progress.
func TestAnInterruptedImportLeavesTheDirectoryAsItWas(t *testing.T) {
	dir := into(t)
	imported(t, national("testdata/vormid.csv", dir))
	before := tree(t, dir)
	var long strings.Builder
	long.WriteString(header)
	for n := range 12_000 {
		fmt.Fprintf(&long, "%d;nimi %d;name;1.1.2020;;K\n", n, n)
	}
	source := written(t, "vormid.csv", long.String())
	for _, turn := range []int{1, 2} {
		ctx, stop := context.WithCancel(context.Background())
		asked, told := national(source, dir), 0
		asked.Now = noon
		asked.Progress = func(_ string, rows int) {
			if told++; told == turn {
				stop()
			}
		}
		if _, err := asked.Run(ctx); !errors.Is(err, context.Canceled) || told != turn {
			t.Errorf("stopped at turn %d: %v", told, err)
		}
		untouched(t, dir, before)
	}
	whole := national(source, dir)
	whole.Fewer = true // it has none of the codes before
	imported(t, whole)
	if len(table(t, dir, "ee/vormid.csv")) != 12_000 {
		t.Error("rows are missing")
	}
}

func TestATooLargeFileIsRefused(t *testing.T) {
	if _, err := bounded(strings.NewReader("12345"), "x.csv", 4); err == nil || !strings.Contains(err.Error(), "x.csv: larger than 4 bytes") {
		t.Errorf("got %v", err)
	}
	if content, err := bounded(strings.NewReader("1234"), "x.csv", 4); err != nil || string(content) != "1234" {
		t.Errorf("%q, %v", content, err)
	}
}

// TestEveryRelationOfFHIRIsReadAsItsDefinitionSays holds R4 ConceptMapEquivalence and R5 ConceptMapRelationship against their
// definitions, which say how the target lies to the source.
func TestEveryRelationOfFHIRIsReadAsItsDefinitionSays(t *testing.T) {
	want := map[string]relation{"relatedto": inexact, "equivalent": equivalent, "equal": equivalent, "wider": wider, "subsumes": wider,
		"narrower": narrower, "specializes": narrower, "inexact": inexact, "unmatched": none, "disjoint": none,
		"related-to": inexact, "source-is-narrower-than-target": wider, "source-is-broader-than-target": narrower, "not-related-to": none}
	for word, is := range want {
		p, err := fhirTarget{Code: "1", Equivalence: word}.pair()
		if err != nil || p.relation != is {
			t.Errorf("%s is %s, %v", word, p.relation, err)
		}
		if p.relation.turned().turned() != p.relation {
			t.Errorf("%s turned twice is %s", word, p.relation.turned().turned())
		}
	}
	for _, wrong := range []fhirTarget{{Code: "1", Equivalence: "Equivalent"}, {Code: "1"}, {Equivalence: "equivalent"}} {
		if _, err := wrong.pair(); err == nil {
			t.Errorf("%+v passes", wrong)
		}
	}
}

func TestACodeWithTwoEquivalentTargetsHasNone(t *testing.T) {
	chosen, left := choose([]pair{{source: "ee", code: "a", target: "edqm", targetCode: "1", relation: equivalent},
		{source: "ee", code: "a", target: "edqm", targetCode: "2", relation: equivalent}, {source: "ee", code: "a", target: "edqm", targetCode: "1", relation: equivalent}})
	if chosen.relation != none || chosen.targetCode != "" || chosen.remark != "in-doubt: the map names several targets: 1 equivalent, 2 equivalent" ||
		left["the same pair again"] != 1 || left["several targets of a code, none decided"] != 1 {
		t.Errorf("%+v, %v", chosen, left)
	}
}

// TestOneNationalCodeHasOneRowAndOneWayHome draws maps at random: each national code keeps one row, a code is equivalent only
// where the source says so, and at most one national code leads home from each shared one.
func TestOneNationalCodeHasOneRowAndOneWayHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pair {
			p := pair{source: "ee", code: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "code"), at: "x", remark: "r",
				relation: rapid.SampledFrom([]relation{equivalent, wider, narrower, inexact, none}).Draw(t, "relation")}
			if p.relation != none {
				p.target, p.targetCode = "edqm", rapid.SampledFrom([]string{"1", "2"}).Draw(t, "target")
			}
			return p
		}), 1, 12).Draw(t, "pairs")
		j := &job{}
		m := &conceptMap{id: "m", fields: []string{"dose-form"}, outcome: &Outcome{}}
		for _, p := range drawn {
			m.add(p)
		}
		j.addMap(m)
		pairs, said, err := joined(j.maps)
		if err != nil {
			t.Fatal(err)
		}
		home, _ := waysHome(pairs, said)
		if m.outcome.Rows != len(drawn) || m.outcome.Rows != m.outcome.Kept+m.outcome.skipped() {
			t.Fatalf("rows disappear: %+v", m.outcome)
		}
		codes, back := map[string]bool{}, map[string]int{}
		for _, p := range pairs {
			if codes[p.code] {
				t.Fatalf("%s has two rows", p.code)
			}
			codes[p.code] = true
			if p.row(home, "draft")[8] == "yes" {
				back[p.targetCode]++
			}
			if p.relation == equivalent && !stated(drawn, p) {
				t.Fatalf("nobody says %+v", p)
			}
		}
		for code, times := range back {
			if times > 1 {
				t.Fatalf("%d ways home from %s", times, code)
			}
		}
	})
}

func stated(pairs []pair, p pair) bool {
	for _, one := range pairs {
		if one.code == p.code && one.targetCode == p.targetCode && one.relation == p.relation {
			return true
		}
	}
	return false
}

// TestAFaultNamesItsFileOnce: a code that stands twice in a code system.
func TestAFaultNamesItsFileOnce(t *testing.T) {
	source := written(t, "system.json", `{"resourceType":"CodeSystem","url":"http://x.example/forms","status":"active","version":"1","content":"complete",
	  "concept":[{"code":"1","display":"one"},{"code":"","display":"nothing"}]}`)
	_, err := run(Import{Format: "fhir", Country: "EE", Into: into(t), Sources: []string{source}, Licence: "unstated"})
	if err == nil || strings.Count(err.Error(), "system.json") != 1 || !strings.Contains(err.Error(), "concept[1]: the code is empty") {
		t.Error(err)
	}
	_, err = run(Import{Format: "fhir", Country: "EE", Into: into(t), Sources: []string{source + "x"}, Licence: "unstated"})
	if err == nil || strings.Count(err.Error(), "system.json") != 1 {
		t.Error(err)
	}
}
