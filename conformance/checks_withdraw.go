package conformance

import "sild/node"

func withdrawChecks() []Check {
	return []Check{
		{"withdraw.recorded", "A dispensation can be taken back, and the receipt says so.", "DESIGN 2, 7", Breach, withdrawRecorded},
		{"withdraw.gives-back", "What was taken back can be dispensed again.", "DESIGN 7", Danger, withdrawGivesBack},
		{"withdraw.same-receipt", "The same withdrawal again gets the first receipt.", "DESIGN 7", Breach, withdrawSame},
		{"withdraw.counts-once", "The same withdrawal again gives nothing back.", "DESIGN 7", Danger, withdrawOnce},
		{"withdraw.unknown-none", "A receipt that nobody gave out is not found.", "DESIGN 12", Breach, withdrawUnknown},
		{"withdraw.other-patient", "A dispensation is not taken back under a call for another patient.", "DESIGN 3, 6", Danger, withdrawOther},
		{"withdraw.by-rule", "Where nothing can be taken back, the refusal names its rule.", "DESIGN 7", Breach, withdrawByRule},
	}
}

// undo dispenses a whole prescription and writes the message that takes it back.
func (s *session) undo() (*sent, node.Withdrawal, outcome) {
	if s.Withdrawal == nil {
		return nil, node.Withdrawal{}, absent("withdrawals")
	}
	m, o := s.spend(1)
	if m == nil {
		return nil, node.Withdrawal{}, o
	}
	w := node.Withdrawal{Receipt: m.receipt.ID, Source: s.Withdrawal(m.message)}
	if !s.Can.Face {
		w.Receipt = m.id.Value // a register knows it by the dispensation's own identifier
	}
	return m, w, pass()
}

// withdrawing judges what follows a withdrawal that was accepted.
func (s *session) withdrawing(judge func(*sent, node.Withdrawal, *node.Receipt) outcome) outcome {
	if !s.Can.Withdraws {
		return absent("withdrawals")
	}
	m, w, o := s.undo()
	if m == nil {
		return o
	}
	receipt, err := s.withdraw(m.patient, w)
	if err != nil {
		return blocked("a dispensation could not be taken back")
	}
	return judge(m, w, receipt)
}

func withdrawRecorded(s *session) outcome {
	if !s.Can.Withdraws {
		return absent("withdrawals")
	}
	m, w, o := s.undo()
	if m == nil {
		return o
	}
	receipt, err := s.withdraw(m.patient, w)
	if err != nil {
		return failed("A withdrawal was answered with %s.", came(err))
	}
	return holds(receipt.State == node.ReceiptWithdrawn, "The receipt does not say that the dispensation is taken back.")
}

func withdrawGivesBack(s *session) outcome {
	return s.withdrawing(func(m *sent, _ node.Withdrawal, _ *node.Receipt) outcome {
		again := s.hand(m.trial, m.left)
		return holds(again.err == nil, "What was taken back could not be dispensed again: %s.", came(again.err))
	})
}

func withdrawSame(s *session) outcome {
	return s.withdrawing(func(m *sent, w node.Withdrawal, first *node.Receipt) outcome {
		second, err := s.withdraw(m.patient, w)
		if err != nil {
			return failed("The same withdrawal again was answered with %s.", came(err))
		}
		return holds(sameReceipt(first, second), "The same withdrawal again got another receipt.")
	})
}

func withdrawOnce(s *session) outcome {
	return s.withdrawing(func(m *sent, w node.Withdrawal, _ *node.Receipt) outcome {
		if _, err := s.withdraw(m.patient, w); err != nil {
			return blocked("the same withdrawal again got no receipt")
		}
		return s.leaves(m.trial, m.left)
	})
}

func withdrawUnknown(s *session) outcome {
	if !s.Can.Withdraws {
		return absent("withdrawals")
	}
	m, w, o := s.undo()
	if m == nil {
		return o
	}
	w.Receipt = node.NewCorrelation()
	_, err := s.withdraw(m.patient, w)
	return holds(is(err, node.NotFound), "An unknown receipt was answered with %s.", came(err))
}

func withdrawOther(s *session) outcome {
	if !s.Can.Withdraws {
		return absent("withdrawals")
	}
	m, w, o := s.undo()
	if m == nil {
		return o
	}
	who, ok := s.somebodyElse(m.trial)
	if !ok {
		return absent("another patient")
	}
	_, err := s.withdraw(who, w)
	return holds(turnedAway(err), "A withdrawal under a call for another patient was answered with %s.", came(err))
}

func withdrawByRule(s *session) outcome {
	if s.Can.Withdraws {
		return absent("a rule against withdrawals")
	}
	m, w, o := s.undo()
	if m == nil {
		return o
	}
	_, err := s.withdraw(m.patient, w)
	if !is(err, node.Refused) {
		return failed("A withdrawal was answered with %s instead of a refusal.", came(err))
	}
	return holds(named(err), "The refusal does not name its rule.")
}
