package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// use reads a medicine that is taken, was prescribed, given or handed out.
func (d *decoder) use(v value, e *node.Entry) {
	e.Type = d.at(v.get("category"))
	if concept := v.get("medicationCodeableConcept"); concept.there() {
		e.What = d.at(concept)
		d.codedMedicine(e)
	} else if found := d.led(v.get("medicationReference")); found.there() {
		m := d.medicineAt(found, nil)
		e.Medication = &m
	}
	e.Reasons = d.allAt(v.get("reasonCode"))
	if e.When = d.period(v.get("effectivePeriod")); e.When == (node.Period{}) {
		e.When = d.when(v, "effective")
	}
	e.Recorded = d.takeFirst(v.get("dateAsserted"), v.get("authoredOn"))
	list := v.get("dosage")
	if !list.there() {
		list = v.get("dosageInstruction")
	}
	for _, dosage := range list.each {
		e.Dosage = append(e.Dosage, d.dosageAt(dosage))
	}
}

// codedMedicine makes a medicine of a mere code, unless the code says that there is none.
func (d *decoder) codedMedicine(e *node.Entry) {
	if e.What == nil || isAbsent(e.What) {
		return
	}
	m := node.Medication{Name: orElse(e.What.Text, e.What.Current.Display)}
	if e.What.Field == translation.Classification {
		m.Classification = []*translation.Slot{e.What}
	}
	e.Medication = &m
}

// medicineAt reads a Medication whose coded places are slots already. above are the packs that it is a part of.
func (d *decoder) medicineAt(v value, above []value) node.Medication {
	m := node.Medication{Name: d.take(firstExtension(v, extProductName, extEstonianName, extKantaDrug).get("valueString")),
		Form: d.at(either(v, "doseForm", "form")), Holder: d.maker(v)}
	m.Product = d.provenanceOf(v)
	if code := d.at(v.get("code")); code != nil && code.Field == translation.Classification {
		m.Classification = append(m.Classification, code)
	}
	for _, ext := range extensions(v, extClassification) {
		if slot := d.at(ext.get("valueCodeableConcept")); slot != nil {
			m.Classification = append(m.Classification, slot)
			d.claim(ext)
		}
	}
	if m.Name == "" {
		m.Name = orElse(v.walk("code", "text").text(), v.get("code").get("coding").item(0).get("display").text())
	}
	m.Package = d.packageAt(v)
	for _, item := range v.get("ingredient").each {
		d.ingredientAt(item, append(slices.Clip(above), v), &m)
	}
	return m
}

// provenanceOf is the product number of a medicine: it is never translated, only kept.
func (d *decoder) provenanceOf(v value) *translation.Slot {
	for _, id := range v.get("identifier").each {
		if id.get("system").there() && id.get("value").there() {
			product := d.identifier(id)
			return d.lone(id, translation.ProductID, translation.Coding{System: product.System, Code: product.Value})
		}
	}
	return nil
}

// maker is who holds the authorisation of a medicine, or makes it.
func (d *decoder) maker(v value) string {
	ref := either(v, "marketingAuthorizationHolder", "manufacturer")
	display, name := d.waive(ref.get("display")), d.waive(d.target(ref).get("name"))
	if display.text() == "" || display.text() == name.text() {
		d.led(ref)
		return d.hold(name).text()
	}
	return d.hold(display).text()
}

func (d *decoder) packageAt(v value) node.Package {
	items := v.get("totalVolume")
	if !items.there() {
		items = v.walk("amount", "numerator")
		if one := v.walk("amount", "denominator", "value"); one.text() == "1" {
			d.hold(one) // any package size is that of one package
		}
	}
	size := firstExtension(v, extSizeOfItem, extEstonianSize)
	p := node.Package{Items: d.measured(items), Content: d.measured(size.get("valueQuantity"))}
	d.claim(size)
	return p
}

func (d *decoder) ingredientAt(item value, above []value, m *node.Medication) {
	if ref := item.get("itemReference"); ref.there() {
		if inner := d.target(ref); d.step(ref) && inner.get("resourceType").text() == "Medication" && len(above) < 2 && !slices.Contains(above, inner) {
			d.led(ref)
			m.Parts = append(m.Parts, d.medicineAt(inner, above))
		}
		return
	}
	concept := item.get("itemCodeableConcept")
	if !concept.get("coding").there() && !item.get("isActive").there() && concept.get("text").there() {
		m.Text = concept.get("text").text()
		return
	}
	if item.get("isActive").text() == "false" {
		return
	}
	d.hold(item.get("isActive"))
	found := node.Ingredient{Substance: d.at(concept), Name: concept.get("text").text()}
	if strength := either(item, "strengthRatio", "strength"); strength.there() {
		found.Strength = &node.Ratio{Numerator: d.measured(strength.get("numerator")), Denominator: d.measured(strength.get("denominator"))}
	}
	m.Ingredients = append(m.Ingredients, found)
}

// dosageAt reads a dosage whose coded places are slots already.
func (d *decoder) dosageAt(v value) node.Dosage {
	before := d.afresh(v)
	defer d.again(v, before)
	dosage := node.Dosage{Text: d.takeFirst(v.get("text"), v.get("patientInstruction")), AsNeeded: d.flag(v.get("asNeededBoolean")), Route: d.at(v.get("route"))}
	for _, more := range v.get("additionalInstruction").each {
		if words := more.get("text").text(); words != "" && len(d.codings(more)) == 0 {
			dosage.Additional = append(dosage.Additional, words)
		}
	}
	dosage.Timing = d.timing(v.walk("timing", "repeat"))
	dose := v.get("doseAndRate").item(0)
	dosage.Dose = d.measured(dose.get("doseQuantity"))
	if span := dose.get("doseRange"); span.there() {
		dosage.Dose, dosage.DoseHigh = d.measured(span.get("low")), d.measured(span.get("high"))
	}
	if once := v.get("dose"); once.there() { // of a MedicationAdministration
		dosage.Dose, dose = d.measured(once), v
	}
	d.more(v, dose, "", d.byPlace(), &dosage)
	dosage.Untold = d.marked(v) || d.untold(v, ownSlots(dosage))
	return dosage
}
