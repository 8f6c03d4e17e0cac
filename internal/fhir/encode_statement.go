package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// allergy writes an AllergyIntolerance. Its clinical status stands unless it was recorded by mistake (R4 ait-1, ait-2).
// FHIR has a severity of each reaction only; that of the whole allergy stands in an extension.
func (e *encoder) allergy(s statement) {
	e.begin(s, func() {
		if !e.hidden(s.Severity) {
			mark := e.extension(extSeverity)
			e.concept("valueCodeableConcept", s.Severity)
			e.close(mark)
		}
	})
	if !isInError(s.State) {
		e.bound("clinicalStatus", s.Status, systemAllergyClinical, allergyStatus)
	}
	e.certainty(s, systemAllergyCertainty)
	e.fixed("type", s.Type, allergyTypes().inFHIR)
	e.fixed("criticality", s.Criticality, criticalities().inFHIR)
	e.required("code", s.What)
	e.reference("patient", e.patientID)
	e.onset(s)
	e.date("recordedDate", s.Recorded, s.at+".recorded")
	e.notesOf(s)
	list := e.array("reaction")
	for i, r := range s.Reactions {
		e.reaction(r, s.at+".reaction["+itoa(i)+"]")
	}
	e.close(list)
	e.endEntry("")
	if s.When.To != "" && s.When.To != s.When.From {
		e.lose(s.at+".when.to", "The end of an allergy has no place.")
	}
	e.loseRest(s, "when", "recorded", "reaction", "text")
}

func (e *encoder) reaction(r node.Reaction, at string) {
	mark := e.object("")
	before := len(e.b)
	e.concepts("manifestation", r.Manifestations...)
	if len(e.b) == before {
		list := e.array("manifestation")
		e.addedConcept("", translation.Coding{})
		e.close(list)
	}
	e.date("onset", r.When, at+".when")
	e.fixed("severity", r.Severity, severities().inFHIR)
	e.close(mark)
}

func (e *encoder) onset(s statement) { e.date("onsetDateTime", s.When.From, s.at+".when") }

// certainty writes how sure the statement is. A denied or mistaken one says that it is, whatever else was thought of it.
func (e *encoder) certainty(s statement, system string) {
	must := ""
	switch {
	case isInError(s.State):
		must = string(node.InError)
	case s.Negated:
		must = "refuted"
	}
	switch {
	case must != "" && !saysCode(s.Certainty, must):
		e.addedConcept("verificationStatus", translation.Coding{System: system, Code: must})
	case s.Certainty != nil:
		e.bound("verificationStatus", s.Certainty, system, sameCode(system))
	}
}

// saysCode says that the slot's own code is that one.
func saysCode(slot *translation.Slot, code string) bool {
	for _, form := range formsOf(slot) {
		if form.Code == code {
			return true
		}
	}
	return false
}

// problem writes a Condition. What has ended is not active (R4 con-4), and what was recorded by mistake has no status
// (con-5).
func (e *encoder) problem(s statement) {
	e.begin(s, nil)
	ended := s.When.To != "" && s.When.To != s.When.From && dateIs(s.When.To, "dateTime")
	if !isInError(s.State) {
		e.problemStatus(s, ended)
	}
	e.certainty(s, systemConditionCertainty)
	e.concepts("category", s.Type)
	e.concept("severity", s.Severity)
	e.required("code", s.What)
	e.concepts("bodySite", s.Site)
	e.reference("subject", e.patientID)
	e.onset(s)
	switch {
	case ended && !mayEnd(s.Status):
		e.lose(s.at+".when.to", "It has an end, and a status that says that it has none.")
	case ended && endsBefore(s.When):
		e.lose(s.at+".when.to", "It ends before it begins.")
	case ended:
		e.text("abatementDateTime", s.When.To)
	}
	e.date("recordedDate", s.Recorded, s.at+".recorded")
	e.notesOf(s)
	e.endEntry("")
	e.loseRest(s, "when", "recorded", "text")
}

func (e *encoder) problemStatus(s statement, ended bool) {
	if ended && e.hidden(s.Status) {
		e.addedConcept("clinicalStatus", translation.Coding{System: systemConditionClinical, Code: "inactive"})
		return
	}
	e.bound("clinicalStatus", s.Status, systemConditionClinical, conditionStatus)
}

// mayEnd says that a clinical status lets a problem have an end.
func mayEnd(slot *translation.Slot) bool {
	if slot == nil {
		return true
	}
	for _, form := range formsOf(slot) {
		code := conditionStatus(form)
		if form.System == systemConditionClinical {
			code = form.Code
		}
		switch code {
		case "inactive", "resolved", "remission":
			return true
		case "":
		default:
			return false
		}
	}
	return false
}

// procedure writes a Procedure.
func (e *encoder) procedure(s statement) {
	e.begin(s, nil)
	e.concept("category", s.Type)
	e.required("code", s.What)
	e.reference("subject", e.patientID)
	e.when("performed", s)
	e.concepts("reasonCode", s.Reasons...)
	e.concepts("bodySite", s.Site)
	e.notesOf(s)
	e.endEntry("")
	e.loseRest(s, "when", "text")
}

// deviceUse writes a DeviceUseStatement and the Device of its own.
func (e *encoder) deviceUse(s statement) {
	device := entryID(e.root, s.path+".device")
	e.begin(s, nil)
	e.reference("subject", e.patientID)
	e.when("timing", s)
	e.date("recordedOn", s.Recorded, s.at+".recorded")
	e.reference("device", device)
	e.concepts("reasonCode", s.Reasons...)
	e.concept("bodySite", s.Site)
	e.notesOf(s)
	e.endEntry("")
	e.entry(device, "Device", "")
	e.walk(s.path + ".device")
	e.required("type", s.What)
	e.reference("patient", e.patientID)
	e.endEntry("")
	e.loseRest(s, "when", "recorded", "text")
}

// immunisation writes an Immunization: against what and which dose stand in the protocol, the product in a Medication
// of its own.
func (e *encoder) immunisation(s statement) {
	product := entryID(e.root, s.path+".product")
	named := s.Medication != nil && !isEmptyMedicine(s.Medication)
	e.begin(s, func() {
		if named {
			mark := e.extension(extProductGiven)
			parts := e.array("extension")
			part := e.extension("reference")
			e.reference("valueReference", product)
			e.close(part)
			e.close(parts)
			e.close(mark)
		}
	})
	e.required("vaccineCode", s.What)
	e.reference("patient", e.patientID)
	if !e.date("occurrenceDateTime", s.When.From, s.at+".when") {
		e.textOrAbsent("occurrenceDateTime", "")
	}
	if s.When.To != "" && s.When.To != s.When.From {
		e.lose(s.at+".when.to", "A vaccination has one day.")
	}
	e.date("recorded", s.Recorded, s.at+".recorded")
	e.concept("site", s.Site)
	e.given(s)
	e.notesOf(s)
	e.protocol(s)
	e.endEntry("")
	if named {
		e.medicines(s.Medication, product, s.path+".extension["+itoa(e.extensionsBefore(s))+"].extension[0].valueReference", s.at+".medication")
	}
	e.loseRest(s, "when", "recorded", "medication", "dosage", "number", "text")
}

// extensionsBefore counts the extensions that stand before that of the product.
func (e *encoder) extensionsBefore(s statement) int {
	n := 0
	if stateNamed("Immunization", e.statusOf(s)) != s.State {
		n++
	}
	if s.kindOf() != s.Kind {
		n++
	}
	return n
}

// given writes by which route and how much was given; a vaccination has no more of a dosage than that.
func (e *encoder) given(s statement) {
	for i, dosage := range s.Dosage {
		if i == 0 {
			e.concept("route", dosage.Route)
			e.quantity("doseQuantity", dosage.Dose)
			dosage.Route, dosage.Dose = nil, node.Quantity{}
		}
		if !isSilent(dosage) {
			e.lose(s.at+".dosage["+itoa(i)+"]", "A vaccination has a route and a dose, and no other dosage.")
		}
	}
}

func isSilent(d node.Dosage) bool {
	return d.Text == "" && len(d.Additional) == 0 && d.Timing.IsZero() && d.AsNeeded == nil && d.Route == nil && d.Dose.IsZero() &&
		d.DoseHigh.IsZero() && d.Sequence == "" && len(d.NeededFor) == 0 && d.Site == nil && d.Rate.IsZero() && d.Most.IsZero()
}

// protocol writes which dose it was, and against what. R4 demands the number of the dose there.
func (e *encoder) protocol(s statement) {
	list := e.array("protocolApplied")
	mark := e.object("")
	before := len(e.b)
	e.concepts("targetDisease", s.Reasons...)
	switch {
	case isPositive(s.Number):
		e.raw("doseNumberPositiveInt", s.Number)
	case s.Number != "":
		e.text("doseNumberString", s.Number)
	case len(e.b) > before:
		e.textOrAbsent("doseNumberString", "")
	}
	e.close(mark)
	e.close(list)
}

// isPositive says that a number is one that JSON and FHIR write as positiveInt.
func isPositive(number string) bool {
	return number != "" && len(number) < 10 && strings.Trim(number, "0123456789") == "" && number[0] != '0'
}

// plan writes a CarePlan with what is planned as its one activity.
func (e *encoder) plan(s statement) {
	e.begin(s, nil)
	e.text("intent", "plan")
	e.concepts("category", s.Type)
	e.reference("subject", e.patientID)
	e.period("period", s)
	e.date("created", s.Recorded, s.at+".recorded")
	list := e.array("activity")
	mark := e.object("")
	detail := e.object("detail")
	e.required("code", s.What)
	e.concepts("reasonCode", s.Reasons...)
	e.text("status", "unknown")
	e.close(detail)
	e.close(mark)
	e.close(list)
	e.notesOf(s)
	e.endEntry("")
	e.loseRest(s, "when", "recorded", "text")
}

// directive writes a Consent: an advance directive of the patient. R4 demands a scope, and a policy for it (ppc-1).
func (e *encoder) directive(s statement) {
	e.begin(s, func() {
		if s.Text != "" {
			mark := e.extension(extNote)
			note := e.object("valueAnnotation")
			e.text("text", s.Text)
			e.close(note)
			e.close(mark)
		}
	})
	e.addedConcept("scope", translation.Coding{System: systemConsentScope, Code: "adr"})
	list := e.array("category")
	e.required("", s.What)
	e.close(list)
	e.reference("patient", e.patientID)
	e.date("dateTime", s.Recorded, s.at+".recorded")
	e.addedConcept("policyRule", translation.Coding{})
	provision := e.object("provision")
	e.period("period", s)
	e.concepts("code", s.Result.Code)
	e.close(provision)
	e.endEntry("")
	held := []string{"when", "recorded", "text"}
	if onlyCode := (node.Result{Code: s.Result.Code}); s.Result.Code != nil && sameAnswer(s.Result, onlyCode) {
		held = append(held, "answer")
	}
	e.loseRest(s, held...)
}

func sameAnswer(r, only node.Result) bool {
	r.Interpretation = nil
	return r == only
}
