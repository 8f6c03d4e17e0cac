package compose

import (
	"strings"

	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// quantity writes a PQ in its unit of now, with the units that it was counted in before as translations, the oldest
// first: the order of the hops, in which a receiver reads them. A number that is no decimal refuses the document where
// must is given, the place in the record; elsewhere the words stand in its place.
func (c *composer) quantity(name string, q node.Quantity, must string, attributes ...string) {
	value, unit := q.Now()
	if _, ok := node.Decimal(value); !ok {
		c.noNumber(name, q, must, attributes)
		return
	}
	written, whole := c.unit(unit)
	c.start(name, append(attributes, "value", value, "unit", written)...)
	if q.Unit != nil {
		c.written[q.Unit] = true
		c.earlier(q, value, whole)
		c.loseUnitWords(q.Unit, whole)
	}
	c.end()
}

// loseUnitWords reports the source's words for a unit where the unit is an attribute and nothing else.
func (c *composer) loseUnitWords(slot *translation.Slot, whole bool) {
	words := slot.Original().Display
	if whole && len(slot.Hops) == 0 && words != "" && words != slot.Original().Code {
		c.loseAt(slot.Path+".words", "A unit of measure has no words beside it in CDA.")
	}
}

// noNumber writes a quantity that has no decimal.
func (c *composer) noNumber(name string, q node.Quantity, must string, attributes []string) {
	if must != "" {
		c.refuse(must, "compose.number", "A number that must be right is missing or is no decimal.")
		return
	}
	absent := ""
	if q.Unit != nil {
		c.written[q.Unit], absent = true, q.Unit.Absent()
	}
	c.start(name, append(attributes, "nullFlavor", nullFlavor(absent))...)
	if q.Value != "" {
		c.loseAt(pathOf(q.Unit, name), "A number that is no decimal stands in CDA as words.")
		c.start("translation")
		c.words("originalText", strings.TrimSpace(q.Value+" "+unitWords(q.Unit)))
		c.end()
	} else if q.Unit != nil && !q.Unit.Current.IsZero() {
		c.loseAt(q.Unit.Path, "A unit without a number says nothing in CDA.")
	}
	c.end()
}

func pathOf(slot *translation.Slot, otherwise string) string {
	if slot == nil {
		return otherwise
	}
	return slot.Path
}

func unitWords(slot *translation.Slot) string {
	if slot == nil {
		return ""
	}
	if slot.Current.Display != "" {
		return slot.Current.Display
	}
	return slot.Current.Code
}

// unit is a unit as an attribute: UCUM as it is, anything else by its name. whole is false where the attribute does not
// tell the code.
func (c *composer) unit(unit translation.Coding) (text string, whole bool) {
	if unit.IsZero() {
		return "1", true
	}
	if root, _, ok := c.root(unit.System); ok && root == oid.UCUM && unit.Code != "" {
		return unit.Code, true
	}
	return UnitName(unit), false
}

// UnitName is the name of a unit that is not of UCUM, as it stands in the attribute of a quantity: a UCUM annotation, or
// "1" where the name is not plain ASCII, as an annotation must be (UCUM 6). The code stands in a translation beside it.
func UnitName(unit translation.Coding) string {
	for _, words := range []string{unit.Display, unit.Code} {
		if note := strings.Join(strings.Fields(words), "_"); note != "" && isAnnotation(note) {
			return "{" + note + "}"
		}
	}
	return "1"
}

func isAnnotation(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' || s[i] == '{' || s[i] == '}' || s[i] == '"' {
			return false
		}
	}
	return true
}

// earlier writes the units before the last hop, and the unit of now where it is no UCUM code. Only the first and the last
// number are known to a slot; a unit between them stands without one.
func (c *composer) earlier(q node.Quantity, value string, whole bool) {
	slot := q.Unit
	forms := c.forms(&translation.Slot{Current: slot.Current, Hops: slot.Hops})
	for i := len(forms) - 1; i >= 0; i-- {
		number := ""
		switch {
		case i == 0 && whole:
			continue // the element itself says it
		case i == 0 || value == q.Value:
			number = value
		case i == len(forms)-1:
			number = q.Value
		}
		c.pastUnit(slot, number, forms[i])
	}
	words := slot.Text
	if words == "" {
		words = slot.Rendered
	}
	if words != "" {
		c.start("translation")
		c.words("originalText", words)
		c.end()
	}
}

func (c *composer) pastUnit(slot *translation.Slot, number string, form translation.Coding) {
	if attributes, ok := c.attributes(form); ok {
		c.empty("translation", append([]string{"value", number}, attributes...)...)
		return
	}
	c.loseAt(slot.Path, "A unit of a system without number (OID) stands in CDA as words.")
	words := form.Display
	if words == "" {
		words = form.Code
	}
	c.start("translation", "value", number)
	c.words("originalText", words)
	c.end()
}

// count writes a plain number of things.
func (c *composer) count(name, number, slot string) {
	n, ok := node.Decimal(number)
	if !ok || !n.IsInt() || n.Sign() <= 0 {
		c.refuse(slot, "compose.count", "A number of packages is a whole number above zero.")
		return
	}
	c.empty(name, "value", number, "unit", "1")
}
