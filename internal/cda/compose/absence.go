package compose

import (
	"strings"

	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// absent writes the one entry of a section that has none: that there is nothing of the kind, or that nobody knows. The
// two are never mixed.
func (c *composer) absent(s *node.Section, rule sectionRule, key string) {
	said := statement{Entry: &node.Entry{Kind: node.AnAbsence}, section: s.Code, path: key + ".entry[0]",
		number: key[len("section["):len(key)-1] + ".1", known: s.State == node.KnownAbsence}
	for _, slot := range s.Slots {
		if slot.Field == translation.Absence && said.What == nil {
			said.What = slot
		}
	}
	for i := range s.Entries {
		switch {
		case s.Entries[i].Kind == node.AnAbsence && s.Entries[i].Negated:
			c.lose(key+".entry["+itoa(i)+"]", deniedAbsence)
		case s.Entries[i].Kind == node.AnAbsence:
			said.Entry = &s.Entries[i]
		default:
			c.lose(key+".entry["+itoa(i)+"]", "The section says that it has no statements, so this one is not written.")
		}
	}
	if rule.none == "" {
		c.lose(key+".state", "CDA has no code for this section being empty; its text says so.")
		return
	}
	c.absence(said, rule)
}

// absence writes an absence in the shape that the section's statements have.
func (c *composer) absence(s statement, rule sectionRule) {
	c.start("entry", "typeCode", "COMP")
	switch s.section {
	case "48765-2":
		c.absentConcern(s, rule, "~3.16", "~3.17")
	case "10160-0":
		c.absentMedicine(s, rule, "~3.4", "ccd.24", normalDosing)
	case "11369-6":
		c.absentMedicine(s, rule, "~3.19", "ihe.4.12", "ccd.24")
	case "46264-8":
		c.absentDevice(s, rule)
	case "47519-4":
		c.start("procedure", "classCode", "PROC", "moodCode", "EVN")
		c.templates("~3.26")
		c.id(s, 0)
		c.absenceCode("code", s, rule)
		c.refer(s.Text)
		c.empty("statusCode", "code", "completed")
		c.empty("effectiveTime", "nullFlavor", "NA")
		c.end()
	default:
		c.absentConcern(s, rule, "~3.15", "~3.7")
	}
	c.end()
	c.leftover(s, "text")
}

func (c *composer) absentConcern(s statement, rule sectionRule, outer, inner string) {
	c.start("act", "classCode", "ACT", "moodCode", "EVN")
	c.templates(outer, "ccd.27")
	c.id(s, 0)
	c.fixed("code", "CONC", oid.ActClass, "")
	c.empty("statusCode", "code", "active")
	c.start("effectiveTime")
	c.empty("low", "nullFlavor", "NA")
	c.end()
	c.start("entryRelationship", "typeCode", "SUBJ", "inversionInd", "false")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN")
	c.templates(inner)
	c.id(s, 1)
	c.codedOr("code", s.Type)
	c.refer(s.Text)
	c.empty("statusCode", "code", "completed")
	c.start("effectiveTime")
	c.empty("low", "nullFlavor", "NA")
	c.end()
	c.absenceCode("value", s, rule, "xsi:type", "CD")
	c.ends(3)
}

func (c *composer) absentMedicine(s statement, rule sectionRule, templates ...string) {
	mood := "INT"
	if s.section == "11369-6" {
		mood = "EVN"
	}
	c.start("substanceAdministration", "classCode", "SBADM", "moodCode", mood)
	c.templates(templates...)
	c.id(s, 0)
	c.absenceCode("code", s, rule)
	c.refer(s.Text)
	c.empty("statusCode", "code", "completed")
	c.empty("effectiveTime", "xsi:type", "IVL_TS", "nullFlavor", "NA")
	c.start("consumable", "typeCode", "CSM", "nullFlavor", "NA")
	c.start("manufacturedProduct", "classCode", "MANU")
	c.empty("manufacturedMaterial", "nullFlavor", "NA")
	c.ends(3)
}

func (c *composer) absentDevice(s statement, rule sectionRule) {
	c.start("supply", "classCode", "SPLY", "moodCode", "EVN")
	c.templates("~3.5")
	c.id(s, 0)
	c.refer(s.Text)
	c.empty("effectiveTime", "nullFlavor", "NA")
	c.start("participant", "typeCode", "DEV")
	c.start("participantRole", "classCode", "MANU")
	c.start("playingDevice", "classCode", "DEV", "determinerCode", "INSTANCE")
	c.absenceCode("code", s, rule)
	c.ends(4)
}

// absenceCode writes the code of the absence: the record's own where it is of the list and says what the section says;
// else the section's, with the record's own as an earlier form of it.
func (c *composer) absenceCode(name string, s statement, rule sectionRule, attributes ...string) {
	slot := s.What
	if slot != nil && slot.Current.Code != "" {
		root, _, _ := c.root(slot.Current.System)
		if root == oid.AbsentUnknown && strings.HasPrefix(slot.Current.Code, "no-known-") == s.known {
			c.coded(name, slot, attributes...)
			return
		}
	}
	what := strings.TrimPrefix(rule.none, "no-known-")
	code, display := rule.info, "No information about "+what
	if s.known {
		code, display = rule.none, "No known "+what
	}
	c.start(name, append(attributes, "code", code, "codeSystem", oid.AbsentUnknown, "displayName", display)...)
	if slot != nil {
		c.written[slot] = true
		c.words("originalText", slot.Text)
		c.older(slot, c.forms(slot))
	}
	c.end()
}
