package node

import (
	"encoding/json"
	"iter"
	"slices"

	"sild/translation"
)

// Report is the loss report: every slot and residue of one document with what became of it. It travels with the
// document; what a rule cut never stands in it.
type Report struct {
	Release string    `json:"release"` // hash of the terminology snapshot
	Told    []Line    `json:"lines"`   // lines that somebody else wrote, or that are of several documents
	Residue []Residue `json:"residue,omitempty"`
	Lost    []Residue `json:"lost,omitempty"` // what the target format cannot hold
	// Slots are those of one document. Their lines are made when somebody asks: a large summary has a hundred thousand.
	Slots []*translation.Slot `json:"-"`
}

// Line is the fate of one slot.
type Line struct {
	Path     string               `json:"path"`
	Field    translation.Field    `json:"field"`
	Fate     translation.Fate     `json:"fate"`
	Original translation.Coding   `json:"original"`
	Current  translation.Coding   `json:"current"`
	Relation translation.Relation `json:"relation,omitempty"`
	Draft    bool                 `json:"draft,omitempty"`
	Reason   string               `json:"reason,omitempty"`
	// Coherence and Alarm are what comparing the properties of the codes gave: see translation.Slot.
	Coherence translation.Coherence `json:"coherence,omitempty"`
	Alarm     string                `json:"alarm,omitempty"`
}

// Loss is the loss report of a carried document: the fate of every slot. What was withheld never stands in it. release
// names the terminology snapshot. Whoever carries the document on asks for another.
func Loss(d *Document, release string) *Report {
	r := &Report{Release: release, Residue: d.Residue, Slots: d.Slots}
	if len(d.hidden) > 0 {
		r.Slots = slices.DeleteFunc(slices.Clone(d.Slots), func(slot *translation.Slot) bool { return d.hidden[slot] })
	}
	return r
}

// Lines are the fates of all slots, those that were told first.
func (r *Report) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for _, line := range r.Told {
			if !yield(line) {
				return
			}
		}
		for _, slot := range r.Slots {
			if !yield(lineOf(slot)) {
				return
			}
		}
	}
}

// Count is how many lines there are.
func (r *Report) Count() int { return len(r.Told) + len(r.Slots) }

// lineOf is what a report says of a slot.
func lineOf(slot *translation.Slot) Line {
	line := Line{Path: slot.Path, Field: slot.Field, Fate: slot.Fate, Original: slot.Original(), Current: slot.Current,
		Draft: slot.Draft(), Reason: slot.Reason, Coherence: slot.Coherence(), Alarm: slot.Alarm()}
	if carried(slot) {
		line.Relation = slot.Relation() // what was not carried lies in no relation
	}
	return line
}

// Keep makes all lines as they are now, so that they no longer change with the slots.
func (r *Report) Keep() {
	r.Told, r.Slots = slices.AppendSeq(make([]Line, 0, r.Count()), r.Lines()), nil
}

// MarshalJSON writes a report with all of its lines.
func (r *Report) MarshalJSON() ([]byte, error) {
	type plain Report // without this method
	whole := *r
	whole.Keep()
	return json.Marshal((*plain)(&whole))
}

// prefix puts the place in a listing before every path.
func (r *Report) prefix(place string) {
	r.Keep()
	for i := range r.Told {
		r.Told[i].Path = place + r.Told[i].Path
	}
	residue := make([]Residue, len(r.Residue))
	for i, known := range r.Residue {
		residue[i] = Residue{Path: place + known.Path, Why: known.Why, Span: known.Span}
	}
	r.Residue = residue
}
