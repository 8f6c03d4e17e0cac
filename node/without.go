package node

import (
	"slices"
	"strings"

	"sild/translation"
)

// Without gives the document as it would be if what is cut had never been recorded: a view for whoever writes another
// format from the record. Sections that are withheld as a whole are gone, slots in a cut are not there, and a narrative
// that may speak of them is left out. The document itself is not changed; without a cut it is returned as it is.
func (d *Document) Without(cut []translation.Span) *Document {
	if len(cut) == 0 {
		return d
	}
	view := *d
	view.Slots = keptSlots(d.Slots, cut)
	view.Residue = slices.DeleteFunc(slices.Clone(d.Residue), func(r Residue) bool { return inside(r.Span, cut) })
	view.Rest = slices.DeleteFunc(slices.Clone(d.Rest), func(r Residue) bool { return inside(r.Span, cut) })
	view.Prescriptions = nil
	for _, p := range d.Prescriptions {
		view.Prescriptions = append(view.Prescriptions, p.without(cut))
	}
	if len(view.Slots) < len(d.Slots) {
		view.Header.Narrative = Narrative{}
	}
	if d.Summary != nil {
		gone, inner := d.withheldSections(cut)
		view.Summary = d.Summary.without(cut, gone, inner)
		view.Slots = slices.DeleteFunc(view.Slots, func(slot *translation.Slot) bool { return ofSection(slot.Path, gone) })
	}
	return &view
}

// withheldSections are the paths of the sections whose every part is cut, and of those that held such a one.
func (d *Document) withheldSections(cut []translation.Span) (gone, inner map[string]bool) {
	gone, inner = map[string]bool{}, map[string]bool{}
	for _, element := range d.Elements {
		whole := element.Section != "" && len(element.Spans) > 0
		for _, span := range element.Spans {
			whole = whole && inside(span, cut)
		}
		switch {
		case whole && element.Nested:
			inner[element.Section] = true
		case whole:
			gone[element.Section] = true
		}
	}
	return gone, inner
}

// ofSection says that a record path begins in one of the sections. What two withheld sections share may stand outside of
// either's spans; its path still tells whose it was.
func ofSection(path string, gone map[string]bool) bool {
	end := strings.IndexByte(path, ']')
	return end > 0 && gone[path[:end+1]]
}

func (p *Prescription) without(cut []translation.Span) *Prescription {
	view := *p
	view.Indication = keptSlots(p.Indication, cut)
	return &view
}

// without leaves out the sections that are gone, and the narrative of those of which something inside is.
func (s *Summary) without(cut []translation.Span, gone, inner map[string]bool) *Summary {
	view := *s
	view.Sections = nil
	nth := map[string]int{}
	for _, section := range s.Sections {
		nth[section.Code]++
		path := SectionPath(section.Code, nth[section.Code])
		if gone[path] {
			continue
		}
		kept := keptSlots(section.Slots, cut)
		if len(kept) < len(section.Slots) || inner[path] {
			section.Slots, section.Narrative = kept, Narrative{}
		}
		section.Entries = keptEntries(section.Entries, cut)
		view.Sections = append(view.Sections, section)
	}
	return &view
}

// keptEntries leaves out the entries whose subject is cut, and from the others the reasons that are.
func keptEntries(entries []Entry, cut []translation.Span) []Entry {
	var kept []Entry
	for _, e := range entries {
		if e.What != nil && inside(e.What.Span, cut) {
			continue
		}
		e.Reasons = keptSlots(e.Reasons, cut)
		e.Members = keptEntries(e.Members, cut)
		kept = append(kept, e)
	}
	return kept
}

func keptSlots(slots []*translation.Slot, cut []translation.Span) []*translation.Slot {
	var kept []*translation.Slot
	for _, slot := range slots {
		if !inside(slot.Span, cut) {
			kept = append(kept, slot)
		}
	}
	return kept
}
