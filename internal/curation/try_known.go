package curation

import (
	"maps"
	"slices"
	"strings"

	"sild/translation"
)

// takenBack is where the row is kept that says none of the shape of the code.
const takenBack = codeAbove + "none"

// ofList is what the national list of a code says of it.
func (t *trier) ofList(w *Way, k translation.Concept) {
	if k.Listed == nil {
		return
	}
	w.Listed = t.behind(k.Listed.Provenance)
	if len(k.In) > 0 {
		return // it is shared, and its words are everybody's
	}
	for _, language := range slices.Sorted(maps.Keys(k.Words)) {
		w.Own = append(w.Own, Words{language, k.Words[language]})
	}
}

// unmapped are codes of the country's own lists of which no map speaks.
func (t *trier) unmapped(fields map[string][]translation.Field) []Way {
	var ways []Way
	for _, system := range t.c.Systems() {
		k := t.concept[[2]string{system.URI, t.Code}]
		own := strings.HasPrefix(system.Short, strings.ToLower(t.From)+"-")
		if k.Listed == nil || !own || len(k.In) > 0 || fields[system.URI] != nil || t.Field != "" || !t.speaks(system.URI) {
			continue
		}
		w := Way{Original: k.Coding, Fate: translation.Passed, Reason: "no map speaks of the code system " + system.Short}
		t.ofList(&w, k)
		ways = append(ways, w)
	}
	return ways
}

// left is the row for a code that was not taken: it says that there is no equal, or leads to a code that says less or more.
func (t *trier) left(field translation.Field, coding translation.Coding, reason string) *Step {
	for _, country := range []string{t.From, shared} {
		name := strings.ToLower(country) + "-eu/" + string(field)
		row, ok := t.rows[[3]string{name, coding.System, coding.Code}]
		for _, place := range []string{anyCode, takenBack} {
			many, there := t.rows[[3]string{name, coding.System, place}]
			if _, words := translation.ReasonOf(many.Remark); !ok && there && many.Relation == translation.None && strings.HasSuffix(reason, ": "+words) {
				row, ok = many, true
			}
		}
		if ok {
			table, _ := t.c.Table(row.Provenance)
			return &Step{Kind: translation.Transcode, From: coding, To: row.To, Relation: row.Relation, Map: name, Factor: row.Factor, Per: row.Per,
				Country: strings.ToUpper(t.From), Provenance: row.Provenance, Table: table}
		}
	}
	lenient := translation.NewSlot(field, string(field), coding) // a row for a shape leads where the code above is
	t.c.ToPivot(t.From, lenient)
	if steps := t.steps(lenient, 0); len(steps) > 0 {
		return &steps[0]
	}
	return nil
}
