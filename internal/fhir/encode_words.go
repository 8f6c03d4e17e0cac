package fhir

import (
	"strings"
	"sync"

	"sild/node"
	"sild/translation"
)

// wordsOf is a statement in one line: what it is about, what was found, and when. A denied or mistaken one says so first,
// so that nobody takes it for a finding.
func wordsOf(e *node.Entry, language string) string {
	parts := known(wordsOfSlot(e.What))
	if e.Medication != nil {
		parts = append(parts, known(e.Medication.Name)...)
	}
	parts = append(parts, known(wordsOfSlot(e.Result.Code), wordsOfQuantity(e.Result.Quantity), wordsOfQuantity(e.Result.High),
		e.Result.Text, e.Result.Date, e.When.From)...)
	words := strings.Join(parts, ", ")
	switch {
	case words == "":
		return ""
	case isInError(e.State):
		return inLanguage(mistakenWords(), language) + ": " + words
	case e.Negated && e.Kind != node.AnAbsence:
		return inLanguage(deniedWords(), language) + ": " + words
	}
	return words
}

func deniedWords() map[string]string {
	return map[string]string{"en": "Denied", "et": "Eitatud", "fi": "Kielletty tai kumottu", "sv": "Förnekat"}
}

func mistakenWords() map[string]string {
	return map[string]string{"en": "Entered in error", "et": "Ekslikult sisestatud", "fi": "Kirjattu erehdyksessä", "sv": "Infört av misstag"}
}

// inLanguage gives our own word in the language of the text around it, or in English.
func inLanguage(words map[string]string, language string) string {
	primary, _, _ := strings.Cut(language, "-")
	return orElse(words[strings.ToLower(primary)], words["en"])
}

// wordsOfSlot is the source's own words for a code, or what stands for them.
func wordsOfSlot(s *translation.Slot) string {
	if s == nil {
		return ""
	}
	for _, words := range []string{s.Text, s.Original().Display, s.Current.Display, s.Rendered, s.Original().Code, s.Current.Code} {
		if words != "" {
			return words
		}
	}
	return ""
}

func wordsOfQuantity(q node.Quantity) string {
	if q.Value == "" {
		return ""
	}
	if q.Unit == nil {
		return q.Value
	}
	_, sign := signed(q)
	return strings.TrimSpace(sign + q.Value + " " + orElse(q.Unit.Original().Display, q.Unit.Original().Code))
}

// escaped writes text into XHTML.
func escaped(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return legible(text)
	}
	return marks().Replace(legible(text))
}

// marks are the characters of markup as text. The table is made once and never changed.
var marks = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;") })

func escapedAttribute(text string) string { return strings.ReplaceAll(escaped(text), `"`, "&quot;") }

// legible drops what XML has no character for.
func legible(text string) string {
	if !strings.ContainsFunc(text, isIllegible) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isIllegible(r) {
			return -1
		}
		return r
	}, text)
}

func isIllegible(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF }
