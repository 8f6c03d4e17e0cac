package translation

import (
	"bytes"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sild/mappings"
)

// shipped is the catalogue that travels with the program.
func shipped(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Small tables on which each rule can be seen alone. The national code systems of XA and XB are made up.
const (
	smallSystems = `short,uri,oid,name
form,http://forms.example,1.2.3,Shared forms
form,,1.2.99,Shared forms under an older number
atc,http://atc.example,,Shared classes
unit,http://units.example,,Shared units
icd,http://icd.example,,Shared diagnoses
a-form,http://a.example/form,,Forms of A
a-atc,http://a.example/atc,,Classes of A
a-unit,http://a.example/unit,,Units of A
a-icd,http://a.example/icd,,Diagnoses of A
b-form,http://b.example/form,,Forms of B
b-unit,http://b.example/unit,,Units of B
`
	smallForms = `field,system,code,en,et,fi,since,until,status
dose-form,form,1,tablet,tablett,tabletti,2026-01-01,,accepted by A. Reader on 2026-01-02
dose-form,form,2,soft capsule,pehmekapsel,pehmeä kapseli,2026-01-01,,draft
dose-form,form,3,oral film,suukile,,2026-01-01,,accepted by A. Reader on 2026-01-02
dose-form,form,4,drops,tilgad,tipat,2026-01-01,,accepted by A. Reader on 2026-01-02
`
	smallClasses = `field,system,code,en,et,fi,since,until,status
classification,atc,A01,mouth,suu,suu,2026-01-01,,accepted by A. Reader on 2026-01-02
classification,atc,A01AB,mouth wash,suuvesi,suuvesi,2026-01-01,,accepted by A. Reader on 2026-01-02
`
	smallUnits = `field,system,code,en,et,fi,since,until,status
strength-unit,unit,g,gram,gramm,gramma,2026-01-01,,accepted by A. Reader on 2026-01-02
strength-unit,unit,mL,millilitre,milliliiter,millilitra,2026-01-01,,accepted by A. Reader on 2026-01-02
strength-unit,unit,third,third,kolmandik,kolmannes,2026-01-01,,accepted by A. Reader on 2026-01-02
`
	smallDiagnoses = `field,system,code,en,et,fi,since,until,status
diagnosis,icd,I10,high blood pressure,kõrgvererõhutõbi,kohonnut verenpaine,2026-01-01,,accepted by A. Reader on 2026-01-02
diagnosis,icd,~[A-Z][0-9]{2},,,,2026-01-01,,accepted by A. Reader on 2026-01-02
`
	mapHeader = "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n"
	aForms    = mapHeader +
		`a-form,T,equivalent,form,1,,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-form,U,equivalent,form,2,,,,yes,test,2026-01-01,draft,
a-form,V,wider,form,3,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-form,W,narrower,form,4,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-form,X,inexact,form,4,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-form,Y,none,,,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,the name is a riddle
`
	bForms = mapHeader +
		`b-form,,none,form,3,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,no such form in B
b-form,tb,equivalent,form,1,,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,
b-form,sc,wider,form,2,,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,
`
	aClasses = mapHeader +
		`a-atc,*,equivalent,atc,*,,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-atc,A01AB77,wider,atc,A01AB,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,national extension
`
	aUnits = mapHeader +
		`a-unit,G,equivalent,unit,g,1,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-unit,G/100ML,equivalent,unit,g,1/100,unit,mL,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-unit,KG,equivalent,unit,g,1000,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
a-unit,T,equivalent,unit,third,1/3,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,
`
	aDiagnoses = mapHeader + "a-icd,*,equivalent,icd,*,,,,yes,test,2026-01-01,accepted by A. Reader on 2026-01-02,\n"
	euForms    = mapHeader + "form,TAB,equivalent,form,1,,,,no,test,2026-01-01,accepted by A. Reader on 2026-01-02,\n"
)

func smallFiles() fstest.MapFS {
	manifest := "file,kind,origin,release,licence,status\n"
	files := fstest.MapFS{"systems.csv": {Data: []byte(smallSystems)}}
	for _, f := range [][3]string{
		{"eu/dose-form.csv", "value-set", smallForms}, {"eu/classification.csv", "value-set", smallClasses},
		{"eu/strength-unit.csv", "value-set", smallUnits}, {"eu/diagnosis.csv", "value-set", smallDiagnoses},
		{"xa-eu/dose-form.csv", "concept-map", aForms}, {"xb-eu/dose-form.csv", "concept-map", bForms},
		{"xa-eu/classification.csv", "concept-map", aClasses}, {"xa-eu/strength-unit.csv", "unit-map", aUnits},
		{"xa-eu/diagnosis.csv", "concept-map", aDiagnoses}, {"eu-eu/dose-form.csv", "concept-map", euForms},
	} {
		manifest += f[0] + "," + f[1] + ",test,1,CC0,draft\n"
		files[f[0]] = &fstest.MapFile{Data: []byte(f[2])}
	}
	files["MANIFEST.csv"] = &fstest.MapFile{Data: []byte(manifest)}
	return files
}

func small(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(smallFiles())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestABrokenTableIsRefusedWithItsFileAndRow(t *testing.T) {
	cases := []struct {
		name, file, old, new string
		want                 []string
	}{
		{"target outside the value set", "xa-eu/dose-form.csv", "form,1,", "form,9,",
			[]string{"xa-eu/dose-form.csv row 2", "not in the value set"}},
		{"unknown code system", "xa-eu/dose-form.csv", "a-form,U", "z-form,U", []string{"row 3", "z-form"}},
		{"same pair twice", "xa-eu/dose-form.csv", "a-form,U,equivalent,form,2", "a-form,T,equivalent,form,1",
			[]string{"row 3", "twice"}},
		{"two ways home", "xa-eu/dose-form.csv", "a-form,U,equivalent,form,2", "a-form,U,equivalent,form,1",
			[]string{"row 3", "same direction"}},
		{"two targets for one code", "xa-eu/dose-form.csv", "a-form,W,narrower,form,4", "a-form,V,narrower,form,4",
			[]string{"row 5", "same direction"}},
		{"unknown relation", "xa-eu/dose-form.csv", "narrower", "alike", []string{"row 5", "alike"}},
		{"unknown status", "xa-eu/dose-form.csv", "draft", "perhaps", []string{"row 3", "perhaps"}},
		{"accepted by nobody", "xa-eu/dose-form.csv", "accepted by A. Reader on 2026-01-02", "accepted", []string{"row 2", "accepted"}},
		{"accepted on no day", "xa-eu/dose-form.csv", "on 2026-01-02", "on 2026-13-02", []string{"row 2", "2026-13-02"}},
		{"since no day", "xa-eu/dose-form.csv", "test,2026-01-01", "test,soon", []string{"row 2", "soon"}},
		{"retired before it began", "eu/dose-form.csv", "drops,tilgad,tipat,2026-01-01,", "drops,tilgad,tipat,2026-01-01,2025-01-01",
			[]string{"eu/dose-form.csv row 5", "2025-01-01"}},
		{"retired target", "eu/dose-form.csv", "drops,tilgad,tipat,2026-01-01,", "drops,tilgad,tipat,2026-01-01,2026-02-01",
			[]string{"xa-eu/dose-form.csv row 5", "not in the value set"}},
		{"shape with an end", "eu/diagnosis.csv", ",,,,2026-01-01,", ",,,,2026-01-01,2026-02-01", []string{"row 3", "no end"}},
		{"no reason for a gap", "xa-eu/dose-form.csv", "the name is a riddle", "", []string{"row 7", "remark"}},
		{"no reason for a missing way home", "xb-eu/dose-form.csv", "no such form in B", "", []string{"row 2", "remark"}},
		{"back neither yes nor no", "xa-eu/dose-form.csv", "1,,,,yes", "1,,,,maybe", []string{"row 2", "maybe"}},
		{"factor is no fraction", "xa-eu/strength-unit.csv", "1/100", "0.01", []string{"row 3", "0.01"}},
		{"factor of zero", "xa-eu/strength-unit.csv", "1/100", "0", []string{"row 3", "factor"}},
		{"unit without a factor", "xa-eu/strength-unit.csv", "g,1000", "g,", []string{"row 4", "factor"}},
		{"way home through a conversion", "xa-eu/strength-unit.csv", "g,1000,,,no", "g,1000,,,yes",
			[]string{"row 4", "no conversion"}},
		{"denominator outside the value set", "xa-eu/strength-unit.csv", "unit,mL", "unit,L", []string{"row 3", `"L"`}},
		{"factor on a map of concepts", "xa-eu/dose-form.csv", "form,1,,", "form,1,2,", []string{"row 2", "factor"}},
		{"every code to one code", "xa-eu/classification.csv", "atc,*", "atc,A01", []string{"row 2", "every code"}},
		{"concept twice", "eu/dose-form.csv", "form,4,", "form,1,", []string{"eu/dose-form.csv row 5", "twice"}},
		{"concept without words", "eu/dose-form.csv", "drops,tilgad,tipat", ",,", []string{"row 5", "designation"}},
		{"row of another field", "eu/dose-form.csv", "dose-form,form,4", "route,form,4", []string{"row 5", "route"}},
		{"shape that closes our bracket", "eu/diagnosis.csv", "~[A-Z][0-9]{2}", "~A)|(?:B", []string{"row 3", "regular expression"}},
		{"copy in another folder", "MANIFEST.csv", "eu/dose-form.csv,", "old/eu/dose-form.csv,", []string{"MANIFEST.csv row", "old/eu/dose-form.csv"}},
		{"official list in another folder", "MANIFEST.csv", "eu/dose-form.csv,value-set", "old/eu/dose-form.csv,whole-value-set-of-systems", []string{"old/eu/dose-form.csv: a value set"}},
		{"whole list anywhere", "MANIFEST.csv", "eu/dose-form.csv,value-set", "dose-form.csv,whole-code-system", []string{"dose-form.csv: the names of codes"}},
		{"field that does not exist", "MANIFEST.csv", "eu/dose-form.csv,", "eu/dose-from.csv,", []string{"MANIFEST.csv row", `no field is called "dose-from"`}},
		{"value set of a country", "MANIFEST.csv", "eu/dose-form.csv,", "ee/dose-form.csv,", []string{"MANIFEST.csv row", "ee/dose-form.csv: a value set"}},
		{"map in capitals", "MANIFEST.csv", "xa-eu/dose-form.csv,", "XA-eu/dose-form.csv,", []string{"MANIFEST.csv row", "XA-eu/dose-form.csv: a map"}},
		{"map of a field that does not exist", "MANIFEST.csv", "xa-eu/dose-form.csv,", "xa-eu/form.csv,", []string{"no field is called"}},
		{"names of codes anywhere", "MANIFEST.csv", "eu/dose-form.csv,value-set", "dose-form.csv,code-system", []string{"dose-form.csv: the names of codes"}},
		{"shape of another field", "eu/diagnosis.csv", "diagnosis,icd,~", "dose-form,icd,~", []string{"row 3", "dose-form"}},
		{"row that leads to nothing", "xa-eu/dose-form.csv", "form,1,", "form,,", []string{"row 2", "leads to a code"}},
		{"character that nobody sees", "eu/dose-form.csv", "drops,tilgad", "dro\u202eps,tilgad", []string{"eu/dose-form.csv row 5", "column 4"}},
		{"text that is no UTF-8", "eu/dose-form.csv", "drops,tilgad", "dr\xf6ps,tilgad", []string{"row 5", "UTF-8"}},
		{"blank at the end of a code", "xa-eu/dose-form.csv", "a-form,T,", "a-form,T ,", []string{"row 2", "column 2"}},
		{"byte order mark", "eu/dose-form.csv", "field,system", "\ufefffield,system", []string{"eu/dose-form.csv", "byte order mark"}},
		{"shape that is no expression", "eu/diagnosis.csv", "{2}", "(", []string{"row 3", "regular expression"}},
		{"header of another table", "eu/dose-form.csv", "field,system", "system,field", []string{"header"}},
		{"header of another map", "xa-eu/dose-form.csv", "system,code", "code,system", []string{"header"}},
		{"row of another length", "eu/dose-form.csv", "tablet,tablett", "tablet", []string{"eu/dose-form.csv", "line 2"}},
		{"alias taken twice", "systems.csv", "1.2.99", "1.2.3", []string{"systems.csv row 3"}},
		{"alias before its system", "systems.csv", "form,http://forms.example", "form,", []string{"systems.csv row 2"}},
		{"file that is not listed", "MANIFEST.csv", "eu-eu/dose-form.csv", "eu-eu/route.csv", []string{"eu-eu/dose-form.csv"}},
		{"kind that nobody knows", "MANIFEST.csv", "unit-map", "unit-maps", []string{"MANIFEST.csv row", "unit-maps"}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			files := smallFiles()
			before := files[test.file].Data
			files[test.file].Data = bytes.Replace(before, []byte(test.old), []byte(test.new), 1)
			if bytes.Equal(before, files[test.file].Data) {
				t.Fatal("the test breaks nothing")
			}
			c, err := Load(files)
			if err == nil || c != nil {
				t.Fatal("the table is taken as it is")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestARetiredCodeIsNamedButNoMember(t *testing.T) {
	files := smallFiles()
	set := string(files["eu/dose-form.csv"].Data) + "dose-form,form,5,pill,pill,pilleri,2025-01-01,2026-01-01,draft\n"
	files["eu/dose-form.csv"].Data = []byte(set)
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	pill := Coding{System: "http://forms.example", Code: "5"}
	if c.Member(DoseForm, pill) {
		t.Error("a retired code is a member")
	}
	if text, _ := c.Designation(pill, "fi"); text != "pilleri" {
		t.Errorf("a retired code is called %q", text)
	}
}

func TestTheReleaseFollowsTheContent(t *testing.T) {
	if a, b := small(t).Release(), small(t).Release(); a != b || len(a) != 64 {
		t.Errorf("the same tables have the releases %s and %s", a, b)
	}
	for file, words := range map[string][2]string{
		"eu/dose-form.csv": {"drops", "drop"}, "systems.csv": {"Forms of A", "Forms of the country A"},
		"MANIFEST.csv": {"eu/diagnosis.csv,value-set,test,1", "eu/diagnosis.csv,value-set,test,2"},
	} {
		files := smallFiles()
		files[file].Data = bytes.Replace(files[file].Data, []byte(words[0]), []byte(words[1]), 1)
		changed, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		if changed.Release() == small(t).Release() {
			t.Errorf("another %s has the same release", file)
		}
	}
}

func TestRulesOfACorridorDoNotTouchTheRelease(t *testing.T) {
	files := smallFiles()
	files["corridors/XA-XB.csv"] = &fstest.MapFile{Data: []byte("rule\n")}
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if c.Release() != small(t).Release() {
		t.Error("a rule that maps nothing made a new release of the maps")
	}
}

func TestACodeSystemIsKnownByEveryName(t *testing.T) {
	c := small(t)
	for _, name := range []string{"http://forms.example", "urn:oid:1.2.3", "urn:oid:1.2.99"} {
		if found, ok := c.System(name); !ok || found.URI != "http://forms.example" || found.OID != "1.2.3" {
			t.Errorf("%s is %+v, %v", name, found, ok)
		}
		if !c.Member(DoseForm, Coding{System: name, Code: "1"}) {
			t.Errorf("the tablet of %s is not in the value set", name)
		}
	}
	if _, ok := c.System("http://nowhere.example"); ok {
		t.Error("a system that no table names is known")
	}
}

func TestMembershipIsDecidedByFieldSystemAndCode(t *testing.T) {
	c := small(t)
	cases := []struct {
		name  string
		field Field
		code  Coding
		want  bool
	}{
		{"a listed code", DoseForm, Coding{System: "http://forms.example", Code: "1"}, true},
		{"a code of another field", Diagnosis, Coding{System: "http://forms.example", Code: "1"}, false},
		{"the code of another system", DoseForm, Coding{System: "http://a.example/form", Code: "1"}, false},
		{"a code that is not listed", DoseForm, Coding{System: "http://forms.example", Code: "5"}, false},
		{"a code of the right shape", Diagnosis, Coding{System: "http://icd.example", Code: "Z99"}, true},
		{"a code with more than the shape", Diagnosis, Coding{System: "http://icd.example", Code: "Z99x"}, false},
		{"a field without a value set", Route, Coding{System: "http://forms.example", Code: "1"}, false},
	}
	for _, test := range cases {
		if got := c.Member(test.field, test.code); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestADesignationFallsBackFromTagToLanguageToEnglishToTheDisplay(t *testing.T) {
	c := small(t)
	tablet := Coding{System: "http://forms.example", Code: "1", Display: "Tableta", Language: "sk"}
	film := Coding{System: "http://forms.example", Code: "3"}
	strange := Coding{System: "http://forms.example", Code: "77", Display: "Čapík", Language: "sk"}
	cases := []struct {
		name       string
		coding     Coding
		languages  []string
		text, lang string
	}{
		{"the very language", tablet, []string{"fi"}, "tabletti", "fi"},
		{"the language without its region", tablet, []string{"fi-FI"}, "tabletti", "fi"},
		{"the second wish before English", tablet, []string{"sv-FI", "et"}, "tablett", "et"},
		{"English for want of words", film, []string{"fi"}, "oral film", "en"},
		{"English for want of wishes", tablet, nil, "tablet", "en"},
		{"the display of a code that no table names", strange, []string{"fi"}, "Čapík", "sk"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			if text, lang := c.Designation(test.coding, test.languages...); text != test.text || lang != test.lang {
				t.Errorf("%q in %q", text, lang)
			}
		})
	}
}

func TestDraftRowsAreCounted(t *testing.T) {
	c := small(t)
	if got := c.Drafts(DoseForm, ""); got != 2 { // one concept, one row of XA
		t.Errorf("%d drafts among the dose forms", got)
	}
	if got := c.Drafts(Classification, ""); got != 0 {
		t.Errorf("%d drafts among the classes", got)
	}
}

func TestTheShippedCatalogueListsItsCodesInOrder(t *testing.T) {
	c := shipped(t)
	if got := len(c.Members(DoseForm)); got < 75 {
		t.Errorf("%d dose forms", got)
	}
	for _, field := range []Field{DoseForm, StrengthUnit} {
		for _, list := range [][]Coding{c.Members(field), c.Sendable("ee", field)} {
			for i := 1; i < len(list); i++ {
				before, after := list[i-1], list[i]
				if before.System > after.System || (before.System == after.System && before.Code >= after.Code) {
					t.Errorf("%v stands before %v", before, after)
				}
			}
		}
	}
	if c.Members(Route) == nil || c.Members(Structural) != nil || c.Sendable("SE", DoseForm) != nil {
		t.Error("a list is there that should not be, or the other way about")
	}
}

func TestACatalogueServesManyAtOnce(t *testing.T) {
	c := shipped(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, code := range c.Sendable("EE", DoseForm) {
				s := NewSlot(DoseForm, "form", code)
				c.ToPivot("EE", s)
				c.FromPivot("FI", []string{"fi"}, s)
			}
		})
	}
	wait.Wait()
}

func TestAMissingFileIsNamed(t *testing.T) {
	files := smallFiles()
	delete(files, "eu/diagnosis.csv")
	if _, err := Load(files); err == nil || !strings.Contains(err.Error(), "eu/diagnosis.csv") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) ||
		strings.Count(err.Error(), "MANIFEST.csv") != 1 {
		t.Errorf("the error is %v", err)
	}
}
