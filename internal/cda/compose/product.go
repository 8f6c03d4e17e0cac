package compose

import (
	"sild/node"
	"sild/translation"
)

// product is one medicine to be written: its place in the record, the templates of its two elements, and whether what a
// counter needs must be there (a summary may be worth having without).
type product struct {
	m            *node.Medication
	path         string
	outer, inner []string
	must         bool
	part         bool // of a combination pack
}

// dispensable is a product of a prescription or a dispensation.
func dispensable(m *node.Medication) product {
	return product{m: m, path: "medication", outer: []string{"~3.29"}, inner: []string{"~3.30"}, must: true}
}

// manufactured writes the manufacturedProduct: the material in the order of the pharmacy extension (code, name, desc,
// formCode, asContent, asSpecializedKind, part, ingredient), then who holds its authorisation.
func (c *composer) manufactured(p product) {
	c.start("manufacturedProduct", "classCode", "MANU")
	c.templates(p.outer...)
	c.start("manufacturedMaterial", "classCode", "MMAT", "determinerCode", "KIND")
	c.templates(p.inner...)
	c.coded("code", p.m.Product)
	c.productName("name", p.m.Name)
	c.material(p)
	c.end()
	c.holder(p.m.Holder)
	c.end()
}

func (c *composer) holder(name string) {
	if name == "" {
		return
	}
	c.start("manufacturerOrganization", "classCode", "ORG", "determinerCode", "INSTANCE")
	c.words("name", name)
	c.end()
}

// productName writes the brand name; a medicine by its substance has none.
func (c *composer) productName(element, name string) {
	if name == "" {
		c.empty(element, "nullFlavor", "NI")
		return
	}
	c.words(element, name)
}

// material writes what a product and a part of a combination pack have in common.
func (c *composer) material(p product) {
	c.words("pharm:desc", p.m.Strength)
	c.form(p)
	c.container(p)
	c.kinds(p)
	for i := range p.m.Parts {
		part := product{m: &p.m.Parts[i], path: p.path + ".part[" + itoa(i) + "]", must: p.must, part: true}
		c.part(part)
	}
	for i := range p.m.Ingredients {
		c.ingredient(p, i)
	}
	if p.must && len(p.m.Ingredients) == 0 && len(p.m.Parts) == 0 {
		c.refuse(p.path+".ingredient", "compose.ingredient", "The medicine does not say what is in it.")
	}
}

// form writes the dose form. It must be right in a prescription; of a combination pack only the parts must have one.
func (c *composer) form(p product) {
	if p.m.Form == nil {
		if p.must && len(p.m.Parts) == 0 {
			c.refuse(p.path+".form", "compose.form", "The medicine has no dose form.")
		}
		c.empty("pharm:formCode", "nullFlavor", "NI")
		return
	}
	if known := c.coded("pharm:formCode", p.m.Form); !known && p.must {
		c.refuse(p.path+".form", "compose.form", "The dose form has no code that CDA can carry.")
	}
}

// kinds writes the ATC classes and the pharmaceutical product identifier.
func (c *composer) kinds(p product) {
	for _, slot := range p.m.Classification {
		c.kindOf("GRIC", func() { c.coded("pharm:code", slot) })
	}
	if len(p.m.Classification) == 0 && !p.part {
		c.kindOf("GRIC", func() { c.empty("pharm:code", "nullFlavor", "NI") })
	}
	if p.m.Generic != nil {
		c.kindOf("GEN", func() { c.coded("pharm:code", p.m.Generic) })
	}
}

func (c *composer) kindOf(class string, code func()) {
	c.start("pharm:asSpecializedKind", "classCode", class)
	c.start("pharm:generalizedMaterialKind", "classCode", "MMAT", "determinerCode", "KIND")
	code()
	c.ends(2)
}

// part writes one medicine of a combination pack: how many of it are in the pack, and what it is. What one of them holds
// stands as its content, so the number of items is not said twice.
func (c *composer) part(p product) {
	c.start("pharm:part", "classCode", "PART")
	items := p.m.Package.Items
	switch {
	case !items.IsZero():
		c.quantity("pharm:quantity", items, p.needed(".package"), "xsi:type", "PQ")
	case p.must:
		c.refuse(p.path+".package", "compose.package", "A part of a combination pack does not say how many there are.")
	}
	c.start("pharm:partProduct", "classCode", "MMAT", "determinerCode", "KIND")
	c.coded("pharm:code", p.m.Product)
	c.words("pharm:name", p.m.Name)
	c.partMaterial(p)
	c.ends(2)
	if p.m.Holder != "" {
		c.lose(p.path+".holder", "A part of a pack has no holder of its own in CDA.")
	}
	if p.m.Text != "" {
		c.lose(p.path+".text", "A part of a pack has no recipe in CDA.")
	}
}

func (c *composer) partMaterial(p product) {
	inner := *p.m
	inner.Package = partPackage(p.m.Package)
	if n := len(p.m.Package.Levels); n > len(inner.Package.Levels) {
		c.lose(p.path+".package.levels", "A part of a pack keeps its number and what one item holds, not every container.")
	}
	p.m = &inner
	c.material(p)
}

// needed is the place to name where a number must be right, or empty.
func (p product) needed(place string) string {
	if !p.must {
		return ""
	}
	return p.path + place
}

// ingredient writes an active substance with its strength.
func (c *composer) ingredient(p product, i int) {
	in := &p.m.Ingredients[i]
	path := p.path + ".ingredient[" + itoa(i) + "]"
	c.start("pharm:ingredient", "classCode", "ACTI")
	c.strength(p, in.Strength, ".ingredient["+itoa(i)+"].strength")
	c.start("pharm:ingredientSubstance", "classCode", "MMAT", "determinerCode", "KIND")
	known := false
	if in.Substance == nil {
		c.empty("pharm:code", "nullFlavor", "NI")
	} else {
		known = c.coded("pharm:code", in.Substance)
	}
	c.words("pharm:name", in.Name)
	c.ends(2)
	if p.must && (in.Substance == nil || !known && !c.namedByClass(p.m, in)) {
		c.refuse(path+".substance", "compose.substance", "An ingredient does not say which substance it is.")
	}
}

// namedByClass says that a receiver can tell a substance without its code: the medicine's ATC class stands in the document
// and the substance has a name. So real documents write it whose substances have no list in CDA.
func (c *composer) namedByClass(m *node.Medication, in *node.Ingredient) bool {
	if in.Name == "" && in.Substance.Text == "" && in.Substance.Current.Display == "" {
		return false
	}
	for _, atc := range m.Classification {
		if _, ok := c.attributes(atc.Current); ok {
			return true
		}
	}
	return false
}

// strength writes numerator and denominator. A strength that does not say what it is counted in cannot be handed on.
func (c *composer) strength(p product, r *node.Ratio, place string) {
	if r == nil {
		if p.must {
			c.refuse(p.path+place, "compose.strength", "An ingredient has no strength.")
		}
		return
	}
	denominator, fits := c.denominator(r)
	switch {
	case !fits:
		c.refuse(p.path+place+".denominator", "compose.strength", "A strength is counted per two different units.")
	case p.must && (denominator.Value == "" || r.Numerator.Unit == nil):
		c.refuse(p.path+place, "compose.strength", "A strength does not say what it counts, or per what.")
	}
	c.start("pharm:quantity")
	c.quantity("numerator", r.Numerator, p.needed(place+".numerator"), "xsi:type", "PQ")
	c.quantity("denominator", denominator, p.needed(place+".denominator"), "xsi:type", "PQ")
	c.end()
}

// denominator is what a strength is counted in: as written, or the one inside a national unit such as "milligrams per
// millilitre" that was taken apart. false where the two differ.
func (c *composer) denominator(r *node.Ratio) (node.Quantity, bool) {
	if r.Numerator.Unit == nil || r.Numerator.Unit.Per() == nil {
		return r.Denominator, true
	}
	per := *r.Numerator.Unit.Per()
	value, unit := r.Denominator.Now()
	switch {
	case r.Denominator.IsZero(), r.Denominator.Unit == nil && value == "1":
		return node.Quantity{Value: "1", Unit: slotOf(per, r.Numerator.Unit.Path)}, true
	}
	return r.Denominator, value == "1" && unit.Same(per)
}

// deepest is how many containers the rules let stand in one another.
const deepest = 3

// container writes the package, the innermost container first: each holds its quantity and stands in the next one.
func (c *composer) container(p product) {
	levels := p.m.Package.Levels
	if len(levels) == 0 {
		levels = levelsOf(p.m.Package)
	}
	if len(levels) == 0 {
		if p.must && len(p.m.Parts) == 0 && !p.part {
			c.refuse(p.path+".package", "compose.package", "The medicine does not say how much is in a package.")
		}
		return
	}
	if len(levels) > deepest {
		if p.must {
			c.refuse(p.path+".package", "compose.package", "The package has more containers in one another than CDA takes.")
		}
		c.lose(p.path+".package", "The package has more containers in one another than CDA takes.")
		return
	}
	for i, level := range levels {
		c.start("pharm:asContent", "classCode", "CONT")
		c.quantity("pharm:quantity", level.Quantity, p.needed(".package"), "xsi:type", "PQ")
		c.start("pharm:containerPackagedProduct", "classCode", "CONT", "determinerCode", "KIND")
		c.coded("pharm:code", level.Product)
		c.words("pharm:name", level.Name)
		c.codedOr("pharm:formCode", level.Form)
		if i == len(levels)-1 {
			c.ends(2 * len(levels))
		}
	}
}

// levelsOf builds containers from what they come to: the content of one item, and the items; or the items alone.
func levelsOf(p node.Package) []node.PackageLevel {
	var levels []node.PackageLevel
	for _, q := range []node.Quantity{p.Content, p.Items} {
		if !q.IsZero() {
			levels = append(levels, node.PackageLevel{Quantity: q})
		}
	}
	return levels
}

// partPackage is what stands inside a part of a combination pack: only what one item holds, in the innermost container,
// because the number of items stands at the part itself.
func partPackage(p node.Package) node.Package {
	if p.Content.IsZero() {
		return node.Package{}
	}
	level := node.PackageLevel{Quantity: p.Content}
	if len(p.Levels) > 0 {
		level.Form, level.Product, level.Name = p.Levels[0].Form, p.Levels[0].Product, p.Levels[0].Name
	}
	return node.Package{Levels: []node.PackageLevel{level}}
}

func slotOf(code translation.Coding, path string) *translation.Slot {
	return translation.NewSlot(translation.StrengthUnit, path, code)
}
