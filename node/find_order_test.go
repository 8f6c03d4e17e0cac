package node_test

import (
	"slices"
	"testing"

	"sild/node"
)

func ware(number, name, form, items string) []string {
	return []string{number, name, "C09AA05", form, "C09AA05 5 mg/1 tablet", items + " tablet", "", "yes", ""}
}

func numbers(list []node.Offered) []string {
	var all []string
	for _, one := range list {
		all = append(all, one.Number.Code)
	}
	return all
}

func TestProductsStandInTheirOrder(t *testing.T) {
	for _, row := range []struct {
		name   string
		market [][]string // in the order that is wanted
	}{
		{"the prescribed form before one like it, though less comes of it", [][]string{ware("9", "Zz", "10219000", "20"), ware("1", "Aa", "10221000", "28")}},
		{"the nearer remainder", [][]string{ware("9", "Zz", "10219000", "27"), ware("1", "Aa", "10219000", "20")}},
		{"fewer packages", [][]string{ware("9", "Zz", "10219000", "28"), ware("1", "Aa", "10219000", "14")}},
		{"the prescribed name", [][]string{ware("9", "Kask 5 mg", "10219000", "28"), ware("1", "Aa", "10219000", "28")}},
		{"what is known to be sold", [][]string{ware("9", "Zz", "10219000", "28"), {"1", "Aa", "C09AA05", "10219000", "C09AA05 5 mg/1 tablet", "28 tablet", "", "", ""}}},
		{"by name", [][]string{ware("9", "Aa", "10219000", "28"), ware("1", "Bb", "10219000", "28")}},
		{"by number", [][]string{ware("1", "Aa", "10219000", "28"), ware("2", "Aa", "10219000", "28"), ware("3", "Aa", "10219000", "28")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var want []string
			for _, m := range row.market {
				want = append(want, m[0])
			}
			other := slices.Clone(row.market)
			slices.Reverse(other)
			for _, market := range [][][]string{row.market, other} {
				if got := numbers(finder(listed(t, market, true)).Find(prescription(t, plainCase)).Products); !slices.Equal(got, want) {
					t.Errorf("%v, not %v", got, want)
				}
			}
		})
	}
}

func TestAnotherFormNeedsTheRuleOfTheCorridor(t *testing.T) {
	f := finder(listed(t, [][]string{ware("1", "Aa", "10221000", "28")}, true))
	if offer := f.Find(prescription(t, plainCase)); len(offer.Products) != 1 {
		t.Fatalf("%+v", offer)
	}
	prolonged := slices.Clone(plainCase)
	prolonged[4] = "10215000" // hard and soft capsules of prolonged release, with the same properties
	if offer := finder(listed(t, [][]string{ware("1", "Aa", "10216000", "28")}, true)).Find(prescription(t, prolonged)); offer.None != node.OtherFormOnly {
		t.Errorf("%+v", offer)
	}
	f.Rules = rulesOf(t, "EE-FI", "p-1,dispense,partial,remainder,refuse,Whole only.,a test,2026-01-01")
	if offer := f.Find(prescription(t, plainCase)); offer.None != node.OtherFormOnly {
		t.Errorf("%+v", offer)
	}
}

func TestANameThatIsOnlyANumberIsNobodysBrand(t *testing.T) {
	no := slices.Clone(plainCase)
	no[2], no[11] = "", "no"
	if offer := finder(listed(t, [][]string{ware("1", "5-Kask", "10219000", "28")}, false)).Find(prescription(t, no)); offer.None != node.SubstitutionBanned {
		t.Errorf("%+v", offer)
	}
}
