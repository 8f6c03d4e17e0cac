package translation

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// Product is one package of a country's own list of medicines, in shared codes and exact amounts. It is terminology: it
// says what a national package number stands for, and nothing of any patient. A combination pack has Parts and neither a
// form nor ingredients of its own.
type Product struct {
	ID             Coding // national package number
	Name           string
	Form           Coding // shared dose form
	Classification Coding // shared ATC code, or the list's own where it cannot be carried; zero where the list gives none
	Ingredients    []ProductIngredient
	Items          Measure // number of items (tablets, pens, bottles) in one package
	Content        Measure // content of one item; zero where the list gives none
	Marketed       *bool   // nil where the list does not say
	Since, Until   string  // days from and until which the row holds; empty is open
	Draft          bool    // nobody has accepted the row yet
	Parts          []Product
}

// ProductIngredient is one active substance of a product: the shared code and the exact strength.
type ProductIngredient struct {
	Substance Coding
	Name      string // in the words of the list: they tell salts and esters apart where the code does not
	Strength  Strength
}

// Measure is an exact amount of a shared unit. A nil number says that none was given, which is not zero; a bare count has
// the unit 1 of UCUM.
type Measure struct {
	Number *big.Rat
	Unit   Coding
}

// IsZero says that no amount was given.
func (m Measure) IsZero() bool { return m.Number == nil }

// Base counts the amount in the base unit of what it measures: see InBase.
func (m Measure) Base() Measure {
	if m.IsZero() {
		return m
	}
	number, unit := InBase(m.Number, m.Unit)
	return Measure{Number: number, Unit: unit}
}

// Counts says that the amount counts pieces: tablets, pens, bottles. Doses, puffs, drops and spoonfuls are no pieces,
// since one piece holds many of them.
func (m Measure) Counts() bool { return IsPiece(m.Unit) }

// IsPiece says that a shared unit counts the items that a package holds.
func IsPiece(unit Coding) bool {
	switch unit.Code {
	case "15001000", "15022000", "15047000": // EDQM actuation, drop, spoonful
		return false
	}
	return pieces(unit) || strings.HasSuffix(unit.System, "standardterms.edqm.eu")
}

// SameUnit says that two shared units measure or count one thing. A bare count may be of any piece.
func SameUnit(a, b Coding) bool {
	if IsPiece(a) && IsPiece(b) && (pieces(a) || pieces(b)) {
		return true
	}
	return a.Same(b)
}

// Strength is how much substance is in one of a shared unit of the medicine, both in base units, so that 5 mg in 1 mL is
// 50 mg in 10 mL. A nil Amount says that none is known.
type Strength struct {
	Amount    *big.Rat
	Unit, Per Coding
}

// NewStrength divides a numerator by a denominator. It is false where either is missing or zero, or the numerator does not
// measure a substance.
func NewStrength(numerator, denominator Measure) (Strength, bool) {
	if numerator.IsZero() || denominator.IsZero() || numerator.Number.Sign() <= 0 || denominator.Number.Sign() <= 0 ||
		!MeasuresSubstance(numerator.Unit) {
		return Strength{}, false
	}
	over, under := numerator.Base(), denominator.Base()
	return Strength{Amount: new(big.Rat).Quo(over.Number, under.Number), Unit: over.Unit, Per: under.Unit}, true
}

// Alike says that two strengths can be compared: they are so much of one thing in one of the same thing.
func (s Strength) Alike(other Strength) bool {
	return s.Amount != nil && other.Amount != nil && s.Unit.Same(other.Unit) && SameUnit(s.Per, other.Per)
}

// Same says that two strengths are equal, exactly.
func (s Strength) Same(other Strength) bool { return s.Alike(other) && s.Amount.Cmp(other.Amount) == 0 }

// Within turns a strength in one piece into one in what the piece holds; false where it is in no piece, or the content
// counts pieces itself.
func (s Strength) Within(content Measure) (Strength, bool) {
	if s.Amount == nil || !IsPiece(s.Per) || content.IsZero() || content.Number.Sign() <= 0 || content.Counts() {
		return Strength{}, false
	}
	base := content.Base()
	return Strength{Amount: new(big.Rat).Quo(s.Amount, base.Number), Unit: s.Unit, Per: base.Unit}, true
}

// Substances are the codes of all active substances, also of the parts of a combination pack, sorted and each once.
func (p *Product) Substances() []Coding {
	var all []Coding
	for _, ingredient := range p.Ingredients {
		all = append(all, ingredient.Substance)
	}
	for i := range p.Parts {
		all = append(all, p.Parts[i].Substances()...)
	}
	slices.SortFunc(all, func(a, b Coding) int { return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code)) })
	return slices.CompactFunc(all, Coding.Same)
}

// On says that the row of the list holds on a day (YYYY-MM-DD).
func (p *Product) On(day string) bool {
	return (p.Since == "" || p.Since <= day) && (p.Until == "" || p.Until > day)
}
