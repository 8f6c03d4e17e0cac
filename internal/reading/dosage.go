package reading

import (
	"strings"

	"sild/node"
)

// dosages shows every dosage instruction, and that there is none.
func (w *writer) dosages(list []node.Dosage) []Block {
	if len(list) == 0 {
		s := sheet{writer: w}
		s.must("dosage")
		return []Block{{Heading: w.say("dosage"), Rows: s.rows}}
	}
	var blocks []Block
	for i, d := range list {
		blocks = append(blocks, Block{Heading: w.numbered("dosage", i, len(list)), Rows: w.dosage(d)})
	}
	return blocks
}

// dosage shows the prescriber's own sentence first, then each structured part in a line of its own: nothing is woven into
// one sentence that could drop a number or a "not".
func (w *writer) dosage(d node.Dosage) []Row {
	s := sheet{writer: w}
	s.texts("dosage.text", d.Text)
	s.texts("dosage.more", d.Additional...)
	s.row("dosage.dose", w.span(d.Dose, d.DoseHigh))
	s.slots("dosage.route", d.Route)
	if d.AsNeeded != nil {
		word := "dosage.as-needed.no"
		if *d.AsNeeded {
			word = "dosage.as-needed.yes"
		}
		s.row("dosage.as-needed", Value{Original: w.answer(*d.AsNeeded).Original, Translated: w.say(word), TranslatedIn: w.language})
	}
	s.timing(d.Timing)
	if len(s.rows) == 0 {
		s.must("dosage.text")
	}
	return s.rows
}

func (s *sheet) timing(t node.Timing) {
	s.row("timing.often", s.often(t))
	var clocks, events []Value
	for _, clock := range t.TimeOfDay {
		clocks = append(clocks, Value{Original: clock, Translated: strings.TrimSuffix(clock, ":00"), Neutral: true})
	}
	for _, event := range t.When {
		events = append(events, s.worded("when", event))
	}
	for i, clock := range clocks {
		if len(clock.Translated) < len("08:00") {
			clocks[i].Translated = clock.Original
		}
	}
	s.row("timing.clock", clocks...)
	s.row("timing.event", events...)
	if t.BoundsValue != "" || t.BoundsUnit != "" {
		s.row("timing.lasts", s.counted(t.BoundsValue, t.BoundsUnit))
	}
	s.row("timing.dates", s.period(node.Period{From: t.BoundsFrom, To: t.BoundsTo}))
}

// counted is a number of time units: 10 days.
func (w *writer) counted(number, unit string) Value {
	form := "many"
	if number == "1" {
		form = "one"
	}
	return Value{Original: joined(" ", number, unit), Translated: joined(" ", w.decimal(number), w.unit(unit, form)), TranslatedIn: w.language}
}

// unit is a time unit in the form that a sentence needs; a unit that we do not know stands for itself.
func (w *writer) unit(unit, form string) string {
	if words, ok := w.words["unit."+unit+"."+form]; ok {
		return words
	}
	return unit
}

// often says how many times in which period, each with its upper end where it has one.
func (w *writer) often(t node.Timing) Value {
	if t.Frequency == "" && t.FrequencyMax == "" && t.Period == "" && t.PeriodMax == "" && t.PeriodUnit == "" {
		return Value{}
	}
	times := w.numbers(t.Frequency, t.FrequencyMax)
	span := w.numbers(t.Period, t.PeriodMax)
	v := Value{Original: joined(" / ", rangeOf(t.Frequency, t.FrequencyMax), joined(" ", rangeOf(t.Period, t.PeriodMax), t.PeriodUnit)),
		TranslatedIn: w.language}
	form := "many"
	if times == "1" {
		form = "one"
	}
	pairs := []string{"{n}", times, "{times}", w.say("times." + form), "{p}", span, "{unit}", w.unit(t.PeriodUnit, "every"), "{per}", w.unit(t.PeriodUnit, "per")}
	switch {
	case span == "" && t.PeriodUnit == "":
		v.Translated = w.fill("timing.times", pairs...)
	case times == "":
		v.Translated = w.fill("timing.every", pairs...)
	case span == "1":
		v.Translated = w.fill("timing.per", pairs...)
	case times == "1":
		v.Translated = w.fill("timing.once-every", pairs...)
	default:
		v.Translated = w.fill("timing.within", pairs...)
	}
	return v
}

func (w *writer) numbers(low, high string) string { return rangeOf(w.decimal(low), w.decimal(high)) }

// rangeOf writes "2–3", "2", or "≤ 3" where only the upper end is given.
func rangeOf(low, high string) string {
	switch {
	case high == "" || high == low:
		return low
	case low == "":
		return "≤ " + high
	}
	return low + "–" + high
}
