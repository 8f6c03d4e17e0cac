package lists

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// entry is one code as a source gives it.
type entry struct {
	system       string // short name
	code, parent string
	words        map[string]string // by language
	since, until string            // days; an end means retired
	at           string            // where in the source, for errors
}

// codeKey tells one code from another.
type codeKey struct{ system, code string }

func (e entry) key() codeKey { return codeKey{e.system, e.code} }

// list is one list of a source: codes with their words, and what the source says of itself.
type list struct {
	id, name, oid    string // canonical URL with its release, or what else names the list; name and OID where it has them
	release, licence string
	from             string // file
	table            string // the table of a national list; empty where the bindings decide
	whole            bool   // the source says that its code system has no other codes
	withhold         string // the sentence of a list of what is not sent abroad; empty for any other list
	again            again  // what a code means that stands there a second time with other words
	entries          []entry
	index            map[codeKey]int
	outcome          *Outcome
}

// nameOrURL is what a table may be called after.
func (l *list) nameOrURL() string {
	if l.name != "" {
		return l.name
	}
	url, _, _ := strings.Cut(l.id, "|")
	return url[strings.LastIndexByte(url, '/')+1:]
}

// again says what to do with a second row for a code that calls it otherwise.
type again bool

const (
	againIsWrong again = false // refuse the source
	firstCounts  again = true  // keep the first words and count the row
)

// noWords is why a code is left out that is on the list all the same.
const noWords = "no words for the code"

// add takes one code of the source, or says why the source cannot be right; the caller says where.
func (l *list) add(e entry) error {
	l.outcome.Rows++
	if l.index == nil {
		l.index = map[codeKey]int{}
	}
	if e.code == "" {
		return errors.New("the code is empty")
	}
	for lang, word := range e.words {
		if e.words[lang] = l.outcome.plain(word); e.words[lang] == "" {
			delete(e.words, lang)
		}
	}
	if at, twice := l.index[e.key()]; twice {
		return l.twice(l.entries[at], e)
	}
	if len(e.words) == 0 && l.withhold == "" { // a rule needs no words
		l.outcome.skip(noWords)
		return nil
	}
	if e.until != "" && e.until < e.since {
		l.outcome.note("%s: ends before it begins; taken as retired on the day it ended", e.at)
		e.since = e.until
	}
	l.index[e.key()] = len(l.entries)
	l.entries = append(l.entries, e)
	if e.until != "" {
		l.outcome.Retired++
	} else {
		l.outcome.Kept++
	}
	return nil
}

func (l *list) twice(first, e entry) error {
	switch {
	case maps.Equal(first.words, e.words) && first.until == e.until && first.parent == e.parent:
		l.outcome.skip("the same row again")
	case l.again == firstCounts && first.until == "" || l.again == firstCounts && e.until != "":
		l.outcome.skip("the code again with other words; the first ones are kept")
	case l.again == firstCounts:
		return fmt.Errorf("the code %q is retired at %s and in force here", e.code, first.at)
	default:
		return fmt.Errorf("the code %q stands at %s already, with other words or days", e.code, first.at)
	}
	return nil
}

// bounds fills in since when a row holds and judges an end by the day of the import: one that is still to come is not yet an
// end, and a row that does not hold yet is left out (skip says why).
func (j *job) bounds(l *list, since, until string) (from, end, skip string) {
	if since == "" {
		since = j.Since
	}
	if since > j.today && (until == "" || until > j.today) {
		return since, "", "not in force yet: import again then"
	}
	if until > j.today {
		l.outcome.note("rows end after today, the first on %s: import again then", until)
		until = ""
	}
	return since, until, ""
}

// languages are the languages of some entries, in order of their tags.
func languages(entries []entry) []string {
	seen := map[string]bool{}
	for _, e := range entries {
		for lang := range e.words {
			seen[lang] = true
		}
	}
	return sortedKeys(seen)
}

// sortEntries puts the codes in the order of the tables: by system, then by code, in byte order.
func sortEntries(entries []entry) []entry {
	sorted := slices.Clone(entries)
	slices.SortFunc(sorted, func(a, b entry) int {
		if a.system != b.system {
			return compare(a.system, b.system)
		}
		return compare(a.code, b.code)
	})
	return sorted
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
