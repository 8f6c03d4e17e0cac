package tongues_test

import (
	"bytes"
	"slices"
	"testing"

	"sild/node"
)

// TestThatADosageSaysLessThanTheOriginalCrossesInEveryForm writes and reads it twice: over CDA it goes as a comment that
// everybody can read, of which a second pass makes neither a note nor a second comment.
func TestThatADosageSaysLessThanTheOriginalCrossesInEveryForm(t *testing.T) {
	const comment = "The original document says more about the dosage than is written here: read it there."
	for seed := range 6 {
		d := example(seed, false, func(v *inventor) func() *node.Document { return v.prescription })
		for _, form := range pivots(d) {
			plain, _ := written(t, from(d, form), form)
			d.Prescriptions[0].Dosage[0].Untold = true
			marked, _ := written(t, from(d, form), form)
			d.Prescriptions[0].Dosage[0].Untold = false
			again, _ := written(t, from(decoded(t, marked), form), form)
			without := decoded(t, plain).Prescriptions[0]
			if without.Dosage[0].Untold || bytes.Contains(plain, []byte(comment)) {
				t.Errorf("seed %d as %s: it says so of a dosage that is whole", seed, form)
			}
			for _, body := range [][]byte{marked, again} {
				with := decoded(t, body).Prescriptions[0]
				if !with.Dosage[0].Untold || !slices.Equal(with.Notes, without.Notes) {
					t.Errorf("seed %d as %s: untold %v; notes %q, want %q", seed, form, with.Dosage[0].Untold, with.Notes, without.Notes)
				}
			}
			acts := func(body []byte) int { return bytes.Count(body, []byte(`code="48767-8"`)) }
			if form == node.CDA3 && (acts(marked) != acts(plain)+1 || !bytes.Contains(marked, []byte(comment)) || !bytes.Contains(again, []byte(comment))) {
				t.Errorf("seed %d: %d comments, and with ours %d", seed, acts(plain), acts(marked))
			}
		}
	}
}
