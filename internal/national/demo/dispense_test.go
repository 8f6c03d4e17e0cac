package demo

import (
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"sild/internal/fhir"
	"sild/node"
)

// handing is a dispensation of a prescription, as a contact point hands it to its register.
func handing(p *prescription, id string, packages int) *node.Document {
	yes := true
	d := &node.Dispensation{
		ID: node.Identifier{System: "urn:ietf:rfc:3986", Value: "urn:uuid:" + id}, Status: "completed",
		Prescription: p.id, Patient: p.patient, Packages: strconv.Itoa(packages), Substituted: &yes,
		Medication: node.Medication{Name: "Made-up product <B> & \"Söhne\""},
		Pharmacist: node.Practitioner{ID: node.Identifier{System: "urn:x", Value: "1"}, Family: "Õnnepuu",
			Organisation: node.Organisation{ID: node.Identifier{System: "urn:x", Value: "2"}, Name: "Pharmacy"}},
		HandedOver: "2026-11-22T11:00:00+02:00", Recorded: "2026-11-22T11:00:05+02:00",
	}
	return &node.Document{Kind: node.ADispensation, Patient: p.patient, Dispensation: d, Source: []byte(id)}
}

func (r *Register) hands(t *testing.T, p *prescription, id string, packages int) (*node.Receipt, error) {
	t.Helper()
	return r.Dispense(t.Context(), r.asked(p.patient.Identifiers[0], node.DispenseVerb), handing(p, id, packages))
}

func (r *Register) takesBack(t *testing.T, p *prescription, id string) (*node.Receipt, error) {
	t.Helper()
	return r.Withdraw(t.Context(), r.asked(p.patient.Identifiers[0], node.WithdrawVerb),
		node.Withdrawal{Receipt: "urn:uuid:" + id, Source: []byte("back " + id)})
}

// read is the prescription as the register answers it and the tongue reads it.
func (r *Register) read(t *testing.T, p *prescription) *node.Prescription {
	t.Helper()
	d, err := r.Prescription(t.Context(), r.asked(p.patient.Identifiers[0], node.PrescriptionVerb), node.Ref{ID: p.id})
	if err != nil {
		t.Fatal(err)
	}
	read, err := (fhir.Tongue{}).Decode(d.Source)
	if err != nil {
		t.Fatal(err)
	}
	return read.Prescription()
}

func TestAPrescriptionIsDispensedInPartsTakenBackAndDispensedAgain(t *testing.T) {
	for _, country := range countries {
		t.Run(country, func(t *testing.T) {
			r := opened(t, country)
			p := r.named(t, "three-packages")
			for _, step := range []struct {
				do, id   string
				packages int
				left     string // afterwards
				status   node.Status
				refused  node.Kind
			}{
				{"hand", "1", 1, "2", node.Active, 0},
				{"hand", "2", 3, "2", node.Active, node.Conflict},
				{"hand", "3", 2, "0", node.Completed, 0},
				{"hand", "4", 1, "0", node.Completed, node.Conflict},
				{"back", "3", 0, "2", node.Active, 0},
				{"back", "3", 0, "2", node.Active, 0}, // again: the same receipt
				{"hand", "3", 2, "2", node.Active, 0}, // again: its first receipt, and nothing is handed out
				{"hand", "5", 2, "0", node.Completed, 0},
				{"back", "6", 0, "0", node.Completed, node.NotFound},
			} {
				var err error
				if step.do == "hand" {
					_, err = r.hands(t, p, step.id, step.packages)
				} else {
					_, err = r.takesBack(t, p, step.id)
				}
				if (err != nil || step.refused != 0) && !node.KindIs(err, step.refused) {
					t.Fatalf("%+v: %v", step, err)
				}
				if node.KindIs(err, node.Conflict) && node.AsError(err).Left != step.left {
					t.Errorf("%+v: the conflict says %s left", step, node.AsError(err).Left)
				}
				read := r.read(t, p)
				if read.Status != step.status || read.Amount.Left != step.left {
					t.Fatalf("%+v: %s with %s left", step, read.Status, read.Amount.Left)
				}
			}
		})
	}
}

func TestTheSameDispensationGetsTheSameReceipt(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "three-packages")
	first, err := r.hands(t, p, "1", 1)
	if err != nil {
		t.Fatal(err)
	}
	if first.State != node.ReceiptRecorded || first.Left != "2" || first.Closed != "" || !first.At.Equal(today()) ||
		first.Prescription != p.id || first.Dispensation.Value != "urn:uuid:1" || len(first.Digest) != 64 {
		t.Errorf("receipt %+v", first)
	}
	again, err := r.hands(t, p, "1", 1)
	if err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
		t.Errorf("again: %+v, %v", again, err)
	}
	if _, err := r.hands(t, p, "1", 2); node.AsError(err).Reason != "dispensation.other-content" {
		t.Errorf("with another number of packages: %v", err)
	}
	if _, err := r.hands(t, r.named(t, "inhaler"), "1", 1); node.AsError(err).Reason != "dispensation.other-content" {
		t.Errorf("on another prescription: %v", err)
	}
	if left := r.read(t, p).Amount.Left; left != "2" {
		t.Errorf("%s left, want 2", left)
	}
}

func TestTwoCountriesMayGiveTheSameIdentifier(t *testing.T) {
	r := opened(t, "FI")
	p := r.named(t, "three-packages")
	call := r.asked(p.patient.Identifiers[0], node.DispenseVerb)
	for _, peer := range []string{"ncp-EE", "ncp-LV"} {
		call.Peer = peer
		if _, err := r.Dispense(t.Context(), call, handing(p, "1", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if left := r.read(t, p).Amount.Left; left != "1" {
		t.Errorf("%s left: one of two dispensations was taken for the other", left)
	}
}

func TestAClosedRemainderLapsesUntilItIsTakenBack(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "three-packages")
	in := handing(p, "1", 1)
	in.Dispensation.ClosesRemainder = true
	receipt, err := r.Dispense(t.Context(), r.asked(p.patient.Identifiers[0], node.DispenseVerb), in)
	if err != nil || receipt.Left != "0" || receipt.Closed != "remainder closed" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if status := r.read(t, p).Status; status != node.Completed {
		t.Errorf("status %s", status)
	}
	if _, err := r.hands(t, p, "2", 1); node.AsError(err).Left != "0" {
		t.Errorf("of the lapsed remainder: %v", err)
	}
	back, err := r.takesBack(t, p, "1")
	if err != nil || back.State != node.ReceiptWithdrawn || back.Left != "3" {
		t.Errorf("%+v, %v", back, err)
	}
	if read := r.read(t, p); read.Status != node.Active || read.Amount.Left != "3" {
		t.Errorf("taken back: %s with %s left", read.Status, read.Amount.Left)
	}
}

func TestWhatCannotBeHandedOutIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, country, file string
		change              func(*node.Dispensation)
		kind                node.Kind
		reason              string
	}{
		{"cancelled", "EE", "cancelled", nil, node.Conflict, "prescription.cancelled"},
		{"reserved", "FI", "reserved", nil, node.Conflict, "prescription.on-hold"},
		{"handed out at home", "FI", "dispensed-in-full", nil, node.Conflict, "prescription.completed"},
		{"for a time, not an amount", "FI", "duration-only", nil, node.Refused, "prescription.amount"},
		{"no identifier", "EE", "inhaler", func(d *node.Dispensation) { d.ID = node.Identifier{} }, node.Invalid, "dispensation.id"},
		{"no packages", "EE", "inhaler", func(d *node.Dispensation) { d.Packages = "0" }, node.Invalid, "dispensation.packages"},
		{"half a package", "EE", "inhaler", func(d *node.Dispensation) { d.Packages = "0.5" }, node.Invalid, "dispensation.packages"},
		{"fewer than none", "EE", "inhaler", func(d *node.Dispensation) { d.Packages = "-1" }, node.Invalid, "dispensation.packages"},
		{"a withdrawal", "EE", "inhaler", func(d *node.Dispensation) { d.Status = "entered-in-error" }, node.Invalid, "dispensation.status"},
		{"a day of no calendar", "EE", "inhaler", func(d *node.Dispensation) { d.HandedOver = "2026-02-30" }, node.Invalid, "dispensation.unreadable"},
		{"another prescription", "EE", "inhaler", func(d *node.Dispensation) { d.Prescription.Value = "1" }, node.NotFound, "prescription.unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := opened(t, c.country)
			p := r.named(t, c.file)
			in := handing(p, "1", 1)
			if c.change != nil {
				c.change(in.Dispensation)
			}
			before := r.read(t, p)
			_, err := r.Dispense(t.Context(), r.asked(p.patient.Identifiers[0], node.DispenseVerb), in)
			if e := node.AsError(err); e.Kind != c.kind || e.Reason != c.reason {
				t.Errorf("%v, want %s (%s)", err, c.kind, c.reason)
			}
			if after := r.read(t, p); after.Amount.Left != before.Amount.Left || after.Status != before.Status {
				t.Error("a refused dispensation changed the prescription")
			}
		})
	}
}

func TestOnlyTheOneWhoReportedItTakesItBack(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "inhaler")
	if _, err := r.hands(t, p, "1", 1); err != nil {
		t.Fatal(err)
	}
	call := r.asked(p.patient.Identifiers[0], node.WithdrawVerb)
	otherPeer, otherPatient := call, call
	otherPeer.Peer, otherPatient.Patient = "ncp-LV", r.someone(t, "M2").Patient
	for _, call := range []node.Call{otherPeer, otherPatient} {
		if _, err := r.Withdraw(t.Context(), call, node.Withdrawal{Receipt: "urn:uuid:1"}); !node.KindIs(err, node.NotFound) {
			t.Errorf("taken back by another: %v", err)
		}
	}
}

func TestRecallKnowsWhatWasRecordedAndNothingElse(t *testing.T) {
	r := opened(t, "FI")
	p := r.named(t, "inhaler")
	call := r.asked(p.patient.Identifiers[0], node.DispenseVerb)
	id := handing(p, "1", 1).Dispensation.ID
	recall := func(verb node.Verb) (*node.Receipt, bool) {
		t.Helper()
		receipt, found, err := r.Dispensed(t.Context(), call, id, verb)
		if err != nil {
			t.Fatal(err)
		}
		return receipt, found
	}
	if _, found := recall(node.DispenseVerb); found {
		t.Error("recalled before it was recorded")
	}
	made, err := r.hands(t, p, "1", 1)
	if err != nil {
		t.Fatal(err)
	}
	if receipt, found := recall(node.DispenseVerb); !found || fmt.Sprint(receipt) != fmt.Sprint(made) {
		t.Errorf("recalled %+v", receipt)
	}
	if _, found := recall(node.WithdrawVerb); found {
		t.Error("a withdrawal was recalled that nobody made")
	}
	back, err := r.takesBack(t, p, "1")
	if err != nil {
		t.Fatal(err)
	}
	if receipt, found := recall(node.WithdrawVerb); !found || fmt.Sprint(receipt) != fmt.Sprint(back) {
		t.Errorf("recalled %+v", receipt)
	}
	if _, _, err := r.Dispensed(t.Context(), call, id, node.SummaryVerb); !node.KindIs(err, node.Unsupported) {
		t.Errorf("a summary was recalled: %v", err)
	}
}

// Fifty counters hand out the last packages at once: exactly as many go out as there are, and the journal says the same
// after it is read again.
func TestTheLastPackagesGoOutOnce(t *testing.T) {
	for _, country := range countries {
		path := filepath.Join(t.TempDir(), "journal")
		r := reopened(t, country, path)
		p := r.named(t, "three-packages")
		var out, conflicts atomic.Int32
		var counters sync.WaitGroup
		for i := range 50 {
			counters.Go(func() {
				_, err := r.hands(t, p, strconv.Itoa(i), 1)
				switch {
				case err == nil:
					out.Add(1)
				case node.KindIs(err, node.Conflict):
					conflicts.Add(1)
				default:
					t.Error(err)
				}
				call := r.asked(p.patient.Identifiers[0], node.PrescriptionVerb)
				if _, err := r.Prescription(t.Context(), call, node.Ref{ID: p.id}); err != nil {
					t.Error(err)
				}
			})
		}
		counters.Wait()
		if out.Load() != 3 || conflicts.Load() != 47 {
			t.Errorf("%s: %d handed out and %d conflicts of 3 packages", country, out.Load(), conflicts.Load())
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		again := reopened(t, country, path)
		if read := again.read(t, again.named(t, "three-packages")); read.Amount.Left != "0" || read.Status != node.Completed {
			t.Errorf("%s: read again: %s with %s left", country, read.Status, read.Amount.Left)
		}
	}
}
