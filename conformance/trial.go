package conformance

import (
	"strconv"
	"strings"

	"sild/node"
)

// trial is one prescription that a check may dispense on.
type trial struct {
	expect  Expect
	patient node.Identifier
	read    *node.Document
	left    int
}

// trial takes a prescription with at least so many packages left and fetches it, as a counter does before it dispenses.
// Without one it gives the outcome of the check.
func (s *session) trial(least int) (*trial, outcome) {
	if s.Fresh == nil || s.Dispensation == nil {
		return nil, absent("prescriptions to dispense on")
	}
	for i, e := range s.spare {
		t, err := s.open(e)
		if err == nil && t.left >= least {
			s.spare = append(s.spare[:i:i], s.spare[i+1:]...)
			return t, pass()
		}
	}
	e, ok := s.Fresh(least)
	if !ok {
		return nil, absent("enough prescriptions to dispense on")
	}
	s.secret(e.ID.Value)
	t, err := s.open(e)
	if err != nil {
		return nil, blocked("a fresh prescription was answered with " + came(err))
	}
	if t.left < least {
		return nil, blocked("a fresh prescription has too few packages left")
	}
	return t, pass()
}

func (s *session) open(e Expect) (*trial, error) {
	t := &trial{expect: e, patient: e.Patient}
	if t.patient.IsZero() {
		t.patient = s.People.Main
	}
	f := s.fetch(t.patient, e.ID)
	if f.err != nil {
		return nil, f.err
	}
	left, ok := remaining(f.record())
	if !ok {
		return nil, ours("conformance.amount", "The prescription does not say how much is left.")
	}
	t.read, t.left = f.read, left
	return t, nil
}

// keep gives a prescription back on which nothing was recorded, for the next check.
func (s *session) keep(t *trial, o outcome) outcome {
	if o.verdict == Passed {
		s.spare = append(s.spare, t.expect)
	}
	return o
}

// remaining reads how many packages may still be handed out: a register that says nothing of what is left has
// everything left.
func remaining(p *node.Prescription) (int, bool) {
	if p == nil {
		return 0, false
	}
	if p.Amount.Left != "" {
		return whole(p.Amount.Left)
	}
	return whole(p.Amount.Packages)
}

// left asks how many packages are left now. What is dispensed in full may be gone.
func (s *session) left(t *trial) (int, bool) {
	f := s.fetch(t.patient, t.expect.ID)
	if is(f.err, node.NotFound) {
		return 0, true
	}
	return remaining(f.record())
}

// sent is one dispensation on its way.
type sent struct {
	*trial
	id      node.Identifier
	message []byte
	receipt *node.Receipt
	err     error
}

// message writes the dispensation of so many packages under a new identifier.
func (s *session) message(t *trial, packages string) *sent {
	id := newID()
	return &sent{trial: t, id: id, message: s.Dispensation(t.read, id, packages)}
}

// rewrite writes another content under the same identifier.
func (s *session) rewrite(m *sent, packages string) *sent {
	return &sent{trial: m.trial, id: m.id, message: s.Dispensation(m.read, m.id, packages)}
}

func (s *session) send(m *sent) *sent {
	m.receipt, m.err = s.dispense(m.patient, m.message)
	return m
}

// hand dispenses so many packages.
func (s *session) hand(t *trial, packages int) *sent {
	return s.send(s.message(t, strconv.Itoa(packages)))
}

// spend takes a prescription with at least so many packages and dispenses all of them.
func (s *session) spend(least int) (*sent, outcome) {
	t, o := s.trial(least)
	if t == nil {
		return nil, o
	}
	m := s.hand(t, t.left)
	if m.err != nil {
		return nil, blocked("a whole prescription could not be dispensed")
	}
	return m, pass()
}

// newID makes the identifier of a dispensation: a UUID as a URI (RFC 4122), as country B gives it.
func newID() node.Identifier {
	h := node.NewCorrelation()
	uuid := strings.Join([]string{h[:8], h[8:12], "4" + h[13:16], "a" + h[17:20], h[20:]}, "-")
	return node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:" + uuid}
}
