package conformance_test

import (
	"bytes"
	"context"

	"sild/conformance"
	"sild/node"
	"sild/translation"
)

func fetchFaults() []fault {
	return []fault{
		{check: "fetch.right-one", plant: func(f *faulty) {
			onFetch(f, f.calls.Known[1].ID, func(_ *node.Document, _ error) (*node.Document, error) {
				known := f.calls.Known[0].ID
				return f.Exchange.Prescription(context.Background(), f.calls.Call(node.PrescriptionVerb, f.calls.People.Main), node.Ref{ID: known})
			})
		}},
		{check: "fetch.own-patient", plant: func(f *faulty) {
			fetchedKnown(f, func(d *node.Document) *node.Document {
				return edited(d, func(d *node.Document) { d.Prescriptions[0].Patient.Identifiers[0].Value = "PERSON-777777" })
			})
		}},
		{check: "fetch.same-as-listed", plant: func(f *faulty) {
			fetchedKnown(f, func(d *node.Document) *node.Document {
				return edited(d, func(d *node.Document) { d.Prescriptions[0].Amount.Packages = "9" })
			})
		}},
		{check: "fetch.repeatable", plant: func(f *faulty) {
			times := 0
			onFetch(f, f.calls.Known[1].ID, func(d *node.Document, err error) (*node.Document, error) {
				if times++; times > 1 {
					return edited(d, func(d *node.Document) { d.Prescriptions[0].Amount.Left = "1" }), nil
				}
				return d, err
			})
		}},
		{check: "fetch.source-unchanged", plant: func(f *faulty) {
			fetchedKnown(f, func(d *node.Document) *node.Document {
				d.Source = append(bytes.Clone(d.Source), '\n')
				return d
			})
		}},
		{check: "fetch.hash-of-parts", plant: func(f *faulty) {
			fetchedKnown(f, func(d *node.Document) *node.Document {
				out := *d.Out
				out.Hash = out.Hash[1:] + out.Hash[:1]
				d.Out = &out
				return d
			})
		}},
	}
}

func nothingFaults() []fault {
	answered := func(which func(conformance.Never) node.Identifier) func(*faulty) {
		return func(f *faulty) {
			onFetch(f, which(f.calls.Never), func(_ *node.Document, _ error) (*node.Document, error) {
				known := f.calls.Known[0].ID
				return f.Exchange.Prescription(context.Background(), f.calls.Call(node.PrescriptionVerb, f.calls.People.Main), node.Ref{ID: known})
			})
		}
	}
	return []fault{
		{check: "fetch.unknown-none", blocks: []string{"fetch.other-same-as-unknown"}, plant: func(f *faulty) {
			f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if node.KindIs(err, node.NotFound) && len(ref.ID.Value) == len(node.NewCorrelation()) {
					return nil, wrong(err, node.Unavailable)
				}
				return d, err
			}
		}},
		{check: "fetch.other-patient-none", blocks: []string{"fetch.other-same-as-unknown"}, plant: func(f *faulty) {
			f.document = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if node.KindIs(err, node.NotFound) && call.Patient == f.calls.People.Main {
					return f.othersOr(ref, d, err)
				}
				return d, err
			}
		}},
		{check: "fetch.other-same-as-unknown", plant: func(f *faulty) {
			f.document = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if theirs, _ := f.othersOr(ref, nil, err); theirs != nil && err != nil {
					node.AsError(err).Detail = "This prescription is another patient's."
				}
				return d, err
			}
		}},
		{check: "fetch.excluded-none", plant: answered(func(n conformance.Never) node.Identifier { return n.Excluded })},
		{check: "fetch.expired-none", plant: answered(func(n conformance.Never) node.Identifier { return n.Expired })},
		{check: "fetch.cancelled-none", plant: answered(func(n conformance.Never) node.Identifier { return n.Cancelled })},
		{check: "fetch.untranslatable-slot", plant: func(f *faulty) {
			onFetch(f, f.calls.Never.Untranslatable, func(d *node.Document, err error) (*node.Document, error) {
				node.AsError(err).Slot = ""
				return d, err
			})
		}},
	}
}

// othersOr gives the other patient's prescription where that is what was asked for.
func (f *faulty) othersOr(ref node.Ref, d *node.Document, err error) (*node.Document, error) {
	other := f.calls.Call(node.PrescriptionVerb, f.calls.People.Other)
	if theirs, none := f.Exchange.Prescription(context.Background(), other, ref); none == nil {
		return theirs, nil
	}
	return d, err
}

func reportFaults() []fault {
	line := func(check string, edit func(*node.Report)) fault {
		return fault{check: check, plant: func(f *faulty) {
			fetchedKnown(f, func(d *node.Document) *node.Document { return reported(d, edit) })
		}}
	}
	return []fault{
		{check: "report.present", plant: func(f *faulty) {
			f.listing = func(_ node.Call, l *node.Listing, err error) (*node.Listing, error) {
				if err == nil {
					l.Out.Report = nil
					l.Out = rewritten(l.Out, func(*node.Document) {})
				}
				return l, err
			}
		}},
		line("report.every-slot", func(r *node.Report) { r.Told[1].Fate = translation.Untouched }),
		line("report.slots-in-slots-out", func(r *node.Report) { r.Told = append(r.Told, node.Line{Path: "more", Fate: translation.Mapped}) }),
		line("report.original-named", func(r *node.Report) { r.Told[0].Original = r.Told[0].Current }),
		line("report.relation-shown", func(r *node.Report) {
			for i := range r.Told {
				r.Told[i].Relation = translation.Equivalent
			}
		}),
		line("report.draft-shown", func(r *node.Report) {
			for i := range r.Told {
				r.Told[i].Draft = false
			}
		}),
	}
}

func handleFaults() []fault {
	stretched := func(d *node.Document) *node.Document {
		return edited(d, func(d *node.Document) { d.Patient.Given = append(d.Patient.Given, "again") })
	}
	return []fault{
		{check: "handle.keeps-bytes", plant: func(f *faulty) {
			f.document = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if ref.Handle != "" && err == nil {
					return stretched(d), nil
				}
				return d, err
			}
		}},
		{check: "handle.summary", plant: func(f *faulty) {
			f.summary = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if ref.Handle != "" && err == nil {
					return stretched(d), nil
				}
				return d, err
			}
		}},
		{check: "handle.other-patient", plant: func(f *faulty) {
			f.document = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if ref.Handle != "" && call.Patient == f.calls.People.Other {
					return f.Exchange.Prescription(context.Background(), f.calls.Call(node.PrescriptionVerb, f.calls.People.Main), ref)
				}
				return d, err
			}
		}},
		{check: "handle.unknown", plant: func(f *faulty) {
			f.document = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if ref.Handle != "" && call.Patient == f.calls.People.Main && err != nil {
					return nil, wrong(err, node.Internal)
				}
				return d, err
			}
		}},
	}
}
