package compose

import (
	"sild/internal/cda/oid"
	"sild/node"
)

// variants of dosing, as IHE's templates sort them (Patient Care Coordination 6.3.4.16).
const (
	normalDosing      = "ihe.4.7.1"
	taperedDosing     = "ihe.4.8"
	splitDosing       = "ihe.4.9"
	conditionalDosing = "ihe.4.10"
)

// variant is the template of how a medicine is dosed. Dosages that follow one another in time are tapered, those of the
// same time are split.
func variant(dosage []node.Dosage) string {
	switch {
	case len(dosage) > 1:
		for _, next := range dosage[1:] {
			if bounds(next.Timing) != bounds(dosage[0].Timing) {
				return taperedDosing
			}
		}
		return splitDosing
	case len(dosage) == 1 && dosage[0].AsNeeded != nil && *dosage[0].AsNeeded:
		return conditionalDosing
	}
	return normalDosing
}

func bounds(t node.Timing) [4]string {
	return [4]string{t.BoundsFrom, t.BoundsTo, t.BoundsValue, t.BoundsUnit}
}

// dosing is one dosage at its place in the record.
type dosing struct {
	node.Dosage
	path string
}

func dosings(dosage []node.Dosage, prefix string) []dosing {
	found := make([]dosing, len(dosage))
	for i, one := range dosage {
		found[i] = dosing{one, prefix + "dosage[" + itoa(i) + "]"}
	}
	return found
}

// first is the dosage that stands in the administration itself; the others are subordinate to it.
func first(all []dosing, prefix string) dosing {
	if len(all) == 0 {
		return dosing{path: prefix + "dosage[0]"}
	}
	return all[0]
}

// times writes the two times of an administration: how long the treatment lasts, and when in that time (CDA R2: the
// second is intersected with the first).
func (c *composer) times(d dosing, otherwise node.Period) {
	t := d.Timing
	if t.BoundsFrom == "" && t.BoundsTo == "" && t.BoundsValue == "" {
		t.BoundsFrom, t.BoundsTo = otherwise.From, otherwise.To
	}
	c.treatment(t, d.path+".timing")
	c.rhythm(d)
}

// treatment writes the period of treatment. An end that nobody set is open (NA); where nothing is known it is unknown.
func (c *composer) treatment(t node.Timing, path string) {
	low, high := c.stamped(t.BoundsFrom, path+".from"), c.stamped(t.BoundsTo, path+".to")
	c.start("effectiveTime", "xsi:type", "IVL_TS")
	switch {
	case low != "":
		c.empty("low", "value", low)
	case t.BoundsValue == "":
		c.empty("low", "nullFlavor", "UNK")
	}
	switch {
	case high != "":
		c.empty("high", "value", high)
		if t.BoundsValue != "" {
			c.lose(path+".length", "A course has an end or a length in CDA; its end stands.")
		}
	case t.BoundsValue != "":
		c.width(t, path)
	case low != "":
		c.empty("high", "nullFlavor", "NA")
	default:
		c.empty("high", "nullFlavor", "UNK")
	}
	c.end()
}

func (c *composer) width(t node.Timing, path string) {
	if _, ok := node.Decimal(t.BoundsValue); !ok || !isTimeUnit(t.BoundsUnit) {
		c.lose(path+".length", "A length of time that is no decimal in a unit of time cannot stand in CDA.")
		c.empty("high", "nullFlavor", "UNK")
		return
	}
	c.empty("width", "value", t.BoundsValue, "unit", t.BoundsUnit)
}

// intake writes by which route and how much.
func (c *composer) intake(d dosing) {
	c.loseMore(d)
	c.coded("routeCode", d.Route)
	switch {
	case !d.DoseHigh.IsZero():
		c.start("doseQuantity")
		if !d.Dose.IsZero() {
			c.quantity("low", d.Dose, "")
		}
		c.quantity("high", d.DoseHigh, "")
		c.end()
	case !d.Dose.IsZero():
		c.quantity("doseQuantity", d.Dose, "")
	}
}

// loseMore reports what few dosages have and we do not write: a reader of CDA would not look for it there.
func (c *composer) loseMore(d dosing) {
	for _, part := range []struct {
		name string
		said bool
	}{{"sequence", d.Sequence != ""}, {"site", d.Site != nil}, {"rate", !d.Rate.IsZero()}, {"most", !d.Most.IsZero()}, {"timing.offset", d.Timing.Offset != ""}} {
		if part.said {
			c.lose(d.path+"."+part.name, "This part of a dosage is not written to CDA; the words of the dosage stand.")
		}
	}
	for i := range d.NeededFor {
		c.lose(d.path+".neededFor["+itoa(i)+"]", "CDA is told that a dose is taken when needed, and not for what.")
	}
}

// asNeeded writes the condition of a dosage that is taken when needed; CDA cannot say that one is not.
func (c *composer) asNeeded(d dosing) {
	switch {
	case d.AsNeeded == nil && len(d.NeededFor) == 0:
	case d.AsNeeded != nil && !*d.AsNeeded:
		c.lose(d.path+".asNeeded", "CDA says that a dose is taken when needed, not that it is not.")
	default:
		c.start("precondition", "typeCode", "PRCN")
		c.start("criterion", "classCode", "OBS", "moodCode", "EVN.CRT")
		c.fixed("code", "ASSERTION", oid.ActCode, "")
		c.empty("value", "xsi:type", "CD", "nullFlavor", "NI")
		c.ends(2)
	}
}

// further writes the other dosages as administrations under the first one, numbered in their order. They repeat neither
// the medicine nor what belongs to the whole item.
func (c *composer) further(all []dosing) {
	for i, d := range all {
		if i == 0 {
			continue
		}
		c.start("entryRelationship", "typeCode", "COMP")
		c.empty("sequenceNumber", "value", itoa(i+1))
		c.start("substanceAdministration", "classCode", "SBADM", "moodCode", "INT")
		c.refer(c.sentence(d))
		c.times(d, node.Period{})
		c.intake(d)
		c.start("consumable", "typeCode", "CSM")
		c.start("manufacturedProduct", "classCode", "MANU")
		c.empty("manufacturedMaterial", "nullFlavor", "NA")
		c.ends(2)
		c.comments(d.Additional)
		c.asNeeded(d)
		c.ends(2)
	}
}
