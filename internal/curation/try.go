package curation

import (
	"slices"
	"strings"

	"sild/translation"
)

// Asked is one code that somebody wants to follow.
type Asked struct {
	From, To  string            // countries, ISO 3166 alpha-2
	Code      string            // as the first country writes it, or a shared code
	System    string            // short name or URI; empty tries every system that knows the code
	Field     translation.Field // empty tries every field
	Number    string            // decimal of a unit; empty is none
	Languages []string          // of the readers, best first
}

// Way is what becomes of a code in one field.
type Way struct {
	Field    translation.Field  `json:"field,omitempty"` // none where no map speaks of the code
	Must     bool               `json:"must,omitempty"`  // a document is refused when it cannot be carried exactly
	Original translation.Coding `json:"original"`
	Own      []Words            `json:"own_words,omitempty"` // what the first country calls its own code
	Listed   string             `json:"listed,omitempty"`    // what the row of its national list says of itself
	Second   bool               `json:"second,omitempty"`    // read as a shared code, after the country's own list that lacks it
	Number   string             `json:"number,omitempty"`
	Steps    []Step             `json:"steps"` // out of the first country, then into the second
	Fate     translation.Fate   `json:"fate"`  // in the first country
	Reason   string             `json:"reason,omitempty"`
	Row      *Step              `json:"row,omitempty"`   // what the tables say of the code where that is not enough
	Class    string             `json:"class,omitempty"` // of the reason, where the tables lead nowhere
	Pivot    translation.Coding `json:"pivot"`
	Amount   string             `json:"amount,omitempty"`
	Per      translation.Coding `json:"per"`
	Member   string             `json:"member,omitempty"` // what the row of the value set says of itself, and where it stands

	Arrived       translation.Coding `json:"arrived"`
	ArrivedFate   translation.Fate   `json:"arrived_fate,omitempty"`
	ArrivedReason string             `json:"arrived_reason,omitempty"`
	Words         []Words            `json:"words,omitempty"` // of the shared code

	Home      translation.Coding `json:"home"` // the code by which it comes back to the first country
	HomeSteps []Step             `json:"home_steps,omitempty"`
	HomeWords string             `json:"home_words,omitempty"` // how the way home ends
}

// Words are what a code is called in one language.
type Words struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Step is one hop with the row that made it.
type Step struct {
	Kind       translation.HopKind    `json:"kind"`
	From       translation.Coding     `json:"from"`
	To         translation.Coding     `json:"to"`
	Relation   translation.Relation   `json:"relation,omitempty"`
	Map        string                 `json:"map,omitempty"`
	Factor     string                 `json:"factor,omitempty"`
	Per        translation.Coding     `json:"per"`
	Country    string                 `json:"country,omitempty"` // ISO 3166 alpha-2 of the node that makes the step
	Provenance translation.Provenance `json:"provenance"`        // of the row
	Table      translation.Origin     `json:"table"`             // that the row stands in, with its release
}

// trier follows codes through one catalogue.
type trier struct {
	Asked
	c       *translation.Catalogue
	rows    map[[3]string]translation.MapRow
	concept map[[2]string]translation.Concept
}

// Try follows a code along its whole way, in every field in which the tables know it. No way is an answer too: the tables
// do not know the code.
func Try(c *translation.Catalogue, asked Asked) []Way {
	t := &trier{Asked: asked, c: c, rows: map[[3]string]translation.MapRow{}, concept: map[[2]string]translation.Concept{}}
	candidates := map[translation.Field][]translation.Coding{}
	fields := map[string][]translation.Field{} // in which the maps speak of a code system
	for row := range c.Rows() {
		t.file(row)
		if t.mayCome(row.Country) && !slices.Contains(fields[row.From.System], row.Field) {
			fields[row.From.System] = append(fields[row.From.System], row.Field)
		}
		if !single(row.From.Code) && row.From.Code != "" && t.mayCome(row.Country) {
			candidates[row.Field] = append(candidates[row.Field], translation.Coding{System: row.From.System, Code: asked.Code})
		}
		if row.From.Code == asked.Code && t.mayCome(row.Country) {
			candidates[row.Field] = append(candidates[row.Field], row.From)
		}
	}
	for k := range c.Concepts() {
		t.concept[[2]string{k.Coding.System, k.Coding.Code}] = k
		for _, in := range k.In {
			if k.Coding.Code == asked.Code {
				candidates[in.Field] = append(candidates[in.Field], k.Coding)
			}
		}
		if k.Listed != nil && k.Coding.Code == asked.Code {
			for _, field := range fields[k.Coding.System] {
				candidates[field] = append(candidates[field], k.Coding)
			}
		}
	}
	for _, shape := range c.Shapes() {
		if asked.System == "" && asked.Field == "" {
			break // a number alone may have the shape of many things
		}
		candidates[shape.Field] = append(candidates[shape.Field], translation.Coding{System: shape.System, Code: asked.Code})
	}
	return t.unlisted(append(t.ways(candidates), t.unmapped(fields)...))
}

// file puts a row where it is found. Of the rows for shapes it keeps the first one that the code matches, of those that say none
// and of the others: they come in the order in which they are asked.
func (t *trier) file(row translation.MapRow) {
	at := [3]string{row.Map, row.From.System, row.From.Code}
	form, open := strings.CutPrefix(row.From.Code, openCode)
	if open {
		at[2] = codeAbove
		if row.Relation == translation.None {
			at[2] = takenBack
		}
		shape, err := translation.WholeShape(form)
		if _, known := t.rows[at]; known || err != nil || !shape.MatchString(t.Code) {
			return
		}
	}
	t.rows[at] = row
}

func (t *trier) mayCome(country string) bool {
	return strings.EqualFold(country, t.From) || country == shared
}

func (t *trier) ways(candidates map[translation.Field][]translation.Coding) []Way {
	var ways []Way
	for _, field := range t.c.Fields() {
		if t.Field != "" && t.Field != field {
			continue
		}
		var seen []string
		for _, coding := range candidates[field] {
			if slices.Contains(seen, coding.System) || !t.speaks(coding.System) {
				continue
			}
			seen = append(seen, coding.System)
			if way := t.way(field, coding); way.Steps != nil || way.Reason != "" {
				ways = append(ways, way)
			}
		}
	}
	return t.known(ways)
}

// known leaves out ways on which no table knows the code, unless there is no other.
func (t *trier) known(ways []Way) []Way {
	return slices.DeleteFunc(ways, func(w Way) bool {
		_, row := t.rows[[3]string{strings.ToLower(t.From) + "-eu/" + string(w.Field), w.Original.System, w.Original.Code}]
		_, concept := t.concept[[2]string{w.Original.System, w.Original.Code}]
		return len(w.Steps) == 0 && w.Row == nil && !row && !concept
	})
}

// speaks says that the system is the one that was asked for, by whatever name.
func (t *trier) speaks(uri string) bool {
	if t.System == "" {
		return true
	}
	known, ok := t.c.System(uri)
	asked, named := t.c.System(t.System)
	return ok && (known.Short == t.System || named && asked.URI == known.URI)
}

// way sends the code out, into the second country, and home again.
func (t *trier) way(field translation.Field, coding translation.Coding) Way {
	w := Way{Field: field, Must: slices.Contains(FailClosed(), field), Original: coding, Number: t.Number}
	if !field.IsUnit() {
		w.Number = ""
	}
	t.ofList(&w, t.concept[[2]string{coding.System, coding.Code}])
	s := translation.NewSlot(field, string(field), coding)
	s.Required, s.Number = w.Must, w.Number
	t.c.ToPivot(t.From, s)
	w.Fate, w.Reason, w.Class, w.Pivot, w.Amount = s.Fate, s.Reason, string(s.ReasonClass()), s.Current, s.Amount
	if per := s.Per(); per != nil {
		w.Per = *per
	}
	w.Steps = t.steps(s, 0)
	for _, in := range t.concept[[2]string{s.Current.System, s.Current.Code}].In {
		if in.Field == field {
			w.Member = t.behind(in.Provenance)
		}
	}
	if s.Fate != translation.Mapped && s.Fate != translation.Identical {
		w.Row = t.left(field, coding, s.Reason)
		return w
	}
	t.into(&w, s)
	t.home(&w)
	return w
}

// into lets the second country read what arrived.
func (t *trier) into(w *Way, s *translation.Slot) {
	arrived := *s
	arrived.Hops, arrived.Fate = slices.Clone(s.Hops), translation.Untouched
	out := len(arrived.Hops)
	t.c.FromPivot(t.To, t.Languages, &arrived)
	w.Arrived, w.ArrivedFate, w.ArrivedReason = arrived.Current, arrived.Fate, arrived.Reason
	w.Steps = append(w.Steps, t.steps(&arrived, out)...)
	for _, language := range t.Languages {
		if text, in := t.c.Designation(w.Pivot, language); text != "" && in == language {
			w.Words = append(w.Words, Words{language, text})
		}
	}
}

// home lets the shared code come back to the first country, as a dispensation brings it.
func (t *trier) home(w *Way) {
	s := translation.NewSlot(w.Field, string(w.Field), w.Pivot)
	t.c.FromPivot(t.From, nil, s)
	w.HomeSteps = t.steps(s, 0)
	switch {
	case s.Current.Same(w.Original):
		w.Home, w.HomeWords = s.Current, "the same code"
	case s.Fate == translation.Mapped:
		w.Home, w.HomeWords = s.Current, "another code of the country that stands for the same shared one; a slot that was not changed abroad keeps its own"
	default:
		w.HomeWords = "the shared code stays: " + s.Reason
	}
}

// steps are the hops of a slot from one of them on, with the rows that made them.
func (t *trier) steps(s *translation.Slot, from int) []Step {
	var steps []Step
	for i := from; i < len(s.Hops); i++ {
		hop := s.Hops[i]
		step := Step{Kind: hop.Kind, From: hop.From, To: s.To(i), Relation: hop.Relation, Map: hop.Map, Country: hop.Country}
		if row, ok := t.row(s.Field, step); ok {
			step.Factor, step.Per, step.Provenance = row.Factor, row.Per, row.Provenance
			step.Table, _ = t.c.Table(row.Provenance)
		}
		steps = append(steps, step)
	}
	return steps
}

// row finds the row behind a step, from whichever end it was read.
func (t *trier) row(field translation.Field, hop Step) (translation.MapRow, bool) {
	if hop.Map == "" {
		return translation.MapRow{}, false
	}
	name, national := hop.Map, hop.From
	if folder, _, _ := strings.Cut(hop.Map, "/"); strings.HasPrefix(folder, "eu-") && folder != "eu-eu" {
		name, national = strings.TrimPrefix(folder, "eu-")+"-eu/"+string(field), hop.To
	}
	if known, ok := t.c.System(national.System); ok {
		national.System = known.URI
	}
	if row, ok := t.rows[[3]string{name, national.System, national.Code}]; ok {
		return row, true
	}
	place := anyCode
	if hop.Relation == translation.Wider {
		place = codeAbove // a row for a shape: only such a one says less of a code that has no row of its own
	}
	row, ok := t.rows[[3]string{name, national.System, place}]
	return row, ok
}
