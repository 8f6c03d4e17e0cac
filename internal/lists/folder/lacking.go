package folder

import (
	"errors"
	"io/fs"
	"os"
	"slices"
)

// Loss is what a table lacks of the one that it replaces.
type Loss struct {
	Codes   []string // in force there, and without any row now, in the order of the former table
	Of      int      // how many are in force there
	Release string   // of the former table
}

// Lacking says what this table lacks of the one that it would replace in the directory. Only tables of codes, value sets and packages
// have codes that they can lose.
func (s *Stage) Lacking(t Table) (Loss, error) {
	at := slices.IndexFunc(s.manifest, func(row []string) bool { return row[0] == t.File })
	if at < 0 || !slices.Contains(t.Header, "until") {
		return Loss{}, nil
	}
	rows, err := readCSV(os.DirFS(s.copy), t.File, nil)
	if errors.Is(err, fs.ErrNotExist) || len(rows) == 0 {
		return Loss{}, nil
	}
	if err != nil {
		return Loss{}, err
	}
	loss, held := Loss{Release: s.manifest[at][3]}, map[[2]string]bool{}
	for _, row := range t.Rows {
		held[codeIn(t.Header, row)] = true
	}
	until := slices.Index(rows[0], "until")
	for _, row := range rows[1:] {
		code := codeIn(rows[0], row)
		if until < 0 || row[until] != "" {
			continue
		}
		if loss.Of++; !held[code] {
			loss.Codes = append(loss.Codes, code[1])
		}
	}
	return loss, nil
}

// codeIn is the short name of the system and the code of a row.
func codeIn(header, row []string) [2]string {
	system, code := slices.Index(header, "system"), slices.Index(header, "code")
	if system < 0 || code < 0 {
		return [2]string{}
	}
	return [2]string{row[system], row[code]}
}
