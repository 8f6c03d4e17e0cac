package node

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// countryFile says whose the rules of a file named AA.csv are.
func countryFile(name string) (country string, is bool) {
	country = strings.TrimSuffix(path.Base(name), ".csv")
	return country, isCountry(country)
}

// countryRules reads what a country withholds from all its corridors.
func countryRules(name string, rows [][]string) ([]Rule, error) {
	all, err := readRules(name, rows)
	for i, rule := range all {
		if rule.Effect != "withhold" {
			return nil, fmt.Errorf("%s row %d: rule %s: the rules of a country towards all others only withhold at release", name, i+2, rule.ID)
		}
	}
	return all, err
}

// overlay lays the files of an operator's folder over the rules by country.
func overlay(withheld map[string][]Rule, own fs.FS) error {
	names, err := fs.Glob(own, "corridors/*")
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("the folder holds no rules: corridors/AA.csv says what country AA withholds")
	}
	for _, name := range names {
		country, is := countryFile(name)
		if !is || path.Ext(name) != ".csv" {
			return fmt.Errorf("%s: a folder of your own holds only rules named corridors/AA.csv, of what country AA withholds", name)
		}
		rows, err := table(own, name)
		if err != nil {
			return err
		}
		more, err := countryRules(name, rows)
		if err != nil {
			return err
		}
		for _, rule := range more {
			withheld[country] = put(withheld[country], rule)
		}
	}
	return nil
}

// put replaces the rule with the same id, or adds one.
func put(rules []Rule, rule Rule) []Rule {
	if at := slices.IndexFunc(rules, func(before Rule) bool { return before.ID == rule.ID }); at >= 0 {
		rules[at] = rule
		return rules
	}
	return append(rules, rule)
}

// withholdEverywhere adds the rules of each country to its corridors. Rules of a country where no corridor begins are an error:
// nobody would enforce them.
func (r *Rules) withholdEverywhere(withheld map[string][]Rule) error {
	for country := range withheld {
		if !r.begins(country) {
			return fmt.Errorf("corridors/%s.csv: no corridor begins in %s: nothing would enforce its rules", country, country)
		}
	}
	for corridor, rules := range r.corridors {
		for _, rule := range withheld[corridor.A] {
			if err := rule.check(rules); err != nil {
				return fmt.Errorf("corridors/%s.csv: %w", corridor.A, err)
			}
			rules = append(rules, rule)
		}
		r.corridors[corridor] = rules
	}
	return nil
}

// begins says that a corridor starts in the country.
func (r *Rules) begins(country string) bool {
	for corridor := range r.corridors {
		if corridor.A == country {
			return true
		}
	}
	return false
}
