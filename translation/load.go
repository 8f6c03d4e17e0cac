package translation

import (
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
	kindWholeSet   = "whole-value-set"            // an official list as a whole: what earlier sources have beside it is no member any more
	kindOfSystems  = "whole-value-set-of-systems" // the same for the code systems that it names: those of others stay
	kindCodeSystem = "code-system"                // names of national codes, in no value set
	kindWholeCodes = "whole-code-system"          // a national list as a whole: what it does not have is no code of its system
	kindConceptMap = "concept-map"
	kindUnitMap    = "unit-map"
	kindCorridor   = "corridor"
	kindProduct    = "product" // a national list of medicines, and what is in each: read by their own reader
	kindIngredient = "product-ingredient"
	kindReading    = "reading" // what a second reader says that national codes mean: see internal/curation
	kindSeals      = "seals"   // columns that have been read as a whole
)

// Source is one folder of tables with a MANIFEST.csv at its root: those that the project ships, or what an operator has
// imported. The name stands before the file in an error and may be empty.
type Source struct {
	Name  string
	Files fs.FS
}

// loader reads one source into the tables.
type loader struct {
	source   string // its name
	files    fs.FS
	layer    int // 0 for the first source; a later row wins over an earlier one
	t        *tables
	manifest map[string][]string // file to its row
	origins  map[string]int      // file to its number among the origins
	added    map[string]bool     // short names of systems that this source has been heard to share with earlier ones
}

// Load compiles the tables of one folder and opens the result: see Compile.
func Load(files fs.FS) (*Catalogue, error) {
	built, err := Compile(Source{Files: files})
	if err != nil {
		return nil, err
	}
	return Open(built.Bytes)
}

// read lays the value sets and names of a source over what was read before; its maps follow by readMaps. The error names
// file and row.
func (t *tables) read(layer int, source Source) (*loader, error) {
	l := &loader{
		source: source.Name, files: source.Files, layer: layer, t: t, manifest: map[string][]string{}, origins: map[string]int{},
		added: map[string]bool{},
	}
	for _, step := range []func() error{l.readManifest, l.checkListed, l.readSystems, l.readSets} {
		if err := step(); err != nil {
			return nil, named(source.Name, err)
		}
	}
	return l, nil
}

// readMaps reads the maps of a source, after the value sets of all of them.
func (l *loader) readMaps() error {
	for _, name := range l.ofKind(kindConceptMap, kindUnitMap) {
		if err := l.readMap(name); err != nil {
			return named(l.source, err)
		}
	}
	return nil
}

func named(source string, err error) error {
	if source == "" {
		return err
	}
	return fmt.Errorf("%s: %w", source, err)
}

func (l *loader) readManifest() error {
	kinds := []string{kindValueSet, kindWholeSet, kindOfSystems, kindCodeSystem, kindWholeCodes, kindConceptMap, kindUnitMap, kindCorridor, kindProduct, kindIngredient,
		kindReading, kindSeals}
	header := []string{"file", "kind", "origin", "release", "licence", "status"}
	return l.each(manifestFile, header, func(cell []string) error {
		name, kind := cell[0], cell[1]
		if _, twice := l.manifest[name]; twice {
			return errors.New("the file is listed twice")
		}
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("unknown kind %q", kind)
		}
		if err := checkPlace(name, kind); err != nil {
			return err
		}
		l.manifest[name] = slices.Clone(cell)
		return nil
	})
}

// checkListed refuses a table that lies there but would be ignored. The rules of the corridors are read elsewhere.
func (l *loader) checkListed() error {
	return fs.WalkDir(l.files, ".", func(name string, entry fs.DirEntry, err error) error {
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
		row := System{Short: cell[0], URI: cell[1], OID: cell[2], Name: cell[3]}
		if l.layer > 0 && l.t.systems.repeats(row) {
			l.added[row.Short] = true
			return nil
		}
		if l.layer > 0 && !l.added[row.Short] && l.t.systems.mixes(row) {
			return fmt.Errorf("an earlier source calls another code system %q: take another short name", row.Short)
		}
		l.added[row.Short] = true
		if wrong := l.t.systems.add(row); wrong != "" {
			return errors.New(wrong)
		}
		return nil
	})
}

// readSets reads value sets and names, and notes where each comes from.
func (l *loader) readSets() error {
	for _, name := range l.ofKind(kindValueSet, kindWholeSet, kindOfSystems, kindCodeSystem, kindWholeCodes, kindConceptMap, kindUnitMap) {
		row := l.manifest[name]
		l.origins[name] = len(l.t.origins)
		l.t.origins = append(l.t.origins, Origin{
			File: row[0], Kind: row[1], Origin: row[2], Release: row[3], Licence: row[4], Status: row[5],
		})
	}
	for _, name := range l.ofKind(kindValueSet, kindWholeSet, kindOfSystems, kindCodeSystem, kindWholeCodes) {
		if err := l.readSet(name); err != nil {
			return err
		}
	}
	return nil
}

// ofKind lists the files of some kinds in order of their names.
func (l *loader) ofKind(kinds ...string) []string {
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

func (l *loader) system(short string) (string, error) {
	known, ok := l.t.systems.byShort[short]
	if !ok {
		return "", fmt.Errorf("unknown code system %q", short)
	}
	return known.URI, nil
}
