package fhir

import (
	"os"
	"strings"
	"testing"
)

// profileRows are the minimum cardinalities, maxima, fixed values and required bindings of the profiles that this
// tongue writes: HL7 Europe MPD (MedicationRequest, Medication, MedicationDispense, Dosage), PatientEuCore, EPS (Bundle,
// Composition and its sections), and the R4 resources below them.
func profileRows() []row {
	var rows []row
	for _, family := range []string{"prescription", "listing"} {
		rows = append(rows, searchsetRows(family)...)
		rows = append(rows, requestRows(family)...)
		rows = append(rows, medicationRows(family)...)
		rows = append(rows, outcomeRows(family)...)
	}
	rows = append(rows, traceRows()...)
	rows = append(rows, dispenseRows()...)
	rows = append(rows, medicationRows("dispensation")...)
	rows = append(rows, summaryRows("summary")...)
	rows = append(rows, summaryRows("crossed")...)
	rows = append(rows, statementRows()...)
	rows = append(rows, outcomeRows("crossed")...)
	return append(rows, outcomeRows("summary")...)
}

func words(text string) []string { return strings.Fields(text) }

func searchsetRows(family string) []row {
	return []row{
		need(family, "Bundle.type 1..1", 1, 1, "type"),
		only(family, "Bundle.type = searchset", words("searchset"), "type"),
		need(family, "Bundle.total 1..1", 1, 1, "total"),
		need(family, "Bundle.entry.fullUrl 1..1", 1, 1, "entry", "fullUrl"),
		need(family, "Bundle.entry.search.mode 1..1", 1, 1, "entry", "search", "mode"),
		only(family, "Bundle.entry.search.mode is a search mode", words("match include outcome"), "entry", "search", "mode"),
		need(family, "Patient.identifier 1..*", 1, 0, "identifier"),
		need(family, "Patient.identifier.value 1..1", 1, 1, "identifier", "value"),
		need(family, "Patient.name 1..*", 1, 0, "name"),
		need(family, "Patient.birthDate 1..1", 1, 1, "birthDate"),
		only(family, "Patient.gender is an administrative gender", words("male female other unknown"), "gender"),
		only(family, "Patient.meta.profile = PatientEuCore", []string{profilePatient}, "meta", "profile"),
		need(family, "Practitioner.identifier.value 1..1", 1, 1, "identifier", "value"),
		need(family, "Organization.name 1..1", 1, 1, "name"),
	}
}

func requestRows(family string) []row {
	const on = "MedicationRequest."
	quantity := []string{"dispenseRequest", "extension=" + extPrescribedQuantity, "valueQuantity"}
	return []row{
		only(family, on+"meta.profile = MedicationRequest-eu-mpd", []string{profileRequest}, "meta", "profile"),
		need(family, on+"identifier 1..*", 1, 0, "identifier"),
		need(family, on+"identifier.value 1..1", 1, 1, "identifier", "value"),
		need(family, on+"status 1..1", 1, 1, "status"),
		only(family, on+"status is a request status",
			words("active on-hold cancelled completed entered-in-error stopped draft unknown"), "status"),
		need(family, on+"intent 1..1", 1, 1, "intent"),
		only(family, on+"intent = order", words("order"), "intent"),
		need(family, on+"medication[x] 1..1", 1, 1, "medicationReference"),
		need(family, on+"subject 1..1", 1, 1, "subject"),
		need(family, on+"authoredOn 1..1", 1, 1, "authoredOn"),
		need(family, on+"requester 1..1", 1, 1, "requester"),
		need(family, on+"dosageInstruction 1..*", 1, 0, "dosageInstruction"),
		need(family, on+"dosageInstruction.doseAndRate.dose 1..1 where there is a dose", 1, 1, "dosageInstruction", "doseAndRate"),
		need(family, on+"dosageInstruction.timing.repeat 1..1", 1, 1, "dosageInstruction", "timing", "repeat"),
		only(family, on+"dosageInstruction.timing.repeat.periodUnit is a unit of time", words("s min h d wk mo a"),
			"dosageInstruction", "timing", "repeat", "periodUnit"),
		need(family, on+"dosageInstruction.timing.repeat.periodUnit 1..1 (tim-2)", 1, 1, "dosageInstruction", "timing", "repeat", "periodUnit"),
		only(family, on+"dosageInstruction.boundsDuration.system = UCUM", []string{systemUCUM},
			"dosageInstruction", "timing", "repeat", "boundsDuration", "system"),
		need(family, on+"dosageInstruction.doseRange.low 1..1", 1, 1, "dosageInstruction", "doseAndRate", "doseRange", "low"),
		need(family, on+"dosageInstruction.doseQuantity.value 1..1", 1, 1, "dosageInstruction", "doseAndRate", "doseQuantity", "value"),
		need(family, on+"dosageInstruction.doseQuantity.code 1..1", 1, 1, "dosageInstruction", "doseAndRate", "doseQuantity", "code"),
		need(family, on+"dosageInstruction.doseQuantity.system 1..1", 1, 1, "dosageInstruction", "doseAndRate", "doseQuantity", "system"),
		need(family, on+"extension renderedDosageInstruction 0..1", 0, 1, "extension="+extRenderedDosage),
		need(family, on+"dispenseRequest.extension prescribedQuantity.value[x] 1..1", 1, 1, quantity...),
		need(family, on+"prescribedQuantity.value 1..1", 1, 1, append(quantity, "value")...),
		only(family, on+"prescribedQuantity.system = UCUM", []string{systemUCUM}, append(quantity, "system")...),
		only(family, on+"prescribedQuantity.code = {Package}", []string{packageCode}, append(quantity, "code")...),
		need(family, on+"substitution.allowed[x] 1..1", 1, 1, "substitution", "allowedBoolean"),
		need(family, on+"reasonCode.coding 1..*", 1, 0, "reasonCode", "coding"),
	}
}

func medicationRows(family string) []row {
	const on = "Medication."
	return []row{
		need(family, on+"form 1..1", 1, 1, "form"),
		need(family, on+"form.coding 1..*", 1, 0, "form", "coding"),
		need(family, on+"ingredient.item[x] 1..1", 1, 1, "ingredient=!itemReference", "itemCodeableConcept"),
		need(family, on+"ingredient.isActive 1..1", 1, 1, "ingredient=!itemReference", "isActive"),
		need(family, on+"ingredient.strength 1..1", 1, 1, "ingredient=!itemReference", "strength"),
		need(family, on+"ingredient.strength.numerator 1..1 (rat-1)", 1, 1, "ingredient", "strength", "numerator"),
		need(family, on+"ingredient.strength.denominator 1..1 (rat-1)", 1, 1, "ingredient", "strength", "denominator"),
		need(family, on+"ingredient.strength.numerator.code 1..1", 1, 1, "ingredient", "strength", "numerator", "code"),
		need(family, on+"ingredient.strength.numerator.value 1..1", 1, 1, "ingredient", "strength", "numerator", "value"),
		need(family, on+"extension classification 1..*", 1, 0, "extension="+extClassification),
		need(family, on+"extension classification.value[x] 1..1", 1, 1, "extension="+extClassification, "valueCodeableConcept"),
		need(family, on+"extension productname 0..1", 0, 1, "extension="+extProductName),
		need(family, on+"identifier.system 1..1", 1, 1, "identifier", "system"),
		need(family, on+"amount.numerator 1..1 (rat-1)", 1, 1, "amount", "numerator"),
		need(family, on+"amount.denominator 1..1 (rat-1)", 1, 1, "amount", "denominator"),
		only(family, on+"amount.denominator.code = {Package}", []string{packageCode}, "amount", "denominator", "code"),
	}
}

func outcomeRows(family string) []row {
	const on = "OperationOutcome."
	return []row{
		need(family, on+"issue 1..*", 1, 0, "issue"),
		need(family, on+"issue.severity 1..1", 1, 1, "issue", "severity"),
		only(family, on+"issue.severity is a severity", words("fatal error warning information"), "issue", "severity"),
		need(family, on+"issue.code 1..1", 1, 1, "issue", "code"),
		only(family, on+"issue.code is an issue type", words("informational code-invalid not-supported processing"), "issue", "code"),
	}
}

// traceRows are those of the entries that only a single prescription has: provenance and original.
func traceRows() []row {
	const family = "prescription"
	return []row{
		need(family, "Provenance.target 1..*", 1, 0, "target"),
		need(family, "Provenance.recorded 1..1", 1, 1, "recorded"),
		need(family, "Provenance.agent 1..*", 1, 0, "agent"),
		need(family, "Provenance.agent.who 1..1", 1, 1, "agent", "who"),
		only(family, "Provenance.agent.who.identifier.system = ours", []string{systemParticipant}, "agent", "who", "identifier", "system"),
		need(family, "Provenance.entity.role 1..1", 1, 1, "entity", "role"),
		only(family, "Provenance.entity.role = source", words("source"), "entity", "role"),
		need(family, "Provenance.entity.what 1..1", 1, 1, "entity", "what"),
		need(family, "Provenance.extension hop 1..*", 1, 0, "extension="+extHop),
		need(family, "DocumentReference.status 1..1", 1, 1, "status"),
		only(family, "DocumentReference.status = current", words("current"), "status"),
		need(family, "DocumentReference.content 1..*", 1, 0, "content"),
		need(family, "DocumentReference.content.attachment 1..1", 1, 1, "content", "attachment"),
		need(family, "DocumentReference.content.attachment.data 1..1", 1, 1, "content", "attachment", "data"),
		need(family, "DocumentReference.content.attachment.hash 1..1", 1, 1, "content", "attachment", "hash"),
	}
}

func dispenseRows() []row {
	const family, on = "dispensation", "MedicationDispense."
	return []row{
		only(family, on+"meta.profile = MedicationDispense-eu-mpd", []string{profileDispense}, "meta", "profile"),
		need(family, on+"extension recorded 1..1", 1, 1, "extension="+extRecorded),
		need(family, on+"extension recorded.value[x] 1..1", 1, 1, "extension="+extRecorded, "valueDateTime"),
		need(family, on+"identifier 1..*", 1, 0, "identifier"),
		need(family, on+"status 1..1", 1, 1, "status"),
		only(family, on+"status is a dispense status", words("completed entered-in-error"), "status"),
		need(family, on+"medication[x] 1..1", 1, 1, "medicationReference"),
		need(family, on+"subject 1..1", 1, 1, "subject"),
		need(family, on+"performer 1..*", 1, 0, "performer"),
		need(family, on+"performer.actor 1..1", 1, 1, "performer", "actor"),
		need(family, on+"authorizingPrescription 1..*", 1, 0, "authorizingPrescription"),
		need(family, on+"authorizingPrescription.identifier 1..1", 1, 1, "authorizingPrescription", "identifier"),
		need(family, on+"quantity 1..1", 1, 1, "quantity"),
		need(family, on+"quantity.value 1..1", 1, 1, "quantity", "value"),
		only(family, on+"quantity.system = UCUM", []string{systemUCUM}, "quantity", "system"),
		only(family, on+"quantity.code = {Package}", []string{packageCode}, "quantity", "code"),
		need(family, on+"substitution.wasSubstituted 1..1", 1, 1, "substitution", "wasSubstituted"),
		need(family, "PractitionerRole.practitioner 1..1", 1, 1, "practitioner"),
		need(family, "PractitionerRole.organization 1..1", 1, 1, "organization"),
		need(family, "Patient.identifier 1..*", 1, 0, "identifier"),
		need(family, "Patient.name 1..*", 1, 0, "name"),
		need(family, "Patient.birthDate 1..1", 1, 1, "birthDate"),
	}
}

func summaryRows(family string) []row {
	const on = "Composition."
	rows := []row{
		need(family, "Bundle.type 1..1", 1, 1, "type"),
		only(family, "Bundle.type = document", words("document"), "type"),
		need(family, "Bundle.identifier 1..1", 1, 1, "identifier"),
		need(family, "Bundle.timestamp 1..1", 1, 1, "timestamp"),
		need(family, "Bundle.entry.fullUrl 1..1", 1, 1, "entry", "fullUrl"),
		need(family, on+"status 1..1", 1, 1, "status"),
		only(family, on+"status is a composition status", words("preliminary final amended entered-in-error"), "status"),
		need(family, on+"type 1..1", 1, 1, "type"),
		need(family, on+"subject 1..1", 1, 1, "subject"),
		need(family, on+"date 1..1", 1, 1, "date"),
		need(family, on+"author 1..*", 1, 0, "author"),
		need(family, on+"title 1..1", 1, 1, "title"),
		need(family, on+"section.title 1..1", 1, 1, "section", "title"),
		need(family, on+"section.text 1..1", 1, 1, "section", "text"),
		need(family, on+"section.text.status 1..1", 1, 1, "section", "text", "status"),
		need(family, on+"section.text.div 1..1", 1, 1, "section", "text", "div"),
		need(family, "Patient.name 1..*", 1, 0, "name"),
		need(family, "Patient.birthDate 1..1", 1, 1, "birthDate"),
	}
	if family == "summary" {
		rows = append(rows, only(family, on+"section.emptyReason is a list empty reason",
			words("nilknown notasked withheld unavailable notstarted closed"), "section", "emptyReason", "coding", "code"))
	}
	for _, code := range words("11450-4 48765-2 10160-0 47519-4 46264-8") {
		rows = append(rows, need(family, on+"section:"+code+" 1..1", 1, 1, "section="+code))
	}
	return rows
}

// statementRows are those of the resources that carry the statements of a summary of another format (IPS, EPS and the R4
// resources below them).
func statementRows() []row {
	const family = "crossed"
	var rows []row
	one := func(resource string, names ...string) {
		for _, name := range names {
			rows = append(rows, need(family, resource+"."+name+" 1..1", 1, 1, name))
		}
	}
	list := func(resource, codes string, path ...string) {
		rows = append(rows, only(family, resource+"."+strings.Join(path, ".")+" is of its list", words(codes), path...))
	}
	one("AllergyIntolerance", "clinicalStatus", "code", "patient")
	list("AllergyIntolerance", "active inactive resolved", "clinicalStatus", "coding", "code")
	list("AllergyIntolerance", "unconfirmed confirmed refuted entered-in-error presumed", "verificationStatus", "coding", "code")
	list("AllergyIntolerance", "low high unable-to-assess", "criticality")
	list("AllergyIntolerance", "allergy intolerance", "type")
	list("AllergyIntolerance", "mild moderate severe", "reaction", "severity")
	rows = append(rows, need(family, "AllergyIntolerance.reaction.manifestation 1..*", 1, 0, "reaction", "manifestation"))
	one("Condition", "code", "subject")
	list("Condition", "active recurrence relapse inactive remission resolved", "clinicalStatus", "coding", "code")
	list("Condition", "unconfirmed provisional differential confirmed refuted entered-in-error", "verificationStatus", "coding", "code")
	one("MedicationStatement", "status", "subject")
	list("MedicationStatement", "active completed entered-in-error intended stopped on-hold unknown not-taken", "status")
	list("MedicationStatement", "s min h d wk mo a", "dosage", "timing", "repeat", "periodUnit")
	one("Medication", "code")
	one("Procedure", "status", "code", "subject")
	list("Procedure", "preparation in-progress not-done on-hold stopped completed entered-in-error unknown", "status")
	one("DeviceUseStatement", "status", "subject", "device")
	list("DeviceUseStatement", "active completed entered-in-error intended stopped on-hold", "status")
	one("Device", "type", "patient")
	one("Immunization", "status", "vaccineCode", "patient", "occurrenceDateTime")
	list("Immunization", "completed entered-in-error not-done", "status")
	one("Observation", "status", "code", "subject")
	list("Observation", "registered preliminary final amended corrected cancelled entered-in-error unknown", "status")
	one("CarePlan", "status", "intent", "subject")
	list("CarePlan", "plan", "intent")
	rows = append(rows, need(family, "CarePlan.activity.detail.status 1..1", 1, 1, "activity", "detail", "status"))
	one("Consent", "status", "scope", "patient", "policyRule")
	rows = append(rows, need(family, "Consent.category 1..*", 1, 0, "category"))
	list("Consent", "active inactive rejected draft proposed entered-in-error", "status")
	one("Provenance", "recorded")
	return append(rows, need(family, "Provenance.target 1..*", 1, 0, "target"), need(family, "Provenance.agent 1..*", 1, 0, "agent"))
}

// boundRows are the bindings to the value sets of MyHealth@EU, which only the samples hold.
func boundRows(t *testing.T) []row {
	t.Helper()
	if os.Getenv("SILD_SAMPLES") == "" {
		t.Log("SILD_SAMPLES is not set: the bindings to the MyHealth@EU value sets are not checked")
		return nil
	}
	const family = "prescription"
	core := func(name string) []string { return valueSet(t, "mvc-core.csv", name) }
	atc := valueSet(t, "mvc-active-ingredient-atc.csv", "")
	return []row{
		only(family, "Medication.form is an eHDSIDoseForm", core("eHDSIDoseForm"), "form", "coding[0]", "code"),
		only(family, "Medication.ingredient.itemCodeableConcept is an eHDSIActiveIngredient", atc, "ingredient", "itemCodeableConcept", "coding[0]", "code"),
		only(family, "Medication.classification is an ATC code", atc, "extension="+extClassification, "valueCodeableConcept", "coding[0]", "code"),
		only(family, "Medication.ingredient.strength.numerator is an eHDSIUnit", core("eHDSIUnit"), "ingredient", "strength", "numerator", "code"),
		only(family, "Medication.ingredient.strength.denominator is an eHDSIQuantityUnit", core("eHDSIQuantityUnit"), "ingredient", "strength", "denominator", "code"),
		only(family, "MedicationRequest.dosageInstruction.route is an eHDSIRouteofAdministration", core("eHDSIRouteofAdministration"),
			"dosageInstruction", "route", "coding[0]", "code"),
		only(family, "MedicationRequest.reasonCode is an eHDSIIllnessandDisorder", valueSet(t, "mvc-illness-icd10.csv", ""), "reasonCode", "coding[0]", "code"),
	}
}
