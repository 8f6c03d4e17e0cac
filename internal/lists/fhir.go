package lists

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sild/internal/lists/server"
)

// fhirHead is what every terminology resource says of itself (FHIR R4 and R5).
type fhirHead struct {
	ResourceType string         `json:"resourceType"`
	ID           string         `json:"id"`
	URL          string         `json:"url"`
	Version      string         `json:"version"`
	Name         string         `json:"name"`
	Status       string         `json:"status"`
	Experimental bool           `json:"experimental"`
	Date         string         `json:"date"`
	Language     string         `json:"language"`
	Copyright    string         `json:"copyright"`
	Identifier   jsontext.Value `json:"identifier"` // one in an R4 ConceptMap, a list elsewhere
}

// canonical is the URL with the release, as a table's origin names the resource.
func (h fhirHead) canonical(file string) string {
	id := h.URL
	if id == "" {
		id = h.ResourceType + "/" + h.ID
		if h.ID == "" {
			id = file
		}
	}
	if h.Version != "" {
		id += "|" + h.Version
	}
	return id
}

// oid is the first identifier that is an OID, without its prefix.
func (h fhirHead) oid() string {
	type identifier struct {
		Value string `json:"value"`
	}
	var many []identifier
	if json.Unmarshal(h.Identifier, &many) != nil {
		var one identifier
		if json.Unmarshal(h.Identifier, &one) != nil {
			return ""
		}
		many = []identifier{one}
	}
	for _, one := range many {
		if oid, is := strings.CutPrefix(one.Value, "urn:oid:"); is {
			return oid
		}
	}
	return ""
}

// readJSON reads one strict JSON document: no member twice, no byte order mark, no invalid UTF-8, nothing behind the value. An
// error names the line and column.
func readJSON(name string, content []byte, into any) error {
	if bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) {
		return fmt.Errorf("%s: the file begins with a byte order mark, which JSON does not allow: save it without", name)
	}
	err := json.Unmarshal(content, into)
	if err == nil {
		return nil
	}
	offset := int64(0)
	var where jsontext.Pointer
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntactic):
		offset, where = syntactic.ByteOffset, syntactic.JSONPointer
		err = syntactic.Err
	case errors.As(err, &semantic):
		offset, where = semantic.ByteOffset, semantic.JSONPointer
		err = fmt.Errorf("a JSON %s where FHIR has something else", semantic.JSONKind)
	}
	line, column := lineOf(content, offset)
	return fmt.Errorf("%s line %d column %d (%s): %w", name, line, column, where, err)
}

// lineOf is the line and column of a byte, both from 1.
func lineOf(content []byte, offset int64) (line, column int) {
	before := content[:min(int(offset), len(content))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - bytes.LastIndexByte(before, '\n')
}

// shelf is all that a FHIR source holds, before one resource is read with the help of another.
type shelf struct {
	sets    []*fhirValueSet
	systems []*fhirCodeSystem
	maps    []*fhirConceptMap
}

func (j *job) readFHIR(ctx context.Context) error {
	sources, err := files(ctx, j.Sources, ".json")
	if err != nil {
		return err
	}
	held, others := &shelf{}, map[string]int{}
	for _, source := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		content, err := source.read()
		if err != nil {
			return err
		}
		if err := j.shelve(held, source.name, content, others); err != nil {
			return err
		}
	}
	for _, kind := range sortedKeys(others) {
		outcome := j.report(kind)
		outcome.Rows = others[kind]
		outcome.skipMany("no terminology that can be imported in this format", others[kind])
	}
	return j.takeShelf(held)
}

// shelve reads one file.
func (j *job) shelve(held *shelf, name string, content []byte, others map[string]int) error {
	var head fhirHead
	if err := readJSON(name, content, &struct {
		ResourceType *string `json:"resourceType"`
	}{&head.ResourceType}); err != nil {
		return err
	}
	switch {
	case head.ResourceType == "ValueSet":
		set := &fhirValueSet{from: name}
		held.sets = append(held.sets, set)
		return readJSON(name, content, set)
	case head.ResourceType == "CodeSystem" && j.Format == "fhir":
		system := &fhirCodeSystem{from: name}
		held.systems = append(held.systems, system)
		return readJSON(name, content, system)
	case head.ResourceType == "ConceptMap" && j.Format == "fhir":
		one := &fhirConceptMap{from: name}
		held.maps = append(held.maps, one)
		return readJSON(name, content, one)
	case head.ResourceType == "":
		return fmt.Errorf("%s: this is no FHIR resource: it has no resourceType", name)
	}
	others[head.ResourceType]++
	return nil
}

// takeShelf turns the resources into lists and maps.
func (j *job) takeShelf(held *shelf) error {
	if err := held.once(); err != nil {
		return err
	}
	for _, set := range held.sets {
		if err := j.takeValueSet(held, set); err != nil {
			return err
		}
	}
	for _, system := range held.systems {
		if err := j.takeCodeSystem(system); err != nil {
			return err
		}
	}
	for _, one := range held.maps {
		if err := j.takeConceptMap(held, one); err != nil {
			return err
		}
	}
	return nil
}

// once refuses two releases of one list in one import: which one counts is not for the order of files to say.
func (s *shelf) once() error {
	seen := map[string]string{}
	look := func(head fhirHead, from string) error {
		if before, twice := seen[head.URL]; twice && head.URL != "" {
			return fmt.Errorf("%s: %s stands in %s too: give one release of it", from, head.URL, before)
		}
		seen[head.URL] = from
		return nil
	}
	var err error
	for _, set := range s.sets {
		err = errors.Join(err, look(set.fhirHead, set.from))
	}
	for _, system := range s.systems {
		err = errors.Join(err, look(system.fhirHead, system.from))
	}
	for _, one := range s.maps {
		err = errors.Join(err, look(one.fhirHead, one.from))
	}
	return err
}

// newList begins a list for a resource.
func (j *job) newList(head fhirHead, from string) *list {
	id := head.canonical(from)
	licence, err := words(head.Copyright)
	if err != nil {
		licence = ""
	}
	l := &list{id: id, name: head.Name, oid: head.oid(), release: head.Version, licence: licence, from: from,
		outcome: j.report(id)}
	j.lists = append(j.lists, l)
	return l
}

// dated is the day of the resource's last change, since when its rows hold at the latest.
func (j *job) dated(head fhirHead, from string) (string, error) {
	date, err := day(head.Date, false)
	if err != nil {
		return "", fmt.Errorf("%s: date: %w", from, err)
	}
	return min(date, j.today), nil
}

// preferred are the purposes of a designation that is the name to show: none stated, FHIR's own, SNOMED CT's preferred term.
var preferred = []string{"", "display", "preferredForLanguage"}

// named collects the words of a code by language: the display in the language of the resource, and of the designations in
// each other language the preferred one.
func named(display, own string, designations []server.Designation) (map[string]string, error) {
	found := map[string]string{}
	take := func(tag, value string) error {
		lang, err := language(tag)
		if err != nil {
			return err
		}
		word, err := words(value)
		if err != nil {
			return err
		}
		if _, has := found[lang]; !has && word != "" {
			found[lang] = word
		}
		return nil
	}
	var err error
	if display != "" {
		err = take(own, display)
	}
	for _, wanted := range []bool{true, false} {
		for _, d := range designations {
			if d.Language != "" && slices.Contains(preferred, d.Use.Code) == wanted {
				err = errors.Join(err, take(d.Language, d.Value))
			}
		}
	}
	return found, err
}
