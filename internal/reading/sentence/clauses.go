package sentence

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// clauses collects what one dosage says, in the order in which it is read, and what nobody has words for.
type clauses struct {
	Voice
	*grammar
	source string
	dose   string   // what is taken and how often: read without a comma between them
	said   []string // the rest, a comma before each
	unsaid []string // raw parts
	timed  bool     // how often has been added to the dose
}

// say adds a clause by its key; an empty filling adds nothing.
func (c *clauses) say(key string, pairs ...string) {
	c.said = append(c.said, c.grammar.fill(c.Reader, key, pairs...))
}

// raw keeps a part that the grammar cannot say, by its name and as it is written.
func (c *clauses) raw(name string, parts ...string) {
	written := strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	if written != "" {
		c.unsaid = append(c.unsaid, c.grammar.fill(c.Reader, "raw."+name)+" "+written)
	}
}

// text puts the clauses together. It is empty where the record has no structured part at all.
func (c *clauses) text() string {
	if c.dose == "" && len(c.said) == 0 && len(c.unsaid) == 0 {
		return ""
	}
	if c.dose == "" {
		c.dose = c.grammar.fill(c.Reader, "dose.none")
	}
	s := strings.Join(append([]string{c.dose}, c.said...), ", ")
	if len(c.unsaid) > 0 {
		s += " " + c.grammar.fill(c.Reader, "unsaid", "{s}", strings.Join(c.unsaid, "; "))
	}
	return s
}

// taken says how much, with the verb that a patient needs: only what goes through the mouth is taken.
func (c *clauses) taken(d node.Dosage) {
	dose := c.amount(d.Dose, d.DoseHigh)
	if dose == "" {
		return
	}
	lead := "dose"
	if isOral(d.Route) {
		lead = "take"
	}
	c.dose = c.grammar.fill(c.Reader, lead, "{s}", dose)
}

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
		c.raw(name, amount, "/", p.Time, p.Unit)
		return "", false
	}
	return c.grammar.fill(c.Reader, "per-time", "{s}", amount, "{n}", c.number(p.Time), "{unit}", c.grammar.unit(c.Reader, p.Time, "", p.Unit)), true
}

// needed says that it is taken as needed and for what, or that it is not only then. Silence is neither.
func (c *clauses) needed(d node.Dosage) {
	var reasons []string
	for _, s := range d.NeededFor {
		if s != nil {
			reasons = append(reasons, c.words(s))
		}
	}
	switch {
	case d.AsNeeded != nil && !*d.AsNeeded:
		c.say("needed.not")
		c.raw("needed", reasons...)
	case len(reasons) > 0:
		c.say("needed.for", "{s}", c.list(reasons))
	case d.AsNeeded != nil:
		c.say("needed")
	}
}
