package curation

import (
	"fmt"
	"slices"
	"strings"

	"sild/translation"
)

// nationalList is what the sources together list of one code system.
type nationalList struct {
	codes map[string]standing
	whole bool // a code that is not there is none of the system
}

// listOf is the country's own list of a code system, where a source has brought one, by code.
func (c *checker) listOf(system string) map[string]standing {
	if c.national == nil {
		c.national = c.nationalLists()
	}
	if list := c.national[system]; list != nil {
		return list.codes
	}
	return nil
}

// nationalLists reads the lists of the countries, by the short names of their code systems. A whole list stands for what earlier
// sources list.
func (c *checker) nationalLists() map[string]*nationalList {
	lists := map[string]*nationalList{}
	for _, t := range c.tables.of(kindCodeSystem, kindWholeCodes) {
		fresh := map[string]bool{}
		for _, r := range t.rows {
			k := t.key(r)
			if !translation.Begun(t.cell(r, "since"), c.On) {
				continue
			}
			if lists[k.system] == nil {
				lists[k.system] = &nationalList{codes: map[string]standing{}}
			}
			list := lists[k.system]
			if t.kind == kindWholeCodes && !fresh[k.system] {
				fresh[k.system], list.whole = true, true
				for code, known := range list.codes {
					if known.layer < t.layer {
						delete(list.codes, code)
					}
				}
			}
			if known, twice := list.codes[k.code]; !twice || known.layer < t.layer || known.retired != "" {
				list.codes[k.code] = standing{c.end(t, r), t.layer}
			}
		}
	}
	return lists
}

// ofTheCountry checks the codes of a country against its own list, where a source has brought one.
func (c *checker) ofTheCountry() {
	lists := c.nationalLists()
	for _, t := range c.tables.of(kindConceptMap, kindUnitMap) {
		missing := map[string][]string{}
		for _, r := range t.rows {
			k := t.key(r)
			list := lists[k.system]
			if list == nil || !single(k.code) {
				continue
			}
			switch found, ok := list.codes[k.code]; {
			case !ok && list.whole:
				c.add(t.finding(RuleNational, r, k.code, "the list of "+k.system+" has no such code"))
			case !ok:
				missing[k.system] = append(missing[k.system], k.code)
			case found.retired != "":
				f := t.finding(RuleNational, r, k.code, "the list of "+k.system+" has retired the code on "+found.retired)
				f.Broken = t.cell(r, "back") == "yes" // older documents still bear it, but nothing new may
				c.add(f)
			}
		}
		for system, codes := range missing {
			f := t.finding(RuleNational, row{}, "", fmt.Sprintf("the list of %s, which does not say that it is whole, lacks %s of the map (%s)",
				system, numbered(len(codes), "code"), firstOf(codes)))
			f.Broken = false
			c.add(f)
		}
	}
}

// everyCode tells which shared codes a row for every code does not bring into the country, because its own list does not have
// them or has ended them and no row says more.
func (c *checker) everyCode(catalogue *translation.Catalogue) {
	gone := c.goneFrom(catalogue)
	own := map[[3]string]bool{} // map, system and code of every code that has a row of its own, from either end
	for _, r := range c.rows {
		own[[3]string{r.Map, r.From.System, r.From.Code}] = true
		if r.Home || r.From.Code == "" {
			own[[3]string{r.Map, r.To.System, r.To.Code}] = true
		}
	}
	for _, r := range c.rows {
		if r.From.Code != anyCode || !r.Home {
			continue
		}
		var lost []string
		for _, k := range c.concepts {
			code := k.Coding.Code
			said := own[[3]string{r.Map, r.To.System, code}] || own[[3]string{r.Map, r.From.System, code}]
			if k.Coding.System == r.To.System && isMember(k, r.Field) && !said && gone(r.From.System, code) {
				lost = append(lost, code)
			}
		}
		if len(lost) > 0 {
			c.add(Finding{Rule: RuleNational, File: r.Map + ".csv", Code: anyCode, Words: fmt.Sprintf(
				"%s that the country's own list does not have, or has ended, cannot be received: the shared code stays (%s)", numbered(len(lost), "shared code"),
				firstOf(lost))})
		}
	}
}

// goneFrom answers for a national code, by the URI of its system, whether its own list has ended it, or is whole and lacks it.
func (c *checker) goneFrom(catalogue *translation.Catalogue) func(system, code string) bool {
	listed, whole := map[[2]string]*translation.Listing{}, map[string]bool{}
	for _, k := range c.concepts {
		if k.Listed != nil {
			listed[[2]string{k.Coding.System, k.Coding.Code}] = k.Listed
		}
	}
	for _, list := range catalogue.WholeLists() {
		whole[list.System] = true
	}
	return func(system, code string) bool {
		on := listed[[2]string{system, code}]
		return on == nil && whole[system] || on != nil && on.Ended
	}
}

func isMember(k translation.Concept, field translation.Field) bool {
	return slices.ContainsFunc(k.In, func(in translation.Membership) bool { return in.Field == field && !in.Retired })
}

// firstOf names the first of some codes.
func firstOf(codes []string) string {
	slices.Sort(codes)
	if len(codes) > mostNamed {
		codes = append(codes[:mostNamed:mostNamed], "…")
	}
	return strings.Join(codes, ", ")
}
