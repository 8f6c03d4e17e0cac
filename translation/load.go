package translation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	manifestFile = "MANIFEST.csv"
	systemsFile  = "systems.csv"
)

// The kinds of file that a manifest may name. Rules of a corridor travel with the tables and are read elsewhere.
const (
	kindValueSet   = "value-set"
	kindConceptMap = "concept-map"
	kindUnitMap    = "unit-map"
	kindCorridor   = "corridor"
)

// loader fills a catalogue file by file and keeps what goes into its release.
type loader struct {
	fsys     fs.FS
	c        *Catalogue
	manifest map[string][]string // file to its row
	content  map[string][]byte
}

// Load reads the catalogue whose MANIFEST.csv stands at the root of fsys. It refuses a file that the manifest does not
// name, an unknown code system, a map to a code outside its value set, a unit that does not convert exactly on the way
// home, and the like; the error names file and row. What is refused leaves no catalogue behind.
func Load(fsys fs.FS) (*Catalogue, error) {
	l := &loader{fsys: fsys, manifest: map[string][]string{}, content: map[string][]byte{}, c: &Catalogue{
		systems: newSystems(), sets: map[Field]*valueSet{}, names: map[codeKey]*concept{},
		maps: map[mapKey]*conceptMap{},
	}}
	steps := []func() error{l.readManifest, l.checkListed, l.readSystems, l.readSets, l.readMaps}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
	}
	l.c.release = l.digest()
	return l.c, nil
}

func (l *loader) readManifest() error {
	header := []string{"file", "kind", "origin", "release", "licence", "status"}
	return l.each(manifestFile, header, func(cell []string) error {
		name, kind := cell[0], cell[1]
		if _, twice := l.manifest[name]; twice {
			return errors.New("the file is listed twice")
		}
		if !slices.Contains([]string{kindValueSet, kindConceptMap, kindUnitMap, kindCorridor}, kind) {
			return fmt.Errorf("unknown kind %q", kind)
		}
		l.manifest[name] = slices.Clone(cell)
		return nil
	})
}

// checkListed refuses a table that lies there but would be ignored. The rules of the corridors are read elsewhere.
func (l *loader) checkListed() error {
	return fs.WalkDir(l.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".csv" || name == manifestFile || name == systemsFile {
			return err
		}
		if path.Dir(name) == "corridors" {
			return nil
		}
		if _, listed := l.manifest[name]; !listed {
			return fmt.Errorf("%s is not in %s", name, manifestFile)
		}
		return nil
	})
}

func (l *loader) readSystems() error {
	return l.each(systemsFile, []string{"short", "uri", "oid", "name"}, func(cell []string) error {
		if wrong := l.c.systems.add(System{Short: cell[0], URI: cell[1], OID: cell[2], Name: cell[3]}); wrong != "" {
			return errors.New(wrong)
		}
		return nil
	})
}

func (l *loader) readSets() error {
	for _, name := range l.files(kindValueSet) {
		if err := l.readSet(name); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) readMaps() error {
	for _, name := range l.files(kindConceptMap, kindUnitMap) {
		if err := l.readMap(name); err != nil {
			return err
		}
	}
	for key := range l.c.maps {
		if !slices.Contains(l.c.countries, key.country) {
			l.c.countries = append(l.c.countries, key.country)
		}
	}
	slices.Sort(l.c.countries)
	return nil
}

// files lists the files of some kinds in order of their names.
func (l *loader) files(kinds ...string) []string {
	names := []string{}
	for name, cell := range l.manifest {
		if slices.Contains(kinds, cell[1]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// fieldOf is the field that a file of the form folder/field.csv holds.
func fieldOf(name string) Field { return Field(strings.TrimSuffix(path.Base(name), ".csv")) }

// digest hashes what decides a translation: the code systems, and each table with its row of the manifest. Names and
// contents are length-prefixed, so that no two catalogues share a hash by moving text from one file to another.
func (l *loader) digest() string {
	sum := sha256.New()
	for _, name := range append([]string{systemsFile}, l.files(kindValueSet, kindConceptMap, kindUnitMap)...) {
		row := strings.Join(l.manifest[name], "\x00")
		fmt.Fprintf(sum, "%d %s %d %s %d ", len(name), name, len(row), row, len(l.content[name]))
		sum.Write(l.content[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (l *loader) system(short string) (string, error) {
	known, ok := l.c.systems.byShort[short]
	if !ok {
		return "", fmt.Errorf("unknown code system %q", short)
	}
	return known.URI, nil
}
