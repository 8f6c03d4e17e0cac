package fhir

import (
	"slices"

	"sild/node"
	"sild/translation"
)

// withholdTraces adds to what is withheld from a prescription in a pivot form everything in the same document that
// tells of it: the steps of its codes in a Provenance, its lines in a loss report, the original in a DocumentReference,
// and the narrative of the resource that it stands in.
func (p *planner) withholdTraces(d *node.Document) {
	paths := pathsWithin(d.Slots, p.cut)
	for _, entry := range p.entries {
		if entry.resource == 0 {
			continue
		}
		if text := member(p.src, entry.resource, "text"); text.there() && touches(entry.span, p.cut) {
			p.alsoCut(text.value)
		}
		switch entry.kind {
		case "DocumentReference":
			p.alsoCut(entry.span)
		case "Provenance":
			p.cutTraces(entry.resource, "extension", extHop, paths)
		case "OperationOutcome":
			p.cutTraces(entry.resource, "issue", extLine, paths)
		}
	}
}

func (p *planner) alsoCut(span translation.Span) {
	if !touches(span, p.cut) {
		p.cut = append(slices.Clip(p.cut), span)
	}
}

// cutTraces cuts the items of a list that name one of the paths in the extension of the URL.
func (p *planner) cutTraces(at int, list, url string, paths cutPaths) {
	items := member(p.src, at, list)
	if !items.there() {
		return
	}
	for item := range places(p.src, items.value.Start) {
		if paths[p.tracePath(item, url)] {
			p.alsoCut(item.value)
		}
	}
}

// tracePath is the path that an extension of the URL names: the item itself, or one among the extensions of the item.
func (p *planner) tracePath(item place, url string) string {
	if textAt(p.src, member(p.src, item.value.Start, "url")) == url {
		return p.subText(item.value.Start, "path")
	}
	list := member(p.src, item.value.Start, "extension")
	if !list.there() {
		return ""
	}
	for ext := range places(p.src, list.value.Start) {
		if textAt(p.src, member(p.src, ext.value.Start, "url")) == url {
			return p.subText(ext.value.Start, "path")
		}
	}
	return ""
}

// subText is the string value of a sub-extension of the extension that starts at.
func (p *planner) subText(at int, url string) string {
	list := member(p.src, at, "extension")
	if !list.there() {
		return ""
	}
	for ext := range places(p.src, list.value.Start) {
		if textAt(p.src, member(p.src, ext.value.Start, "url")) == url {
			return textAt(p.src, member(p.src, ext.value.Start, "valueString"))
		}
	}
	return ""
}
