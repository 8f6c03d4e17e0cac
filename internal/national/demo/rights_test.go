package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sild/node"
)

func TestRightsHideWhatThePatientDecided(t *testing.T) {
	const reads = "prescriptions prescription"
	registers := map[string]*Register{"EE": opened(t, "EE"), "FI": opened(t, "FI")}
	for _, c := range []struct {
		country, person, to string
		verbs               string
		want                node.Entitlement
	}{
		{"EE", "M1", "FI", "find-patient summary " + reads, node.Entitlement{}},
		{"EE", "M2", "FI", "find-patient summary " + reads, node.Entitlement{Elements: []string{"section:11450-4"}}},
		{"EE", "M2", "LV", "summary", node.Entitlement{}},
		{"EE", "R1", "FI", "find-patient summary " + reads, node.Entitlement{Hidden: true, Reason: "rights.restriction-all"}},
		{"EE", "R1", "LV", "summary", node.Entitlement{Hidden: true, Reason: "rights.restriction-all"}},
		{"EE", "S1", "FI", "summary", node.Entitlement{Hidden: true, Reason: "rights.restriction-summary"}},
		{"EE", "S1", "FI", "find-patient " + reads, node.Entitlement{}},
		{"EE", "N1", "FI", "find-patient summary " + reads, node.Entitlement{Hidden: true, Reason: "rights.opt-out"}},
		{"EE", "A1a", "FI", "find-patient summary " + reads, node.Entitlement{}},
		{"FI", "M1", "EE", "find-patient summary " + reads, node.Entitlement{}},
		{"FI", "M1", "LV", "summary", node.Entitlement{}},
		{"FI", "M2", "EE", "find-patient summary " + reads, node.Entitlement{Elements: []string{"section:11450-4"}}},
		{"FI", "M2", "LV", "find-patient", node.Entitlement{NoConsent: true}},
		{"FI", "R1", "EE", reads, node.Entitlement{Hidden: true, Reason: "rights.restriction-all"}},
		{"FI", "S1", "EE", "summary", node.Entitlement{Hidden: true, Reason: "rights.restriction-summary"}},
		{"FI", "S1", "EE", "find-patient " + reads, node.Entitlement{}},
		{"FI", "N1", "EE", "find-patient summary " + reads, node.Entitlement{NoConsent: true}},
		{"FI", "A1a", "EE", "find-patient summary " + reads, node.Entitlement{}},
		{"FI", "P1", "EE", "summary", node.Entitlement{}},
	} {
		r := registers[c.country]
		for verb := range strings.FieldsSeq(c.verbs) {
			call := r.asked(r.someone(t, c.person).Patient, node.Verb(verb))
			call.Corridor.B = c.to
			right, err := r.Entitled(t.Context(), call)
			if err != nil || !equal(right, c.want) {
				t.Errorf("%s %s for %s, %s: %+v (%v), want %+v", c.country, c.person, c.to, verb, right, err, c.want)
			}
		}
	}
}

func equal(a, b node.Entitlement) bool {
	return a.Hidden == b.Hidden && a.NoConsent == b.NoConsent && a.Reason == b.Reason && slices.Equal(a.Elements, b.Elements)
}

func TestAPrescriptionRestrictionHidesPrescriptionsOnly(t *testing.T) {
	r, err := from(t, "EE", with(t, "EE", map[string]func(string) string{
		"rights.json": replacing(`"scope": "summary"`, `"scope": "prescriptions"`)}))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range node.Verbs() {
		right, err := r.Entitled(t.Context(), r.asked(r.someone(t, "S1").Patient, verb))
		want := verb == node.PrescriptionsVerb || verb == node.PrescriptionVerb
		if err != nil || right.Hidden != want {
			t.Errorf("%s: hidden %v (%v), want %v", verb, right.Hidden, err, want)
		}
	}
}

func TestAnUnknownPatientIsEntitledToEverything(t *testing.T) {
	for _, country := range countries {
		r := opened(t, country)
		right, err := r.Entitled(t.Context(), r.asked(node.Identifier{System: r.nation.person, Value: "nobody"}, node.SummaryVerb))
		if err != nil || !equal(right, node.Entitlement{}) {
			t.Errorf("%s: %+v, %v", country, right, err)
		}
	}
}

func TestADecisionCountsFromItsDayOn(t *testing.T) {
	r := opened(t, "FI")
	restricted, consenting := r.someone(t, "R1").Patient, r.someone(t, "M1").Patient
	for _, c := range []struct {
		now           string
		hidden, agree bool
	}{
		{"2025-12-31T21:59:59Z", false, false},
		{"2025-12-31T22:00:00Z", false, true}, // the consent of 1 January, at midnight in winter
		{"2026-01-31T20:59:59Z", false, true},
		{"2026-01-31T21:00:00Z", true, true}, // the restriction of 1 February, an hour early rather than late
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		r.now = func() time.Time { return now }
		hidden, _ := r.Entitled(t.Context(), r.asked(restricted, node.SummaryVerb))
		agree, _ := r.Entitled(t.Context(), r.asked(consenting, node.SummaryVerb))
		if hidden.Hidden != c.hidden || agree.NoConsent == c.agree {
			t.Errorf("%s: hidden %v, without consent %v", c.now, hidden.Hidden, agree.NoConsent)
		}
	}
}
