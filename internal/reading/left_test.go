package reading

import (
	"testing"

	"sild/node"
)

func TestAPartOfAPackageIsToldByWhatItHolds(t *testing.T) {
	items := tablets("56")
	items.Unit.Rendered, items.Unit.Language = "tabletti", "fi"
	bare := node.Package{Items: node.Quantity{Value: "56"}}
	litres := node.Package{Items: node.Quantity{Value: "2"}, Content: node.Quantity{Value: "0.5", Unit: tablets("").Unit}}
	litres.Content.Unit.Rendered, litres.Content.Unit.Language = "L", "fi"
	for _, row := range []struct {
		left string
		pack node.Package
		want string
	}{
		{"1/2", node.Package{Items: items}, "1/2 (28 tabletti)"},
		{"3/2", node.Package{Items: items}, "3/2 (84 tabletti)"},
		{"2", node.Package{Items: items}, "2"},
		{"", node.Package{Items: items}, ""},
		{"1/2", bare, "1/2 (28)"},
		{"1/4", litres, "1/4 (0,25 L)"},
		{"1/3", node.Package{Items: items}, "1/3"}, // 18 2/3 tablets are no decimal
		{"1/2", node.Package{}, "1/2"},
	} {
		p := &node.Prescription{Medication: node.Medication{Package: row.pack}, Amount: node.Amount{Left: row.left}}
		if got := plainWriter("et", "fi").left(p).Words(); got != row.want {
			t.Errorf("%+v: %q", row, got)
		}
	}
}
