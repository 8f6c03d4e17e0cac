package node

import (
	"math/big"
	"slices"
	"strings"

	"sild/translation"
)

// Packages reads how many packages of the prescribed size something is: a decimal, or an exact part such as 1/2 where
// packages of another size were handed out.
func Packages(text string) (*big.Rat, bool) {
	over, under, parted := strings.Cut(text, "/")
	number, ok := Decimal(over)
	if !ok || !parted {
		return number, ok
	}
	by, ok := Decimal(under)
	if !ok || by.Sign() <= 0 {
		return nil, false
	}
	return number.Quo(number, by), true
}

// count says how much of its prescription a dispensation uses up, in packages of the prescribed size, and notes it in the
// dispensation. Where both sides say what one package holds, in codes of the country or shared ones, it is counted exactly
// by that: two packages of 28 are one of 56. Where that cannot be told, packages are counted. The first of the tables that
// can compare both sides decides.
func count(tables []*translation.Catalogue, country string, p *Prescription, d *Dispensation) *big.Rat {
	packages, ok := Decimal(d.Packages)
	d.ByAmount, d.Compared, d.OtherContent = false, false, anotherContent(tables, country, p, &d.Medication)
	if !ok {
		return new(big.Rat)
	}
	takes := packages
	for _, catalogue := range tables {
		f := &Finder{Catalogue: catalogue, Corridor: Corridor{B: country}}
		share, alike, ok := f.share(p, &d.Medication)
		if !ok {
			continue
		}
		takes, d.ByAmount, d.Compared = new(big.Rat).Mul(packages, share), alike, true
		break
	}
	d.Takes = takes.RatString()
	return takes
}

// share is how many packages as prescribed one package handed out comes to. alike says that the one may be counted for the
// other in any number. Where it may not (a syringe of another content, a combination pack of other parts) a package never
// counts for less than one.
func (f *Finder) share(p *Prescription, handed *Medication) (share *big.Rat, alike, ok bool) {
	want, gap := f.medicine("medication", &p.Medication)
	have, other := f.medicine("medication", handed)
	if gap != "" || other != "" || f.totalDiffers(p, want) || f.contradicted(handed) {
		return nil, false, false
	}
	want.byItem = f.byItem(p.Dosage)
	if len(want.parts) > 0 || len(have.parts) > 0 {
		share, ok = f.shareOfParts(want, have)
		return share, false, ok
	}
	return f.shareOf(want, have)
}

// contradicted says that the amounts written for one size of a package contradict each other: then neither of them counts.
func (f *Finder) contradicted(m *Medication) bool {
	for _, unit := range []*translation.Slot{m.Package.Items.Unit, m.Package.Content.Unit} {
		if unit != nil && severallyNamed(unit) && f.Catalogue.Agreement(unit) == translation.Contradicts {
			return true
		}
	}
	for i := range m.Parts {
		if f.contradicted(&m.Parts[i]) {
			return true
		}
	}
	return false
}

func (f *Finder) shareOf(want, have *need) (share *big.Rat, alike, ok bool) {
	product := &translation.Product{Form: have.form, Ingredients: have.ingredients, Items: have.size.items, Content: have.size.content}
	_, perPiece := sameStrengths(want, product, false)
	mine, theirs, _, why := want.comparable(have.size, perPiece)
	switch why {
	case "":
		if !countsAlike(mine, theirs) {
			return nil, false, false
		}
		return new(big.Rat).Quo(theirs.Number, mine.Number), true, true
	case OtherContentOnly:
		mine, theirs = want.size.total().Base(), have.size.total().Base()
		return atLeastOne(new(big.Rat).Quo(theirs.Number, mine.Number)), false, translation.SameUnit(mine.Unit, theirs.Unit)
	}
	return nil, false, false
}

// countsAlike says that two counts are of the same pieces. A count without a unit may be of tablets, of blisters or of packages,
// so another number of what was handed out is believed only with its unit, and one of anything may be a package.
func countsAlike(prescribed, handed translation.Measure) bool {
	one := big.NewRat(1, 1)
	switch {
	case prescribed.Number.Cmp(handed.Number) == 0:
		return true
	case isBare(handed.Unit):
		return false
	}
	return !isBare(prescribed.Unit) || prescribed.Number.Cmp(one) != 0 && handed.Number.Cmp(one) != 0
}

func isBare(unit translation.Coding) bool { return unit.Code == "1" && translation.IsPiece(unit) }

// shareOfParts counts a combination pack by the part of which it holds most, in whole packages.
func (f *Finder) shareOfParts(want, have *need) (*big.Rat, bool) {
	if len(want.parts) != len(have.parts) {
		return nil, false
	}
	most, taken := big.NewRat(1, 1), make([]bool, len(have.parts))
	for i := range want.parts {
		share := f.nearestPart(&want.parts[i], have.parts, taken)
		if share == nil {
			return nil, false
		}
		if share.Cmp(most) > 0 {
			most = share
		}
	}
	up := new(big.Int).Add(most.Num(), new(big.Int).Sub(most.Denom(), big.NewInt(1)))
	return new(big.Rat).SetInt(up.Quo(up, most.Denom())), true
}

// nearestPart is the share of the part that stands for a prescribed one, and marks it taken: of those with the same substances the
// one that holds as much, else the first that can be compared. The order of the parts says nothing.
func (f *Finder) nearestPart(want *need, parts []need, taken []bool) *big.Rat {
	var found *big.Rat
	at := -1
	for i := range parts {
		if taken[i] || !slices.EqualFunc(want.substances(), parts[i].substances(), translation.Coding.Same) {
			continue
		}
		share, _, ok := f.shareOf(want, &parts[i])
		if ok && (found == nil || share.Cmp(big.NewRat(1, 1)) == 0 && found.Cmp(big.NewRat(1, 1)) != 0) {
			found, at = share, i
		}
	}
	if at >= 0 {
		taken[at] = true
	}
	return found
}

func atLeastOne(share *big.Rat) *big.Rat {
	if one := big.NewRat(1, 1); share.Cmp(one) < 0 {
		return one
	}
	return share
}

// remains is what may still be handed out, in packages of the prescribed size.
func remains(p *Prescription) (*big.Rat, bool) { return Packages(leftOf(p)) }

// nothingRemains says that nothing may be handed out any more, or that nobody can tell what.
func nothingRemains(p *Prescription) bool {
	left, ok := remains(p)
	return !ok || left.Sign() <= 0
}

// tooMuch refuses a dispensation of more than is left.
func tooMuch(op string, p *Prescription, d *Dispensation, left *big.Rat) *Error {
	e := failf(op, Conflict, "dispensation.too-much", "More than is left on the prescription: %s left.", inWords(p, left))
	switch {
	case !d.Compared:
		e.Detail += " What the packages hold cannot be compared, so packages are counted."
	case !d.ByAmount:
		e.Detail += " A package with items or parts of another size counts for at least one."
	}
	e.Left = left.RatString()
	return e
}

// inWords is a number of packages for the person at the counter. A part of a package is told by what it holds.
func inWords(p *Prescription, left *big.Rat) string {
	one, ok := OnePackage(&p.Medication)
	if ok {
		_, ok = new(big.Rat).Mul(left, one.Number).FloatPrec()
	}
	switch {
	case left.IsInt() && left.Cmp(big.NewRat(1, 1)) == 0:
		return "1 package"
	case left.IsInt():
		return left.RatString() + " packages"
	case ok:
		return number(new(big.Rat).Mul(left, one.Number)) + " (of " + number(one.Number) + " in one package)"
	}
	return left.RatString() + " of a package"
}

// OnePackage is all that one package holds, in the unit in which the medicine counts it now: 56 tablets, 200 mL. It is
// false where the medicine does not say it, and of a combination pack.
func OnePackage(m *Medication) (translation.Measure, bool) {
	if len(m.Parts) > 0 {
		return translation.Measure{}, false
	}
	items, unit := m.Package.Items.Now()
	held, ok := Decimal(items)
	if ok && !m.Package.Content.IsZero() {
		content, of := m.Package.Content.Now()
		each, known := Decimal(content)
		if !known {
			return translation.Measure{}, false
		}
		held, unit = held.Mul(held, each), of
	}
	return translation.Measure{Number: held, Unit: unit}, ok && held.Sign() > 0
}
