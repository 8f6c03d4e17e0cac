package fhir

import (
	"encoding/json"
	"testing"
)

// anything reads JSON without any of the code under test.
func anything(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var found map[string]any
	if err := json.Unmarshal(body, &found); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, body)
	}
	return found
}

func entriesOf(t *testing.T, body []byte) []any {
	t.Helper()
	list, _ := anything(t, body)["entry"].([]any)
	if len(list) == 0 {
		t.Fatal("no entries")
	}
	return list
}

func lastEntry(t *testing.T, body []byte) map[string]any {
	t.Helper()
	list := entriesOf(t, body)
	return list[len(list)-1].(map[string]any)["resource"].(map[string]any)
}
