// Package fidelity checks a splice from its edit list by other means than it was made with, for the tests of whoever
// splices. Start with FirstDifference.
package fidelity

import (
	"bytes"

	"sild/internal/splice"
)

// FirstDifference gives the first byte of the source that did not come out as it went in, outside of what the edits
// touch; -1 where there is none. It walks output and source side by side and steps over what was inserted in the one and
// what was replaced in the other. The edits must be in the order of their places.
func FirstDifference(src, out []byte, edits []splice.Edit) int {
	in, made := 0, 0
	for _, edit := range edits {
		for ; in < edit.Start; in, made = in+1, made+1 {
			if made >= len(out) || out[made] != src[in] {
				return in
			}
		}
		if !bytes.HasPrefix(out[made:], edit.Text) {
			return in
		}
		in, made = edit.End, made+len(edit.Text)
	}
	if !bytes.Equal(src[in:], out[made:]) {
		return in
	}
	return -1
}

// Moved is where an offset of the source stands in the output. An offset inside a replaced span is moved to its end.
func Moved(offset int, edits []splice.Edit) int {
	shift := 0
	for _, edit := range edits {
		if edit.Start >= offset {
			break
		}
		shift += len(edit.Text) - (edit.End - edit.Start)
	}
	return offset + shift
}
