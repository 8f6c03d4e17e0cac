package node_test

import (
	"strings"
	"testing"

	"sild/node"
)

// ampoules are so many ampoules of so many millilitres, with a package number of the country.
func ampoules(country, items, content string) *medicine {
	m := boxed{"ampoule", items, content}.in(country)
	m.Product = packageNumber(country)
	return m
}

func packageNumber(country string) *code {
	if country == "EE" {
		return &code{System: "http://ravimiregister.ee/pakendid", Code: "1234567"}
	}
	return &code{System: "urn:oid:1.2.246.537.6.55.2004", Code: "123456"}
}

// An ampoule of another content is another product: it needs a stated substitution at both gates, and it never takes a
// package number home, neither of the country of treatment nor the prescribed one.
func TestAnAmpouleOfAnotherContentIsAnotherProduct(t *testing.T) {
	for _, row := range []struct {
		name                    string
		packages                string // of ten ampoules
		content, items, handed  string // prescribed, and the one package that is handed out
		allowed, stated         *bool
		reason, left, ownNumber string // ownNumber is of whose country the number is that comes back
	}{
		{"the same content", "1", "2", "10", "2", no(), no(), "", "0", "FI"},
		{"three times the content in a third of the ampoules", "3", "0.2", "10", "0.6", nil, no(), "dispensation.package", "", "EE"},
		{"under a ban", "3", "0.2", "10", "0.6", no(), no(), "dispensation.package", "", "FI"},
		{"less in one ampoule, under a ban", "1", "2", "10", "1", no(), no(), "dispensation.package", "", "FI"},
		{"less in one ampoule, with the prescribed number", "1", "2", "10", "1", no(), no(), "dispensation.package", "", "EE"},
		{"as much in other ampoules", "1", "2", "20", "1", nil, no(), "dispensation.package", "", "FI"},
		{"nothing is said of a substitution", "1", "2", "10", "1", nil, nil, "dispensation.package", "", "FI"},
		{"stated, against a ban", "1", "2", "10", "1", no(), yes(), "dispensation.substitution", "", "FI"},
		{"stated and allowed", "1", "2", "10", "1", yes(), yes(), "", "0", "EE"},
		{"stated and allowed, of more", "3", "0.2", "10", "0.6", yes(), yes(), "", "0", "EE"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, gate := range []string{"at home", "at the counter"} {
				w := in(t, "EE", "FI")
				w.prescribe(1, func(s *script) {
					s.Packages, s.Substitute, s.Medicine = row.packages, row.allowed, ampoules("EE", "10", row.content)
				})
				w.fetched(1)
				change := func(p *paper) {
					p.Handout.Medicine, p.Handout.Substituted = ampoules("FI", row.items, row.handed), row.stated
					p.Handout.Medicine.Product = packageNumber(row.ownNumber)
				}
				var r *node.Receipt
				var err error
				if gate == "at home" {
					r, err = w.report(w.message(1, 1, "1", change))
				} else {
					r, err = w.handOut(w.note(1, 1, "1", change))
				}
				if row.reason != "" {
					w.wantError(err, node.Refused, row.reason)
					if gate == "at the counter" && len(w.line.sent) > 0 {
						t.Error("the counter sent it all the same")
					}
					continue
				}
				if must(t, r, err).Left != row.left {
					t.Errorf("%s: %s left, want %s", gate, r.Left, row.left)
				}
				if product := w.register.handed[0].Medication.Product; (product != nil) != (row.content == row.handed) {
					t.Errorf("%s: the package number that came home is %v", gate, product)
				}
			}
		})
	}
}

func TestAnItemOfAnotherContentInAKitIsAnotherProduct(t *testing.T) {
	for content, reason := range map[string]string{"2": "", "1": "dispensation.package", "3": "dispensation.too-much"} {
		w := in(t, "FI", "EE")
		w.prescribe(1, func(s *script) {
			s.Packages, s.Medicine = "1", kit("FI")
			s.Medicine.Parts[1].Form, s.Medicine.Parts[1].Items = ampoules("FI", "10", "2").Form, ampoules("FI", "10", "2").Items
			s.Medicine.Parts[1].Content = ampoules("FI", "10", "2").Content
		})
		w.released(1)
		r, err := w.report(w.message(1, 1, "1", func(p *paper) {
			p.Handout.Medicine, p.Handout.Substituted = kit("EE"), no()
			part := p.Handout.Medicine.Parts[1]
			part.Form, part.Items, part.Content = ampoules("EE", "10", content).Form, ampoules("EE", "10", content).Items, ampoules("EE", "10", content).Content
		}))
		if reason == "" {
			must(t, r, err)
			continue
		}
		if err == nil || node.AsError(err).Reason != reason {
			t.Errorf("%s mL: %v, want %s", content, err, reason)
		}
	}
}

// What is measured out may come in bottles of another content, but not under the prescribed number, even where the total
// contradicts the packages and packages are counted.
func TestAnotherBottleNeverTakesThePrescribedNumberHome(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) {
		s.Packages, s.Medicine = "1", boxed{"suspension", "1", "200"}.in("EE")
		s.Total = &count{"300", &code{System: eeUnit, Code: "ML"}}
	})
	w.released(1)
	r, err := w.report(w.message(1, 1, "1", func(p *paper) {
		p.Handout.Medicine, p.Handout.Substituted = boxed{"suspension", "1", "100"}.in("FI"), no()
		p.Handout.Medicine.Product = packageNumber("EE")
	}))
	must(t, r, err)
	if w.register.handed[0].Medication.Product != nil {
		t.Error("a smaller bottle bears the prescribed number")
	}
}

// The gate compares strengths as the finder does: 60 mg in an ampoule of 0.6 mL is 100 mg/mL.
func TestAStrengthOfAnAmpouleIsComparedByItsContent(t *testing.T) {
	for _, row := range []struct{ name, amount, content, reason string }{
		{"as much in a millilitre", "100", "0.6", ""},
		{"more in a millilitre", "120", "0.6", "dispensation.strength"},
		{"as much in an ampoule of unknown content", "100", "", "dispensation.strength"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, gate := range []string{"at home", "at the counter"} {
				w := in(t, "EE", "FI")
				w.prescribe(1, func(s *script) {
					s.Packages, s.Medicine = "1", ampoules("EE", "10", "0.6")
					s.Medicine.Ingredients[0].Amount.Value, s.Medicine.Ingredients[0].Per.Unit.Code = "60", "AMPULL"
				})
				w.fetched(1)
				change := func(p *paper) {
					p.Handout.Medicine, p.Handout.Substituted = ampoules("FI", "10", row.content), no()
					p.Handout.Medicine.Ingredients[0].Amount.Value = row.amount
				}
				var r *node.Receipt
				var err error
				if gate == "at home" {
					r, err = w.report(w.message(1, 1, "1", change))
				} else {
					r, err = w.handOut(w.note(1, 1, "1", change))
				}
				if row.reason == "" {
					must(t, r, err)
					continue
				}
				w.wantError(err, node.Refused, row.reason)
			}
		})
	}
}

func TestARefusalAfterCountingByContentDoesNotSayThatPackagesWereCounted(t *testing.T) {
	w := in(t, "FI", "EE")
	w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "2", ampoules("FI", "10", "2") })
	w.released(1)
	_, err := w.report(w.message(1, 1, "2", func(p *paper) {
		p.Handout.Medicine, p.Handout.Substituted = ampoules("EE", "10", "3"), yes()
	}))
	w.wantError(err, node.Conflict, "dispensation.too-much")
	if detail := node.AsError(err).Detail; !strings.HasSuffix(detail, "2 packages left. A package with items or parts of another size counts for at least one.") {
		t.Error(detail)
	}
}

// No package holds a part of a tablet: such a number takes next to nothing and would close the prescription.
func TestAPackageHoldsWholeItems(t *testing.T) {
	for _, row := range []struct {
		prescribed, handed boxed
		refused            bool
	}{
		{tabs("56"), tabs("0.0001"), true},
		{tabs("56"), tabs("27.5"), true},
		{tabs("56"), tabs("28.0"), false},
		{tabs("56"), tabs("1"), false},
		{boxed{"ampoule", "10", "2"}, boxed{"ampoule", "0.5", "2"}, true},
		{boxed{"ampoule", "10", "0.5"}, boxed{"ampoule", "10", "0.5"}, false},
		{tabs("0.5"), tabs("0.5"), false}, // as it was prescribed
	} {
		for _, gate := range []string{"at home", "at the counter"} {
			w := in(t, "EE", "FI")
			w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", row.prescribed.in("EE") })
			w.fetched(1)
			change := func(p *paper) { p.Handout.Medicine = row.handed.in("FI") }
			var r *node.Receipt
			var err error
			if gate == "at home" {
				r, err = w.report(w.message(1, 1, "1", change))
			} else {
				r, err = w.handOut(w.note(1, 1, "1", change))
			}
			if row.refused {
				w.wantError(err, node.Invalid, "dispensation.items")
				continue
			}
			must(t, r, err)
		}
	}
}
