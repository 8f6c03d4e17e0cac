package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sild/conformance"
	"sild/conformance/reference"
	"sild/node"
)

// fault plants exactly one thing that is wrong. The check of the same name must see it, and no other.
type fault struct {
	check string
	plant func(*faulty)
	// blocks names checks that cannot be judged when this one fails.
	blocks []string
}

func faults() []fault {
	return slices.Concat(patientFaults(), peopleFaults(), listFaults(), keptFaults(), fetchFaults(), nothingFaults(), reportFaults(), handleFaults(),
		summaryFaults(), dispenseFaults(), replayFaults(), refusalFaults(), receiptFaults(), withdrawFaults(), unwithdrawnFaults(), raceFaults(), errorFaults())
}

func TestEachFaultIsSeenByItsOwnCheckAndByNoOther(t *testing.T) {
	for _, planted := range faults() {
		t.Run(planted.check, func(t *testing.T) {
			t.Parallel()
			country := reference.New(lands()[elsewhere(planted.check)])
			calls := country.Calls()
			f := &faulty{Exchange: country, calls: &calls}
			planted.plant(f)
			seen := false
			for _, finding := range conformance.Judge(context.Background(), f, calls) {
				switch {
				case finding.ID == planted.check:
					seen = finding.Verdict == conformance.Failed
				case finding.Verdict == conformance.Failed:
					t.Errorf("%s failed too: %s", finding.ID, finding.Reason)
				case finding.Verdict == conformance.Unjudged && !slices.Contains(planted.blocks, finding.ID):
					t.Errorf("%s was left unjudged: %s", finding.ID, finding.Reason)
				}
			}
			if !seen {
				t.Errorf("%s did not see it", planted.check)
			}
		})
	}
}

func TestEveryCheckHasItsFault(t *testing.T) {
	planted := map[string]int{}
	for _, f := range faults() {
		planted[f.check]++
	}
	for _, check := range conformance.Checks() {
		if planted[check.ID] != 1 {
			t.Errorf("%s has %d faults", check.ID, planted[check.ID])
		}
		delete(planted, check.ID)
	}
	for id := range planted {
		t.Errorf("there is a fault for %s, which is no check", id)
	}
}

func TestASubjectThatHangsIsJudgedLateAndDoesNotEndTheRun(t *testing.T) {
	country := reference.New(lands()["keeps"])
	calls := country.Calls()
	calls.Deadline = 20 * time.Millisecond
	released := make(chan struct{})
	defer close(released)
	hanging := &faulty{Exchange: country, calls: &calls}
	onSummary(hanging, calls.People.SummaryRestricted, func(d *node.Document, err error) (*node.Document, error) {
		<-released
		return d, err
	})
	for _, f := range conformance.Judge(context.Background(), hanging, calls) {
		if f.ID == "deadline.in-time" && f.Verdict != conformance.Failed {
			t.Errorf("a subject that hangs is in time")
		}
	}
}

func errorFaults() []fault {
	nobody := func(check string, change func(node.Call, *node.Error) (*node.Document, error)) fault {
		return fault{check: check, plant: func(f *faulty) { onNobody(f, change) }}
	}
	return []fault{
		{check: "call.unadmitted", plant: func(f *faulty) {
			f.summary = func(call node.Call, _ node.Ref, d *node.Document, err error) (*node.Document, error) {
				if call.Patient.IsZero() {
					return nil, wrong(err, node.NotFound)
				}
				return d, err
			}
		}},
		{check: "deadline.cancelled", plant: func(f *faulty) { f.Exchange = &deaf{f.Exchange} }},
		{check: "deadline.in-time", plant: func(f *faulty) {
			var late atomic.Bool
			now := f.calls.Now
			f.calls.Now = func() time.Time {
				if late.Swap(false) {
					return now().Add(time.Hour)
				}
				return now()
			}
			onSummary(f, f.calls.People.SectionNever, func(d *node.Document, err error) (*node.Document, error) {
				late.Store(true)
				return d, err
			})
		}},
		{check: "error.no-panic", plant: func(f *faulty) { f.Exchange = &fragile{f.Exchange} }},
		nobody("error.never-nothing", func(node.Call, *node.Error) (*node.Document, error) { return nil, nil }),
		{check: "error.nothing-beside", plant: func(f *faulty) {
			f.patient = func(call node.Call, p *node.Patient, err error) (*node.Patient, error) {
				if call.Patient == f.calls.People.Restricted {
					return &node.Patient{Family: "Quillfeather"}, err
				}
				return p, err
			}
		}},
		nobody("error.kind", func(node.Call, *node.Error) (*node.Document, error) { return nil, errors.New("no rows") }),
		nobody("error.sentence", func(_ node.Call, e *node.Error) (*node.Document, error) {
			e.Detail = ""
			return nil, e
		}),
		nobody("error.no-patient-data", func(call node.Call, e *node.Error) (*node.Document, error) {
			e.Detail = fmt.Sprintf("There is no row for %s.", call.Patient.Value)
			return nil, e
		}),
	}
}

// deaf does not hear that the asker has gone.
type deaf struct{ node.Exchange }

func (x *deaf) FindPatient(ctx context.Context, call node.Call, who node.Demographics) (*node.Patient, error) {
	return x.Exchange.FindPatient(context.WithoutCancel(ctx), call, who)
}

// fragile believes that there is always a document.
type fragile struct{ node.Exchange }

func (x *fragile) Dispense(ctx context.Context, call node.Call, in *node.Document) (*node.Receipt, error) {
	correct := *in
	return x.Exchange.Dispense(ctx, call, &correct)
}
