package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"sild/mappings"
)

// Members is what a field may hold, as far as the directory and the program know it.
type Members struct {
	codes  map[[2]string]bool // short name and code, of rows that are in force
	shapes map[string]*regexp.Regexp
}

// Has says whether a code (with the short name of its system) is a member.
func (m *Members) Has(system, code string) bool {
	shape := m.shapes[system]
	return m.codes[[2]string{system, code}] || shape != nil && shape.MatchString(code)
}

// Members reads the value set of a field: the one of the directory as it is being changed, and that of the program where the
// former is not whole, or not of a code system that it names. Nothing says what a field holds that neither has: then there are no members and known is false.
func (s *Stage) Members(field string) (m *Members, known bool, err error) {
	file := "eu/" + field + ".csv"
	m = &Members{codes: map[[2]string]bool{}, shapes: map[string]*regexp.Regexp{}}
	sources := []fs.FS{os.DirFS(s.copy), mappings.Files()}
	if s.isKind(file, WholeValueSet) {
		sources = sources[:1]
	}
	whole := map[string]bool{}
	for layer, source := range sources {
		rows, err := readCSV(source, file, nil)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		known = true
		for i, row := range rows[1:] {
			if layer > 0 && whole[row[1]] {
				continue
			}
			if err := m.add(row); err != nil {
				return nil, false, fmt.Errorf("%s row %d: %w", file, i+2, err)
			}
		}
		if layer == 0 && s.isKind(file, OfSystems) {
			for _, row := range rows[1:] {
				whole[row[1]] = true
			}
		}
	}
	return m, known, nil
}

func (s *Stage) isKind(file, kind string) bool {
	return slices.ContainsFunc(s.manifest, func(row []string) bool { return row[0] == file && row[1] == kind })
}

func (m *Members) add(row []string) error {
	if len(row) < 6 {
		return errors.New("this is no row of a value set")
	}
	system, code, until := row[1], row[2], row[len(row)-2]
	shape, open := strings.CutPrefix(code, "~")
	if !open {
		m.codes[[2]string{system, code}] = until == ""
		return nil
	}
	compiled, err := regexp.Compile("^(?:" + shape + ")$")
	m.shapes[system] = compiled
	return err
}
