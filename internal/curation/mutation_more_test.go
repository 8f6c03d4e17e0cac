package curation

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing/fstest"

	"sild/translation"
)

// operators begins the kinds of fault that stand in a folder of an operator over the shipped tables.
const operators = "an operator's draft: "

// otherKinds are the faults in what is no value set and no row for one code.
func (g *garden) otherKinds() []plantable {
	systems, manifest := []string{systemsFile}, []string{manifestFile}
	corridors, open := []string{}, []string{}
	for name, rows := range g.tables {
		switch {
		case strings.HasPrefix(name, "corridors/"):
			corridors = append(corridors, name)
		case slices.ContainsFunc(rows, forMany) && slices.Contains(g.maps, name):
			open = append(open, name)
		}
	}
	slices.Sort(corridors)
	slices.Sort(open)
	return []plantable{
		{"drop a name of a code system", systems, g.drop}, {"change a digit of an OID", systems, inPlace(g.digit)},
		{"change a URI", systems, inPlace(g.uri)}, {"swap two names", systems, inPlace(g.swapNames)},
		{"drop a rule of a corridor", corridors, g.drop}, {"change a value of a rule", corridors, inPlace(g.value)},
		{"change a cell of a rule", corridors, inPlace(g.cellOfRule)}, {"turn a rule", corridors, inPlace(g.turn)},
		{"drop a row for many codes", open, g.dropMany}, {"another system for many codes", open, inPlace(g.otherSystem)},
		{"another relation for many codes", open, inPlace(g.otherRelation)}, {"change a factor", g.units, inPlace(g.factor)},
		{"drop a line of the manifest", manifest, g.drop}, {"change a line of the manifest", manifest, inPlace(g.line)},
		{operators + "leads elsewhere", g.maps, inPlace(g.elsewhere)}, {operators + "another relation", g.maps, inPlace(g.relation)},
		{operators + "another unit", g.units, inPlace(g.unit)}, {operators + "takes a way home", g.maps, inPlace(g.newcomer)},
	}
}

func forMany(row []string) bool {
	return len(row) > inTarget && (row[inCode] == anyCode || strings.HasPrefix(row[inCode], openCode))
}

// operator is a folder with the rows of one map that differ from the shipped ones.
func (g *garden) operator(name string, rows [][]string) translation.Source {
	kept := [][]string{rows[0]}
	for i, row := range rows[1:] {
		if !slices.Equal(row, g.tables[name][i+1]) {
			kept = append(kept, row)
		}
	}
	kind := kindConceptMap
	if slices.Contains(g.units, name) {
		kind = kindUnitMap
	}
	var content bytes.Buffer
	if err := csv.NewWriter(&content).WriteAll(kept); err != nil {
		g.Fatal(err)
	}
	return translation.Source{Name: "operator", Files: fstest.MapFS{
		manifestFile: {Data: []byte("file,kind,origin,release,licence,status\n" + name + "," + kind + ",own,1,CC0,draft\n")},
		systemsFile:  {Data: []byte("short,uri,oid,name\n")}, name: {Data: content.Bytes()},
	}}
}

// letter puts another letter of its kind in place of one.
func (g *garden) letter(text, of string) string {
	at := []int{}
	for i := range text {
		if strings.Contains(of, text[i:i+1]) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return text
	}
	i := at[g.random.IntN(len(at))]
	return text[:i] + string(of[g.random.IntN(len(of))]) + text[i+1:]
}

// The columns of systems.csv, and of a rule of a corridor.
const (
	sysURI, sysOID                = 1, 2
	ruleFact, ruleValue, ruleTurn = 2, 3, 4
)

func (g *garden) digit(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return row[sysOID] != "" })
	was := rows[at][sysOID]
	rows[at][sysOID] = g.letter(was, "0123456789")
	return was + " as " + rows[at][sysOID]
}

func (g *garden) uri(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return row[sysURI] != "" })
	was := rows[at][sysURI]
	rows[at][sysURI] = g.letter(was, "abcdefghijklmnopqrstuvwxyz:/.-0123456789")
	return was + " as " + rows[at][sysURI]
}

func (g *garden) swapNames(rows [][]string) string {
	any := func([]string) bool { return true }
	a, b, column := g.row(rows, any), g.row(rows, any), g.random.IntN(len(rows[0]))
	rows[a][column], rows[b][column] = rows[b][column], rows[a][column]
	return rows[0][column] + " of " + rows[a][0] + " and " + rows[b][0]
}

// value drops or mistypes one of the values of a rule, or of the verbs of a profession.
func (g *garden) value(rows [][]string) string {
	at := g.row(rows, func([]string) bool { return true })
	values := strings.Fields(rows[at][ruleValue])
	i := g.random.IntN(len(values))
	was := values[i]
	if values[i] = g.letter(was, "ABCDEFGHIJ0123456789abcdefghij"); g.random.IntN(2) == 0 {
		values = slices.Delete(values, i, i+1)
	}
	rows[at][ruleValue] = strings.Join(values, " ")
	return rows[at][0] + " has another value for " + was
}

// cellOfRule takes a cell from another rule.
func (g *garden) cellOfRule(rows [][]string) string {
	any := func([]string) bool { return true }
	a, b, column := g.row(rows, any), g.row(rows, any), g.random.IntN(len(rows[0]))
	rows[a][column] = rows[b][column]
	return rows[a][0] + " has the " + rows[0][column] + " of " + rows[b][0]
}

func (g *garden) turn(rows [][]string) string {
	if rows[0][ruleTurn] != "effect" {
		return ""
	}
	at := g.row(rows, func([]string) bool { return true })
	rows[at][ruleTurn] = g.pick([]string{"allow", "require", "withhold", "close", "keep", "refuse"})
	return rows[at][0] + " is to " + rows[at][ruleTurn]
}

func (g *garden) dropMany(rows [][]string) ([][]string, string) {
	at := g.row(rows, forMany)
	says := strings.Join(rows[at], ",")
	return slices.Delete(rows, at, at+1), says
}

func (g *garden) otherSystem(rows [][]string) string {
	at := g.row(rows, forMany)
	column := []int{0, inTargetSystem}[g.random.IntN(2)]
	rows[at][column] = g.pick([]string{"atc", "edqm", "icd10", "ucum", "sct", "sms", "ee-atc", "fi-atc", "ee-icd10", "fi-icd10", "fi-dose-form"})
	return rows[at][0] + " " + rows[at][inCode] + " leads to " + rows[at][inTargetSystem]
}

func (g *garden) otherRelation(rows [][]string) string {
	at := g.row(rows, forMany)
	rows[at][inRelation] = g.pick([]string{"equivalent", "wider", "narrower", "inexact"})
	return rows[at][0] + " " + rows[at][inCode] + " is " + rows[at][inRelation]
}

func (g *garden) factor(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return row[inFactor] != "" })
	rows[at][inFactor] = g.pick([]string{"1", "10", "100", "1000", "1/10", "1/100", "1/1000", "5", "1/5", "1/2", "1000000"})
	return rows[at][inCode] + " × " + rows[at][inFactor]
}

// line takes a cell of the manifest from another line.
func (g *garden) line(rows [][]string) string {
	any := func([]string) bool { return true }
	a, b, column := g.row(rows, any), g.row(rows, any), g.random.IntN(len(rows[0]))
	rows[a][column] = rows[b][column]
	return rows[a][0] + " has the " + rows[0][column] + " of " + rows[b][0]
}

// newcomer is a national code that no table knows, and that leads home from a shared one.
func (g *garden) newcomer(rows [][]string) string {
	at := g.row(rows, func(row []string) bool { return leadsSomewhere(row) && row[inBack] == "yes" })
	if at == 0 {
		return ""
	}
	was := rows[at][inCode]
	rows[at][inCode] += "Z"
	return rows[at][inCode] + " instead of " + was
}
