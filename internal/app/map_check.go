package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"sild/internal/curation"
	"sild/internal/curation/sheet"
)

// MapCheck judges terminology tables by all rules.
type MapCheck struct {
	MapTables
	MapReport
	Properties string // EDQM CodeSystem (FHIR JSON); empty is none
	Production bool   // drafts where a wrong code harms break the rules
	Seal       string // a reader's name: print the seals of the last folder anew instead of judging
	Now        func() time.Time
}

// Run gives the exit code: 0 no rule is broken, 2 at least one is, 1 the input is of no use, or ctx ended.
func (m MapCheck) Run(ctx context.Context) int {
	if m.Seal != "" {
		return m.ended(wellCode, m.reseal(ctx))
	}
	check, err := m.what(ctx)
	if err != nil {
		return m.ended(unusableCode, err)
	}
	verdict := check.Run()
	if ctx.Err() != nil {
		return m.ended(unusableCode, errStopped)
	}
	code := wellCode
	if verdict.Broken > 0 {
		code = amissCode
	}
	return m.ended(code, m.give(verdict, verdictSheet(verdict)))
}

func (m MapCheck) what(ctx context.Context) (curation.Check, error) {
	check := curation.Check{Countries: corridorCountries(), Languages: corridorLanguages(), Corridors: readCorridors, Production: m.Production}
	var err error
	if m.Properties != "" && m.Snapshot != "" {
		return check, errors.New("--properties compares the rows of tables: name the folders that the snapshot was built from")
	}
	if m.Properties != "" {
		if check.Properties, err = readProperties(m.Properties); err != nil {
			return check, err
		}
	}
	if m.Snapshot != "" {
		check.Catalogue, err = m.open()
		return check, err
	}
	for _, folder := range m.Sources {
		if info, err := os.Stat(folder); err != nil {
			return check, err
		} else if !info.IsDir() {
			return check, fmt.Errorf("%s is no folder of tables; a snapshot is named with --snapshot", folder)
		}
	}
	if check.On, err = tablesDay(m.On); err != nil {
		return check, err
	}
	check.Sources = tableSources(ctx, m.Sources, m.Alone)
	if len(check.Sources) == 0 {
		return check, fmt.Errorf("no tables are named: --alone needs a folder")
	}
	return check, nil
}

// reseal prints the seals of the last source, for who has read its columns.
func (m MapCheck) reseal(ctx context.Context) error {
	sources := tableSources(ctx, m.Sources, m.Alone)
	if len(sources) == 0 || m.Snapshot != "" {
		return fmt.Errorf("--seal needs a folder of tables")
	}
	seals, err := curation.Reseal(sources[len(sources)-1], m.Seal, m.Now().UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(m.Stdout, seals)
	return err
}

// lookedAt says what was judged: the tables, or a snapshot with the rules that can be asked of one.
func lookedAt(v curation.Verdict) []sheet.Fact {
	if v.Snapshot == nil {
		return []sheet.Fact{{Name: "tables", Value: fmt.Sprint(v.Tables)}, {Name: "rows", Value: fmt.Sprint(v.Rows)}}
	}
	return []sheet.Fact{
		{Name: "judged", Value: fmt.Sprintf("a snapshot: %d concepts, %d members of value sets, %d map rows; no tables", v.Snapshot.Concepts,
			v.Snapshot.Members, v.Snapshot.Rows)},
		{Name: "rules asked", Value: strings.Join(v.Snapshot.Asked, ", ") + "; of national only what codes are called"},
		{Name: "rules not asked", Value: strings.Join(v.Snapshot.NotAsked, ", ") + ": they need the folders that it was built from; check those"},
	}
}

func verdictSheet(v curation.Verdict) sheet.Sheet {
	release := v.Release
	if release == "" {
		release = "none: the tables make no snapshot"
	}
	s := sheet.Sheet{Title: "Check of the terminology tables", Facts: append([]sheet.Fact{{Name: "release", Value: release}}, lookedAt(v)...)}
	s.Facts = append(s.Facts, sheet.Fact{Name: "broken", Value: fmt.Sprint(v.Broken)}, sheet.Fact{Name: "remarks", Value: fmt.Sprint(v.Remarks)})
	broken := sheet.Part{Heading: "Broken rules", Note: "None.", Columns: []string{"rule", "place", "code", "what"}}
	if v.Snapshot != nil {
		broken.Note = "None of those that were asked."
	}
	remarks := sheet.Part{Heading: "Remarks", Note: "None.", Columns: broken.Columns}
	for _, f := range v.Findings {
		into, weight := &remarks, sheet.Plain
		if f.Broken {
			into, weight = &broken, sheet.Grave
		}
		into.Note = ""
		into.Add(weight, f.Rule, f.Place(), f.Code, f.Words)
	}
	s.Parts = []sheet.Part{broken, remarks}
	return s
}
