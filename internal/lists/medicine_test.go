package lists

import (
	"os"
	"strings"
	"testing"
)

func medicines(country, source, dir string) Import {
	return Import{Format: "medicines", Country: country, Into: dir, Sources: []string{source}, Release: "2026-11-01", Licence: "unstated"}
}

func TestAMedicineListGivesPackagesAndStrengths(t *testing.T) {
	dir := into(t)
	summary := imported(t, medicines("EE", "testdata/medicines-ee.csv", dir))
	products := table(t, dir, "ee/product.csv")
	want := map[string]string{"system": "ee-package", "name": "LAPIKUM 5 mg", "form_system": "ee-dose-form", "form": "738", "classification_system": "ee-atc",
		"classification": "C09AA05", "items": "30", "items_unit_system": "ee-amount-unit", "items_unit": "TABL", "content": "", "content_unit_system": "",
		"content_unit": "", "marketed": "yes", "since": "2020-01-01", "until": "", "status": "draft"}
	for column, cell := range want {
		if products["0990017"][column] != cell {
			t.Errorf("%s is %q instead of %q", column, products["0990017"][column], cell)
		}
	}
	if got := products["0990028"]; got["content"] != "20" || got["content_unit"] != "ML" || got["marketed"] != "no" || got["until"] != "2024-12-31" {
		t.Errorf("the retired package became %v", got)
	}
	rows := rowsOf(t, dir, "ee/product-ingredient.csv")
	if len(rows) != 3 || rows[1]["position"] != "1" || rows[2]["position"] != "2" || rows[2]["substance"] != "502" || rows[2]["numerator"] != "12.5" ||
		rows[2]["numerator_unit_system"] != "ee-amount-unit" || rows[2]["denominator"] != "1" || rows[2]["denominator_unit"] != "ML" ||
		rows[0]["substance_system"] != "ee-substance" || rows[0]["name"] != "ramiprill" {
		t.Errorf("the ingredients are %v", rows)
	}
	if one := outcome(t, summary, "medicines-ee (packages)"); one.Rows != 2 || one.Kept != 1 || one.Retired != 1 {
		t.Errorf("the outcome is %+v", one)
	}
	listed := manifest(t, dir)
	if listed["ee/product.csv"]["kind"] != "product" || listed["ee/product-ingredient.csv"]["kind"] != "product-ingredient" {
		t.Errorf("the manifest says %v", listed)
	}
}

func TestAMedicineListInXMLSaysTheSame(t *testing.T) {
	dir := into(t)
	asked := medicines("FI", "testdata/medicines-fi.xml", dir)
	asked.Release = ""
	imported(t, asked)
	products := table(t, dir, "fi/product.csv")
	if got := products["099001"]; got["system"] != "fi-package" || got["items_unit"] != "18" || got["form_system"] != "fi-dose-form" {
		t.Errorf("the package became %v", got)
	}
	if got := products["099002"]; got["content"] != "5" || got["marketed"] != "no" {
		t.Errorf("the second package became %v", got)
	}
	if rows := rowsOf(t, dir, "fi/product-ingredient.csv"); len(rows) != 1 || rows[0]["code"] != "099001" || rows[0]["substance_system"] != "fi-atc" {
		t.Errorf("the ingredients are %v", rows)
	}
	if release := manifest(t, dir)["fi/product.csv"]["release"]; release != "2026-11-01" {
		t.Errorf("the release is %q", release)
	}
}

func TestAListOfAnotherShapeIsReadByItsLayout(t *testing.T) {
	layout := written(t, "own.json", `{"about":"own","country":"EE","encoding":"windows-1252","separator":";","dates":"d.m.y","medicines":{
	  "package":"ee-package","form":"ee-dose-form","classification":"ee-atc","items-unit":"ee-amount-unit","content-unit":"ee-amount-unit",
	  "substance":"ee-substance","strength-unit":"ee-amount-unit","decimal-comma":true,
	  "columns":{"code":"Pakend","name":"Nimi","form":"#3","numerator":"Tugevus"},"marketed":{"column":"Turul","yes":["J"],"no":["E"]}}}`)
	source := written(t, "own.csv", "Pakend;Nimi;Vorm;classification;items;items_unit;Turul;since;substance;Tugevus;numerator_unit;denominator;denominator_unit\n"+
		"1;K\xf5ht;738;A;10,0;TABL;J;1.2.2020;5;2,50;MG;1;TABL\n")
	asked := medicines("", source, into(t))
	asked.Layout = layout
	imported(t, asked)
	if got := table(t, asked.Into, "ee/product.csv")["1"]; got["name"] != "Kõht" || got["items"] != "10.0" || got["since"] != "2020-02-01" || got["marketed"] != "yes" {
		t.Errorf("the package became %v", got)
	}
	if rows := rowsOf(t, asked.Into, "ee/product-ingredient.csv"); rows[0]["numerator"] != "2.50" {
		t.Errorf("the strength became %v", rows)
	}
}

func TestABrokenMedicineIsRefusedWithItsRowAndColumn(t *testing.T) {
	good, err := os.ReadFile("testdata/medicines-ee.csv")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{"12.5,MG", "\"12,5\",MG"}:                  `row 4: column numerator: "12,5" has a comma`,
		{",5,MG,1,TABL", ",0.0,MG,1,TABL"}:          "row 2: column numerator: 0.0 is nothing",
		{",5,MG,1,TABL", ",5,,1,TABL"}:              "row 2: column numerator_unit: a number without its unit",
		{",5,MG,1,TABL", ",,MG,1,TABL"}:             "row 2: column numerator: a unit without its number",
		{",5,MG,1,TABL", ",,,1,TABL"}:               "row 2: column denominator: a denominator without its numerator",
		{",5,MG,1,TABL", ",1e3,MG,1,TABL"}:          `"1e3" is no plain decimal`,
		{"11707,ramiprill", ","}:                    "row 2: column substance: a strength without a substance",
		{"30,TABL", "-30,TABL"}:                     `row 2: column items: "-30" is no plain decimal`,
		{"0990017,", ","}:                           "row 2: column code: the cell is empty",
		{"LAPIKUM 5 mg", ""}:                        "row 2: column name: the cell is empty",
		{",yes,", ",ja,"}:                           `row 2: column marketed: "ja" is none of`,
		{"2019-05-01", "2019-05-02"}:                "row 4: column since",
		{"502,klavulaanhape", "501,amoksitsilliin"}: "row 4: the substance",
		{"numerator,", "numerater,"}:                `no column called "numerator"`,
		{"2024-12-31", "2018-12-31"}:                "row 4: column until",
	} {
		dir := into(t)
		imported(t, medicines("EE", "testdata/medicines-ee.csv", dir))
		before := tree(t, dir)
		source := written(t, "list.csv", strings.Replace(string(good), change[0], change[1], 1))
		if _, err := run(medicines("EE", source, dir)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change[1], err)
		}
		untouched(t, dir, before)
	}
}

func TestABrokenMedicineInXMLIsRefusedWithItsLine(t *testing.T) {
	good, err := os.ReadFile("testdata/medicines-fi.xml")
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{`marketed="yes"`, `markted="yes"`}:          `line 3: the attribute "markted" has no place`,
		{`numerator="5"`, `numerator="5,0"`}:         "line 3: column numerator",
		{`country="FI"`, `country="EE"`}:             "is of EE, not of fi",
		{`code="099002"`, `code="099001"`}:           "line 6: the package 099001 stands at",
		{`<ingredient `, `<excipient `}:              `line 3: "excipient" is no ingredient`,
		{`urn:sild:medicines:1`, `urn:sild:other`}:   "is no medicine list",
		{`marketed="no"`, `marketed=""`}:             "line 6: marketed is yes or no",
		{`since="2021-06-01"/>`, `>5 ml</medicine>`}: "text within medicine",
	} {
		source := written(t, "list.xml", strings.Replace(string(good), change[0], change[1], 1))
		if _, err := run(medicines("FI", source, into(t))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change[1], err)
		}
	}
}

func TestACombinationPackIsLeftOutAndCounted(t *testing.T) {
	source := written(t, "list.csv", "code,name,form,classification,items,items_unit,marketed,substance,numerator,numerator_unit,denominator,denominator_unit,part\n"+
		"1,A,738,A,10,TABL,yes,5,1,MG,1,TABL,\n2,B,738,A,10,TABL,yes,5,1,MG,1,TABL,1\n2,B,739,A,1,ML,yes,6,1,MG,1,ML,2\n")
	dir := into(t)
	summary := imported(t, medicines("EE", source, dir))
	if one := outcome(t, summary, "medicines-ee (packages)"); one.skipped() != 2 || len(table(t, dir, "ee/product.csv")) != 1 {
		t.Errorf("the outcome is %+v", one)
	}
}
