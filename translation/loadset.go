package translation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// openCode begins a code cell that admits every code of the system with the shape that follows, a regular expression.
const openCode = "~"

// setReader reads one value set: field, system, code, one column per language, since, status.
type setReader struct {
	l         *loader
	set       *valueSet
	field     string
	languages []string
}

func (l *loader) readSet(name string) error {
	field := fieldOf(name)
	if _, twice := l.c.sets[field]; twice {
		return fmt.Errorf("%s: a second value set for the field", name)
	}
	r := &setReader{l: l, field: string(field), set: &valueSet{
		members: map[codeKey]*concept{}, open: map[string]openRule{},
	}}
	l.c.sets[field] = r.set
	return l.each(name, nil, r.take)
}

func (r *setReader) take(cell []string) error {
	if r.languages == nil {
		return r.header(cell)
	}
	system, err := r.l.system(cell[1])
	if err != nil {
		return err
	}
	isDraft, err := draft(cell[len(cell)-1])
	if err != nil {
		return err
	}
	if isDraft {
		r.set.drafts++
	}
	code := cell[2]
	if shape, open := strings.CutPrefix(code, openCode); open {
		return r.open(system, shape, isDraft)
	}
	switch _, twice := r.set.members[codeKey{system, code}]; {
	case cell[0] != r.field:
		return fmt.Errorf("the field is %q in a file for %q", cell[0], r.field)
	case code == "" || code == "*":
		return errors.New("a member needs its code")
	case twice:
		return errors.New("the code stands there twice")
	}
	return r.add(codeKey{system, code}, cell[3:len(cell)-2], isDraft)
}

func (r *setReader) header(cell []string) error {
	last := len(cell) - 2
	if last < 4 || !slices.Equal(cell[:3], []string{"field", "system", "code"}) ||
		!slices.Equal(cell[last:], []string{"since", "status"}) {
		return errors.New("the header is not field, system, code, languages, since, status")
	}
	r.languages = slices.Clone(cell[3:last])
	return nil
}

func (r *setReader) open(system, shape string, isDraft bool) error {
	if _, twice := r.set.open[system]; twice {
		return errors.New("a second shape for the code system")
	}
	compiled, err := regexp.Compile("^(?:" + shape + ")$")
	if err != nil {
		return fmt.Errorf("the shape is no regular expression: %w", err)
	}
	r.set.open[system] = openRule{compiled, isDraft}
	return nil
}

// add files a concept under its field, and its names under its code: a code has one name in a language, whatever field
// it stands in.
func (r *setReader) add(k codeKey, texts []string, isDraft bool) error {
	named := &concept{draft: isDraft}
	for i, text := range texts {
		if text != "" {
			named.texts = append(named.texts, designation{r.languages[i], text})
		}
	}
	if len(named.texts) == 0 {
		return errors.New("the code has no designation")
	}
	if before, known := r.l.c.names[k]; known && !slices.Equal(before.texts, named.texts) {
		return errors.New("another field calls the same code differently")
	}
	r.l.c.names[k] = named
	r.set.members[k] = named
	return nil
}
