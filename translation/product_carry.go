package translation

import "slices"

// carry takes every package to shared codes.
func (r *productReader) carry() {
	for _, row := range r.order {
		product, lost := r.carried(row)
		if lost != "" {
			r.products.uncarried = append(r.products.uncarried, Uncarried{ID: product.ID, Name: product.Name, Why: lost})
			r.lose(&product)
			continue
		}
		r.products.list = append(r.products.list, product)
	}
	for i := range r.products.list {
		r.products.file(&r.products.list[i])
	}
}

// lose remembers what a package that is never offered is of, as far as it is known.
func (r *productReader) lose(product *Product) {
	for _, substance := range product.Substances() {
		r.products.lostSubst[r.products.key(substance)] = true
	}
	if product.Classification.Code != "" {
		r.products.lostClass[r.products.key(product.Classification)] = true
	}
}

func (r *productReader) carried(row *packageRow) (Product, LostPart) {
	if len(row.parts) == 1 {
		return r.part(row.id, &row.parts[0])
	}
	first := row.parts[0].cell
	whole := Product{ID: row.id, Name: first[2], Marketed: marketed(first[13]), Since: first[14], Until: first[15]}
	var worst LostPart
	for i := range row.parts {
		part, lost := r.part(row.id, &row.parts[i])
		if worst == "" {
			worst = lost
		}
		whole.Draft = whole.Draft || part.Draft
		if i == 0 {
			whole.Classification = part.Classification
		}
		whole.Parts = append(whole.Parts, part)
	}
	return whole, worst
}

// part carries one row of the list with its ingredients, and names the first thing that has no exact equal.
func (r *productReader) part(id Coding, row *partRow) (Product, LostPart) {
	cell := row.cell
	product := Product{ID: id, Name: cell[2], Marketed: marketed(cell[13]), Since: cell[14], Until: cell[15], Draft: cell[16] == draftStatus}
	var ok bool
	if product.Classification, ok = r.exact(Classification, cell[5], cell[6]); !ok {
		product.Classification, _ = r.coding(cell[5], cell[6])
	}
	lost := r.ingredients(&product, row)
	if form, ok := r.exact(DoseForm, cell[3], cell[4]); ok {
		product.Form = form
	} else {
		lost = LostForm
	}
	items, _, known := r.measure(PackageUnit, cell[7], cell[8], cell[9])
	content, _, knownContent := r.measure(PackageUnit, cell[10], cell[11], cell[12])
	product.Items, product.Content = items, content
	if lost == "" && (!known || !knownContent || items.IsZero() || items.Number.Sign() <= 0 || !content.IsZero() && content.Number.Sign() <= 0) {
		lost = LostPackage
	}
	return product, lost
}

// ingredients carries the active substances of one row and says what was lost.
func (r *productReader) ingredients(product *Product, row *partRow) LostPart {
	lost := LostPart("")
	slices.Sort(row.positions)
	for _, position := range row.positions {
		cell := row.ingredients[position]
		product.Draft = product.Draft || cell[12] == draftStatus
		substance, ok := r.exact(Substance, cell[3], cell[4])
		if !ok {
			lost = LostSubstance
			continue
		}
		one := ProductIngredient{Substance: substance, Name: cell[5]}
		if one.Strength, ok = r.strength(cell); !ok && lost == "" {
			lost = LostStrength
		}
		if slices.ContainsFunc(product.Ingredients, func(other ProductIngredient) bool { return other.Substance.Same(substance) }) {
			lost = LostIngredients
		}
		product.Ingredients = append(product.Ingredients, one)
	}
	if len(row.positions) == 0 {
		return LostIngredients
	}
	return lost
}

// strength divides the numerator by the denominator, which a national unit may name itself (MG/ML).
func (r *productReader) strength(cell []string) (Strength, bool) {
	numerator, per, ok := r.measure(StrengthUnit, cell[6], cell[7], cell[8])
	denominator, further, okPer := r.measure(StrengthUnit, cell[9], cell[10], cell[11])
	switch {
	case !ok || !okPer || further.Code != "":
		return Strength{}, false
	case per.Code != "" && !denominator.IsZero():
		return Strength{}, false // a quotient already, and a denominator too
	case per.Code != "":
		denominator = Measure{Number: rat("1"), Unit: per}
	}
	return NewStrength(numerator, denominator)
}

// measure carries an amount and its unit. An empty number is no amount, even where a unit stands beside it; a number
// without a unit is a bare count.
func (r *productReader) measure(field Field, number, system, code string) (m Measure, per Coding, ok bool) {
	if number == "" {
		return Measure{}, Coding{}, true
	}
	if code == "" {
		return Measure{Number: rat(number), Unit: Coding{System: ucum, Code: "1"}}, Coding{}, true
	}
	slot := r.walked(walk{field, system, code, number})
	if !exactly(slot) {
		return Measure{}, Coding{}, false
	}
	return Measure{Number: rat(slot.Amount), Unit: bare(slot.Current)}, perOf(slot), true
}

// exact carries a code that must be carried exactly.
func (r *productReader) exact(field Field, system, code string) (Coding, bool) {
	slot := r.walked(walk{field, system, code, ""})
	if !exactly(slot) {
		return Coding{}, false
	}
	return bare(slot.Current), true
}

// walk is one way to the shared lists: many packages of a list have it in common.
type walk struct {
	field                Field
	system, code, number string
}

// walked is the slot at the end of a way, which is walked once.
func (r *productReader) walked(w walk) *Slot {
	if known, ok := r.walks[w]; ok {
		return known
	}
	slot := &Slot{Field: w.field, Fate: Refused}
	if coding, err := r.coding(w.system, w.code); err == nil {
		slot = NewSlot(w.field, "", coding)
		slot.Required, slot.Number = true, w.number
		r.c.ToPivot(r.products.country, slot)
	}
	r.walks[w] = slot
	return slot
}

// exactly says that a slot was carried, and that nothing was lost or added on its way.
func exactly(s *Slot) bool {
	return (s.Fate == Mapped || s.Fate == Identical) && s.Relation() == Equivalent
}

// perOf is the denominator that a national unit named itself, or none.
func perOf(s *Slot) Coding {
	if per := s.Per(); per != nil {
		return bare(*per)
	}
	return Coding{}
}

// bare is a coding without the words of any language.
func bare(c Coding) Coding { return Coding{System: c.System, Code: c.Code} }

// marketed reads whether a package is on the market; nil where the list does not say.
func marketed(cell string) *bool {
	if cell == "" {
		return nil
	}
	yes := cell == "yes"
	return &yes
}
