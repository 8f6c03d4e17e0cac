// Package oid holds the numbers and names that both halves of the CDA tongue use: namespaces, code systems, document
// codes and templates of MyHealth@EU. There is nothing to call.
package oid

// XML namespaces. Epsos is the one that documents before wave 6 use in place of Pharm.
const (
	V3    = "urn:hl7-org:v3"
	Pharm = "urn:hl7-org:pharm"
	Epsos = "urn:epsos-org:ep:medication"
	XSI   = "http://www.w3.org/2001/XMLSchema-instance"
)

// Code systems, as they stand in codeSystem.
const (
	LOINC           = "2.16.840.1.113883.6.1"
	ATC             = "2.16.840.1.113883.6.73"
	EDQM            = "0.4.0.127.0.16.1.1.2.1"
	SNOMED          = "2.16.840.1.113883.6.96"
	UCUM            = "2.16.840.1.113883.6.8"
	ISCO            = "2.16.840.1.113883.2.9.6.2.7"
	Gender          = "2.16.840.1.113883.5.1"
	ActClass        = "2.16.840.1.113883.5.6"
	ActCode         = "2.16.840.1.113883.5.4"
	Confidentiality = "2.16.840.1.113883.5.25"
	RoleCode        = "2.16.840.1.113883.5.111"
	TimingEvent     = "2.16.840.1.113883.5.139"
	Substitution    = "2.16.840.1.113883.5.1070"
	Interpretation  = "2.16.840.1.113883.5.83"
	AbsentUnknown   = "2.16.840.1.113883.5.1150.1"
	IHEActCode      = "1.3.6.1.4.1.19376.1.5.3.2"
)

// Document codes (LOINC).
const (
	PrescriptionDocument = "57833-6"
	DispensationDocument = "60593-1"
	SummaryDocument      = "60591-5"
	OverviewDocument     = "56445-0"
)

// Section codes (LOINC) of the medication documents.
const (
	PrescriptionSection = "57828-6"
	DispensationSection = "60590-7"
)

// Root is the arc of MyHealth@EU under which its templates stand.
const Root = "1.3.6.1.4.1.12559.11.10.1.3.1."

// Diagnoses lists the classifications of diseases, each with the arc under which its editions stand: ICD-10 as the WHO and
// MyHealth@EU number it, its editions in the United States, Estonia and Finland, ICD-9-CM, ICD-11 and ICPC-2.
func Diagnoses() []string {
	return []string{"2.16.840.1.113883.6.3", Root + "44.2", "2.16.840.1.113883.6.90", "1.3.6.1.4.1.28284.6.2.1.13", "1.2.246.537.6.1",
		"2.16.840.1.113883.6.103", "2.16.840.1.113883.6.347", "2.16.840.1.113883.6.139"}
}
