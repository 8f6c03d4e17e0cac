package node

import "fmt"

// sameSubstances compares what was prescribed with what was handed out, by pivot codes: another brand or package may be
// handed out, another substance never.
func sameSubstances(want, have map[string]bool) *Error {
	if len(want) != len(have) {
		return anotherSubstance(fmt.Sprintf("%d instead of %d", len(have), len(want)))
	}
	for code := range want {
		if !have[code] {
			return anotherSubstance("not the prescribed one")
		}
	}
	return nil
}

func anotherSubstance(why string) *Error {
	return fail("", Refused, "dispensation.substance", "The medicine handed out has another active substance: "+why+".")
}

// substances collects the current codes of all active substances, also of the parts of a combination pack.
func substances(m *Medication) map[string]bool {
	codes := map[string]bool{}
	for _, ingredient := range m.Ingredients {
		if s := ingredient.Substance; s != nil {
			codes[s.Current.System+"|"+s.Current.Code] = true
		}
	}
	for i := range m.Parts {
		for code := range substances(&m.Parts[i]) {
			codes[code] = true
		}
	}
	return codes
}
