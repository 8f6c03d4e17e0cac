package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// Stage is a change that is being made to a directory. Nothing of it is seen there before Commit, and Abandon leaves no
// trace of it.
type Stage struct {
	Systems *Systems

	dir, copy string
	held      *os.File // the directory as it was opened, locked; nil where there is none yet
	manifest  [][]string
	written   []Table
}

// Open begins a change of a directory, which need not exist. Only one change can be under way.
func Open(dir string) (*Stage, error) {
	s := &Stage{dir: filepath.Clean(dir)}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		s.dir = real
	}
	if err := s.begin(); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, errors.Join(err, s.Abandon()))
	}
	return s, nil
}

func (s *Stage) begin() error {
	mode := fs.FileMode(0o755)
	if held, err := hold(s.dir); err == nil {
		s.held = held
		info, err := held.Stat()
		if err != nil {
			return err
		}
		if mode = info.Mode().Perm(); !info.IsDir() {
			return errors.New("this is no directory")
		}
		if err := s.clean(); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o755); err != nil {
		return err
	}
	copied, err := os.MkdirTemp(filepath.Dir(s.dir), s.prefix())
	if err != nil {
		return err
	}
	s.copy = copied
	if err := os.Chmod(copied, mode); err != nil {
		return err
	}
	if s.held != nil {
		if err := copyTree(s.copy, s.dir); err != nil {
			return err
		}
	}
	return s.read()
}

func (s *Stage) prefix() string { return "." + filepath.Base(s.dir) + ".import-" }

// clean removes what a killed import left beside the directory; the lock says that no other one is under way.
func (s *Stage) clean() error {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(s.dir), s.prefix()+"*"))
	for _, path := range left {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}

// read takes the manifest and the code systems of the directory as it is.
func (s *Stage) read() error {
	var err error
	here := os.DirFS(s.copy)
	s.manifest, err = readCSV(here, manifestFile, manifestHeader)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.Systems, err = ReadSystems(here, mappings.Files())
	return err
}

// copyTree copies the plain files of a directory.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case name == ".":
			return nil
		case entry.IsDir():
			return os.Mkdir(target, info.Mode().Perm())
		case !entry.Type().IsRegular():
			return fmt.Errorf("%s is no plain file", name)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode().Perm())
	})
}

// Kept says that the directory has tables already.
func (s *Stage) Kept() bool { return len(s.manifest) > 0 }

// Path is where a file of the directory stands while the change is being made.
func (s *Stage) Path(name string) string { return filepath.Join(s.copy, filepath.FromSlash(name)) }

// Put writes a table. Without replace it refuses to lose something: a table that was made from a list which this one was
// not made from, a whole value set that would become an addition, and a table of another kind.
func (s *Stage) Put(t Table, replace bool) error {
	known := map[string]bool{}
	for _, short := range s.Systems.Shorts() {
		known[short] = true
	}
	if err := errors.Join(t.check(known), translation.CheckStatus(t.Status)); err != nil {
		return err
	}
	if slices.ContainsFunc(s.written, func(before Table) bool { return before.File == t.File }) {
		return fmt.Errorf("%s: two lists of this import would write this table: import one of them elsewhere", t.File)
	}
	at := slices.IndexFunc(s.manifest, func(row []string) bool { return row[0] == t.File })
	if at >= 0 && !replace {
		if err := t.keeps(s.manifest[at]); err != nil {
			return err
		}
	}
	if at >= 0 {
		s.manifest = slices.Delete(s.manifest, at, at+1)
	}
	s.manifest = append(s.manifest, []string{t.File, t.Kind, t.origin(), t.Release, t.Licence, t.Status})
	s.written = append(s.written, t)
	for at, column := range t.Header {
		if !slices.Contains(shapes[t.Kind].systems, column) {
			continue
		}
		for _, row := range t.Rows {
			s.Systems.mark(row[at])
		}
	}
	return writeCSV(s.Path(t.File), t.Header, t.Rows)
}

// keeps says what the table would lose of the one whose row of the manifest this is.
func (t Table) keeps(before []string) error {
	if !wholer(before[1], t.Kind) {
		return fmt.Errorf("%s is there as %s and would become %s: use another directory, or --replace", t.File, before[1], t.Kind)
	}
	for _, list := range listsOf(before[2]) {
		if !slices.ContainsFunc(t.Lists, func(now string) bool { return unversioned(now) == unversioned(list) }) {
			return fmt.Errorf("%s was made from %s too, which this import lacks: give both together, or --replace", t.File, list)
		}
	}
	return nil
}

// wholer says that a table may become one of another kind: it stands for as much as before, or for more.
func wholer(before, now string) bool {
	for _, kinds := range [][]string{{ValueSet, OfSystems, WholeValueSet}, {Codes, WholeCodes}} {
		if was := slices.Index(kinds, before); was >= 0 {
			return slices.Index(kinds, now) >= was
		}
	}
	return before == now
}

// Release is the release of the table that this one would replace, where both were made from a list of one name.
func (s *Stage) Release(t Table) (release string, there bool) {
	for _, row := range s.manifest {
		if row[0] != t.File {
			continue
		}
		for _, list := range listsOf(row[2]) {
			if slices.ContainsFunc(t.Lists, func(now string) bool { return unversioned(now) == unversioned(list) }) {
				return row[3], true
			}
		}
	}
	return "", false
}

// unversioned is a canonical URL without its release.
func unversioned(list string) string {
	url, _, _ := strings.Cut(list, "|")
	return url
}

// Commit finishes the two lists of the directory, reads everything back, checks it, and swaps the directory.
func (s *Stage) Commit() error {
	slices.SortFunc(s.manifest, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	err := errors.Join(visible(manifestFile, s.manifest), visible(systemsFile, s.Systems.table()), writeCSV(s.Path(manifestFile), manifestHeader, s.manifest),
		writeCSV(s.Path(systemsFile), systemHeader, s.Systems.table()))
	if err == nil {
		err = s.check()
	}
	if err == nil {
		err = swap(s.copy, s.dir)
	}
	return errors.Join(err, s.Abandon())
}

// visible refuses rows with a cell that nobody can see as it is.
func visible(file string, rows [][]string) error {
	for _, row := range rows {
		for _, cell := range row {
			if err := translation.CheckCell(cell); err != nil {
				return fmt.Errorf("%s: the row of %s: %q %w", file, row[0], cell, err)
			}
		}
	}
	return nil
}

// Abandon removes what was staged. After Commit it does nothing.
func (s *Stage) Abandon() error {
	var err error
	if s.copy != "" {
		err = os.RemoveAll(s.copy)
	}
	if s.held != nil {
		err = errors.Join(err, s.held.Close())
	}
	s.copy, s.held = "", nil
	return err
}

// check reads back what was written, as a reader of the directory will.
func (s *Stage) check() error {
	here := os.DirFS(s.copy)
	if _, err := ReadSystems(here); err != nil {
		return err
	}
	known := map[string]bool{}
	for _, row := range s.Systems.table() {
		known[row[0]] = true
	}
	for _, row := range s.manifest {
		if _, err := fs.Stat(here, row[0]); err != nil {
			return fmt.Errorf("%s names a table that is not there: %w", manifestFile, err)
		}
	}
	for _, t := range s.written {
		rows, err := readCSV(here, t.File, nil)
		if err != nil {
			return err
		}
		if len(rows) != len(t.Rows)+1 {
			return fmt.Errorf("%s: %d rows were written and %d are there", t.File, len(t.Rows), len(rows)-1)
		}
		if t.Kind == Corridor {
			if _, err := node.LoadRules(mappings.Files(), here); err != nil {
				return err
			}
		}
		t.Header, t.Rows = rows[0], rows[1:]
		if err := errors.Join(t.check(known), translation.CheckStatus(t.Status)); err != nil {
			return err
		}
	}
	return nil
}
