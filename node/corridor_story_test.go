package node_test

import (
	"testing"

	"sild/node"
)

func TestAPrescriptionCrossesIsDispensedAndComesHome(t *testing.T) {
	for _, c := range [][2]string{{"EE", "FI"}, {"FI", "EE"}} {
		t.Run(c[0]+" to "+c[1], func(t *testing.T) {
			w := in(t, c[0], c[1])
			w.prescribe(1)
			list, err := w.ask.Prescriptions(t.Context(), w.callB(node.PrescriptionsVerb), node.Filter{})
			must(t, list, err)
			if len(list.Items) != 1 || list.Items[0].Ref.ID != rx(1) {
				t.Fatalf("listing %+v", list.Items)
			}
			d := w.fetched(1)
			if got := d.Prescription().Medication.Form.Current.System; got != formSystem(c[1]) {
				t.Errorf("the form is in %s", got)
			}
			r, err := w.handOut(w.note(1, 1, "2"))
			must(t, r, err)
			if r.State != node.ReceiptRecorded || r.Left != "0" || r.Dispensation != given(1) {
				t.Errorf("receipt %+v", r)
			}
			home := w.register.handed[0].Medication
			if home.Form.Current.System != formSystem(c[0]) {
				t.Errorf("the form came home in %s", home.Form.Current.System)
			}
		})
	}
}

func formSystem(country string) string {
	if country == "FI" {
		return fiDoseForm
	}
	return eeDoseForm
}
