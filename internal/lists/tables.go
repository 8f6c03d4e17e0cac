package lists

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sild/internal/lists/folder"
)

// writeLists turns the lists that were read into tables: codes of national lists, value sets of our fields, and words.
func (j *job) writeLists() error {
	all, err := bindings()
	if err != nil {
		return err
	}
	fields := map[string][]*list{}
	for _, l := range j.lists {
		if err := j.place(l, of(all, l), fields); err != nil {
			return err
		}
	}
	for _, field := range sortedKeys(fields) {
		if err := j.writeField(field, fields[field], bound(all, field)); err != nil {
			return err
		}
	}
	return nil
}

// place finds out where a list goes, and writes it at once where it goes alone.
func (j *job) place(l *list, bindings []binding, fields map[string][]*list) error {
	switch {
	case l.withhold != "":
		return j.writeWithheld(l)
	case len(l.entries) == 0:
		l.outcome.note("no code of it can be taken")
		return nil
	case l.table != "":
		return j.writeCodes(l, l.table)
	case j.Field != "":
		fields[j.Field] = append(fields[j.Field], l)
		return nil
	case len(bindings) == 0 && j.Country != "":
		return j.writeCodes(l, j.Country+"/"+slug(l.nameOrURL())+".csv")
	case len(bindings) == 0:
		j.leaveOut(l, "it binds no field of ours; --field names one, --country takes its words")
		return nil
	}
	for _, b := range bindings {
		switch b.use {
		case useNone:
			j.leaveOut(l, b.remark)
		case useWords:
			if err := j.writeCodes(l, "eu/codes-"+slug(b.valueSet)+".csv"); err != nil {
				return err
			}
		default:
			fields[b.field] = append(fields[b.field], l)
		}
	}
	return nil
}

// leaveOut counts all of a list as skipped.
func (j *job) leaveOut(l *list, why string) {
	l.outcome.skipMany(why, l.outcome.Kept+l.outcome.Retired)
	l.outcome.Kept, l.outcome.Retired = 0, 0
}

// writeField writes the value set of a field from the lists that bind it.
func (j *job) writeField(field string, from []*list, whole []string) error {
	kind, why := folder.WholeValueSet, ""
	if j.Field == "" {
		kind, why = j.completeness(field, from, whole)
	}
	if j.Extend {
		kind, why = folder.ValueSet, ""
	}
	entries := j.merged(field, from)
	langs := languages(entries)
	table := folder.Table{File: "eu/" + field + ".csv", Kind: kind,
		Header: slices.Concat([]string{"field", "system", "code"}, langs, []string{"since", "until", "status"})}
	for _, e := range sortEntries(entries) {
		row := []string{field, e.system, e.code}
		table.Rows = append(table.Rows, append(append(row, wordsOf(e, langs)...), e.since, e.until, j.status))
	}
	for _, l := range from {
		if why != "" {
			l.outcome.note("%s %s: %s", table.File, extent(table.Kind), why)
		}
	}
	return j.put(table, from)
}

// extent says what a table that is not the whole of its field does to what is there.
func extent(kind string) string {
	if kind == folder.OfSystems {
		return "is replaced for the code systems of the sources"
	}
	return "is extended and not replaced"
}

// completeness says whether lists are together the whole of a field, or of the code systems that they hold, or what is missing.
func (j *job) completeness(field string, from []*list, whole []string) (kind, why string) {
	all, err := bindings()
	if err != nil {
		return folder.ValueSet, err.Error()
	}
	if len(whole) == 0 {
		return folder.ValueSet, whyPart(all, field)
	}
	for _, name := range whole {
		if !slices.ContainsFunc(from, func(l *list) bool {
			return slices.ContainsFunc(of(all, l), func(b binding) bool { return b.valueSet == name && b.field == field })
		}) {
			if j.ofSystems(all, field, from) {
				return folder.OfSystems, name + " is not among the sources, and codes of other code systems stay"
			}
			return folder.ValueSet, name + " is not among the sources"
		}
	}
	return folder.WholeValueSet, ""
}

// ofSystems says that each of the lists is all that the field may hold of the code systems in it.
func (j *job) ofSystems(all []binding, field string, from []*list) bool {
	for _, l := range from {
		at := slices.IndexFunc(of(all, l), func(b binding) bool { return b.field == field })
		if at < 0 {
			return false
		}
		systems := of(all, l)[at].systems
		if slices.ContainsFunc(l.entries, func(e entry) bool { return !slices.Contains(systems, e.system) }) {
			return false
		}
	}
	return true
}

// whyPart says why no list is the whole of a field.
func whyPart(all []binding, field string) string {
	for _, b := range all {
		if b.field == field && b.use == usePart {
			return b.remark
		}
	}
	return "no list is known to be all of it"
}

// merged are the codes of several lists as one: a code that stands in two of them has the words of the first.
func (j *job) merged(field string, from []*list) []entry {
	var entries []entry
	index := map[codeKey]int{}
	for _, l := range from {
		for _, e := range l.entries {
			at, twice := index[e.key()]
			if !twice {
				index[e.key()] = len(entries)
				e.words = maps.Clone(e.words)
				entries = append(entries, e)
				continue
			}
			for lang, word := range e.words {
				if first, ok := entries[at].words[lang]; ok && first != word {
					l.outcome.note("%s calls %s otherwise for the field %s; those words are kept", entries[at].at, e.code, field)
				} else {
					entries[at].words[lang] = word
				}
			}
			if e.until == "" {
				entries[at].until = "" // in force in one of the lists
			}
		}
	}
	return entries
}

// writeCodes writes a list as the words of its codes.
func (j *job) writeCodes(l *list, file string) error {
	langs, children := languages(l.entries), 0
	for _, e := range l.entries {
		if e.parent != "" {
			children++
		}
	}
	if children > 0 {
		l.outcome.note("%d codes stand below another; the tables do not hold which", children)
	}
	table := folder.Table{File: file, Kind: l.kind(),
		Header: slices.Concat([]string{"system", "code"}, langs, []string{"since", "until", "status"})}
	for _, e := range sortEntries(l.entries) {
		row := []string{e.system, e.code}
		table.Rows = append(table.Rows, append(append(row, wordsOf(e, langs)...), e.since, e.until, j.status))
	}
	return j.put(table, []*list{l})
}

// kind says whether a list of codes is all of its code system. One of which codes were left out for want of words is not.
func (l *list) kind() string {
	switch {
	case !l.whole:
		return folder.Codes
	case l.outcome.Skipped[noWords] > 0:
		l.outcome.note("codes without words are left out, so it does not stand for the whole of its code system")
		return folder.Codes
	}
	return folder.WholeCodes
}

func wordsOf(e entry, langs []string) []string {
	cells := make([]string, len(langs))
	for i, lang := range langs {
		cells[i] = e.words[lang]
	}
	return cells
}

// put gives a table its row of the manifest and stages it.
func (j *job) put(t folder.Table, from []*list) error {
	var releases, licences, places []string
	for _, l := range from {
		release, err := j.said(j.Release, l.release, "release", l.id)
		if err != nil {
			return err
		}
		licence, err := j.said(j.Licence, l.licence, "licence", l.id)
		if err != nil {
			return err
		}
		t.Lists = append(t.Lists, l.id)
		releases, licences, places = addOnce(releases, release), addOnce(licences, licence), addOnce(places, place(l.from))
		l.outcome.Tables = addOnce(l.outcome.Tables, t.File)
	}
	t.From, t.Status = strings.Join(places, ", "), j.status
	if j.Origin != "" {
		t.From = j.Origin
	}
	t.Release, t.Licence = strings.Join(releases, "; "), strings.Join(licences, "; ")
	if err := j.judgeAge(t, from); err != nil {
		return err
	}
	loss, err := j.stage.Lacking(t)
	if err != nil {
		return err
	}
	if err := j.stage.Put(t, j.Replace); err != nil {
		return fmt.Errorf("%s: %w", t.Lists[0], err)
	}
	return j.judgeLoss(t, loss, from)
}

// place is the name of a file without its folder, or the whole address of a server.
func place(from string) string {
	if strings.Contains(from, "://") {
		return from
	}
	return path.Base(filepath.ToSlash(from))
}

func addOnce(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

var (
	humps  = regexp.MustCompile(`([a-z])([A-Z])`)
	unslug = regexp.MustCompile(`[^a-z0-9]+`)
)

// slug is a name as part of the name of a table: eHDSIBloodGroup is blood-group.
func slug(name string) string {
	name = strings.TrimPrefix(name, "eHDSI")
	return strings.Trim(unslug.ReplaceAllString(strings.ToLower(humps.ReplaceAllString(name, "$1-$2")), "-"), "-")
}
