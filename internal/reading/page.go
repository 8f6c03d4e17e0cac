package reading

import (
	"slices"

	"sild/internal/reading/sentence"
	"sild/node"
	"sild/translation"
)

// Page is a document laid out for one reader. All of it is plain text; only a Narrative holds markup.
type Page struct {
	Title    string
	Language string // BCP 47 of everything that is not somebody else's words
	Source   string // BCP 47 of the document's own texts, where it says so
	Subject  string // of whom it speaks: name and birth date
	Notice   string // that a contact point wrote this, and which document counts
	Blocks   []Block
}

// Block is a headed part of a page: a person, a medicine, a section of a summary, one of its statements.
type Block struct {
	Heading string
	Code    string // LOINC, of a section
	State   string // said of the whole block before its rows: no information, a known absence, a denial, an error
	Grave   bool   // State changes what the rows mean: a denial, an error
	Rows    []Row
	Inner   []Block
	// Narrative is what people wrote in the source about the same matter.
	Narrative node.Narrative
}

// Row is one line of a block: what is asked, and what the source answers.
type Row struct {
	Label  string
	Values []Value
}

// Value is one answer. Original is never left out where the source has words; Translated is empty where nobody has put
// them into the reader's language.
type Value struct {
	Original     string
	OriginalCode string // code or number as the source writes it, with the name of its list
	OriginalIn   string // BCP 47 of Original, where known
	Translated   string
	TranslatedIn string // BCP 47 of Translated
	Code         string // the code after the last hop
	Neutral      bool   // a name, number, date or identifier: it is read alike in every language
	Marks        []Mark
	Slots        []*translation.Slot // the coded places that it shows
}

// Words are what the reader is shown first: the reader's own words, else those of the source.
func (v Value) Words() string {
	if v.Translated != "" {
		return v.Translated
	}
	return v.Original
}

// isEmpty says that there is nothing to show, which is not the same as something absent.
func (v Value) isEmpty() bool { return v.Words() == "" && len(v.Marks) == 0 && v.OriginalCode == "" }

// Of lays out a document for a reader. The language is BCP 47 (et, fi, en, sv; a region is ignored); any other reader gets
// English.
func Of(d *node.Document, language string) *Page {
	w := newWriter(d, language)
	page := &Page{Title: w.title(d), Language: w.language, Source: d.Language, Notice: w.say("notice"), Subject: w.subject(d)}
	page.add(w.patient(d.Patient))
	if d.Kind == node.AListing && len(d.Prescriptions) == 0 {
		page.add(Block{Heading: w.say("prescriptions"), State: w.say("prescriptions.none")})
	}
	for i, p := range d.Prescriptions {
		page.add(w.prescription(w.numbered("prescription", i, len(d.Prescriptions)), p, d.Patient))
	}
	if d.Dispensation != nil {
		page.add(w.dispensation(d.Dispensation, d.Patient))
	}
	if d.Summary != nil {
		page.Blocks = append(page.Blocks, w.summary(d.Summary, d.Patient)...)
	}
	page.ownText(w, d)
	page.add(w.origin(d))
	page.add(w.others(w.say("others"), d.Slots))
	page.add(w.residue(slices.Concat(d.Residue, d.Rest)))
	return page
}

// Say gives the words of the page's language for a label, to whoever shows the page; name and value pairs fill in what
// stands in braces.
func (p *Page) Say(label string, pairs ...string) string {
	w := writer{words: tableOf(p.Language)}
	return w.fill(label, pairs...)
}

// Sentence puts a sentence of a contact point, such as the reason of a gap, into the reader's language where there are words
// for it; otherwise it stays in English. The second value is its language.
func (p *Page) Sentence(english string) (words, language string) {
	w := writer{words: tableOf(p.Language), language: p.Language}
	return w.sentence(english)
}

// Day writes a FHIR date or instant as the page's reader does.
func (p *Page) Day(written string) string {
	return sentence.Day(written, p.Language)
}

// add takes a block that says something.
func (p *Page) add(b Block) {
	if !b.isEmpty() {
		p.Blocks = append(p.Blocks, b)
	}
}

// ownText puts the text of a document without sections beside the one record that it is about, or by itself where there is
// no such record or several.
func (p *Page) ownText(w *writer, d *node.Document) {
	if len(d.Prescriptions) == 1 && d.Dispensation == nil || len(d.Prescriptions) == 0 && d.Dispensation != nil {
		p.Blocks[len(p.Blocks)-1].Narrative = d.Header.Narrative
		return
	}
	p.add(w.ownText(d))
}

// Text writes one block of the page as a narrative: what Narrative gives for a section, from a page that is laid out
// already.
func (p *Page) Text(b *Block) node.Narrative {
	w := &writer{words: tableOf(p.Language), language: p.Language}
	return w.narrative(Block{State: b.State, Grave: b.Grave, Rows: b.Rows, Inner: b.Inner})
}

func (b Block) isEmpty() bool {
	return b.State == "" && len(b.Rows) == 0 && len(b.Inner) == 0 && b.Narrative.XHTML == ""
}

// Each visits every block of the page with its depth, outer blocks first.
func (p *Page) Each(visit func(b *Block, depth int)) { each(p.Blocks, 0, visit) }

func each(blocks []Block, depth int, visit func(*Block, int)) {
	for i := range blocks {
		visit(&blocks[i], depth)
		each(blocks[i].Inner, depth+1, visit)
	}
}
