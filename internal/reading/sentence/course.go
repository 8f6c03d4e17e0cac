package sentence

import (
	"strings"
	"time"

	"sild/node"
)

// course says how long, and from when to when. Both are said where both are given.
func (c *clauses) course(t node.Timing) {
	_, known := c.times[t.BoundsUnit]
	switch {
	case t.BoundsValue == "" && t.BoundsUnit == "":
	case t.BoundsValue == "" || !known:
		c.raw("lasts", c.number(t.BoundsValue), t.BoundsUnit)
	default:
		c.say("lasts", "{n}", c.number(t.BoundsValue), "{unit}", c.longUnit(t.BoundsValue, t.BoundsUnit))
	}
	from, to := Day(t.BoundsFrom, c.language), Day(t.BoundsTo, c.language)
	switch {
	case isDay(t.BoundsFrom) && t.BoundsFrom == t.BoundsTo:
		c.say("on", "{a}", from)
	case from != "" && to != "":
		c.say("from-to", "{a}", from, "{b}", to)
	case from != "":
		c.say("from", "{a}", from)
	case to != "":
		c.say("to", "{b}", to)
	}
}

// isDay says that a date is a whole day: a month or an hour is not taken for one.
func isDay(written string) bool {
	_, err := time.Parse(time.DateOnly, written)
	return err == nil
}

// longUnit is a unit of time in words for either reader.
func (c *clauses) longUnit(number, unit string) string {
	if c.courseAlone {
		return c.grammar.counted(number, unit)
	}
	return c.grammar.unit(Patient, number, "", unit)
}

// Day writes a FHIR date or instant as a language does, as exact as it was written: a year stays a year, and a time keeps
// the zone that it was written in. What is no date is given back as it stands.
func Day(written, language string) string {
	g := grammarOf(language)
	date, clock, _ := strings.Cut(written, "T")
	for _, form := range []struct{ layout, key string }{{"2006-01-02", "date.day"}, {"2006-01", "date.month"}, {"2006", "date.year"}} {
		at, err := time.Parse(form.layout, date)
		if err != nil {
			continue
		}
		return strings.TrimSpace(at.Format(g.words[form.key]) + " " + hour(clock))
	}
	return written
}

// hour is the time of an instant with its zone, without seconds where they are zero.
func hour(clock string) string {
	at := strings.IndexAny(clock, "Z+-")
	if at < 0 {
		return clock
	}
	zone := clock[at:]
	if zone == "Z" {
		zone = "+00:00"
	}
	return strings.TrimSuffix(strings.TrimSuffix(clock[:at], ".000"), ":00") + " (UTC" + zone + ")"
}
