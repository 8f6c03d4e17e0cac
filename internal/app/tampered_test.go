package app

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"sild/internal/fhir"
	"sild/node"
)

// A dispensation whose visible words, codes or amounts do not agree with what was prescribed is refused, whatever the
// chain beside them says.
func TestADispensationThatContradictsItselfOrItsPrescriptionIsRefused(t *testing.T) {
	b, err := Demo{Out: testLog{t}, Dir: t.TempDir()}.buildAnywhere(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.remove(); err != nil {
			t.Error(err)
		}
	}()
	corridor, truth := node.Corridor{A: "FI", B: "EE"}, demoTruth("FI")
	pharmacy, err := b.counter(corridor, "pharmacy")
	if err != nil {
		t.Fatal(err)
	}
	fetched, err := pharmacy.fetch(context.Background(), truth.patient, truth.threePack)
	if err != nil || fetched.Status != http.StatusOK {
		t.Fatalf("fetch: %v", err)
	}
	rows := []struct {
		name, old, new, reason string
	}{
		{"another strength over the same chain", `"value":5,"unit":"milligramm"`, `"value":1000,"unit":"milligramm"`, "slot.contradiction"},
		{"another shared dose form within the chain", `"code":"10219000"`, `"code":"10210000"`, "slot.contradiction"},
		{"another shared substance within the chain", `"itemCodeableConcept":(.*?)"code":"C09AA05"`, `"itemCodeableConcept":$1"code":"A10BA02"`, "slot.contradiction"},
		{"recorded before it was prescribed", `"valueDateTime":"2[^"]*"`, `"valueDateTime":"1990-01-01T00:00:00Z"`, "dispensation.time"},
		{"handed over before it was prescribed", `"whenHandedOver":"2[^"]*"`, `"whenHandedOver":"1990-01-01T00:00:00Z"`, "dispensation.time"},
		{"handed over years from now", `"whenHandedOver":"2[^"]*"`, `"whenHandedOver":"2090-01-01T00:00:00Z"`, "dispensation.time"},
		{"in another pharmacy's name", `19999901`, `19999999`, "dispensation.organisation"},
		{"another package size over the same chain", `"value":98,"unit":"tablett"`, `"value":980,"unit":"tablett"`, "slot.contradiction"},
		{"another package size", `(?s)"numerator":\{"extension":\[[^\]]*?"value":98,"unit":"tablet".*?\],"value":98,"unit":"tablett"`, `"numerator":{"value":980,"unit":"tablett"`, "dispensation.too-much"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			message, err := pharmacy.dispensation(fetched.Body, newDispensation(), 1, "completed")
			if err != nil {
				t.Fatal(err)
			}
			changed := replaced(string(message), row.old, row.new)
			if changed == string(message) {
				t.Fatalf("nothing was changed in %s", message)
			}
			answer, err := pharmacy.dispense(context.Background(), []byte(changed))
			if err != nil {
				t.Fatal(err)
			}
			refusal, _, err := fhir.DecodeOutcome(answer.Body)
			if err != nil || refusal.Reason != row.reason {
				t.Errorf("status %d, %v instead of %s", answer.Status, refusal, row.reason)
			}
		})
	}
	j := &journey{bridge: b, corridor: corridor, truth: truth}
	if err := j.registerSays(context.Background(), truth.threePack, "3"); err != nil {
		t.Error(err)
	}
}

// replaced replaces the first place that an expression finds.
func replaced(message, old, new string) string {
	expression := regexp.MustCompile(old)
	at := expression.FindStringSubmatchIndex(message)
	if at == nil {
		return message
	}
	return message[:at[0]] + string(expression.ExpandString(nil, new, message, at)) + message[at[1]:]
}

type testLog struct{ t *testing.T }

// Write shows lines with the test's own.
func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
