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
	said := d.quoted(cut)
	for _, p := range d.Prescriptions {
		view.Prescriptions = append(view.Prescriptions, p.without(cut, said))
	}
	if len(view.Slots) < len(d.Slots) {
		view.Header.Narrative = Narrative{}
	}
	if d.Summary != nil {
		gone, inner := d.withheldSections(cut)
		view.Summary = d.Summary.without(cut, gone, inner, said)
		view.Slots = slices.DeleteFunc(view.Slots, func(slot *translation.Slot) bool { return ofSection(slot.Path, gone) })
	}
	return &view
}

// withheldSections are the paths of the sections whose every part is cut, and of those in which something is.
func (d *Document) withheldSections(cut []translation.Span) (gone, inner map[string]bool) {
	gone, inner = map[string]bool{}, map[string]bool{}
	parts := d.withoutReferences(cut)
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
		case element.Section != "" && len(element.Spans) > 0 && holdsOne(element.Spans[0], parts):
			inner[element.Section] = true
		}
	}
	return gone, inner
}

// withoutReferences leaves out of a cut what only leads into a section that is cut: a section is named by its own span first,
// and then by those of the references to it.
func (d *Document) withoutReferences(cut []translation.Span) []translation.Span {
	leads := map[translation.Span]bool{}
	for _, element := range d.Elements {
		if element.Section != "" && len(element.Spans) > 1 {
			for _, span := range element.Spans[1:] {
				leads[span] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(cut), func(span translation.Span) bool { return leads[span] })
}

// holdsOne says that something in a span is cut.
func holdsOne(span translation.Span, cut []translation.Span) bool {
	return slices.ContainsFunc(cut, func(part translation.Span) bool { return part.Start >= span.Start && part.End <= span.End })
}

// ofSection says that a record path begins in one of the sections. What two withheld sections share may stand outside of
// either's spans; its path still tells whose it was.
func ofSection(path string, gone map[string]bool) bool {
	end := strings.IndexByte(path, ']')
	return end > 0 && gone[path[:end+1]]
}

// quoted are the words that fields of the record took from a passage of a narrative of which anything is cut.
func (d *Document) quoted(cut []translation.Span) secrets {
	var said secrets
	if d.Quotes == nil {
		return said
	}
	for _, quote := range d.Quotes() {
		if quote.Words == "" || inside(quote.For, cut) {
			continue
		}
		for _, span := range cut {
			if quote.Span.Start < span.End && span.Start < quote.Span.End {
				said = append(said, quote.Words)
				break
			}
		}
	}
	return said
}

// secrets are words that are withheld.
type secrets []string

// hush is a text, or nothing where the withheld words are in it.
func (s secrets) hush(text string) string {
	for _, words := range s {
		if strings.Contains(text, words) {
			return ""
		}
	}
	return text
}

// texts leaves out those in which withheld words are.
func (s secrets) texts(texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return s.hush(text) != text })
}

func (s secrets) dosages(dosages []Dosage) []Dosage {
	if len(s) == 0 {
		return dosages
	}
	kept := slices.Clone(dosages)
	for i := range kept {
		kept[i].Text, kept[i].Additional = s.hush(kept[i].Text), s.texts(kept[i].Additional)
	}
	return kept
}

func (p *Prescription) without(cut []translation.Span, said secrets) *Prescription {
	view := *p
	view.Indication = keptSlots(p.Indication, cut)
	view.Notes, view.Dosage = said.texts(p.Notes), keptDosages(said.dosages(p.Dosage), cut, said)
	view.Instructions = Instructions{Patient: said.hush(p.Instructions.Patient), Pharmacist: said.hush(p.Instructions.Pharmacist)}
	return &view
}

// without leaves out the sections that are gone, and the narrative of those of which something inside is.
func (s *Summary) without(cut []translation.Span, gone, inner map[string]bool, said secrets) *Summary {
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
		section.Entries = keptEntries(section.Entries, cut, said)
		view.Sections = append(view.Sections, section)
	}
	return &view
}

// keptEntries leaves out the entries whose subject is cut, and from the others the reasons and words that are.
func keptEntries(entries []Entry, cut []translation.Span, said secrets) []Entry {
	var kept []Entry
	for _, e := range entries {
		if e.What != nil && inside(e.What.Span, cut) {
			continue
		}
		e.Reasons = keptSlots(e.Reasons, cut)
		e.Text, e.Result.Text, e.Dosage = said.hush(e.Text), said.hush(e.Result.Text), keptDosages(said.dosages(e.Dosage), cut, said)
		e.Members = keptEntries(e.Members, cut, said)
		kept = append(kept, e)
	}
	return kept
}

// keptDosages leaves out of dosages the reasons that are cut, or that are told in withheld words: what is taken as needed stays
// so.
func keptDosages(dosages []Dosage, cut []translation.Span, said secrets) []Dosage {
	kept := slices.Clone(dosages)
	for i := range kept {
		kept[i].NeededFor = slices.DeleteFunc(keptSlots(kept[i].NeededFor, cut), func(s *translation.Slot) bool { return said.hush(s.Text) != s.Text })
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
