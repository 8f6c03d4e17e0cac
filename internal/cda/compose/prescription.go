package compose

import (
	"slices"

	"sild/internal/cda/oid"
	"sild/internal/reading"
	"sild/node"
	"sild/translation"
)

// prescriptions writes the one section of an ePrescription with an entry for each item.
func (c *composer) prescriptions() {
	all := c.d.Prescriptions
	c.section(c.prescriptionHead, told(c.d.Header.Narrative, c.prescriptionText), func() {
		if len(all) == 1 && c.ownAuthor(all[0]) {
			c.writeAuthor(all[0].Prescriber, all[0].Authored, "prescriber")
		}
		for i, p := range all {
			if len(all) > 1 {
				c.at = "prescription[" + itoa(i) + "]."
			}
			c.start("entry", "typeCode", "COMP")
			c.prescription(p)
			c.end()
		}
		c.at = ""
	})
}

// prescriptionText tells the items one after the other.
func (c *composer) prescriptionText() node.Narrative {
	var text node.Narrative
	for _, p := range c.d.Prescriptions {
		one := reading.PrescriptionNarrative(c.d, p, c.language())
		text = node.Narrative{XHTML: text.XHTML + one.XHTML, Language: one.Language, Generated: true}
	}
	return text
}

func (c *composer) prescriptionHead() {
	c.templates("~2.1")
	c.mustIdentify(c.record(), "prescription.id")
	c.fixed("code", oid.PrescriptionSection, oid.LOINC, "Prescriptions")
	c.words("title", "Prescriptions")
}

// prescription writes one item: the order of the elements is that of SubstanceAdministration in CDA R2.
func (c *composer) prescription(p *node.Prescription) {
	dosage := dosings(p.Dosage, "")
	c.start("substanceAdministration", "classCode", "SBADM", "moodCode", "INT")
	c.templates("~3.2", "ihe.4.7", "ccd.24", variant(p.Dosage))
	c.mustIdentify(p.ID, "prescription.id")
	one := first(dosage, "")
	c.refer(c.sentence(one))
	c.actStatus(p.Status)
	c.times(one, node.Period{})
	c.intake(one)
	c.start("consumable", "typeCode", "CSM")
	c.manufactured(dispensable(&p.Medication))
	c.end()
	if len(c.d.Prescriptions) > 1 && c.ownAuthor(p) {
		c.writeAuthor(p.Prescriber, p.Authored, "prescriber")
	}
	c.further(dosage)
	c.ordered(p)
	c.substitution(p.Substitution)
	c.instruction("FINSTRUCT", p.Instructions.Pharmacist, "ccd.43", "ihe.4.3.1")
	c.instruction("PINSTRUCT", p.Instructions.Patient, "ccd.49", "ihe.4.3", "~3.12")
	for _, slot := range p.Indication {
		c.reason(slot)
	}
	c.comments(one.Additional)
	c.comments(p.Notes)
	if slices.ContainsFunc(p.Dosage, func(d node.Dosage) bool { return d.Untold }) {
		c.comments([]string{Untold})
	}
	c.comments([]string{p.Medication.Text})
	c.asNeeded(one)
	c.end()
	c.leaveOut(p)
}

// leaveOut names what an ePrescription has no place for. The classes of a prescription are what rules of the issuing
// country see in its codes, and are no content of their own.
func (c *composer) leaveOut(p *node.Prescription) {
	if total := p.Amount.Total; !total.IsZero() {
		c.written[total.Unit] = true // named here, once
		c.lose("amount.total", "The prescribed total is carried as a number of packages.")
	}
	if p.Amount.Left != "" {
		c.lose("amount.left", "A CDA prescription does not say how much of it is left.")
	}
}

// actStatus is the state of the authorisation as an ActStatus of HL7 v3.
func (c *composer) actStatus(s node.Status) {
	code := ""
	switch s {
	case node.Active, node.Completed, node.Cancelled:
		code = string(s)
	case node.OnHold:
		code = "suspended"
	case node.Stopped:
		code = "aborted"
	case node.InError:
		code = "nullified"
	}
	if code == "" {
		if s != "" {
			c.lose("status", "A state that HL7 v3 does not know cannot stand in CDA.")
		}
		c.empty("statusCode", "nullFlavor", "NI")
		return
	}
	c.empty("statusCode", "code", code)
}

// ordered writes how many packages may be handed out, and within which time.
func (c *composer) ordered(p *node.Prescription) {
	c.start("entryRelationship", "typeCode", "COMP")
	c.start("supply", "classCode", "SPLY", "moodCode", "RQO")
	c.interval("effectiveTime", p.Valid, "valid", "xsi:type", "IVL_TS")
	c.empty("independentInd", "value", "false")
	c.count("quantity", p.Amount.Packages, "amount.packages")
	c.ends(2)
}

// substitution writes whether another product may be handed out. In this format silence means that it may, so what the
// source does not say is written as no information.
func (c *composer) substitution(s node.Substitution) {
	isOurs := s.Code != nil && c.isSubstitution(s)
	switch {
	case s.Allowed != nil && *s.Allowed && isOurs && s.Code.Current.Code == "N":
		c.refuse("substitution", "compose.substitution", "A substitution is both allowed and forbidden.")
		return
	case s.Allowed == nil && s.Code != nil && s.Code.Current.Code != "" && !isOurs:
		c.refuse("substitution", "compose.substitution", "Whether another product may be handed out is said by a code that CDA does not take.")
		return
	case s.Allowed != nil && *s.Allowed && !isOurs && s.Reason == nil && s.Text == "":
		return
	}
	c.start("entryRelationship", "typeCode", "SUBJ", "inversionInd", "true")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN")
	c.fixed("code", "SUBST", oid.ActClass, "")
	c.substitutionText(s)
	switch {
	case isOurs && (s.Allowed == nil || *s.Allowed || s.Code.Current.Code == "N"):
		c.coded("value", s.Code, "xsi:type", "CE")
	case s.Allowed != nil && !*s.Allowed:
		c.empty("value", "xsi:type", "CE", "code", "N", "codeSystem", oid.Substitution, "displayName", "none")
	default:
		c.empty("value", "xsi:type", "CE", "nullFlavor", "NI")
	}
	c.ends(2)
}

// isSubstitution says that the code is one of the list that this place takes.
func (c *composer) isSubstitution(s node.Substitution) bool {
	root, _, ok := c.root(s.Code.Current.System)
	return ok && root == oid.Substitution && s.Code.Current.Code != ""
}

// substitutionText writes the words of the reason. Its code has no place in CDA and stays lost.
func (c *composer) substitutionText(s node.Substitution) {
	words := s.Text
	if words == "" && s.Reason != nil {
		words = slotWords(s.Reason.Rendered, s.Reason.Text, s.Reason.Current.Display)
	}
	c.refer(words)
}

func slotWords(choices ...string) string {
	for _, words := range choices {
		if words != "" {
			return words
		}
	}
	return ""
}

// instruction writes words to one reader.
func (c *composer) instruction(code, text string, templates ...string) {
	if text == "" {
		return
	}
	c.start("entryRelationship", "typeCode", "SUBJ", "inversionInd", "true")
	c.start("act", "classCode", "ACT", "moodCode", "INT")
	c.templates(templates...)
	c.empty("code", "code", code, "codeSystem", oid.IHEActCode, "codeSystemName", "IHEActCode", "displayName", code)
	c.refer(text)
	c.empty("statusCode", "code", "completed")
	c.ends(2)
}

// Untold is the comment by which a reader abroad learns that the original says more about the dosage than stands in the
// item. The decoder knows it again by its words, so they stay as they are.
const Untold = "The original document says more about the dosage than is written here: read it there."

// comments writes further words as annotations (IHE comments), one for each.
func (c *composer) comments(texts []string) {
	for _, text := range texts {
		if text == "" {
			continue
		}
		c.start("entryRelationship", "typeCode", "SUBJ", "inversionInd", "true")
		c.start("act", "classCode", "ACT", "moodCode", "EVN")
		c.templates("ccd.40", "ihe.4.2")
		c.fixed("code", "48767-8", oid.LOINC, "Annotation comment")
		c.refer(text)
		c.empty("statusCode", "code", "completed")
		c.ends(2)
	}
}

// reason writes why a medicine is taken, as a summary does.
func (c *composer) reason(slot *translation.Slot) {
	c.start("entryRelationship", "typeCode", "RSON")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN")
	c.templates("~3.41", "ihe.4.13")
	c.fixed("code", "64572001", oid.SNOMED, "Disease")
	c.empty("statusCode", "code", "completed")
	c.coded("value", slot, "xsi:type", "CD")
	c.ends(2)
}
