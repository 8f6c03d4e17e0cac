package sentence

import (
	"strings"

	"sild/translation"
)

// words are a coded place in the reader's language; where nobody has put it into that language, the source's own words as
// a quotation with their language, and where there are no words, the code.
func (c *clauses) words(s *translation.Slot) string { return c.worded(s, c.quoted) }

func (c *clauses) worded(s *translation.Slot, quoted func(words, language string) string) string {
	source := either(s.Original().Language, c.source)
	written := either(s.Original().Display, s.Text)
	switch {
	case s.Rendered != "" && c.reads(s.Language):
		return s.Rendered
	case written != "" && c.reads(source):
		return written
	case s.Current.Display != "" && c.reads(s.Current.Language):
		return s.Current.Display
	case written != "":
		return quoted(written, source)
	case s.Rendered != "":
		return quoted(s.Rendered, s.Language)
	case s.Current.Display != "":
		return quoted(s.Current.Display, s.Current.Language)
	}
	return "[" + either(s.Current.Code, either(s.Original().Code, "?")) + "]"
}

func (c *clauses) reads(language string) bool { return bare(language) == c.language }

func bare(language string) string {
	first, _, _ := strings.Cut(strings.ToLower(language), "-")
	return first
}

// quoted is somebody's words in their own language, which is named.
func (c *clauses) quoted(words, language string) string {
	return c.quote(words) + " (" + c.tongue(language) + ")"
}

// quotedInside is a quotation that stands in brackets already.
func (c *clauses) quotedInside(words, language string) string {
	return c.quote(words) + ", " + c.tongue(language)
}

func (c *clauses) quote(words string) string { return c.grammar.fill(c.Reader, "quote", "{s}", words) }

// tongue says in which language something is; a language that has no word stands for itself.
func (g *grammar) tongue(language string) string {
	if name, known := g.tongues[bare(language)]; known {
		return name
	}
	return language
}
