package node_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// units are the words of the judged cases. The list of products writes the Finnish code where there is one, so that the
// country's own maps are walked; prescriptions write the shared one.
var units = map[string]struct{ shared, finnish string }{
	"tablet": {"edqm 15054000", "18"}, "capsule": {"edqm 15012000", "01"}, "mL": {"ucum mL", "02"}, "dose": {"ucum {dose}", "04"},
	"puff": {"edqm 15001000", "05"}, "ampoule": {"edqm 15002000", "06"}, "pen": {"edqm 15037000", "07"}, "suppository": {"edqm 15051000", "08"},
	"patch": {"edqm 15036000", "09"}, "sachet": {"edqm 15045000", "10"}, "IU": {"ucum [IU]", "11"}, "g": {"ucum g", "12"},
	"mg": {"ucum mg", "13"}, "ug": {"ucum ug", "14"}, "bottle": {"edqm 15009000", "15"}, "tube": {"edqm 15058000", "16"},
	"inhaler": {"edqm 15026000", "17"}, "syringe": {"edqm 15052000", ""}, "cartridge": {"edqm 15013000", ""},
	"container": {"edqm 15016000", ""}, "piece": {"ucum 1", ""}, "h": {"ucum h", ""},
	"vial": {"edqm 15060000", ""}, "U": {"ucum [arb'U]", ""}, "ELISA": {"ucum {ELISA'U}", ""},
}

func unitCells(t testing.TB, word string) []string {
	unit, known := units[word]
	switch {
	case word == "":
		return []string{"", ""}
	case !known:
		t.Fatalf("no unit %q", word)
	case unit.finnish != "":
		return []string{"fi-demo-unit", unit.finnish}
	}
	return strings.Fields(unit.shared)
}

// amount splits "5 mg" into its number and its unit.
func amount(text string) (number, unit string) {
	number, unit, _ = strings.Cut(strings.TrimSpace(text), " ")
	return number, unit
}

// substance splits "G03CA03(estradiol_valerate) 2 mg/1 tablet" into code, name and strength. Where no name is written, both
// sides call the substance by one made-up word; empty brackets are a side that does not name it.
func substance(text string) (code, name, strength string) {
	code, strength, _ = strings.Cut(text, " ")
	code, name, written := strings.Cut(code, "(")
	if !written {
		return code, "aine " + code, strength
	}
	return code, strings.ReplaceAll(strings.TrimSuffix(name, ")"), "_", " "), strength
}

func substanceCells(code string) []string {
	if code[0] == '1' {
		return []string{"sms", code}
	}
	return []string{"fi-atc", code}
}

// readTable reads a file of the judged cases without its header.
func readTable(t testing.TB, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/find/" + name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

const (
	productHeader = "system,code,name,form_system,form,classification_system,classification,items,items_unit_system,items_unit," +
		"content,content_unit_system,content_unit,marketed,since,until,status\n"
	ingredientHeader = "system,code,position,substance_system,substance,name,numerator,numerator_unit_system,numerator_unit," +
		"denominator,denominator_unit_system,denominator_unit,status\n"
)

// tables writes rows of the market (number, name, atc, form, ingredients, items, content, marketed, until) as the two
// tables that an operator brings.
func tables(t testing.TB, market [][]string) (products, ingredients string) {
	parts := map[string]int{}
	for _, row := range market {
		parts[row[0]]++
	}
	first, second := &strings.Builder{}, &strings.Builder{}
	p, i := csv.NewWriter(first), csv.NewWriter(second)
	seen := map[string]int{}
	for _, row := range market {
		form, _, _ := strings.Cut(row[3], " ")
		items, itemUnit := amount(row[5])
		content, contentUnit := amount(row[6])
		seen[row[0]]++
		write(t, p, []string{"fi-package", row[0], row[1], "fi-dose-form", form, "fi-atc", row[2], items}, unitCells(t, itemUnit),
			[]string{content}, unitCells(t, contentUnit), []string{row[7], "2020-01-01", row[8], "draft"})
		for n, ingredient := range strings.Split(row[4], " + ") {
			position := fmt.Sprint(n + 1)
			if parts[row[0]] > 1 {
				position = fmt.Sprintf("%d.%d", seen[row[0]], n+1)
			}
			code, name, strength := substance(ingredient)
			over, under, _ := strings.Cut(strength, "/")
			numerator, numeratorUnit := amount(over)
			denominator, denominatorUnit := amount(under)
			write(t, i, []string{"fi-package", row[0], position}, substanceCells(code), []string{name, numerator}, unitCells(t, numeratorUnit),
				[]string{denominator}, unitCells(t, denominatorUnit), []string{"draft"})
		}
	}
	p.Flush()
	i.Flush()
	return productHeader + first.String(), ingredientHeader + second.String()
}

func write(t testing.TB, w *csv.Writer, cells ...[]string) {
	if err := w.Write(slices.Concat(cells...)); err != nil {
		t.Fatal(err)
	}
}

// listed is a catalogue with a Finnish list of products, and with properties of some forms where they are asked for.
func listed(t testing.TB, market [][]string, properties bool) *translation.Catalogue {
	t.Helper()
	c := catalogue()
	products, ingredients := tables(t, market)
	list, err := translation.ReadProducts("fi", strings.NewReader(products), strings.NewReader(ingredients), c)
	if err == nil {
		c, err = c.WithProducts(list)
	}
	if err == nil && properties {
		var known *translation.Properties
		if known, err = translation.ReadProperties(strings.NewReader(someForms)); err == nil {
			c, err = c.With(known)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// someForms are the properties of a few tablets and capsules, as an operator's own copy of the list would give them.
const someForms = `{"resourceType":"CodeSystem","url":"http://standardterms.edqm.eu","concept":[
{"code":"10219000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0047"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10221000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0047"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10121000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0047"},{"code":"TRA","valueCode":"0039"}]},
{"code":"10226000","property":[{"code":"BDF","valueCode":"0069"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0045"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10210000","property":[{"code":"BDF","valueCode":"0051"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0047"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10215000","property":[{"code":"BDF","valueCode":"0051"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0045"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10216000","property":[{"code":"BDF","valueCode":"0051"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0045"},{"code":"TRA","valueCode":"0042"}]},
{"code":"10212000","property":[{"code":"BDF","valueCode":"0051"},{"code":"ISI","valueCode":"0031"},{"code":"AME","valueCode":"0019"},{"code":"RCA","valueCode":"0044"},{"code":"TRA","valueCode":"0042"}]}]}`

func finder(c *translation.Catalogue) *node.Finder {
	return &node.Finder{Catalogue: c, Rules: shippedRules(), Corridor: node.Corridor{A: "EE", B: "FI"}, Languages: []string{"en"},
		Now: func() time.Time { return noon }}
}

// sharedSlot is a coded place as it arrives from country A.
func sharedSlot(t testing.TB, field translation.Field, system, code string) *translation.Slot {
	t.Helper()
	known, ok := map[string]string{"edqm": "http://standardterms.edqm.eu", "ucum": "http://unitsofmeasure.org", "atc": "http://www.whocc.no/atc",
		"sms": "https://spor.ema.europa.eu/v2/SubstanceDefinition"}[system]
	if !ok {
		t.Fatalf("no code system %q", system)
	}
	return translation.NewSlot(field, string(field), translation.Coding{System: known, Code: code})
}

func quantity(t testing.TB, field translation.Field, text string) node.Quantity {
	t.Helper()
	number, word := amount(text)
	if number == "" {
		return node.Quantity{}
	}
	cells := strings.Fields(units[word].shared)
	if len(cells) != 2 {
		t.Fatalf("no unit in %q", text)
	}
	q := node.Quantity{Value: number, Unit: sharedSlot(t, field, cells[0], cells[1])}
	q.Unit.Number = number
	return q
}

func prescribedMedicine(t testing.TB, form, ingredients, items, content string) node.Medication {
	code, _, _ := strings.Cut(form, " ")
	m := node.Medication{Form: sharedSlot(t, translation.DoseForm, "edqm", code), Package: node.Package{
		Items: quantity(t, translation.PackageUnit, items), Content: quantity(t, translation.PackageUnit, content)}}
	for _, text := range strings.Split(ingredients, " + ") {
		code, name, strength := substance(text)
		over, under, _ := strings.Cut(strength, "/")
		system := "atc"
		if code[0] == '1' {
			system = "sms"
		}
		m.Ingredients = append(m.Ingredients, node.Ingredient{Substance: sharedSlot(t, translation.Substance, system, code), Name: name,
			Strength: &node.Ratio{Numerator: quantity(t, translation.StrengthUnit, over), Denominator: quantity(t, translation.StrengthUnit, under)}})
	}
	return m
}

// prescription makes the prescription of one judged case.
func prescription(t testing.TB, row []string) *node.Prescription {
	t.Helper()
	p := &node.Prescription{Amount: node.Amount{Packages: row[8], Left: row[9], Total: quantity(t, translation.PackageUnit, row[10])}}
	if strings.Contains(row[5], " & ") {
		for _, part := range strings.Split(row[5], " & ") {
			ingredients, rest, _ := strings.Cut(part, " @")
			form, size, _ := strings.Cut(rest, " ")
			items, content, _ := strings.Cut(size, " x ")
			p.Medication.Parts = append(p.Medication.Parts, prescribedMedicine(t, form, ingredients, items, content))
		}
	} else {
		p.Medication = prescribedMedicine(t, row[4], row[5], row[6], row[7])
	}
	p.Medication.Name = row[2]
	p.Medication.Classification = []*translation.Slot{sharedSlot(t, translation.Classification, "atc", row[3])}
	if row[11] != "" {
		yes := row[11] == "yes"
		p.Substitution.Allowed = &yes
	}
	if row[12] != "" {
		p.Dosage = []node.Dosage{{Dose: quantity(t, translation.DoseUnit, "1 "+row[12])}}
	}
	if row[14] == "form" {
		p.Medication.Form.Fate = translation.Refused
	}
	return p
}

// TestTheJudgedCasesGetWhatAPharmacistMayHandOut holds the finder against testdata/find/cases.csv. The answers there were
// judged by hand, each with its reason, on the made-up market of market.csv.
func TestTheJudgedCasesGetWhatAPharmacistMayHandOut(t *testing.T) {
	market := readTable(t, "market.csv")
	plain, known := finder(listed(t, market, false)), finder(listed(t, market, true))
	rows := readTable(t, "cases.csv")
	if len(rows) < 100 {
		t.Errorf("only %d judged cases", len(rows))
	}
	for _, row := range rows {
		t.Run(row[0]+" "+row[1], func(t *testing.T) {
			f := plain
			if row[13] == "yes" {
				f = known
			}
			offer := f.Find(prescription(t, row))
			if len(offer.Products) == 0 {
				if string(offer.None) != row[15] {
					t.Errorf("nothing is offered because of %s (%v), not %s: %s", offer.None, offer.Also, row[15], row[18])
				}
				return
			}
			first := offer.Products[0]
			var kinds []string
			for _, d := range first.Differences {
				kinds = append(kinds, string(d.Kind))
			}
			slices.Sort(kinds)
			want := strings.Fields(row[17])
			slices.Sort(want)
			if first.Number.Code != row[15] || first.Packs != row[16] || !slices.Equal(kinds, want) {
				t.Errorf("%s × %s %s %v is offered, not %s × %s %v: %s", first.Packs, first.Number.Code, first.Name, kinds, row[16], row[15], want, row[18])
			}
		})
	}
}
