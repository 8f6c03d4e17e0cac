package translation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Products are the medicines on one country's list, found by substance, by ATC code and by package number. They never
// change after reading and may be read by any number of goroutines.
type Products struct {
	country string
	digest  string
	systems *systems // of the tables that they were read with

	list      []Product
	bySubst   map[codeKey][]*Product
	byClass   map[codeKey][]*Product
	byNumber  map[codeKey]*Product
	uncarried []Uncarried
	lostSubst map[codeKey]bool // substances of products that could not be carried
	lostClass map[codeKey]bool // and their ATC codes
}

// Uncarried is a package of the list that is never offered, because something of it has no exact equal in shared codes.
type Uncarried struct {
	ID   Coding // national package number
	Name string
	Why  LostPart
}

// LostPart names what of a product could not be carried to shared codes.
type LostPart string

// What may be lost of a product.
const (
	LostForm        LostPart = "form"
	LostSubstance   LostPart = "substance"
	LostStrength    LostPart = "strength"
	LostPackage     LostPart = "package"
	LostIngredients LostPart = "ingredients" // the list names none, or one substance twice
)

// LostParts lists them all.
func LostParts() []LostPart {
	return []LostPart{LostForm, LostSubstance, LostStrength, LostPackage, LostIngredients}
}

// Country is the ISO 3166 alpha-2 code of the country whose list it is.
func (p *Products) Country() string { return p.country }

// Len is the number of packages that can be offered.
func (p *Products) Len() int { return len(p.list) }

// Uncarried lists the packages that are never offered, with what of them was lost, in the order of the list.
func (p *Products) Uncarried() []Uncarried { return slices.Clone(p.uncarried) }

// Containing lists the products that hold a substance, alone or with others, in the order of the list.
func (p *Products) Containing(substance Coding) []*Product { return p.bySubst[p.key(substance)] }

// Classified lists the products of an ATC code, in the order of the list.
func (p *Products) Classified(atc Coding) []*Product { return p.byClass[p.key(atc)] }

// Numbered finds a product by its national package number; a package that could not be carried is not found.
func (p *Products) Numbered(number Coding) (*Product, bool) {
	found, ok := p.byNumber[p.key(number)]
	return found, ok
}

// Lost says that the list has a product of the substance or of the ATC code that could not be carried.
func (p *Products) Lost(substance, atc Coding) bool {
	return p.lostSubst[p.key(substance)] || p.lostClass[p.key(atc)]
}

func (p *Products) key(coding Coding) codeKey {
	return codeKey{p.systems.canonical(coding.System), coding.Code}
}

// file puts a product where it is looked up.
func (p *Products) file(product *Product) {
	for _, substance := range product.Substances() {
		p.bySubst[p.key(substance)] = append(p.bySubst[p.key(substance)], product)
	}
	if class := product.Classification; class.Code != "" {
		p.byClass[p.key(class)] = append(p.byClass[p.key(class)], product)
	}
	p.byNumber[p.key(product.ID)] = product
}

// Products are the medicines of a country (ISO 3166 alpha-2), or nil where the operator has brought no list of it.
func (c *Catalogue) Products(country string) *Products {
	if c == nil {
		return nil
	}
	return c.products[strings.ToUpper(country)]
}

// WithProducts gives a catalogue that also knows a country's medicines, in place of those that it knew before. Its release
// is another one. Products that were read with other tables are an error, since their codes may mean something else.
func (c *Catalogue) WithProducts(p *Products) (*Catalogue, error) {
	if p.systems != c.systems {
		return nil, errors.New("products of " + p.country + ": they were read with other tables")
	}
	more := *c
	more.products = maps.Clone(c.products)
	if more.products == nil {
		more.products = map[string]*Products{}
	}
	more.products[p.country] = p
	sum := sha256.Sum256([]byte(c.release + " " + p.country + " " + p.digest))
	more.release = hex.EncodeToString(sum[:])
	return &more, nil
}
