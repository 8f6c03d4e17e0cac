package cda

import (
	"strings"
	"testing"
)

// TestADosageIsUntoldWhereTheDocumentSaysMoreOfIt puts behind the dose, or in place of a part of the dosage, what no field of
// the record holds.
func TestADosageIsUntoldWhereTheDocumentSaysMoreOfIt(t *testing.T) {
	source := string(readFile(t, "ep-ee-ramipril.xml"))
	const dose = `<doseQuantity><low value="1" unit="{Tablet}"/><high value="2" unit="{Tablet}"/></doseQuantity>`
	const route, phase = `<routeCode code="20053000"`, `<period value="1" unit="d"/></effectiveTime>`
	for _, test := range []struct {
		name, old, now string
		untold         bool
	}{
		{"all is read", dose, dose, false},
		{"words", dose, dose + `<!-- nothing -->`, false},
		{"a rate", dose, dose + `<rateQuantity value="10" unit="mL/h"/>`, true},
		{"a most", dose, dose + `<maxDoseQuantity><numerator value="4" unit="{Tablet}"/><denominator value="1" unit="d"/></maxDoseQuantity>`, true},
		{"a site", route, `<approachSiteCode code="368208006" codeSystem="2.16.840.1.113883.6.96"/>` + route, true},
		{"how many times", route, `<repeatNumber value="5"/>` + route, true},
		{"a unit apart", dose, dose + `<administrationUnitCode code="10219000" codeSystem="0.4.0.127.0.16.1.1.2.1"/>`, true},
		{"a second rhythm", phase, phase + `<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="7" unit="d"/></effectiveTime>`, true},
		{"a time that is excluded", phase, phase + `<effectiveTime xsi:type="IVL_TS" operator="E"><low value="20261010"/></effectiveTime>`, true},
		{"a time from an event", `displayName="enne magamaminekut"/>`, `displayName="enne magamaminekut"/><offset><low value="30" unit="min"/></offset>`, true},
		{"a day that is not part of the course", `<low value="20261003"/><high value="20270102"/>`, `<low value="20261003"/><high value="20270102" inclusive="false"/>`, true},
		{"a condition in words", dose, dose + `<precondition><criterion><text>valu korral</text></criterion></precondition>`, false},
		{"a condition as a code", dose, dose + `<precondition><criterion><code code="R52" codeSystem="2.16.840.1.113883.6.3"/></criterion></precondition>`, true},
		{"a part that was only promised", `<entryRelationship typeCode="COMP">`, `<entryRelationship typeCode="COMP"><substanceAdministration classCode="SBADM" moodCode="PRMS"><doseQuantity value="4" unit="{Tablet}"/></substanceAdministration></entryRelationship><entryRelationship typeCode="COMP">`, true},
		{"nothing of the dose", dose, `<doseQuantity nullFlavor="NI"/>`, false},
	} {
		changed := strings.Replace(source, test.old, test.now, 1)
		if changed == source && test.old != test.now {
			t.Fatalf("%s: nothing is changed", test.name)
		}
		list := decoded(t, []byte(changed)).Prescriptions[0].Dosage
		if len(list) != 1 || list[0].Untold != test.untold {
			t.Errorf("%s: %d dosages, untold: %v", test.name, len(list), len(list) == 1 && list[0].Untold)
		}
	}
}

// TestADosageOfWhichNothingIsReadIsStillOne leaves no other part than a rate.
func TestADosageOfWhichNothingIsReadIsStillOne(t *testing.T) {
	source := strings.Replace(string(readFile(t, "ep-ee-ramipril.xml")), `<text><reference value="#annus"/></text>`, "", 1)
	from, to := strings.Index(source, `<effectiveTime xsi:type="IVL_TS">`), strings.Index(source, `<consumable typeCode="CSM">`)
	changed := source[:from] + `<rateQuantity value="10" unit="mL/h"/>` + source[to:]
	list := decoded(t, []byte(changed)).Prescriptions[0].Dosage
	if len(list) != 1 || !list[0].Untold || !list[0].Dose.IsZero() {
		t.Errorf("%d dosages", len(list))
	}
}
