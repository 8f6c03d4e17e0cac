package node_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// withWrongRow is the shipped tables and a folder whose row makes metformin ramipril.
func withWrongRow(t *testing.T) *translation.Catalogue {
	t.Helper()
	built, err := translation.Compile(translation.Source{Files: mappings.Files()}, translation.Source{Name: "wrong", Files: fstest.MapFS{
		"MANIFEST.csv": {Data: []byte("file,kind,origin,release,licence,status\nfi-eu/substance.csv,concept-map,test,1,CC0,draft\n")},
		"systems.csv":  {Data: []byte("short,uri,oid,name\n")},
		"fi-eu/substance.csv": {Data: []byte("system,code,relation,target_system,target,factor,per_system,per,back,source,since,status,remark\n" +
			"fi-atc,A10BA02,equivalent,atc,C09AA05,,,,no,test,2026-11-01,draft,\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := translation.Open(built.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASubstanceThatContradictsTheATCCodeOfItsMedicineIsAlarmed(t *testing.T) {
	tables := withWrongRow(t)
	for _, test := range []struct {
		name, atc  string
		substances []string
		alarm      bool
	}{
		{"a wrong row", "A10BA02", []string{"A10BA02"}, true},
		{"one substance", "C09AA05", []string{"C09AA05"}, false},
		{"another use of one substance", "R03CC02", []string{"R03AC02"}, false},
		{"a combination with both substances", "A10BA02", []string{"A10BA02", "C09AA05"}, false},
		{"a code of several substances", "J01CR02", []string{"J01CA04"}, false},
		{"a group", "A10B", []string{"C09AA05"}, false},
	} {
		const list = "urn:oid:1.2.246.537.6.32"
		atc := translation.NewSlot(translation.Classification, "medication.classification[0]", translation.Coding{System: list, Code: test.atc})
		d := &node.Document{Slots: []*translation.Slot{atc}}
		m := node.Medication{Classification: []*translation.Slot{atc}}
		for _, code := range test.substances {
			s := translation.NewSlot(translation.Substance, "medication.ingredient[0].substance", translation.Coding{System: list, Code: code})
			d.Slots = append(d.Slots, s)
			m.Ingredients = append(m.Ingredients, node.Ingredient{Substance: s})
		}
		d.Prescriptions = []*node.Prescription{{Medication: m}}
		_ = node.CarryOut(tables, "FI", d)
		first := m.Ingredients[0].Substance
		if alarmed := strings.Contains(first.Alarm(), "name different substances"); alarmed != test.alarm || first.Fate != translation.Mapped {
			t.Errorf("%s: %s, %q, %s", test.name, first.Current.Code, first.Alarm(), first.Fate)
		}
		if test.alarm && first.Coherence() != translation.Contradicts {
			t.Errorf("%s: %s", test.name, first.Coherence())
		}
		if e := node.Contradiction(tables, d); (e != nil) != test.alarm {
			t.Errorf("%s: %v", test.name, e)
		}
	}
}
