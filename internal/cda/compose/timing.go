package compose

import (
	"math/big"
	"strings"

	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// rhythm writes when in the time of treatment a dose is due: a period, events of the day, or both. What cannot be said
// whole is not said by half: then the element says unknown, and the words of the dosage stand.
func (c *composer) rhythm(d dosing) {
	t := d.Timing
	period, ok := c.period(d)
	events := c.canTell(d)
	switch {
	case !ok || !events:
		c.empty("effectiveTime", "nullFlavor", "UNK")
	case len(t.When) == 0 && period == nil:
		c.empty("effectiveTime", "nullFlavor", "UNK")
	case len(t.When) == 0:
		c.periodic("effectiveTime", d, period, "A")
	case period == nil || period.daily() || t.Period == "1" && t.PeriodUnit == "d" && t.Frequency == itoa(len(t.When)):
		c.events("effectiveTime", d, "A") // an event comes once a day: that is its rhythm
	default:
		c.start("effectiveTime", "xsi:type", "SXPR_TS", "operator", "A")
		c.periodic("comp", d, period, "")
		c.events("comp", d, "A")
		c.end()
	}
}

// cycle is the time from one dose to the next.
type cycle struct {
	value, unit string
	institution bool // so often in a time, the hours being chosen by whoever gives it
	whole       *big.Rat
}

func (p *cycle) daily() bool {
	return p.unit == "d" && p.whole.Cmp(big.NewRat(1, 1)) == 0 || p.unit == "h" && p.whole.Cmp(big.NewRat(24, 1)) == 0
}

// period is how often a dose is due; nil where the record does not say, false where CDA cannot.
func (c *composer) period(d dosing) (*cycle, bool) {
	t := d.Timing
	at := d.path + ".timing"
	if t.FrequencyMax != "" || t.PeriodMax != "" {
		c.lose(at+".range", "A range of how often cannot stand in CDA; the words of the dosage do.")
		return nil, false
	}
	if len(t.DayOfWeek) > 0 { // a rhythm without its days would be another one: daily for weekly
		c.lose(at+".dayOfWeek", "Days of the week are not written to CDA; the words of the dosage stand.")
		return nil, false
	}
	frequency, length, unit := t.Frequency, t.Period, t.PeriodUnit
	if len(t.TimeOfDay) > 0 && !c.clock(d) {
		c.lose(at+".timeOfDay", "Hours of the day cannot stand in CDA without the day of the first dose; how often does.")
		if frequency == "" && length == "" {
			frequency, length, unit = itoa(len(t.TimeOfDay)), "1", "d"
		}
	}
	if len(t.TimeOfDay) == 1 && length == "" {
		length, unit = "1", "d"
	}
	if frequency == "" && length == "" {
		return nil, true
	}
	found, ok := cycleOf(frequency, length, unit)
	if !ok {
		c.lose(at+".frequency", "CDA says the time from dose to dose, and this one has no exact length.")
	}
	return found, ok
}

// sentence is what a dosage says in words. A dosage without words whose hours cannot be written says at least these.
func (c *composer) sentence(d dosing) string {
	if d.Text == "" && !c.clock(d) {
		return strings.Join(d.Timing.TimeOfDay, ", ")
	}
	return d.Text
}

// clock says that an hour of the day can be written: a single one, in a course whose first day is known.
func (c *composer) clock(d dosing) bool {
	return len(d.Timing.TimeOfDay) == 1 && c.phase(d) != ""
}

// phase is the moment of the first dose, in nobody's time zone: an hour of the day means the patient's own clock.
func (c *composer) phase(d dosing) string {
	t := d.Timing
	if len(t.TimeOfDay) != 1 || len(t.BoundsFrom) < len("2006-01-02") {
		return ""
	}
	ts, ok := stamp(t.BoundsFrom[:len("2006-01-02")] + "T" + t.TimeOfDay[0])
	if !ok {
		return ""
	}
	return ts
}

// cycleOf divides a period by how often it is due, exactly: three times a day is every eight hours. A quotient without
// finite decimals is tried in the smaller units.
func cycleOf(frequency, period, unit string) (*cycle, bool) {
	if frequency == "" {
		frequency = "1"
	}
	often, okOften := node.Decimal(frequency)
	length, ok := node.Decimal(period)
	if !ok || !okOften || often.Sign() <= 0 || length.Sign() <= 0 || !isTimeUnit(unit) {
		return nil, false
	}
	one := often.Cmp(big.NewRat(1, 1)) == 0
	found := &cycle{value: period, unit: unit, whole: length, institution: !one || unit != "h" && unit != "min" && unit != "s"}
	if one {
		return found, true
	}
	for each := new(big.Rat).Quo(length, often); ; {
		smaller, times := smallerUnit(unit)
		if places, finite := each.FloatPrec(); finite && (places == 0 || smaller == "") {
			found.value, found.unit, found.whole = each.FloatString(places), unit, each
			return found, true
		}
		if smaller == "" {
			return nil, false
		}
		each.Mul(each, big.NewRat(times, 1))
		unit = smaller
	}
}

// smallerUnit is the next smaller unit of time that divides a unit exactly; a month and a year have none.
func smallerUnit(unit string) (string, int64) {
	switch unit {
	case "wk":
		return "d", 7
	case "d":
		return "h", 24
	case "h":
		return "min", 60
	case "min":
		return "s", 60
	}
	return "", 0
}

func isTimeUnit(unit string) bool {
	switch unit {
	case "s", "min", "h", "d", "wk", "mo", "a":
		return true
	}
	return false
}

func (c *composer) periodic(name string, d dosing, p *cycle, operator string) {
	institution := "false"
	if p.institution {
		institution = "true"
	}
	c.start(name, "xsi:type", "PIVL_TS", "institutionSpecified", institution, "operator", operator)
	if at := c.phase(d); at != "" {
		c.start("phase")
		c.empty("low", "value", at)
		c.end()
	}
	c.empty("period", "value", p.value, "unit", p.unit)
	c.end()
}

// canTell says whether HL7 v3 has a code for every event. FHIR's own ones (morning, noon, evening, night) are wider than
// its meals: to write the nearest would be a guess.
func (c *composer) canTell(d dosing) bool {
	for i, code := range d.Timing.When {
		if !isEvent(code) {
			c.lose(d.path+".timing.when["+itoa(i)+"]", "HL7 v3 has no code for this time of the day; the words of the dosage stand.")
			return false
		}
	}
	return true
}

// isEvent says that a code is of HL7 v3 TimingEvent.
func isEvent(code string) bool {
	switch code {
	case "AC", "ACD", "ACM", "ACV", "C", "CD", "CM", "CV", "HS", "IC", "ICD", "ICM", "ICV", "PC", "PCD", "PCM", "PCV", "WAKE":
		return true
	}
	return false
}

func (c *composer) events(name string, d dosing, operator string) {
	if len(d.Timing.When) == 1 {
		c.event(name, d, 0, operator)
		return
	}
	c.start(name, "xsi:type", "SXPR_TS", "operator", operator)
	for i := range d.Timing.When {
		c.event("comp", d, i, "")
	}
	c.end()
}

// event writes one event, with the life of its code where the document has one.
func (c *composer) event(name string, d dosing, i int, operator string) {
	c.start(name, "xsi:type", "EIVL_TS", "operator", operator)
	code := d.Timing.When[i]
	slot := c.byPath[c.at+d.path+".timing.when["+itoa(i)+"]"]
	if slot != nil && slot.Field == translation.TimingEvent && slot.Current.Code == code {
		c.coded("event", slot)
	} else {
		c.fixed("event", code, oid.TimingEvent, "")
	}
	c.end()
}
