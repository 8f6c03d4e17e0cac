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

// setReader reads one value set: field, system, code, one column per language, since, until, status. A row with an end is
// retired: it keeps its name for documents that still bear the code, but it is no member any more.
type setReader struct {
	l         *loader
	set       *valueSet
	field     string
	languages []string
	retired   map[codeKey]bool
}

func (l *loader) readSet(name string) error {
	field := fieldOf(name)
	if _, twice := l.c.sets[field]; twice {
		return fmt.Errorf("%s: a second value set for the field", name)
	}
	r := &setReader{l: l, field: string(field), retired: map[codeKey]bool{}, set: &valueSet{
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
	until := cell[len(cell)-2]
	if err := period(cell[len(cell)-3], until); err != nil {
		return err
	}
	code := cell[2]
	if shape, open := strings.CutPrefix(code, openCode); open {
		if until != "" {
			return errors.New("a shape has no end: take the row out")
		}
		return r.open(system, shape, isDraft)
	}
	_, twice := r.set.members[codeKey{system, code}]
	switch {
	case cell[0] != r.field:
		return fmt.Errorf("the field is %q in a file for %q", cell[0], r.field)
	case code == "" || code == "*":
		return errors.New("a member needs its code")
	case twice || r.retired[codeKey{system, code}]:
		return errors.New("the code stands there twice")
	}
	return r.add(codeKey{system, code}, cell[3:len(cell)-3], isDraft, until != "")
}

func (r *setReader) header(cell []string) error {
	last := len(cell) - 3
	if last < 4 || !slices.Equal(cell[:3], []string{"field", "system", "code"}) ||
		!slices.Equal(cell[last:], []string{"since", "until", "status"}) {
		return errors.New("the header is not field, system, code, languages, since, until, status")
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
	if isDraft {
		r.set.drafts++
	}
	r.set.open[system] = openRule{compiled, isDraft}
	return nil
}

// add files a concept under its field, and its names under its code: a code has one name in a language, whatever field
// it stands in.
func (r *setReader) add(k codeKey, texts []string, isDraft, retired bool) error {
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
	if retired {
		r.retired[k] = true
		return nil
	}
	if isDraft {
		r.set.drafts++
	}
	r.set.members[k] = named
	return nil
}
