package compose

import (
	"encoding/base64"
	"strconv"

	"sild/internal/cda/oid"
	"sild/node"
	"sild/translation"
)

// Options say who writes, in which language, and how systems are numbered.
type Options struct {
	// OID is the number of a code or identifier system and its name for people. A system without one cannot stand in CDA.
	OID func(system string) (oid, name string, ok bool)
	// Participant is the id of this node. Where it is a country it stands as the custodian's.
	Participant string
	// Language is the one of the country that writes (BCP 47, e.g. et-EE), for a record that does not name its own.
	Language string
}

// Document writes a prescription, a dispensation or a summary as CDA level 3. What CDA cannot hold goes to lose; what
// must be right and is missing refuses the whole.
func Document(d *node.Document, o Options, lose func(path, why string)) ([]byte, *node.Error) {
	c := newComposer(d, o, lose)
	c.b = make([]byte, 0, 16<<10)
	c.beginDocument("L3")
	c.start("component")
	c.start("structuredBody")
	switch {
	case c.err != nil:
	case d.Kind == node.APrescription:
		c.prescriptions()
	case d.Kind == node.ADispensation:
		c.dispensation()
	default:
		c.summary()
	}
	return c.finish()
}

// LevelOne writes the same header around a PDF, which stays what it is byte by byte.
func LevelOne(d *node.Document, pdf []byte, o Options, lose func(path, why string)) ([]byte, *node.Error) {
	c := newComposer(d, o, lose)
	c.pages = true
	c.beginDocument("L1")
	c.pdf(pdf)
	return c.finish()
}

// composer writes one document.
type composer struct {
	writer
	o      Options
	d      *node.Document
	report func(path, why string)
	err    *node.Error

	rootID, extension string // of the document

	at      string // the place in the record that is being written, before each path: prescription[1].
	pages   bool   // a document around a PDF: the record's body is in there
	written map[*translation.Slot]bool
	byPath  map[string]*translation.Slot
	quotes  []quote         // texts of the record that entries of this section refer to
	quoted  map[string]int  // and the number of each
	number  int             // of the last text that was referred to
	mapped  bool            // a hop knew its map, which CDA does not hold
	told    map[string]bool // what lose has said already: a person stands in several places of a header
}

func newComposer(d *node.Document, o Options, lose func(path, why string)) *composer {
	if lose == nil {
		lose = func(string, string) {}
	}
	if o.OID == nil {
		o.OID = func(string) (string, string, bool) { return "", "", false }
	}
	c := &composer{o: o, d: d, report: lose, written: map[*translation.Slot]bool{}, byPath: map[string]*translation.Slot{}, told: map[string]bool{}}
	for _, slot := range d.Slots {
		c.byPath[slot.Path] = slot
	}
	return c
}

// lose reports what CDA cannot hold.
func (c *composer) lose(path, why string) { c.loseAt(c.at+path, why) }

// loseAt reports it by a whole path, such as a slot's.
func (c *composer) loseAt(path, why string) {
	if line := path + "\x00" + why; !c.told[line] {
		c.told[line] = true
		c.report(path, why)
	}
}

// refuse keeps the first reason why the record cannot be written.
func (c *composer) refuse(slot, reason, detail string) {
	c.fail(&node.Error{Op: "cda.compose", Kind: node.Untranslatable, Reason: reason, Detail: detail, Slot: c.at + slot})
}

func (c *composer) fail(err *node.Error) {
	if c.err == nil {
		c.err = err
	}
}

// kind is the number and name of the document that a record becomes; false for what is no document in CDA.
func (c *composer) kind() (code, display, template string, ok bool) {
	switch {
	case c.d.Kind == node.APrescription && len(c.d.Prescriptions) > 0:
		return oid.PrescriptionDocument, "Prescription for medication", "1.1", true
	case c.d.Kind == node.ADispensation && c.d.Dispensation != nil:
		return oid.DispensationDocument, "Medication dispensed.extended Document", "1.2", true
	case c.d.Kind == node.ASummary && c.d.Summary != nil:
		return oid.SummaryDocument, "Patient summary Document", "1.3", true
	}
	return "", "", "", false
}

// finish closes the document and tells what it could not say.
func (c *composer) finish() ([]byte, *node.Error) {
	if c.broken != "" {
		c.fail(&node.Error{Op: "cda.compose", Kind: node.Untranslatable, Reason: "compose.character", Slot: c.broken,
			Detail: "A code or number holds a character that XML cannot carry."})
	}
	if c.err != nil {
		return nil, c.err
	}
	for len(c.open) > 0 {
		c.end()
	}
	for _, place := range c.replaced {
		c.loseAt(place, "A text holds a character that XML cannot carry; another stands in its place.")
	}
	c.loseOthers()
	return c.b, nil
}

// loseOthers names the coded places of the record that nothing above has written. Those that only hold a document
// together (structure, headings, its own kind) are written anew and carry no more than that.
func (c *composer) loseOthers() {
	if c.mapped {
		c.loseAt("hops", "CDA keeps the codes of each step, not the map, its release and the country that made it.")
	}
	if c.pages {
		return
	}
	for _, slot := range c.d.Slots {
		if !c.written[slot] && !isGrammar(slot) {
			c.loseAt(slot.Path, "The CDA document has no place for this code.")
		}
	}
}

func isGrammar(slot *translation.Slot) bool {
	switch slot.Field {
	case translation.Structural, translation.Section, translation.DocumentCode:
		return true
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }

// pdf writes the body of a level 1 document. The base 64 has no line breaks, so that what is decoded is what was given.
func (c *composer) pdf(pages []byte) {
	if len(pages) == 0 {
		c.fail(&node.Error{Op: "cda.compose", Kind: node.Internal, Reason: "compose.pdf", Detail: "There is no PDF to send."})
		return
	}
	c.start("component")
	c.start("nonXMLBody")
	c.start("text", "mediaType", "application/pdf", "representation", "B64")
	c.b = base64.StdEncoding.AppendEncode(c.b, pages)
	c.ends(3)
}
