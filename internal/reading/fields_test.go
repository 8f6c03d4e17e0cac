package reading

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/translation"
)

// unshown are the fields that must not stand on a page, with the reason.
var unshown = map[string]string{
	"Document.Kind":                "chooses the title",
	"Document.Source":              "the bytes themselves",
	"Document.Pages":               "the PDF itself",
	"Document.Handle":              "opaque, short-lived, and of no use to a reader",
	"Document.Elements":            "what may be withheld",
	"Document.Quotes":              "words of fields that are shown themselves",
	"Document.Out":                 "the encoded bytes",
	"Document.Peer":                "the loss report has its own place beside the page",
	"Document.At":                  "a time: checked by its own test",
	"Patient.Protected":            "that an address is protected is nobody's business abroad",
	"Residue.Span":                 "a place in bytes",
	"Section.State":                "said in words of its own, see the test of states",
	"Section.Code":                 "stands in Block.Code",
	"Entry.Kind":                   "chooses the labels",
	"Entry.Negated":                "said in words of its own, see the test of denials",
	"Dosage.AsNeeded":              "said in words of its own",
	"Substitution.Allowed":         "said in words of its own",
	"Dispensation.Substituted":     "said in words of its own",
	"Narrative.Generated":          "shown by whoever shows the narrative",
	"Narrative.Language":           "shown by whoever shows the narrative",
	"Dispensation.ClosesRemainder": "said in words of its own",
}

// filler sets every field to a text that stands nowhere else.
type filler struct {
	n     int
	texts map[string]string // unique text by path
	doc   *node.Document
}

func (f *filler) text(path string) string {
	f.n++
	text := fmt.Sprintf("Unik%04d", f.n)
	f.texts[path] = text
	return text
}

func (f *filler) fill(v reflect.Value, name string, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text(name))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		f.pointer(v, name, depth)
	case reflect.Slice:
		if depth > 9 || v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), fmt.Sprintf("%s[%d]", name, i), depth+1)
		}
	case reflect.Struct:
		f.fields(v, name, depth)
	}
}

func (f *filler) pointer(v reflect.Value, name string, depth int) {
	if v.Type() == reflect.TypeFor[*translation.Slot]() {
		slot := translation.NewSlot(translation.Other, name, translation.Coding{System: f.text(name + ".system"),
			Version: f.text(name + ".version"), Code: f.text(name + ".code"), Display: f.text(name + ".display"), Language: "lv"})
		slot.Text, slot.Rendered, slot.Language = f.text(name+".text"), f.text(name+".rendered"), "lt"
		slot.Fate, slot.Reason, slot.Compare().Alarm = translation.Passed, f.text(name+".reason"), f.text(name+".alarm")
		f.doc.Slots = append(f.doc.Slots, slot)
		v.Set(reflect.ValueOf(slot))
		return
	}
	v.Set(reflect.New(v.Type().Elem()))
	f.fill(v.Elem(), name, depth)
}

func (f *filler) fields(v reflect.Value, name string, depth int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		own := v.Type().Name() + "." + field.Name
		if !field.IsExported() || unshown[own] != "" || own == "Document.Slots" {
			continue
		}
		if (own == "Entry.Members" || own == "Medication.Parts") && strings.Contains(name, field.Name) {
			continue // one level is enough
		}
		f.fill(v.Field(i), name+"."+field.Name, depth+1)
	}
}

func TestEveryFieldOfEveryRecordStandsOnThePage(t *testing.T) {
	for _, language := range []string{"et", "fi", "en", "sv"} {
		d := &node.Document{Kind: node.AListing}
		f := &filler{texts: map[string]string{}, doc: d}
		f.fill(reflect.ValueOf(d).Elem(), "Document", 0)
		all := flat(Of(d, language))
		for path, text := range f.texts {
			if !strings.Contains(all, text) {
				t.Errorf("%s: %s was set and is not shown", language, path)
			}
		}
	}
}

// flat is everything that a page says, one piece a line.
func flat(p *Page) string {
	var out strings.Builder
	line := func(texts ...string) { out.WriteString(strings.Join(texts, "\n") + "\n") }
	line(p.Title, p.Language, p.Source, p.Notice)
	p.Each(func(b *Block, _ int) {
		line(b.Heading, b.Code, b.State, b.Narrative.XHTML)
		for _, row := range b.Rows {
			line("| " + row.Label)
			for _, v := range row.Values {
				line(v.Original, v.OriginalCode, v.Translated, v.Code)
				for _, m := range v.Marks {
					line("[" + string(m.Kind) + "] " + m.Sentence())
				}
			}
		}
	})
	return out.String()
}

func TestTheListOfUnshownFieldsIsNotStale(t *testing.T) {
	types := []reflect.Type{reflect.TypeFor[node.Document](), reflect.TypeFor[node.Patient](), reflect.TypeFor[node.Residue](),
		reflect.TypeFor[node.Section](), reflect.TypeFor[node.Entry](), reflect.TypeFor[node.Dosage](), reflect.TypeFor[node.Substitution](),
		reflect.TypeFor[node.Dispensation](), reflect.TypeFor[node.Narrative]()}
	for own := range unshown {
		name, field, _ := strings.Cut(own, ".")
		found := false
		for _, typ := range types {
			if typ.Name() == name {
				_, found = typ.FieldByName(field)
			}
		}
		if !found {
			t.Errorf("%s is listed as not shown, but there is no such field", own)
		}
	}
}
