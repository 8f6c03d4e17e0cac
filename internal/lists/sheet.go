package lists

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// encodings are those that national lists are published in.
var encodings = map[string]encoding.Encoding{"": unicode.UTF8, "utf-8": unicode.UTF8, "cp850": charmap.CodePage850,
	"iso-8859-1": charmap.ISO8859_1, "windows-1252": charmap.Windows1252}

// sheet is a CSV list that is read row by row.
type sheet struct {
	name    string
	table   *csv.Reader
	header  []string
	columns int
	cells   []string
	line    int
}

// openSheet decodes a list and reads its header. The wrong encoding is noticed where bytes show it.
func openSheet(name string, content []byte, declared, separator string, headless bool) (*sheet, error) {
	text, err := decode(content, declared, separator)
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	s := &sheet{name: name, table: csv.NewReader(bytes.NewReader(text))}
	s.table.FieldsPerRecord = -1
	if separator != "" {
		s.table.Comma, _ = utf8.DecodeRuneInString(separator)
	}
	if headless {
		return s, nil
	}
	more, err := s.next()
	if err != nil || !more {
		return nil, errors.Join(err, fmt.Errorf("%s: no header", name))
	}
	s.header, s.columns = slices.Clone(s.cells), len(s.cells)
	return s, nil
}

// decode gives the list as UTF-8 without a byte order mark.
func decode(content []byte, declared, separator string) ([]byte, error) {
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, errors.New("is UTF-16: save it as UTF-8")
	}
	content, marked := bytes.CutPrefix(content, []byte("\xef\xbb\xbf"))
	eightBit := declared != "" && declared != "utf-8"
	switch at := firstWrong(content); {
	case !eightBit && at >= 0:
		return nil, fmt.Errorf("%s: this is not UTF-8: declare the encoding in the layout", placeOf(content, at, separator))
	case eightBit && (marked || at < 0 && !ascii(content)):
		return nil, fmt.Errorf("is UTF-8, and the layout declares %s", declared)
	}
	if i := bytes.IndexByte(content, 0); i >= 0 {
		return nil, fmt.Errorf("%s: a NUL byte: this is no text", placeOf(content, i, separator))
	}
	return encodings[declared].NewDecoder().Bytes(content)
}

// placeOf names the row, the column and the byte of a line at an offset. Separators in quotes do not count.
func placeOf(content []byte, at int, separator string) string {
	line, byteOf := lineOf(content, int64(at))
	column, quoted := 1, false
	for _, b := range content[at-byteOf+1 : at] {
		switch {
		case b == '"':
			quoted = !quoted
		case !quoted && string(b) == cmp.Or(separator, ","):
			column++
		}
	}
	return fmt.Sprintf("row %d column %d (byte %d of the line)", line, column, byteOf)
}

// firstWrong is where the bytes stop being UTF-8, or -1.
func firstWrong(content []byte) int {
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func ascii(content []byte) bool {
	return !slices.ContainsFunc(content, func(b byte) bool { return b >= utf8.RuneSelf })
}

// next moves to the next row, which may be empty; false is the end.
func (s *sheet) next() (bool, error) {
	cells, err := s.table.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return false, fmt.Errorf("%s row %d column %d: %w", s.name, wrong.Line, wrong.Column, wrong.Err)
		}
		return false, fmt.Errorf("%s: %w", s.name, err)
	}
	s.line, _ = s.table.FieldPos(0)
	s.cells = cells
	if s.columns == 0 {
		s.columns = len(cells)
	}
	if len(cells) != s.columns {
		return false, fmt.Errorf("%s row %d: %d cells for %d columns", s.name, s.line, len(cells), s.columns)
	}
	return true, nil
}

// empty says that no cell of the row holds anything.
func (s *sheet) empty() bool {
	return !slices.ContainsFunc(s.cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// at names the row for errors; lines are counted from 1.
func (s *sheet) at() string { return fmt.Sprintf("%s row %d", s.name, s.line) }

// column finds a column as a layout names it; 0 is the first.
func (s *sheet) column(declared string) (int, error) {
	for _, name := range strings.Split(declared, "|") {
		if number, is := strings.CutPrefix(name, "#"); is {
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 || s.columns > 0 && n > s.columns {
				return 0, fmt.Errorf("%s has no column %s", s.name, name)
			}
			return n - 1, nil
		}
		found := []int{}
		for i, title := range s.header {
			if titled(title, name) {
				found = append(found, i)
			}
		}
		if len(found) > 1 {
			return 0, fmt.Errorf("%s has two columns called %q", s.name, name)
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return 0, fmt.Errorf("%s has no column called %q; it has %q", s.name, declared, s.header)
}

func titled(title, name string) bool {
	title, name = strings.ToLower(strings.TrimSpace(title)), strings.ToLower(name)
	if stem, open := strings.CutSuffix(name, "*"); open {
		return strings.HasPrefix(title, stem)
	}
	return title == name
}

// title is a column as errors name it.
func (s *sheet) title(column int) string {
	if column < len(s.header) {
		return fmt.Sprintf("column %q", s.header[column])
	}
	return fmt.Sprintf("column %d", column+1)
}

// wrong is an error about one cell.
func (s *sheet) wrong(column int, err error) error {
	return fmt.Errorf("%s %s: %w", s.at(), s.title(column), err)
}
