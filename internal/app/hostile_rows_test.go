package app

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"sild/node"
	"sild/trust"
)

// hostile is a request that must not reach any of the country's own services.
type hostile struct {
	name   string
	check  string    // the check that must stop it, as package barrier names it
	kind   node.Kind // recorded and told
	reason string    // recorded and told, where it is not the check's name
	status int       // where it is not the usual one of the kind
	// solid is a request that another wall stops as well, or that cannot be read at all: lifting one check does not let
	// it through. It is judged like any other but not counted among those that are known to reach their check.
	solid bool
	// silent is refused before the event is written (DESIGN 12: too much from one organisation).
	silent bool
	// consent is what only the national service of consents can tell: that service alone may be asked.
	consent bool
	country string                     // whose node is attacked; empty is EE
	before  func(*siege)               // what happens lawfully first
	over    func(*siege) *http.Client  // whose connection; nil is the peer's own
	request func(*siege) *http.Request // the hostile request
	from    func(*siege) string        // who is recorded, where it is not the peer
	extra   func(testing.TB, answered) // what else must hold of the answer
}

// said is the reason that the refusal bears.
func (h hostile) said() string {
	if h.reason != "" {
		return h.reason
	}
	return h.check
}

// hostiles is everything that is tried.
func hostiles() []hostile {
	var all []hostile
	for _, group := range [][]hostile{forgedTokens(), badTokens(), wrongFacts(), wrongPlace(), wrongPeople(), unrulyHTTP(), unrulyForms(), unrulyJSON(), falseDocuments(), spentEvidence(), brokenDocuments()} {
		all = append(all, group...)
	}
	return all
}

// claiming is a lawful search whose token claims something else.
func claiming(change func(*siege, claims)) func(*siege) *http.Request {
	return func(s *siege) *http.Request {
		c := s.good(s.peer(), node.PrescriptionsVerb, s.truth().patient)
		change(s, c)
		return s.search(s.signed(s.peer(), c.text()), s.listForm())
	}
}

// set claims one thing otherwise.
func set(claim string, value any) func(*siege) *http.Request {
	return claiming(func(_ *siege, c claims) { c[claim] = value })
}

// dated claims other times, in seconds from now.
func dated(issued, notBefore, expires int64) func(*siege) *http.Request {
	return claiming(func(s *siege, c claims) {
		now := s.clock.read().Unix()
		c["iat"], c["nbf"], c["exp"] = now+issued, now+notBefore, now+expires
	})
}

// person claims another professional.
func person(change func(map[string]any)) func(*siege) *http.Request {
	return claiming(func(_ *siege, c claims) { change(c["hcp"].(map[string]any)) })
}

// wrongFacts are tokens that the right peer has signed over the wrong facts.
func wrongFacts() []hostile {
	return []hostile{
		{name: "a token that expired", check: "proof.expired", kind: node.Untrusted, request: dated(-300, -300, -60)},
		{name: "a token without an end", check: "proof.expired", kind: node.Untrusted, request: set("exp", 0)},
		{name: "a token of tomorrow", check: "proof.issued", kind: node.Untrusted, request: dated(86400, 86400, 86500)},
		{name: "a token that is not valid yet", check: "proof.issued", kind: node.Untrusted, request: dated(0, 60, 120)},
		{name: "a token for a whole day", check: "proof.life", kind: node.Untrusted, request: dated(0, 0, 86400)},
		{name: "a token for another country's node", check: "proof.audience", kind: node.Untrusted, request: set("aud", []string{"LV"})},
		{name: "a token for nobody", check: "proof.audience", kind: node.Untrusted, request: set("aud", []string{})},
		{name: "a token in another peer's name", check: "proof.issuer", kind: node.Untrusted, request: set("iss", "LV")},
		{name: "a token without cnf", check: "proof.binding", kind: node.Untrusted, request: claiming(func(_ *siege, c claims) { delete(c, "cnf") })},
		{name: "a token bound to the other peer's certificate", check: "proof.binding", kind: node.Untrusted, request: claiming(func(s *siege, c claims) {
			c["cnf"] = s.good(s.callers["LV"], node.PrescriptionsVerb, s.truth().patient)["cnf"]
		})},
		{name: "a token over another certificate of the same key", check: "proof.binding", kind: node.Untrusted,
			over:    func(s *siege) *http.Client { return s.over(s.certificate(s.peer().key(), time.Hour)) },
			request: set("purpose", "TREATMENT")},
		{name: "a token without an id", check: "proof.id", kind: node.Untrusted, request: set("jti", "")},
		{name: "a token with an id of 129 letters", check: "proof.id", kind: node.Untrusted, request: set("jti", strings.Repeat("a", 129))},
		{name: "a token for another verb", check: "proof.verb", kind: node.Untrusted, request: set("verb", node.SummaryVerb)},
		{name: "a search for another patient than the token's", check: "proof.patient", kind: node.Untrusted, request: func(s *siege) *http.Request {
			return s.search(s.token(node.PrescriptionsVerb), patientForm(s.truth().other))
		}},
		{name: "a summary of another patient than the token's", check: "proof.patient", kind: node.Untrusted, request: func(s *siege) *http.Request {
			return s.summary(s.token(node.SummaryVerb), strings.Replace(s.summaryBody(), s.truth().patient.Value, s.truth().other.Value, 1))
		}},
		{name: "a patient of another country", check: "proof.patient-system", kind: node.Invalid, request: func(s *siege) *http.Request {
			foreign := node.Identifier{System: "urn:oid:1.3.6.1.4.1.99", Value: "1"}
			return s.search(s.signed(s.peer(), s.good(s.peer(), node.PrescriptionsVerb, foreign).text()), patientForm(foreign))
		}},
	}
}

// wrongPeople are those who may not ask, at least not for this.
func wrongPeople() []hostile {
	return []hostile{
		{name: "a token of nobody", check: "proof.person", kind: node.Unidentified, request: person(func(p map[string]any) { p["id"] = map[string]string{"system": "", "value": ""} })},
		{name: "a professional of no organisation", check: "proof.person", kind: node.Unidentified, request: person(func(p map[string]any) {
			p["organisation"] = map[string]any{"id": map[string]string{"system": "", "value": ""}}
		})},
		{name: "a cashier", check: "proof.role", kind: node.Refused, request: person(func(p map[string]any) { p["role"] = "5230" })},
		{name: "a nurse who asks for prescriptions", check: "proof.role", kind: node.Refused, request: person(func(p map[string]any) { p["role"] = "2221" })},
		{name: "a pharmacist without permissions", check: "proof.permission", kind: node.Refused, request: person(func(p map[string]any) { p["permissions"] = []string{} })},
		{name: "a permission for something else", check: "proof.permission", kind: node.Refused, request: person(func(p map[string]any) { p["permissions"] = []node.Verb{node.SummaryVerb} })},
		{name: "research", check: "proof.purpose", kind: node.Refused, request: set("purpose", "HRESCH")},
		{name: "no purpose at all", check: "proof.purpose", kind: node.Refused, request: set("purpose", "")},
		{name: "nobody saw an identity document", check: "counter.identity", kind: node.Refused, request: set("counter", map[string]bool{"identitySeen": false, "patientInformed": true})},
		{name: "nobody told the patient", check: "counter.informed", kind: node.Refused, request: set("counter", map[string]bool{"identitySeen": true, "patientInformed": false})},
		{name: "a patient who gave no consent", kind: node.Refused, reason: "rule.fi-ee-01", solid: true, consent: true, country: "FI", request: func(s *siege) *http.Request {
			nobody := node.Identifier{System: s.truth().patient.System, Value: s.caseOf("N1")}
			return s.search(s.signed(s.peer(), s.good(s.peer(), node.PrescriptionsVerb, nobody).text()), patientForm(nobody))
		}},
		{name: "too many patients that were not found", check: "limit.failures", kind: node.Throttled, silent: true, extra: retryLater, before: func(s *siege) {
			for range 4 {
				s.lawfully(s.find(s.signed(s.peer(), s.good(s.peer(), node.FindPatientVerb, s.truth().unknown).text()), s.truth().unknown), http.StatusOK)
			}
		}, request: func(s *siege) *http.Request { return s.find(s.token(node.FindPatientVerb), s.truth().patient) }},
		{name: "too many requests", check: "limit.peer", kind: node.Throttled, extra: retryLater, before: func(s *siege) {
			for range 6 {
				s.lawfully(s.request("GET", "/metadata", "", "", nil), http.StatusOK)
			}
		}, request: func(s *siege) *http.Request { return s.search(s.token(node.PrescriptionsVerb), s.listForm()) }},
	}
}

func retryLater(t testing.TB, got answered) {
	if got.header.Get("Retry-After") == "" {
		t.Error("nobody says when to try again")
	}
}

// wrongPlace are connections and peers that the trust list does not let in.
func wrongPlace() []hostile {
	search := func(s *siege) *http.Request { return s.search(s.token(node.PrescriptionsVerb), s.listForm()) }
	return []hostile{
		{name: "a stranger's certificate", check: "peer.listed", reason: "peer.unlisted", kind: node.Unidentified, from: nobodyKnown,
			before: func(s *siege) { s.callers["stranger"] = s.disguised(s.certificate(nil, time.Hour)) },
			over:   func(s *siege) *http.Client { return s.callers["stranger"].http },
			request: func(s *siege) *http.Request {
				return s.search(s.signed(s.peer(), s.good(s.callers["stranger"], node.PrescriptionsVerb, s.truth().patient).text()), s.listForm())
			}},
		{name: "an expired certificate of the listed key", check: "peer.certificate", kind: node.Unidentified,
			before: func(s *siege) { s.callers["late"] = s.disguised(s.certificate(s.peer().key(), -time.Second)) },
			over:   func(s *siege) *http.Client { return s.callers["late"].http },
			request: func(s *siege) *http.Request {
				return s.search(s.signed(s.peer(), s.good(s.callers["late"], node.PrescriptionsVerb, s.truth().patient).text()), s.listForm())
			}},
		{name: "a listed peer without a corridor", check: "corridor.known", kind: node.Refused, from: func(*siege) string { return "LV" },
			over: func(s *siege) *http.Client { return s.callers["LV"].http }, request: func(s *siege) *http.Request {
				return s.search(s.signed(s.callers["LV"], s.good(s.callers["LV"], node.PrescriptionsVerb, s.truth().patient).text()), s.listForm())
			}},
		{name: "a stolen token over another peer's connection", kind: node.Untrusted, reason: "token.key", solid: true, from: func(*siege) string { return "LV" },
			over: func(s *siege) *http.Client { return s.callers["LV"].http }, request: search},
		{name: "a peer that was suspended", check: "trust.decision", kind: node.Refused, request: search,
			before: relisted(func(d *trust.Draft) { entryOf(d, "FI").Status = trust.StatusSuspended })},
		{name: "a service that was withdrawn", check: "trust.decision", kind: node.Refused, request: search, before: relisted(func(d *trust.Draft) {
			for i := range entryOf(d, "FI").Services {
				if grant := &entryOf(d, "FI").Services[i]; grant.Service == trust.PrescriptionFetch {
					grant.Status = trust.StatusWithdrawn
				}
			}
		})},
		{name: "a trust list that has run out", check: "trust.decision", kind: node.Refused, request: search, before: func(s *siege) {
			s.relist(func(d *trust.Draft) { d.NextUpdate = s.clock.read().Add(30 * time.Second) })
			s.clock.move(time.Minute)
		}},
		{name: "a seal key that was withdrawn", check: "token.key", kind: node.Untrusted, request: search,
			before: relisted(func(d *trust.Draft) { entryOf(d, "FI").SealKeys[0].Status = trust.StatusWithdrawn })},
	}
}

func nobodyKnown(*siege) string { return "" }

func relisted(change func(*trust.Draft)) func(*siege) {
	return func(s *siege) { s.relist(change) }
}

func entryOf(d *trust.Draft, id string) *trust.Participant {
	for i := range d.Participants {
		if d.Participants[i].ID == id {
			return &d.Participants[i]
		}
	}
	panic(fmt.Sprintf("%s is not on the list", id))
}
