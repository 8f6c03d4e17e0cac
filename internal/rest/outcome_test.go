package rest

import (
	"net/http"
	"testing"

	"sild/node"
)

func TestTheStatusTableHoldsEveryKindInOrder(t *testing.T) {
	kinds := node.Kinds()
	if len(statuses) != len(kinds) {
		t.Fatalf("%d kinds, %d rows", len(kinds), len(statuses))
	}
	for i, kind := range kinds {
		if statuses[i].kind != kind || statuses[i].status < 400 {
			t.Errorf("row %d is %s with %d, want %s", i, statuses[i].kind, statuses[i].status, kind)
		}
	}
}

func TestAnErrorComesBackAsItWentOut(t *testing.T) {
	for _, row := range statuses {
		for _, reason := range []string{"rule.ee-fi-12", "http.route", "http.size", "http.content-type", ""} {
			want := &node.Error{Op: "x", Kind: row.kind, Reason: reason, Detail: "A sentence with \"quotes\" and õ.", Slot: "medication.form", Left: "2"}
			answer := refusal(want, node.NewCorrelation())
			got := node.AsError(refused("x", answer.status, answer.body))
			if *got != *want {
				t.Errorf("%s (%s) came back as %+v", row.kind, reason, got)
			}
			if (answer.retry != "") != (row.kind == node.Throttled) {
				t.Errorf("%s: Retry-After %q", row.kind, answer.retry)
			}
		}
	}
}

func TestWhatNoDoorOfThisWireSaysIsUnavailable(t *testing.T) {
	notFound := refusal(&node.Error{Kind: node.NotFound, Reason: "prescription.none"}, "").body
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   node.Kind
	}{
		{"a proxy's page", 404, "<html>not here</html>", node.Unavailable},
		{"a kind that contradicts its status", 500, string(notFound), node.Unavailable},
		{"a foreign outcome", 404, `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}`, node.Unavailable},
		{"a redirect", 307, "", node.Unavailable},
		{"a gateway in a hurry", 504, "", node.Overdue},
		{"a gateway that is full", 429, "", node.Throttled},
		{"our own word", 404, string(notFound), node.NotFound},
	} {
		if got := node.KindOf(refused("x", c.status, []byte(c.body))); got != c.want {
			t.Errorf("%s: want %s, got %s", c.name, c.want, got)
		}
	}
}

func TestNothingFoundSoundsTheSameForEveryCause(t *testing.T) {
	for _, verb := range node.Verbs() {
		first := discreet(&node.Error{Op: "o", Kind: node.NotFound, Reason: "ee-fi-12", Detail: "Anabolic steroids do not cross.", Slot: "x", Left: "1"}, verb)
		second := discreet(&node.Error{Op: "o", Kind: node.NotFound, Reason: "restriction", Detail: "Hidden."}, verb)
		if *first != *second || first.Reason == "" || first.Detail == "" {
			t.Errorf("%s: %+v and %+v", verb, first, second)
		}
	}
	if said := discreet(&node.Error{Kind: node.Refused, Reason: "rule.x"}, node.DispenseVerb); said.Reason != "rule.x" {
		t.Errorf("a refusal lost its rule: %+v", said)
	}
}

func TestStatusesThatDevelopersExpect(t *testing.T) {
	for reason, want := range map[string]int{"http.route": http.StatusNotFound, "http.method": http.StatusMethodNotAllowed,
		"http.content-type": http.StatusUnsupportedMediaType} {
		if got := statusOf(&node.Error{Kind: node.Unsupported, Reason: reason}); got != want {
			t.Errorf("%s: %d", reason, got)
		}
	}
}
