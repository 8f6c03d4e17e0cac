package conformance

import (
	"bytes"

	"sild/node"
)

func listChecks() []Check {
	return []Check{
		{"list.complete", "Everything that the patient can have dispensed abroad is listed.", "DESIGN 2", Danger, listComplete},
		{"list.once", "Nothing is listed twice.", "DESIGN 2", Danger, listOnce},
		{"list.nothing-else", "Nothing is listed that the patient does not have.", "DESIGN 2, 6", Danger, listNothingElse},
		{"list.active", "Only what can be dispensed now is listed.", "DESIGN 2, 6", Danger, listActive},
		{"list.own-patient", "Everything listed is the patient's own.", "DESIGN 3, 6", Danger, listOwnPatient},
		{"list.other-never-named", "No answer holds another patient's identifier.", "DESIGN 3, 12", Danger, listOtherNeverNamed},
		{"list.excluded-absent", "What the corridor excludes is not mentioned.", "DESIGN 6, 7", Danger, listExcluded},
		{"list.expired-absent", "An expired prescription is not mentioned.", "DESIGN 6", Danger, listExpired},
		{"list.cancelled-absent", "A cancelled prescription is not mentioned.", "DESIGN 6", Danger, listCancelled},
		{"list.untranslatable-named", "An item that cannot be translated is named as withheld, with its slot.", "DESIGN 4, 12", Danger, listUntranslatable},
		{"list.unknown-empty", "An unknown patient has an empty listing.", "DESIGN 2, 8", Breach, listUnknown},
		{"list.restricted-same", "The listing of a patient who forbade disclosure is an unknown one's, byte for byte.", "DESIGN 8", Danger, listRestricted},
	}
}

func listComplete(s *session) outcome {
	l := s.list()
	if l.err != nil {
		return failed("The listing was answered with %s.", came(l.err))
	}
	for i, e := range s.Known {
		if l.find(e.ID) == nil {
			return failed("Known prescription %d is missing.", i+1)
		}
	}
	return pass()
}

// onList judges the main patient's listing.
func (s *session) onList(judge func(*listed) outcome) outcome {
	if l := s.list(); l.err == nil {
		return judge(l)
	}
	return blocked("there is no listing")
}

func listOnce(s *session) outcome {
	return s.onList(func(l *listed) outcome {
		seen := map[node.Identifier]bool{}
		for _, p := range l.records {
			if seen[p.ID] {
				return failed("A prescription is listed twice.")
			}
			seen[p.ID] = true
		}
		return pass()
	})
}

func listNothingElse(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register lists everything to its own node")
	}
	expected := map[node.Identifier]bool{}
	for _, e := range s.Known {
		expected[e.ID] = true
	}
	n := s.Never
	for _, id := range []node.Identifier{n.Excluded, n.Expired, n.Cancelled, n.Untranslatable} {
		expected[id] = true // judged by checks of their own
	}
	return s.onList(func(l *listed) outcome {
		for _, p := range l.records {
			if !expected[p.ID] {
				return failed("A prescription is listed that is not known.")
			}
		}
		return pass()
	})
}

func listActive(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register lists every status to its own node")
	}
	return s.onList(func(l *listed) outcome {
		for _, p := range l.records {
			if p.Status != node.Active {
				return failed("A prescription is listed whose status is not active.")
			}
		}
		return pass()
	})
}

func listOwnPatient(s *session) outcome {
	return s.onList(func(l *listed) outcome {
		for _, p := range l.records {
			if !p.Patient.Has(s.People.Main) {
				return failed("A prescription is listed that does not name the patient.")
			}
		}
		return pass()
	})
}

func listOtherNeverNamed(s *session) outcome {
	if s.People.Other.IsZero() {
		return absent("another patient")
	}
	return s.onList(func(l *listed) outcome {
		answers := l.bodies
		for _, e := range s.Known {
			if f := s.known(e.ID); f.err == nil {
				answers = append(answers, body(f.came))
			}
		}
		for _, answer := range answers {
			if bytes.Contains(answer, []byte(s.People.Other.Value)) {
				return failed("An answer for one patient holds another patient's identifier.")
			}
		}
		return pass()
	})
}

func listExcluded(s *session) outcome {
	return s.unlisted(s.Never.Excluded, "an excluded prescription")
}

func listExpired(s *session) outcome { return s.unlisted(s.Never.Expired, "an expired prescription") }

func listCancelled(s *session) outcome {
	return s.unlisted(s.Never.Cancelled, "a cancelled prescription")
}

// onNever judges the listing of the patient whose prescriptions must not all be shown.
func (s *session) onNever(id node.Identifier, what string, judge func(*listed) outcome) outcome {
	if id.IsZero() || !s.Can.Face {
		return absent(what + " before a face")
	}
	if s.Never.Patient.IsZero() {
		return s.onList(judge)
	}
	if l := s.listFor(s.Never.Patient); l.err == nil {
		return judge(l)
	}
	return blocked("there is no listing")
}

func (s *session) unlisted(id node.Identifier, what string) outcome {
	return s.onNever(id, what, func(l *listed) outcome {
		return holds(!l.names(id), "The listing names %s.", what)
	})
}

func listUntranslatable(s *session) outcome {
	id := s.Never.Untranslatable
	return s.onNever(id, "an untranslatable prescription", func(l *listed) outcome {
		if l.find(id) != nil {
			return failed("It is listed as if it had been translated.")
		}
		for _, w := range l.listing.Withheld {
			if w.Slot != "" {
				return pass()
			}
		}
		return failed("No withheld item is named with its slot.")
	})
}

func listUnknown(s *session) outcome {
	if s.People.Unknown.IsZero() {
		return absent("an unknown identifier")
	}
	l := s.listFor(s.People.Unknown)
	if l.err != nil {
		return holds(!s.Can.Face && is(l.err, node.NotFound), "An unknown patient's listing was answered with %s.", came(l.err))
	}
	return holds(len(l.records)+len(l.listing.Items)+len(l.listing.Withheld) == 0, "An unknown patient's listing is not empty.")
}

func listRestricted(s *session) outcome {
	if s.People.Restricted.IsZero() || s.People.Unknown.IsZero() || !s.Can.Face {
		return absent("a restricted patient before a face")
	}
	unknown, this := s.listFor(s.People.Unknown), s.listFor(s.People.Restricted)
	if unknown.err != nil || this.err != nil {
		return s.alike(unknown.err, this.err)
	}
	if len(this.listing.Items) != len(unknown.listing.Items) || len(this.listing.Withheld) != len(unknown.listing.Withheld) {
		return failed("The two listings differ in what they count.")
	}
	return holds(bytes.Equal(bytes.Join(unknown.bodies, nil), bytes.Join(this.bodies, nil)), "The two listings differ in their bytes.")
}
