package node_test

import (
	"slices"
	"testing"

	"sild/node"
	"sild/translation"
)

func TestADecimalIsReadAsItIsWrittenOrNotAtAll(t *testing.T) {
	for text, want := range map[string]string{"1": "1", "0": "0", "1.50": "3/2", "-2": "-2", "007": "7", "0.1": "1/10", "-0": "0", "-007": "-7",
		"9223372036854775807": "9223372036854775807", "-98765432109876543210": "-98765432109876543210"} {
		if got, ok := node.Decimal(text); !ok || got.RatString() != want {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "1,5", "1e3", "1/2", "+1", "1-1", "one", " 1", "1.2.3", "0x1", ".", "-", "--1", "1-", "0b1", "1_0"} {
		if got, ok := node.Decimal(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestAQuantityCountsWhatItCountsNow(t *testing.T) {
	if !(node.Quantity{}).IsZero() || (node.Quantity{Value: "0"}).IsZero() {
		t.Error("no quantity and the quantity zero are two things")
	}
	if value, unit := (node.Quantity{Value: "3"}).Now(); value != "3" || !unit.IsZero() {
		t.Errorf("a bare count is %s %v", value, unit)
	}
	slot := translation.NewSlot(translation.StrengthUnit, "x", translation.Coding{System: eeUnit, Code: "G"})
	slot.Number = "0.5"
	if value, unit := (node.Quantity{Value: "0.5", Unit: slot}).Now(); value != "0.5" || unit.Code != "G" {
		t.Errorf("untranslated it is %s %v", value, unit)
	}
	slot.Amount, slot.Current.Code = "500", "mg"
	if value, unit := (node.Quantity{Value: "0.5", Unit: slot}).Now(); value != "500" || unit.Code != "mg" {
		t.Errorf("translated it is %s %v", value, unit)
	}
}

func TestATimingThatSaysAnythingIsNotEmpty(t *testing.T) {
	if !(node.Timing{}).IsZero() {
		t.Error("nothing is something")
	}
	for _, timing := range []node.Timing{{Frequency: "1"}, {Period: "1"}, {TimeOfDay: []string{"08:00"}}, {When: []string{"CM"}},
		{BoundsValue: "7"}, {BoundsFrom: "2026-01-01"}, {BoundsTo: "2026-01-08"}} {
		if timing.IsZero() {
			t.Errorf("%+v is nothing", timing)
		}
	}
}

func TestTheLossReportHoldsEverySlot(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Dose = &count{"1", &code{System: "https://example.org/units", Code: "spoon"}} })
	d, err := paperTongue{}.Decode(text(w.sheet()))
	if e := node.CarryOut(catalogue(), "EE", must(t, d, err)); e != nil {
		t.Fatal(e)
	}
	r := node.Loss(d, "release")
	if r.Count() != len(d.Slots) || r.Release != "release" {
		t.Errorf("%d lines for %d slots", r.Count(), len(d.Slots))
	}
	last := slices.Collect(r.Lines())[r.Count()-1]
	if last.Fate != translation.Passed || last.Reason == "" || last.Path != "dosage[0].dose" || last.Original.Code != "spoon" {
		t.Errorf("the spoon is %+v", last)
	}
}

func TestACombinationPackCrossesIsDispensedAndComesHome(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine = kit("EE") })
	w.fetched(1)
	one := func(p *paper) { p.Handout.Medicine = kit("FI").Parts[0] }
	_, err := w.handOut(w.note(1, 1, "2", one))
	w.wantError(err, node.Refused, "dispensation.substance")
	r, err := w.handOut(w.note(2, 1, "2", func(p *paper) { p.Handout.Medicine = kit("FI") }))
	must(t, r, err)
	// Which number Estonia gives amlodipine is not published, so the shared code stays.
	parts := w.register.handed[0].Medication.Parts
	if len(parts) != 2 || parts[1].Form.Current.Code != "738" || parts[1].Ingredients[0].Substance.Current.Code != "C08CA01" {
		t.Errorf("home came %+v", parts)
	}
}

// The second item of a listing is judged as strictly as if the first were whole.
func TestAListingFromAbroadIsJudgedItemByItem(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.prescribe(2)
	p := peer{Exchange: w.line.Exchange, prescriptions: func(l *node.Listing) *node.Listing {
		l.Out = resealed(t, l.Out, func(p *paper) {
			p.Scripts[0].Medicine.Ingredients[0].Amount = nil
			p.Scripts[1].Medicine.Form.Code = "99999999"
		})
		return l
	}}
	w.line.Exchange = &p
	l, err := w.ask.Prescriptions(t.Context(), w.callB(node.PrescriptionsVerb), node.Filter{})
	if fate := must(t, l, err).Document.Prescriptions[1].Medication.Form.Fate; fate != translation.Refused {
		t.Errorf("a form that nobody knows is %s", fate)
	}
}

func TestABodyThatCannotBeWrittenIsNotShown(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine = kit("EE") })
	p := peer{Exchange: w.line.Exchange, prescription: sends(t, func(p *paper) { p.Scripts[0].Medicine.Parts[0] = kit("EE") }),
		prescriptions: func(l *node.Listing) *node.Listing {
			l.Out = resealed(t, l.Out, func(p *paper) { p.Scripts[0].Medicine.Parts[0] = kit("EE") })
			return l
		}}
	w.line.Exchange = &p
	d, err := w.ask.Prescription(t.Context(), w.callB(node.PrescriptionVerb), node.Ref{ID: rx(1)})
	if d != nil || !node.KindIs(err, node.Untranslatable) || len(w.bJournal.kept) > 0 {
		t.Errorf("shown with %v", err)
	}
	l, err := w.ask.Prescriptions(t.Context(), w.callB(node.PrescriptionsVerb), node.Filter{})
	if l != nil || err == nil {
		t.Errorf("listed with %v", err)
	}
}

func TestDeliverTellsOfAJournalThatFails(t *testing.T) {
	w, _ := counter(t)
	w.line.before = down
	w.handOut(w.note(1, 1, "2"))
	w.clock.forward(node.Backoff(1))
	w.bJournal.fail(1)
	if n, err := w.ask.Deliver(t.Context()); n != 0 || !node.KindIs(err, node.Unavailable) {
		t.Errorf("%d arrived, %v", n, err)
	}
	w.bJournal.blind = true
	if n, err := w.ask.Deliver(t.Context()); n != 0 || err == nil {
		t.Errorf("%d arrived, %v", n, err)
	}
}

func TestAPatientWhoseIdentifierIsBlankIsNobody(t *testing.T) {
	d := &node.Document{Kind: node.APrescription, Format: node.CDA1, ID: rx(1), Patient: node.Patient{Identifiers: []node.Identifier{{System: "urn:oid:2.999", Value: " "}}}}
	if e := node.CarryOut(catalogue(), "EE", d); e == nil || e.Slot != "patient.id" {
		t.Errorf("%v", e)
	}
}
