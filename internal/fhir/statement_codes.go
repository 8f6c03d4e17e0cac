package fhir

import (
	"strings"

	"sild/node"
	"sild/translation"
)

// Code systems of the statements in a summary.
const (
	systemCriticality        = "http://hl7.org/fhir/allergy-intolerance-criticality"
	systemAllergyType        = "http://hl7.org/fhir/allergy-intolerance-type"
	systemReactionSeverity   = "http://hl7.org/fhir/reaction-event-severity"
	systemAllergyClinical    = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
	systemAllergyCertainty   = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
	systemConditionClinical  = "http://terminology.hl7.org/CodeSystem/condition-clinical"
	systemConditionCertainty = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
	systemInterpretation     = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
	systemConsentScope       = "http://terminology.hl7.org/CodeSystem/consentscope"
)

// absenceOf says whether a code states that there is nothing of the kind, or that nobody knows; empty for any other.
func absenceOf(c translation.Coding) node.SectionState {
	switch canonical(c.System) {
	case systemSNOMED:
		switch c.Code {
		case "716186003", "160244002", "160245001", "787480003", "787481004", "787482006", "787483001":
			return node.KnownAbsence
		case "1287211007":
			return node.NoInformation
		}
	case systemAbsentOld:
		if strings.HasSuffix(c.Code, "-info") {
			return node.NoInformation
		}
		return node.KnownAbsence
	}
	return ""
}

// isAbsence says that a code states an absence, be it of one kind of thing only: no known food allergy.
func isAbsence(c translation.Coding) bool {
	if absenceOf(c) != "" {
		return true
	}
	switch c.Code {
	case "429625007", "428607008", "409137002": // food, environment, medicine
		return canonical(c.System) == systemSNOMED
	}
	return false
}

// isAbsent says that a slot states an absence, in its own code or in the one that was carried on from.
func isAbsent(s *translation.Slot) bool {
	return s != nil && (isAbsence(s.Current) || isAbsence(s.Original()))
}

// paired is one code of a closed FHIR list and the code that the value sets of MyHealth@EU have for the same.
type paired struct {
	fhir, system, code, display string
}

// closed is a list that FHIR binds an element to which has room for a bare code only: its code system, and its codes.
type closed struct {
	system string
	codes  []paired
}

func criticalities() closed {
	return closed{systemCriticality, []paired{
		{"low", systemCriticality, "low", "Low Risk"}, {"high", systemCriticality, "high", "High Risk"},
		{"unable-to-assess", systemCriticality, "unable-to-assess", "Unable to Assess Risk"},
	}}
}

// severities are those of a reaction. FHIR knows three; what lies between two is written as the graver one.
func severities() closed {
	return closed{systemReactionSeverity, []paired{
		{"mild", systemSNOMED, "255604002", "Mild"}, {"moderate", systemSNOMED, "6736007", "Moderate"},
		{"severe", systemSNOMED, "24484000", "Severe"}, {"moderate", systemSNOMED, "371923003", ""},
		{"severe", systemSNOMED, "371924009", ""}, {"severe", systemSNOMED, "442452003", ""},
	}}
}

func allergyTypes() closed {
	return closed{systemAllergyType, []paired{
		{"allergy", systemSNOMED, "609328004", "Allergic disposition"},
		{"intolerance", systemSNOMED, "782197009", "Intolerance to substance"},
	}}
}

// inFHIR gives the code of the list for a coding; empty where it has none.
func (l closed) inFHIR(c translation.Coding) string {
	for _, p := range l.codes {
		if p.code == c.Code && p.system == canonical(c.System) {
			return p.fhir
		}
	}
	return ""
}

// inPivot gives the coding for a bare code. One that is not in the list stays what it is.
func (l closed) inPivot(code string) translation.Coding {
	for _, p := range l.codes {
		if p.fhir == code {
			return translation.Coding{System: p.system, Code: p.code, Display: p.display, Language: "en"}
		}
	}
	return translation.Coding{System: l.system, Code: code}
}

// allergyStatus is the clinical status of an allergy in FHIR's list.
func allergyStatus(c translation.Coding) string {
	if canonical(c.System) == systemAllergyClinical {
		return c.Code
	}
	switch conditionStatus(c) {
	case "active", "recurrence":
		return "active"
	case "inactive":
		return "inactive"
	case "resolved":
		return "resolved"
	}
	return ""
}

// conditionStatus is the clinical status of a problem in FHIR's list; empty where the code says something else, such as
// that it is only suspected.
func conditionStatus(c translation.Coding) string {
	if canonical(c.System) != systemSNOMED {
		return ""
	}
	switch c.Code {
	case "55561003", "90734009", "7087005": // active, chronic, comes and goes
		return "active"
	case "73425007", "410516002": // inactive, known to be absent
		return "inactive"
	case "413322009":
		return "resolved"
	case "255227004":
		return "recurrence"
	}
	return ""
}

func sameCode(system string) func(translation.Coding) string {
	return func(c translation.Coding) string {
		if canonical(c.System) == system {
			return c.Code
		}
		return ""
	}
}
