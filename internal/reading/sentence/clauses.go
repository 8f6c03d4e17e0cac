package sentence

import (
	"strings"
	"unicode"

	"sild/node"
	"sild/translation"
)

// clauses collects what one dosage says, in the order in which it is read, and what nobody has words for.
type clauses struct {
	Voice
	*grammar
	source string
	dose   string   // what is taken; empty where the record does not say it
	rhythm string   // how often: read after the dose without a comma between them
	said   []string // the rest, a comma before each
	unsaid []string // raw parts
	sum    bool     // a sum is told, whose numbers stay digits
}

// say adds a clause by its key; an empty filling adds nothing.
func (c *clauses) say(key string, pairs ...string) {
	c.said = append(c.said, c.grammar.fill(c.Reader, key, pairs...))
}

// raw keeps a part that the grammar cannot say, by its name and as it is written.
func (c *clauses) raw(name string, parts ...string) {
	written := strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	if written != "" {
		c.unsaid = append(c.unsaid, c.grammar.fill(c.Reader, "raw."+name, "{s}", written))
	}
}

// text puts the clauses together. It is empty where the record has no structured part at all. That the dose is not said
// stands behind what is, in brackets: before it, "as needed" would tell how much.
func (c *clauses) text() string {
	said := c.said
	if first := c.first(); first != "" {
		said = append([]string{first}, said...)
	}
	s := strings.Join(said, ", ")
	switch none := c.grammar.fill(c.Reader, "dose.none"); {
	case s == "" && len(c.unsaid) == 0:
		return ""
	case s == "":
		s = none
	case c.dose == "":
		s += " (" + none + ")"
	}
	if len(c.unsaid) > 0 {
		s += " " + c.grammar.fill(c.Reader, "unsaid", "{s}", strings.Join(c.unsaid, "; "))
	}
	return s
}

// first is how much and how often. A comma stands between them only where two numbers or ranges would run together.
func (c *clauses) first() string {
	if c.dose == "" || c.rhythm == "" {
		return c.dose + c.rhythm
	}
	ranges := strings.Contains(c.dose, "–") && strings.Contains(c.rhythm, "–") && unicode.IsDigit(rune(c.rhythm[0]))
	if strings.HasSuffix(c.dose, ")") || ranges {
		return c.dose + ", " + c.rhythm
	}
	return c.dose + " " + c.rhythm
}

// taken says how much, with the verb that a patient needs: only what goes through the mouth is taken. What the document
// denies and what has no unit is no order to take it.
func (c *clauses) taken(d node.Dosage) {
	dose := c.amount(d.Dose, d.DoseHigh)
	if dose == "" {
		return
	}
	lead := "dose"
	if isOral(d.Route) && !c.Denied && unitOf(d) {
		lead = "take"
	}
	c.dose = c.grammar.fill(c.Reader, lead, "{s}", dose)
}

// unitOf says that the dose is of something.
func unitOf(d node.Dosage) bool { return d.Dose.Unit != nil || d.DoseHigh.Unit != nil }

func isOral(s *translation.Slot) bool {
	code, ok := shared(s, edqm)
	return ok && code == "20053000"
}

func (c *clauses) route(s *translation.Slot) {
	if s == nil {
		return
	}
	code, ok := shared(s, edqm)
	words, known := c.routes[code]
	if ok && known {
		c.said = append(c.said, words)
		return
	}
	c.say("route", "{s}", c.words(s))
}

func (c *clauses) site(s *translation.Slot) {
	if s != nil {
		c.say("site", "{s}", c.words(s))
	}
}

func (c *clauses) rate(r node.PerTime) {
	if s, ok := c.perTime(r, "rate"); ok {
		c.say("rate", "{s}", s)
	}
}

// most says what must not be exceeded.
func (c *clauses) most(m node.PerTime) {
	if s, ok := c.perTime(m, "most"); ok {
		c.say("most", "{s}", s)
	}
}

// perTime says an amount in a length of time, or keeps it raw.
func (c *clauses) perTime(p node.PerTime, name string) (string, bool) {
	if p.IsZero() {
		return "", false
	}
	amount := c.amount(p.Amount, p.High)
	_, known := c.times[p.Unit]
	if amount == "" || p.Time == "" || !known {
		c.raw(name, amount, "/", c.number(p.Time), p.Unit)
		return "", false
	}
	if p.Time == "1" {
		return c.grammar.fill(c.Reader, "per-one", "{s}", amount, "{per}", c.times[p.Unit].per), true
	}
	return c.grammar.fill(c.Reader, "per-time", "{s}", amount, "{n}", c.number(p.Time), "{unit}", c.grammar.unit(c.Reader, p.Time, "", p.Unit)), true
}

// needed says that it is taken as needed and for what, or that it is not (FHIR R5 Dosage.asNeeded: false is by schedule).
// "Regularly" is said only of what repeats. Silence is neither.
func (c *clauses) needed(d node.Dosage) {
	var reasons []string
	for _, s := range d.NeededFor {
		if s != nil {
			reasons = append(reasons, c.words(s))
		}
	}
	switch {
	case d.AsNeeded != nil && !*d.AsNeeded && (d.Timing.Period != "" || len(d.Timing.DayOfWeek) > 0):
		c.say("needed.not.rhythm")
		c.raw("needed", reasons...)
	case d.AsNeeded != nil && !*d.AsNeeded:
		c.say("needed.not")
		c.raw("needed", reasons...)
	case len(reasons) > 0:
		c.say("needed.for", "{s}", c.list(reasons))
	case d.AsNeeded != nil:
		c.say("needed")
	}
}
