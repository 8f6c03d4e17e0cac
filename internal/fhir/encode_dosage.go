package fhir

import "sild/node"

// dosages writes the dosage instructions (Dosage-eu-mpd). The order of several stands in the array itself.
func (e *encoder) dosages(dosage []node.Dosage) {
	list := e.array("dosageInstruction")
	for i, d := range dosage {
		if d.Timing.BoundsValue != "" && d.Timing.BoundsFrom != "" {
			e.lose("dosage["+itoa(i)+"].timing.from", "A course has a length or dates; its first day is not carried.")
		}
		mark := e.object("")
		e.text("text", d.Text)
		e.additional(d.Additional)
		e.timing(d.Timing)
		e.maybe("asNeededBoolean", d.AsNeeded)
		e.concept("route", d.Route)
		e.dose(d)
		e.close(mark)
	}
	e.close(list)
}

func (e *encoder) additional(texts []string) {
	list := e.array("additionalInstruction")
	for _, text := range texts {
		mark := e.object("")
		e.text("text", text)
		e.close(mark)
	}
	e.close(list)
}

func (e *encoder) dose(d node.Dosage) {
	list := e.array("doseAndRate")
	mark := e.object("")
	if d.DoseHigh.IsZero() {
		e.quantity("doseQuantity", d.Dose)
	} else {
		between := e.object("doseRange")
		e.quantity("low", d.Dose)
		e.quantity("high", d.DoseHigh)
		e.close(between)
	}
	e.close(mark)
	e.close(list)
}

func (e *encoder) timing(t node.Timing) {
	mark := e.object("timing")
	repeat := e.object("repeat")
	e.bounds(t)
	e.number("frequency", t.Frequency)
	e.number("frequencyMax", t.FrequencyMax)
	e.number("period", t.Period)
	e.number("periodMax", t.PeriodMax)
	e.text("periodUnit", t.PeriodUnit)
	e.texts("timeOfDay", t.TimeOfDay)
	e.texts("when", t.When)
	e.close(repeat)
	e.close(mark)
}

// bounds writes how long the course lasts. Its unit is one of UCUM's time units, whatever the national form calls it.
func (e *encoder) bounds(t node.Timing) {
	if t.BoundsValue != "" {
		mark := e.object("boundsDuration")
		e.number("value", t.BoundsValue)
		e.text("unit", t.BoundsUnit)
		if t.BoundsUnit != "" {
			e.text("system", systemUCUM)
		}
		e.text("code", t.BoundsUnit)
		e.close(mark)
		return
	}
	mark := e.object("boundsPeriod")
	e.text("start", t.BoundsFrom)
	e.text("end", t.BoundsTo)
	e.close(mark)
}

func (e *encoder) texts(name string, values []string) {
	list := e.array(name)
	for _, value := range values {
		e.text("", value)
	}
	e.close(list)
}
