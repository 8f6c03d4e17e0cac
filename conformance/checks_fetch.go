package conformance

import (
	"crypto/sha256"
	"encoding/hex"

	"sild/node"
)

func fetchChecks() []Check {
	return []Check{
		{"fetch.right-one", "Every listed prescription can be fetched, and is the one asked for.", "DESIGN 2", Danger, fetchRightOne},
		{"fetch.own-patient", "A fetched prescription names the patient it was asked for.", "DESIGN 3, 6", Danger, fetchOwnPatient},
		{"fetch.same-as-listed", "A fetched prescription says what the listing said.", "DESIGN 3", Danger, fetchSameAsListed},
		{"fetch.repeatable", "Fetched twice it says the same.", "DESIGN 3", Breach, fetchRepeatable},
		{"fetch.source-unchanged", "The source document's bytes are those of the issuing country.", "DESIGN 4", Danger, fetchSource},
		{"fetch.hash-of-parts", "The hash of an encoded document is that of its parts.", "DESIGN 3, 8", Breach, fetchHash},
		{"fetch.unknown-none", "An unknown prescription is not found.", "DESIGN 12", Breach, fetchUnknown},
		{"fetch.other-patient-none", "Another patient's prescription is not found.", "DESIGN 6", Danger, fetchOtherPatient},
		{"fetch.other-same-as-unknown", "Another patient's prescription looks like an unknown one.", "DESIGN 8, 12", Danger, fetchOtherSame},
		{"fetch.excluded-none", "What the corridor excludes cannot be fetched.", "DESIGN 6, 7", Danger, fetchExcluded},
		{"fetch.expired-none", "An expired prescription cannot be fetched.", "DESIGN 6", Danger, fetchExpired},
		{"fetch.cancelled-none", "A cancelled prescription cannot be fetched.", "DESIGN 6", Danger, fetchCancelled},
		{"fetch.untranslatable-slot", "What cannot be translated is refused with the slot named.", "DESIGN 4, 12", Danger, fetchUntranslatable},
	}
}

// each judges every known prescription that can be fetched.
func (s *session) each(judge func(Expect, fetched) outcome) outcome {
	seen := 0
	for _, e := range s.Known {
		f := s.known(e.ID)
		if f.record() == nil {
			continue
		}
		seen++
		if o := judge(e, f); o.verdict != Passed {
			return o
		}
	}
	if seen == 0 {
		return blocked("no known prescription can be fetched")
	}
	return pass()
}

func fetchRightOne(s *session) outcome {
	if len(s.Known) == 0 {
		return absent("known prescriptions")
	}
	for i, e := range s.Known {
		f := s.known(e.ID)
		if f.err != nil {
			return failed("Known prescription %d was answered with %s.", i+1, came(f.err))
		}
		if p := f.record(); p == nil || p.ID != e.ID {
			return failed("Known prescription %d was answered with another document.", i+1)
		}
	}
	return pass()
}

func fetchOwnPatient(s *session) outcome {
	return s.each(func(_ Expect, f fetched) outcome {
		return holds(f.record().Patient.Has(s.People.Main), "A fetched prescription does not name the patient.")
	})
}

func fetchSameAsListed(s *session) outcome {
	return s.onList(func(l *listed) outcome {
		return s.each(func(_ Expect, f fetched) outcome {
			p := l.find(f.record().ID)
			return holds(p == nil || essence(p) == essence(f.record()), "A fetched prescription says something else than the listing.")
		})
	})
}

func fetchRepeatable(s *session) outcome {
	return s.each(func(_ Expect, f fetched) outcome {
		again := s.fetch(s.People.Main, f.record().ID)
		if again.record() == nil {
			return failed("A prescription was found once and then answered with %s.", came(again.err))
		}
		return holds(essence(again.record()) == essence(f.record()), "The same prescription says something else the second time.")
	})
}

func fetchSource(s *session) outcome {
	judged := false
	o := s.each(func(e Expect, f fetched) outcome {
		if e.Digest == "" {
			return pass()
		}
		judged = true
		return holds(sha(f.came.Source) == e.Digest, "The source document came out with other bytes.")
	})
	if o.verdict == Passed && !judged {
		return absent("the digest of a source document")
	}
	return o
}

func fetchHash(s *session) outcome {
	judged := false
	o := s.each(func(_ Expect, f fetched) outcome {
		if f.came.Out == nil {
			return pass()
		}
		judged = true
		return holds(hashHolds(f.came.Out), "The hash of the document is not that of its bytes.")
	})
	if o.verdict == Passed && !judged {
		return absent("an encoded document")
	}
	return o
}

// hashHolds says that an encoding's hash is the SHA-256 over its parts, one after the other.
func hashHolds(e *node.Encoded) bool {
	sum := sha256.New()
	for _, part := range e.Parts {
		sum.Write(part.Body)
	}
	return e.Hash == hex.EncodeToString(sum.Sum(nil))
}

// nowhere is an identifier that no register gave out: of the same system as a known one.
func (s *session) nowhere() node.Identifier {
	id := node.Identifier{Value: node.NewCorrelation()}
	for _, e := range s.Known {
		id.System = e.ID.System
	}
	return id
}

func fetchUnknown(s *session) outcome {
	_, err := s.prescription(s.People.Main, node.Ref{ID: s.nowhere()})
	return holds(is(err, node.NotFound), "An unknown prescription was answered with %s.", came(err))
}

// others gives a prescription of the other patient.
func (s *session) others() (node.Identifier, bool) {
	if s.People.Other.IsZero() {
		return node.Identifier{}, false
	}
	l := s.listFor(s.People.Other)
	if l.err != nil || len(l.records) == 0 {
		return node.Identifier{}, false
	}
	return l.records[0].ID, true
}

func fetchOtherPatient(s *session) outcome {
	id, ok := s.others()
	if !ok {
		return absent("another patient who has a prescription")
	}
	_, err := s.prescription(s.People.Main, node.Ref{ID: id})
	return holds(is(err, node.NotFound), "Another patient's prescription was answered with %s.", came(err))
}

func fetchOtherSame(s *session) outcome {
	id, ok := s.others()
	if !ok {
		return absent("another patient who has a prescription")
	}
	_, unknown := s.prescription(s.People.Main, node.Ref{ID: s.nowhere()})
	_, this := s.prescription(s.People.Main, node.Ref{ID: id})
	if !is(unknown, node.NotFound) || !is(this, node.NotFound) {
		return blocked("one of the two was found")
	}
	return s.alike(unknown, this)
}

func fetchExcluded(s *session) outcome {
	return s.unfetched(s.Never.Excluded, "an excluded prescription")
}

func fetchExpired(s *session) outcome { return s.unfetched(s.Never.Expired, "an expired prescription") }

func fetchCancelled(s *session) outcome {
	return s.unfetched(s.Never.Cancelled, "a cancelled prescription")
}

// refused fetches what must not be shown.
func (s *session) refused(id node.Identifier, what string, judge func(error) outcome) outcome {
	if id.IsZero() || !s.Can.Face {
		return absent(what + " before a face")
	}
	owner := s.Never.Patient
	if owner.IsZero() {
		owner = s.People.Main
	}
	_, err := s.prescription(owner, node.Ref{ID: id})
	return judge(err)
}

func (s *session) unfetched(id node.Identifier, what string) outcome {
	return s.refused(id, what, func(err error) outcome {
		return holds(is(err, node.NotFound), "The fetch of %s was answered with %s.", what, came(err))
	})
}

func fetchUntranslatable(s *session) outcome {
	return s.refused(s.Never.Untranslatable, "an untranslatable prescription", func(err error) outcome {
		if !is(err, node.Untranslatable) {
			return failed("What cannot be translated was answered with %s.", came(err))
		}
		return holds(node.AsError(err).Slot != "", "The refusal does not name the slot.")
	})
}
