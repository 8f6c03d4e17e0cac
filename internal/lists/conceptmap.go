package lists

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sild/internal/lists/folder"
	"sild/translation"
)

// relation is how the shared code lies to the national one, in the words of the tables: wider says less, narrower says more.
type relation string

const (
	equivalent relation = "equivalent"
	wider      relation = "wider"
	narrower   relation = "narrower"
	inexact    relation = "inexact"
	none       relation = "none"
)

// turned is the relation seen from the other side.
func (r relation) turned() relation {
	switch r {
	case wider:
		return narrower
	case narrower:
		return wider
	}
	return r
}

// pair is one row of a map as the source gives it.
type pair struct {
	source, code       string // short name of the code system, code
	target, targetCode string
	relation           relation
	factor, per        string // of a unit
	perSystem          string // of the denominator; that of the target where it is empty
	remark, at         string
	list, since        string // the map that says so, and since when
	draft              bool   // that map is not in force
}

// conceptMap is one map of a source. A reversed one leads from the shared codes to the national ones.
type conceptMap struct {
	id, from         string
	fields           []string
	reversed         bool
	release, licence string
	since            string
	draft            bool // not in force by its own words
	pairs            []pair
	absent           []pair // shared codes that nothing national stands for
	outcome          *Outcome
}

func (m *conceptMap) add(p pair) {
	m.outcome.Rows++
	p.list, p.since, p.draft, p.remark = m.id, m.since, m.draft, m.outcome.plain(p.remark)
	m.pairs = append(m.pairs, p)
}

// national turns a pair so that it leads from the national code to the shared one.
func (m *conceptMap) national(p pair) pair {
	if !m.reversed {
		return p
	}
	p.source, p.code, p.target, p.targetCode = p.target, p.targetCode, p.source, p.code
	p.relation = p.relation.turned()
	return p
}

// addMap judges the pairs of a map and keeps it for writing.
func (j *job) addMap(m *conceptMap) {
	var order []codeKey
	byCode := map[codeKey][]pair{}
	for _, p := range m.pairs {
		p = m.national(p)
		if p.code == "" {
			m.leave(p)
			continue
		}
		key := codeKey{p.source, p.code}
		if byCode[key] == nil {
			order = append(order, key)
		}
		byCode[key] = append(byCode[key], p)
	}
	m.pairs = nil
	for _, key := range order {
		chosen, left := choose(byCode[key])
		m.pairs = append(m.pairs, chosen)
		m.outcome.Kept++
		for why, rows := range left {
			m.outcome.skipMany(why, rows)
		}
	}
	j.maps = append(j.maps, m)
}

// leave keeps a shared code that the map leaves without a national one.
func (m *conceptMap) leave(p pair) {
	if slices.ContainsFunc(m.absent, func(one pair) bool { return one.target == p.target && one.targetCode == p.targetCode }) {
		m.outcome.skip("the same pair again")
		return
	}
	m.absent = append(m.absent, p)
	m.outcome.Kept++
}

// choose finds the one row that a national code may have. One equivalent target goes before all others; several targets
// without one that is equivalent mean that nobody decided, and the code has none.
func choose(pairs []pair) (chosen pair, left map[string]int) {
	distinct := []pair{}
	left = map[string]int{}
	for _, p := range pairs {
		if slices.ContainsFunc(distinct, func(d pair) bool {
			return d.target == p.target && d.targetCode == p.targetCode && d.relation == p.relation
		}) {
			left["the same pair again"]++
			continue
		}
		distinct = append(distinct, p)
	}
	if len(distinct) == 1 {
		return distinct[0], left
	}
	equal := slices.DeleteFunc(slices.Clone(distinct), func(p pair) bool { return p.relation != equivalent })
	if len(equal) == 1 {
		left["another target of a code that has an equivalent one"] += len(distinct) - 1
		return equal[0], left
	}
	named := []string{}
	for _, p := range distinct {
		if p.targetCode != "" {
			named = append(named, p.targetCode+" "+string(p.relation))
		}
	}
	left["several targets of a code, none decided"] += len(distinct) - 1
	p := distinct[0]
	return pair{source: p.source, code: p.code, relation: none, at: p.at, list: p.list, since: p.since, draft: p.draft,
		remark: string(translation.InDoubt) + ": the map names several targets: " + strings.Join(named, ", ")}, left
}

// writeMaps writes the maps of each field: those into the shared codes, and where the way home is given by maps out of them,
// with that way home.
func (j *job) writeMaps() error {
	byField := map[string][]*conceptMap{}
	for _, m := range j.maps {
		for _, field := range m.fields {
			byField[field] = append(byField[field], m)
		}
	}
	for _, field := range sortedKeys(byField) {
		if err := j.writeMap(field, byField[field]); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) writeMap(field string, from []*conceptMap) error {
	pairs, said, err := joined(from)
	if err != nil {
		return fmt.Errorf("%s-eu/%s.csv: %w", j.Country, field, err)
	}
	t := folder.Table{File: j.Country + "-eu/" + field + ".csv", Kind: folder.ConceptMap, Header: folder.MapHeader}
	if translation.Field(field).IsUnit() {
		t.Kind = folder.UnitMap
		for i := range pairs {
			pairs[i] = amount(pairs[i])
		}
	}
	absent, err := j.bind(field, from, pairs, said)
	if err != nil {
		return err
	}
	home, undecided := waysHome(pairs, said)
	for _, p := range pairs {
		t.Rows = append(t.Rows, p.row(home, j.status))
	}
	for _, p := range absent {
		t.Rows = append(t.Rows, p.row(home, j.status))
	}
	slices.SortFunc(t.Rows, func(a, b []string) int {
		return cmp.Or(compare(a[0], b[0]), compare(a[1], b[1]), compare(a[3], b[3]), compare(a[4], b[4]))
	})
	if undecided > 0 {
		from[0].outcome.note("%s: %d shared codes have several national ones and no way home: set back in one row of each", t.File, undecided)
	}
	return j.putMap(t, from)
}

// row is the pair as a row of the table.
func (p pair) row(home map[codeKey]codeKey, status string) []string {
	back, perSystem := "no", ""
	if p.draft {
		status = "draft"
	}
	if p.exact() && home[codeKey{p.target, p.targetCode}] == (codeKey{p.source, p.code}) {
		back = "yes"
	}
	if p.per != "" {
		perSystem = cmp.Or(p.perSystem, p.target)
	}
	if class, _ := translation.ReasonOf(p.remark); p.relation == none && class == "" {
		p.remark = string(translation.AsTheSource) + ": " + p.remark
	}
	return []string{p.source, p.code, string(p.relation), p.target, p.targetCode, p.factor, perSystem, p.per, back, p.list, p.since,
		status, p.remark}
}

// exact says whether the way home may use the pair: the codes mean the same, and an amount needs no conversion.
func (p pair) exact() bool {
	return p.relation == equivalent && (p.factor == "" || p.factor == "1") && p.per == ""
}

// joined are the pairs of the maps into the shared codes, completed by those of the maps out of them, and the way home that
// the latter say. The former decide what a national code means; that two maps call it equivalent to different codes is an
// error.
func joined(from []*conceptMap) (pairs, said []pair, err error) {
	index := map[codeKey]pair{}
	for _, reversed := range []bool{false, true} {
		for _, m := range from {
			if m.reversed != reversed {
				continue
			}
			for _, p := range m.pairs {
				before, there := index[codeKey{p.source, p.code}]
				same := there && before.target == p.target && before.targetCode == p.targetCode
				switch {
				case !there:
					index[codeKey{p.source, p.code}] = p
					pairs = append(pairs, p)
				case !same && before.relation == equivalent && p.relation == equivalent:
					return nil, nil, fmt.Errorf("%s and %s contradict each other about %q", before.at, p.at, p.code)
				case !same:
					m.outcome.note("what it says of %q is not taken: %s says otherwise", p.code, before.list)
				}
				if reversed && p.exact() && (same || !there) {
					said = append(said, p)
				}
			}
		}
	}
	return pairs, said, nil
}

// waysHome finds for each shared code the national code that is used on the way into the country: the one that a map out of
// the shared codes says, else the only one that is equivalent. It counts the shared codes for which that leaves several.
func waysHome(pairs, said []pair) (home map[codeKey]codeKey, undecided int) {
	home = map[codeKey]codeKey{}
	several := map[codeKey]bool{}
	for _, stated := range [][]pair{said, pairs} {
		found := map[codeKey]codeKey{}
		for _, p := range stated {
			shared := codeKey{p.target, p.targetCode}
			if _, decided := home[shared]; decided || !p.exact() || several[shared] {
				continue
			}
			if _, twice := found[shared]; twice {
				several[shared] = true
				delete(found, shared)
				continue
			}
			found[shared] = codeKey{p.source, p.code}
		}
		maps.Copy(home, found)
	}
	return home, len(several)
}

// amount is a pair of units as a unit map needs it: only one that is equivalent says how amounts convert.
func amount(p pair) pair {
	switch {
	case p.relation == none || p.factor != "":
		return p
	case p.relation == equivalent:
		p.factor = "1"
		return p
	}
	why := fmt.Sprintf("the map says %s (%s) and not how amounts convert", p.relation, p.targetCode)
	return pair{source: p.source, code: p.code, relation: none, remark: strings.TrimSuffix(why+"; "+p.remark, "; "), at: p.at,
		list: p.list, since: p.since, draft: p.draft}
}

func (j *job) putMap(t folder.Table, from []*conceptMap) error {
	lists := []*list{}
	for _, m := range from {
		lists = append(lists, &list{id: m.id, release: m.release, licence: m.licence, from: m.from, outcome: m.outcome})
	}
	return j.put(t, lists)
}
