package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Cache keeps answers in a directory, one file for each question; an empty name keeps none.
type Cache string

// answer is what a server answered, with the ETag under which it may be asked for again.
type answer struct {
	ETag string         `json:"etag"`
	URL  string         `json:"url"`
	Body jsontext.Value `json:"body"`
}

func (c Cache) file(at *url.URL, language string) string {
	name := sha256.Sum256([]byte(at.String() + "\n" + language))
	return filepath.Join(string(c), hex.EncodeToString(name[:])+".json")
}

// read finds a kept answer. One that cannot be read counts as none: the server is asked.
func (c Cache) read(at *url.URL, language string) (answer, bool) {
	if c == "" {
		return answer{}, false
	}
	content, err := os.ReadFile(c.file(at, language))
	if err != nil {
		return answer{}, false
	}
	var kept answer
	if json.Unmarshal(content, &kept) != nil || kept.URL != at.String() || kept.ETag == "" {
		return answer{}, false
	}
	return kept, true
}

// write keeps an answer that has an ETag, and forgets an older one where it has none.
func (c Cache) write(at *url.URL, language string, given answer) error {
	if c == "" {
		return nil
	}
	name := c.file(at, language)
	if given.ETag == "" {
		if err := os.Remove(name); !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	given.URL = at.String()
	content, err := json.Marshal(given)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(c), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}
