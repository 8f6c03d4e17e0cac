package fhir

import (
	"bytes"
	"testing"

	"sild/node"
	"sild/translation"
)

func TestAnAlarmTravelsInTheLossReportAsAnError(t *testing.T) {
	d := national(t, "ee-combination-tablet.json")
	carry(d, "EE")
	form := d.Prescription().Medication.Form
	form.Compare().Coherence, form.Compare().Alarm = translation.Contradicts, "The codes contradict each other: intended site."
	body := encoded(t, d, node.MPD, nil, node.Loss(d, "r"))
	if !bytes.Contains(body, []byte(`"severity":"error","code":"conflict"`)) {
		t.Error("no issue says that the codes contradict each other")
	}
	found := false
	for line := range decoded(t, body).Peer.Lines() {
		if line.Field == translation.DoseForm {
			found = line.Coherence == translation.Contradicts && line.Alarm == form.Alarm()
		} else if line.Alarm != "" {
			t.Errorf("%s has an alarm of its own", line.Path)
		}
	}
	if !found {
		t.Error("the alarm did not arrive")
	}
}
