package lists

import (
	"context"
	"fmt"
	"slices"

	"sild/internal/xmldom"
)

// medicineSpace is the namespace of our XML medicine list. Its elements are medicines (country, release), medicine and
// ingredient; their attributes are called like the columns of the CSV layout, with hyphens.
const medicineSpace = "urn:sild:medicines:1"

var medicineAttributes = []string{"code", "name", "form", "classification", "items", "items-unit", "content", "content-unit", "marketed",
	"since", "until"}

var ingredientAttributes = []string{"substance", "name", "numerator", "numerator-unit", "denominator", "denominator-unit"}

func (l *medicineList) readXML(ctx context.Context, content []byte) error {
	doc, err := readXML(l.from, content)
	if err != nil {
		return err
	}
	lines, root := &xmlLines{source: doc.Source()}, doc.Root()
	if !root.Is(medicineSpace, "medicines") {
		return fmt.Errorf("%s is no medicine list in %s", l.from, medicineSpace)
	}
	said, err := l.only(root, []string{"country", "release"})
	if err != nil {
		return fmt.Errorf("%s %s: %w", l.from, lines.of(root), err)
	}
	if country := said["country"]; country != "" && !isSame(country, l.Country) {
		return fmt.Errorf("%s is of %s, not of %s", l.from, country, l.Country)
	}
	l.release = said["release"]
	rows := 0
	for e := range root.Children() {
		at := fmt.Sprintf("%s %s", l.from, lines.of(e))
		if err := l.element(e, at, lines); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		if rows++; rows%5000 == 0 {
			l.Progress(l.from, rows)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func isSame(upper, lower string) bool {
	return len(upper) == 2 && len(lower) == 2 && upper[0]|0x20 == lower[0] && upper[1]|0x20 == lower[1]
}

// only reads the attributes of an element and refuses one that has no place: it would be lost.
func (l *medicineList) only(e xmldom.Element, names []string) (map[string]string, error) {
	found := map[string]string{}
	for a := range e.Attributes() {
		if a.Space == xmldom.SpaceXMLNS {
			continue
		}
		if a.Space != "" || !slices.Contains(names, a.Local) {
			return nil, fmt.Errorf("the attribute %q has no place in a medicine list", a.Local)
		}
		found[a.Local] = a.Value
	}
	if e.Speaks() {
		return nil, fmt.Errorf("text within %s has no place in a medicine list", e.Local())
	}
	return found, nil
}

func (l *medicineList) element(e xmldom.Element, at string, lines *xmlLines) error {
	if !e.Is(medicineSpace, "medicine") {
		return fmt.Errorf("%q is no medicine", e.Local())
	}
	said, err := l.only(e, medicineAttributes)
	if err != nil {
		return err
	}
	if _, twice := l.byCode[said["code"]]; twice {
		return fmt.Errorf("the package %s stands at %s already", said["code"], l.byCode[said["code"]].at)
	}
	m := &medicine{code: said["code"], name: said["name"], form: said["form"], classification: said["classification"], items: said["items"],
		itemsUnit: said["items-unit"], content: said["content"], contentUnit: said["content-unit"], marketed: said["marketed"], at: at}
	if m.since, err = day(said["since"], false); err != nil {
		return fmt.Errorf("since: %w", err)
	}
	if m.until, err = day(said["until"], false); err != nil {
		return fmt.Errorf("until: %w", err)
	}
	if m.marketed != "yes" && m.marketed != "no" {
		return fmt.Errorf("marketed is yes or no, not %q", m.marketed)
	}
	if err := m.check(false); err != nil {
		return err
	}
	for child := range e.Children() {
		i, err := l.ingredient(child, lines)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(m.ingredients, func(o ingredient) bool { return o.substance == i.substance && o.name == i.name }) {
			return fmt.Errorf("the substance %q stands there twice", i.substance+" "+i.name)
		}
		m.ingredients = append(m.ingredients, i)
	}
	return l.add(m)
}

func (l *medicineList) ingredient(e xmldom.Element, lines *xmlLines) (ingredient, error) {
	if !e.Is(medicineSpace, "ingredient") {
		return ingredient{}, fmt.Errorf("%q is no ingredient", e.Local())
	}
	said, err := l.only(e, ingredientAttributes)
	if err != nil {
		return ingredient{}, err
	}
	for range e.Children() {
		return ingredient{}, fmt.Errorf("an ingredient holds no elements")
	}
	i := ingredient{substance: said["substance"], name: said["name"], numerator: said["numerator"], numeratorUnit: said["numerator-unit"],
		denominator: said["denominator"], denominatorUnit: said["denominator-unit"], at: fmt.Sprintf("%s %s", l.from, lines.of(e))}
	return i, i.check(false)
}
