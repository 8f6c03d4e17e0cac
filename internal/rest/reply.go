package rest

import (
	"net/http"
	"strconv"

	"sild/internal/fhir"
	"sild/node"
)

// reply is one answer. Its headers are the same for every answer of the same kind, so that no header tells what the
// body does not.
type reply struct {
	status   int
	body     []byte
	location string
	allow    string
	retry    string // seconds
}

// retryAfter is how long a throttled peer is asked to wait: the rates refill within it.
const retryAfter = "5"

func refusal(e *node.Error, correlation string) reply {
	answer := reply{status: statusOf(e), body: fhir.EncodeOutcome(e, correlation)}
	if e.Kind == node.Throttled {
		answer.retry = retryAfter
	}
	return answer
}

// write sends the answer. There is no ETag and no Last-Modified: they would tell when a record changed.
func (a reply) write(w http.ResponseWriter, correlation string) {
	header := w.Header()
	header.Set("Content-Type", jsonContent+"; fhirVersion=4.0")
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Sild-Correlation", correlation)
	if a.location != "" {
		header.Set("Location", a.location)
	}
	if a.allow != "" {
		header.Set("Allow", a.allow)
	}
	if a.retry != "" {
		header.Set("Retry-After", a.retry)
	}
	if a.status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(a.status)
	// A caller who has gone cannot be told so; the event of the access is committed.
	_, _ = w.Write(a.body)
}
