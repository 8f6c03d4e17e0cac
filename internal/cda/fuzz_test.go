package cda

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sild/internal/splice/fidelity"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// largestFuzzed bounds what one try reads: larger documents say nothing new.
const largestFuzzed = 1 << 16

// FuzzDecode reads foreign bytes. What is refused must say why; what is read must hang together, be written again, and
// be the same document when it is read again.
func FuzzDecode(f *testing.F) {
	for _, one := range madeUp(f) {
		f.Add(one.source)
	}
	for _, h := range hostiles() {
		if text := h.text(f); len(text) < largestFuzzed {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > largestFuzzed {
			return
		}
		before := bytes.Clone(src)
		d, err := tongue().Decode(src)
		if err != nil {
			if refused := node.AsError(err); d != nil || refused.Kind != node.Invalid || refused.Reason == "" || refused.Detail == "" {
				t.Fatalf("refused as %v", refused)
			}
			return
		}
		d.At = translated()
		hangsTogether(t, d)
		kept := kinds(told(d))
		out, err := tongue().Encode(d, d.Format, nil, &node.Report{})
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		again, err := tongue().Decode(out.Body())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", node.AsError(err).Detail, out.Body())
		}
		left := kinds(again.Slots)
		for what, count := range kept {
			if left[what] < count {
				t.Fatalf("%+v stands there %d times, not %d", what, left[what], count)
			}
		}
		if !bytes.Equal(before, src) {
			t.Fatal("the source was changed")
		}
	})
}

// hangsTogether checks what every reader of a document relies on: each slot and residue is an element of the source, no
// two slots are the same one, and they stand in order.
func hangsTogether(t *testing.T, d *node.Document) {
	t.Helper()
	x := d.Kept.(*xmldom.Document)
	elements := map[translation.Span]bool{}
	for e := range x.Elements() {
		elements[span(e)] = true
	}
	seen := map[translation.Span]string{}
	last := -1
	for _, slot := range d.Slots {
		if !elements[slot.Span] || slot.Path == "" || slot.Field == "" {
			t.Fatalf("%q (%s) is no element of the source: %v", slot.Path, slot.Field, slot.Span)
		}
		if other, twice := seen[slot.Span]; twice {
			t.Fatalf("%s and %s are one element", other, slot.Path)
		}
		if slot.Span.Start < last {
			t.Fatalf("%s stands before the slot before", slot.Path)
		}
		seen[slot.Span], last = slot.Path, slot.Span.Start
	}
	for _, residue := range d.Residue {
		if !elements[residue.Span] || residue.Path == "" && residue.Span.Start != x.Root().Span().Start {
			t.Fatalf("residue %q is no element of the source", residue.Path)
		}
	}
	if d.Summary == nil {
		return
	}
	for _, s := range d.Summary.Sections {
		for _, slot := range s.Slots {
			if !slices.Contains(d.Slots, slot) {
				t.Fatalf("%s of section %s is no slot of the document", slot.Path, s.Code)
			}
		}
	}
}

// told are the slots outside sections that say that nothing is known, which are written in fixed words.
func told(d *node.Document) []*translation.Slot {
	return slices.DeleteFunc(slices.Clone(d.Slots), func(slot *translation.Slot) bool { return slot.Span.In(untold(d)) })
}

func untold(d *node.Document) []translation.Span {
	var spans []translation.Span
	if d.Summary == nil {
		return nil
	}
	i := 0
	for _, element := range d.Elements {
		if !strings.HasPrefix(element.Name, "section:") {
			continue
		}
		if d.Summary.Sections[i].State == node.NoInformation {
			spans = append(spans, element.Spans...)
		}
		i++
	}
	return spans
}

// kind is what of a code must survive; its words may have been told in a narrative that was written anew.
type kind struct {
	original translation.Coding
	number   string
}

func kinds(slots []*translation.Slot) map[kind]int {
	counted := map[kind]int{}
	for _, slot := range slots {
		if !slot.Original().IsZero() {
			counted[kind{slot.Original(), slot.Number}]++
		}
	}
	return counted
}

// words are what renderings are made of: letters of both languages, and everything that could end an attribute.
var words = []string{"õhuke tablett", "kalvopäällysteinen", `"`, "'", "<&>", "]]>", "-->", "\x00\uFFFE", "\t\n\r", "Ž", "", "1", "mg"}

// systems are where hops lead: one with a number, one with a URI alone, one that nobody knows, and units.
var systems = []string{"http://standardterms.edqm.eu", "https://fhir.ee/CodeSystem/rhk10", "urn:oid:2.999.1", "urn:" + marker, ucum}

// plan says by its bytes what becomes of each slot and what is withheld.
type plan struct {
	bytes []byte
	at    int
}

func (p *plan) next(n int) int {
	if p.at >= len(p.bytes) || n == 0 {
		return 0
	}
	p.at++
	return int(p.bytes[p.at-1]) % n
}

func (p *plan) render(d *node.Document) {
	for _, slot := range d.Slots {
		switch p.next(4) {
		case 1:
			slot.Rendered = words[p.next(len(words))]
		case 2:
			slot.Rendered = words[p.next(len(words))]
			fallthrough
		case 3:
			to := translation.Coding{System: systems[p.next(len(systems))], Code: words[p.next(len(words))], Display: words[p.next(len(words))], Version: words[p.next(len(words))]}
			slot.Take(&translation.Step{Kind: translation.Transcode}, to)
			if slot.Number != "" {
				slot.Amount = []string{slot.Number, "2.5", ""}[p.next(3)]
			}
		}
	}
}

func (p *plan) cut(d *node.Document) []translation.Span {
	var cut []translation.Span
	if d.Format == node.CDA1 {
		return nil
	}
	for _, element := range d.Elements {
		if p.next(5) == 4 {
			cut = append(cut, element.Spans...)
		}
	}
	return cut
}

// FuzzSplice renders and withholds at random places of documents that can be read: what comes out is well-formed, and
// every byte outside the edits is as it was.
func FuzzSplice(f *testing.F) {
	for i, one := range madeUp(f) {
		f.Add(one.source, []byte(one.name))
		f.Add(one.source, bytes.Repeat([]byte{byte(i), 2, 1, 4, 0, 3, 7, 1}, 40))
		f.Add(bytes.ReplaceAll(one.source, []byte(`"`), []byte(`'`)), bytes.Repeat([]byte{3, 1, 4, 2, byte(i), 9, 10}, 40))
	}
	f.Fuzz(func(t *testing.T, src, choices []byte) {
		if len(src) > largestFuzzed {
			return
		}
		d, err := tongue().Decode(src)
		if err != nil {
			return
		}
		d.At = translated()
		p := &plan{bytes: choices}
		p.render(d)
		cut := p.cut(d)
		edits, err := tongue().Edits(d, cut, &node.Report{})
		if err != nil {
			t.Fatalf("no edits: %v", err)
		}
		out, err := tongue().Encode(d, d.Format, cut, &node.Report{})
		if err != nil {
			t.Fatalf("not written: %v", err)
		}
		if _, err := xmldom.Parse(out.Body(), xmldom.Limits{Depth: 1000, Attributes: 1000}); err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, out.Body())
		}
		sorted(edits)
		if at := fidelity.FirstDifference(src, out.Body(), edits); at >= 0 {
			t.Fatalf("byte %d differs", at)
		}
		for _, span := range cut {
			for _, edit := range edits {
				if edit.Start >= span.Start && edit.End <= span.End && len(edit.Text) > 0 && edit.Start > span.Start {
					t.Fatalf("something is written into what is withheld")
				}
			}
		}
	})
}
