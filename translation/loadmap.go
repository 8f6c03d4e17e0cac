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
	m     *conceptMap
	set   *valueSet
	units bool
	seen  map[[4]string]bool
}

func (l *loader) readMap(name string) error {
	folder, field := path.Dir(name), fieldOf(name)
	country, toShared := strings.CutSuffix(folder, "-eu")
	set := l.c.sets[field]
	if !toShared || len(country) != len("ee") || set == nil {
		return fmt.Errorf("%s: a map stands in a folder such as ee-eu and is named like a value set", name)
	}
	m := &conceptMap{
		name: folder + "/" + string(field), rows: map[codeKey]*row{}, anyCode: map[string]*row{},
		back: map[codeKey]*row{}, anyBack: map[string]*row{},
	}
	l.c.maps[mapKey{strings.ToUpper(country), field}] = m
	r := &mapReader{l: l, m: m, set: set, units: l.manifest[name][1] == kindUnitMap, seen: map[[4]string]bool{}}
	return l.each(name, []string{
		"system", "code", "relation", "target_system", "target", "factor", "per_system", "per", "back", "source",
		"since", "status", "remark",
	}, r.take)
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
	if made.draft {
		r.m.drafts++
	}
	if made.from.Code == "" { // says why nothing national stands for the target
		if made.relation != None || made.remark == "" {
			return errors.New("a row without a national code says none, and why in the remark")
		}
		return r.member(made.to)
	}
	if made.relation == None {
		return r.none(made)
	}
	if err := r.target(made); err != nil {
		return err
	}
	return r.file(made, cell[8])
}

// row reads the cells without judging how they fit together.
func (r *mapReader) row(cell []string) (*row, error) {
	made := &row{relation: Relation(cell[2]), remark: cell[12]}
	if !slices.Contains([]Relation{Equivalent, Wider, Narrower, Inexact, None}, made.relation) {
		return nil, fmt.Errorf("unknown relation %q", cell[2])
	}
	for _, side := range []struct {
		into         *Coding
		system, code string
	}{{&made.from, cell[0], cell[1]}, {&made.to, cell[3], cell[4]}, {&made.per, cell[6], cell[7]}} {
		if side.system == "" && side.code == "" {
			continue
		}
		uri, err := r.l.system(side.system)
		if err != nil {
			return nil, err
		}
		*side.into = Coding{System: uri, Code: side.code}
		if side.into != &made.from {
			*side.into = r.l.c.shown(codeKey{uri, side.code})
		}
	}
	var err error
	if made.draft, err = draft(cell[11]); err != nil {
		return nil, err
	}
	if err := period(cell[10], ""); err != nil {
		return nil, err
	}
	if cell[5] != "" {
		var ok bool
		if made.factor, ok = parseRational(cell[5]); !ok {
			return nil, fmt.Errorf("the factor %q is not a positive whole number or fraction", cell[5])
		}
	}
	if r.units != (cell[5] != "") && made.relation != None {
		return nil, errors.New("a unit map gives every row its factor, and no other map has one")
	}
	return made, nil
}

func (r *mapReader) none(made *row) error {
	if made.remark == "" {
		return errors.New("a row without a target says why in the remark")
	}
	return put(r.m.rows, codeKey{made.from.System, made.from.Code}, made)
}

// target checks that the row leads into the value set of the field.
func (r *mapReader) target(made *row) error {
	if (made.from.Code == anyCode) != (made.to.Code == anyCode) {
		return errors.New("a row for every code leads to the same code")
	}
	if made.per.Code != "" {
		if err := r.member(made.per); err != nil {
			return err
		}
	}
	if made.from.Code == anyCode {
		return nil // each target is checked when it is used
	}
	return r.member(made.to)
}

func (r *mapReader) member(coding Coding) error {
	if in, _ := r.set.member(codeKey{coding.System, coding.Code}); !in {
		return fmt.Errorf("the target %q is not in the value set", coding.Code)
	}
	return nil
}

// file puts a row where the two directions look it up.
func (r *mapReader) file(made *row, back string) error {
	from, to := codeKey{made.from.System, made.from.Code}, codeKey{made.to.System, made.to.Code}
	if back != "yes" && back != "no" {
		return fmt.Errorf("back is yes or no, not %q", back)
	}
	every, home := from.code == anyCode, back == "yes"
	switch {
	case home && (!made.factor.one() || made.per.Code != ""):
		return errors.New("the way home takes a unit that needs no conversion")
	case every && home:
		return errors.Join(put(r.m.anyCode, from.system, made), put(r.m.anyBack, to.system, made))
	case every:
		return put(r.m.anyCode, from.system, made)
	case home:
		return errors.Join(put(r.m.rows, from, made), put(r.m.back, to, made))
	}
	return put(r.m.rows, from, made)
}

func put[K comparable](rows map[K]*row, k K, made *row) error {
	if _, twice := rows[k]; twice {
		return errors.New("a second row for the same code in the same direction")
	}
	rows[k] = made
	return nil
}
