package translation

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// openCode begins a code cell that admits every code of the system with the shape that follows, a regular expression.
const openCode = "~"

// setReader reads one value set (field, system, code, one column per language, since, until, status), or the names of a
// code system, which has no field. A row with an end is retired: it keeps its name for documents that still bear the
// code, but it is no member any more.
type setReader struct {
	l         *loader
	set       *setTable // nil for names alone
	field     string
	table     int
	official  bool // the list as a whole, of the field or of the code systems that it names
	languages []string
	seen      map[codeKey]bool
	newest    string          // the latest day since which a row holds
	systems   map[string]bool // of rows that hold
}

func (l *loader) readSet(name string) error {
	r := &setReader{l: l, seen: map[codeKey]bool{}, systems: map[string]bool{}, table: l.origins[name] + 1}
	kind := l.manifest[name][1]
	r.official = kind == kindWholeSet || kind == kindOfSystems || kind == kindWholeCodes
	if kind != kindCodeSystem && kind != kindWholeCodes {
		r.field = string(fieldOf(name))
		r.set = l.t.set(Field(r.field))
	}
	if err := l.each(name, nil, r.take); err != nil {
		return err
	}
	if r.official && len(r.seen) == 0 {
		return fmt.Errorf("%s: a whole list without a row", name)
	}
	switch named := slices.Sorted(maps.Keys(r.systems)); {
	case len(named) == 0: // nothing of it holds yet, so it stands for nothing
	case kind == kindWholeCodes:
		l.t.wholeList(named, l.layer, l.origins[name])
	case kind == kindOfSystems:
		r.set.retireOthers(r.ending(name), named)
	case kind == kindWholeSet:
		r.set.retireOthers(r.ending(name), []string{""})
	}
	return nil
}

// ending is what is said of a code that is not on the list of the file.
func (r *setReader) ending(name string) *setRow {
	return &setRow{layer: r.l.layer, provenance: provenance{
		Until: r.newest, Remark: "not in release " + r.l.manifest[name][3] + " of the list",
	}}
}

func (t *tables) set(field Field) *setTable {
	set, ok := t.sets[field]
	if !ok {
		set = &setTable{rows: map[codeKey]*setRow{}, shapes: map[string]*shapeRow{}, later: map[codeKey]string{}, whole: map[string]int{}}
		t.sets[field] = set
	}
	return set
}

// retireOthers ends what earlier sources have of some code systems beside an official list, "" for every system: a receiver
// abroad would refuse it.
func (s *setTable) retireOthers(end *setRow, systems []string) {
	for _, system := range systems {
		s.whole[system] = end.layer + 1
	}
	ends := func(system string, layer int) bool {
		return layer < end.layer && max(s.whole[""], s.whole[system]) == end.layer+1
	}
	for k, row := range s.rows {
		if ends(k.system, row.layer) && !row.ended {
			row.Until, row.Remark, row.ended = end.Until, end.Remark, true
		}
	}
	for system, shape := range s.shapes {
		if ends(system, shape.layer) {
			delete(s.shapes, system)
		}
	}
}

func (r *setReader) take(cell []string) error {
	if r.languages == nil {
		return r.header(cell)
	}
	if r.set == nil {
		cell = append([]string{""}, cell...)
	}
	system, err := r.l.system(cell[1])
	if err != nil {
		return err
	}
	last := len(cell) - 3
	row := &setRow{layer: r.l.layer, provenance: provenance{Since: cell[last], Until: cell[last+1], Status: cell[last+2], Table: r.table}}
	if err := errors.Join(CheckPeriod(row.Since, row.Until), CheckStatus(row.Status)); err != nil {
		return err
	}
	code := cell[2]
	if cell[0] != r.field {
		return fmt.Errorf("the field is %q in a file for %q", cell[0], r.field)
	}
	if shape, open := strings.CutPrefix(code, openCode); open && r.set != nil {
		return r.open(system, shape, row.provenance)
	}
	k := codeKey{system, code}
	switch {
	case code == "" || code == anyCode:
		return errors.New("a member needs its code")
	case r.seen[k]:
		return errors.New("the code stands there twice")
	}
	r.seen[k] = true
	if r.l.t.waits(row.Since) {
		if r.set != nil {
			r.set.later[k] = row.Since
		}
		return nil
	}
	r.newest, r.systems[system], row.ended = max(r.newest, row.Since), true, r.l.t.ended(row.Until)
	if r.set != nil {
		r.set.rows[k] = row
	} else {
		r.l.t.list(k, row)
	}
	return r.name(k, cell[3:last], row)
}

func (r *setReader) header(cell []string) error {
	first, last := []string{"field", "system", "code"}, len(cell)-3
	if r.set == nil {
		first = first[1:]
	}
	if last <= len(first) || !slices.Equal(cell[:len(first)], first) ||
		!slices.Equal(cell[last:], []string{"since", "until", "status"}) {
		return fmt.Errorf("the header is not %s, languages, since, until, status", strings.Join(first, ", "))
	}
	r.languages = slices.Clone(cell[len(first):last])
	return nil
}

func (r *setReader) open(system, shape string, from provenance) error {
	if from.Until != "" {
		return errors.New("a shape has no end: take the row out")
	}
	if before, twice := r.set.shapes[system]; twice && before.layer == r.l.layer {
		return errors.New("a second shape for the code system")
	}
	compiled, err := WholeShape(shape)
	if err != nil {
		return fmt.Errorf("the shape is no regular expression: %w", err)
	}
	if r.l.t.waits(from.Since) {
		return nil
	}
	r.set.shapes[system] = &shapeRow{provenance: from, layer: r.l.layer, shape: shape, matches: compiled}
	return nil
}

// name files what a code is called. Words of a later source go over those of an earlier one, language by language; those of a
// draft do not go over words that somebody has accepted.
func (r *setReader) name(k codeKey, texts []string, from *setRow) error {
	named := 0
	for i, text := range texts {
		if text == "" {
			continue
		}
		named++
		if err := r.call(k, designation{r.languages[i], text, r.l.layer, from.draft(), from.Since}); err != nil {
			return err
		}
	}
	if named == 0 {
		return errors.New("the code has no designation")
	}
	return nil
}

func (r *setReader) call(k codeKey, words designation) error {
	texts := r.l.t.names[k]
	i := slices.IndexFunc(texts, func(d designation) bool { return d.language == words.language })
	switch {
	case i < 0:
		r.l.t.names[k] = append(texts, words)
	case texts[i].layer < words.layer && words.draft && !texts[i].draft:
		if texts[i].text != words.text {
			r.l.t.notes = append(r.l.t.notes, fmt.Sprintf("%s of %s is called %q in %s, which was accepted, and %q in a later draft: the accepted words stay",
				k.code, k.system, texts[i].text, words.language, words.text))
		}
	case texts[i].layer < words.layer, texts[i].text == words.text && !words.draft:
		texts[i] = words
	case texts[i].text != words.text && words.layer == 0:
		return errors.New("another field calls the same code differently")
	case texts[i].text != words.text:
		r.l.t.notes = append(r.l.t.notes, fmt.Sprintf("%s of %s is called %q and %q in one source: the first stays",
			k.code, k.system, texts[i].text, words.text))
	}
	return nil
}

// WholeShape compiles a shape that a whole code has. It must be an expression by itself: one that closes a bracket of
// ours would admit more than it says.
func WholeShape(shape string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(shape); err != nil {
		return nil, err
	}
	return regexp.Compile("^(?:" + shape + ")$")
}
