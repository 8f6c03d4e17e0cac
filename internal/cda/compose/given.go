package compose

import (
	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// medicationUse writes a medicine that the patient takes.
func (c *composer) medicationUse(s statement) {
	prefix := s.path + "."
	dosage := dosings(s.Dosage, prefix)
	one := first(dosage, prefix)
	c.start("substanceAdministration", "classCode", "SBADM", "moodCode", "INT", "negationInd", negation(s))
	c.templates("~3.4", "ccd.24", variant(s.Dosage))
	c.id(s, 0)
	c.refer(c.said(s, one))
	c.state(s, "")
	if t := one.Timing; (t.BoundsFrom != "" || t.BoundsTo != "" || t.BoundsValue != "") && s.When != (node.Period{}) &&
		s.When != (node.Period{From: t.BoundsFrom, To: t.BoundsTo}) {
		c.lose(s.path+".when", "The time of the first dosage stands in its place.")
	}
	c.times(one, s.When)
	c.intake(one)
	c.start("consumable", "typeCode", "CSM")
	c.manufactured(c.taken(s))
	c.end()
	c.recordedAt(s)
	c.further(dosage)
	c.reasons(s)
	c.comments(one.Additional)
	if s.Text != "" && c.sentence(one) != "" {
		c.comments([]string{s.Text})
	}
	if s.Medication != nil {
		c.comments([]string{s.Medication.Text})
	}
	c.asNeeded(one)
	c.end()
	c.leftover(s, "state", "negated", "when", "recorded", "medication", "dosage", "text")
}

// said is the text of an administration: of its first dosage, else of the whole statement.
func (c *composer) said(s statement, one dosing) string {
	if words := c.sentence(one); words != "" {
		return words
	}
	return s.Text
}

// taken is the product of a statement. A medicine of which only a code is known is its material's code.
func (c *composer) taken(s statement) product {
	m := &node.Medication{}
	if s.Medication != nil {
		m = s.Medication
	}
	if m.Product == nil && s.What != nil {
		coded := *m
		coded.Product = s.What
		m = &coded
	}
	return product{m: m, path: s.path + ".medication", outer: []string{"~3.31"}, inner: []string{"~3.32"}}
}

// immunisation writes a vaccination: the vaccine is the code of the material.
func (c *composer) immunisation(s statement) {
	denied := negation(s)
	if denied == "" {
		denied = "false"
	}
	one := first(dosings(s.Dosage, s.path+"."), s.path+".")
	c.start("substanceAdministration", "classCode", "SBADM", "moodCode", "EVN", "negationInd", denied)
	c.templates("~3.19", "ihe.4.12", "ccd.24")
	c.id(s, 0)
	c.fixed("code", "IMMUNIZ", oid.IHEActCode, "Immunization")
	c.refer(c.said(s, one))
	c.state(s, "completed")
	c.done(s, "IVL_TS")
	c.intake(one)
	c.vaccine(s)
	c.recordedAt(s)
	for _, slot := range s.Reasons {
		c.against(slot)
	}
	c.doseNumber(s)
	c.comments(one.Additional)
	if s.Text != "" && c.sentence(one) != "" {
		c.comments([]string{s.Text})
	}
	c.end()
	if len(s.Dosage) > 1 || !one.Timing.IsZero() {
		c.lose(s.path+".dosage", "A vaccination has one dose, given at its own time.")
	}
	c.leftover(s, "state", "negated", "when", "recorded", "medication", "dosage", "number", "text")
}

func (c *composer) vaccine(s statement) {
	c.start("consumable", "typeCode", "CSM")
	c.start("manufacturedProduct", "classCode", "MANU")
	c.templates("~3.18", "ccd.53")
	c.start("manufacturedMaterial", "classCode", "MMAT", "determinerCode", "KIND")
	m := &node.Medication{}
	if s.Medication != nil {
		m = s.Medication
	}
	vaccine := s.What
	if vaccine == nil {
		vaccine = m.Product
	}
	c.codedOr("code", vaccine)
	c.words("name", m.Name)
	bare := *m
	bare.Product, bare.Name, bare.Holder = nil, "", ""
	if !isBlank(&bare) {
		c.material(product{m: &bare, path: s.path + ".medication", part: true})
	}
	c.end()
	c.holder(m.Holder)
	c.ends(2)
	c.vaccineRecipe(s, m)
}

func (c *composer) vaccineRecipe(s statement, m *node.Medication) {
	if m.Text != "" {
		c.lose(s.path+".medication.text", "A vaccine has no recipe in CDA.")
	}
}

// against writes a disease that a vaccination protects from.
func (c *composer) against(slot *translation.Slot) {
	c.start("participant", "typeCode", "IND")
	c.start("participantRole", "classCode", "AGNT")
	c.coded("code", slot)
	c.empty("playingEntity", "classCode", "ENT", "nullFlavor", "UNK")
	c.ends(2)
}

// doseNumber writes which dose of a series it was. What is no whole number stands as words.
func (c *composer) doseNumber(s statement) {
	if s.Number == "" {
		return
	}
	c.start("entryRelationship", "typeCode", "SUBJ")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN")
	c.templates("~3.28")
	c.fixed("code", "30973-2", oid.LOINC, "Dose number")
	c.empty("statusCode", "code", "completed")
	if n, ok := node.Decimal(s.Number); ok && n.IsInt() {
		c.empty("value", "xsi:type", "INT", "value", s.Number)
	} else {
		c.start("value", "xsi:type", "ST")
		c.text(s.Number)
		c.end()
	}
	c.ends(2)
}

// device writes a device that the patient has: a supply whose participant is the device.
func (c *composer) device(s statement) {
	c.start("supply", "classCode", "SPLY", "moodCode", "EVN")
	c.templates("~3.5")
	c.id(s, 0)
	c.refer(s.Text)
	if s.State != "" {
		c.state(s, "")
	}
	c.since(s, "xsi:type", "IVL_TS")
	c.recordedAt(s)
	c.start("participant", "typeCode", "DEV")
	c.start("participantRole", "classCode", "MANU")
	c.start("playingDevice", "classCode", "DEV", "determinerCode", "INSTANCE")
	c.codedOr("code", s.What)
	c.ends(3)
	c.reasons(s)
	c.end()
	c.leftover(s, "state", "when", "recorded", "text")
}

// procedure writes what was done.
func (c *composer) procedure(s statement) {
	c.start("procedure", "classCode", "PROC", "moodCode", "EVN", "negationInd", negation(s))
	c.templates("~3.26")
	c.id(s, 0)
	c.codedOr("code", s.What)
	c.refer(s.Text)
	c.state(s, "completed")
	c.done(s, "")
	c.targetSite(s)
	c.recordedAt(s)
	c.reasons(s)
	c.end()
	c.leftover(s, "state", "negated", "when", "recorded", "text")
}
