package xmldom

import (
	"bytes"
	"fmt"
	"testing"
)

// written is a document of so many entries, each written by its number.
func written(entries int, entry func(int) string) []byte {
	var b bytes.Buffer
	b.WriteString("<a>")
	for i := range entries {
		b.WriteString(entry(i))
	}
	b.WriteString("</a>")
	return b.Bytes()
}

func TestALargeDocumentIsReadWithLittleMoreRoomThanItNeeds(t *testing.T) {
	paragraph := bytes.Repeat([]byte("and/or "), 40)
	for name, entry := range map[string]func(int) string{
		"empty elements":  func(i int) string { return fmt.Sprintf(`<b code="%d"/>`, i) },
		"words":           func(int) string { return fmt.Sprintf("<p>%s<br/></p>", paragraph) },
		"comments":        func(int) string { return "<b><!-- nothing that counts --></b>" },
		"a changing mood": func(i int) string { return fmt.Sprintf(`<b>%s</b>`, bytes.Repeat([]byte("<c/>"), i%50)) },
	} {
		src := written(90_000, entry)
		d, err := Parse(src, Limits{Bytes: len(src), Elements: len(src)})
		if err != nil || len(src) < large {
			t.Fatalf("%s: %d bytes, %v", name, len(src), err)
		}
		if room := cap(d.elements); room > len(d.elements)*9/8 {
			t.Errorf("%s: room for %d elements, and there are %d", name, room, len(d.elements))
		}
		if guess := elementsIn(src); guess < len(d.elements)*19/20 || guess > len(d.elements)*9/8 {
			t.Errorf("%s: a guess of %d elements, and there are %d", name, guess, len(d.elements))
		}
	}
}

func TestRoomThatWasMadeForNothingIsGivenBack(t *testing.T) {
	for _, size := range []int{large - 100, 4 * large} { // text can look like the ends of elements
		d, err := Parse(fmt.Appendf(nil, "<a><b>%s</b></a>", bytes.Repeat([]byte("A/>w"), size/4)), Limits{})
		if err != nil || d.Len() != 2 || cap(d.elements) > 10 {
			t.Errorf("%d bytes: room for %d elements, and there are %d: %v", size, cap(d.elements), d.Len(), err)
		}
	}
}

func TestNoMoreRoomIsMadeThanElementsAreAllowed(t *testing.T) {
	p := parser{Document: Document{src: bytes.Repeat([]byte("<a/>"), large)}, limits: Limits{Elements: 7}}
	if p.prepare(); cap(p.elements) != 7 {
		t.Errorf("room for %d elements", cap(p.elements))
	}
}
