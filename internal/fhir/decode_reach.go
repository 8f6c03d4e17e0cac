package fhir

import (
	"slices"
	"strings"

	"sild/node"
	"sild/translation"
)

// web is who refers to whom among the entries of a document.
type web struct {
	links    [][]link // by entry
	back     [][]int  // by entry, the entries that refer to it
	sections [][]link // by section, the entries that it names
	events   []link   // the entries that the Composition names as what it is about
	roots    []int    // the entries that the Composition names otherwise outside its sections, and the Composition
}

// link is one reference from an entry to another.
type link struct {
	to  int
	ref value
}

// webOf reads the references of a summary.
func (d *decoder) webOf(composition value) *web {
	w := &web{links: make([][]link, len(d.entries)), back: make([][]int, len(d.entries)), roots: []int{0}}
	list, events := composition.get("section"), composition.get("event")
	w.sections = make([][]link, list.count())
	for _, at := range d.refs {
		ref := value{d.arena, at}
		found := d.target(ref)
		_, from := d.holder(ref)
		if !found.there() || from < 0 {
			continue
		}
		_, to := d.holder(found)
		switch {
		case from > 0:
			w.links[from] = append(w.links[from], link{to, ref})
			w.back[to] = append(w.back[to], from)
		case inside(ref, events):
			w.events = append(w.events, link{to, ref})
		case !inside(ref, list):
			w.roots = append(w.roots, to)
		default:
			n := sectionAbove(ref, list)
			w.sections[n] = append(w.sections[n], link{to, ref})
		}
	}
	return w
}

func inside(v, outer value) bool {
	return outer.there() && v.at > outer.at && v.at < outer.cell().next
}

// sectionAbove is the index of the outermost section that holds a value.
func sectionAbove(v, list value) int {
	for v.parent() != list {
		v = v.parent()
	}
	return int(v.cell().index)
}

// reach marks every entry that can be reached from the starts without passing through the barred ones.
func (w *web) reach(starts []int, barred func(int) bool) []bool {
	seen := make([]bool, len(w.links))
	queue := slices.Clone(starts)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n < 0 || seen[n] || barred(n) {
			continue
		}
		seen[n] = true
		for _, l := range w.links[n] {
			queue = append(queue, l.to)
		}
	}
	return seen
}

// withholdable lists the sections of a summary as elements that a patient's restriction may withhold: what the section
// itself says, every entry that only this section leads to, what merely speaks of those entries, and every reference
// to them from what stays.
func (d *decoder) withholdable(composition value) {
	nth := make(map[string]int)
	for _, section := range composition.get("section").each {
		code := loincOf(section.get("code"))
		nth[code]++
		e := node.Element{Section: node.SectionPath(code, nth[code])}
		for _, name := range sectionParts() {
			if part := section.get(name); part.there() {
				e.Spans = append(e.Spans, part.member())
			}
		}
		d.element(section, e)
		d.nested(section, e.Section)
	}
}

// sectionParts are the members of a section that are cut where it is withheld; no more of it is written then.
func sectionParts() []string { return []string{"text", "entry", "emptyReason", "section"} }

// nested lists the sections in a section; one that is withheld is cut as a whole.
func (d *decoder) nested(section value, within string) {
	for _, inner := range section.get("section").each {
		if d.within++; d.within > mostSections {
			d.refuse("fhir.section", inner, "more sections in sections than any summary has")
			return
		}
		d.element(inner, node.Element{Section: within, Nested: true, Spans: []translation.Span{inner.span()}})
		d.nested(inner, within)
	}
}

// element names a section by each of its codes: a rule may name one that a country codes in its own way by any of them.
func (d *decoder) element(section value, e node.Element) {
	gone := d.web.leaving(func(ref value) bool { return inside(ref, section) })
	e.Spans = append(e.Spans, d.goneSpans(d.web, gone)...)
	seen := map[string]bool{"": true}
	for _, coding := range section.walk("code", "coding").each {
		if code := strings.TrimSpace(coding.get("code").text()); !seen[code] {
			seen[code] = true
			e.Name = "section:" + code
			d.doc.Elements = append(d.doc.Elements, e)
		}
	}
}

// leaving marks the entries that leave where the references of some sections do.
func (w *web) leaving(withheld func(ref value) bool) []bool {
	starts, own := slices.Clone(w.roots), make([]bool, len(w.links))
	var first []int
	for _, named := range w.sections {
		for _, l := range named {
			if withheld(l.ref) {
				own[l.to], first = true, append(first, l.to)
			} else {
				starts = append(starts, l.to)
			}
		}
	}
	for _, shared := range starts {
		own[shared] = false
	}
	stays := w.reach(starts, func(i int) bool { return own[i] })
	gone := w.reach(first, func(i int) bool { return stays[i] })
	for i, kept := range w.reach(w.besides(gone), func(i int) bool { return stays[i] || gone[i] }) {
		stays[i] = stays[i] || kept
	}
	w.strays(stays, gone)
	return gone
}

// besides lists the events that do not leave. That the Composition names an event keeps nothing that a withheld section
// leads to.
func (w *web) besides(gone []bool) []int {
	var starts []int
	for _, l := range w.events {
		if !gone[l.to] {
			starts = append(starts, l.to)
		}
	}
	return starts
}

// strays adds what nothing in the document leads to and what itself points at something that leaves: a Provenance of a
// withheld entry, an observation about it. What only a stray leads to leaves with it.
func (w *web) strays(stays, gone []bool) {
	var queue []int
	for i, leaves := range gone {
		if leaves {
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, i := range w.back[n] {
			if stays[i] || gone[i] || !w.leavesWith(i, gone) {
				continue
			}
			for k, reached := range w.reach([]int{i}, func(k int) bool { return stays[k] || gone[k] }) {
				if reached {
					gone[k], queue = true, append(queue, k)
				}
			}
		}
	}
}

// leavesWith says that a stray entry speaks of something that leaves, and, where it has targets, of nothing else.
func (w *web) leavesWith(i int, gone []bool) bool {
	hit, kept := false, false
	for _, l := range w.links[i] {
		hit = hit || gone[l.to]
		kept = kept || !gone[l.to] && l.ref.parent().name() == "target"
	}
	return hit && !kept
}

// goneSpans are the spans of the entries that leave and of the references to them from what stays.
func (d *decoder) goneSpans(w *web, gone []bool) []translation.Span {
	var spans []translation.Span
	for i, leaves := range gone {
		if leaves {
			spans = append(spans, d.entries[i].resource.parent().span())
			continue
		}
		spans = append(spans, d.cutLinks(w.links[i], gone)...)
	}
	return append(spans, d.cutLinks(w.events, gone)...)
}

// cutLinks are the spans of the references to what leaves.
func (d *decoder) cutLinks(links []link, gone []bool) []translation.Span {
	var spans []translation.Span
	for _, l := range links {
		if gone[l.to] {
			spans = append(spans, l.ref.member())
			d.parted = append(d.parted, l.ref.at)
		}
	}
	return spans
}
