package conformance

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"sild/node"
)

func entranceChecks() []Check {
	return []Check{
		{"call.unadmitted", "A call that passed no gate is refused, whatever it asks.", "DESIGN 3, 6", Danger, callUnadmitted},
	}
}

func deadlineChecks() []Check {
	return []Check{
		{"deadline.cancelled", "A question whose asker has gone ends in an error.", "DESIGN 12", Breach, deadlineCancelled},
		{"deadline.in-time", "Every answer comes within the deadline.", "DESIGN 12", Breach, deadlineInTime},
	}
}

func errorChecks() []Check {
	return []Check{
		{"error.no-panic", "Nothing that is asked makes the subject panic.", "DESIGN 12", Breach, errorNoPanic},
		{"error.never-nothing", "Every answer is a result or an error.", "DESIGN 12", Breach, errorNeverNothing},
		{"error.nothing-beside", "An error comes without a result.", "DESIGN 8, 12", Danger, errorNothingBeside},
		{"error.kind", "Every error is of a known kind.", "DESIGN 12", Breach, errorKind},
		{"error.sentence", "Every error has a sentence for the person at the counter.", "DESIGN 12", Flaw, errorSentence},
		{"error.no-patient-data", "No error holds an identifier, a name or a birth date.", "DESIGN 12", Danger, errorNoPatientData},
	}
}

func callUnadmitted(s *session) outcome {
	if !s.Can.Face {
		return absent("a face; a register trusts its own node")
	}
	for _, err := range s.unadmitted() {
		if !is(err, node.Unidentified, node.Untrusted, node.Refused, node.Invalid) {
			return failed("A call that passed no gate was answered with %s.", came(err))
		}
	}
	return pass()
}

// unadmitted asks all six verbs with a call that nobody admitted.
func (s *session) unadmitted() map[node.Verb]error {
	errs := map[node.Verb]error{}
	var none node.Call
	_, errs[node.FindPatientVerb] = ask(s.ctx, s, node.FindPatientVerb, func(ctx context.Context) (*node.Patient, error) {
		return s.x.FindPatient(ctx, none, node.Demographics{})
	})
	_, errs[node.SummaryVerb] = ask(s.ctx, s, node.SummaryVerb, func(ctx context.Context) (*node.Document, error) {
		return s.x.Summary(ctx, none, node.Ref{})
	})
	_, errs[node.PrescriptionsVerb] = ask(s.ctx, s, node.PrescriptionsVerb, func(ctx context.Context) (*node.Listing, error) {
		return s.x.Prescriptions(ctx, none, node.Filter{})
	})
	_, errs[node.PrescriptionVerb] = ask(s.ctx, s, node.PrescriptionVerb, func(ctx context.Context) (*node.Document, error) {
		return s.x.Prescription(ctx, none, node.Ref{ID: s.nowhere()})
	})
	_, errs[node.DispenseVerb] = ask(s.ctx, s, node.DispenseVerb, func(ctx context.Context) (*node.Receipt, error) {
		return s.x.Dispense(ctx, none, &node.Document{Kind: node.ADispensation})
	})
	_, errs[node.WithdrawVerb] = ask(s.ctx, s, node.WithdrawVerb, func(ctx context.Context) (*node.Receipt, error) {
		return s.x.Withdraw(ctx, none, node.Withdrawal{Receipt: node.NewCorrelation(), Source: []byte("{}")})
	})
	return errs
}

func deadlineCancelled(s *session) outcome {
	gone, leave := context.WithCancel(s.ctx)
	leave()
	main := s.People.Main
	var errs [4]error
	_, errs[0] = ask(gone, s, node.FindPatientVerb, func(ctx context.Context) (*node.Patient, error) {
		return s.x.FindPatient(ctx, s.Call(node.FindPatientVerb, main), node.Demographics{BirthDate: s.People.BirthDate})
	})
	_, errs[1] = ask(gone, s, node.SummaryVerb, func(ctx context.Context) (*node.Document, error) {
		return s.x.Summary(ctx, s.Call(node.SummaryVerb, main), node.Ref{})
	})
	_, errs[2] = ask(gone, s, node.PrescriptionsVerb, func(ctx context.Context) (*node.Listing, error) {
		return s.x.Prescriptions(ctx, s.Call(node.PrescriptionsVerb, main), node.Filter{})
	})
	_, errs[3] = ask(gone, s, node.PrescriptionVerb, func(ctx context.Context) (*node.Document, error) {
		return s.x.Prescription(ctx, s.Call(node.PrescriptionVerb, main), node.Ref{ID: s.nowhere()})
	})
	for _, err := range errs {
		if !is(err, node.Overdue, node.Unavailable) {
			return failed("A question whose asker has gone was answered with %s.", came(err))
		}
	}
	return pass()
}

func deadlineInTime(s *session) outcome {
	for _, c := range s.contacts {
		if c.hung || c.took > s.Deadline {
			return failed("An answer to %s came too late or not at all.", c.verb)
		}
	}
	return pass()
}

// probe asks what no honest caller asks, once, so that every answer can be judged.
func (s *session) probe() {
	if s.probed {
		return
	}
	s.probed = true
	main := s.People.Main
	s.unadmitted()
	_, _ = s.prescription(main, node.Ref{})
	_, _ = s.summary(main, node.Ref{Handle: "no such handle"}, false)
	_, _ = s.withdraw(main, node.Withdrawal{})
	for _, d := range []*node.Document{nil, {}, {Kind: node.ADispensation, Source: []byte("{")}} {
		_, _ = ask(s.ctx, s, node.DispenseVerb, func(ctx context.Context) (*node.Receipt, error) {
			return s.x.Dispense(ctx, s.Call(node.DispenseVerb, main), d)
		})
	}
}

// everyAnswer judges all answers of the run together with those to the probes.
func (s *session) everyAnswer(wrong func(contact) string) outcome {
	s.probe()
	for _, c := range s.contacts {
		if reason := wrong(c); reason != "" {
			return failed("%s: %s.", c.verb, reason)
		}
	}
	return pass()
}

func errorNoPanic(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		if c.panicked {
			return "the subject panicked"
		}
		return ""
	})
}

func errorNeverNothing(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		if c.neither {
			return "neither a result nor an error came"
		}
		return ""
	})
}

func errorNothingBeside(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		if c.both {
			return "a result came beside an error"
		}
		return ""
	})
}

func errorKind(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		var e *node.Error
		switch {
		case c.err == nil:
			return ""
		case !errors.As(c.err, &e):
			return "an error of no kind"
		case e.Kind < 0 || int(e.Kind) >= len(node.Kinds()):
			return "an error of an unknown kind"
		}
		return ""
	})
}

func errorSentence(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		var e *node.Error
		if !errors.As(c.err, &e) {
			return ""
		}
		if !strings.HasSuffix(e.Detail, ".") || !strings.Contains(e.Detail, " ") {
			return "an error without a sentence"
		}
		return ""
	})
}

func errorNoPatientData(s *session) outcome {
	return s.everyAnswer(func(c contact) string {
		if c.err == nil {
			return ""
		}
		e := node.AsError(c.err)
		if s.tells(strings.Join([]string{c.err.Error(), e.Error(), e.Detail, e.Reason, e.Slot}, "\n")) {
			return "an error holds what identifies a patient"
		}
		return ""
	})
}

// tells says that a text holds a secret: identifiers and dates anywhere, names as words of their own.
func (s *session) tells(text string) bool {
	text = strings.ToLower(text)
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		words[word] = true
	}
	for secret := range s.secrets {
		isName := strings.IndexFunc(secret, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
		if words[secret] || (!isName && strings.Contains(text, secret)) {
			return true
		}
	}
	return false
}
