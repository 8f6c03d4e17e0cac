package cda

import (
	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/translation"
)

// renderQuantity writes what became of a unit. A PQ holds only UCUM: a unit of presentation of EDQM stays the
// annotation that it was written as, a national unit is never written into it, and the reader's words stand in a
// translation of their own. A converted number is written with the old one beside it.
func (s *splicer) renderQuantity(e xmldom.Element, slot *translation.Slot) {
	var added []byte
	prefix, declare := translationName(e)
	if from, to, ok := converted(slot); ok && to.Code != attr(e, "unit") && (attr(e, "unit") != "" || to.Code != "1") {
		if _, now := measure(e); !isNameOf(now, from) { // the translation that it names stands there
			added = earlierQuantity(nil, prefix, declare, e)
		}
		s.setAttribute(e, "unit", to.Code)
		if slot.Amount != "" && slot.Amount != attr(e, "value") {
			s.setAttribute(e, "value", slot.Amount)
		}
	}
	if words := slot.Rendered; words != "" && words != attr(e, "unit") && !s.reword(e, words) {
		added = append(append(append(append(added, '<'), prefix...), "translation"...), declare...)
		added = append(appendAttribute(added, "displayName", words), "/>"...)
	}
	if len(added) > 0 {
		s.put(e, added)
	}
}

// converted is the newest step by which a map led to a UCUM unit.
func converted(slot *translation.Slot) (from, to translation.Coding, ok bool) {
	for i := len(slot.Hops) - 1; i >= 0; i-- {
		if to = slot.To(i); slot.Hops[i].Kind == translation.Transcode && to.System == ucum {
			return slot.Hops[i].From, to, true
		}
	}
	return from, to, false
}

// earlierQuantity writes the form before as PQR, behind those that are there: the oldest stands first.
func earlierQuantity(dst []byte, prefix, declare string, e xmldom.Element) []byte {
	dst = append(append(append(append(dst, '<'), prefix...), "translation"...), declare...)
	unit := attr(e, "unit")
	if unit == "" {
		unit = "1"
	}
	for _, a := range [][2]string{{"value", attr(e, "value")}, {"code", unit}, {"codeSystem", oid.UCUM}} {
		dst = appendAttribute(dst, a[0], a[1])
	}
	return append(dst, "/>"...)
}

func (s *splicer) setAttribute(e xmldom.Element, name, value string) {
	for a := range e.Attributes() {
		if a.Space == "" && a.Local == name {
			s.replaceValue(a, value)
			return
		}
	}
	mark := len(s.b)
	s.b = appendAttribute(s.b, name, value)
	s.insert(endOfAttributes(s.src, e), s.since(mark))
}

// reword puts the words of another reader in place of those that stand in a translation of the quantity already, and
// says whether there is one.
func (s *splicer) reword(e xmldom.Element, words string) bool {
	for inner := range each(e, "translation") {
		if attr(inner, "code") != "" || attr(inner, "displayName") == "" {
			continue
		}
		if attr(inner, "displayName") != words {
			s.setAttribute(inner, "displayName", words)
		}
		return true
	}
	return false
}
