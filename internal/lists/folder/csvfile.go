package folder

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	manifestFile = "MANIFEST.csv"
	systemsFile  = "systems.csv"
)

var manifestHeader = []string{"file", "kind", "origin", "release", "licence", "status"}

// readCSV gives the rows of a table behind its header; a nil header accepts any and gives it as the first row.
func readCSV(fsys fs.FS, name string, header []string) ([][]string, error) {
	content, err := fs.ReadFile(fsys, name)
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // it names the file too
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if header == nil {
		return rows, nil
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		return nil, fmt.Errorf("%s: the header is not %q", name, header)
	}
	return rows[1:], nil
}

// writeCSV writes a table anew and has it on the disk when it returns.
func writeCSV(path string, header []string, rows [][]string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	if err := w.Write(header); err != nil {
		return err
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return file.Sync()
}
