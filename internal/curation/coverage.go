package curation

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"sild/translation"
)

// Coverage counts what becomes of the coded places of many documents, and where the gaps come from. It holds codes and
// counts: no name, identifier or text of a document.
type Coverage struct {
	Catalogue *translation.Catalogue

	documents map[string]int
	lines     map[[2]string]*Line
	gaps      map[gapKey]*GapCause
}

// Line is one field of one kind of document on its way out of the first country.
type Line struct {
	Kind      string            `json:"kind"`
	Field     translation.Field `json:"field"`
	Slots     int               `json:"slots"`
	Required  int               `json:"required"`
	Mapped    int               `json:"mapped"`
	Identical int               `json:"identical"`
	Passed    int               `json:"passed"`
	Refused   int               `json:"refused"`
	Draft     int               `json:"draft"` // carried over a row that nobody has accepted
	Told      int               `json:"told"`  // that the reader of the second country has in words of a language of its own
}

// GapCause is one code that is not carried, with the reason and how often it was met.
type GapCause struct {
	Required  bool              `json:"required"`
	Bound     bool              `json:"bound"` // a value set binds the place, so that tables can close the gap
	Field     translation.Field `json:"field"`
	System    string            `json:"system"`         // short name, or the URI where the tables do not know it
	Code      string            `json:"code,omitempty"` // empty where it may not be shown
	Reason    string            `json:"reason"`
	Class     string            `json:"class,omitempty"` // of the reason, where the tables lead nowhere
	Slots     int               `json:"slots"`
	Documents int               `json:"documents"`
}

type gapKey struct {
	required             bool
	field                translation.Field
	system, code, reason string
}

// Take counts one document. Out are its places after the way out of the first country; in are those of the document that
// arrived, in the reader's words, and nil where it was refused before.
func (c *Coverage) Take(kind string, out, in []*translation.Slot) {
	if c.lines == nil {
		c.documents, c.lines, c.gaps = map[string]int{}, map[[2]string]*Line{}, map[gapKey]*GapCause{}
	}
	c.documents[kind]++
	seen := map[gapKey]bool{}
	for _, s := range out {
		c.line(kind, s.Field).take(s)
		if s.Gap() == "" || s.Field == translation.ProductID {
			continue // a national product number is not meant to be carried
		}
		at := gapKey{s.Required, s.Field, c.system(s.Original()), c.shown(s), ownWords(s.Reason)}
		if c.gaps[at] == nil {
			c.gaps[at] = &GapCause{Required: at.required, Bound: slices.Contains(c.Catalogue.Fields(), s.Field), Field: at.field, System: at.system, Code: at.code, Reason: at.reason,
				Class: string(s.ReasonClass())}
		}
		c.gaps[at].Slots++
		if !seen[at] {
			c.gaps[at].Documents++
			seen[at] = true
		}
	}
	for _, s := range in {
		if s.Told && s.Rendered != "" && s.Language != "" && s.Language != "en" {
			c.line(kind, s.Field).Told++
		}
	}
}

// emptyReason begins the reason of a place that is empty; what follows it is the source's own word.
const emptyReason = "the source says why it is empty"

func ownWords(reason string) string {
	if strings.HasPrefix(reason, emptyReason) {
		return emptyReason
	}
	return reason
}

func (c *Coverage) line(kind string, field translation.Field) *Line {
	at := [2]string{kind, string(field)}
	if c.lines[at] == nil {
		c.lines[at] = &Line{Kind: kind, Field: field}
	}
	return c.lines[at]
}

func (l *Line) take(s *translation.Slot) {
	l.Slots++
	if s.Required {
		l.Required++
	}
	switch s.Fate {
	case translation.Mapped:
		l.Mapped++
	case translation.Identical:
		l.Identical++
	case translation.Refused:
		l.Refused++
	default:
		l.Passed++
	}
	if s.Draft() {
		l.Draft++
	}
}

func (c *Coverage) system(coding translation.Coding) string {
	if known, ok := c.Catalogue.System(coding.System); ok {
		return known.Short
	}
	if publicName.MatchString(coding.System) {
		return coding.System
	}
	return "" // whatever it is, it is not the name of a code system
}

// publicName is the form of what may name a code system: a URI or an OID.
var publicName = regexp.MustCompile(`^(https?://[A-Za-z0-9./_-]+|urn:oid:[0-9.]+|urn:[a-z0-9:_-]+)$`)

// shortCode is the form of a code that nobody can take for a name or a personal identification code.
var shortCode = regexp.MustCompile(`^[A-Za-z0-9.%/{}\[\]*+_-]{1,9}$`)

// shown is the code of a gap where it may be shown: the tables know it, or it stands in a place that a value set binds, is
// of a system that they know, and is too short to be anything but a code.
func (c *Coverage) shown(s *translation.Slot) string {
	code := s.Original().Code
	if _, known := c.Catalogue.System(s.Original().System); !known || !slices.Contains(c.Catalogue.Fields(), s.Field) {
		return ""
	}
	if c.Catalogue.Holds(s.Original()) || shortCode.MatchString(code) {
		return code
	}
	return ""
}

// Documents counts the documents of each kind.
func (c *Coverage) Documents() map[string]int { return c.documents }

// Lines are the counts, by kind and field.
func (c *Coverage) Lines() []Line {
	list := []Line{}
	for _, l := range c.lines {
		list = append(list, *l)
	}
	slices.SortFunc(list, func(a, b Line) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field)) })
	return list
}

// Gaps are the causes of gaps: those of required places first, then those of places that a value set binds, then the most
// frequent.
func (c *Coverage) Gaps() []GapCause {
	list := []GapCause{}
	for _, g := range c.gaps {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b GapCause) int {
		return cmp.Or(first(a.Required, b.Required), first(a.Bound, b.Bound), cmp.Compare(b.Slots, a.Slots), cmp.Compare(a.Field, b.Field), cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Reason, b.Reason))
	})
	return list
}

// first puts what is before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
