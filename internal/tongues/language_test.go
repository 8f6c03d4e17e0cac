package tongues_test

import (
	"bytes"
	"testing"

	"sild/node"
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
