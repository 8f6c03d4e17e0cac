package tongues_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"sild/node"
)

var byNumber = regexp.MustCompile(`"system":\s*"(urn:oid:([0-9.]+))"`)

// A reader in FHIR knows few numbers: a code that comes out of CDA is named by the URI of its system, also where no value
// set has it, and in its older forms and steps. A number that the tables keep as another name of a system stays, because
// only so it can be written again as it was.
func TestACodeFromCDALeavesForFHIRUnderTheURIOfItsSystem(t *testing.T) {
	for _, one := range readable(t) {
		d := decoded(t, one.source)
		if !d.Format.InCDA() || d.Format == node.CDA1 {
			continue
		}
		node.CarryOut(shipped(), one.country, d)
		body, _, err := tried(d, fhirOf(d))
		if err != nil {
			continue
		}
		for _, m := range byNumber.FindAllSubmatch(body, -1) {
			if known, ok := shipped().System(string(m[1])); ok && known.OID == string(m[2]) && known.URI != string(m[1]) {
				t.Errorf("%s: %s is known as %s", one.name, m[1], known.URI)
			}
		}
	}
}

func TestAnAbsenceThatNoValueSetHasIsUnderstoodOnBothWires(t *testing.T) {
	d := plainSummary()
	what := coded("absence", "section[48765-2].entry[0].what", "http://snomed.info/sct", "716186003")
	d.Summary.Sections = append(d.Summary.Sections, node.Section{Code: "48765-2", Title: "Allergiad", State: node.KnownAbsence, Entries: []node.Entry{{Kind: node.AnAbsence, What: what}}})
	d.Slots = recordSlots(d)
	first := inBytes(t, d, node.CDA3)
	if !strings.Contains(string(first.Source), `codeSystem="2.16.840.1.113883.6.96"`) {
		t.Fatal("CDA does not number SNOMED CT")
	}
	second := inBytes(t, first, node.EPS)
	if !bytes.Contains(second.Source, []byte(`"system":"http://snomed.info/sct","code":"716186003"`)) {
		t.Error("FHIR does not name SNOMED CT")
	}
	for _, read := range []*node.Document{first, second, inBytes(t, second, node.CDA3)} {
		if got := statesOf(read)["48765-2"]; got != node.KnownAbsence {
			t.Errorf("%s: %s", read.Format, got)
		}
	}
}
