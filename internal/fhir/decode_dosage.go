package fhir

import (
	"sild/node"
	"sild/translation"
)

// dosages reads the dosage instructions. Texts and times stay as written.
func (d *decoder) dosages(list value, prefix string) []node.Dosage {
	var found []node.Dosage
	for i, v := range list.each {
		if v.count() == 1 && absence(v) != "" {
			d.claim(v) // a contact point that nobody told how it is taken
			continue
		}
		path := prefix + "dosage[" + itoa(i) + "]"
		dosage := node.Dosage{Text: d.take(v.get("text")), AsNeeded: d.flag(v.get("asNeededBoolean"))}
		if dosage.AsNeeded == nil {
			dosage.AsNeeded = d.flag(v.get("asNeeded"))
		}
		for _, more := range v.get("additionalInstruction").each {
			if words := more.get("text"); words.there() && len(d.codings(more)) == 0 {
				dosage.Additional = append(dosage.Additional, d.claim(more).get("text").text())
			}
		}
		dosage.Timing = d.timing(v.walk("timing", "repeat"))
		dosage.Route = d.concept(v.get("route"), translation.Route, path+".route")
		d.dose(v.get("doseAndRate").item(0), path, &dosage)
		d.more(v, v.get("doseAndRate").item(0), path, madeBy{d.concept, d.quantity}, &dosage)
		dosage.Untold = d.marked(v) || d.untold(v, ownSlots(dosage))
		found = append(found, dosage)
	}
	return found
}

// dose reads one dose or a range of doses.
func (d *decoder) dose(v value, path string, dosage *node.Dosage) {
	if span := v.get("doseRange"); span.there() {
		dosage.Dose = d.quantity(span.get("low"), translation.DoseUnit, path+".dose")
		dosage.DoseHigh = d.quantity(span.get("high"), translation.DoseUnit, path+".doseHigh")
		d.ordered(span, dosage.Dose, dosage.DoseHigh)
		return
	}
	dosage.Dose = d.quantity(v.get("doseQuantity"), translation.DoseUnit, path+".dose")
}

// ordered refuses a dose that is to be at least more than at most: one of the two is what the prescriber meant.
func (d *decoder) ordered(v value, low, high node.Quantity) {
	if d.strict && node.Reversed(low, high) {
		d.refuse("fhir.range", v, "a dose whose lower end is above its upper end")
	}
}

func (d *decoder) timing(v value) node.Timing {
	t := node.Timing{
		Frequency: d.plain(v.get("frequency")), FrequencyMax: d.plain(v.get("frequencyMax")),
		Period: d.plain(v.get("period")), PeriodMax: d.plain(v.get("periodMax")),
		PeriodUnit: d.take(v.get("periodUnit")),
		DayOfWeek:  d.texts(v.get("dayOfWeek")), TimeOfDay: d.texts(v.get("timeOfDay")),
		When: d.texts(v.get("when")), Offset: d.plain(v.get("offset")),
	}
	d.bounds(v, &t)
	return t
}

func (d *decoder) plain(v value) string {
	d.checkNumber(v)
	return d.take(v)
}

func (d *decoder) texts(list value) []string {
	var found []string
	for _, v := range list.each {
		found = append(found, v.text())
	}
	d.claim(list)
	return found
}

// bounds reads how long a course lasts, or from when to when. The Finnish form adds the first day to a duration. A time
// unit is UCUM's, or it stays a coded place of its own: another list's "a" need not be a year.
func (d *decoder) bounds(v value, t *node.Timing) {
	if lasts := v.get("boundsDuration"); lasts.there() && isTime(lasts) {
		t.BoundsValue = d.plain(lasts.get("value"))
		t.BoundsUnit = either(lasts, "code", "unit").text()
		t.BoundsFrom = extension(lasts, extKantaBoundsStart).get("valueDate").text()
		d.claim(lasts)
		return
	}
	span := v.get("boundsPeriod")
	t.BoundsFrom, t.BoundsTo = d.take(span.get("start")), d.take(span.get("end"))
}

// isTime says that a duration is counted in one of the units that Timing knows (FHIR R4 valueset units-of-time).
func isTime(v value) bool {
	if system := v.get("system"); system.there() && system.text() != systemUCUM {
		return false
	}
	switch either(v, "code", "unit").text() {
	case "s", "min", "h", "d", "wk", "mo", "a":
		return true
	}
	return false
}
