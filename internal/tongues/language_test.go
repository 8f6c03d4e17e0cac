package tongues_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// The first country of treatment shows its own codes in its own words. The next one has no names for them, so it shows
// the words that it got, and says in which language they are.
func TestTheWordsOfOneReadersCountryKeepTheirLanguageInTheNext(t *testing.T) {
	kept := 0
	for _, one := range seeds() {
		if one.country != "EE" {
			continue
		}
		d := decoded(t, one.source)
		if node.CarryOut(shipped(), "EE", d) != nil {
			continue
		}
		finnish := inBytes(t, d, fhirOf(d))
		arrive(finnish, "FI")
		body, _ := written(t, finnish, finnish.Format)
		next := decoded(t, body)
		arrive(next, "EE")
		twice, _ := written(t, next, next.Format)
		for i, slot := range next.Slots {
			was := finnish.Slots[i]
			if slot.Rendered == "" || slot.Rendered != was.Rendered || !slot.Current.Same(was.Current) {
				continue
			}
			if kept++; slot.Language != was.Language {
				t.Errorf("%s %s: %q is in %s, and in the next country in %s", one.name, slot.Path, slot.Rendered, was.Language, slot.Language)
			}
			words := []byte(`"content","valueString":"` + slot.Rendered + `"`)
			if bytes.Count(twice, words) != bytes.Count(body, words) {
				t.Errorf("%s %s: %q is written a second time beside its code", one.name, slot.Path, slot.Rendered)
			}
		}
	}
	if kept < 20 {
		t.Errorf("only %d words were compared", kept)
	}
}

// Two codes beside each other, of which nobody marked one, are one code and another for the same thing. The first is the
// original here, and stays it in the next country, whatever is put before it.
func TestTheFirstOfTwoCodesStaysTheOriginal(t *testing.T) {
	source := bytesOf("../national/demo/seed/ee/summaries/m1.json")
	first := decoded(t, source)
	tried := 0
	for _, slot := range first.Slots {
		if slot.Field != translation.Diagnosis || slot.Current.Code == "" || len(slot.Comparison().Also) > 0 {
			continue
		}
		coded := string(source[slot.Span.Start:slot.Span.End])
		beside := strings.Replace(coded, `}]`, `}, {"system": "urn:oid:2.999.7", "code": "another"}]`, 1)
		d := decoded(t, bytes.Replace(source, []byte(coded), []byte(beside), 1))
		at := d.Slots[slices.IndexFunc(d.Slots, func(s *translation.Slot) bool { return s.Path == slot.Path })]
		if len(at.Comparison().Also) != 1 {
			continue
		}
		tried++
		if e := node.CarryOut(shipped(), "EE", d); e != nil {
			t.Fatal(e)
		}
		body, _ := written(t, d, d.Format)
		abroad := decoded(t, body)
		there := abroad.Slots[slices.IndexFunc(abroad.Slots, func(s *translation.Slot) bool { return s.Path == slot.Path })]
		if !there.Original().Same(at.Original()) || !there.Current.Same(at.Current) {
			t.Errorf("%s: %s became %s over %s", slot.Path, at.Original().Code, there.Current.Code, there.Original().Code)
		}
	}
	if tried < 2 {
		t.Errorf("%d places were tried", tried)
	}
}
