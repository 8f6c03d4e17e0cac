package curation

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// saidIn is a code in a language, whatever field it stands in: it is called the same everywhere.
type saidIn struct {
	uri, code, language string
}

// saidBy are words for a code, and the source that has them.
type saidBy struct {
	words string
	layer int
}

// renamed compares the words of each source with those that earlier sources have for the same code. Who calls a code otherwise must
// answer for it, since a reader sees nothing but the words: other words break the rule in a draft row.
func (c *checker) renamed() {
	uris := map[string]string{}
	for _, t := range c.tables.systems {
		for _, r := range t.rows {
			if short := t.cell(r, "short"); uris[short] == "" {
				uris[short] = t.cell(r, "uri")
			}
		}
	}
	known := map[saidIn][]saidBy{}
	tables := c.tables.of(slices.Concat(setKinds, []string{kindCodeSystem, kindWholeCodes})...)
	for _, t := range tables {
		other := map[string][]string{}
		for _, r := range t.rows {
			for _, language := range t.languages {
				words, at := t.cell(r, language), saidIn{uris[t.cell(r, "system")], t.cell(r, "code"), language}
				if words == "" || !single(at.code) {
					continue
				}
				if before := earlier(known[at], t.layer); len(before) > 0 && !slices.ContainsFunc(before, func(b string) bool { return alike(b) == alike(words) }) {
					if t.official() {
						other[language] = append(other[language], at.code)
					} else {
						c.renames(t, r, language, words, before)
					}
				}
				known[at] = append(known[at], saidBy{words, t.layer})
			}
		}
		for language, codes := range other {
			f := t.finding(RuleWords, row{}, "", fmt.Sprintf("the list calls %s in %s otherwise than an earlier source (%s)", numbered(len(codes), "code"), language, firstOf(codes)))
			f.Broken = false
			c.add(f)
		}
	}
}

// official says that a table is a list as a whole, which has words of its own for everything: they are told of in one remark.
func (t *table) official() bool {
	return t.kind == kindWholeSet || t.kind == kindOfSystems || t.kind == kindWholeCodes
}

func earlier(said []saidBy, layer int) []string {
	var words []string
	for _, s := range said {
		if s.layer < layer {
			words = append(words, s.words)
		}
	}
	return words
}

// renames tells of other words for one code.
func (c *checker) renames(t *table, r row, language, words string, before []string) {
	f := t.finding(RuleWords, r, t.cell(r, "code"), "it is called "+quoted(words)+" in "+language+", and an earlier source calls it "+
		quoted(before[len(before)-1]))
	if status := t.cell(r, "status"); status == draft {
		f.Words += ", and nobody has accepted the other words"
	} else {
		f.Broken = false
		f.Words += "; " + status
	}
	c.add(f)
}

// alike are words without case, accents and punctuation.
func alike(words string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(words))
}
