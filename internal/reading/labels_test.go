package reading

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

func tables() map[string]map[string]string {
	return map[string]map[string]string{"en": english, "et": estonian, "fi": finnish, "sv": swedish}
}

func TestNoLabelIsMissingInAnyLanguage(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for language, table := range tables() {
		for label, words := range english {
			own, ok := table[label]
			if !ok || strings.TrimSpace(own) == "" {
				t.Errorf("%s has no words for %q", language, label)
			}
			if want, got := placeholder.FindAllString(words, -1), placeholder.FindAllString(own, -1); !slices.Equal(sorted(want), sorted(got)) {
				t.Errorf("%s: %q fills in %v, English %v", language, label, got, want)
			}
		}
		for label := range table {
			if _, ok := english[label]; !ok {
				t.Errorf("%s has words for %q, which nobody uses", language, label)
			}
		}
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// TestEveryLabelInTheSourceHasWords looks at every text constant that is handed to a function that takes a label.
func TestEveryLabelInTheSourceHasWords(t *testing.T) {
	takes := []string{"say", "row", "must", "texts", "names", "slots", "date", "ids", "numbered", "fill", "practitioner", "organisation"}
	found := 0
	for call := range calls(t) {
		name, label := call[0], call[1]
		if !slices.Contains(takes, name) || strings.HasSuffix(label, ":") || strings.HasSuffix(label, ".") {
			continue
		}
		found++
		if _, ok := english[label]; !ok {
			t.Errorf("%s(%q) has no words", name, label)
		}
	}
	if found < 60 {
		t.Errorf("only %d labels found: the test looks in the wrong place", found)
	}
}

// calls lists every call in this package with a text constant as its first argument: name and text.
func calls(t *testing.T) map[[2]string]bool {
	t.Helper()
	set := token.NewFileSet()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]bool{}
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				method, isMethod := call.Fun.(*ast.SelectorExpr)
				text, isText := call.Args[0].(*ast.BasicLit)
				if isMethod && isText && text.Kind == token.STRING {
					label, _ := strconv.Unquote(text.Value)
					found[[2]string{method.Sel.Name, label}] = true
				}
			}
			return true
		})
	}
	return found
}

func TestEveryClosedListHasWords(t *testing.T) {
	want := map[string][]string{}
	for _, kind := range []node.EntryKind{node.AnAllergy, node.AProblem, node.AMedicationUse, node.ADevice, node.AProcedure, node.AnImmunisation,
		node.AnObservation, node.APanel, node.APlan, node.AnotherEntry, node.AnAbsence, node.ADirectiveEntry, ""} {
		for _, list := range []string{"entry", "what", "denied"} {
			want[list] = append(want[list], string(kind))
		}
	}
	for _, kind := range []node.DocumentKind{node.APrescription, node.AListing, node.ADispensation, node.AWithdrawal, node.ASummary, node.AnOverview} {
		want["title"] = append(want["title"], string(kind))
	}
	for _, status := range []node.Status{node.Active, node.OnHold, node.Completed, node.Cancelled, node.Stopped, node.InError} {
		want["status"] = append(want["status"], string(status))
	}
	for _, class := range []node.Class{node.Narcotic, node.CentralActing, node.Compounded, node.Device, node.Nutrition, node.SpecialPermit,
		node.Unauthorised, node.Kit, node.Iterated, node.ByDuration, node.DoseDispensed, node.Reserved} {
		want["class"] = append(want["class"], string(class))
	}
	for _, state := range []node.SectionState{node.HasEntries, node.KnownAbsence, node.NoInformation} {
		want["state"] = append(want["state"], string(state))
	}
	for _, kind := range MarkKinds() {
		want["mark"] = append(want["mark"], string(kind))
	}
	want["sex"] = []string{"male", "female", "other", "unknown"}
	for list, codes := range want {
		for _, code := range codes {
			if english[list+":"+code] == "" {
				t.Errorf("%s:%s has no words", list, code)
			}
		}
	}
}

// constants reads the text constants of a Go file whose name begins with a prefix, or all of a type.
func constants(t *testing.T, path, prefix string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		typ, _ := spec.Type.(*ast.Ident)
		for i, name := range spec.Names {
			if i < len(spec.Values) && (strings.HasPrefix(name.Name, prefix) || typ != nil && typ.Name == prefix) {
				if lit, ok := spec.Values[i].(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(lit.Value)
					found = append(found, text)
				}
			}
		}
		return true
	})
	return found
}

func TestEveryFieldAndEveryReasonOfTheTranslationHasWords(t *testing.T) {
	fields := constants(t, "../../translation/slot.go", "Field")
	reasons := constants(t, "../../translation/topivot.go", "reason")
	if len(fields) < 25 || len(reasons) < 8 {
		t.Fatalf("%d fields and %d reasons found: the test looks in the wrong place", len(fields), len(reasons))
	}
	for _, field := range fields {
		if english["field:"+field] == "" {
			t.Errorf("the field %q has no words", field)
		}
	}
	for _, reason := range reasons {
		if english["why:"+reason] == "" {
			t.Errorf("the reason %q has no words", reason)
		}
	}
}

func TestAReaderGetsTheLanguageThatServesBest(t *testing.T) {
	for asked, want := range map[string]string{"et": "et", "et-EE": "et", "FI-fi": "fi", "sv-FI": "sv", "en-GB": "en", "de": "en", "": "en", "etx": "en"} {
		if got := Of(&node.Document{}, asked).Language; got != want {
			t.Errorf("%q reads %q, not %q", asked, got, want)
		}
	}
}

func TestAReasonThatNobodyHasWordedStaysInEnglish(t *testing.T) {
	w := plainWriter("", "et")
	slot := &translation.Slot{Fate: translation.Passed, Reason: "something new"}
	m := w.marks(slot)[0]
	if m.Why != "something new" || m.Language != "en" {
		t.Errorf("got %q in %q", m.Why, m.Language)
	}
}

func TestAReasonThatEndsWithADayOrAnAbsenceIsTold(t *testing.T) {
	for _, test := range []struct{ language, reason, want string }{
		{"et", "the source says why it is empty: unknown", "allikas ütleb, miks see on tühi: teadmata"},
		{"fi", "the source says why it is empty: asked-declined", "lähde kertoo, miksi tämä on tyhjä: kysytty, mutta ei haluttu vastata"},
		{"sv", "the source says why it is empty: XYZ", "källan anger varför det är tomt: XYZ"},
		{"en", "the source says why it is empty: UNK", "the source says why it is empty: unknown"},
		{"et", "the national list of this code system has no such code", "selle koodisüsteemi riiklikus loendis sellist koodi ei ole"},
		{"fi", "the national list has ended the code on 2024-05-31", "koodi on poistettu kansallisesta luettelosta 31.5.2024"},
		{"et", "the shared list has ended the code on 2024-05-31", "ühises loendis lõpetati kood 31.05.2024"},
	} {
		m := plainWriter("", test.language).marks(&translation.Slot{Fate: translation.Passed, Reason: test.reason})[0]
		if m.Why != test.want || m.Language != test.language {
			t.Errorf("%s: got %q in %q", test.reason, m.Why, m.Language)
		}
	}
}
