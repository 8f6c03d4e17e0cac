package view

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"sild/internal/reading"
	"sild/node"
)

// model is what the template shows. Its texts are foreign unless they come from a label; all are made inert.
type model struct {
	page   *reading.Page
	places map[string]string // anchor by the path of a slot
	marked map[string]bool   // path and kind of every doubt about a slot
	unread []node.Residue    // of the document: shown in a block of its own
	next   int               // number of the next anchor

	Language, SourceLanguage     string // BCP 47, fit for an attribute
	ReaderName, SourceName       string
	Title, Subject, Notice, Made string
	Policy                       string
	Style                        template.CSS
	Counts                       []countOf
	Findings, Further, Quiet     []finding
	Next                         int // the number of the first of Further
	Sections                     []section
	Offers                       []offer
	Reports                      []report
}

// section is one outer block: a heading and one table.
type section struct {
	ID, Heading, Code, State string
	Grave                    bool
	Lines                    []line
	Texts                    []text
	Open                     bool
}

// line is a row of the table: the heading of an inner block, or one value.
type line struct {
	Group   bool
	Grave   bool
	Depth   int
	Heading string
	State   string

	Label string
	Span  int // how many values the label is for; 0 on all but the first
	Value value
}

// value is one answer in both languages.
type value struct {
	ID                          string
	Words, In, Code             string
	Original, OriginalIn        string
	OriginalCode                string
	Neutral, Untranslated, Same bool
	Marks                       []mark
}

// mark is a sign, a word and a reason, with the class that gives the colour.
type mark struct {
	Class, Sign, Words, Why, In string
	Quiet                       bool // said in short: it stands on many values
}

// text is a narrative, checked again, or escaped where it failed.
type text struct {
	Label, In string
	HTML      template.HTML
	Escaped   string
}

// countOf is one line of the box at the top.
type countOf struct {
	Class, Sign, Words string
	N                  int
}

// finding is one doubt with the place where it stands.
type finding struct {
	Mark  mark
	Where string
	Href  string
	Kind  reading.MarkKind
}

// section takes an outer block with all that it holds.
func (m *model) section(b *reading.Block) {
	s := section{ID: "b" + strconv.Itoa(len(m.Sections)+1), Heading: inert(b.Heading), Code: inert(b.Code), State: inert(b.State), Grave: b.Grave}
	m.rows(&s, b, b.Heading)
	m.inner(&s, b, 1)
	if b.Narrative.XHTML != "" {
		s.Texts = []text{m.text("text.generated", m.page.Text(b)), m.text(sourceLabel(b.Narrative), b.Narrative)}
		s.Open = len(b.Inner) == 0
	}
	m.Sections = append(m.Sections, s)
}

func sourceLabel(n node.Narrative) string {
	if n.Generated {
		return "text.generated-there"
	}
	return "text.source"
}

func (m *model) inner(s *section, b *reading.Block, depth int) {
	for i := range b.Inner {
		in := &b.Inner[i]
		s.Lines = append(s.Lines, line{Group: true, Depth: depth, Heading: inert(in.Heading), State: inert(in.State), Grave: in.Grave})
		m.rows(s, in, in.Heading)
		m.inner(s, in, depth+1)
	}
}

func (m *model) rows(s *section, b *reading.Block, where string) {
	for _, row := range b.Rows {
		for i, v := range row.Values {
			l := line{Label: inert(row.Label), Value: m.value(v, where+" · "+row.Label)}
			if i == 0 {
				l.Span = len(row.Values)
			}
			s.Lines = append(s.Lines, l)
		}
	}
}

func (m *model) value(v reading.Value, where string) value {
	own := value{Words: inert(v.Translated), In: tag(v.TranslatedIn), Code: inert(v.Code), Original: inert(v.Original),
		OriginalIn: tag(v.OriginalIn), OriginalCode: inert(v.OriginalCode), Neutral: v.Neutral}
	own.Untranslated = v.Translated == "" && v.Original != ""
	own.Same = v.Translated == v.Original && v.OriginalCode == ""
	if own.Untranslated && own.Code == own.OriginalCode {
		own.Code = "" // it stands beside the source's words
	}
	if len(v.Marks) > 0 || len(v.Slots) > 0 {
		own.ID = m.anchor()
	}
	for _, slot := range v.Slots {
		m.places[slot.Path] = own.ID
	}
	for _, k := range sortedMarks(v.Marks) {
		if k.Slot != nil {
			m.marked[k.Slot.Path+" "+string(k.Kind)] = true
		}
		shown := m.mark(k)
		own.Marks = append(own.Marks, shown)
		f := finding{Mark: shown, Where: inert(where), Href: "#" + own.ID, Kind: k.Kind}
		if shown.Quiet || k.Kind == reading.Absent {
			m.Quiet = append(m.Quiet, f)
		} else {
			m.Findings = append(m.Findings, f)
		}
	}
	return own
}

func (m *model) anchor() string {
	m.next++
	return "v" + strconv.Itoa(m.next)
}

// sortedMarks puts the gravest first, and says the same thing once.
func sortedMarks(marks []reading.Mark) []reading.Mark {
	var kept []reading.Mark
	for _, kind := range reading.MarkKinds() {
		for _, k := range marks {
			known := slices.ContainsFunc(kept, func(other reading.Mark) bool { return other.Kind == k.Kind && other.Sentence() == k.Sentence() })
			if k.Kind == kind && !known {
				kept = append(kept, k)
			}
		}
	}
	return kept
}

func (m *model) mark(k reading.Mark) mark {
	own := mark{Class: string(k.Kind), Sign: k.Kind.Sign(), Words: inert(k.Words), Why: inert(k.Why), In: tag(k.Language)}
	if k.Kind == reading.Draft || k.Kind == reading.NotChecked {
		own.Quiet, own.Words = true, m.say("short:"+string(k.Kind))
	}
	return own
}

// text checks a narrative again and shows it, or its source where it does not pass.
func (m *model) text(label string, n node.Narrative) text {
	own := text{Label: m.say(label, "{l}", m.languageName(n.Language)), In: tag(n.Language)}
	if checked, ok := markup(n.XHTML); ok {
		own.HTML = checked
		return own
	}
	own.Label += " " + m.say("text.unsafe")
	own.Escaped = inert(n.XHTML)
	return own
}

// count fills the box at the top: how many doubts of each kind, the gravest first.
func (m *model) count() {
	for _, kind := range reading.MarkKinds() {
		n := 0
		for _, f := range append(slices.Clone(m.Findings), m.Quiet...) {
			if f.Kind == kind {
				n++
			}
		}
		if n > 0 || kind == reading.Alarm || kind == reading.Gap {
			m.Counts = append(m.Counts, countOf{Class: string(kind), Sign: kind.Sign(), N: n, Words: m.say("count:" + string(kind))})
		}
	}
	slices.SortStableFunc(m.Findings, func(a, b finding) int {
		return slices.Index(reading.MarkKinds(), a.Kind) - slices.Index(reading.MarkKinds(), b.Kind)
	})
	m.fold()
}

// mostShown is how many gaps stand open at the top: behind a longer list nobody finds the document.
const mostShown = 8

// fold puts what is more than can be taken in at once behind a line that opens. An alarm is never folded.
func (m *model) fold() {
	open := 0
	for open < len(m.Findings) && (open < mostShown || m.Findings[open].Kind == reading.Alarm) {
		open++
	}
	m.Findings, m.Further, m.Next = m.Findings[:open], m.Findings[open:], open+1
}

// languageName is a language's name for the reader, with its tag.
func (m *model) languageName(language string) string {
	if language == "" {
		return m.say("language.unknown")
	}
	first, _, _ := strings.Cut(language, "-")
	label := "language:" + first
	if name := m.say(label); name != label {
		return name
	}
	return inert(language)
}
