package translation

import "math/big"

// multiples are the decimal multiples of UCUM units that medicines are measured in.
var multiples = map[string]struct{ base, factor string }{
	"kg": {"g", "1000"}, "g": {"g", "1"}, "mg": {"g", "1/1000"}, "ug": {"g", "1/1000000"}, "ng": {"g", "1/1000000000"},
	"L": {"L", "1"}, "mL": {"L", "1/1000"}, "uL": {"L", "1/1000000"}, "mol": {"mol", "1"}, "mmol": {"mol", "1/1000"},
}

// InBase counts an amount in the base unit of what the unit measures: gram, litre or mole. A unit of any other kind is its
// own base. The amount that is handed in is not changed.
func InBase(amount *big.Rat, unit Coding) (*big.Rat, Coding) {
	multiple, known := multiples[unit.Code]
	if !known || unit.System != ucum {
		return amount, unit
	}
	factor, _ := new(big.Rat).SetString(multiple.factor)
	return factor.Mul(factor, amount), Coding{System: ucum, Code: multiple.base}
}
