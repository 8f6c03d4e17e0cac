package compose

import (
	"sild/internal/cda/oid"
	"sild/node"
)

// concern opens the act around a problem or an allergy, up to the observation itself.
func (c *composer) concern(s statement, templates ...string) {
	c.start("act", "classCode", "ACT", "moodCode", "EVN")
	c.templates(templates...)
	c.id(s, 0)
	c.empty("code", "code", "CONC", "codeSystem", oid.ActClass)
	c.state(s, concernState(s))
	c.since(s)
	c.recordedAt(s)
	c.start("entryRelationship", "typeCode", "SUBJ", "inversionInd", "false")
}

// concernState is whether somebody is still concerned, by the clinical status: a thing that is over is no concern.
func concernState(s statement) string {
	if s.Status == nil {
		return ""
	}
	switch s.Status.Current.Code {
	case "active", "recurrence", "relapse":
		return "active"
	case "inactive", "resolved", "remission":
		return "completed"
	}
	return ""
}

// allergy writes an allergy or intolerance: the act of concern around the observation, whose subject is the participant.
func (c *composer) allergy(s statement) {
	c.concern(s, "~3.16", "ccd.27")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN", "negationInd", negation(s))
	c.templates("~3.17")
	c.id(s, 1)
	c.codedOr("code", s.Type)
	c.refer(s.Text)
	c.empty("statusCode", "code", "completed")
	c.since(s)
	c.results(s)
	c.targetSite(s)
	c.start("participant", "typeCode", "CSM")
	c.start("participantRole", "classCode", "MANU")
	c.start("playingEntity", "classCode", "MMAT")
	c.codedOr("code", s.What)
	c.ends(3)
	for i := range s.Reactions {
		c.reaction(s, i)
	}
	c.ask(askSeverity, s.Severity)
	c.ask(askCriticality, s.Criticality)
	c.ask(askAllergy, s.Certainty)
	c.ask(askAllergic, s.Status)
	c.reasons(s)
	c.ends(3)
	c.leftover(s, "state", "negated", "when", "recorded", "reactions", "text", "result")
}

// reaction writes how an allergy showed: an observation for each manifestation, all with the one severity.
func (c *composer) reaction(s statement, i int) {
	r := s.Reactions[i]
	n := max(1, len(r.Manifestations))
	for k := range n {
		c.start("entryRelationship", "typeCode", "MFST")
		c.start("observation", "classCode", "OBS", "moodCode", "EVN")
		c.templates("~3.44")
		c.derivedID(s.number + ".1." + itoa(i+1) + "." + itoa(k+1))
		c.fixed("code", "404684003", oid.SNOMED, "Clinical finding")
		c.empty("statusCode", "code", "completed")
		c.interval("effectiveTime", node.Period{From: r.When}, s.path+".reaction["+itoa(i)+"].when")
		if k < len(r.Manifestations) {
			c.codedOr("value", r.Manifestations[k], "xsi:type", "CD")
		} else {
			c.empty("value", "xsi:type", "CD", "nullFlavor", "NI")
		}
		c.ask(askSeverity, r.Severity)
		c.ends(2)
	}
}

// problem writes a problem: the act of concern around the observation, whose value is the problem.
func (c *composer) problem(s statement) {
	c.concern(s, "~3.15", "ccd.27")
	c.start("observation", "classCode", "OBS", "moodCode", "EVN", "negationInd", negation(s))
	c.templates("~3.7")
	c.id(s, 1)
	c.codedOr("code", s.Type)
	c.refer(s.Text)
	c.empty("statusCode", "code", "completed")
	c.since(s)
	c.codedOr("value", s.What, "xsi:type", "CD")
	c.targetSite(s)
	c.ask(askSeverity, s.Severity)
	c.ask(askDiagnosis, s.Certainty)
	c.ask(askProblem, s.Status)
	c.reasons(s)
	c.ends(3)
	c.leftover(s, "state", "negated", "when", "recorded", "text")
}

func (c *composer) targetSite(s statement) {
	if s.Site != nil {
		c.coded("targetSiteCode", s.Site)
	}
}

func (c *composer) reasons(s statement) {
	for _, slot := range s.Reasons {
		c.reason(slot)
	}
}
