package lists

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"sild/translation"
)

// columns are the places of a layout in one list; -1 is a column that the layout does not name.
type columns struct {
	code, parent, since, until, inForce, only int
	target, per, perAmount                    int
	words                                     [][]int
}

// nationalReader reads one list by its layout.
type nationalReader struct {
	*job
	layout *layout
	sheet  *sheet
	system string
	column columns
	list   *list
	pairs  *conceptMap
}

func (j *job) readNational(ctx context.Context) error {
	declared, err := layoutOf(j.Layout)
	if err != nil {
		return err
	}
	if declared.Medicines != nil {
		return errors.New("this is a layout of medicines: say --format medicines")
	}
	if len(j.Sources) != 1 {
		return errors.New("a layout is of one list: import one file at a time")
	}
	if j.Country != "" && j.Country != declared.Country {
		return fmt.Errorf("the layout is of %s, not of %s", strings.ToUpper(declared.Country), strings.ToUpper(j.Country))
	}
	j.Country = declared.Country
	content, err := onDisk(j.Sources[0]).read()
	if err != nil {
		return err
	}
	return j.takeNational(ctx, declared, j.Sources[0], content)
}

func (j *job) takeNational(ctx context.Context, declared *layout, name string, content []byte) error {
	r := &nationalReader{job: j, layout: declared}
	var err error
	if r.sheet, err = openSheet(name, content, declared.Encoding, declared.Separator, declared.NoHeader); err != nil {
		return err
	}
	if r.system, err = j.stage.Systems.Use(declared.System.system()); err != nil {
		return fmt.Errorf("layout: %w", err)
	}
	if err := r.locate(); err != nil {
		return err
	}
	id := strings.TrimSuffix(filepath.Base(j.Layout), ".json")
	r.list = &list{id: id, from: name, table: declared.Country + "/" + declared.List + ".csv", whole: declared.Whole,
		again: declared.Again == "first", outcome: j.report(id)}
	if declared.Withhold != nil {
		r.list.withhold = declared.Withhold.Sentence
	}
	j.lists = append(j.lists, r.list)
	if err := r.openMap(id, name); err != nil {
		return err
	}
	if err := r.rows(ctx); err != nil {
		return err
	}
	if r.pairs != nil {
		j.addMap(r.pairs)
	}
	return nil
}

// openMap prepares the map that the list carries besides its words.
func (r *nationalReader) openMap(id, name string) error {
	if r.layout.Map == nil {
		return nil
	}
	if !slices.ContainsFunc(r.stage.Systems.Shorts(), func(short string) bool { return short == r.layout.Map.TargetSystem }) {
		return fmt.Errorf("layout: no code system is called %q", r.layout.Map.TargetSystem)
	}
	r.pairs = &conceptMap{id: id, from: name, fields: r.layout.Map.Fields, since: min(r.Since, r.today), outcome: r.report(id + " (map)")}
	return nil
}

// locate finds the columns of the layout.
func (r *nationalReader) locate() error {
	var errs error
	find := func(declared string) int {
		if declared == "" {
			return -1
		}
		at, err := r.sheet.column(declared)
		errs = errors.Join(errs, err)
		return at
	}
	l := r.layout
	r.column = columns{code: find(l.Code), parent: find(l.Parent), since: find(l.Since), until: find(l.Until), inForce: -1, only: -1,
		target: -1, per: -1, perAmount: -1}
	if l.InForce != nil {
		r.column.inForce = find(l.InForce.Column)
	}
	if l.Only != nil {
		r.column.only = find(l.Only.Column)
	}
	if l.Map != nil {
		r.column.target, r.column.per, r.column.perAmount = find(l.Map.Target), find(l.Map.Per), find(l.Map.PerAmount)
	}
	for _, w := range l.Words {
		places := []int{}
		for _, name := range w.Columns {
			places = append(places, find(name))
		}
		r.column.words = append(r.column.words, places)
	}
	return errs
}

func (r *nationalReader) rows(ctx context.Context) error {
	for n := 1; ; n++ {
		more, err := r.sheet.next()
		if err != nil || !more {
			return err
		}
		if err := r.row(); err != nil {
			return err
		}
		if n%5000 == 0 {
			r.Progress(r.sheet.name, n)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

func (r *nationalReader) row() error {
	if r.sheet.empty() {
		r.leave("an empty row")
		return nil
	}
	if wanted, err := r.judge(r.layout.Only, r.column.only); err != nil || !wanted {
		if err == nil {
			r.leave("the layout leaves such rows out")
		}
		return err
	}
	e, skip, err := r.entry()
	if err != nil {
		return err
	}
	if skip != "" {
		r.leave(skip)
		return nil
	}
	if err := r.pair(e); err != nil {
		return err
	}
	if err := r.list.add(e); err != nil {
		return fmt.Errorf("%s: %w", e.at, err)
	}
	return nil
}

func (r *nationalReader) leave(why string) {
	r.list.outcome.Rows++
	r.list.outcome.skip(why)
}

// cell is what a column holds; nothing where the layout does not name it.
func (r *nationalReader) cell(column int) string {
	if column < 0 {
		return ""
	}
	return r.sheet.cells[column]
}

// judge asks a rule about the row; without a rule every row passes.
func (r *nationalReader) judge(rule *layoutRule, column int) (bool, error) {
	if rule == nil {
		return true, nil
	}
	value := strings.TrimSpace(r.cell(column))
	switch {
	case slices.Contains(rule.Yes, value):
		return true, nil
	case slices.Contains(rule.No, value):
		return false, nil
	}
	return false, r.sheet.wrong(column, fmt.Errorf("%q is none of %q", value, slices.Concat(rule.Yes, rule.No)))
}

// entry reads the code of a row, its words and when it holds.
func (r *nationalReader) entry() (e entry, skip string, err error) {
	e = entry{system: r.system, words: map[string]string{}, at: r.sheet.at()}
	if e.code, err = codeOf(r.cell(r.column.code)); err == nil && e.code == "" {
		err = errors.New("the code is empty")
	}
	if err != nil {
		return e, "", r.sheet.wrong(r.column.code, err)
	}
	if e.parent, err = codeOf(r.cell(r.column.parent)); err != nil {
		return e, "", r.sheet.wrong(r.column.parent, err)
	}
	if e.since, e.until, err = r.days(); err != nil {
		return e, "", err
	}
	inForce, err := r.judge(r.layout.InForce, r.column.inForce)
	if err != nil {
		return e, "", err
	}
	if !inForce && e.until == "" {
		e.until = r.today
	}
	if e.since, e.until, skip = r.bounds(r.list, e.since, e.until); skip != "" {
		return e, skip, nil
	}
	return e, "", r.words(&e)
}

func (r *nationalReader) days() (since, until string, err error) {
	dotted := r.layout.Dates == "d.m.y"
	if since, err = day(r.cell(r.column.since), dotted); err != nil {
		return "", "", r.sheet.wrong(r.column.since, err)
	}
	if until, err = day(r.cell(r.column.until), dotted); err != nil {
		return "", "", r.sheet.wrong(r.column.until, err)
	}
	return since, until, nil
}

func (r *nationalReader) words(e *entry) error {
	for n, w := range r.layout.Words {
		if w.OnlyInForce && e.until != "" {
			continue
		}
		for _, column := range r.column.words[n] {
			word, err := words(r.cell(column))
			if err != nil {
				return r.sheet.wrong(column, err)
			}
			if word != "" {
				e.words[w.Language] = word
				break
			}
		}
	}
	return nil
}

// pair reads what the list says of the shared code that stands for the row's own.
func (r *nationalReader) pair(e entry) error {
	m := r.layout.Map
	if m == nil {
		return nil
	}
	p := pair{source: r.system, code: e.code, relation: none, at: e.at}
	target, err := codeOf(r.cell(r.column.target))
	if err != nil {
		return r.sheet.wrong(r.column.target, err)
	}
	if target == "" || e.until != "" {
		p.remark = "the list names no shared code"
		if e.until != "" {
			p.remark = string(translation.Ended) + ": the list has retired the code"
		}
		r.pairs.add(p)
		return nil
	}
	p.relation, p.target, p.targetCode = relation(m.Relation), m.TargetSystem, target
	if translation.Field(m.Fields[0]).IsUnit() {
		p.factor = "1"
	}
	if p.per, err = codeOf(r.cell(r.column.per)); err != nil {
		return r.sheet.wrong(r.column.per, err)
	}
	amount := strings.TrimSpace(r.cell(r.column.perAmount))
	switch {
	case amount != "" && !wholeNumber(amount), (p.per == "" || p.per == "1") && amount != "" && amount != "1":
		return r.sheet.wrong(r.column.perAmount, fmt.Errorf("%q is no amount of the denominator %q", amount, p.per))
	case p.per == "1":
		p.per = ""
	case amount != "" && amount != "1":
		p.factor = "1/" + amount
	}
	r.pairs.add(p)
	return nil
}

func wholeNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == "" && strings.Trim(text, "0") != "" && len(text) <= 9
}
