package conformance

import (
	"strings"

	"sild/node"
)

func patientChecks() []Check {
	return []Check{
		{"patient.found", "The patient at the counter is found by their identifier.", "DESIGN 2, 10", Breach, patientFound},
		{"patient.right-person", "The person found is the one who was born on the known date.", "DESIGN 10", Danger, patientRightPerson},
		{"patient.minimal", "Only the identifier that was asked for comes back, and no mark of protection.", "DESIGN 8, 10", Danger, patientMinimal},
		{"patient.birth-date-mask", "Another birth date finds nobody.", "DESIGN 10", Danger, patientMask},
		{"patient.unknown-none", "An identifier that nobody bears finds nothing.", "DESIGN 10", Breach, patientUnknown},
		{"patient.restricted-same", "A patient who forbade disclosure looks like an unknown one.", "DESIGN 8, 10, 12", Danger, patientRestricted},
		{"patient.ambiguous-same", "An identifier that two persons bear looks like an unknown one.", "DESIGN 10", Danger, patientAmbiguous},
		{"patient.no-consent-told", "A missing consent has its own answer, with the rule that demands it.", "DESIGN 8", Breach, patientNoConsent},
		{"patient.child-refused", "A patient below the corridor's age is refused with the rule.", "DESIGN 7", Breach, patientChild},
	}
}

func patientFound(s *session) outcome {
	p, err := s.findPatient(s.People.Main, s.People.BirthDate)
	if err != nil {
		return failed("The known patient was answered with %s.", came(err))
	}
	return holds(p.Has(s.People.Main), "The patient who came back does not bear the identifier that was asked for.")
}

func patientRightPerson(s *session) outcome {
	if s.People.BirthDate == "" {
		return absent("the patient's birth date")
	}
	p, err := s.findPatient(s.People.Main, s.People.BirthDate)
	if err != nil {
		return blocked("the known patient was not found")
	}
	return holds(p.BirthDate == s.People.BirthDate, "The patient who came back was born on another date.")
}

func patientMinimal(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register may say more to its own node")
	}
	p, err := s.findPatient(s.People.Main, s.People.BirthDate)
	if err != nil {
		return blocked("the known patient was not found")
	}
	for _, id := range p.Identifiers {
		if id != s.People.Main {
			return failed("An identifier came back that nobody asked for.")
		}
	}
	return holds(!p.Protected, "The answer says that the patient's address is under protection.")
}

func patientMask(s *session) outcome {
	if s.People.BirthDate == "" {
		return absent("the patient's birth date")
	}
	const other = "1901-02-03"
	_, err := s.findPatient(s.People.Main, other)
	return holds(is(err, node.NotFound), "A wrong birth date was answered with %s.", came(err))
}

func patientUnknown(s *session) outcome {
	if s.People.Unknown.IsZero() {
		return absent("an unknown identifier")
	}
	_, err := s.findPatient(s.People.Unknown, s.People.BirthDate)
	return holds(is(err, node.NotFound), "An unknown identifier was answered with %s.", came(err))
}

func patientRestricted(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; restrictions are not the register's")
	}
	return s.looksUnknown(s.People.Restricted, "a restricted patient")
}

func patientAmbiguous(s *session) outcome {
	return s.looksUnknown(s.People.Ambiguous, "an ambiguous identifier")
}

// looksUnknown asks for somebody who must not be told apart from nobody.
func (s *session) looksUnknown(id node.Identifier, who string) outcome {
	if id.IsZero() || s.People.Unknown.IsZero() {
		return absent(who)
	}
	_, unknown := s.findPatient(s.People.Unknown, s.People.BirthDate)
	_, this := s.findPatient(id, s.People.BirthDate)
	return s.alike(unknown, this)
}

// alike compares two refusals as the caller sees them. A register's reason is the operator's word and may differ: the
// face before it makes them one.
func (s *session) alike(unknown, this error) outcome {
	if unknown == nil || this == nil {
		return holds(unknown == this, "One of the two was answered and the other was not.")
	}
	a, b := node.AsError(unknown), node.AsError(this)
	switch {
	case a.Kind != b.Kind:
		return failed("The kinds differ: %s and %s.", a.Kind, b.Kind)
	case a.Detail != b.Detail && s.Can.Face:
		return failed("The two are told apart by the sentence.")
	case a.Reason != b.Reason && s.Can.Face:
		return failed("The two are told apart by the reason.")
	}
	return holds(a.Slot == b.Slot && a.Left == b.Left, "The two are told apart by what else the error says.")
}

func patientNoConsent(s *session) outcome {
	return s.refusedByRule(s.People.NoConsent, "a patient without consent")
}

func patientChild(s *session) outcome {
	return s.refusedByRule(s.People.Child, "a child")
}

func (s *session) refusedByRule(id node.Identifier, who string) outcome {
	if id.IsZero() || !s.Can.Face {
		return absent(who + " before a face")
	}
	_, err := s.findPatient(id, "")
	if !is(err, node.Refused) {
		return failed("It was answered with %s instead of a refusal.", came(err))
	}
	return holds(named(err), "The refusal does not name its rule.")
}

// named says that a refusal names a rule of the corridor.
func named(err error) bool {
	id, ok := strings.CutPrefix(node.AsError(err).Reason, "rule.")
	return ok && id != ""
}
