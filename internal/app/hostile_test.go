//go:build !lifted

package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"sild/internal/fhir"
	"sild/internal/rest"
	"sild/node"
)

// spoken is the wire's word for each kind that a hostile request can meet: HTTP status and FHIR issue type.
var spoken = map[node.Kind]struct {
	status int
	issue  string
}{
	node.Untrusted:    {http.StatusUnauthorized, "security"},
	node.Unidentified: {http.StatusUnauthorized, "login"},
	node.Refused:      {http.StatusForbidden, "forbidden"},
	node.Invalid:      {http.StatusBadRequest, "invalid"},
	node.Unsupported:  {http.StatusMethodNotAllowed, "not-supported"},
	node.NotFound:     {http.StatusNotFound, "not-found"},
	node.Throttled:    {http.StatusTooManyRequests, "throttled"},
}

// TestHostileRequestsAreStopped sends every hostile request over mutual TLS to a running node. The clock moves by a
// minute before each, so that each refusal is an event of its own.
func TestHostileRequestsAreStopped(t *testing.T) {
	sieges := map[string]*siege{"EE": newSiege(t, "EE", nil), "FI": newSiege(t, "FI", nil)}
	sieges["EE"].show()
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			s := sieges["EE"]
			if h.country != "" {
				s = sieges[h.country]
			}
			within := *s
			within.TB = t
			within.stops(h)
		})
	}
}

// stops sends one hostile request and judges everything about its refusal.
func (s *siege) stops(h hostile) {
	s.Helper()
	got, services := s.try(h)
	for _, asked := range services {
		if !h.consent || asked != "rights" {
			s.Errorf("the country's own service was asked: %s", asked)
		}
	}
	s.refused(h, got)
	if h.extra != nil {
		h.extra(s, got)
	}
	if !h.silent {
		s.recorded(h, got)
	}
}

// refused judges the answer: status, kind, reason, issue type, and that nothing is echoed.
func (s *siege) refused(h hostile, got answered) {
	s.Helper()
	want := spoken[h.kind]
	if h.status != 0 {
		want.status = h.status
	}
	said, correlation, err := fhir.DecodeOutcome(got.body)
	if err != nil {
		s.Fatalf("answered %d without an OperationOutcome: %s", got.status, got.body)
	}
	if got.status != want.status || said.Kind != h.kind || said.Reason != h.said() {
		s.Errorf("answered %d %s %s, want %d %s %s", got.status, said.Kind, said.Reason, want.status, h.kind, h.said())
	}
	var outcome struct {
		Issue []struct{ Code string }
	}
	s.must(json.Unmarshal(got.body, &outcome))
	if len(outcome.Issue) != 1 || outcome.Issue[0].Code != want.issue {
		s.Errorf("the issue is %v, want %s", outcome.Issue, want.issue)
	}
	if correlation == "" || correlation != got.header.Get("Sild-Correlation") || said.Detail == "" {
		s.Errorf("no sentence, or no correlation id for the operator: %q and %q", correlation, got.header.Get("Sild-Correlation"))
	}
	if (got.status == http.StatusUnauthorized) != (got.header.Get("WWW-Authenticate") == "Bearer") {
		s.Errorf("WWW-Authenticate is %q", got.header.Get("WWW-Authenticate"))
	}
	for _, secret := range []string{s.truth().patient.Value, s.truth().other.Value, s.truth().family, "passwd", "Pharmacist"} {
		if strings.Contains(string(got.body), secret) {
			s.Errorf("the refusal repeats what was sent: %s", got.body)
		}
	}
}

// recorded finds the one event of the refusal.
func (s *siege) recorded(h hostile, got answered) {
	s.Helper()
	events, err := eventsOf(s.app.Store)
	s.must(err)
	var found []node.Event
	for _, event := range events {
		if event.Correlation == got.header.Get("Sild-Correlation") && event.Stage == node.RefusedStage {
			found = append(found, event)
		}
	}
	if len(found) != 1 {
		s.Fatalf("%d events of the refusal", len(found))
	}
	peer := s.peer().id
	if h.from != nil {
		peer = h.from(s)
	}
	event := found[0]
	if event.Reason != h.said() || event.Kind != h.kind.String() || event.Peer != peer || event.Face != "A" || !event.At.Equal(s.clock.read()) {
		s.Errorf("recorded as %s %s of %q by face %s at %s", event.Kind, event.Reason, event.Peer, event.Face, event.At)
	}
}

func TestTheHostileRequestsAreManyAndMeetManyChecks(t *testing.T) {
	counted, checks, names := 0, map[string]bool{}, map[string]bool{}
	for _, h := range hostiles() {
		if names[h.name] {
			t.Errorf("two requests are called %q", h.name)
		}
		names[h.name] = true
		if h.solid != (h.check == "") {
			t.Errorf("%q: a request names the check that it is known to reach, or is solid", h.name)
		}
		if !h.solid {
			counted++
			checks[h.check] = true
		}
	}
	t.Logf("%d requests, of which %d reach one of %d checks", len(names), counted, len(checks))
	if counted < 45 || len(checks) < 20 {
		t.Errorf("%d requests reach %d checks; at least 45 and 20 are wanted", counted, len(checks))
	}
}

func TestLawfulRequestsReachTheRegister(t *testing.T) {
	s := newSiege(t, "EE", nil)
	s.show()
	for name, lawful := range map[string]struct {
		request func(*siege) *http.Request
		status  int
	}{
		"find":    {func(s *siege) *http.Request { return s.find(s.token(node.FindPatientVerb), s.truth().patient) }, http.StatusOK},
		"list":    {func(s *siege) *http.Request { return s.search(s.token(node.PrescriptionsVerb), s.listForm()) }, http.StatusOK},
		"summary": {func(s *siege) *http.Request { return s.summary(s.token(node.SummaryVerb), s.summaryBody()) }, http.StatusOK},
		"offer": {func(s *siege) *http.Request {
			return s.request("GET", "/"+s.offered(), "", s.token(node.PrescriptionVerb), nil)
		}, http.StatusOK},
		"dispense": {submitted("", ""), http.StatusCreated},
	} {
		t.Run(name, func(t *testing.T) {
			s.clock.move(time.Minute)
			request := lawful.request(s)
			s.asked.take()
			s.lawfully(request, lawful.status)
			if len(s.asked.take()) == 0 {
				t.Error("the register was not asked")
			}
		})
	}
}

func TestACallerWithoutACertificateOrWithOldTLSIsNotHeard(t *testing.T) {
	s := newSiege(t, "EE", nil)
	entry, _ := s.app.list.Load().Participant("EE")
	old := rest.TLS(entry.TLSServerPins, s.peer().cert)
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	for name, config := range map[string]*tls.Config{"no certificate": rest.TLS(entry.TLSServerPins, tls.Certificate{}), "TLS 1.2": old} {
		t.Run(name, func(t *testing.T) {
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			response, err := client.Do(s.search(s.token(node.PrescriptionsVerb), s.listForm()).WithContext(ctx))
			if err == nil {
				response.Body.Close()
				t.Errorf("answered %d", response.StatusCode)
			}
			if asked := s.asked.take(); len(asked) > 0 {
				t.Errorf("the register was asked: %v", asked)
			}
		})
	}
}
