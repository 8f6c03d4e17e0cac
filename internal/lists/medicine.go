package lists

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sild/internal/lists/folder"
)

// medicine is one package of a national medicine list.
type medicine struct {
	code, name, form, classification string
	items, itemsUnit                 string // pieces in the package
	content, contentUnit             string // of one piece that is a container
	marketed                         string // yes or no
	since, until                     string
	ingredients                      []ingredient
	at                               string
}

// ingredient is one active substance with its strength.
type ingredient struct {
	substance, name              string
	numerator, numeratorUnit     string
	denominator, denominatorUnit string
	at                           string
}

// layoutMedicine declares which code systems the columns of a medicine list are in (short names), and, for a CSV list, what its
// columns are called where they have other names than ours.
type layoutMedicine struct {
	Package        string            `json:"package"`
	Form           string            `json:"form"`
	Classification string            `json:"classification"`
	ItemsUnit      string            `json:"items-unit"`
	ContentUnit    string            `json:"content-unit"`
	Substance      string            `json:"substance"`
	StrengthUnit   string            `json:"strength-unit"`
	Columns        map[string]string `json:"columns"`
	DecimalComma   bool              `json:"decimal-comma"`
	Marketed       *layoutRule       `json:"marketed"`
	AllMarketed    bool              `json:"all-marketed"` // the list names no package that is not
}

// check says what is wrong with a medicine as the source gives it, and writes its numbers with a point.
func (m *medicine) check(comma bool) error {
	for _, cell := range []struct {
		name string
		text *string
	}{{"code", &m.code}, {"form", &m.form}, {"classification", &m.classification}, {"items_unit", &m.itemsUnit}, {"content_unit", &m.contentUnit}} {
		code, err := codeOf(*cell.text)
		if err != nil {
			return fmt.Errorf("column %s: %w", cell.name, err)
		}
		*cell.text = code
	}
	name, err := words(m.name)
	switch {
	case err != nil:
		return fmt.Errorf("column name: %w", err)
	case m.code == "":
		return errors.New("column code: the cell is empty")
	case name == "":
		return errors.New("column name: the cell is empty")
	}
	m.name = name
	return errors.Join(quantity("items", &m.items, m.itemsUnit, comma), quantity("content", &m.content, m.contentUnit, comma))
}

func (i *ingredient) check(comma bool) error {
	for _, cell := range []struct {
		name string
		text *string
	}{{"substance", &i.substance}, {"numerator_unit", &i.numeratorUnit}, {"denominator_unit", &i.denominatorUnit}} {
		code, err := codeOf(*cell.text)
		if err != nil {
			return fmt.Errorf("column %s: %w", cell.name, err)
		}
		*cell.text = code
	}
	name, err := words(i.name)
	if err != nil {
		return fmt.Errorf("column substance_name: %w", err)
	}
	if i.name = name; name == "" && i.substance == "" {
		return errors.New("column substance: a strength without a substance")
	}
	if err := errors.Join(quantity("numerator", &i.numerator, i.numeratorUnit, comma),
		quantity("denominator", &i.denominator, i.denominatorUnit, comma)); err != nil {
		return err
	}
	if i.denominator != "" && i.numerator == "" {
		return errors.New("column denominator: a denominator without its numerator")
	}
	return nil
}

// quantity checks a number with its unit: both or neither, and never zero.
func quantity(column string, text *string, unit string, comma bool) error {
	read, err := number(*text, comma)
	switch {
	case err != nil:
		return fmt.Errorf("column %s: %w", column, err)
	case read == "" && unit != "":
		return fmt.Errorf("column %s: a unit without its number", column)
	case read != "" && unit == "":
		return fmt.Errorf("column %s_unit: a number without its unit", column)
	case read != "" && strings.Trim(read, "0.") == "":
		return fmt.Errorf("column %s: %s is nothing", column, read)
	}
	*text = read
	return nil
}

func (i ingredient) empty() bool {
	i.at = ""
	return i == ingredient{}
}

// medicineList gathers the packages of one source.
type medicineList struct {
	*job
	layout                *layout
	id, from, release     string
	order                 []string
	byCode                map[string]*medicine
	packages, ingredients *Outcome
}

// same says in which column two rows of one package contradict each other.
func (m *medicine) same(other *medicine) error {
	pairs := []struct{ column, first, second string }{{"name", m.name, other.name}, {"form", m.form, other.form},
		{"classification", m.classification, other.classification}, {"items", m.items, other.items}, {"items_unit", m.itemsUnit, other.itemsUnit},
		{"content", m.content, other.content}, {"content_unit", m.contentUnit, other.contentUnit}, {"marketed", m.marketed, other.marketed},
		{"since", m.since, other.since}, {"until", m.until, other.until}}
	for _, pair := range pairs {
		if pair.first != pair.second {
			return fmt.Errorf("column %s: %q, but %q at %s for the same package", pair.column, pair.second, pair.first, m.at)
		}
	}
	return nil
}

// add takes a package, or further ingredients of one.
func (l *medicineList) add(m *medicine) error {
	m.name = l.packages.plain(m.name)
	for n, i := range m.ingredients {
		m.ingredients[n].name = l.ingredients.plain(i.name)
	}
	before, known := l.byCode[m.code]
	if !known {
		l.byCode[m.code], l.order = m, append(l.order, m.code)
		return nil
	}
	if err := before.same(m); err != nil {
		return err
	}
	for _, i := range m.ingredients {
		for _, other := range before.ingredients {
			if other.substance == i.substance && other.name == i.name {
				return fmt.Errorf("the substance %q stands at %s already for this package", i.substance+" "+i.name, other.at)
			}
		}
		before.ingredients = append(before.ingredients, i)
	}
	if len(m.ingredients) == 0 || len(before.ingredients) == len(m.ingredients) {
		return fmt.Errorf("a second row for the package %s (%s), and one of the two names no substance", m.code, before.at)
	}
	return nil
}

// finish judges the days of each package and writes the two tables.
func (l *medicineList) finish() error {
	declared, err := l.systems()
	if err != nil {
		return err
	}
	products := folder.Table{File: l.Country + "/product.csv", Kind: folder.Products, Header: folder.ProductHeader}
	ingredients := folder.Table{File: l.Country + "/product-ingredient.csv", Kind: folder.Ingredients, Header: folder.IngredientHeader}
	judge := &list{outcome: l.packages}
	for _, code := range l.order {
		m := l.byCode[code]
		l.packages.Rows++
		l.ingredients.Rows += len(m.ingredients)
		since, until, skip := l.bounds(judge, m.since, m.until)
		if skip != "" {
			l.packages.skip(skip)
			l.ingredients.skipMany(skip, len(m.ingredients))
			continue
		}
		if until != "" && until < since {
			return fmt.Errorf("%s: column until: %s is before %s", m.at, until, since)
		}
		m.since, m.until = since, until
		products.Rows = append(products.Rows, m.row(declared, l.status))
		for n, i := range m.ingredients {
			ingredients.Rows = append(ingredients.Rows, i.row(m.code, n+1, declared, l.status))
		}
		l.ingredients.Kept += len(m.ingredients)
		if until != "" {
			l.packages.Retired++
		} else {
			l.packages.Kept++
		}
	}
	if err := l.tellNeverOffered(products, ingredients); err != nil {
		return err
	}
	return l.write(products, ingredients)
}

func (l *medicineList) write(products, ingredients folder.Table) error {
	source := list{id: l.id, from: l.from, release: l.release}
	if len(products.Rows) == 0 {
		return fmt.Errorf("%s: no package can be taken", l.from)
	}
	first, second := source, source
	first.outcome, second.outcome = l.packages, l.ingredients
	if err := l.put(products, []*list{&first}); err != nil {
		return err
	}
	if len(ingredients.Rows) == 0 {
		return nil
	}
	return l.put(ingredients, []*list{&second})
}

// systems checks that the code systems of the layout are known.
func (l *medicineList) systems() (*layoutMedicine, error) {
	declared := l.layout.Medicines
	for _, short := range []string{declared.Package, declared.Form, declared.Classification, declared.ItemsUnit, declared.ContentUnit,
		declared.Substance, declared.StrengthUnit} {
		if _, err := l.stage.Systems.Use(folder.System{Short: short}); err != nil {
			return nil, fmt.Errorf("layout of medicines: %w", err)
		}
	}
	return declared, nil
}

// with is the system of a code, which has none where it is not there.
func with(system, code string) string {
	if code == "" {
		return ""
	}
	return system
}

func (m *medicine) row(s *layoutMedicine, status string) []string {
	return []string{s.Package, m.code, m.name, with(s.Form, m.form), m.form, with(s.Classification, m.classification), m.classification,
		m.items, with(s.ItemsUnit, m.itemsUnit), m.itemsUnit, m.content, with(s.ContentUnit, m.contentUnit), m.contentUnit,
		m.marketed, m.since, m.until, status}
}

func (i ingredient) row(code string, position int, s *layoutMedicine, status string) []string {
	return []string{s.Package, code, strconv.Itoa(position), with(s.Substance, i.substance), i.substance, i.name,
		i.numerator, with(s.StrengthUnit, i.numeratorUnit), i.numeratorUnit,
		i.denominator, with(s.StrengthUnit, i.denominatorUnit), i.denominatorUnit, status}
}
