package tongues_test

import (
	"testing"

	"sild/node"
)

// What cannot be read is refused in the words of its own family.
func TestWhatIsUnreadableIsRefusedInTheWordsOfItsFamily(t *testing.T) {
	for source, reason := range map[string]string{
		"": "document.empty", " \r\n\t ": "document.empty",
		"<a": "xml.truncated", "\uFEFF <a": "xml.truncated", "\xFF\xFE<\x00a\x00/\x00>\x00": "xml.encoding", "\xFE\xFF\x00<\x00a\x00/\x00>": "xml.encoding",
		"<\x00a\x00/\x00>\x00": "xml.encoding", "{": "json.syntax",
	} {
		_, err := tongue().Decode([]byte(source))
		if e := node.AsError(err); e.Kind != node.Invalid || e.Reason != reason {
			t.Errorf("%q: %v", source, err)
		}
	}
}
