package demo

import (
	"fmt"
	"math/big"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"sild/internal/tongues"
	"sild/node"
)

// handsPart hands out so many packages, which the contact point has counted as so much of the prescription.
func (r *Register) handsPart(t *testing.T, p *prescription, id string, packages int, takes string) (*node.Receipt, error) {
	t.Helper()
	in := handing(p, id, packages)
	in.Dispensation.Takes = takes
	return r.Dispense(t.Context(), r.asked(p.patient.Identifiers[0], node.DispenseVerb), in)
}

// said is what the register's own document says of a prescription, in whichever form it is written.
func (r *Register) said(t *testing.T, p *prescription) (node.Status, string) {
	t.Helper()
	d, err := r.Prescription(t.Context(), r.asked(p.patient.Identifiers[0], node.PrescriptionVerb), node.Ref{ID: p.id})
	if err != nil {
		t.Fatal(err)
	}
	read, err := tongues.New("", "", r.tables).Decode(d.Source)
	if err != nil {
		t.Fatal(err)
	}
	said := read.Prescription()
	if said.Amount.Left == "" {
		return said.Status, said.Amount.Packages // a CDA prescription says nothing until something was handed out
	}
	return said.Status, said.Amount.Left
}

// inForms are prescriptions in each of the forms that a register keeps: Estonian FHIR, Finnish FHIR, CDA. All are of one
// or three packages.
var inForms = []struct{ country, file, packages string }{
	{"EE", "plain-tablet", "1"}, {"EE", "three-packages", "3"}, {"FI", "three-packages", "3"}, {"FI", "plain-tablet", "1"},
}

func TestAPartOfAPackageIsRecordedShownAndTakenBackInEveryForm(t *testing.T) {
	for _, form := range inForms {
		t.Run(form.country+" "+form.file, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal")
			r := reopened(t, form.country, path)
			p := r.named(t, form.file)
			all, _ := node.Packages(form.packages)
			minus := func(part string) string {
				gone, _ := node.Packages(part)
				return new(big.Rat).Sub(all, gone).RatString()
			}
			last := minus("5/6")
			for i, step := range []struct {
				takes, left string
				status      node.Status
				refused     node.Kind
			}{
				{"1/2", minus("1/2"), node.Active, 0},
				{"1/3", last, node.Active, 0},
				{form.packages, last, node.Active, node.Conflict},
				{last, "0", node.Completed, 0},
				{"1/100", "0", node.Completed, node.Conflict},
			} {
				receipt, err := r.handsPart(t, p, fmt.Sprint(i), 1, step.takes)
				if (err != nil || step.refused != 0) && !node.KindIs(err, step.refused) {
					t.Fatalf("%+v: %v", step, err)
				}
				if err != nil && node.AsError(err).Left != step.left || err == nil && receipt.Left != step.left {
					t.Errorf("%+v: %+v, %v", step, receipt, err)
				}
				if status, left := r.said(t, p); status != step.status || left != step.left {
					t.Fatalf("%+v: the document says %s with %s left", step, status, left)
				}
			}
			again, err := r.handsPart(t, p, "0", 1, "1/2")
			if err != nil || again.Left != minus("1/2") {
				t.Errorf("the first one again: %+v, %v", again, err)
			}
			if back, err := r.takesBack(t, p, "1"); err != nil || back.Left != "1/3" {
				t.Errorf("taken back: %+v, %v", back, err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			r = reopened(t, form.country, path)
			if status, left := r.said(t, r.named(t, form.file)); status != node.Active || left != "1/3" {
				t.Errorf("after a restart: %s with %s left", status, left)
			}
		})
	}
}

func TestTwoPackagesThatComeToOneTakeOneInEveryForm(t *testing.T) {
	for _, form := range inForms {
		r := opened(t, form.country)
		p := r.named(t, form.file)
		all, _ := node.Packages(form.packages)
		want := all.Sub(all, big.NewRat(1, 1)).RatString()
		if receipt, err := r.handsPart(t, p, "1", 2, "1"); err != nil || receipt.Left != want {
			t.Fatalf("%s: %+v, %v", form.file, receipt, err)
		}
		if _, left := r.said(t, p); left != want {
			t.Errorf("%s %s: %s left, want %s", form.country, form.file, left, want)
		}
	}
}

func TestAPartOfNothingOrOfUnreadableSizeIsNotRecorded(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "plain-tablet")
	for _, takes := range []string{"0", "-1", "1/0", "half", "-1/2"} {
		if _, err := r.handsPart(t, p, "1", 1, takes); node.AsError(err).Reason != "dispensation.takes" {
			t.Errorf("%q: %v", takes, err)
		}
	}
}

func TestManyPharmaciesAtOnceNeverTakeMoreThanAPackage(t *testing.T) {
	r := opened(t, "EE")
	p := r.named(t, "plain-tablet")
	var given atomic.Int32
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			_, err := r.handsPart(t, p, fmt.Sprint(i), 1, "1/3")
			switch {
			case err == nil:
				given.Add(1)
			case !node.KindIs(err, node.Conflict):
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if status, left := r.said(t, p); given.Load() != 3 || status != node.Completed || left != "0" {
		t.Errorf("%d thirds were handed out, %s with %s left", given.Load(), status, left)
	}
}

// Whatever parts are handed out and taken back in whatever order, the document says what was prescribed without their sum,
// and never less than nothing.
func TestTheDocumentAlwaysSaysWhatIsLeftOfTheSum(t *testing.T) {
	for _, form := range []int{1, 3} {
		form := inForms[form]
		r := opened(t, form.country)
		p := r.named(t, form.file)
		number := 0
		rapid.Check(t, func(draw *rapid.T) {
			left, _ := node.Packages(form.packages)
			taken := map[string]*big.Rat{}
			for range rapid.IntRange(1, 8).Draw(draw, "steps") {
				number++
				part := big.NewRat(rapid.Int64Range(1, 5).Draw(draw, "of"), rapid.SampledFrom([]int64{1, 2, 3, 7, 28}).Draw(draw, "in"))
				id := fmt.Sprint(number)
				_, err := r.handsPart(t, p, id, 1, part.RatString())
				if fits := part.Cmp(left) <= 0; (err == nil) != fits {
					draw.Fatalf("%s of %s: %v", part, left, err)
				}
				if err == nil {
					left, taken[id] = new(big.Rat).Sub(left, part), part
				}
				if _, said := r.said(t, p); said != left.RatString() {
					draw.Fatalf("the document says %s, want %s", said, left.RatString())
				}
			}
			for id, part := range taken {
				left.Add(left, part)
				if receipt, err := r.takesBack(t, p, id); err != nil || receipt.Left != left.RatString() {
					draw.Fatalf("taken back: %+v, %v", receipt, err)
				}
			}
		})
	}
}
