package cda

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sild/internal/splice"
	"sild/internal/splice/fidelity"
	"sild/internal/xmldom"
	"sild/node"
	"sild/translation"
)

// directions are the ways in which a document can be translated; each changes other places.
var directions = []struct {
	name  string
	carry func(d *node.Document)
}{
	{"out of Estonia", func(d *node.Document) { _ = node.CarryOut(shipped(), "EE", d) }},
	{"out of Finland", func(d *node.Document) { _ = node.CarryOut(shipped(), "FI", d) }},
	{"into Finland", func(d *node.Document) { node.CarryIn(shipped(), "FI", []string{"fi", "en"}, d) }},
	{"into Estonia", func(d *node.Document) { node.CarryIn(shipped(), "EE", []string{"et", "en"}, d) }},
}

func TestADocumentThatNothingHappenedToComesOutByteForByte(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if d.Summary != nil {
			d.Summary = nil // completing the sections of a summary is a change
		}
		if !bytes.Equal(spliced(t, d, nil), one.source) {
			t.Errorf("%s has changed", one.name)
		}
	}
}

func TestEveryByteOutsideATouchedElementComesOutAsItWentIn(t *testing.T) {
	for _, one := range readable(t) {
		for _, way := range directions {
			d := decoded(t, one.source)
			way.carry(d)
			edits, err := tongue().Edits(d, nil, &node.Report{})
			if err != nil {
				t.Fatal(err)
			}
			out := spliced(t, d, nil)
			sorted(edits)
			if at := fidelity.FirstDifference(one.source, out, edits); at >= 0 {
				t.Errorf("%s %s: byte %d differs", one.name, way.name, at)
			}
			for _, edit := range edits {
				if !insideSlot(d, edit) && !isSection(edit) {
					t.Errorf("%s %s: bytes %d to %d are no coded place", one.name, way.name, edit.Start, edit.End)
				}
			}
		}
	}
}

func sorted(edits []splice.Edit) {
	slices.SortStableFunc(edits, func(a, b splice.Edit) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
}

func insideSlot(d *node.Document, edit splice.Edit) bool {
	return translation.Span{Start: edit.Start, End: edit.End}.In(spansOf(d))
}

func spansOf(d *node.Document) []translation.Span {
	var spans []translation.Span
	for _, slot := range d.Slots {
		spans = append(spans, slot.Span)
	}
	return spans
}

// isSection says that an edit writes whole sections: those that say that nothing is known.
func isSection(edit splice.Edit) bool {
	return bytes.HasPrefix(edit.Text, []byte("<component")) && bytes.HasSuffix(edit.Text, []byte("</component>"))
}

// TestOutsideTouchedElementsACanonicaliserSeesTheSameDocument has xmllint write source and output in canonical form,
// each with the touched elements taken out.
func TestOutsideTouchedElementsACanonicaliserSeesTheSameDocument(t *testing.T) {
	dir := t.TempDir()
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		node.CarryIn(shipped(), "FI", []string{"fi", "en"}, d)
		edits, err := tongue().Edits(d, nil, &node.Report{})
		if err != nil {
			t.Fatal(err)
		}
		sorted(edits)
		out := spliced(t, d, nil)
		var touched [][2]int
		for _, slot := range outermost(d) {
			if slices.ContainsFunc(edits, func(e splice.Edit) bool { return e.Start >= slot.Start && e.End <= slot.End }) {
				touched = append(touched, [2]int{slot.Start, slot.End})
			}
		}
		before, after := slices.Clone(one.source), slices.Clone(out)
		for i := len(touched) - 1; i >= 0; i-- {
			start, end := touched[i][0], touched[i][1]
			before = slices.Replace(before, start, end, []byte("<touched/>")...)
			after = slices.Replace(after, fidelity.Moved(start, edits), fidelity.Moved(end, edits), []byte("<touched/>")...)
		}
		if a, b := canonical(t, dir, before), canonical(t, dir, after); !bytes.Equal(a, b) {
			t.Errorf("%s: the canonical forms differ outside touched elements", one.name)
		}
		if len(touched) == 0 {
			t.Errorf("%s: nothing was touched, so nothing was shown", one.name)
		}
	}
}

// outermost are the spans of the slots that stand in no other slot, in order.
func outermost(d *node.Document) []translation.Span {
	var spans []translation.Span
	for _, span := range spansOf(d) {
		if len(spans) == 0 || span.Start >= spans[len(spans)-1].End {
			spans = append(spans, span)
		}
	}
	return spans
}

func canonical(t *testing.T, dir string, text []byte) []byte {
	t.Helper()
	file := filepath.Join(dir, "in.xml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var wrong strings.Builder
	command := exec.Command("xmllint", "--nonet", "--c14n", file)
	command.Stderr = &wrong
	out, err := command.Output()
	if err != nil {
		t.Fatalf("xmllint: %v %s", err, wrong.String())
	}
	return out
}

func TestEveryTranslationStandsInTheNamespaceOfHL7(t *testing.T) {
	for _, one := range readable(t) {
		for _, way := range directions {
			d := decoded(t, one.source)
			way.carry(d)
			out := spliced(t, d, nil)
			x, err := xmldom.Parse(out, xmldom.Limits{})
			if err != nil {
				t.Fatalf("%s %s: what was written cannot be read: %v", one.name, way.name, err)
			}
			was, err := xmldom.Parse(one.source, xmldom.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if more, before := foreignTranslations(x), foreignTranslations(was); more != before {
				t.Errorf("%s %s: %d translations outside HL7 v3, %d before", one.name, way.name, more, before)
			}
		}
	}
}

func foreignTranslations(x *xmldom.Document) int {
	count := 0
	for e := range x.Elements() {
		if e.Local() == "translation" && e.Space() != "urn:hl7-org:v3" {
			count++
		}
	}
	return count
}

func TestTheOriginalSurvivesAnyNumberOfHops(t *testing.T) {
	for _, one := range readable(t) {
		first := decoded(t, one.source)
		source := one.source
		for range 3 {
			for _, way := range directions {
				d := decoded(t, source)
				way.carry(d)
				source = spliced(t, d, nil)
			}
		}
		sameOriginals(t, one.name, first, decoded(t, source))
	}
}

// sameOriginals compares code, system, version, display, text and number as the issuing country wrote them.
func sameOriginals(t *testing.T, name string, first, last *node.Document) {
	t.Helper()
	kept := map[string]*translation.Slot{}
	for _, slot := range last.Slots {
		kept[slot.Path] = slot
	}
	for _, slot := range first.Slots {
		now := kept[slot.Path]
		switch {
		case silenced(first, slot):
		case now == nil:
			t.Errorf("%s: %s is gone", name, slot.Path)
		case now.Original() != slot.Original() || now.Number != slot.Number || slot.Text != "" && now.Text != slot.Text:
			t.Errorf("%s: %s was %+v %q %q and is %+v %q %q", name, slot.Path, slot.Original(), slot.Number, slot.Text, now.Original(), now.Number, now.Text)
		}
	}
}

// silenced says that a slot stands in a section that says that nothing is known, which is written in fixed words.
func silenced(d *node.Document, slot *translation.Slot) bool {
	if d.Summary == nil {
		return false
	}
	for _, s := range d.Summary.Sections {
		if s.State == node.NoInformation && slices.Contains(s.Slots, slot) {
			return true
		}
	}
	return false
}

func TestTranslatingTwiceIsTranslatingOnce(t *testing.T) {
	for _, one := range readable(t) {
		for _, way := range directions {
			d := decoded(t, one.source)
			way.carry(d)
			once := spliced(t, d, nil)
			way.carry(d)
			if !bytes.Equal(once, spliced(t, d, nil)) {
				t.Errorf("%s %s: the same document was translated twice into two", one.name, way.name)
			}
			again := decoded(t, once)
			way.carry(again)
			if twice := spliced(t, again, nil); !bytes.Equal(once, twice) {
				t.Errorf("%s %s: translating the translation changed it", one.name, way.name)
			}
		}
	}
}

func TestTheSameDocumentAlwaysGivesTheSameBytes(t *testing.T) {
	for _, one := range readable(t) {
		for _, format := range []node.Format{node.CDA3, node.CDA1} {
			var first []byte
			for range 3 {
				d := decoded(t, one.source)
				node.CarryIn(shipped(), "FI", []string{"fi", "en"}, d)
				out, err := tongue().Encode(d, format, nil, &node.Report{})
				if d.Format == node.CDA1 && format == node.CDA3 {
					break // a picture of pages has no data
				}
				if err != nil {
					t.Fatalf("%s: %v", one.name, err)
				}
				if first != nil && !bytes.Equal(first, out.Body()) {
					t.Errorf("%s as %s: two results", one.name, format)
				}
				first = out.Body()
			}
		}
	}
}
