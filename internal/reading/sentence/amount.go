package sentence

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// The systems of the shared dose units.
const (
	edqm = "http://standardterms.edqm.eu"
	ucum = "http://unitsofmeasure.org"
)

// amount says a quantity or a range of two; empty where there is none.
func (c *clauses) amount(low, high node.Quantity) string {
	switch {
	case low.IsZero() && high.IsZero():
		return ""
	case high.IsZero():
		return c.measured(low, node.Quantity{})
	case low.IsZero():
		return c.grammar.fill(c.Reader, "up-to", "{s}", c.measured(high, node.Quantity{}))
	case unitKey(low) != unitKey(high):
		return c.measured(low, node.Quantity{}) + " – " + c.measured(high, node.Quantity{})
	}
	return c.measured(low, high)
}

// measured is a number, or a range, of one unit. A unit without an inflected word of ours is named beside it, where it needs
// no form.
func (c *clauses) measured(low, high node.Quantity) string {
	from, to := amountOf(low), amountOf(high)
	n, written := c.span(from, to)
	if from == "" {
		n = "?"
	}
	if low.Unit == nil {
		return joined(c.grammar.fill(c.Reader, "bare", "{n}", n), written)
	}
	if code, ok := sharedUnit(low.Unit); ok && low.Unit.Per() == nil {
		if c.isHalfTablet(code, from, to) {
			return joined(c.grammar.fill(c.Reader, "half-tablet", "{n}", n), written)
		}
		if word, known := c.units[code]; known {
			return joined(n, c.after(c.Reader, word, c.isSingle(from, to)), written)
		}
	}
	word := c.worded(low.Unit, c.quotedInside)
	if per := low.Unit.Per(); per != nil {
		word += " / " + either(per.Display, per.Code)
	}
	return joined(c.grammar.fill(c.Reader, "of-unit", "{n}", n, "{s}", word), written)
}

func joined(parts ...string) string { return strings.TrimSpace(strings.Join(parts, " ")) }

// isHalfTablet says that a patient is told of half a tablet, whose decimal sign could be overlooked. A sum keeps its digits.
func (c *clauses) isHalfTablet(code, low, high string) bool {
	return c.Reader == Patient && !c.sum && code == "15054000" && trimmed(low) == "0.5" && (high == "" || high == low)
}

// after is the noun after a number, or the trade's sign for a pharmacist.
func (g *grammar) after(reader Reader, n noun, single bool) string {
	switch {
	case reader == Pharmacist && n.short != "" && !single:
		return either(g.shorts[n.short], n.short)
	case reader == Pharmacist && n.short != "":
		return n.short
	case single:
		return n.one
	}
	return n.many
}

// amountOf is the number after the last hop, with a sign such as "less than" that the record keeps only in its source.
func amountOf(q node.Quantity) string {
	number, _ := q.Now()
	if q.Unit == nil {
		return number
	}
	sign := q.Unit.Number[:len(q.Unit.Number)-len(strings.TrimLeft(q.Unit.Number, "<>=≤≥~"))]
	if strings.HasPrefix(number, sign) {
		return number
	}
	return sign + number
}

// unitKey tells whether two quantities are counted alike.
func unitKey(q node.Quantity) translation.Coding {
	if q.Unit == nil {
		return translation.Coding{}
	}
	key := translation.Coding{System: q.Unit.Current.System, Code: q.Unit.Current.Code}
	if per := q.Unit.Per(); per != nil {
		key.Version = per.Code
	}
	if key.Code == "" {
		key.Display = q.Unit.Text
	}
	return key
}

// sharedUnit is the shared code that a unit stands for now.
func sharedUnit(s *translation.Slot) (string, bool) {
	if code, ok := shared(s, ucum); ok {
		return code, true
	}
	return shared(s, edqm)
}

// shared finds the code of a shared list that a slot stands for: the current code, or one on its way there from which every
// step was an equivalent one that left the number alone. A place that was not carried, or whose codes contradict one
// another, has none.
func shared(s *translation.Slot, system string) (string, bool) {
	if s == nil || s.Fate == translation.Refused || s.Coherence() == translation.Contradicts || s.Alarm() != "" {
		return "", false
	}
	if s.Current.System == system && s.Current.Code != "" {
		return s.Current.Code, true
	}
	if s.Amount != "" && s.Amount != s.Number || s.Comparison().Unconfirmed {
		return "", false
	}
	for i := len(s.Hops) - 1; i >= 0; i-- {
		hop := s.Hops[i]
		if hop.Kind == translation.Transcode && hop.Relation != translation.Equivalent {
			return "", false
		}
		if hop.From.System == system && hop.From.Code != "" {
			return hop.From.Code, true
		}
	}
	return "", false
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
