package sentence

import (
	"math/big"
	"slices"
	"strings"

	"sild/node"
)

// Total is how much a course needs and how much was prescribed, with the steps of both.
type Total struct {
	Steps   string // empty where nothing is certain
	Differs bool   // what the course needs and what was prescribed are not the same
}

// Total works out the amounts of a prescription in exact fractions, only where each factor is certain: a dose, how often,
// how long. Ranges give a range, and what is taken as needed a most. What was prescribed is packages times their content,
// or the total that the record gives.
func (v Voice) Total(p *node.Prescription) Total {
	c := &clauses{Voice: Voice{Language: v.Language, Reader: Patient}, grammar: grammarOf(v.Language), source: v.Source, sum: true}
	course, courseKnown := c.courseOf(p.Dosage)
	given, givenKnown := c.prescribed(p, course)
	var parts []string
	if courseKnown {
		parts = append(parts, c.grammar.fill(c.Reader, "total.course", "{s}", course.steps))
	}
	if givenKnown {
		parts = append(parts, c.grammar.fill(c.Reader, "total.prescribed", "{s}", given.steps))
	}
	if !courseKnown || !givenKnown {
		return Total{Steps: strings.Join(parts, "; ")}
	}
	switch {
	case !given.unit.comparable(course.unit):
		return Total{Steps: strings.Join(parts, "; ") + " " + c.grammar.fill(c.Reader, "total.apart")}
	case given.low.Cmp(course.low) < 0 || given.low.Cmp(course.high) > 0:
		return Total{Steps: strings.Join(parts, " ≠ "), Differs: true}
	}
	return Total{Steps: strings.Join(parts, "; ")}
}

// sum is an amount from low to high of one unit, and how it came about.
type sum struct {
	low, high *big.Rat
	unit      counting
	steps     string
}

// courseOf adds up what a course needs. Several dosages are added only where the record says how they follow one another:
// others may be alternatives.
func (c *clauses) courseOf(list []node.Dosage) (sum, bool) {
	if len(list) == 0 || len(list) > 1 && slices.ContainsFunc(list, func(d node.Dosage) bool { return place(d) == 0 }) {
		return sum{}, false
	}
	total := sum{low: new(big.Rat), high: new(big.Rat), unit: countingOf(list[0].Dose)}
	var steps []string
	atMost := false
	for _, d := range inOrder(list) {
		one, ok := c.step(d)
		if !ok || !one.unit.comparable(total.unit) {
			return sum{}, false
		}
		if d.AsNeeded != nil && *d.AsNeeded || len(d.NeededFor) > 0 {
			one.low, atMost = new(big.Rat), true
		}
		total.low.Add(total.low, one.low)
		total.high.Add(total.high, one.high)
		steps = append(steps, one.steps)
	}
	result := c.result(total.low, total.high, list[0].Dose)
	if atMost {
		result = c.grammar.fill(c.Reader, "up-to", "{s}", c.result(total.high, total.high, list[0].Dose))
	}
	total.steps = strings.Join(steps, " + ") + " = " + result
	return total, true
}

// step multiplies a dose by how often and how long it is taken.
func (c *clauses) step(d node.Dosage) (sum, bool) {
	low, okLow := node.Decimal(amountOf(d.Dose))
	high, okHigh := low, true
	if !d.DoseHigh.IsZero() {
		high, okHigh = node.Decimal(amountOf(d.DoseHigh))
		okHigh = okHigh && unitKey(d.Dose) == unitKey(d.DoseHigh)
	}
	n, ok := c.administrations(d.Timing)
	if d.Untold || !okLow || !okHigh || !ok || d.Dose.Unit == nil || !d.Most.IsZero() || low.Sign() <= 0 || high.Cmp(low) < 0 {
		return sum{}, false
	}
	return sum{low: new(big.Rat).Mul(low, n.low), high: new(big.Rat).Mul(high, n.high), unit: countingOf(d.Dose),
		steps: c.amount(d.Dose, d.DoseHigh) + " × " + n.steps}, true
}

// result writes a computed amount; low and high are products of decimals, so that each has an end.
func (c *clauses) result(low, high *big.Rat, unit node.Quantity) string {
	return c.measured(node.Quantity{Value: exact(low), Unit: plain(unit)}, node.Quantity{Value: exact(high), Unit: plain(unit)})
}

// exact writes a fraction as a decimal without rounding.
func exact(n *big.Rat) string {
	places, _ := n.FloatPrec()
	return n.FloatString(places)
}

// prescribed is what was prescribed, told in the unit of the course where the package has one of the two.
func (c *clauses) prescribed(p *node.Prescription, course sum) (sum, bool) {
	pack := p.Medication.Package
	packages, ok := node.Decimal(p.Amount.Packages)
	items, okItems := node.Decimal(amountOf(pack.Items))
	content, okContent := node.Decimal(amountOf(pack.Content))
	times := c.grammar.fill(c.Reader, c.oneOf("total.packages", p.Amount.Packages), "{n}", c.number(p.Amount.Packages)) + " × " + c.amount(pack.Items, node.Quantity{})
	switch {
	case !p.Amount.Total.IsZero():
		total, ok := node.Decimal(amountOf(p.Amount.Total))
		return sum{low: total, high: total, unit: countingOf(p.Amount.Total), steps: c.amount(p.Amount.Total, node.Quantity{})}, ok && p.Amount.Total.Unit != nil
	case !ok || !okItems || pack.Items.Unit == nil && !okContent || len(p.Medication.Parts) > 0:
		return sum{}, false
	case okContent && pack.Content.Unit != nil && !countingOf(pack.Items).comparable(course.unit):
		n := new(big.Rat).Mul(new(big.Rat).Mul(packages, items), content)
		return sum{low: n, high: n, unit: countingOf(pack.Content), steps: times + " × " + c.amount(pack.Content, node.Quantity{}) + " = " + c.result(n, n, pack.Content)}, true
	case pack.Items.Unit == nil:
		return sum{}, false
	}
	n := new(big.Rat).Mul(packages, items)
	return sum{low: n, high: n, unit: countingOf(pack.Items), steps: times + " = " + c.result(n, n, pack.Items)}, true
}
