package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"sild/mappings"
	"sild/translation"
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
// former is not whole, or not of a code system that it names. A row of the directory goes before one of the program. Nothing
// says what a field holds that neither has: then there are no members and known is false.
func (s *Stage) Members(field string) (m *Members, known bool, err error) {
	file := "eu/" + field + ".csv"
	m = &Members{codes: map[[2]string]bool{}, shapes: map[string]*regexp.Regexp{}}
	own, err := setRows(os.DirFS(s.copy), file)
	if err != nil {
		return nil, false, err
	}
	var shipped [][]string
	if !s.isKind(file, WholeValueSet) {
		if shipped, err = setRows(mappings.Files(), file); err != nil {
			return nil, false, err
		}
	}
	whole := map[string]bool{}
	if s.isKind(file, OfSystems) {
		for _, row := range own {
			whole[row[1]] = true
		}
	}
	return m, len(own)+len(shipped) > 0, errors.Join(m.addAll(file, shipped, whole), m.addAll(file, own, nil))
}

// setRows are the rows of a value set with their header, and none where there is no such file.
func setRows(source fs.FS, file string) ([][]string, error) {
	rows, err := readCSV(source, file, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return rows, err
}

func (s *Stage) isKind(file, kind string) bool {
	return slices.ContainsFunc(s.manifest, func(row []string) bool { return row[0] == file && row[1] == kind })
}

// addAll adds the rows under a header, but for those of the systems that another list stands in for.
func (m *Members) addAll(file string, rows [][]string, replaced map[string]bool) error {
	for i, row := range rows {
		if i == 0 || replaced[row[1]] {
			continue
		}
		if err := m.add(row); err != nil {
			return fmt.Errorf("%s row %d: %w", file, i+1, err)
		}
	}
	return nil
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
	compiled, err := translation.WholeShape(shape)
	m.shapes[system] = compiled
	return err
}

// Without lists the codes of the members that a whole value set lacks, or has retired, in the order of systems and codes. One that
// is whole for the code systems that it names is asked for the codes of those.
func (m *Members) Without(t Table) []string {
	held, named := map[[2]string]bool{}, map[string]bool{}
	for _, row := range t.Rows {
		named[row[1]] = true
		if row[len(row)-2] == "" {
			held[[2]string{row[1], row[2]}] = true
		}
	}
	var lost [][2]string
	for code, in := range m.codes {
		if in && !held[code] && (t.Kind != OfSystems || named[code[0]]) {
			lost = append(lost, code)
		}
	}
	slices.SortFunc(lost, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var codes []string
	for _, code := range lost {
		codes = append(codes, code[1])
	}
	return codes
}
