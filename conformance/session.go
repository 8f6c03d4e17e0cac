package conformance

import (
	"context"
	"strings"
	"sync"
	"time"

	"sild/node"
)

// session is one run: the subject, how to ask it, and what was seen so far.
type session struct {
	Calls
	ctx context.Context
	x   node.Exchange

	mu       sync.Mutex
	contacts []contact
	secrets  map[string]bool // identifiers, names and birth dates that must not stand in an error

	listed  *listed            // of Main, asked once
	fetched map[string]fetched // of Main's prescriptions, each asked once
	spare   []Expect           // handed out by Fresh and not dispensed on
	probed  bool
}

// contact is what is remembered of one answer.
type contact struct {
	verb     node.Verb
	err      error
	panicked bool
	hung     bool
	both     bool // a result and an error
	neither  bool
	took     time.Duration
}

func newSession(ctx context.Context, x node.Exchange, calls Calls) *session {
	s := &session{Calls: calls, ctx: ctx, x: x, secrets: map[string]bool{}, fetched: map[string]fetched{}}
	p := calls.People
	for _, id := range []node.Identifier{p.Main, p.Other, p.Unknown, p.Restricted, p.Ambiguous, p.NoConsent, p.Child,
		p.SummaryRestricted, p.SectionRestricted, p.SectionNever} {
		s.secret(id.Value)
	}
	s.secret(p.BirthDate)
	for _, e := range calls.Known {
		s.secret(e.ID.Value)
	}
	return s
}

// secret remembers a text that no error may hold. Very short ones would be found by accident.
func (s *session) secret(text string) {
	if len(strings.TrimSpace(text)) < 3 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets[strings.ToLower(text)] = true
}

// meet remembers what identifies a patient.
func (s *session) meet(p *node.Patient) {
	for _, id := range p.Identifiers {
		s.secret(id.Value)
	}
	s.secret(p.Family)
	s.secret(p.BirthDate)
	for _, name := range p.Given {
		s.secret(name)
	}
}

func (s *session) remember(c contact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contacts = append(s.contacts, c)
}

// reply is what came back from one question.
type reply[T any] struct {
	result   *T
	err      error
	panicked bool
}

// ask puts one question and waits for at most twice the deadline, so that a subject that hangs or panics does not end
// the run. The subject itself is told the deadline.
func ask[T any](ctx context.Context, s *session, verb node.Verb, question func(context.Context) (*T, error)) (*T, error) {
	limited, cancel := context.WithTimeout(ctx, s.Deadline)
	defer cancel()
	came := make(chan reply[T], 1)
	began := s.Now()
	go func() {
		r := reply[T]{panicked: true}
		defer func() {
			if r.panicked {
				_ = recover()
				r.result, r.err = nil, ours("conformance.panic", "The subject panicked.")
			}
			came <- r
		}()
		r.result, r.err = question(limited)
		r.panicked = false
	}()
	patience := time.NewTimer(2 * s.Deadline)
	defer patience.Stop()
	c := contact{verb: verb}
	var r reply[T]
	select {
	case r = <-came:
		c.panicked, c.both, c.neither = r.panicked, r.err != nil && r.result != nil, r.err == nil && r.result == nil
	case <-patience.C:
		c.hung, r.err = true, ours("conformance.hung", "The subject did not answer.")
	}
	c.took = s.Now().Sub(began)
	if !c.panicked && !c.hung {
		c.err = r.err
	}
	s.remember(c)
	if r.err == nil && r.result == nil {
		return nil, ours("conformance.nothing", "The subject answered neither a result nor an error.")
	}
	if r.err != nil {
		return nil, r.err
	}
	return r.result, nil
}

func ours(reason, detail string) error {
	return &node.Error{Op: "conformance", Kind: node.Internal, Reason: reason, Detail: detail}
}

func (s *session) findPatient(id node.Identifier, birthDate string) (*node.Patient, error) {
	p, err := ask(s.ctx, s, node.FindPatientVerb, func(ctx context.Context) (*node.Patient, error) {
		return s.x.FindPatient(ctx, s.Call(node.FindPatientVerb, id), node.Demographics{BirthDate: birthDate})
	})
	if err == nil {
		s.meet(p)
	}
	return p, err
}

func (s *session) prescriptions(id node.Identifier, offer bool) (*node.Listing, error) {
	return ask(s.ctx, s, node.PrescriptionsVerb, func(ctx context.Context) (*node.Listing, error) {
		call := s.Call(node.PrescriptionsVerb, id)
		call.Offer = offer
		return s.x.Prescriptions(ctx, call, node.Filter{Status: node.Active})
	})
}

func (s *session) prescription(id node.Identifier, ref node.Ref) (*node.Document, error) {
	return ask(s.ctx, s, node.PrescriptionVerb, func(ctx context.Context) (*node.Document, error) {
		return s.x.Prescription(ctx, s.Call(node.PrescriptionVerb, id), ref)
	})
}

func (s *session) summary(id node.Identifier, ref node.Ref, offer bool) (*node.Document, error) {
	return ask(s.ctx, s, node.SummaryVerb, func(ctx context.Context) (*node.Document, error) {
		call := s.Call(node.SummaryVerb, id)
		call.Offer = offer
		return s.x.Summary(ctx, call, ref)
	})
}

// dispense hands a message over as a door does: read where it can be read, else only its bytes.
func (s *session) dispense(id node.Identifier, message []byte) (*node.Receipt, error) {
	return ask(s.ctx, s, node.DispenseVerb, func(ctx context.Context) (*node.Receipt, error) {
		d, err := s.Tongue.Decode(message)
		if err != nil || d == nil {
			d = &node.Document{Kind: node.ADispensation}
		}
		d.Source = message
		return s.x.Dispense(ctx, s.Call(node.DispenseVerb, id), d)
	})
}

func (s *session) withdraw(id node.Identifier, w node.Withdrawal) (*node.Receipt, error) {
	return ask(s.ctx, s, node.WithdrawVerb, func(ctx context.Context) (*node.Receipt, error) {
		return s.x.Withdraw(ctx, s.Call(node.WithdrawVerb, id), w)
	})
}
