package node

import (
	"fmt"
	"math/big"
	"strings"

	"sild/translation"
)

// need is what a prescription asks for, in shared codes and exact amounts.
type need struct {
	name           string
	form           translation.Coding
	classification []translation.Coding
	ingredients    []translation.ProductIngredient
	size           size
	parts          []need
	packs          *big.Rat // packages that may still be handed out; a part of one where other sizes were handed out before
	banned         bool     // the prescriber has forbidden another product
	unsaid         bool     // whether another product may be given is not said
	indistinct     bool     // its codes do not tell it from other medicines
	byItem         bool     // a dose is counted in containers, so that another content would be another dose
}

// size is how much one package holds.
type size struct {
	items, content translation.Measure
}

// need reads a prescription, or says why it cannot be looked for and at which place.
func (f *Finder) need(p *Prescription) (*need, NoOffer, string) {
	switch {
	case p.Is(Compounded):
		return nil, MadeInPharmacy, ""
	case p.Is(Device), p.Is(Nutrition):
		return nil, NoMedicine, ""
	case p.Is(ByDuration):
		return nil, AmountUnclear, "amount"
	}
	want, slot := f.medicine("medication", &p.Medication)
	if slot != "" {
		return nil, SourceGap, slot
	}
	packs, ok := remains(p)
	switch {
	case !ok || packs.Sign() < 0 || !packs.IsInt() && len(want.parts) > 0:
		return nil, AmountUnclear, "amount.packages"
	case packs.Sign() == 0:
		return nil, NothingLeft, "amount.packages"
	case f.totalDiffers(p, want):
		return nil, AmountUnclear, "amount.total"
	}
	want.packs, want.indistinct = packs, classified(&p.Medication, indistinct)
	want.unsaid = p.Substitution.Allowed == nil
	want.banned = !want.unsaid && !*p.Substitution.Allowed
	want.byItem = f.byItem(p.Dosage)
	return want, "", ""
}

// byItem says that a dose is counted in pieces, so that what one piece holds is the dose.
func (f *Finder) byItem(dosage []Dosage) bool {
	for _, one := range dosage {
		if shared, known := f.shared(one.Dose.Unit); known && translation.IsPiece(shared) {
			return true
		}
	}
	return false
}

// medicine reads a medicine or a part of a combination pack, and names the first place that was not carried over.
func (f *Finder) medicine(path string, m *Medication) (*need, string) {
	want := &need{name: m.Name}
	for _, slot := range m.Classification {
		if shared, ok := f.shared(slot); ok {
			want.classification = append(want.classification, shared)
		}
	}
	for i := range m.Parts {
		part, slot := f.medicine(fmt.Sprintf("%s.part[%d]", path, i), &m.Parts[i])
		if slot != "" {
			return nil, slot
		}
		want.parts = append(want.parts, *part)
	}
	if len(m.Parts) > 0 {
		return want, ""
	}
	var ok bool
	if want.form, ok = f.shared(m.Form); !ok {
		return nil, path + ".form"
	}
	if inOnePack(want.form) {
		return nil, path + ".part" // what is in which part, nobody says
	}
	if slot := f.ingredients(path, m, want); slot != "" {
		return nil, slot
	}
	items, itemsOK := f.measure(m.Package.Items)
	content, contentOK := f.measure(m.Package.Content)
	if !itemsOK || !contentOK || items.IsZero() || items.Number.Sign() <= 0 || !content.IsZero() && content.Number.Sign() <= 0 {
		return nil, path + ".package"
	}
	want.size = size{items, content}.flat()
	return want, ""
}

// inOnePack says that an EDQM dose form names a combination pack: cream and pessary in one pack.
func inOnePack(form translation.Coding) bool {
	return len(form.Code) == len("14001000") && strings.HasPrefix(form.Code, "14")
}

func (f *Finder) ingredients(path string, m *Medication, want *need) string {
	seen := map[translation.Coding]bool{}
	for i, ingredient := range m.Ingredients {
		place := fmt.Sprintf("%s.ingredient[%d]", path, i)
		substance, ok := f.shared(ingredient.Substance)
		if !ok || seen[substance] {
			return place + ".substance"
		}
		seen[substance] = true
		strength, ok := f.strength(ingredient.Strength)
		if !ok {
			return place + ".strength"
		}
		want.ingredients = append(want.ingredients, translation.ProductIngredient{Substance: substance, Name: called(&ingredient), Strength: strength})
	}
	if len(m.Ingredients) == 0 {
		return path + ".ingredient"
	}
	return ""
}

// shared is the shared code that a slot stands for, at whichever end of the way it is. A slot that was refused, whose
// codes contradict each other, or that was carried by a code that says more or less is a gap.
func (f *Finder) shared(slot *translation.Slot) (translation.Coding, bool) {
	probe, ok := f.probe(slot, "")
	if !ok {
		return translation.Coding{}, false
	}
	return translation.Coding{System: probe.Current.System, Code: probe.Current.Code}, true
}

// probe carries a copy of a slot to the shared lists.
func (f *Finder) probe(slot *translation.Slot, number string) (*translation.Slot, bool) {
	if slot == nil || slot.Fate == translation.Refused || slot.Coherence() == translation.Contradicts {
		return nil, false
	}
	if relation := slot.Relation(); relation != "" && relation != translation.Equivalent {
		return nil, false
	}
	standing := slot.Current
	if n := len(slot.Hops); n > 0 && !f.Catalogue.Member(slot.Field, standing) && f.Catalogue.Member(slot.Field, slot.Hops[n-1].From) {
		standing = slot.Hops[n-1].From
	}
	probe := translation.NewSlot(slot.Field, "", standing)
	probe.Required, probe.Number = true, number
	probe.SetPer(slot.Per())
	f.Catalogue.ToPivot(f.Corridor.B, probe)
	if !carried(probe) || probe.Relation() != translation.Equivalent {
		return nil, false
	}
	return probe, true
}

// measure is a quantity in its shared unit; false where it was not carried. A quantity that was not given is none.
func (f *Finder) measure(q Quantity) (translation.Measure, bool) {
	m, per, ok := f.quotient(q)
	return m, ok && per.Code == ""
}

// quotient is a quantity whose unit may be so much of one thing in one of another.
func (f *Finder) quotient(q Quantity) (m translation.Measure, per translation.Coding, ok bool) {
	value, _ := q.Now()
	if value == "" {
		return m, per, q.Unit == nil || q.Unit.Current.Code == ""
	}
	number, ok := Decimal(value)
	if !ok {
		return m, per, false
	}
	if q.Unit == nil {
		return translation.Measure{Number: number, Unit: piece}, per, true
	}
	probe, ok := f.probe(q.Unit, value)
	if !ok {
		return m, per, false
	}
	if number, ok = Decimal(probe.Amount); !ok {
		return m, per, false
	}
	unit := translation.Coding{System: probe.Current.System, Code: probe.Current.Code}
	if unit := probe.Per(); unit != nil {
		per = translation.Coding{System: unit.System, Code: unit.Code}
	}
	return translation.Measure{Number: number, Unit: unit}, per, true
}

// piece is the unit of a bare count (UCUM).
var piece = translation.Coding{System: "http://unitsofmeasure.org", Code: "1"}

func (f *Finder) strength(r *Ratio) (translation.Strength, bool) {
	if r == nil {
		return translation.Strength{}, false
	}
	numerator, per, ok := f.quotient(r.Numerator)
	denominator, okPer := f.measure(r.Denominator)
	if !ok || !okPer || per.Code != "" && !denominator.IsZero() {
		return translation.Strength{}, false
	}
	if per.Code != "" {
		denominator = translation.Measure{Number: big.NewRat(1, 1), Unit: per}
	}
	return translation.NewStrength(numerator, denominator)
}

// totalDiffers says that the prescription also writes a total that is not what its packages hold. A total that counts
// the packages themselves is none.
func (f *Finder) totalDiffers(p *Prescription, want *need) bool {
	total, ok := f.measure(p.Amount.Total)
	packs, counted := Decimal(p.Amount.Packages)
	if !ok || total.IsZero() || !counted || len(want.parts) > 0 {
		return false
	}
	held := want.size.total().Base()
	if base := total.Base(); translation.SameUnit(base.Unit, held.Unit) {
		return base.Number.Cmp(new(big.Rat).Mul(held.Number, packs)) != 0 && (!total.Counts() || base.Number.Cmp(packs) != 0)
	}
	return false
}

// substances are the shared codes of all active substances, each once.
func (n *need) substances() []translation.Coding {
	whole := translation.Product{Ingredients: n.ingredients}
	for i := range n.parts {
		whole.Parts = append(whole.Parts, translation.Product{Ingredients: n.parts[i].ingredients})
	}
	return whole.Substances()
}

// class is the ATC code of the whole product, where there is one and it names a substance and not a group.
func (n *need) class() translation.Coding {
	if len(n.classification) != 1 || len(n.classification[0].Code) != len("A10BA02") {
		return translation.Coding{}
	}
	return n.classification[0]
}
