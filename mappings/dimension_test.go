package mappings

import (
	"math/big"
	"strings"
	"testing"
)

// unit is what a code measures: a dimension, and how much of its base unit one of it is. Things that are counted have a
// dimension each, so that a tablet never becomes a capsule.
type unit struct {
	dimension string
	size      string
}

// sharedUnits are the UCUM units; EDQM units of presentation count themselves.
var sharedUnits = map[string]unit{
	"kg": {"mass", "1000"}, "g": {"mass", "1"}, "mg": {"mass", "1/1000"}, "ug": {"mass", "1/1000000"},
	"ng": {"mass", "1/1000000000"}, "L": {"volume", "1"}, "mL": {"volume", "1/1000"}, "uL": {"volume", "1/1000000"},
	"mol": {"substance", "1"}, "mmol": {"substance", "1/1000"}, "cm": {"length", "1/100"}, "cm2": {"area", "1/10000"},
	"h": {"time", "3600"}, "d": {"time", "86400"}, "wk": {"time", "604800"}, "mo": {"month", "1"}, "a": {"month", "12"},
	"%": {"fraction", "1/100"}, "[ppm]": {"fraction", "1/1000000"}, "[IU]": {"international", "1"},
	"[arb'U]": {"activity", "1"}, "{ELISA'U}": {"elisa", "1"}, "{dose}": {"dose", "1"}, "1": {"piece", "1"},
}

// nationalUnits are measured here by what their lists say of them, not by what our maps make of them.
var nationalUnits = map[string]unit{
	"%": {"fraction", "1/100"}, "PPM": {"fraction", "1/1000000"},
	"% W/V": {"mass/volume", "10"}, // one gram in 100 mL is ten grams in a litre
	"%W/W":  {"mass/mass", "1/100"},
	"KG":    {"mass", "1000"}, "G": {"mass", "1"}, "GRAMM": {"mass", "1"}, "MG": {"mass", "1/1000"},
	"MCG": {"mass", "1/1000000"}, "MI": {"mass", "1/1000000"}, "L": {"volume", "1"}, "CENTILITER": {"volume", "1/100"},
	"CM3": {"volume", "1/1000"}, "ML": {"volume", "1/1000"}, "MMOL": {"substance", "1/1000"},
	"CM": {"length", "1/100"}, "CM2": {"area", "1/10000"}, "H": {"time", "3600"}, "RÜ": {"international", "1"},
	"TÜ": {"activity", "1"}, "TY": {"activity", "1"}, "MILJTÜ": {"activity", "1000000"},
	"EL.U": {"elisa", "1"}, "ELISA ÜHIK": {"elisa", "1"}, "ANNUS": {"dose", "1"}, "DOOS": {"dose", "1"},
	"AN": {"dose", "1"}, "TK": {"piece", "1"},
	"G/1000ML": {"mass/volume", "1"}, "G/100ML": {"mass/volume", "10"}, "G/50ML": {"mass/volume", "20"},
	"G/20ML": {"mass/volume", "50"}, "G/5ML": {"mass/volume", "200"}, "G/ML": {"mass/volume", "1000"},
	"G/100G": {"mass/mass", "1/100"}, "MG/100G": {"mass/mass", "1/100000"}, "MG/G": {"mass/mass", "1/1000"},
	"MG/ML": {"mass/volume", "1"}, "MG/5ML": {"mass/volume", "1/5"}, "MG/10ML": {"mass/volume", "1/10"},
	"MG/20ML": {"mass/volume", "1/20"}, "MCG/ML": {"mass/volume", "1/1000"}, "MCG/0,5ML": {"mass/volume", "2/1000"},
	"MCG/CM2": {"mass/area", "1/100"}, "ML/5ML": {"volume/volume", "1/5"}, "ML/20ML": {"volume/volume", "1/20"},
	"MMOL/L": {"substance/volume", "1/1000"}, "MOL/L": {"substance/volume", "1"},
	"MCG/ANNUSES": {"mass/dose", "1/1000000"}, "MG/ANNUSES": {"mass/dose", "1/1000"},
	"MG/TABLETIS": {"mass/15054000", "1/1000"}, "MCG/VIAALIS": {"mass/15060000", "1/1000000"},
	"AMPULL": {"15002000", "1"}, "AM": {"15002000", "1"}, "KAPSEL": {"15012000", "1"}, "CP": {"15012000", "1"},
	"KONTEINER": {"15016000", "1"}, "KOTT": {"15005000", "1"}, "MÕÕTANNUS": {"15001000", "1"}, "MA": {"15001000", "1"},
	"PUDEL": {"15009000", "1"}, "PURK": {"15028000", "1"}, "SÜSTAL": {"15052000", "1"}, "SY": {"15052000", "1"},
	"TABL": {"15054000", "1"}, "TA": {"15054000", "1"}, "TILKA": {"15022000", "1"}, "TI": {"15022000", "1"},
	"VIAAL": {"15060000", "1"},
	"TU":    {"time", "3600"}, "PV": {"time", "86400"}, "WK": {"time", "604800"}, // a month has no fixed number of days
	"KK": {"month", "1"}, "KV": {"month", "3"}, "AA": {"month", "12"},
	"01": {"15012000", "1"}, "02": {"volume", "1/1000"}, "38": {"15022000", "1"}, "04": {"dose", "1"},
	"05": {"15001000", "1"}, "06": {"15002000", "1"}, "07": {"15037000", "1"}, "08": {"15051000", "1"},
	"09": {"15036000", "1"}, "10": {"15045000", "1"}, "11": {"international", "1"}, "12": {"mass", "1"},
	"13": {"mass", "1/1000"}, "14": {"mass", "1/1000000"}, "15": {"15009000", "1"}, "16": {"15058000", "1"},
	"17": {"15026000", "1"}, "18": {"15054000", "1"},
}

// spelledUnits are units of UCUM in another spelling, and quotients, measured by what UCUM says of them.
var spelledUnits = map[string]unit{
	"[iU]": {"international", "1"}, "ml": {"volume", "1/1000"}, "g/mL": {"mass/volume", "1000"}, "mg/mL": {"mass/volume", "1"},
	"mg/ml": {"mass/volume", "1"}, "ug/mL": {"mass/volume", "1/1000"}, "mg/g": {"mass/mass", "1/1000"},
	"[IU]/mL": {"international/volume", "1000"}, "[iU]/mL": {"international/volume", "1000"},
}

func rational(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

// sharedSize measures a target with its denominator.
func sharedSize(t *testing.T, target, per string) (string, *big.Rat) {
	t.Helper()
	dimension, size := target, big.NewRat(1, 1)
	if known, ok := sharedUnits[target]; ok {
		dimension, size = known.dimension, rational(t, known.size)
	}
	if per == "" {
		return dimension, size
	}
	below, under := sharedSize(t, per, "")
	return dimension + "/" + below, size.Quo(size, under)
}

func TestNoUnitMapChangesTheDimensionOrTheAmount(t *testing.T) {
	for _, b := range tables(t, "unit-map") {
		for _, row := range b.rows {
			code, target := b.cell(row, "code"), b.cell(row, "target")
			if b.cell(row, "relation") == "none" || code == "*" && b.cell(row, "system") == b.cell(row, "target_system") {
				continue
			}
			from, known := nationalUnits[code]
			if strings.HasPrefix(b.name, "eu-eu/") {
				if from, known = spelledUnits[code]; !known {
					from, known = unit{target, "1"}, strings.HasPrefix(code, "{")
				}
			}
			if !known {
				t.Errorf("%s: nobody has said what %s measures", b.name, code)
				continue
			}
			dimension, size := sharedSize(t, target, b.cell(row, "per"))
			if dimension != from.dimension {
				t.Errorf("%s: %s measures %s and becomes %s", b.name, code, from.dimension, dimension)
				continue
			}
			size.Mul(size, rational(t, b.cell(row, "factor")))
			if size.Cmp(rational(t, from.size)) != 0 {
				t.Errorf("%s: one %s is %s and becomes %s", b.name, code, from.size, size.RatString())
			}
		}
	}
}
