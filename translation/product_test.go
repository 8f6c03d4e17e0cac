package translation

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

const (
	productHead    = "system,code,name,form_system,form,classification_system,classification,items,items_unit_system,items_unit,content,content_unit_system,content_unit,marketed,since,until,status\n"
	ingredientHead = "system,code,position,substance_system,substance,name,numerator,numerator_unit_system,numerator_unit,denominator,denominator_unit_system,denominator_unit,status\n"
)

// The made-up packages: Estonian codes, so that the maps are walked.
const (
	tablets  = "ee-package,1000001,Põõsas 5 mg,ee-dose-form,738,ee-atc,C09AA05,28,ee-amount-unit,TABL,,,,yes,2020-01-01,,draft\n"
	syrup    = "ee-package,1000002,Siirup,ee-dose-form,795,ee-atc,M01AE01,1,ee-amount-unit,PUDEL,200,ee-amount-unit,ML,no,,,accepted by A. Reader on 2026-01-02\n"
	aTablet  = "ee-package,1000001,1,atc,C09AA05,ramipriil,5,ee-amount-unit,MG,1,ee-amount-unit,TABL,draft\n"
	inSyrup  = "ee-package,1000002,1,atc,M01AE01,ibuprofeen,100,ee-amount-unit,MG/5ML,,,,accepted by A. Reader on 2026-01-02\n"
	kitOne   = "ee-package,1000003,Komplekt,ee-dose-form,738,,,3,ee-amount-unit,TABL,,,,,,,draft\n"
	kitTwo   = "ee-package,1000003,Komplekt,ee-dose-form,795,,,1,ee-amount-unit,PUDEL,20,ee-amount-unit,ML,,,,draft\n"
	kitFirst = "ee-package,1000003,1.1,atc,C09AA05,,5,ee-amount-unit,MG,1,,,draft\n"
	kitLater = "ee-package,1000003,2.1,atc,M01AE01,,20,ee-amount-unit,MG/ML,,,,draft\n"
)

func products(t testing.TB, c *Catalogue, rows, ingredients string) *Products {
	t.Helper()
	p, err := ReadProducts("ee", strings.NewReader(productHead+rows), strings.NewReader(ingredientHead+ingredients), c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProductsAreReadInSharedCodesAndExactAmounts(t *testing.T) {
	c := shipped(t)
	p := products(t, c, tablets+syrup+kitOne+kitTwo, aTablet+inSyrup+kitFirst+kitLater)
	if p.Country() != "EE" || p.Len() != 3 || len(p.Uncarried()) != 0 {
		t.Fatalf("%s: %d, left out %v", p.Country(), p.Len(), p.Uncarried())
	}
	tablet, ok := p.Numbered(Coding{System: "http://ravimiregister.ee/pakendid", Code: "1000001"})
	if !ok || tablet.Form.Code != "10219000" || tablet.Items.Unit.Code != "15054000" || tablet.Items.Number.Cmp(big.NewRat(28, 1)) != 0 {
		t.Errorf("%+v", tablet)
	}
	if s := tablet.Ingredients[0].Strength; s.Amount.Cmp(big.NewRat(5, 1000)) != 0 || s.Unit.Code != "g" || s.Per.Code != "15054000" {
		t.Errorf("%+v", s)
	}
	if !*tablet.Marketed || !tablet.Draft || tablet.On("2019-12-31") || !tablet.On("2026-11-22") {
		t.Errorf("%+v", tablet)
	}
	inBottle := p.Containing(Coding{System: "http://www.whocc.no/atc", Code: "M01AE01"})
	if len(inBottle) != 2 || inBottle[0].Name != "Siirup" || inBottle[0].Draft || *inBottle[0].Marketed {
		t.Fatalf("%+v", inBottle)
	}
	if s := inBottle[0].Ingredients[0].Strength; s.Amount.Cmp(big.NewRat(20, 1)) != 0 || s.Per.Code != "L" { // 20 g in a litre
		t.Errorf("%+v", s)
	}
	kit := inBottle[1]
	if len(kit.Parts) != 2 || kit.Form.Code != "" || kit.Marketed != nil || kit.Parts[1].Form.Code != "10106000" || len(kit.Substances()) != 2 {
		t.Errorf("%+v", kit)
	}
	levelled := products(t, c, strings.Replace(tablets, "C09AA05", "A11DB85", 1), aTablet)
	if own := levelled.Containing(Coding{System: "http://www.whocc.no/atc", Code: "C09AA05"})[0].Classification; own.Code != "A11DB85" {
		t.Errorf("a class that has no equal is levelled up to %s", own.Code)
	}
	if list := p.Classified(Coding{System: "http://www.whocc.no/atc", Code: "C09AA05"}); len(list) != 1 {
		t.Errorf("%d of the class", len(list))
	}
}

func TestAProductThatCannotBeCarriedExactlyIsCountedWithItsReason(t *testing.T) {
	c := shipped(t)
	rows := []struct {
		name         string
		product, ing string
		why          LostPart
	}{
		{"a form without an equal", strings.Replace(tablets, "738", "999999", 1), aTablet, LostForm},
		{"no form", strings.Replace(tablets, "ee-dose-form,738", ",", 1), aTablet, LostForm},
		{"a substance without a map", tablets, strings.Replace(aTablet, "atc,C09AA05", "ee-substance,999999", 1), LostSubstance},
		{"a unit that no map knows", tablets, strings.Replace(aTablet, "MG,1", "KLAAS,1", 1), LostStrength},
		{"no strength", tablets, strings.Replace(aTablet, "5,ee", ",ee", 1), LostStrength},
		{"a strength in nothing", tablets, strings.Replace(aTablet, ",1,ee-amount-unit,TABL", ",,,", 1), LostStrength},
		{"a quotient with a denominator", tablets, strings.Replace(aTablet, "MG,1", "MG/ML,1", 1), LostStrength},
		{"a strength that counts tablets", tablets, strings.Replace(aTablet, "MG,1", "TABL,1", 1), LostStrength},
		{"zero", tablets, strings.Replace(aTablet, "5,ee", "0,ee", 1), LostStrength},
		{"no ingredient", tablets, "", LostIngredients},
		{"one substance twice", tablets, aTablet + strings.Replace(aTablet, ",1,atc", ",2,atc", 1), LostIngredients},
		{"no number of items", strings.Replace(tablets, "28,", ",", 1), aTablet, LostPackage},
		{"no items", strings.Replace(tablets, "28,", "0,", 1), aTablet, LostPackage},
		{"a unit of items that no map knows", strings.Replace(tablets, "TABL", "KLAAS", 1), aTablet, LostPackage},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := products(t, c, row.product, row.ing)
			if p.Len() != 0 || len(p.Uncarried()) != 1 || p.Uncarried()[0].Why != row.why {
				t.Errorf("%d carried, left out %+v", p.Len(), p.Uncarried())
			}
			if _, found := p.Numbered(Coding{System: "http://ravimiregister.ee/pakendid", Code: "1000001"}); found {
				t.Error("it is found by its number")
			}
			if row.why == LostForm && !p.Lost(Coding{System: "http://www.whocc.no/atc", Code: "C09AA05"}, Coding{}) {
				t.Error("nobody knows that the list has the substance")
			}
		})
	}
}

func TestARowThatCannotBeUnderstoodIsRefusedByTableAndRow(t *testing.T) {
	c := shipped(t)
	rows := []struct {
		name, product, ing, want string
	}{
		{"another header", "x\n" + tablets, aTablet, "product.csv: the header is not"},
		{"an unknown system", strings.Replace(tablets, "ee-dose-form", "forms", 1), aTablet, `product.csv: row 2: unknown code system "forms"`},
		{"a comma in a number", strings.Replace(tablets, "28", `"2,8"`, 1), aTablet, "product.csv: row 2"},
		{"a day that is none", strings.Replace(tablets, "2020-01-01", "2020-13-01", 1), aTablet, "product.csv: row 2: since is a day"},
		{"another word for marketed", strings.Replace(tablets, "yes", "true", 1), aTablet, "marketed is yes, no or empty"},
		{"another status", strings.Replace(tablets, "draft", "ok", 1), aTablet, "status is draft"},
		{"no number", strings.Replace(tablets, "1000001", "", 1), aTablet, "needs its number"},
		{"an ingredient of nothing", tablets, strings.Replace(aTablet, "1000001", "1000009", 1), "product-ingredient.csv: row 2: the package is not"},
		{"a position twice", tablets, aTablet + aTablet, "product-ingredient.csv: row 3: the position stands there twice"},
		{"a number twice without parts", tablets + tablets, aTablet, "the position names a part"},
		{"a part of a package without parts", tablets, strings.Replace(aTablet, ",1,atc", ",1.1,atc", 1), "the position names a part"},
		{"a part counted with a nought", kitOne + kitTwo, strings.Replace(kitFirst, "1.1", "01.1", 1), `no part "01"`},
		{"a part of no number", kitOne + kitTwo, strings.Replace(kitFirst, "1.1", "x.1", 1), `no part "x"`},
		{"parts of two names", kitOne + strings.Replace(kitTwo, "Komplekt", "Teine", 1), kitFirst,
			`product.csv: row 3: name is "Teine", and "Komplekt" in row 2`},
		{"parts of which one is sold", kitOne + strings.Replace(kitTwo, ",,,,draft", ",no,,,draft", 1), kitFirst, `product.csv: row 3: marketed is "no"`},
		{"parts of which one ends", kitOne + strings.Replace(kitTwo, ",,,,draft", ",,,2001-01-01,draft", 1), kitFirst, "product.csv: row 3: until is"},
		{"parts of which one begins", kitOne + strings.Replace(kitTwo, ",,,,draft", ",,2001-01-01,,draft", 1), kitFirst, "product.csv: row 3: since is"},
		{"two exports put together", kitOne + kitOne, kitFirst + strings.Replace(kitFirst, "1.1", "2.1", 1), "product.csv: row 3: the same part as in row 2"},
		{"two exports without substances", tablets + tablets, "", "product.csv: row 3: the same part as in row 2"},
		{"a package numbered in dose forms", strings.Replace(tablets, "ee-package", "edqm", 1), aTablet, `product.csv: row 2: "edqm" is a system of codes`},
		{"a package numbered in words", strings.Replace(tablets, "ee-package", "fi-form-name", 1), aTablet, `product.csv: row 2: "fi-form-name" is a system`},
		{"a character that nobody sees", strings.Replace(tablets, "Põõsas", "Põõ\u202esas", 1), aTablet, "product.csv: row 2: column 3 holds a character"},
		{"a byte order mark", "\ufeffx", aTablet, "product.csv: the file begins with a byte order mark"},
		{"a quote that never ends", tablets + "\"x", aTablet, "product.csv: parse error on line 3"},
		{"a part that is not there", kitOne + kitTwo, strings.Replace(kitFirst, "1.1", "3.1", 1), `no part "3"`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			head := productHead
			if strings.HasPrefix(row.product, "x\n") || strings.HasPrefix(row.product, "\ufeff") {
				head = ""
			}
			p, err := ReadProducts("EE", strings.NewReader(head+row.product), strings.NewReader(ingredientHead+row.ing), c)
			if p != nil || err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%v, not %q", err, row.want)
			}
		})
	}
}

func TestADraftStrengthMakesADraftProduct(t *testing.T) {
	c := shipped(t)
	accepted := strings.Replace(tablets, "draft", "accepted by A. Reader on 2026-01-02", 1)
	for status, draft := range map[string]bool{"draft": true, "accepted by A. Reader on 2026-01-02": false} {
		p := products(t, c, accepted, strings.Replace(aTablet, "draft", status, 1))
		if found, ok := p.Numbered(Coding{System: "http://ravimiregister.ee/pakendid", Code: "1000001"}); !ok || found.Draft != draft {
			t.Errorf("%s: %+v", status, found)
		}
	}
}

// Two parts of one form and size are two parts where their substances differ.
func TestPartsThatDifferOnlyInTheirStrengthAreParts(t *testing.T) {
	p := products(t, shipped(t), kitOne+kitOne, kitFirst+strings.Replace(strings.Replace(kitFirst, "1.1", "2.1", 1), ",5,", ",10,", 1))
	if p.Len() != 1 || len(p.Containing(Coding{System: "http://www.whocc.no/atc", Code: "C09AA05"})[0].Parts) != 2 {
		t.Errorf("%d packages, left out %v", p.Len(), p.Uncarried())
	}
}

// What is read is bounded: rows of one package number and its substances. The time grows with the rows, not with their square.
func TestOnePackageCannotGrowWithoutEnd(t *testing.T) {
	c := shipped(t)
	_, err := ReadProducts("EE", strings.NewReader(productHead+strings.Repeat(kitOne, 20000)), strings.NewReader(ingredientHead), c)
	if err == nil || !strings.Contains(err.Error(), "row 102: more than 100 rows of one package") {
		t.Error(err)
	}
	var many strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&many, "ee-package,1000001,%d,atc,C09AA05,a%d,5,ee-amount-unit,MG,1,ee-amount-unit,TABL,draft\n", i, i)
	}
	_, err = ReadProducts("EE", strings.NewReader(productHead+tablets), strings.NewReader(ingredientHead+many.String()), c)
	if err == nil || !strings.Contains(err.Error(), "row 1002: more than 1000 active substances") {
		t.Error(err)
	}
}

func TestProductsArePartOfTheRelease(t *testing.T) {
	c := shipped(t)
	if c.Products("EE") != nil || (*Catalogue)(nil).Products("EE") != nil {
		t.Error("products stand there that nobody brought")
	}
	one, err := c.WithProducts(products(t, c, tablets, aTablet))
	if err != nil {
		t.Fatal(err)
	}
	two, err := c.WithProducts(products(t, c, tablets, strings.Replace(aTablet, ",5,", ",10,", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if one.Products("ee").Len() != 1 || c.Products("EE") != nil || one.Products("FI") != nil {
		t.Error("the products are not where they belong")
	}
	if one.Release() == c.Release() || one.Release() == two.Release() {
		t.Error("two releases are called alike")
	}
	if _, err := shipped(t).WithProducts(products(t, c, tablets, aTablet)); err == nil {
		t.Error("products that were read with other tables are taken")
	}
}

func TestStrengthsAreComparedExactly(t *testing.T) {
	unit := func(code string) Coding { return Coding{System: ucum, Code: code} }
	tablet, piece := Coding{System: "http://standardterms.edqm.eu", Code: "15054000"}, unit("1")
	strength := func(over string, in Coding, under string, per Coding) Strength {
		s, ok := NewStrength(Measure{rat(over), in}, Measure{rat(under), per})
		if !ok {
			t.Fatalf("%s %s / %s %s is no strength", over, in.Code, under, per.Code)
		}
		return s
	}
	one := strength("5", unit("mg"), "1", unit("mL"))
	rows := []struct {
		a, b        Strength
		alike, same bool
	}{
		{one, strength("50", unit("mg"), "10", unit("mL")), true, true},
		{one, strength("5000", unit("ug"), "0.001", unit("L")), true, true},
		{one, strength("5.0001", unit("mg"), "1", unit("mL")), true, false},
		{one, strength("5", unit("mg"), "1", unit("g")), false, false},
		{one, strength("5", unit("[IU]"), "1", unit("mL")), false, false},
		{strength("10", unit("mg"), "2", tablet), strength("5", unit("mg"), "1", piece), true, true},
		{strength("5", unit("mg"), "1", tablet), strength("5", unit("mg"), "1", Coding{System: tablet.System, Code: "15012000"}), false, false},
		{strength("5", unit("mg"), "1", unit("{dose}")), strength("5", unit("mg"), "1", piece), false, false},
		{strength("1", unit("mg"), "3", unit("mL")), strength("2", unit("mg"), "6", unit("mL")), true, true},
	}
	for i, row := range rows {
		if row.a.Alike(row.b) != row.alike || row.a.Same(row.b) != row.same || row.b.Same(row.a) != row.same {
			t.Errorf("row %d", i)
		}
	}
	within, ok := strength("50", unit("mg"), "1", piece).Within(Measure{rat("10"), unit("mL")})
	if !ok || !within.Same(one) {
		t.Error("50 mg in a piece of 10 mL is not 5 mg in 1 mL")
	}
	if _, ok := strength("50", unit("mg"), "1", piece).Within(Measure{rat("10"), tablet}); ok {
		t.Error("a content of tablets is taken for a volume")
	}
}

func TestADoseFormIsTheSameOnlyByAllOfItsProperties(t *testing.T) {
	text := `{"resourceType":"CodeSystem","url":"http://standardterms.edqm.eu","concept":[`
	form := func(code, basic, site, method, release, become string) string {
		return fmt.Sprintf(`{"code":%q,"property":[{"code":"BDF","valueCode":%q},{"code":"ISI","valueCode":%q},{"code":"AME","valueCode":%q},{"code":"RCA","valueCode":%q},{"code":"TRA","valueCode":%q}]}`,
			code, basic, site, method, release, become)
	}
	text += strings.Join([]string{form("1", "0069", "0031", "0019", "0047", "0042"), form("2", "0069", "0031", "0019", "0047", "0042"),
		form("3", "0051", "0031", "0019", "0047", "0042"), form("4", "0069", "0118", "0019", "0047", "0042"), form("5", "0069", "0031", "0004", "0047", "0042"),
		form("6", "0069", "0031", "0019", "0045", "0042"), form("7", "0069", "0031", "0019", "0047", "0039"),
		form("8", "0083", "0031", "0019", "0047", "0042"), form("9", "0069", "0031", "0019", "0047", "")}, ",") + "]}"
	p, err := ReadProperties(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := shipped(t).With(p)
	if err != nil {
		t.Fatal(err)
	}
	edqm := func(code string) Coding { return Coding{System: "http://standardterms.edqm.eu", Code: code} }
	for other, want := range map[string]Coherence{"1": Agrees, "2": Agrees, "3": Contradicts, "4": Contradicts, "5": Contradicts,
		"6": Contradicts, "7": Contradicts, "9": NotChecked, "10": NotChecked} {
		if got := c.SameForm(edqm("1"), edqm(other)); got != want {
			t.Errorf("1 and %s: %s, not %s", other, got, want)
		}
	}
	for code, want := range map[string]bool{"1": true, "3": true, "4": false, "5": false, "6": false, "7": false, "8": false, "9": false, "10": false} {
		if c.SwallowedWhole(edqm(code)) != want {
			t.Errorf("%s is swallowed whole: %v", code, !want)
		}
	}
	if shipped(t).SameForm(edqm("1"), edqm("2")) != NotChecked {
		t.Error("two forms are the same without any properties")
	}
}

func TestAListOfThirtyThousandPackagesIsReadQuickly(t *testing.T) {
	c := shipped(t)
	var rows, ingredients strings.Builder
	for i := range 30000 {
		number := fmt.Sprint(2000000 + i)
		rows.WriteString(strings.Replace(tablets, "1000001", number, 1))
		ingredients.WriteString(strings.Replace(aTablet, "1000001", number, 1))
	}
	began := time.Now()
	if p := products(t, c, rows.String(), ingredients.String()); p.Len() != 30000 {
		t.Fatalf("%d read", p.Len())
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	} else {
		t.Logf("30,000 packages in %s", took)
	}
}
