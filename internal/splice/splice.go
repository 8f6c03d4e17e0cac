// Package splice changes a few places of a document and copies every other byte as it is: what a translation adds or
// withholds goes in as edits, so the rest is the issuer's own. Begin with Apply.
package splice

import (
	"fmt"
	"io"
	"slices"
)

// Edit is one change to a source: the bytes from Start to End give way to Text. With Start equal to End it inserts, with
// no Text it cuts.
type Edit struct {
	Start, End int
	Text       []byte
}

// Error is an edit that cannot be made: it leaves the source, runs backwards, or touches what another edit touches, so
// that neither could say what it replaced. It names offsets only.
type Error struct{ Start, End int }

// Error is the refusal as one line.
func (e *Error) Error() string {
	return fmt.Sprintf("the edit of bytes %d to %d leaves the document or overlaps another", e.Start, e.End)
}

// Apply makes the edits in one copy of exact size and leaves the source alone. It sorts the edits; those at the same
// place keep their order, and an insertion goes before a replacement that starts there.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	size, err := prepare(len(src), edits)
	if err != nil {
		return nil, err
	}
	out, at := make([]byte, 0, size), 0
	for _, edit := range edits {
		out = append(out, src[at:edit.Start]...)
		out = append(out, edit.Text...)
		at = edit.End
	}
	return append(out, src[at:]...), nil
}

// To writes what Apply would give, without holding it. Nothing is written when an edit cannot be made.
func To(w io.Writer, src []byte, edits []Edit) error {
	if _, err := prepare(len(src), edits); err != nil {
		return err
	}
	at := 0
	for _, edit := range edits {
		if err := write(w, src[at:edit.Start], edit.Text); err != nil {
			return err
		}
		at = edit.End
	}
	return write(w, src[at:])
}

func write(w io.Writer, parts ...[]byte) error {
	for _, part := range parts {
		if len(part) == 0 {
			continue
		}
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// Merged is two plans as one: the first goes before the second where both are at one place.
// It takes both over.
func Merged(first, second []Edit) []Edit {
	for _, plan := range [][]Edit{first, second} {
		if !slices.IsSortedFunc(plan, byPlace) {
			slices.SortStableFunc(plan, byPlace)
		}
	}
	all, i := append(second, first...), len(second)-1
	for at := len(all) - 1; len(first) > 0; at-- {
		last := len(first) - 1
		if i >= 0 && byPlace(first[last], second[i]) <= 0 {
			all[at] = second[i]
			i--
		} else {
			all[at], first = first[last], first[:last]
		}
	}
	return all
}

func byPlace(a, b Edit) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

// prepare sorts the edits, checks them and gives the size of the result.
func prepare(length int, edits []Edit) (size int, err error) {
	if !slices.IsSortedFunc(edits, byPlace) { // they mostly are: a document is gone through from its start
		slices.SortStableFunc(edits, byPlace)
	}
	size, at := length, 0
	for _, edit := range edits {
		if edit.Start < at || edit.End < edit.Start || edit.End > length {
			return 0, &Error{Start: edit.Start, End: edit.End}
		}
		at = edit.End
		size += len(edit.Text) - (edit.End - edit.Start)
	}
	return size, nil
}
