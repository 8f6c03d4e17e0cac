package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"sild/internal/jose"
	"sild/node"
	"sild/trust"
)

func TestADispensationIsAnsweredByItsState(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "completed")
	for _, want := range []struct {
		change func(*node.Receipt)
		status int
	}{
		{nil, http.StatusCreated},
		{func(r *node.Receipt) { r.Replayed = true }, http.StatusOK},
		{func(r *node.Receipt) { r.State = node.ReceiptWaiting }, http.StatusAccepted},
	} {
		receipt := c.receipt(source, want.change)
		c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return receipt, nil }
		response, body := knock(t, c.transport(c.fi), posted("/fhir/MedicationDispense", node.DispenseVerb, string(source))(c))
		if response.StatusCode != want.status || !bytes.Equal(body, receipt.Body) {
			t.Errorf("want %d, got %d with %s", want.status, response.StatusCode, body)
		}
		if place := response.Header.Get("Location"); place != "/fhir/MedicationDispense/"+receipt.ID {
			t.Errorf("Location: %q", place)
		}
	}
}

func TestADocumentReferenceBringsADispensation(t *testing.T) {
	c := newCorridor(t, nil)
	source := dispensation(t, "completed")
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) { return c.receipt(source, nil), nil }
	subject := `"subject":{"identifier":{"system":"` + personalID + `","value":"` + mari.Value + `"}},`
	body, err := json.Marshal(map[string]any{"resourceType": "DocumentReference", "status": "current", "date": "2026-11-22T11:00:00Z",
		"type":    map[string]any{"coding": []any{map[string]any{"system": "http://loinc.org", "code": dispensationType}}},
		"content": []any{map[string]any{"attachment": map[string]any{"contentType": jsonContent, "data": source, "size": len(source), "hash": attachmentHash(source)}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{string(body), "{" + subject + string(body[1:])} {
		response, _ := knock(t, c.transport(c.fi), posted("/fhir/DocumentReference", node.DispenseVerb, message)(c))
		if response.StatusCode != http.StatusCreated || !bytes.Equal(c.desk.source, source) {
			t.Errorf("answered %d, the face got %d bytes of %d", response.StatusCode, len(c.desk.source), len(source))
		}
	}
}

func TestASearchInTheAddressIsByConsentOnly(t *testing.T) {
	allowed := func(h *Handler) { h.GETSearch = func(participant string) bool { return participant == "FI" } }
	for name, c := range map[string]struct {
		change func(*Handler)
		status int
	}{"switched on": {allowed, http.StatusOK}, "not switched on": {nil, http.StatusMethodNotAllowed},
		"switched on for another": {func(h *Handler) { h.GETSearch = func(p string) bool { return p == "SE" } }, http.StatusMethodNotAllowed}} {
		wire := newCorridor(t, c.change)
		wire.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
			return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
		}
		response, _ := knock(t, wire.transport(wire.fi), wire.request("GET", "/fhir/MedicationRequest?"+goodForm, "", wire.token(node.PrescriptionsVerb, nil), nil))
		if response.StatusCode != c.status {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
	}
}

func TestTheStatementClaimsExactlyWhatIsServed(t *testing.T) {
	c := newCorridor(t, nil)
	response, body := knock(t, c.transport(c.fi), c.request("GET", "/fhir/metadata", "", "", nil))
	var said capability
	if err := json.Unmarshal(body, &said); err != nil || response.StatusCode != http.StatusOK || said.FHIRVersion != "4.0.1" || len(said.Rest) != 1 {
		t.Fatalf("%d, %v", response.StatusCode, err)
	}
	claimed := map[string]bool{}
	for _, r := range said.Rest[0].Resource {
		for _, i := range r.Interaction {
			claimed[r.Type+" "+i.Code] = true
		}
		for _, o := range r.Operation {
			claimed[r.Type+" $"+o.Name] = true
		}
	}
	for _, r := range routes() {
		if !claimed[r.resource+" "+r.interaction] {
			t.Errorf("%s %s is served and not claimed", r.method, r.path)
		}
	}
	knocks := map[string][2]string{"search-type": {"POST", "/_search"}, "create": {"POST", ""}, "update": {"PUT", "/x"}, "read": {"GET", "/p-x"}, "$summary": {"POST", "/$summary"}}
	for claim := range claimed {
		resource, interaction, _ := strings.Cut(claim, " ")
		how := knocks[interaction]
		answer, _ := knock(t, c.transport(c.fi), c.request(how[0], "/fhir/"+resource+how[1], "", "", nil))
		if answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusMethodNotAllowed {
			t.Errorf("%s is claimed and not served: %d", claim, answer.StatusCode)
		}
	}
}

func TestAMethodThatIsNotOfferedNamesThoseThatAre(t *testing.T) {
	c := newCorridor(t, nil)
	response, _ := knock(t, c.transport(c.fi), c.request("DELETE", "/fhir/MedicationDispense/x", "", "", nil))
	if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "PUT" {
		t.Errorf("%d, Allow %q", response.StatusCode, response.Header.Get("Allow"))
	}
}

func TestAPeerOverItsRateHearsWhenToComeBack(t *testing.T) {
	c := newCorridor(t, nil)
	c.gate.Limits = &node.Limits{PerPeer: 1}
	var response *http.Response
	for range 4 {
		response, _ = knock(t, c.transport(c.fi), c.request("GET", "/fhir/metadata", "", "", nil))
	}
	if event := c.journal.last(); response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" || event.Peer != "FI" {
		t.Errorf("%d, Retry-After %q, event of %q", response.StatusCode, response.Header.Get("Retry-After"), event.Peer)
	}
}

func TestAReadTokenServesAgainAndEveryOtherCheckStillRuns(t *testing.T) {
	auth := &PeerAuth{}
	c := newCorridor(t, func(h *Handler) { h.Auth = auth })
	c.desk.answer = func(node.Call, node.Ref, []byte) (any, error) {
		return &node.Listing{Out: encoded(node.MPD, "{}")}, nil
	}
	token, over := c.token(node.PrescriptionsVerb, nil), c.transport(c.fi)
	send := func() int {
		response, _ := knock(t, over, asked(c, token))
		return response.StatusCode
	}
	for range 2 {
		if got := send(); got != http.StatusOK {
			t.Fatalf("a read token must serve twice: %d", got)
		}
	}
	if _, ok := auth.seen.find(markOf(token, "FI", 1), noon); !ok {
		t.Error("the signature was not remembered")
	}
	if kid, _ := auth.seen.find(markOf(token, "FI", 2), noon); kid != "" {
		t.Error("remembered for another trust list as well")
	}
	other := c.request("POST", "/fhir/Patient/_search", formContent, token, []byte("identifier=a%7Cb"))
	if response, _ := knock(t, over, other); response.StatusCode == http.StatusOK {
		t.Error("a remembered token served another question")
	}
	changed := token[:len(token)-6] + "AAAAAA"
	if response, _ := knock(t, over, asked(c, changed)); response.StatusCode != http.StatusUnauthorized {
		t.Error("a remembered token served with another signature")
	}
	c.clock.now = noon.Add(3 * time5)
	if got := send(); got != http.StatusUnauthorized || c.journal.last().Reason != "proof.expired" {
		t.Errorf("after its life: %d, %s", got, c.journal.last().Reason)
	}
}

func TestARememberedSignatureEndsWithItsKey(t *testing.T) {
	auth := &PeerAuth{}
	c := newCorridor(t, func(h *Handler) { h.Auth = auth })
	token := c.token(node.PrescriptionsVerb, nil)
	with := caller{participant: "FI", sequence: 1, keys: keysOf(c.list)}
	if _, err := auth.claims(token, with, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.claims(token, caller{participant: "FI", sequence: 1}, noon); node.AsError(err).Reason != "token.key" {
		t.Errorf("the key is no longer in force: %v", err)
	}
}

func keysOf(list *trust.List) []jose.Key {
	peer, _ := list.Participant("FI")
	return peer.Keys(noon)
}

func TestTheMemoryOfSignaturesIsBounded(t *testing.T) {
	var s seen
	for i := range 3 * mostSeen {
		s.keep(markOf("token", "FI", int64(i)), signature{"k", noon.Add(time5)})
	}
	if n := len(s.young) + len(s.old); n > 2*mostSeen {
		t.Errorf("%d remembered", n)
	}
	if _, ok := s.find(markOf("token", "FI", int64(3*mostSeen-1)), noon); !ok {
		t.Error("the newest is forgotten")
	}
	if _, ok := s.find(markOf("token", "FI", int64(3*mostSeen-1)), noon.Add(time5)); ok {
		t.Error("an expired one is remembered")
	}
}
