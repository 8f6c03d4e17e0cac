package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// summary writes a patient summary of another format as a document Bundle (EPS) from its record. What is withheld is
// left out first, so that nothing here can tell it from what was never recorded; for the same reason the original of a
// summary never travels with it, nor a hash of it.
func (e *encoder) summary(d *node.Document) (*node.Encoded, error) {
	view := d.Without(e.cut)
	p := &summaryPlan{encoder: e, d: view, language: orElse(view.Language, view.Summary.Language), quiet: make(cutPaths)}
	e.document, e.root = true, rootOf(view)
	e.patientID = entryID(e.root, "Patient")
	p.sort(d.Elements)
	e.b = make([]byte, 0, 8<<10+2*len(d.Source))
	p.head()
	p.composition()
	e.patientEntry(e.patientID, view.Patient)
	p.people()
	for _, section := range p.sections {
		for _, s := range section.statements {
			e.write(s)
		}
	}
	p.trace()
	e.b = append(e.b, `]}`...)
	return e.encoded(node.EPS)
}

// summaryPlan is one summary on its way into a document Bundle.
type summaryPlan struct {
	*encoder
	d        *node.Document
	language string
	sections []plannedSection
	missing  []string // sections that the EPS demands and that say nothing
	quiet    cutPaths // the coded places of sections that say nothing: no report names them
}

// rootOf is the identifier of the summary, from which the ids of all its entries come.
func rootOf(d *node.Document) node.Identifier {
	for _, id := range []node.Identifier{d.Summary.ID, d.ID} {
		if !id.IsZero() {
			return id
		}
	}
	seed := node.Identifier{Value: d.Summary.Date}
	if len(d.Patient.Identifiers) > 0 {
		seed.System = d.Patient.Identifiers[0].Value
	}
	return node.Identifier{System: "urn:ietf:rfc:3986", Value: fullURL + entryID(seed, "Bundle")}
}

func (p *summaryPlan) head() {
	p.b = append(p.b, `{"resourceType":"Bundle"`...)
	p.profile(profileBundle)
	p.text("language", p.language)
	p.identifier("identifier", p.root)
	p.text("type", "document")
	p.instant("timestamp", p.d.At)
	p.b = append(p.b, `,"entry":[`...)
}

// composition writes the first entry: what the summary is, of whom, by whom, and its sections.
func (p *summaryPlan) composition() {
	s := p.d.Summary
	p.entry(p.id("Composition"), "Composition", profileSummary)
	p.text("language", p.language)
	p.text("status", "final")
	p.typeOf()
	p.reference("subject", p.patientID)
	p.written()
	list := p.array("author")
	p.author()
	p.close(list)
	p.text("title", orElse(orElse(s.Title, p.d.Header.Title), "Patient Summary"))
	p.text("confidentiality", p.d.Header.Confidentiality)
	if knowsOrganisation(p.d.Header.Custodian) {
		p.reference("custodian", p.id("Custodian"))
	}
	if parent := p.d.Header.Parent; !parent.IsZero() {
		relations := p.array("relatesTo")
		mark := p.object("")
		p.text("code", "transforms")
		p.identifier("targetIdentifier", parent)
		p.close(mark)
		p.close(relations)
	}
	p.array("section")
	for _, section := range p.sections {
		p.section(section)
	}
	for _, code := range p.missing {
		words, _ := noInformation(code, languageOf(p.d))
		p.emptySection(code, words)
	}
	p.b = append(p.b, ']')
	p.endEntry("")
}

func (p *summaryPlan) id(role string) string { return entryID(p.root, role) }

// typeOf writes the document code, which must be LOINC's for a patient summary.
func (p *summaryPlan) typeOf() {
	p.tookAt(p.d.Code, "code")
	p.withCode("type", p.d.Code, translation.Coding{System: systemLOINC, Code: "60591-5"})
}

// written writes the date of the summary. One that does not say its day is dated by this writing of it.
func (p *summaryPlan) written() {
	date := orElse(p.d.Summary.Date, p.d.Header.Written)
	if dateIs(date, "dateTime") && dayPrecise(date) {
		p.text("date", date)
		return
	}
	p.lose("summary.date", "The day on which it was written is not known; the document bears the time of its translation.")
	p.instant("date", p.d.At)
}

// author refers to who wrote it, or says that nobody knows.
func (p *summaryPlan) author() {
	author := p.d.Header.Author
	switch {
	case knowsPractitioner(author):
		p.reference("", p.id("PractitionerRole"))
	case p.d.Summary.Author != "":
		p.reference("", p.id("Practitioner"))
	default:
		mark := p.object("")
		p.absentBecause("unknown")
		p.close(mark)
	}
}

// people writes author and custodian.
func (p *summaryPlan) people() {
	author := p.d.Header.Author
	switch {
	case knowsPractitioner(author):
		p.tookAt(author.Role, "author.role")
		p.prescriber(author, prescriptionIDs{role: p.id("PractitionerRole"), practitioner: p.id("Practitioner"),
			organisation: p.id("Organization")})
	case p.d.Summary.Author != "":
		p.entry(p.id("Practitioner"), "Practitioner", "")
		list := p.array("name")
		name := p.object("")
		p.text("text", p.d.Summary.Author)
		p.close(name)
		p.close(list)
		p.endEntry("")
	}
	if custodian := p.d.Header.Custodian; knowsOrganisation(custodian) {
		p.entry(p.id("Custodian"), "Organization", "")
		p.identifiers(custodian.ID)
		p.text("name", custodian.Name)
		p.endEntry("")
	}
}

// trace writes the steps of all codes, the original where it is no more than a picture, and the loss report.
func (p *summaryPlan) trace() {
	p.loseUntaken(p.d.Slots, p.quiet)
	p.moved = p.renamed()
	d := *p.d
	d.Slots = slices.DeleteFunc(slices.Clone(p.d.Slots), func(slot *translation.Slot) bool { return !p.has(slot) })
	d.Source = nil
	p.provenance(p.id("Provenance"), &d, []string{p.id("Composition")})
	if p.d.Format == node.CDA1 && !p.withholds(p.d) && len(p.d.Source) > 0 {
		p.original(p.id("DocumentReference"), p.d, prescriptionIDs{request: p.id("Composition"), patient: p.patientID})
	}
	p.outcome(p.id("OperationOutcome"), "", p.quiet, nil)
}

// renamed gives how paths of the sender's record read in the document that is written.
func (e *encoder) renamed() func(string) string {
	names := make(map[string]string, len(e.taken))
	for slot, path := range e.taken {
		if slot.Path != "" {
			names[slot.Path] = path
		}
	}
	return func(path string) string { return orElse(names[path], path) }
}
