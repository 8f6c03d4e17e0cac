package trust

import "strings"

// countries are the members of the European Union and of the European Economic
// Area in ISO 3166-1 alpha-2. Greece is GR here, never EL; a former member or a
// look-alike in another script is simply not in the text.
const countries = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"

func isCountry(code string) bool {
	if len(code) != 2 || !upperASCII(code) {
		return false
	}
	for i := 0; i < len(countries); i += 3 {
		if countries[i:i+2] == code {
			return true
		}
	}
	return false
}

// isParticipantID accepts the country code alone or with a short suffix, so an
// id can never name one country and mean another.
func isParticipantID(id, country string) bool {
	suffix, ok := strings.CutPrefix(id, country)
	if !ok || suffix == "" {
		return ok
	}
	if suffix[0] != '-' || len(suffix) < 2 || len(suffix) > 17 {
		return false
	}
	for i := 1; i < len(suffix); i++ {
		if c := suffix[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isTerritory accepts two upper-case ASCII letters; EU stands for the Union.
func isTerritory(code string) bool { return len(code) == 2 && upperASCII(code) }

func upperASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
