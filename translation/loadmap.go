package translation

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// anyCode stands for every code of a system; its target is the same code in the target system.
const anyCode = "*"

// mapReader reads one concept map or unit map.
type mapReader struct {
	l     *loader
	m     *mapTable
	set   *setTable
	units bool
	table int
	seen  map[[4]string]bool
	home  map[codeKey]bool // targets that have their way home in this file
}

func (l *loader) readMap(name string) error {
	folder, field := path.Dir(name), fieldOf(name)
	country, toShared := strings.CutSuffix(folder, "-eu")
	set := l.t.sets[field]
	if !toShared || len(country) != len("ee") || set == nil {
		return fmt.Errorf("%s: a map stands in a folder such as ee-eu and is named like a value set", name)
	}
	r := &mapReader{
		l: l, m: l.t.mapOf(mapKey{strings.ToUpper(country), field}, folder+"/"+string(field)), set: set,
		units: l.manifest[name][1] == kindUnitMap, table: l.origins[name] + 1, seen: map[[4]string]bool{}, home: map[codeKey]bool{},
	}
	return l.each(name, []string{
		"system", "code", "relation", "target_system", "target", "factor", "per_system", "per", "back", "source",
		"since", "status", "remark",
	}, r.take)
}

func (t *tables) mapOf(key mapKey, name string) *mapTable {
	m, ok := t.maps[key]
	if !ok {
		m = &mapTable{
			name: name, rows: map[codeKey]*judgement{}, every: map[string]*judgement{}, cuts: map[codeKey]*judgement{},
			absent: map[codeKey]*judgement{},
		}
		t.maps[key] = m
	}
	return m
}

func (r *mapReader) take(cell []string) error {
	id := [4]string{cell[0], cell[1], cell[3], cell[4]}
	if r.seen[id] {
		return errors.New("the pair of codes stands there twice")
	}
	r.seen[id] = true
	made, err := r.row(cell)
	if err != nil {
		return err
	}
	if made.relation == None && made.Remark == "" {
		return errors.New("a row that says none says why in the remark")
	}
	if made.relation == None && made.home {
		return errors.New("a row that says none is no way home")
	}
	if r.l.t.waits(r.starts(made)) {
		return nil
	}
	switch {
	case made.from.code == "" && made.relation != None:
		return errors.New("a row without a national code says none, and why in the remark")
	case made.from.code == "":
		return r.absence(made)
	case made.relation == None && many(made.from.code):
		return r.nobody(made)
	case made.relation == None:
		return r.file(made)
	}
	if err := r.target(made); err != nil {
		return err
	}
	return r.file(made)
}

// many says that a row holds for more than one code.
func many(code string) bool { return code == anyCode || strings.HasPrefix(code, openCode) }

// nobody files a row for many codes that says none: it takes back what an earlier source says of them.
func (r *mapReader) nobody(made *judgement) error {
	if made.to.code != "" || made.per.code != "" {
		return errors.New("a row for many codes that says none leads to no code")
	}
	if made.from.code != anyCode {
		if _, err := cutShape(made.relation, made.shape()); err != nil {
			return err
		}
	}
	return r.file(made)
}

// absence files a row that says why nothing national stands for a target.
func (r *mapReader) absence(made *judgement) error {
	if r.set.member(made.to) {
		r.m.absent[made.to] = made
		return nil
	}
	if r.set.left(made.to, made.layer) {
		return nil // nobody asks for it any more
	}
	return fmt.Errorf("the target %q is not in the value set", made.to.code)
}

// row reads the cells without judging how they fit together.
func (r *mapReader) row(cell []string) (*judgement, error) {
	made := &judgement{
		layer: r.l.layer, relation: Relation(cell[2]), factor: cell[5], home: cell[8] == "yes",
		provenance: provenance{Source: cell[9], Since: cell[10], Status: cell[11], Remark: cell[12], Table: r.table},
	}
	if !slices.Contains([]Relation{Equivalent, Wider, Narrower, Inexact, None}, made.relation) {
		return nil, fmt.Errorf("unknown relation %q", cell[2])
	}
	if cell[8] != "yes" && cell[8] != "no" {
		return nil, fmt.Errorf("back is yes or no, not %q", cell[8])
	}
	for _, side := range []struct {
		into         *codeKey
		system, code string
	}{{&made.from, cell[0], cell[1]}, {&made.to, cell[3], cell[4]}, {&made.per, cell[6], cell[7]}} {
		if side.system == "" && side.code == "" {
			continue
		}
		uri, err := r.l.system(side.system)
		if err != nil {
			return nil, err
		}
		*side.into = codeKey{uri, side.code}
	}
	if err := errors.Join(CheckPeriod(made.Since, ""), CheckStatus(made.Status)); err != nil {
		return nil, err
	}
	if _, ok := parseRational(made.factor); made.factor != "" && !ok {
		return nil, fmt.Errorf("the factor %q is not a positive whole number or fraction", made.factor)
	}
	if r.units != (made.factor != "") && made.relation != None {
		return nil, errors.New("a unit map gives every row its factor, and no other map has one")
	}
	return made, nil
}

// target checks that the row leads into the value set of the field.
func (r *mapReader) target(made *judgement) error {
	if made.to.code == "" {
		return errors.New("a row leads to a code, or says none")
	}
	if (made.from.code == anyCode) != (made.to.code == anyCode) {
		return errors.New("a row for every code leads to the same code")
	}
	if strings.HasPrefix(made.from.code, openCode) || made.to.code == codeAbove {
		return made.cut()
	}
	if made.home && (!one(made.factor) || made.per.code != "") {
		return errors.New("the way home takes a unit that needs no conversion")
	}
	if made.from.code == anyCode {
		return nil // each target is checked when it is used
	}
	if made.per.code != "" {
		if err := r.inSet(made, made.per); err != nil || made.relation == None {
			return err
		}
	}
	return r.inSet(made, made.to)
}

// inSet checks a target. A row cannot know that a source after its own has taken the target out of the list: it becomes a
// gap that says so.
func (r *mapReader) inSet(made *judgement, target codeKey) error {
	if r.set.member(target) {
		return nil
	}
	if !r.set.left(target, made.layer) {
		return fmt.Errorf("the target %q is not in the value set", target.code)
	}
	made.relation, made.to, made.factor, made.per, made.home = None, codeKey{}, "", codeKey{}, false
	gone := "its target " + target.code + " is not in the imported list any more"
	made.Remark = string(Ended) + ": " + gone
	r.l.t.notes = append(r.l.t.notes, fmt.Sprintf("%s: %s %s", r.m.name, made.from.code, gone))
	return nil
}

// file puts a row where it is looked up. A row of a later source takes the place of an earlier one.
func (r *mapReader) file(made *judgement) error {
	if made.home {
		if r.home[made.to] {
			return errors.New("a second row for the same code in the same direction")
		}
		r.home[made.to] = true
	}
	if made.from.code == anyCode {
		if before := r.m.every[made.from.system]; before != nil && made.relation == None && made.to.system == "" {
			made.to.system = before.to.system // whose codes nothing national stands for now
		}
		return put(r.m.every, made.from.system, made)
	}
	if many(made.from.code) {
		return put(r.m.cuts, made.from, made)
	}
	return put(r.m.rows, made.from, made)
}

func put[K comparable](rows map[K]*judgement, k K, made *judgement) error {
	if before, twice := rows[k]; twice && before.layer == made.layer {
		return errors.New("a second row for the same code in the same direction")
	}
	rows[k] = made
	return nil
}

// homeward lists the rows of the way home by their target; that of the latest source where several say so. It also says
// which ways home a later source has changed.
func (m *mapTable) homeward() (home map[codeKey]*judgement, notes []string) {
	home = map[codeKey]*judgement{}
	for _, from := range sortedKeys(m.rows) {
		row := m.rows[from]
		before, taken := home[row.to]
		if !row.home || taken && before.layer > row.layer {
			continue
		}
		home[row.to] = row
	}
	for _, from := range sortedKeys(m.rows) {
		if row := m.rows[from]; row.home && home[row.to] != row {
			notes = append(notes, fmt.Sprintf("%s: on the way into the country %s is now %s, where an earlier source says %s", m.name, row.to.code,
				home[row.to].from.code, from.code))
		}
	}
	for target, row := range m.absent {
		if before, taken := home[target]; !taken || before.layer < row.layer {
			home[target] = row
		}
	}
	return home, notes
}
