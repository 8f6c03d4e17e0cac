package node_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
	"sild/translation"
)

// What the prescription calls a substance is its own text, else the words beside its code as they came: never the words
// that a list has for the code to which it was carried.
func TestTheWordsOfTheSourceAreComparedAndNotThoseOfTheLists(t *testing.T) {
	market := [][]string{{"1", "Metfo", "A10BA02", "10219000", "A10BA02(metformiini) 5 mg/1 tablet", "28 tablet", "", "yes", ""}}
	row := slices.Clone(plainCase)
	row[3], row[5] = "A10BA02", "A10BA02() 5 mg/1 tablet"
	salted := "metformiinvesinikkloriid"
	for want, written := range map[string]func(*node.Ingredient){
		salted:        func(i *node.Ingredient) { i.Name = salted; i.Substance.Text = "metformiin" },
		salted + " ":  func(i *node.Ingredient) { i.Substance.Text = salted + " "; i.Substance.Current.Display = "metformiin" },
		salted + "  ": func(i *node.Ingredient) { i.Substance.Current.Display = salted + "  " },
		"": func(i *node.Ingredient) {
			i.Substance.Take(&translation.Step{Kind: translation.Transcode, Relation: translation.Equivalent}, i.Substance.Current)
			i.Substance.Current.Display = "metformiin"
		},
	} {
		p := prescription(t, row)
		written(&p.Medication.Ingredients[0])
		offer := finder(listed(t, market, false)).Find(p)
		if len(offer.Products) != 1 {
			t.Fatalf("%q: %+v", want, offer)
		}
		got, kind := offer.Products[0].Differences, node.SaltUnlike
		if want == "" {
			kind = node.SaltUnsaid
		}
		if last := got[len(got)-1]; last.Kind != kind || last.Prescribed != want || want != "" && last.Offered != "metformiini" {
			t.Errorf("%q: %+v", want, got)
		}
	}
}

// Whatever the packages, no product stands before one whose substance is called by the same words, and each that is called
// by others or by none says so.
func TestAnotherSaltNeverStandsFirstNorUnnamed(t *testing.T) {
	names := []string{"(metformiini)", "(Metformiinihydrokloridi)", "()"}
	rapid.Check(t, func(r *rapid.T) {
		mine := rapid.SampledFrom([]string{"(metformiin)", "(metformiinihydrokloridi)"}).Draw(r, "prescribed")
		row := slices.Clone(plainCase)
		row[2], row[3], row[5] = "Metfo", "A10BA02", "A10BA02"+mine+" 5 mg/1 tablet"
		var market [][]string
		calls := map[string]string{}
		for i := range rapid.IntRange(1, 12).Draw(r, "products") {
			number, name := fmt.Sprint(1000+i), rapid.SampledFrom(names).Draw(r, "called")
			calls[number] = name
			market = append(market, []string{number, "Kask", "A10BA02", "10219000", "A10BA02" + name + " 5 mg/1 tablet",
				fmt.Sprint(rapid.SampledFrom([]int{7, 14, 28}).Draw(r, "items")) + " tablet", "", "yes", ""})
		}
		same := map[string]string{"(metformiin)": names[0], "(metformiinihydrokloridi)": names[1]}[mine]
		passed := 0
		for _, one := range finder(listed(t, market, false)).Find(prescription(t, row)).Products {
			kind, rank := node.SaltUnlike, 2
			switch calls[one.Number.Code] {
			case same:
				kind, rank = "", 0
			case "()":
				kind, rank = node.SaltUnsaid, 1
			}
			if rank < passed {
				r.Errorf("%s %s stands behind another", one.Number.Code, calls[one.Number.Code])
			}
			passed = rank
			for _, salt := range []node.DifferenceKind{node.SaltUnlike, node.SaltUnsaid} {
				has := slices.ContainsFunc(one.Differences, func(d node.Difference) bool { return d.Kind == salt })
				if has != (salt == kind) {
					r.Errorf("%s for %s: %+v", calls[one.Number.Code], mine, one.Differences)
				}
			}
		}
	})
}
