package cda

import (
	"math/big"
	"strconv"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// product reads a manufacturedProduct: the material and who holds its authorisation.
func (d *decoder) product(e xmldom.Element, path string) node.Medication {
	material := d.sure(e, "manufacturedMaterial")
	m := d.material(material, path)
	m.Holder = d.text(child(child(e, "manufacturerOrganization"), "name"))
	return m
}

// material reads a manufacturedMaterial or a partProduct (MyHealth@EU medicinal product, template 3.30).
func (d *decoder) material(e xmldom.Element, path string) node.Medication {
	d.claim(e)
	m := node.Medication{Name: d.text(child(e, "name")), Strength: d.text(child(e, "desc"))}
	if code := child(e, "code"); code.There() {
		m.Product = d.coded(code, translation.ProductID, path+".product")
	}
	m.Form = d.coded(d.sure(e, "formCode"), translation.DoseForm, path+".form")
	d.container(d.sure(e, "asContent"), path+".package", &m)
	for kind := range each(e, "asSpecializedKind") {
		d.specialised(kind, path, &m)
	}
	for ingredient := range each(e, "ingredient") {
		d.ingredient(ingredient, path, &m)
	}
	for i, part := range every(e, "part") {
		d.part(part, path+".part["+strconv.Itoa(i)+"]", &m)
	}
	m.Package.Items, m.Package.Content = d.sum(m.Package.Levels)
	return m
}

// wholeLevels refuses a prescription or dispensation in which the outermost package holds a part of another one.
func (d *decoder) wholeLevels(e xmldom.Element, levels []node.PackageLevel) {
	outer := levels[len(levels)-1].Quantity
	if !d.strict || len(levels) == 1 || !countsPackages(outer.Unit, levels[0].Quantity.Unit) {
		return
	}
	if count, ok := node.Decimal(outer.Value); ok && !count.IsInt() {
		d.refuse("cda.fraction", e, "a package that holds a part of another one")
	}
}

// deepestPackage bounds the nesting of packages: a unit, a blister, a box (three levels), and one to spare.
const deepestPackage = 4

// container reads the package from the innermost level outwards.
func (d *decoder) container(e xmldom.Element, path string, m *node.Medication) {
	if !e.There() || d.err != nil {
		return
	}
	if len(m.Package.Levels) == deepestPackage {
		d.refuse("cda.package", e, "a package in more packages than any medicine has")
		return
	}
	at := path + ".level[" + strconv.Itoa(len(m.Package.Levels)) + "]"
	inner := either(e, "containerPackagedProduct", "containerPackagedMedicine")
	quantity := d.sure(e, "quantity")
	if !quantity.There() {
		quantity = child(inner, "capacityQuantity") // the form before wave 6
	}
	level := node.PackageLevel{Quantity: d.quantity(quantity, translation.PackageUnit, at+".quantity"),
		Form: d.coded(child(inner, "formCode"), translation.Container, at+".form"), Name: d.text(child(inner, "name"))}
	if code := child(inner, "code"); code.There() {
		level.Product = d.coded(code, translation.ProductID, at+".product")
	}
	m.Package.Levels = append(m.Package.Levels, level)
	d.wholeLevels(quantity, m.Package.Levels)
	d.container(d.sure(inner, "asContent"), path, m)
}

// sum tells the levels as items and what one of them holds: one level is the whole package, of two the outer counts the
// items and the inner is their content, and of more the outer ones are multiplied. A count that is not there, or counts no
// packages, leaves everything that it would have counted unsaid.
func (d *decoder) sum(levels []node.PackageLevel) (items, content node.Quantity) {
	switch {
	case len(levels) == 0 || d.err != nil:
		return node.Quantity{}, node.Quantity{}
	case len(levels) == 1:
		return levels[0].Quantity, node.Quantity{}
	case levels[0].Quantity.Value == "":
		return node.Quantity{}, levels[0].Quantity
	case len(levels) == 2:
		return levels[1].Quantity, levels[0].Quantity
	}
	product := big.NewRat(1, 1)
	for _, level := range levels[1:] {
		count, ok := node.Decimal(level.Quantity.Value)
		if !ok || !count.IsInt() || !countsPackages(level.Quantity.Unit, levels[0].Quantity.Unit) {
			return node.Quantity{}, levels[0].Quantity
		}
		product.Mul(product, count)
	}
	return node.Quantity{Value: product.Num().String()}, levels[0].Quantity
}

// countsPackages says that a unit counts things: it is one, or the name of a package (a UCUM annotation), and not that of
// what is in them.
func countsPackages(unit, content *translation.Slot) bool {
	if unit == nil || content == nil {
		return false
	}
	code := unit.Current.Code
	named := strings.HasPrefix(code, "{") && strings.IndexByte(code, '}') == len(code)-1
	return unit.Original().Code == "1" || unit.Current.System == ucum && named && code != content.Current.Code
}

// specialised reads what kind of medicine the product is: its ATC class, or the identifier of the pharmaceutical
// product. The form before wave 6 says GEN for either, so the code system decides.
func (d *decoder) specialised(e xmldom.Element, path string, m *node.Medication) {
	kind := either(e, "generalizedMaterialKind", "generalizedMedicineClass")
	code := child(kind, "code")
	if !code.There() {
		return
	}
	d.claim(e)
	if attr(e, "classCode") == "GRIC" || d.isATC(code) {
		at := path + ".classification[" + strconv.Itoa(len(m.Classification)) + "]"
		slot := d.coded(code, translation.Classification, at)
		m.Classification = append(m.Classification, slot)
		d.repeated(child(kind, "name"), slot)
		return
	}
	m.Generic = d.coded(code, translation.ProductID, path+".generic")
}

// isATC says that a code, or any of its earlier forms, is of the WHO's classification.
func (d *decoder) isATC(e xmldom.Element) bool {
	for ; e.There(); e = child(e, "translation") {
		if system := attr(e, "codeSystem"); system == oid.ATC {
			return true
		}
	}
	return false
}

// ingredient reads one active substance with its strength. What is not active stays residue, whatever is said of it, and
// so does an active one that a medicine is free of, which refuses a prescription or dispensation; the classes of HL7 below
// ACTI say what the strength is that of.
func (d *decoder) ingredient(e xmldom.Element, path string, m *node.Medication) {
	if class := attr(e, "classCode"); class != "" && !strings.HasPrefix(class, "ACTI") {
		return
	}
	if d.strict {
		d.positive(e)
		d.sound(e)
	}
	if negated(e) {
		return
	}
	d.claim(e)
	at := path + ".ingredient[" + strconv.Itoa(len(m.Ingredients)) + "]"
	d.sure(e, "ingredientSubstance")
	substance := either(e, "ingredientSubstance", "ingredient")
	found := node.Ingredient{Substance: d.coded(d.sure(substance, "code"), translation.Substance, at+".substance"),
		Name: d.text(child(substance, "name"))}
	if quantity := d.sure(e, "quantity"); quantity.There() {
		d.claim(quantity)
		found.Strength = &node.Ratio{
			Numerator:   d.quantity(d.sure(quantity, "numerator"), translation.StrengthUnit, at+".strength.numerator"),
			Denominator: d.quantity(d.sure(quantity, "denominator"), translation.StrengthUnit, at+".strength.denominator"),
		}
	}
	m.Ingredients = append(m.Ingredients, found)
}

// part reads one medicine of a combination pack. How many of it are in the pack is said beside it.
func (d *decoder) part(e xmldom.Element, path string, m *node.Medication) {
	if len(m.Parts) >= mostParts {
		d.refuse("cda.parts", e, "more parts than any combination pack has")
		return
	}
	d.claim(e)
	inner := d.material(d.sure(e, "partProduct"), path)
	if len(inner.Parts) > 0 {
		d.refuse("cda.parts", e, "a part of a combination pack that has parts of its own")
	}
	count := d.quantity(d.sure(e, "quantity"), translation.PackageUnit, path+".count")
	switch levels := inner.Package.Levels; {
	case len(levels) == 0:
		inner.Package.Items = count
	case len(levels) == 1 && count.Value != "":
		inner.Package.Items, inner.Package.Content = count, levels[0].Quantity
	}
	m.Parts = append(m.Parts, inner)
}

// mostParts bounds the work that one product can cause.
const mostParts = 16
