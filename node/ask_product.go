package node

import "sild/translation"

// listed holds the package that was handed out, as this country's own list of medicines knows its number, against the
// prescription: the number must not stand for another medicine than the codes beside it say. A number that the list does
// not know, or no list, decides nothing; nor does what cannot be compared.
func (a *Ask) listed(call Call, p *Prescription, handed *Medication) *Error {
	f := &Finder{Catalogue: a.Catalogue(), Rules: a.Rules, Corridor: call.Corridor, Now: a.Now}
	products := f.Catalogue.Products(a.Country)
	if products == nil {
		return nil
	}
	want, slot := f.medicine("medication", &p.Medication)
	if slot != "" {
		return nil
	}
	for _, number := range packageNumbers(handed) {
		product, known := products.Numbered(number.Current)
		if !known {
			continue
		}
		if e := f.another(want, product); e != nil {
			return e
		}
		if number == handed.Product && f.otherwiseFilled(handed, product) {
			return fail("", Refused, "product.size", "The package number stands for a package that holds another amount than the message says.")
		}
	}
	return nil
}

// otherwiseFilled says that the list counts other contents of a package than the message does, where both count the same.
func (f *Finder) otherwiseFilled(handed *Medication, product *translation.Product) bool {
	have, gap := f.medicine("medication", handed)
	if gap != "" || len(have.parts) > 0 || len(product.Parts) > 0 {
		return false
	}
	said, listed := have.size.flat().total().Base(), size{product.Items, product.Content}.flat().total().Base()
	return !said.IsZero() && !listed.IsZero() && translation.SameUnit(said.Unit, listed.Unit) && said.Number.Cmp(listed.Number) != 0
}

// packageNumbers are the national package numbers of a medicine.
func packageNumbers(m *Medication) []*translation.Slot {
	var numbers []*translation.Slot
	if m.Product != nil {
		numbers = append(numbers, m.Product)
	}
	for _, level := range m.Package.Levels {
		if level.Product != nil {
			numbers = append(numbers, level.Product)
		}
	}
	return numbers
}

// another says in what a product of the list is another medicine than the prescribed one; nil where it is not, or where
// that cannot be told.
func (f *Finder) another(want *need, product *translation.Product) *Error {
	_, perPiece, why := f.same(want, product)
	if why == "" && len(want.parts) == 0 && !measuredOut(want.form.Code) { // of what is measured out, any bottle will do
		_, _, _, why = want.comparable(size{product.Items, product.Content}.flat(), perPiece)
	}
	switch why {
	case OtherCombinationOnly, OtherSaltOnly:
		return fail("", Refused, "product.substance", "The package number stands for a medicine with another active substance than the prescribed one.")
	case OtherPartsOnly:
		return fail("", Refused, "product.parts", "The package number does not stand for a combination pack of the prescribed parts.")
	case OtherStrengthOnly:
		return fail("", Refused, "product.strength", "The package number stands for another strength than the prescribed one.")
	case OtherFormOnly, OtherBothOnly:
		return fail("", Refused, "product.form", "The package number stands for another dose form than the prescribed one.")
	case OtherContentOnly:
		return fail("", Refused, "product.content", "One item of the package that the number stands for holds another amount than was prescribed.")
	}
	return nil
}
