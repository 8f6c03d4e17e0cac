package fhir

import (
	_ "embed"
	"strings"
	"sync"
)

// elementRows lists the elements of every resource and data type that a document of this corridor can hold, one type
// a line: name:type, with * where FHIR has an array and ? where its releases differ. It is the union of R4 (4.0.1) and
// R5 (5.0.0); what differs in more than that is left unchecked (type any).
//
//go:embed elements.txt
var elementRows string

// shapeOf is what a type's values look like: a JSON primitive, or an object with elements.
type shapeOf struct {
	name     string
	json     kind   // objectKind for a type with elements
	check    string // how the text of a primitive is checked: date, dateTime, instant, time, xhtml, or nothing
	resource bool
	elements map[string]*element
	choices  []string        // elements of which FHIR allows one of several types, without the type behind the name
	folded   map[string]bool // the same names in lower case, to tell a wrong case from an unknown name
}

// element is one row of the table. Two elements of the same name and type are the same pointer in no sense that
// matters; type any is nil.
type element struct {
	of   *shapeOf
	many byte // '*' an array, '?' either, 0 a single value
}

// shapes is every type by name.
type shapes map[string]*shapeOf

// elements reads the table once.
var elements = sync.OnceValue(func() shapes { return readElements(elementRows) })

func readElements(rows string) shapes {
	all := primitives()
	lines := strings.Split(strings.TrimSpace(rows), "\n")
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		all[name] = &shapeOf{name: name, json: objectKind, elements: map[string]*element{}, folded: map[string]bool{}}
	}
	for _, name := range strings.Fields(resourceTypes) {
		all[name].resource = true
	}
	all["Element"] = &shapeOf{name: "Element", json: objectKind, elements: map[string]*element{}, folded: map[string]bool{}}
	for _, line := range strings.Split(choiceRows, "\n") {
		fields := strings.Fields(line)
		all[fields[0]].choices = fields[1:]
	}
	for _, line := range append(lines, "Element") {
		fields := strings.Fields(line)
		all.fill(all[fields[0]], fields[1:])
	}
	return all
}

// resourceTypes are the resources that a document may hold; any other is refused.
const resourceTypes = `AllergyIntolerance Binary Bundle CarePlan CareTeam ClinicalImpression Composition Condition Consent
	Device DeviceUseStatement DiagnosticReport DocumentReference Encounter Flag Goal ImagingStudy Immunization
	ImmunizationRecommendation Location Medication MedicationAdministration MedicationDispense MedicationRequest
	MedicationStatement Observation OperationOutcome Organization Patient Practitioner PractitionerRole Procedure
	Provenance RelatedPerson RequestGroup ServiceRequest Specimen`

// choiceRows lists the elements of a choice of types (R4 2.6.0.3, name[x]) that a record may be read from.
const choiceRows = `AllergyIntolerance onset
	Annotation author
	Condition onset abatement
	DeviceUseStatement timing
	DiagnosticReport effective
	Dosage asNeeded
	Dosage.doseAndRate dose rate
	Extension value
	Immunization occurrence
	Immunization.protocolApplied doseNumber seriesDoses
	Medication.ingredient item strength
	MedicationAdministration medication effective
	MedicationDispense medication
	MedicationRequest medication reported
	MedicationRequest.substitution allowed
	MedicationStatement medication effective
	Observation value effective
	Observation.component value
	Patient deceased multipleBirth
	Procedure performed
	Timing.repeat bounds`

func primitives() shapes {
	all := shapes{}
	for _, name := range []string{"string", "date", "dateTime", "instant", "time", "xhtml"} {
		all[name] = &shapeOf{name: name, json: textKind, check: name}
	}
	all["string"].check = ""
	all["boolean"] = &shapeOf{name: "boolean", json: boolKind}
	all["integer"] = &shapeOf{name: "integer", json: numberKind, check: "integer"}
	all["decimal"] = &shapeOf{name: "decimal", json: numberKind}
	all["Resource"] = &shapeOf{name: "Resource", json: objectKind}
	return all
}

func (all shapes) fill(s *shapeOf, rows []string) {
	rows = append(rows, "id:string", "extension:Extension*")
	if s.resource {
		rows = append(rows, "resourceType:string", "meta:Meta", "implicitRules:string", "language:string",
			"text:Narrative", "contained:Resource*")
	}
	for _, row := range rows {
		name, of, _ := strings.Cut(row, ":")
		many := of[len(of)-1]
		if many == '*' || many == '?' {
			of = of[:len(of)-1]
		} else {
			many = 0
		}
		s.elements[name] = &element{of: all[of], many: many}
		s.folded[strings.ToLower(name)] = true
	}
}

// isPublic says that FHIR has an element of this name in some type.
var isPublic = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{"modifierExtension": true}
	for _, s := range elements() {
		for name := range s.elements {
			names[name] = true
		}
	}
	return names
})

// publicName shows a member name that FHIR knows, and hides any other, which is content.
func publicName(name string) string {
	if isPublic()[strings.TrimPrefix(name, "_")] {
		return name
	}
	return "?"
}
