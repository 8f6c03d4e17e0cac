package translation

import (
	"encoding/json"
	"testing"
)

// Peers, reports and scripts read the words: they must stay.
func TestAFateIsAWordOutsideOfTheProgram(t *testing.T) {
	for fate, word := range map[Fate]string{Untouched: "", Mapped: "mapped", Identical: "identical", Passed: "passed", Refused: "refused"} {
		if known, ok := FateNamed(word); fate.String() != word || !ok || known != fate {
			t.Errorf("%d is %q, and %q is %d", fate, fate, word, known)
		}
		text, err := json.Marshal(map[string]any{"fate": fate, "count": map[Fate]int{fate: 1}})
		if want := `{"count":{"` + word + `":1},"fate":"` + word + `"}`; err != nil || string(text) != want {
			t.Errorf("%s, %v", text, err)
		}
	}
}

func TestASlotWithoutAFateSaysNothingOfIt(t *testing.T) {
	text, err := json.Marshal(Slot{Field: Route})
	if want := `{"field":"route","path":"","current":{}}`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestAWordThatIsNoFateIsNotTaken(t *testing.T) {
	if fate, known := FateNamed("Mapped"); known || fate != Untouched {
		t.Errorf("%s, %v", fate, known)
	}
	s := Slot{Fate: Refused}
	if err := json.Unmarshal([]byte(`{"fate":"carried"}`), &s); err == nil || s.Fate != Refused {
		t.Errorf("%s, %v", s.Fate, err)
	}
	if err := json.Unmarshal([]byte(`{"fate":"passed"}`), &s); err != nil || s.Fate != Passed {
		t.Errorf("%s, %v", s.Fate, err)
	}
}
