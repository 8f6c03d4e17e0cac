package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"sild/mappings"
)

// Spelling is the shared code that another spelling stands for, with a denominator where the spelling is a quotient.
type Spelling struct {
	System, Code   string // short name of the system
	PerSystem, Per string
	Draft          bool // nobody has accepted the row
}

// Spellings reads the other spellings of a field's shared codes, by short name and code: those of the program, and over them those of
// the directory as it is being changed. Only spellings that mean exactly the same count.
func (s *Stage) Spellings(field string) (map[[2]string]Spelling, error) {
	file, found := "eu-eu/"+field+".csv", map[[2]string]Spelling{}
	for _, source := range []fs.FS{mappings.Files(), os.DirFS(s.copy)} {
		rows, err := readCSV(source, file, MapHeader)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			if len(row) != len(MapHeader) {
				return nil, fmt.Errorf("%s row %d: %d cells for %d columns", file, i+2, len(row), len(MapHeader))
			}
			key := [2]string{row[0], row[1]}
			delete(found, key)
			if row[2] == "equivalent" && (row[5] == "" || row[5] == "1") {
				found[key] = Spelling{System: row[3], Code: row[4], PerSystem: row[6], Per: row[7], Draft: row[11] == "draft"}
			}
		}
	}
	return found, nil
}
