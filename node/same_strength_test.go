package node_test

import (
	"testing"

	"sild/node"
)

// Another strength is never handed out on a prescription, because only packages are counted; another form needs a stated
// substitution.
func TestAnotherStrengthIsRefusedAndAnotherFormNeedsAStatedSubstitution(t *testing.T) {
	yes, no := true, false
	rows := []struct {
		name        string
		change      func(*medicine)
		substituted *bool
		reason      string
	}{
		{"the same", func(*medicine) {}, &no, ""},
		{"double strength", func(m *medicine) { m.Ingredients[0].Amount.Value = "999" }, &no, "dispensation.strength"},
		{"double strength, nothing said", func(m *medicine) { m.Ingredients[0].Amount.Value = "999" }, nil, "dispensation.strength"},
		{"double strength, substituted", func(m *medicine) { m.Ingredients[0].Amount.Value = "999" }, &yes, "dispensation.strength"},
		{"another form", func(m *medicine) { m.Form.Code = "10210000" }, &no, "dispensation.form"},
		{"another form, substituted", func(m *medicine) { m.Form.Code = "10210000" }, &yes, ""},
	}
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w := in(t, "EE", "FI")
			w.prescribe(1)
			w.fetched(1)
			_, err := w.handOut(w.note(i+1, 1, "2", func(p *paper) {
				row.change(p.Handout.Medicine)
				p.Handout.Substituted = row.substituted
			}))
			if row.reason == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			w.wantError(err, node.Refused, row.reason)
		})
	}
}
