package fhir

import "sild/translation"

// clinical makes a slot of every coded place in what the sections of a summary name. Its record path starts with the
// section and the entry; a resource that an entry leads to goes on from there by the name of the reference.
func (d *decoder) clinical(composition value) {
	paths := d.entryPaths(composition)
	for _, at := range d.coded {
		v := value{d.arena, at}
		if d.claimed[at] {
			continue
		}
		_, n := d.holder(v)
		if n < 0 || paths[n].path == "" {
			continue
		}
		field := d.fieldOf(v)
		path := pathFrom(paths[n].path, v, d.entries[n].resource)
		before := len(d.doc.Slots)
		if d.of[at] != nil && d.of[at].name == "Quantity" {
			d.quantity(v, field, path)
		} else {
			d.concept(v, field, path)
		}
		section := &d.doc.Summary.Sections[paths[n].section]
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
				paths[l.to] = entryPath{pathFrom(sectionKey(code, codes[code]), l.ref, section), n}
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
	element := memberName(v)
	switch d.of[holder.at].name {
	case "AllergyIntolerance":
		return allergyField(element)
	case "Condition":
		return conditionField(element)
	case "Procedure":
		return fieldWhere(element, "code", translation.Procedure)
	case "Device":
		return fieldWhere(element, "type", translation.Device)
	case "Immunization":
		return immunizationField(element)
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

func fieldWhere(element, name string, field translation.Field) translation.Field {
	if element == name {
		return field
	}
	return translation.Other
}

func allergyField(element string) translation.Field {
	switch element {
	case "code", "substance":
		return translation.Allergen
	case "manifestation":
		return translation.Reaction
	case "clinicalStatus":
		return translation.ClinicalStatus
	case "verificationStatus":
		return translation.Certainty
	case "exposureRoute":
		return translation.Route
	}
	return translation.Other
}

func conditionField(element string) translation.Field {
	switch element {
	case "code":
		return translation.Diagnosis
	case "severity":
		return translation.Severity
	case "clinicalStatus":
		return translation.ClinicalStatus
	case "verificationStatus":
		return translation.Certainty
	}
	return translation.Other
}

func immunizationField(element string) translation.Field {
	switch element {
	case "vaccineCode":
		return translation.Vaccine
	case "route":
		return translation.Route
	}
	return translation.Other
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
	case "code", "medicationCodeableConcept", "valueCodeableConcept":
		if isATC(v.get("coding").item(0).get("system").text()) {
			return translation.Classification
		}
	}
	return translation.Other
}
