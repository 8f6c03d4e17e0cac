package cda

import (
	"time"

	"sild/internal/xmldom"
	"sild/node"
)

// time reads a TS as a FHIR date or instant of the same precision; the offset is kept and nothing is shifted. A time
// without an offset says an hour that nobody can place on the clock of another country: its day is taken, and the rest
// is residue. What is no date of the calendar is left unclaimed.
func (d *decoder) time(e xmldom.Element) string {
	written, whole := dateOf(attr(e, "value"))
	if whole {
		d.claim(e)
	}
	return written
}

// dateOf turns YYYY[MM[DD[HHMM[SS[.S…]]]]][+-ZZZZ] (HL7 v3 data types, TS literal) into a FHIR date or instant, and says
// whether all of it is told by that.
func dateOf(ts string) (written string, whole bool) {
	digits := 0
	for digits < len(ts) && ts[digits] >= '0' && ts[digits] <= '9' {
		digits++
	}
	rest := ts[digits:]
	switch digits {
	case 4, 6, 8, 12, 14:
	case 10:
		day, _ := dateOf(ts[:8])
		return day, false // an hour without its minutes cannot be written in FHIR
	default:
		return "", false
	}
	at, err := time.Parse("20060102150405"[:digits], ts[:digits])
	if err != nil || at.Year() == 0 {
		return "", false
	}
	switch digits {
	case 4:
		return ts[:4], rest == ""
	case 6:
		return ts[:4] + "-" + ts[4:6], rest == ""
	}
	day := ts[:4] + "-" + ts[4:6] + "-" + ts[6:8]
	if digits == 8 {
		return day, rest == ""
	}
	fraction, zone := cutFraction(rest)
	offset, ok := offsetOf(zone)
	if !ok {
		return day, false
	}
	seconds := "00"
	if digits == 14 {
		seconds = ts[12:14]
	}
	return day + "T" + ts[8:10] + ":" + ts[10:12] + ":" + seconds + fraction + offset, true
}

// cutFraction parts .123+0200 into its fraction and its offset.
func cutFraction(rest string) (fraction, zone string) {
	if rest == "" || rest[0] != '.' {
		return "", rest
	}
	end := 1
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	if end == 1 {
		return "", rest
	}
	return rest[:end], rest[end:]
}

// offsetOf writes +0200 as FHIR does, +02:00.
func offsetOf(zone string) (string, bool) {
	if zone == "Z" {
		return "Z", true
	}
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' {
		return "", false
	}
	if _, err := time.Parse("-0700", zone); err != nil {
		return "", false
	}
	return zone[:3] + ":" + zone[3:], true
}

// start reads an IVL_TS or TS of which the record holds only the beginning; an end stays residue.
func (d *decoder) start(e xmldom.Element) string {
	if attr(e, "value") != "" {
		return d.time(e)
	}
	d.claim(e)
	return d.time(child(e, "low"))
}

// interval reads an IVL_TS: low and high, or one point.
func (d *decoder) interval(e xmldom.Element) node.Period {
	if !e.There() {
		return node.Period{}
	}
	if attr(e, "value") != "" {
		written := d.time(e)
		return node.Period{From: written, To: written}
	}
	d.claim(e)
	if center := child(e, "center"); center.There() {
		at := d.time(center)
		return node.Period{From: at, To: at}
	}
	p := node.Period{From: d.time(child(e, "low")), To: d.time(child(e, "high"))}
	for _, name := range []string{"low", "high"} {
		if end := child(e, name); attr(end, "nullFlavor") != "" {
			d.claim(end)
		}
	}
	return p
}
