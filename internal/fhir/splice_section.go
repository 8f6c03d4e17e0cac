package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// withholdSections plans what becomes of the sections of a summary. A section that is withheld and one that says that
// nothing is known leave in the very same form, so that nobody can tell them apart: a mandatory section of the EPS
// with fixed words, any other not at all. The narrative of the whole document, which may repeat any section, stays at
// home with every summary. A summary that speaks to its reader already keeps its own words.
func (p *planner) withholdSections(d *node.Document, abroad bool) {
	composition := p.composition()
	if composition == 0 {
		return
	}
	if text := member(p.src, composition, "text"); text.there() && !abroad {
		p.cut = append(slices.Clip(p.cut), text.value)
		p.lose("entry[0].resource.text", "The narrative of the whole document is not sent; each section has its own.")
	}
	sections := valueStart(p.src, composition, "section")
	if sections == 0 {
		return
	}
	named := p.cut
	view := d.Without(named)
	var withheld []translation.Span
	var present []string
	n := 0 // of the section in the view
	for item := range places(p.src, sections) {
		present = append(present, p.sectionCodes(item)...)
		leaves := p.leaves(item, named)
		switch {
		case leaves:
			withheld = append(withheld, item.value)
		case !abroad && p.saysNothing(item):
			n++
		default:
			withheld = append(withheld, p.retellSections(item, named)...)
			if touches(item.value, named) && n < len(view.Summary.Sections) {
				p.retell(item, &view.Summary.Sections[n], view.Language)
			}
			n++
			continue
		}
		p.cut = outside(p.cut, item.value)
		p.dropped = append(p.dropped, item.value)
		p.withholdSection(item, languageOf(d))
	}
	if len(withheld) > 1 {
		p.withholdShared(withheld)
	}
	if !abroad {
		p.completeSections(member(p.src, composition, "section").value.End-1, present, languageOf(d))
	}
}

// leaves says that a section is withheld: its text is.
func (p *planner) leaves(item place, named []translation.Span) bool {
	text := member(p.src, item.value.Start, "text")
	return item.value.In(named) || text.there() && text.value.In(named)
}

// retellSections lists the sections in a section that are withheld. The text of one that holds such a one leaves with
// it: nobody can say which sentence speaks of what is withheld, and the record has nothing to tell it anew from.
func (p *planner) retellSections(item place, named []translation.Span) []translation.Span {
	list := valueStart(p.src, item.value.Start, "section")
	if list == 0 {
		return nil
	}
	var withheld []translation.Span
	for inner := range places(p.src, list) {
		switch {
		case p.leaves(inner, named):
			withheld = append(withheld, inner.value)
		case touches(inner.value, named):
			withheld = append(withheld, p.retellSections(inner, named)...)
			if text := member(p.src, inner.value.Start, "text"); text.there() {
				p.cut = append(slices.Clip(p.cut), text.value)
			}
		}
	}
	return withheld
}

// retell writes the narrative of a section anew from what is left of the record.
func (p *planner) retell(item place, section *node.Section, language string) {
	text := member(p.src, item.value.Start, "text")
	if !text.there() {
		return
	}
	mark := p.begin()
	entries := make([]*node.Entry, len(section.Entries))
	for i := range section.Entries {
		entries[i] = &section.Entries[i]
	}
	p.generated("", toldOf(section, entries, language), language)
	p.change(text.value, mark)
}

// completeSections appends the sections that the EPS demands and the source does not have (an IPS demands three of the
// five), in the form that says that nothing is known.
func (p *planner) completeSections(at int, present []string, language string) {
	for _, code := range []string{"11450-4", "48765-2", "10160-0", "47519-4", "46264-8"} {
		if slices.Contains(present, code) {
			continue
		}
		words, _ := noInformation(code, language)
		mark := p.begin()
		p.b = append(p.b, ',')
		p.emptySection(code, words)
		p.insert(at, mark)
	}
}

func (p *planner) withholdShared(withheld []translation.Span) {
	shared, err := sharedBy(p.src, withheld)
	if err != nil {
		p.fail("splice.shared", "The sections to be withheld cannot be taken apart.")
	}
	p.cut = append(slices.Clip(p.cut), shared...)
}

func (p *planner) withholdSection(item place, language string) {
	code := p.sectionCode(item)
	words, mandatory := noInformation(code, language)
	if !mandatory {
		p.cut = append(slices.Clip(p.cut), item.value)
		return
	}
	mark := p.begin()
	p.emptySection(code, words)
	p.change(item.value, mark)
}

// composition is where the Composition of a document Bundle begins; 0, where no object of a Bundle does, is none.
func (p *planner) composition() int {
	for _, entry := range p.entries {
		if entry.kind == "Composition" {
			return entry.resource
		}
	}
	return 0
}

// sectionCode is the LOINC code of a section, whatever other codes stand beside it: of several the one that the EPS
// demands.
func (p *planner) sectionCode(item place) string {
	codes := p.sectionCodes(item)
	for _, code := range codes {
		if _, mandatory := noInformation(code, ""); mandatory {
			return code
		}
	}
	return append(codes, "")[0]
}

// sectionCodes are the LOINC codes of a section.
func (p *planner) sectionCodes(item place) []string {
	code := member(p.src, item.value.Start, "code")
	if !code.there() {
		return nil
	}
	return p.codesIn(code.value.Start, systemLOINC)
}

// saysNothing says that a section states that its information is unavailable or withheld.
func (p *planner) saysNothing(item place) bool {
	reason := member(p.src, item.value.Start, "emptyReason")
	if !reason.there() {
		return false
	}
	codes := p.codesIn(reason.value.Start, systemEmptyReason)
	return len(codes) > 0 && (codes[0] == "unavailable" || codes[0] == "withheld")
}

// codesIn finds the codes of a system in the CodeableConcept that starts at.
func (p *planner) codesIn(at int, system string) []string {
	list := member(p.src, at, "coding")
	if !list.there() {
		return nil
	}
	var codes []string
	for item := range places(p.src, list.value.Start) {
		if c := p.codingOf(p.element(item.value)); c.System == system {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// outside leaves out the spans that touch a part of the source.
func outside(spans []translation.Span, part translation.Span) []translation.Span {
	var kept []translation.Span
	for _, span := range spans {
		if !touches(part, []translation.Span{span}) {
			kept = append(kept, span)
		}
	}
	return kept
}

// emptySection writes a mandatory section that has no information (EPS invariant ips-comp-1: an entry or emptyReason).
func (e *encoder) emptySection(code string, words sectionWords) {
	mark := e.object("")
	e.text("title", words.title)
	concept := e.object("code")
	list := e.array("coding")
	e.coding("", translation.Coding{System: systemLOINC, Code: code}, nil, false)
	e.close(list)
	e.close(concept)
	text := e.object("text")
	e.text("status", "generated")
	e.text("div", `<div xmlns="http://www.w3.org/1999/xhtml" lang="`+words.language+`" xml:lang="`+words.language+`">`+
		words.narrative+`</div>`)
	e.close(text)
	reason := e.object("emptyReason")
	list = e.array("coding")
	e.coding("", translation.Coding{System: systemEmptyReason, Code: "unavailable", Display: "Unavailable"}, nil, false)
	e.close(list)
	e.close(reason)
	e.close(mark)
}

// languageOf is the primary language of a document.
func languageOf(d *node.Document) string {
	language := d.Language
	if language == "" && d.Summary != nil {
		language = d.Summary.Language
	}
	primary, _, _ := strings.Cut(language, "-")
	return strings.ToLower(primary)
}

// sectionWords are the fixed words of a section without information.
type sectionWords struct{ language, title, narrative string }

// noInformation gives the words of a section that the EPS demands; false for any other section.
func noInformation(code, language string) (sectionWords, bool) {
	narratives := map[string]string{
		"en": "No information is available.",
		"et": "Teave ei ole kättesaadav.",
		"fi": "Tietoja ei ole saatavilla.",
		"sv": "Ingen information är tillgänglig.",
	}
	titles := map[string]map[string]string{
		"11450-4": {"en": "Problems", "et": "Terviseprobleemid", "fi": "Terveysongelmat", "sv": "Hälsoproblem"},
		"48765-2": {"en": "Allergies and intolerances", "et": "Allergiad ja talumatus", "fi": "Allergiat ja yliherkkyydet",
			"sv": "Allergier och överkänslighet"},
		"10160-0": {"en": "Medication", "et": "Ravimid", "fi": "Lääkitys", "sv": "Läkemedel"},
		"47519-4": {"en": "Procedures", "et": "Protseduurid", "fi": "Toimenpiteet", "sv": "Ingrepp"},
		"46264-8": {"en": "Medical devices", "et": "Meditsiiniseadmed", "fi": "Lääkinnälliset laitteet",
			"sv": "Medicintekniska produkter"},
	}
	if narratives[language] == "" {
		language = "en"
	}
	title, mandatory := titles[code][language]
	return sectionWords{language: language, title: title, narrative: narratives[language]}, mandatory
}
