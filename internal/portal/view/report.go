package view

import (
	"sild/internal/reading"
	"sild/node"
	"sild/translation"
)

// report is one half of the loss report.
type report struct {
	Heading string
	Missing string // said where nothing came
	Release string
	Losses  []reportLine // what was not carried exactly
	Carried []reportLine
	Residue []residueLine
}

// reportLine is the fate of one coded place.
type reportLine struct {
	ID, Path, Href, Field, Fate, Why, WhyIn string
	Original, Current                       string
	Mark                                    mark
}

// residueLine is content that was not understood, or that the format could not hold.
type residueLine struct {
	ID, Path, Why string
	Mark          mark
}

func (m *model) report(label string, r *node.Report) report {
	own := report{Heading: m.say(label)}
	if r == nil {
		own.Missing = m.say("report.none")
		return own
	}
	own.Release = inert(r.Release)
	for l := range r.Lines() {
		shown := m.reportLine(l)
		if shown.Mark.Class == "" || shown.Mark.Class == string(reading.Draft) {
			own.Carried = append(own.Carried, shown)
		} else {
			shown.ID = m.anchor()
			m.lists(l, shown, own.Heading)
			own.Losses = append(own.Losses, shown)
		}
	}
	for _, lost := range r.Residue {
		own.Residue = append(own.Residue, m.residue(lost, "report.residue", own.Heading))
	}
	for _, lost := range r.Lost {
		own.Residue = append(own.Residue, m.residue(lost, "report.lost", own.Heading))
	}
	return own
}

// lists puts a loss that a report tells of among the findings, unless its place on the page bears the mark already.
func (m *model) lists(l node.Line, shown reportLine, whose string) {
	if m.marked[l.Path+" "+shown.Mark.Class] {
		return
	}
	m.Findings = append(m.Findings, finding{Mark: shown.Mark, Where: whose + " · " + shown.Field + " · " + shown.Path,
		Href: "#" + shown.ID, Kind: lossOf(l)})
}

// residue takes what was not understood or could not be held. What the page shows in a block of its own is not listed a
// second time.
func (m *model) residue(r node.Residue, label, whose string) residueLine {
	own := residueLine{ID: m.anchor(), Path: inert(r.Path), Why: inert(r.Why),
		Mark: mark{Class: string(reading.Gap), Sign: reading.Gap.Sign(), Words: m.say(label)}}
	for _, known := range m.unread {
		if known.Path == r.Path {
			return own
		}
	}
	m.Findings = append(m.Findings, finding{Mark: own.Mark, Where: whose + " · " + own.Path, Href: "#" + own.ID, Kind: reading.Gap})
	return own
}

func (m *model) reportLine(l node.Line) reportLine {
	own := reportLine{Path: inert(l.Path), Field: inert(m.page.Say("field:" + string(l.Field))),
		Original: coding(l.Original), Current: coding(l.Current), Fate: inert(m.say("fate:" + l.Fate.String()))}
	if id := m.places[l.Path]; id != "" {
		own.Href = "#" + id
	}
	own.Why, own.WhyIn = m.page.Sentence(l.Reason)
	own.Why = inert(own.Why)
	kind := lossOf(l)
	if kind == "" {
		return own
	}
	own.Mark = mark{Class: string(kind), Sign: kind.Sign(), Words: m.page.Say("mark:" + string(kind))}
	if kind == reading.Gap {
		own.Mark.Words = own.Fate
	}
	return own
}

// lossOf says in what way a place was not carried exactly; empty is a place that was.
func lossOf(l node.Line) reading.MarkKind {
	switch {
	case l.Fate == translation.Passed || l.Fate == translation.Refused || l.Fate == translation.Untouched:
		return reading.Gap
	case l.Relation == translation.Wider:
		return reading.Wider
	case l.Relation == translation.Narrower:
		return reading.Narrower
	case l.Relation == translation.Inexact || l.Relation == translation.None:
		return reading.Inexact
	case l.Draft:
		return reading.Draft
	}
	return ""
}

func coding(c translation.Coding) string {
	switch {
	case c.Display == "":
		return inert(c.Code)
	case c.Code == "":
		return inert(c.Display)
	}
	return inert(c.Display + " [" + c.Code + "]")
}
