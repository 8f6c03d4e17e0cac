package conformance

import (
	"bytes"
	"strconv"

	"sild/node"
)

func dispenseChecks() []Check {
	return []Check{
		{"dispense.recorded", "A whole prescription can be dispensed, and the receipt says that it is recorded.", "DESIGN 7", Breach, dispenseRecorded},
		{"dispense.counted", "What is left goes down by exactly the packages that were handed out.", "DESIGN 7", Danger, dispenseCounted},
		{"dispense.gone-from-list", "What was dispensed in full is not listed any more.", "DESIGN 6, 7", Danger, dispenseGone},
		{"dispense.second-counter", "A second counter gets a conflict that says nothing is left.", "DESIGN 7", Danger, dispenseSecond},
	}
}

func replayChecks() []Check {
	return []Check{
		{"dispense.replay-same-receipt", "The same message again gets the first receipt, byte for byte.", "DESIGN 7", Breach, replaySame},
		{"dispense.replay-marked", "The receipt of a replay is marked as one.", "DESIGN 10", Flaw, replayMarked},
		{"dispense.replay-counts-once", "The same message again counts nothing.", "DESIGN 7", Danger, replayOnce},
		{"dispense.other-content-conflict", "Another content under the same identifier is a conflict.", "DESIGN 7", Danger, otherContent},
		{"dispense.other-content-counts-nothing", "Another content under the same identifier counts nothing.", "DESIGN 7", Danger, otherContentCounts},
	}
}

func partChecks() []Check {
	return []Check{
		{"dispense.part-kept", "After a part the rest stays, and can be dispensed.", "DESIGN 7", Danger, partKept},
		{"dispense.part-closes", "After a part the rest lapses, and the receipt names the rule.", "DESIGN 7", Danger, partCloses},
		{"dispense.part-refused", "A part is refused with the rule.", "DESIGN 7", Breach, partRefused},
	}
}

func dispenseRecorded(s *session) outcome {
	t, o := s.trial(1)
	if t == nil {
		if o.verdict == Unjudged {
			return failed("No prescription could be fetched to dispense on.")
		}
		return o
	}
	m := s.hand(t, t.left)
	if m.err != nil {
		return failed("A whole dispensation was answered with %s.", came(m.err))
	}
	return holds(m.receipt.State == node.ReceiptRecorded, "The receipt does not say that the dispensation is recorded.")
}

func dispenseCounted(s *session) outcome {
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	return s.leaves(m.trial, 0)
}

// leaves judges what is left on a prescription now.
func (s *session) leaves(t *trial, want int) outcome {
	left, ok := s.left(t)
	if !ok {
		return failed("It does not say how many packages are left.")
	}
	return holds(left == want, "%d packages are left instead of %d.", left, want)
}

func dispenseGone(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register lists every status to its own node")
	}
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	l := s.listFor(m.patient)
	if l.err != nil {
		return blocked("there is no listing")
	}
	return holds(!l.names(m.expect.ID), "A prescription that was dispensed in full is still listed.")
}

func dispenseSecond(s *session) outcome {
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	second := s.hand(m.trial, 1)
	if !is(second.err, node.Conflict) {
		return failed("The second counter was answered with %s.", came(second.err))
	}
	return holds(equal(node.AsError(second.err).Left, "0"), "The conflict does not say that nothing is left.")
}

func replaySame(s *session) outcome {
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	again, err := s.dispense(m.patient, m.message)
	if err != nil {
		return failed("The same message again was answered with %s.", came(err))
	}
	return holds(sameReceipt(m.receipt, again), "The same message again got another receipt.")
}

func sameReceipt(a, b *node.Receipt) bool {
	return a.ID == b.ID && a.State == b.State && a.At.Equal(b.At) && a.Left == b.Left && a.Closed == b.Closed &&
		a.Digest == b.Digest && bytes.Equal(a.Body, b.Body)
}

func replayMarked(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register leaves the mark to it")
	}
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	again, err := s.dispense(m.patient, m.message)
	if err != nil {
		return blocked("the same message again got no receipt")
	}
	if m.receipt.Replayed {
		return failed("The first receipt is marked as a replay.")
	}
	return holds(again.Replayed, "The receipt of a replay is not marked as one.")
}

// first dispenses so that a second counting would show: a part where parts are kept, else all of it. It says how many
// packages are left by right.
func (s *session) first() (*sent, int, outcome) {
	if s.Can.Part != PartKept {
		m, o := s.spend(2)
		return m, 0, o
	}
	t, o := s.trial(3)
	if t == nil {
		return nil, 0, o
	}
	m := s.hand(t, 1)
	if m.err != nil {
		return nil, 0, blocked("a part could not be dispensed")
	}
	return m, t.left - 1, pass()
}

func replayOnce(s *session) outcome {
	m, left, o := s.first()
	if m == nil {
		return o
	}
	if _, err := s.dispense(m.patient, m.message); err != nil {
		return blocked("the same message again got no receipt")
	}
	return s.leaves(m.trial, left)
}

// other gives the same identifier another content: a number of packages that is not the first one.
func (s *session) other(m *sent, left int) *sent {
	if left == 0 {
		return s.rewrite(m, "1")
	}
	return s.rewrite(m, strconv.Itoa(left))
}

func otherContent(s *session) outcome {
	m, left, o := s.first()
	if m == nil {
		return o
	}
	second := s.send(s.other(m, left))
	return holds(is(second.err, node.Conflict), "Another content under the same identifier was answered with %s.", came(second.err))
}

func otherContentCounts(s *session) outcome {
	m, left, o := s.first()
	if m == nil {
		return o
	}
	s.send(s.other(m, left))
	return s.leaves(m.trial, left)
}

func partKept(s *session) outcome {
	if s.Can.Part != PartKept {
		return absent("parts of which the rest is kept")
	}
	t, o := s.trial(3)
	if t == nil {
		return o
	}
	m := s.hand(t, 1)
	if m.err != nil {
		return failed("A part was answered with %s.", came(m.err))
	}
	if !equal(m.receipt.Left, strconv.Itoa(t.left-1)) {
		return failed("The receipt of a part does not say what is left.")
	}
	rest := s.hand(t, t.left-1)
	return holds(rest.err == nil, "The rest was answered with %s.", came(rest.err))
}

func partCloses(s *session) outcome {
	if s.Can.Part != PartCloses {
		return absent("parts after which the rest lapses")
	}
	t, o := s.trial(2)
	if t == nil {
		return o
	}
	m := s.hand(t, 1)
	if m.err != nil {
		return failed("A part was answered with %s.", came(m.err))
	}
	if !equal(m.receipt.Left, "0") || m.receipt.Closed == "" {
		return failed("The receipt of a part does not say that the rest has lapsed, and by which rule.")
	}
	rest := s.hand(t, 1)
	return holds(is(rest.err, node.Conflict), "A part of the lapsed rest was answered with %s.", came(rest.err))
}

func partRefused(s *session) outcome {
	if s.Can.Part != PartRefused {
		return absent("parts that are refused")
	}
	t, o := s.trial(2)
	if t == nil {
		return o
	}
	m := s.hand(t, 1)
	if !is(m.err, node.Refused) {
		return failed("A part was answered with %s.", came(m.err))
	}
	return s.keep(t, holds(named(m.err), "The refusal does not name its rule."))
}
