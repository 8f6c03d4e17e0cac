package sentence

import (
	"math/big"
	"time"

	"sild/node"
	"sild/translation"
)

// counting is what a quantity is counted in: the shared code where there is one, else the code that it has now.
type counting struct {
	shared string
	own    translation.Coding
}

func countingOf(q node.Quantity) counting {
	if q.Unit == nil || q.Unit.Per() != nil {
		return counting{}
	}
	code, _ := sharedUnit(q.Unit)
	return counting{code, translation.Coding{System: q.Unit.Current.System, Code: q.Unit.Current.Code}}
}

// comparable says that two amounts may be added or compared. What has no unit is comparable with nothing.
func (u counting) comparable(other counting) bool {
	if u.shared != "" || other.shared != "" {
		return u.shared == other.shared
	}
	return u.own.Code != "" && u.own == other.own
}

// plain is the unit of a quantity without the number that it counted.
func plain(q node.Quantity) *translation.Slot {
	if q.Unit == nil {
		return nil
	}
	unit := *q.Unit
	unit.Number, unit.Amount = "", ""
	if code, ok := sharedUnit(q.Unit); ok {
		system := ucum
		if len(code) == len("15054000") {
			system = edqm
		}
		unit.Current, unit.Hops = translation.Coding{System: system, Code: code}, nil
	}
	return &unit
}

// length is how long a course lasts: a number of a unit of time.
type length struct {
	n    *big.Rat
	unit string
}

// lengthOf reads the length that is given, or counts the days from the first to the last, both included (FHIR R4 Period:
// a date without a time holds the whole day). Where the length and both dates are given they are not weighed.
func lengthOf(t node.Timing) (length, bool) {
	n, ok := node.Decimal(t.BoundsValue)
	switch {
	case ok && t.BoundsTo == "" && n.Sign() > 0:
		return length{n, t.BoundsUnit}, true
	case t.BoundsValue != "" || t.BoundsUnit != "":
		return length{}, false
	}
	from, errFrom := time.Parse(time.DateOnly, t.BoundsFrom)
	to, errTo := time.Parse(time.DateOnly, t.BoundsTo)
	if errFrom != nil || errTo != nil || to.Before(from) {
		return length{}, false
	}
	return length{big.NewRat(int64(to.Sub(from)/(24*time.Hour))+1, 1), "d"}, true
}

// in tells a length in another unit, where the one holds the other a whole number of times whatever the calendar says.
func (l length) in(unit string) (*big.Rat, bool) {
	if l.unit == unit {
		return l.n, true
	}
	from, to := secondsIn(l.unit), secondsIn(unit)
	if l.unit == "a" && unit == "mo" {
		from, to = 12, 1
	}
	if from == 0 || to == 0 {
		return nil, false
	}
	return new(big.Rat).Mul(l.n, big.NewRat(from, to)), true
}

func secondsIn(unit string) int64 {
	switch unit {
	case "s":
		return 1
	case "min":
		return 60
	case "h":
		return 60 * 60
	case "d":
		return 24 * 60 * 60
	case "wk":
		return 7 * 24 * 60 * 60
	}
	return 0 // a month and a year have no fixed length
}

// administrations is how many times a course is taken. It is certain only where one rhythm stands without days of the week,
// events and hours agree with it, and the period goes into the length without a rest.
func (c *clauses) administrations(t node.Timing) (sum, bool) {
	lasts, ok := lengthOf(t)
	if !ok || len(t.DayOfWeek) > 0 || t.PeriodMax != "" && t.PeriodMax != t.Period {
		return sum{}, false
	}
	t, ok = daily(t)
	if !ok {
		return sum{}, false
	}
	low, okLow := node.Decimal(either(t.Frequency, "1"))
	high, okHigh := node.Decimal(either(t.FrequencyMax, either(t.Frequency, "1")))
	period, okPeriod := node.Decimal(t.Period)
	whole, okWhole := lasts.in(t.PeriodUnit)
	if !okLow || !okHigh || !okPeriod || !okWhole || period.Sign() <= 0 || low.Sign() <= 0 || high.Cmp(low) < 0 || t.Frequency == "" && t.FrequencyMax != "" {
		return sum{}, false
	}
	cycles := new(big.Rat).Quo(whole, period)
	if !cycles.IsInt() || !low.IsInt() || !high.IsInt() {
		return sum{}, false
	}
	n := sum{low: new(big.Rat).Mul(low, cycles), high: new(big.Rat).Mul(high, cycles)}
	if t.Period == "1" {
		n.steps = c.often(t) + " × " + Length(exact(whole), t.PeriodUnit, c.language)
		return n, true
	}
	times := c.grammar.fill(c.Reader, "total.times", "{n}", c.numbers(exact(n.low), exact(n.high)))
	n.steps = times + " (" + c.often(t) + ", " + Length(exact(lasts.n), lasts.unit, c.language) + ")"
	return n, true
}

// daily holds events and hours against the rhythm. Without one, each of them is once a day; beside one they must be as many
// as it says, unless they say no more than "by a meal". Hours that cannot be counted leave nothing certain.
func daily(t node.Timing) (node.Timing, bool) {
	moments := len(t.TimeOfDay) + len(t.When)
	loose := false
	for _, code := range t.When {
		switch code {
		case "C", "AC", "PC", "IC", "IMD":
			loose = true
		}
	}
	none := t.Frequency == "" && t.FrequencyMax == "" && t.Period == "" && t.PeriodUnit == ""
	switch {
	case none && moments == 0, none && loose, len(t.TimeOfDay) > 0 && len(t.When) > 0:
		return t, false
	case none:
		t.Frequency, t.Period, t.PeriodUnit = big.NewRat(int64(moments), 1).RatString(), "1", "d"
		return t, true
	case moments == 0 || loose:
		return t, true
	}
	return t, t.Period == "1" && t.PeriodUnit == "d" && t.FrequencyMax == "" && t.Frequency == big.NewRat(int64(moments), 1).RatString()
}
