package conformance_test

import (
	"context"

	"sild/conformance"
	"sild/conformance/reference"
	"sild/node"
	"sild/translation"
)

func patientFaults() []fault {
	return []fault{
		{check: "patient.found", plant: func(f *faulty) {
			f.patient = func(_ node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if err == nil {
					p.Identifiers = nil
				}
				return p, err
			}
		}},
		{check: "patient.right-person", plant: func(f *faulty) {
			f.patient = func(_ node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if err == nil {
					p.BirthDate = "1999-09-09"
				}
				return p, err
			}
		}},
		{check: "patient.minimal", plant: func(f *faulty) {
			f.patient = func(_ node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if err == nil {
					p.Identifiers = append(p.Identifiers, node.Identifier{System: "urn:passport", Value: "P-778899"})
				}
				return p, err
			}
		}},
		{check: "patient.birth-date-mask", plant: func(f *faulty) {
			inner := f.Exchange
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if node.KindIs(err, node.NotFound) {
					return inner.FindPatient(context.Background(), call, node.Demographics{})
				}
				return p, err
			}
		}},
		{check: "patient.unknown-none", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if node.KindIs(err, node.NotFound) && call.Patient != f.calls.People.Main {
					return nil, wrong(err, node.Refused)
				}
				return p, err
			}
		}},
	}
}

func peopleFaults() []fault {
	return []fault{
		{check: "patient.restricted-same", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if call.Patient == f.calls.People.Restricted && err != nil {
					node.AsError(err).Detail = "This patient has forbidden disclosure."
				}
				return p, err
			}
		}},
		{check: "patient.ambiguous-same", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if call.Patient == f.calls.People.Ambiguous {
					return nil, wrong(err, node.Conflict)
				}
				return p, err
			}
		}},
		{check: "patient.no-consent-told", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if call.Patient == f.calls.People.NoConsent {
					return nil, wrong(err, node.NotFound)
				}
				return p, err
			}
		}},
		{check: "patient.child-refused", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if call.Patient == f.calls.People.Child {
					return &node.Patient{Identifiers: []node.Identifier{call.Patient}, BirthDate: "2020-01-01"}, nil
				}
				return p, err
			}
		}},
	}
}

func listFaults() []fault {
	nowhere := node.Identifier{System: reference.PrescriptionSystem, Value: "ITEM-999999"}
	return []fault{
		{check: "list.complete", plant: func(f *faulty) {
			listedToo(f, func(d *node.Document) { d.Prescriptions = d.Prescriptions[:len(d.Prescriptions)-1] })
		}},
		{check: "list.once", plant: func(f *faulty) { smuggled(f, f.calls.Known[0].ID) }},
		{check: "list.nothing-else", plant: func(f *faulty) { smuggled(f, nowhere) }},
		{check: "list.active", plant: func(f *faulty) {
			everywhere(f, func(p *node.Prescription) { p.Status = node.Completed })
		}},
		{check: "list.own-patient", plant: func(f *faulty) {
			listedToo(f, func(d *node.Document) {
				d.Prescriptions[0].Patient.Identifiers = []node.Identifier{{System: reference.PersonSystem, Value: "PERSON-777777"}}
			})
		}},
		{check: "list.other-never-named", plant: func(f *faulty) {
			listedToo(f, func(d *node.Document) { d.Prescriptions[0].Notes = []string{"see also " + f.calls.People.Other.Value} })
		}},
		{check: "list.excluded-absent", plant: func(f *faulty) { smuggled(f, f.calls.Never.Excluded) }},
		{check: "list.expired-absent", plant: func(f *faulty) { smuggled(f, f.calls.Never.Expired) }},
		{check: "list.cancelled-absent", plant: func(f *faulty) { smuggled(f, f.calls.Never.Cancelled) }},
		{check: "list.untranslatable-named", plant: func(f *faulty) {
			f.listing = func(_ node.Call, l *node.Listing, err error) (*node.Listing, error) {
				if err == nil {
					l.Withheld = nil
				}
				return l, err
			}
		}},
		{check: "list.unknown-empty", plant: func(f *faulty) {
			f.listing = func(call node.Call, l *node.Listing, err error) (*node.Listing, error) {
				if call.Patient == f.calls.People.Unknown || call.Patient == f.calls.People.Restricted {
					return nil, &node.Error{Op: "list", Kind: node.NotFound, Detail: "No patient was found."}
				}
				return l, err
			}
		}},
		{check: "list.restricted-same", plant: func(f *faulty) {
			f.listing = func(call node.Call, l *node.Listing, err error) (*node.Listing, error) {
				if call.Patient == f.calls.People.Restricted {
					l.Withheld = append(l.Withheld, node.Withheld{Detail: "One item is withheld."})
				}
				return l, err
			}
		}},
	}
}

func keptFaults() []fault {
	other := translation.Coding{System: reference.Pivot, Code: "another"}
	record := func(check string, edit func(*node.Prescription)) fault {
		return fault{check: check, plant: func(f *faulty) { everywhere(f, edit) }}
	}
	return []fault{
		record("list.packages-kept", func(p *node.Prescription) { p.Amount.Packages = "9" }),
		record("list.left-kept", func(p *node.Prescription) { p.Amount.Left = "" }),
		record("list.form-kept", func(p *node.Prescription) { p.Medication.Form.Current = other }),
		record("list.classification-kept", func(p *node.Prescription) { p.Medication.Classification[0].Current = other }),
		record("list.substances-kept", func(p *node.Prescription) { p.Medication.Ingredients[0].Substance.Current = other }),
		record("list.strengths-kept", func(p *node.Prescription) { p.Medication.Ingredients[0].Strength.Numerator.Unit.Amount = "500" }),
		record("list.decimals-as-written", func(p *node.Prescription) {
			if unit := p.Medication.Ingredients[0].Strength.Numerator.Unit; unit.Amount == "0.50" {
				unit.Amount = "0.5"
			}
		}),
		record("list.originals-kept", func(p *node.Prescription) { p.Medication.Form.Hops = nil }),
	}
}

func summaryFaults() []fault {
	on := func(check string, who func(conformance.People) node.Identifier, change func(*node.Document) *node.Document) fault {
		return fault{check: check, plant: func(f *faulty) {
			onSummary(f, who(f.calls.People), func(d *node.Document, err error) (*node.Document, error) {
				if err != nil {
					return d, err
				}
				return change(d), nil
			})
		}}
	}
	main := func(p conformance.People) node.Identifier { return p.Main }
	cut := func(p conformance.People) node.Identifier { return p.SectionRestricted }
	return []fault{
		{check: "summary.answered", plant: func(f *faulty) {
			times := 0
			f.summary = func(call node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if times++; err == nil && call.Patient == f.calls.People.Main && !call.Offer && ref.Handle == "" && times < 4 {
					return nil, &node.Error{Op: "summary", Kind: node.Unavailable, Detail: "The register does not answer."}
				}
				return d, err
			}
		}},
		on("summary.own-patient", main, func(d *node.Document) *node.Document {
			return edited(d, func(d *node.Document) { d.Patient.Identifiers = nil })
		}),
		on("summary.sections", main, func(d *node.Document) *node.Document {
			return edited(d, func(d *node.Document) { d.Summary.Sections[0].State = "" })
		}),
		{check: "summary.unknown-none", plant: func(f *faulty) {
			f.summary = func(_ node.Call, ref node.Ref, d *node.Document, err error) (*node.Document, error) {
				if node.KindIs(err, node.NotFound) && ref.Handle == "" {
					return nil, wrong(err, node.Refused)
				}
				return d, err
			}
		}},
		{check: "summary.hidden-as-none", plant: func(f *faulty) {
			onSummary(f, f.calls.People.SummaryRestricted, func(d *node.Document, err error) (*node.Document, error) {
				node.AsError(err).Detail = "The patient has forbidden this summary."
				return d, err
			})
		}},
		on("summary.section-cut", cut, func(d *node.Document) *node.Document {
			return edited(d, func(d *node.Document) {
				d.Summary.Sections = append(d.Summary.Sections, node.Section{Code: reference.Allergies, State: node.HasEntries})
			})
		}),
		on("summary.rest-kept", cut, func(d *node.Document) *node.Document {
			return edited(d, func(d *node.Document) { d.Summary.Sections = nil })
		}),
		on("summary.cut-without-trace", cut, func(d *node.Document) *node.Document {
			return reported(d, func(r *node.Report) { r.Told[0].Path = "section[" + reference.Allergies + "].entry[0].code" })
		}),
		on("summary.cut-as-never", cut, func(d *node.Document) *node.Document {
			return reported(d, func(r *node.Report) { r.Residue = append(r.Residue, node.Residue{Why: "one part is withheld"}) })
		}),
	}
}
