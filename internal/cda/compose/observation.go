package compose

import "sild/node"

// observation writes whatever was asked and answered.
func (c *composer) observation(s statement) {
	c.start("observation", "classCode", "OBS", "moodCode", "EVN", "negationInd", negation(s))
	c.templates(askedIn(s)...)
	c.id(s, 0)
	c.codedOr("code", s.What)
	c.refer(s.Text)
	c.state(s, "completed")
	c.done(s, "")
	c.results(s)
	if s.Result.Interpretation != nil {
		c.coded("interpretationCode", s.Result.Interpretation)
	}
	c.targetSite(s)
	c.recordedAt(s)
	c.ask(askSeverity, s.Severity)
	for i := range s.Members {
		c.start("entryRelationship", "typeCode", "COMP")
		c.member(s, i)
		c.end()
	}
	c.reasons(s)
	c.end()
	c.leftover(s, "state", "negated", "when", "recorded", "result", "text", "members")
}

// member writes an observation that belongs to another one or to a panel.
func (c *composer) member(s statement, i int) {
	inner := statement{Entry: &s.Members[i], section: s.section, path: s.path + ".member[" + itoa(i) + "]", number: s.number + "." + itoa(i+1)}
	c.observation(inner)
}

// askedIn are the templates of an observation, by the section that it stands in and what it asks.
func askedIn(s statement) []string {
	asked := ""
	if s.What != nil {
		asked = s.What.Current.Code
	}
	switch s.section {
	case "8716-3":
		return []string{"~3.20", "~3.22", "ihe.4.13", "ihe.4.13.2", "ccd.31"}
	case "29762-2":
		return []string{"~3.23", "~3.20", "ihe.4.13", "ihe.4.13.4", "ccd.33"}
	case "47420-5":
		return []string{"~3.40", "ihe.4.13"}
	case "10162-6":
		return pregnancy(asked)
	case "30954-2":
		if isBloodGroup(asked) {
			return []string{"~3.25", "~3.20", "ihe.4.13"}
		}
		return []string{"~3.43", "ihe.4.13"}
	}
	return []string{"ihe.4.13"}
}

// pregnancy tells the four observations of the pregnancy section apart: the state, the expected date, the date of an
// outcome, and how often an outcome was.
func pregnancy(asked string) []string {
	switch asked {
	case "82810-3":
		return []string{"~3.45"}
	case "11778-8", "11779-6", "11780-4":
		return []string{"~3.24", "~3.20", "ihe.4.13", "ihe.4.13.5"}
	case "93857-1":
		return []string{"~3.47"}
	}
	return []string{"~3.46"}
}

func isBloodGroup(asked string) bool {
	return asked == "34530-6" || asked == "882-1" || asked == "883-9"
}

// results writes the answers. A record has one; where it has several, each stands as a value of its own.
func (c *composer) results(s statement) {
	r := s.Result
	if r.Code != nil {
		c.coded("value", r.Code, "xsi:type", "CD")
	}
	switch {
	case !r.High.IsZero():
		c.start("value", "xsi:type", "IVL_PQ")
		if !r.Quantity.IsZero() {
			c.quantity("low", r.Quantity, "")
		}
		c.quantity("high", r.High, "")
		c.end()
	case isCount(s, r.Quantity):
		c.empty("value", "xsi:type", "INT", "value", r.Quantity.Value)
	case !r.Quantity.IsZero():
		c.quantity("value", r.Quantity, "", "xsi:type", "PQ")
	}
	if r.Text != "" {
		c.start("value", "xsi:type", "ST")
		c.text(r.Text)
		c.end()
	}
	if r.Date != "" {
		c.moment("value", r.Date, s.path+".result.date", "xsi:type", "TS")
	}
}

// isCount says that an answer counts outcomes of pregnancies, which are whole.
func isCount(s statement, q node.Quantity) bool {
	n, ok := node.Decimal(q.Value)
	return ok && n.IsInt() && q.Unit == nil && s.section == "10162-6"
}

// panel writes several observations that were made together.
func (c *composer) panel(s statement) {
	class, templates := organised(s.section)
	c.start("organizer", "classCode", class, "moodCode", "EVN")
	c.templates(templates...)
	c.id(s, 0)
	c.codedOr("code", s.What)
	c.state(s, "completed")
	c.done(s, "")
	c.recordedAt(s)
	for i := range s.Members {
		c.start("component")
		c.member(s, i)
		c.end()
	}
	c.end()
	c.leftover(s, "state", "when", "recorded", "members")
}

func organised(section string) (class string, templates []string) {
	switch section {
	case "8716-3":
		return "CLUSTER", []string{"~3.21", "ihe.4.13.1", "ccd.32", "ccd.35"}
	case "30954-2":
		return "BATTERY", []string{"~3.42"}
	case "47420-5":
		return "CLUSTER", []string{"~3.39"}
	}
	return "CLUSTER", nil
}

// act writes a plan, a directive, or a statement of no kind that the record knows: its code and its words.
func (c *composer) act(s statement) {
	mood := "EVN"
	if s.Kind == node.APlan {
		mood = "INT"
	}
	c.start("act", "classCode", "ACT", "moodCode", mood, "negationInd", negation(s))
	c.id(s, 0)
	c.codedOr("code", s.What)
	c.refer(s.Text)
	c.state(s, "")
	c.since(s)
	c.recordedAt(s)
	c.reasons(s)
	c.end()
	c.leftover(s, "state", "negated", "when", "recorded", "text")
}
