package node

import (
	"testing"

	"sild/translation"
)

func TestASubstitutedMedicineBearsNoNumberOfTheProductAnywhere(t *testing.T) {
	number := func() *translation.Slot { return &translation.Slot{} }
	m := Medication{Product: number(), Generic: number(), Package: Package{Levels: []PackageLevel{{Product: number()}}},
		Parts: []Medication{{Product: number(), Generic: number(), Package: Package{Levels: []PackageLevel{{}, {Product: number()}}}}}}
	withoutProduct(&m)
	for _, one := range []Medication{m, m.Parts[0]} {
		if one.Product != nil || one.Generic != nil {
			t.Errorf("%+v", one)
		}
		for _, level := range one.Package.Levels {
			if level.Product != nil {
				t.Errorf("%+v", level)
			}
		}
	}
}
