package node

import (
	"fmt"

	"sild/translation"
)

// sameSubstances compares what was prescribed with what was handed out: another brand or package may be handed out,
// another substance never. Both sides are compared by their pivot codes, on copies, so that another spelling of the
// same substance is the same substance.
func sameSubstances(catalogue *translation.Catalogue, country string, prescribed, handed *Medication) *Error {
	want, have := map[string]bool{}, map[string]bool{}
	substances(catalogue, country, prescribed, want)
	substances(catalogue, country, handed, have)
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

// substances collects the pivot codes of all active substances, also of the parts of a combination pack.
func substances(catalogue *translation.Catalogue, country string, m *Medication, into map[string]bool) {
	for _, ingredient := range m.Ingredients {
		if ingredient.Substance == nil {
			continue
		}
		into[pivotKey(catalogue, country, ingredient.Substance)] = true
	}
	for i := range m.Parts {
		substances(catalogue, country, &m.Parts[i], into)
	}
}
