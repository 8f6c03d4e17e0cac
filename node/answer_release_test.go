package node_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// listed gives what country B is shown: the ids, what is withheld, and the reasons that only A's ledger knows.
func (w *world) listed() (ids []string, withheld []node.Withheld, reasons []string) {
	w.t.Helper()
	l, err := w.answer.Prescriptions(w.t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{})
	must(w.t, l, err)
	for _, item := range l.Items {
		ids = append(ids, item.Ref.ID.Value)
	}
	return ids, l.Withheld, w.aJournal.last().Withheld
}

// wantWithheldSilently says that the prescription is neither listed nor named nor fetched, and only A's ledger knows why.
func (w *world) wantWithheldSilently(n any, reason string) {
	w.t.Helper()
	ids, withheld, reasons := w.listed()
	if strings.Contains(strings.Join(ids, " "), rx(n).Value) || len(withheld) > 0 {
		w.t.Errorf("listed %v, withheld %v", ids, withheld)
	}
	if len(reasons) != 1 || reasons[0] != reason {
		w.t.Errorf("the ledger says %v, want %s", reasons, reason)
	}
	l, _ := w.answer.Prescriptions(w.t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{})
	if bytes.Contains(l.Out.Body(), []byte(rx(n).Value)) {
		w.t.Error("the body names the prescription")
	}
	_, err := w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(n)})
	w.wantError(err, node.NotFound, "prescription.none")
	if got := w.aJournal.last().Withheld; len(got) != 1 || got[0] != reason {
		w.t.Errorf("the fetch is recorded as %v", got)
	}
	_, err = w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx("nowhere")})
	w.wantError(err, node.NotFound, "prescription.none")
}

func TestEveryReleaseRuleOfBothCorridorsWithholds(t *testing.T) {
	for _, c := range []node.Corridor{{A: "EE", B: "FI"}, {A: "FI", B: "EE"}} {
		for _, rule := range shippedRules().All(c) {
			if rule.Stage != "release" {
				continue
			}
			values := []string{rule.Value}
			if rule.Fact == "atc-prefix" {
				values = strings.Fields(rule.Value)
			}
			for _, value := range values {
				t.Run(c.String()+" "+value, func(t *testing.T) {
					w := in(t, c.A, c.B)
					w.prescribe(1, func(s *script) {
						if rule.Fact == "class" {
							s.Classes = []node.Class{"something-else", node.Class(value)}
							return
						}
						s.Medicine.ATC = append(s.Medicine.ATC, &code{System: eeATC, Code: value})
					})
					w.prescribe(2)
					ids, _, _ := w.listed()
					if len(ids) != 1 || ids[0] != rx(2).Value {
						t.Errorf("listed %v", ids)
					}
					w.register.scripts = w.register.scripts[:1]
					w.wantWithheldSilently(1, rule.ID)
				})
			}
		}
	}
}

func TestARuleWrittenInATCMeetsTheSubstanceToo(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(m *medicine)
		rule   string
	}{
		{"a national substance number alone", func(m *medicine) { m.ATC, m.Ingredients[0].Substance.Code = nil, "90013" }, "ee-fi-11"},
		{"a longer code of the group", func(m *medicine) { m.ATC[0].Code = "N05BA12" }, "ee-fi-11"},
		{"a substance written in ATC", func(m *medicine) {
			m.ATC, m.Ingredients[0].Substance = nil, &code{System: atc, Code: "A14AB01"}
		}, "ee-atc-not-abroad"},
		{"the second substance", func(m *medicine) {
			m.ATC, m.Ingredients = nil, append(m.Ingredients, tablets("EE").Ingredients[0])
			m.Ingredients[1].Substance.Code = "90035"
		}, "ee-atc-not-abroad"},
		{"a part of a pack", func(m *medicine) {
			*m = *kit("EE")
			m.Parts[1].ATC = []*code{{System: eeATC, Code: "N05CD02"}}
		}, "ee-fi-11"},
		{"a substance in a part", func(m *medicine) {
			*m = *kit("EE")
			m.Parts[1].ATC, m.Parts[1].Ingredients[0].Substance.Code = nil, "90013"
		}, "ee-fi-11"},
		{"and it cannot be translated", func(m *medicine) {
			m.ATC, m.Ingredients[0].Substance.Code, m.Form.Code = nil, "90013", "10000"
		}, "ee-fi-11"},
		{"and its form is missing", func(m *medicine) { m.ATC, m.Ingredients[0].Substance.Code, m.Form = nil, "90013", nil }, "ee-fi-11"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			row.change(w.prescribe(1).Medicine)
			w.wantWithheldSilently(1, row.rule)
		})
	}
}

func TestOnlyWhatCanBeDispensedNowIsShown(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *script)
		reason string // empty: shown
	}{
		{"active and valid", func(*script) {}, ""},
		{"on hold", func(s *script) { s.Status = node.OnHold }, "prescription.status"},
		{"completed", func(s *script) { s.Status = node.Completed }, "prescription.status"},
		{"cancelled", func(s *script) { s.Status = node.Cancelled }, "prescription.status"},
		{"stopped", func(s *script) { s.Status = node.Stopped }, "prescription.status"},
		{"written in error", func(s *script) { s.Status = node.InError }, "prescription.status"},
		{"without a status", func(s *script) { s.Status = "" }, "prescription.status"},
		{"reserved", func(s *script) { s.Classes = []node.Class{node.Reserved} }, "prescription.reserved"},
		{"open at both ends", func(s *script) { s.From, s.To = "", "" }, ""},
		{"ends today", func(s *script) { s.To = "2026-11-22" }, ""},
		{"ended yesterday", func(s *script) { s.To = "2026-11-21" }, "prescription.validity"},
		{"ends at this instant", func(s *script) { s.To = "2026-11-22T12:00:00Z" }, "prescription.validity"},
		{"ends in a second, in Helsinki", func(s *script) { s.To = "2026-11-22T14:00:01+02:00" }, ""},
		{"ended a second ago, in Helsinki", func(s *script) { s.To = "2026-11-22T13:59:59+02:00" }, "prescription.validity"},
		{"an end that is no date", func(s *script) { s.To = "soon" }, "prescription.validity"},
		{"begins today", func(s *script) { s.From = "2026-11-22" }, ""},
		{"begins in a fortnight", func(s *script) { s.From = "2026-12-06" }, "prescription.validity"},
		{"began at this instant", func(s *script) { s.From = "2026-11-22T14:00:00+02:00" }, ""},
		{"begins in an hour", func(s *script) { s.From = "2026-11-22T15:00:00+02:00" }, "prescription.validity"},
		{"a beginning that is no date", func(s *script) { s.From = "later" }, "prescription.validity"},
		{"one left", func(s *script) { s.Left = "1" }, ""},
		{"nothing left", func(s *script) { s.Left = "0" }, "prescription.nothing-left"},
		{"nothing left, written longer", func(s *script) { s.Left = "0.0" }, "prescription.nothing-left"},
		{"less than nothing left", func(s *script) { s.Left = "-1" }, "prescription.nothing-left"},
		{"something unreadable left", func(s *script) { s.Left = "some" }, "prescription.nothing-left"},
		{"none prescribed", func(s *script) { s.Packages = "0" }, "prescription.nothing-left"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1, row.change)
			if row.reason != "" {
				w.wantWithheldSilently(1, row.reason)
				return
			}
			if ids, _, _ := w.listed(); len(ids) != 1 {
				t.Errorf("listed %v", ids)
			}
			w.released(1)
		})
	}
}

func TestTheLastDayOfAPrescriptionIsAWholeDay(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.To = "2026-11-22" })
	w.clock.forward(12*time.Hour - time.Second)
	if ids, _, _ := w.listed(); len(ids) != 1 {
		t.Error("not shown in the last second of its last day")
	}
	w.clock.forward(26 * time.Hour)
	w.wantWithheldSilently(1, "prescription.validity")
}

// lacks takes one thing away that a prescription or dispensation must not be without.
var lacks = []struct {
	slot  string
	takes func(m *medicine)
}{
	{"medication.form", func(m *medicine) { m.Form = nil }},
	{"medication.ingredient", func(m *medicine) { m.Ingredients = nil }},
	{"medication.ingredient[0].substance", func(m *medicine) { m.Ingredients[0].Substance = nil }},
	{"medication.ingredient[0].strength", func(m *medicine) { m.Ingredients[0].Amount = nil }},
	{"medication.ingredient[0].strength", func(m *medicine) { m.Ingredients[0].Amount.Value = "" }},
	{"medication.ingredient[0].strength", func(m *medicine) { m.Ingredients[0].Amount.Unit = nil }},
	{"medication.ingredient[0].strength", func(m *medicine) { m.Ingredients[0].Per.Value = "" }},
	{"medication.package", func(m *medicine) { m.Items.Value = "" }},
	{"medication.form", func(m *medicine) { m.Form.Code = "unheard-of" }},
	{"medication.form", func(m *medicine) { m.Form.Code, m.Form.Absent = "", "unknown" }},
	{"medication.ingredient[0].substance", func(m *medicine) { m.ATC, m.Ingredients[0].Substance.Code = nil, "unheard-of" }},
	{"medication.ingredient[0].strength.numerator", func(m *medicine) { m.Ingredients[0].Amount.Unit.Code = "unheard-of" }},
	{"medication.ingredient[0].strength.numerator", func(m *medicine) { m.Ingredients[0].Amount.Value = "1,5" }},
	{"medication.ingredient[0].strength.numerator", func(m *medicine) { m.Ingredients[0].Amount.Value = "0" }},
	{"medication.ingredient[0].strength.denominator", func(m *medicine) { m.Ingredients[0].Per.Unit.Code = "unheard-of" }},
	{"medication.package", func(m *medicine) { m.Items.Unit.Code = "unheard-of" }},
	{"medication.ingredient[0].strength.numerator", func(m *medicine) { m.Ingredients[0].Per = nil }}, // so much in nothing
	{"medication.package", func(m *medicine) { m.Items = count{Value: "0"} }},
	{"medication.ingredient[0].substance", func(m *medicine) { // an unknown name is forgiven, another one of the same list is not
		m.Ingredients[0].Substance = &code{System: m.ATC[0].System, Code: "Z99ZZ99"}
	}},
	{"medication.ingredient[0].substance", func(m *medicine) { // the ATC code of a combination names no substance
		m.ATC[0].Code, m.Ingredients[0].Substance = "J01CR02", &code{System: eeSubstance, Code: "unheard-of"}
	}},
	{"medication.ingredient[0].strength.numerator", func(m *medicine) { // so many tablets in a tablet
		m.Ingredients[0].Amount.Unit.Code = m.Ingredients[0].Per.Unit.Code
	}},
}

// passedOn is a code that somebody put in the place of another.
func passedOn(system, now, firstSystem, first string) *code {
	s := translation.Slot{Current: translation.Coding{System: firstSystem, Code: first}}
	s.Assert(translation.Coding{System: system, Code: now})
	return &code{System: system, Code: now, Hops: s.Hops}
}

func TestAnItemWithoutARequiredPlaceIsNamedAndTheOthersAreListed(t *testing.T) {
	for _, country := range [][2]string{{"EE", "FI"}, {"FI", "EE"}} {
		for _, row := range lacks {
			w := in(t, country[0], country[1])
			row.takes(w.prescribe(1).Medicine)
			w.prescribe(2)
			w.wantNamed(1, row.slot)
		}
	}
	for slot, takes := range map[string]func(s *script){
		"prescription.id": func(s *script) { s.ID = node.Identifier{} },
		"patient.id":      func(s *script) { s.Patient = &person{Family: "Nobody"} },
		"amount.packages": func(s *script) { s.Packages = "" },
	} {
		w := in(t, "EE", "FI")
		w.prescribe(1, takes)
		w.prescribe(2)
		if ids, _, _ := w.listed(); len(ids) != 1 || ids[0] != rx(2).Value {
			t.Errorf("without %s listed %v", slot, ids)
		}
	}
}

// A register that has two dose forms for one medicine is believed in neither.
func TestAPrescriptionThatContradictsItselfIsNotShown(t *testing.T) {
	otherwise := func(m *medicine) { m.Form = passedOn(edqm, "10210000", m.Form.System, m.Form.Code) }
	w := in(t, "EE", "FI")
	otherwise(w.prescribe(1).Medicine)
	w.prescribe(2)
	w.wantNamed(1, "medication.form")
}

func TestAStrengthIsNotAQuotientTwice(t *testing.T) {
	twice := func(m *medicine) {
		m.Ingredients[0].Amount.Unit = &code{System: "http://unitsofmeasure.org", Code: "mg/mL"}
	}
	w := in(t, "EE", "FI")
	twice(w.prescribe(1).Medicine)
	w.prescribe(2)
	w.wantNamed(1, "medication.ingredient[0].strength.numerator")

	w = in(t, "EE", "FI")
	w.prescribe(1)
	w.released(1)
	message := w.message(1, 1, "2")
	p, err := open(message.Source)
	twice(must(t, p, err).Handout.Medicine)
	message.Source = text(p)
	_, err = w.report(message)
	if e := node.AsError(err); e.Reason != "slot.contradiction" || e.Slot != "medication.ingredient[0].strength.numerator" {
		t.Errorf("%v", err)
	}
}

// Nor where it writes the other one beside the first; one that nobody knows decides nothing.
func TestAPrescriptionWithAnotherCodeThatMeansAnotherThingIsNotShown(t *testing.T) {
	beside := func(s *script, system, code string) {
		s.Medicine.Form.Also = []translation.Coding{{System: system, Code: code}}
	}
	w := in(t, "EE", "FI")
	beside(w.prescribe(1), edqm, "10210000")
	beside(w.prescribe(2), edqm, "unheard-of")
	w.wantNamed(1, "medication.form")
}

// wantNamed says that the listing holds the other item, names this one with the slot, and the fetch is refused with it.
func (w *world) wantNamed(n any, slot string) {
	w.t.Helper()
	ids, withheld, _ := w.listed()
	if len(ids) != 1 || len(withheld) != 1 || withheld[0].ID != rx(n) || withheld[0].Slot != slot || withheld[0].Detail == "" {
		w.t.Errorf("%s: listed %v, withheld %+v", slot, ids, withheld)
	}
	_, err := w.answer.Prescription(w.t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(n)})
	if e := node.AsError(err); e.Kind != node.Untranslatable || e.Slot != slot {
		w.t.Errorf("the fetch was answered with %v, want a refusal at %s", err, slot)
	}
	w.discreet(err)
	w.wantRefusal(w.aJournal, "A", node.Untranslatable, node.AsError(err).Reason)
}

func TestAKitIsJudgedByItsParts(t *testing.T) {
	// The shipped rules keep packs from crossing by their class; an unmarked one is judged part by part.
	for _, row := range lacks {
		w := in(t, "EE", "FI")
		w.prescribe(1, func(s *script) { s.Medicine = kit("EE"); row.takes(s.Medicine.Parts[1]) })
		w.prescribe(2)
		w.wantNamed(1, strings.Replace(row.slot, "medication", "medication.part[1]", 1))
	}
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine = kit("EE") })
	if got := codesOf(t, w.released(1).Out.Body())["medication.part[1].ingredient[0].substance"]; got.Code != "C08CA01" || got.System != atc {
		t.Errorf("the part's substance is %+v", got)
	}
}

func TestAnUnreadableItemIsNamedWithoutItsReason(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.sheet().Form = ""
	w.prescribe(2)
	w.wantNamed(1, "document")
}

func TestAnItemThatTheFormatCannotHoldIsNamedAndTheOthersAreListed(t *testing.T) {
	nested := func(s *script) { s.Medicine = kit("EE"); s.Medicine.Parts[0] = kit("EE") }
	w := in(t, "EE", "FI")
	w.prescribe(1, nested)
	w.prescribe(2)
	ids, withheld, _ := w.listed()
	if len(ids) != 1 || ids[0] != rx(2).Value || len(withheld) != 1 || withheld[0].ID != rx(1) {
		t.Errorf("listed %v, withheld %+v", ids, withheld)
	}
	l, err := w.answer.Prescriptions(t.Context(), w.offering(node.PrescriptionsVerb), node.Filter{})
	must(t, l, err)
	if len(l.Items) != 1 || l.Items[0].Ref.ID != rx(2) || len(l.Withheld) != 1 {
		t.Errorf("offered %+v, withheld %+v", l.Items, l.Withheld)
	}
	_, err = w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(1)})
	if e := node.AsError(err); e.Kind != node.Untranslatable || e.Slot == "" {
		t.Errorf("fetched with %v", err)
	}
}

func TestAnATCCodeMayBeLevelledUpWhereEverySubstanceIsCarried(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine.ATC[0].Code = "A11DB85" })
	d := w.released(1)
	slot := d.Prescription().Medication.Classification[0]
	if slot.Current.Code != "A11DB" || slot.Relation() != translation.Wider || slot.Original().Code != "A11DB85" {
		t.Errorf("levelled to %+v, %s", slot.Current, slot.Relation())
	}
	unknown := in(t, "EE", "FI")
	unknown.prescribe(1, func(s *script) {
		s.Medicine.ATC[0].Code, s.Medicine.Ingredients[0].Substance.Code = "A11DB85", "unheard-of"
	})
	unknown.prescribe(2)
	unknown.wantNamed(1, "medication.classification[0]")
}

func TestAnUnknownSubstanceIsForgivenOnlyWhereTheATCCodeNamesIt(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Medicine.Ingredients[0].Substance.Code = "unheard-of" })
	slot := w.released(1).Prescription().Medication.Ingredients[0].Substance
	if slot.Fate != translation.Passed || slot.Reason == "" || slot.Current.Code != "unheard-of" {
		t.Errorf("the substance is %+v", slot)
	}
	for i, slot := range []string{"medication.ingredient[0].substance", "medication.ingredient[1].substance"} {
		two := in(t, "EE", "FI")
		two.prescribe(1, func(s *script) { s.Medicine = pair("EE"); s.Medicine.Ingredients[i].Substance.Code = "unheard-of" })
		two.prescribe(2)
		two.wantNamed(1, slot)
	}
}

func TestTheDocumentCodeMustBeKnownWhereTheFormHasOne(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.sheet().Code = &code{System: loinc, Code: "57833-6"}
	w.released(1)
	w.sheet().Code.Code = "1-8"
	w.prescribe(2)
	w.wantNamed(1, "document.code")
	w.summarise("main", problems()).Code = &code{System: loinc, Code: "1-8"}
	_, err := w.answer.Summary(t.Context(), w.callA(node.SummaryVerb), node.Ref{})
	w.wantError(err, node.Untranslatable, "slot.refused")
}

func TestAnotherPatientsPrescriptionIsNothing(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.sheet().Patient = w.person("other")
	_, err := w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(1)})
	w.wantError(err, node.NotFound, "prescription.none")
	w.prescribe(2, func(s *script) { other := w.person("other"); s.Patient = &other })
	_, err = w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(2)})
	w.wantError(err, node.NotFound, "prescription.none")
	if ids, withheld, _ := w.listed(); len(ids)+len(withheld) > 0 {
		t.Errorf("listed %v, withheld %v", ids, withheld)
	}
}

func TestOnlyThePrescriptionThatWasAskedForIsAnswered(t *testing.T) {
	w := in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Register = mixedUp{a.Register, rx(2)} })
	w.prescribe(1)
	w.prescribe(2)
	d, err := w.answer.Prescription(t.Context(), w.callA(node.PrescriptionVerb), node.Ref{ID: rx(1)})
	if err == nil {
		t.Errorf("asked for %s, answered %s", rx(1).Value, d.Prescription().ID.Value)
	}
}

func TestAListingIsOneBodyWithItsReportAndItsEvent(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1)
	w.prescribe(2, func(s *script) { s.Classes = []node.Class{node.Narcotic} })
	w.prescribe(3)
	w.sheet().Extra = []byte(`{"note":"x"}`)
	l, err := w.answer.Prescriptions(t.Context(), w.callA(node.PrescriptionsVerb), node.Filter{Status: node.Active})
	must(t, l, err)
	read, err := paperTongue{}.Decode(l.Out.Body())
	must(t, read, err)
	if len(read.Prescriptions) != 2 || read.Kind != node.AListing || read.Format != node.MPD {
		t.Errorf("the body holds %d prescriptions as %s", len(read.Prescriptions), read.Format)
	}
	r := l.Out.Report
	if r.Release != catalogue().Release() || r.Count() != len(read.Slots) || len(r.Residue) != 1 {
		t.Errorf("%d lines for %d slots, residue %v", r.Count(), len(read.Slots), r.Residue)
	}
	for line := range r.Lines() {
		if line.Fate == translation.Untouched {
			t.Errorf("%s has no fate", line.Path)
		}
	}
	e := w.aJournal.last()
	if e.Stage != node.ReadStage || e.Hash != sha(l.Out.Body()) || e.Release != r.Release || strings.Join(e.Documents, " ") != "RX-1 RX-3" ||
		strings.Join(e.Withheld, " ") != "ee-fi-10" {
		t.Errorf("event %+v", e)
	}
	if len(w.aJournal.released) != 2 {
		t.Errorf("%d prescriptions may be dispensed", len(w.aJournal.released))
	}
}
