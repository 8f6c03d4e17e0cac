package node

import (
	"math/big"
	"strconv"

	"sild/translation"
)

// Quantity is a decimal as it was written and the slot of its unit. A nil unit is a bare count.
type Quantity struct {
	Value string
	Unit  *translation.Slot
}

// IsZero says that no quantity was given, which is not the quantity zero.
func (q Quantity) IsZero() bool { return q.Value == "" && q.Unit == nil }

// Now is the quantity after the last hop: the decimal and the unit that it counts now.
func (q Quantity) Now() (string, translation.Coding) {
	if q.Unit == nil {
		return q.Value, translation.Coding{}
	}
	if q.Unit.Amount != "" {
		return q.Unit.Amount, q.Unit.Current
	}
	return q.Value, q.Unit.Current
}

// Reversed says that a range is to be at least more than at most: one of the two is what its author meant. Ends that are
// not in one unit, or of which one is no number or nothing, are not compared.
func Reversed(low, high Quantity) bool {
	order, ok := compare(low.Value, high.Value)
	return ok && order > 0 && !atMostZero(high.Value) && sameUnit(low.Unit, high.Unit)
}

// sameUnit says that two amounts are in one unit, or both in none.
func sameUnit(a, b *translation.Slot) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Current.Same(b.Current)
}

// Ratio is a strength: so much substance in so much medicine.
type Ratio struct {
	Numerator, Denominator Quantity
}

// Ingredient is one active substance with its strength.
type Ingredient struct {
	Substance *translation.Slot
	Name      string // the substance in the source's words
	Strength  *Ratio
}

// Package is one package as it is handed out: so many items (tablets, pens, bottles) of so much content each.
type Package struct {
	Items   Quantity // number of items in one package
	Content Quantity // content of one item, where it is a container
	// Levels are the containers from the innermost outwards, where the source tells them apart: ten tablets in a
	// blister, three blisters in a box. Items and Content are what they come to.
	Levels []PackageLevel
}

// PackageLevel is one container and how much is in it: things for the innermost, containers of the level before for the
// others.
type PackageLevel struct {
	Quantity Quantity
	Form     *translation.Slot // what the container is
	Product  *translation.Slot // package number: provenance only
	Name     string
}

// Medication is a medicinal product or a medicine by its substance. A combination pack has Parts and no ingredients
// of its own.
type Medication struct {
	Product        *translation.Slot // national package number: provenance only, never a key abroad
	Name           string
	Classification []*translation.Slot // ATC
	Form           *translation.Slot
	Ingredients    []Ingredient
	Package        Package
	Parts          []Medication
	Text           string            // recipe of a pharmacy-made medicine
	Strength       string            // the strength in the issuing country's words, beside the structured one
	Generic        *translation.Slot // pharmaceutical product identifier (PhPID, ISO 11616): provenance only
	Holder         string            // marketing authorisation holder
}

// Decimal reads a plain decimal as FHIR and CDA write it; an exponent, a comma or an empty text is not one.
func Decimal(text string) (*big.Rat, bool) {
	if text == "" {
		return nil, false
	}
	whole := true
	for i, r := range text {
		if whole = whole && r != '.'; (r < '0' || r > '9') && r != '.' && (r != '-' || i != 0) {
			return nil, false
		}
	}
	if whole { // most are, and this way takes a fifth of the time
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			return new(big.Rat).SetInt64(number), true
		}
	}
	return new(big.Rat).SetString(text)
}

// compare orders two decimals; false when either is not a decimal.
func compare(a, b string) (int, bool) {
	x, okX := Decimal(a)
	y, okY := Decimal(b)
	if !okX || !okY {
		return 0, false
	}
	return x.Cmp(y), true
}
