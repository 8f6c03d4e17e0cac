package compose

import (
	"strings"

	"sild/internal/cda/oid"
	"sild/internal/reading"
	"sild/node"
	"sild/translation"
)

// sectionRule is what MyHealth@EU says of one section of a patient summary: its templates, its name, and the two codes by
// which it says that there is nothing and that nobody knows (IPS absent-unknown).
type sectionRule struct {
	code, name string
	templates  []string
	none, info string
	required   bool
}

// sectionRules lists the sections, the required ones first in the order in which they are added where they are missing.
var sectionRules = []sectionRule{
	{"48765-2", "Allergies, adverse reactions, alerts", []string{"~2.12"}, "no-known-allergies", "no-allergy-info", true},
	{"10160-0", "History of medication use", []string{"~2.3", "ccd.8"}, "no-known-medications", "no-medication-info", true},
	{"11450-4", "Problem list", []string{"~2.9", "ccd.11"}, "no-known-problems", "no-problem-info", true},
	{"46264-8", "History of medical device use", []string{"~2.4", "ccd.7"}, "no-known-devices", "no-device-info", true},
	{"47519-4", "History of Procedures", []string{"~2.11"}, "no-known-procedures", "no-procedure-info", true},
	{"11348-0", "History of past illness", []string{"~2.10"}, "no-known-problems", "no-problem-info", false},
	{"11369-6", "History of immunization", []string{"~2.15", "ccd.6"}, "no-known-immunizations", "no-immunization-info", false},
	{"10162-6", "History of pregnancies", []string{"~2.7"}, "", "", false},
	{"29762-2", "Social history", []string{"~2.13", "ccd.15"}, "", "", false},
	{"8716-3", "Physical findings", []string{"~2.6"}, "", "", false},
	{"30954-2", "Relevant diagnostic tests/laboratory data", []string{"~2.5"}, "", "", false},
	{"47420-5", "Functional status assessment", []string{"~2.14"}, "", "", false},
	{"42348-3", "Advance directives", []string{"~2.16"}, "", "", false},
	{"18776-5", "Plan of treatment", []string{"ihe.3.31"}, "", "", false},
}

// ruleOf finds a section's rule; a section that the rules do not know keeps its code and has no template.
func ruleOf(code string) sectionRule {
	for _, rule := range sectionRules {
		if rule.code == code {
			return rule
		}
	}
	return sectionRule{code: code}
}

// summary writes the sections of the record in their order, and after them the required ones that it does not have. A
// section of which nothing is left looks the same as one that was never there.
func (c *composer) summary() {
	written := map[string]int{}
	for i := range c.d.Summary.Sections {
		if s := &c.d.Summary.Sections[i]; !isEmpty(s) {
			written[s.Code]++
			c.statements(s, node.SectionPath(s.Code, written[s.Code]))
		}
	}
	for _, rule := range sectionRules {
		if rule.required && written[rule.code] == 0 {
			c.statements(&node.Section{Code: rule.code, State: node.NoInformation}, node.SectionPath(rule.code, 1))
		}
	}
}

// isEmpty says that a section neither says anything nor says that there is nothing.
func isEmpty(s *node.Section) bool {
	return (s.State == node.HasEntries || s.State == "") && len(s.Entries) == 0 && strings.TrimSpace(s.Narrative.XHTML) == ""
}

// statements writes one section.
func (c *composer) statements(s *node.Section, key string) {
	rule := ruleOf(s.Code)
	text := told(s.Narrative, func() node.Narrative { return reading.Narrative(c.d, *s, c.language()) })
	c.section(func() { c.sectionHead(s, rule, key) }, text, func() {
		switch s.State {
		case node.KnownAbsence, node.NoInformation:
			c.absent(s, rule, key)
		default:
			for i := range s.Entries {
				at := key + ".entry[" + itoa(i) + "]"
				c.entry(statement{Entry: &s.Entries[i], section: s.Code, path: at, number: key[len("section["):len(key)-1] + "." + itoa(i+1)})
			}
		}
	})
}

func (c *composer) sectionHead(s *node.Section, rule sectionRule, key string) {
	c.templates(rule.templates...)
	c.derivedID(key[len("section[") : len(key)-1])
	switch slot := c.headingOf(s); {
	case slot != nil:
		c.coded("code", slot)
	case s.Code == "":
		c.empty("code", "nullFlavor", "NI")
	default:
		c.fixed("code", s.Code, oid.LOINC, rule.name)
	}
	c.words("title", titleOf(s, rule))
}

// headingOf is the slot of the section's code, where it still is the LOINC code that the section is known by.
func (c *composer) headingOf(s *node.Section) *translation.Slot {
	for _, slot := range s.Slots {
		root, _, _ := c.root(slot.Current.System)
		if slot.Field == translation.Section && slot.Current.Code == s.Code && root == oid.LOINC {
			return slot
		}
	}
	return nil
}

func titleOf(s *node.Section, rule sectionRule) string {
	if s.Title != "" {
		return s.Title
	}
	return rule.name
}

// derivedID writes a number for something that the record gives none: the document's own, with where it stands.
func (c *composer) derivedID(place string) {
	extension := place
	if c.extension != "" {
		extension = c.extension + "." + place
	}
	c.empty("id", "root", c.rootID, "extension", extension)
}
