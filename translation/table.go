package translation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

// each reads a CSV file row by row after its header, which must be the expected one (nil accepts any and hands it on as
// the first row). Errors carry the file and the line.
func (l *loader) each(name string, header []string, take func(cell []string) error) error {
	content, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	l.content[name] = content
	table := csv.NewReader(bytes.NewReader(content))
	for first := true; ; first = false {
		cell, err := table.Read()
		if errors.Is(err, io.EOF) {
			if first {
				return fmt.Errorf("%s: no header", name)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err) // csv.ParseError names the line
		}
		if first && header != nil {
			if !slices.Equal(cell, header) {
				return fmt.Errorf("%s: the header is not %q", name, header)
			}
			continue
		}
		if err := take(cell); err != nil {
			line, _ := table.FieldPos(0)
			return fmt.Errorf("%s row %d: %w", name, line, err)
		}
	}
}

// draft reads the status of a row.
func draft(status string) (bool, error) {
	switch status {
	case "draft":
		return true, nil
	case "accepted":
		return false, nil
	}
	return false, fmt.Errorf("status is draft or accepted, not %q", status)
}
