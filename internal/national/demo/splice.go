package demo

import (
	"bytes"
	"encoding/json"
	"errors"

	"sild/node"
)

// withStatus gives the entries with another status in the resources of a type. The status is replaced in its own bytes
// and nothing else is touched.
func withStatus(entries [][]byte, resourceType string, status node.Status) ([][]byte, error) {
	out := make([][]byte, len(entries))
	changed := false
	for i, entry := range entries {
		out[i] = entry
		at, ok := statusOf(entry, resourceType)
		if !ok {
			continue
		}
		changed = true
		spliced := append([]byte(nil), entry[:at.start]...)
		spliced = append(spliced, `"`+string(status)+`"`...)
		out[i] = append(spliced, entry[at.end:]...)
	}
	if !changed {
		return nil, errors.New("the document has no " + resourceType + " whose status could be written")
	}
	return out, nil
}

// span is a value's bytes.
type span struct{ start, end int }

// statusOf finds the status of an entry's resource, if the resource is of that type.
func statusOf(entry []byte, resourceType string) (span, bool) {
	resource, ok := memberOf(entry, "resource")
	if !ok {
		return span{}, false
	}
	inner := entry[resource.start:resource.end]
	of, ok := memberOf(inner, "resourceType")
	if !ok || string(inner[of.start:of.end]) != `"`+resourceType+`"` {
		return span{}, false
	}
	status, ok := memberOf(inner, "status")
	return span{resource.start + status.start, resource.start + status.end}, ok
}

// memberOf finds the value of a member of that exact name in a JSON object.
func memberOf(object []byte, name string) (span, bool) {
	reader := json.NewDecoder(bytes.NewReader(object))
	if open, err := reader.Token(); err != nil || open != json.Delim('{') {
		return span{}, false
	}
	for reader.More() {
		key, err := reader.Token()
		if err != nil {
			return span{}, false
		}
		var value json.RawMessage
		if err := reader.Decode(&value); err != nil {
			return span{}, false
		}
		if key == name {
			end := int(reader.InputOffset())
			return span{end - len(value), end}, true
		}
	}
	return span{}, false
}
