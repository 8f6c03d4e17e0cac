package curation

import (
	"slices"
	"strings"

	"sild/translation"
)

// twins are fields in which two lists, or two places of one list, name one thing: the same words are right there.
var twins = []translation.Field{translation.Absence, translation.Certainty, translation.Classification, translation.ClinicalStatus}

// words checks that every code can be said in every language, and that no two of a field are called the same.
func (c *checker) words(catalogue *translation.Catalogue) {
	languages := slices.Compact(slices.Sorted(slices.Values(append(catalogue.Languages(), c.Languages...))))
	owner := map[translation.Field]map[string]string{}
	for _, k := range c.concepts {
		for _, in := range k.In {
			if in.Retired {
				continue
			}
			place := Finding{Broken: true, File: "eu/" + string(in.Field) + ".csv", Code: k.Coding.Code}
			for _, language := range languages {
				place.Rule = RuleWords
				text := k.Words[language]
				switch {
				case text == "" && slices.Contains(c.Languages, language):
					place.Words = "there are no words in " + language
					if c.wordsExpected(in.Field, k.Coding, language) {
						c.add(place)
					} else {
						place.Words = "without words in " + language
						c.gather(place, k.Coding.Code)
					}
					continue
				case text == "":
					continue
				case text != strings.Join(strings.Fields(text), " "):
					place.Words = "the words in " + language + " have blanks that nobody sees"
					c.add(place)
				}
				if owner[in.Field] == nil {
					owner[in.Field] = map[string]string{}
				}
				said := language + " " + fold(text)
				if other, taken := owner[in.Field][said]; taken && !slices.Contains(twins, in.Field) {
					place.Rule, place.Words = RuleSameWords, "it is called the same as "+other+" in "+language
					if !c.imported(in.Field) {
						c.add(place)
					} else {
						place.Words = "called the same as another in " + language
						c.gather(place, k.Coding.Code)
					}
				}
				owner[in.Field][said] = k.Coding.Code
			}
		}
	}
}

// columns notices a language that a table has for some of its codes only.
func (c *checker) columns() {
	for _, t := range c.tables.of(setKinds...) {
		for _, language := range t.languages {
			missing := 0
			for _, r := range t.rows {
				if t.cell(r, language) == "" && single(t.cell(r, "code")) {
					missing++
				}
			}
			if missing > 0 {
				f := t.finding(RuleWords, row{}, "", numbered(missing, "code")+" without words in the column "+language)
				f.Broken = false
				c.add(f)
			}
		}
	}
}

// called checks the names that a country gives its own codes, where a source has brought them: a code that is called just
// like a shared code should lead to that one.
func (c *checker) called(*translation.Catalogue) {
	own := map[[2]string]map[string]string{}
	for _, k := range c.concepts {
		if len(k.In) == 0 && len(k.Words) > 0 {
			own[[2]string{k.Coding.System, k.Coding.Code}] = k.Words
		}
	}
	if len(own) == 0 {
		return // no country has brought its list
	}
	names := map[translation.Field]map[string][]translation.Coding{}
	for _, k := range c.concepts {
		for _, in := range k.In {
			if names[in.Field] == nil {
				names[in.Field] = map[string][]translation.Coding{}
			}
			for language, text := range k.Words {
				if said := language + " " + fold(text); !in.Retired {
					names[in.Field][said] = append(names[in.Field][said], k.Coding)
				}
			}
		}
	}
	for _, row := range c.rows {
		if !single(row.From.Code) || row.Per.Code != "" {
			continue
		}
		for language, text := range own[[2]string{row.From.System, row.From.Code}] {
			alike := names[row.Field][language+" "+fold(text)]
			if len(alike) == 0 || slices.ContainsFunc(alike, row.To.Same) {
				continue
			}
			f := Finding{Rule: RuleNational, Broken: row.Relation == translation.Equivalent, File: row.Map + ".csv", Code: row.From.Code,
				Words: "the country calls it in " + language + " just like the shared code " + alike[0].Code}
			if row.To.Code != "" {
				f.Words += ", but it leads to " + row.To.Code
			}
			c.add(f)
		}
	}
}
