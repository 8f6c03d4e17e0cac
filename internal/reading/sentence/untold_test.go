package sentence

import (
	"strings"
	"testing"

	"sild/node"

	"pgregory.net/rapid"
)

// TestASentenceEndsWithAWarningExactlyWhereTheSourceSaysMore counts the warnings, however many dosages there are.
func TestASentenceEndsWithAWarningExactlyWhereTheSourceSaysMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]node.Dosage, rapid.IntRange(1, 3).Draw(t, "dosages"))
		want := 0
		for i := range list {
			if rapid.Bool().Draw(t, "structured") {
				list[i] = drawn{t}.dosage()
			}
			list[i].Text = rapid.SampledFrom([]string{"", "Ei saa ottaa alkoholin kanssa."}).Draw(t, "text")
			list[i].Sequence = rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "sequence")
			if list[i].Untold = rapid.Bool().Draw(t, "untold"); list[i].Untold {
				want++
			}
		}
		for _, v := range voices() {
			s, warning := v.Dosage(list), v.fill("untold")
			if got := strings.Count(s, warning); got != want {
				t.Fatalf("%d warnings, not %d: %q", got, want, s)
			}
			if one := strings.TrimSuffix(v.Dosage(list[:1]), "."); strings.HasSuffix(one, warning) != list[0].Untold {
				t.Fatalf("the warning is not at the end, or without need: %q", one)
			}
		}
	})
}

func TestADosageInWordsAloneStillPointsToThem(t *testing.T) {
	d := node.Dosage{Text: "Kerran päivässä.", Untold: true}
	const want = "See the prescriber's own words [the original document says more about the dosage: read it there]."
	if got := (Voice{Language: "en", Reader: Patient, Source: "fi"}).Dosage([]node.Dosage{d}); got != want {
		t.Errorf("%q", got)
	}
}
