package folder

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forms is a small table that is right.
func forms() Table {
	return Table{File: "eu/dose-form.csv", Kind: ValueSet, Lists: []string{"http://x|1"}, From: "x.json", Release: "1", Licence: "unstated", Status: "draft",
		Header: []string{"field", "system", "code", "en", "since", "until", "status"},
		Rows:   [][]string{{"dose-form", "edqm", "1", "one", "2026-01-01", "", "draft"}}}
}

func opened(t *testing.T, dir string) *Stage {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func committed(t *testing.T, dir string, tables ...Table) {
	t.Helper()
	s := opened(t, dir)
	for _, one := range tables {
		if err := s.Put(one, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

// listing names everything in a directory's parent, with the content of the files.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.Walk(filepath.Dir(dir), func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		all.WriteString(path + " " + info.Mode().String() + "\n")
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			all.Write(content)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestAChangeIsSeenWhenItIsWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "tables")
	s := opened(t, dir)
	if err := s.Put(forms(), false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("the directory is there before the change is whole")
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	all := listing(t, dir)
	for _, part := range []string{"eu/dose-form.csv,value-set,http://x|1 from x.json,1,unstated,draft\n", "edqm,http://standardterms.edqm.eu,0.4.0.127.0.16.1.1.2.1,",
		"dose-form,edqm,1,one,2026-01-01,,draft\n"} {
		if !strings.Contains(all, part) {
			t.Errorf("%q is not there:\n%s", part, all)
		}
	}
	if strings.Contains(all, ".import-") || strings.Contains(all, "loinc") {
		t.Errorf("something is left or too much:\n%s", all)
	}
}

func TestWhatAChangeDoesNotReplaceStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	committed(t, dir, forms())
	if err := os.Chmod(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(own, []byte("mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	routes := forms()
	routes.File, routes.Rows = "eu/route.csv", [][]string{{"route", "sct", "2", "two", "2026-01-01", "", "draft"}}
	committed(t, dir, routes)
	all := listing(t, dir)
	for _, part := range []string{"mine", "eu/dose-form.csv,", "eu/route.csv,", "sct,", "edqm,", "drwxr-x---", "notes.txt -rwx------"} {
		if !strings.Contains(all, part) {
			t.Errorf("%q was lost:\n%s", part, all)
		}
	}
}

func TestATableThatCannotBeRightChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	committed(t, dir, forms())
	before := listing(t, dir)
	row := func(column int, cell string) func(*Table) { return func(t *Table) { t.Rows[0][column] = cell } }
	for want, spoil := range map[string]func(*Table){
		"unknown code system":                                   row(1, "nobody"),
		"column code: the cell":                                 row(2, ""),
		"since is a day, not":                                   row(4, "1.1.2026"),
		"until is empty or a day after":                         row(5, "2025-12-31"),
		"column en holds a character that nobody sees (U+200E)": row(3, "o\u200ene"),
		"column en begins or ends with a blank":                 row(3, "one "),
		`"r\u00ad" holds a character that nobody sees`:          func(t *Table) { t.Release = "r\u00ad" },
		"status is draft":                                       row(6, "accepted"),
		"does not exist":                                        row(6, "accepted by A on 2026-02-30"),
		"stands there twice":                                    func(t *Table) { t.Rows = append(t.Rows, t.Rows[0]) },
		"6 cells for 7 columns":                                 func(t *Table) { t.Rows[0] = t.Rows[0][:6] },
		"has no row":                                            func(t *Table) { t.Rows = nil },
		"one or more languages":                                 func(t *Table) { t.Header = append(t.Header[:3:3], t.Header[4:]...) },
		"no name and kind for a table":                          func(t *Table) { t.Kind = "rules" },
		"../../x.csv: no name and kind":                         func(t *Table) { t.File = "../../x.csv" },
	} {
		table := forms()
		spoil(&table)
		s := opened(t, dir)
		err := s.Put(table, true)
		if err == nil {
			err = s.Commit()
		} else if left := s.Abandon(); left != nil {
			t.Fatal(left)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if now := listing(t, dir); now != before {
			t.Fatalf("%s: the directory changed:\n%s", want, now)
		}
	}
}

// TestWhatIsReadBackOtherwiseIsNotSwappedIn spoils what was written before it is read back.
func TestWhatIsReadBackOtherwiseIsNotSwappedIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	committed(t, dir, forms())
	before := listing(t, dir)
	for want, text := range map[string]string{
		"1 rows were written and 0 are there": "field,system,code,en,since,until,status\n",
		"column code: the cell is empty":      "field,system,code,en,since,until,status\ndose-form,edqm,,one,2026-01-01,,draft\n",
		"bare":                                "field,sys\"tem\n",
	} {
		s := opened(t, dir)
		if err := s.Put(forms(), false); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.Path("eu/dose-form.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if listing(t, dir) != before {
			t.Errorf("%s: the directory changed", want)
		}
	}
}

func TestOnlyOneChangeIsUnderWay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	committed(t, dir, forms())
	s := opened(t, dir)
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "another import") {
		t.Errorf("got %v", err)
	}
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
	committed(t, dir, forms())
}

// TestAKilledImportLeavesTheDirectoryAsItWas leaves a stage behind as a killed process does: its lock is gone with it.
func TestAKilledImportLeavesTheDirectoryAsItWas(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	committed(t, dir, forms())
	before := listing(t, dir)
	killed := opened(t, dir)
	table := forms()
	table.Rows[0][3] = "half"
	if err := killed.Put(table, true); err != nil {
		t.Fatal(err)
	}
	if err := killed.held.Close(); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "eu/dose-form.csv")); err != nil || strings.Contains(string(content), "half") {
		t.Fatal("the directory holds half an import", err)
	}
	s := opened(t, dir)
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
	if now := listing(t, dir); now != before {
		t.Errorf("something stayed:\n%s", now)
	}
}

func TestADirectoryBehindALinkIsChangedWhereItIs(t *testing.T) {
	parent := t.TempDir()
	dir, link := filepath.Join(parent, "tables"), filepath.Join(parent, "link")
	committed(t, dir, forms())
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	table := forms()
	table.Rows[0][3] = "changed"
	committed(t, link, table)
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Fatal("the link is gone", err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "eu/dose-form.csv")); err != nil || !strings.Contains(string(content), "changed") {
		t.Error("the directory did not change", err)
	}
}

func TestTheTwoStepsDoWhatTheOneDoes(t *testing.T) {
	parent := t.TempDir()
	dir, finished := filepath.Join(parent, "tables"), filepath.Join(parent, "finished")
	for path, text := range map[string]string{dir: "old", finished: "new"} {
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "x"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := swapInTwo(finished, dir); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "x")); err != nil || string(content) != "new" {
		t.Error(string(content), err)
	}
	if err := swapInTwo(finished, dir); err == nil {
		t.Error("nothing was swapped and nobody is told")
	}
	if content, err := os.ReadFile(filepath.Join(dir, "x")); err != nil || string(content) != "new" {
		t.Error("the directory was lost", err)
	}
}

func TestShortNamesOfCodeSystemsNeverMix(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	s := opened(t, dir)
	defer s.Abandon()
	for _, step := range []struct{ uri, want string }{
		{"http://snomed.info/sct", "sct"}, {"urn:oid:2.16.840.1.113883.6.96", "sct"}, {"http://a.example/CodeSystem/Codes", "codes"},
		{"http://b.example/CodeSystem/Codes", "codes-2"}, {"http://a.example/CodeSystem/Codes", "codes"}, {"urn:oid:2.999.3", "oid-2.999.3"},
		{"http://c.example/sct", "sct-2"},
	} {
		if short, err := s.Systems.Short(step.uri, ""); err != nil || short != step.want {
			t.Errorf("%s is %s, %v", step.uri, short, err)
		}
	}
	for _, wrong := range []string{"", " x", "a b", "a|1"} {
		if _, err := s.Systems.Short(wrong, ""); err == nil {
			t.Errorf("%q passes for a code system", wrong)
		}
	}
	if _, err := s.Systems.Use(System{Short: "sct", URI: "http://other.example"}); err == nil {
		t.Error("a short name stands for two systems")
	}
}

func TestADirectoryThatCallsAnotherSystemLikeTheProgramIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "systems.csv"), []byte("short,uri,oid,name\nsct,http://other.example,,other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), `calls another code system "sct"`) {
		t.Errorf("got %v", err)
	}
}

func TestATableMayOnlyBecomeMore(t *testing.T) {
	for _, test := range []struct {
		before, now string
		may         bool
	}{
		{ValueSet, OfSystems, true}, {OfSystems, WholeValueSet, true}, {ValueSet, WholeValueSet, true}, {OfSystems, ValueSet, false},
		{WholeValueSet, OfSystems, false}, {Codes, WholeCodes, true}, {WholeCodes, WholeCodes, true}, {WholeCodes, Codes, false},
		{ConceptMap, UnitMap, false}, {ConceptMap, ConceptMap, true}, {Codes, ValueSet, false}, {ValueSet, Codes, false},
	} {
		if may := wholer(test.before, test.now); may != test.may {
			t.Errorf("%s may become %s: %v", test.before, test.now, may)
		}
	}
}

func TestAWholeValueSetStandsForAllThatAFieldMayHold(t *testing.T) {
	for kind, whole := range map[string]bool{ValueSet: false, OfSystems: true, WholeValueSet: true} {
		s := opened(t, filepath.Join(t.TempDir(), "tables"))
		table := forms()
		table.Kind = kind
		if err := s.Put(table, false); err != nil {
			t.Fatal(err)
		}
		members, known, err := s.Members("dose-form")
		if err != nil || !known || !members.Has("edqm", "1") || members.Has("edqm", "2") || members.Has("edqm", "10219000") == whole {
			t.Errorf("%s: %v, %v", kind, known, err)
		}
		other := forms()
		other.File, other.Kind, other.Rows[0][0], other.Rows[0][1] = "eu/allergen.csv", kind, "allergen", "atc"
		if err := s.Put(other, false); err != nil {
			t.Fatal(err)
		}
		// A list of ATC takes the shape of ATC away, and the codes of SNOMED CT only where it stands for the whole field.
		if members, _, err := s.Members("allergen"); err != nil || members.Has("atc", "N02BA01") == whole || members.Has("sct", "102261002") == (kind == WholeValueSet) {
			t.Errorf("%s: codes of other systems: %v", kind, err)
		}
		if members, _, err := s.Members("diagnosis"); err != nil || !members.Has("icd10", "A00.1") || members.Has("icd10", "x") {
			t.Error("a shape is not read", err)
		}
		if _, known, err := s.Members("observation-value"); err != nil || known {
			t.Error("a field that nobody knows has members", err)
		}
		if err := s.Abandon(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestARowOfTheDirectoryGoesBeforeOneOfTheProgram: a code that the directory has retired is no member any more.
func TestARowOfTheDirectoryGoesBeforeOneOfTheProgram(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "tables"))
	table := forms()
	table.Rows = append(table.Rows, []string{"dose-form", "edqm", "10219000", "tablet", "2026-01-01", "2026-02-01", "draft"})
	if err := s.Put(table, false); err != nil {
		t.Fatal(err)
	}
	members, known, err := s.Members("dose-form")
	if err != nil || !known || members.Has("edqm", "10219000") || !members.Has("edqm", "10221000") {
		t.Errorf("%v, %v", known, err)
	}
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
}

// TestAShapeIsAnExpressionByItself: one that closes a bracket of ours would admit more than it says.
func TestAShapeIsAnExpressionByItself(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "tables"))
	table := forms()
	table.Rows[0][2] = "~A)|(?:B"
	if err := s.Put(table, false); err != nil {
		t.Fatal(err)
	}
	if members, _, err := s.Members("dose-form"); err == nil || !strings.Contains(err.Error(), "eu/dose-form.csv row 2") {
		t.Errorf("%v, %v", members, err)
	}
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
}

// TestASpellingOfTheDirectoryGoesBeforeOneOfTheProgram: also where it says that the spelling is not quite the shared code.
func TestASpellingOfTheDirectoryGoesBeforeOneOfTheProgram(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "tables"))
	table := Table{File: "eu-eu/package-unit.csv", Kind: UnitMap, Lists: []string{"own"}, From: "x", Release: "1", Licence: "unstated", Status: "draft",
		Header: MapHeader, Rows: [][]string{
			{"ucum", "{Ampoule}", "none", "", "", "", "", "", "no", "own", "2026-01-01", "draft", "it may be of glass or not"},
			{"ucum", "{Dozen}", "equivalent", "ucum", "1", "12", "", "", "no", "own", "2026-01-01", "draft", ""},
			{"ucum", "{Box}", "equivalent", "edqm", "15010000", "1", "", "", "no", "own", "2026-01-01", "accepted by A on 2026-01-01", ""},
		}}
	if err := s.Put(table, false); err != nil {
		t.Fatal(err)
	}
	found, err := s.Spellings("package-unit")
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]Spelling{"{Ampoule}": {}, "{Dozen}": {}, "{Box}": {System: "edqm", Code: "15010000"},
		"{Sachet}": {System: "edqm", Code: "15045000", Draft: true}} {
		if got := found[[2]string{"ucum", code}]; got != want {
			t.Errorf("%s stands for %+v, want %+v", code, got, want)
		}
	}
	if err := s.Abandon(); err != nil {
		t.Fatal(err)
	}
}
