package tongues_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sild/node"
)

// A document that is very restricted in one form is very restricted in the other, and one that does not say is normal.
func TestHowConfidentialADocumentIsCrossesWithIt(t *testing.T) {
	for _, level := range []string{"", "N", "R", "V"} {
		d := plainSummary()
		d.Header.Confidentiality = level
		want := level
		if level == "" {
			want = "N"
		}
		asCDA := inBytes(t, d, node.CDA3)
		if got := asCDA.Header.Confidentiality; got != want || !bytes.Contains(asCDA.Source, fmt.Appendf(nil, `<confidentialityCode code=%q`, want)) {
			t.Errorf("%q became %q in CDA", level, got)
		}
		asFHIR := inBytes(t, asCDA, node.EPS)
		if got := asFHIR.Header.Confidentiality; got != want || !bytes.Contains(asFHIR.Source, fmt.Appendf(nil, `"confidentiality":%q`, want)) {
			t.Errorf("%q became %q in FHIR", level, got)
		}
		if back := inBytes(t, asFHIR, node.CDA3).Header.Confidentiality; back != want {
			t.Errorf("%q came back as %q", level, back)
		}
	}
	d := plainSummary()
	d.Header.Confidentiality = "made up"
	body, report := written(t, d, node.CDA3)
	if !strings.Contains(string(body), `<confidentialityCode code="V"`) || len(report.Lost) == 0 {
		t.Error("a level that nobody knows is not written as the highest, with a word of it")
	}
}
