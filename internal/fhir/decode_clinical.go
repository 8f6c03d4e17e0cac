package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// clinical makes a slot of every coded place in what the sections of a summary name. Its record path starts with the
// section and the entry; a resource that an entry leads to goes on from there by the name of the reference.
func (d *decoder) clinical(composition value) {
	d.paths = d.entryPaths(composition)
	for _, at := range d.coded {
		v := value{d.arena, at}
		if d.claimed[at] {
			continue
		}
		_, n := d.holder(v)
		if n < 0 || d.paths[n].path == "" {
			continue
		}
		if allAdded(v) {
			d.claimAdded(v)
			continue
		}
		field := d.fieldOf(v)
		path := pathFrom(d.paths[n].path, v, d.entries[n].resource)
		before := len(d.doc.Slots)
		if d.of[at] != nil && d.of[at].name == "Quantity" {
			d.quantity(v, field, path)
		} else {
			d.concept(v, field, path)
		}
		section := &d.doc.Summary.Sections[d.paths[n].section]
		section.Slots = append(section.Slots, d.doc.Slots[before:]...)
	}
}

// pathFrom is a record path that goes on by the way from an outer value to an inner one.
func pathFrom(path string, v, outer value) string {
	return string(v.appendPath(append(make([]byte, 0, 96), path...), outer, nil))
}

// entryPath is where an entry stands in the record.
type entryPath struct {
	path    string
	section int
}

// entryPaths walks from the sections along the references. What the Composition itself names (patient, author,
// custodian) belongs to no section.
func (d *decoder) entryPaths(composition value) []entryPath {
	paths := make([]entryPath, len(d.entries))
	w := d.web
	own := make(map[int]bool)
	for _, root := range w.roots {
		own[root] = true
	}
	codes := make(map[string]int)
	var queue []int
	for n, section := range composition.get("section").each {
		code := loincOf(section.get("code"))
		codes[code]++
		for _, l := range w.sections[n] {
			if l.to > 0 && paths[l.to].path == "" && !own[l.to] {
				paths[l.to] = entryPath{pathFrom(node.SectionPath(code, codes[code]), l.ref, section), n}
				queue = append(queue, l.to)
			}
		}
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, l := range w.links[n] {
			if l.to > 0 && paths[l.to].path == "" && !own[l.to] && d.entries[l.to].of != "Patient" {
				paths[l.to] = entryPath{pathFrom(paths[n].path, l.ref, d.entries[n].resource), paths[n].section}
				queue = append(queue, l.to)
			}
		}
	}
	return paths
}

// fieldOf says what a coded place of a clinical resource means, by the resource and the element that it stands in.
func (d *decoder) fieldOf(v value) translation.Field {
	holder := v
	for d.of[holder.at] == nil || !d.of[holder.at].resource {
		holder = holder.parent()
	}
	field := d.elementField(d.of[holder.at].name, v)
	if d.statesAbsence(v) && field != translation.ClinicalStatus && field != translation.Certainty {
		return translation.Absence
	}
	return field
}

// statesAbsence says that a code is one of the list that states absences.
func (d *decoder) statesAbsence(v value) bool {
	return inLife(v, func(system string) bool { return system == systemAbsentOld })
}

// inLife says that a concept's code, or the one that a person chose and that was carried on from there, is of a system.
func inLife(v value, is func(system string) bool) bool {
	var last value
	for i, coding := range v.get("coding").each {
		if i == 0 && is(coding.get("system").text()) {
			return true
		}
		if !isAdded(coding) {
			last = coding
		}
	}
	return last.get("userSelected").text() == "true" && is(last.get("system").text())
}

func (d *decoder) elementField(resource string, v value) translation.Field {
	element := memberName(v)
	if holder := v.parent(); element == "valueCodeableConcept" && holder.get("url").text() == extCode {
		element = strings.TrimPrefix(holder.parent().parent().name(), "_")
	}
	switch resource {
	case "AllergyIntolerance":
		if v.parent().get("url").text() == extSeverity {
			return translation.Severity
		}
		return allergyField(element)
	case "Condition":
		return conditionField(element)
	case "Procedure":
		return fieldIn(element, "code", translation.Procedure, "bodySite", translation.BodySite, "reasonCode", translation.Diagnosis)
	case "Device":
		return fieldIn(element, "type", translation.Device)
	case "DeviceUseStatement":
		return fieldIn(element, "bodySite", translation.BodySite, "reasonCode", translation.Diagnosis)
	case "Observation":
		return observationField(v, element)
	case "DiagnosticReport":
		return fieldIn(element, "code", translation.Observation)
	case "Immunization":
		return fieldIn(element, "vaccineCode", translation.Vaccine, "route", translation.Route, "site", translation.BodySite,
			"doseQuantity", translation.DoseUnit, "targetDisease", translation.Diagnosis, "reasonCode", translation.Diagnosis)
	case "Medication", "MedicationStatement", "MedicationRequest":
		return d.medicineField(v, element)
	}
	return translation.Other
}

// memberName is the name of the element that a value is, also where it is one of several.
func memberName(v value) string {
	for v.there() && v.name() == "" {
		v = v.parent()
	}
	return v.name()
}

// fieldIn looks an element up among pairs of an element's name and its field.
func fieldIn(element string, pairs ...translation.Field) translation.Field {
	for i := 0; i < len(pairs); i += 2 {
		if element == string(pairs[i]) {
			return pairs[i+1]
		}
	}
	return translation.Other
}

func allergyField(element string) translation.Field {
	return fieldIn(element, "code", translation.Allergen, "substance", translation.Allergen, "manifestation", translation.Reaction,
		"clinicalStatus", translation.ClinicalStatus, "verificationStatus", translation.Certainty, "exposureRoute", translation.Route,
		"criticality", translation.Criticality, "severity", translation.Severity)
}

func conditionField(element string) translation.Field {
	return fieldIn(element, "code", translation.Diagnosis, "severity", translation.Severity, "clinicalStatus",
		translation.ClinicalStatus, "verificationStatus", translation.Certainty, "bodySite", translation.BodySite)
}

// observationField tells the question, the answer and its unit. How a result is to be judged is said in one list all
// over the world, as the grammar of a document is.
func observationField(v value, element string) translation.Field {
	switch element {
	case "interpretation":
		if v.get("coding").item(0).get("system").text() == systemInterpretation {
			return translation.Structural
		}
	case "low", "high":
		if v.parent().name() == "valueRange" {
			return translation.ResultUnit
		}
	}
	return fieldIn(element, "code", translation.Observation, "valueCodeableConcept", translation.ObservationValue,
		"valueQuantity", translation.ResultUnit, "bodySite", translation.BodySite)
}

func (d *decoder) medicineField(v value, element string) translation.Field {
	switch element {
	case "form":
		return translation.DoseForm
	case "itemCodeableConcept":
		return translation.Substance
	case "route":
		return translation.Route
	case "reasonCode":
		return translation.Diagnosis
	case "numerator", "denominator":
		if v.parent().name() == "strength" {
			return translation.StrengthUnit
		}
		return translation.PackageUnit
	case "doseQuantity", "low", "high":
		return translation.DoseUnit
	case "valueQuantity":
		if v.parent().get("url").text() == extSizeOfItem {
			return translation.PackageUnit
		}
	case "code", "medicationCodeableConcept", "valueCodeableConcept":
		if inLife(v, isATC) {
			return translation.Classification
		}
	}
	return translation.Other
}
