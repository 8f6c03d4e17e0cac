package folder

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sild/translation"
)

// The kinds of table that an import writes. A whole value set is an official list that stands for all that a field may
// hold, one of systems for all that it may hold of the code systems which the table names, and a value set adds to what is there.
// Codes give words to the codes of a system; a whole list of codes also says that the system has no others.
const (
	WholeValueSet = "whole-value-set"
	OfSystems     = "whole-value-set-of-systems"
	ValueSet      = "value-set"
	Codes         = "code-system"
	WholeCodes    = "whole-code-system"
	ConceptMap    = "concept-map"
	UnitMap       = "unit-map"
	Products      = "product"
	Ingredients   = "product-ingredient"
	Corridor      = "corridor" // what a country withholds from all its corridors: see node.LoadRules
)

// Table is one table with its row of the manifest. Lists names what it was made from, such as the canonical URLs of two
// value sets; From says where the operator had them. Status is draft, or accepted by a name on a day.
type Table struct {
	File, Kind               string // File is the name in the directory, with slashes
	Lists                    []string
	From                     string
	Release, Licence, Status string
	Header                   []string
	Rows                     [][]string
}

const (
	fromWord   = " from "
	listJoiner = " + "
)

// origin is the manifest's cell: the lists, and where they were.
func (t Table) origin() string { return strings.Join(t.Lists, listJoiner) + fromWord + t.From }

// listsOf reads the lists back from the manifest's cell.
func listsOf(origin string) []string {
	lists, _, _ := strings.Cut(origin, fromWord)
	return strings.Split(lists, listJoiner)
}

var (
	decimal  = regexp.MustCompile(`^[0-9]{1,30}(\.[0-9]{1,30})?$`)
	fraction = regexp.MustCompile(`^[0-9]{1,19}(/[0-9]{1,19})?$`)
	fileName = regexp.MustCompile(`^([a-z]{2}(-eu)?/[a-z0-9][a-z0-9.-]*|corridors/[A-Z]{2})\.csv$`)
)

// shape is what the rows of a kind of table must look like: the columns before and behind the languages (nil where there
// are none), those that tell one row from another, those that name a code system, and those that hold something special.
type shape struct {
	before, after  []string
	languages      bool
	key            []string
	systems        []string
	must, decimals []string
	unsigned       bool // rows have no status of their own
}

var (
	setShape = shape{before: []string{"field", "system", "code"}, after: []string{"since", "until", "status"}, languages: true,
		key: []string{"system", "code"}, systems: []string{"system"}, must: []string{"field", "system", "code", "since"}}
	codesShape = shape{before: []string{"system", "code"}, after: []string{"since", "until", "status"}, languages: true,
		key: []string{"system", "code"}, systems: []string{"system"}, must: []string{"system", "code", "since"}}
)

var shapes = map[string]shape{
	ValueSet: setShape, OfSystems: setShape, WholeValueSet: setShape, Codes: codesShape, WholeCodes: codesShape,
	ConceptMap: {before: MapHeader, key: []string{"system", "code", "target_system", "target"},
		systems: []string{"system", "target_system", "per_system"}, must: []string{"relation", "since"}},
	UnitMap: {before: MapHeader, key: []string{"system", "code", "target_system", "target"},
		systems: []string{"system", "target_system", "per_system"}, must: []string{"relation", "since"}},
	Products: {before: ProductHeader, key: []string{"system", "code"}, must: []string{"system", "code", "name", "since"},
		systems:  []string{"system", "form_system", "classification_system", "items_unit_system", "content_unit_system"},
		decimals: []string{"items", "content"}},
	Ingredients: {before: IngredientHeader, key: []string{"system", "code", "position"}, must: []string{"system", "code", "position"},
		systems:  []string{"system", "substance_system", "numerator_unit_system", "denominator_unit_system"},
		decimals: []string{"numerator", "denominator"}},
	Corridor: {before: RuleHeader, key: []string{"rule"}, must: RuleHeader, unsigned: true},
}

// RuleHeader are the columns of the rules of corridors.
var RuleHeader = []string{"rule", "stage", "fact", "value", "effect", "sentence", "source", "since"}

// MapHeader are the columns of a concept map and of a unit map.
var MapHeader = []string{"system", "code", "relation", "target_system", "target", "factor", "per_system", "per", "back", "source",
	"since", "status", "remark"}

// ProductHeader are the columns of a medicine list: one row for each package. Items is the number of pieces in the package,
// content what one piece holds where it is a container; marketed is yes or no.
var ProductHeader = []string{"system", "code", "name", "form_system", "form", "classification_system", "classification", "items",
	"items_unit_system", "items_unit", "content", "content_unit_system", "content_unit", "marketed", "since", "until", "status"}

// IngredientHeader are the columns of the active ingredients of a medicine list; position counts those of one package from 1.
var IngredientHeader = []string{"system", "code", "position", "substance_system", "substance", "name", "numerator",
	"numerator_unit_system", "numerator_unit", "denominator", "denominator_unit_system", "denominator_unit", "status"}

// check says what is wrong with a table, by row and column; systems says which short names of code systems are known.
func (t Table) check(systems map[string]bool) error {
	form, known := shapes[t.Kind]
	if !known || !fileName.MatchString(t.File) {
		return fmt.Errorf("%s: no name and kind for a table", t.File)
	}
	if len(t.Rows) == 0 {
		return fmt.Errorf("%s: the table has no row", t.File)
	}
	if err := form.header(t.Header); err != nil {
		return fmt.Errorf("%s: %w", t.File, err)
	}
	seen := map[string]bool{}
	for i, row := range t.Rows {
		if err := form.row(t.Header, row, systems, seen); err != nil {
			return fmt.Errorf("%s row %d: %w", t.File, i+2, err)
		}
	}
	return nil
}

func (s shape) header(header []string) error {
	least := len(s.before) + len(s.after)
	if !s.languages && !slices.Equal(header, s.before) {
		return errors.New("the columns are not those of the kind")
	}
	if s.languages && (len(header) <= least || !slices.Equal(header[:len(s.before)], s.before) ||
		!slices.Equal(header[len(header)-len(s.after):], s.after)) {
		return errors.New("the columns are not those of the kind with one or more languages")
	}
	return nil
}

func (s shape) row(header, row []string, systems map[string]bool, seen map[string]bool) error {
	if len(row) != len(header) {
		return fmt.Errorf("%d cells for %d columns", len(row), len(header))
	}
	cell := map[string]string{}
	for i, name := range header {
		if err := translation.CheckCell(row[i]); err != nil {
			return fmt.Errorf("column %s %w", name, err)
		}
		cell[name] = row[i]
	}
	for _, name := range s.must {
		if cell[name] == "" {
			return fmt.Errorf("column %s: the cell is empty", name)
		}
	}
	for _, name := range s.systems {
		if cell[name] != "" && !systems[cell[name]] {
			return fmt.Errorf("column %s: unknown code system %q", name, cell[name])
		}
	}
	for _, name := range s.decimals {
		if cell[name] != "" && !decimal.MatchString(cell[name]) {
			return fmt.Errorf("column %s: %q is no plain decimal", name, cell[name])
		}
	}
	if cell["factor"] != "" && !fraction.MatchString(cell["factor"]) {
		return fmt.Errorf("column factor: %q is no whole number or fraction", cell["factor"])
	}
	key := ""
	for _, name := range s.key {
		key += cell[name] + "\x00"
	}
	if seen[key] {
		return fmt.Errorf("the key %q stands there twice", strings.Split(strings.TrimSuffix(key, "\x00"), "\x00"))
	}
	seen[key] = true
	if s.unsigned {
		cell["status"] = "draft"
	}
	return days(cell)
}

// days checks the status and when the row holds, as a reader of the table will. A kind without days has neither column.
func days(cell map[string]string) error {
	if err := translation.CheckStatus(cell["status"]); err != nil {
		return err
	}
	if cell["since"] == "" && cell["until"] == "" {
		return nil
	}
	return translation.CheckPeriod(cell["since"], cell["until"])
}
