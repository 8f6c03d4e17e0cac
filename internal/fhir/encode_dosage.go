package fhir

import "sild/node"

// dosages writes the dosage instructions (Dosage-eu-mpd). The order of several stands in the array itself.
// path is that of the statement or prescription that they belong to.
func (e *encoder) dosages(name, path string, dosage []node.Dosage, toPatient string) {
	list := e.array(name)
	if len(dosage) == 0 && (toPatient != "" || !e.document) {
		mark := e.object("") // MPD wants one, be it to say that nobody knows
		if toPatient == "" {
			e.absentBecause("unknown")
		}
		e.text("patientInstruction", toPatient)
		e.close(mark)
	}
	for i, d := range dosage {
		at := path + "dosage[" + itoa(i) + "]"
		if d.Timing.BoundsValue != "" && (d.Timing.BoundsFrom != "" || d.Timing.BoundsTo != "") {
			e.lose(at+".timing.from", "A course has a length or dates; its first day is not carried.")
		}
		mark := e.object("")
		e.untold(d.Untold && !e.document) // of a summary it could tell that something is withheld
		e.text("text", d.Text)
		e.additional(d.Additional)
		if i == 0 {
			e.text("patientInstruction", toPatient)
		}
		e.timing(d.Timing, at)
		e.number("sequence", d.Sequence)
		e.needed(d)
		e.concept("site", d.Site)
		e.perTime("maxDosePerPeriod", at+".most", d.Most)
		e.concept("route", d.Route)
		e.dose(d, at)
		e.close(mark)
	}
	e.close(list)
}

// untold marks a dosage of which the source says more than stands here: the next contact point cannot tell by itself.
func (e *encoder) untold(is bool) {
	if !is {
		return
	}
	list := e.array("extension")
	mark := e.extension(extUntold)
	e.maybe("valueBoolean", &is)
	e.close(mark)
	e.close(list)
}

// needed writes whether a medicine is taken as needed, or the one reason for it that R4 has a place for. Another is reported
// with the slots that nobody took.
func (e *encoder) needed(d node.Dosage) {
	for _, reason := range d.NeededFor {
		if !e.hidden(reason) && (d.AsNeeded == nil || *d.AsNeeded) {
			e.concept("asNeededCodeableConcept", reason)
			return
		}
	}
	e.maybe("asNeededBoolean", d.AsNeeded)
}

// perTime writes an amount in a length of time as a ratio. R4 has no range there, and no ratio without both its parts.
func (e *encoder) perTime(name, at string, p node.PerTime) {
	switch {
	case p.IsZero():
		return
	case !p.High.IsZero() || p.Amount.IsZero() || p.Time == "" || p.Unit == "":
		e.lose(at, "An amount in a time that is a range, or lacks a part, cannot stand in the pivot form.")
		return
	}
	mark := e.object(name)
	e.quantity("numerator", p.Amount)
	span := e.object("denominator")
	e.number("value", p.Time)
	e.text("unit", p.Unit)
	e.text("system", systemUCUM)
	e.text("code", p.Unit)
	e.close(span)
	e.close(mark)
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

func (e *encoder) dose(d node.Dosage, at string) {
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
	e.perTime("rateRatio", at+".rate", d.Rate)
	e.close(mark)
	e.close(list)
}

func (e *encoder) timing(t node.Timing, at string) {
	mark := e.object("timing")
	repeat := e.object("repeat")
	e.bounds(t)
	e.number("frequency", t.Frequency)
	e.number("frequencyMax", t.FrequencyMax)
	e.number("period", t.Period)
	e.number("periodMax", t.PeriodMax)
	e.text("periodUnit", t.PeriodUnit)
	e.texts("dayOfWeek", t.DayOfWeek)
	e.texts("timeOfDay", t.TimeOfDay)
	events := e.events(t, at)
	e.texts("when", events)
	switch {
	case len(events) > 0:
		e.number("offset", t.Offset)
	case t.Offset != "": // R4 tim-9
		e.lose(at+".timing.offset", "Minutes before or after stand only beside a time of the day by meals and sleep.")
	}
	e.close(repeat)
	e.close(mark)
}

// events are the times of day by meals and sleep that FHIR has a word for. They cannot stand beside times by the clock
// (R4 tim-10).
func (e *encoder) events(t node.Timing, at string) []string {
	var known []string
	for i, event := range t.When {
		switch {
		case !isEvent(event):
			e.lose(at+".timing.when["+itoa(i)+"]", "The pivot form does not know this time of the day.")
		case len(t.TimeOfDay) > 0:
			e.lose(at+".timing.when["+itoa(i)+"]", "A dosage has times by the clock or by meals and sleep, not both.")
		default:
			known = append(known, event)
		}
	}
	e.whens = append(e.whens, known...)
	return known
}

// isEvent says that a code is one of FHIR's event timings (R4 valueset event-timing).
func isEvent(code string) bool {
	switch code {
	case "MORN", "MORN.early", "MORN.late", "NOON", "AFT", "AFT.early", "AFT.late", "EVE", "EVE.early", "EVE.late", "NIGHT",
		"PHS", "HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV":
		return true
	}
	return false
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
	if period := (node.Period{From: t.BoundsFrom, To: t.BoundsTo}); !endsBefore(period) {
		e.text("end", t.BoundsTo)
	}
	e.close(mark)
}

func (e *encoder) texts(name string, values []string) {
	list := e.array(name)
	for _, value := range values {
		e.text("", value)
	}
	e.close(list)
}
