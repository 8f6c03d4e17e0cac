package sentence

import (
	"math/big"
	"strings"
	"testing"

	"sild/node"

	"pgregory.net/rapid"
)

func prescriptionOf(packages string, items, content node.Quantity, dosages ...aDosage) *node.Prescription {
	p := &node.Prescription{Amount: node.Amount{Packages: packages}, Medication: node.Medication{Package: node.Package{Items: items, Content: content}}}
	for _, d := range dosages {
		p.Dosage = append(p.Dosage, d.record())
	}
	return p
}

var yes = true

func TestATotalIsToldWithItsStepsInEveryLanguage(t *testing.T) {
	none := node.Quantity{}
	tablets := func(n string) node.Quantity { return quantity(n, "15054000", "") }
	for _, test := range []struct {
		name           string
		p              *node.Prescription
		et, fi, sv, en string
		differs        bool
	}{
		{"more was prescribed than the course needs", prescriptionOf("2", tablets("28"), none, aDosage{Dose: "2", Unit: "15054000", Frequency: "3", Period: "1", PeriodUnit: "d", Lasts: "7", LastsUnit: "d"}),
			"kuur: 2 tabletti × 3 korda päevas × 7 päeva = 42 tabletti ≠ välja kirjutatud: 2 pakendit × 28 tabletti = 56 tabletti",
			"kuuri: 2 tablettia × 3 kertaa päivässä × 7 päivää = 42 tablettia ≠ määrätty: 2 pakkausta × 28 tablettia = 56 tablettia",
			"kuren: 2 tabletter × 3 gånger per dag × 7 dagar = 42 tabletter ≠ förskrivet: 2 förpackningar × 28 tabletter = 56 tabletter",
			"course: 2 tablets × 3 times a day × 7 days = 42 tablets ≠ prescribed: 2 packages × 28 tablets = 56 tablets", true},
		{"a range with enough, in two weeks", prescriptionOf("1", tablets("30"), none, aDosage{Dose: "1", DoseHigh: "2", Unit: "15054000", Frequency: "2", Period: "1", PeriodUnit: "d", Lasts: "2", LastsUnit: "wk"}),
			"kuur: 1–2 tabletti × 2 korda päevas × 14 päeva = 28–56 tabletti; välja kirjutatud: 1 pakend × 30 tabletti = 30 tabletti",
			"kuuri: 1–2 tablettia × 2 kertaa päivässä × 14 päivää = 28–56 tablettia; määrätty: 1 pakkaus × 30 tablettia = 30 tablettia",
			"kuren: 1–2 tabletter × 2 gånger per dag × 14 dagar = 28–56 tabletter; förskrivet: 1 förpackning × 30 tabletter = 30 tabletter",
			"course: 1–2 tablets × 2 times a day × 14 days = 28–56 tablets; prescribed: 1 package × 30 tablets = 30 tablets", false},
		{"every 8 hours, as needed", prescriptionOf("", none, none, aDosage{Dose: "1", Unit: "15012000", Frequency: "1", Period: "8", PeriodUnit: "h", Lasts: "7", LastsUnit: "d", Needed: &yes}),
			"kuur: 1 kapsel × 21 korda (iga 8 tunni järel, 7 päeva) = kõige rohkem 21 kapslit",
			"kuuri: 1 kapseli × 21 kertaa (8 tunnin välein, 7 päivää) = enintään 21 kapselia",
			"kuren: 1 kapsel × 21 gånger (var 8:e timme, 7 dagar) = högst 21 kapslar",
			"course: 1 capsule × 21 times (every 8 hours, 7 days) = at most 21 capsules", false},
	} {
		for language, want := range map[string]string{"et": test.et, "fi": test.fi, "sv": test.sv, "en": test.en} {
			if got := (Voice{Language: language}).Total(test.p); got.Steps != want || got.Differs != test.differs {
				t.Errorf("%s in %s: %v\n%s\n%s", test.name, language, got.Differs, got.Steps, want)
			}
		}
	}
}

func TestATotalIsWorkedOutOnlyWhereEveryFactorIsCertain(t *testing.T) {
	none := node.Quantity{}
	daily := aDosage{Dose: "5", Unit: "mL", Frequency: "2", Period: "1", PeriodUnit: "d", Lasts: "10", LastsUnit: "d"}
	with := func(change func(*aDosage)) aDosage {
		d := daily
		change(&d)
		return d
	}
	const course = "course: 5 millilitres × 2 times a day × 10 days = 100 millilitres"
	for _, test := range []struct {
		name    string
		dosages []aDosage
		want    string
	}{
		{"a length", []aDosage{daily}, course},
		{"two dates, both days included", []aDosage{with(func(d *aDosage) { d.Lasts, d.LastsUnit, d.From, d.To = "", "", "2026-10-20", "2026-10-29" })}, course},
		{"a length from a day on", []aDosage{with(func(d *aDosage) { d.From = "2026-10-20" })}, course},
		{"a length and two dates", []aDosage{with(func(d *aDosage) { d.From, d.To = "2026-10-20", "2026-10-29" })}, ""},
		{"only a first day", []aDosage{with(func(d *aDosage) { d.Lasts, d.LastsUnit, d.From = "", "", "2026-10-20" })}, ""},
		{"dates turned round", []aDosage{with(func(d *aDosage) { d.Lasts, d.LastsUnit, d.From, d.To = "", "", "2026-10-29", "2026-10-20" })}, ""},
		{"fractions stay exact", []aDosage{with(func(d *aDosage) { d.Dose, d.Frequency, d.Lasts = "0.125", "3", "7" })}, "course: 0.125 millilitres × 3 times a day × 7 days = 2.625 millilitres"},
		{"half a tablet stays digits, and twice", []aDosage{with(func(d *aDosage) { d.Dose, d.Unit = "0.5", "15054000" })}, "course: 0.5 tablets × 2 times a day × 10 days = 10 tablets"},
		{"a period that does not go into the length", []aDosage{with(func(d *aDosage) { d.Frequency, d.Period = "1", "3" })}, ""},
		{"a month has no fixed number of days", []aDosage{with(func(d *aDosage) { d.Lasts, d.LastsUnit = "1", "mo" })}, ""},
		{"once a month for 3 months", []aDosage{with(func(d *aDosage) { d.Frequency, d.PeriodUnit, d.Lasts, d.LastsUnit = "1", "mo", "3", "mo" })}, "course: 5 millilitres × once a month × 3 months = 15 millilitres"},
		{"once a month for 1 year", []aDosage{with(func(d *aDosage) { d.Frequency, d.PeriodUnit, d.Lasts, d.LastsUnit = "1", "mo", "1", "a" })}, "course: 5 millilitres × once a month × 12 months = 60 millilitres"},
		{"2 to 3 times a day", []aDosage{with(func(d *aDosage) { d.FrequencyMax = "3" })}, "course: 5 millilitres × 2–3 times a day × 10 days = 100–150 millilitres"},
		{"every 4 to 6 hours", []aDosage{with(func(d *aDosage) { d.Frequency, d.Period, d.PeriodMax, d.PeriodUnit = "1", "4", "6", "h" })}, ""},
		{"at most so often", []aDosage{with(func(d *aDosage) { d.Frequency, d.FrequencyMax = "", "3" })}, ""},
		{"a most in a day", []aDosage{with(func(d *aDosage) { d.Most, d.MostTime, d.MostUnit = "8", "1", "d" })}, ""},
		{"on days of the week", []aDosage{with(func(d *aDosage) { d.Days = []string{"mon"} })}, ""},
		{"morning and evening", []aDosage{with(func(d *aDosage) { d.Frequency, d.Period, d.PeriodUnit, d.When = "", "", "", []string{"MORN", "EVE"} })}, course},
		{"two hours of the day", []aDosage{with(func(d *aDosage) {
			d.Frequency, d.Period, d.PeriodUnit, d.Clock = "", "", "", []string{"08:00:00", "20:00:00"}
		})}, course},
		{"twice a day, but one event", []aDosage{with(func(d *aDosage) { d.When = []string{"MORN"} })}, ""},
		{"twice a day by a meal", []aDosage{with(func(d *aDosage) { d.When = []string{"AC"} })}, course},
		{"by a meal, how many there are is not said", []aDosage{with(func(d *aDosage) { d.Frequency, d.Period, d.PeriodUnit, d.When = "", "", "", []string{"AC"} })}, ""},
		{"no unit", []aDosage{with(func(d *aDosage) { d.Unit = "" })}, ""},
		{"no dose", []aDosage{with(func(d *aDosage) { d.Dose = "" })}, ""},
		{"a range turned round", []aDosage{with(func(d *aDosage) { d.DoseHigh = "4" })}, ""},
		{"the source says more than the record holds", []aDosage{with(func(d *aDosage) { d.Untold = true })}, ""},
		{"of the second the source says more", []aDosage{with(func(d *aDosage) { d.Sequence = "1" }), with(func(d *aDosage) { d.Sequence, d.Untold = "2", true })}, ""},
		{"no length", []aDosage{with(func(d *aDosage) { d.Lasts, d.LastsUnit = "", "" })}, ""},
		{"one after the other", []aDosage{with(func(d *aDosage) { d.Sequence = "1" }), with(func(d *aDosage) { d.Dose, d.Sequence = "2.5", "2" })},
			"course: 5 millilitres × 2 times a day × 10 days + 2.5 millilitres × 2 times a day × 10 days = 150 millilitres"},
		{"two that may be alternatives", []aDosage{daily, daily}, ""},
		{"two of different units", []aDosage{with(func(d *aDosage) { d.Sequence = "1" }), with(func(d *aDosage) { d.Unit, d.Sequence = "mg", "2" })}, ""},
	} {
		if got := (Voice{Language: "en"}).Total(prescriptionOf("", none, none, test.dosages...)); got.Steps != test.want || got.Differs {
			t.Errorf("%s: %q, not %q", test.name, got.Steps, test.want)
		}
	}
}

func TestWhatWasPrescribedIsToldFromPackagesOrATotal(t *testing.T) {
	none := node.Quantity{}
	d := aDosage{Dose: "5", Unit: "mL", Frequency: "2", Period: "1", PeriodUnit: "d", Lasts: "10", LastsUnit: "d"}
	const course = "course: 5 millilitres × 2 times a day × 10 days = 100 millilitres"
	bottles := prescriptionOf("1", quantity("2", "15009000", ""), quantity("50", "mL", ""), d)
	total := prescriptionOf("1", none, none, d)
	total.Amount.Total = quantity("90", "mL", "")
	kit := prescriptionOf("1", quantity("2", "15009000", ""), quantity("50", "mL", ""), d)
	kit.Medication.Parts = []node.Medication{{}}
	for name, test := range map[string]struct {
		p       *node.Prescription
		want    string
		differs bool
	}{
		"bottles of so much":     {bottles, course + "; prescribed: 1 package × 2 bottles × 50 millilitres = 100 millilitres", false},
		"a total that is short":  {total, course + " ≠ prescribed: 90 millilitres", true},
		"another unit":           {prescriptionOf("3", quantity("10", "15054000", ""), none, d), course + "; prescribed: 3 packages × 10 tablets = 30 tablets (not comparable)", false},
		"a bare number of items": {prescriptionOf("3", node.Quantity{Value: "10"}, none, d), course, false},
		"a combination pack":     {kit, course, false},
		"no packages":            {prescriptionOf("", quantity("10", "15054000", ""), none, d), course, false},
		"only what was prescribed": {prescriptionOf("3", quantity("10", "15054000", ""), none),
			"prescribed: 3 packages × 10 tablets = 30 tablets", false},
	} {
		if got := (Voice{Language: "en"}).Total(test.p); got.Steps != test.want || got.Differs != test.differs {
			t.Errorf("%s: %v %q, not %q", name, got.Differs, got.Steps, test.want)
		}
	}
}

// TestATotalIsTheExactProduct multiplies by itself what the sentence says.
func TestATotalIsTheExactProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dose := rapid.SampledFrom([]string{"0.1", "0.3", "0.125", "1", "2.50", "7", "1000.25"}).Draw(t, "dose")
		often := rapid.SampledFrom([]string{"1", "3", "4", "24"}).Draw(t, "often")
		days := rapid.SampledFrom([]string{"1", "7", "11", "365"}).Draw(t, "days")
		p := prescriptionOf("", node.Quantity{}, node.Quantity{}, aDosage{Dose: dose, Unit: "mg", Frequency: often, Period: "1", PeriodUnit: "d", Lasts: days, LastsUnit: "d"})
		product := big.NewRat(1, 1)
		for _, factor := range []string{dose, often, days} {
			n, _ := new(big.Rat).SetString(factor)
			product.Mul(product, n)
		}
		for _, language := range languages {
			got := (Voice{Language: language}).Total(p).Steps
			_, result, found := strings.Cut(got, " = ")
			if !found {
				t.Fatalf("no total: %q", got)
			}
			n, ok := new(big.Rat).SetString(strings.ReplaceAll(numeral.FindString(result), ",", "."))
			if !ok || n.Cmp(product) != 0 {
				t.Fatalf("%q is not %s", got, product)
			}
		}
	})
}
