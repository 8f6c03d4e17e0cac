package lists

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

const madeUpLayout = "testdata/vormid.layout.json"

func national(source, dir string) Import {
	return Import{Format: "csv", Layout: madeUpLayout, Into: dir, Sources: []string{source}, Release: "2026-11", Licence: "unstated"}
}

func TestANationalListBecomesTheWordsOfItsCodes(t *testing.T) {
	dir := into(t)
	summary := imported(t, national("testdata/vormid.csv", dir))
	forms := table(t, dir, "ee/vormid.csv")
	if got := forms["007"]; got["et"] != `lapik "ümar" tükk` || got["en"] != "flat piece" || got["since"] != "2020-02-01" || got["until"] != "" ||
		got["system"] != "ee-vormid" || got["status"] != "draft" {
		t.Errorf("007 became %v", got)
	}
	if forms["NA"]["et"] != "namiibia pulber" {
		t.Errorf("the code NA became %v", forms["NA"])
	}
	if got := forms["008"]; got["until"] != "2021-04-03" || got["en"] != "" || got["et"] != "vana tükk" {
		t.Errorf("the retired code became %v", got)
	}
	one := outcome(t, summary, "vormid.layout")
	if one.Rows != 4 || one.Kept != 2 || one.Retired != 1 || one.Skipped["an empty row"] != 1 {
		t.Errorf("the outcome is %+v", one)
	}
}

// TestTheSameListInAnyEncodingIsTheSameTable holds each encoding against the list in UTF-8.
func TestTheSameListInAnyEncodingIsTheSameTable(t *testing.T) {
	text, err := os.ReadFile("testdata/vormid.csv")
	if err != nil {
		t.Fatal(err)
	}
	layout, err := os.ReadFile(madeUpLayout)
	if err != nil {
		t.Fatal(err)
	}
	want := into(t)
	imported(t, national("testdata/vormid.csv", want))
	for name, page := range map[string]*charmap.Charmap{"cp850": charmap.CodePage850, "iso-8859-1": charmap.ISO8859_1, "windows-1252": charmap.Windows1252} {
		encoded, err := page.NewEncoder().Bytes(text)
		if err != nil {
			t.Fatal(err)
		}
		dir, source := into(t), written(t, "vormid.csv", string(encoded))
		asked := national(source, dir)
		asked.Layout = written(t, "vormid.layout.json", strings.Replace(string(layout), `"utf-8"`, `"`+name+`"`, 1))
		imported(t, asked)
		untouched(t, dir, tree(t, want))

		asked.Sources, asked.Into = []string{"testdata/vormid.csv"}, into(t)
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "is UTF-8, and the layout declares "+name) {
			t.Errorf("UTF-8 read as %s: %v", name, err)
		}
		asked = national(source, into(t))
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "this is not UTF-8") {
			t.Errorf("%s read as UTF-8: %v", name, err)
		}
	}
}

func TestAByteOrderMarkIsNoLetterOfTheHeader(t *testing.T) {
	text, err := os.ReadFile("testdata/vormid.csv")
	if err != nil {
		t.Fatal(err)
	}
	dir := into(t)
	imported(t, national(written(t, "vormid.csv", "\xef\xbb\xbf"+string(text)), dir))
	if len(table(t, dir, "ee/vormid.csv")) != 3 {
		t.Error("codes were lost")
	}
}

const header = "KOOD;NIMI;INGLISE;ALGUS;LÕPP;SEIS\n"

func TestABrokenListIsRefusedWithItsRowAndColumn(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a code twice with other words": {header + "1;a;b;1.1.2020;;K\n1;c;b;1.1.2020;;K\n", `row 3: the code "1" stands at`},
		"a code twice, retired once":    {header + "1;a;b;1.1.2020;;K\n1;a;b;1.1.2020;2.2.2021;E\n", `row 3: the code "1" stands at`},
		"no code":                       {header + ";a;b;1.1.2020;;K\n", `row 2 column "KOOD": the code is empty`},
		"a column is missing":           {"KOOD;NIMI;ALGUS;LÕPP;SEIS\n1;a;1.1.2020;;K\n", `has no column called "Ingl*"`},
		"two columns of one name":       {"KOOD;NIMI;INGLISE;INGLISE;ALGUS;LÕPP;SEIS\n", `has two columns called "Ingl*"`},
		"a cell is missing":             {header + "1;a;1.1.2020;;K\n", "row 2: 5 cells for 6 columns"},
		"a quote in the middle":         {header + "1;a;b;1.1.2020;;K\n2;a \"b\" c;d;1.1.2020;;K\n", "row 3 column 5: bare"},
		"a quote that never ends":       {header + "1;\"a;b;1.1.2020;;K\n", "row 2 column"},
		"a day that does not exist":     {header + "1;a;b;31.2.2020;;K\n", `row 2 column "ALGUS": the day "31.2.2020" does not exist`},
		"a day of another form":         {header + "1;a;b;2020-02-01;;K\n", `row 2 column "ALGUS": "2020-02-01" is no day`},
		"an unknown state":              {header + "1;a;b;1.1.2020;;X\n", `row 2 column "SEIS": "X" is none of`},
		"a lost letter":                 {header + "1;a\ufffdb;b;1.1.2020;;K\n", `row 2 column "NIMI": a letter was lost`},
		"a control character":           {header + "1;a\x07b;b;1.1.2020;;K\n", `row 2 column "NIMI": the text holds a character that nobody sees (U+0007)`},
		"a turned text":                 {header + "1;a\u202eb;b;1.1.2020;;K\n", `row 2 column "NIMI": the text holds a character that nobody sees (U+202E)`},
		"a mark of direction":           {header + "1;a\u200eb;b;1.1.2020;;K\n", `row 2 column "NIMI": the text holds a character that nobody sees (U+200E)`},
		"a soft hyphen in a code":       {header + "1\u00ad;a;b;1.1.2020;;K\n", `row 2 column "KOOD": the code`},
		"an invisible letter":           {header + "1\u200b;a;b;1.1.2020;;K\n", `row 2 column "KOOD": the code`},
		"a code that is a pattern":      {header + "~.*;a;b;1.1.2020;;K\n", `row 2 column "KOOD": the code "~.*" means something else`},
		"every code":                    {header + "*;a;b;1.1.2020;;K\n", `means something else`},
		"UTF-16":                        {"\xff\xfeK\x00", "is UTF-16"},
		"a NUL byte":                    {header + "1;a\x00;b;1.1.2020;;K\n", "vormid.csv row 2 column 2 (byte 4 of the line): a NUL byte"},
		"another encoding":              {header + "1;\"a;b\";p\xf5;1.1.2020;;K\n", "vormid.csv row 2 column 3 (byte 10 of the line): this is not UTF-8"},
		"no header":                     {"", "no header"},
		"no row":                        {header, "nothing to import was found"},
	} {
		dir := into(t)
		imported(t, national("testdata/vormid.csv", dir))
		before := tree(t, dir)
		_, err := run(national(written(t, "vormid.csv", test.text), dir))
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "vormid") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Count(err.Error(), ".csv") > 1 && !strings.Contains(err.Error(), "already") {
			t.Errorf("%s: the file is named more than once: %v", name, err)
		}
		untouched(t, dir, before)
	}
}

func TestOddRowsAreTakenForWhatTheySay(t *testing.T) {
	text := header +
		"1;a;b;1.1.2020;;K\n1;a;b;1.1.2020;;K\n" + // the same row again
		"2; b\u00a0;c;1.1.2020;1.1.2019;E\n" + // ends before it begins
		"3;c;d;1.1.2027;;K\n" + // not in force yet
		"4;d;e;1.1.2020;1.1.2027;K\n" + // an end to come
		"5;;e;1.1.2020;;E\n" + // no word that counts
		" 6 ;f;g;;;E\n" // no days at all
	dir := into(t)
	summary := imported(t, national(written(t, "vormid.csv", text), dir))
	rows := table(t, dir, "ee/vormid.csv")
	if len(rows) != 4 || rows["2"]["since"] != "2019-01-01" || rows["2"]["until"] != "2019-01-01" || rows["2"]["et"] != "b" ||
		rows["4"]["until"] != "" || rows["6"]["since"] != "2026-11-22" || rows["6"]["until"] != "2026-11-22" {
		t.Errorf("the rows are %v", rows)
	}
	one := outcome(t, summary, "vormid.layout")
	for _, why := range []string{"the same row again", "not in force yet: import again then", "no words for the code"} {
		if one.Skipped[why] != 1 {
			t.Errorf("%q is not counted: %v", why, one.Skipped)
		}
	}
	for _, part := range []string{"row 4: ends before it begins", "the first on 2027-01-01"} {
		if !strings.Contains(summary.String(), part) {
			t.Errorf("nobody is told %q:\n%s", part, summary)
		}
	}
}

// A list says that it is whole by its layout, and a code system of FHIR by its content; one that lacks codes for want of words is not.
func TestAnImportSaysWhetherANationalListIsWhole(t *testing.T) {
	layout, err := os.ReadFile(madeUpLayout)
	if err != nil {
		t.Fatal(err)
	}
	whole := written(t, "vormid.json", strings.Replace(string(layout), `"list":`, `"whole": true, "list":`, 1))
	for name, test := range map[string]struct{ layout, text, kind string }{
		"a layout that does not say":   {madeUpLayout, header + "1;a;b;1.1.2020;;K\n", "code-system"},
		"a layout of a whole list":     {whole, header + "1;a;b;1.1.2020;;K\n2;c;d;1.1.2020;2.2.2021;E\n", "whole-code-system"},
		"one without words for a code": {whole, header + "1;a;b;1.1.2020;;K\n2;;;1.1.2020;;K\n", "code-system"},
	} {
		dir := into(t)
		asked := national(written(t, "vormid.csv", test.text), dir)
		asked.Layout = test.layout
		summary := imported(t, asked)
		if kind := manifest(t, dir)["ee/vormid.csv"]["kind"]; kind != test.kind {
			t.Errorf("%s became %s:\n%s", name, kind, summary)
		}
	}
	for content, kind := range map[string]string{"complete": "whole-code-system", "fragment": "code-system"} {
		file := written(t, "system.json", `{"resourceType":"CodeSystem","url":"https://example.ee/CodeSystem/asjad","version":"1","name":"Asjad","status":"active",
			"date":"2026-09","language":"et","content":"`+content+`","copyright":"made up","concept":[{"code":"1","display":"asi"}]}`)
		dir, shared := into(t), into(t)
		imported(t, Import{Format: "fhir", Into: dir, Sources: []string{file}, Country: "EE"})
		if row := manifest(t, dir)["ee/asjad.csv"]; row["kind"] != kind {
			t.Errorf("a code system that is %s became %v", content, row)
		}
		imported(t, Import{Format: "fhir", Into: shared, Sources: []string{file}})
		if row := manifest(t, shared)["eu/codes-asjad.csv"]; row["kind"] != "code-system" {
			t.Errorf("words of no country became %v", row)
		}
	}
}

func TestTheLayoutsOfExcerptsAreOfNoWholeList(t *testing.T) {
	names, err := Layouts()
	if err != nil {
		t.Fatal(err)
	}
	excerpts := []string{"dk-lms15-package", "dk-lms15-substance", "ee-piiriulene-atc", "ee-rhk10"}
	for _, named := range names {
		one, err := layoutOf(named[0])
		if err != nil {
			t.Fatal(err)
		}
		if want := one.Medicines == nil && !slices.Contains(excerpts, named[0]); one.Whole != want {
			t.Errorf("the layout %s is of a whole list: %v", named[0], one.Whole)
		}
	}
}

func TestALayoutThatCannotBeMeantIsRefused(t *testing.T) {
	good, err := os.ReadFile(madeUpLayout)
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{`"EE"`, `"Eesti"`}:                                    "two letters",
		{`"utf-8"`, `"utf8"`}:                                  "the encoding is one of",
		{`";"`, `";;"`}:                                        "the separator is one character",
		{`"d.m.y"`, `"m/d/y"`}:                                 "dates are iso or d.m.y",
		{`"vormid",`, `"product",`}:                            "the list needs a name",
		{`"vormid",`, `"../etc",`}:                             "the list needs a name",
		{`"since"`, `"sinse"`}:                                 "sinse",
		{`"code": "Kood"`, `"code": ""`}:                       "are needed",
		{`"et"`, `"Estonian"`}:                                 "is no language",
		{`"Lõpp|#5"`, `"#7"`}:                                  "has no column #7",
		{`"uri": "https://example.ee/CodeSystem/vormid",`, ``}: "no code system is called",
	} {
		asked := national("testdata/vormid.csv", into(t))
		asked.Layout = written(t, "bad.json", strings.Replace(string(good), change[0], change[1], 1))
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change[1], err)
		}
	}
	for layout, want := range map[string]string{"": "needs a layout", "no-such": "no layout of the program", "medicines-ee": "say --format medicines"} {
		asked := national("testdata/vormid.csv", into(t))
		if asked.Layout = layout; layout == "" {
			asked.Layout = ""
		}
		if _, err := run(asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("layout %q: %v", layout, err)
		}
	}
}

func TestAListMaySayWhichSharedUnitStandsForItsCodes(t *testing.T) {
	dir := into(t)
	asked := Import{Format: "csv", Layout: "dk-lms15-substance", Into: dir, Release: "1", Licence: "unstated",
		Sources: []string{written(t, "units.csv", "lms15_code,lms15_display,numerator,denominator,denominator_value\n"+
			"MG,milligram,mg,1,1\nMGM,,mg,mL,1\nMF,,mg,mL,5\nXX,nothing,,,\nST,,1,1,1\nUN,,1,1,1\n")}}
	imported(t, asked)
	rows := table(t, dir, "dk-eu/strength-unit.csv")
	for code, want := range map[string]string{
		"MG": "equivalent mg 1   yes", "MGM": "equivalent mg 1 ucum mL no", "MF": "equivalent mg 1/5 ucum mL no", "XX": "none     no",
		"ST": "equivalent 1 1   no", "UN": "equivalent 1 1   no",
	} {
		row := rows[code]
		if got := strings.Join([]string{row["relation"], row["target"], row["factor"], row["per_system"], row["per"], row["back"]}, " "); got != want {
			t.Errorf("%s became %q instead of %q", code, got, want)
		}
	}
	asked.Sources = []string{written(t, "units.csv", "lms15_code,lms15_display,numerator,denominator,denominator_value\nA,,mg,mL,\"0,5\"\n")}
	if _, err := run(asked); err == nil || !strings.Contains(err.Error(), `row 2 column "denominator_value": "0,5" is no amount`) {
		t.Errorf("a broken amount: %v", err)
	}
}

func TestEveryLayoutOfTheProgramCanBeRead(t *testing.T) {
	layouts, err := Layouts()
	if err != nil || len(layouts) < 18 {
		t.Fatal(len(layouts), err)
	}
	for _, one := range layouts {
		if one[1] == "" {
			t.Errorf("%s does not say what it is for", one[0])
		}
	}
}
