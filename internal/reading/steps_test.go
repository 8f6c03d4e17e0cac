package reading

import (
	"slices"
	"testing"

	"sild/node"
	"sild/translation"
)

// tablets is an amount of the shared unit.
func tablets(n string) node.Quantity {
	return node.Quantity{Value: n, Unit: translation.NewSlot(translation.DoseUnit, "unit", translation.Coding{System: "http://standardterms.edqm.eu", Code: "15054000"})}
}

func TestAPrescriptionTellsItsDosageInSentencesBesideThePrescribersWords(t *testing.T) {
	p := &node.Prescription{Language: "fi", Amount: node.Amount{Packages: "2"}, Medication: node.Medication{Package: node.Package{Items: tablets("28")}},
		Dosage: []node.Dosage{{Text: "Ei saa ottaa maidon kanssa.", Dose: tablets("2"), Timing: node.Timing{Frequency: "3", Period: "1", PeriodUnit: "d", BoundsValue: "7", BoundsUnit: "d"}}}}
	page := Of(&node.Document{Kind: node.APrescription, Prescriptions: []*node.Prescription{p}}, "sv")
	found := map[string]Value{}
	page.Each(func(b *Block, _ int) {
		for _, row := range b.Rows {
			found[row.Label] = row.Values[0]
		}
	})
	said := found[swedish["dosage.pharmacist"]]
	if said.Translated != "2 tabl. 3 × per dag, i 7 dagar" || said.TranslatedIn != "sv" || said.Original != "Ei saa ottaa maidon kanssa." || said.OriginalIn != "fi" {
		t.Errorf("to the pharmacist: %+v", said)
	}
	if got := found[swedish["dosage.patient"]].Translated; got != "2 tabletter 3 gånger per dag, i 7 dagar." {
		t.Errorf("to the patient: %q", got)
	}
	if words := found[swedish["dosage.text"]]; words.Original != "Ei saa ottaa maidon kanssa." || words.OriginalIn != "fi" || words.Translated != "" {
		t.Errorf("the prescriber's own words: %+v", words)
	}
	steps := found[swedish["amount.steps"]]
	differs := slices.ContainsFunc(steps.Marks, func(m Mark) bool { return m.Kind == Differs })
	if steps.Translated != "kuren: 2 tabletter × 3 gånger per dag × 7 dagar = 42 tabletter ≠ förskrivet: 2 förpackningar × 28 tabletter = 56 tabletter" || !differs {
		t.Errorf("the amounts: %+v", steps)
	}
}

func TestADeniedStatementIsDeniedInItsSentenceToo(t *testing.T) {
	w := plainWriter("fi", "en")
	b := w.entry("medicine", &node.Entry{Kind: node.AMedicationUse, Negated: true, Dosage: []node.Dosage{{Dose: tablets("1")}}})
	if got := valueOf(b.Inner[0].Rows, english["dosage.pharmacist"]); got != "This instruction does NOT apply: 1 tab." {
		t.Errorf("got %q", got)
	}
}

func TestDosagesWithoutStructureAreSaidToBeFreeText(t *testing.T) {
	w := plainWriter("fi", "en")
	for _, list := range [][]node.Dosage{{{Text: "yksi aamulla"}}, {{Text: "yksi"}, {Text: "kaksi"}}} {
		said := w.sentences(list, false).rows
		if got := valueOf(said, english["dosage.pharmacist"]); got != "see the instruction in free text, in Finnish" {
			t.Errorf("to the pharmacist: %q", got)
		}
		if got := valueOf(said, english["dosage.patient"]); got != "See the instruction in free text, in Finnish." {
			t.Errorf("to the patient: %q", got)
		}
	}
	for _, list := range [][]node.Dosage{nil, {{}}} {
		if said := w.sentences(list, false).rows; len(said) > 0 {
			t.Errorf("%+v was said of nothing", said)
		}
	}
}
