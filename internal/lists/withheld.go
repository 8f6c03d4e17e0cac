package lists

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"sild/internal/lists/folder"
	"sild/mappings"
)

// writeWithheld writes a list of ATC codes that a country does not send abroad as a rule of all its corridors. The rule is called
// after the country and the list, so that it takes the place of the program's own rule for the list.
func (j *job) writeWithheld(l *list) error {
	id := j.Country + "-" + strings.TrimSuffix(path.Base(l.table), ".csv")
	file := "corridors/" + strings.ToUpper(j.Country) + ".csv"
	var codes []string
	since := ""
	for _, e := range sortEntries(l.entries) {
		if e.until == "" {
			codes, since = append(codes, e.code), max(since, e.since)
		}
	}
	if len(codes) == 0 {
		return fmt.Errorf("%s: no code of the list is in force: nothing would be withheld any more", l.from)
	}
	release, err := j.said(j.Release, l.release, "release", l.id)
	if err != nil {
		return err
	}
	source := l.id + ", release " + release + " (" + j.status + ")"
	before, err := j.withheldBefore(file, id)
	if err != nil {
		return err
	}
	if err := j.judgeWithheld(l, file, release, codes, before); err != nil {
		return err
	}
	l.outcome.note("%s: a code withholds all codes that begin with it; the words of the list have no place there", file)
	l.outcome.note("%s: it takes effect where terminology.corridors names this directory, when the node starts anew", file)
	return j.put(folder.Table{File: file, Kind: folder.Corridor, Header: folder.RuleHeader, Rows: [][]string{
		{id, "release", "atc-prefix", strings.Join(codes, " "), "withhold", l.withhold, source, since}}}, []*list{l})
}

// rule is what a rule that is replaced withholds, and since when.
type rule struct {
	codes []string
	since string // day; empty where there is no rule
}

// judgeWithheld refuses a list that is older than the rule which it replaces, or that frees codes which that rule withholds, unless the
// operator wants it. Every code that it frees is named.
func (j *job) judgeWithheld(l *list, file, release string, codes []string, before rule) error {
	free := strings.Join(uncovered(before.codes, codes), " ")
	switch {
	case free != "" && !j.Older:
		return fmt.Errorf("%s: codes that are withheld since %s would not be any more, unless by a longer code of the list: %s: say --older if it is wanted",
			file, before.since, free)
	case before.since != "" && !j.Older && compareReleases(release, before.since) == olderRelease:
		return fmt.Errorf("%s: the release %s is older than the rule in force, which holds since %s: say --older if it is wanted", file, release, before.since)
	case free != "":
		l.outcome.note("%s: not withheld any more, unless by a longer code of the list: %s", file, free)
	}
	return nil
}

// withheldBefore is the rule that is replaced: the directory's own, else the program's.
func (j *job) withheldBefore(file, id string) (rule, error) {
	for _, files := range []fs.FS{os.DirFS(j.stage.Path(".")), mappings.Files()} {
		opened, err := files.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return rule{}, err
		}
		rows, err := csv.NewReader(opened).ReadAll()
		if err := errors.Join(err, opened.Close()); err != nil {
			return rule{}, fmt.Errorf("%s: %w", file, err)
		}
		at := slices.IndexFunc(rows, func(row []string) bool { return row[0] == id })
		if at >= 0 && len(rows[at]) == len(folder.RuleHeader) {
			return rule{codes: strings.Fields(rows[at][3]), since: rows[at][7]}, nil
		}
	}
	return rule{}, nil
}

// uncovered are the codes that begin with none of the new ones.
func uncovered(before, codes []string) []string {
	return slices.DeleteFunc(before, func(old string) bool {
		return slices.ContainsFunc(codes, func(code string) bool { return strings.HasPrefix(old, code) })
	})
}
