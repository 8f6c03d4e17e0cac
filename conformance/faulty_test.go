package conformance_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"sild/conformance"
	"sild/conformance/reference"
	"sild/node"
)

// faulty is a correct country with one fault planted. An absent hook leaves the verb as it is.
type faulty struct {
	node.Exchange
	calls *conformance.Calls

	patient  func(node.Call, *node.Patient, error) (*node.Patient, error)
	listing  func(node.Call, *node.Listing, error) (*node.Listing, error)
	document func(node.Call, node.Ref, *node.Document, error) (*node.Document, error)
	summary  func(node.Call, node.Ref, *node.Document, error) (*node.Document, error)
	receipt  func(node.Call, *node.Dispensation, *node.Receipt, error) (*node.Receipt, error)
	undone   func(node.Call, node.Withdrawal, *node.Receipt, error) (*node.Receipt, error)

	mu sync.Mutex
}

func (f *faulty) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	p, err := f.Exchange.FindPatient(ctx, call, who)
	if f.patient == nil {
		return p, err
	}
	return f.patient(call, p, err)
}

func (f *faulty) Prescriptions(ctx context.Context, call node.Call, filter node.Filter) (*node.Listing, error) {
	l, err := f.Exchange.Prescriptions(ctx, call, filter)
	if f.listing == nil {
		return l, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.listing(call, l, err)
}

func (f *faulty) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	d, err := f.Exchange.Prescription(ctx, call, ref)
	if f.document == nil {
		return d, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.document(call, ref, d, err)
}

func (f *faulty) Summary(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	d, err := f.Exchange.Summary(ctx, call, ref)
	if f.summary == nil {
		return d, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.summary(call, ref, d, err)
}

func (f *faulty) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	r, err := f.Exchange.Dispense(ctx, call, in)
	if f.receipt == nil {
		return r, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.receipt(call, handedIn(in), r, err)
}

func (f *faulty) Withdraw(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
	r, err := f.Exchange.Withdraw(ctx, call, w)
	if f.undone == nil {
		return r, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.undone(call, w, r, err)
}

// handedIn reads a dispensation message; of one that cannot be read nothing is known.
func handedIn(in *node.Document) *node.Dispensation {
	if in != nil {
		if d, err := (reference.Tongue{}).Decode(in.Source); err == nil && d.Dispensation != nil {
			return d.Dispensation
		}
	}
	return &node.Dispensation{}
}

// rewritten decodes an encoding, changes it and encodes it again with the report that it had.
func rewritten(out *node.Encoded, edit func(*node.Document)) *node.Encoded {
	d, err := (reference.Tongue{}).Decode(out.Body())
	if err != nil {
		panic(err)
	}
	edit(d)
	again, err := (reference.Tongue{}).Encode(d, reference.Format, nil, out.Report)
	if err != nil {
		panic(err)
	}
	return again
}

// edited gives a document whose outgoing bytes say something else.
func edited(d *node.Document, edit func(*node.Document)) *node.Document {
	copied := *d
	copied.Out = rewritten(d.Out, edit)
	return &copied
}

// reported gives a document with another loss report.
func reported(d *node.Document, edit func(*node.Report)) *node.Document {
	copied, out, report := *d, *d.Out, *d.Out.Report
	report.Keep()
	edit(&report)
	out.Report, copied.Out = &report, &out
	return &copied
}

// known says that a prescription is one of the main patient's known ones.
func (f *faulty) known(id node.Identifier) bool {
	for _, e := range f.calls.Known {
		if e.ID == id {
			return true
		}
	}
	return false
}

// everywhere changes the known records in every answer that holds them, so that all answers agree.
func everywhere(f *faulty, edit func(*node.Prescription)) {
	records := func(d *node.Document) {
		for _, p := range d.Prescriptions {
			if f.known(p.ID) {
				edit(p)
			}
		}
	}
	f.listing = func(_ node.Call, l *node.Listing, err error) (*node.Listing, error) {
		if err != nil {
			return l, err
		}
		l.Out = rewritten(l.Out, records)
		for i := range l.Items {
			l.Items[i].Document = edited(l.Items[i].Document, records)
		}
		return l, nil
	}
	f.document = func(_ node.Call, _ node.Ref, d *node.Document, err error) (*node.Document, error) {
		if err != nil {
			return d, err
		}
		return edited(d, records), nil
	}
}

// listedToo changes the main patient's listing only.
func listedToo(f *faulty, edit func(*node.Document)) {
	f.listing = func(call node.Call, l *node.Listing, err error) (*node.Listing, error) {
		if err == nil && call.Patient == f.calls.People.Main {
			l.Out = rewritten(l.Out, edit)
		}
		return l, err
	}
}

// smuggled adds to the listing a copy of its first record under another identifier.
func smuggled(f *faulty, id node.Identifier) {
	listedToo(f, func(d *node.Document) {
		another := *d.Prescriptions[0]
		another.ID = id
		d.Prescriptions = append(d.Prescriptions, &another)
	})
}

// fetchedKnown changes known documents that are fetched by identifier.
func fetchedKnown(f *faulty, change func(*node.Document) *node.Document) {
	f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
		if err == nil && f.known(ref.ID) {
			return change(d), nil
		}
		return d, err
	}
}

// onFetch changes what a fetch of one prescription ends in.
func onFetch(f *faulty, id node.Identifier, change func(*node.Document, error) (*node.Document, error)) {
	f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
		if ref.ID == id {
			return change(d, err)
		}
		return d, err
	}
}

// onNobody changes what the fetch of nothing at all ends in.
func onNobody(f *faulty, change func(node.Call, *node.Error) (*node.Document, error)) {
	f.document = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
		if ref == (node.Ref{}) && err != nil {
			return change(call, node.AsError(err))
		}
		return d, err
	}
}

// onSummary changes one patient's summary.
func onSummary(f *faulty, patient node.Identifier, change func(*node.Document, error) (*node.Document, error)) {
	f.summary = func(call node.Call, _ node.Ref, d *node.Document, err error) (*node.Document, error) {
		if call.Patient == patient {
			return change(d, err)
		}
		return d, err
	}
}

// onReceipt changes the receipts of dispensations.
func onReceipt(f *faulty, change func(*node.Receipt)) {
	f.receipt = func(_ node.Call, _ *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
		if err == nil {
			change(r)
		}
		return r, err
	}
}

// onRefusal changes the refusals of dispensations.
func onRefusal(f *faulty, change func(*node.Dispensation, *node.Error)) {
	f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
		if err != nil {
			change(d, node.AsError(err))
		}
		return r, err
	}
}

// takeMore dispenses one package more behind everybody's back.
func (f *faulty) takeMore(call node.Call, d *node.Dispensation) {
	more := *d
	more.ID.Value, more.Packages = node.NewCorrelation(), "1"
	source, err := json.Marshal(struct {
		Kind         node.DocumentKind  `json:"kind"`
		Patient      node.Patient       `json:"patient"`
		Dispensation *node.Dispensation `json:"dispensation"`
	}{node.ADispensation, more.Patient, &more})
	if err != nil {
		panic(err)
	}
	_, _ = f.Exchange.Dispense(context.Background(), call, &node.Document{Kind: node.ADispensation, Source: source})
}

// meeting holds whoever comes for a moment and says whether another was there at the same time.
type meeting struct {
	mu      sync.Mutex
	present int
	met     chan struct{}
}

func (m *meeting) crowded() bool {
	met := m.join()
	defer m.leave()
	select {
	case <-met:
		return true
	case <-time.After(30 * time.Millisecond):
		return false
	}
}

func (m *meeting) join() chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.present++
	switch {
	case m.present == 1:
		m.met = make(chan struct{})
	case m.present == 2:
		select {
		case <-m.met: // they have met, and one has left
		default:
			close(m.met)
		}
	}
	return m.met
}

func (m *meeting) leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.present--
}

// wrong gives an error of another kind with the same words.
func wrong(err error, kind node.Kind) error {
	e := *node.AsError(err)
	e.Kind = kind
	return &e
}

// ruled says that a refusal names a rule.
func ruled(e *node.Error) bool { return strings.HasPrefix(e.Reason, "rule.") }
