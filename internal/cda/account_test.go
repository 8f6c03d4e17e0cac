package cda

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// branch is an element as another reader sees it, with its place in the bytes.
type branch struct {
	name       string
	attributes map[string]string
	text       string
	start, end int
	open       int // behind the start tag
	tag        string
	parent     *branch
	children   []*branch
}

// grow reads a document with the reader of the standard library.
func grow(t *testing.T, source []byte) *branch {
	t.Helper()
	top := &branch{}
	at := top
	reader := xml.NewDecoder(bytes.NewReader(source))
	for {
		start := int(reader.InputOffset())
		token, err := reader.Token()
		if errors.Is(err, io.EOF) {
			return top.children[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			b := &branch{name: token.Name.Local, attributes: map[string]string{}, start: start, open: int(reader.InputOffset()), parent: at}
			b.tag = string(source[b.start:b.open])
			for _, a := range token.Attr {
				if a.Name.Space == "" {
					b.attributes[a.Name.Local] = a.Value
				}
			}
			at.children = append(at.children, b)
			at = b
		case xml.EndElement:
			at.end = int(reader.InputOffset())
			at = at.parent
		case xml.CharData:
			at.text += string(token)
		}
	}
}

// unheld are the elements whose content neither the record nor a slot nor the residue holds, and why that loses nothing.
var unheld = map[string]string{
	"typeId":         "the same in every CDA document",
	"templateId":     "which rules the document follows, not what it says",
	"versionNumber":  "of the form: which edition of the same document it is",
	"independentInd": "grammar of a supply, always false here",
	"sequenceNumber": "the dosages stand in this order",
	"setId":          "the family of editions that the document is one of",
	"reference":      "leads to a narrative, which is kept",
	"id":             "of a section, or of an answer to a fixed question: it names a place in the document and nothing outside it",
}

func TestEverythingInADocumentIsAccountedFor(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		var held []translation.Span
		for _, slot := range d.Slots {
			held = append(held, slot.Span)
		}
		for _, residue := range d.Residue {
			held = append(held, residue.Span)
		}
		said := map[string]bool{}
		gather(reflect.ValueOf(d), said)
		lost := map[string]int{}
		account(grow(t, one.source), held, said, lost)
		for what, count := range lost {
			t.Errorf("%s: nothing holds %s (%d times)", one.name, what, count)
		}
	}
}

// gather collects the words of the record: every text that a field of it holds, except the source itself.
func gather(v reflect.Value, into map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			gather(v.Elem(), into)
		}
	case reflect.Struct:
		switch v.Interface().(type) {
		case node.Residue, node.Element, node.Narrative, time.Time:
			return
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Slots" {
				gather(v.Field(i), into)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			gather(v.Index(i), into)
		}
	case reflect.String:
		into[plain1(v.String())] = true
		into[digits(v.String())] = true
	}
}

// plain1 is a text in one line, as the record has it.
func plain1(s string) string { return strings.Join(strings.Fields(s), " ") }

// digits are those of a date: the record writes dates with hyphens and colons between.
func digits(s string) string {
	if len(s) < 4 || s[0] < '0' || s[0] > '9' {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// toSeconds writes the seconds that FHIR asks of every instant into a time that is told to the minute.
func toSeconds(ts string) string {
	if len(ts) == len("202611081015+0200") {
		return ts[:12] + "00" + ts[12:]
	}
	return ts
}

// TestNothingThatIsPutAnywhereVanishes puts a word, and then an element of nobody's, into every element of every made-up
// document in turn: wherever the document is still read, a slot, the residue or the record holds it.
func TestNothingThatIsPutAnywhereVanishes(t *testing.T) {
	foreign := `<o:note xmlns:o="urn:other" level="` + marker + `"/>`
	for _, one := range madeUp(t) {
		tried := 0
		for _, place := range places(grow(t, one.source)) {
			for _, what := range []string{marker, foreign} {
				source := []byte(string(one.source[:place]) + what + string(one.source[place:]))
				d, err := tongue().Decode(source)
				if err != nil {
					continue
				}
				tried++
				if at := (translation.Span{Start: place, End: place + len(what)}); !holds(d, at) {
					t.Errorf("%s: %q vanishes behind %s", one.name, what, around(one.source[max(0, place-60):place], nil))
				}
			}
		}
		if tried < 50 {
			t.Errorf("%s: only %d places were tried", one.name, tried)
		}
	}
}

// places are the offsets in front of every end tag outside narratives and pages, and behind every start tag.
func places(b *branch) []int {
	if isNarrative(b) || b.name == "text" && b.parent.name == "nonXMLBody" {
		return nil
	}
	var found []int
	if b.open < b.end {
		found = append(found, b.open)
	}
	for _, c := range b.children {
		found = append(found, c.end)
		found = append(found, places(c)...)
	}
	return found
}

// holds says that a slot, the residue or a text of the record has what stands at a place.
func holds(d *node.Document, at translation.Span) bool {
	for _, slot := range d.Slots {
		if at.In([]translation.Span{slot.Span}) {
			return true
		}
	}
	for _, residue := range d.Residue {
		if at.In([]translation.Span{residue.Span}) {
			return true
		}
	}
	said := map[string]bool{}
	gather(reflect.ValueOf(d), said)
	return withinOne(marker, said)
}

// account looks below an element for what nothing holds.
func account(b *branch, held []translation.Span, said map[string]bool, lost map[string]int) {
	span := translation.Span{Start: b.start, End: b.end}
	if span.In(held) || isNarrative(b) {
		return
	}
	if b.parent.name == "nonXMLBody" && b.name == "text" {
		return // the pages, byte for byte
	}
	if unheld[b.name] == "" {
		for _, what := range spoken(b) {
			if !said[plain1(what)] && !said[digits(what)] && !said[digits(toSeconds(what))] && !withinOne(plain1(what), said) {
				lost[b.parent.name+"/"+b.name+" "+what]++
			}
		}
	}
	for _, c := range b.children {
		account(c, held, said, lost)
	}
}

// spoken is what an element itself says: a code with its system, a quantity, a value, an identifier, a text.
func spoken(b *branch) []string {
	var all []string
	if b.attributes["code"] != "" && b.attributes["codeSystem"] != "" && b.name != "translation" {
		all = append(all, "code "+b.attributes["code"]+" of "+b.attributes["codeSystem"]) // only a slot or residue holds that
	}
	for _, name := range []string{"value", "unit", "extension"} {
		if value := strings.TrimSpace(b.attributes[name]); value != "" {
			all = append(all, value)
		}
	}
	if text := plain1(b.text); text != "" {
		all = append(all, text)
	}
	return all
}

// withinOne says that a text is part of one of the record's: given names are joined, comments gathered.
func withinOne(text string, said map[string]bool) bool {
	for one := range said {
		if len(text) > 2 && strings.Contains(one, text) {
			return true
		}
	}
	return false
}

func isNarrative(b *branch) bool {
	return b.name == "text" && b.parent.name == "section"
}
