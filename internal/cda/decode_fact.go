package cda

import (
	"strings"

	"sild/internal/xmldom"
)

// usualMood is the mood of an element that does not write its own (CDA R2, ActMood): nearly all of them tell what was.
func usualMood(e xmldom.Element) string {
	switch e.Local() {
	case "order":
		return "RQO"
	case "criterion", "observationRange":
		return "EVN.CRT"
	}
	return "EVN"
}

// moodOf says whether an element tells what was, what is intended, what is at risk, and so on.
func moodOf(e xmldom.Element) string {
	if mood := strings.TrimSpace(attr(e, "moodCode")); mood != "" {
		return mood
	}
	return usualMood(e)
}

// isFact says that a statement of a summary tells what is so of the patient. A medicine may be intended as well as taken;
// a goal, a risk, a proposal or a wish is nothing that the record could hold for what it is, unless it is a plan.
func isFact(e xmldom.Element, section string) bool {
	switch moodOf(e) {
	case "EVN":
		return true
	case "INT":
		return isSupplied(e) && section != immunisations || isPlan(e, section)
	case "RQO", "ARQ", "APT", "PRMS":
		return isPlan(e, section)
	}
	return false
}

// tells says that a statement under another one tells what is so, and does not deny it.
func tells(e xmldom.Element) bool { return isFact(e, "") && !negated(e) }

const (
	immunisations = "11369-6"
	planOfCare    = "18776-5"
)

func isSupplied(e xmldom.Element) bool {
	return e.Local() == "substanceAdministration" || e.Local() == "supply"
}

// isPlan says that the record tells a statement as a plan.
func isPlan(e xmldom.Element, section string) bool {
	return section == planOfCare && e.Local() == "act"
}

// concerned is the observation of a problem or an allergy that an act is about. concern is true as well where there is
// none of which the record could say for what it is: no fact, or denied within an act that is denied.
func (d *decoder) concerned(act xmldom.Element) (observation xmldom.Element, concern bool) {
	for relation := range each(act, "entryRelationship") {
		inner := child(relation, "observation")
		if attr(relation, "typeCode") != "SUBJ" || !inner.There() {
			continue
		}
		concern = true
		if isFact(inner, "") && !negated(relation) && !(negated(act) && negated(inner)) {
			return inner, true
		}
	}
	return xmldom.Element{}, concern
}

// relations are what hangs on a statement. Of a relation that is denied nothing is read, and a prescription or
// dispensation with one is refused.
func (d *decoder) relations(e xmldom.Element) []xmldom.Element {
	found := every(e, "entryRelationship")
	for i, relation := range found {
		if negated(relation) {
			return d.undenied(found, i)
		}
	}
	return found
}

func (d *decoder) undenied(relations []xmldom.Element, from int) []xmldom.Element {
	found := relations[:from:from]
	for _, relation := range relations[from:] {
		if d.strict {
			d.positive(relation)
		}
		if !negated(relation) {
			found = append(found, relation)
		}
	}
	return found
}

// excluded says that a bound is not part of its range (HL7 v3 IVXB, inclusive).
func excluded(bound xmldom.Element) bool { return isNo(attr(bound, "inclusive")) }

// isNo and isYes read a boolean, which XML Schema writes in two ways each.
func isNo(value string) bool {
	value = strings.TrimSpace(value)
	return value == "false" || value == "0"
}

func isYes(value string) bool {
	value = strings.TrimSpace(value)
	return value == "true" || value == "1"
}

// contradicted says that an element has a null flavour beside a code or a value of its own.
func contradicted(e xmldom.Element) bool {
	_, null := e.Attr("nullFlavor")
	return null && (attr(e, "code") != "" || attr(e, "value") != "" || attr(e, "extension") != "")
}

// heed notes that the record says of which mood a statement is, and whether it is denied.
func (d *decoder) heed(e xmldom.Element) {
	if e.There() {
		d.heeded[e.Index()] = true
	}
}

// turning are the attributes that can turn round what an element says.
var turning = [...]string{"moodCode", "negationInd", "inclusive", "nullFlavor"}

// turned says of every element that such an attribute turns, and of which the record does not say so, how it is turned.
func (d *decoder) turned() map[int]string {
	found := map[int]string{}
	for e := range d.xml.Bearing(turning[:]...) {
		if d.heeded[e.Index()] {
			continue
		}
		if why := turns(e); why != "" {
			found[e.Index()] = why
		}
	}
	return found
}

// turns says how an attribute turns round what an element says, if one does.
func turns(e xmldom.Element) string {
	var values [len(turning)]string
	if !e.Values(turning[:], values[:]) {
		return ""
	}
	mood := strings.TrimSpace(values[0])
	switch {
	case isYes(values[1]):
		return "It is denied, and no field of the record says so."
	case mood != "" && mood != usualMood(e):
		return "It does not tell what was, and no field of the record says so."
	case values[3] != "" && contradicted(e):
		return "It says at once that there is nothing to say, and no field of the record says so."
	case isNo(values[2]):
		return "It is not part of its range, and no field of the record says so."
	}
	return ""
}
