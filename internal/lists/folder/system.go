package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// System is one row of systems.csv: a short name, and the URI and OID that stand for it in documents. The first row of a
// short name is the canonical one, further rows are aliases.
type System struct{ Short, URI, OID, Name string }

var systemHeader = []string{"short", "uri", "oid", "name"}

const oidPrefix = "urn:oid:"

// spellings are the names under which documents may mention the system.
func (s System) spellings() []string {
	var names []string
	if s.URI != "" {
		names = append(names, s.URI)
	}
	if s.OID != "" && oidPrefix+s.OID != s.URI {
		names = append(names, oidPrefix+s.OID)
	}
	return names
}

// Systems gives code systems their short names: those of the directory, of the tables that travel with the program, and
// new ones for systems that neither knows. The directory's own file names only what its tables use.
type Systems struct {
	rows   []System
	byName map[string]string // URI or urn:oid: to the short name
	used   map[string]bool
}

// ReadSystems reads systems.csv of a directory, and behind it that of others which only fill in what the first does not
// name. A directory without the file has no code systems.
func ReadSystems(first fs.FS, others ...fs.FS) (*Systems, error) {
	s := &Systems{byName: map[string]string{}, used: map[string]bool{}}
	own, err := systemRows(first)
	if err != nil {
		return nil, err
	}
	for i, row := range own {
		if err := s.add(row); err != nil {
			return nil, fmt.Errorf("%s row %d: %w", systemsFile, i+2, err)
		}
		s.used[row.Short] = true
	}
	for _, fsys := range others {
		rows, err := systemRows(fsys)
		if err != nil {
			return nil, err
		}
		if err := s.fillIn(rows); err != nil {
			return nil, fmt.Errorf("%s: %w", systemsFile, err)
		}
	}
	return s, nil
}

func systemRows(fsys fs.FS) ([]System, error) {
	rows, err := readCSV(fsys, systemsFile, systemHeader)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	systems := []System{}
	for _, row := range rows {
		systems = append(systems, System{row[0], row[1], row[2], row[3]})
	}
	return systems, err
}

// fillIn adds the rows whose URI and OID nobody bears yet. One short name for two systems is an error: their codes would mix.
func (s *Systems) fillIn(rows []System) error {
	ours := map[string]bool{}
	for _, row := range s.rows {
		ours[row.Short] = true
	}
	shared := map[string]bool{}
	for _, row := range rows {
		for _, name := range row.spellings() {
			shared[row.Short] = shared[row.Short] || s.byName[name] == row.Short
		}
	}
	for _, row := range rows {
		if ours[row.Short] && !shared[row.Short] {
			return fmt.Errorf("the directory calls another code system %q than the program does: rename it there", row.Short)
		}
		if !slices.ContainsFunc(row.spellings(), func(name string) bool { return s.byName[name] != "" }) {
			if err := s.add(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Systems) add(row System) error {
	names := row.spellings()
	if row.Short == "" || len(names) == 0 {
		return errors.New("a code system needs a short name and a URI or an OID")
	}
	for _, name := range names {
		if known, taken := s.byName[name]; taken {
			return fmt.Errorf("%s is called %s already", name, known)
		}
	}
	for _, name := range names {
		s.byName[name] = row.Short
	}
	s.rows = append(s.rows, row)
	return nil
}

// Short finds the short name of a system by its URI or urn:oid: and makes one where there is none. The name is for people
// and may be empty.
func (s *Systems) Short(uri, name string) (string, error) {
	if strings.TrimSpace(uri) != uri || uri == "" || strings.ContainsAny(uri, "|\"\n\t ") {
		return "", fmt.Errorf("%q is no name of a code system", uri)
	}
	short, known := s.byName[uri]
	if !known {
		short = s.fresh(uri)
		row := System{Short: short, URI: uri, Name: cmp.Or(name, uri)}
		if oid, is := strings.CutPrefix(uri, oidPrefix); is {
			row.OID = oid
		}
		if err := s.add(row); err != nil {
			return "", err
		}
	}
	return short, nil
}

// Use takes a system that a layout declares. A short name alone must be known already.
func (s *Systems) Use(declared System) (string, error) {
	if declared.URI == "" && declared.OID == "" {
		if !slices.ContainsFunc(s.rows, func(row System) bool { return row.Short == declared.Short }) {
			return "", fmt.Errorf("no code system is called %q: declare its URI", declared.Short)
		}
		return declared.Short, nil
	}
	if declared.URI == "" {
		declared.URI = oidPrefix + declared.OID
	}
	for _, name := range declared.spellings() {
		if short, known := s.byName[name]; known {
			return short, nil
		}
	}
	if slices.ContainsFunc(s.rows, func(row System) bool { return row.Short == declared.Short }) {
		return "", fmt.Errorf("another code system is called %q", declared.Short)
	}
	return declared.Short, s.add(declared)
}

// URI is the canonical URI of a short name.
func (s *Systems) URI(short string) string {
	for _, row := range s.rows {
		if row.Short == short {
			return row.URI
		}
	}
	return ""
}

var unfit = regexp.MustCompile(`[^a-z0-9.]+`)

// fresh makes a short name from the end of a URI that nobody else bears.
func (s *Systems) fresh(uri string) string {
	last := strings.TrimRight(uri, "/")
	if at := strings.LastIndexAny(last, "/:"); at >= 0 {
		last = last[at+1:]
	}
	stem := strings.Trim(unfit.ReplaceAllString(strings.ToLower(last), "-"), "-")
	if strings.HasPrefix(uri, oidPrefix) || stem == "" {
		stem = strings.TrimSuffix("oid-"+stem, "-")
	}
	for short, n := stem, 2; ; short, n = fmt.Sprintf("%s-%d", stem, n), n+1 {
		if !slices.ContainsFunc(s.rows, func(row System) bool { return row.Short == short }) {
			return short
		}
	}
}

// mark notes that a table uses a system.
func (s *Systems) mark(short string) { s.used[short] = true }

// table are the rows of the systems that are used, by short name, the canonical row of each first.
func (s *Systems) table() [][]string {
	var rows [][]string
	for _, row := range s.rows {
		if s.used[row.Short] {
			rows = append(rows, []string{row.Short, row.URI, row.OID, row.Name})
		}
	}
	slices.SortStableFunc(rows, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return rows
}

// Shorts are the short names that are known.
func (s *Systems) Shorts() []string {
	var names []string
	for _, row := range s.rows {
		names = append(names, row.Short)
	}
	return names
}
