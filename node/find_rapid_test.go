package node_test

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sild/node"
)

// The wares that a made-up market is drawn from: few of each, so that many products differ in one thing only.
var (
	wareForms = []string{"10219000", "10221000", "10226000", "10121000", "10210000", "10212000", "10215000", "10216000"}
	wareDrugs = []string{"C09AA05", "C08CA01", "C07AB07"}
	wareNames = []string{"Kask 5", "Mänd 5", "Kuusk 5"}
)

// medicineText draws ingredients, each of one strength, as the judged cases write them.
func medicineText(t *rapid.T, label string) string {
	drugs := rapid.SliceOfNDistinct(rapid.SampledFrom(wareDrugs), 1, 2, rapid.ID[string]).Draw(t, label+" substances")
	var all []string
	for i, drug := range drugs {
		strength := rapid.SampledFrom([]string{"5 mg", "10 mg", "0.005 g", "5 ug"}).Draw(t, fmt.Sprint(label, " strength ", i))
		all = append(all, drug+" "+strength+"/1 tablet")
	}
	return strings.Join(all, " + ")
}

func drawMarket(t *rapid.T) [][]string {
	var market [][]string
	for i := range rapid.IntRange(1, 25).Draw(t, "products") {
		market = append(market, []string{fmt.Sprint(1000 + i), rapid.SampledFrom(wareNames).Draw(t, "name"), "C09AA05",
			rapid.SampledFrom(wareForms).Draw(t, "form"), medicineText(t, "product"),
			fmt.Sprint(rapid.SampledFrom([]int{7, 14, 28, 30, 56, 98, 100}).Draw(t, "items")) + " tablet", "",
			rapid.SampledFrom([]string{"yes", "yes", "no", ""}).Draw(t, "marketed"), rapid.SampledFrom([]string{"", "2026-01-01"}).Draw(t, "until")})
	}
	return market
}

func drawCase(t *rapid.T) []string {
	return []string{"", "", rapid.SampledFrom(wareNames).Draw(t, "prescribed name"), "C09AA05", rapid.SampledFrom(wareForms).Draw(t, "prescribed form"),
		medicineText(t, "prescribed"), fmt.Sprint(rapid.SampledFrom([]int{14, 20, 28, 56, 90, 98, 100}).Draw(t, "prescribed items")) + " tablet", "",
		fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "packages")), "", "", rapid.SampledFrom([]string{"yes", "no", ""}).Draw(t, "exchange"), "", "", "", "", "", "", ""}
}

// strengthsOf reads the drawn text anew: what the finder compared is not asked.
func strengthsOf(text string) map[string]string {
	all := map[string]string{}
	for _, ingredient := range strings.Split(text, " + ") {
		drug, strength, _ := strings.Cut(ingredient, " ")
		number, unit := amount(strings.TrimSuffix(strength, "/1 tablet"))
		grams, _ := new(big.Rat).SetString(number)
		grams.Mul(grams, map[string]*big.Rat{"g": big.NewRat(1, 1), "mg": big.NewRat(1, 1000), "ug": big.NewRat(1, 1000000)}[unit])
		all[drug] = grams.RatString()
	}
	return all
}

// alike are the two forms that someForms gives the same properties and that are swallowed whole.
func alike(a, b string) bool {
	same := []string{"10219000", "10221000"}
	return a == b || slices.Contains(same, a) && slices.Contains(same, b)
}

func TestNothingElseThanWhatWasPrescribedIsEverOffered(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		market, row := drawMarket(r), drawCase(r)
		properties := rapid.Bool().Draw(r, "properties")
		p := prescription(t, row)
		offer := finder(listed(t, market, properties)).Find(p)
		if (len(offer.Products) == 0) == (offer.None == "") {
			r.Fatalf("%d products, and the reason %q", len(offer.Products), offer.None)
		}
		wanted, _ := new(big.Rat).SetString(row[8])
		items, _ := amount(row[6])
		total, _ := new(big.Rat).SetString(items)
		total.Mul(total, wanted)
		for _, one := range slices.Concat(offer.Products, offer.Larger) {
			at := slices.IndexFunc(market, func(m []string) bool { return m[0] == one.Number.Code })
			m := market[at]
			if !reflect.DeepEqual(strengthsOf(m[4]), strengthsOf(row[5])) {
				r.Errorf("%v is offered for %s", m, row[5])
			}
			if m[3] != row[4] && !(properties && alike(m[3], row[4])) {
				r.Errorf("the form %s is offered for %s", m[3], row[4])
			}
			if m[7] == "no" || m[8] != "" {
				r.Errorf("%v is not on the market", m)
			}
			if row[11] == "no" && (m[1] != row[2] || m[3] != row[4]) {
				r.Errorf("%v is offered in spite of the ban", m)
			}
		}
		for _, one := range offer.Products {
			if amountOf(market, one).Cmp(total) > 0 {
				r.Errorf("%s × %s is more than %s", one.Packs, one.Size, total.RatString())
			}
		}
		if len(offer.Products) > 0 {
			nothingNearer(r, market, offer)
		}
	})
}

// amountOf is how much an offer hands out, counted from the drawn market.
func amountOf(market [][]string, one node.Offered) *big.Rat {
	at := slices.IndexFunc(market, func(m []string) bool { return m[0] == one.Number.Code })
	items, _ := amount(market[at][5])
	each, _ := new(big.Rat).SetString(items)
	packs, _ := new(big.Rat).SetString(one.Packs)
	return each.Mul(each, packs)
}

// nothingNearer says that no later product of the first one's form comes nearer to what was prescribed.
func nothingNearer(r *rapid.T, market [][]string, offer *node.Offer) {
	first := offer.Products[0]
	for _, later := range offer.Products[1:] {
		if later.Form.Code == first.Form.Code && amountOf(market, later).Cmp(amountOf(market, first)) > 0 {
			r.Errorf("%s × %s stands behind %s × %s", later.Packs, later.Size, first.Packs, first.Size)
		}
	}
}

func TestTheOrderOfTheListChangesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		market, row := drawMarket(r), drawCase(r)
		other := rapid.Permutation(market).Draw(r, "order")
		one, two := finder(listed(t, market, true)).Find(prescription(t, row)), finder(listed(t, other, true)).Find(prescription(t, row))
		if a, b := answer(one), answer(two); a != b {
			r.Errorf("%s\n%s", a, b)
		}
	})
}

// answer writes an offer out, without the release, in which the order of a list does count.
func answer(o *node.Offer) string {
	var b strings.Builder
	fmt.Fprintln(&b, o.None, o.Slot, o.Also)
	for _, one := range slices.Concat(o.Products, []node.Offered{{Name: "larger"}}, o.Larger) {
		fmt.Fprintln(&b, one.Number, one.Name, one.Packs, one.Size, one.Form, one.Differences)
	}
	return b.String()
}
