package translation

import (
	"fmt"
	"slices"
	"strings"
)

// ofPackage are the columns that say something of a whole package: all rows of a combination pack agree in them.
var ofPackage = []int{2, 13, 14, 15} // name, marketed, since, until

// agrees says whether a further row of a package can be a part of the same one.
func (p *packageRow) agrees(cell []string) error {
	if len(p.parts) == 0 {
		return nil
	}
	if len(p.parts) == mostParts {
		return fmt.Errorf("more than %d rows of one package", mostParts)
	}
	first := p.parts[0]
	for _, column := range ofPackage {
		if cell[column] != first.cell[column] {
			return fmt.Errorf("%s is %q, and %q in row %d for the same package", productColumns[column], cell[column], first.cell[column], first.line)
		}
	}
	return nil
}

// doubled refuses a package with the same part twice: two exports were put together, or the number of items says it.
func (r *productReader) doubled() error {
	for _, row := range r.order {
		if len(row.parts) == 1 {
			continue
		}
		seen := map[string]int{}
		for _, part := range row.parts {
			content := part.content()
			if line, twice := seen[content]; twice {
				return fmt.Errorf("row %d: the same part as in row %d: a part that is there twice is one row with twice the items", part.line, line)
			}
			seen[content] = part.line
		}
	}
	return nil
}

// content is all that a part says of what is in it, whatever its ingredients are numbered.
func (p *partRow) content() string {
	lines := []string{}
	for _, cell := range p.ingredients {
		lines = append(lines, strings.Join(cell[3:12], "\x00"))
	}
	slices.Sort(lines)
	return strings.Join(append(lines, p.cell[3:13]...), "\x00\x00")
}

// codedSystems are the code systems of which the tables name any code.
func (c *Catalogue) codedSystems() map[string]bool {
	found := map[string]bool{}
	c.each(func(k concept) { found[c.coding(k).System] = true })
	return found
}
