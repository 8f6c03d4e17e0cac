package translation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Row is one row of a table as it stands in its file, with its line from one.
type Row struct {
	Line  int
	Cells []string
}

// ReadTable reads a CSV file, its header first. A file without one, with a byte order mark, or with rows of different lengths is
// an error that names the file, and the line where there is one.
func ReadTable(files fs.FS, name string) ([]Row, error) {
	var rows []Row
	err := readRows(files, name, func(row Row) error {
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// readRows reads a CSV file row by row, its header first.
func readRows(files fs.FS, name string, take func(Row) error) error {
	content, err := fs.ReadFile(files, name)
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // it names the file too
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if bytes.HasPrefix(content, []byte("\ufeff")) {
		return fmt.Errorf("%s: the file begins with a byte order mark: take it out", name)
	}
	table := csv.NewReader(bytes.NewReader(content))
	for first := true; ; first = false {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) && first {
			return fmt.Errorf("%s: no header", name)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err) // csv.ParseError names the line
		}
		line, _ := table.FieldPos(0)
		if err := take(Row{line, cells}); err != nil {
			return err
		}
	}
}

// each reads a CSV file row by row after its header, which must be the expected one (nil accepts any and hands it on as
// the first row). Errors carry the file and the line.
func (l *loader) each(name string, header []string, take func(cell []string) error) error {
	first := true
	return readRows(l.files, name, func(row Row) error {
		if header != nil && first {
			first = false
			if !slices.Equal(row.Cells, header) {
				return fmt.Errorf("%s: the header is not %q", name, header)
			}
			return nil
		}
		if err := clean(row.Cells); err != nil {
			return fmt.Errorf("%s row %d: %w", name, row.Line, err)
		}
		if err := take(row.Cells); err != nil {
			return fmt.Errorf("%s row %d: %w", name, row.Line, err)
		}
		return nil
	})
}

// clean refuses a row with a cell that CheckCell refuses.
func clean(cells []string) error {
	for i, cell := range cells {
		if err := CheckCell(cell); err != nil {
			return fmt.Errorf("column %d %w", i+1, err)
		}
	}
	return nil
}

// CheckCell refuses a cell of a table that nobody can see as it is: text that is no UTF-8, control and format characters, and
// blanks at an end. The error continues a sentence that begins with the cell's place.
func CheckCell(cell string) error {
	if !utf8.ValidString(cell) {
		return errors.New("is no UTF-8")
	}
	for _, r := range cell {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return fmt.Errorf("holds a character that nobody sees (U+%04X)", r)
		}
	}
	if cell != strings.TrimSpace(cell) {
		return errors.New("begins or ends with a blank")
	}
	return nil
}

// acceptance is the status of a row that a named person answers for since a day.
var acceptance = regexp.MustCompile(`^accepted by \S.* on ([0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// CheckStatus says what is wrong with the status of a table or a row: it is draft, or accepted by whom on which day.
func CheckStatus(status string) error {
	if status == "draft" {
		return nil
	}
	accepted := acceptance.FindStringSubmatch(status)
	if accepted == nil {
		return fmt.Errorf("status is draft, or accepted by a name on a day, not %q", status)
	}
	if _, err := time.Parse(time.DateOnly, accepted[1]); err != nil {
		return fmt.Errorf("the day of the acceptance, %q, does not exist", accepted[1])
	}
	return nil
}

// CheckPeriod checks from when and until when a row holds (YYYY-MM-DD); an empty end is open.
func CheckPeriod(since, until string) error {
	from, err := time.Parse(time.DateOnly, since)
	if err != nil {
		return fmt.Errorf("since is a day, not %q", since)
	}
	if until == "" {
		return nil
	}
	end, err := time.Parse(time.DateOnly, until)
	if err != nil || end.Before(from) {
		return fmt.Errorf("until is empty or a day after since, not %q", until)
	}
	return nil
}
