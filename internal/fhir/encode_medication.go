package fhir

import "sild/node"

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
		list := e.array("identifier")
		e.identifier("", node.Identifier{System: m.Product.Original.System, Value: m.Product.Original.Code})
		e.close(list)
	}
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
}

func (e *encoder) medicationExtensions(m *node.Medication) {
	list := e.array("extension")
	for _, slot := range m.Classification {
		if e.hidden(slot) {
			continue
		}
		mark := e.extension(extClassification)
		e.concept("valueCodeableConcept", slot)
		e.close(mark)
	}
	e.part(extProductName, "valueString", m.Name)
	if unit := m.Package.Items.Unit; !e.hidden(unit) {
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
	if e.hidden(i.Substance) {
		e.refuse(path+".substance", "encode.substance", "An ingredient does not say which substance it is.")
		return
	}
	mark := e.object("")
	e.concept("itemCodeableConcept", i.Substance)
	e.boolean("isActive", true)
	e.ratio("strength", path+".strength", i.Strength)
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
