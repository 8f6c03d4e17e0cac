package curation

import (
	"strings"
	"unicode"

	"sild/translation"
)

// wordsIn begins the name of what holds the words of one language.
const wordsIn = "words in "

// OnlyLetters says that the change is of words that differ in nothing but letter case and punctuation.
func (c Change) OnlyLetters() bool { return !c.Meaning && strings.HasPrefix(c.Table, wordsIn) }

// rank puts a change where it matters: removed and changed members and targets, then names and national lists, then words, then what is new.
func rank(c Change) int {
	switch {
	case c.What == Added:
		return 3
	case strings.HasPrefix(c.Table, wordsIn):
		return 2
	case !strings.Contains(c.Table, "/"):
		return 1
	}
	return 0
}

// added is a new place of the tables. A row for a code that the earlier tables carried otherwise, by a row for many codes, changes
// what becomes of that code.
func added(is said, before, after *translation.Catalogue) Change {
	if row := is.row; row != nil && row.From.Code != "" && single(row.From.Code) {
		was, carried := carriedTo(before, *row)
		if now, _ := carriedTo(after, *row); carried && now != was {
			return Change{Changed, true, is.table, is.code, was + " by a row for many codes", is.meaning}
		}
	}
	return Change{Added, true, is.table, is.code, "", is.meaning}
}

// carriedTo is what a set makes of the national code of a row, in one line, and whether it carries it at all.
func carriedTo(c *translation.Catalogue, row translation.MapRow) (became string, carried bool) {
	s := translation.NewSlot(row.Field, string(row.Field), translation.Coding{System: row.From.System, Code: row.From.Code})
	if row.Field.IsUnit() {
		s.Number = "1"
	}
	c.ToPivot(strings.ToUpper(row.Country), s)
	if s.Fate != translation.Mapped && s.Fate != translation.Identical {
		return "nothing", false
	}
	parts := []string{string(s.Relation()), s.Current.Code}
	if row.Field.IsUnit() && s.Amount != "" && s.Amount != "1" {
		parts = append(parts, "× "+s.Amount)
	}
	if per := s.Per(); per != nil && per.Code != "" {
		parts = append(parts, "per "+per.Code)
	}
	return strings.Join(parts, " "), true
}

// wordless is what a row makes of a code, without what the target is called: words have a line of their own.
func wordless(row translation.MapRow) string {
	row.To.Display = ""
	return meaning(row)
}

// letters are words without letter case, blanks and such punctuation as changes nothing. What stands between digits, a sign before
// one, and signs such as %, / and + stay.
func letters(words string) string {
	runes := []rune(strings.ToLower(words))
	digit := func(at int) bool { return at >= 0 && at < len(runes) && unicode.IsDigit(runes[at]) }
	var kept []rune
	for at, r := range runes {
		idle := unicode.IsSpace(r) || strings.ContainsRune(",;:.()[]\"'“”„‘’«»-–—", r)
		switch {
		case idle && digit(at+1) && (digit(at-1) || strings.ContainsRune("-–", r)), !idle:
			kept = append(kept, r)
		case len(kept) > 0 && kept[len(kept)-1] != ' ':
			kept = append(kept, ' ')
		}
	}
	return strings.TrimRight(string(kept), " ")
}
