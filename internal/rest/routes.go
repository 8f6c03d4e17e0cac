package rest

import (
	"context"

	"sild/node"
)

// route is one thing that can be asked at this door. The CapabilityStatement is made from the same table, so it cannot
// claim anything else.
type route struct {
	method, path string
	resource     string // FHIR resource type
	interaction  string // FHIR interaction, or the operation's name with its dollar sign
	verb         node.Verb
	content      string // content type of the body; empty where there is none
	query        bool   // a search in the address, by consent of GETSearch only
	peers        bool   // between contact points only
	parameters   []parameter
	read         func(*message) error
	answer       func(context.Context, node.Exchange, node.Call, *message) (reply, error)
	fixed        []byte // the whole answer, where it is always the same
}

// parameter is one search parameter.
type parameter struct {
	name, kind string // kind is FHIR's: token, date
	must       bool
}

// idPattern is what FHIR allows as an id (R4 datatypes, id).
const idPattern = "{id:[A-Za-z0-9.-]{1,64}}"

// routes is everything that this room can serve.
func routes() []route {
	var all []route
	for _, search := range searches() {
		byForm, byQuery := search, search
		byForm.method, byForm.path, byForm.content = "POST", "/fhir/"+search.resource+"/_search", formContent
		byQuery.method, byQuery.path, byQuery.query = "GET", "/fhir/"+search.resource, true
		all = append(all, byForm, byQuery)
	}
	return append(all,
		route{method: "POST", path: "/fhir/Patient/$summary", resource: "Patient", interaction: "$summary",
			verb: node.SummaryVerb, content: jsonContent, read: readSummary, answer: answerSummary},
		route{method: "POST", path: "/fhir/MedicationDispense", resource: "MedicationDispense", interaction: "create",
			verb: node.DispenseVerb, content: jsonContent, read: readDispensation, answer: answerDispense},
		route{method: "PUT", path: "/fhir/MedicationDispense/" + idPattern, resource: "MedicationDispense", interaction: "update",
			verb: node.WithdrawVerb, content: jsonContent, read: readDispensation, answer: answerWithdraw},
		route{method: "POST", path: "/fhir/DocumentReference", resource: "DocumentReference", interaction: "create",
			verb: node.DispenseVerb, content: jsonContent, peers: true, read: readSubmission, answer: answerDispense},
		route{method: "GET", path: "/fhir/Bundle/{id:[ps]-[A-Za-z0-9.-]{1,62}}", resource: "Bundle", interaction: "read",
			peers: true, read: readHandle, answer: answerHandle})
}

func searches() []route {
	patient := parameter{"patient.identifier", "token", true}
	return []route{
		{resource: "Patient", interaction: "search-type", verb: node.FindPatientVerb, read: readPatientSearch, answer: answerPatient,
			parameters: []parameter{{"identifier", "token", true}, {"birthdate", "date", false}}},
		{resource: "MedicationRequest", interaction: "search-type", verb: node.PrescriptionsVerb, read: readRequestSearch,
			answer: answerRequests, parameters: []parameter{patient, {"identifier", "token", false}, {"status", "token", false}}},
		{resource: "DocumentReference", interaction: "search-type", verb: node.PrescriptionsVerb, peers: true, read: readDocumentSearch,
			answer: answerOffer, parameters: []parameter{patient, {"type", "token", true}}},
	}
}
