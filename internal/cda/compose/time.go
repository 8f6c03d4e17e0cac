package compose

import (
	"strings"
	"time"

	"sild/node"
)

// stamp turns a FHIR date or instant into an HL7 v3 TS of the same precision: 2026-09 is 202609, and an instant keeps its
// offset, so that nothing is shifted. What is no date gives false.
func stamp(written string) (string, bool) {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05",
		"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00"} {
		if _, err := time.Parse(layout, written); err == nil {
			return packed(written), true
		}
	}
	return "", false
}

// packed takes the marks out of a date that was checked. The offset keeps its sign; Z is written as +0000.
func packed(written string) string {
	day, clock, timed := strings.Cut(written, "T")
	day = strings.ReplaceAll(day, "-", "")
	if !timed {
		return day
	}
	zone := ""
	if at := strings.IndexAny(clock, "+-Z"); at >= 0 {
		clock, zone = clock[:at], strings.ReplaceAll(clock[at:], ":", "")
	}
	if zone == "Z" {
		zone = "+0000"
	}
	return day + strings.ReplaceAll(clock, ":", "") + zone
}

// stamped is a time for an attribute, empty where there is none; what is no date is lost.
func (c *composer) stamped(written, path string) string {
	if written == "" {
		return ""
	}
	ts, ok := stamp(written)
	if !ok {
		c.lose(path, "A time that is no date or instant cannot stand in CDA.")
	}
	return ts
}

// moment writes a TS, or that it is not known.
func (c *composer) moment(name, written, path string, attributes ...string) {
	if ts := c.stamped(written, path); ts != "" {
		c.empty(name, append(attributes, "value", ts)...)
		return
	}
	c.empty(name, append(attributes, "nullFlavor", "UNK")...)
}

// instant is the document's own time as FHIR writes it, in UTC.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05Z07:00")
}

// interval writes an IVL_TS with the ends that are known; what has none is not written.
func (c *composer) interval(name string, p node.Period, path string, attributes ...string) {
	low, high := c.stamped(p.From, path+".from"), c.stamped(p.To, path+".to")
	if low == "" && high == "" {
		return
	}
	c.start(name, attributes...)
	if low != "" {
		c.empty("low", "value", low)
	}
	if high != "" {
		c.empty("high", "value", high)
	}
	c.end()
}
