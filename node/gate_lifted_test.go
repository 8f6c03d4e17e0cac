//go:build lifted

package node_test

import (
	"testing"

	"sild/internal/barrier"
	"sild/node"
)

// TestALiftedCheckLetsItsOwnFlawThrough shows that each flaw was refused by the check that bears its name and by no
// other: without that check the request passes, or a later check meets it.
func TestALiftedCheckLetsItsOwnFlawThrough(t *testing.T) {
	defer barrier.Lift("")
	through := 0
	for _, f := range peerFlaws() {
		w := in(t, "EE", "FI")
		p := w.proofA(node.PrescriptionsVerb, w.patient("main"))
		f.breaks(w, &p)
		barrier.Lift(f.name)
		_, err := w.gateA.Admit(t.Context(), p)
		if err != nil && node.AsError(err).Reason == f.name {
			t.Errorf("%s refuses although it is lifted", f.name)
		}
		if err == nil {
			through++
		}
	}
	if through < len(peerFlaws())-2 {
		t.Errorf("only %d of %d flaws are met by one check alone", through, len(peerFlaws()))
	}
}
