package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sild/internal/curation"
	"sild/internal/curation/sheet"
	"sild/node"
	"sild/translation"
)

// MapDiff tells two sets of tables apart, and which documents they carry differently.
type MapDiff struct {
	MapReport
	MapDocuments
	A, B string // each a snapshot file, a folder over the shipped tables, or "shipped"
}

// compared is the JSON form.
type compared struct {
	A         string            `json:"a"`
	B         string            `json:"b"`
	ReleaseA  string            `json:"release_a"`
	ReleaseB  string            `json:"release_b"`
	Changes   []curation.Change `json:"changes"`
	Documents int               `json:"documents"` // that were carried with both
	Affected  []affected        `json:"affected"`
	Unusable  []unusable        `json:"unusable"`
}

// affected is one document that the two sets carry differently.
type affected struct {
	File    string   `json:"file"`
	Kind    string   `json:"kind"`
	Before  string   `json:"before"` // carried or refused
	After   string   `json:"after"`
	Places  []string `json:"places"` // of the record, e.g. medication.form; never what stands there
	Refused bool     `json:"refused,omitempty"`
}

// Run gives the exit code: 0 nothing that a document carries is worse, 2 a document that A carried is refused with B, 1 the
// input is of no use, or ctx ended.
func (m MapDiff) Run(ctx context.Context) int {
	before, err := openNamed(m.A)
	if err != nil {
		return m.ended(unusableCode, err)
	}
	after, err := openNamed(m.B)
	if err != nil {
		return m.ended(unusableCode, err)
	}
	found := compared{A: m.A, B: m.B, ReleaseA: before.Release(), ReleaseB: after.Release(), Changes: curation.Compare(before, after),
		Affected: []affected{}, Unusable: []unusable{}}
	if err := m.documents(ctx, &found, before, after); err != nil {
		return m.ended(unusableCode, err)
	}
	code := wellCode
	for _, a := range found.Affected {
		if a.Refused {
			code = amissCode
		}
	}
	if len(found.Unusable) > 0 {
		code = unusableCode
	}
	return m.ended(code, m.give(found, diffSheet(found)))
}

// documents carries every document with both sets, where there are any.
func (m MapDiff) documents(ctx context.Context, found *compared, before, after *translation.Catalogue) error {
	if len(m.Files) == 0 {
		if m.From != "" || m.To != "" {
			return errors.New("--from and --to belong to --documents")
		}
		return nil
	}
	if err := m.usage(); err != nil {
		return err
	}
	files, err := m.list()
	if err != nil {
		return err
	}
	for _, file := range files {
		if ctx.Err() != nil {
			return errStopped
		}
		old, err := m.carry(before, file)
		if err != nil {
			found.Unusable = append(found.Unusable, unusableFile(file, err))
			continue
		}
		now, err := m.carry(after, file)
		if err != nil {
			found.Unusable = append(found.Unusable, unusableFile(file, err))
			continue
		}
		found.Documents++
		if a, differs := unlike(file, old, now); differs {
			found.Affected = append(found.Affected, a)
		}
	}
	return nil
}

// unlike compares what two sets made of one document, place by place.
func unlike(file string, old, now carriedDocument) (affected, bool) {
	a := affected{File: file, Kind: now.kind, Before: outcome(old.refused), After: outcome(now.refused), Places: []string{}}
	a.Refused = old.refused == nil && now.refused != nil
	seen := map[string]bool{}
	for _, half := range [][2][]*translation.Slot{{old.out, now.out}, {old.in, now.in}} {
		was := map[string]string{}
		for _, s := range half[0] {
			was[s.Path] += result(s)
		}
		is := map[string]string{}
		for _, s := range half[1] {
			is[s.Path] += result(s)
		}
		for _, s := range append(half[0][:len(half[0]):len(half[0])], half[1]...) {
			if was[s.Path] != is[s.Path] && len(half[0]) > 0 && len(half[1]) > 0 && !seen[s.Path] {
				seen[s.Path] = true
				a.Places = append(a.Places, s.Path)
			}
		}
	}
	return a, len(a.Places) > 0 || a.Before != a.After
}

// result is all that a reader can notice of a place. The release and the drafts of the hops are not.
func result(s *translation.Slot) string {
	per := ""
	if unit := s.Per(); unit != nil {
		per = unit.Code
	}
	return strings.Join([]string{s.Fate.String(), s.Current.System, s.Current.Code, s.Amount, per, s.Rendered, string(s.Relation()), s.Reason, s.Alarm()}, "\x00")
}

func outcome(refusal *node.Error) string {
	if refusal != nil {
		return "refused at " + refusal.Slot
	}
	return "carried"
}

func diffSheet(found compared) sheet.Sheet {
	s := sheet.Sheet{Title: "From " + found.A + " to " + found.B, Facts: []sheet.Fact{
		{Name: "release before", Value: found.ReleaseA}, {Name: "release after", Value: found.ReleaseB},
	}}
	meaning := sheet.Part{Heading: "Changes of meaning", Note: "None.", Columns: []string{"what", "table", "code", "before", "after"}}
	rest := sheet.Part{Heading: "Rows that only say another source, day, person or remark, and words in other letter case or punctuation", Note: "None.", Columns: meaning.Columns}
	for _, change := range found.Changes {
		into, weight := &rest, sheet.Plain
		if change.Meaning {
			into, weight = &meaning, map[string]sheet.Weight{curation.Changed: sheet.Grave, curation.Removed: sheet.Grave}[change.What]
		}
		into.Note = ""
		into.Add(weight, change.What, change.Table, change.Code, change.Before, change.After)
	}
	letters := 0
	for _, change := range found.Changes {
		if change.OnlyLetters() {
			letters++
		}
	}
	if letters > 0 {
		s.Facts = append(s.Facts, sheet.Fact{Name: "words in other letter case or punctuation", Value: fmt.Sprint(letters)})
	}
	s.Parts = []sheet.Part{meaning, rest}
	if found.Documents+len(found.Unusable) == 0 {
		return s
	}
	s.Facts = append(s.Facts, sheet.Fact{Name: "documents carried with both", Value: fmt.Sprint(found.Documents)},
		sheet.Fact{Name: "documents affected", Value: fmt.Sprint(len(found.Affected))})
	documents := sheet.Part{Heading: "Documents affected", Note: "None.", Columns: []string{"file", "kind", "before", "after", "places"}}
	for _, a := range found.Affected {
		weight := sheet.Look
		if a.Refused {
			weight = sheet.Grave
		}
		documents.Note = ""
		documents.Add(weight, a.File, a.Kind, a.Before, a.After, strings.Join(a.Places, ", "))
	}
	s.Parts = append(s.Parts, documents)
	if len(found.Unusable) > 0 {
		p := sheet.Part{Heading: "Files that are no documents of the country", Columns: []string{"file", "why"}}
		for _, u := range found.Unusable {
			p.Add(sheet.Look, u.File, u.Reason)
		}
		s.Parts = append(s.Parts, p)
	}
	return s
}
