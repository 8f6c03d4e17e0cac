package cda

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAWordIsKeptFromTheNextByOneSpace compares the laying out of a text with the words that stand in it.
func TestAWordIsKeptFromTheNextByOneSpace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune(" \t\r\nab\u00a0õ")), 0, 40, -1).Draw(t, "text")
		words := strings.FieldsFunc(text, func(r rune) bool { return r < 0x80 && isWhite(byte(r)) })
		if got := string(oneLine([]byte(text))); got != strings.Join(words, " ") {
			t.Fatalf("%q becomes %q", text, got)
		}
		if isOneLine(text) && strings.TrimSuffix(text, " ") != strings.Join(words, " ") {
			t.Fatalf("%q is no line", text)
		}
	})
}
