package translation

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// draftStatus is the status of a row that nobody has accepted yet.
const draftStatus = "draft"

// The columns of the two kinds of file that hold a country's medicines.
var (
	productColumns = []string{"system", "code", "name", "form_system", "form", "classification_system", "classification",
		"items", "items_unit_system", "items_unit", "content", "content_unit_system", "content_unit", "marketed", "since", "until", "status"}
	ingredientColumns = []string{"system", "code", "position", "substance_system", "substance", "name", "numerator",
		"numerator_unit_system", "numerator_unit", "denominator", "denominator_unit_system", "denominator_unit", "status"}
)

// What one package may hold at most: more is no package but a fault of the list.
const (
	mostParts      = 100
	mostSubstances = 1000 // of one part
)

// productReader reads the two tables and joins them by package number.
type productReader struct {
	c        *Catalogue
	products *Products
	rows     map[codeKey]*packageRow
	order    []*packageRow
	walks    map[walk]*Slot  // what has been carried already
	coded    map[string]bool // code systems that the tables carry: none of them numbers packages
}

// packageRow is one package as the list writes it: one row, or one row a part of a combination pack.
type packageRow struct {
	id    Coding
	parts []partRow
}

type partRow struct {
	line        int // of product.csv
	cell        []string
	ingredients map[string][]string // by position
	positions   []string            // in the order of the list
}

// ReadProducts reads a country's medicines (ISO 3166 alpha-2) from its two tables and carries them to shared codes with
// the maps of the catalogue. A package whose form, substances, strengths or size have no exact equal is left out and
// listed in Uncarried. A row that cannot be understood is an error that names table and row; nothing is read then.
func ReadProducts(country string, products, ingredients io.Reader, c *Catalogue) (*Products, error) {
	r := &productReader{c: c, rows: map[codeKey]*packageRow{}, walks: map[walk]*Slot{}, coded: c.codedSystems(), products: &Products{
		country: strings.ToUpper(country), systems: c.systems, bySubst: map[codeKey][]*Product{},
		byClass: map[codeKey][]*Product{}, byNumber: map[codeKey]*Product{},
		lostSubst: map[codeKey]bool{}, lostClass: map[codeKey]bool{},
	}}
	sum := sha256.New()
	for _, table := range []struct {
		name   string
		from   io.Reader
		header []string
		take   func(cell []string, line int) error
	}{
		{kindProduct, products, productColumns, r.product},
		{kindIngredient, ingredients, ingredientColumns, r.ingredient},
	} {
		content, err := io.ReadAll(table.from)
		if err == nil {
			fmt.Fprintf(sum, "%s %d ", table.name, len(content))
			sum.Write(content)
			err = eachRow(content, table.header, table.take)
		}
		if err != nil {
			return nil, fmt.Errorf("read products of %s: %s.csv: %w", r.products.country, table.name, err)
		}
	}
	if err := r.doubled(); err != nil {
		return nil, fmt.Errorf("read products of %s: %s.csv: %w", r.products.country, kindProduct, err)
	}
	r.products.digest = hex.EncodeToString(sum.Sum(nil))
	r.carry()
	return r.products, nil
}

// eachRow hands on every row after the header.
func eachRow(content []byte, header []string, take func(cell []string, line int) error) error {
	if bytes.HasPrefix(content, []byte("\ufeff")) {
		return errors.New("the file begins with a byte order mark: take it out")
	}
	table := csv.NewReader(bytes.NewReader(content))
	first, err := table.Read()
	if err != nil || !slices.Equal(first, header) {
		return fmt.Errorf("the header is not %q", header)
	}
	for {
		cell, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err // csv.ParseError names the line
		}
		line, _ := table.FieldPos(0)
		if err = clean(cell); err == nil {
			err = take(cell, line)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", line, err)
		}
	}
}

// product takes one row of the list. A second row of the same number is a further part of a combination pack.
func (r *productReader) product(cell []string, line int) error {
	id, err := r.coding(cell[0], cell[1])
	if err != nil {
		return err
	}
	if id.Code == "" || cell[2] == "" {
		return errors.New("a package needs its number and its name")
	}
	if r.coded[id.System] {
		return fmt.Errorf("%q is a system of codes that the tables carry, and does not number packages", cell[0])
	}
	for _, pair := range [][2]string{{cell[3], cell[4]}, {cell[5], cell[6]}, {cell[8], cell[9]}, {cell[11], cell[12]}} {
		if _, err := r.coding(pair[0], pair[1]); err != nil {
			return err
		}
	}
	if err := errors.Join(decimal(cell[7]), decimal(cell[10]), validity(cell[14], cell[15])); err != nil {
		return err
	}
	if !slices.Contains([]string{"yes", "no", ""}, cell[13]) {
		return fmt.Errorf("marketed is yes, no or empty, not %q", cell[13])
	}
	if err := CheckStatus(cell[16]); err != nil {
		return err
	}
	known, there := r.rows[codeKey{id.System, id.Code}]
	if !there {
		known = &packageRow{id: id}
		r.rows[codeKey{id.System, id.Code}] = known
		r.order = append(r.order, known)
	}
	if err := known.agrees(cell); err != nil {
		return err
	}
	known.parts = append(known.parts, partRow{line: line, cell: cell, ingredients: map[string][]string{}})
	return nil
}

// ingredient takes one active substance. In a combination pack its position names the part first: 2.1.
func (r *productReader) ingredient(cell []string, _ int) error {
	id, err := r.coding(cell[0], cell[1])
	if err != nil {
		return err
	}
	known, there := r.rows[codeKey{id.System, id.Code}]
	if !there {
		return errors.New("the package is not in the list of products")
	}
	for _, pair := range [][2]string{{cell[3], cell[4]}, {cell[7], cell[8]}, {cell[10], cell[11]}} {
		if _, err := r.coding(pair[0], pair[1]); err != nil {
			return err
		}
	}
	if err := errors.Join(decimal(cell[6]), decimal(cell[9])); err != nil {
		return err
	}
	if err := CheckStatus(cell[12]); err != nil {
		return err
	}
	part, err := known.part(cell[2])
	if err != nil {
		return err
	}
	if _, twice := part.ingredients[cell[2]]; twice {
		return errors.New("the position stands there twice")
	}
	if len(part.positions) == mostSubstances {
		return fmt.Errorf("more than %d active substances in one part of a package", mostSubstances)
	}
	part.ingredients[cell[2]] = cell
	part.positions = append(part.positions, cell[2])
	return nil
}

// part finds the part of a package that a position names.
func (p *packageRow) part(position string) (*partRow, error) {
	number, _, dotted := strings.Cut(position, ".")
	switch {
	case position == "":
		return nil, errors.New("an ingredient needs its position")
	case len(p.parts) == 1 && !dotted:
		return &p.parts[0], nil
	case len(p.parts) == 1 || !dotted:
		return nil, errors.New("the position names a part, as 2.1 does, where the package has several rows, and only there")
	}
	at, err := strconv.Atoi(number)
	if err != nil || at < 1 || at > len(p.parts) || strconv.Itoa(at) != number {
		return nil, fmt.Errorf("the package has no part %q", number)
	}
	return &p.parts[at-1], nil
}

// coding is a code of a system by its short name. Both may be empty, but not one of them.
func (r *productReader) coding(short, code string) (Coding, error) {
	if short == "" && code == "" {
		return Coding{}, nil
	}
	known, ok := r.c.systems.byShort[short]
	if !ok {
		return Coding{}, fmt.Errorf("unknown code system %q", short)
	}
	return Coding{System: known.URI, Code: code}, nil
}

// decimal checks a number of the list; an empty one is none.
func decimal(text string) error {
	if text != "" && !plain(text) {
		return fmt.Errorf("%q is not a plain decimal: no sign, exponent or comma is taken", text)
	}
	return nil
}

// validity checks from when until when a row holds; both ends may be open.
func validity(since, until string) error {
	if since == "" {
		since = "0001-01-01"
	}
	return CheckPeriod(since, until)
}

func rat(text string) *big.Rat {
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return number
}
