package tongues_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// sharedOf is the shared code of a slot at either end of the way: the one of now, or the one before the step into a
// country's own code.
func sharedOf(s *translation.Slot) translation.Coding {
	if n := len(s.Hops); n > 0 && strings.HasPrefix(s.Hops[n-1].Map, "eu-") && !strings.HasPrefix(s.Hops[n-1].Map, "eu-eu/") {
		return s.Hops[n-1].From
	}
	return s.Current
}

// checkBound says that what was carried stands in the value set that binds its field, and by an equal code where it must.
func checkBound(t reporter, name string, d *node.Document) {
	t.Helper()
	for _, s := range d.Slots {
		if s.Fate != translation.Mapped && s.Fate != translation.Identical || s.Field == translation.Structural {
			continue
		}
		if shared := sharedOf(s); !shipped().Member(s.Field, shared) {
			t.Errorf("%s %s: %s of %s is not in the value set of %s", name, s.Path, shared.Code, shared.System, s.Field)
		}
		for _, hop := range s.Hops {
			if s.Required && hop.Release == shipped().Release() && hop.Relation != translation.Equivalent {
				t.Errorf("%s %s: a place that must be right was carried by a code that is %s", name, s.Path, hop.Relation)
			}
		}
	}
}

func TestWhatWasCarriedStandsInItsValueSet(t *testing.T) {
	check := func(t reporter, name, country string, source []byte) {
		for _, to := range []string{"EE", "FI"} {
			out, in := decoded(t, source), decoded(t, source)
			abroad(out, country)
			arrive(in, to)
			checkBound(t, name, out)
			checkBound(t, name, in)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, "made up", "EE", invented(t, false).Source) })
	for _, one := range readable(t) {
		check(t, one.name, one.country, one.source)
	}
}

// boundFields are those that a value set binds.
func boundFields() []translation.Field {
	var found []translation.Field
	for _, field := range []translation.Field{translation.DoseForm, translation.Substance, translation.Classification, translation.StrengthUnit, translation.PackageUnit, translation.DoseUnit,
		translation.Route, translation.Diagnosis, translation.Allergen, translation.Reaction, translation.Severity, translation.Criticality, translation.ClinicalStatus, translation.Certainty,
		translation.Procedure, translation.Device, translation.Vaccine, translation.Section, translation.Substitution, translation.DocumentCode, translation.TimingEvent} {
		if len(shipped().Members(field)) > 0 {
			found = append(found, field)
		}
	}
	return found
}

func TestACodeOutsideItsValueSetIsNeverTakenForAShared(t *testing.T) {
	if len(boundFields()) < 15 {
		t.Fatalf("only %d fields are bound", len(boundFields()))
	}
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom(boundFields()).Draw(t, "field")
		good := rapid.SampledFrom(shipped().Members(field)).Draw(t, "good")
		bad := translation.Coding{System: rapid.SampledFrom([]string{good.System, unknown, snomed, ucum}).Draw(t, "system"), Code: "!" + rapid.StringMatching(`[A-Z0-9]{1,5}`).Draw(t, "code"),
			Display: good.Display} // the words of a good code do not make another one good
		for _, required := range []bool{false, true} {
			for _, chain := range [][]translation.Coding{{bad}, {good, bad}, {bad, bad}} {
				for _, carry := range []func(*translation.Slot){func(s *translation.Slot) { shipped().ToPivot("FI", s) }, func(s *translation.Slot) { shipped().FromPivot("EE", []string{"et"}, s) },
					func(s *translation.Slot) { shipped().Home("EE", s) }} {
					s := translation.NewSlot(field, "place", chain[0])
					s.Required = required
					for _, to := range chain[1:] {
						s.Assert(to)
					}
					carry(s)
					if want := map[bool]translation.Fate{false: translation.Passed, true: translation.Refused}[required]; s.Fate != want || !s.Current.Same(bad) {
						t.Fatalf("%s %s of %s (required %v) is %s as %s", field, bad.Code, bad.System, required, s.Fate, s.Current.Code)
					}
				}
			}
		}
	})
}

func TestAMandatoryPlaceTakesOnlyAnEqualCodeAndWiderOnesAreShown(t *testing.T) {
	wider := 0
	for _, country := range []string{"EE", "FI"} {
		for _, field := range boundFields() {
			for _, national := range shipped().Sendable(country, field) {
				for _, required := range []bool{true, false} {
					s := translation.NewSlot(field, "place", national)
					s.Required, s.Number = required, "1"
					shipped().ToPivot(country, s)
					line := slices.Collect(node.Loss(&node.Document{Slots: []*translation.Slot{s}}, "r").Lines())[0]
					if s.Fate != translation.Mapped {
						continue
					}
					if line.Relation != translation.Equivalent {
						wider++
					}
					if required && field != translation.Classification && line.Relation != translation.Equivalent || line.Relation != relationOf(s) || line.Relation == translation.None || line.Relation == translation.Inexact {
						t.Errorf("%s %s %s: carried as %s", country, field, national.Code, line.Relation)
					}
				}
			}
		}
	}
	if wider == 0 {
		t.Error("the tables have no wider code, so nothing was shown")
	}
}

// someProperties are those of the codes of these tests, as FHIR.
const someProperties = `{"resourceType":"CodeSystem","url":"http://standardterms.edqm.eu","concept":[
 {"code":"10221000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"}]},
 {"code":"10219000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"}]},
 {"code":"10714000","property":[{"code":"BDF","valueCode":"0089"},{"code":"ISI","valueCode":"0003"},{"code":"AME","valueCode":"0011"}]}]}`

// informed are catalogues that know properties: made-up ones, and those of the EDQM sample.
func informed(t *testing.T) []*translation.Catalogue {
	t.Helper()
	texts := []string{someProperties}
	if root := os.Getenv("SILD_SAMPLES"); root != "" {
		texts = append(texts, string(bytesOf(filepath.Join(root, "fhir", "edqm-codesystem", "CodeSystem-edqm.json"))))
	} else {
		t.Log("SILD_SAMPLES is not set: NO REAL PROPERTIES of dose forms are compared")
	}
	var found []*translation.Catalogue
	for _, text := range texts {
		p, err := translation.ReadProperties(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := shipped().With(p)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, c)
	}
	return found
}

// formLines are the lines of the report on the dose form of what was handed out, after a country has taken it in.
func formLines(t *testing.T, c *translation.Catalogue, source []byte) []node.Line {
	t.Helper()
	d := decoded(t, source)
	node.CarryIn(c, "FI", []string{"fi", "en"}, d)
	var found []node.Line
	for line := range node.Loss(d, c.Release()).Lines() {
		if line.Field == translation.DoseForm && line.Path == "medication.form" {
			found = append(found, line)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d dose forms", len(found))
	}
	return found
}

// withForm is a dispensation of the tablet whose form has had these codes, the oldest first.
func withForm(t *testing.T, form node.Format, chain ...translation.Coding) []byte {
	t.Helper()
	d := plainDispensation()
	s := d.Dispensation.Medication.Form
	s.Current = chain[0]
	for _, to := range chain[1:] {
		s.Assert(to)
	}
	body, _ := written(t, from(d, form), form)
	return body
}

func TestAnEarTamponOverATabletRaisesTheAlarmInTheReport(t *testing.T) {
	danish := translation.Coding{System: "urn:oid:2.16.17.710.802.1000.990.1.20.22", Code: "TABFILM", Display: "Ear tampon"}
	tablet := translation.Coding{System: edqm, Code: "10221000", Display: "Ear tampon"}
	tampon := translation.Coding{System: edqm, Code: "10714000", Display: "Film-coated tablet"}
	same := translation.Coding{System: edqm, Code: "10221000", Display: "Film-coated tablet"}
	for _, form := range []node.Format{node.CDA3, node.MPD} {
		for _, c := range informed(t) {
			for _, chain := range [][]translation.Coding{{tablet, tampon}, {danish, tampon}, {tablet, tampon, tablet}} {
				line := formLines(t, c, withForm(t, form, chain...))[0]
				if line.Coherence != translation.Contradicts || !strings.Contains(line.Alarm, "intended site") {
					t.Errorf("%s: %s over %s: %s %q", form, chain[1].Code, chain[0].Code, line.Coherence, line.Alarm)
				}
			}
			for _, chain := range [][]translation.Coding{{danish, tablet}, {same, tablet}} {
				if line := formLines(t, c, withForm(t, form, chain...))[0]; line.Coherence != translation.Agrees || line.Alarm != "" {
					t.Errorf("%s: %s over %s: %s %q: words decide nothing", form, chain[1].Code, chain[0].Code, line.Coherence, line.Alarm)
				}
			}
		}
		if line := formLines(t, shipped(), withForm(t, form, tablet, tampon))[0]; line.Coherence != translation.Contradicts || strings.Contains(line.Alarm, "site") {
			t.Errorf("%s: by the tables alone: %s %q", form, line.Coherence, line.Alarm)
		}
		unheard := translation.Coding{System: edqm, Code: "99999999"}
		if line := formLines(t, shipped(), withForm(t, form, unheard, tablet))[0]; line.Coherence != translation.NotChecked || line.Alarm != "" {
			t.Errorf("%s: over a code that nobody knows: %s %q", form, line.Coherence, line.Alarm)
		}
	}
}

func TestTheAlarmOfCountryATravelsInItsReportOverFHIR(t *testing.T) {
	c := informed(t)[0]
	d := plainPrescription()
	s := d.Prescriptions[0].Medication.Form
	s.Assert(translation.Coding{System: edqm, Code: "10714000"})
	x := inBytes(t, d, node.CDA3)
	node.CarryOut(c, "EE", x)
	out, err := tongue().Encode(x, node.MPD, nil, node.Loss(x, c.Release()))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for line := range decoded(t, out.Body()).Peer.Lines() {
		if line.Field != translation.DoseForm {
			continue
		}
		if told++; line.Coherence != translation.Contradicts || line.Alarm == "" {
			t.Errorf("arrived as %q %q", line.Coherence, line.Alarm)
		}
	}
	if told != 1 {
		t.Errorf("%d lines", told)
	}
}

func TestTheRealDispensationOfAnEarTamponRaisesTheAlarm(t *testing.T) {
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: THE REAL DISPENSATION IS NOT READ")
	}
	source := bytesOf(filepath.Join(root, "cda", "ed-l3-cz-wrong-doseform.xml"))
	for _, line := range formLines(t, informed(t)[1], source) {
		if line.Coherence != translation.Contradicts || line.Alarm == "" {
			t.Errorf("%s %q", line.Coherence, line.Alarm)
		}
	}
	if line := formLines(t, shipped(), source)[0]; line.Coherence != translation.Contradicts {
		t.Errorf("by the tables alone: %s", line.Coherence)
	}
}

func TestWithoutPropertiesEveryDoseFormSaysNotChecked(t *testing.T) {
	for _, one := range data(t) {
		d := decoded(t, one.source)
		arrive(d, "FI")
		for _, s := range d.Slots {
			wrong := strings.HasSuffix(one.name, "ed-l3-cz-wrong-doseform.xml") && s.Coherence() == translation.Contradicts
			if s.Field == translation.DoseForm && s.Current.Code != "" && s.Coherence() != translation.NotChecked && !wrong || s.Alarm() != "" && !wrong {
				t.Errorf("%s %s: %s", one.name, s.Path, s.Coherence())
			}
		}
	}
}

func TestDisplaysNeverDecide(t *testing.T) {
	catalogue := informed(t)[0]
	check := func(t reporter, name string, source []byte) {
		for _, carry := range []func(*node.Document){func(d *node.Document) { node.CarryOut(catalogue, "EE", d) }, func(d *node.Document) { node.CarryIn(catalogue, "FI", []string{"fi"}, d) }} {
			plain, painted := decoded(t, source), decoded(t, source)
			for _, s := range painted.Slots {
				s.Current.Display, s.Text = "Film-coated tablet", "N02BE01"
				for i := range s.Hops {
					s.Hops[i].From.Display = "mg"
				}
			}
			carry(plain)
			carry(painted)
			for i, s := range plain.Slots {
				if p := painted.Slots[i]; p.Fate != s.Fate || !p.Current.Same(s.Current) || p.Coherence() != s.Coherence() || p.Alarm() != s.Alarm() || p.Amount != s.Amount || len(p.Hops) != len(s.Hops) {
					t.Errorf("%s %s: other words make %s of %s", name, s.Path, p.Fate, s.Fate)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, "made up", invented(t, false).Source) })
	for _, one := range readable(t) {
		check(t, one.name, one.source)
	}
}
