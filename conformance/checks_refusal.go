package conformance

import (
	"strconv"

	"sild/node"
)

func refusalChecks() []Check {
	return []Check{
		{"dispense.too-much", "More than is left is a conflict that says what is left.", "DESIGN 7", Danger, tooMuch},
		{"dispense.zero-packages", "A dispensation of no packages is invalid.", "DESIGN 4, 7", Breach, invalidPackages("0")},
		{"dispense.negative-packages", "A dispensation of less than nothing is invalid.", "DESIGN 4, 7", Danger, invalidPackages("-1")},
		{"dispense.fractional-packages", "A dispensation of a part of a package is invalid.", "DESIGN 4, 7", Breach, invalidPackages("0.5")},
		{"dispense.malformed", "A message that is cut short is invalid.", "DESIGN 12", Breach, malformed},
		{"dispense.other-patient", "A message about one patient is refused under a call for another.", "DESIGN 3, 6", Danger, dispenseOther},
		{"dispense.refused-counts-nothing", "What was refused has counted nothing.", "DESIGN 7", Danger, refusedCounts},
	}
}

func tooMuch(s *session) outcome {
	t, o := s.trial(1)
	if t == nil {
		return o
	}
	m := s.hand(t, t.left+1)
	if !is(m.err, node.Conflict) {
		return failed("Too many packages were answered with %s.", came(m.err))
	}
	says := node.AsError(m.err).Left
	return s.keep(t, holds(equal(says, strconv.Itoa(t.left)), "The conflict does not say what is left."))
}

func invalidPackages(packages string) func(*session) outcome {
	return func(s *session) outcome {
		t, o := s.trial(1)
		if t == nil {
			return o
		}
		m := s.send(s.message(t, packages))
		return s.keep(t, holds(is(m.err, node.Invalid), "%s packages were answered with %s.", packages, came(m.err)))
	}
}

func malformed(s *session) outcome {
	t, o := s.trial(1)
	if t == nil {
		return o
	}
	m := s.message(t, "1")
	m.message = m.message[:len(m.message)/2]
	s.send(m)
	return s.keep(t, holds(is(m.err, node.Invalid), "A message that is cut short was answered with %s.", came(m.err)))
}

// somebodyElse is a patient who is not the owner of the prescription.
func (s *session) somebodyElse(t *trial) (node.Identifier, bool) {
	if t.patient != s.People.Main {
		return s.People.Main, true
	}
	return s.People.Other, !s.People.Other.IsZero()
}

// turnedAway says that an error is one of those with which a message about another patient may be refused.
func turnedAway(err error) bool {
	return is(err, node.NotFound, node.Refused, node.Untrusted, node.Invalid, node.Conflict)
}

func dispenseOther(s *session) outcome {
	t, o := s.trial(1)
	if t == nil {
		return o
	}
	who, ok := s.somebodyElse(t)
	if !ok {
		return s.keep(t, absent("another patient"))
	}
	m := s.message(t, strconv.Itoa(t.left))
	_, err := s.dispense(who, m.message)
	return s.keep(t, holds(turnedAway(err), "A message about another patient was answered with %s.", came(err)))
}

func refusedCounts(s *session) outcome {
	t, o := s.trial(2)
	if t == nil {
		return o
	}
	for _, packages := range []string{strconv.Itoa(t.left + 1), "0", "-1", "0.5"} {
		if m := s.send(s.message(t, packages)); m.err == nil {
			return blocked("what should have been refused was accepted")
		}
	}
	return s.keep(t, s.leaves(t, t.left))
}
