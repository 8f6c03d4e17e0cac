package reading

import (
	"sild/node"
)

// medicine shows a medicinal product, and each part of a combination pack as a block of its own.
func (w *writer) medicine(heading string, m *node.Medication) Block {
	s := sheet{writer: w}
	s.must("medicine.name", neutral(m.Name))
	if len(m.Parts) == 0 || m.Form != nil {
		s.must("medicine.form", w.coded(m.Form))
	}
	s.ingredients(m)
	s.texts("medicine.strength-words", m.Strength)
	s.slots("medicine.atc", m.Classification...)
	s.pack(m.Package)
	s.texts("medicine.recipe", m.Text)
	s.names("medicine.holder", m.Holder)
	s.slots("medicine.product", m.Product)
	s.slots("medicine.generic", m.Generic)
	b := Block{Heading: heading, Rows: s.rows}
	if len(m.Parts) > 0 {
		b.State = w.say("medicine.kit")
	}
	for i := range m.Parts {
		b.Inner = append(b.Inner, w.medicine(w.say("medicine.part")+" "+itoa(i+1), &m.Parts[i]))
	}
	return b
}

// ingredients shows each substance with its strength in the next line.
func (s *sheet) ingredients(m *node.Medication) {
	if len(m.Ingredients) == 0 && len(m.Parts) == 0 {
		s.must("medicine.substance")
	}
	for i, ingredient := range m.Ingredients {
		substance, strength := s.numbered("medicine.substance", i, len(m.Ingredients)), s.numbered("medicine.strength", i, len(m.Ingredients))
		name := s.text(ingredient.Name)
		if ingredient.Substance != nil && sourceDisplay(ingredient.Substance) == ingredient.Name {
			name = Value{}
		}
		s.must(substance, s.coded(ingredient.Substance), name)
		s.must(strength, s.strength(ingredient.Strength))
	}
}

// pack shows a package in plain arithmetic, outermost container first: 3 × 10 tablets.
func (s *sheet) pack(p node.Package) {
	var size Value
	for i := len(p.Levels) - 1; i >= 0; i-- {
		if of := s.quantity(p.Levels[i].Quantity); size.isEmpty() {
			size = of
		} else if !of.isEmpty() {
			size = between(size, of, " × ")
		}
	}
	s.row("pack.size", size)
	s.row("pack.items", s.quantity(p.Items))
	s.row("pack.content", s.quantity(p.Content))
	for i, level := range p.Levels {
		label := s.numbered("pack.container", i, len(p.Levels))
		s.row(label, s.coded(level.Form), neutral(level.Name))
		s.row(s.numbered("pack.number", i, len(p.Levels)), s.coded(level.Product))
	}
}
