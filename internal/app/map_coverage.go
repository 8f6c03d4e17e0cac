package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sild/internal/curation"
	"sild/internal/curation/sheet"
)

// MapCoverage counts what becomes of the coded places of many documents, and ranks where the gaps come from.
type MapCoverage struct {
	MapTables
	MapReport
	MapDocuments
}

// coverageReport is the JSON form.
type coverageReport struct {
	Release   string              `json:"release"`
	From      string              `json:"from"`
	To        string              `json:"to"`
	Documents map[string]int      `json:"documents"`
	Refused   int                 `json:"refused"`
	Refusals  map[string]int      `json:"refusals"` // documents by the place for which they are refused
	Unusable  []unusable          `json:"unusable"`
	Lines     []curation.Line     `json:"lines"`
	Gaps      []curation.GapCause `json:"gaps"`
}

// Run gives the exit code: 0 every place that must be carried is, 2 one is not, 1 a file is no document of the country or
// the command cannot be meant, or ctx ended. Of several the worst: the report covers the other files all the same.
func (m MapCoverage) Run(ctx context.Context) int {
	if err := m.usage(); err != nil {
		return m.ended(unusableCode, err)
	}
	files, err := m.list()
	if err != nil {
		return m.ended(unusableCode, err)
	}
	catalogue, err := m.open()
	if err != nil {
		return m.ended(unusableCode, err)
	}
	count := &curation.Coverage{Catalogue: catalogue}
	all := coverageReport{Release: catalogue.Release(), From: m.From, To: m.To, Refusals: map[string]int{}, Unusable: []unusable{}}
	for _, file := range files {
		if ctx.Err() != nil {
			return m.ended(unusableCode, errStopped)
		}
		made, err := m.carry(catalogue, file)
		if err != nil {
			all.Unusable = append(all.Unusable, unusableFile(file, err))
			continue
		}
		count.Take(made.kind, made.out, made.in)
		if made.refused != nil {
			all.Refused++
			all.Refusals[made.refused.Slot]++
		}
	}
	all.Documents, all.Lines, all.Gaps = count.Documents(), count.Lines(), count.Gaps()
	code := wellCode
	switch {
	case len(all.Unusable) > 0:
		code = unusableCode
	case all.Refused > 0:
		code = amissCode
	}
	return m.ended(code, m.give(all, coverageSheet(all)))
}

func coverageSheet(all coverageReport) sheet.Sheet {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(all.Documents)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", all.Documents[kind], kind))
	}
	s := sheet.Sheet{Title: "Coverage from " + all.From + " to " + all.To, Facts: []sheet.Fact{
		{Name: "release", Value: all.Release}, {Name: "documents", Value: strings.Join(kinds, ", ")}, {Name: "refused", Value: fmt.Sprint(all.Refused)},
	}}
	lines := sheet.Part{Heading: "Coded places by kind of document and field", Note: "In words: that the reader has in a language of the country.",
		Columns: []string{"kind", "field", "places", "required", "mapped", "identical", "passed", "refused", "draft", "in words"}}
	for _, l := range all.Lines {
		lines.Add(weightOfLine(l), l.Kind, string(l.Field), fmt.Sprint(l.Slots), fmt.Sprint(l.Required), fmt.Sprint(l.Mapped), fmt.Sprint(l.Identical),
			fmt.Sprint(l.Passed), fmt.Sprint(l.Refused), fmt.Sprint(l.Draft), fmt.Sprint(l.Told))
	}
	gaps := sheet.Part{Heading: "Where the gaps come from", Columns: []string{"must", "field", "system", "code", "places", "documents", "class", "why"}}
	for _, g := range all.Gaps {
		weight, must := sheet.Plain, ""
		switch {
		case g.Required:
			weight, must = sheet.Grave, "yes"
		case g.Bound:
			weight = sheet.Look
		}
		gaps.Add(weight, must, string(g.Field), g.System, g.Code, fmt.Sprint(g.Slots), fmt.Sprint(g.Documents), g.Class, g.Reason)
	}
	if len(all.Gaps) == 0 {
		gaps.Note = "None."
	}
	refusals := sheet.Part{Heading: "Places for which documents are refused", Note: "None.", Columns: []string{"place", "documents"}}
	for _, place := range slices.Sorted(maps.Keys(all.Refusals)) {
		refusals.Note = ""
		refusals.Add(sheet.Grave, place, fmt.Sprint(all.Refusals[place]))
	}
	s.Parts = append(s.Parts, lines, gaps, refusals)
	if len(all.Unusable) > 0 {
		p := sheet.Part{Heading: "Files that are no documents of the country", Columns: []string{"file", "why"}}
		for _, u := range all.Unusable {
			p.Add(sheet.Look, u.File, u.Reason)
		}
		s.Parts = append(s.Parts, p)
	}
	return s
}

func weightOfLine(l curation.Line) sheet.Weight {
	switch {
	case l.Refused > 0:
		return sheet.Grave
	case l.Passed > 0:
		return sheet.Look
	}
	return sheet.Plain
}
