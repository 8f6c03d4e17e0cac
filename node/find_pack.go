package node

import (
	"math/big"
	"strings"

	"sild/translation"
)

// flat counts what lies in containers of pieces (ten tablets in each of three blisters) as those pieces.
func (s size) flat() size {
	if s.content.IsZero() || !s.content.Counts() || !s.items.Counts() {
		return s
	}
	return size{items: s.total()}
}

// total is all that one package holds.
func (s size) total() translation.Measure {
	if s.content.IsZero() {
		return s.items
	}
	return translation.Measure{Number: new(big.Rat).Mul(s.items.Number, s.content.Number), Unit: s.content.Unit}
}

// measured says that each item holds an amount of something: a volume, a mass, a number of doses.
func (s size) measured() bool { return !s.content.IsZero() }

// comparable finds what two sizes can be compared by: their items where each item holds the same, or all that they hold
// where the medicine is taken out of its container in any amount. unsaid is that only one side says what an item holds.
func (n *need) comparable(have size, perPiece bool) (mine, theirs translation.Measure, unsaid bool, why NoOffer) {
	switch {
	case n.size.measured() && have.measured():
		a, b := n.size.content.Base(), have.content.Base()
		switch {
		case !translation.SameUnit(a.Unit, b.Unit):
			return mine, theirs, false, SizesUnlike
		case a.Number.Cmp(b.Number) == 0:
			mine, theirs = n.size.items, have.items
		case perPiece || !n.divisible(have) || a.Number.Cmp(b.Number) < 0 && spoils(n.form.Code):
			return mine, theirs, false, OtherContentOnly
		default:
			mine, theirs = n.size.total(), have.total()
		}
	case !n.size.measured() && !have.measured():
		mine, theirs = n.size.items, have.items
	case perPiece:
		mine, theirs, unsaid = n.size.items, have.items, true
	case n.divisible(have):
		mine, theirs = n.size.total(), have.total()
	default:
		return mine, theirs, false, SizesUnlike
	}
	mine, theirs = mine.Base(), theirs.Base()
	if !translation.SameUnit(mine.Unit, theirs.Unit) {
		return mine, theirs, false, SizesUnlike
	}
	return mine, theirs, unsaid, ""
}

// identical says that two sizes are the same in every number.
func (s size) identical(other size) bool {
	for _, pair := range [][2]translation.Measure{{s.items, other.items}, {s.content, other.content}} {
		a, b := pair[0].Base(), pair[1].Base()
		if a.IsZero() != b.IsZero() || !a.IsZero() && (!translation.SameUnit(a.Unit, b.Unit) || a.Number.Cmp(b.Number) != 0) {
			return false
		}
	}
	return true
}

// divisible says that a dose is measured out of the container, so that two bottles of 100 mL are one of 200 mL. A
// syringe, a pen, a vial or a sachet is a dose itself: another content would be another dose.
func (n *need) divisible(have size) bool {
	return !n.byItem && measuredOut(n.form.Code) && n.size.open() && have.open()
}

// open says that the items are containers that hold many doses. Where the container is not named, only a package of one
// is taken for such.
func (s size) open() bool {
	switch s.items.Unit.Code {
	case "15009000", "15058000", "15028000", "15026000": // EDQM bottle, tube, jar, inhaler
		return true
	case "1", "15016000": // a piece, EDQM container
		return s.measured() && s.items.Number.Cmp(big.NewRat(1, 1)) == 0
	}
	return !s.measured() && !s.items.Counts() // so many millilitres or grams, without a container
}

// measuredOut are the EDQM dose forms of which a dose is measured out of a container of many doses: liquids that are
// swallowed, what is put on the skin or in the eye, ear or nose, and inhalers. What is injected or infused never is.
func measuredOut(form string) bool {
	return between(form, [][2]string{{"10101000", "10119000"}, {"10310000", "10310000"}, {"10502000", "10505000"}, {"10507000", "10517000"},
		{"10601000", "10605000"}, {"10701000", "10706000"}, {"10801000", "10806000"}, {"10808000", "10810000"}, {"10901000", "10903000"},
		{"11001000", "11003000"}, {"11106000", "11109000"}})
}

// spoils are the EDQM dose forms that do not keep once they are opened or mixed: what goes into the eye, powders and granules
// for a liquid that is swallowed. A larger bottle does not stand for several smaller ones.
func spoils(form string) bool {
	return between(form, [][2]string{{"10110000", "10116000"}, {"10118000", "10119000"}, {"10601000", "10605000"}})
}

// between says that a code lies in one of the spans.
func between(form string, spans [][2]string) bool {
	for _, span := range spans {
		if len(form) == len(span[0]) && form >= span[0] && form <= span[1] {
			return true
		}
	}
	return false
}

// packing is a number of packages of one size against what was prescribed.
type packing struct {
	packs       *big.Int
	short, over *big.Rat // in the base unit that both are compared in; over is with one package more
	larger      bool     // even one package is more than was prescribed
}

// pack finds how many packages come to what was prescribed: exactly, or as near as can be without more than it.
func pack(packs *big.Rat, mine, theirs translation.Measure) packing {
	total := new(big.Rat).Mul(packs, mine.Number)
	times := new(big.Rat).Quo(total, theirs.Number)
	whole := new(big.Int).Quo(times.Num(), times.Denom())
	rest := new(big.Rat).Sub(total, new(big.Rat).Mul(new(big.Rat).SetInt(whole), theirs.Number))
	p := packing{packs: whole, short: rest, over: new(big.Rat)}
	if rest.Sign() > 0 {
		p.over.Sub(theirs.Number, rest)
	}
	if whole.Sign() == 0 {
		p.packs, p.larger, p.short = big.NewInt(1), true, new(big.Rat)
	}
	return p
}

// text is a size as people write it: 28, 100 mL, or 5 × 3 mL.
func (f *Finder) text(s size) string {
	words := number(s.items.Number)
	if !s.items.Counts() {
		words = f.amount(s.items)
	}
	switch {
	case s.content.IsZero():
		return words
	case words == "1":
		return f.amount(s.content)
	}
	return words + " × " + f.amount(s.content)
}

// times is so many packages of a size.
func (f *Finder) times(packs string, s size) string {
	words := f.text(s)
	switch {
	case packs == "1":
		return words
	case strings.Contains(words, "×"):
		return packs + " × (" + words + ")"
	}
	return packs + " × " + words
}

// amount is an amount with its unit.
func (f *Finder) amount(m translation.Measure) string { return number(m.Number) + " " + f.unit(m.Unit) }

// rest is an amount of a base unit, in the unit that the prescription counts in.
func (f *Finder) rest(base *big.Rat, as translation.Measure) string {
	one, _ := translation.InBase(big.NewRat(1, 1), as.Unit)
	shown := translation.Measure{Number: new(big.Rat).Quo(base, one), Unit: as.Unit}
	if as.Counts() {
		return number(shown.Number)
	}
	return f.amount(shown)
}

// unit is the sign of a unit that measures, and the word for any other.
func (f *Finder) unit(unit translation.Coding) string {
	if unit.System == piece.System && !strings.Contains(unit.Code, "{") && !unit.Same(piece) {
		return unit.Code
	}
	words, _ := f.Catalogue.Designation(unit, f.Languages...)
	if words == "" {
		return unit.Code
	}
	return words
}

// number writes an exact number as a decimal, or as a fraction where it has none.
func number(n *big.Rat) string {
	if places, finite := n.FloatPrec(); finite {
		return n.FloatString(places)
	}
	return n.RatString()
}
