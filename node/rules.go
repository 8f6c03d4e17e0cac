package node

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule is one line of a corridor's rules: what the law of either country allows, as data with its source. Effect says
// what happens when Fact has Value at Stage.
type Rule struct {
	ID       string
	Stage    string // entitle, release, offer, dispense, withdraw, counter
	Fact     string
	Value    string
	Effect   string // withhold, refuse, require, allow, close, keep
	Sentence string // for those who may know the rule
	Source   string
	Since    string // ISO date
}

// Rules are the rules of all corridors and the professions of each country of treatment.
type Rules struct {
	corridors   map[Corridor][]Rule
	professions map[string]map[string][]Verb // country, role
	loosened    []Loosened
}

var ruleColumns = []string{"rule", "stage", "fact", "value", "effect", "sentence", "source", "since"}

// LoadRules reads every corridors/AA-BB.csv, corridors/AA.csv and corridors/professions.csv. An unknown stage, fact or effect,
// a missing source or a wrong column is an error that names file and row: a rule nobody enforces is worse than none.
//
// Files corridors/AA.csv hold what country AA withholds from every corridor that begins there; such a file opens none. An
// operator's own folder has no other files: its rule takes the place of the one with the same id, or withholds more.
func LoadRules(files fs.FS, operators ...fs.FS) (*Rules, error) {
	rules := &Rules{corridors: map[Corridor][]Rule{}, professions: map[string]map[string][]Verb{}}
	names, err := fs.Glob(files, "corridors/*.csv")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, errors.New("no corridor rules found")
	}
	withheld := map[string][]Rule{}
	for _, name := range names {
		rows, err := table(files, name)
		if err != nil {
			return nil, err
		}
		if path.Base(name) == "professions.csv" {
			err = rules.addProfessions(name, rows)
		} else if country, is := countryFile(name); is {
			withheld[country], err = countryRules(name, rows)
		} else {
			err = rules.addCorridor(name, rows)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, own := range operators {
		before := cloned(withheld)
		if err := overlay(withheld, own); err != nil {
			return nil, err
		}
		rules.loosened = append(rules.loosened, loosened(before, withheld)...)
	}
	return rules, rules.withholdEverywhere(withheld)
}

func table(files fs.FS, name string) ([][]string, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := csv.NewReader(file)
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

func (r *Rules) addCorridor(name string, rows [][]string) error {
	a, b, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".csv"), "-")
	if !ok || !isCountry(a) || !isCountry(b) {
		return fmt.Errorf("%s: a file of rules is named AA-BB.csv or AA.csv", name)
	}
	all, err := readRules(name, rows)
	r.corridors[Corridor{A: a, B: b}] = all
	return err
}

// readRules reads the rows of one file.
func readRules(name string, rows [][]string) ([]Rule, error) {
	if len(rows) == 0 || strings.Join(rows[0], ",") != strings.Join(ruleColumns, ",") {
		return nil, fmt.Errorf("%s: a file of rules starts with %s", name, strings.Join(ruleColumns, ","))
	}
	var all []Rule
	for i, row := range rows[1:] {
		rule := Rule{ID: row[0], Stage: row[1], Fact: row[2], Value: row[3], Effect: row[4], Sentence: row[5],
			Source: row[6], Since: row[7]}
		if err := rule.check(all); err != nil {
			return nil, fmt.Errorf("%s row %d: %w", name, i+2, err)
		}
		all = append(all, rule)
	}
	return all, nil
}

// known lists what the code enforces: stage, fact, allowed effects.
var known = [...][3]string{
	{"entitle", "consent", "allow require"},
	{"entitle", "age", "require"},
	{"release", "class", "withhold"},
	{"release", "atc-prefix", "withhold"},
	{"dispense", "partial", "close keep refuse"},
	{"dispense", "while-waiting", "allow"},
	{"withdraw", "counter", "allow refuse"},
	{"withdraw", "register", "allow refuse"},
	{"counter", "identity", "require"},
	{"counter", "informed", "require"},
	{"search", "birth-date", "require"},
	{"offer", "form", "allow"},
}

// several are the facts of which a corridor may have more than one rule.
var several = map[string]bool{"class": true, "atc-prefix": true}

// check refuses a rule that nothing would enforce, or that another rule of the corridor already decides.
func (rule Rule) check(others []Rule) error {
	if rule.ID == "" || rule.Source == "" || rule.Sentence == "" {
		return fmt.Errorf("rule %q needs an id, a sentence and a source", rule.ID)
	}
	if _, err := time.Parse(time.DateOnly, rule.Since); err != nil {
		return fmt.Errorf("rule %s: since %q is no date (YYYY-MM-DD)", rule.ID, rule.Since)
	}
	if !rule.meaningful() {
		return fmt.Errorf("rule %s: %q is no value for the fact %s", rule.ID, rule.Value, rule.Fact)
	}
	for _, other := range others {
		if other.ID == rule.ID || (other.Stage == rule.Stage && other.Fact == rule.Fact && !several[rule.Fact]) {
			return fmt.Errorf("rule %s repeats %s", rule.ID, other.ID)
		}
	}
	return rule.enforced()
}

// meaningful says that the value is one that the fact can have.
func (rule Rule) meaningful() bool {
	switch rule.Fact {
	case "class":
		return slices.Contains(classes, Class(rule.Value))
	case "atc-prefix":
		prefixes := strings.Fields(rule.Value)
		for _, prefix := range prefixes {
			if !atcPrefix.MatchString(prefix) {
				return false
			}
		}
		return len(prefixes) > 0
	case "age":
		years, err := strconv.Atoi(rule.Value)
		return err == nil && years > 0 && years < 100
	}
	return rule.Value != ""
}

// atcPrefix is a beginning of an ATC code, national extensions included.
var atcPrefix = regexp.MustCompile(`^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{1,2})?)?)?)?$`)

func (rule Rule) enforced() error {
	for _, row := range known {
		if row[0] == rule.Stage && row[1] == rule.Fact {
			if slices.Contains(strings.Fields(row[2]), rule.Effect) {
				return nil
			}
			return fmt.Errorf("rule %s: effect %q is not one of: %s", rule.ID, rule.Effect, row[2])
		}
	}
	return fmt.Errorf("rule %s: nothing enforces the fact %q at %q", rule.ID, rule.Fact, rule.Stage)
}

func isCountry(code string) bool {
	return len(code) == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z'
}

func (r *Rules) addProfessions(name string, rows [][]string) error {
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 6 || row[4] == "" {
			return fmt.Errorf("%s row %d: country,role,name,verbs,source,since are needed", name, i+1)
		}
		if r.professions[row[0]] == nil {
			r.professions[row[0]] = map[string][]Verb{}
		}
		for _, verb := range strings.Fields(row[3]) {
			if !verbKnown(Verb(verb)) {
				return fmt.Errorf("%s row %d: %q is no verb", name, i+1, verb)
			}
			r.professions[row[0]][row[1]] = append(r.professions[row[0]][row[1]], Verb(verb))
		}
	}
	return nil
}

func verbKnown(verb Verb) bool { return verbIn(verb, Verbs()) }

func verbIn(verb Verb, verbs []Verb) bool {
	for _, known := range verbs {
		if known == verb {
			return true
		}
	}
	return false
}

// Knows says that the corridor has rules at all: a corridor without rules is closed.
func (r *Rules) Knows(corridor Corridor) bool { return len(r.corridors[corridor]) > 0 }

// All lists a corridor's rules in file order, for `sild rules explain` and the pages.
func (r *Rules) All(corridor Corridor) []Rule { return append([]Rule(nil), r.corridors[corridor]...) }

// Profession says whether the country of treatment lets the role use the verb.
func (r *Rules) Profession(country, role string, verb Verb) bool {
	return verbIn(verb, r.professions[country][role])
}

// Of finds the corridor's rule for a stage and fact, where there is one.
func (r *Rules) Of(corridor Corridor, stage, fact string) (Rule, bool) {
	for _, rule := range r.corridors[corridor] {
		if rule.Stage == stage && rule.Fact == fact {
			return rule, true
		}
	}
	return Rule{}, false
}

// Withholds finds the first rule by which a prescription must not cross.
func (r *Rules) Withholds(corridor Corridor, p *Prescription) (Rule, bool) {
	for _, rule := range r.corridors[corridor] {
		if rule.Stage == "release" && rule.meets(p) {
			return rule, true
		}
	}
	return Rule{}, false
}

func (rule Rule) meets(p *Prescription) bool {
	switch rule.Fact {
	case "class":
		return p.Is(Class(rule.Value))
	case "atc-prefix":
		return classified(&p.Medication, strings.Fields(rule.Value))
	}
	return false
}

// classified looks at the ATC codes of the medicine, of its ingredients and of every part of a combination pack.
func classified(m *Medication, prefixes []string) bool {
	for _, prefix := range prefixes {
		for _, slot := range m.Classification {
			if strings.HasPrefix(slot.Original().Code, prefix) {
				return true
			}
		}
		for _, ingredient := range m.Ingredients {
			if s := ingredient.Substance; s != nil && (strings.HasPrefix(s.Original().Code, prefix) || strings.HasPrefix(s.Current.Code, prefix)) {
				return true
			}
		}
	}
	for i := range m.Parts {
		if classified(&m.Parts[i], prefixes) {
			return true
		}
	}
	return false
}
