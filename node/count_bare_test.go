package node_test

import (
	"testing"

	"sild/node"
)

// bare is a package of which the number of items bears no unit.
func bare(items, country string) *medicine {
	m := tablets(country)
	m.Items = count{items, nil}
	return m
}

// A count without a unit may be of tablets, of blisters or of packages: it never divides a package.
func TestABareCountDividesNoPackage(t *testing.T) {
	for _, row := range []struct {
		name        string
		prescribed  *medicine
		handed      *medicine
		packages    string
		substituted *bool
		left        string
		reason      string // of the refusal
	}{
		{"the very number", tabs("56").in("FI"), bare("56", "EE"), "1", no(), "0", ""},
		{"one, which may be a package", tabs("56").in("FI"), bare("1", "EE"), "1", no(), "", "dispensation.package"},
		{"three, which may be blisters", tabs("56").in("FI"), bare("3", "EE"), "1", no(), "", "dispensation.package"},
		{"one as a stated substitute is a package", tabs("56").in("FI"), bare("1", "EE"), "1", yes(), "0", ""},
		{"two such are too many", tabs("56").in("FI"), bare("1", "EE"), "2", yes(), "1", "dispensation.too-much"},
		{"a larger number as a stated substitute", tabs("56").in("FI"), bare("100", "EE"), "1", yes(), "", "dispensation.package"},
		{"the unit stands with what was handed out", bare("56", "FI"), tabs("28").in("EE"), "2", no(), "0", ""},
		{"a package was prescribed", bare("1", "FI"), tabs("30").in("EE"), "1", yes(), "0", ""},
	} {
		for _, gate := range []string{"at home", "at the counter"} {
			w := in(t, "FI", "EE")
			s := w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", row.prescribed })
			w.released(1)
			change := func(p *paper) { p.Handout.Medicine, p.Handout.Substituted = row.handed, row.substituted }
			var err error
			if gate == "at home" {
				_, err = w.report(w.message(1, 1, row.packages, change))
			} else {
				w.fetched(1)
				_, err = w.handOut(w.note(1, 1, row.packages, change))
			}
			switch {
			case row.reason == "" && (err != nil || s.left() != row.left):
				t.Errorf("%s %s: %v, %s left", row.name, gate, err, s.left())
			case row.reason != "" && (err == nil || node.AsError(err).Reason != row.reason || s.left() != "1"):
				t.Errorf("%s %s: %v, %s left", row.name, gate, err, s.left())
			}
		}
	}
}

// The parts of a combination pack stand in no order.
func TestTheSameCombinationPackInAnotherOrderIsTheSame(t *testing.T) {
	for _, alike := range []bool{false, true} {
		pack := func(country, first, second string) *medicine {
			m := kit(country)
			if alike {
				m.Parts[1] = tablets(country)
			}
			m.Parts[0].Items.Value, m.Parts[1].Items.Value = first, second
			return m
		}
		w := in(t, "FI", "EE")
		s := w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", pack("FI", "21", "7") })
		w.released(1)
		_, err := w.report(w.message(1, 1, "1", func(p *paper) {
			m := pack("EE", "21", "7")
			m.Parts[0], m.Parts[1] = m.Parts[1], m.Parts[0]
			p.Handout.Medicine, p.Handout.Substituted = m, no()
		}))
		if err != nil || s.left() != "0" {
			t.Errorf("parts alike %v: %v, %s left", alike, err, s.left())
		}
	}
}
