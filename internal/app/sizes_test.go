package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The budgets of STYLE rule 3: over the limit fails, over the aim is printed.
const (
	mostFileLines     = 500
	aimFileLines      = 350
	mostFunctionLines = 70
	mostParameters    = 5
	mostMethods       = 7
)

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	walkSources(t, func(path string, set *token.FileSet, file *ast.File, lines int) {
		if lines > mostFileLines {
			t.Errorf("%s has %d lines; %d are the limit: find the second noun", path, lines, mostFileLines)
		} else if lines > aimFileLines {
			t.Logf("warning: %s has %d lines", path, lines)
		}
		for _, decl := range file.Decls {
			checkFunction(t, path, set, decl)
			checkInterface(t, path, decl)
		}
	})
}

func checkFunction(t *testing.T, path string, set *token.FileSet, decl ast.Decl) {
	function, ok := decl.(*ast.FuncDecl)
	if !ok {
		return
	}
	lines := set.Position(function.End()).Line - set.Position(function.Pos()).Line + 1
	if lines > mostFunctionLines {
		t.Errorf("%s: %s has %d lines; %d are the limit", path, function.Name.Name, lines, mostFunctionLines)
	}
	parameters := 0
	for _, field := range function.Type.Params.List {
		parameters += max(1, len(field.Names))
	}
	if parameters > mostParameters+1 { // ctx is not counted
		t.Logf("warning: %s: %s takes %d parameters", path, function.Name.Name, parameters)
	}
}

func checkInterface(t *testing.T, path string, decl ast.Decl) {
	general, ok := decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range general.Specs {
		typ, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if contract, ok := typ.Type.(*ast.InterfaceType); ok && len(contract.Methods.List) > mostMethods {
			t.Errorf("%s: interface %s has %d methods; %d are the limit", path, typ.Name.Name, len(contract.Methods.List), mostMethods)
		}
	}
}

func TestNoInitFunctionsAndNoForbiddenNames(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "helper", "helpers", "manager", "impl", "base"}
	walkSources(t, func(path string, _ *token.FileSet, file *ast.File, _ int) {
		if contains(forbidden, file.Name.Name) {
			t.Errorf("%s: a package called %s says nothing", path, file.Name.Name)
		}
		for _, decl := range file.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Name.Name == "init" && function.Recv == nil {
				t.Errorf("%s: init functions hide work; call it from main", path)
			}
		}
	})
}

func walkSources(t *testing.T, visit func(string, *token.FileSet, *ast.File, int)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata" || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, source, 0)
		if err != nil {
			return err
		}
		visit(path, set, file, strings.Count(string(source), "\n"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
