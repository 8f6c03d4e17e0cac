package reading

import (
	"strconv"
	"strings"

	"sild/node"
	"sild/translation"
)

// writer words one document for one reader. It remembers which coded places it has shown, so that the others can be shown
// at the end.
type writer struct {
	words    map[string]string // never changed
	language string
	source   string // language of the texts at hand
	judged   bool   // a translation has looked at the document
	shown    map[*translation.Slot]bool
}

func newWriter(d *node.Document, language string) *writer {
	w := plainWriter(d.Language, language)
	for _, slot := range d.Slots {
		w.judged = w.judged || slot.Fate != translation.Untouched
	}
	return w
}

func plainWriter(source, language string) *writer {
	language = known(language)
	return &writer{words: tableOf(language), language: language, source: source, shown: map[*translation.Slot]bool{}}
}

// in is the writer for texts of another language.
func (w *writer) in(language string) *writer {
	if language == "" || language == w.source {
		return w
	}
	other := *w
	other.source = language
	return &other
}

// known is the language of ours that serves a reader best.
func known(language string) string {
	first, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch first {
	case "et", "fi", "sv":
		return first
	}
	return "en"
}

// say gives the words for a label. A label without words stands for itself: it is never dropped.
func (w *writer) say(label string) string {
	if words, ok := w.words[label]; ok {
		return words
	}
	return label
}

// fill gives a label's words with names in braces filled in: name, value, name, value.
func (w *writer) fill(label string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(w.say(label))
}

// numbered is a heading, with its number where there are several of the kind.
func (w *writer) numbered(label string, i, of int) string {
	if of < 2 {
		return w.say(label)
	}
	return w.say(label) + " " + strconv.Itoa(i+1)
}

// code is the reader's word for a code of a small closed list, or the code itself.
func (w *writer) code(list, code string) string {
	if words, ok := w.words[list+":"+code]; ok {
		return words
	}
	return code
}

// sheet collects the rows of one block.
type sheet struct {
	*writer
	rows []Row
}

// row adds a line, unless there is nothing to say.
func (s *sheet) row(label string, values ...Value) {
	var kept []Value
	for _, v := range values {
		if !v.isEmpty() {
			kept = append(kept, v)
		}
	}
	if len(kept) > 0 {
		s.rows = append(s.rows, Row{Label: s.say(label), Values: kept})
	}
}

// must adds a line that says so when the source does not say it.
func (s *sheet) must(label string, values ...Value) {
	before := len(s.rows)
	s.row(label, values...)
	if len(s.rows) == before {
		s.row(label, s.notSaid())
	}
}

func (s *sheet) texts(label string, texts ...string) {
	var values []Value
	for _, text := range texts {
		values = append(values, s.text(text))
	}
	s.row(label, values...)
}

func (s *sheet) names(label string, names ...string) {
	var values []Value
	for _, name := range names {
		values = append(values, neutral(name))
	}
	s.row(label, values...)
}

func (s *sheet) slots(label string, slots ...*translation.Slot) {
	var values []Value
	for _, slot := range slots {
		values = append(values, s.coded(slot))
	}
	s.row(label, values...)
}

func (s *sheet) date(label, date string) { s.row(label, s.day(date)) }

func (s *sheet) ids(label string, ids ...node.Identifier) {
	var values []Value
	for _, id := range ids {
		values = append(values, identifier(id))
	}
	s.row(label, values...)
}

// tableOf gives the labels of a language. Each table stands in a file of its own, holds the same labels as the others, and
// is never changed. A label with a colon is a code of a closed list with the name of the list before it.
func tableOf(language string) map[string]string {
	switch language {
	case "et":
		return estonian
	case "fi":
		return finnish
	case "sv":
		return swedish
	}
	return english
}
