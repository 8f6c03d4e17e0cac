package cda

import (
	"strconv"
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// dosages reads how the medicine is to be taken: the item's own dosage, and where it is tapered, split or conditional
// (IHE 1.3.6.1.4.1.19376.1.5.3.1.4.8 to .11) those of the administrations under it.
func (d *decoder) dosages(e xmldom.Element, prefix string) []node.Dosage {
	var found []node.Dosage
	own := d.dosage(e, prefix+"dosage[0]")
	own.Untold = d.untold(e)
	if !isSilent(own) {
		found = append(found, own)
	}
	unread := false // a part of all that are found
	for _, relation := range d.relations(e) {
		inner := child(relation, "substanceAdministration")
		if !inner.There() || attr(relation, "typeCode") != "COMP" {
			continue
		}
		if !d.isDosage(inner) {
			unread = true
			continue
		}
		if len(found) >= mostDosages {
			d.refuse("cda.dosage", inner, "more dosages than any prescription has")
			return found
		}
		d.claim(relation)
		d.claim(inner)
		d.claim(child(relation, "sequenceNumber"))
		d.claimText(child(inner, "id"))
		d.claimText(child(inner, "statusCode"))
		one := d.dosage(inner, prefix+"dosage["+strconv.Itoa(len(found))+"]")
		one.Untold = d.untold(inner)
		found = append(found, one)
	}
	for i := range found {
		found[i].Untold = found[i].Untold || unread
	}
	return found
}

const mostDosages = 32

// isDosage says that an administration under another one tells how the medicine is to be taken, or was. One that is denied
// is none, and refuses a prescription.
func (d *decoder) isDosage(inner xmldom.Element) bool {
	if d.strict {
		d.positive(inner)
	}
	switch moodOf(inner) {
	case "EVN", "INT", "RQO":
		d.heed(inner)
		return !negated(inner)
	}
	return false
}

func isSilent(o node.Dosage) bool {
	return o.Text == "" && o.Timing.IsZero() && o.Route == nil && o.Dose.IsZero() && o.DoseHigh.IsZero() && o.AsNeeded == nil && !o.Untold
}

// dosage reads one administration: when, by which route, how much.
func (d *decoder) dosage(e xmldom.Element, path string) node.Dosage {
	var o node.Dosage
	d.administrationText(e, &o)
	for when := range each(e, "effectiveTime") {
		d.timing(when, path, &o.Timing)
	}
	o.Route = d.coded(child(e, "routeCode"), translation.Route, path+".route")
	dose := child(e, "doseQuantity")
	low, high := child(dose, "low"), child(dose, "high")
	switch {
	case excluded(low) || excluded(high): // the record would say that the bound is part of the range
	case low.There() || high.There():
		d.claim(dose)
		o.Dose = d.quantity(low, translation.DoseUnit, path+".dose")
		o.DoseHigh = d.quantity(high, translation.DoseUnit, path+".dose.high")
	case attr(dose, "value") != "":
		o.Dose = d.quantity(dose, translation.DoseUnit, path+".dose")
		d.above(dose, o.Dose)
	case dose.There() && attr(dose, "unit") == "":
		d.claim(dose)
	}
	d.above(high, o.DoseHigh)
	d.ordered(high, o.Dose, o.DoseHigh)
	if condition := path2(e, "precondition", "criterion"); condition.There() {
		yes := true
		o.AsNeeded = &yes
		text := child(condition, "text")
		told := d.toldIn(text)
		if words := plainText(told); words != "" {
			o.Additional = append(o.Additional, words)
			d.quoted(told, text, xmldom.Element{}) // it may tell of a diagnosis
		}
		d.claim(condition)
	}
	return o
}

// above refuses a dose of nothing; the lower end of a range may be that.
func (d *decoder) above(e xmldom.Element, dose node.Quantity) {
	if number, ok := node.Decimal(dose.Value); d.strict && d.err == nil && ok && number.Sign() == 0 {
		d.refuse("cda.zero", e, "a dose of nothing")
	}
}

// ordered refuses a dose that is to be at least more than at most: one of the two is what the prescriber meant.
func (d *decoder) ordered(e xmldom.Element, low, high node.Quantity) {
	if d.strict && d.err == nil && node.Reversed(low, high) {
		d.refuse("cda.range", e, "a dose whose lower end is above its upper end")
	}
}

// path2 goes down two names; path is taken by the record path here.
func path2(e xmldom.Element, first, second string) xmldom.Element {
	return child(child(e, first), second)
}

// administrationText takes the words that stand for this one dosage. A reference to the text of the whole section says
// nothing about the dosage alone.
func (d *decoder) administrationText(e xmldom.Element, o *node.Dosage) {
	text := child(e, "text")
	reference := child(text, "reference")
	if !text.There() {
		return
	}
	if plainText(text) == "" && d.target(reference).Local() == "text" {
		d.claimText(text)
		return
	}
	o.Text = d.words(text)
}

// timing adds one effectiveTime: the period of treatment, a period between doses, an event of the day, or one moment.
func (d *decoder) timing(e xmldom.Element, path string, t *node.Timing) {
	switch attr(e, "operator") {
	case "", "I", "A":
	default:
		return // what is excluded from the other times, or joined to them, is no time of its own: residue
	}
	switch typeOf(e) {
	case "PIVL_TS":
		d.periodic(e, t)
	case "EIVL_TS":
		d.event(e, path, t)
	case "SXPR_TS":
		d.claim(e)
		for comp := range each(e, "comp") {
			d.timing(comp, path, t)
		}
	default:
		d.bounds(e, t)
	}
}

// typeOf is the data type that an element claims, without its prefix: documents name it with any, bound or not.
func typeOf(e xmldom.Element) string {
	name, _ := e.AttrNS(oid.XSI, "type")
	name = strings.TrimSpace(name)
	return name[strings.LastIndexByte(name, ':')+1:]
}

// bounds reads the period of treatment (IVL_TS), its width, or one moment (TS).
func (d *decoder) bounds(e xmldom.Element, t *node.Timing) {
	if e.First() == (xmldom.Element{}) && attr(e, "value") == "" {
		d.claim(e)
		return
	}
	if t.BoundsFrom != "" || t.BoundsTo != "" {
		return // the first period of treatment stands; another is residue
	}
	p := d.interval(e)
	t.BoundsFrom, t.BoundsTo = p.From, p.To
	if width := child(e, "width"); width.There() && t.BoundsValue == "" {
		if unit, ok := periodUnit(attr(width, "unit")); ok {
			t.BoundsValue, t.BoundsUnit = d.plainNumber(width), unit
			d.claim(width)
		}
	}
}

// periodic reads a PIVL_TS: once in each period, from its phase on.
func (d *decoder) periodic(e xmldom.Element, t *node.Timing) {
	if t.Period != "" {
		return // the record holds one rhythm; another is residue
	}
	d.claim(e)
	period := child(e, "period")
	unit, ok := periodUnit(attr(period, "unit"))
	if !ok || attr(period, "value") == "" {
		if attr(period, "nullFlavor") != "" {
			d.claim(period)
		}
		return
	}
	d.claim(period)
	t.Frequency, t.Period, t.PeriodUnit = "1", d.plainNumber(period), unit
	if attr(e, "institutionSpecified") == "true" && attr(e, "alignment") == "" {
		timesInPeriod(t)
	}
	if phase := child(e, "phase"); child(phase, "low").There() && attr(e, "alignment") == "" {
		d.bounds(phase, t) // with an alignment the phase says on which day of the week or month
	}
}

// timesInPeriod tells hours that are left to whoever gives the medicine as so many times a day, or a week: "3 times a day" and
// "every 8 hours" differ in CDA by nothing else (HL7 v3 data types, PIVL.institutionSpecified).
func timesInPeriod(t *node.Timing) {
	minutes, err := strconv.Atoi(t.Period)
	if t.PeriodUnit == "h" {
		minutes *= 60
	}
	if err != nil || minutes <= 0 || t.PeriodUnit != "h" && t.PeriodUnit != "min" {
		return
	}
	const day, week = 24 * 60, 7 * 24 * 60
	switch {
	case day%minutes == 0:
		t.Frequency, t.Period, t.PeriodUnit = strconv.Itoa(day/minutes), "1", "d"
	case week%minutes == 0:
		t.Frequency, t.Period, t.PeriodUnit = strconv.Itoa(week/minutes), "1", "wk"
	}
}

func (d *decoder) plainNumber(e xmldom.Element) string {
	value := number(e)
	if !d.bounded(e, value) {
		return ""
	}
	d.sound(e)
	if number, ok := node.Decimal(value); !ok || number.Sign() < 0 {
		d.refuse("cda.number", e, "a time that is no plain decimal")
	}
	return value
}

// periodUnit is a UCUM unit of time in the words of FHIR's Timing.
func periodUnit(unit string) (string, bool) {
	switch unit {
	case "s", "min", "h", "d", "wk", "mo", "a":
		return unit, true
	}
	return "", false
}

// event reads an EIVL_TS: by a meal, at bedtime (HL7 v3 TimingEvent, the codes that FHIR's Timing.when takes over).
func (d *decoder) event(e xmldom.Element, path string, t *node.Timing) {
	d.claim(e)
	event := child(e, "event")
	code := attr(event, "code")
	if code == "" {
		if attr(event, "nullFlavor") != "" {
			d.claim(event)
		}
		return
	}
	d.coded(event, translation.TimingEvent, path+".timing.when["+strconv.Itoa(len(t.When))+"]")
	t.When = append(t.When, code)
}
