package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"sild/internal/tongues"
	"sild/node"
	"sild/translation"
)

// MapDocuments are documents of a country that a tool tries tables on. Nothing of them is written anywhere.
type MapDocuments struct {
	From, To  string
	Files     []string // documents, or folders with documents below them
	Medicines string   // Finnish medicine list; empty is the built-in demo list
}

func (d MapDocuments) usage() error {
	switch {
	case readerLanguages(d.From) == nil:
		return fmt.Errorf("--from: no country %q on this corridor; take EE or FI", d.From)
	case readerLanguages(d.To) == nil:
		return fmt.Errorf("--to: no country %q on this corridor; take EE or FI", d.To)
	case d.From == d.To:
		return errors.New("--from and --to name the same country")
	case d.Medicines == "":
		return nil
	}
	if err := regular(d.Medicines); err != nil {
		return fmt.Errorf("--medicines: %w", err)
	}
	return nil
}

// list finds the documents: a file that is named, and every XML and JSON file below a folder that is.
func (d MapDocuments) list() ([]string, error) {
	var files []string
	for _, named := range d.Files {
		err := filepath.WalkDir(named, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			if extension := filepath.Ext(path); path == named || extension == ".xml" || extension == ".json" {
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	if len(files) == 0 {
		return nil, errors.New("there are no documents: name XML or JSON files, or folders of them")
	}
	return slices.Compact(files), nil
}

// carriedDocument is what tables make of one document.
type carriedDocument struct {
	kind    string
	out, in []*translation.Slot // in is nil where the document was refused before
	refused *node.Error
}

// carry takes one document through both halves of the way, as the two nodes would. It reads regular files only.
func (d MapDocuments) carry(catalogue *translation.Catalogue, file string) (carriedDocument, error) {
	if err := regular(file); err != nil {
		return carriedDocument{}, err
	}
	t := &Translation{From: d.From, To: d.To, Medicines: d.Medicines, catalogue: catalogue,
		tongue: tongues.New("", readerLanguages(d.From)[0], catalogue)}
	source, err := t.source(file)
	if err != nil {
		return carriedDocument{}, err
	}
	document, err := t.tongue.Decode(source)
	if err != nil {
		return carriedDocument{}, err
	}
	if home := homeOf(document.Format); home != "" && home != d.From {
		return carriedDocument{}, fmt.Errorf("the document has the national form of %s, not of %s", home, d.From)
	}
	made := carriedDocument{kind: string(document.Kind), out: document.Slots}
	pivot, refusal, err := t.outward(document, &fileReport{})
	if err != nil || refusal != nil {
		made.refused = refusal
		return made, err
	}
	arrived, err := t.tongue.Decode(pivot.Body())
	if err != nil {
		return made, err
	}
	arrived.At = time.Now().UTC()
	node.CarryIn(catalogue, d.To, readerLanguages(d.To), arrived)
	made.in, made.refused = arrived.Slots, node.Refusal(catalogue, arrived)
	return made, nil
}

// unusable says of a file that it is no document, in words that hold nothing of what is in it.
type unusable struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

func unusableFile(file string, err error) unusable {
	var e *node.Error
	if errors.As(err, &e) && e.Detail == "" {
		return unusable{file, e.Reason}
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return unusable{file, path.Err.Error()}
	}
	return unusable{file, plain(err)}
}
