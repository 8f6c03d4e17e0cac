package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// Decode reads a document of any form that this tongue knows and finds the form out by itself: the Estonian and the
// Finnish national prescription, the pivot prescription or listing, a dispensation or its withdrawal, a patient
// summary. A refusal is a *node.Error of kind Invalid whose detail names the place and never the content.
func (t Tongue) Decode(source []byte) (*node.Document, error) {
	d, err := open(source)
	if err != nil {
		return nil, err
	}
	d.document()
	if d.err != nil {
		return nil, d.err
	}
	return d.doc, nil
}

// DecodeListing reads a listing as Decode does and gives besides what country A had to withhold from it.
func (t Tongue) DecodeListing(source []byte) (*node.Document, []node.Withheld, error) {
	d, err := open(source)
	if err != nil {
		return nil, nil, err
	}
	d.document()
	if d.err == nil && d.doc.Format != node.MPD {
		d.refuse("fhir.format", d.root(), "not a listing of prescriptions")
	}
	if d.err != nil {
		return nil, nil, d.err
	}
	return d.doc, d.withheld(), nil
}

// decoder is one reading of a document: what was found so far, and which values a field of the record has taken.
type decoder struct {
	*shape
	bundle
	doc     *node.Document
	claimed []bool                      // by cell: a record field, a slot or the structure of the form holds it
	hops    map[string][]toldHop        // by record path: what the Provenance entries tell
	web     *web                        // of a summary: who refers to whom
	places  map[int32]*translation.Slot // of a summary: the slots by the cell of their element
	paths   []entryPath                 // of a summary: where its entries stand in the record
	held    []holding                   // of a summary, by cell: see hold
	parted  []int32                     // of a summary: references that may be cut from what stays
	within  int                         // sections in sections
	steps   int                         // references from panels to their members that were followed
	chained bool                        // several codings of one concept are its life, newest first
	handled bool                        // a contact point has written its report into it
	// What was read already, by cell: several prescriptions of a listing may share a medicine or a prescriber.
	medicines map[int32]node.Medication
	people    map[int32]node.Practitioner
	strict    bool // numbers must be plain and not negative: a prescription or dispensation, not a laboratory
}

// open reads the bytes, holds them against the element table and finds the entries.
func open(source []byte) (*decoder, error) {
	a, err := read(source, limits{})
	if err != nil {
		return nil, err
	}
	s, err := shapeUp(a)
	if err != nil {
		return nil, err
	}
	d := &decoder{shape: s, claimed: make([]bool, len(a.cells)), strict: true}
	d.medicines, d.people = make(map[int32]node.Medication), make(map[int32]node.Practitioner)
	d.doc = &node.Document{Source: source}
	d.enter()
	return d, d.err
}

// document reads the whole document by its form.
func (d *decoder) document() {
	d.handled = len(d.all("OperationOutcome")) > 0
	d.doc.Format = d.format()
	d.checkMosts()
	switch {
	case d.err != nil:
		return
	case d.doc.Format == EstonianR5:
		d.estonian()
	case d.doc.Format == FinnishR4:
		d.finnish()
	case d.doc.Format == node.EPS:
		d.strict = false
		d.summary()
	case d.root().get("resourceType").text() == "MedicationDispense":
		d.dispensation()
	default:
		d.pivot()
	}
	if d.err == nil && (d.doc.Format == node.MPD || d.doc.Format == node.EPS) {
		d.checkProfiles()
	}
	if d.err == nil {
		d.leftovers()
	}
}

// checkMosts refuses a list of the most in a period in a form of R4, where Dosage.maxDosePerPeriod is a single Ratio; R5 made
// it a list.
func (d *decoder) checkMosts() {
	if len(d.mosts) > 0 && d.doc.Format != EstonianR5 {
		d.refuse("fhir.type", value{d.arena, d.mosts[0]}, "object expected, array found")
	}
}

// releases are the major releases of the pivot's guides that this node speaks (boundary invariant 12: a profile within
// the wave that was agreed). A profile without a version says nothing about it.
var releases = []struct{ guide, major string }{
	{"http://hl7.eu/fhir/mpd/", "1"}, {"http://hl7.eu/fhir/eps/", "1"}, {"http://hl7.org/fhir/uv/ips/", "2"},
	{"http://hl7.org/fhir/uv/ips/", "1"},
}

// checkProfiles refuses a resource that claims a release of a guide that was not agreed.
func (d *decoder) checkProfiles() {
	for _, entry := range d.root().get("entry").each {
		d.checkProfile(entry.get("resource"))
	}
	d.checkProfile(d.root())
}

func (d *decoder) checkProfile(resource value) {
	for _, profile := range resource.walk("meta", "profile").each {
		guide, version, dated := strings.Cut(profile.text(), "|")
		if dated && !agreedRelease(guide, version) {
			d.refuse("fhir.profile", profile, "a release of a guide that this contact point does not speak")
		}
	}
}

func agreedRelease(guide, version string) bool {
	known := false
	for _, release := range releases {
		if !strings.HasPrefix(guide, release.guide) {
			continue
		}
		known = true
		if version == release.major || strings.HasPrefix(version, release.major+".") {
			return true
		}
	}
	return !known // another guide's profile binds nothing here
}

// claim notes that the record holds the value and everything in it.
func (d *decoder) claim(v value) value {
	return d.hold(d.waive(v))
}

// waive keeps a value out of the residue although no field of the record holds it.
func (d *decoder) waive(v value) value {
	if v.there() {
		for i := v.at; i < v.cell().next; i++ {
			d.claimed[i] = true
		}
	}
	return v
}

// take is the text of a value that a record field holds from now on.
func (d *decoder) take(v value) string {
	return d.claim(v).text()
}

// takeFirst takes the first of the values that says something; the others stay unclaimed.
func (d *decoder) takeFirst(values ...value) string {
	for _, v := range values {
		if v.text() != "" {
			return d.take(v)
		}
	}
	return ""
}

// extension finds the first extension of that URL on an element.
func extension(v value, url string) value {
	for _, ext := range v.get("extension").each {
		if ext.get("url").text() == url {
			return ext
		}
	}
	return value{}
}

// extensions lists the extensions of that URL on an element.
func extensions(v value, url string) []value {
	var found []value
	for _, ext := range v.get("extension").each {
		if ext.get("url").text() == url {
			found = append(found, ext)
		}
	}
	return found
}

// flag reads a boolean that may be absent, which is neither true nor false.
func (d *decoder) flag(v value) *bool {
	if v.kind() != boolKind {
		return nil
	}
	yes := d.take(v) == "true"
	return &yes
}

// demand refuses a document that lacks what every prescription or dispensation must say.
func (d *decoder) demand(there bool, reason string, v value, what string) {
	if !there {
		d.refuse(reason, v, what)
	}
}

// leftovers names everything that no field of the record took: coded places become slots of their own, so that they
// are kept, shown and counted; the rest becomes residue. Nothing is dropped in silence.
func (d *decoder) leftovers() {
	for _, at := range d.coded {
		if !d.claimed[at] {
			d.other(value{d.arena, at})
		}
	}
	slices.SortStableFunc(d.doc.Slots, func(a, b *translation.Slot) int { return a.Span.Start - b.Span.Start })
	marks := d.marks()
	if d.doc.Format == node.EPS {
		d.looseExtensions(marks)
		d.rest()
	} else {
		d.residue(d.root(), marks)
	}
	slices.SortStableFunc(d.doc.Residue, func(a, b node.Residue) int { return a.Span.Start - b.Span.Start })
}

// other makes a slot of a coded place that no field of the record claims.
func (d *decoder) other(v value) {
	if d.of[v.at] != nil && d.of[v.at].name == "Quantity" {
		d.quantity(v, translation.Other, v.path())
		return
	}
	d.concept(v, translation.Other, v.path())
}

// marks counts the claimed values before each cell, so that the claimed ones inside any value are one subtraction.
func (d *decoder) marks() []int32 {
	counts := make([]int32, len(d.claimed)+1)
	for i, claimed := range d.claimed {
		counts[i+1] = counts[i]
		if claimed {
			counts[i+1]++
		}
	}
	return counts
}

func (d *decoder) residue(v value, marks []int32) {
	for _, inner := range v.each {
		switch {
		case d.claimed[inner.at] || d.isStructure(inner):
		case marks[inner.at] == marks[inner.cell().next] && !d.isMeta(inner):
			d.leave(inner, "No field of the record holds it.")
		default:
			d.residue(inner, marks)
		}
	}
}

// isStructure says that a member only holds the document together. That hangs on what it is a member of: the link of a
// Bundle leads to its next page, that of a Patient to another record of the same person.
func (d *decoder) isStructure(v value) bool {
	holder := d.of[v.parent().at]
	if holder == nil {
		return false
	}
	switch v.name() {
	case "id":
		return true
	case "resourceType", "language":
		return holder.resource
	case "type", "total":
		return holder.name == "Bundle"
	case "link":
		return holder.name == "Bundle" || holder.name == "Bundle.entry"
	case "fullUrl", "search":
		return holder.name == "Bundle.entry"
	case "profile", "lastUpdated", "versionId":
		return holder.name == "Meta"
	case "url":
		return holder.name == "Extension"
	}
	return false
}

// isMeta says that a value is the meta of a resource, which is looked into: a label on a resource is no structure.
func (d *decoder) isMeta(v value) bool { return d.of[v.at] != nil && d.of[v.at].name == "Meta" }

func (d *decoder) leave(v value, why string) {
	d.doc.Residue = append(d.doc.Residue, node.Residue{Path: v.path(), Why: why, Span: v.span()})
}

// looseExtensions names the extensions and unknown members of a summary. A summary is spliced, so everything else in
// it travels on as it is; what of it another form would lose is the document's Rest.
func (d *decoder) looseExtensions(marks []int32) {
	behind, extras := int32(0), d.extras
	for i := range d.cells {
		at := int32(i)
		v := value{d.arena, at}
		loose := d.of[i] != nil && d.of[i].name == "Extension"
		if len(extras) > 0 && extras[0] == at {
			loose, extras = true, extras[1:]
		}
		if loose && at >= behind && marks[at] == marks[v.cell().next] {
			behind = v.cell().next
			d.leave(v, "No field of the record holds it; it travels as it was written.")
		}
	}
}
