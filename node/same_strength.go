package node

import (
	"math/big"
	"slices"

	"sild/translation"
)

// forbidden refuses a stated substitution where the prescriber has banned it.
func forbidden(p *Prescription, d *Dispensation) *Error {
	if allowed := p.Substitution.Allowed; allowed != nil && !*allowed && d.Substituted != nil && *d.Substituted {
		return fail("", Refused, "dispensation.substitution", "The prescriber has forbidden another product.")
	}
	return nil
}

// sameProduct compares strengths, always, because amounts are counted by packages and what they hold; and dose forms, unless
// the pharmacy states a substitution. The size of a package is compared where it does not already tell how much was handed
// out.
func sameProduct(catalogue *translation.Catalogue, country string, prescribed *Medication, d *Dispensation) *Error {
	substituted := d.Substituted != nil && *d.Substituted
	if d.OtherContent && !substituted {
		return fail("", Refused, "dispensation.package", "One item of the package handed out (a syringe, an ampoule, a bottle) holds another amount than was prescribed, and no substitution is stated.")
	}
	return sameMedication(catalogue, country, prescribed, &d.Medication, leeway{product: substituted, size: substituted || d.ByAmount, larger: d.ByAmount || d.Compared})
}

// leeway says in what a medicine that was handed out may differ from the prescribed one.
type leeway struct{ product, size, larger bool }

// sameEach compares the parts of a combination pack in any order. A part of the very size goes before another.
func sameEach(catalogue *translation.Catalogue, country string, prescribed, handed []Medication, may leeway) *Error {
	left := slices.Clone(handed)
	for i := range prescribed {
		at := -1
		for _, how := range []leeway{{product: may.product}, may} {
			if at < 0 {
				at = slices.IndexFunc(left, func(part Medication) bool {
					return sameMedication(catalogue, country, &prescribed[i], &part, how) == nil
				})
			}
		}
		if at < 0 {
			return sameMedication(catalogue, country, &prescribed[i], &left[0], may)
		}
		left = slices.Delete(left, at, at+1)
	}
	return nil
}

func sameMedication(catalogue *translation.Catalogue, country string, prescribed, handed *Medication, may leeway) *Error {
	if len(prescribed.Parts) != len(handed.Parts) {
		return fail("", Refused, "dispensation.parts", "Not all parts of the combination pack were handed out.")
	}
	if len(prescribed.Parts) > 0 {
		return sameEach(catalogue, country, prescribed.Parts, handed.Parts, may)
	}
	if !may.product && pivotKey(catalogue, country, prescribed.Form) != pivotKey(catalogue, country, handed.Form) {
		return fail("", Refused, "dispensation.form", "The medicine handed out has another dose form, and no substitution is stated.")
	}
	if !may.size && otherSize(prescribed.Package.Items, handed.Package.Items) {
		return fail("", Refused, "dispensation.package", "The package handed out has another size, and no substitution is stated.")
	}
	if !may.larger && larger(prescribed.Package.Items, handed.Package.Items) {
		return fail("", Refused, "dispensation.package", "The package handed out may hold more than the prescribed one: what they hold cannot be compared.")
	}
	f := &Finder{Catalogue: catalogue, Corridor: Corridor{B: country}}
	if f.brokenItem(handed) && (otherSize(prescribed.Package.Items, handed.Package.Items) || !f.sameContent(prescribed, handed)) {
		return fail("", Invalid, "dispensation.items", "A package holds whole tablets or containers: the number of items in one package is not a whole number.")
	}
	if f.alikeWithin(prescribed, handed) {
		return nil
	}
	want, have := strengths(catalogue, country, prescribed), strengths(catalogue, country, handed)
	for substance, strength := range want {
		if have[substance] != strength {
			return fail("", Refused, "dispensation.strength", "The medicine handed out has another strength than the prescribed one.")
		}
	}
	return nil
}

// alikeWithin says that the finder takes all strengths for the same, where both sides say what an item holds: 60 mg in a
// syringe of 0.6 mL is 100 mg/mL.
func (f *Finder) alikeWithin(prescribed, handed *Medication) bool {
	want, gap := f.medicine("medication", prescribed)
	have, other := f.medicine("medication", handed)
	if gap != "" || other != "" || !want.size.measured() || !have.size.measured() {
		return false
	}
	product := &translation.Product{Form: have.form, Ingredients: have.ingredients, Items: have.size.items, Content: have.size.content}
	strength, _ := sameStrengths(want, product, false)
	return sameSet(want, product) == "" && strength == translation.Agrees
}

// otherSize says that both sides name a number of items and that they differ.
func otherSize(prescribed, handed Quantity) bool {
	order, ok := compare(prescribed.Value, handed.Value)
	return ok && order != 0
}

// larger says that both sides name a number of items and that more were handed out. One of something may be a whole package.
func larger(prescribed, handed Quantity) bool {
	order, ok := compare(prescribed.Value, handed.Value)
	one, known := compare(prescribed.Value, "1")
	return ok && order < 0 && known && one != 0
}

// pivotKey is the pivot code of a slot, found on a copy.
func pivotKey(catalogue *translation.Catalogue, country string, slot *translation.Slot) string {
	if slot == nil {
		return ""
	}
	probe := translation.NewSlot(slot.Field, "", slot.Current)
	catalogue.ToPivot(country, probe)
	return probe.Current.System + "|" + probe.Current.Code
}

// strengths gives each substance's strength as one exact text that does not depend on the spelling of the units.
func strengths(catalogue *translation.Catalogue, country string, m *Medication) map[string]string {
	all := map[string]string{}
	for _, ingredient := range m.Ingredients {
		if ingredient.Substance == nil || ingredient.Strength == nil {
			continue
		}
		numerator, over := measured(catalogue, country, ingredient.Strength.Numerator)
		denominator, per := measured(catalogue, country, ingredient.Strength.Denominator)
		if denominator.Sign() != 0 {
			numerator.Quo(numerator, denominator)
		}
		all[pivotKey(catalogue, country, ingredient.Substance)] = numerator.RatString() + " " + over + "/" + per
	}
	return all
}

// measured is a quantity in its base unit.
func measured(catalogue *translation.Catalogue, country string, q Quantity) (*big.Rat, string) {
	value, unit := q.Now()
	if q.Unit != nil {
		probe := translation.NewSlot(q.Unit.Field, "", unit)
		probe.Number = value
		catalogue.ToPivot(country, probe)
		unit = probe.Current
		if probe.Amount != "" {
			value = probe.Amount
		}
	}
	number, ok := Decimal(value)
	if !ok {
		number = big.NewRat(1, 1) // "per tablet" without a number is per one
	}
	number, unit = translation.InBase(number, unit)
	return number, unit.System + "|" + unit.Code
}
