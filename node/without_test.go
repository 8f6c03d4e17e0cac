package node_test

import (
	"testing"

	"sild/node"
	"sild/translation"
)

// sectioned is a summary of two sections whose shared entry stands behind both.
func sectioned() *node.Document {
	own := translation.NewSlot(translation.Diagnosis, "section[11450-4].entry[0].code", translation.Coding{Code: "I10"})
	own.Span = translation.Span{Start: 10, End: 20}
	shared := translation.NewSlot(translation.Diagnosis, "section[11450-4:2].entry[0].reason", translation.Coding{Code: "E11"})
	shared.Span = translation.Span{Start: 50, End: 60}
	other := translation.NewSlot(translation.Allergen, "section[48765-2].entry[0].code", translation.Coding{Code: "J01"})
	other.Span = translation.Span{Start: 30, End: 40}
	return &node.Document{Slots: []*translation.Slot{own, other, shared},
		Residue: []node.Residue{{Path: "a", Span: translation.Span{Start: 12, End: 14}}, {Path: "b", Span: translation.Span{Start: 70, End: 80}}},
		Rest:    []node.Residue{{Path: "c", Span: translation.Span{Start: 15, End: 18}}, {Path: "d", Span: translation.Span{Start: 80, End: 90}}},
		Elements: []node.Element{{Name: "section:11450-4", Section: "section[11450-4]", Spans: []translation.Span{{Start: 5, End: 25}}},
			{Name: "section:11450-4", Section: "section[11450-4:2]", Spans: []translation.Span{{Start: 22, End: 25}}},
			{Name: "section:42348-3", Section: "section[48765-2]", Nested: true, Spans: []translation.Span{{Start: 41, End: 44}}}},
		Summary: &node.Summary{Sections: []node.Section{{Code: "11450-4", Slots: []*translation.Slot{own, shared}, Entries: []node.Entry{{What: own}}},
			{Code: "48765-2", Slots: []*translation.Slot{other}, Entries: []node.Entry{{What: other, Reasons: []*translation.Slot{own}}},
				Narrative: node.Narrative{XHTML: "<p>J01</p>"}}}}}
}

func TestADocumentWithoutASectionHoldsNothingOfIt(t *testing.T) {
	d := sectioned()
	view := d.Without([]translation.Span{{Start: 5, End: 25}})
	if len(view.Summary.Sections) != 1 || view.Summary.Sections[0].Code != "48765-2" {
		t.Fatalf("the sections are %+v", view.Summary.Sections)
	}
	if len(view.Slots) != 1 || view.Slots[0].Path != "section[48765-2].entry[0].code" {
		t.Errorf("%d slots are left", len(view.Slots))
	}
	if len(view.Residue) != 1 || view.Residue[0].Path != "b" || len(view.Rest) != 1 || view.Rest[0].Path != "d" {
		t.Errorf("left unread: %v, %v", view.Residue, view.Rest)
	}
	if kept := view.Summary.Sections[0]; len(kept.Entries[0].Reasons) != 0 || kept.Narrative.XHTML == "" {
		t.Errorf("a reason that is withheld stands in another section: %+v", kept)
	}
	if len(d.Slots) != 3 || len(d.Summary.Sections) != 2 || len(d.Summary.Sections[1].Entries[0].Reasons) != 1 {
		t.Error("the document itself was changed")
	}
}

func TestACutInsideASectionTakesItsNarrative(t *testing.T) {
	view := sectioned().Without([]translation.Span{{Start: 30, End: 40}})
	if len(view.Summary.Sections) != 2 || len(view.Summary.Sections[1].Entries) != 0 || view.Summary.Sections[1].Narrative.XHTML != "" {
		t.Errorf("%+v", view.Summary.Sections)
	}
}

func TestACutOfANestedSectionTakesTheNarrativeOfTheOneAround(t *testing.T) {
	view := sectioned().Without([]translation.Span{{Start: 41, End: 44}})
	if len(view.Summary.Sections) != 2 || len(view.Summary.Sections[1].Entries) != 1 || view.Summary.Sections[1].Narrative.XHTML != "" {
		t.Errorf("%+v", view.Summary.Sections)
	}
}

func TestADocumentWithoutACutIsItself(t *testing.T) {
	if d := sectioned(); d.Without(nil) != d {
		t.Error("it was copied for nothing")
	}
}

func TestWordsFromAPassageThatIsWithheldStandInNoOtherField(t *testing.T) {
	quotes := []node.Quote{{Words: "HIV", Span: translation.Span{Start: 12, End: 15}, For: translation.Span{Start: 50, End: 60}},
		{Words: "valu", Span: translation.Span{Start: 30, End: 34}, For: translation.Span{Start: 70, End: 80}},
		{Words: "rohi", Span: translation.Span{Start: 13, End: 14}, For: translation.Span{Start: 41, End: 44}}}
	d := &node.Document{Quotes: func() []node.Quote { return quotes },
		Prescriptions: []*node.Prescription{{Notes: []string{"HIV", "valu"}, Instructions: node.Instructions{Patient: "enne HIV", Pharmacist: "rohi"},
			Dosage: []node.Dosage{{Text: "1 tablett HIV", Additional: []string{"HIV", "vajadusel"}, NeededFor: []*translation.Slot{{Text: "HIV"},
				{Text: "valu", Span: translation.Span{Start: 12, End: 16}}, {Text: "palavik", Span: translation.Span{Start: 60, End: 66}}}}}}},
		Summary: &node.Summary{Sections: []node.Section{{Entries: []node.Entry{{Text: "HIV", Members: []node.Entry{{Result: node.Result{Text: "HIV"}}}}}}}}}
	view := d.Without([]translation.Span{{Start: 10, End: 20}, {Start: 40, End: 45}})
	p, e := view.Prescription(), view.Summary.Sections[0].Entries[0]
	if len(p.Notes) != 1 || p.Notes[0] != "valu" || p.Instructions != (node.Instructions{Pharmacist: "rohi"}) ||
		p.Dosage[0].Text != "" || len(p.Dosage[0].Additional) != 1 || e.Text != "" || e.Members[0].Result.Text != "" {
		t.Errorf("%+v, %+v", p, e)
	}
	if needed := p.Dosage[0].NeededFor; len(needed) != 1 || needed[0].Text != "palavik" {
		t.Errorf("for what it is needed: %+v", needed)
	}
	if old := d.Prescription(); old.Dosage[0].Text == "" || len(old.Dosage[0].Additional) != 2 || len(old.Dosage[0].NeededFor) != 3 || len(old.Notes) != 2 {
		t.Error("the document itself was changed")
	}
}
