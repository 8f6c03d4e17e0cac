package translation

import (
	"errors"
	"slices"
)

// Fate says what became of a slot. Every slot ends with exactly one. As text it is one lower-case word, and empty for a
// slot that is untouched.
type Fate uint8

// The fates of a slot. Untouched is a slot that no translation has looked at yet.
const (
	Untouched Fate = iota
	Mapped         // carried by a concept map
	Identical      // the code is already of the target system and in the bound value set
	Passed         // handed on untranslated, with the reason
	Refused        // cannot be handed on; a document that needs it is refused
)

var fates = [...]string{Untouched: "", Mapped: "mapped", Identical: "identical", Passed: "passed", Refused: "refused"}

// FateNamed is the fate of a word as String gives it. A word that is none of them is Untouched, and not known.
func FateNamed(word string) (fate Fate, known bool) {
	i := slices.Index(fates[:], word)
	return Fate(max(i, 0)), i >= 0
}

// String is the word for the fate.
func (f Fate) String() string { return fates[f] }

// MarshalText writes the word for the fate.
func (f Fate) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads it back. A word that is none of the fates is an error.
func (f *Fate) UnmarshalText(text []byte) error {
	fate, known := FateNamed(string(text))
	if !known {
		return errors.New("the word is none of the fates of a coded place")
	}
	*f = fate
	return nil
}
