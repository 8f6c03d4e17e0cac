package fhir

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// life draws records of summaries: any sections, any entries, any of the fields that the kind of entry has.
type life struct {
	*recordMaker
	t *rapid.T
}

func (l life) maybe(name string) bool  { return rapid.Bool().Draw(l.t, name) }
func (l life) one(of ...string) string { return rapid.SampledFrom(of).Draw(l.t, "one") }
func (l life) words() string {
	return rapid.StringOfN(rapid.SampledFrom([]rune(`aõäöüšžå <&">'\{`)), 1, 9, -1).Draw(l.t, "words")
}
func (l life) pick(of ...string) string { return l.one(append(of, "")...) }
func (l life) code() string             { return rapid.StringMatching(`[A-Z0-9]{1,6}`).Draw(l.t, "code") }
func (l life) drawn(n int) int          { return rapid.IntRange(0, n).Draw(l.t, "n") }
func (l life) number() string {
	return rapid.StringMatching(`[1-9][0-9]{0,3}(\.[0-9]{1,3})?`).Draw(l.t, "number")
}
func (l life) day(from, to string) string {
	return l.one(from, from+"-02", from+"-02-03", from+"-02-03T04:05:06+02:00", to)
}
func (l life) xhtml() string {
	return "<p>" + escaped(l.words()) + "</p><ul><li>" + escaped(l.words()) + "<br/></li></ul>"
}

// coded draws a coded place: with a code, only words, or only the reason why it is empty.
func (l life) coded(field translation.Field, system string) *translation.Slot {
	s := l.slot(field, system, l.code())
	switch l.drawn(5) {
	case 0:
		s.Current, s.Text = translation.Coding{}, l.words()
	case 1:
		s.Current = translation.Coding{}
		s.SetAbsent("unknown")
	case 2:
		s.Text = l.words()
	}
	return s
}

func (l life) may(field translation.Field, system string) *translation.Slot {
	if l.maybe("slot") {
		return l.coded(field, system)
	}
	return nil
}

func (l life) among(field translation.Field, system string, codes ...string) *translation.Slot {
	if code := l.pick(codes...); code != "" {
		return l.slot(field, system, code)
	}
	return nil
}

// period draws a moment, an open or closed period, or nothing.
func (l life) period() node.Period {
	from, to := l.day("2001", "2002"), l.day("2011", "2012")
	return rapid.SampledFrom([]node.Period{{}, {From: from, To: from}, {From: from}, {To: to}, {From: from, To: to}}).Draw(l.t, "when")
}

func (l life) entry(kind node.EntryKind) node.Entry {
	e := node.Entry{Kind: kind, State: l.pick("active", "completed", "suspended", "aborted", "held")}
	if l.maybe("id") {
		e.IDs = idOf(l.code())
	}
	if l.maybe("text") {
		e.Text = l.words()
	}
	l.fill(&e)
	return e
}

func (l life) fill(e *node.Entry) {
	switch e.Kind {
	case node.AnAllergy, node.AProblem:
		l.clinical(e)
	case node.AProcedure:
		e.What, e.Type, e.Site, e.When = l.may(translation.Procedure, "urn:p"), l.may(translation.Other, "urn:t"), l.may(translation.BodySite, "urn:s"), l.period()
		e.Reasons, e.Negated = l.reasons(), l.maybe("not")
	case node.ADevice:
		e.What, e.Site, e.When, e.Recorded = l.may(translation.Device, "urn:d"), l.may(translation.BodySite, "urn:s"), l.period(), l.pick("2020-01-01")
	case node.AnImmunisation:
		e.What, e.When, e.Number = l.may(translation.Vaccine, "urn:v"), point(l.pick("2020-01-01", "2020")), l.pick("1", "0", "kaks")
		e.Reasons, e.Negated = l.reasons(), l.maybe("not")
	case node.AMedicationUse:
		e.Medication, e.When, e.Reasons, e.Negated = l.medicine(), l.period(), l.reasons(), l.maybe("not")
		if l.maybe("dosage") {
			e.Dosage = l.dosage()
		}
	case node.AnObservation, node.AnotherEntry:
		e.What, e.Type, e.When, e.Result = l.may(translation.Observation, "urn:q"), l.may(translation.Other, "urn:t"), l.period(), l.result()
	case node.APanel:
		e.What = l.may(translation.Observation, "urn:q")
		for range l.drawn(3) {
			e.Members = append(e.Members, l.entry(node.AnObservation))
		}
		if l.maybe("inner panel") {
			e.Members = append(e.Members, node.Entry{Kind: node.APanel, Members: []node.Entry{l.entry(node.AnObservation)}})
		}
	case node.APlan:
		e.What, e.Type, e.When = l.may(translation.Other, "urn:w"), l.may(translation.Other, "urn:t"), l.open()
	case node.ADirectiveEntry:
		e.What, e.When, e.Result.Code = l.may(translation.Other, "urn:w"), l.open(), l.may(translation.Other, "urn:a")
	}
}

// open is a period that is no moment.
func (l life) open() node.Period {
	p := l.period()
	if p.From == p.To {
		p.To = ""
	}
	return p
}

func (l life) clinical(e *node.Entry) {
	certainty, status, clinical := systemAllergyCertainty, systemAllergyClinical, []string{"active", "resolved"}
	if e.Kind == node.AProblem {
		certainty, status, clinical = systemConditionCertainty, systemConditionClinical, []string{"active", "relapse", "remission"}
		e.Severity, e.Site, e.Type = l.may(translation.Severity, "urn:g"), l.may(translation.BodySite, "urn:s"), l.may(translation.Other, "urn:t")
	} else {
		e.Type = l.among(translation.Other, systemSNOMED, "609328004", "782197009", "420134006")
		e.Criticality = l.among(translation.Criticality, systemCriticality, "high", "low")
		for range l.drawn(2) {
			e.Reactions = append(e.Reactions, node.Reaction{Manifestations: []*translation.Slot{l.coded(translation.Reaction, "urn:r")},
				Severity: l.among(translation.Severity, systemSNOMED, "371924009", "6736007"), When: l.pick("2003-04")})
		}
	}
	field := map[bool]translation.Field{true: translation.Allergen, false: translation.Diagnosis}[e.Kind == node.AnAllergy]
	e.What, e.Recorded = l.may(field, "urn:w"), l.pick("2020-01-01", "2020-01-01T00:00:00Z")
	e.Status = l.among(translation.ClinicalStatus, status, clinical...)
	e.Certainty = l.among(translation.Certainty, certainty, "confirmed", "refuted")
	if e.Certainty != nil {
		e.Negated = e.Certainty.Current.Code == "refuted"
	} else {
		e.Negated = l.maybe("denied")
	}
	if e.When = (node.Period{From: l.pick("2001", "2001-02-03")}); e.Kind == node.AProblem && (e.Status == nil || e.Status.Current.Code == "remission") {
		e.When.To = l.pick("2011-12")
	}
}

func (l life) reasons() []*translation.Slot {
	var found []*translation.Slot
	for range l.drawn(2) {
		found = append(found, l.coded(translation.Diagnosis, "urn:i"))
	}
	return found
}

func (l life) medicine() *node.Medication {
	m := &node.Medication{Name: l.words(), Holder: l.pick("Žürii & Ko")}
	switch l.drawn(2) {
	case 0:
		return l.recordMaker.medicine()
	case 1:
		for range 1 + l.drawn(2) {
			m.Parts = append(m.Parts, *l.recordMaker.medicine())
		}
	}
	return m
}

func (l life) result() node.Result {
	r := node.Result{Interpretation: l.among(translation.Structural, systemInterpretation, "H", "L")}
	switch l.drawn(6) {
	case 0:
		r.Code = l.coded(translation.ObservationValue, "urn:a")
	case 1:
		r.Quantity = l.unit(translation.ResultUnit, l.number(), l.one("mg", "1", "[pH]"))
	case 2:
		r.Quantity, r.High = l.unit(translation.ResultUnit, l.number(), "mg"), l.unit(translation.ResultUnit, l.number(), "mg")
	case 3:
		r.Text = l.words()
	case 4:
		r.Date = l.day("2020", "2021-12")
	case 5:
		r.Quantity = node.Quantity{Value: l.number()}
	}
	return r
}

// draw fills the sections of a summary.
func (l life) draw() *node.Document {
	kinds := map[string][]node.EntryKind{"11450-4": {node.AProblem}, "48765-2": {node.AnAllergy}, "10160-0": {node.AMedicationUse},
		"47519-4": {node.AProcedure}, "46264-8": {node.ADevice}, "11369-6": {node.AnImmunisation},
		"30954-2": {node.AnObservation, node.APanel, node.AnotherEntry}, "18776-5": {node.APlan, node.AProblem}, "42348-3": {node.ADirectiveEntry}}
	for _, code := range []string{"48765-2", "10160-0", "11450-4", "47519-4", "46264-8", "11369-6", "30954-2", "18776-5", "42348-3"} {
		l.section(code, l.words(), node.HasEntries, func() []node.Entry {
			var entries []node.Entry
			for range l.drawn(2) {
				entries = append(entries, l.entry(rapid.SampledFrom(kinds[code]).Draw(l.t, "kind")))
			}
			return entries
		})
		l.d.Summary.Sections[len(l.d.Summary.Sections)-1].Narrative.XHTML = l.xhtml()
	}
	carry(l.d, "EE")
	for _, slot := range l.d.Slots {
		if slot.Current.Code != "" && slot.Field != translation.ProductID && l.maybe("rendered") {
			slot.Rendered, slot.Language = l.words(), "fi"
		}
	}
	return l.d
}

func TestAnySummaryOfAnotherFormatReadBackIsTheOneThatWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := life{newRecord(), t}.draw()
		report := reportOf(sent)
		out, err := Tongue{}.Encode(sent, node.EPS, nil, report)
		if err != nil {
			t.Fatal(err)
		}
		read, err := Tongue{}.Decode(out.Body())
		if err != nil {
			t.Fatalf("%v: %s\n%s", err, node.AsError(err).Detail, out.Body())
		}
		if diff := cmp.Diff(sent.Summary, read.Summary, entriesAlike()); diff != "" {
			t.Fatalf("sent (-) and read (+) differ:\n%s\nlost: %v", diff, report.Lost)
		}
		if len(report.Lost) > 0 {
			t.Fatalf("lost: %v", report.Lost)
		}
	})
}
