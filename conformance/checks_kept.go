package conformance

import (
	"sild/node"
	"sild/translation"
)

func keptChecks() []Check {
	return []Check{
		{"list.packages-kept", "The prescribed number of packages is what was prescribed.", "DESIGN 4", Danger, keeping(packagesKept)},
		{"list.left-kept", "The number of packages that are left is what the register says.", "DESIGN 4, 7", Danger, keeping(leftKept)},
		{"list.form-kept", "The dose form is the prescribed one.", "DESIGN 4", Danger, keeping(formKept)},
		{"list.classification-kept", "The ATC code is the prescribed one.", "DESIGN 4", Danger, keeping(classificationKept)},
		{"list.substances-kept", "Every active substance is the prescribed one, and none is missing.", "DESIGN 4", Danger, keeping(substancesKept)},
		{"list.strengths-kept", "Every strength counts as much, in the right unit.", "DESIGN 4", Danger, keeping(strengthsKept)},
		{"list.decimals-as-written", "Decimals come out digit for digit as they were written.", "DESIGN 4", Breach, keeping(decimalsKept)},
		{"list.originals-kept", "The issuing country's own codes still stand beside the translated ones.", "DESIGN 4", Breach, keeping(originalsKept)},
	}
}

// keeping makes a check of every known prescription that is listed. The sentence that comes back says what is wrong.
func keeping(wrong func(Expect, *node.Prescription) string) func(*session) outcome {
	return func(s *session) outcome {
		return s.onList(func(l *listed) outcome {
			seen := 0
			for i, e := range s.Known {
				p := l.find(e.ID)
				if p == nil {
					continue
				}
				seen++
				if reason := wrong(e, p); reason != "" {
					return failed("Known prescription %d: %s.", i+1, reason)
				}
			}
			if seen == 0 {
				return blocked("no known prescription is listed")
			}
			return pass()
		})
	}
}

func packagesKept(e Expect, p *node.Prescription) string {
	if e.Packages != "" && !equal(e.Packages, p.Amount.Packages) {
		return "another number of packages"
	}
	return ""
}

func leftKept(e Expect, p *node.Prescription) string {
	if e.Left != "" && !equal(e.Left, p.Amount.Left) {
		return "another number of packages left"
	}
	return ""
}

func formKept(e Expect, p *node.Prescription) string {
	if e.Form.IsZero() || sameCode(p.Medication.Form, e.Form) {
		return ""
	}
	return "another dose form or none"
}

func sameCode(slot *translation.Slot, want translation.Coding) bool {
	return slot != nil && slot.Current.Same(want)
}

func classificationKept(e Expect, p *node.Prescription) string {
	if len(e.ATC) > 0 && len(e.ATC) != len(p.Medication.Classification) {
		return "another number of ATC codes"
	}
	for i, want := range e.ATC {
		if !sameCode(p.Medication.Classification[i], want) {
			return "another ATC code"
		}
	}
	return ""
}

// ingredients are those of a medicine and of the parts of a combination pack, in order.
func ingredients(m *node.Medication) []node.Ingredient {
	all := append([]node.Ingredient(nil), m.Ingredients...)
	for i := range m.Parts {
		all = append(all, ingredients(&m.Parts[i])...)
	}
	return all
}

func substancesKept(e Expect, p *node.Prescription) string {
	have := ingredients(&p.Medication)
	if len(e.Ingredients) > 0 && len(have) != len(e.Ingredients) {
		return "another number of active substances"
	}
	for i, want := range e.Ingredients {
		if !want.Substance.IsZero() && !sameCode(have[i].Substance, want.Substance) {
			return "another active substance"
		}
	}
	return ""
}

// strengths pairs what is expected with what is there; a missing ingredient is judged by its own check.
func strengths(e Expect, p *node.Prescription, wrong func(want Ingredient, have *node.Ratio) string) string {
	have := ingredients(&p.Medication)
	for i, want := range e.Ingredients {
		if want.Value == "" || i >= len(have) {
			continue
		}
		if have[i].Strength == nil {
			return "a strength is missing"
		}
		if reason := wrong(want, have[i].Strength); reason != "" {
			return reason
		}
	}
	return ""
}

func strengthsKept(e Expect, p *node.Prescription) string {
	return strengths(e, p, func(want Ingredient, have *node.Ratio) string {
		value, unit := have.Numerator.Now()
		per, perUnit := have.Denominator.Now()
		switch {
		case !equal(value, want.Value) || !unit.Same(want.Unit):
			return "another strength"
		case want.Per != "" && (!equal(per, want.Per) || !perUnit.Same(want.PerUnit)):
			return "a strength in another amount of the medicine"
		}
		return ""
	})
}

func decimalsKept(e Expect, p *node.Prescription) string {
	return strengths(e, p, func(want Ingredient, have *node.Ratio) string {
		value, _ := have.Numerator.Now()
		if equal(value, want.Value) && value != want.Value {
			return "a decimal is written with other digits"
		}
		return ""
	})
}

func originalsKept(e Expect, p *node.Prescription) string {
	slots := slotsOf(&p.Medication)
	for _, want := range e.Originals {
		found := false
		for _, slot := range slots {
			found = found || slot.Original().Same(want)
		}
		if !found {
			return "a code of the issuing country is lost"
		}
	}
	return ""
}
