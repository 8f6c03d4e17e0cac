package reading

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// text is somebody's own words: they stay in their language, which may be the reader's.
func (w *writer) text(words string) Value {
	v := Value{Original: words, OriginalIn: w.source}
	if w.reads(w.source) {
		v.Translated, v.TranslatedIn = words, w.source
	}
	return v
}

// reads says that a language is the reader's.
func (w *writer) reads(language string) bool { return language != "" && known(language) == w.language }

// neutral is a name or a number: it is read alike everywhere.
func neutral(words string) Value { return Value{Original: words, Translated: words, Neutral: true} }

// worded is a code of a closed list that we have words for, or an answer such as yes and no.
func (w *writer) worded(list, code string) Value {
	if code == "" {
		return Value{}
	}
	words := w.code(list, code)
	v := Value{Original: code, Translated: words, TranslatedIn: w.language}
	if words == code {
		v.Neutral, v.TranslatedIn = true, ""
	}
	return v
}

func identifier(id node.Identifier) Value {
	if id.IsZero() {
		return Value{}
	}
	return Value{Original: id.Value, OriginalCode: listName(id.System), Translated: id.Value, Neutral: true}
}

// coded shows a coded place: the source's words, the reader's words, both codes and every doubt.
func (w *writer) coded(s *translation.Slot) Value { return w.codedIn(s, "") }

// codedIn also knows a small closed list that has words of ours, for a code that no terminology has worded.
func (w *writer) codedIn(s *translation.Slot, list string) Value {
	if s == nil {
		return Value{}
	}
	w.shown[s] = true
	v := Value{Original: sourceWords(s), OriginalCode: codeName(s.Original()), OriginalIn: orElse(s.Original().Language, w.source),
		Code: codeName(s.Current), Marks: w.marks(s), Slots: []*translation.Slot{s}}
	v.Translated, v.TranslatedIn = w.rendered(s, list)
	return v
}

// rendered gives the reader's words for a slot and their language: those of the terminology, else our own for a closed
// list, else the shared display. Words of the source are no translation.
func (w *writer) rendered(s *translation.Slot, list string) (words, language string) {
	own, ok := w.words[list+":"+s.Current.Code]
	switch {
	case s.Rendered != "" && w.reads(s.Language):
		return s.Rendered, s.Language
	case s.Original().Display != "" && w.reads(orElse(s.Original().Language, w.source)):
		return s.Original().Display, orElse(s.Original().Language, w.source)
	case list != "" && ok:
		return own, w.language
	case s.Rendered != "" && (s.Rendered != sourceDisplay(s) || s.Language != s.Original().Language):
		return s.Rendered, s.Language
	case s.Current.Display != "" && (!s.Current.Same(s.Original()) || s.Current.Display != s.Original().Display):
		return s.Current.Display, s.Current.Language
	}
	return "", ""
}

func sourceDisplay(s *translation.Slot) string { return orElse(s.Original().Display, s.Text) }

// sourceWords are what the issuing country wrote: the display, and the text beside the code where it says more.
func sourceWords(s *translation.Slot) string {
	switch {
	case s.Original().Display == "":
		return s.Text
	case s.Text == "" || s.Text == s.Original().Display:
		return s.Original().Display
	}
	return s.Original().Display + " (" + s.Text + ")"
}

// codeName shows a code with the name and version of its list.
func codeName(c translation.Coding) string {
	if c.Code == "" {
		return ""
	}
	parts := []string{c.Code}
	if c.System != "" {
		parts = append(parts, listName(c.System))
	}
	if c.Version != "" {
		parts = append(parts, c.Version)
	}
	return strings.Join(parts, " · ")
}

// listName shortens the address of the lists that every professional knows by name.
func listName(system string) string {
	switch system {
	case "http://www.whocc.no/atc":
		return "ATC"
	case "http://standardterms.edqm.eu":
		return "EDQM"
	case "http://snomed.info/sct":
		return "SNOMED CT"
	case "http://loinc.org":
		return "LOINC"
	case "http://hl7.org/fhir/sid/icd-10":
		return "ICD-10"
	case "http://unitsofmeasure.org":
		return "UCUM"
	case "https://www.orpha.net":
		return "ORPHA"
	}
	return system
}

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
