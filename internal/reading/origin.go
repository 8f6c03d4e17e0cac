package reading

import (
	"time"

	"sild/node"
)

// title names the page by what it shows.
func (w *writer) title(d *node.Document) string {
	if d.Kind == "" {
		return w.say("title:document")
	}
	return w.say("title:" + string(d.Kind))
}

// ownText is the text of a document without sections, and what is to be said of one that is only a header.
func (w *writer) ownText(d *node.Document) Block {
	b := Block{Heading: w.say("narrative"), Narrative: d.Header.Narrative}
	if len(d.Prescriptions) == 0 && d.Dispensation == nil && d.Summary == nil && d.Kind != node.AListing {
		b.State = w.say("state.header-only")
		if len(d.Pages) > 0 {
			b.State = w.say("state.pdf-only")
		}
	}
	return b
}

// origin shows what the document says of itself.
func (w *writer) origin(d *node.Document) Block {
	s := sheet{writer: w}
	s.slots("document.code", d.Code)
	s.texts("document.title", d.Header.Title)
	s.date("document.written", d.Header.Written)
	s.practitioner("document.author", d.Header.Author)
	s.organisation("document.custodian", d.Header.Custodian)
	s.ids("document.id", d.ID)
	s.ids("document.parent", d.Header.Parent)
	s.names("document.confidentiality", w.code("confidentiality", d.Header.Confidentiality))
	s.names("document.format", string(d.Format))
	s.names("texts-in", d.Language)
	if !d.At.IsZero() {
		s.date("document.translated", d.At.UTC().Format(time.RFC3339))
	}
	return Block{Heading: w.say("document"), Rows: s.rows}
}

// residue shows the source content that no record understood: where it stands, and why it is not shown.
func (w *writer) residue(list []node.Residue) Block {
	s := sheet{writer: w}
	for _, r := range list {
		why, language := w.sentence(r.Why)
		s.rows = append(s.rows, Row{Label: r.Path, Values: []Value{{Translated: why, TranslatedIn: language,
			Marks: []Mark{{Kind: Gap, Words: w.say("mark:residue")}}}}})
	}
	b := Block{Heading: w.say("residue"), Rows: s.rows}
	if len(list) > 0 {
		b.State = w.say("residue.state")
	}
	return b
}
