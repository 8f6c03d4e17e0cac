package fhir

import (
	"slices"

	"sild/node"
)

// lived is one state of a statement (HL7 v3 ActStatus, which both pivots share) and the FHIR status that says it.
type lived struct{ state, status string }

// The states that a resource's status can say. An empty state is one that the source does not give.
func statementStates(resourceType string) []lived {
	switch resourceType {
	case "MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense":
		return []lived{{"active", "active"}, {"completed", "completed"}, {"suspended", "on-hold"}, {"aborted", "stopped"},
			{"new", "intended"}, {"", "unknown"}, {"active", "in-progress"}, {"aborted", "cancelled"}, {"new", "draft"}}
	case "Procedure":
		return []lived{{"active", "in-progress"}, {"completed", "completed"}, {"suspended", "on-hold"}, {"aborted", "stopped"},
			{"new", "preparation"}, {"", "unknown"}}
	case "Immunization":
		return []lived{{"completed", "completed"}}
	case "DeviceUseStatement":
		return []lived{{"active", "active"}, {"completed", "completed"}, {"suspended", "on-hold"}, {"aborted", "stopped"},
			{"new", "intended"}}
	case "Observation", "DiagnosticReport":
		return []lived{{"completed", "final"}, {"active", "preliminary"}, {"aborted", "cancelled"}, {"new", "registered"},
			{"", "unknown"}, {"completed", "amended"}, {"completed", "corrected"}, {"completed", "appended"}, {"active", "partial"}}
	case "CarePlan":
		return []lived{{"active", "active"}, {"completed", "completed"}, {"suspended", "on-hold"}, {"aborted", "revoked"},
			{"new", "draft"}, {"", "unknown"}}
	case "Consent":
		return []lived{{"active", "active"}, {"completed", "inactive"}, {"aborted", "rejected"}, {"new", "draft"},
			{"new", "proposed"}}
	case "Flag":
		return []lived{{"active", "active"}, {"completed", "inactive"}}
	case "ClinicalImpression":
		return []lived{{"active", "in-progress"}, {"completed", "completed"}}
	}
	return nil
}

// stateNamed is the state that a status says.
func stateNamed(resourceType, status string) string {
	if status == string(node.InError) {
		return status
	}
	for _, known := range statementStates(resourceType) {
		if known.status == status {
			return known.state
		}
	}
	return ""
}

// statusNamed is the status for a state; empty where the list has no word for it.
func statusNamed(resourceType, state string) string {
	if isInError(state) {
		return string(node.InError)
	}
	unsaid := ""
	for _, known := range statementStates(resourceType) {
		if known.state == state {
			return known.status
		}
		if known.state == "" {
			unsaid = known.status
		}
	}
	return unsaid
}

func isInError(state string) bool { return state == string(node.InError) || state == "nullified" }

// denied is the status by which a resource says that something was not done; empty where it has none.
func denied(resourceType string) string {
	switch resourceType {
	case "MedicationStatement":
		return "not-taken"
	case "Procedure", "Immunization", "MedicationAdministration":
		return "not-done"
	}
	return ""
}

// isSaid says that the state holds what a status says. That a result was changed after it had been final is more than
// the state that it has then.
func isSaid(resourceType, status string) bool {
	switch status {
	case "amended", "corrected", "appended":
		return false
	case string(node.InError):
		return true
	}
	return slices.ContainsFunc(statementStates(resourceType), func(known lived) bool { return known.status == status })
}
