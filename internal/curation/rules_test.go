package curation

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"sild/mappings"
	"sild/translation"
)

// changed is the shipped tables with one text in place of another in one file.
func changed(t *testing.T, file, old, replacement string) translation.Source {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(mappings.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(mappings.Files(), name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if old == "" {
		files[file] = &fstest.MapFile{Data: []byte(replacement)}
		return translation.Source{Files: files}
	}
	before := string(files[file].Data)
	if strings.Count(before, old) != 1 {
		t.Fatalf("%s has %q %d times", file, old, strings.Count(before, old))
	}
	files[file] = &fstest.MapFile{Data: []byte(strings.Replace(before, old, replacement, 1))}
	return translation.Source{Files: files}
}

// found says whether a rule says something of a code that has the words.
func found(v Verdict, rule, code, words string) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return f.Broken && f.Rule == rule && f.Code == code && strings.Contains(f.Words, words)
	})
}

func TestEachRuleNoticesWhatItIsFor(t *testing.T) {
	cases := []struct{ name, file, old, replacement, rule, code, words string }{
		{"a table that nobody lists", "ee-eu/route.csv", "", "system,code\n", RuleManifest, "", "nobody reads it"},
		{"a line of the manifest without a licence", "MANIFEST.csv", "ee-eu/vaccine.csv,concept-map,codes of Estonian public lists; judged by this project,2026-11-01,Apache-2.0",
			"ee-eu/vaccine.csv,concept-map,codes of Estonian public lists; judged by this project,2026-11-01,", RuleManifest, "", "licence"},
		{"seals that are called a corridor", "MANIFEST.csv", "SEALS.csv,seals,", "SEALS.csv,corridor,", RuleManifest, "", "does not stand in SEALS.csv"},
		{"a manifest that says otherwise than was read", "MANIFEST.csv", "eu/substitution.csv,value-set,MyHealth@EU", "eu/substitution.csv,value-set,", RuleSeal, "", "origin of MANIFEST.csv"},
		{"another list for every code", "fi-eu/vaccine.csv", "fi-atc,*,equivalent,atc,*", "fi-atc,*,equivalent,edqm,*", RuleReading, "*", "codes of atc, and the map leads to edqm"},
		{"a factor for every code", "fi-eu/dose-unit.csv", "ucum,*,equivalent,ucum,*,1,,,yes", "ucum,*,equivalent,ucum,*,10,,,no", RuleUnit, "*", "no factor but 1"},
		{"an empty table", "fi-eu/vaccine.csv", "", mapHeader, RuleTable, "", "empty"},
		{"a table with a row cut short", "ee-eu/dose-unit.csv", "ee-dose-unit,TA,equivalent,edqm,15054000", "ee-dose-unit,TA", RuleTable, "", "cannot be read"},
		{"a row twice", "eu/severity.csv", "severity,sct,24484000", "severity,sct,24484000,severe,raske,vaikea,2026-11-01,,draft\nseverity,sct,24484000", RuleOnce, "24484000", "twice"},
		{"rows out of order", "eu-eu/dose-form.csv", "dk-dose-form,CREME", "dk-dose-form,ZALVE", RuleSorted, "DEPTAB", "byte order"},
		{"a row that says from nowhere", "fi-eu/route.csv", "fi-route,1055,equivalent,edqm,20053000,,,,yes,published Finnish example: tablets", "fi-route,1055,equivalent,edqm,20053000,,,,yes,", RuleProvenance, "1055", "source"},
		{"a gap without the class of its reason", "ee-eu/dose-form.csv", "draft,too-general: names only that it is something else", "draft,names only that it is something else", RuleReason, "10028", "not begin with why: no-term, "},
		{"a class of reason that nobody knows", "ee-eu/dose-form.csv", "draft,too-general: names only that it is something else", "draft,too-vague: names only that it is something else", RuleReason, "10028", "not begin with why"},
		{"a class without a sentence", "fi-eu/substance.csv", "draft,no-term: ATC has no code for clavulanic acid alone", "draft,no-term:", RuleReason, "", "then a colon, a blank and a sentence"},
		{"a digit of a SNOMED code that was mistyped", "eu/severity.csv", "sct,24484000", "sct,24484001", RuleCode, "24484001", "check digit"},
		{"a digit of a LOINC code that was mistyped", "eu/document-code.csv", "loinc,57833-6", "loinc,57838-6", RuleCode, "57838-6", "check digit"},
		{"an ATC code that is none", "fi-eu/substance.csv", "R01AD05,equivalent,atc,R03BA02", "R01AD05,equivalent,atc,R3BA02", RuleCode, "R3BA02", "looks like"},
		{"a unit of presentation for a form", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent,edqm,10219000", "ee-dose-form,738,equivalent,edqm,15054000", RuleClass, "15054000", "dose-form"},
		{"a target that no list has", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent,edqm,10219000", "ee-dose-form,738,equivalent,edqm,10219999", RuleDangling, "738", "not in the value set"},
		{"a system that no source knows", "fi-eu/route.csv", "fi-route,1055", "fi-rote,1055", RuleDangling, "1055", "fi-rote"},
		{"a target that was retired", "eu/dose-form.csv", "dose-form,edqm,10219000,tablet,tablett,tabletti,2026-11-01,", "dose-form,edqm,10219000,tablet,tablett,tabletti,2026-11-01,2026-11-20", RuleRetired, "738", "2026-11-20"},
		{"words that are missing", "eu/severity.csv", "severe,raske", "severe,", RuleWords, "24484000", "in et"},
		{"words with a blank too many", "eu/route.csv", "suun kautta", "suun  kautta", RuleWords, "20053000", "blanks"},
		{"two codes that are called the same", "eu/route.csv", "suun kautta", "lihakseen", RuleSameWords, "20053000", "20035000"},
		{"a shared code without a way home", "fi-eu/route.csv", "fi-route,1055,equivalent,edqm,20053000,,,,yes", "fi-route,1055,equivalent,edqm,20053000,,,,no", RuleWayHome, "20053000", "into FI"},
		{"the only row about a shared system that another country's map deals with", "fi-eu/substance.csv",
			"fi-atc,,none,sms,100000089842,,,,no,curated by name and meaning,2026-11-01,draft,no-term: ATC has no code for clavulanic acid alone\n", "", RuleWayHome, "100000089842", "into FI"},
		{"a way home and a row that says there is none", "fi-eu/route.csv", "fi-route,,none,edqm,20001000", "fi-route,,none,edqm,20053000", RuleWayHome, "1055", "nothing national"},
		{"a way home over a spelling", "eu-eu/dose-form.csv", "dk-dose-form,CREME,equivalent,edqm,10502000,,,,no", "dk-dose-form,CREME,equivalent,edqm,10502000,,,,yes", RuleExact, "CREME", "spelling"},
		{"a way home over a wider code", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent", "ee-dose-form,738,wider", RuleExact, "738", "equivalent row"},
		{"a code besides the row for every code", "fi-eu/substance.csv", "fi-atc,S01AA26,equivalent,atc,J01FA10,,,,no", "fi-atc,S01AA26,equivalent,atc,J01FA10,,,,yes", RuleWayHome, "S01AA26", "same code"},
		{"a factor that is too small", "ee-eu/strength-unit.csv", "MG/5ML,equivalent,ucum,mg,1/5", "MG/5ML,equivalent,ucum,mg,1/50", RuleUnit, "MG/5ML", "should be 1/5"},
		{"a denominator of another kind", "ee-eu/strength-unit.csv", "MG/5ML,equivalent,ucum,mg,1/5,ucum,mL", "MG/5ML,equivalent,ucum,mg,1/5,ucum,g", RuleUnit, "MG/5ML", "per mass"},
		{"a unit of another kind", "ee-eu/strength-unit.csv", "MMOL,equivalent,ucum,mmol", "MMOL,equivalent,ucum,mg", RuleUnit, "MMOL", "amount of substance and becomes mass"},
		{"a spelling of another unit", "eu-eu/dose-unit.csv", "{Tablet},equivalent,edqm,15054000", "{Tablet},equivalent,edqm,15012000", RuleUnit, "{Tablet}", "15054000 and becomes 15012000"},
		{"a target that the second reader does not mean", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent,edqm,10219000", "ee-dose-form,738,equivalent,edqm,10210000", RuleReading, "738", "“tablet”"},
		{"a relation that the second reader does not see", "eu-eu/container.csv", "tablettipurkkimuovi,wider", "tablettipurkkimuovi,equivalent", RuleReading, "tablettipurkkimuovi", "second reader wider"},
		{"a row that only the second reader knows", "ee-eu/dose-unit.csv", "ee-dose-unit,KO,none,,,,,,no", "ee-dose-unit,KA,none,,,,,,no", RuleReading, "KO", "no map has it"},
		{"words that were changed after they were read", "eu/route.csv", "suun kautta", "suuhun", RuleSeal, "", "column fi of eu/route.csv"},
		{"a manifest out of order", "MANIFEST.csv", "ee-eu/vaccine.csv,", "ee-eu/zaccine.csv,", RuleTable, "", "cannot be read"},
		{"code systems out of order", "systems.csv", "absent-unknown,", "zabsent-unknown,", RuleSorted, "", "short"},
		{"two Swedish words alike", "eu/time-unit.csv", ",dygn,", ",timme,", RuleSameWords, "h", "d in sv"},
		{"a snapshot that cannot be made", "ee-eu/dose-form.csv", "ee-dose-form,738,equivalent", "ee-dose-form,738,alike", RuleCompile, "", "alike"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			v := shipped(changed(t, test.file, test.old, test.replacement)).Run()
			if !found(v, test.rule, test.code, test.words) {
				t.Errorf("%s does not say %q of %q; found %+v", test.rule, test.words, test.code, v.Findings)
			}
		})
	}
}

// extra is a folder of an operator with one table.
func extra(kind, file, table string) translation.Source {
	return translation.Source{Name: "imported", Files: fstest.MapFS{
		"MANIFEST.csv": {Data: []byte("file,kind,origin,release,licence,status\n" + file + "," + kind + ",test,2,CC0,accepted\n")},
		"systems.csv":  {Data: []byte("short,uri,oid,name\n")},
		file:           {Data: []byte(table)},
	}}
}

const mapHeader = "system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n"

const accepted = ",2026-11-01,,accepted by A. Pharmacist on 2026-11-02\n"

func TestTheListOfTheCountryIsAsked(t *testing.T) {
	list := "system,code,et,since,until,status\n" +
		"ee-dose-form,738,kõvakapsel" + accepted + // called like the shared hard capsule
		"ee-dose-form,740,kapsel,2026-11-01,2026-11-10,draft\n"
	v := shipped(translation.Source{Files: mappings.Files()}, extra("whole-code-system", "ee/dose-form.csv", list)).Run()
	for _, want := range []struct{ code, words string }{
		{"738", "just like the shared code 10210000, but it leads to 10219000"}, {"740", "retired the code on 2026-11-10"}, {"767", "no such code"},
	} {
		if !found(v, RuleNational, want.code, want.words) {
			t.Errorf("nobody says %q of %s", want.words, want.code)
		}
	}
	v = shipped(translation.Source{Files: mappings.Files()}, extra("code-system", "ee/dose-form.csv", list)).Run()
	if found(v, RuleNational, "767", "no such code") {
		t.Error("a list that is not whole says that a code is none")
	}
	if !remarked(v, RuleNational, "", "which does not say that it is whole, lacks 594 codes of the map (10000, ") {
		t.Errorf("nobody says that the list may not be whole: %+v", v.Findings)
	}
}

// remarked says whether a rule remarks something of a code that has the words, without being broken.
func remarked(v Verdict, rule, code, words string) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return !f.Broken && f.Rule == rule && f.Code == code && strings.Contains(f.Words, words)
	})
}

func TestWhatARowForEveryCodeDoesNotBringIntoTheCountryIsTold(t *testing.T) {
	list := "system,code,fi,since,until,status\nfi-dose-form,10210000,kova kapseli" + accepted + "fi-dose-form,10221000,kalvopäällysteinen,2026-11-01,2026-11-10,draft\n"
	for kind, want := range map[string]string{"code-system": "1 shared code that", "whole-code-system": "shared codes that"} {
		sources := []translation.Source{{Files: mappings.Files()}, extra(kind, "fi/dose-form.csv", list)}
		v := shipped(sources...).Run()
		if !remarked(v, RuleNational, "*", want) {
			t.Errorf("%s: nobody says what cannot be received: %+v", kind, v.Findings)
		}
		if kind == "code-system" && !remarked(v, RuleNational, "*", "(10221000)") {
			t.Errorf("the retired code is not named: %+v", v.Findings)
		}
		c := opened(t, sources...)
		for code, received := range map[string]bool{"10210000": true, "10221000": false, "10219000": kind == "code-system"} {
			s := translation.NewSlot(translation.DoseForm, "form", translation.Coding{System: "http://standardterms.edqm.eu", Code: code})
			c.FromPivot("FI", []string{"fi"}, s)
			if (s.Fate == translation.Mapped) != received {
				t.Errorf("%s: %s is %s: the check and the translation differ", kind, code, s.Fate)
			}
		}
	}
	why := extra("concept-map", "fi-eu/dose-form.csv", mapHeader+"fi-dose-form,,none,edqm,10221000,,,,no,test,2026-11-01,draft,the list has ended it\n")
	if v := shipped(translation.Source{Files: mappings.Files()}, extra("code-system", "fi/dose-form.csv", list), why).Run(); remarked(v, RuleNational, "*", "") {
		t.Error("a row says why a shared code cannot be received, and it is told all the same")
	}
	if v := shipped(translation.Source{Files: mappings.Files()}).Run(); slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Rule == RuleNational }) {
		t.Error("without a national list there is something to say of it")
	}
}

const forms = `{"resourceType":"CodeSystem","url":"http://standardterms.edqm.eu","concept":[
 {"code":"10219000","property":[{"code":"BDF","valueCode":"tablet"}]},{"code":"10210000","property":[{"code":"BDF","valueCode":"capsule"}]}]}`

func TestAnImportedRowThatContradictsOursByItsPropertiesIsNoticed(t *testing.T) {
	properties, err := translation.ReadProperties(strings.NewReader(forms))
	if err != nil {
		t.Fatal(err)
	}
	check := shipped(translation.Source{Files: mappings.Files()}, extra("concept-map", "ee-eu/dose-form.csv", mapHeader+
		"ee-dose-form,738,equivalent,edqm,10210000,,,,no,list,2026-11-01,accepted by The Authority on 2026-11-02,\n"))
	check.Properties = properties
	v := check.Run()
	if !found(v, RuleProperties, "738", "basic dose form") {
		t.Error("a capsule in place of a tablet goes unnoticed")
	}
	for _, f := range v.Findings {
		if f.Rule == RuleReading && f.Code == "738" && (f.Broken || !strings.Contains(f.Words, "cannot mean one thing: basic dose form")) {
			t.Errorf("the second reader of an earlier source says %+v", f)
		}
		if f.Rule == RuleProperties && !f.Broken && (strings.Contains(f.Words, "10210000") || !strings.Contains(f.Words, "10105000")) && f.File == "ee-eu/dose-form.csv" && f.Source == "" {
			t.Errorf("what the file knows is not told apart: %+v", f)
		}
	}
}

func TestDraftsBreakTheRulesInProductionOnly(t *testing.T) {
	check := shipped(translation.Source{Files: mappings.Files()})
	if v := check.Run(); v.Broken != 0 {
		t.Errorf("%d broken", v.Broken)
	}
	check.Production = true
	if v := check.Run(); !found(v, RuleDraft, "", "nobody has accepted") {
		t.Error("drafts pass in production")
	}
}

func TestASnapshotAloneIsJudgedByTheRulesThatNeedNoRows(t *testing.T) {
	built, err := translation.Compile(changed(t, "fi-eu/route.csv", "fi-route,1055,equivalent,edqm,20053000,,,,yes", "fi-route,1055,equivalent,edqm,20053000,,,,no"))
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	check := shipped()
	check.Sources, check.Catalogue = nil, catalogue
	if v := check.Run(); !found(v, RuleWayHome, "20053000", "into FI") || v.Release != built.Release {
		t.Errorf("%+v", v.Findings)
	}
}

func TestASealIsMadeAnewOnlyWhereItIsBroken(t *testing.T) {
	now, err := Reseal(translation.Source{Files: mappings.Files()}, "A. Reader", "2026-12-01")
	if err != nil || strings.Contains(now, "A. Reader") {
		t.Errorf("the seals of the shipped tables: %v", err)
	}
	file, old, words := "eu/route.csv", "suun kautta", "suuhun"
	if now, err = Reseal(changed(t, file, old, words), "A. Reader", "2026-12-01"); err != nil || strings.Count(now, "A. Reader,2026-12-01\n") != 1 ||
		!strings.Contains(now, "eu/route.csv,fi,") {
		t.Errorf("%v\n%s", err, now)
	}
	source := changed(t, file, old, words)
	source.Files.(fstest.MapFS)["SEALS.csv"].Data = []byte(now)
	if v := shipped(source).Run(); v.Broken != 0 {
		t.Errorf("after the new seal: %+v", v.Findings[:v.Broken])
	}
	if _, err = Reseal(source, "A, B", "2026-12-01"); err == nil {
		t.Error("a reader with a comma is taken")
	}
}

func TestWhatAnImportedListBringsIsToldInOneRemark(t *testing.T) {
	list := "field,system,code,en,since,until,status\n"
	for _, code := range []string{"20990000", "20991000", "20992000", "20993000", "20994000", "20996000", "20997000"} {
		list += "route,edqm," + code + ",made-up route " + code + accepted
	}
	v := shipped(translation.Source{Files: mappings.Files()}, extra("value-set", "eu/route.csv", list)).Run()
	if v.Broken != 0 {
		t.Errorf("an imported list breaks %+v", v.Findings[:v.Broken])
	}
	for rule, want := range map[string]string{
		RuleWords:   "7 codes of an imported list: without words in fi (20990000, 20991000, 20992000, 20993000, 20994000, …)",
		RuleWayHome: "into FI (20990000, ",
	} {
		if !slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Rule == rule && !f.Broken && strings.Contains(f.Words, want) }) {
			t.Errorf("%s does not say %q", rule, want)
		}
	}
	v = shipped(translation.Source{Files: mappings.Files()}, extra("value-set", "eu/route.csv", "field,system,code,en,fi,since,until,status\n"+
		"route,edqm,20990000,made-up route,"+accepted)).Run()
	if !found(v, RuleWords, "20990000", "in fi") {
		t.Error("a cell that is left empty in a column that is there goes unnoticed")
	}
}

func TestTheRulesAskTheDayForWhichTheyJudge(t *testing.T) {
	ours := translation.Source{Files: mappings.Files()}
	forms := extra("value-set", "eu/dose-form.csv", "field,system,code,en,et,fi,since,until,status\ndose-form,edqm,10219000,tablet,tablett,tabletti,2026-11-01,2031-06-01,draft\n")
	list := extra("whole-code-system", "fi/route.csv", "system,code,fi,since,until,status\nfi-route,1055,suun kautta,2031-06-01,,draft\nfi-route,1069,ihon alle,2026-11-01,2031-06-01,draft\n")
	for day, ended := range map[string]bool{"2031-05-31": false, "2031-06-01": true} {
		check := shipped(ours, forms, list)
		check.On = day
		v := check.Run()
		if found(v, RuleRetired, "738", "2031-06-01") != ended {
			t.Errorf("on %s: the rule about retired targets", day)
		}
		if found(v, RuleNational, "1055", "no such code") == ended || found(v, RuleNational, "1069", "retired the code on 2031-06-01") != ended {
			t.Errorf("on %s: the rule about national codes says %+v", day, v.Findings[:v.Broken])
		}
	}
}

func TestAMembershipByFormAloneIsTold(t *testing.T) {
	ours := translation.Source{Files: mappings.Files()}
	const form, words = "~[A-Z][0-9]{2}([.][0-9])?", "any code of icd10 that looks like this is a member"
	if !remarked(shipped(ours).Run(), RuleDangling, form, words) {
		t.Error("nobody says that no list of ICD-10 is there")
	}
	v := shipped(ours, extra("whole-value-set-of-systems", "eu/diagnosis.csv", "field,system,code,en,since,until,status\ndiagnosis,icd10,A00,cholera"+accepted)).Run()
	if remarked(v, RuleDangling, form, words) || !remarked(v, RuleDangling, "~[0-9]{1,6}", "any code of orpha") {
		t.Errorf("with the list of ICD-10: %+v", v.Findings)
	}
}

func TestTheSameTablesAreJudgedInTheSameWords(t *testing.T) {
	forms := "field,system,code,en,et,fi,sv,since,until,status\n"
	for i := range 40 {
		forms += fmt.Sprintf("dose-form,edqm,%d,thing,asi,asia,sak,2026-11-01,,draft\n", 90000000+i)
	}
	source := extra("whole-value-set", "eu/dose-form.csv", forms)
	first := shipped(translation.Source{Files: mappings.Files()}, source).Run()
	for range 5 {
		if diff := cmp.Diff(first, shipped(translation.Source{Files: mappings.Files()}, source).Run()); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Of a snapshot the verdict says what was looked at, which rules were asked and which were not: each rule is one or the other.
func TestTheVerdictOfASnapshotSaysWhatWasAsked(t *testing.T) {
	catalogue, err := translation.Load(mappings.Files())
	if err != nil {
		t.Fatal(err)
	}
	v := Check{Catalogue: catalogue, Countries: []string{"EE", "FI"}, Languages: []string{"en", "et", "fi"}, Production: true}.Run()
	if v.Snapshot == nil || v.Snapshot.Concepts < 1000 || v.Snapshot.Members < 1000 || v.Snapshot.Rows < 1000 {
		t.Fatalf("it says %+v", v.Snapshot)
	}
	for _, f := range v.Findings {
		if !slices.Contains(v.Snapshot.Asked, f.Rule) {
			t.Errorf("%s found something and was not asked", f.Rule)
		}
	}
	source, err := os.ReadFile("finding.go")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, rule := range regexp.MustCompile(`(?m)^\tRule\w+ += "([a-z-]+)"`).FindAllSubmatch(source, -1) {
		rules = append(rules, string(rule[1]))
	}
	said := append(slices.Clone(v.Snapshot.Asked), v.Snapshot.NotAsked...)
	slices.Sort(rules)
	slices.Sort(said)
	if len(rules) < 20 || !slices.Equal(rules, said) {
		t.Errorf("the rules are %v, and it speaks of %v", rules, said)
	}
	if tables := (Check{Sources: []translation.Source{{Files: mappings.Files()}}}).Run(); tables.Snapshot != nil {
		t.Error("tables are taken for a snapshot")
	}
}
