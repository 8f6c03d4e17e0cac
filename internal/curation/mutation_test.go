package curation

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sild/mappings"
	"sild/translation"
)

// mutations is how many faults are planted, one at a time, and enough how many of them must be noticed.
const (
	mutations = 500
	enough    = 475
)

// TestAFaultPlantedInTheTablesIsNoticed plants faults that a person could make in an editor, one at a time, and asks every
// rule. The seed is another one each time; SILD_MUTATION_SEED repeats a run.
func TestAFaultPlantedInTheTablesIsNoticed(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("SILD_MUTATION_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("repeat with SILD_MUTATION_SEED=%d", seed)
	garden := newGarden(t, rand.New(rand.NewPCG(seed, 1)))
	faults := make([]fault, mutations)
	for i := range faults {
		faults[i] = garden.plant(i)
	}
	judge(faults)
	garden.tell(t, faults)
}

// fault is one planted change and the rules that noticed it.
type fault struct {
	kind, says string
	sources    []translation.Source
	rules      map[string]bool
}

func judge(faults []fault) {
	var wait sync.WaitGroup
	for worker := range 2 {
		wait.Go(func() {
			for i := worker; i < len(faults); i += 2 {
				faults[i].rules = noticed(faults[i].sources)
			}
		})
	}
	wait.Wait()
}

// noticed are the rules that are broken. Those that need a snapshot are only asked where a seal is all that has noticed
// anything, which saves half of the time.
func noticed(sources []translation.Source) map[string]bool {
	c := &checker{Check: shipped(sources...)}
	c.asTheyStand()
	rules := c.broken()
	if len(rules) > 1 || len(rules) == 1 && !rules[RuleSeal] {
		return rules
	}
	if catalogue := c.compile(); catalogue != nil {
		c.inForce(catalogue)
	}
	return c.broken()
}

func (c *checker) broken() map[string]bool {
	rules := map[string]bool{}
	for _, f := range c.found {
		if f.Broken {
			rules[f.Rule] = true
		}
	}
	return rules
}

// garden holds the shipped tables as cells, and plants one fault in a copy of one of them.
type garden struct {
	*testing.T
	random *rand.Rand
	files  fstest.MapFS
	tables map[string][][]string
	sets   []string
	maps   []string
	units  []string
}

func newGarden(t *testing.T, random *rand.Rand) *garden {
	g := &garden{T: t, random: random, files: fstest.MapFS{}, tables: map[string][][]string{}}
	err := fs.WalkDir(mappings.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(mappings.Files(), name)
		if err != nil {
			return err
		}
		g.files[name] = &fstest.MapFile{Data: content}
		if strings.HasSuffix(name, ".csv") {
			g.tables[name], err = csv.NewReader(bytes.NewReader(content)).ReadAll()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range g.tables["MANIFEST.csv"][1:] {
		for range len(g.tables[row[0]]) - 1 { // a table with more rows gets more faults
			switch row[1] {
			case kindValueSet:
				g.sets = append(g.sets, row[0])
			case kindUnitMap:
				g.units = append(g.units, row[0])
				fallthrough
			case kindConceptMap:
				g.maps = append(g.maps, row[0])
			}
		}
	}
	return g
}

func (g *garden) pick(list []string) string { return list[g.random.IntN(len(list))] }

// row draws a row that fits.
func (g *garden) row(rows [][]string, fits func([]string) bool) int {
	for range 10000 {
		if i := 1 + g.random.IntN(len(rows)-1); fits(rows[i]) {
			return i
		}
	}
	return 0
}

// The columns of a map and of a value set.
const (
	inCode, inRelation, inTargetSystem, inTarget, inFactor, inPer, inBack = 1, 2, 3, 4, 5, 7, 8
	setCode, setWords, setUntil                                           = 2, 3, -2
)

// plantable is a kind of fault: the tables that it is planted in, and what it does to one of them. Where it does nothing it says
// nothing, and another draw is made.
type plantable struct {
	name string
	from []string
	make func(rows [][]string) ([][]string, string)
}

// inPlace is a fault that changes cells.
func inPlace(change func(rows [][]string) string) func([][]string) ([][]string, string) {
	return func(rows [][]string) ([][]string, string) { return rows, change(rows) }
}

func (g *garden) kinds() []plantable {
	return append([]plantable{
		{"swap targets", g.maps, inPlace(g.swapTargets)}, {"drop a map row", g.maps, g.drop}, {"drop a member", g.sets, g.drop},
		{"retire a code", g.sets, inPlace(g.retire)}, {"change a unit", g.units, inPlace(g.unit)}, {"change a relation", g.maps, inPlace(g.relation)},
		{"swap words", g.sets, inPlace(g.swapWords)}, {"lead elsewhere", g.maps, inPlace(g.elsewhere)}, {"turn the way home", g.maps, inPlace(g.home)},
		{"mistype a code", append(slices.Clone(g.sets), g.maps...), inPlace(g.mistype)},
	}, g.otherKinds()...)
}

// plant draws faults until one changes something.
func (g *garden) plant(i int) fault {
	kinds := g.kinds()
	kind := kinds[i%len(kinds)]
	for range 1000 {
		name := g.pick(kind.from)
		rows, says := kind.make(g.copied(name))
		if says == "" || sameRows(rows, g.tables[name]) {
			continue
		}
		if strings.HasPrefix(kind.name, operators) {
			return fault{kind: kind.name, says: name + ": " + says, sources: []translation.Source{{Files: g.files}, g.operator(name, rows)}}
		}
		return fault{kind: kind.name, says: name + ": " + says, sources: []translation.Source{{Files: g.with(name, rows)}}}
	}
	g.Fatalf("no fault of the kind %s can be planted", kind.name)
	return fault{}
}

func (g *garden) copied(name string) [][]string {
	rows := [][]string{}
	for _, row := range g.tables[name] {
		rows = append(rows, slices.Clone(row))
	}
	return rows
}

func sameRows(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal[[]string]) }

// with is the shipped tables with another one in place of one of them.
func (g *garden) with(name string, rows [][]string) fs.FS {
	var content bytes.Buffer
	if err := csv.NewWriter(&content).WriteAll(rows); err != nil {
		g.Fatal(err)
	}
	files := fstest.MapFS{}
	for other, file := range g.files {
		files[other] = file
	}
	files[name] = &fstest.MapFile{Data: content.Bytes()}
	return files
}

func (g *garden) drop(rows [][]string) ([][]string, string) {
	at := 1 + g.random.IntN(len(rows)-1)
	says := strings.Join(rows[at], ",")
	return slices.Delete(rows, at, at+1), says
}

func leadsSomewhere(row []string) bool {
	return row[inTarget] != "" && row[inTarget] != anyCode && row[inCode] != ""
}

func (g *garden) swapTargets(rows [][]string) string {
	a := g.row(rows, leadsSomewhere)
	b := g.row(rows, func(row []string) bool { return leadsSomewhere(row) && row[inTarget] != rows[a][inTarget] })
	if a == 0 || b == 0 {
		return ""
	}
	for _, column := range []int{inTargetSystem, inTarget} {
		rows[a][column], rows[b][column] = rows[b][column], rows[a][column]
	}
	return rows[a][inCode] + " and " + rows[b][inCode]
}

func (g *garden) retire(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return !strings.HasPrefix(row[setCode], openCode) })
	rows[at][len(rows[at])+setUntil] = "2026-11-22"
	return rows[at][setCode]
}

func (g *garden) unit(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return row[inFactor] != "" })
	if at == 0 {
		return ""
	}
	row := rows[at]
	before := strings.Join(row, ",")
	switch g.random.IntN(3) {
	case 0:
		row[inFactor] = g.pick([]string{"10", "1000", "1/10", "1/1000", "2", "1000000", "1/5", "60"})
	case 1:
		row[inTargetSystem], row[inTarget] = "ucum", g.pick([]string{"mg", "ug", "g", "mL", "L", "ng", "kg", "mmol", "[IU]", "{dose}", "1"})
	default:
		row[inPer-1], row[inPer] = "ucum", g.pick([]string{"mL", "g", "L"})
	}
	if strings.Join(row, ",") == before {
		return ""
	}
	return row[inCode] + " becomes " + row[inFactor] + " " + row[inTarget] + " per " + row[inPer]
}

func (g *garden) relation(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return row[inCode] != "" })
	if at == 0 {
		return ""
	}
	other := g.pick([]string{"equivalent", "wider", "narrower", "inexact", "none"})
	if other == rows[at][inRelation] {
		return ""
	}
	rows[at][inRelation] = other
	if rows[at][inRelation] == "none" {
		rows[at][len(rows[at])-1] = "no-term: no shared term"
	}
	return rows[at][inCode] + " is " + rows[at][inRelation]
}

func (g *garden) swapWords(rows [][]string) string {
	named := func(row []string) bool { return !strings.HasPrefix(row[setCode], openCode) }
	a, b, column := g.row(rows, named), g.row(rows, named), setWords+g.random.IntN(3)
	if a == 0 || b == 0 {
		return ""
	}
	rows[a][column], rows[b][column] = rows[b][column], rows[a][column]
	return rows[a][setCode] + " and " + rows[b][setCode] + " in " + rows[0][column]
}

func (g *garden) elsewhere(rows [][]string) string {
	at := g.row(rows, leadsSomewhere)
	other := g.row(rows, leadsSomewhere)
	if at == 0 || other == 0 {
		return ""
	}
	for _, column := range []int{inTargetSystem, inTarget} {
		rows[at][column] = rows[other][column]
	}
	return rows[at][inCode] + " leads to " + rows[at][inTarget]
}

func (g *garden) home(rows [][]string) string {
	at := g.row(rows, leadsSomewhere)
	if at == 0 {
		return ""
	}
	rows[at][inBack] = map[string]string{"yes": "no", "no": "yes"}[rows[at][inBack]]
	return rows[at][inCode] + " leads home: " + rows[at][inBack]
}

// mistype turns two neighbours round, in a code of a value set or of either end of a map.
func (g *garden) mistype(rows [][]string) string {
	column := setCode
	if rows[0][0] == "system" {
		column = []int{inCode, inTarget}[g.random.IntN(2)]
	}
	at := g.row(rows, func(row []string) bool { return len(row[column]) > 1 && !strings.HasPrefix(row[column], openCode) })
	if at == 0 {
		return ""
	}
	letters := []rune(rows[at][column])
	if len(letters) < 2 {
		return ""
	}
	i := g.random.IntN(len(letters) - 1)
	letters[i], letters[i+1] = letters[i+1], letters[i]
	was := rows[at][column]
	rows[at][column] = string(letters)
	return was + " as " + rows[at][column]
}

// tell counts what was noticed, by every rule and by those that judge meaning, and names what was not.
func (g *garden) tell(t *testing.T, faults []fault) {
	seen, unsealed := 0, 0
	missed := map[string]int{}
	for _, f := range faults {
		if len(f.rules) == 0 {
			t.Logf("survived: %s, %s", f.kind, f.says)
			continue
		}
		seen++
		delete(f.rules, RuleSeal)
		if len(f.rules) == 0 {
			missed[f.kind]++
			continue
		}
		unsealed++
	}
	t.Logf("%d of %d faults noticed; %d without the seals", seen, len(faults), unsealed)
	t.Logf("noticed by a seal alone: %s", fmt.Sprint(missed))
	if seen < enough {
		t.Errorf("%d of %d planted faults were noticed; %d is the least", seen, len(faults), enough)
	}
}
