package node_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

func (w *world) summaryOf(call node.Call, ref node.Ref) *node.Document {
	w.t.Helper()
	d, err := w.answer.Summary(w.t.Context(), call, ref)
	return must(w.t, d, err)
}

func TestASummaryIsCarriedReportedAndRecorded(t *testing.T) {
	w := in(t, "EE", "FI")
	w.summarise("main", problems(), results())
	d := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{})
	if d.Out.Report.Count() != 2 || len(d.Out.Report.Residue) != 2 || d.Out.Format != node.EPS {
		t.Errorf("report %+v as %s", d.Out.Report, d.Out.Format)
	}
	e := w.aJournal.last()
	if e.Stage != node.ReadStage || e.Hash != d.Out.Hash || e.Hash != sha(d.Out.Body()) || e.Release != catalogue().Release() || e.Documents[0] != "S-main" {
		t.Errorf("event %+v", e)
	}
}

func TestARestrictedSectionLooksAsIfItHadNeverBeenRecorded(t *testing.T) {
	never := in(t, "EE", "FI")
	never.summarise("main", problems())
	want := never.summaryOf(never.callA(node.SummaryVerb), node.Ref{}).Out
	// A broken amount inside the restricted section must not show either, as a refusal would.
	broken := results()
	broken.Dose = &count{"1,5", &code{System: eeUnit, Code: "MG"}}
	for _, hidden := range []section{results(), broken} {
		w := in(t, "EE", "FI")
		w.summarise("main", problems(), hidden)
		w.register.rights[w.patient("main").Value] = node.Entitlement{Elements: []string{"section:30954-2"}, Reason: "patient.restricted"}
		got := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{}).Out
		if got.Hash != want.Hash || !bytes.Equal(got.Body(), want.Body()) {
			t.Errorf("with the section restricted\n%s\nnever recorded\n%s", got.Body(), want.Body())
		}
		if strings.Contains(string(got.Body()), "30954-2") || got.Report.Count() != 1 || len(got.Report.Residue) != 1 {
			t.Errorf("the report tells: %+v", got.Report)
		}
		if e := w.aJournal.last(); !slices.Equal(e.Withheld, []string{"section:30954-2"}) {
			t.Errorf("A's ledger says %v", e.Withheld)
		}
	}
}

func TestAProtectedAddressNeverLeaves(t *testing.T) {
	for _, protected := range []bool{true, false} {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		for _, p := range []*paper{w.summarise("main", problems()), w.sheet()} {
			p.Patient.Protected, p.Patient.Address = protected, []byte(`{"street":"Salajane 7"}`)
		}
		summary := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{}).Out
		prescription := w.released(1).Out
		for name, out := range map[string]*node.Encoded{"summary": summary, "prescription": prescription} {
			if got := bytes.Contains(out.Body(), []byte("Salajane")); got == protected {
				t.Errorf("%s: protected %v, in the body %v", name, protected, got)
			}
			if got := residue(out.Report, "patient.address"); got == protected {
				t.Errorf("%s: protected %v, in the report %v", name, protected, got)
			}
		}
		l, err := w.answer.Prescriptions(t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{})
		if must(t, l, err); residue(l.Out.Report, "patient.address") == protected {
			t.Errorf("listing: protected %v, in the report %v", protected, !protected)
		}
	}
}

func residue(r *node.Report, path string) bool {
	for _, one := range r.Residue {
		if one.Path == path {
			return true
		}
	}
	return false
}

func TestASummaryIsNotRefusedForOneCodeOrOneNumber(t *testing.T) {
	w := in(t, "EE", "FI")
	odd := results()
	odd.Codes[0].Code, odd.Dose = "unheard-of", &count{"1,5", &code{System: eeUnit, Code: "MG"}}
	w.summarise("main", problems(), odd)
	d := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{})
	fates := map[translation.Fate]int{}
	for line := range d.Out.Report.Lines() {
		fates[line.Fate]++
	}
	if fates[translation.Identical] != 1 || fates[translation.Passed] != 1 || fates[translation.Refused] != 1 {
		t.Errorf("fates %v", fates)
	}
}

func TestASummaryOfAnotherPatientOrOfNobodyIsNotThere(t *testing.T) {
	w := in(t, "EE", "FI")
	_, err := w.answer.Summary(t.Context(), w.callA(node.SummaryVerb), node.Ref{})
	w.wantError(err, node.NotFound, "summary.none")
	w.summarise("main", problems()).Patient = w.person("other")
	_, err = w.answer.Summary(t.Context(), w.callA(node.SummaryVerb), node.Ref{})
	w.wantError(err, node.NotFound, "summary.none")
	w.register.folders[w.patient("main").Value].Form = ""
	_, err = w.answer.Summary(t.Context(), w.callA(node.SummaryVerb), node.Ref{})
	w.wantError(err, node.Untranslatable, "register.unreadable")
}

func TestAnOfferKeepsItsPromiseToThePeerAndThePatientItWasMadeTo(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
	handle := must(t, l, err).Items[0].Ref.Handle
	promised := l.Items[0].Document.Out
	if e := w.aJournal.last(); e.Stage != node.OfferedStage || len(w.aJournal.released) > 0 {
		t.Errorf("an offer is recorded as %s and releases %d", e.Stage, len(w.aJournal.released))
	}
	w.clock.forward(time.Minute)
	d, err := w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{Handle: handle})
	if got := must(t, d, err).Out; got.Hash != promised.Hash || !bytes.Equal(got.Body(), promised.Body()) {
		t.Error("the fetch brings other bytes than were promised")
	}
	if e := w.aJournal.last(); e.Stage != node.ReadStage || e.Hash != promised.Hash || len(w.aJournal.released) != 1 {
		t.Errorf("the fetch is recorded as %+v", e)
	}
	fetch := func(call node.Call, handle string) error {
		_, err := w.answer.Prescription(t.Context(), call, node.Ref{Handle: handle})
		return err
	}
	w.wantError(fetch(w.callA(node.PrescriptionVerb), "made-up"), node.NotFound, "handle.none")
	w.wantError(fetch(w.callA(node.PrescriptionVerb, "other"), handle), node.NotFound, "handle.none")
	stranger := w.callA(node.PrescriptionVerb)
	stranger.Peer = "LV"
	w.wantError(fetch(stranger, handle), node.NotFound, "handle.none")
	w.summarise("main", problems())
	_, err = w.answer.Summary(t.Context(), w.callA(node.SummaryVerb), node.Ref{Handle: handle})
	w.wantError(err, node.NotFound, "handle.none")
	w.clock.forward(9 * time.Minute)
	w.wantError(fetch(w.callA(node.PrescriptionVerb), handle), node.NotFound, "handle.none")
}

func TestWhatWasOfferedPassesAllGatesAgain(t *testing.T) {
	for name, row := range map[string]struct {
		change func(w *world, s *script)
		kind   node.Kind
	}{
		"restricted since": {func(w *world, _ *script) {
			w.register.rights[w.patient("main").Value] = node.Entitlement{Hidden: true}
		}, node.NotFound},
		"dispensed since": {func(_ *world, s *script) { s.Left = "0" }, node.NotFound},
		"banned since":    {func(_ *world, s *script) { s.Classes = []node.Class{node.Banned} }, node.NotFound},
		"gone since":      {func(w *world, _ *script) { w.register.scripts = nil }, node.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			s := w.prescribe(1)
			l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
			handle := must(t, l, err).Items[0].Ref.Handle
			row.change(w, s)
			d, err := w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{Handle: handle})
			w.wantError(err, row.kind, "prescription.none")
			if d != nil {
				t.Error("the document came with the refusal")
			}
		})
	}
}

func TestAnOfferedSummaryKeepsItsBytesAlsoWhereSomethingIsWithheld(t *testing.T) {
	for _, elements := range [][]string{nil, {"section:30954-2"}} {
		w := in(t, "EE", "FI")
		w.summarise("main", problems(), results())
		w.register.rights[w.patient("main").Value] = node.Entitlement{Elements: elements}
		promised := w.summaryOf(w.offering(node.SummaryVerb), node.Ref{})
		w.clock.forward(time.Minute)
		got := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{Handle: promised.Handle})
		if got.Out.Hash != promised.Out.Hash || !bytes.Equal(got.Out.Body(), promised.Out.Body()) {
			t.Errorf("withheld %v: the fetch brings other bytes than were promised", elements)
		}
		w.register.rights[w.patient("main").Value] = node.Entitlement{Elements: []string{"section:11450-4"}}
		later := w.summaryOf(w.callA(node.SummaryVerb), node.Ref{Handle: promised.Handle})
		if bytes.Contains(later.Out.Body(), []byte("11450-4")) {
			t.Error("a section that was restricted after the offer is handed over")
		}
	}
}

func TestAnAddressProtectedAfterTheOfferIsNotHandedOver(t *testing.T) {
	for _, protected := range []bool{false, true} {
		w := in(t, "EE", "FI")
		w.prescribe(1)
		w.sheet().Patient.Address = []byte(`{"street":"Salajane 7"}`)
		w.sheet().Patient.Protected = protected
		l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
		item := must(t, l, err).Items[0]
		if got := bytes.Contains(item.Document.Out.Body(), []byte("Salajane")); got == protected {
			t.Errorf("protected %v: offered with the address %v", protected, got)
		}
		if e := w.aJournal.last(); protected && !slices.Equal(e.Withheld, []string{"address"}) {
			t.Errorf("A's ledger says %v was withheld from the offer", e.Withheld)
		}
		w.sheet().Patient.Protected = true
		d, err := w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{Handle: item.Ref.Handle})
		if must(t, d, err); bytes.Contains(d.Out.Body(), []byte("Salajane")) {
			t.Errorf("protected %v at the offer: the address is handed over", protected)
		}
		if protected && d.Out.Hash != item.Document.Out.Hash {
			t.Error("the fetch brings other bytes than were promised")
		}
		if e := w.aJournal.last(); !slices.Equal(e.Withheld, []string{"address"}) {
			t.Errorf("A's ledger says %v was withheld from the fetch", e.Withheld)
		}
	}
}
