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
		gone := d.withheldSections(cut)
		view.Summary = d.Summary.without(cut, gone)
		view.Slots = slices.DeleteFunc(view.Slots, func(slot *translation.Slot) bool { return ofSection(slot.Path, gone) })
	}
	return &view
}

// withheldSections are the codes of the sections whose every part is cut.
func (d *Document) withheldSections(cut []translation.Span) map[string]bool {
	gone := map[string]bool{}
	for _, element := range d.Elements {
		code, ok := strings.CutPrefix(element.Name, "section:")
		if !ok || len(element.Spans) == 0 {
			continue
		}
		whole := true
		for _, span := range element.Spans {
			whole = whole && inside(span, cut)
		}
		if whole {
			gone[code] = true
		}
	}
	return gone
}

// ofSection says that a record path begins in one of the sections. What two withheld sections share may stand outside of
// either's spans; its path still tells whose it was.
func ofSection(path string, gone map[string]bool) bool {
	rest, ok := strings.CutPrefix(path, "section[")
	if !ok {
		return false
	}
	code, _, _ := strings.Cut(rest, "]")
	code, _, _ = strings.Cut(code, ":")
	return gone[code]
}

func (p *Prescription) without(cut []translation.Span) *Prescription {
	view := *p
	view.Indication = keptSlots(p.Indication, cut)
	return &view
}

func (s *Summary) without(cut []translation.Span, gone map[string]bool) *Summary {
	view := *s
	view.Sections = nil
	for _, section := range s.Sections {
		if gone[section.Code] {
			continue
		}
		if kept := keptSlots(section.Slots, cut); len(kept) < len(section.Slots) {
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
