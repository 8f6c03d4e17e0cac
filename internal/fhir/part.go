package fhir

import (
	"math/big"

	"sild/node"
	"sild/translation"
)

// left writes what may still be handed out: a number of packages, or a part of them where packages of another size were
// handed out before.
func (e *encoder) left(p *node.Prescription) {
	left, ok := node.Packages(p.Amount.Left)
	mark := e.extension(extRemaining)
	if ok && !left.IsInt() {
		e.ofPackages(left, &p.Medication)
	} else {
		e.packages("valueQuantity", p.Amount.Left)
	}
	e.close(mark)
}

// takenOff writes what a dispensation takes off its prescription, where that is not its number of packages.
func (e *encoder) takenOff(d *node.Dispensation) {
	takes, ok := node.Packages(d.Takes)
	if !ok || d.Takes == d.Packages {
		return
	}
	list := e.array("extension")
	mark := e.extension(extTakes)
	e.ofPackages(takes, &node.Medication{})
	e.close(mark)
	e.close(list)
}

// ofPackages writes an exact number of packages as a ratio: so much of what one package holds (28 of 56 tablets), or,
// where the medicine does not say that in decimals, so many packages of so many (1 of 2).
func (e *encoder) ofPackages(packages *big.Rat, m *node.Medication) {
	over, under := packages.Num().String(), packages.Denom().String()
	unit := translation.Coding{System: systemUCUM, Code: packageCode, Display: packageUnit}
	if one, ok := node.OnePackage(m); ok {
		part, finite := plain(new(big.Rat).Mul(packages, one.Number))
		if whole, ok := plain(one.Number); ok && finite {
			over, under, unit = part, whole, one.Unit
		}
	}
	mark := e.object("valueRatio")
	e.half("numerator", over, unit)
	e.half("denominator", under, unit)
	e.close(mark)
}

func (e *encoder) half(name, value string, unit translation.Coding) {
	mark := e.object(name)
	e.number("value", value)
	e.unit(unit, nil)
	e.close(mark)
}

// plain is an exact number as a decimal, where it has one.
func plain(n *big.Rat) (string, bool) {
	places, finite := n.FloatPrec()
	return n.FloatString(places), finite
}

// ofPackages reads such a ratio back: both of its amounts are counted in one unit.
func (d *decoder) ofPackages(ratio value) string {
	over, under := ratio.get("numerator"), ratio.get("denominator")
	for _, half := range []value{over, under} {
		d.checkNumber(half.get("value"))
		d.checkComparator(half.get("comparator"))
	}
	d.demand(over.get("system").text() == under.get("system").text() && over.get("code").text() == under.get("code").text(),
		"fhir.ratio", ratio, "a part of a package that is counted in two units")
	packages, ok := node.Packages(over.get("value").text() + "/" + under.get("value").text())
	if !ok || packages.Sign() <= 0 {
		d.refuse("fhir.ratio", ratio, "a part of a package that cannot be counted")
		return ""
	}
	d.claim(ratio)
	return packages.RatString()
}
