package tongues_test

import (
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// A converted amount stays what it is at the next node, also where the code stays.
func TestAConvertedAmountSurvivesTheNextNode(t *testing.T) {
	for _, f := range factors(t) {
		if f.by.Cmp(big.NewRat(1, 1)) == 0 {
			continue
		}
		for _, to := range []string{"EE", "FI", "SE"} {
			for name, carry := range map[string]func(*translation.Slot){"FromPivot": func(s *translation.Slot) { shipped().FromPivot(to, []string{"en"}, s) },
				"ToPivot": func(s *translation.Slot) { shipped().ToPivot(to, s) }} {
				s := translation.NewSlot(f.field, "unit", f.from)
				s.Number = "1"
				shipped().ToPivot(f.country, s)
				sent := s.Amount
				s.Fate = translation.Untouched // as the next node reads it from the document
				if carry(s); s.Amount != sent && s.Current.System == ucum {
					t.Errorf("%s in %s: %s %s is %s %s but was %s %s", name, to, s.Number, f.from.Code, s.Amount, s.Current.Code, sent, s.Current.Code)
				}
			}
		}
	}
}

// Five million units of an Estonian strength are five million in Finland.
func TestMillionsOfUnitsAreNotReadAsUnitsInFinland(t *testing.T) {
	d := plainPrescription()
	d.Prescriptions[0].Medication.Ingredients[0].Strength.Numerator = measured(translation.StrengthUnit, "medication.ingredient[0].strength.numerator", "5", eeAmount, "MILJTÜ")
	d.Slots = recordSlots(d)
	if e := node.CarryOut(shipped(), "EE", d); e != nil {
		t.Fatal(e)
	}
	for _, form := range []node.Format{node.CDA3, node.MPD} {
		x := inBytes(t, d, form)
		sent, _ := x.Prescription().Medication.Ingredients[0].Strength.Numerator.Now()
		arrive(x, "FI")
		if value, unit := x.Prescription().Medication.Ingredients[0].Strength.Numerator.Now(); value != sent || node.Refusal(shipped(), x) != nil {
			t.Errorf("%s: Estonia sent %s, Finland reads %s %s", form, sent, value, unit.Code)
		}
	}
}

// A national unit that was written into CDA by its name is the same unit when it is read, and finds its map.
func TestANationalUnitComesBackFromCDAAsItWasWritten(t *testing.T) {
	const doseUnits = "urn:sild:demo:fi-unit"
	for _, name := range []string{"milligramma", "milli gramma", "mg (ähmäinen)", ""} {
		d := plainPrescription()
		strength := measured(translation.StrengthUnit, "medication.ingredient[0].strength.numerator", "20", doseUnits, "13")
		strength.Unit.Current.Display = name
		d.Prescriptions[0].Medication.Ingredients[0].Strength.Numerator = strength
		d.Slots = recordSlots(d)
		x := inBytes(t, d, node.CDA3)
		read := x.Prescription().Medication.Ingredients[0].Strength.Numerator
		if u := read.Unit; read.Value != "20" || u.Current != strength.Unit.Current || u.Original() != u.Current || len(u.Hops) > 0 {
			t.Errorf("%q: %s %+v", name, read.Value, *u)
		}
		if e := node.CarryOut(shipped(), "FI", x); e != nil {
			t.Errorf("%q: %v", name, e)
			continue
		}
		again := inBytes(t, x, node.CDA3).Prescription().Medication.Ingredients[0].Strength.Numerator
		if u := again.Unit; again.Value != "20" || u.Current.Code != "mg" || !u.Original().Same(strength.Unit.Original()) || len(u.Hops) != 1 {
			t.Errorf("%q, translated: %s %+v", name, again.Value, *u)
		}
	}
}

// A known absence of medication with words for it, from CDA, is no medicine in FHIR.
func TestNoKnownMedicationDoesNotBecomeAMedicine(t *testing.T) {
	d := plainSummary()
	what := coded(translation.Absence, "section[10160-0].entry[0].what", absentUnknown, "no-known-medications")
	what.Current.Display = "No known medications"
	d.Summary.Sections[0] = node.Section{Code: "10160-0", Title: "Ravimid", State: node.KnownAbsence, Entries: []node.Entry{{Kind: node.AnAbsence, What: what}}}
	d.Slots = recordSlots(d)
	first := inBytes(t, d, node.CDA3)
	second := inBytes(t, first, node.EPS)
	if got := statesOf(second)["10160-0"]; got != node.KnownAbsence {
		t.Errorf("CDA %s, FHIR %s", statesOf(first)["10160-0"], got)
	}
}

// An active ingredient in words only is seen and refused in a FHIR prescription of two substances.
func TestAnIngredientInWordsIsNotTakenForARecipe(t *testing.T) {
	d := plainPrescription()
	m := &d.Prescriptions[0].Medication
	second := tabletOf().Ingredients[0]
	second.Substance = coded(translation.Substance, "medication.ingredient[1].substance", "http://www.whocc.no/atc", "A02BC03")
	second.Name = "klavulaanhape"
	m.Ingredients = append(m.Ingredients, second)
	m.Classification = nil
	d.Slots = recordSlots(d)
	good := inBytes(t, d, node.MPD)
	bad := regexp.MustCompile(`"coding":\[\{"system":"http://www.whocc.no/atc","code":"A02BC03"\}\],`).ReplaceAll(good.Source, nil)
	for i, e := range refusals(t, bad) {
		if e == nil {
			t.Errorf("side %d accepts it with %d of 2 ingredients", i, len(decoded(t, bad).Prescription().Medication.Ingredients))
		}
	}
}

// A FHIR prescription of no packages is refused, as it is in CDA.
func TestAPrescriptionOfNoPackagesIsRefused(t *testing.T) {
	good, _ := written(t, from(plainPrescription(), node.MPD), node.MPD)
	bad := regexp.MustCompile(`("valueQuantity":\{"value":)2,`).ReplaceAll(good, []byte("${1}0,"))
	for i, e := range refusals(t, bad) {
		if e == nil {
			t.Errorf("side %d accepts it", i)
		}
	}
}

// A prescription that both allows and forbids another product is refused in FHIR.
func TestYesBesideACodeForNoIsRefused(t *testing.T) {
	good, _ := written(t, from(plainPrescription(), node.MPD), node.MPD)
	bad := []byte(strings.Replace(string(good), `"allowedBoolean":false`, `"allowedBoolean":true`, 1))
	for i, e := range refusals(t, bad) {
		if e == nil {
			t.Errorf("side %d accepts it", i)
		}
	}
}

// What stands beside a unit or a product number arrives, or the report names its loss.
func TestTheWordsBesideACodeArriveOrAreNamed(t *testing.T) {
	check := func(what string, d *node.Document, form node.Format, words string) {
		d.Slots = recordSlots(d)
		body, report := written(t, from(d, form), form)
		if !strings.Contains(lives(decoded(t, body)), words) && !strings.Contains(strings.ToLower(pathsOf(report)), what) {
			t.Errorf("%s as %s: %q is gone: %v", what, form, words, report.Lost)
		}
	}
	d := plainPrescription()
	d.Prescriptions[0].Medication.Ingredients[0].Strength.Numerator.Unit.Text = "milligrammi"
	check("strength", d, node.MPD, "milligrammi")
	d = plainPrescription()
	q := measured(translation.DoseUnit, "dosage[0].dose", "1", ucum, "1")
	q.Unit.Current.Display = "näpuotsatäis"
	d.Prescriptions[0].Dosage[0].Dose = q
	check("dose", d, node.CDA3, "näpuotsatäis")
	d = plainPrescription()
	d.Prescriptions[0].Medication.Product = coded(translation.ProductID, "medication.product", "urn:oid:1.2.246.537.6.55.2004", "111111")
	d.Prescriptions[0].Medication.Product.Current.Display = "Näidis 20 mg N30"
	check("product", d, node.MPD, "Näidis 20 mg N30")
}

func pathsOf(r *node.Report) string {
	var all []string
	for _, lost := range r.Lost {
		all = append(all, lost.Path)
	}
	return strings.Join(all, " ")
}

// So do the words for an event of the day, in a real document.
func TestTheDisplayOfATimingEventArrivesOrIsNamed(t *testing.T) {
	root := os.Getenv("SILD_SAMPLES")
	if root == "" {
		t.Skip("SILD_SAMPLES is not set: THE REAL SLOVAK PRESCRIPTION IS NOT READ")
	}
	d := decoded(t, bytesOf(filepath.Join(root, "cda", "ep-l3-sk-friendly.xml")))
	abroad(d, "EE")
	body, report := written(t, d, node.MPD)
	if !strings.Contains(said(decoded(t, body)), "pred jedlom") && !strings.Contains(pathsOf(report), "when") {
		t.Errorf("gone: %v", report.Lost)
	}
}

// The reader's words for a unit, written into CDA, are not read back as the source's.
func TestTheReadersWordsForAUnitAreNotTheSources(t *testing.T) {
	x := inBytes(t, plainPrescription(), node.CDA3)
	arrive(x, "FI")
	body, _ := written(t, x, node.CDA3)
	for _, s := range decoded(t, body).Slots {
		if s.Field.IsUnit() && s.Text != "" {
			t.Errorf("%s: nobody wrote %q", s.Path, s.Text)
		}
	}
}

// Staying twice is one step, also where the first one renamed the code system.
func TestStayingTwiceIsOneStep(t *testing.T) {
	s := translation.NewSlot(translation.DoseForm, "form", translation.Coding{System: "urn:oid:0.4.0.127.0.16.1.1.2.1", Code: "10221000"})
	for range 2 {
		shipped().FromPivot("SE", []string{"sv"}, s)
		if len(s.Hops) != 1 {
			t.Errorf("%d steps", len(s.Hops))
		}
	}
}

// The grammar codes of two notes of one prescription have two paths in the report.
func TestNoTwoPlacesBearOnePath(t *testing.T) {
	d := plainPrescription()
	d.Prescriptions[0].Notes = []string{"üks", "kaks"}
	seen := map[string]bool{}
	for _, s := range inBytes(t, d, node.CDA3).Slots {
		if seen[s.Path] {
			t.Errorf("twice: %s", s.Path)
		}
		seen[s.Path] = true
	}
}

// A no-break space of a text is still one behind CDA.
func TestANoBreakSpaceStaysOne(t *testing.T) {
	d := plainPrescription()
	d.Prescriptions[0].Medication.Name = "Näidis 5\u00a0mg"
	if got := inBytes(t, d, node.CDA3).Prescription().Medication.Name; got != "Näidis 5\u00a0mg" {
		t.Errorf("%q", got)
	}
}

// What we wrote into CDA is still marked as ours behind the next format.
func TestWhatWeWroteStaysMarkedThroughTheOtherForm(t *testing.T) {
	x := inBytes(t, plainSummary(), node.CDA3)
	y := inBytes(t, x, node.EPS)
	for _, d := range []*node.Document{x, y} {
		if n := narrativeOf(d, "10160-0"); !n.Generated {
			t.Errorf("%s: %.80q is taken for a person's", d.Format, n.XHTML)
		}
	}
}

// A number that stands in a second form of a strength is compared, also one that names no unit of its own.
func TestEveryNumberOfAStrengthIsCompared(t *testing.T) {
	d := plainPrescription()
	source := inBytes(t, d, node.CDA3).Source
	at := regexp.MustCompile(`<numerator [^>]*value="([^"]*)"[^>]*>`).FindSubmatchIndex(source)
	if at == nil {
		t.Fatalf("no strength in %s", source)
	}
	value := string(source[at[2]:at[3]])
	for beside, alarm := range map[string]bool{
		"": false, `<translation value="` + value + `"/>`: false, `<translation value="` + value + `.0"/>`: false,
		`<translation value="77"/>`: true, `<translation value="77" unit="mg"/>`: true,
	} {
		changed := slices.Concat(source[:at[1]], []byte(beside), source[at[1]:])
		x := decoded(t, changed)
		if e := node.CarryOut(shipped(), "EE", x); e != nil {
			t.Fatalf("%s: %v", beside, e)
		}
		if got := x.Prescription().Medication.Ingredients[0].Strength.Numerator.Unit.Alarm() != ""; got != alarm {
			t.Errorf("%q beside %s: alarm %v", beside, value, got)
		}
	}
}
