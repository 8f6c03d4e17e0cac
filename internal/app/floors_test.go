package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a package may import only packages of lower floors. A floor is a ten; an inner room stands a step
// above the room it belongs to. A new package gets a line here.
var floors = map[string]int{
	"sild/mappings":                  0,
	"sild/internal/ledger":           0,
	"sild/internal/jose":             0,
	"sild/internal/keys":             0,
	"sild/internal/barrier":          0,
	"sild/internal/splice":           0,
	"sild/internal/splice/fidelity":  1, // an inner room: the check of a splice, for tests
	"sild/internal/xmldom":           1, // a step above the two that it leans on
	"sild/translation":               10,
	"sild/internal/curation":         15, // the tools of the person who owns the tables
	"sild/internal/curation/sheet":   16, // an inner room: findings as text and as a page
	"sild/trust":                     20,
	"sild/node":                      30,
	"sild/internal/reading/sentence": 34, // an inner room below it: a dosage as a sentence, which reading leans on
	"sild/internal/reading":          35, // a record as headed lines in a language: what narrative, PDF and view share
	"sild/internal/reading/paper":    36,
	"sild/internal/cda/oid":          37,
	"sild/internal/cda/compose":      38, // an inner room: records to CDA
	"sild/internal/fhir":             40,
	"sild/internal/cda":              40,
	"sild/conformance":               40,
	"sild/conformance/reference":     41, // an inner room: a correct Exchange that the suite is tried on
	"sild/internal/tongues":          45, // both tongues as one
	"sild/internal/rest":             50,
	"sild/internal/portal/view":      50,
	"sild/internal/national/demo":    50,
	"sild/internal/store":            50,
	"sild/internal/lists/folder":     48, // an inner room: the operator's directory
	"sild/internal/lists/server":     48, // an inner room: the client of a terminology server
	"sild/internal/lists":            50,
	"sild/internal/app":              60,
	"sild/cmd/sild":                  70,
}

// rooms says which packages alone may import a module, by prefix of the import path.
var rooms = []struct {
	module string
	only   []string
}{
	{"github.com/jmoiron/sqlx", []string{"sild/internal/store"}},
	{"github.com/mattn/go-sqlite3", []string{"sild/internal/store"}},
	{"github.com/pressly/goose", []string{"sild/internal/store"}},
	{"database/sql", []string{"sild/internal/store"}},
	{"github.com/knadh/koanf", []string{"sild/internal/app"}},
	{"github.com/gorilla/mux", []string{"sild/internal/rest", "sild/internal/ihe", "sild/internal/portal"}},
	{"github.com/lestrrat-go/jwx", []string{"sild/internal/jose"}},
	{"github.com/spf13/cobra", []string{"sild/cmd/sild"}},
	{"codeberg.org/go-pdf/fpdf", []string{"sild/internal/reading/paper"}},
	{"github.com/chromedp", nil},
	{"github.com/beevik/etree", nil},
}

// quiet are the packages that know neither the network, nor the operating system, nor a database.
var quiet = []string{"sild/translation", "sild/internal/curation", "sild/trust", "sild/node", "sild/internal/fhir", "sild/internal/cda", "sild/internal/tongues", "sild/internal/cda/compose", "sild/internal/reading",
	"sild/internal/reading/sentence", "sild/internal/reading/paper", "sild/internal/xmldom", "sild/internal/splice", "sild/internal/ledger", "sild/conformance"}

var loud = []string{"net/http", "os", "database/sql"}

func TestThePackagesImportDownwardOnly(t *testing.T) {
	for pkg, files := range house(t) {
		for _, problem := range violations(pkg, imports(files)) {
			t.Error(problem)
		}
	}
}

func TestAPlantedSidewaysImportIsFound(t *testing.T) {
	planted := map[string]string{
		"sild/internal/fhir":  "sild/conformance",
		"sild/node":           "sild/internal/rest",
		"sild/translation":    "net/http",
		"sild/internal/rest":  "github.com/jmoiron/sqlx",
		"sild/internal/other": "sild/node",
	}
	for pkg, imported := range planted {
		if len(violations(pkg, []string{imported})) == 0 {
			t.Errorf("%s importing %s went unnoticed", pkg, imported)
		}
	}
}

func violations(pkg string, imported []string) []string {
	var found []string
	floor, known := floors[pkg]
	if !known {
		found = append(found, pkg+" has no floor: give it a line in floors (DESIGN section 3) and a one-sentence package comment")
	}
	for _, path := range imported {
		if strings.HasPrefix(path, "sild/") && floors[path] >= floor {
			found = append(found, pkg+" (floor "+strconv.Itoa(floor)+") imports "+path+" (floor "+strconv.Itoa(floors[path])+
				"): import downward only, never sideways, never up")
		}
		for _, room := range rooms {
			if strings.HasPrefix(path, room.module) && !contains(room.only, pkg) {
				found = append(found, pkg+" imports "+path+": only "+strings.Join(room.only, ", ")+" may")
			}
		}
		if contains(quiet, pkg) && contains(loud, path) {
			found = append(found, pkg+" imports "+path+": this room knows no network, system or database")
		}
	}
	return found
}

func TestEveryPackageHasAComment(t *testing.T) {
	for pkg, files := range house(t) {
		commented := false
		for _, file := range files {
			commented = commented || file.Doc != nil
		}
		if !commented {
			t.Errorf("%s has no package comment: say what the room is for and the first function to call", pkg)
		}
	}
}

func TestExportedNamesHaveASentence(t *testing.T) {
	for pkg, files := range house(t) {
		for _, file := range files {
			for _, decl := range file.Decls {
				if name := undocumented(decl); name != "" {
					t.Errorf("%s.%s is exported without a sentence that says what it is for", pkg, name)
				}
			}
		}
	}
}

func undocumented(decl ast.Decl) string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			return d.Name.Name
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if typ, ok := spec.(*ast.TypeSpec); ok && typ.Name.IsExported() && d.Doc == nil && typ.Doc == nil {
				return typ.Name.Name
			}
		}
	}
	return ""
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, ok := typ.(*ast.Ident)
	return ok && name.IsExported()
}

// house parses every package of the module without its tests.
func house(t *testing.T) map[string][]*ast.File {
	t.Helper()
	packages := map[string][]*ast.File{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (strings.HasPrefix(name, ".") && name != ".." && name != "." || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := "sild/" + filepath.ToSlash(relative)
		packages[pkg] = append(packages[pkg], file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 5 {
		t.Fatalf("only %d packages found: the test looks in the wrong place", len(packages))
	}
	return packages
}

func imports(files []*ast.File) []string {
	var paths []string
	for _, file := range files {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

func contains(list []string, item string) bool {
	for _, known := range list {
		if known == item {
			return true
		}
	}
	return false
}
