package node_test

import (
	"fmt"
	"io/fs"
	"math/big"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"sild/mappings"
	"sild/node"
	"sild/translation"
)

// boxed is a package of a medicine: 56 tablets, or so many containers of so much. kind names form, strength and units.
type boxed struct{ kind, items, content string }

// boxes are the kinds in the codes of both countries: dose form, unit of the items, unit of what one holds, unit that the
// strength is for.
var boxes = map[string]map[string][4]string{
	"tablet":     {"EE": {"738", "TABL", "", "TABL"}, "FI": {"10219000", "18", "", "18"}},
	"suspension": {"EE": {"795", "PUDEL", "ML", "ML"}, "FI": {"10106000", "15", "02", "02"}},
	"centilitre": {"EE": {"795", "PUDEL", "CENTILITER", "ML"}, "FI": {"10106000", "15", "02", "02"}},
	"litre":      {"EE": {"795", "PUDEL", "L", "ML"}, "FI": {"10106000", "15", "02", "02"}},
	"layered":    {"EE": {"738", "TK", "TABL", "TABL"}, "FI": {"10219000", "18", "", "18"}},
	"ampoule":    {"EE": {"739", "AMPULL", "ML", "ML"}, "FI": {"11201000", "06", "02", "02"}},
	"by volume":  {"EE": {"738", "ML", "", "TABL"}, "FI": {"10219000", "02", "", "18"}}, // tablets in millilitres compare with nothing
}

// in writes the package down in the codes of a country.
func (x boxed) in(country string) *medicine {
	system := map[string]string{"EE": eeUnit, "FI": fiUnit}[country]
	m, codes := tablets(country), boxes[x.kind][country]
	m.Form.Code, m.Items = codes[0], count{x.items, &code{System: system, Code: codes[1]}}
	m.Ingredients[0].Per = &count{"1", &code{System: system, Code: codes[3]}}
	if x.content != "" {
		m.Content = &count{x.content, &code{System: system, Code: codes[2]}}
	}
	return m
}

// handing is one dispensation: so many packages of a kind, and what comes of it.
type handing struct {
	packages string
	of       boxed
	left     string // of the receipt or of the refusal
	refused  string // the reason
}

func tabs(items string) boxed { return boxed{"tablet", items, ""} }

// countings are prescriptions and what is handed out on each, one after another. The figures were counted by hand.
var countings = []struct {
	name, packages string
	of             boxed
	handings       []handing
}{
	{"two of 28 are one of 56", "1", tabs("56"), []handing{{"2", tabs("28"), "0", ""}}},
	{"three of 28 are more than one of 56", "1", tabs("56"), []handing{{"3", tabs("28"), "1", "dispensation.too-much"}, {"2", tabs("28"), "0", ""}}},
	{"two of 30 are one of 60", "1", tabs("60"), []handing{{"2", tabs("30"), "0", ""}}},
	{"two of 30 are more than one of 56", "1", tabs("56"), []handing{{"2", tabs("30"), "1", "dispensation.too-much"}}},
	{"one of 100 is more than one of 98", "1", tabs("98"), []handing{{"1", tabs("100"), "1", "dispensation.too-much"}}},
	{"one of 90 is three of 30", "3", tabs("30"), []handing{{"1", tabs("90"), "0", ""}}},
	{"a half, the other half, and no third", "1", tabs("56"), []handing{{"1", tabs("28"), "1/2", ""}, {"1", tabs("28"), "0", ""},
		{"1", tabs("28"), "0", "dispensation.nothing-left"}}},
	{"a half, and then a whole one", "1", tabs("56"), []handing{{"1", tabs("28"), "1/2", ""}, {"1", tabs("56"), "1/2", "dispensation.too-much"},
		{"2", tabs("28"), "1/2", "dispensation.too-much"}, {"2", tabs("14"), "0", ""}}},
	{"a third has no decimal", "1", tabs("90"), []handing{{"1", tabs("30"), "2/3", ""}, {"1", tabs("30"), "1/3", ""}, {"1", tabs("30"), "0", ""}}},
	{"two tablets remain", "1", tabs("100"), []handing{{"1", tabs("98"), "1/50", ""}, {"1", tabs("10"), "1/50", "dispensation.too-much"}}},
	{"of several packages", "3", tabs("30"), []handing{{"1", tabs("60"), "1", ""}, {"1", tabs("60"), "1", "dispensation.too-much"}, {"3", tabs("10"), "0", ""}}},
	{"the same size", "2", tabs("10"), []handing{{"1", tabs("10"), "1", ""}, {"2", tabs("10"), "1", "dispensation.too-much"}, {"1", tabs("10"), "0", ""}}},
	{"two bottles for a larger one", "1", boxed{"suspension", "1", "200"}, []handing{{"1", boxed{"suspension", "1", "100"}, "1/2", ""},
		{"2", boxed{"suspension", "1", "100"}, "1/2", "dispensation.too-much"}, {"1", boxed{"suspension", "1", "100"}, "0", ""}}},
	{"in other units", "1", boxed{"litre", "1", "0.2"}, []handing{{"1", boxed{"suspension", "1", "150"}, "1/4", ""}, {"1", boxed{"suspension", "1", "50"}, "0", ""}}},
	{"by a factor of the table", "2", boxed{"centilitre", "1", "10"}, []handing{{"1", boxed{"suspension", "1", "200"}, "0", ""}}},
	{"three blisters of ten are thirty", "1", boxed{"layered", "3", "10"}, []handing{{"1", tabs("15"), "1/2", ""}, {"2", tabs("15"), "1/2", "dispensation.too-much"},
		{"1", tabs("15"), "0", ""}}},
	{"more ampoules of the same content", "1", boxed{"ampoule", "10", "2"}, []handing{{"1", boxed{"ampoule", "5", "2"}, "1/2", ""}, {"1", boxed{"ampoule", "5", "2"}, "0", ""}}},
	{"ampoules of less are not fewer packages", "1", boxed{"ampoule", "10", "2"}, []handing{{"2", boxed{"ampoule", "10", "1"}, "1", "dispensation.too-much"},
		{"1", boxed{"ampoule", "10", "1"}, "0", ""}}},
	{"ampoules of more are more", "2", boxed{"ampoule", "10", "2"}, []handing{{"2", boxed{"ampoule", "10", "3"}, "2", "dispensation.too-much"},
		{"1", boxed{"ampoule", "10", "3"}, "1/2", ""}}},
	{"what cannot be compared is counted in packages", "1", tabs("56"), []handing{{"2", boxed{"by volume", "56", ""}, "1", "dispensation.too-much"},
		{"1", boxed{"by volume", "56", ""}, "0", ""}}},
}

func TestADispensationIsCountedByWhatItsPackagesHold(t *testing.T) {
	for _, row := range countings {
		t.Run(row.name, func(t *testing.T) {
			if row.of.kind == "litre" || row.of.kind == "centilitre" || row.of.kind == "layered" {
				countedFromEstonia(t, row.packages, row.of, row.handings)
				return
			}
			counted(t, in(t, "FI", "EE"), "at home", row.packages, row.of, row.handings)
			counted(t, in(t, "FI", "EE"), "at the counter", row.packages, row.of, row.handings)
		})
	}
}

// countedFromEstonia is for units that only the Estonian list has. Remainders stay open, as Finland keeps them.
func countedFromEstonia(t *testing.T, packages string, of boxed, handings []handing) {
	t.Helper()
	keeps := rulesOf(t, "EE-FI", "p-1,dispense,partial,remainder,keep,Parts stay.,a test,2026-01-01")
	counted(t, in(t, "EE", "FI", func(a *node.Answer, _ *node.Ask) { a.Rules = keeps }), "at home", packages, of, handings)
}

func counted(t *testing.T, w *world, gate, packages string, of boxed, handings []handing) {
	t.Helper()
	s := w.prescribe(1, func(s *script) { s.Packages, s.Medicine = packages, of.in(w.a) })
	w.released(1)
	for i, h := range handings {
		change := func(p *paper) {
			p.Handout.Medicine = h.of.in(w.b)
			if h.of.kind == "ampoule" && h.of.content != of.content {
				p.Handout.Substituted = yes()
			}
		}
		var r *node.Receipt
		var err error
		sent := len(w.line.sent)
		if gate == "at home" {
			r, err = w.report(w.message(fmt.Sprint(gate, i), 1, h.packages, change))
		} else {
			if s.Left != "0" {
				w.fetched(1)
			}
			r, err = w.handOut(w.note(fmt.Sprint(gate, i), 1, h.packages, change))
		}
		if h.refused == "" {
			if must(t, r, err).Left != h.left || s.left() != h.left {
				t.Errorf("%s, %d: the receipt says %q left and the register %q, want %q", gate, i, r.Left, s.left(), h.left)
			}
			continue
		}
		w.wantError(err, node.Conflict, h.refused)
		e := node.AsError(err)
		if e.Left != h.left {
			t.Errorf("%s, %d: %q left, want %q", gate, i, e.Left, h.left)
		}
		if uncompared := strings.HasSuffix(e.Detail, "so packages are counted."); h.refused == "dispensation.too-much" && uncompared != (h.of.kind == "by volume") {
			t.Errorf("%s, %d: %s", gate, i, e.Detail)
		}
		if h.refused == "dispensation.too-much" && len(w.line.sent) != sent {
			t.Errorf("%s, %d: the counter sent it to the other country all the same", gate, i)
		}
	}
}

func TestARefusalSaysHowMuchIsLeftInWordsOfTheCounter(t *testing.T) {
	for left, want := range map[string]string{"": "1 package left.", "1/2": "28 (of 56 in one package) left.", "1/3": "1/3 of a package left."} {
		w := in(t, "FI", "EE")
		w.prescribe(1, func(s *script) { s.Packages, s.Left, s.Medicine = "1", left, tabs("56").in("FI") })
		w.released(1)
		_, err := w.report(w.message(1, 1, "3", func(p *paper) { p.Handout.Medicine = tabs("28").in("EE") }))
		if detail := node.AsError(err).Detail; detail != "More than is left on the prescription: "+want {
			t.Errorf("%q: %s", left, detail)
		}
	}
}

func TestAnotherSizeClosesWhatItLeavesWhereTheCorridorSaysSo(t *testing.T) {
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", tabs("60").in("EE") })
	w.fetched(1)
	r, err := w.handOut(w.note(1, 1, "2", func(p *paper) { p.Handout.Medicine = tabs("28").in("FI") }))
	if must(t, r, err).Left != "0" || r.Closed != "ee-fi-20" || w.row(0).Takes != "1" {
		t.Errorf("%+v, the row takes %s", r, w.row(0).Takes)
	}
	whole := in(t, "EE", "FI")
	whole.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", tabs("60").in("EE") })
	whole.fetched(1)
	if r, err = whole.handOut(whole.note(1, 1, "2", func(p *paper) { p.Handout.Medicine = tabs("30").in("FI") })); must(t, r, err).Closed != "" {
		t.Error("two of 30 were taken for a part of 60")
	}
}

func TestAKitIsCountedByThePartOfWhichItHoldsMost(t *testing.T) {
	for _, row := range []struct {
		name, first, second string // tablets of each part that is handed out, instead of 10 and 10
		packages, reason    string
	}{
		{"the same parts", "10", "10", "1", ""},
		{"twice of one part", "10", "20", "1", "dispensation.too-much"},
		{"a little more of one part", "11", "10", "1", "dispensation.too-much"},
		{"two of half the size", "5", "5", "2", "dispensation.too-much"},
	} {
		t.Run(row.name, func(t *testing.T) {
			keeps := rulesOf(t, "FI-EE", "p-1,dispense,partial,remainder,keep,Parts stay.,a test,2026-01-01")
			w := in(t, "FI", "EE", func(a *node.Answer, b *node.Ask) { a.Rules, b.Rules = keeps, keeps })
			w.gateA.Rules, w.gateB.Rules = shippedRules(), shippedRules()
			w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", kit("FI") })
			w.released(1)
			r, err := w.report(w.message(1, 1, row.packages, func(p *paper) {
				p.Handout.Medicine, p.Handout.Substituted = kit("EE"), yes()
				p.Handout.Medicine.Parts[0].Items.Value, p.Handout.Medicine.Parts[1].Items.Value = row.first, row.second
			}))
			if row.reason == "" {
				must(t, r, err)
				return
			}
			w.wantError(err, node.Conflict, row.reason)
		})
	}
}

func TestAnotherSizeOfTheSameProductIsNoSubstitution(t *testing.T) {
	for _, banned := range []*bool{no(), yes()} {
		w := in(t, "EE", "FI")
		w.prescribe(1, func(s *script) { s.Packages, s.Medicine, s.Substitute = "1", tabs("56").in("EE"), banned })
		w.fetched(1)
		r, err := w.handOut(w.note(1, 1, "2", func(p *paper) {
			p.Handout.Medicine, p.Handout.Substituted = tabs("28").in("FI"), no()
			p.Handout.Medicine.Product = &code{System: "urn:oid:1.2.246.537.6.55.2004", Code: "123456"}
		}))
		must(t, r, err)
		if w.register.handed[0].Medication.Product != nil {
			t.Error("a package of another size bears the number of a product")
		}
	}
	w := in(t, "EE", "FI")
	w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", tabs("56").in("EE") })
	w.released(1)
	_, err := w.report(w.message(1, 1, "1", func(p *paper) {
		p.Handout.Medicine, p.Handout.Substituted = boxed{"by volume", "28", ""}.in("FI"), no()
	}))
	w.wantError(err, node.Refused, "dispensation.package")
}

func TestPackagesAreCountedWhereAmountsWouldBeAGuess(t *testing.T) {
	bottles := boxed{"suspension", "1", "100"}
	for _, row := range []struct {
		name   string
		change func(*script)
		of     boxed
	}{
		{"a total that is not what the packages hold", func(s *script) {
			s.Medicine, s.Total = tabs("56").in("FI"), &count{"60", &code{System: fiUnit, Code: "18"}}
		}, tabs("28")},
		{"a dose that is one whole container", func(s *script) {
			s.Medicine, s.Dose = boxed{"suspension", "1", "200"}.in("FI"), &count{"1", &code{System: fiUnit, Code: "18"}}
		}, bottles},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "FI", "EE")
			w.prescribe(1, func(s *script) { s.Packages = "1"; row.change(s) })
			w.released(1)
			_, err := w.report(w.message(1, 1, "2", func(p *paper) { p.Handout.Medicine = row.of.in("EE") }))
			w.wantError(err, node.Conflict, "dispensation.too-much")
		})
	}
}

// lacking are the tables that ship, without the units of both countries for tablets.
var lacking = sync.OnceValue(func() *translation.Catalogue {
	files := fstest.MapFS{}
	err := fs.WalkDir(mappings.Files(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(mappings.Files(), path)
		if strings.HasSuffix(path, "-eu/package-unit.csv") {
			text = regexp.MustCompile(`(?m)^(fi-demo-unit,18|ee-amount-unit,TABL),.*\n`).ReplaceAll(text, nil)
		}
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		panic(err)
	}
	c, err := translation.Load(files)
	if err != nil {
		panic(err)
	}
	return c
})

// What was shown must be dispensable after the tables have changed, by amount too.
func TestADispensationIsCountedByTheSnapshotOfItsShowing(t *testing.T) {
	for _, row := range []struct {
		name       string
		remembered bool
		reason     string
	}{{"that is still there", true, ""}, {"that is gone", false, "dispensation.too-much"}} {
		t.Run(row.name, func(t *testing.T) {
			for _, gate := range []string{"at home", "at the counter"} {
				inForce := catalogue()
				earlier := func(string) *translation.Catalogue {
					if row.remembered {
						return catalogue()
					}
					return nil
				}
				w := in(t, "FI", "EE", func(a *node.Answer, b *node.Ask) {
					if gate == "at home" {
						a.Snapshot, a.Catalogue = earlier, func() *translation.Catalogue { return inForce }
					} else {
						b.Snapshot, b.Catalogue = earlier, func() *translation.Catalogue { return inForce }
					}
				})
				w.prescribe(1, func(s *script) { s.Packages, s.Medicine = "1", tabs("56").in("FI") })
				w.fetched(1)
				inForce = lacking()
				change := func(p *paper) { p.Handout.Medicine, p.Handout.Substituted = tabs("28").in("EE"), no() }
				r, err := w.handOut(w.note(1, 1, "2", change))
				if row.reason != "" {
					w.wantError(err, node.Conflict, row.reason)
					continue
				}
				if must(t, r, err).Left != "0" {
					t.Errorf("%s: %+v", gate, r)
				}
				for _, hop := range w.register.handed[0].Medication.Package.Items.Unit.Hops {
					if hop.Release == lacking().Tables() {
						t.Errorf("%s: counted by one snapshot and carried by another: %+v", gate, hop)
					}
				}
			}
		})
	}
}

// The sum of what is recorded never exceeds what was prescribed, whatever is handed out in whatever order; and what is left
// does not depend on the order.
func TestTheSumNeverExceedsWhatWasPrescribedInAnyOrder(t *testing.T) {
	sizes := []string{"7", "10", "14", "20", "28", "30", "50", "56", "90", "98", "100"}
	rapid.Check(t, func(r *rapid.T) {
		packages, size := rapid.IntRange(1, 4).Draw(r, "packages"), rapid.SampledFrom(sizes).Draw(r, "size")
		type one struct{ packages, items string }
		var handings []one
		for range rapid.IntRange(1, 7).Draw(r, "handings") {
			handings = append(handings, one{fmt.Sprint(rapid.IntRange(1, 4).Draw(r, "handed")), rapid.SampledFrom(sizes).Draw(r, "of")})
		}
		each, _ := new(big.Rat).SetString(size)
		prescribed := new(big.Rat).Mul(each, big.NewRat(int64(packages), 1))
		play := func(handings []one) (accepted []one, left string) {
			w := in(t, "FI", "EE")
			s := w.prescribe(1, func(s *script) { s.Packages, s.Medicine = fmt.Sprint(packages), tabs(size).in("FI") })
			w.fetched(1)
			sum := new(big.Rat)
			for i, h := range handings {
				_, err := w.report(w.message(i, 1, h.packages, func(p *paper) { p.Handout.Medicine = tabs(h.items).in("EE") }))
				amount, _ := new(big.Rat).SetString(h.items)
				number, _ := new(big.Rat).SetString(h.packages)
				after := new(big.Rat).Add(sum, amount.Mul(amount, number))
				if (err == nil) != (after.Cmp(prescribed) <= 0) {
					r.Fatalf("%s tablets after %s of %s: %v", amount.RatString(), sum.RatString(), prescribed.RatString(), err)
				}
				if err == nil {
					sum, accepted = after, append(accepted, h)
				}
			}
			if want := new(big.Rat).Quo(new(big.Rat).Sub(prescribed, sum), each).RatString(); s.left() != want {
				r.Fatalf("%s packages left, want %s", s.left(), want)
			}
			return accepted, s.left()
		}
		accepted, left := play(handings)
		again, other := play(rapid.Permutation(accepted).Draw(r, "another order"))
		if len(again) != len(accepted) || other != left {
			r.Fatalf("in another order %d of %d were accepted and %s is left, not %s", len(again), len(accepted), other, left)
		}
	})
}

func TestPackagesAreReadAsDecimalsOrExactParts(t *testing.T) {
	for text, want := range map[string]string{"2": "2", "0": "0", "2.50": "5/2", "1/2": "1/2", "2/4": "1/2", "-1/2": "-1/2"} {
		if got, ok := node.Packages(text); !ok || got.RatString() != want {
			t.Errorf("%q is %v", text, got)
		}
	}
	for _, text := range []string{"", "/", "1/", "/2", "1/0", "1/-2", "1/2/3", "one", "1e2", "+1", " 1"} {
		if got, ok := node.Packages(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
