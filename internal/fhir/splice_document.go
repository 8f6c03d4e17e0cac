package fhir

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"sild/node"
	"sild/translation"
)

// splice writes a document in the format that it already has: what is withheld leaves, new codes and the reader's
// words come in, and the steps and the report are appended as entries. Without any of these the bytes are the
// source's own.
func (e *encoder) splice(d *node.Document) (*node.Encoded, error) {
	edits, failed := planSplice(e, d)
	if failed != nil {
		return nil, failed
	}
	body, err := splice(d.Source, edits)
	if err != nil {
		return nil, err
	}
	return sealed(d.Format, body, e.report), nil
}

// planSplice lists the edits of a splice.
func planSplice(e *encoder, d *node.Document) ([]edit, *node.Error) {
	p := &planner{encoder: *e, src: d.Source, fresh: make(map[*translation.Slot]int)}
	p.b = make([]byte, 0, 1536*len(d.Slots)+1024)
	p.findBare(d.Slots)
	if p.report != nil || len(p.cut) > 0 {
		p.readEntries()
	}
	if d.Kind == node.ASummary && (p.report != nil || len(p.cut) > 0) {
		p.withholdSections(d, p.abroad(d))
	} else if len(p.cut) > 0 {
		p.withholdTraces(d)
	}
	p.dropped = append(p.dropped, p.cut...)
	whole := translation.Span{Start: gap(p.src, 0), End: len(p.src)}
	if len(p.cut) > 0 && p.cutInside(whole, p.cut) {
		p.fail("splice.cut", "Nothing of the document would be left.")
	}
	if err := p.render(d.Slots); err != nil {
		return nil, err
	}
	if p.report != nil || len(p.fresh) > 0 {
		p.appendEntries(d)
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.edits, nil
}

// item is an entry of the Bundle that is spliced.
type item struct {
	span     translation.Span
	resource int    // where the resource begins
	kind     string // resource type
	url      string // fullUrl
}

// abroad says that the document speaks to its reader already: it is country B's. It came with country A's report, or a
// slot has words that are not those of its source.
func (p *planner) abroad(d *node.Document) bool {
	return d.Peer != nil || slices.ContainsFunc(d.Slots, func(s *translation.Slot) bool {
		return s.Rendered != "" && s.Span.Len() > 0 && !p.said(s)
	})
}

// said says that the reader's words for a slot came with the document.
func (p *planner) said(slot *translation.Slot) bool {
	e := p.element(slot.Span)
	beside := p.bare[slot].beside
	if e.displayBeside.there() {
		beside = e.displayBeside
	}
	if e.unitBeside.there() {
		beside = e.unitBeside
	}
	if e.coding.there() {
		for first := range places(p.src, e.coding.value.Start) {
			beside = p.element(first.value).displayBeside
			break
		}
	}
	list := p.extensionsOf(beside)
	return list.there() && p.saidAlready(list, slot)
}

// readEntries finds the entries of the Bundle, once.
func (p *planner) readEntries() {
	list := valueStart(p.src, gap(p.src, 0), "entry")
	if list == 0 || p.src[list] != '[' {
		p.fail("splice.bundle", "The document is no Bundle with entries.")
		return
	}
	p.entriesEnd = list + 1
	for entry := range places(p.src, list) {
		at := entry.value.Start
		found := item{span: entry.value, resource: valueStart(p.src, at, "resource"), url: p.textOf(at, "fullUrl")}
		if found.resource > 0 {
			found.kind = p.textOf(found.resource, "resourceType")
		}
		p.entries = append(p.entries, found)
		p.entriesEnd = entry.value.End
	}
	p.entriesEnd = gap(p.src, p.entriesEnd)
}

// textOf is the string member of that name of the object that starts at.
func (p *planner) textOf(at int, name string) string {
	if value := valueStart(p.src, at, name); value > 0 {
		return textAt(p.src, place{value: translation.Span{Start: value, End: valueEnd(p.src, value)}})
	}
	return ""
}

// appendEntries appends the Provenance of the new steps, where there are any, and the loss report as the last entry.
func (p *planner) appendEntries(d *node.Document) {
	if p.entriesEnd == 0 {
		p.readEntries()
	}
	if p.err != nil {
		return
	}
	first, targets, count := p.entryNames()
	p.silent, p.moved = p.dropped, p.renumber()
	mark := p.begin()
	if count > 0 {
		p.b = append(p.b, ',')
	}
	include, outcome := "include", "outcome"
	if p.textOf(gap(p.src, 0), "type") != "searchset" {
		include, outcome = "", "" // R4 bdl-2
	}
	p.freshProvenance(d, p.appendedID(first, "Provenance", count), targets, include)
	if p.report != nil {
		p.outcome(p.appendedID(first, "OperationOutcome", count), outcome, pathsWithin(d.Slots, p.dropped), nil)
	}
	p.insert(p.entriesEnd, mark)
}

// appendedID is the id of an entry that this node appends. A document that passes several nodes grows by one report
// at each, so the count keeps their ids apart.
func (p *planner) appendedID(first, role string, count int) string {
	return entryID(node.Identifier{System: first, Value: itoa(count)}, role)
}

// freshProvenance appends the steps that this node made. What was withheld is no source that a hash may speak of, so
// a summary, which may have been cut, never names its source.
func (p *planner) freshProvenance(d *node.Document, id string, targets []string, mode string) {
	if len(p.fresh) == 0 {
		return
	}
	made := countries(d.Slots, p.fresh)
	p.entry(id, "Provenance", "")
	p.hops(d.Slots, p.fresh)
	list := p.array("target")
	for _, target := range targets {
		mark := p.object("")
		p.text("reference", target)
		p.close(mark)
	}
	p.close(list)
	source := d.Source
	if d.Kind == node.ASummary || len(p.cut) > 0 {
		source = nil
	}
	p.provenanceEnd(d.At, made, source)
	p.endEntry(mode)
}

// entryNames gives the full URL of the first entry, those of the entries that hold codes of the record, and the number
// of entries that stay.
func (p *planner) entryNames() (first string, targets []string, count int) {
	for _, entry := range p.entries {
		if entry.span.In(p.dropped) {
			continue
		}
		if count++; count == 1 {
			first = entry.url
		}
		switch entry.kind {
		case "MedicationRequest", "Medication", "Composition":
			targets = append(targets, entry.url)
		}
	}
	return first, targets, count
}

// renumber gives how paths of the source read in the document that leaves, without the entries and sections that are
// withheld: a gap in the numbers would tell of them. It is nil where nothing leaves.
func (p *planner) renumber() func(string) string {
	if len(p.dropped) == 0 {
		return nil
	}
	gone := make([]bool, len(p.entries))
	for i, entry := range p.entries {
		gone[i] = entry.span.In(p.cut)
	}
	sections, names := p.numbersOfSections()
	return func(path string) string {
		path = renumbered(path, "entry[", gone)
		for _, list := range sections {
			path = renumbered(path, list.prefix, list.gone)
		}
		if end := strings.IndexByte(path, ']') + 1; names[path[:end]] != "" {
			path = names[path[:end]] + path[end:]
		}
		return path
	}
}

// numbers says of each item of a list whether it leaves the document. prefix is the list's path, in the source or in the
// record.
type numbers struct {
	prefix string
	gone   []bool
}

// numbersOfSections are those of the sections of a summary, and of the sections in them, the innermost first. names are
// the sections of which one of the same code before them leaves, by their path in the record.
func (p *planner) numbersOfSections() (all []numbers, names map[string]string) {
	composition := p.composition()
	if composition == 0 {
		return nil, nil
	}
	all = p.numbersIn(composition, "entry[0].resource")
	list := valueStart(p.src, composition, "section")
	if list == 0 {
		return all, nil
	}
	nth, left := map[string]int{}, map[string]int{}
	names = map[string]string{}
	for section := range places(p.src, list) {
		code := append(p.sectionCodes(section), "")[0]
		nth[code]++
		path := node.SectionPath(code, nth[code])
		all = append(all, p.numbersIn(section.value.Start, path)...)
		if !section.value.In(p.cut) {
			left[code]++
			names[path] = node.SectionPath(code, left[code])
		}
	}
	return all, names
}

// numbersIn are those of the sections in the object that starts at.
func (p *planner) numbersIn(at int, path string) []numbers {
	list := valueStart(p.src, at, "section")
	if list == 0 {
		return nil
	}
	own := numbers{prefix: path + ".section["}
	var all []numbers
	for section := range places(p.src, list) {
		all = append(all, p.numbersIn(section.value.Start, own.prefix+itoa(len(own.gone))+"]")...)
		own.gone = append(own.gone, section.value.In(p.cut))
	}
	return append(all, own)
}

// renumbered lowers the number behind the prefix of a path by the number of items before it that are gone.
func renumbered(path, prefix string, gone []bool) string {
	rest, found := strings.CutPrefix(path, prefix)
	if !found {
		return path
	}
	digits, tail, _ := strings.Cut(rest, "]")
	n, err := strconv.Atoi(digits)
	if err != nil || n >= len(gone) {
		return path
	}
	left := n
	for _, leaves := range gone[:n] {
		if leaves {
			left--
		}
	}
	return prefix + itoa(left) + "]" + tail
}

func hashOf(source []byte) string {
	sum := sha256.Sum256(source)
	return hex.EncodeToString(sum[:])
}
