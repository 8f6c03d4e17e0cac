package conformance_test

import (
	"bytes"

	"sild/node"
)

func dispenseFaults() []fault {
	return []fault{
		{check: "dispense.recorded", plant: func(f *faulty) {
			times := 0
			onReceipt(f, func(r *node.Receipt) {
				if times++; times == 1 {
					r.State = node.ReceiptWaiting
				}
			})
		}},
		{check: "dispense.counted", plant: func(f *faulty) {
			old := map[node.Ref]*node.Document{}
			f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if err == nil {
					old[ref] = d
				} else if old[ref] != nil && !f.known(ref.ID) && ref.Handle == "" && node.KindIs(err, node.NotFound) {
					return old[ref], nil
				}
				return d, err
			}
		}},
		{check: "dispense.gone-from-list", plant: func(f *faulty) {
			var gone []node.Item
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				gone = append(gone, node.Item{Ref: node.Ref{ID: d.Prescription}})
				return r, err
			}
			f.listing = func(_ node.Call, l *node.Listing, err error) (*node.Listing, error) {
				if err == nil {
					l.Items = append(l.Items, gone...)
				}
				return l, err
			}
		}},
		{check: "dispense.second-counter", plant: func(f *faulty) {
			onRefusal(f, func(_ *node.Dispensation, e *node.Error) {
				if e.Left == "0" {
					e.Left = "1"
				}
			})
		}},
	}
}

func replayFaults() []fault {
	return []fault{
		{check: "dispense.replay-same-receipt", plant: func(f *faulty) {
			onReceipt(f, func(r *node.Receipt) {
				if r.Replayed {
					r.Body = append(bytes.Clone(r.Body), ' ')
				}
			})
		}},
		{check: "dispense.replay-marked", plant: func(f *faulty) { onReceipt(f, func(r *node.Receipt) { r.Replayed = false }) }},
		{check: "dispense.replay-counts-once", plant: func(f *faulty) {
			f.receipt = func(call node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil && r.Replayed && r.Left == "2" {
					f.takeMore(call, d)
				}
				return r, err
			}
		}},
		{check: "dispense.other-content-conflict", plant: func(f *faulty) {
			first := map[node.Identifier]*node.Receipt{}
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if err == nil {
					first[d.ID] = r
				} else if first[d.ID] != nil {
					return first[d.ID], nil
				}
				return r, err
			}
		}},
		{check: "dispense.other-content-counts-nothing", plant: func(f *faulty) {
			f.receipt = func(call node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Conflict) && node.AsError(err).Reason == "dispensation.other-content" {
					f.takeMore(call, d)
				}
				return r, err
			}
		}},
		{check: "dispense.part-kept", plant: func(f *faulty) {
			onReceipt(f, func(r *node.Receipt) {
				if r.Left != "0" {
					r.Left = "0"
				}
			})
		}},
		{check: "dispense.part-closes", plant: func(f *faulty) { onReceipt(f, func(r *node.Receipt) { r.Closed = "" }) }},
		{check: "dispense.part-refused", plant: func(f *faulty) {
			onRefusal(f, func(_ *node.Dispensation, e *node.Error) {
				if ruled(e) {
					e.Reason = "dispensation.part"
				}
			})
		}},
	}
}

func refusalFaults() []fault {
	invalid := func(check, packages string, kind node.Kind) fault {
		return fault{check: check, plant: func(f *faulty) {
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if err != nil && d.Packages == packages {
					return nil, wrong(err, kind)
				}
				return r, err
			}
		}}
	}
	return []fault{
		{check: "dispense.too-much", plant: func(f *faulty) {
			onRefusal(f, func(_ *node.Dispensation, e *node.Error) {
				if e.Reason == "dispensation.too-much" {
					e.Left = ""
				}
			})
		}},
		invalid("dispense.zero-packages", "0", node.Refused),
		invalid("dispense.negative-packages", "-1", node.Conflict),
		invalid("dispense.fractional-packages", "0.5", node.Internal),
		{check: "dispense.malformed", plant: func(f *faulty) {
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Invalid) && d.ID.IsZero() {
					return nil, wrong(err, node.Internal)
				}
				return r, err
			}
		}},
		{check: "dispense.other-patient", plant: func(f *faulty) {
			f.receipt = func(_ node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if node.KindIs(err, node.Untrusted) {
					return &node.Receipt{ID: node.NewCorrelation(), State: node.ReceiptRecorded, Dispensation: d.ID}, nil
				}
				return r, err
			}
		}},
		{check: "dispense.refused-counts-nothing", plant: func(f *faulty) {
			f.receipt = func(call node.Call, d *node.Dispensation, r *node.Receipt, err error) (*node.Receipt, error) {
				if err != nil && d.Packages == "0" {
					f.takeMore(call, d)
				}
				return r, err
			}
		}},
	}
}
