package lists

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"

	"sild/internal/lists/folder"
	"sild/mappings"
	"sild/translation"
)

// mostNamed is how many rows of a kind the summary names.
const mostNamed = 5

// tellNeverOffered reads the tables as a node will, with the maps of the program and of the directory, and notes which packages are
// never offered, with what of them has no exact equal in shared codes. Tables that a node would refuse are an error.
func (l *medicineList) tellNeverOffered(products, ingredients folder.Table) error {
	sources := []translation.Source{{Files: mappings.Files()}}
	if l.stage.Kept() {
		sources = append(sources, translation.Source{Name: l.Into, Files: os.DirFS(l.stage.Path("."))})
	}
	built, err := translation.Compile(sources...)
	if err != nil {
		l.packages.note("nobody can say which packages are never offered, since the tables of the directory make no snapshot: %v", err)
		return nil
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		return err
	}
	read, err := translation.ReadProducts(l.Country, asFile(products), asFile(ingredients), catalogue)
	if err != nil {
		return err
	}
	lost := map[translation.LostPart][]*medicine{}
	for _, one := range read.Uncarried() {
		lost[one.Why] = append(lost[one.Why], l.byCode[one.ID.Code])
	}
	for _, part := range translation.LostParts() {
		if len(lost[part]) > 0 {
			why := "the " + string(part) + " has no exact equal in shared codes"
			if part == translation.LostIngredients {
				why = "the list names no substance, or one twice"
			}
			l.packages.note("%d of %d packages are never offered, because %s: %s", len(lost[part]), read.Len()+len(read.Uncarried()), why,
				l.named(part, lost[part]))
		}
	}
	return nil
}

// named says in which rows packages stand, and what of the first few is not known.
func (l *medicineList) named(part translation.LostPart, packages []*medicine) string {
	var rows []string
	for _, m := range packages[:min(len(packages), mostNamed)] {
		rows = append(rows, fmt.Sprintf("%s (%s)", strings.TrimPrefix(m.at, l.from+" "), strings.Join(m.said(part), " ")))
	}
	if len(packages) > mostNamed {
		rows = append(rows, "and others")
	}
	return strings.Join(rows, ", ")
}

// said is what the list says of a part of a medicine.
func (m *medicine) said(part translation.LostPart) []string {
	var said []string
	switch part {
	case translation.LostForm:
		said = []string{m.form}
	case translation.LostPackage:
		said = []string{m.items, m.itemsUnit, m.content, m.contentUnit}
	}
	for _, i := range m.ingredients {
		switch part {
		case translation.LostSubstance, translation.LostIngredients:
			said = append(said, i.substance)
		case translation.LostStrength:
			said = append(said, i.numerator, i.numeratorUnit, i.denominator, i.denominatorUnit)
		}
	}
	if said = slices.DeleteFunc(said, func(text string) bool { return text == "" }); len(said) == 0 {
		return []string{"nothing"}
	}
	return said
}

// asFile is a table as its file will be.
func asFile(t folder.Table) *bytes.Reader {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.WriteAll(append([][]string{t.Header}, t.Rows...)) // a buffer takes everything
	return bytes.NewReader(text.Bytes())
}
