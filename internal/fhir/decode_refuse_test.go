package fhir

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sild/node"
)

func TestADocumentThatBreaksAnInvariantIsRefusedWithThePlace(t *testing.T) {
	type object = map[string]any
	r, m, p := "entry.0.resource.", "entry.1.resource.", "entry.2.resource."
	number := func(text string) json.Number { return json.Number(text) }
	unknown := object{"extension": []any{extensionOf(extAbsent, "valueCode", "unknown")}}
	for _, c := range []struct {
		name, file string
		changes    []change
		reason     string
		place      string
	}{
		{"unknown resource", "ee-tablet.json", []change{{m + "resourceType", "Basic"}}, "fhir.resource", "entry[1].resource"},
		{"resource without type", "ee-tablet.json", []change{{m + "resourceType", nil}}, "fhir.resource", "entry[1].resource"},
		{"resourceType in another case", "ee-tablet.json", []change{{m + "resourceType", nil}, {m + "resourcetype", "Medication"}},
			"fhir.case", "entry[1].resource"},
		{"Bundle in a Bundle", "ee-tablet.json", []change{{"entry.8.resource", map[string]any{"resourceType": "Bundle", "type": "collection"}}},
			"fhir.resource", "entry[8].resource"},
		{"modifierExtension", "ee-tablet.json", []change{{r + "modifierExtension", []any{extensionOf("urn:x", "valueBoolean", true)}}},
			"fhir.modifier", "entry[0].resource.modifierExtension"},
		{"modifierExtension deep inside", "ee-tablet.json", []change{{r + "dosageInstruction.0.modifierExtension", []any{}}},
			"fhir.modifier", "entry[0].resource.dosageInstruction[0].modifierExtension"},
		{"modifierExtension in content that nobody knows", "ee-tablet.json",
			[]change{{r + "unknown", map[string]any{"a": []any{map[string]any{"modifierExtension": []any{1}}}}}},
			"fhir.modifier", "entry[0].resource.?.?[0].modifierExtension"},
		{"implicitRules", "ee-tablet.json", []change{{r + "implicitRules", "urn:x"}}, "fhir.modifier", "entry[0].resource.implicitRules"},
		{"do not give the medicine", "ee-tablet.json", []change{{r + "doNotPerform", true}}, "fhir.modifier", "entry[0].resource.doNotPerform"},
		{"an amount that is a bound", "ee-tablet.json", []change{{r + "dosageInstruction.0.doseAndRate.0.doseQuantity.comparator", "<"}},
			"fhir.modifier", "entry[0].resource.dosageInstruction[0].doseAndRate[0].doseQuantity.comparator"},
		{"element in another case", "ee-tablet.json", []change{{r + "status", nil}, {r + "Status", "active"}}, "fhir.case", "entry[0].resource.?"},
		{"data type's element in another case", "ee-tablet.json", []change{{p + "name.0.Family", "X"}}, "fhir.case", "entry[2].resource.name[0].?"},
		{"object where an array belongs", "fi-tablet.json", []change{{r + "statusReason.coding", map[string]any{"code": "1"}}},
			"fhir.type", "entry[0].resource.statusReason.coding: array expected, object found"},
		{"string where a number belongs", "fi-tablet.json", []change{{r + "extension.0.valuePositiveInt", "2"}},
			"fhir.type", "entry[0].resource.extension[0].valuePositiveInt: number expected, string found"},
		{"array where one value belongs", "ee-tablet.json", []change{{r + "status", []any{"active"}}},
			"fhir.type", "entry[0].resource.status: string expected, array found"},
		{"null instead of absence", "ee-tablet.json", []change{{p + "name.0", []any{json.RawMessage("null")}}},
			"fhir.type", "entry[2].resource.name[0]: object expected, array found"},
		{"fraction where a whole number belongs", "ee-tablet.json", []change{{r + "dosageInstruction.0.timing.repeat.frequency", number("1.5")}},
			"fhir.type", "entry[0].resource.dosageInstruction[0].timing.repeat.frequency"},
		{"empty string", "ee-tablet.json", []change{{p + "name.1.family", ""}}, "fhir.empty", "entry[2].resource.name[1].family"},
		{"empty array", "ee-tablet.json", []change{{r + "note", []any{}}}, "fhir.empty", "entry[0].resource.note"},
		{"empty object", "ee-tablet.json", []change{{r + "substitution", map[string]any{}}}, "fhir.empty", "entry[0].resource.substitution"},
		{"day that no calendar has", "ee-tablet.json", []change{{r + "authoredOn", "2026-02-29"}}, "fhir.date", "entry[0].resource.authoredOn"},
		{"time without zone", "ee-tablet.json", []change{{r + "authoredOn", "2026-02-03T10:00:00"}}, "fhir.date", "entry[0].resource.authoredOn"},
		{"month instead of a day", "ee-tablet.json", []change{{r + "authoredOn", "2026-02"}}, "fhir.date", "entry[0].resource.authoredOn"},
		{"validity that names no day", "ee-tablet.json", []change{{r + "dispenseRequest.validityPeriod.end", "2026"}},
			"fhir.date", "entry[0].resource.dispenseRequest.validityPeriod.end"},
		{"birth date that is none", "ee-tablet.json", []change{{p + "birthDate", "2000-13-01"}}, "fhir.date", "entry[2].resource.birthDate"},
		{"negative dose", "ee-tablet.json", []change{{r + "dosageInstruction.0.doseAndRate.0.doseQuantity.value", number("-1")}},
			"fhir.negative", "entry[0].resource.dosageInstruction[0].doseAndRate[0].doseQuantity.value"},
		{"negative strength", "ee-tablet.json", []change{{m + "ingredient.0.strengthRatio.numerator.value", number("-2.5")}},
			"fhir.negative", "entry[1].resource.ingredient[0].strengthRatio.numerator.value"},
		{"decimal with an exponent", "ee-tablet.json", []change{{m + "totalVolume.value", number("3e1")}}, "fhir.number", "entry[1].resource.totalVolume.value"},
		{"dose of at least more than at most", "ee-tablet.json", []change{{r + "dosageInstruction.0.doseAndRate.0", object{"doseRange": object{
			"low": object{"value": 3, "system": "urn:x", "code": "TA"}, "high": object{"value": number("2.5"), "system": "urn:x", "code": "TA"}}}}},
			"fhir.range", "entry[0].resource.dosageInstruction[0].doseAndRate[0].doseRange"},
		{"number that is not known", "ee-tablet.json", []change{{m + "ingredient.0.strengthRatio.numerator._value", unknown}},
			"fhir.null", "entry[1].resource.ingredient[0].strengthRatio.numerator"},
		{"amount that is not known", "mpd-tablet.json", []change{{m + "amount.numerator.extension.+", unknown["extension"].([]any)[0]}},
			"fhir.null", "entry[1].resource.amount.numerator"},
		{"dose form that is not known", "ee-tablet.json", []change{{m + "doseForm.extension", unknown["extension"]}}, "fhir.null", "entry[1].resource.doseForm"},
		{"code that is not known", "ee-tablet.json", []change{{m + "doseForm.coding.0._code", unknown}}, "fhir.null", "entry[1].resource.doseForm.coding[0]"},
		{"medicine entered in error", "ee-tablet.json", []change{{m + "status", "entered-in-error"}}, "fhir.status", "entry[1].resource.status"},
		{"medicine no longer in use", "mpd-tablet.json", []change{{m + "status", "inactive"}}, "fhir.status", "entry[1].resource.status"},
		{"medicine entered in error that was handed out", "dispensation.json", []change{{"contained.0.status", "entered-in-error"}}, "fhir.status", "contained[0].status"},
		{"strength as a ratio and as a quantity", "ee-tablet.json", []change{{m + "ingredient.0.strengthQuantity", object{"value": 5}}},
			"fhir.choice", "entry[1].resource.ingredient[0].strength"},
		{"ingredient as a code and as a medicine", "ee-tablet.json", []change{{m + "ingredient.0.itemReference", object{"display": "x"}}},
			"fhir.choice", "entry[1].resource.ingredient[0].item"},
		{"medicine as a code and as a resource", "mpd-tablet.json", []change{{r + "medicationCodeableConcept", conceptOf("urn:x", "1")}}, "fhir.choice", "entry[0].resource.medication"},
		{"substitution as a boolean and as a code", "ee-tablet.json", []change{{r + "substitution.allowedCodeableConcept", conceptOf("urn:x", "N")}}, "fhir.choice", "entry[0].resource.substitution.allowed"},
		{"dose as a quantity and as a range", "ee-tablet.json", []change{{r + "dosageInstruction.0.doseAndRate.0.doseRange", object{"low": object{"value": 2}}}},
			"fhir.choice", "entry[0].resource.dosageInstruction[0].doseAndRate[0].dose"},
		{"as needed as a boolean and as a code", "fi-tablet.json", []change{{r + "dosageInstruction.0.asNeededBoolean", true}, {r + "dosageInstruction.0.asNeededCodeableConcept", conceptOf("urn:x", "1")}},
			"fhir.choice", "entry[0].resource.dosageInstruction[0].asNeeded"},
		{"bounds as a period and as a duration", "ee-tablet.json", []change{{r + "dosageInstruction.0.timing.repeat.boundsPeriod", object{"start": "2026-01-01"}},
			{r + "dosageInstruction.0.timing.repeat.boundsDuration", object{"value": 5, "code": "d"}}}, "fhir.choice", "entry[0].resource.dosageInstruction[0].timing.repeat.bounds"},
		{"extension with two values", "ee-tablet.json", []change{{r + "extension.+", object{"url": "urn:x", "valueString": "a", "valueCode": "b"}}}, "fhir.choice", "entry[0].resource.extension[2].value"},
		{"two beginnings of a problem", "eps-small.json", []change{{"entry.4.resource.onsetDateTime", "2020"}, {"entry.4.resource.onsetString", "x"}}, "fhir.choice", "entry[4].resource.onset"},
		{"script in a narrative", "ee-tablet.json", []change{{p + "text", map[string]any{"status": "generated",
			"div": `<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>`}}}, "fhir.xhtml", "entry[2].resource.text.div"},
		{"no patient", "ee-tablet.json", []change{{"entry.2", nil}}, "fhir.patient-count", "the document"},
		{"two patients", "ee-tablet.json", []change{{"entry.+", map[string]any{"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
			"resource": map[string]any{"resourceType": "Patient"}}}}, "fhir.patient-count", "the document"},
		{"a second patient contained in something", "ee-tablet.json", []change{{m + "contained",
			[]any{map[string]any{"resourceType": "Patient", "id": "x"}}}}, "fhir.patient-count", "the document"},
		{"two prescriptions", "ee-tablet.json", []change{{"entry.8.resource", map[string]any{"resourceType": "MedicationRequest"}}},
			"fhir.prescription-count", "the document"},
		{"patient without identifier", "ee-tablet.json", []change{{p + "identifier", nil}}, "fhir.identifier", "entry[2].resource"},
		{"patient without name", "ee-tablet.json", []change{{p + "name", nil}}, "fhir.name", "entry[2].resource"},
		{"prescription without identifier", "ee-tablet.json", []change{{r + "identifier.0.system", "urn:other"}}, "fhir.identifier", "entry[0].resource"},
		{"prescription of another", "ee-tablet.json", []change{{r + "subject.reference", "Patient/p2"}}, "fhir.subject", "entry[0].resource.subject"},
		{"subject who is no patient", "ee-tablet.json", []change{{r + "subject.reference", "Practitioner/n1"}}, "fhir.subject", "entry[0].resource.subject"},
		{"subject with another identifier", "ee-tablet.json", []change{{r + "subject", map[string]any{"reference": "Patient/p1",
			"identifier": map[string]any{"system": "https://fhir.ee/sid/pid/est/ni", "value": "38001085718"}}}},
			"fhir.subject", "entry[0].resource.subject"},
		{"dispensation to another", "ee-tablet.json", []change{{"entry.6.resource.subject.reference", "Patient/p2"}},
			"fhir.subject", "entry[6].resource.subject"},
		{"no subject", "ee-tablet.json", []change{{r + "subject", nil}}, "fhir.subject", ""},
		{"unknown status", "ee-tablet.json", []change{{r + "status", "draft"}}, "fhir.status", "entry[0].resource"},
		{"proposal", "ee-tablet.json", []change{{r + "intent", "proposal"}}, "fhir.intent", "entry[0].resource"},
		{"no date", "ee-tablet.json", []change{{r + "authoredOn", nil}}, "fhir.authored", "entry[0].resource"},
		{"no dosage", "ee-tablet.json", []change{{r + "dosageInstruction", nil}}, "fhir.dosage", "entry[0].resource"},
		{"medicine that is not there", "ee-tablet.json", []change{{r + "medication.reference.reference", "Medication/m9"}},
			"fhir.reference", "entry[0].resource.medication.reference"},
		{"prescriber who is not there", "ee-tablet.json", []change{{r + "requester.reference", "PractitionerRole/d9"}},
			"fhir.reference", "entry[0].resource.requester"},
		{"entry without resource", "ee-tablet.json", []change{{"entry.8.resource", nil}}, "fhir.entry", "entry[8]"},
		{"entry without fullUrl", "ee-tablet.json", []change{{"entry.8.fullUrl", nil}}, "fhir.fullurl", "entry[8]"},
		{"fullUrl twice", "ee-tablet.json", []change{{"entry.8.fullUrl", "https://register.example/ee/Medication/m1"}},
			"fhir.fullurl", "entry[8]"},
		{"reference that two entries answer to", "ee-tablet.json", []change{{"entry.8.resource.id", "m1"}, {"entry.1.fullUrl", "urn:uuid:1"}},
			"fhir.reference", "entry[0].resource.medication.reference"},
		{"transaction", "ee-tablet.json", []change{{"type", "transaction"}}, "fhir.format", "the document"},
		{"collection of nothing known", "ee-tablet.json", []change{{r + "medication", nil}}, "fhir.format", "the document"},
		{"more codes than a chain makes", "ee-tablet.json", []change{{m + "doseForm.coding", tooManyCodings()}}, "fhir.coding", "entry[1].resource.doseForm"},

		{"pivot: reference that leads nowhere", "mpd-tablet.json", []change{{"entry.3.resource.organization.reference", "urn:uuid:9"}},
			"fhir.reference", "entry[3].resource.organization"},
		{"pivot: patient without birth date", "mpd-tablet.json", []change{{"entry.2.resource.birthDate", nil}}, "fhir.birthdate", "entry[2].resource"},
		{"pivot: nobody prescribed it", "mpd-tablet.json", []change{{r + "requester", nil}}, "fhir.requester", "entry[0].resource"},
		{"pivot: another number of matches", "mpd-tablet.json", []change{{"total", number("2")}}, "fhir.total", "total"},
		{"pivot: an answer to another question", "mpd-tablet.json", []change{{"total", nil}, {"entry.0", nil}, {"entry.5", nil}}, "fhir.format", "the document"},
		{"pivot: half a package left", "mpd-tablet.json", []change{{r + "dispenseRequest.extension.1.valueQuantity.value", number("0.5")}},
			"fhir.quantity", "entry[0].resource.dispenseRequest.extension[1].valueQuantity"},
		{"pivot: package size per two", "mpd-tablet.json", []change{{m + "amount.denominator.value", number("2")}},
			"fhir.quantity", "entry[1].resource.amount.denominator"},
		{"pivot: digest that is none", "mpd-tablet.json", []change{{"entry.6.resource.entity.0.what.identifier.value", "00ff"}},
			"fhir.digest", "entry[6].resource.entity[0].what.identifier"},
		{"pivot: part of a part", "mpd-tablet.json", []change{{m + "ingredient", []any{map[string]any{"itemReference": map[string]any{"reference": "urn:uuid:77000000-0000-4000-8000-000000000002"}}}}}, "fhir.parts", "entry[1].resource.ingredient[0].itemReference"},

		{"dispensation: declined", "dispensation.json", []change{{"status", "declined"}}, "fhir.status", "the document"},
		{"dispensation: no identifier", "dispensation.json", []change{{"identifier", nil}}, "fhir.identifier", "the document"},
		{"dispensation: two identifiers", "dispensation.json", []change{{"identifier.+", map[string]any{"value": "2"}}}, "fhir.identifier", "the document"},
		{"dispensation: on no prescription", "dispensation.json", []change{{"authorizingPrescription", nil}}, "fhir.authorizing", "the document"},
		{"dispensation: on two prescriptions", "dispensation.json", []change{{"authorizingPrescription.+", map[string]any{"display": "x"}}},
			"fhir.authorizing", "the document"},
		{"dispensation: prescription without identifier", "dispensation.json", []change{{"authorizingPrescription.0.identifier.value", nil}},
			"fhir.authorizing", "authorizingPrescription"},
		{"dispensation: nobody handed it out", "dispensation.json", []change{{"performer", nil}}, "fhir.performer", "the document"},
		{"dispensation: not recorded", "dispensation.json", []change{{"extension", nil}}, "fhir.recorded", "the document"},
		{"dispensation: of nothing", "dispensation.json", []change{{"quantity.value", number("0")}}, "fhir.quantity", "quantity"},
		{"dispensation: of less than nothing", "dispensation.json", []change{{"quantity.value", number("-1")}}, "fhir.negative", "quantity.value"},
		{"dispensation: in tablets", "dispensation.json", []change{{"quantity.code", "15054000"}}, "fhir.quantity", "quantity"},
		{"dispensation: to nobody", "dispensation.json", []change{{"contained.1", nil}}, "fhir.reference", "subject"},
		{"dispensation: to two", "dispensation.json", []change{{"contained.+", map[string]any{"resourceType": "Patient", "id": "p2"}}},
			"fhir.patient-count", "the document"},

		{"summary: Composition not first", "eps-small.json", []change{{"entry.0", nil}}, "fhir.composition", "the document"},
		{"summary: two Compositions", "eps-small.json", []change{{"entry.12.resource", map[string]any{"resourceType": "Composition"}}},
			"fhir.composition", "the document"},
		{"summary: no time", "eps-small.json", []change{{"timestamp", nil}}, "fhir.timestamp", "the document"},
		{"summary: time without zone", "eps-small.json", []change{{"timestamp", "2026-03-01T08:00:00"}}, "fhir.date", "timestamp"},
		{"summary: no identifier", "eps-small.json", []change{{"identifier", nil}}, "fhir.identifier", "the document"},
		{"summary: no document code", "eps-small.json", []change{{r + "type", nil}}, "fhir.composition", "entry[0].resource"},
		{"summary: no medication section", "eps-small.json", []change{{r + "section.2", nil}}, "fhir.section", "entry[0].resource"},
		{"summary: section without code", "eps-small.json", []change{{r + "section.5.code", nil}}, "fhir.section", "entry[0].resource.section[5]"},
		{"summary: section without narrative", "eps-small.json", []change{{r + "section.5.text", nil}}, "fhir.section", "entry[0].resource.section[5]"},
		{"summary: section with entries and none", "eps-small.json", []change{{r + "section.0.emptyReason",
			conceptOf("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown")}}, "fhir.section", "entry[0].resource.section[0]"},
		{"summary: mandatory section with neither", "eps-small.json", []change{{r + "section.0.entry", nil}}, "fhir.section", "entry[0].resource.section[0]"},
		{"summary: of another patient", "eps-small.json", []change{{"entry.3.resource.subject.reference", "urn:uuid:77000000-0000-4000-8000-000000000003"}},
			"fhir.subject", "entry[3].resource.subject"},
		{"summary: reference that leads nowhere", "eps-small.json", []change{{"entry.3.resource.asserter.reference", "Practitioner/9"}},
			"fhir.reference", "entry[3].resource.asserter"},
		{"summary: patient without birth date", "eps-small.json", []change{{"entry.1.resource.birthDate", nil}}, "fhir.birthdate", "entry[1].resource"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Tongue{}.Decode(changed(t, made(t, c.file), c.changes...))
			refused(t, err, c.reason)
			detail := node.AsError(err).Detail
			if !strings.Contains(detail, c.place) {
				t.Errorf("detail %q does not name %s", detail, c.place)
			}
			for _, secret := range []string{"Žüürmann", "Šänkkilä", "60001019906", "010594", "1077000001", "Ramizaal", "7701"} {
				if strings.Contains(detail+err.Error(), secret) {
					t.Errorf("%q repeats content", detail)
				}
			}
		})
	}
}

func TestACodeThatASummarySaysIsNotKnownIsKeptAndNamed(t *testing.T) {
	d := decoded(t, changed(t, made(t, "eps-small.json"),
		change{"entry.3.resource.code.extension", []any{extensionOf(extAbsent, "valueCode", "unknown")}}))
	const path = "entry[3].resource.code.extension[0]"
	if !slices.ContainsFunc(d.Residue, func(r node.Residue) bool { return r.Path == path && strings.Contains(r.Why, "at once") }) {
		t.Errorf("%s is not named: %+v", path, d.Residue)
	}
}

func tooManyCodings() []any {
	var codings []any
	for i := range mostCodings + 1 {
		codings = append(codings, map[string]any{"system": "urn:x", "code": itoa(i)})
	}
	return codings
}

func TestTheFinnishSamplesAreRefusedForTheirDefects(t *testing.T) {
	for _, file := range []string{"medicationrequestesim1.json", "medicationrequestesim2.json", "medicationrequestesim7A.json"} {
		t.Run(file, func(t *testing.T) {
			_, err := Tongue{}.Decode(sample(t, "finland-r4", file))
			refused(t, err, "fhir.type")
			if detail := node.AsError(err).Detail; detail != "extension[11].extension[1].valuePositiveInt: number expected, string found." {
				t.Errorf("detail %q", detail)
			}
			source := strings.NewReplacer(`"valuePositiveInt": "1"`, `"valuePositiveInt": 1`).Replace(string(sample(t, "finland-r4", file)))
			_, err = Tongue{}.Decode([]byte(source))
			refused(t, err, "fhir.type")
			if detail := node.AsError(err).Detail; detail != "statusReason.coding: array expected, object found." {
				t.Errorf("then %q", detail)
			}
		})
	}
}

func TestExamplesThatLeadOutOfTheirDocumentAreRefused(t *testing.T) {
	for _, c := range []struct{ file, reason string }{
		{"Bundle-100A-multiitem-prescription-with-orchestration.json", "fhir.reference"},
		{"Bundle-200A-multiitem-prescription-without-orchestration.json", "fhir.reference"},
		{"MedicationDispense-400D-dispense-1.json", "fhir.reference"},
		{"MedicationDispense-400E-refused-dispense.json", "fhir.status"},
		{"Medication-01A-Cefuroxime1500GenericExplicit.json", "fhir.format"},
		{"MedicationRequest-400C-prescription-cefuroxime-singleline.json", "fhir.format"},
	} {
		t.Run(c.file, func(t *testing.T) {
			_, err := Tongue{}.Decode(sample(t, "mpd-r4", c.file))
			refused(t, err, c.reason)
		})
	}
}
