package reading

import (
	"sild/node"
	"sild/translation"
)

// summary shows what a patient summary says of itself, then each of its sections.
func (w *writer) summary(s *node.Summary, of node.Patient) []Block {
	w = w.in(s.Language)
	about := sheet{writer: w}
	about.texts("summary.title", s.Title)
	about.date("summary.date", s.Date)
	about.names("summary.author", s.Author)
	about.ids("summary.id", s.ID)
	about.names("texts-in", s.Language)
	var blocks []Block
	if len(about.rows) > 0 {
		blocks = append(blocks, Block{Heading: w.say("summary"), Rows: about.rows})
	}
	blocks = append(blocks, w.another(s.Patient, of)...)
	for i := range s.Sections {
		blocks = append(blocks, w.section(&s.Sections[i]))
	}
	return blocks
}

// section shows one section of a summary with its statements, and the coded places that none of them holds.
func (w *writer) section(s *node.Section) Block {
	about := sheet{writer: w}
	head := w.text(s.Title)
	for _, slot := range s.Slots {
		if slot.Field == translation.Section && !w.shown[slot] {
			head = w.coded(slot)
			head.Original = joined(" · ", s.Title, differing(s.Title, head.Original))
			break
		}
	}
	if len(head.Slots) > 0 || head.Original != w.sectionName(s) {
		about.row("section.title", head)
	}
	b := w.statements(s)
	b.Rows = append(about.rows, b.Rows...)
	b.Narrative = s.Narrative
	return b
}

// statements shows what a section says, without its own heading and narrative.
func (w *writer) statements(s *node.Section) Block {
	b := Block{Heading: w.sectionName(s), Code: s.Code}
	if s.State != node.HasEntries {
		b.State = w.code("state", string(s.State))
	}
	for i := range s.Entries {
		b.Inner = append(b.Inner, w.entry(w.entryName(&s.Entries[i], i, len(s.Entries)), &s.Entries[i]))
	}
	if rest := w.others(w.say("others.section"), s.Slots); !rest.isEmpty() {
		if len(b.Inner) == 0 {
			b.Rows = rest.Rows
		} else {
			b.Inner = append(b.Inner, rest)
		}
	}
	if b.State == "" && len(b.Rows) == 0 && len(b.Inner) == 0 {
		b.State = w.say("state.narrative-only")
	}
	return b
}

// sectionName is our heading for a known section, else the title that it has.
func (w *writer) sectionName(s *node.Section) string {
	if name, ok := w.words["section:"+s.Code]; ok {
		return name
	}
	return orElse(s.Title, s.Code)
}

// others shows the coded places that no record has shown.
func (w *writer) others(heading string, slots []*translation.Slot) Block {
	s := sheet{writer: w}
	for _, slot := range slots {
		if slot == nil || w.shown[slot] {
			continue
		}
		v := w.coded(slot)
		if slot.Number != "" {
			v.Original = joined(" ", slot.Number, orElse(v.Original, slot.Original().Code))
			v.Translated = joined(" ", w.decimal(orElse(slot.Amount, slot.Number)), orElse(v.Translated, slot.Current.Code))
		}
		s.row(w.code("field", string(slot.Field)), v)
	}
	return Block{Heading: heading, Rows: s.rows}
}
