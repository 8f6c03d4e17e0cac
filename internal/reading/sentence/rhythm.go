package sentence

import (
	"strings"
	"time"

	"sild/node"
)

// when says how often, on which days, at which hours and by which events of the day. The days stand before how often:
// who stops reading at "once a day" would take it daily (FHIR R4 Timing.repeat.dayOfWeek: only on those days).
func (c *clauses) when(t node.Timing) {
	often := c.often(t)
	var days []string
	for _, day := range t.DayOfWeek {
		if words, ok := c.days[day]; ok {
			days = append(days, words)
			continue
		}
		c.raw("day", day)
	}
	several := len(days) > 1 || len(t.TimeOfDay) > 1 || len(t.When) > 1
	if often == "" && several && c.dose != "" {
		c.join(c.grammar.fill(c.Reader, "each-time")) // a dose is of one administration (FHIR R4 Dosage.doseAndRate.dose)
	}
	switch {
	case len(days) > 0 && often != "":
		c.join(c.grammar.fill(c.Reader, "days.only", "{s}", c.list(days)))
	case len(days) > 0:
		c.join(c.grammar.fill(c.Reader, "days", "{s}", c.list(days)))
	}
	c.join(often)
	c.hours(t.TimeOfDay)
	c.event(t)
}

// join adds how often to how much without a comma; what follows stands behind one.
func (c *clauses) join(words string) {
	switch {
	case words == "":
	case c.rhythm == "":
		c.rhythm = words
	default:
		c.said = append(c.said, words)
	}
}

// often says how many times in which period. "Every 8 hours" and "3 times a day" are two things: neither is worked out
// from the other.
func (c *clauses) often(t node.Timing) string {
	if t.Frequency == "" && t.FrequencyMax == "" && t.Period == "" && t.PeriodMax == "" && t.PeriodUnit == "" {
		return ""
	}
	unit, known := c.times[t.PeriodUnit]
	single := isOne(t.Period, t.PeriodMax) && (t.PeriodMax == "" || t.PeriodMax == t.Period)
	switch {
	case t.Period == "" && t.PeriodMax == "" && t.PeriodUnit == "":
		return c.grammar.fill(c.Reader, "times.only", "{s}", c.often1(t, ""))
	case !known || t.Period == "":
		c.unspoken(t)
		return ""
	case t.Frequency == "" && t.FrequencyMax == "" && single:
		return unit.each
	case t.FrequencyMax == "" && !single && (t.Frequency == "" || isOne(t.Frequency, "")):
		return c.every(t)
	case single:
		return c.often1(t, unit.per)
	}
	return c.grammar.fill(c.Reader, "within", "{s}", c.often1(t, ""), "{p}", c.numbers(t.Period, t.PeriodMax),
		"{unit}", c.grammar.unit(c.Reader, t.Period, t.PeriodMax, t.PeriodUnit), "{apart}", unit.apart)
}

// unspoken keeps a rhythm whose period has no words: how many times, and the period as it is written.
func (c *clauses) unspoken(t node.Timing) {
	period := c.numbers(t.Period, t.PeriodMax)
	if t.Period == "" && t.PeriodMax != "" {
		period = "≤ " + c.number(t.PeriodMax)
	}
	if t.PeriodUnit != "" {
		period = joined(period, c.quote(t.PeriodUnit))
	}
	if period != "" {
		period = c.grammar.fill(c.Reader, "period", "{s}", period)
	}
	times := ""
	if t.Frequency != "" || t.FrequencyMax != "" {
		times = c.often1(t, "")
	}
	if times != "" && period != "" {
		times += ","
	}
	c.raw("often", times, period)
}

// often1 says how many times, and in which single period where that is given.
func (c *clauses) often1(t node.Timing, per string) string {
	key := "times"
	low, high := t.Frequency, t.FrequencyMax
	switch {
	case low == "":
		key, low, high = "times.most", high, ""
	case isOne(low, high):
		key = "times.once"
	case low == "2" && (high == "" || high == "2") && !c.sum:
		key = "times.twice"
	}
	if key == "times.most" && isOne(low, "") {
		key = "times.most.once"
	}
	if key == "times.once" && high != "" && high != low {
		key = "times"
	}
	return strings.TrimSpace(c.grammar.fill(c.Reader, key, "{n}", c.numbers(low, high), "{per}", per))
}

// every says the time from one dose to the next.
func (c *clauses) every(t node.Timing) string {
	if t.PeriodMax == "" && c.grammar.every != nil {
		if words := c.grammar.every(t.Period, t.PeriodUnit, c.times[t.PeriodUnit]); words != "" {
			return words
		}
	}
	return c.grammar.fill(c.Reader, "every", "{p}", c.numbers(t.Period, t.PeriodMax),
		"{unit}", c.grammar.unit(c.Reader, t.Period, t.PeriodMax, t.PeriodUnit), "{apart}", c.times[t.PeriodUnit].apart)
}

// hours are those of the clock on the patient's wall.
func (c *clauses) hours(list []string) {
	var hours []string
	for _, written := range list {
		if _, err := time.Parse("15:04:05", written); err != nil {
			if _, err := time.Parse("15:04", written); err != nil {
				c.raw("clock", written)
				continue
			}
		}
		hour := written
		if len(hour) == len("08:00:00") {
			hour = strings.TrimSuffix(hour, ":00")
		}
		if c.dot {
			hour = strings.ReplaceAll(strings.TrimPrefix(hour, "0"), ":", ".")
		}
		hours = append(hours, hour)
	}
	if len(hours) > 0 {
		c.said = append(c.said, c.grammar.fill(c.Reader, "clock", "{s}", c.list(hours)))
	}
}

// event says the events of the day, with the minutes before or after each. An offset can only stand before an event that
// says on which side of it (FHIR R4 Timing.repeat.offset); to others it stays raw.
func (c *clauses) event(t node.Timing) {
	var events []string
	placed := false
	for _, code := range t.When {
		words, ok := c.events[code]
		if !ok {
			c.raw("when", code)
			continue
		}
		if t.Offset != "" && hasSide(code) {
			placed = true
			words = c.grammar.fill(c.Reader, c.oneOf("offset", t.Offset), "{n}", c.number(t.Offset), "{s}", words)
		}
		events = append(events, words)
	}
	switch {
	case len(events) == 0:
	case placed: // a comma keeps its minutes away from the number of tablets
		c.said = append(c.said, c.list(events))
	default:
		c.join(c.list(events))
	}
	if t.Offset != "" && !placed || t.Offset != "" && !allHaveSide(t.When) {
		c.raw("offset", c.number(t.Offset), "min")
	}
}

func (c *clauses) oneOf(key, number string) string {
	if isOne(trimmed(number), "") {
		return key + ".one"
	}
	return key
}

// hasSide says that an event is before or after something.
func hasSide(code string) bool {
	switch code {
	case "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV", "PHS":
		return true
	}
	return false
}

func allHaveSide(codes []string) bool {
	for _, code := range codes {
		if !hasSide(code) {
			return false
		}
	}
	return len(codes) > 0
}
