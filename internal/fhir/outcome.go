package fhir

import "sild/node"

const systemErrorCode = "urn:sild:myhealtheu-error" // the error catalogue of MyHealth@EU, whose codes have no system of their own

// kindCode is how a kind of failure stands in an OperationOutcome: the FHIR R4 issue type and, where the catalogue of
// MyHealth@EU has one, its code.
type kindCode struct{ issue, myHealthEU string }

// codeOf is the wire table of the kinds.
func codeOf(kind node.Kind) kindCode {
	switch kind {
	case node.NotFound:
		return kindCode{"not-found", "ERROR_GENERIC_DOCUMENT_MISSING"}
	case node.Refused:
		return kindCode{"forbidden", "4703"}
	case node.Untrusted:
		return kindCode{"security", "1001"}
	case node.Unidentified:
		return kindCode{"login", "ERROR_HPI_AUTHENTICATION_NOT_RECEIVED"}
	case node.Invalid:
		return kindCode{"invalid", ""}
	case node.Conflict:
		return kindCode{"conflict", "ERROR_ED_NOT_DISPENSABLE_EPRESCRIPTION"}
	case node.Untranslatable:
		return kindCode{"code-invalid", "ERROR_EP_MISSING_EXPECTED_MAPPING"}
	case node.Unsupported:
		return kindCode{"not-supported", "4201"}
	case node.Unavailable:
		return kindCode{"transient", "ERROR_GENERIC_CONNECTION_NOT_POSSIBLE"}
	case node.Overdue:
		return kindCode{"timeout", "ERROR_GENERIC_CONNECTION_NOT_POSSIBLE"}
	case node.Throttled:
		return kindCode{"throttled", "WARNING_SEC_UNEXPECTED_NUMBER_OF_REQUESTS"}
	case node.Uncertain:
		return kindCode{"processing", "ERROR_ED_EDISPENSATION_ACK_NOT_RECEIVED"}
	default:
		return kindCode{"exception", "ERROR_GENERIC"}
	}
}

// EncodeOutcome writes an error as an OperationOutcome: the kind, the reason and the MyHealth@EU code as codings, the
// sentence for the person at the counter as text. The operation and the cause stay at home. correlation is the id under
// which the operator finds the request.
func EncodeOutcome(failure *node.Error, correlation string) []byte {
	e := &encoder{}
	mark := e.object("")
	e.text("resourceType", "OperationOutcome")
	list := e.array("extension")
	e.part(extCorrelation, "valueString", correlation)
	e.close(list)
	issues := e.array("issue")
	issue := e.object("")
	list = e.array("extension")
	e.part(extSlot, "valueString", failure.Slot)
	e.part(extLeft, "valueString", failure.Left)
	e.close(list)
	code := codeOf(failure.Kind)
	e.text("severity", "error")
	e.text("code", code.issue)
	details := e.object("details")
	codings := e.array("coding")
	e.code(systemKind, failure.Kind.String())
	e.code(systemReason, failure.Reason)
	e.code(systemErrorCode, code.myHealthEU)
	e.close(codings)
	e.text("text", failure.Detail)
	e.close(details)
	e.close(issue)
	e.close(issues)
	e.close(mark)
	return e.b
}

func (e *encoder) code(system, code string) {
	if code == "" {
		return
	}
	mark := e.object("")
	e.text("system", system)
	e.text("code", code)
	e.close(mark)
}

// EncodePatient writes the answer to FindPatient: a searchset with one patient, who is no more than identifiers, name,
// sex and birth date.
func EncodePatient(p *node.Patient) []byte {
	e := &encoder{}
	e.searchset(1)
	seed := node.Identifier{}
	if len(p.Identifiers) > 0 {
		seed = p.Identifiers[0]
	}
	e.entry(entryID(seed, "Patient"), "Patient", profilePatient)
	e.patient(*p)
	e.endEntry("match")
	e.b = append(e.b, `]}`...)
	return e.b
}

// EncodeNoPatient writes the answer to FindPatient when there is nobody, when there are several, and when the one there
// is may not be shown: always the same bytes.
func EncodeNoPatient() []byte {
	return []byte(`{"resourceType":"Bundle","type":"searchset","total":0}`)
}
