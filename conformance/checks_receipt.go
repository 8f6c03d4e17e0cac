package conformance

import "time"

func receiptChecks() []Check {
	return []Check{
		{"receipt.names", "A receipt names the dispensation and its prescription.", "DESIGN 7, 10", Breach, receiptNames},
		{"receipt.digest", "A receipt holds the SHA-256 of the message it is for.", "DESIGN 7, 10", Breach, receiptDigest},
		{"receipt.left", "A receipt says what is left.", "DESIGN 7", Danger, receiptLeft},
		{"receipt.time", "A receipt says in UTC when the dispensation was recorded.", "DESIGN 7", Flaw, receiptTime},
		{"receipt.body", "A receipt has the bytes in which it travels.", "DESIGN 10", Breach, receiptBody},
		{"receipt.unique", "Two dispensations have two receipts.", "DESIGN 7, 10", Danger, receiptUnique},
	}
}

func receiptNames(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register leaves the names to it")
	}
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	return holds(m.receipt.Dispensation == m.id && m.receipt.Prescription == m.expect.ID,
		"The receipt is about another dispensation or prescription.")
}

func receiptDigest(s *session) outcome {
	if !s.Can.Face || s.Can.Relays {
		return absent("a face that records the very bytes it was given")
	}
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	return holds(m.receipt.Digest == sha(m.message), "The receipt's digest is not that of the message.")
}

func receiptLeft(s *session) outcome {
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	return holds(equal(m.receipt.Left, "0"), "The receipt of a whole dispensation does not say that nothing is left.")
}

func receiptTime(s *session) outcome {
	const skew = 30 * time.Second
	before := s.Now().Add(-skew)
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	at := m.receipt.At
	if _, offset := at.Zone(); offset != 0 {
		return failed("The time of the receipt is not in UTC.")
	}
	return holds(!at.Before(before) && !at.After(s.Now().Add(skew)), "The receipt is not of the time of the dispensation.")
}

func receiptBody(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register leaves the bytes to it")
	}
	m, o := s.spend(1)
	if m == nil {
		return o
	}
	return holds(len(m.receipt.Body) > 0, "The receipt has no bytes.")
}

func receiptUnique(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register leaves the receipt's id to it")
	}
	first, o := s.spend(1)
	if first == nil {
		return o
	}
	second, o := s.spend(1)
	if second == nil {
		return o
	}
	return holds(first.receipt.ID != "" && first.receipt.ID != second.receipt.ID, "Two dispensations got receipts of the same id.")
}
