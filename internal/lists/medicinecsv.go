package lists

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// medicineColumns are the columns of our CSV layout, one row for each active substance of a package; those of the package are
// repeated. The columns in optionalColumns may be left out.
var medicineColumns = []string{"code", "name", "form", "classification", "items", "items_unit", "content", "content_unit", "marketed",
	"since", "until", "substance", "substance_name", "numerator", "numerator_unit", "denominator", "denominator_unit", "part"}

var optionalColumns = []string{"content", "content_unit", "since", "until", "substance_name", "part"}

func (j *job) readMedicines(ctx context.Context) error {
	if len(j.Sources) != 1 {
		return errors.New("a medicine list is one file: import one at a time")
	}
	if j.Layout == "" && j.Country != "" {
		j.Layout = "medicines-" + j.Country
	}
	if j.Layout == "" {
		return errors.New("the format medicines needs --country, or --layout")
	}
	declared, err := layoutOf(j.Layout)
	if err != nil {
		return err
	}
	if declared.Medicines == nil || j.Country != "" && j.Country != declared.Country {
		return fmt.Errorf("%q is no layout of medicines of this country", j.Layout)
	}
	j.Country = declared.Country
	name := j.Sources[0]
	content, err := onDisk(name).read()
	if err != nil {
		return err
	}
	l := &medicineList{job: j, layout: declared, id: "medicines-" + declared.Country, from: name, byCode: map[string]*medicine{}}
	l.packages, l.ingredients = j.report(l.id+" (packages)"), j.report(l.id+" (ingredients)")
	read := l.readCSV
	if strings.HasSuffix(strings.ToLower(name), ".xml") {
		read = l.readXML
	}
	if err := read(ctx, content); err != nil {
		return err
	}
	return l.finish()
}

// medicineSheet is a CSV medicine list with the places of its columns.
type medicineSheet struct {
	*sheet
	place map[string]int
	rule  layoutRule
}

func (l *medicineList) readCSV(ctx context.Context, content []byte) error {
	opened, err := openSheet(l.from, content, l.layout.Encoding, l.layout.Separator, false)
	if err != nil {
		return err
	}
	s, err := l.locate(opened)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		more, err := s.next()
		if err != nil || !more {
			return err
		}
		if err := l.row(s); err != nil {
			return fmt.Errorf("%s: %w", s.at(), err)
		}
		if n%5000 == 0 {
			l.Progress(l.from, n)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

func (l *medicineList) locate(opened *sheet) (*medicineSheet, error) {
	s := &medicineSheet{sheet: opened, place: map[string]int{}, rule: layoutRule{Column: "marketed", Yes: []string{"yes"}, No: []string{"no"}}}
	names := map[string]string{}
	for _, ours := range medicineColumns {
		names[ours] = cmp.Or(l.layout.Medicines.Columns[ours], ours)
	}
	for ours := range l.layout.Medicines.Columns {
		if !slices.Contains(medicineColumns, ours) {
			return nil, fmt.Errorf("layout: a medicine list has no column %q", ours)
		}
	}
	if l.layout.Medicines.Marketed != nil {
		s.rule = *l.layout.Medicines.Marketed
		names["marketed"] = s.rule.Column
	}
	for _, ours := range medicineColumns {
		at, err := opened.column(names[ours])
		if ours == "marketed" && l.layout.Medicines.AllMarketed {
			continue
		}
		if err != nil && slices.Contains(optionalColumns, ours) && l.layout.Medicines.Columns[ours] == "" {
			at = -1
		} else if err != nil {
			return nil, err
		}
		s.place[ours] = at
	}
	return s, nil
}

func (s *medicineSheet) cell(column string) string {
	if at := s.place[column]; at >= 0 {
		return strings.TrimSpace(s.cells[at])
	}
	return ""
}

func (l *medicineList) row(s *medicineSheet) error {
	if s.empty() {
		l.packages.note("an empty row was passed over")
		return nil
	}
	if s.cell("part") != "" {
		l.packages.Rows++
		l.packages.skip("a combination pack: its parts have no place in the tables")
		return nil
	}
	m := &medicine{code: s.cell("code"), name: s.cell("name"), form: s.cell("form"), classification: s.cell("classification"),
		items: s.cell("items"), itemsUnit: s.cell("items_unit"), content: s.cell("content"), contentUnit: s.cell("content_unit"), at: s.at()}
	var err error
	dotted := l.layout.Dates == "d.m.y"
	if m.since, err = day(s.cell("since"), dotted); err != nil {
		return fmt.Errorf("column since: %w", err)
	}
	if m.until, err = day(s.cell("until"), dotted); err != nil {
		return fmt.Errorf("column until: %w", err)
	}
	if m.marketed = "yes"; !l.layout.Medicines.AllMarketed {
		if m.marketed, err = s.marketed(); err != nil {
			return err
		}
	}
	if err := m.check(l.layout.Medicines.DecimalComma); err != nil {
		return err
	}
	i := ingredient{substance: s.cell("substance"), name: s.cell("substance_name"), numerator: s.cell("numerator"),
		numeratorUnit: s.cell("numerator_unit"), denominator: s.cell("denominator"), denominatorUnit: s.cell("denominator_unit"), at: s.at()}
	if !i.empty() {
		if err := i.check(l.layout.Medicines.DecimalComma); err != nil {
			return err
		}
		m.ingredients = []ingredient{i}
	}
	return l.add(m)
}

func (s *medicineSheet) marketed() (string, error) {
	switch value := s.cell("marketed"); {
	case slices.Contains(s.rule.Yes, value):
		return "yes", nil
	case slices.Contains(s.rule.No, value):
		return "no", nil
	default:
		return "", fmt.Errorf("column %s: %q is none of %q", s.rule.Column, value, slices.Concat(s.rule.Yes, s.rule.No))
	}
}
