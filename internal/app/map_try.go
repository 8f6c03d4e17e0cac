package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"sild/internal/curation"
	"sild/internal/curation/sheet"
	"sild/translation"
)

// MapTry follows one code from a country to another and home again.
type MapTry struct {
	MapTables
	MapReport
	Code   string // EE:738: the country, and the code as it writes it
	To     string
	Field  string
	System string // short name or URI
	Number string // decimal of a unit
}

// wayReport is the JSON form.
type wayReport struct {
	Release string         `json:"release"`
	From    string         `json:"from"`
	To      string         `json:"to"`
	Code    string         `json:"code"`
	Answer  string         `json:"answer,omitempty"` // where there is no way, or a row was left out
	Ways    []curation.Way `json:"ways"`
}

// Run gives the exit code: 0 the code is carried in every field that knows it, 2 it is not carried in one of them or no
// table knows it, 1 the question is of no use.
func (m MapTry) Run() int {
	from, code, given := strings.Cut(m.Code, ":")
	switch {
	case !given || code == "" || readerLanguages(from) == nil:
		return m.ended(unusableCode, fmt.Errorf("%q does not name a country of the corridor and a code; write EE:738", m.Code))
	case readerLanguages(m.To) == nil || m.To == from:
		return m.ended(unusableCode, fmt.Errorf("--to: %q is not the other country of the corridor", m.To))
	}
	catalogue, err := m.open()
	if err != nil {
		return m.ended(unusableCode, err)
	}
	if m.Field != "" && !slices.Contains(catalogue.Fields(), translation.Field(m.Field)) {
		return m.ended(unusableCode, fmt.Errorf("--field: no value set is called %q", m.Field))
	}
	if _, known := catalogue.System(m.System); m.System != "" && !known && !namesSystem(catalogue, m.System) {
		return m.ended(unusableCode, fmt.Errorf("--system: no table knows %q", m.System))
	}
	found := wayReport{Release: catalogue.Release(), From: from, To: m.To, Code: code, Ways: curation.Try(catalogue, curation.Asked{
		From: from, To: m.To, Code: code, System: m.System, Field: translation.Field(m.Field), Number: m.Number, Languages: readerLanguages(m.To),
	})}
	if len(found.Ways) == 0 {
		found.Answer = m.unknown(catalogue, from, code)
	}
	end := wellCode
	if len(found.Ways) == 0 || slices.ContainsFunc(found.Ways, func(w curation.Way) bool { return lost(w.Fate) }) {
		end = amissCode
	}
	if end == amissCode && found.Answer == "" {
		found.Answer = strings.TrimPrefix(m.leftOut(from, code), "; ")
	}
	return m.ended(end, m.give(found, trySheet(found)))
}

// unknown is the answer where no table knows the code: which whole national lists lack it, and which rows the build left out for that.
func (m MapTry) unknown(catalogue *translation.Catalogue, from, code string) string {
	answer := "no table knows the code"
	for _, list := range curation.LackedBy(catalogue, curation.Asked{From: from, Code: code, Field: translation.Field(m.Field)}) {
		if system, _ := catalogue.System(list.System); m.System == "" || system.Short == m.System || system.URI == m.System {
			answer += fmt.Sprintf("; the whole national list of its code system (%s, release %s) does not have it", list.Origin.File, list.Origin.Release)
		}
	}
	return answer + m.leftOut(from, code)
}

// leftOut names the rows for a code that the build left out because a whole national list lacks it. A snapshot does not tell of them.
func (m MapTry) leftOut(from, code string) (said string) {
	day, err := tablesDay(m.On)
	if err != nil || m.Snapshot != "" {
		return ""
	}
	built, err := translation.CompileOn(day, tableSources(context.Background(), m.Sources, m.Alone)...)
	if err != nil {
		return ""
	}
	for _, note := range built.Notes {
		if strings.HasPrefix(note, strings.ToLower(from)+"-eu/") && strings.Contains(note, ": "+code+" is not in the national list") {
			said += "; " + note
		}
	}
	return said
}

func namesSystem(catalogue *translation.Catalogue, short string) bool {
	return slices.ContainsFunc(catalogue.Systems(), func(s translation.System) bool { return s.Short == short })
}

func lost(fate translation.Fate) bool {
	return fate == translation.Refused || fate == translation.Passed
}

func trySheet(found wayReport) sheet.Sheet {
	s := sheet.Sheet{Title: found.From + ":" + found.Code + " to " + found.To, Facts: []sheet.Fact{{Name: "release", Value: found.Release}}}
	if found.Answer != "" {
		s.Facts = append(s.Facts, sheet.Fact{Name: "answer", Value: found.Answer})
	}
	for _, w := range found.Ways {
		s.Parts = append(s.Parts, wayPart(found, w))
	}
	return s
}

// wayPart is the way in one field, a row for each stop.
func wayPart(found wayReport, w curation.Way) sheet.Part {
	p := sheet.Part{Heading: cmp.Or(string(w.Field), "no field"), Columns: []string{"", "code", "by", "row"}}
	if w.Must {
		p.Note = "A document is refused when this place is not carried exactly."
	}
	if w.Second {
		p.Heading += ", read as a shared code"
		p.Add(sheet.Look, "second reading", w.Original.Code, "", "the country's own list lacks the code; this is how the shared list reads it")
	}
	p.Add(sheet.Plain, "in "+found.From, counted(w.Number, w.Original), "", "")
	for _, words := range w.Own {
		p.Add(sheet.Plain, "called in "+words.Language, words.Text, "", "")
	}
	if w.Listed != "" {
		p.Add(sheet.Plain, "national list", w.Original.Code, "", w.Listed)
	}
	for _, step := range w.Steps {
		p.Add(weightOf(step), strings.TrimSpace(string(step.Kind)+" "+string(step.Relation)), coded(step.To), mapAnd(step), curation.Behind(step.Provenance, step.Table))
	}
	if lost(w.Fate) {
		p.Add(sheet.Grave, w.Fate.String(), w.Reason, "", "")
		if w.Row != nil {
			p.Add(sheet.Look, "not enough: "+string(w.Row.Relation), coded(w.Row.To), mapAnd(*w.Row), curation.Behind(w.Row.Provenance, w.Row.Table))
		}
		if w.Member != "" {
			p.Add(sheet.Look, "shared list", w.Original.Code, "", w.Member)
		}
		return p
	}
	if w.Amount != "" || w.Per.Code != "" {
		p.Add(sheet.Plain, "amount", strings.TrimSpace(w.Amount+" "+w.Pivot.Code+perOf(w.Per)), "", "")
	}
	if w.Member != "" {
		p.Add(sheet.Plain, "shared list", w.Pivot.Code, "", w.Member)
	}
	p.Add(arrival(w), "in "+found.To, coded(w.Arrived), w.ArrivedFate.String(), w.ArrivedReason)
	for _, words := range w.Words {
		p.Add(sheet.Plain, "words in "+words.Language, words.Text, "", "")
	}
	p.Add(homeward(w), "home in "+found.From, coded(w.Home), "", w.HomeWords)
	return p
}

func weightOf(step curation.Step) sheet.Weight {
	if step.Relation != translation.Equivalent {
		return sheet.Look
	}
	return sheet.Plain
}

func arrival(w curation.Way) sheet.Weight {
	switch w.ArrivedFate {
	case translation.Refused:
		return sheet.Grave
	case translation.Passed:
		return sheet.Look
	}
	return sheet.Plain
}

func homeward(w curation.Way) sheet.Weight {
	if w.Home.Code == "" {
		return sheet.Look
	}
	return sheet.Plain
}

func mapAnd(step curation.Step) string {
	by := step.Map
	if step.Factor != "" && step.Factor != "1" {
		by += " × " + step.Factor
	}
	return by + perOf(step.Per)
}

func perOf(per translation.Coding) string {
	if per.Code == "" {
		return ""
	}
	return " per " + per.Code
}

func counted(number string, c translation.Coding) string {
	return strings.TrimSpace(number + " " + coded(c))
}

// coded is a code with its words and its system.
func coded(c translation.Coding) string {
	if c.Code == "" {
		return ""
	}
	text := c.Code
	if c.Display != "" {
		text += " “" + c.Display + "”"
	}
	return text + " (" + c.System + ")"
}
