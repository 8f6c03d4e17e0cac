package node_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// The plain case is a prescription that the first product of its market matches.
var (
	plainMarket = [][]string{{"1001", "Kask 5", "C09AA05", "10219000", "C09AA05 5 mg/1 tablet", "28 tablet", "", "yes", ""}}
	plainCase   = []string{"", "", "Kask 5", "C09AA05", "10219000", "C09AA05 5 mg/1 tablet", "28 tablet", "", "1", "", "", "yes", "", "", "", "", "", "", ""}
)

func TestNothingIsOfferedWhereAPlaceThatMustBeRightIsAGap(t *testing.T) {
	f := finder(listed(t, plainMarket, false))
	if offer := f.Find(prescription(t, plainCase)); len(offer.Products) != 1 {
		t.Fatalf("the case itself: %+v", offer)
	}
	places := map[string]func(*node.Prescription) *translation.Slot{
		"medication.form":                    func(p *node.Prescription) *translation.Slot { return p.Medication.Form },
		"medication.ingredient[0].substance": func(p *node.Prescription) *translation.Slot { return p.Medication.Ingredients[0].Substance },
		"medication.ingredient[0].strength": func(p *node.Prescription) *translation.Slot {
			return p.Medication.Ingredients[0].Strength.Numerator.Unit
		},
		"medication.package": func(p *node.Prescription) *translation.Slot { return p.Medication.Package.Items.Unit },
	}
	faults := map[string]func(*translation.Slot){
		"refused":      func(s *translation.Slot) { s.Fate = translation.Refused },
		"contradicted": func(s *translation.Slot) { s.Compare().Coherence = translation.Contradicts },
		"unknown":      func(s *translation.Slot) { s.Current.Code = "nobody knows" },
		"empty":        func(s *translation.Slot) { s.Current = translation.Coding{} },
		"levelled up": func(s *translation.Slot) {
			s.Hops = nil
			s.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Wider}, s.Current)
		},
	}
	for slot, at := range places {
		for name, fault := range faults {
			p := prescription(t, plainCase)
			fault(at(p))
			if offer := f.Find(p); len(offer.Products)+len(offer.Larger) > 0 || offer.None != node.SourceGap || offer.Slot != slot {
				t.Errorf("%s %s: %+v", slot, name, offer)
			}
		}
	}
	for slot, empty := range map[string]func(*node.Prescription){
		"medication.form":                   func(p *node.Prescription) { p.Medication.Form = nil },
		"medication.ingredient":             func(p *node.Prescription) { p.Medication.Ingredients = nil },
		"medication.ingredient[0].strength": func(p *node.Prescription) { p.Medication.Ingredients[0].Strength = nil },
		"medication.package":                func(p *node.Prescription) { p.Medication.Package = node.Package{} },
		"medication.part":                   func(p *node.Prescription) { p.Medication.Form.Current.Code = "14012000" },
		"medication.ingredient[1].substance": func(p *node.Prescription) {
			p.Medication.Ingredients = append(p.Medication.Ingredients, p.Medication.Ingredients[0])
		},
	} {
		p := prescription(t, plainCase)
		empty(p)
		if offer := f.Find(p); offer.None != node.SourceGap || offer.Slot != slot {
			t.Errorf("without %s: %+v", slot, offer)
		}
	}
}

func TestWhatIsNoProductOfAListGetsItsReason(t *testing.T) {
	f := finder(listed(t, plainMarket, false))
	for want, change := range map[node.NoOffer]func(*node.Prescription){
		node.MadeInPharmacy: func(p *node.Prescription) { p.Classes = []node.Class{node.Compounded} },
		node.NoMedicine:     func(p *node.Prescription) { p.Classes = []node.Class{node.Nutrition} },
		node.AmountUnclear:  func(p *node.Prescription) { p.Amount.Packages = "" },
		node.NothingLeft:    func(p *node.Prescription) { p.Amount.Left = "0" },
	} {
		p := prescription(t, plainCase)
		change(p)
		if offer := f.Find(p); offer.None != want || len(offer.Products) > 0 {
			t.Errorf("%s: %+v", want, offer)
		}
	}
	p := prescription(t, plainCase)
	if offer := (&node.Finder{Catalogue: catalogue(), Rules: shippedRules(), Corridor: node.Corridor{A: "EE", B: "FI"}}).Find(p); offer != nil {
		t.Errorf("without a list: %+v", offer)
	}
}

// A prescription that was carried into the codes of the country of treatment is looked for like one in shared codes, also
// where the country has no code of its own for a unit.
func TestAPrescriptionInTheCodesOfTheCountryIsFoundToo(t *testing.T) {
	c := listed(t, plainMarket, false)
	p := prescription(t, plainCase)
	strength := p.Medication.Ingredients[0].Strength
	for _, slot := range []*translation.Slot{p.Medication.Form, p.Medication.Ingredients[0].Substance, strength.Numerator.Unit,
		strength.Denominator.Unit, p.Medication.Package.Items.Unit} {
		slot.Required = true
		c.FromPivot("FI", []string{"fi"}, slot)
	}
	if form := p.Medication.Form; form.Current.Same(form.Original()) || strength.Numerator.Unit.Fate == translation.Refused {
		t.Fatal("the prescription was not carried to the country")
	}
	if offer := finder(c).Find(p); len(offer.Products) != 1 {
		t.Errorf("%+v", offer)
	}
}

// What is injected is a dose: neither another content nor more of it is ever offered; what is measured out of a bottle may
// come in other bottles, but never in more of it.
func TestASyringeIsNeverExchangedForAnotherContent(t *testing.T) {
	contents := []string{"0.2 mL", "0.4 mL", "0.6 mL"}
	rapid.Check(t, func(r *rapid.T) {
		form := rapid.SampledFrom([]string{"50060300", "10106000"}).Draw(r, "form")
		container := map[string]string{"50060300": "syringe", "10106000": "bottle"}[form]
		draw := func(label string) (ingredients, items, content string) {
			content = rapid.SampledFrom(contents).Draw(r, label+" content")
			ingredients = rapid.SampledFrom([]string{"100 mg/1 mL", "40 mg/1 " + container, "20 mg/0.2 mL", "60 mg/1 " + container}).Draw(r, label)
			items = fmt.Sprint(rapid.IntRange(1, 10).Draw(r, label+" items")) + " " + rapid.SampledFrom([]string{container, "piece"}).Draw(r, label+" item")
			return "B01AB05 " + ingredients, items, content
		}
		var market [][]string
		for i := range rapid.IntRange(1, 12).Draw(r, "products") {
			ingredients, items, content := draw(fmt.Sprint(i))
			market = append(market, []string{fmt.Sprint(1000 + i), "Kuusk", "B01AB05", form, ingredients, items, content, "yes", ""})
		}
		row := slices.Clone(plainCase)
		row[4] = form
		row[5], row[6], row[7] = draw("prescribed")
		wanted := volume(row[6], row[7])
		for _, one := range finder(listed(t, market, false)).Find(prescription(t, row)).Products {
			m := market[slices.IndexFunc(market, func(m []string) bool { return m[0] == one.Number.Code })]
			packs, _ := new(big.Rat).SetString(one.Packs)
			if form == "50060300" && m[6] != row[7] {
				r.Errorf("%v is offered for %v", m, row)
			}
			if perMillilitre(m[4], m[6]).Cmp(perMillilitre(row[5], row[7])) != 0 {
				r.Errorf("%v is another strength than %v", m, row)
			}
			if handed := new(big.Rat).Mul(packs, volume(m[5], m[6])); handed.Cmp(wanted) > 0 {
				r.Errorf("%s × %v is more than %v", one.Packs, m, row)
			}
		}
	})
}

// volume is all that a package holds, in millilitres.
func volume(items, content string) *big.Rat {
	n, _ := amount(items)
	each, _ := amount(content)
	x, _ := new(big.Rat).SetString(n)
	y, _ := new(big.Rat).SetString(each)
	return x.Mul(x, y)
}

// perMillilitre is a drawn strength as milligrams in a millilitre, counted anew from its text.
func perMillilitre(ingredient, content string) *big.Rat {
	in := map[string][2]int64{"100 mg/1 mL": {100, 1}, "20 mg/0.2 mL": {100, 1}}
	for text, ratio := range in {
		if ingredient == "B01AB05 "+text {
			return big.NewRat(ratio[0], ratio[1])
		}
	}
	milligrams := int64(40)
	if ingredient[len("B01AB05 ")] == '6' {
		milligrams = 60
	}
	each, _ := amount(content)
	held, _ := new(big.Rat).SetString(each)
	return held.Quo(big.NewRat(milligrams, 1), held)
}
