package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// medication reads a Medication of any of the forms: the names of the elements differ between R4, R5 and the national
// extensions, their meaning does not.
func (d *decoder) medication(v value, path string) node.Medication {
	d.checkInUse(v)
	m := node.Medication{Name: d.take(firstExtension(v, extProductName, extEstonianName, extKantaDrug).get("valueString"))}
	m.Product = d.product(v, path)
	m.Classification = d.classification(v, path)
	// The Finnish form has it as words only, and the code in the medicine list: see listed.
	if form := either(v, "doseForm", "form"); d.doc.Format != FinnishR4 || len(d.codings(form)) > 0 {
		m.Form = d.concept(form, translation.DoseForm, path+".form")
	}
	m.Package = d.packageOf(v, path)
	m.Holder = d.maker(v)
	if code := v.get("code"); strings.Contains(strings.ToLower(code.get("coding").item(0).get("system").text()), "phpid") {
		m.Generic = d.concept(code, translation.ProductID, path+".generic")
	}
	d.ingredients(v, path, &m)
	return m
}

// checkInUse refuses a medicine that its own status takes back: entered in error, or no longer in use. Whoever withdraws
// a dispensation may take its medicine back too.
func (d *decoder) checkInUse(v value) {
	if status := v.get("status"); status.there() && status.text() != "active" && d.doc.Kind != node.AWithdrawal {
		d.refuse("fhir.status", status, "a medicine that is not in use, or was entered in error")
	}
}

// known reads a Medication once: two items of a listing, or two parts of a pack, may share one.
func (d *decoder) known(v value, path string) node.Medication {
	m, again := d.medicines[v.at]
	if !again {
		m = d.medication(v, path)
		d.medicines[v.at] = m
	}
	return m
}

// either is the first of two members that is there: the R5 name and the R4 name of one element.
func either(v value, first, second string) value {
	if found := v.get(first); found.there() {
		return found
	}
	return v.get(second)
}

func firstExtension(v value, urls ...string) value {
	for _, url := range urls {
		if found := extension(v, url); found.there() {
			return found
		}
	}
	return value{}
}

// product is the national package number.
func (d *decoder) product(v value, path string) *translation.Slot {
	for _, id := range v.get("identifier").each {
		if id.get("system").there() && id.get("value").there() {
			return d.identified(id, path+".product")
		}
	}
	return nil
}

// classification reads the ATC codes: the extension of the Estonian and the IHE form, and the product code of the
// Finnish one, which is an ATC code.
func (d *decoder) classification(v value, path string) []*translation.Slot {
	var found []*translation.Slot
	add := func(concept value) {
		at := path + ".classification[" + itoa(len(found)) + "]"
		if slot := d.concept(concept, translation.Classification, at); slot != nil {
			found = append(found, slot)
		}
	}
	for _, ext := range v.get("extension").each {
		if url := ext.get("url").text(); url == extClassification || url == extEstonianATC {
			add(ext.get("valueCodeableConcept"))
		}
	}
	if code := v.get("code"); isATC(code.get("coding").item(0).get("system").text()) {
		add(code)
	}
	return found
}

// isATC says that the system is the WHO's classification, in one of its URIs or as a national edition.
func isATC(system string) bool {
	switch system {
	case systemFinnishATC, systemEstonianATC, "http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73":
		return true
	}
	return false
}

// packageOf reads the size of one package: totalVolume (Estonia, R5) or amount (R4) counts the items, the extension
// size-of-item says what one of them holds.
func (d *decoder) packageOf(v value, path string) node.Package {
	var p node.Package
	items := v.get("totalVolume")
	if !items.there() {
		items = v.walk("amount", "numerator")
		d.onePackage(v.walk("amount", "denominator"))
	}
	p.Items = d.quantity(items, translation.PackageUnit, path+".package.items")
	d.presentation(extension(v, extUnitOfPresentation).get("valueCodeableConcept"), &p, path)
	size := firstExtension(v, extSizeOfItem, extEstonianSize).get("valueQuantity")
	p.Content = d.quantity(size, translation.PackageUnit, path+".package.content")
	return p
}

// onePackage claims the denominator of amount, and refuses anything but one: "30 tablets per 2" is no package size.
func (d *decoder) onePackage(v value) {
	if v.there() {
		d.demand(v.get("value").text() == "1", "fhir.quantity", v, "a package size that is not per one package")
		d.claim(v)
	}
}

// presentation reads the unit of presentation. It names the items' unit again, or names it where the amount does not.
func (d *decoder) presentation(v value, p *node.Package, path string) {
	if !v.there() {
		return
	}
	unit := d.coding(v.get("coding").item(0))
	switch {
	case p.Items.Unit != nil && p.Items.Unit.Current.Same(unit):
		d.claim(v)
	case p.Items.Unit == nil && p.Items.Value != "":
		p.Items.Unit = d.concept(v, translation.PackageUnit, path+".package.items")
		p.Items.Unit.Number = p.Items.Value
	}
}

// ingredients reads the active substances with their strength, and the parts of a combination pack.
func (d *decoder) ingredients(v value, path string, m *node.Medication) {
	for _, item := range v.get("ingredient").each {
		ref := item.walk("item", "reference")
		if !ref.there() {
			ref = item.get("itemReference")
		}
		if ref.there() {
			d.part(ref, path, m)
			continue
		}
		d.ingredient(item, path, m)
	}
}

func (d *decoder) part(ref value, path string, m *node.Medication) {
	if strings.Contains(path, ".part[") {
		d.refuse("fhir.parts", ref, "a part of a combination pack that has parts of its own")
		return
	}
	if inner := d.follow(ref, "Medication"); inner.there() {
		m.Parts = append(m.Parts, d.known(inner, path+".part["+itoa(len(m.Parts))+"]"))
	}
}

func (d *decoder) ingredient(item value, path string, m *node.Medication) {
	if active := item.get("isActive"); active.text() == "false" {
		return
	}
	concept := item.walk("item", "concept")
	if !concept.there() {
		concept = item.get("itemCodeableConcept")
	}
	// In the pivot forms a strength makes it a substance, though in words only; an Estonian recipe has them too.
	measured := either(item, "strengthRatio", "strength").there() && d.doc.Format != EstonianR5
	if len(d.codings(concept)) == 0 && concept.get("text").there() && !measured {
		m.Text = strings.TrimPrefix(m.Text+"\n"+d.claim(concept).get("text").text(), "\n")
		return
	}
	at := path + ".ingredient[" + itoa(len(m.Ingredients)) + "]"
	found := node.Ingredient{
		Substance: d.concept(concept, translation.Substance, at+".substance"),
		Strength:  d.ratio(either(item, "strengthRatio", "strength"), at+".strength"),
	}
	found.Name = concept.get("text").text()
	d.claim(item.get("isActive"))
	m.Ingredients = append(m.Ingredients, found)
}
