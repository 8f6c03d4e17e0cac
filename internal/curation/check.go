package curation

import (
	"fmt"
	"slices"

	"sild/translation"
)

// Check is what is to be judged, and by what.
type Check struct {
	Sources    []translation.Source   // laid over each other in this order
	On         string                 // the day for which they are judged (YYYY-MM-DD); empty: every row holds
	Catalogue  *translation.Catalogue // instead of sources: a snapshot, of which only the rules that need no rows are asked
	Countries  []string               // of the corridor, ISO 3166 alpha-2
	Languages  []string               // in which every code must have words
	Properties *translation.Properties
	Corridors  ReadCorridors // nil: nobody asks whether a node takes the rules of the corridors
	Production bool          // drafts in places that must be right break the rules
}

// Verdict is what all rules say of the tables.
type Verdict struct {
	Release  string    `json:"release,omitempty"` // of the snapshot that the tables make; empty where they make none
	Tables   int       `json:"tables"`
	Rows     int       `json:"rows"`
	Broken   int       `json:"broken"`
	Remarks  int       `json:"remarks"`
	Findings []Finding `json:"findings"`
	Snapshot *Judged   `json:"snapshot,omitempty"` // what was looked at where there were no tables
}

// Judged says of a snapshot what it holds, which rules were asked of it, and which cannot be: those look at rows in their
// files, or at what a snapshot does not keep. Of some rules a part can be asked: of RuleNational what codes are called and what
// rows for every code lose, of RuleDangling where membership rests on the form of a code alone.
type Judged struct {
	Concepts int      `json:"concepts"`
	Members  int      `json:"members"` // of value sets
	Rows     int      `json:"rows"`    // of maps
	Asked    []string `json:"asked"`
	NotAsked []string `json:"notAsked"`
}

// ofSnapshot says how a snapshot is judged.
func ofSnapshot(catalogue *translation.Catalogue) *Judged {
	size := catalogue.Size()
	return &Judged{
		Concepts: size.Concepts, Members: size.Members, Rows: size.Rows,
		Asked: []string{RuleWords, RuleSameWords, RuleWayHome, RuleRoundTrip, RuleNational, RuleDangling, RuleDraft},
		NotAsked: []string{RuleManifest, RuleTable, RuleOnce, RuleSorted, RuleProvenance, RuleCode, RuleClass, RuleReason, RuleRetired, RuleExact,
			RuleUnit, RuleReading, RuleSystem, RuleCorridor, RuleSeal, RuleProperties, RuleCompile},
	}
}

// checker holds what the rules ask again and again.
type checker struct {
	Check
	tables   *tables
	members  map[string]map[key]standing
	english  map[string]map[key][]string // the words of every source, folded
	readings map[readingKey]reading
	concepts []translation.Concept // of the snapshot, read once
	rows     []translation.MapRow
	origins  []translation.Origin
	listed   map[string]map[key]listing
	mapped   map[[2]string]map[int]bool // the sources that have the map of a country and field
	short    map[string]string          // name of a code system by its URI
	national map[string]*nationalList   // the countries' own lists, by the short name of the system; nil until they are asked for
	gathered map[Finding][]string
	found    []Finding
}

func (c *checker) add(f Finding) { c.found = append(c.found, f) }

// Run asks every rule and gives all that they find, what is broken first.
func (c Check) Run() Verdict {
	own := &checker{Check: c, tables: &tables{}}
	v := Verdict{}
	catalogue := c.Catalogue
	if catalogue == nil {
		own.asTheyStand()
		catalogue = own.compile()
	}
	if c.Catalogue != nil {
		v.Snapshot = ofSnapshot(c.Catalogue)
	}
	if catalogue != nil {
		v.Release = catalogue.Release()
		own.inForce(catalogue)
	}
	v.Tables = len(own.tables.list)
	for _, t := range own.tables.list {
		v.Rows += len(t.rows)
	}
	v.Findings = append([]Finding{}, own.found...)
	inOrder(v.Findings)
	for _, f := range v.Findings {
		if f.Broken {
			v.Broken++
		} else {
			v.Remarks++
		}
	}
	return v
}

// asTheyStand asks the rules that look at rows in their files.
func (c *checker) asTheyStand() {
	c.tables = readTables(c.Sources)
	c.found = c.tables.found
	for _, rule := range []func(){c.sets, c.lists, c.second, c.manifests, c.order, c.systems, c.corridors, c.asNode, c.codes, c.targets, c.ofTheCountry, c.exact, c.taken, c.units, c.agree, c.columns, c.renamed,
		c.seals, c.properties} {
		rule()
	}
}

// inForce asks the rules that look at what all tables say together.
func (c *checker) inForce(catalogue *translation.Catalogue) {
	c.concepts, c.rows, c.origins = slices.Collect(catalogue.Concepts()), slices.Collect(catalogue.Rows()), catalogue.Origins()
	for _, rule := range []func(*translation.Catalogue){c.words, c.called, c.homes, c.everyCode, c.shapes, c.roundTrips, c.drafts} {
		rule(catalogue)
	}
	c.tellGathered()
}

// compile makes the snapshot, and says what cannot be made.
func (c *checker) compile() *translation.Catalogue {
	built, err := translation.CompileOn(c.On, c.Sources...)
	if err != nil {
		c.add(Finding{Rule: RuleCompile, Broken: true, Words: "the tables make no snapshot: " + err.Error()})
		return nil
	}
	for _, note := range built.Notes {
		c.add(Finding{Rule: RuleCompile, Words: note})
	}
	for _, note := range LaterWords(built) {
		c.add(Finding{Rule: RuleCompile, Words: note})
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		c.add(Finding{Rule: RuleCompile, Broken: true, Words: err.Error()})
		return nil
	}
	return catalogue
}

// LaterWords say which rows of compiled tables are still to begin or to end: a sentence each, none where there are none.
func LaterWords(built *translation.Built) []string {
	var words []string
	for _, later := range []struct {
		translation.Later
		state string
	}{{built.Waiting, "not in force yet"}, {built.Ending, "in force with an end to come"}} {
		if later.Rows > 0 {
			words = append(words, fmt.Sprintf("%s: %s, the first on %s; build again then", later.state, numbered(later.Rows, "row"), later.First))
		}
	}
	return words
}

// numbered is a count with its noun.
func numbered(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
