package fhir

import (
	"sild/node"
	"sild/translation"
)

// medications writes the Medication entry of a prescription (Medication-eu-mpd), and one for each part of a
// combination pack.
func (e *encoder) medications(m *node.Medication, ids []string) {
	e.entry(ids[0], "Medication", profileMedication)
	e.medication(m, "medication", ids[1:])
	e.endEntry("include")
	for i := range m.Parts {
		path := "medication.part[" + itoa(i) + "]"
		if len(m.Parts[i].Parts) > 0 {
			e.refuse(path, "encode.parts", "A part of a combination pack has parts of its own.")
		}
		e.entry(ids[i+1], "Medication", profileMedication)
		e.medication(&m.Parts[i], path, nil)
		e.endEntry("include")
	}
}

// medication writes the members of a Medication behind its type; parts are the ids of the entries of its parts.
func (e *encoder) medication(m *node.Medication, path string, parts []string) {
	e.medicationExtensions(m)
	if !e.hidden(m.Product) {
		e.took(m.Product)
		list := e.array("identifier")
		e.identifier("", node.Identifier{System: m.Product.Original().System, Value: m.Product.Original().Code})
		e.close(list)
	}
	if !e.document {
		e.concept("code", m.Generic)
	}
	e.maker(m.Holder)
	e.concept("form", m.Form)
	e.amount(m.Package)
	list := e.array("ingredient")
	for i, ingredient := range m.Ingredients {
		e.ingredient(ingredient, path+".ingredient["+itoa(i)+"]")
	}
	for _, id := range parts {
		mark := e.object("")
		e.reference("itemReference", id)
		e.close(mark)
	}
	e.recipe(m)
	e.close(list)
	e.loseMedicine(m, path)
}

// maker writes who holds the authorisation: R4 has the manufacturer for it.
func (e *encoder) maker(holder string) {
	mark := e.object("manufacturer")
	e.text("display", holder)
	e.close(mark)
}

// loseMedicine reports what is said of a medicine and has no element: its strength in words, and how a package is made
// up. The coded places of the levels are reported with all the others.
func (e *encoder) loseMedicine(m *node.Medication, path string) {
	if m.Strength != "" {
		e.lose(path+".strength", "The pivot form has no place for the strength in words.")
	}
	if len(m.Package.Levels) > 2 {
		e.lose(path+".package.level", "The pivot form counts the items of a package and what one of them holds, not the layers between.")
	}
	for i, level := range m.Package.Levels {
		if level.Name != "" {
			e.lose(path+".package.level["+itoa(i)+"].name", "The pivot form has no name for a container.")
		}
	}
}

func (e *encoder) medicationExtensions(m *node.Medication) {
	list := e.array("extension")
	for _, slot := range m.Classification {
		if e.hidden(slot) || e.document && e.has(slot) {
			continue // in a summary one of them is the code of the medicine
		}
		mark := e.extension(extClassification)
		e.concept("valueCodeableConcept", slot)
		e.close(mark)
	}
	e.part(extProductName, "valueString", m.Name)
	if unit := m.Package.Items.Unit; !e.hidden(unit) && !e.document {
		mark := e.extension(extUnitOfPresentation)
		e.concept("valueCodeableConcept", unit)
		e.close(mark)
	}
	if content := m.Package.Content; !content.IsZero() && (content.Unit == nil || !e.hidden(content.Unit)) {
		mark := e.extension(extSizeOfItem)
		e.quantity("valueQuantity", content)
		e.close(mark)
	}
	e.close(list)
}

// amount writes the size of one package: so many items per package (IHE MPD: amount counts items, the extension
// sizeofitem says what one of them holds).
func (e *encoder) amount(p node.Package) {
	if p.Items.IsZero() {
		return
	}
	mark := e.object("amount")
	e.quantity("numerator", p.Items)
	e.packages("denominator", "1")
	e.close(mark)
}

func (e *encoder) ingredient(i node.Ingredient, path string) {
	if e.hidden(i.Substance) && !e.document {
		e.refuse(path+".substance", "encode.substance", "An ingredient does not say which substance it is.")
		return
	}
	mark := e.object("")
	e.substance(i, path)
	e.boolean("isActive", true)
	e.ratio("strength", path+".strength", i.Strength)
	e.close(mark)
}

// substance writes which substance it is. Its name in the source's words is that of the code, unless the code has words of
// its own.
func (e *encoder) substance(i node.Ingredient, path string) {
	if e.hidden(i.Substance) {
		named := translation.Slot{Text: i.Name}
		e.required("itemCodeableConcept", &named)
		return
	}
	mark := e.object("itemCodeableConcept")
	e.took(i.Substance)
	slot := *i.Substance
	if slot.Text == "" {
		slot.Text = i.Name
	} else if i.Name != "" && i.Name != slot.Text {
		e.lose(path+".name", "The pivot form has one name for a substance.")
	}
	e.conceptBody(&slot)
	e.close(mark)
}

// recipe writes the recipe of a pharmacy-made medicine as the text of its one ingredient, as both national models do.
func (e *encoder) recipe(m *node.Medication) {
	if m.Text == "" {
		return
	}
	mark := e.object("")
	item := e.object("itemCodeableConcept")
	e.text("text", m.Text)
	e.close(item)
	e.close(mark)
}
