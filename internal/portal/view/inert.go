package view

import (
	"fmt"
	"strings"
	"unicode"
)

// inert makes a foreign text harmless to look at: characters that nobody sees but that turn a text around, hide a part of
// it or end it become visible. The markup in it is the template's to escape.
func inert(text string) string {
	clean := true
	for _, r := range text {
		clean = clean && !isUnseen(r)
	}
	if clean {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if isUnseen(r) {
			fmt.Fprintf(&out, "[U+%04X]", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// isUnseen says that a character is a control or a format sign: bidi overrides, zero width, tags, null.
func isUnseen(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || unicode.Is(unicode.Cf, r) && r != '\u00AD' ||
		r == '\u2028' || r == '\u2029'
}

// tag is a BCP 47 tag fit for an attribute, or empty.
func tag(language string) string {
	for _, r := range language {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return ""
		}
	}
	if len(language) > 35 {
		return ""
	}
	return language
}
