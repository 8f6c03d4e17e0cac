package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// summary reads a patient summary: a document Bundle whose first entry is its one Composition. It is spliced when it
// is written in its own form; its sections with their statements are what another form is written from.
func (d *decoder) summary() {
	root := d.root()
	d.places = make(map[int32]*translation.Slot)
	d.held = make([]holding, len(d.cells))
	d.checkDocument(root)
	d.checkReferences()
	if d.err != nil {
		return
	}
	v := d.entries[0].resource
	d.doc.Kind = node.ASummary
	d.doc.Language = orElse(v.get("language").text(), root.get("language").text())
	d.thePatient(true)
	if v.get("subject").get("reference").there() && d.follow(v.get("subject"), "Patient").there() || d.err != nil {
		d.provenances()
		d.describe(root, v)
		d.web = d.webOf(v)
		d.clinical(v)
		d.statements(v)
		d.envelope()
		d.withholdable(v)
		return
	}
	d.refuse("fhir.subject", v, "a summary that names no patient")
}

// checkDocument holds a document Bundle against what makes it one (R4 bdl-9, bdl-10, bdl-11): identifier, time, and
// the one Composition first.
func (d *decoder) checkDocument(root value) {
	d.demand(root.get("timestamp").there(), "fhir.timestamp", root, "a document without its time")
	d.demand(root.walk("identifier", "value").there(), "fhir.identifier", root, "a document without identifier")
	if len(d.entries) == 0 || d.entries[0].of != "Composition" || len(d.bodiesOf("Composition")) != 1 {
		d.refuse("fhir.composition", root, "a document starts with its one Composition")
	}
}

// describe reads what the summary says of itself.
func (d *decoder) describe(root, v value) {
	d.demand(v.get("date").there(), "fhir.date", v, "a summary without its date")
	d.checkDay(v.get("date"))
	d.doc.Code = d.concept(v.get("type"), translation.DocumentCode, "code")
	d.demand(d.doc.Code != nil, "fhir.composition", v, "a summary without document code")
	d.doc.Summary = &node.Summary{
		ID: d.identifier(root.get("identifier")), Date: d.take(v.get("date")), Title: d.take(v.get("title")),
		Patient: d.doc.Patient, Author: d.author(v.get("author").item(0)), Language: d.doc.Language,
	}
	d.header(v)
	if v.get("section").count() > mostSections {
		d.refuse("fhir.section", v, "more sections than any summary has")
		return
	}
	codes := make(map[string]int)
	for _, section := range v.get("section").each {
		d.doc.Summary.Sections = append(d.doc.Summary.Sections, d.section(section, codes))
	}
	for _, code := range mandatorySections() {
		d.demand(codes[code] > 0, "fhir.section", v, "a summary without the section "+code)
	}
}

// mandatorySections are the sections that both IPS and EPS demand (LOINC): problems, allergies, medication. The two
// that only EPS demands, procedures and devices, may be missing in the summary of a country that writes IPS.
func mandatorySections() []string { return []string{"11450-4", "48765-2", "10160-0"} }

// mostSections bounds the work that the sections of one summary can cause; EPS knows seventeen.
const mostSections = 64

// author is the author's name: of a person, or of the organisation or device that wrote the summary.
func (d *decoder) author(ref value) string {
	found := d.led(ref)
	if found.get("resourceType").text() == "PractitionerRole" {
		found = d.led(found.get("practitioner"))
	}
	name := found.get("name")
	if name.kind() == textKind {
		return d.take(name)
	}
	if family, given := d.personName(found); family != "" || len(given) > 0 {
		return strings.TrimSpace(strings.Join(given, " ") + " " + family)
	}
	return d.takeFirst(found.get("deviceName").item(0).get("name"), ref.get("display"))
}

// section reads one section. The codes of its entries become slots later; here only those of the section itself do.
func (d *decoder) section(v value, codes map[string]int) node.Section {
	code := loincOf(v.get("code"))
	d.demand(code != "", "fhir.section", v, "a section without LOINC code")
	d.demand(v.walk("text", "div").there(), "fhir.section", v, "a section without narrative")
	codes[code]++
	key := node.SectionPath(code, codes[code])
	s := node.Section{Code: code, Title: d.take(v.get("title")), State: d.state(v, code), Narrative: d.narrative(v.get("text"))}
	if heading := d.concept(v.get("code"), translation.Section, key+".code"); heading != nil {
		s.Slots = append(s.Slots, heading)
	}
	if isAdded(v.get("emptyReason")) {
		d.claim(v.get("emptyReason"))
		return s
	}
	if reason := d.concept(v.get("emptyReason"), translation.Absence, key+".emptyReason"); reason != nil {
		s.Slots = append(s.Slots, reason)
	}
	return s
}

func loincOf(concept value) string {
	for _, coding := range concept.get("coding").each {
		if coding.get("system").text() == systemLOINC {
			return coding.get("code").text()
		}
	}
	return ""
}

// state tells entries, a known absence and no information apart. A section never has both an entry and the reason why
// it has none, and a mandatory one has one of the two (ips-comp-1); an optional one may be narrative alone.
func (d *decoder) state(v value, code string) node.SectionState {
	entries, reason := v.get("entry"), v.get("emptyReason")
	mandatory := slices.Contains(mandatorySections(), code)
	if entries.there() && reason.there() || mandatory && !entries.there() && !reason.there() {
		d.refuse("fhir.section", v, "a section has either entries or the reason why it has none")
	}
	if reason.there() {
		switch {
		case firstCode(reason) == "nilknown":
			return node.KnownAbsence
		case isAdded(reason):
			return node.HasEntries // in words only
		}
		return node.NoInformation
	}
	if entries.count() == 1 {
		return d.stateOf(d.target(entries.item(0)))
	}
	return node.HasEntries
}

// stateOf looks whether the only entry of a section just says that there is nothing.
func (d *decoder) stateOf(v value) node.SectionState {
	if state := d.absence(v); state != "" && !d.deniesAbsence(v) {
		return state
	}
	return node.HasEntries
}

// absence is what a statement says by a code that there is nothing of the kind, or that nobody knows; otherwise nothing.
func (d *decoder) absence(v value) node.SectionState {
	if v.get("resourceType").text() == "DeviceUseStatement" {
		v = d.target(v.get("device"))
	}
	for _, name := range []string{"code", "medicationCodeableConcept", "vaccineCode", "type"} {
		for _, coding := range v.get(name).get("coding").each {
			c := translation.Coding{System: coding.get("system").text(), Code: coding.get("code").text()}
			if state := absenceOf(c); state != "" {
				return state
			}
		}
	}
	return ""
}
