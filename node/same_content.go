package node

import "sild/translation"

// anotherContent says that one item that was handed out holds another amount than a prescribed one, where no dose is measured
// out of it: a syringe of 0.6 mL for three of 0.2 mL is another product, whatever they come to. One of the tables that tells
// it is enough.
func anotherContent(tables []*translation.Catalogue, country string, p *Prescription, handed *Medication) bool {
	for _, catalogue := range tables {
		f := &Finder{Catalogue: catalogue, Corridor: Corridor{B: country}}
		if f.holdsAnother(&p.Medication, handed, f.byItem(p.Dosage)) {
			return true
		}
	}
	return false
}

func (f *Finder) holdsAnother(prescribed, handed *Medication, byItem bool) bool {
	if len(prescribed.Parts) != len(handed.Parts) {
		return false
	}
	for i := range prescribed.Parts {
		if f.holdsAnother(&prescribed.Parts[i], &handed.Parts[i], byItem) {
			return true
		}
	}
	mine, okMine := f.packageSize(prescribed)
	theirs, okTheirs := f.packageSize(handed)
	if !okMine || !okTheirs || !mine.measured() || !theirs.measured() {
		return false
	}
	want := &need{size: mine, byItem: byItem}
	want.form, _ = f.shared(prescribed.Form) // of a form that nobody knows nothing is measured out
	_, _, _, why := want.comparable(theirs, f.byPiece(prescribed, handed))
	return why == OtherContentOnly
}

// byPiece says that both sides write every strength for one piece.
func (f *Finder) byPiece(prescribed, handed *Medication) bool {
	want, have := &need{}, &need{}
	if f.ingredients("", prescribed, want) != "" || f.ingredients("", handed, have) != "" {
		return false
	}
	_, perPiece := sameStrengths(want, &translation.Product{Ingredients: have.ingredients}, false)
	return perPiece
}

// packageSize is what one package holds; false where it is not said or was not carried.
func (f *Finder) packageSize(m *Medication) (size, bool) {
	items, itemsOK := f.measure(m.Package.Items)
	content, contentOK := f.measure(m.Package.Content)
	if !itemsOK || !contentOK || items.IsZero() || content.IsZero() || items.Number.Sign() <= 0 || content.Number.Sign() <= 0 {
		return size{}, false
	}
	return size{items, content}.flat(), true
}

// sameContent says that no item is known to hold another amount than was prescribed. Where both sides say what an item
// holds and the two cannot be compared, it is not the same.
func (f *Finder) sameContent(prescribed, handed *Medication) bool {
	if len(prescribed.Parts) != len(handed.Parts) {
		return false
	}
	for i := range prescribed.Parts {
		if !f.sameContent(&prescribed.Parts[i], &handed.Parts[i]) {
			return false
		}
	}
	if prescribed.Package.Content.IsZero() || handed.Package.Content.IsZero() {
		return true
	}
	mine, okMine := f.measure(prescribed.Package.Content)
	theirs, okTheirs := f.measure(handed.Package.Content)
	if !okMine || !okTheirs || mine.IsZero() || theirs.IsZero() {
		return false
	}
	mine, theirs = mine.Base(), theirs.Base()
	return translation.SameUnit(mine.Unit, theirs.Unit) && mine.Number.Cmp(theirs.Number) == 0
}

// brokenItem says that a package is said to hold a part of a tablet or of a container.
func (f *Finder) brokenItem(m *Medication) bool {
	held, ok := f.measure(m.Package.Items)
	if !ok || held.IsZero() {
		return false
	}
	if content, ok := f.measure(m.Package.Content); ok && !content.IsZero() {
		held = size{held, content}.flat().items
	}
	return held.Counts() && !held.Number.IsInt()
}
