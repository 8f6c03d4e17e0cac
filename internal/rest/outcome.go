package rest

import (
	"net/http"
	"strings"

	"sild/internal/barrier"
	"sild/node"
)

// statuses is the wire table of the kinds, in the order of node.Kinds. The kind's own name travels in the
// OperationOutcome, so two kinds may share a status.
var statuses = [...]struct {
	kind   node.Kind
	status int
}{
	{node.Internal, http.StatusInternalServerError},
	{node.NotFound, http.StatusNotFound},
	{node.Refused, http.StatusForbidden},
	{node.Untrusted, http.StatusUnauthorized},
	{node.Unidentified, http.StatusUnauthorized},
	{node.Invalid, http.StatusBadRequest},
	{node.Conflict, http.StatusConflict},
	{node.Untranslatable, http.StatusUnprocessableEntity},
	{node.Unsupported, http.StatusMethodNotAllowed},
	{node.Unavailable, http.StatusServiceUnavailable},
	{node.Overdue, http.StatusGatewayTimeout},
	{node.Throttled, http.StatusTooManyRequests},
	{node.Uncertain, http.StatusConflict},
}

// finer are the few reasons for which HTTP has a status of its own that tells a developer more than the kind's.
var finer = [...]struct {
	reason string
	status int
}{
	{"http.route", http.StatusNotFound},
	{"http.size", http.StatusRequestEntityTooLarge},
	{"http.content-type", http.StatusUnsupportedMediaType},
}

// statusOf is the HTTP status of an error.
func statusOf(e *node.Error) int {
	for _, row := range finer {
		if row.reason == e.Reason {
			return row.status
		}
	}
	return statusOfKind(e.Kind)
}

func statusOfKind(kind node.Kind) int {
	for _, row := range statuses {
		if row.kind == kind {
			return row.status
		}
	}
	return http.StatusInternalServerError
}

// nothing is what a peer hears whenever nothing was found, by verb: whether the record does not exist, a rule keeps it
// at home or the patient restricted it must not be told apart by a word.
var nothing = [...]struct {
	verb           node.Verb
	reason, detail string
}{
	{node.FindPatientVerb, "patient.none", "No patient was found with these details."},
	{node.SummaryVerb, "summary.none", "There is no patient summary for this patient."},
	{node.PrescriptionsVerb, "prescription.none", "There is no such prescription that can be dispensed now."},
	{node.PrescriptionVerb, "prescription.none", "There is no such prescription that can be dispensed now."},
	{node.DispenseVerb, "prescription.none", "There is no such prescription that can be dispensed now."},
	{node.WithdrawVerb, "receipt.none", "There is no such dispensation to take back."},
}

// discreet is the error as a peer may hear it.
func discreet(e *node.Error, verb node.Verb) *node.Error {
	if e.Kind != node.NotFound {
		return e
	}
	for _, row := range nothing {
		if row.verb == verb {
			return &node.Error{Op: e.Op, Kind: node.NotFound, Reason: row.reason, Detail: row.detail}
		}
	}
	return &node.Error{Op: e.Op, Kind: node.NotFound, Reason: "none", Detail: "Nothing was found."}
}

// stop refuses for a reason, unless a test build lifts exactly that check. The checks on parameters can also be lifted
// together, as http.parameters.
func stop(kind node.Kind, reason, detail string) error {
	if lifted(reason) || strings.HasPrefix(reason, "http.parameter-") && lifted("http.parameters") {
		return nil
	}
	return &node.Error{Op: "rest.read", Kind: kind, Reason: reason, Detail: detail}
}

func lifted(check string) bool { return barrier.Lifted(check) }
