package node

import (
	"maps"
	"slices"
	"strings"
)

// Loosened is a rule of a country which a folder of the operator put another in the place of, so that it withholds less than before.
type Loosened struct {
	Country string   // ISO 3166 alpha-2
	Rule    string   // its id
	Values  []string // classes, or beginnings of ATC codes, of which no rule of the country withholds everything any more
}

// Loosened are the rules of the program that withhold less because of the operator's folders, in the order of countries. It is
// what a node says at its start: a shorter list may be meant, and nobody should learn of it by a prescription abroad.
func (r *Rules) Loosened() []Loosened { return slices.Clone(r.loosened) }

func cloned(withheld map[string][]Rule) map[string][]Rule {
	copied := map[string][]Rule{}
	for country, rules := range withheld {
		copied[country] = slices.Clone(rules)
	}
	return copied
}

// loosened compares what each country withholds before and after a folder was laid over its rules.
func loosened(before, after map[string][]Rule) []Loosened {
	var list []Loosened
	for _, country := range slices.Sorted(maps.Keys(before)) {
		for _, rule := range before[country] {
			gone := slices.DeleteFunc(strings.Fields(rule.Value), func(value string) bool {
				return slices.ContainsFunc(after[country], func(now Rule) bool { return now.covers(rule.Fact, value) })
			})
			if len(gone) > 0 {
				list = append(list, Loosened{country, rule.ID, gone})
			}
		}
	}
	return list
}

// covers says that the rule withholds all that a value of a fact stands for: a beginning of a code covers the longer ones.
func (rule Rule) covers(fact, value string) bool {
	return rule.Fact == fact && slices.ContainsFunc(strings.Fields(rule.Value), func(own string) bool {
		return own == value || fact == "atc-prefix" && strings.HasPrefix(value, own)
	})
}
