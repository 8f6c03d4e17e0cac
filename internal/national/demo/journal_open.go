package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// openJournal opens or creates the file and gives its records in order. A last line without its end was being written
// when the machine stopped: nobody was answered for it, so it is cut off and torn is true. Any other damage is an error
// that names the line.
func openJournal(path string) (j *journal, records []record, torn bool, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, false, fmt.Errorf("the register's journal cannot be opened: %w", err)
	}
	j = &journal{file: file}
	records, torn, err = j.read(path)
	if err != nil {
		file.Close()
		return nil, nil, false, err
	}
	return j, records, torn, nil
}

func (j *journal) read(path string) ([]record, bool, error) {
	if err := j.file.Chmod(0o600); err != nil {
		return nil, false, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, false, err
	}
	whole := content[:bytes.LastIndexByte(content, '\n')+1]
	records, err := j.lines(whole)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	j.size = int64(len(whole))
	torn := len(whole) < len(content)
	if torn {
		if err := j.file.Truncate(j.size); err != nil {
			return nil, false, err
		}
	}
	if err := j.file.Sync(); err != nil {
		return nil, false, err
	}
	return records, torn, syncFolder(path)
}

// syncFolder makes a new file's name as durable as its content.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func (j *journal) lines(content []byte) ([]record, error) {
	var records []record
	for n := 1; len(content) > 0; n++ {
		end := bytes.IndexByte(content, '\n') + 1
		r, sum, err := readLine(j.sum, content[:end])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		records, j.sum, content = append(records, r), sum, content[end:]
	}
	return records, nil
}

// readLine holds a line against its checksum and the line before. Its form is compared byte by byte, so that no change
// of it goes unnoticed.
func readLine(before string, line []byte) (record, string, error) {
	var r record
	rest, ok := strings.CutPrefix(string(line), lineStart)
	if !ok || len(rest) < sumLen {
		return r, "", fmt.Errorf("not a line of this journal")
	}
	sum := rest[:sumLen]
	content, ok := strings.CutPrefix(rest[sumLen:], lineMiddle)
	content, whole := strings.CutSuffix(content, lineEnd)
	if !ok || !whole {
		return r, "", fmt.Errorf("not a line of this journal")
	}
	if checksum(before, []byte(content)) != sum {
		return r, "", fmt.Errorf("the checksum does not fit: the line, or one before it, was changed")
	}
	reader := json.NewDecoder(strings.NewReader(content))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&r); err != nil {
		return r, "", fmt.Errorf("the record cannot be read")
	}
	return r, sum, nil
}
