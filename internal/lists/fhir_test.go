package lists

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sild/internal/lists/server"
	"sild/mappings"
	"sild/translation"
)

func TestTheValueSetsOfMyHealthEUBecomeTheFieldsThatTheyServe(t *testing.T) {
	dir := into(t)
	summary := imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc"}, Licence: "unstated",
		Authority: "Ravimiamet", On: "2026-11-20"})

	forms := table(t, dir, "eu/dose-form.csv")
	want := map[string]string{"field": "dose-form", "system": "edqm", "code": "10219000", "en": "flat thing to swallow", "et": "lapik neelatav",
		"fi": "litteä nieltävä", "since": "2026-10-01", "until": "", "status": "accepted by Ravimiamet on 2026-11-20"}
	for column, cell := range want {
		if forms["10219000"][column] != cell {
			t.Errorf("%s is %q instead of %q", column, forms["10219000"][column], cell)
		}
	}
	if len(forms) != 4 || forms["NA"]["en"] != "a code that looks like nothing" {
		t.Errorf("the forms are %v", forms)
	}
	for _, field := range []string{"strength-unit", "package-unit", "dose-unit"} {
		units := table(t, dir, "eu/"+field+".csv")
		if len(units) != 3 || units["mg"]["system"] != "ucum" || units["15001000"]["system"] != "edqm" || units["mg"]["field"] != field {
			t.Errorf("%s holds %v", field, units)
		}
	}
	listed := manifest(t, dir)
	if row := listed["eu/dose-form.csv"]; row["kind"] != "whole-value-set" || row["release"] != "9.9.0" || row["licence"] != "unstated" ||
		row["origin"] != "http://terminology.ehdsi.eu/ValueSet/eHDSIDoseForm|9.9.0 from ValueSet-dose-form.json" ||
		row["status"] != "accepted by Ravimiamet on 2026-11-20" {
		t.Errorf("the manifest says %v", row)
	}
	if kind := listed["eu/strength-unit.csv"]["kind"]; kind != "value-set" { // UCUM has more units than any list
		t.Errorf("two value sets that are no whole became %s", kind)
	}
	if row := listed["eu/codes-microorganism.csv"]; row["kind"] != "code-system" || table(t, dir, "eu/codes-microorganism.csv")["0001"]["en"] != "a small animal" {
		t.Errorf("words of an unbound value set: %v", row)
	}
	country := outcome(t, summary, "http://terminology.ehdsi.eu/ValueSet/eHDSICountry|9.9.0")
	if country.skipped() != 1 || len(country.Tables) != 0 || !strings.Contains(summary.String(), "eHDSICountry|9.9.0: 1 skipped: countries") {
		t.Errorf("a value set that serves nothing is not named:\n%s", summary)
	}
	if len(listed) != 6 {
		t.Errorf("the manifest lists %d tables", len(listed))
	}
	systems := rowsOf(t, dir, "systems.csv")
	if !slices.ContainsFunc(systems, func(row map[string]string) bool {
		return row["short"] == "edqm" && row["oid"] == "1.3.6.1.4.1.12559.11.10.1.3.1.44.1"
	}) || slices.ContainsFunc(systems, func(row map[string]string) bool { return strings.Contains(row["uri"], "3166") }) {
		t.Errorf("the code systems are %v", systems)
	}
}

func TestAPartOfAFieldExtendsItOnly(t *testing.T) {
	dir := into(t)
	summary := imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc/ValueSet-unit.json"}, Licence: "CC0"})
	listed := manifest(t, dir)
	if kind := listed["eu/strength-unit.csv"]["kind"]; kind != "value-set" {
		t.Errorf("a value set that is never whole became %s", kind)
	}
	if kind := listed["eu/result-unit.csv"]["kind"]; kind != "whole-value-set" {
		t.Errorf("the only value set of a field became %s", kind)
	}
	if !strings.Contains(summary.String(), "eu/dose-unit.csv is extended and not replaced: UCUM is a grammar") {
		t.Errorf("nobody is told:\n%s", summary)
	}
	if status := listed["eu/result-unit.csv"]["status"]; status != "draft" {
		t.Errorf("rows that nobody accepted are %s", status)
	}
}

func TestTwoValueSetsAreTogetherTheWholeOfAField(t *testing.T) {
	sources := []string{}
	for name, code := range map[string]string{"eHDSICertainty": "410605003", "eHDSIAllergyCertainty": "confirmed"} {
		file := filepath.Join(t.TempDir(), name+".json")
		text := `{"resourceType":"ValueSet","url":"http://terminology.ehdsi.eu/ValueSet/` + name + `","version":"9.9.0","name":"` + name + `","status":"active",
			"compose":{"include":[{"system":"http://certain.example/` + name + `","concept":[{"code":"` + code + `","display":"sure by ` + name + `"}]}]}}`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sources = append(sources, file)
		one := into(t)
		summary := imported(t, Import{Format: "mvc", Into: one, Sources: []string{file}, Licence: "CC0"})
		if kind := manifest(t, one)["eu/certainty.csv"]["kind"]; kind != "value-set" || !strings.Contains(summary.String(), "is not among the sources") {
			t.Errorf("%s alone became %s:\n%s", name, kind, summary)
		}
	}
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: sources, Licence: "CC0"})
	if kind := manifest(t, dir)["eu/certainty.csv"]["kind"]; kind != "whole-value-set" {
		t.Errorf("both became %s", kind)
	}
}

// One of two lists of a field is the whole of its code systems, where the other holds none of them.
func TestAListAloneIsTheWholeOfItsCodeSystem(t *testing.T) {
	list := func(name, system, code string) string {
		return written(t, name+".json", `{"resourceType":"ValueSet","url":"http://terminology.ehdsi.eu/ValueSet/`+name+`","version":"9.9.0","name":"`+name+`",
			"status":"active","compose":{"include":[{"system":"`+system+`","concept":[{"code":"`+code+`","display":"made up"}]}]}}`)
	}
	diseases, rare := list("eHDSIIllnessandDisorder", "http://hl7.org/fhir/sid/icd-10", "A00.9"), list("eHDSIRareDisease", "https://www.orpha.net", "77")
	for name, test := range map[string]struct {
		sources []string
		extend  bool
		kind    string
	}{
		"diseases alone":                      {[]string{diseases}, false, "whole-value-set-of-systems"},
		"rare ones alone":                     {[]string{rare}, false, "whole-value-set-of-systems"},
		"both":                                {[]string{diseases, rare}, false, "whole-value-set"},
		"an addition":                         {[]string{diseases}, true, "value-set"},
		"codes of a system that is not bound": {[]string{list("eHDSIIllnessandDisorder", "http://snomed.info/sct", "24484000")}, false, "value-set"},
	} {
		dir := into(t)
		summary := imported(t, Import{Format: "mvc", Into: dir, Sources: test.sources, Licence: "CC0", Extend: test.extend}).String()
		if kind := manifest(t, dir)["eu/diagnosis.csv"]["kind"]; kind != test.kind {
			t.Errorf("%s become %s:\n%s", name, kind, summary)
		}
		if told := strings.Contains(summary, "is replaced for the code systems of the sources: "); told != (test.kind == "whole-value-set-of-systems") {
			t.Errorf("%s: the summary says\n%s", name, summary)
		}
	}
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{diseases}, Licence: "CC0"})
	built, err := translation.Compile(translation.Source{Files: mappings.Files()}, translation.Source{Files: os.DirFS(dir)})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for coding, member := range map[translation.Coding]bool{
		{System: "http://hl7.org/fhir/sid/icd-10", Code: "A00.9"}: true, {System: "http://hl7.org/fhir/sid/icd-10", Code: "A00.7"}: false,
		{System: "https://www.orpha.net", Code: "77"}: true,
	} {
		if catalogue.Member(translation.Diagnosis, coding) != member {
			t.Errorf("%s is a member: %v", coding.Code, !member)
		}
	}
	s := translation.NewSlot(translation.Diagnosis, "reason", translation.Coding{System: "https://fhir.ee/CodeSystem/rhk10", Code: "A00.7"})
	if catalogue.ToPivot("EE", s); s.Fate != translation.Passed {
		t.Errorf("a code that the official list lacks is carried as %s %+v", s.Fate, s.Current)
	}
}

func TestAnExtensionIsAskedForOrComesFromAnotherPlace(t *testing.T) {
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc/ValueSet-dose-form.json"}, Extend: true})
	if row := manifest(t, dir)["eu/dose-form.csv"]; row["kind"] != "value-set" || row["licence"] != "made up for tests" {
		t.Errorf("the manifest says %v", row)
	}
}

func TestATableIsNotLostToAnImportThatLacksAPartOfIt(t *testing.T) {
	dir := into(t)
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc"}, Licence: "unstated"})
	before := tree(t, dir)
	for why, again := range map[string]Import{
		"eu/dose-form.csv is there as whole-value-set and would become value-set": {Sources: []string{"testdata/mvc/ValueSet-dose-form.json"}, Extend: true},
		"eHDSIUnit|9.9.0 too, which this import lacks":                            {Sources: []string{"testdata/mvc/ValueSet-quantity-unit.json"}, Licence: "CC0", Field: "result-unit"},
		"does not say its licence: say it with --licence":                         {Sources: []string{"testdata/mvc/ValueSet-microorganism.json"}},
	} {
		again.Format, again.Into = "mvc", dir
		if _, err := run(again); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
		untouched(t, dir, before)
	}
	imported(t, Import{Format: "mvc", Into: dir, Sources: []string{"testdata/mvc/ValueSet-dose-form.json"}, Extend: true, Replace: true})
	if kind := manifest(t, dir)["eu/dose-form.csv"]["kind"]; kind != "value-set" {
		t.Errorf("--replace left %s", kind)
	}
	if now := tree(t, dir); now["/eu/dose-unit.csv"] != before["/eu/dose-unit.csv"] {
		t.Error("a table that the import does not replace changed")
	}
}

func TestAPackageGivesWordsAndMapsBothWays(t *testing.T) {
	dir := into(t)
	summary := imported(t, Import{Format: "fhir", Into: dir, Sources: []string{"testdata/package"}, Country: "EE"})
	forms := table(t, dir, "ee/vormid.csv")
	if len(forms) != 4 || forms["01"]["en"] != "flat" || forms["01"]["et"] != "lapik" ||
		forms["02"]["until"] != "2025-03-01" || forms["3"]["until"] != "2026-11-22" || forms["01"]["since"] != "2026-09-01" {
		t.Errorf("the code system became %v", forms)
	}
	used := table(t, dir, "ee/vormid-kasutusel.csv")
	if _, excluded := used["1"]; excluded || len(used) != 3 || used["3"]["until"] == "" {
		t.Errorf("the value set became %v", used)
	}
	rows := table(t, dir, "ee-eu/dose-form.csv")
	for code, want := range map[string][4]string{
		"01": {"equivalent", "10219000", "no", ""},
		"02": {"equivalent", "10219000", "yes", ""},
		"3":  {"none", "", "no", "source: no such form"},
		"4":  {"wider", "10221000", "no", ""},
		"5":  {"narrower", "10221000", "no", ""},
		"6":  {"inexact", "10221000", "no", "near"},
		"7":  {"none", "", "no", "in-doubt: the map names several targets: 10221000 wider, 10219000 wider"},
		"8":  {"none", "", "no", "source: holds only together with other codes (10221000)"},
		"9":  {"none", "", "no", "source: the map names no target"},
		"":   {"none", "10224000", "no", "source: the map says disjoint"},
		"11": {"narrower", "10221000", "no", ""},
	} {
		row := rows[code]
		if got := [4]string{row["relation"], row["target"], row["back"], row["remark"]}; got != want {
			t.Errorf("%s became %q instead of %q", code, got, want)
		}
	}
	if len(rows) != 11 || rows["01"]["system"] != "vormid" || rows["01"]["target_system"] != "edqm" || rows["3"]["target_system"] != "" {
		t.Errorf("%d rows, of them %v", len(rows), rows["01"])
	}
	said := summary.String()
	for _, part := range []string{"2 codes stand below another", "StructureDefinition: 1 skipped", "is not taken: a code without a row stays untranslated",
		"another target of a code that has an equivalent one"} {
		if !strings.Contains(said, part) {
			t.Errorf("nobody is told %q:\n%s", part, said)
		}
	}
}

func TestAPackageFileIsReadLikeItsFolder(t *testing.T) {
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zipped)
	add := func(name string, content []byte) {
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	names, err := filepath.Glob("testdata/package/*.json")
	if err != nil || len(names) != 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		add("package/"+filepath.Base(name), content)
	}
	add("package/package.json", []byte(`{"name": "x"}`))
	add("package/.index.json", []byte(`{"files": []}`))
	add("package/example/ValueSet-broken.json", []byte(`{`))
	add("../../outside.json", []byte(`{`))
	if archive.Close() != nil || zipped.Close() != nil {
		t.Fatal("not packed")
	}
	folder, file := into(t), into(t)
	imported(t, Import{Format: "fhir", Into: folder, Sources: []string{"testdata/package"}, Country: "EE", Origin: "one place"})
	imported(t, Import{Format: "fhir", Into: file, Sources: []string{written(t, "p.tgz", packed.String())}, Country: "EE", Origin: "one place"})
	untouched(t, file, tree(t, folder))

	_, err = run(Import{Format: "fhir", Into: into(t), Sources: []string{written(t, "p.tgz", packed.String()[:packed.Len()/2])}, Country: "EE"})
	if err == nil || !strings.Contains(err.Error(), "p.tgz") {
		t.Errorf("half a package: %v", err)
	}
}

func TestAMapThatIsNotInForceGivesDraftsWhoeverAcceptsIt(t *testing.T) {
	for _, own := range []string{`"status":"draft"`, `"status":"active","experimental":true`, `"status":"unknown"`, `"name":"n"`} {
		source := written(t, "map.json", `{"resourceType":"ConceptMap","url":"u","version":"1",`+own+`,"copyright":"c",
		  "group":[{"source":"https://example.ee/u","target":"http://unitsofmeasure.org","element":[{"code":"MG","target":[{"code":"mg","equivalence":"equivalent"}]}]}]}`)
		dir := into(t)
		summary := imported(t, Import{Format: "fhir", Into: dir, Sources: []string{source}, Country: "EE", Field: "strength-unit", Authority: "Agency"})
		if status := table(t, dir, "ee-eu/strength-unit.csv")["MG"]["status"]; status != "draft" || !strings.Contains(summary.String(), "its rows are drafts") {
			t.Errorf("%s: the row is %s:\n%s", own, status, summary)
		}
	}
}

func TestAMapOfUnitsTakesOnlyWhatConvertsExactly(t *testing.T) {
	source := written(t, "map.json", `{"resourceType":"ConceptMap","url":"u","version":"1","status":"active","copyright":"c",
	  "group":[{"source":"https://example.ee/u","target":"http://unitsofmeasure.org","element":[
	  {"code":"MG","target":[{"code":"mg","equivalence":"equivalent"}]},{"code":"TK","target":[{"code":"1","equivalence":"wider","comment":"a piece"}]}]}]}`)
	dir := into(t)
	imported(t, Import{Format: "fhir", Into: dir, Sources: []string{source}, Country: "EE", Field: "strength-unit"})
	rows := table(t, dir, "ee-eu/strength-unit.csv")
	if rows["MG"]["factor"] != "1" || rows["MG"]["back"] != "yes" || rows["TK"]["relation"] != "none" ||
		rows["TK"]["remark"] != "source: the map says wider (1) and not how amounts convert; a piece" {
		t.Errorf("the map became %v", rows)
	}
	if kind := manifest(t, dir)["ee-eu/strength-unit.csv"]["kind"]; kind != "unit-map" {
		t.Errorf("the kind is %s", kind)
	}
}

func TestAValueSetThatNeedsAServerIsNamedAndNotGuessed(t *testing.T) {
	for why, compose := range map[string]string{
		"a filter selects its codes":        `{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]}]}`,
		"which is not complete":             `{"include":[{"system":"http://snomed.info/sct"}]}`,
		"which is not among the sources":    `{"include":[{"valueSet":["http://elsewhere"]}]}`,
		"the overlap of several lists":      `{"include":[{"valueSet":["a","b"]}]}`,
		"the value set includes itself":     `{"include":[{"valueSet":["http://terminology.ehdsi.eu/ValueSet/eHDSIRouteofAdministration"]}]}`,
		"does not say what it includes":     `{}`,
		"its expansion is only one page of": `{},"expansion":{"total":9,"contains":[{"system":"http://standardterms.edqm.eu","code":"20001000","display":"ear"}]}`,
	} {
		source := written(t, "set.json", `{"resourceType":"ValueSet","url":"http://terminology.ehdsi.eu/ValueSet/eHDSIRouteofAdministration",
		  "status":"active","version":"1","compose":`+compose+`}`)
		_, err := run(Import{Format: "fhir", Into: into(t), Sources: []string{source}, Licence: "unstated"})
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestAPageOfAnExpansionIsNotTheWhole(t *testing.T) {
	one := server.Contains{System: "x", Code: "1", Display: "one"}
	nine := 9
	for name, page := range map[string]server.Page{"a later page": {Offset: 5}, "a link to the next": {Next: "http://next"}, "a larger total": {Total: &nine}} {
		page.Contains = []server.Contains{one}
		if _, why := whole(&page, "x"); why == "" {
			t.Errorf("%s passes for the whole", name)
		}
	}
}

func TestAnExpansionThatIsWholeIsTaken(t *testing.T) {
	source := written(t, "set.json", `{"resourceType":"ValueSet","url":"http://terminology.ehdsi.eu/ValueSet/eHDSIRouteofAdministration",
	  "status":"active","version":"1","copyright":"c","compose":{"include":[{"system":"x","filter":[{}]}]},
	  "expansion":{"total":2,"contains":[{"system":"http://standardterms.edqm.eu","code":"20001000","display":"ear","abstract":true,
	  "contains":[{"system":"http://standardterms.edqm.eu","code":"20002000","display":"ear, left","inactive":true},
	  {"system":"http://standardterms.edqm.eu","code":"20003000","display":"ear, right"}]}]}}`)
	dir := into(t)
	imported(t, Import{Format: "fhir", Into: dir, Sources: []string{source}, Older: true})
	routes := table(t, dir, "eu/route.csv")
	if len(routes) != 2 || routes["20002000"]["until"] != "2026-11-22" || routes["20003000"]["until"] != "" {
		t.Errorf("the routes are %v", routes)
	}
}

func TestTwoMapsThatContradictEachOtherAreRefused(t *testing.T) {
	one := func(code string) string {
		return `{"resourceType":"ConceptMap","url":"u` + code + `","version":"1","status":"active","copyright":"c","group":[{"source":"https://example.ee/u",
		"target":"http://standardterms.edqm.eu","element":[{"code":"A","target":[{"code":"` + code + `","equivalence":"equivalent"}]}]}]}`
	}
	asked := Import{Format: "fhir", Into: into(t), Sources: []string{written(t, "a.json", one("1")), written(t, "b.json", one("2"))}, Country: "EE", Field: "dose-form"}
	if _, err := run(asked); err == nil || !strings.Contains(err.Error(), "contradict each other about \"A\"") {
		t.Errorf("got %v", err)
	}
}
