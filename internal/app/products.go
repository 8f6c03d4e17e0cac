package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// The two tables of a country's medicines.
const (
	productFile           = "product.csv"
	productIngredientFile = "product-ingredient.csv"
)

// withProducts adds a country's medicines from a folder that bears the country's code in small letters: the one named, or one
// below it. What lies elsewhere may be another country's list.
func withProducts(catalogue *translation.Catalogue, dir, country string) (*translation.Catalogue, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	code := strings.ToLower(country)
	below := filepath.Join(dir, code)
	if _, err := os.Stat(below); err == nil || filepath.Base(whole) != code {
		dir = below
	}
	products, err := openRegular(filepath.Join(dir, productFile))
	if err != nil {
		return nil, err
	}
	defer products.Close()
	ingredients, err := openRegular(filepath.Join(dir, productIngredientFile))
	if err != nil {
		return nil, err
	}
	defer ingredients.Close()
	list, err := translation.ReadProducts(country, products, ingredients, catalogue)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return catalogue.WithProducts(list)
}

// products reads the medicines of the country of treatment, and says how many of them can never be offered and why.
func (t *Translation) products() error {
	var err error
	if t.catalogue, err = withProducts(t.catalogue, t.Products, t.To); err != nil {
		return fmt.Errorf("--products: %w", err)
	}
	if t.rules, err = node.LoadRules(mappings.Files()); err != nil {
		return err
	}
	list, lost := t.catalogue.Products(t.To), map[translation.LostPart]int{}
	for _, one := range list.Uncarried() {
		lost[one.Why]++
	}
	for _, part := range translation.LostParts() {
		if lost[part] > 0 {
			fmt.Fprintf(t.Stderr, "products of %s: %d of %d packages are never offered: no exact %s\n", t.To, lost[part],
				list.Len()+len(list.Uncarried()), part)
		}
	}
	return nil
}

// offers looks for the medicines of the country of treatment for each prescription of a document; none without a list.
func (t *Translation) offers(d *node.Document) []*node.Offer {
	if t.Products == "" {
		return nil
	}
	finder := node.Finder{Catalogue: t.catalogue, Rules: t.rules, Corridor: node.Corridor{A: t.From, B: t.To},
		Languages: readerLanguages(t.To), Now: time.Now}
	var offers []*node.Offer
	for _, p := range d.Prescriptions {
		offers = append(offers, finder.Find(p))
	}
	return offers
}
