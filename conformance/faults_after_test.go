package conformance_test

import (
	"context"
	"time"

	"sild/node"
)

func receiptFaults() []fault {
	on := func(check string, change func(*node.Receipt)) fault {
		return fault{check: check, plant: func(f *faulty) { onReceipt(f, change) }}
	}
	return []fault{
		on("receipt.names", func(r *node.Receipt) { r.Prescription.Value = "ITEM-999999" }),
		on("receipt.digest", func(r *node.Receipt) { r.Digest = r.ID }),
		on("receipt.left", func(r *node.Receipt) {
			if r.Left == "0" {
				r.Left = ""
			}
		}),
		on("receipt.time", func(r *node.Receipt) { r.At = r.At.Add(time.Hour) }),
		on("receipt.body", func(r *node.Receipt) { r.Body = nil }),
		{check: "receipt.unique", plant: func(f *faulty) {
			last := ""
			onReceipt(f, func(r *node.Receipt) { last, r.ID = r.ID, "one for all" })
			f.Exchange = &translated{Exchange: f.Exchange, real: func(id string) string {
				if id == "one for all" {
					return last
				}
				return id
			}}
		}},
	}
}

// translated takes back by another receipt than the one that is named.
type translated struct {
	node.Exchange
	real func(string) string
}

func (x *translated) Withdraw(ctx context.Context, call node.Call, w node.Withdrawal) (*node.Receipt, error) {
	w.Receipt = x.real(w.Receipt)
	return x.Exchange.Withdraw(ctx, call, w)
}

func withdrawFaults() []fault {
	on := func(check string, change func(*node.Receipt)) fault {
		return fault{check: check, plant: func(f *faulty) {
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil {
					change(r)
				}
				return r, err
			}
		}}
	}
	return []fault{
		on("withdraw.recorded", func(r *node.Receipt) { r.State = node.ReceiptRecorded }),
		on("withdraw.same-receipt", func(r *node.Receipt) {
			if r.Replayed {
				r.ID = node.NewCorrelation()
			}
		}),
		{check: "withdraw.gives-back", plant: func(f *faulty) {
			undone := map[node.Identifier]bool{}
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil {
					undone[r.Prescription] = true
				}
				return r, err
			}
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if undone[d.Prescription] {
					return nil, &node.Error{Op: "dispense", Kind: node.Conflict, Left: "0", Detail: "Nothing is left."}
				}
				return r, err
			}
		}},
		{check: "withdraw.counts-once", plant: func(f *faulty) {
			twice := map[node.Identifier]bool{}
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil && r.Replayed {
					twice[r.Prescription] = true
				}
				return r, err
			}
			f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if err == nil && twice[ref.ID] {
					return edited(d, func(d *node.Document) { d.Prescriptions[0].Amount.Left = "2" }), nil
				}
				return d, err
			}
		}},
	}
}

func unwithdrawnFaults() []fault {
	return []fault{
		{check: "withdraw.unknown-none", plant: func(f *faulty) {
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.NotFound) {
					return nil, wrong(err, node.Conflict)
				}
				return r, err
			}
		}},
		{check: "withdraw.other-patient", plant: func(f *faulty) {
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Untrusted) {
					return &node.Receipt{ID: node.NewCorrelation(), State: node.ReceiptWithdrawn}, nil
				}
				return r, err
			}
		}},
		{check: "withdraw.by-rule", plant: func(f *faulty) {
			f.undone = func(_ node.Call, _ node.Withdrawal, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Refused) {
					node.AsError(err).Reason = "withdrawal"
				}
				return r, err
			}
		}},
	}
}

func raceFaults() []fault {
	return []fault{
		{check: "race.equal-reads", plant: func(f *faulty) {
			f.Exchange = &crowded{Exchange: f.Exchange, document: func(ref node.Ref, d *node.Document) *node.Document {
				if f.known(ref.ID) {
					return edited(d, func(d *node.Document) { d.Prescriptions[0].Amount.Packages = "8" })
				}
				return d
			}}
		}},
		{check: "race.one-winner", plant: func(f *faulty) {
			f.Exchange = &crowded{Exchange: f.Exchange, receipt: func(r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Conflict) {
					return &node.Receipt{ID: node.NewCorrelation(), State: node.ReceiptRecorded}, nil
				}
				return r, err
			}}
		}},
		{check: "race.one-receipt", plant: func(f *faulty) {
			f.Exchange = &crowded{Exchange: f.Exchange, receipt: func(r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil && r.Replayed {
					r.ID = node.NewCorrelation()
				}
				return r, err
			}}
		}},
	}
}

// crowded goes wrong only when two are there at once.
type crowded struct {
	node.Exchange
	meeting  meeting
	document func(node.Ref, *node.Document) *node.Document
	receipt  func(*node.Receipt, error) (*node.Receipt, error)
}

func (x *crowded) Prescription(ctx context.Context, call node.Call, ref node.Ref) (*node.Document, error) {
	d, err := x.Exchange.Prescription(ctx, call, ref)
	if x.document != nil && err == nil && x.meeting.crowded() {
		return x.document(ref, d), nil
	}
	return d, err
}

func (x *crowded) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	r, err := x.Exchange.Dispense(ctx, call, in)
	if x.receipt != nil && x.meeting.crowded() {
		return x.receipt(r, err)
	}
	return r, err
}
