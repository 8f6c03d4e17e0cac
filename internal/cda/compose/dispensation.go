package compose

import (
	"sild/internal/cda/oid"
	"sild/internal/reading"
	"sild/node"
)

// dispensation writes the one section of an eDispensation with the one thing that was handed out.
func (c *composer) dispensation() {
	given := c.d.Dispensation
	if given.Status != "" && given.Status != "completed" {
		c.fail(&node.Error{Op: "cda.compose", Kind: node.Unsupported, Reason: "compose.status",
			Detail: "A dispensation that is not completed is no document in CDA; a withdrawal sends the first one again."})
		return
	}
	text := told(c.d.Header.Narrative, func() node.Narrative { return reading.DispensationNarrative(c.d, c.language()) })
	c.section(func() {
		c.templates("ccd.8", "~2.2")
		c.mustIdentify(given.ID, "dispensation.id")
		c.fixed("code", oid.DispensationSection, oid.LOINC, "Medication dispensed.brief Document")
		c.words("title", "Dispensation")
	}, text, func() {
		c.start("entry", "typeCode", "COMP")
		c.supplied(given)
		c.end()
	})
}

// supplied writes the supply event: the product as it was handed out, by whom, and on which item of which prescription.
func (c *composer) supplied(given *node.Dispensation) {
	c.start("supply", "classCode", "SPLY", "moodCode", "EVN")
	c.templates("ccd.34", "ihe.4.7.3", "~3.3")
	item := given.Item
	if item.IsZero() {
		item = given.ID
	}
	c.mustIdentify(item, "dispensation.id")
	c.count("quantity", given.Packages, "packages")
	c.start("product", "typeCode", "PRD")
	c.manufactured(dispensable(&given.Medication))
	c.end()
	c.dispenser(given)
	c.fulfilled(given)
	c.substituted(given)
	c.comments(given.Notes)
	c.comments([]string{given.Medication.Text})
	c.end()
	if given.ClosesRemainder {
		c.lose("closesRemainder", "That the rest lapses is the issuing country's rule and stands in no dispensation.")
	}
}

// dispenser writes who handed the medicine out and when, and the place for the licence, which the record does not know.
func (c *composer) dispenser(given *node.Dispensation) {
	at := given.HandedOver
	if at == "" {
		at = given.Recorded
	}
	c.start("performer", "typeCode", "PRF")
	c.moment("time", at, "handedOver")
	c.entity("assignedEntity", given.Pharmacist, "pharmacist")
	c.end()
	c.start("participant", "typeCode", "PRF", "contextControlCode", "OP")
	c.start("participantRole", "classCode", "LIC")
	c.empty("id", "nullFlavor", "NI")
	c.start("scopingEntity", "classCode", "ORG")
	c.empty("id", "nullFlavor", "NI")
	c.ends(3)
}

// fulfilled names the item of the prescription, byte for byte as the issuing country wrote it, with the prescribed
// product where the document holds it.
func (c *composer) fulfilled(given *node.Dispensation) {
	c.start("entryRelationship", "typeCode", "REFR")
	c.start("substanceAdministration", "classCode", "SBADM", "moodCode", "INT")
	c.mustIdentify(given.Prescription, "prescription.id")
	c.start("consumable", "typeCode", "CSM")
	if m := c.prescribed(given); m != nil {
		evidence := dispensable(m)
		evidence.path, evidence.must = "prescribed", false
		c.manufactured(evidence)
	} else {
		c.start("manufacturedProduct", "classCode", "MANU")
		c.empty("manufacturedMaterial", "nullFlavor", "NI")
		c.end()
	}
	c.ends(3)
}

// prescribed is the product as it was prescribed: as the dispenser repeats it, or as the document holds it beside.
func (c *composer) prescribed(given *node.Dispensation) *node.Medication {
	if given.Prescribed != nil && !isBlank(given.Prescribed) {
		return given.Prescribed
	}
	if p := c.d.Prescription(); p != nil {
		return &p.Medication
	}
	return nil
}

// substituted says that another product was handed out. That none was is said by silence: an act that denies it would be
// taken by many readers for the opposite.
func (c *composer) substituted(given *node.Dispensation) {
	switch {
	case given.Substituted == nil:
	case !*given.Substituted:
		c.lose("substituted", "A CDA dispensation says that something was substituted; that nothing was is said by silence.")
	default:
		c.start("entryRelationship", "typeCode", "COMP")
		c.start("act", "classCode", "ACT", "moodCode", "EVN")
		c.fixed("code", "SUBST", oid.ActClass, "Substitution")
		c.ends(2)
	}
}
