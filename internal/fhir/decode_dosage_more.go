package fhir

import (
	"sild/node"
	"sild/translation"
)

// madeBy says how the coded places of a dosage are come by: a prescription makes its slots on reading, in a summary they
// are made already.
type madeBy struct {
	concept  func(v value, field translation.Field, path string) *translation.Slot
	quantity func(v value, field translation.Field, path string) node.Quantity
}

// byPlace finds the slots that are made already.
func (d *decoder) byPlace() madeBy {
	return madeBy{func(v value, _ translation.Field, _ string) *translation.Slot { return d.at(v) },
		func(v value, _ translation.Field, _ string) node.Quantity { return d.measured(v) }}
}

// more reads what few dosages have: their place among others, the need, the site, the rate and the most of a period. dose is
// the part with the dose.
func (d *decoder) more(v, dose value, path string, from madeBy, dosage *node.Dosage) {
	dosage.Sequence = d.take(v.get("sequence"))
	var reasons []value
	for _, reason := range v.get("asNeededFor").each { // R5
		reasons = append(reasons, reason)
	}
	if one := v.get("asNeededCodeableConcept"); one.there() {
		reasons = append(reasons, one)
	}
	for i, reason := range reasons {
		if slot := from.concept(reason, translation.Other, path+".neededFor["+itoa(i)+"]"); slot != nil {
			dosage.NeededFor = append(dosage.NeededFor, slot)
		}
	}
	if len(reasons) > 0 && dosage.AsNeeded == nil {
		yes := true // a reason makes a dosage one that is taken as needed (R4 Dosage.asNeeded[x])
		dosage.AsNeeded = &yes
	}
	dosage.Site = from.concept(v.get("site"), translation.BodySite, path+".site")
	dosage.Most = d.perTime(single(v.get("maxDosePerPeriod")), path+".most", from)
	dosage.Rate = d.perTime(dose.get("rateRatio"), path+".rate", from)
}

// perTime reads an amount in a length of time. A ratio to anything else stays unread.
func (d *decoder) perTime(v value, path string, from madeBy) node.PerTime {
	amount, span := v.get("numerator"), v.get("denominator")
	if !amount.there() || span.get("value").text() == "" || !isTime(span) {
		return node.PerTime{}
	}
	p := node.PerTime{Amount: from.quantity(amount, translation.DoseUnit, path), Time: d.plain(span.get("value")), Unit: either(span, "code", "unit").text()}
	d.claim(span)
	return p
}

// single is a single value, which R5 writes as a list. A list of several stays unread: none of them is more than the others.
func single(v value) value {
	if v.kind() == arrayKind && v.count() == 1 {
		return v.item(0)
	}
	return v
}
