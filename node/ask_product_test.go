package node_test

import (
	"strings"
	"testing"

	"sild/node"
	"sild/translation"
)

// paracetamol500 is a row of the list that says what the prescription of these tests asks for.
var paracetamol500 = []string{"555001", "Poutaniitty 500 mg", "N02BE01", "10219000", "N02BE01 500 mg/1 tablet", "10 tablet", "", "yes", ""}

func TestAPackageNumberOfAnotherMedicineIsRefusedAtTheCounter(t *testing.T) {
	with := func(changes ...string) []string {
		row := append([]string(nil), paracetamol500...)
		for i := 0; i < len(changes); i += 2 {
			for column, cell := range row {
				if cell == changes[i] && column > 1 {
					row[column] = changes[i+1]
					break
				}
			}
		}
		return row
	}
	kitRows := [][]string{paracetamol500, {"555001", "Poutaniitty 500 mg", "N02BE01", "10219000", "C08CA01 5 mg/1 tablet", "10 tablet", "", "yes", ""}}
	for _, row := range []struct {
		name   string
		market [][]string
		reason string
	}{
		{"the same medicine", [][]string{paracetamol500}, ""},
		{"the same in grams and off the market", [][]string{with("N02BE01 500 mg/1 tablet", "N02BE01 0.5 g/1 tablet", "yes", "no")}, ""},
		{"a larger package than the message says", [][]string{with("10 tablet", "100 tablet")}, "product.size"},
		{"a number that the list does not know", [][]string{{"555002", "Muu", "C08CA01", "10219000", "C08CA01 5 mg/1 tablet", "10 tablet", "", "yes", ""}}, ""},
		{"another substance", [][]string{with("N02BE01 500 mg/1 tablet", "C08CA01 500 mg/1 tablet")}, "product.substance"},
		{"one substance more", [][]string{with("N02BE01 500 mg/1 tablet", "N02BE01 500 mg/1 tablet + C08CA01 5 mg/1 tablet")}, "product.substance"},
		{"another strength", [][]string{with("N02BE01 500 mg/1 tablet", "N02BE01 1 g/1 tablet")}, "product.strength"},
		{"a strength that cannot be compared", [][]string{with("N02BE01 500 mg/1 tablet", "N02BE01 500 mg/1 mL")}, ""},
		{"another way of release", [][]string{with("10219000", "10226000")}, "product.form"},
		{"another route", [][]string{with("10219000", "11013000", "N02BE01 500 mg/1 tablet", "N02BE01 500 mg/1 suppository")}, "product.form"},
		{"a combination pack", kitRows, "product.parts"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := listed(t, row.market, false)
			w := in(t, "EE", "FI", func(_ *node.Answer, a *node.Ask) { a.Catalogue = func() *translation.Catalogue { return c } })
			w.prescribe(1)
			w.fetched(1)
			r, err := w.handOut(w.note(1, 1, "2", func(p *paper) {
				p.Handout.Medicine.Product = &code{System: "urn:oid:1.2.246.537.6.55.2004", Code: "555001"}
				p.Handout.Substituted = yes()
			}))
			if row.reason == "" {
				must(t, r, err)
				return
			}
			w.wantError(err, node.Refused, row.reason)
			w.wantRefusal(w.bJournal, "B", node.Refused, row.reason)
			if len(w.bJournal.waiting)+len(w.line.sent) > 0 {
				t.Error("it was queued all the same")
			}
			for _, words := range []string{"Poutaniitty", "555001"} {
				if strings.Contains(err.Error(), words) {
					t.Errorf("%q stands in the error", words)
				}
			}
		})
	}
}

// The same concentration in another syringe is another dose.
func TestAnotherContentOfOneItemIsRefusedAtTheCounter(t *testing.T) {
	prescribed := []string{"", "", "Enoks", "B01AB05", "50060300", "B01AB05 100 mg/1 mL", "10 syringe", "0.4 mL", "1", "", "", "yes", "", "", "", "", "", "", ""}
	for content, want := range map[string]string{"0.4 mL": "", "0.6 mL": "product.content"} {
		c := listed(t, [][]string{{"555003", "Enoks", "B01AB05", "50060300", "B01AB05 100 mg/1 mL", "10 syringe", content, "yes", ""}}, false)
		product, _ := c.Products("FI").Numbered(translation.Coding{System: "urn:oid:1.2.246.537.6.55.2004", Code: "555003"})
		e := node.Another(finder(c), prescription(t, prescribed), product)
		if got := node.AsError(e); (e == nil) != (want == "") || e != nil && got.Reason != want {
			t.Errorf("%s: %v, not %q", content, e, want)
		}
	}
}
