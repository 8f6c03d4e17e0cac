package curation

import (
	"regexp"
	"slices"
	"strings"

	"sild/translation"
)

// codeForm is what is known of the codes of a public system: their form, and the fields that they can stand in.
type codeForm struct {
	form  *regexp.Regexp
	check func(code string) bool // a check digit; nil where the system has none
}

// codeForms are the systems whose codes can be told from others by looking at them. ATC: WHO Collaborating Centre;
// ICD-10: WHO; EDQM standard terms: the numbers of the European Directorate; SNOMED CT: 6.3 of the technical
// implementation guide; LOINC: appendix C of the users' guide.
var codeForms = map[string]codeForm{
	"atc":   {regexp.MustCompile(`^[A-DGHJL-NPRSV]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$`), nil},
	"icd10": {regexp.MustCompile(`^[A-Z][0-9]{2}(\.[0-9]{1,2})?[*+]?$`), nil},
	"edqm":  {regexp.MustCompile(`^[0-9]{5}([0-9]{3})?$`), nil},
	"sct":   {regexp.MustCompile(`^[1-9][0-9]{5,17}$`), verhoeff},
	"loinc": {regexp.MustCompile(`^[0-9]{1,7}-[0-9]$`), mod10},
}

// edqmClasses are the first two digits of EDQM numbers that belong to one kind of field: units of presentation, routes and
// methods, containers. All others are dose forms; those of old combined terms can also be containers.
var edqmClasses = map[string][]translation.Field{
	"15": {translation.DoseUnit, translation.PackageUnit, translation.StrengthUnit}, "20": {translation.Route},
	"30": {translation.Container},
}

// systemFields are the fields that a public code system can stand in; of other systems nothing is known.
var systemFields = map[string][]translation.Field{
	"atc":   {translation.Substance, translation.Classification, translation.Allergen, translation.Vaccine},
	"icd10": {translation.Diagnosis}, "orpha": {translation.Diagnosis},
	"ucum":  {translation.DoseUnit, translation.PackageUnit, translation.StrengthUnit, translation.ResultUnit, "time-unit"},
	"sms":   {translation.Substance, translation.Allergen},
	"emdn":  {translation.Device},
	"loinc": {translation.Section, translation.DocumentCode, translation.Observation},
}

// codes checks the form of codes, and that each stands in a field that it can belong to.
func (c *checker) codes() {
	for _, t := range c.tables.of(append(slices.Clone(setKinds), kindConceptMap, kindUnitMap)...) {
		for _, r := range t.rows {
			ends := []key{t.key(r)}
			if t.isMap() {
				ends = []key{t.key(r), t.target(r), {t.cell(r, "per_system"), t.cell(r, "per")}}
			}
			for i, end := range ends {
				if !single(end.code) {
					continue
				}
				if wrong := malformed(end); wrong != "" && (i > 0 || t.isSet()) {
					c.add(t.finding(RuleCode, r, end.code, wrong))
				}
				if wrong := misplaced(t.field(), end); wrong != "" {
					c.add(t.finding(RuleClass, r, end.code, wrong))
				}
			}
		}
	}
}

func malformed(k key) string {
	known, ok := codeForms[k.system]
	switch {
	case !ok:
		return ""
	case !known.form.MatchString(k.code):
		return "no code of " + k.system + " looks like this"
	case known.check != nil && !known.check(k.code):
		return "the check digit of the " + k.system + " code is wrong: a digit was mistyped or swapped"
	}
	return ""
}

// misplaced says why a code cannot belong to a field.
func misplaced(field translation.Field, k key) string {
	if k.system != "edqm" {
		if fields, known := systemFields[k.system]; known && !slices.Contains(fields, field) {
			return "codes of " + k.system + " do not belong to " + string(field)
		}
		return ""
	}
	if len(k.code) != len("10219000") {
		return "" // the short numbers of combined terms begin with anything
	}
	fields, known := edqmClasses[k.code[:2]]
	if !known {
		fields = []translation.Field{translation.DoseForm, translation.Container}
	}
	if !slices.Contains(fields, field) {
		return "an EDQM number that begins with " + k.code[:2] + " does not belong to " + string(field)
	}
	return ""
}

// mod10 checks the digit behind the hyphen of a LOINC code.
func mod10(code string) bool {
	digits, check, _ := strings.Cut(code, "-")
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return check == string(rune('0'+(10-sum%10)%10))
}

// verhoeff checks the last digit of a SNOMED CT identifier.
func verhoeff(code string) bool {
	check := 0
	for i := range len(code) {
		check = verhoeffProduct[check][verhoeffTurn[i%8][code[len(code)-1-i]-'0']]
	}
	return check == 0
}

var verhoeffProduct = [10][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1}, {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
}

var verhoeffTurn = [8][10]int{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1}, {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
}
