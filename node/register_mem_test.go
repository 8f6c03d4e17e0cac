package node_test

import (
	"context"
	"encoding/json"
	"math/big"
	"sync"
	"time"

	"sild/node"
)

// register is a small national register with its services of rights and recall. It checks amounts itself and is
// idempotent by the dispensation's identifier, as a real one is.
type register struct {
	now func() time.Time

	mu       sync.Mutex
	asked    []string // every question, also those to rights and recall
	people   map[string][]node.Patient
	scripts  []*paper
	folders  map[string]*paper
	rights   map[string]node.Entitlement
	recorded map[string]*node.Receipt // by verb and dispensation
	handed   []*node.Dispensation

	trouble   func(question string) error // fails a question before anything is done
	loses     func(question string) error // fails a question after it was done
	forgetful error                       // what recall answers instead
	busy      func()                      // runs while a question is being answered
}

var (
	_ node.Exchange = (*register)(nil)
	_ node.Rights   = (*register)(nil)
	_ node.Recall   = (*register)(nil)
)

func newRegister(now func() time.Time) *register {
	return &register{now: now, people: map[string][]node.Patient{}, folders: map[string]*paper{},
		rights: map[string]node.Entitlement{}, recorded: map[string]*node.Receipt{}}
}

func (r *register) question(name string) error {
	r.mu.Lock()
	r.asked = append(r.asked, name)
	trouble, busy := r.trouble, r.busy
	r.mu.Unlock()
	if busy != nil {
		busy()
	}
	if trouble != nil {
		return trouble(name)
	}
	return nil
}

func (r *register) count(name string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.asked {
		if q == name {
			n++
		}
	}
	return n
}

func none(reason string) error {
	return &node.Error{Op: "register", Kind: node.NotFound, Reason: reason, Detail: "Not found."}
}

func (r *register) Entitled(_ context.Context, call node.Call) (node.Entitlement, error) {
	if err := r.question("rights"); err != nil {
		return node.Entitlement{}, err
	}
	return r.rights[call.Patient.Value], nil
}

func (r *register) FindPatient(_ context.Context, call node.Call, _ node.Demographics) (*node.Patient, error) {
	if err := r.question("find-patient"); err != nil {
		return nil, err
	}
	switch found := r.people[call.Patient.Value]; len(found) {
	case 0:
		return nil, none("patient.unknown")
	case 1:
		return &found[0], nil
	}
	return nil, none("patient.ambiguous")
}

func (r *register) Summary(_ context.Context, call node.Call, _ node.Ref) (*node.Document, error) {
	if err := r.question("summary"); err != nil {
		return nil, err
	}
	p, ok := r.folders[call.Patient.Value]
	if !ok {
		return nil, none("summary.none")
	}
	return document(p), nil
}

func document(p *paper) *node.Document {
	return &node.Document{Kind: p.Kind, Format: p.Form, Source: text(p)}
}

func text(p *paper) []byte {
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return raw
}

// Prescriptions answers every prescription of the patient, of whatever status: what may cross is the face's business.
func (r *register) Prescriptions(_ context.Context, call node.Call, _ node.Filter) (*node.Listing, error) {
	if err := r.question("prescriptions"); err != nil {
		return nil, err
	}
	listing := &node.Listing{}
	for _, p := range r.scripts {
		if p.Patient.record().Has(call.Patient) {
			s := p.Scripts[0]
			listing.Items = append(listing.Items, node.Item{Ref: node.Ref{ID: s.ID}, Status: s.Status, Document: document(p)})
		}
	}
	if len(listing.Items) == 0 && len(r.people[call.Patient.Value]) == 0 {
		return nil, none("patient.unknown")
	}
	return listing, nil
}

func (r *register) find(id node.Identifier) *paper {
	for _, p := range r.scripts {
		if p.Scripts[0].ID == id {
			return p
		}
	}
	return nil
}

func (r *register) Prescription(_ context.Context, _ node.Call, ref node.Ref) (*node.Document, error) {
	if err := r.question("prescription"); err != nil {
		return nil, err
	}
	p := r.find(ref.ID)
	if p == nil {
		return nil, none("prescription.unknown")
	}
	return document(p), nil
}

func (r *register) Dispense(_ context.Context, _ node.Call, d *node.Document) (*node.Receipt, error) {
	if err := r.question("dispense"); err != nil {
		return nil, err
	}
	given := d.Dispensation
	if done, ok := r.recorded["dispense "+given.ID.Value]; ok {
		return done, nil
	}
	p := r.find(given.Prescription)
	if p == nil {
		return nil, none("prescription.unknown")
	}
	s := p.Scripts[0]
	left, ok := new(big.Rat).SetString(s.left())
	amount, fits := node.Packages(given.Takes)
	if !ok || !fits || left.Cmp(amount) < 0 {
		return nil, &node.Error{Op: "register", Kind: node.Conflict, Reason: "register.left", Detail: "Not so many are left.", Left: s.left()}
	}
	s.Left = left.Sub(left, amount).RatString()
	receipt := &node.Receipt{State: node.ReceiptRecorded, At: r.now().UTC(), Left: s.Left}
	if given.ClosesRemainder {
		s.Left, receipt.Left, receipt.Closed = "0", "0", "remainder"
	}
	r.recorded["dispense "+given.ID.Value] = receipt
	r.handed = append(r.handed, given)
	return r.reply("dispense", receipt)
}

// reply gives the answer, unless it is to be lost on the way.
func (r *register) reply(question string, receipt *node.Receipt) (*node.Receipt, error) {
	if r.loses != nil {
		if err := r.loses(question); err != nil {
			return nil, err
		}
	}
	return receipt, nil
}

func (s *script) left() string {
	if s.Left != "" {
		return s.Left
	}
	return s.Packages
}

func (r *register) Withdraw(_ context.Context, _ node.Call, w node.Withdrawal) (*node.Receipt, error) {
	if err := r.question("withdraw"); err != nil {
		return nil, err
	}
	if done, ok := r.recorded["withdraw "+w.Receipt]; ok {
		return done, nil
	}
	if _, ok := r.recorded["dispense "+w.Receipt]; !ok {
		return nil, none("dispensation.unknown")
	}
	for _, given := range r.handed {
		if given.ID.Value == w.Receipt {
			s := r.find(given.Prescription).Scripts[0]
			left, _ := node.Packages(s.left())
			back, _ := node.Packages(given.Takes)
			s.Left = left.Add(left, back).RatString()
			receipt := &node.Receipt{State: node.ReceiptWithdrawn, At: r.now().UTC(), Left: s.Left}
			r.recorded["withdraw "+w.Receipt] = receipt
			return r.reply("withdraw", receipt)
		}
	}
	return nil, none("dispensation.unknown")
}

func (r *register) Dispensed(_ context.Context, _ node.Call, id node.Identifier, verb node.Verb) (*node.Receipt, bool, error) {
	if err := r.question("recall"); err != nil {
		return nil, false, err
	}
	if r.forgetful != nil {
		return nil, false, r.forgetful
	}
	receipt, ok := r.recorded[string(verb)+" "+id.Value]
	return receipt, ok, nil
}

// mixedUp is a register that answers another prescription than it was asked for.
type mixedUp struct {
	node.Exchange
	id node.Identifier
}

func (m mixedUp) Prescription(ctx context.Context, call node.Call, _ node.Ref) (*node.Document, error) {
	return m.Exchange.Prescription(ctx, call, node.Ref{ID: m.id})
}
