package translation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// TimeUnit is the field of units in which the tables count hours, days and weeks; no slot of a record has it.
const TimeUnit Field = "time-unit"

// Bound lists the fields that a table may bind to a value set or map, in the order of their declaration.
func Bound() []Field {
	return []Field{DocumentCode, DoseForm, Substance, Classification, StrengthUnit, PackageUnit, DoseUnit, Route, SubstitutionReason,
		Diagnosis, CourseOfTherapy, Allergen, Reaction, Severity, Criticality, ClinicalStatus, Certainty, Procedure, Device, Vaccine,
		Section, Absence, Substitution, Role, Container, BodySite, Observation, ObservationValue, ResultUnit, TimingEvent, TimeUnit}
}

var (
	listPlace = regexp.MustCompile(`^[a-z]{2}/[^/]+\.csv$`)
	mapPlace  = regexp.MustCompile(`^[a-z]{2}-eu/[^/]+\.csv$`)
)

// checkPlace says what is wrong with the name of a table: a value set, a list or a map counts only where it belongs, so that a
// copy in another folder is not in force, and only for a field that exists.
func checkPlace(name, kind string) error {
	switch kind {
	case kindValueSet, kindWholeSet, kindOfSystems:
		if !strings.HasPrefix(name, "eu/") || !listPlace.MatchString(name) {
			return fmt.Errorf("%s: a value set stands in eu/ and is named after its field: eu/dose-form.csv", name)
		}
	case kindConceptMap, kindUnitMap:
		if !mapPlace.MatchString(name) {
			return fmt.Errorf("%s: a map stands in a folder such as ee-eu and is named like a value set", name)
		}
	case kindCodeSystem, kindWholeCodes:
		if !listPlace.MatchString(name) {
			return fmt.Errorf("%s: the names of codes stand in a folder of their country, such as ee/, or in eu/", name)
		}
		return nil
	default:
		return nil
	}
	if !slices.Contains(Bound(), fieldOf(name)) {
		return fmt.Errorf("%s: no field is called %q", name, fieldOf(name))
	}
	return nil
}
