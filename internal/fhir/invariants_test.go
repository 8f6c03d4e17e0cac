package fhir

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// invariants are the rules of R4, IPS and EPS over more than one element of a resource. Each gives what it finds wrong.
func invariants() map[string]func(r map[string]any) bool {
	has := func(r map[string]any, name string) bool { return r[name] != nil }
	codes := func(r map[string]any, name string) []any { return elementsAt(r, []string{name, "coding", "code"}) }
	return map[string]func(map[string]any) bool{
		"AllergyIntolerance ait-1 ait-2": func(r map[string]any) bool {
			mistaken := slices.Contains(codes(r, "verificationStatus"), any("entered-in-error"))
			return mistaken != has(r, "clinicalStatus")
		},
		"Condition con-4": func(r map[string]any) bool {
			if !has(r, "abatementDateTime") {
				return true
			}
			return slices.ContainsFunc(codes(r, "clinicalStatus"), func(c any) bool {
				return c == "inactive" || c == "resolved" || c == "remission"
			})
		},
		"Condition con-5": func(r map[string]any) bool {
			return !slices.Contains(codes(r, "verificationStatus"), any("entered-in-error")) || !has(r, "clinicalStatus")
		},
		"Observation obs-6 ips-2": func(r map[string]any) bool {
			value := false
			for name := range r {
				value = value || strings.HasPrefix(name, "value")
			}
			return (value || has(r, "hasMember")) != has(r, "dataAbsentReason")
		},
		"Consent ppc-1 ppc-4": func(r map[string]any) bool { return has(r, "policyRule") && has(r, "patient") },
		"Medication rat-1": func(r map[string]any) bool {
			for _, strength := range elementsAt(r, []string{"ingredient", "strength"}) {
				if object := strength.(map[string]any); object["numerator"] == nil || object["denominator"] == nil {
					return false
				}
			}
			return true
		},
		"MedicationStatement exactly one medicine": func(r map[string]any) bool {
			return has(r, "medicationReference") != has(r, "medicationCodeableConcept")
		},
	}
}

// periodsKeepOrder is per-1: what ends begins before it.
func periodsKeepOrder(v any) bool {
	switch v := v.(type) {
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !periodsKeepOrder(item) })
	case map[string]any:
		from, _ := v["start"].(string)
		to, _ := v["end"].(string)
		if n := min(len(from), len(to), 10); n > 0 && from[:n] > to[:n] {
			return false
		}
		for _, inner := range v {
			if !periodsKeepOrder(inner) {
				return false
			}
		}
	}
	return true
}

func TestTheInvariantsOfTheStatementsHold(t *testing.T) {
	seen := map[string]bool{}
	for name, body := range emittedSummaries(t) {
		if !strings.HasPrefix(name, "whole") && !strings.HasPrefix(name, "crammed") && !strings.HasPrefix(name, "bare") {
			continue
		}
		document := anything(t, body)
		if !periodsKeepOrder(document) {
			t.Errorf("%s has a period that ends before it begins", name)
		}
		for rule, holds := range invariants() {
			on, _, _ := strings.Cut(rule, " ")
			for _, resource := range resourcesOf(document, on) {
				seen[rule] = true
				if !holds(resource) {
					t.Errorf("%s breaks %s: %v", name, rule, resource)
				}
			}
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(invariants())) {
		if !seen[rule] {
			t.Errorf("nothing was held against %s", rule)
		}
	}
}
